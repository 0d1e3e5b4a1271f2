"""How findings meet a disease's annotations, and how far a note is a list: what the fusion is told of both."""

import numpy as np
import pytest

from crr_product import tiny_names
from raredxr1.diagnose.crr import patient_of
from raredxr1.diagnose.features import FEATURES, features, list_likeness
from raredxr1.diagnose.matching import MATCH_FEATURES, matches
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import gather, own_voice
from raredxr1.diagnose.stated import stated_findings
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.likelihood import explain_likelihood, ratios

MARFAN, RETT, ALKAPTONURIA = "OMIM:154700", "OMIM:312750", "OMIM:203500"


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


def numbers(kb: KnowledgeBase, *ids: str) -> list[int]:
    return [d for i in ids if (d := kb.disease(i)) is not None]


def terms(kb: KnowledgeBase, *labels: str) -> list[int]:
    return [kb.term_names.index(label) for label in labels]


def test_findings_of_a_disease_speak_for_it_and_against_another(kb: KnowledgeBase) -> None:
    eyes_and_aorta = terms(kb, "Ectopia lentis", "Aortic root aneurysm", "Arachnodactyly")
    found = matches(eyes_and_aorta, numbers(kb, MARFAN, ALKAPTONURIA), kb)
    assert found["found_exactly"][0] == found["information_shared"][0] == 1
    for name in ("found_exactly", "information_shared", "findings_for", "worst_finding", "best_finding"):
        assert found[name][0] > found[name][1], name
    assert found["findings_missed"][0] == 0


def test_one_finding_that_does_not_fit_is_told_from_all_that_fit_a_little(kb: KnowledgeBase) -> None:
    marfan = numbers(kb, MARFAN)
    fits, one_off = (
        matches(terms(kb, *labels), marfan, kb)
        for labels in (("Ectopia lentis", "Arachnodactyly"), ("Ectopia lentis", "Arachnodactyly", "Aciduria"))
    )
    assert one_off["best_finding"][0] == fits["best_finding"][0]
    assert one_off["worst_finding"][0] < 0 < fits["worst_finding"][0]
    assert one_off["findings_for"][0] == pytest.approx(2 / 3)
    assert one_off["findings_missed"][0] == pytest.approx(1 / 3)


def test_the_ratios_of_many_diseases_are_those_explained_one_by_one(kb: KnowledgeBase) -> None:
    present = sorted(terms(kb, "Ectopia lentis", "Scoliosis", "Seizure"))
    diseases = numbers(kb, MARFAN, RETT)
    table = ratios(kb, present, np.array(diseases))
    for column, disease in enumerate(diseases):
        explained = [one.score for one in explain_likelihood(kb, disease, present)]
        assert table[:, column].tolist() == pytest.approx(explained, abs=1e-4)


def test_without_findings_nothing_is_said(kb: KnowledgeBase) -> None:
    found = matches([], numbers(kb, MARFAN), kb)
    assert {name: values.tolist() for name, values in found.items()} == {name: [0.0] for name in MATCH_FEATURES}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return tiny_names(tmp_path_factory.mktemp("knowledge"))


def test_a_list_is_told_from_a_narrative(names: Names) -> None:
    listed = "Findings: Seizure; Microcephaly; Scoliosis."
    story = (
        "She was brought by her grandmother, who had noticed since the summer that she no longer answered when called, "
        "and who remembered one seizure in the car on the way home from the coast; nothing else had troubled them."
    )
    said = [list_likeness(note, stated_findings(note, [], names)) for note in (listed, story)]
    assert said[0] > 0.7 > 0.1 > said[1]
    assert list_likeness("", []) == 0


def test_opinions_on_lists_have_weights_of_their_own(names: Names) -> None:
    note = "Findings: Seizure; Microcephaly; Scoliosis."
    stated = stated_findings(note, [], names)
    heard = [one.voice for one in gather(note, stated, names)]
    rows = features(own_voice([], names), -1, heard, patient_of(note, stated, names), names.kb)
    assert rows and all(set(row) == set(FEATURES) for row in rows.values())
    first = next(row for row in rows.values() if row["likelihood_reciprocal"] == 1)
    assert first["likelihood_reciprocal_in_lists"] == list_likeness(note, stated) > 0.7
    assert first["findings_for"] > 0
