"""Findings by an encoder, with one that is made up: words that it holds for findings, states and terms on a plane."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raredxr1.knowledge.extraction.encoder_model import EncoderModel, Tokens, softmax
from raredxr1.knowledge.extraction.phrase_linker import PhraseLinker
from raredxr1.knowledge.extraction.reader import FindingReader
from raredxr1.knowledge.extraction.windows import LETTERS, windows

FINDINGS = {"fits": 0.9, "floppy": 0.95, "muscles": 0.7, "tall": 0.8, "head": 0.4}
TERMS = (("HP:0001250", "Seizure"), ("HP:0001252", "Hypotonia"), ("HP:0001276", "Hypertonia"))
VECTORS = np.array([(1.0, 0.0), (0.0, 1.0), (0.1, 1.05)], np.float32)
WORDS = {
    "fits": (1.0, 0.1), "floppy": (0.05, 1.0), "low": (0.1, 1.1), "muscle": (0.1, 1.1), "tone": (0.1, 1.1),
    "muscles": (0.0, 1.0), "tall": (-0.7, 0.3),
}  # fmt: skip


class MadeUp(EncoderModel):
    """Tokens are words and marks; the first word of a run of findings begins it; what follows "no" is absent."""

    term_ids = tuple(hpo_id for hpo_id, _ in TERMS)
    labels = tuple(label for _, label in TERMS)

    def read(self, texts: Sequence[str]) -> list[Tokens]:
        made = []
        for text in texts:
            places = [(0, 0), *((m.start(), m.end()) for m in re.finditer(r"\w+|[^\w\s]", text)), (0, 0)]
            tags, hidden, before = [], [], False
            for start, end in places:
                share = FINDINGS.get(text[start:end].lower(), 0.01)
                begins = share * (0.2 if before else 0.8)
                tags.append((1 - share, begins, share - begins))
                before = share > 0.5
                denied = text[max(0, start - 3) : start].lower() == "no "
                hidden.append((*WORDS.get(text[start:end].lower(), (-1.0, 0.0)), float(denied)))
            made.append(Tokens(places, np.array(tags, np.float32), np.array(hidden, np.float32)))
        return made

    def phrase_states(self, phrases: Sequence[str]) -> np.ndarray:
        return np.stack([tokens.hidden[1:-1].mean(0) for tokens in self.read(phrases)])

    def term_probabilities(self, states: np.ndarray) -> np.ndarray:
        return softmax(8 * states[:, :2] @ VECTORS.T)

    def state_probabilities(self, states: np.ndarray) -> np.ndarray:
        denied = states[:, 2]
        return np.stack([1 - denied, denied, *([np.zeros(len(states))] * 3)], 1)


@pytest.fixture(scope="module")
def model() -> EncoderModel:
    return MadeUp(Path())


def test_terms_come_most_probable_first_and_opposites_never(model: EncoderModel) -> None:
    (matches,) = PhraseLinker(model).link(["low muscle tone"])  # its made-up vector is nearest to Hypertonia
    assert [m.hpo_id for m in matches] == ["HP:0001252", "HP:0001250"]
    assert matches[0].probability > matches[1].probability


def test_findings_are_whole_words_at_their_places_with_term_and_state(model: EncoderModel) -> None:
    text = "He was floppy, and had no fits.\n\nHis head is big; floppy muscles."
    read = FindingReader(model).read(text)
    assert [(text[one.start : one.end], one.term.hpo_id, one.state) for one in read if one.term] == [
        ("floppy", "HP:0001252", "present"), ("fits", "HP:0001250", "absent"),
        ("floppy muscles", "HP:0001252", "present"),
    ]  # fmt: skip
    assert read[0].probability == pytest.approx(0.95) and 0 < read[0].sureness < read[0].probability


def test_nothing_is_read_in_nothing(model: EncoderModel) -> None:
    assert FindingReader(model).read("") == [] == FindingReader(model).read(" \n")
    assert PhraseLinker(model).link([]) == []


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["fits", "word", "a", "Floppy.", "\n", "x" * 900, "(tall)", "é", "…"]), max_size=200))
def test_windows_follow_one_another_and_hold_every_word(parts: list[str]) -> None:
    text = " ".join(parts)
    places = windows(text)
    covered = {i for place in places for i in range(place.start, place.end)}
    assert all(i in covered for i, letter in enumerate(text) if not letter.isspace())
    assert len(covered) == sum(place.end - place.start for place in places)
    assert all(place.context <= place.start < place.end for place in places)
    assert all(place.end - place.context <= 2 * LETTERS for place in places)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["It was fits.", "He is well.", "Floppy!", "- tall", "The mother came."]), max_size=30))
def test_every_finding_is_read_once_wherever_windows_part(lines: list[str]) -> None:
    text = "\n\n".join(lines)
    read = FindingReader(MadeUp(Path())).read(text)
    said = [match.start() for match in re.finditer(r"fits|Floppy|tall", text)]
    assert [one.start for one in read] == said
