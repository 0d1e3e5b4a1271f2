"""RareKnowledgeQA: what is asked has an answer the knowledge base holds true, in many wordings, both ways."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from raredxr1 import dialogue
from raredxr1.data import wordings
from raredxr1.errors import InputError
from raredxr1.internalize.corpus import taught_diseases
from raredxr1.internalize.qa.contrast import GAP, ContrastWriter
from raredxr1.internalize.qa.passages import PassageWriter, read_passages
from raredxr1.internalize.qa.profile import ProfileWriter, ask, frequency_said
from raredxr1.internalize.qa.reverse import ReverseWriter, masked
from raredxr1.internalize.qa.terms import TermWriter
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.claims import Claims

MARFAN = "OMIM:154700"


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def diseases(kb: KnowledgeBase) -> list[int]:
    return taught_diseases(kb, 80)


def asked(prompt: str) -> str:
    return dialogue.note_of(prompt)


@pytest.mark.parametrize(
    "cores",
    [
        wordings(f"questions, {family}")[kind]
        for family, kinds in (
            ("profile", ("questions",)),
            ("reverse", ("questions",)),
            ("contrast", ("questions", "choices")),
            ("passages", ("defined",)),
            ("terms", ("to_term", "to_words", "to_definition", "to_parent", "to_diseases")),
        )
        for kind in kinds
    ],
)
def test_every_family_is_asked_in_more_than_forty_wordings(cores: tuple[str, ...]) -> None:
    words = dict.fromkeys(("name", "clues", "a", "b", "said", "term"), "X")
    rng = Random(1)
    assert len({ask(rng, cores, **words) for _ in range(4000)}) > 40
    said = wordings("questions, profile")
    assert len(set(said["openings"])) * len(set(said["closings"])) * len(cores) > 40
    for core in cores:
        assert core.format(**words) != core, "a wording that asks about nothing"


def test_frequencies_are_said_in_numbers_and_in_words() -> None:
    assert [frequency_said(0.35, style) for style in (0, 1, 2)] == ["", " (35%)", " (often)"]
    assert [frequency_said(f, 2) for f in (1.0, 0.8, 0.05, 0.01)] == [
        " (always)", " (very often)", " (sometimes)", " (rarely)",
    ]  # fmt: skip


def test_profiles_tell_onset_as_a_term_and_in_ages(kb: KnowledgeBase, diseases: list[int]) -> None:
    writer, rng = ProfileWriter(kb), Random(2)
    told = [writer.write(disease, rng)[1] for disease in diseases for _ in range(10)]
    assert any(re.search(r"first signs between \d+ \w+ and \d+ \w+", text) for text in told)
    assert any("Childhood onset" in text or "Infantile onset" in text for text in told)
    assert len(set(told)) == len(told)


def test_a_riddle_does_not_hold_its_answer(kb: KnowledgeBase, diseases: list[int]) -> None:
    writer, rng = ReverseWriter(kb), Random(3)
    for disease in diseases:
        prompt, answer = writer.write(disease, rng)
        assert answer == f"{kb.disease_names[disease]}."
        assert answer.rstrip(".").lower() not in asked(prompt).lower()


def test_names_are_masked_whatever_their_case_and_only_as_words() -> None:
    text = "Marfan Syndrome (MFS) is rare. MARFAN syndrome, type I too; marfan syndromes differ."
    hidden = masked(text, ["Marfan syndrome", "Marfan syndrome, type I", "MFS"])
    assert hidden == "this disease (MFS) is rare. this disease too; marfan syndromes differ."
    assert masked("Nothing to hide.", []) == "Nothing to hide."


def test_a_contrast_names_what_the_first_shows_more_often(kb: KnowledgeBase, diseases: list[int]) -> None:
    writer, rng, claims = ContrastWriter(kb, diseases), Random(4), Claims(kb)
    numbers = {kb.disease_names[disease]: disease for disease in diseases}
    findings = {name: term for term, name in enumerate(kb.term_names)}
    kinds = set()
    for disease in diseases:
        for _ in range(4):
            prompt, answer = writer.write(disease, rng)
            named = [other for name, other in numbers.items() if name in asked(prompt)]
            assert disease in named and set(named) - {disease}
            if answer.startswith(kb.disease_names[disease] + ": "):
                kinds.add("choice")
                others = [other for other in writer.neighbours(disease) if other in named]
                for said in answer.removeprefix(kb.disease_names[disease] + ": ").rstrip(".").split("; "):
                    term = findings[re.sub(r" \(\w+( \w+)?\)$", "", said)]
                    own = kb.frequencies[disease][term]
                    assert any(own - claims.frequency(other, term) >= GAP for other in others)
            else:
                kinds.add("difference")
    assert kinds == {"choice", "difference"}


def test_neighbours_are_others_and_look_alike(kb: KnowledgeBase) -> None:
    marfan, loeys_dietz = kb.disease(MARFAN), kb.disease("OMIM:609192")
    few = [marfan, loeys_dietz, kb.disease("OMIM:312750"), kb.disease("OMIM:219700")]
    assert ContrastWriter(kb, few).neighbours(marfan)[0] == loeys_dietz
    assert marfan not in ContrastWriter(kb, few).neighbours(marfan)


def test_terms_are_asked_both_ways_and_answered_from_the_ontology(kb: KnowledgeBase, diseases: list[int]) -> None:
    writer, rng = TermWriter(kb, diseases), Random(5)
    names, kinds = {name: term for term, name in enumerate(kb.term_names)}, set()
    for disease in diseases * 4:
        prompt, answer = writer.write(disease, rng)
        said = answer.rstrip(".").split("; ")
        if all(part in names for part in said):
            kinds.add("term")
        elif all(part in kb.disease_names for part in said):
            kinds.add("diseases")
        elif answer in kb.term_definitions:
            kinds.add("definition")
        else:
            kinds.add("words")
            about = [t for t, name in enumerate(kb.term_names) if name in asked(prompt)]
            assert any({s.text for s in kb.term_synonyms[t]} >= set(said) for t in about), (prompt, answer)
    assert kinds == {"term", "diseases", "definition", "words"}


def write_rows(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_passages_are_told_or_masked_and_what_is_left_out_is_counted(kb: KnowledgeBase, tmp_path: Path) -> None:
    told = "Marfan syndrome is a disorder of connective tissue. People with MFS1 are often tall and slender."
    table = "The Human Phenotype Ontology provides the following list of signs."
    document = {
        "ids": [MARFAN],
        "focus": "Marfan syndrome",
        "synonyms": ["MFS1"],
        "qa": [{"q": "What is Marfan syndrome ?", "a": told}, {"q": "Signs?", "a": table}, {"q": "x", "a": "No."}],
    }
    packet = {"id": "ORPHA:558", "label": "Marfan syndrome", "synonyms": [],
              "definition": "A disorder of the fibrous connective tissue that runs in families."}  # fmt: skip
    unknown = packet | {"id": "ORPHA:999999"}
    found = read_passages([write_rows(tmp_path / "texts.jsonl", document, packet, unknown)], kb)
    assert found.left_out == {"a table": 1, "too short": 1, "no disease of the knowledge base": 1}
    disease = kb.disease(MARFAN)
    writer, rng = PassageWriter(kb, found), Random(6)
    assert writer.has(disease) and not writer.has(kb.disease("OMIM:312750"))
    written = [writer.write(disease, rng) for _ in range(60)]
    riddles = [asked(prompt) for prompt, answer in written if answer == f"{kb.disease_names[disease]}."]
    assert riddles and not any("marfan" in riddle.lower() or "MFS1" in riddle for riddle in riddles)
    answers = {answer for _, answer in written} - {f"{kb.disease_names[disease]}."}
    assert told in answers and packet["definition"] in answers


def test_a_row_of_another_form_is_named(kb: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1: neither"):
        read_passages([write_rows(tmp_path / "a.jsonl", {"text": "x"})], kb)
    (tmp_path / "b.jsonl").write_text("{\n")
    with pytest.raises(InputError, match="line 1: no JSON"):
        read_passages([tmp_path / "b.jsonl"], kb)


def test_questions_are_the_same_for_the_same_seed(kb: KnowledgeBase, diseases: list[int]) -> None:
    writers: list[Callable[[int, Random], tuple[str, str]]] = [
        ProfileWriter(kb).write, ReverseWriter(kb).write, ContrastWriter(kb, diseases).write,
        TermWriter(kb, diseases).write,
    ]  # fmt: skip
    for write in writers:
        assert write(diseases[0], Random(7)) == write(diseases[0], Random(7))
        assert write(diseases[0], Random(7)) != write(diseases[0], Random(8))
