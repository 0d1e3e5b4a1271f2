"""What one sentence says of the findings in it: cues, how far each reaches, and what ends it.

The words of a sentence are gone through once, from left to right. A cue before a finding opens a scope, which findings
fall into until something closes it; a cue behind a finding looks back for those it speaks of. In the manner of NegEx
and ConText (Chapman et al. 2001, J Biomed Inform 34:301; Harkema et al. 2009, J Biomed Inform 42:839).
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from raredxr1.knowledge.assertion.cues import FINDING, Cue, Word, cues_of
from raredxr1.knowledge.assertion.subjects import Subject
from raredxr1.knowledge.assertion.vocabulary import (
    BARE,
    BOUNDARY,
    CARRIES,
    FINITE,
    GRADED,
    LIMITS,
    PASSES,
    QUESTIONS,
    RESUMES,
    SHOWS,
)

REACH = 9
"""Words between a cue and the first finding it may speak of, and between one finding and the next."""
BACK = 6
"""Words between a finding and a cue behind it."""


@dataclass(slots=True)
class Verdict:
    """What is said of one finding, each way; `Assertion` is decided from it."""

    denied: bool = False
    affirmed: bool = False
    uncertain: bool = False
    supposed: bool = False
    tested: bool = False
    """Supposed by a test, whose result decides."""
    other: bool = False
    patient: bool = False
    """Said of the patient in so many words, which counts under a heading of relatives."""
    item: int = 0
    """Which item of a list it stands in, by commas."""
    denied_at: int = -1
    """The item that the cue stands in."""


@dataclass(slots=True)
class Scope:
    """A cue before findings that is still open."""

    kind: str
    at: int
    last: int
    item: int
    mixed: bool = False
    seen: bool = False


@dataclass(slots=True)
class Reading:
    """The state of the pass over one sentence."""

    words: Sequence[Word]
    cues: dict[int, Cue]
    subject: Subject
    scopes: dict[str, Scope] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    kept: list[tuple[dict[str, Scope], int]] = field(default_factory=list)
    item: int = 0
    ends: frozenset[int] = frozenset()
    """The last word of each cue."""

    def near(self, at: int, text: str) -> bool:
        """Whether a word stands at a place."""
        return 0 <= at < len(self.words) and self.words[at].text == text


def read_clauses(words: Sequence[Word], subject: Subject) -> dict[int, Verdict]:
    """Read a sentence.

    Args:
        words: the sentence; findings are the word FINDING.
        subject: whom the sentence is about at its start; it is left as it is at the end.

    Returns:
        A verdict for each finding, by its place among the words.
    """
    cues = {cue.first: cue for cue in cues_of(words)}
    reading = Reading(words, cues, subject, ends=frozenset(cue.end - 1 for cue in cues.values()))
    at = 0
    while at < len(words):
        cue = reading.cues.get(at)
        if words[at].text == FINDING:
            _finding(reading, at)
            at += 1
        elif cue:
            _cue(reading, cue)
            at = cue.end
        else:
            at = _word(reading, at)
    subject.close(reading.verdicts)
    return reading.verdicts


def _finding(reading: Reading, at: int) -> None:
    verdict = Verdict(item=reading.item)
    scopes = reading.scopes
    for name, scope in list(scopes.items()):
        if at - scope.last > REACH + 4 * (name == "supposed"):
            del scopes[name]
    for one in scopes.values():
        one.seen, one.last = True, at
    if denial := scopes.get("denied"):
        verdict.denied, verdict.denied_at = True, denial.item
        if denial.kind == "absent":
            del scopes["denied"]
    verdict.uncertain = "uncertain" in scopes
    if supposition := scopes.get("supposed"):
        verdict.supposed, verdict.tested = True, supposition.kind == "test"
    verdict.other, verdict.patient = reading.subject.of_finding(at)
    words = reading.words
    if at and words[at - 1].text in "+-" and words[at - 1].end == words[at].start and _signed(reading, at):
        verdict.denied, verdict.affirmed = words[at - 1].text == "-", words[at - 1].text == "+"
    reading.verdicts[at] = verdict


def _signed(reading: Reading, at: int) -> bool:
    """Whether the sign before a finding is one: "+seizures, -ataxia", no dash between words."""
    if at < 2:
        return True
    before = reading.words[at - 2]
    return before.end < reading.words[at - 1].start or before.text in ",(;/:"


# --- cues ------------------------------------------------------------------------------------------------------------


def _cue(reading: Reading, cue: Cue) -> None:
    kinds = cue.kinds
    if reading.subject.take(cue, reading.words, reading.cues, reading.verdicts):
        return
    if behind := sorted(kind for kind in kinds if kind.startswith("after ")):
        if _answers(reading, cue) and _look_back(reading, cue, behind[0]):
            return
        if not kinds - set(behind):
            if (
                "after absent" in kinds
                and cue.end - cue.first > 1
                and reading.words[cue.first].text != "-"
                and not _carried(reading, cue)
            ):
                _open(reading, "denied", "no", cue)
            elif "after present" in kinds:
                _finite(reading, cue.first)
            return
    for kind in ("pseudo", "end", "no", "without", "rather than", "not", "absent", "uncertain", "uncertain list"):
        if kind in kinds:
            break
    else:
        kind = next((k for k in ("whole", "panel", "test", "hypothetical") if k in kinds), "")
    if kind == "pseudo":
        return
    if kind == "end":
        _end(reading, cue)
    elif kind == "not":
        _open(reading, "denied", "no" if _shown(reading, cue.end) else "narrow", cue)
    elif kind in ("no", "without", "rather than", "absent"):
        if kind == "absent" and not any(w.text == FINDING for w in reading.words[cue.end : cue.end + 2]):
            return
        _open(reading, "denied", kind, cue)
    elif kind.startswith("uncertain"):
        _open(reading, "uncertain", kind, cue)
    elif kind:
        _open(reading, "supposed", kind, cue)


def _open(reading: Reading, name: str, kind: str, cue: Cue) -> None:
    if kind == "whole" or name == "supposed":
        reading.scopes.pop("denied", None)
    old = reading.scopes.get(name)
    if old and old.kind == "whole":
        return
    earlier = any(not v.denied and v.item <= reading.item for v in reading.verdicts.values())
    mixed = bool(earlier and cue.first and reading.words[cue.first - 1].text in (",", ";", "and", "(", "with", "+"))
    reading.scopes[name] = Scope(kind, cue.first, cue.end, reading.item, mixed)


def _shown(reading: Reading, at: int) -> bool:
    """Whether "not" denies having something, with a list behind it, and no other doing."""
    words = reading.words
    for step in range(at, min(at + 4, len(words))):
        text = words[step].text
        if text == FINDING or text in SHOWS:
            return True
        if text not in CARRIES:
            return False
    return False


def _carried(reading: Reading, cue: Cue) -> bool:
    """Whether a finding stands in the same clause before, so that the cue ends what was said of it."""
    return any(verdict.item == reading.item for verdict in reading.verdicts.values())


def _answers(reading: Reading, cue: Cue) -> bool:
    """Whether a cue that may stand behind a finding does so here."""
    words, first = reading.words, cue.first
    back = first - 1
    while back >= 0 and words[back].text in (":", "=", "-", "–", "—", "(", "?", "[", "→", "is"):
        back -= 1
    marked = back < first - 1
    if cue.end - cue.first > 1 or words[first].text not in BARE:
        return True
    if back < 0 or words[back].text != FINDING:
        near = words[max(0, first - 3) : first]
        return words[first].text in ("absent", "negative", "normal", "excluded", "denied", "present", "positive") and (
            _bounded(reading, cue.end) and bool(near) and near[-1].text not in (",", "and", "or")
        )
    if _bounded(reading, cue.end):
        return True
    if not marked or words[first - 1].text == "(":
        return marked and words[first - 1].text == "("
    for word in words[cue.end :]:
        if word.text in ",.;":
            break
        if word.text == FINDING:
            return False
    return True


def _bounded(reading: Reading, at: int) -> bool:
    words = reading.words
    if at >= len(words) or words[at].text in BOUNDARY or not words[at].text[0].isalnum():
        return at >= len(words) or words[at].text != FINDING
    cue = reading.cues.get(at)
    return bool(cue and cue.kinds & {"end", "mother", "father", "relative", "patient", "after present"})


def _look_back(reading: Reading, cue: Cue, kind: str) -> bool:
    """Apply a cue to the findings before it; False: there are none."""
    near = cue.end - cue.first == 1 and cue.first and reading.words[cue.first - 1].text == "("
    words = reading.words
    found = subjects(words, reading.ends, reading.verdicts, cue.first, alone=bool(near))
    if found and kind == "after hypothetical" and found[-1] > 1 and words[found[-1] - 1].text == "and":
        found += [one for one in (found[-1] - 2,) if words[one].text == FINDING]  # "measles and rubella vaccines"
    if not found:
        return False
    for at in found:
        verdict = reading.verdicts[at]
        if kind == "after absent":
            if verdict.tested or not verdict.supposed:
                verdict.denied, verdict.supposed, verdict.affirmed = True, False, False
                verdict.denied_at = -1
                if "uncertain" not in reading.scopes or verdict.tested:
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
        _finite(reading, cue.first)
    return True


def subjects(
    words: Sequence[Word], ends: Container[int], verdicts: dict[int, Verdict], at: int, alone: bool = False
) -> list[int]:
    """The findings that what stands at a place says something of: the nearest before it, and the list it ends.

    A list that something governs ("he has ataxia, seizures were absent") lends only its last item.
    """
    back = at - 1
    while back >= 0 and words[back].text != FINDING:
        text = words[back].text
        gap = at - back
        if gap > BACK or text in ".;" or (text == "," and gap > 1) or (text in FINITE and gap > 1):
            return []
        back -= 1
    if back < 0:
        return []
    found, step, between, comma = [back], back - 1, 0, False
    pending: list[int] = []
    while step >= 0 and not alone:
        text = words[step].text
        if text == FINDING:
            if verdicts[step].affirmed:
                break
            (pending if comma else found).append(step)
            between = 0
        elif text in (",", "and", "&", "both"):
            comma = True
        elif text in ("or", "/", "nor", "either", "neither", "any", "no", "the", "her", "his"):
            comma = comma and text != "or" and text != "/"
            between += text in ("the", "her", "his")
        elif step in ends or text in FINITE or text in LIMITS or between > 1 or not text.isalpha():
            return found  # governed
        else:
            between += 1
        step -= 1
    return found + pending if step < 0 else found


# --- other words -----------------------------------------------------------------------------------------------------


def _word(reading: Reading, at: int) -> int:
    words, text = reading.words, reading.words[at].text
    if text == ",":
        reading.item += 1
        _comma(reading, at)
        reading.subject.comma(at, words)
    elif text in ("and", "&", "plus"):
        _and(reading, at)
    elif text == ";":
        reading.scopes.clear()
        reading.item += 1
        reading.subject.reset()
    elif text in ("(", "["):
        return _bracket(reading, at)
    elif text in (")", "]"):
        if reading.kept:
            reading.scopes, opened = reading.kept.pop()
            reading.subject.bracket(opened, at, words, reading.verdicts)
    elif text in ("+", "-", "–") and _sign_behind(reading, at):
        found = subjects(words, reading.ends, reading.verdicts, at, alone=True)
        for one in found:
            reading.verdicts[one].denied, reading.verdicts[one].affirmed = text != "+", text == "+"
    elif text == "?":
        _question(reading, at)
    elif text == "with":
        _close_seen(reading, "denied", "uncertain")
    elif text in FINITE:
        _finite(reading, at)
        reading.subject.verb(at, words)
    elif text in LIMITS:
        _limit(reading, at)
    return at + 1


def _sign_behind(reading: Reading, at: int) -> bool:
    words = reading.words
    if not at or (
        words[at - 1].text != FINDING and not (at > 1 and words[at - 1].text in ":=" and words[at - 2].text == FINDING)
    ):
        return False
    if words[at].end - words[at].start == 1 and at + 1 < len(words) and words[at + 1].text == words[at].text:
        return False
    return at + 1 >= len(words) or words[at + 1].text in ",.;)/"


def _bracket(reading: Reading, at: int) -> int:
    words = reading.words
    inside = [word.text for word in words[at + 1 : at + 4]]
    if len(inside) > 1 and inside[1] in ")]" and inside[0] in "+-–?":
        if at and words[at - 1].text == FINDING:
            verdict = reading.verdicts[at - 1]
            verdict.affirmed, verdict.denied = inside[0] == "+", inside[0] in "-–"
            verdict.uncertain = inside[0] == "?"
            return at + 3
        if inside[0] == "-":
            _open(reading, "denied", "absent", Cue(at, at + 3, frozenset()))
            return at + 3
        if inside[0] == "?":
            _open(reading, "uncertain", "uncertain", Cue(at, at + 3, frozenset()))
            return at + 3
    reading.kept.append((dict(reading.scopes), at))
    reading.subject.open_bracket()
    return at + 1


def _comma(reading: Reading, at: int) -> None:
    scope = reading.scopes.get("denied")
    if scope:
        ends = scope.kind in ("narrow", "rather than", "absent") or _resumes(reading, at + 1)
        if scope.seen and not ends and at + 2 < len(reading.words):  # "no rash, fever was high": a clause of its own
            ends = reading.near(at + 1, FINDING) and reading.words[at + 2].text in FINITE
        if scope.seen and not ends:
            ends = (scope.kind == "without" or scope.mixed) and not _listed(reading, at)
        if ends or (not scope.seen and (scope.kind == "without" or at - scope.at > REACH)):
            del reading.scopes["denied"]
    scope = reading.scopes.get("uncertain")
    if scope and (_resumes(reading, at + 1) or (scope.kind == "uncertain" and scope.seen and not _listed(reading, at))):
        del reading.scopes["uncertain"]
    scope = reading.scopes.get("supposed")
    if scope and scope.kind != "whole" and scope.seen and _resumes(reading, at + 1):
        del reading.scopes["supposed"]


def _and(reading: Reading, at: int) -> None:
    for name in ("denied", "uncertain", "supposed"):
        scope = reading.scopes.get(name)
        if scope is None or scope.kind == "whole":
            continue
        # "never walked and wrings her hands": another doing was denied, and no finding with it
        narrow = scope.kind in ("narrow", "rather than") and not (scope.seen and reading.near(at + 1, FINDING))
        if narrow or _resumes(reading, at + 1):
            del reading.scopes[name]


def _resumes(reading: Reading, at: int) -> bool:
    """Whether what follows a comma or an "and" is said anew: a verb, a person, an article, a degree."""
    words = reading.words
    while at < len(words) and words[at].text in ("and", "also", "but", "now"):
        at += 1
    if at >= len(words):
        return False
    text = words[at].text
    cue = reading.cues.get(at)
    if cue and cue.kinds & {"patient", "end", "pseudo"} and "after absent" not in cue.kinds:
        return True
    if cue and cue.kinds & {"no", "not", "without"}:
        return False
    if text in ("a", "an") and _listed(reading, at):  # "never had a stroke, a fit or an abscess"
        return False
    return text in RESUMES or text in FINITE or (text in GRADED and not _listed(reading, at, "or nor"))


def _listed(reading: Reading, at: int, joins: str = "or nor") -> bool:
    """Whether the list that goes on here ends in "or", which makes it one list under one cue."""
    words = reading.words
    for step in range(at + 1, len(words)):
        text = words[step].text
        if text in joins.split() or text == "/":
            return True
        cue = reading.cues.get(step)
        if text in FINITE or text in ("with", ";", "(") or (cue and cue.kinds & {"no", "not", "without", "end"}):
            return False
    return False


def _finite(reading: Reading, at: int) -> None:
    """A verb ends what a cue before its subject began: "no cause was found for the ataxia"."""
    for name in ("denied", "uncertain"):
        scope = reading.scopes.get(name)
        if scope and (
            scope.seen
            or (reading.words[at].text != "have" and scope.kind != "narrow" and at > scope.at + 1 and name == "denied")
        ):
            if name == "uncertain" and scope.kind != "uncertain":
                continue
            del reading.scopes[name]


def _close_seen(reading: Reading, *names: str) -> None:
    for name in names:
        scope = reading.scopes.get(name)
        if scope and scope.seen and scope.kind != "whole":
            del reading.scopes[name]


def _limit(reading: Reading, at: int) -> None:
    """A preposition behind another noun ends a denial: "no treatment for seizures" denies no seizures."""
    scope = reading.scopes.get("denied")
    if scope and not scope.seen and scope.kind in ("no", "without"):
        passed = [word.text for word in reading.words[scope.last : at]]
        if passed and passed[-1].isalpha() and passed[-1] not in PASSES:
            del reading.scopes["denied"]
    scope = reading.scopes.get("uncertain")
    if scope and scope.seen and scope.kind == "uncertain":
        del reading.scopes["uncertain"]


def _end(reading: Reading, cue: Cue) -> None:
    """A cue that ends others."""
    reading.scopes.pop("denied", None)
    reading.scopes.pop("uncertain", None)
    scope = reading.scopes.get("supposed")
    if scope and scope.kind != "whole" and scope.seen:
        del reading.scopes["supposed"]
    reading.subject.end(cue, reading.words)


def _question(reading: Reading, at: int) -> None:
    """A question mark: before a finding it queries that, behind it those before."""
    words = reading.words
    if at + 1 < len(words) and words[at + 1].text not in ",.;)":
        _open(reading, "uncertain", "uncertain", Cue(at, at + 1, frozenset()))
        return
    asked = at == len(words) - 1 and bool(words) and words[0].text in QUESTIONS
    for one in reading.verdicts if asked else subjects(words, reading.ends, reading.verdicts, at):
        reading.verdicts[one].uncertain = True
