"""What a text says of the findings it mentions: present, absent, or not the patient's.

Rules in the manner of NegEx and ConText (Chapman et al. 2001, J Biomed Inform 34:301; Harkema et al. 2009, J Biomed
Inform 42:839): a cue reaches over what follows it (or stands before it) until its clause ends. English only.
"""

import re
from collections.abc import Sequence

from raredxr1.knowledge.assertion.states import Assertion

_SENTENCE = re.compile(r"[^.;!?\n]+(?:\n(?![\n\-*])[^.;!?\n]+)*")
_HEADED = re.compile(
    r"(?im)^[\s\-*]*(?:absent|negatives?|pertinent negatives|not present|denies|excluded)\s*:(?P<said>.*)$"
)
_ENDS = re.compile(
    r"\b(?:but|however|although|though|except|apart from|aside from|besides|other than|yet|whereas|while|"
    r"she (?:has|had|did|was|is)|he (?:has|had|did|was|is)|they (?:have|had)|there (?:was|is|were|are)|"
    r"on examination|due to|because of|despite|(?<!not )presents?|presented|developed|showed|shows|revealed)\b",
    re.IGNORECASE,
)
_ABSENT_BEFORE = re.compile(
    r"(?:\b|(?<!\S)(?=-))(?:no|not|nor|neither|without|w/o|denie[sd]|denying|deny|never|none|absence of|lack of|"
    r"free of|negative for|neg(?=[.:])|-ve|nil|ruled out|rules out|excluded|excludes|unremarkable for|absent|hasn[’']t|"
    r"didn[’']t|doesn[’']t|isn[’']t|wasn[’']t|cannot see)\b"
    r"(?! (?:only|sure|certain|fully|yet been|been able|able to|walk|talk))",
    re.IGNORECASE,
)
_ABSENT_AFTER = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:,\s*)?(?:(?:was|were|is|are|has been|have been|had been)\s+)?(?:also\s+|all\s+|both\s+)?"
    r"(?:absent|not (?:present|seen|observed|found|noted|detected|reported|evident|identified)|ruled out|excluded|"
    r"negative|denied|unremarkable)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:mother|father|brother|sister|sibling|uncle|aunt|cousin|grandmother|grandfather|grandparent|relative|twin|"
    r"nephew|niece|maternal|paternal|family history|half-(?:brother|sister))s?(?:[’']s)?\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:report|note|notice|describe|complain|state|mention|observe|recall|say|said|worr|concern|told|bring|brought|"
    r"were healthy|are healthy|is healthy|are unrelated|nonconsanguineous|consanguineous)",
    re.IGNORECASE,
)
_CONSIDERED = re.compile(
    r"\b(?:to rule out|rule out|r/o|to exclude|screen(?:ed|ing) for|evaluat(?:e|ed|ion) (?:for|of possible)|"
    r"at risk (?:of|for)|risk of|suspicion of|if (?:she|he|they)|in case of|differential)\b",
    re.IGNORECASE,
)


def assertions(text: str, places: Sequence[tuple[int, int]]) -> list[Assertion]:
    """Say of each place (start, end) of a text what is said there, in order."""
    headed = [match.span("said") for match in _HEADED.finditer(text)]
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    return [_said(text, place, places, headed, sentences) for place in places]


def _said(
    text: str,
    place: tuple[int, int],
    places: Sequence[tuple[int, int]],
    headed: Sequence[tuple[int, int]],
    sentences: Sequence[tuple[int, int]],
) -> Assertion:
    start, end = place
    if any(a <= start and end <= b for a, b in headed):
        return Assertion.absent
    a, b = next(((a, b) for a, b in sentences if a <= start < b), (start, end))
    before = _blank(text, a, start, places)
    if cuts := list(_ENDS.finditer(before)):
        before = before[cuts[-1].end() :]
    if _CONSIDERED.search(before):
        return Assertion.hypothetical
    relative = _RELATIVE.search(before)
    denied = _ABSENT_BEFORE.search(before)
    if relative and not _TELLS.search(before[relative.end() :]):
        return Assertion.other
    if denied or _ABSENT_AFTER.match(text[end:b]):
        return Assertion.absent
    return Assertion.present


def _blank(text: str, start: int, end: int, places: Sequence[tuple[int, int]]) -> str:
    """A stretch of the text with the findings in it made blank: the "absent" of "Absent speech" is no cue."""
    stretch = text[start:end]
    for a, b in places:
        if start <= a and b <= end:
            stretch = stretch[: a - start] + " " * (b - a) + stretch[b - start :]
    return stretch
