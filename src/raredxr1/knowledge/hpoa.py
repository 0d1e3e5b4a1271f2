"""Read phenotype.hpoa: which disease has which finding, how often, from when, in whom, and who says so.

Also genes_to_phenotype.txt, for the genes of a disease. The biocuration column (who annotated when) is left out.
Format: https://obophenotype.github.io/human-phenotype-ontology/annotations/phenotype_hpoa/
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from raredxr1.errors import InputError

COLUMNS = [
    "database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence", "onset", "frequency", "sex",
    "modifier", "aspect", "biocuration",
]  # fmt: skip
ASPECTS = "PICMH"
"""Phenotype, inheritance, clinical course, clinical modifier, past medical history."""

FREQUENCY_TERMS = {
    "HP:0040280": 1.0,
    "HP:0040281": 0.9,
    "HP:0040282": 0.55,
    "HP:0040283": 0.17,
    "HP:0040284": 0.025,
    "HP:0040285": 0.0,
}
"""Obligate, very frequent, frequent, occasional, very rare, excluded: the middle of each range of the HPO."""

_DISEASE_ID = re.compile(r"(OMIM|ORPHA|DECIPHER):\d+")
_HPO_ID = re.compile(r"HP:\d{7}")
_FRACTION = re.compile(r"(\d+)/(\d+)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")


@dataclass(frozen=True)
class Row:
    """One annotation as the file has it; empty strings where it is silent."""

    disease_id: str
    disease_name: str
    negated: bool
    hpo_id: str
    reference: str
    evidence: str
    onset: str
    frequency: str
    sex: str
    modifier: str
    aspect: str


@dataclass(frozen=True)
class Annotations:
    """All rows in file order, and the release they come from."""

    version: str
    rows: list[Row]


def read_hpoa(lines: Iterable[str], name: str = "phenotype.hpoa") -> Annotations:
    """Read the annotation file.

    Raises:
        InputError: no version, other columns than expected, or a row that breaks the format (with its line number).
    """
    version, rows, header = "", [], False
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\n").split("\t")
        if line.startswith("#"):
            version = line.split(":", 1)[1].strip() if line.startswith("#version") else version
        elif not header:
            if cells != COLUMNS:
                raise InputError(f"{name} line {number}: columns are {cells}, expected {COLUMNS}")
            header = True
        else:
            rows.append(_row(cells, f"{name} line {number}"))
    if not version or not rows:
        raise InputError(f"{name}: no #version or no annotation")
    return Annotations(version, rows)


def _row(cells: list[str], where: str) -> Row:
    if len(cells) != len(COLUMNS):
        raise InputError(f"{where}: {len(cells)} columns, expected {len(COLUMNS)}")
    disease_id, name, qualifier, hpo_id, reference, evidence, onset, frequency, sex, modifier, aspect, _ = cells
    if not _DISEASE_ID.fullmatch(disease_id):
        raise InputError(f"{where}: not an OMIM, ORPHA or DECIPHER id: {disease_id!r}")
    if not _HPO_ID.fullmatch(hpo_id):
        raise InputError(f"{where}: not an HPO id: {hpo_id!r}")
    for column, value, known in (
        ("qualifier", qualifier, ("", "NOT")),
        ("sex", sex.lower(), ("", "female", "male")),
        ("aspect", aspect, tuple(ASPECTS)),
    ):
        if value not in known:
            raise InputError(f"{where}: unknown {column} {value!r}")
    try:
        frequency_of(frequency)
    except ValueError as error:
        raise InputError(f"{where}: {error}") from error
    return Row(
        disease_id=disease_id,
        disease_name=name.strip(),
        negated=qualifier == "NOT",
        hpo_id=hpo_id,
        reference=reference,
        evidence=evidence,
        onset=onset,
        frequency=frequency,
        sex=sex.lower(),
        modifier=modifier,
        aspect=aspect,
    )


def frequency_of(cell: str) -> tuple[float, float] | None:
    """Turn a frequency cell into (frequency, patients it rests on); None where the cell is empty.

    "3/7" rests on seven patients; a percentage or a frequency term counts as ten.

    Raises:
        ValueError: the cell is neither fraction, percentage nor frequency term.
    """
    if not cell:
        return None
    if match := _FRACTION.fullmatch(cell):
        seen, of = int(match[1]), int(match[2])
        if of == 0 or seen > of:
            raise ValueError(f"impossible frequency {cell!r}")
        return seen / of, float(of)
    if match := _PERCENT.fullmatch(cell):
        return min(float(match[1]), 100.0) / 100, 10.0
    if cell in FREQUENCY_TERMS:
        return FREQUENCY_TERMS[cell], 10.0
    raise ValueError(f"unknown frequency {cell!r}")


def read_genes(lines: Iterable[str], name: str = "genes_to_phenotype.txt") -> dict[str, list[str]]:
    """Read which gene symbols belong to which disease id, in alphabetical order.

    Raises:
        InputError: the columns needed are missing, or a row is short (with its line number).
    """
    genes: dict[str, set[str]] = {}
    rows = iter(lines)
    columns = next(rows, "").rstrip("\n").split("\t")
    if "gene_symbol" not in columns or "disease_id" not in columns:
        raise InputError(f"{name} line 1: no columns gene_symbol and disease_id")
    symbol, disease = columns.index("gene_symbol"), columns.index("disease_id")
    for number, line in enumerate(rows, 2):
        cells = line.rstrip("\n").split("\t")
        if len(cells) != len(columns):
            raise InputError(f"{name} line {number}: {len(cells)} columns, expected {len(columns)}")
        genes.setdefault(cells[disease], set()).add(cells[symbol])
    return {key: sorted(value) for key, value in genes.items()}
