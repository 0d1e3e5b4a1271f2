"""Real cases as patients to write notes of: phenotypes of published people, thinned anew every time they are used."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Literal

from raredxr1 import lazy_re as re
from raredxr1.cases.patients import Patient
from raredxr1.cases.readers import RowError, read_cases
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import Case

_ISO = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?")
_DAYS = (365.25, 30.44, 7.0, 1.0)
UNKNOWN = -1
"""No disease number: notes of patients do not need one."""


@dataclass
class Records:
    """Patients by disease number, and how many rows were left out, by reason."""

    patients: dict[int, list[Patient]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many patients there are."""
        return sum(map(len, self.patients.values()))


def read_records(paths: Sequence[Path], kb: KnowledgeBase, diseases: Sequence[int]) -> Records:
    """Read case files and keep the patients of the given diseases whose phenotypes are known.

    A row whose `split` is anything but "train" is never kept: it is there to measure with.

    Raises:
        InputError: a file that cannot be read.
    """
    records, taught = Records(), set(diseases)
    for path in paths:
        for row in read_cases(path):
            kept = _patient(row, kb, taught)
            if isinstance(kept, Patient):
                records.patients.setdefault(kept.disease, []).append(kept)
            else:
                records.left_out[kept] = records.left_out.get(kept, 0) + 1
    return records


def thinned(patient: Patient, rng: Random, most: int | None = None) -> Patient:
    """The patient as another clinician might record them: fewer findings, in another order, often no negatives."""
    share = rng.uniform(0.5, 1.0)
    present = [term for term in patient.present if rng.random() < share] or [rng.choice(patient.present)]
    absent = [term for term in patient.absent if rng.random() < share] if rng.random() < 0.3 else []
    rng.shuffle(present)
    rng.shuffle(absent)
    return replace(patient, present=present[:most], absent=absent[:most])


def _patient(row: Case | RowError, kb: KnowledgeBase, taught: set[int]) -> Patient | str:
    if isinstance(row, RowError):
        return "unreadable"
    if getattr(row, "split", "train") != "train":
        return "kept for measuring"
    found = [kb.disease(name.id) for name in row.gold if name.id]
    disease = next((d for d in found if d in taught), None)
    if disease is None:
        return "disease not taught"
    patient = replace(patient_of(row, kb), disease=disease)
    return patient if patient.present else "no findings"


def patient_of(case: Case, kb: KnowledgeBase) -> Patient:
    """The patient of a case: terms the knowledge base knows, age and sex; the disease is left open (UNKNOWN)."""
    present, absent = _terms(case.hpo_observed, kb), _terms(case.hpo_excluded, kb)
    return Patient(UNKNOWN, present, absent, age_years=_years(case.age), sex=_sex(case.sex))


def _terms(ids: Sequence[str], kb: KnowledgeBase) -> list[int]:
    return [kb.term(i) for i in dict.fromkeys(map(kb.resolve_term, ids)) if i]


def _years(age: str | None) -> float | None:
    match = _ISO.fullmatch(age or "")
    if not match or not any(match.groups()):
        return None
    return sum(int(count or 0) * days for count, days in zip(match.groups(), _DAYS, strict=True)) / 365.25


def _sex(sex: str | None) -> Literal["female", "male"] | None:
    first = (sex or "").lower()
    return "female" if first in ("f", "female") else "male" if first in ("m", "male") else None
