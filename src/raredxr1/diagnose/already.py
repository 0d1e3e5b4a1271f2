"""A diagnosis the note already states: "known Marfan syndrome", "diagnosed with NF1", "karyotype 47,XXY".

Only names behind words that say so and karyotypes are looked at, never what is negated, a relative's, or considered.
Patterns of karyotypes and arrays stand in `data/karyotypes.tsv`, in the International System for Human Cytogenomic
Nomenclature (ISCN).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
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


_LIKELY = re.compile(r"4[5-9],\s?X|\b(?:del|dup|der|r)\(|\+i\(|\)\s?[x×]\s?[13]\b")
_BLANK = re.compile(r"(?<=[,;+()/])[ \t]+|[ \t]+(?=[(,;+x×])")


def karyotypes(note: str) -> Iterator[tuple[str, int, int]]:
    """The disease, and where what says so begins and ends in the note; in order of the table."""
    if not _LIKELY.search(note):
        return
    written, places = _without_blanks(note)
    for pattern, disease in _patterns():
        for match in pattern.finditer(written):
            yield disease, places[match.start()], places[match.end() - 1] + 1


def _without_blanks(note: str) -> tuple[str, list[int]]:
    """A note without the blanks that stand inside formulas, and where each letter of it was."""
    dropped = {at for match in _BLANK.finditer(note) for at in range(*match.span())}
    places = [at for at in range(len(note)) if at not in dropped]
    return "".join(note[at] for at in places), places


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(rf"(?<![\w;]){row['pattern']}"), row["disease"]) for row in table("karyotypes")]
