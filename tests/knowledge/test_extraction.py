"""Spans and links by an encoder, with one that is made up: words that it holds for findings, phrases on a plane."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raredxr1.knowledge.extraction.encoder_model import EncoderModel
from raredxr1.knowledge.extraction.phrase_linker import PhraseLinker
from raredxr1.knowledge.extraction.reader import FindingReader
from raredxr1.knowledge.extraction.span_tagger import LONGEST, SpanTagger, windows

FINDINGS = {"fits": 0.9, "floppy": 0.95, "floppiness": 0.6, "tall": 0.8, "head": 0.4}
NAMES = (
    ("HP:0001250", "seizure", (1.0, 0.0)),
    ("HP:0001250", "fits", (0.98, 0.2)),
    ("HP:0001252", "hypotonia", (0.0, 1.0)),
    ("HP:0001276", "hypertonia", (0.1, 0.99)),
)
PHRASES = {"fits": (1.0, 0.1), "floppy": (0.05, 1.0), "low muscle tone": (0.1, 0.98), "tall": (-0.7, 0.3)}


class MadeUp(EncoderModel):
    """Tokens are words and marks; the first word of a run of findings begins it."""

    def phrase_vectors(self, phrases: Sequence[str]) -> np.ndarray:
        found = np.array([PHRASES.get(phrase, (-1.0, 0.0)) for phrase in phrases], np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def tag_probabilities(self, texts: Sequence[str]) -> list:
        made = []
        for text in texts:
            tokens = [(0, 0), *((m.start(), m.end()) for m in re.finditer(r"\w+|[^\w\s]", text)), (0, 0)]
            rows = []
            for start, end in tokens:
                share = FINDINGS.get(text[start:end].lower(), 0.01)
                rows.append((1 - share, share * 0.7, share * 0.3))
            made.append((tokens, np.array(rows, np.float32)))
        return made


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> EncoderModel:
    folder = tmp_path_factory.mktemp("made-up")
    vectors = np.array([place for _, _, place in NAMES], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = sorted({hpo_id for hpo_id, _, _ in NAMES})
    np.savez(
        folder / "names.npz",
        vectors=np.rint(vectors * 127).astype(np.int8),
        scale=np.full(len(NAMES), 1 / 127, np.float32),
        name_terms=np.array([ids.index(hpo_id) for hpo_id, _, _ in NAMES], np.int32),
        term_ids=np.array(ids),
        texts=np.array(["\n".join(name for _, name, _ in NAMES)]),
    )
    return MadeUp(folder)


def test_a_term_is_listed_once_however_many_names_it_has(model: EncoderModel) -> None:
    (matches,) = PhraseLinker(model).link(["fits"])
    assert [m.hpo_id for m in matches] == ["HP:0001250", "HP:0001276", "HP:0001252"]
    assert matches[0].similarity > 0.95


def test_an_opposite_is_passed_over_however_near(model: EncoderModel) -> None:
    (matches,) = PhraseLinker(model).link(["low muscle tone"])
    assert "HP:0001276" not in [m.hpo_id for m in matches] and matches[0].hpo_id == "HP:0001252"


def test_spans_are_whole_words_at_their_places(model: EncoderModel) -> None:
    text = "He was floppy, and had the fits.\n\nHis head is big."
    tagged = SpanTagger(model).read(text)
    assert [text[s.start : s.end] for s in tagged.spans(0.5)] == ["floppy", "fits"]
    assert [text[s.start : s.end] for s in tagged.spans(0.3)] == ["floppy", "fits", "head"]
    assert tagged.probability(0, 2) < 0.1 < 0.85 < tagged.probability(7, 13)


def test_what_is_taken_or_unlike_every_name_is_left(model: EncoderModel) -> None:
    text = "Floppy and floppy; fits; tall."
    reader = FindingReader(model)
    found = reader.link(reader.tag(text.lower()), taken=[(0, 6)])
    assert [(text[s.start : s.end], s.hpo_id) for s in found] == [("floppy", "HP:0001252"), ("fits", "HP:0001250")]


def test_nothing_is_read_in_nothing(model: EncoderModel) -> None:
    reader = FindingReader(model)
    assert reader.link(reader.tag(""), []) == [] and reader.link(reader.tag(" \n"), []) == []
    assert PhraseLinker(model).link([]) == []


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["fits", "word", "a", "Floppy.", "\n", "x" * 200, "(tall)", "é", "…"]), max_size=60))
def test_windows_cover_every_word_and_keep_their_size(parts: list[str]) -> None:
    text = " ".join(parts)
    places = list(windows(text))
    covered = {i for start, end in places for i in range(start, end)}
    assert all(i in covered for i, letter in enumerate(text) if not letter.isspace())
    assert all(end - start <= max(LONGEST, 210) for start, end in places)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["It was fits.", "He is well.", "Floppy!", "- tall", "The mother came."]), max_size=12))
def test_a_line_before_or_behind_changes_nothing_between(lines: list[str]) -> None:
    tagger = SpanTagger(MadeUp(Path()))
    text = "\n\n".join(lines)
    alone = [(s.start, s.end) for s in tagger.read(text).spans()]
    head = "Seen on Monday.\n\n"
    both = [(s.start, s.end) for s in tagger.read(head + text + "\n\nYours.").spans()]
    assert both == [(start + len(head), end + len(head)) for start, end in alone]


def test_the_words_of_a_name_are_that_term(model: EncoderModel) -> None:
    (matches,) = PhraseLinker(model).link(["Hypertonia."])  # its made-up vector is nearer to others
    assert matches[0].hpo_id == "HP:0001276" and matches[0].similarity == 1.0
