"""The whole product with every way to the network blocked, in a process of its own, with the shipped model.

That importing it asks no network either, cli/test_diagnose.py tests.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from started import started_python

pytestmark = pytest.mark.slow

BLOCKED = """
import socket, sys
class Refused(socket.socket):
    def __init__(self, family=socket.AF_INET, *args, **more):
        if family not in (getattr(socket, "AF_UNIX", None),):
            raise AssertionError("a network socket was opened")
        super().__init__(family, *args, **more)
def refuse(*args, **more):
    raise AssertionError("the network was asked")
socket.socket = Refused
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
sys.addaudithook(lambda event, args: refuse() if event in ("socket.connect", "socket.getaddrinfo", "socket.bind",
    "socket.gethostbyname", "urllib.Request", "http.client.connect") else None)
"""

PRODUCT = """
import json, pathlib
from functools import cache
from raredxr1.diagnose import model, names
model.open_model, names.open_names = cache(model.open_model), cache(names.open_names)  # opened once, not seven times
from typer.testing import CliRunner
from raredxr1.cli import app
def run(*args, **more):
    result = CliRunner().invoke(app, [str(arg) for arg in args], **more)
    assert result.exit_code == 0, (args, result.output, result.stderr)
    return result.stdout
note = pathlib.Path("girl.txt")
formats = [part for f in ("text", "json", "html", "tsv", "phenopacket") for part in ("--format", f)]
run("diagnose", note, "--fast", "--crr", "--deidentify", "--out", "out", *formats)
document = json.loads(pathlib.Path("out/girl.diagnosis.json").read_text())
assert document["candidates"] and document["next_steps"] and document["stated"] and document["crr"]["opinions"]
pathlib.Path("in.jsonl").write_text(json.dumps({"id": "1", "note": note.read_text()}) + "\\n")
run("diagnose", "--fast", "--batch", "in.jsonl", "--out", "rows.jsonl")
run("knowledge", "show", "Rett syndrome")
run("knowledge", "search", "hand wringing")
run("knowledge", "rank", "HP:0002187")
run("doctor")  # writes a whole turn with its reasoning
import asyncio
from mcp import Client
from raredxr1 import Diagnoser
from raredxr1.mcp_server import make_server
async def agent():
    async with Client(make_server(Diagnoser())) as client:
        return await client.call_tool("diagnose", {"note": note.read_text(), "reasoning": False})
assert not asyncio.run(agent()).is_error
import time
SHORT = {"form": "short"}
from fastapi.testclient import TestClient
from raredxr1.diagnose.model import open_model
from raredxr1.diagnose.names import open_names
from raredxr1.serve.app import create_app
from raredxr1.serve.product import Product
from raredxr1.serve.settings import Settings
application = create_app(Product({"shipped": open_model()}, open_names()), Settings(folder=pathlib.Path("data")))
with TestClient(application, base_url="http://localhost") as client:
    client.post("/history/switch", data={"to": "on"})
    asked = {"note": note.read_text(), "form": "short"}
    place = client.post("/diagnose", data=asked, follow_redirects=False).headers["location"]
    assert "event: result" in client.get(f"{place}/events").text
    assert client.post(f"{place}/findings", data={"action": "add:HP:0001250"}).status_code == 200
    for kind in ("html", "json", "phenopacket"):
        assert client.get(f"{place}/export/{kind}").status_code == 200
    assert "Rett" in client.get("/knowledge", params={"q": "Rett syndrome"}).text
    assert client.get("/history", params={"q": "Quill"}).text.count("<li>") == 1
    assert client.post("/v1/diagnose", json={"note": note.read_text(), "options": SHORT | {"crr": True}}).json()["crr"]
    job = client.post("/v1/jobs", json={"items": [{"note": note.read_text()}], "options": SHORT}).json()["id"]
    while client.get(f"/v1/jobs/{job}").json()["state"] != "done":
        time.sleep(0.1)
    assert "raredx_job_items_total" in client.get("/v1/metrics").text
run("history", "list", "--data", "data")
print("done")
"""

NOTE = (
    "Nora Quill, a 4-year-old girl, lost her words at 18 months and has stereotypic hand movements, microcephaly and "
    "gait ataxia. There have been no seizures."
)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    return started_python(tmp_path_factory)


def run(python: str, code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "100"}
    return subprocess.run(
        [python, "-c", code], capture_output=True, text=True, cwd=folder, env=environment, check=False
    )


def test_the_block_blocks(python: str, tmp_path: Path) -> None:
    for use in ("socket.create_connection(('127.0.0.1', 9))", "socket.socket()", "socket.getaddrinfo('x.example', 80)"):
        done = run(python, f"{BLOCKED}\n{use}", tmp_path)
        assert done.returncode == 1
        assert "AssertionError" in done.stderr
    urllib = run(python, f"{BLOCKED}\nimport urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')", tmp_path)
    assert "AssertionError" in urllib.stderr


def test_the_whole_product_runs_without_a_network(python: str, tmp_path: Path) -> None:
    (tmp_path / "girl.txt").write_text(NOTE, encoding="utf-8")
    done = run(python, BLOCKED + PRODUCT, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().endswith("done")
    document = json.loads((tmp_path / "out" / "girl.diagnosis.json").read_text(encoding="utf-8"))
    assert "Quill" not in json.dumps(document)
    assert document["redactions"] == [{"kind": "name", "count": 1}]
