"""The HTTP API: what it answers, what it refuses, and how it behaves under load."""

import json
import logging
import re
import threading
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from fake_product import FakeEngine
from raredxr1.diagnose.result import Result
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import schema_text
from raredxr1.serve.app import create_app
from raredxr1.serve.server import Discreet
from raredxr1.serve.settings import Settings
from serving import NOTE, SECRET, Clock, HeldEngine, connect, listening, make_product, raw, request_of, wait_until

PACKET = {
    "id": "p1",
    "subject": {"sex": "FEMALE"},
    "phenotypicFeatures": [{"type": {"id": "HP:0001250"}}, {"type": {"id": "HP:0000252"}, "excluded": True}],
}


def events_of(text: str) -> list[tuple[str, dict[str, object]]]:
    blocks = [block for block in text.split("\n\n") if block.startswith("event:")]
    return [(b.split("\n")[0][7:], json.loads("\n".join(x[6:] for x in b.split("\n")[1:]))) for b in blocks]


# --- diagnose ---------------------------------------------------------------------------------------------------------


def test_a_note_gives_the_document_that_the_command_line_gives(client: TestClient) -> None:
    answer = client.post("/v1/diagnose", json={"note": NOTE, "name": "girl"})
    assert answer.status_code == 200, answer.text
    document = answer.json()
    Draft202012Validator(json.loads(schema_text(Result))).validate(document)
    assert document["input"] == "girl"
    assert document["note"] == NOTE
    assert document["candidates"][0]["name"] == "Rett syndrome"
    assert {f["hpo_id"] for f in document["stated"]} >= {"HP:0001250", "HP:0000252"}


def test_age_and_sex_beside_a_note_overrule_it(client: TestClient) -> None:
    document = client.post("/v1/diagnose", json={"note": NOTE, "age": "54y", "sex": "male"}).json()
    assert (document["patient"]["age"]["iso8601"], document["patient"]["age"]["quote"]) == ("P54Y", "")
    assert document["patient"]["sex"]["value"] == "male"
    assert any(said.startswith("As stated beside the note") for said in document["notices"])
    refused = client.post("/v1/diagnose", json={"note": NOTE, "age": "elderly"})
    assert (refused.status_code, "is no age such as 4y" in refused.json()["detail"]) == (422, True)


def test_a_phenopacket_is_written_as_a_note(client: TestClient) -> None:
    document = client.post("/v1/diagnose", json={"phenopacket": PACKET}).json()
    assert document["note"] == "Female.\nFindings: Seizure.\nAbsent: Microcephaly."


def test_a_phenopacket_or_a_bundle_may_be_the_whole_body(client: TestClient) -> None:
    assert (
        client.post("/v1/diagnose", json=PACKET).json()["note"] == "Female.\nFindings: Seizure.\nAbsent: Microcephaly."
    )
    condition = {"resourceType": "Condition", "code": {"text": "Seizure"}, "subject": {"reference": "Patient/1"}}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": condition}]}
    assert "Seizure" in client.post("/v1/diagnose", json=bundle).json()["note"]
    refused = client.post("/v1/diagnose", json={**PACKET, "phenotypicFeatures": []})
    assert (refused.status_code, "without phenotypicFeatures" in refused.json()["detail"]) == (422, True)


def test_every_example_of_the_description_works(client: TestClient) -> None:
    described = client.get("/v1/openapi.json").json()
    tried = 0
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            schema = {**content.get("schema", {}), "components": described["components"]}
            for example in content.get("examples", {}).values():
                Draft202012Validator(schema).validate(example["value"])
                answer = client.request(method, path, json=example["value"])
                assert answer.status_code in (200, 202), (path, answer.text)
                tried += 1
    assert tried == 6


def test_the_form_asked_for_is_the_form_given(client: TestClient) -> None:
    short = client.post("/v1/diagnose", json={"note": NOTE, "options": {"form": "short"}}).json()
    assert (short["settings"]["form"], short["diagnosis"]["findings"]) == ("short", [])


def test_names_and_dates_are_taken_out_before_anything_reads_the_note(kb: KnowledgeBase, settings: Settings) -> None:
    engine = FakeEngine()
    with TestClient(create_app(make_product(kb, engine), settings), base_url="http://localhost") as client:
        note = f"Dear Dr {SECRET.capitalize()}, seen on 3 May 2019. {NOTE}"
        document = client.post("/v1/diagnose", json={"note": note, "options": {"deidentify": True}}).json()
    assert SECRET.capitalize() not in document["note"] + "".join(engine.prompts)
    assert {r["kind"] for r in document["redactions"]} == {"name", "date"}


def test_a_stream_tells_the_turn_as_it_is_written_and_ends_with_the_result(client: TestClient) -> None:
    answer = client.post("/v1/diagnose", json={"note": NOTE}, headers={"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = events_of(answer.text)
    kinds = [kind for kind, _ in events]
    assert kinds[0] == "status"
    assert kinds[-1] == "result"
    assert "".join(str(data["text"]) for kind, data in events if kind == "text").startswith("<think>\nFindings")
    assert events[-1][1]["note"] == NOTE


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "give a note, a phenopacket, a FHIR bundle or HPO terms"),
        ({"note": NOTE, "phenopacket": PACKET}, "one of them"),
        ({"note": ""}, "empty"),
        ({"note": "  \n "}, "blank"),
        ({"note": "hm"}, "fewer than 3 words"),
        ({"note": "\ud800 lone half of a character"}, "half a character in it"),
        ({"note": f"{SECRET} " * 40_000}, "over 200 kB"),
        ({"phenopacket": {"phenotypicFeatures": []}}, "without phenotypicFeatures"),
        ({"phenopacket": {"phenotypicFeatures": [{"type": {"id": "HP:9999999"}}] * 3}}, "HP:9999999"),
        ({"note": NOTE, "unknown": 1}, "unknown"),
        ({"note": NOTE, "options": {"samples": 1000}}, "samples"),
        ({"note": NOTE, "options": {"samples": 2, "temperature": 0}}, "all the same"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(client: TestClient, body: dict[str, object], said: str) -> None:
    answer = client.post("/v1/diagnose", content=json.dumps(body), headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert said in answer.json()["detail"]
    assert "\n" not in answer.json()["detail"]
    assert SECRET not in answer.text


def test_a_form_the_model_was_not_taught_is_refused(kb: KnowledgeBase, settings: Settings) -> None:
    product = make_product(kb, forms=("short",))
    with TestClient(create_app(product, settings), base_url="http://localhost") as client:
        answer = client.post("/v1/diagnose", json={"note": NOTE, "options": {"form": "full"}})
    assert (answer.status_code, "was not taught the full form" in answer.json()["detail"]) == (422, True)


# --- limits ----------------------------------------------------------------------------------------------------------


def test_a_large_body_is_refused_whether_or_not_it_says_its_size(kb: KnowledgeBase, tmp_path: Path) -> None:
    app = create_app(make_product(kb), Settings(folder=tmp_path, body_bytes=1000))
    with TestClient(app, base_url="http://localhost") as client:
        declared = client.post("/v1/diagnose", json={"note": "a" * 1000})
        chunked = client.post("/v1/diagnose", content=(b"a" * 100 for _ in range(20)))
    assert (declared.status_code, chunked.status_code) == (413, 413)


def test_a_full_queue_refuses_and_says_when_to_come_again(kb: KnowledgeBase, tmp_path: Path) -> None:
    engine = HeldEngine()
    settings = Settings(folder=tmp_path, queue=1)
    with listening(make_product(kb, engine), settings) as address:
        first = post_in_background(address)
        assert engine.begun.wait(600)
        second = post_in_background(address)
        wait_until(lambda: health(address) == (1, 1))
        third = raw(address, "POST", "/v1/diagnose", json.dumps({"note": NOTE}))
        engine.go.set()
        assert third.startswith("HTTP/1.1 429")
        assert re.search(r"retry-after: [1-9]\d*\r\n", third)
        for waiting in (first, second):
            waiting.join(600)
            assert waiting.answer.startswith("HTTP/1.1 200")


def test_a_request_has_a_time_limit(kb: KnowledgeBase, tmp_path: Path, clock: Clock) -> None:
    engine = HeldEngine(meanwhile=lambda: clock.skip(3000))
    app = create_app(make_product(kb, engine), Settings(folder=tmp_path, time_limit=3000))
    with TestClient(app, base_url="http://localhost") as client:
        answer = client.post("/v1/diagnose", json={"note": NOTE})
        assert (answer.status_code, answer.json()["detail"]) == (504, "not finished within 3000 s")
        assert engine.closed.wait(600), "the model writes on"
        engine.meanwhile = engine.go.set
        assert client.post("/v1/diagnose", json={"note": NOTE}).status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_client_that_leaves_cancels_its_diagnosis(kb: KnowledgeBase, tmp_path: Path, accept: str) -> None:
    engine = HeldEngine()
    with listening(make_product(kb, engine), Settings(folder=tmp_path)) as address:
        connection = connect(address)
        connection.sendall(request_of("POST", "/v1/diagnose", json.dumps({"note": NOTE}), accept).encode())
        assert engine.begun.wait(600)
        connection.close()
        assert engine.closed.wait(600), "the model writes on for nobody"
        wait_until(lambda: health(address) == (0, 0))
        assert 'raredx_diagnoses_total{outcome="cancelled"} 1' in raw(address, "GET", "/v1/metrics")


# --- knowledge, version, metrics ----------------------------------------------------------------------------------


def test_the_knowledge_base_can_be_searched_shown_and_ranked(client: TestClient) -> None:
    hits = client.get("/v1/knowledge/search", params={"q": "seizure", "kind": "term"}).json()["hits"]
    assert hits[0]["id"] == "HP:0001250"
    assert {hit["kind"] for hit in hits} == {"term"}
    assert client.get("/v1/knowledge/show", params={"q": "Rett syndrome"}).json()["disease"]["genes"] == ["MECP2"]
    assert client.get("/v1/knowledge/show", params={"q": "HP:0001250"}).json()["term"]["name"] == "Seizure"
    asked = {"present": ["HP:0000733", "HP:0000252"], "absent": ["HP:0000256"], "top": 3}
    rankings = client.post("/v1/knowledge/rank", json=asked).json()["rankings"]
    assert {method: rows[0]["id"] for method, rows in rankings.items()} == {
        "likelihood": "ORPHA:778",
        "resnik": "ORPHA:778",
    }
    assert [len(rows) for rows in rankings.values()] == [3, 3]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/knowledge/show?q=nothing%20of%20the%20sort", None, 404),
        ("GET", "/v1/knowledge/search", None, 422),
        ("POST", "/v1/knowledge/rank", {"present": []}, 422),
        ("POST", "/v1/knowledge/rank", {"present": ["HP:1"]}, 422),
        ("GET", "/v1/jobs/nonsense", None, 404),
        ("GET", "/nowhere", None, 404),
    ],
)
def test_what_is_not_there_is_said(
    client: TestClient, method: str, path: str, body: dict[str, object] | None, status: int
) -> None:
    assert client.request(method, path, json=body).status_code == status


def test_the_version_says_what_answers_and_how_good_it_is(client: TestClient) -> None:
    version = client.get("/v1/version").json()
    assert version["model"]["coverage"]["statement"] == "Taught 5 diseases."
    assert "Not a medical device" in version["disclaimer"]


def test_metrics_count_and_tell_no_words(client: TestClient) -> None:
    client.post("/v1/diagnose", json={"note": f"{NOTE} {SECRET}"})
    client.post("/v1/diagnose", json={"note": "12"})
    client.get("/v1/knowledge/search", params={"q": SECRET})
    text = client.get("/v1/metrics").text
    assert 'raredx_requests_total{route="/v1/diagnose",method="POST",status="200"} 1' in text
    assert 'raredx_requests_total{route="/v1/diagnose",method="POST",status="422"} 1' in text
    assert 'raredx_requests_total{route="/v1/knowledge/search",method="GET",status="200"} 1' in text
    assert 'raredx_diagnoses_total{outcome="done"} 1' in text
    assert "raredx_diagnosis_seconds_count 1" in text
    assert re.search(r"^raredx_tokens_total [1-9]", text, re.MULTILINE)
    assert SECRET not in text


def test_the_log_has_routes_and_no_words(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "raredx.serve"):
        client.post("/v1/diagnose", json={"note": f"{NOTE} {SECRET}"})
        client.get("/v1/knowledge/show", params={"q": SECRET})
        client.get(f"/{SECRET}")
    said = "\n".join(caplog.messages)
    assert "GET /v1/knowledge/show 404" in said
    assert "GET unmatched 404" in said
    assert SECRET not in said


def test_a_failure_of_the_program_says_where_and_not_what(
    kb: KnowledgeBase, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(FakeEngine):
        def count(self, text: str) -> int:
            raise RuntimeError(f"cannot count {text}")

    product = make_product(kb, Broken())
    with TestClient(create_app(product, settings), base_url="http://localhost") as client:
        answer = client.post("/v1/diagnose", json={"note": f"{NOTE} {SECRET}"})
        after = client.get("/v1/health")
    assert answer.status_code == 500
    assert "RuntimeError" in answer.json()["detail"]
    assert SECRET not in answer.text + caplog.text
    assert after.json()["status"] == "ok"


def test_what_the_server_below_logs_of_an_exception_repeats_no_words(caplog: pytest.LogCaptureFixture) -> None:
    """uvicorn and asyncio log exceptions with their messages; `raredx serve` puts this before their loggers."""
    logger = logging.getLogger("test.below")
    logger.addFilter(Discreet())
    try:
        raise ValueError(f"cannot read {SECRET}")
    except ValueError:
        logger.exception("Exception in %s application\n", "ASGI")
    logger.error("nothing raised: %s", "said as it is")
    assert re.search(r"Exception in ASGI application: ValueError in test_api.py, line \d+$", caplog.messages[0])
    assert caplog.messages[1] == "nothing raised: said as it is"
    assert SECRET not in caplog.text
    assert "Traceback" not in caplog.text


# --- small things ---------------------------------------------------------------------------------------------------


class post_in_background(threading.Thread):  # reads as what it does
    """A client that waits for its answer."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._address, self.answer = address, ""
        self.start()

    def run(self) -> None:
        self.answer = raw(self._address, "POST", "/v1/diagnose", json.dumps({"note": NOTE}))


def health(address: str) -> tuple[int, int]:
    told = json.loads(raw(address, "GET", "/v1/health").partition("\r\n\r\n")[2])
    return told["waiting"], told["running"]


@pytest.mark.parametrize("charset", ["idna", "zlib", "undefined", "rot13", "no-such"])
def test_a_charset_that_is_none_is_refused(client: TestClient, charset: str) -> None:
    headers = {"content-type": f"text/plain; charset={charset}"}
    answer = client.post("/v1/diagnose", content=b"xn--\xe9a. x", headers=headers)
    assert answer.status_code == 422
    assert "is no text in" in answer.json()["detail"]
