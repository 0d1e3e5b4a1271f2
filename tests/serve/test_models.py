"""Several models behind one server: each answers when it is named, says that it did, and a wrong name is refused."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from crr_product import fitted
from fake_product import FakeEngine, fake_model
from raredxr1.cli import app
from raredxr1.diagnose.inputs import Text
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.servers import parse_server
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.linking import Linker
from raredxr1.serve.app import create_app
from raredxr1.serve.history import MIGRATIONS, History
from raredxr1.serve.models import parse_models
from raredxr1.serve.product import Order, Product
from raredxr1.serve.settings import Settings
from serving import NOTE, HeldEngine, wait_until

REMOTE = "vllm:big@https://gpu.example.org"


def served(kb: KnowledgeBase) -> Model:
    """A model as a server on another machine gives it: its list goes into the fusion of the rankers here."""
    engine = FakeEngine(short="<answer>\n1. Marfan syndrome\n</answer>")
    made = fake_model(engine, sha256=None, rankings={"full": "list", "short": "list"})
    return replace(made, name="big (vLLM)", fitted=fitted(knowledge=kb.version), server=parse_server(REMOTE))


@pytest.fixture
def both(kb: KnowledgeBase) -> Product:
    return Product({"shipped": fake_model(), "big": served(kb)}, Names(kb, Linker(kb)))


@pytest.fixture
def asked(both: Product, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(both, settings), base_url="http://localhost") as client:
        yield client


def answer_of(client: TestClient, model: str | None) -> dict[str, object]:
    said = client.post("/v1/diagnose", json={"note": NOTE, "options": {"form": "short", "model": model}})
    assert said.status_code == 200, said.text
    return dict(said.json())


def test_the_model_that_is_named_answers_and_says_so(asked: TestClient) -> None:
    first, usual, other = (answer_of(asked, name) for name in (None, "shipped", "big"))
    made = [one["versions"]["model"] for one in (first, usual, other)]  # type: ignore[index]
    assert made == ["fake-1", "fake-1", "big (vLLM)"]
    own = [[line["name"] for line in one["crr"]["own"]] if one["crr"] else None for one in (first, other)]  # type: ignore[index]
    assert own == [None, ["Marfan syndrome"]]
    assert any("gpu.example.org" in notice for notice in other["notices"])  # type: ignore[union-attr, attr-defined]
    assert any("was not measured" in line for line in other["details"])  # type: ignore[union-attr, attr-defined]


def test_a_slow_server_holds_nobody_up_who_asks_another_model(kb: KnowledgeBase, settings: Settings) -> None:
    slow = HeldEngine()
    remote = replace(served(kb), engine=slow, rankings={"full": "list"})
    product = Product({"shipped": fake_model(), "big": remote}, Names(kb, Linker(kb)))
    with TestClient(create_app(product, settings), base_url="http://localhost") as client:
        desk = client.app.state.desk  # type: ignore[attr-defined]
        held = [desk.worker.submit(Order(Text(NOTE), "held", model="big"), "api") for _ in range(2)]
        assert slow.begun.wait(600)
        assert desk.worker.load == (1, 1)
        assert answer_of(client, "shipped")["versions"]["model"] == "fake-1"  # type: ignore[index]
        assert [run.state for run in held] == ["running", "queued"], "one at a time of the same server"
        slow.go.set()
        wait_until(lambda: all(run.ended for run in held))
        assert [run.state for run in held] == ["done", "done"]


def test_models_are_listed_with_where_notes_go_and_what_confidence_rests_on(asked: TestClient) -> None:
    shipped, big = asked.get("/v1/models").json()["models"]
    assert (shipped["id"], shipped["default"], shipped["served"], shipped["sent_to"]) == ("shipped", True, False, [])
    assert (big["id"], big["default"], big["served"]) == ("big", False, True)
    assert (big["name"], big["sent_to"]) == ("big (vLLM)", ["gpu.example.org"])
    assert "not measured" in big["confidence"]
    assert asked.get("/v1/version").json()["model"]["name"] == "fake-1"


@pytest.mark.parametrize("path", ["/v1/diagnose", "/v1/jobs"])
def test_a_wrong_name_is_one_line_with_the_names_there_are(asked: TestClient, path: str) -> None:
    options = {"options": {"model": "gpt"}}
    said = asked.post(
        path, json=({"note": NOTE} if path.endswith("diagnose") else {"items": [{"note": NOTE}]}) | options
    )
    assert said.status_code == 422
    assert said.json()["detail"] == "model 'gpt': this server has none of that name; it has shipped, big"
    page = asked.post("/diagnose", data={"note": NOTE, "model": "gpt"})
    assert page.status_code == 422
    assert "it has shipped, big" in page.text
    assert NOTE in page.text


def test_the_page_lets_people_choose_and_keeps_the_choice(asked: TestClient) -> None:
    home = asked.get("/").text
    assert re.findall(r'<option value="(shipped|big)"', home) == ["shipped", "big"]
    assert "With big the whole note is sent to gpu.example.org; with the other models it stays" in home
    cleaned = asked.post("/deidentify", data={"note": NOTE, "model": "big"}).text
    assert '<option value="big" selected' in cleaned
    result = asked.post("/diagnose", data={"note": NOTE, "model": "big", "form": "short"}).text
    assert re.search(r'id="answered-by">Language model: big \(vLLM\)', result)
    flipped = re.search(r'value="(state:\d+)"', result)
    run = re.search(r'action="/runs/(\w+)/findings"', result)
    assert flipped and run
    corrected = asked.post(f"/runs/{run[1]}/findings", data={"action": f"{flipped[1]}:absent"}).text
    assert "The ranking follows" in corrected, "the model that answered, and not the first, has the fit"


def test_one_model_of_ones_own_machine_is_no_choice(client: TestClient) -> None:
    home = client.get("/").text
    assert "<select" not in home.partition("How to rank")[0]
    assert "The note stays on this machine and is sent nowhere." in home
    assert "answered-by" not in client.post("/diagnose", data={"note": NOTE}).text


def test_a_page_whose_only_model_is_elsewhere_does_not_say_that_notes_stay(kb: KnowledgeBase, tmp_path: Path) -> None:
    product = Product({"big": served(kb)}, Names(kb, Linker(kb)))
    with TestClient(create_app(product, Settings(folder=tmp_path)), base_url="http://localhost") as client:
        home = client.get("/").text
    assert "With big the whole note is sent to gpu.example.org." in home
    assert "stays on this machine" not in home


def test_kept_results_and_jobs_say_which_model(asked: TestClient, settings: Settings) -> None:
    History(settings.folder).switch(True)
    answer_of(asked, "big")
    assert [line.model for line in History(settings.folder).lines()] == ["big (vLLM)"]
    assert "big (vLLM)" in asked.get("/history").text
    made = asked.post("/v1/jobs", json={"items": [{"note": NOTE}], "options": {"model": "big"}}).json()
    assert made["model"] == "big"
    wait_until(lambda: not asked.get(f"/v1/jobs/{made['id']}").json()["remaining"])
    rows = asked.get(f"/v1/jobs/{made['id']}/results").json()
    assert rows["result"]["versions"]["model"] == "big (vLLM)"


def test_a_job_whose_model_is_not_open_any_more_waits_for_it(both: Product, settings: Settings) -> None:
    with TestClient(create_app(both, settings), base_url="http://localhost") as client:
        jobs = client.app.state.desk.jobs  # type: ignore[attr-defined]
        jobs._closing = True
        job = client.post("/v1/jobs", json={"items": [{"note": NOTE}], "options": {"model": "big"}}).json()["id"]
    alone = Product({"shipped": both.model}, both.names)
    with TestClient(create_app(alone, settings), base_url="http://localhost") as client:
        said = client.post(f"/v1/jobs/{job}/resume")
        assert said.status_code == 422
        assert "it has shipped" in said.json()["detail"]
        assert client.get(f"/v1/jobs/{job}").json()["state"] == "interrupted"


def test_a_history_of_before_is_told_its_models(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(MIGRATIONS[0])
        row = ("a", "2026-01-01T00:00:00Z", "page", "n", "Rett", "note", '{"versions": {"model": "old"}}', "{}")
        db.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        db.execute("INSERT INTO entry VALUES ('b', '2025', 'page', 'n', '', 'note', 'broken', '{}')")
        db.execute("PRAGMA user_version = 1")
    assert [line.model for line in History(tmp_path).lines()] == ["old", ""]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ([], {"shipped": None}),
        (["shipped", "ollama:qwen3:14b"], {"shipped": None, "ollama:qwen3:14b": "ollama:qwen3:14b"}),
        (["/srv/models/ward", "vllm:q@http://gpu:1"], {"ward": "/srv/models/ward", "vllm:q": "vllm:q@http://gpu:1"}),
        (["openai:http://127.0.0.1:9/v1#m"], {"m": "openai:http://127.0.0.1:9/v1#m"}),
        (
            ["Our 14B=llamacpp@http://127.0.0.1:9", "ours=shipped"],
            {"Our 14B": "llamacpp@http://127.0.0.1:9", "ours": None},
        ),
    ],
)
def test_models_are_called_what_they_were_named_or_what_they_are(written: list[str], read: dict[str, str]) -> None:
    assert parse_models(written) == read


def test_two_models_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="another model is called vllm:q; name them apart"):
        parse_models(["vllm:q@http://a:1", "vllm:q@http://b:1"])
    told = CliRunner().invoke(
        app, ["serve", "--model", "shipped", "--model", "shipped", "--data", str(tmp_path), "--port", "0"]
    )
    assert told.exit_code == 2
    assert len(told.stderr.strip().splitlines()) == 1
