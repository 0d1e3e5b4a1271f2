"""A person in front of a browser gets a page when something goes wrong; a program gets JSON."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from fake_product import FakeEngine
from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.app import create_app
from raredxr1.serve.settings import Settings
from serving import NOTE, SECRET, HeldEngine, make_product

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "said"),
    [
        ("GET", "/nowhere", {}, 404, "There is no such page"),
        ("GET", "/runs/x/export/json", {}, 404, "There is no such page"),
        ("GET", "/history?start=x", {}, 422, "uery.start: Input should be"),
        ("GET", "/", {"host": "evil.example"}, 421, "names of this machine"),
        ("POST", "/diagnose", {"origin": "http://evil.example"}, 403, "another site"),
        ("PUT", "/", {}, 405, "Method Not Allowed"),
    ],
)
def test_a_browser_gets_a_page(
    client: TestClient, method: str, path: str, headers: dict[str, str], status: int, said: str
) -> None:
    answer = client.request(method, path, headers=BROWSER | headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert said in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    program = client.request(method, path, headers=headers)
    assert program.status_code == status
    assert program.json()["detail"]


def test_the_api_answers_in_json_whoever_asks(client: TestClient) -> None:
    answer = client.get("/v1/knowledge/show", params={"q": "nothing of the sort"}, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


def test_a_page_that_failed_repeats_no_words_of_the_note(kb: KnowledgeBase, settings: Settings) -> None:
    class Broken(FakeEngine):
        def count(self, text: str) -> int:
            raise RuntimeError(f"cannot count {text}")

    with TestClient(create_app(make_product(kb, Broken()), settings), base_url="http://localhost") as client:
        page = client.post("/diagnose", data={"note": f"{NOTE} {SECRET}"}, headers=BROWSER)
    assert "No answer" in page.text
    assert "Failed: RuntimeError" in page.text
    assert page.text.count(SECRET) == 1, "in the field, to ask again, and nowhere else"


def test_a_session_that_has_ended_says_how_to_go_on(kb: KnowledgeBase, tmp_path: Path) -> None:
    settings = Settings(host="0.0.0.0", token="a-token-of-a-good-length", folder=tmp_path)
    with TestClient(create_app(make_product(kb), settings), base_url="http://ward") as client:
        answer = client.post("/diagnose", data={"note": NOTE}, headers=BROWSER)
    assert answer.status_code == 401
    assert 'href="/login"' in answer.text


# --- notes of any length ---------------------------------------------------------------------------------------------


def test_a_long_note_is_read_on_the_page_and_by_the_api(kb: KnowledgeBase, settings: Settings) -> None:
    long = NOTE + " And so on." * 2_500
    product = make_product(kb, FakeEngine(context_length=400))
    with TestClient(create_app(product, settings), base_url="http://localhost") as client:
        for form in ("short", "full"):
            page = client.post("/diagnose", data={"note": long, "form": form, "crr": "on"})
            assert page.status_code == 200
            assert "left out" not in page.text
        api = client.post("/v1/diagnose", json={"note": long, "options": {"truncate": True}}).json()
        assert api["truncation"] is None
        assert any("truncate has no effect" in notice for notice in api["notices"])


def test_a_phenopacket_is_given_back_too_when_its_diagnosis_was_stopped(
    kb: KnowledgeBase, settings: Settings, at_once: None
) -> None:
    packet = json.dumps({"id": "p", "phenotypicFeatures": [{"type": {"id": "HP:0001250"}}]})
    engine = HeldEngine()
    with TestClient(create_app(make_product(kb, engine), settings), base_url="http://localhost") as client:
        place = client.post("/diagnose", data={"note": packet}, follow_redirects=False).headers["location"]
        stopped = client.post(f"{place}/stop")
    assert "HP:0001250" in stopped.text
