"""May a sampled turn become a training example? Eight filters, each a pure function from a turn to its faults.

A filter returns one line a fault, and an empty list where there is none. `judge` applies all of them: everything that
is wrong with a turn is recorded, not only the first thing. Near-duplicates are found apart (`duplicates.py`): they
depend on what was accepted before.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field
from rapidfuzz.distance import Indel

from raredxr1 import dialogue
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.matcher import Matcher
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import DECIDED, Assertion
from raredxr1.knowledge.claims import Claims
from raredxr1.reflect.claims import claims
from raredxr1.reflect.config import Limits
from raredxr1.reflect.masking import said_of
from raredxr1.schemas import Diagnosis, Form, ProblemKind, Strict, Task

Filter = Literal[
    "teacher", "format", "diagnosis", "grounding", "polarity", "claims", "leak", "length", "duplicate"
]  # fmt: skip
FILTERS: tuple[Filter, ...] = (
    "teacher", "format", "diagnosis", "grounding", "polarity", "claims", "leak", "length", "duplicate",
)  # fmt: skip
"""teacher: there is no turn at all (timeout, refusal, empty text, no room in the context)."""

_TALK = re.compile(
    r"\b(?:(?:former|earlier|previous) answer|opinions?|hint(?:s|ed)?|short-?list(?:ed)?|"
    r"profiles? (?:says?|lists?|of|shows?)|likelihood|similarity|rank(?:ing|ed) (?:first|by|list)|"
    r"other (?:models?|diagnosers?)|knowledge base|retrieved|as suggested|according to|feedback|not accepted)\b",
    re.IGNORECASE,
)
"""Words by which a turn speaks of what only the reflection prompt holds."""
_LETTERS = 3
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


class Rejection(Strict):
    """Why a turn is not accepted."""

    filter: Filter
    reason: str


class Shown(Strict):
    """What stood in a reflection prompt beside the note; none of it may be traceable in the turn."""

    opinions: list[str] = Field(default_factory=list, description="E: one line an opinion")
    profiles: list[str] = Field(default_factory=list, description="K: one line a candidate")
    hint: str = ""

    @property
    def lines(self) -> list[str]:
        """All of it."""
        return [*self.opinions, *self.profiles, *([self.hint] if self.hint else [])]


def read(text: str, note: str, form: Form, task: Task, truncated: bool, names: Names) -> Diagnosis:
    """Read a turn against the plain note and link its names."""
    return link_turn(dialogue.parse(text, note, form, task, truncated), names)


def judge(
    text: str,
    turn: Diagnosis,
    note: str,
    gold: Gold,
    matcher: Matcher,
    names: Names,
    limits: Limits,
    truth: Claims,
    shown: Shown | None = None,
    observed: Sequence[str] = (),
    excluded: Sequence[str] = (),
) -> list[Rejection]:
    """Apply every filter but that of near-duplicates.

    Args:
        text: what the teacher wrote.
        turn: the same, read (see `read`).
        note: the plain note.
        gold: the right answer.
        matcher: evaluation's own.
        names: what names link to.
        limits: where the lines are drawn.
        truth: what is true of diseases and findings.
        shown: what stood in the prompt beside the note.
        observed: HPO ids the case is annotated with, where known.
        excluded: HPO ids it is annotated to lack.
    """
    faults: dict[Filter, list[str]] = {
        "format": malformed(turn),
        "diagnosis": misdiagnosed(turn, gold, matcher, limits.within),
        "grounding": ungrounded(turn, note, limits.most_quoted_words),
        "polarity": wrong_polarity(turn, note, names.kb, observed, excluded),
        "claims": untrue(turn, names, truth, limits.unchecked),
        "leak": leaked(text, note, shown or Shown(), names_of(turn), limits.copied_words),
        "length": wrong_length(text, turn, limits),
    }
    return [Rejection(filter=name, reason=reason) for name, reasons in faults.items() for reason in reasons]


def malformed(turn: Diagnosis) -> list[str]:
    """The turn does not have the form that was asked for; quotes that are not in the note are `ungrounded`."""
    faults = [
        f"{problem.kind.value}" + (f": {problem.detail}" if problem.detail else "")
        for problem in turn.problems
        if problem.kind != ProblemKind.QUOTE_NOT_IN_NOTE
    ]
    if turn.form == "full" and not turn.has(ProblemKind.NO_REASONING):
        parts = {"hypotheses": turn.hypotheses, "weighing": turn.weigh.strip()}
        faults += [f"no {what}" for what, there in parts.items() if not there]
        weighed = {hypothesis.name.casefold() for hypothesis in turn.hypotheses}
        if turn.answer and turn.hypotheses and turn.answer[0].name.casefold() not in weighed:
            faults.append("the first name of the answer was not weighed")
    return faults


def misdiagnosed(turn: Diagnosis, gold: Gold, matcher: Matcher, within: int) -> list[str]:
    """None of the first names is the right disease, strictly, by the matcher that evaluation uses."""
    first = [candidate.name for candidate in turn.answer[:within]]
    if any(matcher.judge(name, gold).level == "strict" for name in first):
        return []
    return [f"not accepted: {'; '.join(first)}" if first else "no diagnosis"]


def ungrounded(turn: Diagnosis, note: str, most_words: int) -> list[str]:
    """A quote is not in the note, is hardly a word, is cut out of one, or is longer than a finding is."""
    faults = []
    for finding in turn.findings:
        where = f"finding {finding.index}"
        if finding.span is None:
            faults.append(f"{where}: its quote is not in the note")
            continue
        start, end = finding.span.start, finding.span.end
        if sum(map(str.isalnum, finding.quote)) < _LETTERS:
            faults.append(f"{where}: its quote says nothing")
        elif _inside_word(note, start) or _inside_word(note, end):
            faults.append(f"{where}: its quote begins or ends inside a word")
        elif len(finding.quote.split()) > most_words:
            faults.append(f"{where}: its quote is longer than {most_words} words")
    return faults


def _inside_word(note: str, place: int) -> bool:
    return 0 < place < len(note) and note[place - 1].isalnum() and note[place].isalnum()


def wrong_polarity(
    turn: Diagnosis, note: str, kb: KnowledgeBase, observed: Sequence[str], excluded: Sequence[str]
) -> list[str]:
    """A finding is said to be present that the patient lacks, or the other way round.

    The case's own annotations decide where they name the term; else the words around the quote do.
    """
    there, lacking = ({kb.term(i) for i in ids} for ids in (observed, excluded))
    implied = {ancestor for term in there for ancestor in kb.term_ancestors[term]}
    spans = [finding.span for finding in turn.findings if finding.span]
    faults = []
    for finding in turn.findings:
        if finding.span is None:
            continue
        term = kb.term(finding.hpo_id) if finding.hpo_id else None
        known = [term in implied, term in lacking]
        if any(known) and not all(known):
            said = Assertion.present if known[0] else Assertion.absent
        else:
            said = said_of(note, finding.span, spans)
        written = Assertion.present if finding.present else Assertion.absent
        if said not in DECIDED and finding.present:
            faults.append(f"finding {finding.index}: the note says it of a relative, or only considers it")
        elif said in DECIDED and said != written:
            faults.append(f"finding {finding.index}: written as {written.value}, and the note says otherwise")
    return faults


def untrue(turn: Diagnosis, names: Names, truth: Claims, unchecked: float) -> list[str]:
    """Something said for or against a hypothesis does not hold in the knowledge base, or too much cannot be checked."""
    made = claims(turn, names, truth)
    faults = [f"not so: {claim.text}" for claim in made if claim.holds is False]
    open_ = [claim.text for claim in made if claim.holds is None]
    if open_ and len(open_) > unchecked * len(made):
        faults += [f"cannot be checked: {text}" for text in open_]
    return faults


def leaked(text: str, note: str, shown: Shown, own: Iterable[str], copied_words: int) -> list[str]:
    """The turn speaks of the reflection prompt, or copies from K, E or the hint.

    Args:
        text: the turn as written.
        note: words that stand in it are no leak.
        shown: what stood in the prompt beside the note.
        own: names the turn may write anyway: diseases and findings.
        copied_words: so many words in a row are a copy.
    """
    thought = text.partition(dialogue.ANSWER)[0]
    faults = [f"speaks of {match.group().lower()!r}" for match in _TALK.finditer(thought) if match.group() not in note]
    allowed = _grams(note, copied_words).union(*(_grams(name, copied_words) for name in own))
    prose = _grams(" ".join(_prose(thought)), copied_words) - allowed
    for line in shown.lines:
        if prose & (_grams(line, copied_words) - allowed):
            faults.append("copies from what only the prompt held")
            break
    return list(dict.fromkeys(faults))


def wrong_length(text: str, turn: Diagnosis, limits: Limits) -> list[str]:
    """Too many words, or too few findings to be a chain of reasoning."""
    faults = []
    words = len(text.split())
    if words > limits.most_words:
        faults.append(f"{words} words, {limits.most_words} are allowed")
    if turn.form == "full" and len(turn.findings) < limits.least_findings:
        faults.append(f"{len(turn.findings)} findings, {limits.least_findings} are the least")
    return faults


def names_of(turn: Diagnosis) -> list[str]:
    """Diseases and findings a turn names."""
    diseases = [candidate.name for candidate in turn.answer] + [hypothesis.name for hypothesis in turn.hypotheses]
    return list(dict.fromkeys(diseases + [finding.term for finding in turn.findings]))


def _prose(thought: str) -> list[str]:
    """Lines of the reasoning that are free text; a list of awaited findings is the model's own knowledge."""
    return [re.sub(r"\| awaited [^|]*", "", line) for line in thought.splitlines()]


def _grams(text: str, size: int) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


class Pool:
    """Accepted rows, by disease."""

    def __init__(self, threshold: float) -> None:
        """Take the similarity, 0 to 1, from which rows count as the same."""
        self._threshold = threshold
        self._rows: dict[str, list[tuple[str, list[str], list[str]]]] = defaultdict(list)

    def add(self, disease: str, name: str, note: str, turn: str) -> None:
        """Remember an accepted row under a name by which it can be pointed at."""
        self._rows[disease].append((name, note.split(), turn.split()))

    def like(self, disease: str, note: str, turn: str) -> str | None:
        """Name of an accepted row that this one nearly repeats; None where there is none."""
        words, said = note.split(), turn.split()
        for name, other_note, other_turn in self._rows[disease]:
            if alike(said, other_turn) >= self._threshold and alike(words, other_note) >= self._threshold:
                return name
        return None


def alike(a: list[str], b: list[str]) -> float:
    """Similarity of two texts given as words: 1 for equal ones, 0 where they share no word."""
    return float(Indel.normalized_similarity(a, b))
