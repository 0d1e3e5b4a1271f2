"""Cues behind findings: which findings what stands at a place looks back to, and what it says of them."""

from collections.abc import Container, Sequence

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion.cues import FINDING, Cue, Word
from raredxr1.knowledge.assertion.effects import is_drug
from raredxr1.knowledge.assertion.items import infections_before, named_before, reasoned_before
from raredxr1.knowledge.assertion.reading import BACK, WITHDRAWN, Reading, Verdict
from raredxr1.knowledge.assertion.scopes import finite
from raredxr1.knowledge.assertion.vocabulary import (
    BARE,
    BOUNDARY,
    CONTRASTS,
    DOUBTED,
    DOUBTS,
    FINITE,
    LIMITS,
    MEASURES,
    NEAREST,
    NOT_YET,
    ORIGINS,
    STATED,
)

_YEAR = re.compile(r"(?:19|20)\d\d")
_LABEL = 20
"""Words of a label before a colon."""
_RESULTS = frozenset(("absent", "negative", "neg", "-ve", "normal", "excluded", "denied", "present", "positive"))
"""Words that end a clause as its result."""
VERSUS = ("vs", "versus")
_MAY = ("may", "might", "can", "could")
_TESTED_NEGATIVE = ("unremarkable", "normal", "clear", "neg", "negative", "-ve")
_DENYING = ("after absent", "after one absent", "after none", "after needless", "after aside", "after kept")


def look_back(reading: Reading, cue: Cue, kind: str) -> bool:
    """Apply a cue to the findings before it; False: there are none."""
    near = cue.end - cue.first == 1 and cue.first and reading.words[cue.first - 1].text in ("(", ",")
    near = near or reading.words[cue.first].text in (*VERSUS, ",")
    near = near or (cue.end - cue.first == 1 and reading.words[cue.first].text in NEAREST)
    near = near or reading.words[cue.first].text in ("came", "comes", "surfaced")  # "optic atrophy came to light"
    words = reading.words
    if kind == "after needless" and words[cue.first - 1].text != FINDING:
        return False  # "reflux surgery was discussed but never needed" denies no reflux
    if kind == "after one absent":
        if words[cue.first - 1].text == ",":
            return False  # "drum red, not bulging"
        near = True
    named = [word.text for word in words[cue.first : cue.first + 2]]
    if named[0] in ("antibody", "antibodies") and cue.first and words[cue.first - 1].text == ",":
        return False  # "diabetes since six, antibodies negative"
    whole = kind == "after none" or named[1:] == ["what"]  # "stridor at night and a stroke are what we fear"
    if kind == "after own":
        return _own(reading, cue.first)
    if kind in ("after withdrawn", "after doubted"):
        return _withdraw(reading, cue.first, cue.end, doubted=kind == "after doubted")
    headed = kind == "after hypothetical"
    found = subjects(words, reading.ends, reading.verdicts, cue.first, alone=bool(near), governed=whole, headed=headed)
    if kind == "after aside":
        found = named_before(words, cue.first) or found
    if kind in ("after reason", "after hypothetical"):
        reasoned = [] if _told(words, cue.end) else reasoned_before(words, cue.first)
        if kind == "after reason":
            found = reasoned
        found += [one for one in reasoned if one not in found]
    if kind == "after uncertain" and near and _of_other_side(words, cue):
        return False
    if kind == "after kept" and (not found or words[found[0]].tail not in MEASURES):
        return False  # "the fever never fell below 39"
    if kind == "after hypothetical" and words[cue.first].text in _MAY:
        found += [one for one in named_before(words, cue.first) if one not in found]
    if words[cue.end - 1].text in _TESTED_NEGATIVE:
        found += [one for one in infections_before(words, cue.first) if one not in found]
    if found and kind in ("after absent", "after uncertain") and _of_origins(words, found[-1]):
        if kind == "after uncertain" and (cause := _cause_before(words, found[-1])) >= 0:
            reading.verdicts[cause].uncertain = True  # "coeliac disease as a cause of anaemia to be excluded"
        return True  # "other causes of hyperkalaemia were excluded"
    if found and kind == "after hypothetical" and found[-1] > 1 and words[found[-1] - 1].text == "and":
        found += [one for one in (found[-1] - 2,) if words[one].text == FINDING]  # "measles and rubella vaccines"
    if kind == "after uncertain" and words[cue.first].text in ("is", "was") and len(found) > 1:
        either = any(word.text in ("or", "/") for word in words[found[-1] : cue.first])
        found = found if either else found[:1]  # "portal hypertension, and a stenosis is possible"
    if kind in ("after hypothetical", "after test") and found and _apart(reading, found[0], cue):
        return False
    if kind == "after uncertain" and found and _dashed_off(words, found[0], cue.first):
        return False  # "marrow failure - Fanconi anaemia to be excluded"
    if not found or (reading.words[cue.first].text in VERSUS and found[0] < cue.first - 1):
        return False
    if kind == "after present" and len(found) == _TWO and _parted(words, found, reading):
        found = found[:1]  # "no ataxia, tremor present"
    negative = words[cue.first].text in _TESTED_NEGATIVE and min(found) == 2 and words[1].text == ":"
    if negative and words[0].text == FINDING:
        found.append(0)  # "Myotonia: grip & percussion neg"
    for at in found:
        verdict = reading.verdicts[at]
        if kind in _DENYING:
            if whole or verdict.tested or not verdict.supposed:
                verdict.denied, verdict.supposed, verdict.affirmed = True, False, False
                verdict.denied_at = -1
                if "uncertain" not in reading.scopes or verdict.tested or kind == "after aside":
                    verdict.uncertain = False
        elif kind == "after present":
            if verdict.denied_at != verdict.item:
                if verdict.denied and verdict.denied_at >= 0:
                    if len(found) > 1 or reading.words[cue.first].text in FINITE:
                        continue
                    verdict.denied = False
                    reading.scopes.pop("denied", None)
                verdict.affirmed = True
                if verdict.tested:
                    verdict.supposed = False
        elif kind == "after uncertain":
            verdict.uncertain = True
            verdict.denied = False
        else:
            verdict.supposed, verdict.tested = True, kind == "after test"
    if reading.words[cue.first].text in FINITE:
        finite(reading, cue.first)
    return True


_SIDES = ("l", "r", "left", "right", "on", "in")


def _of_other_side(words: Sequence[Word], cue: Cue) -> bool:
    """Whether a word behind a comma speaks of one side: "hearing loss moderate R, borderline L"."""
    behind = words[cue.end].text if cue.end < len(words) else ""
    return bool(cue.first) and words[cue.first - 1].text == "," and behind in _SIDES


_NONE = ("no", "none", "nil", "never")
_GOVERNS = ("of", "for", "with", "from", "at", "by")
_AS_IT_SHOULD = ("normal", "unremarkable")
_OWN_RESULTS = ("bloods", "labs", "chest", "abdomen", "heart", "ecg", "eeg", "mri", "ct", "echo")
"""Tests and organs that have a result of their own, right behind a finding without a sign between."""
_TWO = 2


def _parted(words: Sequence[Word], found: Sequence[int], reading: Reading) -> bool:
    """Whether a comma alone parts two findings of which a denial names the first, so that the second is its own."""
    last, first = found
    return (
        first + 2 == last
        and words[first + 1].text == ","
        and reading.verdicts[first].denied
        and reading.verdicts[first].denied_at == reading.verdicts[first].item
    )


def _told(words: Sequence[Word], at: int) -> bool:
    """Whether what follows says who tells of a finding or where it is, so that it is one: "is described by school"."""
    return at < len(words) and words[at].text in _TOLD


_TOLD = ("by", "as", "at", "on", "to", "since", "from", "here", "again")


def _apart(reading: Reading, finding: int, cue: Cue) -> bool:
    """Whether a preposition parts a finding from a service or test: "polyps removed at bowel screening"."""
    if cue.end - cue.first > 2:
        return False
    return any(word.text in LIMITS or word.text in ("with", "and") for word in reading.words[finding + 1 : cue.first])


def _of_origins(words: Sequence[Word], at: int) -> bool:
    """Whether what stands before a finding speaks of its causes."""
    at -= at > 1 and words[at - 1].text in ("the", "his", "her", "their", "this")
    return at > 1 and words[at - 1].text in ("of", "for") and words[at - 2].text in ORIGINS


def _cause_before(words: Sequence[Word], at: int) -> int:
    """The finding that is named as a cause of one: "coeliac disease as a cause of"; -1: none is."""
    back = at - 1
    while back >= 0 and at - back <= BACK and words[back].text != "as":
        back -= 1
    return back - 1 if back > 0 and words[back].text == "as" and words[back - 1].text == FINDING else -1


def _dashed_off(words: Sequence[Word], at: int, cue: int) -> bool:
    """Whether a dash with other words behind it parts a finding from a cue."""
    for step in range(at + 1, cue - 1):
        free = words[step].start > words[step - 1].end and words[step + 1].start > words[step].end
        if words[step].text in ("-", "–", "—") and free:
            return True
    return False


def _own(reading: Reading, at: int) -> bool:
    """Give the finding before a place to the patient as well: "myopia in his father and the boy himself"."""
    back = at - 1
    while back >= 0 and reading.words[back].text not in (FINDING, ";", "."):
        back -= 1
    if back in reading.verdicts:
        reading.verdicts[back].other, reading.verdicts[back].patient = False, True
    reading.subject.by_name()
    return True


def _withdraw(reading: Reading, at: int, end: int, doubted: bool) -> bool:
    """Deny what a later result takes back: "a septal defect on the first scan, not confirmed on the second".

    Where it must have been doubted, a word between says so: "epilepsy was suspected but ruled out by EEG".
    """
    following = reading.words[end].text if end < len(reading.words) else "."
    if (
        reading.words[end - 1].text in ("not", "wasn't", "isn't", "weren't", "didn't", "hasn't")
        and following not in ".,;)"
    ):
        return False  # "a rash, which she didn't scratch"
    back = at - 1
    while back >= 0 and reading.words[back].text != FINDING:
        if at - back > WITHDRAWN or reading.words[back].text in ".;":
            return False
        back -= 1
    if back < 0 or (doubted and DOUBTED.isdisjoint(word.text for word in reading.words[back:at])):
        return False
    for one in {back, *subjects(reading.words, reading.ends, reading.verdicts, back + 1)}:
        verdict = reading.verdicts[one]
        verdict.denied, verdict.affirmed, verdict.supposed, verdict.uncertain = True, False, False, False
        verdict.denied_at = -1
    return True


def answers(reading: Reading, cue: Cue) -> bool:
    """Whether a cue that may stand behind a finding does so here."""
    words, first = reading.words, cue.first
    if first and words[first].text in _NONE and words[first - 1].text in _GOVERNS:
        return False  # "respiratory distress of no known cause"
    if words[first].text == "nad" and first and words[first - 1].text == ",":
        return False  # "pale, tired, NAD": in no acute distress
    own = first > 1 and words[first].text in _AS_IT_SHOULD and words[first - 1].text in _OWN_RESULTS
    if own and words[first - 2].text == FINDING:
        return False  # "shows atrophy bloods normal"
    bare = words[first].text == "not" and words[cue.end - 1].text in NOT_YET
    bare = bare and not (words[cue.end - 1].text == "present" and words[cue.end - 2].text == "not")
    if bare or words[cue.end - 1].text == "anything":
        return _ends(reading, cue.end)  # "ataxia: not yet", but "walking not yet steady"
    back = first - 1
    while back >= 0 and words[back].text in (":", "=", "-", "–", "—", "(", "?", "[", "→", "is"):
        back -= 1
    marked = back < first - 1
    if cue.end - cue.first > 1 or words[first].text not in BARE:
        return True
    if words[first].text in ("considered", "suspected", "unlikely", "possible", "queried") and _bounded(
        reading, cue.end
    ):
        named = back > 0 and words[back].text.isalpha() and words[back].text not in (*FINITE, *LIMITS, "also", "never")
        if (
            named and words[back - 1].text == FINDING and back not in reading.ends
        ):  # "pachyonychia congenita considered"
            return True
    if words[first].text in DOUBTS and first > 1 and words[first - 1].text == "," and words[first - 2].text == FINDING:
        return _ends(reading, cue.end)  # "scoliosis, doubtful."
    if back < 0 or words[back].text != FINDING:
        near = words[max(0, first - 3) : first]
        return words[first].text in _RESULTS and (
            _bounded(reading, cue.end) and bool(near) and near[-1].text not in (",", "and", "or")
        )
    if _bounded(reading, cue.end):
        return True
    if words[first].text == "panel" and not marked:
        return True  # a panel behind a disease is the name of a test, whatever follows
    if not marked or words[first - 1].text == "(":  # "mastocytosis (no flushing)" denies what follows
        return marked and words[first - 1].text == "(" and words[first].text not in ("no", "never", "nil")
    if words[first].text in ("normal", "unremarkable", "intact") and words[first - 1].text in "-–—":
        return False  # "admitted with pain - normal laparoscopy"
    if words[first].text in ("no", "never") and words[first - 1].text in "-–—" and words[cue.end].text.isalpha():
        return False  # "late talker - no words until two"
    for at in range(cue.end, len(words)):
        if words[at].text in ",.;":
            break
        if words[at].text == FINDING or (at < cue.end + _NEAR and _is_treatment(words[at].text)):
            return False  # "bradycardia: no AV node blockers"
    return True


_NEAR = 3
_TREATMENTS = frozenset(
    ("blocker", "blockers", "drugs", "medication", "medications", "treatment", "surgery", "therapy")
)


def _is_treatment(word: str) -> bool:
    return word in _TREATMENTS or is_drug(word)


def _ends(reading: Reading, at: int) -> bool:
    """Whether nothing but a sign follows."""
    return at >= len(reading.words) or reading.words[at].text in ",.;)"


def _bounded(reading: Reading, at: int) -> bool:
    words = reading.words
    if at < len(words) and _YEAR.fullmatch(words[at].text):
        return True  # "gout excluded 2019"
    if at >= len(words) or words[at].text in BOUNDARY or not words[at].text[0].isalnum():
        return at >= len(words) or words[at].text != FINDING
    cue = reading.cues.get(at)
    return bool(cue and cue.kinds & {"end", "mother", "father", "relative", "patient", "after present"})


def carried(reading: Reading, cue: Cue) -> bool:
    """Whether a finding stands in the same clause before, so that the cue ends what was said of it."""
    return any(verdict.item == reading.item for verdict in reading.verdicts.values())


def subjects(
    words: Sequence[Word],
    ends: Container[int],
    verdicts: dict[int, Verdict],
    at: int,
    alone: bool = False,
    governed: bool = False,
    headed: bool = False,
) -> list[int]:
    """The findings that what stands at a place says something of: the nearest before it, and the list it ends.

    A list that something governs ("he has ataxia, seizures were absent") lends only its last item, unless the cue
    speaks of the whole list (`governed`): "gives ataxia and seizures, neither of which she has", or of what a colon
    heads (`headed`): "Later: deafness, cataracts discussed". What says itself how it is ends a list: "hands clenched".
    """
    if not alone and at and words[at - 1].text in (":", "=") and (label := _label(words, ends, at - 1)):
        return label
    back, inside = at - 1, False
    while back >= 0 and words[back].text != FINDING:
        text = words[back].text
        gap = at - back
        listed = all(len(word.text) == 1 for word in words[back:at])  # "hepatitis A, B and C negative"
        if gap > BACK or text in ".;" or (text == "," and gap > 1 and not listed) or (text in FINITE and gap > 1):
            return []
        if text in CONTRASTS and gap > 1:  # "because of pain but amylase was normal"
            return []
        inside = inside or text == ")"
        if text == "(":
            inside = False
        back -= 1
    if back < 0 or (inside and at - back > 2):
        return []
    found, step, between, comma = [back], back - 1, 0, False
    pending: list[int] = []
    while step >= 0 and not alone:
        text = words[step].text
        if text == FINDING:
            if verdicts[step].affirmed or (comma and words[step].tail in STATED):
                break
            (pending if comma else found).append(step)
            between = 0
        elif text in (",", "and", "&", "both"):
            comma = True
        elif text in ("or", "/", "nor", "either", "neither", "any", "no", "the", "her", "his"):
            comma = comma and text != "or" and text != "/"
            between += text in ("the", "her", "his")
        elif step in ends or text in FINITE or text in LIMITS or between > 1 or not text.isalpha() or text == "that":
            whole = governed or text in ("(", "that", "which") or (headed and text == ":")
            return found + pending if whole else found
        else:
            between += 1
        step -= 1
    return found + pending if step < 0 else found


def _label(words: Sequence[Word], ends: Container[int], colon: int) -> list[int]:
    """The findings of a label that is a list: "lupus anticoagulant and rheumatoid factor: negative"."""
    found = []
    for at in range(colon - 1, -1, -1):
        text = words[at].text
        if text in ".;:?" or at + _LABEL < colon:
            break
        if text == FINDING:
            found.append(at)
        elif at in ends or text in FINITE or text in LIMITS or text == "(":
            return []
    return found
