"""Which laboratory values a note gives: what is measured already is neither advised nor missed.

A value counts as given whether or not it can be told to be normal: "TSH 1.6" needs no second TSH.
"""

from functools import cache, lru_cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.knowledge.recognition.analytes import WORD, analyte_at

_VALUE = re.compile(
    r"[^\w\n]{0,12}(?:\([^()\n]{0,30}\)[^\w\n]{0,12})?(?:(?:is|was|were|of|level|at|[<>])\s*){0,3}"
    r"(?:\d|normal\b|N\b|neg|low\b|high\b|raised\b|reduced\b|pending|awaited|sent\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def analytes_in(note: str) -> frozenset[str]:
    """HPO ids of what low and high values mean, of every analyte that the note gives a value or a result of."""
    found: set[str] = set()
    for word in WORD.finditer(note):
        hit = analyte_at(note, word)
        if hit and _VALUE.match(note, hit[2]):
            found.update(filter(None, (hit[0].low_term, hit[0].high_term)))
    found.update(term for name, term in _beside() if any(_VALUE.match(note, one.end()) for one in name.finditer(note)))
    return frozenset(found)


@cache
def _beside() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"(?<![\w-])(?:{row['names']})(?![\w-])", re.IGNORECASE), row["hpo_id"])
        for row in table("measured_by")
    )
