"""A diagnosis the note already states: "known Marfan syndrome", "diagnosed with NF1", "karyotype 47,XXY".

Only names behind words that say so and karyotypes (`karyotypes`) are looked at, never what is negated, a relative's, or
considered.
"""

from dataclasses import dataclass
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.diagnose.karyotypes import karyotypes
from raredxr1.diagnose.names import Names
from raredxr1.knowledge.assertion import Assertion, assertions

LONGEST = 8
"""Words of a disease name."""
_WORD = re.compile(r"[\w'’/-]+")


@dataclass(frozen=True)
class Already:
    """A diagnosis the note states."""

    key: str
    name: str
    quote: str
    start: int
    end: int


def already_diagnosed(note: str, names: Names) -> list[Already]:
    """Find the diseases a note states as made diagnoses, each once, in order of place."""
    found: dict[str, Already] = {}
    for match in _cues().finditer(note):
        hit = _name_after(note, match.end(), names)
        if hit and hit.key not in found and _of_the_patient(note, match.start(), hit):
            found[hit.key] = hit
    for disease, start, end in karyotypes(note):
        (state,) = assertions(note, [(start, end)])
        if state == Assertion.present and (link := names.linker.disease(disease)):
            hit = Already(names.key(disease), link.label, note[start:end], start, end)
            found.setdefault(hit.key, hit)
    return list(found.values())


def _name_after(note: str, start: int, names: Names) -> Already | None:
    line = re.split(r"[.;:\n]", note[start : start + 160], maxsplit=1)[0]
    words = [(match.start(), match.end()) for match in _WORD.finditer(line)][:LONGEST]
    for first in range(min(2, len(words))):  # "the", "a", "classic" may come before the name
        for last in range(len(words), first, -1):
            begin, end = words[first][0], words[last - 1][1]
            said = line[begin:end]
            link = names.linker.disease(said) if len(said) >= 3 else None
            if link and link.rule != "fuzzy" and names.term_id(said) is None:
                return Already(names.key(said), link.label, said, start + begin, start + end)
    return None


def _of_the_patient(note: str, cue: int, hit: Already) -> bool:
    (state,) = assertions(note, [(hit.start, hit.end)])
    (at_cue,) = assertions(note, [(cue, hit.end)])
    return state == at_cue == Assertion.present


@cache
def _cues() -> re.Pattern[str]:
    said = sorted((row["cue"] for row in table("diagnosis_cues")), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, said))})\s+(?:an?\s+|the\s+)?", re.IGNORECASE)
