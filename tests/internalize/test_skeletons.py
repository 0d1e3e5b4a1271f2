"""Wordings without what they are about: notes differ in more than the findings that stand in them."""

import re
from random import Random

import pytest

from raredxr1 import dialogue
from raredxr1.cases.notes import NoteWriter
from raredxr1.cases.patients import PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.internalize.corpus import taught_diseases
from raredxr1.internalize.qa.contrast import ContrastWriter
from raredxr1.internalize.qa.profile import ProfileWriter
from raredxr1.internalize.qa.reverse import ReverseWriter
from raredxr1.internalize.qa.terms import TermWriter
from raredxr1.knowledge import KnowledgeBase, load

pytestmark = pytest.mark.slow

LEAST = 40
COUNT = 600


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def diseases(kb: KnowledgeBase) -> list[int]:
    return taught_diseases(kb, 30)


def test_notes_have_many_skeletons(kb, diseases):
    patients, writer, rng, found = PatientSampler(kb, diseases), NoteWriter(Phrases(kb), 0.0), Random(1), set()
    for number in range(COUNT):
        note = writer.write(patients.draw(diseases[number % len(diseases)], rng), rng)
        text, at = "", 0
        for mention in sorted(note.mentions, key=lambda m: m.start):
            text, at = text + note.text[at : mention.start] + "#", mention.end
        # several findings in a row are one gap, and any number is any other
        skeleton = re.sub(r"#(?:\W{0,4}(?:and |or )?#)+", "#", re.sub(r"\d+", "0", text + note.text[at:]))
        found.add(skeleton)
    assert len(found) > 10 * LEAST


@pytest.mark.parametrize("family", ["profile", "reverse", "contrast", "term"])
def test_questions_of_every_family_have_many_skeletons(kb, diseases, family):
    writer = {
        "profile": ProfileWriter(kb).write,
        "reverse": ReverseWriter(kb).write,
        "contrast": ContrastWriter(kb, diseases).write,
        "term": TermWriter(kb, diseases).write,
    }[family]
    # of one disease, so that a skeleton is counted once: its name and every word of its findings become gaps
    disease, rng = diseases[0], Random(2)
    about = [kb.record_names[record] for d in diseases for record in kb.disease_records[d]]
    about += [name for term in kb.frequencies[disease] for name in (kb.term_names[term], kb.term_definitions[term])]
    about += [s.text for term in kb.frequencies[disease] for s in kb.term_synonyms[term]]
    texts = sorted({text.lower() for text in about if text}, key=len, reverse=True)
    gaps = re.compile("|".join(map(re.escape, texts)))  # in small letters: many times as fast as without regard to them
    found = set()
    for _ in range(COUNT):
        question = gaps.sub("#", dialogue.note_of(writer(disease, rng)[0]).lower())
        inside = re.sub(r"\d+|\((?:always|very often|often|sometimes|rarely|0%)\)", "", question)
        found.add(re.sub(r"#(?:[^.?!]*#)?", "#", inside))
    assert len(found) >= LEAST, sorted(found)[:5]


def test_answers_of_profiles_come_in_many_orders_and_words(kb, diseases):
    writer, rng = ProfileWriter(kb), Random(3)
    answers = [writer.write(diseases[1], rng)[1] for _ in range(COUNT)]
    openings = {tuple(re.findall(r"(?:^|\. )([A-Z][\w ]{3,24}?)(?=[ :])", answer)) for answer in answers}
    assert len(openings) >= LEAST
