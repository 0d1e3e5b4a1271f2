"""Read phenotype.hpoa: which disease has which finding, how often, from when, in whom, and who says so.

Also genes_to_phenotype.txt or genes_to_disease.txt, for the genes of a disease. Columns are found by name, so that
those of releases since 2018 are read; the biocuration column (who annotated when) and unknown ones are left out. A
release of hundreds of thousands of rows may hold some that cannot be read: they are left out and counted in a note.
Format: https://obophenotype.github.io/human-phenotype-ontology/annotations/phenotype_hpoa/
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError

COLUMNS = [
    "database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence", "onset", "frequency", "sex",
    "modifier", "aspect",
]  # fmt: skip
_OLD_COLUMNS = {"databaseid": "database_id", "diseasename": "disease_name"}
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

_DISEASE_ID = re.compile(r"(OMIM|ORPHA(?:NET)?|DECIPHER):0*(\d+)", re.IGNORECASE)
_HPO_ID = re.compile(r"(?:https?://\S*/)?HP[:_](\d{7})", re.IGNORECASE)
_FRACTION = re.compile(r"(\d+)\s*/\s*(\d+)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_SEXES = {"": "", "female": "female", "male": "male", "f": "female", "m": "male"}
MOST_SKIPPED = 0.02
"""A file with a larger share of rows that cannot be read is another file than it should be."""


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


def read_hpoa(lines: Iterable[str], notes: list[str] | None = None) -> Annotations:
    """Read the annotation file.

    Args:
        lines: the file's lines.
        notes: is told what was passed over.

    Raises:
        InputError: no version, columns that are missing, or too many rows that break the format.
    """
    rows, columns, said = list[Row](), list[str](), dict[str, str]()
    passed: Counter[str] = Counter()
    first = ""
    for number, line in enumerate(lines, 1):
        line = line.removeprefix("\ufeff").rstrip("\r\n")
        cells = line.split("\t")
        if not columns and (found := _columns(cells)):
            columns = found
        elif line.startswith("#") or not line.strip():
            key, _, value = line.lstrip("# ").partition(":")
            said[key.strip().lower()] = value.strip()
        elif not columns:
            raise InputError(f"phenotype.hpoa line {number}: columns are {cells}, expected {COLUMNS}")
        else:
            try:
                rows.append(_row(cells, columns))
            except ValueError as error:
                passed[str(error).split("'")[0].strip(" :")] += 1
                first = first or f"phenotype.hpoa line {number}: {error}"
    if passed.total() > MOST_SKIPPED * len(rows):
        raise InputError(first)
    version = said.get("version") or said.get("date") or ""
    if not version or not rows:
        raise InputError("phenotype.hpoa: no #version or no annotation")
    if notes is not None and passed:
        notes.append(f"{passed.total()} of {len(rows):,} rows left out, the first being {first}")
    return Annotations(version, rows)


def _columns(cells: list[str]) -> list[str]:
    """The names of the columns where this is the line that names them; those of older releases in today's words."""
    found = [cell.strip().lstrip("#").strip().lower() for cell in cells]
    found = [_OLD_COLUMNS.get(cell, cell) for cell in found]
    return found if set(COLUMNS) <= set(found) else []


def _row(cells: list[str], columns: list[str]) -> Row:
    if len(cells) > len(columns):
        raise ValueError(f"{len(cells)} columns, expected {len(columns)}")
    told = dict(zip(columns, cells, strict=False))  # empty cells at the end may be left out
    said = {column: told.get(column, "").strip() for column in COLUMNS}
    disease = _DISEASE_ID.fullmatch(said["database_id"])
    term = _HPO_ID.fullmatch(said["hpo_id"])
    sex = _SEXES.get(said["sex"].lower())
    aspect = said["aspect"].upper()
    if not disease:
        raise ValueError(f"not an OMIM, ORPHA or DECIPHER id: {said['database_id']!r}")
    if not term:
        raise ValueError(f"not an HPO id: {said['hpo_id']!r}")
    if said["qualifier"].upper() not in ("", "NOT"):
        raise ValueError(f"unknown qualifier {said['qualifier']!r}")
    if sex is None:
        raise ValueError(f"unknown sex {said['sex']!r}")
    if aspect not in tuple(ASPECTS):
        raise ValueError(f"unknown aspect {said['aspect']!r}")
    frequency = re.sub(r"HP_(?=\d{7}$)", "HP:", said["frequency"])
    frequency_of(frequency)
    source = disease[1].upper().replace("ORPHANET", "ORPHA")
    return Row(
        disease_id=f"{source}:{disease[2]}",
        disease_name=said["disease_name"],
        negated=bool(said["qualifier"]),
        hpo_id=f"HP:{term[1]}",
        reference=said["reference"],
        evidence=said["evidence"],
        onset=said["onset"],
        frequency=frequency,
        sex=sex,
        modifier=said["modifier"],
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

    Args:
        lines: of genes_to_phenotype.txt (of any year) or genes_to_disease.txt.
        name: the file's name, for errors.

    Raises:
        InputError: the columns needed are missing, or a row is short (with its line number).
    """
    genes: dict[str, set[str]] = {}
    rows = iter(lines)
    head = next(rows, "").removeprefix("\ufeff").rstrip("\r\n")
    columns = [cell.strip() for cell in head.replace("<tab>", "\t").split("\t")]
    symbol = next((i for i, cell in enumerate(columns) if cell in ("gene_symbol", "entrez-gene-symbol")), None)
    disease = next((i for i, cell in enumerate(columns) if cell in ("disease_id", "disease-ID for link")), None)
    if symbol is None or disease is None:
        raise InputError(f"{name} line 1: no columns gene_symbol and disease_id")
    for number, line in enumerate(rows, 2):
        cells = line.rstrip("\r\n").split("\t")
        if not line.strip() or line.startswith("#"):
            continue
        if len(cells) <= max(symbol, disease):
            raise InputError(f"{name} line {number}: {len(cells)} columns, expected {len(columns)}")
        match = _DISEASE_ID.fullmatch(cells[disease].strip())
        if match and cells[symbol].strip(" -"):
            source = match[1].upper().replace("ORPHANET", "ORPHA")
            genes.setdefault(f"{source}:{match[2]}", set()).add(cells[symbol].strip())
    return {key: sorted(value) for key, value in genes.items()}
