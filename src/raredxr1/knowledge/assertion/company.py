"""Whether a relative is the subject together with the patient, or only tells what the patient has."""

from collections.abc import Mapping, Sequence

from raredxr1.knowledge.assertion.cues import FINDING, Cue, Word
from raredxr1.knowledge.assertion.vocabulary import AUXILIARY, BEFORE_RELATIVE, NOTICED, QUANTITIES

RELATIVES = frozenset(("mother", "father", "relative"))
"""Kinds of the cues of relatives."""


def with_patient(
    back: int, before: str, cue: Cue, words: Sequence[Word], cues: Mapping[int, Cue], headed: bool
) -> bool:
    """Whether a relative and the patient are one subject: "both he and his sister", "his sister and he".

    Args:
        back: the word before the relative and what belongs to them.
        before: its text; empty: there is none.
        cue: the relative.
        words: the words of the sentence.
        cues: its cues.
        headed: whether it stands under a heading of relatives.
    """
    if before == "of" and back > 1 and words[back - 1].text in QUANTITIES:  # "he and two of his brothers"
        back, before = back - 2, words[back - 2].text
    if not headed and _lists_patient(back, words, cues):
        return True
    if not headed and before in ("and", "&") and back:
        ends = {one.end: one for one in cues.values() if "patient" in one.kinds and back - 4 <= one.first < back}
        if back in ends:
            return True
    ahead = cue.end
    if ahead + 1 < len(words) and words[ahead].text in ("and", "&"):
        ahead += 1
        if not headed and back < 0 and words[ahead].text in _BORN and ahead + 1 < len(words):
            return words[ahead + 1].text in {*_JOINTLY, "("}  # "father and son both", "mother and son (the patient)"
        while ahead < len(words) and words[ahead].text in ("the", "our", "this"):
            ahead += 1
        one = cues.get(ahead)
        if one and one.kinds & {"patient", "self"} and ahead + 1 < len(words):
            following = words[one.end].text if one.end < len(words) else ""
            return following in _JOINTLY
    return False


_JOINTLY = frozenset(("have", "are", "both", "had", "were", "share", "also", "get", "suffer", "show"))
"""Verbs whose subject may be two persons."""


def _lists_patient(back: int, words: Sequence[Word], cues: Mapping[int, Cue]) -> bool:
    """Whether a list of persons before a place begins with the patient: "he, his father and his aunt have"."""
    persons = {at for cue in cues.values() if cue.kinds & RELATIVES for at in range(cue.first, cue.end)}
    first = next((cue for cue in cues.values() if cue.kinds == {"patient"}), None)
    if first is None or first.end > back or words[first.end].text != ",":
        return False
    if words[back].text not in ("and", "&", ",") or first.first > 1:
        return False
    joins = ("and", "&", ",")
    return all(
        at in persons or words[at].text in joins or words[at].text in BEFORE_RELATIVE
        for at in range(first.end, back + 1)
    )


_SHARES = frozenset(("shares", "shared", "share", "inherited", "inherits"))
_BEHIND = 4


def shared(at: int, words: Sequence[Word]) -> bool:
    """Whether what a relative has before a place is the patient's too: "she shares her brother's hearing loss"."""
    return not _SHARES.isdisjoint(word.text for word in words[max(0, at - _BEHIND) : at])


_BORN = ("born", "child", "son", "daughter", "offspring", "baby", "infant", "boy", "girl")
_AGES = (",", "(", ")", "-", "aged", "years", "year", "old", "y", "a")
"""Words of an age between both."""
_APART = 8
"""Words between the mother and the father of whom somebody was born, and before the first of them."""


def of_both_parents(cue: Cue, words: Sequence[Word], cues: Mapping[int, Cue]) -> bool:
    """Whether both parents are only named as those of whom the patient was born, with nothing said of either.

    "A girl born to a 26-year-old mother and a 30-year-old father with cleft palate": the girl has it.
    """
    others = (
        one
        for one in cues.values()
        if one.kinds & {"mother", "father"} and one.kinds != cue.kinds and abs(one.first - cue.first) <= _APART
    )
    other = next(others, None)
    if other is None or not cue.kinds & {"mother", "father"}:
        return False
    first, second = sorted((cue, other), key=lambda one: one.first)
    between = [word.text for word in words[first.end : second.first]]
    joined = {"and", "&"}.intersection(between) or all(text in _AGES or text.isdigit() for text in between)
    if FINDING in between or not joined or "with" in between:
        return False
    before = [word.text for word in words[max(0, first.first - _APART) : first.first]]
    return bool({"to", "of"}.intersection(before)) and any(text in before for text in _BORN)


def reports(at: int, words: Sequence[Word], cues: Mapping[int, Cue]) -> bool:
    """Whether who is named before a place only tells, sees or believes."""
    for step in range(at, min(at + 5, len(words))):
        cue = cues.get(step)
        if cue and "reports" in cue.kinds:
            passive = {"was", "were", "been"}.intersection(word.text for word in words[at:step])
            return not (passive and words[step].text in NOTICED) and (step > at or words[step].text != "seen")
        if cue and "uncertain" in cue.kinds and words[step].text in ("think", "thinks", "believes", "feels", "thought"):
            return True
        if cue and "after absent" in cue.kinds and NOTICED.intersection(w.text for w in words[step : cue.end]):
            return True
        if words[step].text not in AUXILIARY and not (cue and "not" in cue.kinds):
            return False
    return False
