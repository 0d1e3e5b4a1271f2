"""The pages without a browser: every step works by links and forms alone."""

import html
import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from fake_product import FakeEngine
from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve import pages_run
from raredxr1.serve.app import create_app
from raredxr1.serve.history import History
from raredxr1.serve.settings import Settings
from serving import NOTE, SECRET, HeldEngine, connect, listening, make_product, raw, request_of


def ask(client: TestClient, note: str = NOTE, **fields: str) -> str:
    """Diagnose on the page; gives the address of the result."""
    answer = client.post("/diagnose", data={"note": note, **fields}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def words(text: str) -> str:
    """What a reader reads."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


# --- asking ------------------------------------------------------------------------------------------------------


def test_the_first_page_says_what_it_is_what_it_knows_and_what_it_keeps(client: TestClient) -> None:
    said = words(client.get("/").text)
    assert "Not a medical device" in said
    assert "Taught 5 diseases." in said
    assert "Nothing is stored" in said


def test_examples_fill_the_field(client: TestClient) -> None:
    assert "stereotypic hand movements" in client.get("/", params={"example": "rett_clinic"}).text
    assert client.get("/", params={"example": "../../etc/passwd"}).status_code == 200


def test_a_note_leads_to_its_result(client: TestClient) -> None:
    page = client.get(ask(client))
    said = words(page.text)
    assert "Rett syndrome" in re.search(r"<title>(.*)</title>", page.text)[1]  # type: ignore[index]
    assert "Confidence: the language model's own estimate" in said
    assert 'href="https://www.orpha.net/en/disease/detail/778"' in page.text
    assert 'rel="noopener noreferrer"' in page.text
    assert "Not a medical device" in said


@pytest.mark.parametrize(
    ("note", "said"),
    [("", "empty"), ("hm", "fewer than 3 words"), ('{"a": 1}', "no phenopacket"), ("a" * 200_001, "over 200 kB")],
)
def test_what_cannot_be_used_comes_back_with_the_reason(client: TestClient, note: str, said: str) -> None:
    answer = client.post("/diagnose", data={"note": note})
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert html.escape(note, quote=False).replace('"', "&#34;") in answer.text, "the note is not lost"


def test_a_phenopacket_can_be_pasted(client: TestClient) -> None:
    packet = {"id": "p", "phenotypicFeatures": [{"type": {"id": h}} for h in ("HP:0001250", "HP:0000252")]}
    said = words(client.get(ask(client, json.dumps(packet))).text)
    assert "Findings: Seizure (Seizure, present) ; Microcephaly (Microcephaly, present) ." in said


def test_a_file_in_another_encoding_is_read_for_the_field(client: TestClient) -> None:
    answer = client.post("/read", params={"name": "brief.txt"}, content="Mädchen mit Ataxie".encode("utf-16"))
    assert answer.json()["text"] == "Mädchen mit Ataxie"
    assert client.post("/read", params={"name": "x.pdf"}, content=b"%PDF-1.4 broken").status_code == 422


def test_a_note_is_text_whatever_it_holds(client: TestClient) -> None:
    page = client.get(ask(client, NOTE + ' <script>alert(1)</script> {{ 7 * 7 }} "><img src=x>')).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{ 7 * 7 }}" in html.unescape(page)


def test_names_and_dates_are_shown_taken_out_before_anything_reads_the_note(
    kb: KnowledgeBase, settings: Settings
) -> None:
    engine = FakeEngine()
    with TestClient(create_app(make_product(kb, engine), settings), base_url="http://localhost") as client:
        cleaned = client.post("/deidentify", data={"note": f"Dear Dr {SECRET.capitalize()}, {NOTE}"}).text
        assert "Replaced: name 1." in words(cleaned)
        assert SECRET.capitalize() not in cleaned
        assert engine.prompts == []
        field = re.search(r'name="redacted" value="([^"]*)"', cleaned)
        assert field is not None
        page = client.get(ask(client, f"Dear Dr [name], {NOTE}", redacted=field[1])).text
    assert "Replaced in the note before it was read: name 1" in words(page)


def test_a_full_queue_gives_the_note_back(kb: KnowledgeBase, settings: Settings, at_once: None) -> None:
    engine = HeldEngine()
    with TestClient(
        create_app(make_product(kb, engine), Settings(folder=settings.folder, queue=1)), base_url="http://localhost"
    ) as client:
        ask(client)
        assert engine.begun.wait(600)
        ask(client)
        refused = client.post("/diagnose", data={"note": f"{NOTE} {SECRET}"})
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert SECRET in refused.text


# --- while it runs ----------------------------------------------------------------------------------------------------


def test_a_running_diagnosis_has_a_page_that_reloads_and_can_be_stopped(
    kb: KnowledgeBase, settings: Settings, at_once: None
) -> None:
    engine = HeldEngine()
    with TestClient(create_app(make_product(kb, engine), settings), base_url="http://localhost") as client:
        place = ask(client)
        page = client.get(place).text
        assert "Reading the note" in words(page)
        assert '<noscript><meta http-equiv="refresh"' in page
        stopped = client.post(f"{place}/stop")
        assert "Stopped" in words(stopped.text)
        assert NOTE in html.unescape(stopped.text), "the note can be asked about again"
        assert engine.closed.wait(600)


def test_a_run_may_end_while_its_page_is_written(
    kb: KnowledgeBase, settings: Settings, monkeypatch: pytest.MonkeyPatch, at_once: None
) -> None:
    def ending(desk: object, template: str, **seen: Any) -> object:
        seen["run"].state = "done"
        return written(desk, template, **seen)

    written = pages_run.page
    monkeypatch.setattr(pages_run, "page", ending)
    engine = HeldEngine()
    with TestClient(create_app(make_product(kb, engine), settings), base_url="http://localhost") as client:
        page = client.get(ask(client))
    assert page.status_code == 200
    assert "Reading the note" in words(page.text)


def test_events_for_people_hold_the_reasoning_and_no_tags(client: TestClient) -> None:
    place = ask(client, form="full")
    text = client.get(f"{place}/events").text
    told = "".join(json.loads(x[6:])["text"] for x in text.split("\n") if x.startswith('data: {"text"'))
    assert told.startswith('inability to walk ("never walked unaided")\n')
    assert "<" not in told
    assert text.rstrip().endswith("event: result\ndata: {}")


def test_a_run_nobody_watches_any_more_is_stopped(kb: KnowledgeBase, settings: Settings, at_once: None) -> None:
    engine = HeldEngine()
    short = Settings(folder=settings.folder, abandoned_after=0.1, time_limit=3000)
    with listening(make_product(kb, engine), short) as address:
        place = re.search(r"location: (\S+)", raw(address, "POST", "/diagnose", f"note={NOTE}"))
        assert place is not None
        watching = connect(address)
        watching.sendall(request_of("GET", f"{place[1]}/events").encode())
        received = b""
        while b"event: status" not in received:
            piece = watching.recv(65536)
            assert piece, "the stream ended"
            received += piece
        assert not engine.closed.wait(0.5)
        watching.close()
        assert engine.closed.wait(600), "the model writes on for nobody"


def test_a_page_that_is_gone_says_so(client: TestClient) -> None:
    assert client.get("/runs/nonsense").status_code == 404
    assert "not here any more" in words(client.get("/runs/nonsense").text)
    assert client.get("/runs/nonsense/events").status_code == 404
    assert client.get("/runs/nonsense/export/json").status_code == 404
    assert client.post("/runs/nonsense/findings", data={"action": "flip:1"}).status_code == 404


# --- findings ----------------------------------------------------------------------------------------------------


def test_corrections_are_made_by_forms_and_kept(client: TestClient) -> None:
    place = ask(client)
    for action in ("flip:1", "remove:2", "add:HP:0001251", "lacks:HP:0000717"):
        answer = client.post(f"{place}/findings", data={"action": action}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{place}#findings")
    page = client.get(place).text
    said = words(page)
    assert "By findings alone, as corrected" in said
    assert said.count("added by you") == 2
    assert said.count("changed by you") == 1
    assert "Remove Motor stereotypy" not in said
    client.post(f"{place}/findings", data={"action": "reset"})
    assert "as corrected" not in words(client.get(place).text)


def test_with_htmx_a_correction_gives_the_part_that_changes(client: TestClient) -> None:
    place = ask(client)
    part = client.post(f"{place}/findings", data={"action": "remove:1"}, headers={"hx-request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "By findings alone, as corrected" in words(part.text)


@pytest.mark.parametrize("action", ["", "flip:99", "flip:x", "add:HP:9999999", "drop table"])
def test_a_correction_that_makes_no_sense_changes_nothing(client: TestClient, action: str) -> None:
    place = ask(client)
    before = client.get(place).text
    part = client.post(f"{place}/findings", data={"action": action}, headers={"hx-request": "true"})
    assert 'role="alert"' in part.text
    assert client.get(place).text == before


def test_terms_are_suggested_for_words(client: TestClient) -> None:
    text = client.get("/terms", params={"run": "r1", "q": "small head"}).text
    assert 'value="add:HP:0000252"' in text
    assert 'value="lacks:HP:0000252"' in text
    assert 'value="add:HP:0001250"' in client.get("/terms", params={"run": "r1", "q": "siezure"}).text, "a slip"
    assert "No HPO term is called" in words(client.get("/terms", params={"run": "r1", "q": "qqqq xxxx"}).text)
    assert words(client.get("/terms", params={"run": "r1"}).text) == ""


# --- what goes out -----------------------------------------------------------------------------------------------


def test_a_result_is_exported_as_page_json_and_phenopacket(client: TestClient) -> None:
    place = ask(client)
    page, document, packet = (client.get(f"{place}/export/{kind}") for kind in ("html", "json", "phenopacket"))
    assert page.text.startswith("<!doctype html>")
    assert document.json()["note"] == NOTE
    assert packet.json()["phenotypicFeatures"][0]["type"]["id"] == "HP:0001250"
    for answer in (page, document, packet):
        assert answer.headers["content-disposition"].startswith("attachment")
    assert client.get(f"{place}/export/exe").status_code == 404


def test_the_knowledge_page_shows_diseases_terms_and_names_like_it(client: TestClient) -> None:
    assert "MECP2" in client.get("/knowledge", params={"q": "ORPHA:778"}).text
    assert "Febrile seizure" in client.get("/knowledge", params={"q": "Seizure"}).text
    assert "like it are" in words(client.get("/knowledge", params={"q": "deaf"}).text)
    assert client.get("/knowledge", params={"q": "qqq"}).status_code == 200


# --- history -------------------------------------------------------------------------------------------------------


def test_the_history_page_switches_searches_opens_and_deletes(client: TestClient, settings: Settings) -> None:
    assert "The history is off" in words(client.get("/history").text)
    client.post("/history/switch", data={"to": "on"})
    place = ask(client, f"{NOTE} {SECRET}")
    ask(client)
    assert words(client.get("/history", params={"q": SECRET}).text).count("Rett syndrome") >= 1
    assert "Nothing matches" in words(client.get("/history", params={"q": "nowhere"}).text)
    assert len(client.get("/history/export").text.splitlines()) == 2
    client.post("/history/delete", data={"id": place.rsplit("/", 1)[1]})
    assert SECRET not in client.get("/history").text
    assert client.get(place).status_code == 404, "what is deleted is gone from memory too"
    client.post("/history/delete", data={"all": "yes"})
    assert History(settings.folder).count() == 0


def test_a_kept_result_and_its_corrections_outlive_the_server(kb: KnowledgeBase, settings: Settings) -> None:
    History(settings.folder).switch(True)
    with TestClient(create_app(make_product(kb), settings), base_url="http://localhost") as client:
        place = ask(client)
        client.post(f"{place}/findings", data={"action": "remove:1"})
    with TestClient(create_app(make_product(kb), settings), base_url="http://localhost") as client:
        page = client.get(place)
        assert page.status_code == 200
        assert "as corrected" in words(page.text)
        assert client.post(f"{place}/findings", data={"action": "reset"}).status_code == 200
        assert "as corrected" not in words(client.get(place).text)
