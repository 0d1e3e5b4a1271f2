"""What follows when a reader corrects the findings: rankings, confidences, evidence, exports; and what does not."""

import html
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from crr_product import fitted
from fake_product import FakeEngine
from raredxr1.diagnose import Options, Result
from raredxr1.diagnose.calibration import Measured
from raredxr1.diagnose.inputs import Text
from raredxr1.diagnose.pipeline import with_crr
from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve import review
from raredxr1.serve.app import create_app
from raredxr1.serve.corrected import as_corrected, remark
from raredxr1.serve.history import History
from raredxr1.serve.product import Order, Product, Stop
from raredxr1.serve.settings import Settings
from raredxr1.serve.view import view
from serving import NOTE, make_product

MARFAN = ("HP:0002616", "HP:0001166")
"""Aortic root aneurysm, arachnodactyly."""


@pytest.fixture
def fused(kb: KnowledgeBase) -> Product:
    """A model that hears others by default in the short form."""
    return make_product(kb, FakeEngine(), fitted=fitted(knowledge=kb.version))


def diagnose(product: Product, **options: object) -> Result:
    asked = with_crr(Options(form="short", next_steps=5, **options), product.model)  # type: ignore[arg-type]
    return product.diagnose(Order(Text(NOTE), "note", asked), Stop())


def all_else(found: review.Review, kb: KnowledgeBase) -> review.Review:
    """Everything read is left out, and the patient has Marfan syndrome's findings."""
    for finding in found.findings:
        found = review.remove(found, finding.number)
    for hpo_id in MARFAN:
        found = review.add(found, kb, hpo_id)
    return found


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


# --- rankings --------------------------------------------------------------------------------------------------------


def test_a_fused_ranking_follows_with_its_confidences(fused: Product, kb: KnowledgeBase) -> None:
    result = diagnose(fused)
    assert result.crr is not None
    assert result.calibration is not None
    anew = as_corrected(result, all_else(review.read(result), kb), fused)
    assert (result.candidates[0].name, anew.candidates[0].name) == ("Rett syndrome", "Marfan syndrome")
    assert anew.candidates[0].ranks["likelihood"] == 1
    assert anew.confidence_kind == "calibrated"
    assert anew.calibration is not None
    assert anew.calibration.none_of_these != result.calibration.none_of_these
    assert anew.crr is not None
    assert [c.name for c in anew.crr.own] == [c.name for c in result.crr.own], "the model was not asked again"
    assert anew.turns == result.turns


def test_what_is_not_corrected_is_the_same_result(fused: Product) -> None:
    result = diagnose(fused)
    assert as_corrected(result, review.read(result), fused) is result


def test_corrected_back_and_forth_it_is_as_before(fused: Product) -> None:
    result = diagnose(fused)
    there = review.flip(review.read(result), 1)
    assert as_corrected(result, there, fused).candidates != result.candidates
    assert as_corrected(result, review.flip(there, 1), fused) is result


def test_added_findings_are_no_more_asked_for(fused: Product, kb: KnowledgeBase) -> None:
    result = diagnose(fused)
    asked = next(step.hpo_id for step in result.next_steps if step.hpo_id)
    anew = as_corrected(result, review.add(review.read(result), kb, asked), fused)
    assert asked not in [step.hpo_id for step in anew.next_steps]
    assert {f.by for f in anew.stated if f.hpo_id == asked} == {"reader"}


def test_the_models_own_list_does_not_follow(product: Product, kb: KnowledgeBase) -> None:
    result = diagnose(product)
    assert result.crr is None
    anew = as_corrected(result, all_else(review.read(result), kb), product)
    assert [(c.name, c.confidence) for c in anew.candidates] == [(c.name, c.confidence) for c in result.candidates]
    assert "The ranking is the one from before." in anew.notices[-1]


def test_a_ranking_of_another_model_is_left_alone(fused: Product, kb: KnowledgeBase) -> None:
    """An entry of the history may be older than the model: that model's calibration does not hold for it."""
    result = diagnose(fused)
    other = Product({"other": replace(fused.model, sha256="cd" * 32)}, fused.names)
    anew = as_corrected(result, all_else(review.read(result), kb), other)
    assert [c.name for c in anew.candidates] == [c.name for c in result.candidates]
    assert not view("r", result, review.read(result), other).follows


# --- evidence and words ----------------------------------------------------------------------------------------------


def test_evidence_goes_by_the_findings_as_they_stand(fused: Product, kb: KnowledgeBase) -> None:
    result = diagnose(fused)
    found = review.add(review.flip(review.remove(review.read(result), 2), 1), kb, "HP:0001251")
    first = as_corrected(result, found, fused).candidates[0]
    assert [(e.term, e.present, e.quote) for e in first.supports if e.term == "Ataxia"] == [("Ataxia", True, "")]
    assert "Motor stereotypy" not in [e.term for e in (*first.supports, *first.against)]
    assert not any(e.present for e in (*first.supports, *first.against) if e.term == "Seizure")
    assert first.evidence_by == "knowledge"


def test_what_was_corrected_is_said(fused: Product, kb: KnowledgeBase) -> None:
    found = review.remove(review.flip(review.read(diagnose(fused)), 1), 2)
    found = review.add(review.add(found, kb, MARFAN[0]), kb, MARFAN[1], present=False)
    said = remark(review.flip(found, 4), followed=True)
    assert said.startswith(
        "A reader corrected the findings: left out Motor stereotypy; now absent Seizure; now present Hearing "
        "impairment; added Aortic root aneurysm, no Arachnodactyly. The ranking follows"
    )


# --- pages and exports -----------------------------------------------------------------------------------------------


@pytest.fixture
def place_and_client(fused: Product, settings: Settings) -> Iterator[tuple[str, TestClient]]:
    with TestClient(create_app(fused, settings), base_url="http://localhost") as client:
        answer = client.post("/diagnose", data={"note": NOTE, "form": "short"}, follow_redirects=False)
        yield answer.headers["location"], client


def test_the_page_says_who_named_what_and_how_likely_none_is(place_and_client: tuple[str, TestClient]) -> None:
    place, client = place_and_client
    said = words(client.get(place).text)
    assert "Rett syndrome fits best (" in said
    assert "fitted on 120 development cases" in said
    assert re.search(r"language model 1st, how likely the findings are 1st, how closely the findings match \d", said)
    assert "language model read the note 1. Rett syndrome" in said
    assert re.search(r"None of these \d+%", said)
    assert "of diseases shown with 20%, about 20 in 100 were the right one" in said
    assert "What would tell them apart" in said


def test_the_first_page_says_how_well_each_way_was_measured(kb: KnowledgeBase, settings: Settings) -> None:
    def row(cases: str, system: str, first: float) -> Measured:
        return Measured(
            cases=cases, system=system, n=120, recall_at_1=first, recall_at_3=0.3, recall_at_10=0.4, mrr=0.2, ece=None
        )

    mean = "mean of the sets"
    rows = [row(mean, "model, calibrated", 0.08), row(mean, "CRR, fitted fusion", 0.17), row(mean, "model, raw", 0.5)]
    rows.append(row("one.jsonl", "model, calibrated", 0.9))
    product = make_product(kb, FakeEngine(), fitted=fitted(knowledge=kb.version).model_copy(update={"measured": rows}))
    with TestClient(create_app(product, settings), base_url="http://localhost") as client:
        said = words(client.get("/").text)
    assert "120 development cases: the model alone the right disease came first in 8%" in said
    assert "with other opinions the right disease came first in 17%, among the first ten in 40%." in said
    assert "50%" not in said.partition("Measured")[2].partition("How good it is")[0]
    assert "90%" not in said


def test_where_none_is_likely_the_headline_says_so(kb: KnowledgeBase, settings: Settings) -> None:
    fit = fitted(knowledge=kb.version)
    assert fit.fusion is not None
    hopeless = fit.fusion.model_copy(update={"intercept": -7.0})
    product = make_product(kb, FakeEngine(), fitted=fit.model_copy(update={"fusion": hopeless}))
    with TestClient(create_app(product, settings), base_url="http://localhost") as client:
        said = words(client.post("/diagnose", data={"note": NOTE, "form": "short"}).text)
    assert re.search(r"None of the diseases found is likely: with [5-9]\d% it is none of them\.", said)
    assert "Weak candidates, none of them likely" in said


def test_exports_are_of_the_findings_as_corrected(place_and_client: tuple[str, TestClient]) -> None:
    place, client = place_and_client
    original = client.get(f"{place}/export/json").json()
    for number in (1, 2, 3, 4):
        client.post(f"{place}/findings", data={"action": f"remove:{number}"})
    for hpo_id in MARFAN:
        part = client.post(f"{place}/findings", data={"action": f"add:{hpo_id}"}, headers={"hx-request": "true"})
    assert "Differential, as corrected" in words(part.text)
    assert "Ranked anew, first Marfan syndrome" in words(part.text)
    document = client.get(f"{place}/export/json").json()
    page = client.get(f"{place}/export/html").text
    packet = client.get(f"{place}/export/phenopacket").json()
    Result.model_validate(document)
    assert [document["candidates"][0]["name"], original["candidates"][0]["name"]] == [
        "Marfan syndrome",
        "Rett syndrome",
    ]
    assert [f["by"] for f in document["stated"]] == ["reader", "reader"]
    assert "added Aortic root aneurysm" in document["notices"][-1]
    assert "A reader corrected the findings" in words(page)
    assert "Aortic root aneurysm HP:0002616 present added by you" in words(page)
    assert "Marfan" in packet["interpretations"][0]["diagnosis"]["disease"]["label"]
    assert {f["type"]["id"] for f in packet["phenotypicFeatures"]} == set(MARFAN)


def test_a_step_is_answered_where_it_is_asked(place_and_client: tuple[str, TestClient]) -> None:
    place, client = place_and_client
    page = client.get(place).text
    asked = page[page.index('id="next-title"') : page.index('class="said"')]
    button = re.search(r'name="action" value="(lacks:HP:\d{7})"', asked)
    assert button is not None
    part = client.post(f"{place}/findings", data={"action": button[1]}, headers={"hx-request": "true"})
    assert "added by you" in words(part.text)


def test_corrections_that_come_at_once_are_all_kept(fused: Product, settings: Settings) -> None:
    History(settings.folder).switch(True)
    with TestClient(create_app(fused, settings), base_url="http://localhost") as client:
        place = client.post("/diagnose", data={"note": NOTE}, follow_redirects=False).headers["location"]
        client.get(f"{place}/events")

        def correct(action: str) -> int:
            return client.post(f"{place}/findings", data={"action": action}, follow_redirects=False).status_code

        actions = ["remove:1", "remove:2", "flip:3", *(f"add:{hpo_id}" for hpo_id in MARFAN)]
        with ThreadPoolExecutor(5) as pool:
            assert set(pool.map(correct, actions)) == {303}
        kept = next(json.loads(line) for line in History(settings.folder).export())["review"]
    assert {f["number"] for f in kept["removed"]} == {1, 2}
    assert {f["hpo_id"] for f in kept["findings"] if f["origin"] == "reader"} == set(MARFAN)
    assert [f["flipped"] for f in kept["findings"] if f["number"] == 3] == [True]
