"""docs/serve.md against the server it describes: its curl lines are sent as they stand, its routes exist."""

import json
import re
import shlex
from pathlib import Path

import httpx2
import pytest

from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.settings import Settings
from serving import NOTE, listening, make_product

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "serve.md").read_text(encoding="utf-8")
PACKET = {"id": "p1", "phenotypicFeatures": [{"type": {"id": "HP:0001250"}}]}


def curls() -> list[str]:
    """The curl lines of the page, each with the lines it goes on in."""
    blocks = re.findall(r"(?:^    .*\n)+", PAGE, re.MULTILINE)
    lines = "\n".join(block.replace("\\\n", " ") for block in blocks)
    return [match[0] for match in re.finditer(r"^    curl(?:[^'\n]|'[^']*')*", lines, re.MULTILINE)]


def sent(line: str, address: str, files: dict[str, str]) -> httpx2.Response:
    """Do what curl would."""
    words = shlex.split(line)[1:]
    headers, body, url = {}, None, ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word in ("-d", "--data-binary"):
            body = words.pop(0)
            body = files[body[1:]] if body.startswith("@") else body
        elif word in ("-s", "-sN"):
            continue
        else:
            assert word.startswith("http://127.0.0.1:8080/"), word
            url = word.replace("http://127.0.0.1:8080", address)
    return httpx2.request("GET" if body is None else "POST", url, content=body, headers=headers, timeout=3000)


def test_every_curl_line_works(kb: KnowledgeBase, tmp_path: Path) -> None:
    lines = curls()
    assert len(lines) == 13
    with listening(make_product(kb), Settings(folder=tmp_path)) as address:
        for line in lines:
            if "HP:0002187" in line:  # terms of the whole HPO, which the knowledge base of this test has not
                line = line.replace("HP:0002187", "HP:0000252").replace("HP:0012171", "HP:0000733")
            answer = sent(line, address, {"patient.json": json.dumps(PACKET), "letter.txt": NOTE})
            assert answer.status_code in (200, 202), (line, answer.text)
            if "event-stream" in line:
                assert "event: result" in answer.text


def test_the_routes_it_lists_are_the_routes_there_are(kb: KnowledgeBase, tmp_path: Path) -> None:
    listed = set(re.findall(r"`(GET|POST|DELETE) (/v1/[\w/{}]+)`", PAGE))
    with listening(make_product(kb), Settings(folder=tmp_path)) as address:
        described = httpx2.get(f"{address}/v1/openapi.json", timeout=3000).json()["paths"]
    there = {
        (method.upper(), path.replace("{job_id}", "{id}")) for path, methods in described.items() for method in methods
    }
    assert listed == there


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("1 MB", Settings.body_bytes == 1_000_000),
        ("20 MB and 1,000 notes", (Settings.job_body_bytes, Settings.job_items) == (20_000_000, 1_000)),
        ("8 requests", Settings.queue == 8),
        ("120 s", Settings.time_limit == 120),
        ("30 s", Settings.body_seconds == 30),
        ("100, until", Settings.jobs == 100),
    ],
)
def test_the_limits_it_states_are_the_limits(said: str, held: bool) -> None:
    assert said in PAGE
    assert held
