"""What one sentence says of the findings in it: cues, how far each reaches, and what ends it.

The words of a sentence are gone through once, from left to right. A cue before a finding opens a scope, which findings
fall into until something closes it; a cue behind a finding looks back for those it speaks of. In the manner of NegEx
and ConText (Chapman et al. 2001, J Biomed Inform 34:301; Harkema et al. 2009, J Biomed Inform 42:839).
"""

from collections.abc import Sequence

from raredxr1.knowledge.assertion.behind import VERSUS, answers, carried, look_back, subjects
from raredxr1.knowledge.assertion.company import RELATIVES
from raredxr1.knowledge.assertion.cues import FINDING, Cue, Word, cues_of
from raredxr1.knowledge.assertion.reading import REACH, SUPPOSED_FURTHER, Reading, Verdict
from raredxr1.knowledge.assertion.scopes import (
    anew,
    beside,
    close_seen,
    comma,
    conjunction,
    end_scopes,
    finite,
    label,
    limit,
    open_scope,
    shown,
)
from raredxr1.knowledge.assertion.subjects import Subject
from raredxr1.knowledge.assertion.vocabulary import EXPLAINS, FEARS, FINITE, IMPERATIVES, LIMITS, QUESTIONS, STATED


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
    if words and words[0].text in IMPERATIVES:
        open_scope(reading, "supposed", "whole", Cue(0, 1, frozenset()))
    at = 0
    while at < len(words):
        cue = reading.cues.get(at)
        if words[at].text == FINDING:
            _finding(reading, at)
            at += 1
        elif cue:
            _cue(reading, cue)
            at = cue.end
        elif words[at].text in _TELLING or words[at].text in subject.names:
            at = _word(reading, at)
        else:
            at += 1
    subject.close(reading.verdicts)
    return reading.verdicts


def _finding(reading: Reading, at: int) -> None:
    verdict = Verdict(item=reading.item)
    scopes = reading.scopes
    for name, scope in list(scopes.items()):
        if at - scope.last > REACH + SUPPOSED_FURTHER * (name == "supposed"):
            del scopes[name]
    denial = scopes.get("denied")
    if denial and denial.seen and denial.kind == "no" and _stated_anew(reading, denial.last, at):
        del scopes["denied"]
    for one in scopes.values():
        one.seen, one.last = True, at
    if denial := scopes.get("denied"):
        verdict.denied, verdict.denied_at = True, denial.item
        if denial.kind == "absent":
            del scopes["denied"]
    doubt = scopes.get("uncertain")
    verdict.uncertain = doubt is not None and not (denial and denial.kind == "no" and denial.at > doubt.at)
    if supposition := scopes.get("supposed"):
        verdict.supposed, verdict.tested = True, supposition.kind == "test"
    verdict.other, verdict.patient = reading.subject.of_finding(at)
    words = reading.words
    if reading.subject.writer == "relative" and reading.near(at - 1, "my"):
        verdict.other = True  # "my heart is enlarged", writes a grandmother
    if at and words[at - 1].text in "+-" and _signed(reading, at):
        verdict.denied, verdict.affirmed = words[at - 1].text == "-", words[at - 1].text == "+"
    reading.verdicts[at] = verdict


_JOINS = frozenset((",", "and", "or", "nor", "/", "&", "+", "-", ":", "no", "any"))


def _stated_anew(reading: Reading, last: int, at: int) -> bool:
    """Whether a finding is a clause of its own without a sign before it: "no ataxia plantars down reflexes brisk"."""
    between = [word.text for word in reading.words[last + 1 : at]]
    return reading.words[at].tail in STATED and _JOINS.isdisjoint(between) and FINDING not in between


def _signed(reading: Reading, at: int) -> bool:
    """Whether the sign before a finding is one: "+seizures, -ataxia", no dash between words, no minus of a figure."""
    words = reading.words
    if words[at - 1].end < words[at].start:
        return (at < 2 or words[at - 2].text in ",:") and _signs(words) > 1
    if words[at].head == "0":
        return False
    return at < 2 or words[at - 2].end < words[at - 1].start or words[at - 2].text in ",(;/:"


def _signs(words: Sequence[Word]) -> int:
    """How many items of a list begin with a plus or minus and a blank: "- cough, - fever"."""
    return sum(
        word.text in "+-"
        and step + 1 < len(words)
        and words[step + 1].text == FINDING
        and (not step or words[step - 1].text in ",:")
        for step, word in enumerate(words)
    )


def _cue(reading: Reading, cue: Cue) -> None:
    kinds = cue.kinds
    if reading.subject.take(cue, reading.words, reading.cues, reading.verdicts):
        return
    if not cue.first and reading.words[0].text in VERSUS:
        return  # "VS: HR 128" are vital signs
    if "hypothetical" in kinds and reading.words[cue.first].text in EXPLAINS and reading.near(cue.first - 1, FINDING):
        return  # "hypocalcaemia explained her fits"
    begins = "uncertain list" in kinds and any(w.text == FINDING for w in reading.words[cue.end : cue.end + _NEAR])
    if not begins and (behind := sorted(kind for kind in kinds if kind.startswith("after "))):
        if answers(reading, cue) and look_back(reading, cue, behind[0]):
            if reading.words[cue.first].text in (*VERSUS, ":"):  # "sepsis: suspected early sepsis"
                open_scope(reading, "uncertain", "uncertain", cue)
            return
        if not kinds - set(behind):
            if (
                "after absent" in kinds
                and cue.end - cue.first > 1
                and reading.words[cue.first].text != "-"
                and not carried(reading, cue)
            ):
                open_scope(reading, "denied", "no", cue)
            elif "after uncertain" in kinds and reading.words[cue.first].text == ":":
                open_scope(reading, "uncertain", "uncertain", cue)  # "scan: suspected cyst"
            elif "after present" in kinds:
                finite(reading, cue.first)
            return
    for kind in (
        "pseudo",
        "end",
        "guess",
        "no",
        "without",
        "rather than",
        "not",
        "absent",
        "uncertain",
        "uncertain list",
    ):
        if kind in kinds:
            break
    else:
        kind = next((k for k in ("whole", "panel", "test", "hypothetical") if k in kinds), "")
    if kind == "pseudo":
        return
    if kind == "end":
        end_scopes(reading, cue)
    elif kind == "guess":
        if not _is_subject(reading, cue.end):
            open_scope(reading, "uncertain", "query", cue)
    elif kind == "not":
        open_scope(reading, "denied", "no" if shown(reading, cue.end) else "narrow", cue)
    elif kind in ("no", "without", "rather than", "absent"):
        if kind == "absent" and not any(w.text == FINDING for w in reading.words[cue.end : cue.end + 2]):
            return
        open_scope(reading, "denied", kind, cue)
    elif kind.startswith("uncertain"):
        open_scope(reading, "uncertain", kind, cue)
    elif kind:
        if kind == "whole" and reading.words[cue.first].text in ("if", "should"):
            _feared(reading, cue.first)
        open_scope(reading, "supposed", kind, cue)


def _is_subject(reading: Reading, at: int) -> bool:
    """Whether a verb follows the finding at a place: "the doctor thought headaches were rare"."""
    words = reading.words
    if at + 2 < len(words) and words[at + 1].text in ("and", "or") and words[at + 2].text == FINDING:
        at += 2
    return at + 1 < len(words) and (words[at + 1].text in FINITE or words[at + 1].text == "with")


def _feared(reading: Reading, at: int) -> None:
    """A fear that hangs on an "if" is of what is not there: "I worry about seizures if he is ill"."""
    for back in range(at - 1, -1, -1):
        if reading.words[back].text in FEARS:
            for one in reading.verdicts:
                if one > back:
                    reading.verdicts[one].supposed = True
            return


def _word(reading: Reading, at: int) -> int:
    words, text = reading.words, reading.words[at].text
    if text == ",":
        reading.item += 1
        comma(reading, at)
        reading.subject.comma(at, words)
    elif text in ("and", "&", "plus"):
        conjunction(reading, at)
    elif text == ";":
        reading.scopes.clear()
        reading.item += 1
        if at + 1 < len(words):
            reading.subject.part(words[at + 1].text)
    elif text in ("(", "["):
        return _bracket(reading, at)
    elif text in (")", "]"):
        if reading.kept:
            reading.scopes, opened = reading.kept.pop()
            reading.subject.bracket(opened, at, words, reading.verdicts)
    elif text in _SIGNS and _sign_behind(reading, at):
        found = subjects(words, reading.ends, reading.verdicts, at, alone=True)
        for one in found:
            reading.verdicts[one].denied, reading.verdicts[one].affirmed = not _SIGNS[text], _SIGNS[text]
    elif text in _OPEN and at > 1 and words[at - 1].text in ":=" and _sign_behind(reading, at):
        for one in subjects(words, reading.ends, reading.verdicts, at, alone=True):
            reading.verdicts[one].uncertain = True
    elif text in ("-", "–", "—"):
        label(reading, at)
    elif text == "?":
        _question(reading, at)
    elif text == "with":
        beside(reading, at)
        close_seen(reading, "denied", "uncertain")
    elif text == "the":
        anew(reading, at)
    elif text in FINITE:
        finite(reading, at)
        reading.subject.verb(at, words)
    elif text in LIMITS:
        limit(reading, at)
    elif text in ("as", "since") and at + 1 < len(words) and words[at + 1].text in _PERSONS:
        for name in ("denied", "uncertain"):  # "most likely type Ib, as she has neutropenia"
            if (scope := reading.scopes.get(name)) and scope.kind != "whole":
                del reading.scopes[name]
    elif text in reading.subject.names:
        reading.subject.by_name()
    return at + 1


_NEAR = 3
"""Words ahead in which a finding stands that a cue of both kinds begins: "CT, and an MRI to exclude a stroke"."""
_PERSONS = ("he", "she", "they", "there")
_SIGNS = {"+": True, "-": False, "–": False, "0": False, "false": False, "true": True}
"""Answers behind a finding: "tremor = 0", "ataxia: TRUE"."""
_OPEN = ("u", "unk", "dk")
"""Answers that leave it open: "tremor: U"."""
_TELLING = FINITE | LIMITS | _SIGNS.keys() | {*_OPEN, *",;([)]-–—?&", "and", "plus", "with", "as", "since", "the"}
"""Words that `_word` asks for, beside names."""


def _sign_behind(reading: Reading, at: int) -> bool:
    """Whether an answer in one sign stands behind a finding; one in words or figures needs a colon before it."""
    words = reading.words
    if words[at].text.isalnum() and (at < 2 or words[at - 1].text not in ":="):
        return False
    if not at or (
        words[at - 1].text != FINDING and not (at > 1 and words[at - 1].text in ":=" and words[at - 2].text == FINDING)
    ):
        return False
    if words[at].end - words[at].start == 1 and at + 1 < len(words) and words[at + 1].text == words[at].text:
        return False
    return at + 1 >= len(words) or words[at + 1].text in ",.;)/" or (_glued(words, at) and _glued_signs(words) > 1)


def _glued(words: Sequence[Word], at: int) -> bool:
    """Whether a sign is glued to the finding before it and apart from what follows: "proteinuria+ haematuria- "."""
    glued = words[at].text in "+-" and at > 0 and words[at - 1].text == FINDING and words[at - 1].end == words[at].start
    return glued and (at + 1 >= len(words) or words[at + 1].start > words[at].end)


def _glued_signs(words: Sequence[Word]) -> int:
    return sum(_glued(words, at) for at in range(len(words)))


def _bracket(reading: Reading, at: int) -> int:
    words = reading.words
    inside = [word.text for word in words[at + 1 : at + 5]]
    if len(inside) > 3 and inside[1] == "/" and inside[0] == inside[2] and inside[3] in ")]":
        inside[1:3] = []  # "rash (-/-)"
    if len(inside) > 1 and inside[1] in ")]" and inside[0] in "+-–?0":
        back = at - 1 - (at > 1 and words[at - 1].text in ":=")
        if at and words[back].text == FINDING and not _leads(words):
            verdict = reading.verdicts[back]
            verdict.affirmed, verdict.denied = inside[0] == "+", inside[0] in "-–0"
            verdict.uncertain = inside[0] == "?"
            return next(step for step in range(at + 1, len(words)) if words[step].text in ")]") + 1
        if inside[0] in "-–":
            open_scope(reading, "denied", "no", Cue(at, at + 3, frozenset()))
            return at + 3
        if inside[0] == "+":
            reading.scopes.pop("denied", None)
            return at + 3
        if inside[0] == "?":
            open_scope(reading, "uncertain", "uncertain", Cue(at, at + 3, frozenset()))
            return at + 3
    reading.kept.append((dict(reading.scopes), at))
    short = at + 1 < len(words) and words[at + 1].text == FINDING and words[at + 1].end - words[at + 1].start <= SHORT
    short = short or (at + 1 < len(words) and words[at + 1].head == "hp")  # "no tremor (HP:0001337)"
    denial = reading.scopes.get("denied")
    if denial and denial.seen and at and words[at - 1].text == FINDING and not short:
        del reading.scopes["denied"]  # "no speech (vocalises only)"
    elif denial and not denial.seen and denial.kind == "narrow":
        del reading.scopes["denied"]  # "she had not slept for two nights (insomnia)"
    reading.subject.open_bracket(at - 1 in reading.ends and _names_relative(reading, at))
    return at + 1


_LONGEST_CUE = 8
"""Words of the longest cue that names a relative."""


def _names_relative(reading: Reading, at: int) -> bool:
    """Whether a cue that names a relative ends right before a place."""
    near = (reading.cues.get(first) for first in range(max(0, at - _LONGEST_CUE), at))
    return any(cue is not None and cue.end == at and cue.kinds & RELATIVES for cue in near)


def _leads(words: Sequence[Word]) -> bool:
    """Whether the first sign in brackets stands before all findings, so that each begins a list: "(+) a, b (-) c"."""
    first = next((at for at, word in enumerate(words) if word.text == FINDING), 0)
    bracket, sign, closing = (word.text for word in words[first - 3 : first]) if first > 2 else ("", "", "")
    return bracket in ("(", "[") and sign in ("+", "-", "–") and closing in (")", "]")


SHORT = 6
"""Letters of an abbreviation in brackets, which says again what stands before them: "no coronary disease (CAD)"."""


_TIMES = ("as", "in", "when", "at", "since", "from", "during", "aged", "age", "before", "after", "until")
"""Words of time or place, which a question mark before them does not ask for."""


def _question(reading: Reading, at: int) -> None:
    """A question mark: before a finding it queries that, behind it those before."""
    words = reading.words
    quoted = at > 1 and words[at - 2].text in '"“' and at + 1 < len(words) and words[at + 1].text in '"”'
    timed = at + 1 < len(words) and words[at + 1].text in _TIMES and words[at + 1].start == words[at].end
    if timed and at and words[at - 1].text == FINDING:  # "ADHD ?as a child"
        reading.verdicts[at - 1].uncertain = True
        return
    if at + 1 < len(words) and words[at + 1].text not in ",.;)" and not quoted:
        glued = words[at + 1].start == words[at].end  # "?IBS, hypertension" asks for the first alone
        open_scope(reading, "uncertain", "query" if glued else "uncertain", Cue(at, at + 1, frozenset()))
        return
    asked = at == len(words) - 1 and bool(words) and words[0].text in QUESTIONS
    for one in reading.verdicts if asked else subjects(words, reading.ends, reading.verdicts, at):
        reading.verdicts[one].uncertain = True
