"""The same note gets the same answer from the page, the API, a batch job, the command line's batch and Python."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from crr_product import fitted
from fake_product import FakeEngine
from raredxr1 import Diagnoser
from raredxr1.cli import _batch, app
from raredxr1.diagnose import diagnoser as python
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.app import create_app
from raredxr1.serve.product import Product
from raredxr1.serve.settings import Settings
from serving import NOTE, make_product, wait_until

LONG = NOTE + " And so on." * 3300
NOTES = {
    "a letter": NOTE,
    "one finding": "Seizure.",
    "an absence": "no seizures",
    "line ends of Windows": NOTE.replace(". ", ".\r\n"),
    "a byte order mark": f"\ufeff{NOTE}",
    "twenty pages": LONG,
    "one unknown word": "hm",
    "no word": "12 / 34",
    "too large": "seizure " * 30_000,
}


@pytest.fixture
def product(kb: KnowledgeBase) -> Product:
    """A model that hears other opinions by default, in the form that is its default."""
    fit = fitted(knowledge=kb.version)
    return make_product(kb, FakeEngine(context_length=400), fitted=fit, forms=("short", "full"))


Answer = dict[str, Any] | str
"""A result without what differs by nature (its name, what it cost), or why there is none."""


def plain(document: dict[str, Any]) -> Answer:
    return {key: value for key, value in document.items() if key not in ("input", "timings")}


def reason(said: str) -> str:
    """Why there is no result, without the name of the note and without how to mend it."""
    return said.partition(": ")[2].partition(";")[0]


def by_page(client: TestClient, note: str) -> Answer:
    fields = {"note": note}
    answer = client.post("/diagnose", data=fields, follow_redirects=False)
    if answer.status_code == 422:
        said = answer.text.split('<p class="notice bad"')[1].split("</strong>")[1].split("</p>")[0]
        return said.strip().rstrip(".").partition(";")[0]
    client.get(f"{answer.headers['location']}/events")
    return plain(client.get(f"{answer.headers['location']}/export/json").json())


def by_api(client: TestClient, note: str) -> Answer:
    answer = client.post("/v1/diagnose", json={"note": note})
    return plain(answer.json()) if answer.status_code == 200 else reason(answer.json()["detail"])


def by_job(client: TestClient, note: str) -> Answer:
    asked = {"items": [{"note": note}]}
    job = client.post("/v1/jobs", json=asked).json()["id"]
    wait_until(lambda: client.get(f"/v1/jobs/{job}").json()["state"] == "done")
    row = json.loads(client.get(f"/v1/jobs/{job}/results").text)
    return plain(row["result"]) if row["result"] else reason(row["error"])


def by_command(folder: Path, note: str) -> Answer:
    (folder / "in.jsonl").write_text(json.dumps({"note": note}) + "\n")
    args = ["diagnose", "--batch", folder / "in.jsonl", "--out", folder / "out.jsonl", "--force", "-q"]
    CliRunner().invoke(app, [str(arg) for arg in args])
    row = json.loads((folder / "out.jsonl").read_text())
    return plain(row["result"]) if row["result"] else reason(row["reason"])


def by_python(note: str) -> Answer:
    try:
        return plain(Diagnoser().diagnose(note).model_dump(mode="json"))
    except InputError as error:
        return reason(str(error))


@pytest.mark.parametrize("name", NOTES)
def test_every_way_in_gives_the_same_answer(
    name: str, product: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python, "open_model", lambda path, threads: product.model)
    monkeypatch.setattr(_batch, "open_said", lambda *_: product.model)
    for module in (python, _batch):
        monkeypatch.setattr(module, "open_names", lambda path, *_: product.names)
    note = NOTES[name]
    with TestClient(create_app(product, Settings(folder=tmp_path)), base_url="http://localhost") as client:
        answers = {
            "page": by_page(client, note),
            "api": by_api(client, note),
            "job": by_job(client, note),
            "command": by_command(tmp_path, note),
            "python": by_python(note),
        }
    assert answers == dict.fromkeys(answers, answers["api"])
    wanted = {
        "one unknown word": "no clinical content (fewer than 3 words",
        "no word": "no clinical content (no word in it)",
        "too large": "over 200 kB",
    }.get(name)
    if wanted:
        assert str(answers["api"]).startswith(wanted)
    else:
        assert isinstance(answers["api"], dict)
        assert answers["api"]["crr"]
        assert answers["api"]["truncation"] is None
