"""Notes in registers as training examples: turns stay true, and nothing that is held out is written."""

import json
from pathlib import Path

import pytest

from raredxr1 import dialogue
from raredxr1.cases.annotated import read_annotated, wordings
from raredxr1.internalize.config import HeldOut, InternalizeConfig, Mixture
from raredxr1.internalize.corpus import Corpus, make_corpus, taught_diseases
from raredxr1.internalize.held_out import held_out_wordings
from raredxr1.knowledge import KnowledgeBase, load

pytestmark = pytest.mark.slow

FULL = Mixture(final=0, differential=0, full=1, profile=0)


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


def config(tmp_path: Path, **options: object) -> InternalizeConfig:
    return InternalizeConfig(out=tmp_path, base="x", tokens=1, diseases=40, plain_share=0.0, **options)


def test_full_turns_on_registers_parse_and_quote_what_the_note_says(kb):
    corpus = Corpus(kb, taught_diseases(kb, 60), 5, plain_share=0.0, register_share=1.0)
    for number in range(150):
        example = corpus.example(number, FULL)
        note = dialogue.note_of(example.prompt)
        parsed = dialogue.parse(example.completion, note)
        assert not parsed.problems, (note, parsed.problems)
        assert parsed.findings and all(finding.span for finding in parsed.findings)


def test_the_recipe_says_how_many_notes_are_written_in_registers(kb, tmp_path):
    diseases = taught_diseases(kb, 40)
    without, _ = make_corpus(config(tmp_path), kb, diseases)
    before = Corpus(kb, diseases, 0, plain_share=0.0)
    registers, _ = make_corpus(config(tmp_path, register_share=1.0), kb, diseases)
    same = [without.example(n, FULL) == before.example(n, FULL) for n in range(20)]
    changed = [registers.example(n, FULL).prompt != before.example(n, FULL).prompt for n in range(20)]
    assert all(same) and sum(changed) >= 19


def test_registers_write_no_wording_that_is_held_out(kb, tmp_path):
    options = HeldOut(wordings=0.4)
    hidden = {term: {text.lower() for text in texts} for term, texts in held_out_wordings(kb, options).items()}
    names = {name.lower() for name in kb.term_names}
    corpus, _ = make_corpus(config(tmp_path, register_share=1.0, held_out=options), kb, taught_diseases(kb, 40))
    labels = {name: term for term, name in enumerate(kb.term_names)}
    for number in range(150):
        example = corpus.example(number, FULL)
        turn = dialogue.parse(example.completion, dialogue.note_of(example.prompt))
        for finding in turn.findings:
            if finding.present:
                said = finding.quote.lower()
                assert said not in hidden.get(labels[finding.term], set()) - names, finding


def test_what_people_called_findings_is_gathered_from_annotated_texts(kb, tmp_path):
    text = "He has no seizures. A tiny head and, with poor sucking, webbed neck were noted."
    rows = [{"text": text, "annotations": [
        {"hpo": "HP:0001250", "raw": ["10", "18"]},
        {"hpo": "HP:0000252", "raw": ["22", "31"]},
        {"hpo": "HP:0002033", "raw": [str(text.index("with poor")), str(text.index(", webbed"))]},
    ]}]  # fmt: skip
    path = tmp_path / "annotated.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = wordings(read_annotated([path], kb))
    assert said == {kb.term("HP:0000252"): ["tiny head"]}, "no denied ones, no parts of a clause"
