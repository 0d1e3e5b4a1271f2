"""Where in a note a finding belongs: history, examination, or one of the investigations that would have shown it."""

import re

from raredxr1.knowledge import KnowledgeBase

HISTORY, EXAMINATION, BIRTH = "history", "examination", "birth"
_ROOTS = (
    (BIRTH, ("HP:0001197",)),
    ("eeg", ("HP:0002353",)),
    ("emg", ("HP:0003457", "HP:0003134", "HP:0000762")),
    ("biopsy", ("HP:0004303", "HP:0100303")),
    (
        HISTORY,
        (
            "HP:0001892",
            "HP:0001945",
            "HP:0002719",
            "HP:0000364",
            "HP:0000504",
            "HP:0000613",
            "HP:0002093",
            "HP:0000708",
            "HP:0012823",
            "HP:0000978",
            "HP:0001250",
            "HP:0001249",
            "HP:0012758",
            "HP:0002167",
        ),
    ),
    (
        EXAMINATION,
        (
            "HP:0000240",
            "HP:0002240",
            "HP:0001744",
            "HP:0002716",
            "HP:0000508",
            "HP:0000486",
            "HP:0000639",
            "HP:0000822",
            "HP:0000952",
            "HP:0000980",
            "HP:0000969",
            "HP:0031826",
            "HP:0003808",
            "HP:0001324",
            "HP:0001371",
            "HP:0001382",
            "HP:0003202",
        ),
    ),
    ("eyes", ("HP:0001098", "HP:0000517", "HP:0000481", "HP:0001120")),
    ("echo", ("HP:0001627", "HP:0001679", "HP:0001713")),
    ("mri", ("HP:0012443", "HP:0002143")),
    ("ultrasound", ("HP:0012210", "HP:0001392", "HP:0000022")),
    (
        "xray",
        (
            "HP:0003312",
            "HP:0000944",
            "HP:0002656",
            "HP:0004349",
            "HP:0000940",
            "HP:0003330",
            "HP:0002750",
            "HP:0003336",
            "HP:0002652",
            "HP:0003468",
            "HP:0005474",
        ),
    ),
    ("urine", ("HP:0003110", "HP:0000093", "HP:0000790", "HP:0012614")),
    ("labs", ("HP:0001939", "HP:0001871", "HP:0012211", "HP:0011014", "HP:0010876", "HP:0032180")),
    (
        EXAMINATION,
        (
            "HP:0000152",
            "HP:0000356",
            "HP:0000924",
            "HP:0001574",
            "HP:0000078",
            "HP:0000478",
            "HP:0040064",
            "HP:0000002",
            "HP:0004323",
            "HP:0007256",
            "HP:0000765",
            "HP:0001098",
            "HP:0003549",
        ),
    ),
)
_MEASURED = re.compile(
    r"circulating|concentration|activity of|level$|titer|serum|plasma|urinary|acidosis|penia$|cytosis$|emia$"
)


class Sorter:
    """Sorts terms into the parts of a note; remembers what it sorted."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Look up the terms that head the parts."""
        self.kb = kb
        self._roots = [(part, frozenset(kb.term(i) for i in map(kb.resolve_term, ids) if i)) for part, ids in _ROOTS]
        self._resolving = frozenset(kb.term(i) for i in map(kb.resolve_term, RESOLVING) if i)
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


RESOLVING = (
    "HP:0001250",
    "HP:0001945",
    "HP:0002013",
    "HP:0002014",
    "HP:0011968",
    "HP:0000952",
    "HP:0002719",
    "HP:0002098",
    "HP:0001943",
    "HP:0001903",
    "HP:0001873",
    "HP:0001875",
    "HP:0000988",
    "HP:0012735",
    "HP:0002027",
    "HP:0000969",
    "HP:0002020",
    "HP:0002315",
    "HP:0001252",
    "HP:0000403",
    "HP:0002104",
    "HP:0001942",
    "HP:0000421",
    "HP:0001251",
)
"""Findings that are often a thing of the past. They were there, so they count as present."""
