"""Findings that a plan only reckons with: what a drug that is begun may do, and what is feared of what is forbidden.

"Ramipril (cough)", "start danazol: acne, cramps", "no gentamicin (deafness)", "avoid boxing - detachment". A sentence
is written with one letter for each word, as in `effects`.
"""

from collections.abc import Sequence

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion.cues import Word
from raredxr1.knowledge.assertion.vocabulary import BEGINNING, EXPLAINS, FORBIDDEN, FORBIDS, REACTIONS, REMEDIES

_LIST = r"(F(?:(?:,?&|,)[wp]{0,2}F)*)"
_BEHIND = rf"[:(-][wp]{{0,2}}{_LIST}"
"""Behind a sign: findings in a row."""
_REACTION = re.compile(rf"D[wpo0.]{{0,5}}{_BEHIND}")
_FORBIDDEN = tuple(
    re.compile(pattern + _BEHIND)
    for pattern in (
        r"n[wg0]{0,2}[DX][wporgDX0&,.]{0,6}",  # no contact sport for 8 weeks (...); do not start alendronate - ...
        r"v[wporgDX0&,.]{1,8}",  # avoid mulch and compost (...)
        r"[DX][w0]{0,3}[nv][w0]{0,2}",  # valproate is contraindicated (...)
    )
)
_EXPLAINED = re.compile(rf"(?:D[wpo0.&]{{0,5}}e|e[wpo0.&]{{0,5}}D)[wpo]{{0,4}}{_BEHIND}")
"""What a drug may do, as it was explained: "steroids were explained (weight gain, diabetes)"."""
_BEGUN = re.compile(r"n[w0]")


_PLANNED = re.compile(
    r"\b(?:we|I) (?:will|shall|would|plan to|propose|aim to)\b|\bwill (?:start|begin|be|need|have)\b|"
    r"\btrial\b|\bis (?:an|the|another|one) (?:alternative|option|choice)\b",
    re.IGNORECASE,
)
_DONE = frozenset(
    "venesect venesection surgery biopsy transplant injection injections chemotherapy radiotherapy".split()  # noqa: SIM905
)
"""What is done beside drugs, which may do harm as well."""
_HARM = re.compile(rf"[DP][wpo0.]{{0,6}}\([wp]{{0,2}}{_LIST}")


def _of_plans(words: Sequence[Word], letters: str, text: str) -> set[int]:
    """What stands in brackets behind what is planned: "we will venesect (faints)", "the alternative (retinopathy)"."""
    if "(" not in letters or not words or not _PLANNED.search(text, words[0].start, words[-1].end):
        return set()
    marked = "".join("P" if word.text in _DONE else letter for word, letter in zip(words, letters, strict=True))
    return {at for match in _HARM.finditer(marked) for at in range(*match.span(1)) if letters[at] == "F"}


def precautions(words: Sequence[Word], letters: str, text: str) -> set[int]:
    """The places among the words of those findings.

    Args:
        words: a sentence.
        letters: one letter for each word, of `letters_of`.
        text: the note.
    """
    if "(" not in letters and ":" not in letters and "-" not in letters:
        return set()
    said = [word.text for word in words]
    letters = "".join(
        letter
        if letter == "F"
        else "v"
        if word in ("avoid", "caution", "careful", "beware")
        else "n"
        if word in FORBIDS
        else letter
        for word, letter in zip(said, letters, strict=True)
    )
    found = _of_plans(words, letters, text)
    if "D" in letters:
        told = "".join(
            "e" if word in EXPLAINS and letter == "w" else letter for word, letter in zip(said, letters, strict=True)
        )
        for match in _EXPLAINED.finditer(told):
            found.update(at for at in range(*match.span(1)) if letters[at] == "F")
        for match in _REACTION.finditer(letters):
            first = words[match.start(1)]
            reaction = re.findall(r"[a-z]+", text[first.start : first.end].lower())
            if said[match.start()] not in REMEDIES and REACTIONS.intersection(reaction):
                found.update(at for at in range(*match.span(1)) if letters[at] == "F")
    if "n" in letters or "v" in letters:
        marked = "".join(
            "X" if word in FORBIDDEN and letter in "wCob" else letter
            for word, letter in zip(said, letters, strict=True)
        )
        for pattern in _FORBIDDEN:
            for match in pattern.finditer(marked):
                begun = _BEGUN.match(marked, match.start())
                if not begun or said[match.start() + 1] in BEGINNING:
                    found.update(at for at in range(*match.span(1)) if letters[at] == "F")
    return found
