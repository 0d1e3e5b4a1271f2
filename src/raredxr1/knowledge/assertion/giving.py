"""Gives the findings right before a place to whoever is named there."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from raredxr1.knowledge.assertion.cues import FINDING, Word


class Judged(Protocol):
    """What is known of a finding."""

    other: bool
    patient: bool
    denied: bool


def give(at: int, words: Sequence[Word], verdicts: Mapping[int, Judged]) -> bool:
    """Give the findings right before a place to a relative."""
    back, given = at - 1, False
    while back >= 0 and at - back <= 4 and words[back].text != FINDING:
        if words[back].text in ",;.:)" or words[back].text == "history":
            return False
        back -= 1
    while back in verdicts:
        verdicts[back].other = given = True
        joined = back - 1
        if joined > 0 and words[joined].text in ("and", "or", "/", "&"):
            back = joined - 1
        else:
            break
    return given


def give_back(at: int, words: Sequence[Word], verdicts: Mapping[int, Judged]) -> None:
    """Give the finding right before a place back to the patient."""
    back = at - 1
    while back >= 0 and at - back <= 4 and words[back].text != FINDING:
        back -= 1
    if back in verdicts:
        verdicts[back].other, verdicts[back].patient = False, True
