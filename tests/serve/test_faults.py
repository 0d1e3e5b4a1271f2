"""What other people's servers were broken by: halves of characters, plain bodies, prefixes, busy files, long pastes."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from fake_product import FakeEngine
from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.app import create_app
from raredxr1.serve.database import Database
from raredxr1.serve.settings import Settings
from serving import NOTE, make_product, wait_until


def client_of(kb: KnowledgeBase, folder: Path, **settings: Any) -> TestClient:
    made = Settings(folder=folder, **settings)
    return TestClient(
        create_app(make_product(kb, FakeEngine()), made), base_url="http://127.0.0.1", follow_redirects=False
    )


@pytest.fixture
def client(kb: KnowledgeBase, tmp_path: Path) -> TestClient:
    return client_of(kb, tmp_path)


def post(client: TestClient, address: str, body: str | bytes, kind: str = "application/json") -> Any:
    return client.post(address, content=body, headers={"content-type": kind})


def test_half_a_character_fails_a_row_of_a_job_and_no_other(client: TestClient) -> None:
    items = [{"name": "w\ud83d", "note": "Boy with seizures \ud83d and ataxia"}, {"name": "y", "note": NOTE}]
    with client:
        made = post(client, "/v1/jobs", json.dumps({"items": items, "options": {"form": "short"}}))
        assert made.status_code == 202
        job = made.json()["id"]
        wait_until(lambda: not client.get(f"/v1/jobs/{job}").json()["remaining"])
        rows = [json.loads(line) for line in client.get(f"/v1/jobs/{job}/results").text.splitlines()]
    assert [row["error"] is None for row in rows] == [False, True]
    assert "half a character" in rows[0]["error"]
    assert rows[0]["name"] == "w\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "asked",
    [
        {"note": "Boy with seizures \ud83d and ataxia"},
        {"name": "\udfff", "note": NOTE},
        {"id": "\ud83d", "phenotypicFeatures": [{"type": {"id": "HP:0001250", "label": "\ud83d"}}]},
        {"resourceType": "Bundle", "type": "collection",
         "entry": [{"resource": {"resourceType": "Condition", "subject": {}, "code": {"text": "Seizures \ud83d"}}}]},
    ],
)  # fmt: skip
def test_half_a_character_anywhere_is_no_failure_of_the_server(client: TestClient, asked: dict[str, Any]) -> None:
    with client:
        assert post(client, "/v1/diagnose", json.dumps(asked)).status_code in (200, 422)
        assert client.post("/diagnose", data={"note": json.dumps(asked)}).status_code in (303, 422)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (NOTE.encode(), "text/plain"),
        (NOTE.encode("utf-16"), "text/plain; charset=utf-16"),
        (json.dumps({"note": NOTE}).encode(), "text/plain;charset=UTF-8"),
    ],
)
def test_a_note_may_be_the_whole_body(client: TestClient, body: bytes, kind: str) -> None:
    with client:
        answer = post(client, "/v1/diagnose", body, kind)
        assert answer.status_code == 200
        assert answer.json()["note"] == NOTE


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"Girl \xff\xfe", "text/plain", "no text in 'utf-8'"),
        (b"Girl", "text/plain; charset=nonsense", "no text in 'nonsense'"),
        (b"", "text/plain", ""),
        (NOTE.encode(), "application/octet-stream", "a note as text/plain"),
        (NOTE.encode(), "application/x-www-form-urlencoded", "a note as text/plain"),
    ],
)
def test_a_body_that_is_no_note_is_refused_in_one_line(client: TestClient, body: bytes, kind: str, said: str) -> None:
    with client:
        answer = post(client, "/v1/diagnose", body, kind)
        assert answer.status_code == 422
        assert said in answer.json()["detail"]


def test_a_plain_body_from_a_page_of_another_site_is_refused(client: TestClient) -> None:
    headers = {"content-type": "text/plain", "origin": "http://elsewhere.example"}
    with client:
        assert client.post("/v1/diagnose", content=NOTE, headers=headers).status_code == 403


@pytest.mark.parametrize("passed_on", ["", "/clinic/raredx"])
def test_behind_a_prefix_every_address_of_a_page_has_it(kb: KnowledgeBase, tmp_path: Path, passed_on: str) -> None:
    with client_of(kb, tmp_path, root_path="/clinic/raredx") as client:
        home = client.get(f"{passed_on}/")
        assert home.status_code == 200
        own = [part.split('"', 1)[0] for part in home.text.replace('href="', 'src="').split('src="')[1:]]
        assert own
        assert all(one.startswith(("/clinic/raredx/", "http", "#")) for one in own)
        assert client.get(f"{passed_on}/static/page.css").status_code == 200
        sent = client.post(f"{passed_on}/diagnose", data={"note": NOTE})
        assert sent.headers["location"].startswith("/clinic/raredx/runs/")
        run = client.get(passed_on + sent.headers["location"].removeprefix("/clinic/raredx"))
        assert 'action="/clinic/raredx/' in run.text
        assert 'action="/runs' not in run.text


def test_words_of_a_note_that_look_like_an_address_stay_as_they_are(kb: KnowledgeBase, tmp_path: Path) -> None:
    note = NOTE + ' She wrote href="/x" on the wall.'
    with client_of(kb, tmp_path, root_path="/p") as client:
        sent = client.post("/diagnose", data={"note": note})
        assert "href=&#34;/x&#34;" in client.get(sent.headers["location"].removeprefix("/p")).text


def test_a_log_that_somebody_reads_is_emptied_as_soon_as_it_can_be(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.sqlite", ("CREATE TABLE word (said TEXT)",))
    with database.connect() as db:
        db.execute("INSERT INTO word VALUES ('zanzibar')")
    reader = sqlite3.connect(database.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM word").fetchall()
    with database.connect() as db:
        db.execute("DELETE FROM word")
    assert not database.forget_log(seconds=0.1)
    reader.close()
    with database.connect() as db:
        db.execute("SELECT 1")
    log = tmp_path / "a.sqlite-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert b"zanzibar" not in database.path.read_bytes()
