"""What a note says of its findings reaches everything that is made of them, and only what is decided is ranked by."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from fake_product import FULL, FakeEngine, fake_model, fake_names
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.output.html import html
from raredxr1.diagnose.output.phenopacket import phenopacket
from raredxr1.diagnose.pipeline import Options, diagnose
from raredxr1.diagnose.result import Result, StatedFinding
from raredxr1.diagnose.stated import stated_findings, terms
from raredxr1.serve import review
from raredxr1.serve.review import Review

NOTE = (
    "Stereotypic hand movements. No seizures. His mother has inability to walk. "
    "Last year no stereotypic hand movements."
)


def told(note: str = NOTE) -> Result:
    engine = FakeEngine(samples=[FULL])
    return diagnose(note, fake_model(engine), fake_names(), Options())


def test_everything_named_is_listed_once_with_its_state() -> None:
    found = stated_findings(NOTE, [], fake_names())
    assert [(f.term, f.state, f.present) for f in found] == [
        ("Stereotypic hand movements", "present", True),
        ("Seizure", "absent", False),
        ("Inability to walk", "other", None),
    ]
    (elsewhere,) = found[0].elsewhere
    assert (elsewhere.state, elsewhere.quote) == ("absent", "stereotypic hand movements")
    assert NOTE[: elsewhere.span.start].endswith("year no ")


def test_rankings_go_by_what_is_present_or_absent_alone() -> None:
    names = fake_names()
    there, lacking = terms(stated_findings(NOTE, [], names), names.kb)
    assert [names.kb.term_names[term] for term in there + lacking] == ["Stereotypic hand movements", "Seizure"]


def test_a_phenopacket_has_no_feature_of_a_relative() -> None:
    features = json.loads(phenopacket(told()))["phenotypicFeatures"]
    assert [(f["type"]["label"], f.get("excluded", False)) for f in features] == [
        ("Stereotypic hand movements", False),
        ("Seizure", True),
    ]


def test_the_page_marks_every_state() -> None:
    page = html(told())
    for mark in ('mark class="other" title="relative: Inability to walk"', "<td>relative</td>"):
        assert mark in page


@pytest.mark.parametrize(
    ("given", "state", "present"),
    [({"present": True}, "present", True), ({"present": False}, "absent", False), ({"state": "other"}, "other", None)],
)
def test_a_document_may_say_it_either_way(given: dict[str, Any], state: str, present: bool | None) -> None:
    rest = {"hpo_id": "HP:0001250", "term": "Seizure", "quote": "", "span": {"start": 0, "end": 0}, "by": "reader"}
    found = StatedFinding.model_validate(rest | given)
    assert (found.state, found.present) == (state, present)
    with pytest.raises(ValidationError):
        StatedFinding.model_validate(rest)


def test_a_reader_may_give_a_finding_any_state_and_take_it_back() -> None:
    found = review.read(told())
    relative = next(f for f in found.findings if f.term == "Inability to walk")
    turned = review.set_state(found, relative.number, "uncertain")
    changed = turned.by_number(relative.number)
    assert (changed.state, changed.present, changed.flipped, changed.read_as) == ("uncertain", None, True, "other")
    assert review.flip(turned, relative.number).by_number(relative.number).present is True
    assert review.set_state(turned, relative.number, "other") == found


def test_a_review_kept_from_before_there_were_states_is_read() -> None:
    old = {"number": 1, "present": False, "term": "Seizure", "origin": "model", "flipped": True}
    kept = Review.model_validate({"findings": [old]})
    assert kept.by_number(1).state == "absent"
    back = review.flip(kept, 1).by_number(1)
    assert (back.state, back.flipped) == ("present", False)


def test_what_is_denied_of_one_organ_is_not_denied_of_all_where_a_kind_is_present() -> None:
    note = "CT of the chest shows an arteriovenous malformation. MRI of the brain: no vascular malformation."
    states = {one.term: one.state for one in stated_findings(note, [], open_names())}
    assert states["Arteriovenous malformation"] == "present"
    assert "absent" not in states.values()


def test_a_picture_of_one_organ_denies_what_it_shows() -> None:
    states = {one.term: one.state for one in stated_findings("CT head: no oedema.", [], open_names())}
    assert states == {"Cerebral edema": "absent"}
