"""Diseases that a karyotype or an array in a note is: "47,XXY", "45,X[22]/46,X,i(Xq)[8]", "46,XY,del(22)(q11.2)".

Patterns stand in `data/karyotypes.tsv`, in the International System for Human Cytogenomic Nomenclature (ISCN).
"""

from collections.abc import Iterator
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table

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
