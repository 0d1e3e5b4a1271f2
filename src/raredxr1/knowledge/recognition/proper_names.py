"""Names of persons and places that hold the word for a finding: "Dr. Cough", "Joy Pain, 34", "Rash Street"."""

from raredxr1 import lazy_re as re
from raredxr1.rare_re import rare

_SURNAME = r"[A-Z][a-z]+(?:[-'’][A-Z][a-z]+)?"
_TITLE = r"(?:Dr|Mr|Mrs|Ms|Miss|Prof|Professor|Doctor|Nurse|Sir|Lady)"
_PLACE = (
    r"(?:Street|St\.|Road|Rd|Lane|Avenue|Close|Drive|Crescent|Square|Terrace|Hospital|Infirmary|Surgery|Primary|"
    r"Medical Cent(?:re|er)|Health Cent(?:re|er)|Academy|College|House|Hall|Farm|Park|Bridge|Town|Village|County)"
)
_BEFORE = r"(?:(?<=[.;:\n] )|(?<=\n)|^|\b(?:seen|reviewed|saw|met|examined|assessed|named|called|for|by|with|re) )"
_BEHIND = r"(?=,? (?:who|lives|attends|goes|came)\b|['’]s\b|,? (?:aged )?\d{1,3}\b| \(\d)"
_NAMES = re.compile(
    rf"\b{_TITLE}\.?[ ]+(?:(?:[A-Z]\.|{_SURNAME})[ ]+)?(?P<titled>{_SURNAME})\b|"
    rf"\b(?P<place>{_SURNAME})(?=[ ]+{_PLACE}(?!\w))|"
    rf"\b(?:[Ll]ives?|[Ll]ived|living|resident|residing|moved|moving) (?:in|at|to|near|from) (?P<town>{_SURNAME})\b|"
    rf"{_BEFORE}(?P<given>[A-Z][a-z]{{2,12}})[ ]+(?P<full>{_SURNAME}){_BEHIND}"
)
"""A name behind a title, before the word for a place, or in full where an age or what a person does stands behind."""
_LEADS = (
    rare(rf"\b{_TITLE}\.?[ ]+[A-Z]"),
    rare(r"\b(?:[Ll]ives?|[Ll]ived|living|resident|residing|moved|moving) (?:in|at|to|near|from) [A-Z]"),
    rare(rf"(?<=[ ]){_PLACE}(?!\w)"),
    re.compile(rf"[A-Z][a-z]{{2,12}}[ ]+{_SURNAME}{_BEHIND}"),
)
"""A text without any of these has no such name; each is found far faster than all together."""
_SAID = frozenset(
    "acute chronic severe mild moderate recurrent progressive congenital bilateral left right no the her "  # noqa: SIM905
    "his new past known early late first head back chest joint skin muscle eye since from has had have some both more "
    "low high short tall large small possible".split()
)
"""First words with a capital that are no given name."""


def proper_names(text: str) -> list[tuple[int, int]]:
    """Where such names stand, in order."""
    if not any(lead.search(text) for lead in _LEADS):
        return []
    found = (match for match in _NAMES.finditer(text) if (match["given"] or "").lower() not in _SAID)
    return [match.span(match.lastgroup or 0) for match in found]


def without_proper_names(text: str) -> str:
    """A text of the same length in which strokes stand for such names."""
    for start, end in proper_names(text):
        text = text[:start] + "_" * (end - start) + text[end:]
    return text
