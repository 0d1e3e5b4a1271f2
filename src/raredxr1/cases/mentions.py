"""Persons and ages that a note mentions: where they stand, and whether they are the patient's or a relative's."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Literal

from raredxr1 import lazy_re as re
from raredxr1.cases.ages import AGES
from raredxr1.data import table

Value = Literal["female", "male"]
HEADING_ENDS = 400
"""Letters within which a name with an age is the patient's, as at the head of a letter."""
_OPENS = re.compile(
    r"^[A-Za-z][A-Za-z /&]{1,30}:$|"  # the first line of a note
    r"(?:^|[.\n])\s*(?:hpi|cc|id|hx|pt|summary|patient|presentation|history|referral|reason\s+for\s+\w+|"
    r"(?:chief|presenting)\s+complaint|clinical\s+\w+|history\s+of\s+present\w*\s+\w+)\s*[:-]$",
    re.I,
)
"""A heading under which a note begins with its patient: "HPI: 26F G1P0 w/ dyspnea"."""
_NAMED = re.compile(
    r"(?:^|\n)[ \t]*(?:(?:re|ref|patient|pt|name|initials)\b\.?[ \t]*[:–-][ \t]*)?(?:(?:Mrs?|Ms|Miss|"
    r"Master)\b\.?[ \t]*)?"
    r"(?-i:(?:[A-Z][\w.'’-]*[ \t]+){0,3}[A-Z][\w.'’-]*)[ \t]*[,(–-]$|"
    r"(?:\b[a-z]+[ \t]){0,2}(?<![\w.])(?-i:(?:[A-Z]\.[ \t]?){2,4})[ \t]*[,(–-]$",
    re.I,
)
"""A name that heads a note, or initials, the age to follow."""
_FRENCH = re.compile(r"\b(?:catheter|foley|sheath|tube|introducer|cannula|stent|drain)\W*$", re.I)
"""What is measured in French: "Foley 16F" is nobody's age."""
_MONTHS_OLD = re.compile(r"(?<=[\d½¼¾])[\s-]*mo\b", re.I)
"""Months, where "mo" is not a mother."""
_STOPS = re.compile(r"[.!?](?=\s+\S)|\n\s*\n|\n(?=\s*(?:[-*•·▪]|\d{1,2}[.)]\s|[A-Z][A-Za-z /&'()-]{1,40}:))")
_SHORT = re.compile(r"(?:\b(?:[A-Za-z]|Mrs?|Ms|Drs?|St|vs|pt|yrs?|mos?|wks?|approx|ca|e\.g|i\.e|y\.o|No)|\.\w)$", re.I)
_HEADING = re.compile(r"(?m)^[ \t]*([A-Za-z][A-Za-z /&'()-]{1,40}?)[ \t]*(?::|$)|(?<=[.;] )([A-Z][A-Za-z /&-]{1,30}):")
_OF_FAMILY = re.compile(r"^(?:famil|fh\b|fhx|fam\b|pedigree|siblings?\b|parents?\b|mother\b|father\b|maternal|paternal|"
                        r"sisters?\b|brothers?\b|relatives?\b)", re.I)  # fmt: skip
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|♀|♂")
_OBLIQUE = re.compile(
    r"\b(?:by|per|to|with|from)\s+(?:(?:his|her|the|their|a|an|non-?consanguineous|healthy)\s+)*$", re.I
)
OWNED = re.compile(r"\b(?:has|have|had|with|her|his|their|whose|and|one|two|another)\s+(?:a|an|one|two)?\s*$", re.I)
_BETWEEN = re.compile(r"[\s,(:]*(?:who\s+)?(?:is|was|are|now|currently|aged?|died|dead|deceased|at|the|of|had|has)?"
                      r"(?:\s*(?:aged?|at|the|age|of|now|healthy|well|an?)\b)*[\s,(:]*$", re.I)  # fmt: skip


@cache
def persons() -> dict[str, dict[str, str]]:
    """Words for persons: whose they are (patient, relative, either) and their sex."""
    return {row["word"]: row for row in table("persons")}


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Kinds of what tells an age, with what each begins with, which is found far faster, and the whole of it."""
    nouns = sorted((w for w, row in persons().items() if row["role"] != "relative"), key=len, reverse=True)
    wholes = [(kind, pattern.replace("PATIENT", "|".join(nouns))) for kind, pattern in AGES]
    heads = [whole.partition("(?P<age>")[0] if "(?P<age>" in whole else "" for _, whole in wholes]
    return tuple(
        (kind, re.compile(head, re.I), re.compile(whole, re.I))
        for (kind, whole), head in zip(wholes, heads, strict=True)
    )


class Text:
    """A note with where its sentences and its family sections are."""

    def __init__(self, note: str) -> None:
        self.note = note
        stops = [m.end() for m in _STOPS.finditer(note) if not _SHORT.search(note[max(0, m.start() - 8) : m.start()])]
        self._starts = [0, *stops]
        self._family = list(self._sections())

    def before(self, at: int) -> str:
        """The sentence up to a place."""
        return self.note[self._starts[bisect_right(self._starts, at) - 1] : at]

    def of_family(self, at: int) -> bool:
        """Whether a place lies in a section about the family."""
        return any(start <= at < end for start, end in self._family)

    def _sections(self) -> Iterator[tuple[int, int]]:
        headings = [(m.start(), m[1] or m[2]) for m in _HEADING.finditer(self.note)]
        for (start, name), (end, _) in zip(headings, [*headings[1:], (len(self.note), "")], strict=False):
            if _OF_FAMILY.match(name):
                blank = re.search(r"\n\s*\n", self.note[start + len(name) : end])
                yield start, start + len(name) + blank.start() if blank and blank.start() > 2 else end


def letter_fits(note: str, match: re.Match[str]) -> bool:
    """Whether 58M or F/34 stands where a note speaks of its patient: at a beginning, or with a unit or "yo"."""
    if re.search(r"\d\s*[a-z/-]", match.group(), re.I) and re.search(r"\d[\s-]*(?:y|mo|m/|w|d)", match.group(), re.I):
        return True
    before, after = note[: match.start()].rstrip(" \t"), note[match.end() : match.end() + 80]
    if _FRENCH.search(before):
        return False
    if re.match(r"[\s-]*(?:old|of age)\b", after, re.I):
        return False  # "17 M OLD"
    named = _NAMED.search(before) if match.start() < HEADING_ENDS else None
    if named and not names_relative(named.group()):
        return True  # "Patient: Jan B., 34 M, driver"
    begins = not before or before[-1] in ".\n:;(|" or re.search(r"\b(?:an?|this|is|pt|patient|hpi|cc)$", before, re.I)
    if match.start() < HEADING_ENDS and (not before or before[-1] == "\n" or _OPENS.search(before)):
        return True  # "23F brought in by ambulance"
    return bool(begins) and bool(
        re.match(r"\s*(?:$|[,.;:)|]|w/|with\b|who\b|c/o|here\b|presen|p/w|s/p|h/o|hx\b|adm|ref)", after, re.I)
    )


def is_relatives(text: Text, match: re.Match[str], before: str, sex: Value | None) -> bool:
    """Whether the age is a relative's: by the noun that follows, else by the person last spoken of."""
    known = persons()
    if re.search(r"\b(?:born|delivered)\s+(?:\w+\s+){0,3}to\s+an?\s+(?:[a-z-]+\s+)*$", before, re.I):
        return True
    after = re.split(
        r"[,.;:()\n]|\b(?:with|who|whose|of|was|is|presented|presents|has|had)\b",
        text.note[match.end() : match.end() + 60],
    )[0]
    following = [known[w] for w in (word.lower() for word in WORD.findall(after)[:5]) if w in known]
    if following and match.group()[-1:] != ")":
        role = following[0]["role"]
        if role == "relative" and not re.match(r"\s*(?:presented|brought)", after, re.I):
            return not any(one["role"] == "patient" for one in following)
        if role == "either":
            return bool(OWNED.search(before))
        return False
    for word in reversed(list(WORD.finditer(before))):
        said = word.group().lower()
        if said.endswith(("'s", "’s")):
            continue
        if said in ("he", "she"):
            return sex is not None and (sex == "male") != (said == "he")
        person = known.get(said)
        if person is None:
            continue
        if person["role"] == "patient" or (person["role"] == "either" and not OWNED.search(before[: word.start()])):
            return False
        near = _BETWEEN.match(before[word.end() :]) is not None
        if near or not _OBLIQUE.search(before[: word.start()]):
            return True
    return False


def names_relative(words: str) -> bool:
    """Whether a relative is among the words."""
    said = _MONTHS_OLD.sub(" ", words)
    return any(persons().get(word.lower(), {}).get("role") == "relative" for word in WORD.findall(said))
