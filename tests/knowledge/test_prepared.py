"""What is kept beside a knowledge base is what would be made of it, and costs nothing but time where it is missing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from raredxr1.internalize.held_out import HeldOut, TrainingKnowledge
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.imported import LazyTexts, text, untext
from raredxr1.knowledge.linking import TERMS, Linker
from raredxr1.knowledge.parts import PARTS
from raredxr1.knowledge.prepared import Part, folder_of, prepared, write
from raredxr1.knowledge.recognition import lifted, shorthand, sites
from raredxr1.knowledge.term_store import OnDemand
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_kb(tmp_path_factory.mktemp("prepared")).path


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_shipped_parts_are_those_the_program_makes(part: Part) -> None:
    kb = load()
    with np.load(folder_of(kb.path) / f"{part.name}.npz") as file:
        kept = dict(file)
    again = "run `raredx knowledge prepare`, and keep what it writes"
    assert untext(kept.pop("stamp")) == [part.stamp(kb)], f"the base, a table or a rule of spelling changed: {again}"
    made = part.make(kb)
    assert kept.keys() == made.keys() and all(np.array_equal(kept[name], made[name]) for name in made), again


def unmakeable(part: Part) -> Part:
    def make(kb: KnowledgeBase) -> dict[str, np.ndarray]:
        raise AssertionError("made although it is kept")

    return Part(part.name, part.format, make, part.tables)


def test_a_part_is_read_where_it_fits_the_base(tiny: Path) -> None:
    write(KnowledgeBase(tiny), TERMS)
    kept = prepared(KnowledgeBase(tiny), unmakeable(TERMS))
    assert all(np.array_equal(kept[name], array) for name, array in TERMS.make(KnowledgeBase(tiny)).items())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-200]),
        lambda file: file.write_bytes(file.read_bytes().replace(b"icrocephaly", b"acrocephaly")),
        lambda file: np.savez(file, stamp=text(["of another base"])),
    ],
    ids=["missing", "empty", "cut short", "changed", "of another base"],
)
def test_a_part_that_does_not_fit_is_made_anew(tiny: Path, spoil: Callable[[Path], None]) -> None:
    spoil(write(KnowledgeBase(tiny), TERMS))
    link = Linker(KnowledgeBase(tiny)).term("small head")
    assert link and (link.id, link.label) == ("HP:0000252", "Microcephaly")


def test_other_tables_and_other_formats_make_other_parts(tiny: Path) -> None:
    kb = KnowledgeBase(tiny)
    parts = [Part("p", form, TERMS.make, lambda word=word: [word]) for form in (1, 2) for word in (b"a", b"b")]
    assert len({part.stamp(kb) for part in parts}) == 4


def test_training_never_reads_what_knows_the_held_out_synonyms(tiny: Path) -> None:
    write(KnowledgeBase(tiny), TERMS)
    held_out = TrainingKnowledge(tiny, HeldOut(wordings=0.99999))
    assert Linker(KnowledgeBase(tiny)).term("Watery stool") and not Linker(held_out).term("Watery stool")


def test_lines_and_things_made_on_demand_are_those_of_a_list() -> None:
    lines = ["", "one", "zwölf", "", "last"]
    for held in (LazyTexts(text(lines)), OnDemand(5, lines.__getitem__)):
        assert list(held) == lines and held[-1] == "last" and held[1:4] == lines[1:4] and len(held) == 5
        with pytest.raises(IndexError):
            held[5]


def test_every_pattern_of_the_tables_can_be_compiled() -> None:
    of_sites = [row for table in sites._table().values() for row in table.rows]
    patterns = [p for row in of_sites for p in (row.said, row.site)]
    patterns += [p for rows in sites._table().values() for p in (rows.any, rows.behind)]
    for by in lifted._table():
        patterns += [p for rows in by.values() for row in rows for p in (row.before, row.behind, row.needs)]
    patterns += [meaning.context for meanings in shorthand._table()[0].values() for meaning in meanings]
    assert [p.search("\0") for p in patterns if p] == [None] * len([p for p in patterns if p])
