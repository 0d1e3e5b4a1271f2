"""A bounded run of the fuzz campaign (benchmarks/hardening.py): any input gives a note, or one line says why not."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzzed import KINDS, documents, fuzzed
from raredxr1.cases.json_text import is_broken
from raredxr1.diagnose.deidentify import deidentify
from raredxr1.diagnose.inputs import note_of
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings
from raredxr1.errors import InputError

pytestmark = pytest.mark.slow

INPUTS = 12
"""An example, so that every kind comes up in a run of the suite."""


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names()


@given(st.integers(0, 2**32 - 1))
def test_any_input_gives_a_note_or_one_line(names: Names, tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    rng, folder = random.Random(seed), tmp_path_factory.getbasetemp()
    for _ in range(INPUTS):
        kind, data = fuzzed(rng)
        read_all(kind, data, folder, names)


def read_all(kind: str, data: bytes, folder: Path, names: Names) -> None:
    try:
        for given_, name in documents(kind, data, folder):
            assert not is_broken(name)
            if isinstance(given_, InputError):
                assert_line(given_)
                continue
            try:
                note, notices = note_of(given_, name, names.kb)
            except InputError as error:
                assert_line(error)
                continue
            assert note.strip() and not is_broken(note) and "\x00" not in note
            assert all(notice.strip() for notice in notices)
            for found in stated_findings(note, [], names):
                assert note[found.span.start : found.span.end] == found.quote
            deidentify(note)
    except InputError as error:
        assert_line(error)


def assert_line(error: InputError) -> None:
    said = str(error)
    assert said.strip()
    assert len(said) < 4000


def test_every_kind_comes_up() -> None:
    rng = random.Random(0)
    assert {fuzzed(rng)[0] for _ in range(40 * INPUTS)} == set(KINDS)
