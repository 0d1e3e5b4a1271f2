"""Words that all registers share: how findings are led in, qualified, denied and doubted. Written for this project."""

from dataclasses import dataclass
from itertools import groupby

from raredxr1 import lazy_re as re
from raredxr1.cases.speech.grammar import Template, compiled
from raredxr1.data import table, wordings
from raredxr1.knowledge import KnowledgeBase

PHRASES = wordings("phrasing")

MISSPELT = 0.015
"""Share of findings with a slip of the keyboard, and of other sentences."""
QUALIFIED = 0.12
"""Share of findings that are called mild, marked, ..."""
SIZED = frozenset(PHRASES["sized"])
HISTORIES = 0.3
UNCERTAIN = 0.3
"""Shares of notes that tell of something past, and of something nobody is sure of."""

JOINED, JOINS = 0.42, (", and ", ", and ", "; ", " and ", ", and ", ", while ")
"""Share of statements that go on in the same sentence, and how."""
CODA = 0.16
"""Share of statements with something said of them at the end."""
TIMED = 0.18
LATER = 0.1
"""Shares of findings with the age at which they began, and with since when or how often they are."""
UNAWARE = re.compile(r"intellect|cogniti|delay|dement|regress|autis|behavio|speech|mental", re.IGNORECASE)
"""Labels of findings that nobody is asked whether they have them."""
INBORN = re.compile(r"neonatal|newborn|birth|congenital|infan|prenatal|fetal|childhood|onset", re.IGNORECASE)
"""Labels of findings that say when they were there."""


TESTED = frozenset(("mri", "echo", "ultrasound", "xray", "eeg", "emg", "biopsy", "eyes", "urine"))
"""Parts of a record that are told behind the name of a test, so that the words need not name it again."""
_TEST = "MRI|CT|echo|ultrasound|X-ray|EEG|EMG|biopsy|fundoscopy|scan|NCS|hepatic sonography"
SHOWN_BY = re.compile(rf" (?:on|by|in) (?:the )?(?:{_TEST})$")
_PREPOSITION = re.compile(r" (?:of|in|with|on|between|for|to|from|at|that|which|due|affecting|below|above|by) ")


def plural(text: str) -> bool:
    """Whether a noun phrase takes "are", as far as its ending tells."""
    head = _PREPOSITION.split(text, maxsplit=1)[0]
    return head.endswith(("s", "feet", "teeth", "nares")) and not head.endswith(
        ("ss", "is", "us", "series", "caries", "diabetes", "rickets", "herpes", "facies", "biceps")
    )


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


HISTORY, EXAMINATION, BIRTH = "history", "examination", "birth"
_MEASURED = re.compile(
    r"circulating|concentration|activity of|level$|titer|serum|plasma|urinary|acidosis|penia$|cytosis$|emia$"
)


class Sorter:
    """Sorts terms into the parts of a note; remembers what it sorted."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Look up the terms that head the parts."""
        self.kb = kb
        parts = groupby(table("note_parts"), key=lambda row: row["part"])
        roots = [
            (part, frozenset(kb.term(i) for row in rows if (i := kb.resolve_term(row["hpo_id"]))))
            for part, rows in parts
        ]
        *self._roots, (_, self._resolving) = roots
        self._parts: dict[int, tuple[str, bool]] = {}

    def part(self, term: int) -> str:
        """history, examination, birth, or the name of an investigation."""
        return self._sorted(term)[0]

    def resolves(self, term: int) -> bool:
        """Whether the finding is of a kind that comes and goes."""
        return self._sorted(term)[1]

    def _sorted(self, term: int) -> tuple[str, bool]:
        known = self._parts.get(term)
        if known is None:
            above = set(self.kb.term_ancestors[term])
            part = next((part for part, roots in self._roots if roots & above), HISTORY)
            if part in (HISTORY, "echo") and _MEASURED.search(self.kb.term_names[term].lower()):
                part = "labs"
            known = self._parts[term] = (part, bool(self._resolving & above))
        return known


@dataclass(frozen=True)
class Line:
    """A line that may be said unless the patient has one of some findings, at some ages."""

    template: Template
    unless: frozenset[int]
    low: float
    high: float

    def fits(self, shown: frozenset[int], years: float | None) -> bool:
        """Whether it is true of a patient with these findings and of this age (unknown: it must hold at any)."""
        if self.unless & shown:
            return False
        return (self.low == 0.0 and self.high > 100) if years is None else self.low <= years <= self.high


class Background:
    """Lines by topic, with the findings that rule them out looked up."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Read the table `background`."""
        lines: dict[str, list[Line]] = {}
        for row in table("background"):
            template = compiled(row["text"])
            known = [kb.resolve_term(i) for i in row["unless"].split()]
            unless = frozenset(kb.term(i) for i in known if i)
            low = max(float(row["low"]), template.least_years)
            lines.setdefault(row["topic"], []).append(Line(template, unless, low, float(row["high"])))
        self.pregnancy, self.past = lines["pregnancy"], lines["past"]
        self.social_child, self.social_adult = lines["social_child"], lines["social_adult"]
        self.normal, self.results = lines["normal"], lines["results"]
