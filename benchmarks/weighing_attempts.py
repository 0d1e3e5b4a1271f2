"""Stage 2 in the form that is served: raw turns over evidence are attempted, judged, given back and accepted.

The prompt holds K and E already (`diagnose.lead`: what is true of each candidate, who ranks it where). So a failure
goes back in the order of `prompts.reflection`: findings, the former answer, what was wrong with it, then the candidates
with K and E next to the turn that is asked for. A turn is accepted where it is sound, and where the right disease, if
it is among the candidates, is answered first; it becomes the answer to the plain prompt.

`resampled` is the control of the same cost: plain attempts at what failed at first, for as many tokens.

`unsound` reads a turn as a model wrote it, before any is mended, against the prompt it was written behind, and names
what contradicts that, or itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from pydantic import Field

from raredxr1 import dialogue
from raredxr1.diagnose.engine import Engine, GenerationSettings
from raredxr1.diagnose.lead_grammar import (
    ALIKE,
    CANDIDATES,
    LEAST_HYPOTHESES,
    MOST_AWAITED,
    MOST_HYPOTHESES,
    MOST_SPECIFIC,
    WEIGH,
    is_known,
    read_candidates,
)
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.matcher import Matcher
from raredxr1.internalize.corpus import Example
from raredxr1.reflect.acceptance import Rejection
from raredxr1.reflect.prompts import REVIEW, former_lines, said
from raredxr1.reflect.weighing import WeighingLessons
from raredxr1.schemas import Hypothesis, Strict

AT_ONCE = 8
"""Turns written at once, their prompts of like length; the budget is looked at behind them."""
_EXPLAINS = re.compile(rf"(.+) explains (\d+)({MOST_SPECIFIC})?(?:; (.+) does not\.|; ({re.escape(ALIKE)})|\.)")
_SPOKEN_AGAINST = re.compile(r"(.+) would explain the same, but (\d+) speaks against it\.")
_NOTHING = re.compile(r"No finding is specific; (.+) is only the least unlikely\.")
_UNKNOWN = re.compile(r"Nothing is annotated of (.+); the words of the note name it\.")
_NAME = re.compile(r"\d+[.)] (.+)")


class Situation(Strict):
    """What stands before the lead diagnostician in one case, and what is right."""

    case_id: str
    file: str
    prompt: str = Field(description="the plain prompt")
    begun: str = Field(description="the findings as a turn has them, which are given")
    names: list[str] = Field(description="the candidates, likeliest first")
    right: list[str] = Field(description="the candidates that are the right disease; empty where it is none of them")
    turn: str = Field(description="the true turn, as a lesson has it")

    def answered(self, text: str) -> list[str]:
        """The names of the answer of a turn, in their order."""
        return [one.name for one in dialogue.parse(self.begun + text, "").answer]

    def first(self, text: str) -> str:
        """The first name of the answer of a turn; empty where there is none."""
        return next(iter(self.answered(text)), "")


class WeighedAttempt(Strict):
    """One sampled turn."""

    case_id: str
    round: int
    text: str
    written: int = Field(description="tokens")
    cost: int = Field(description="tokens, read and written")
    faults: list[Rejection] = Field(description="empty: accepted")

    @property
    def accepted(self) -> bool:
        """Whether it may be learned from."""
        return not self.faults


def situation(item: Item, weighing: WeighingLessons, matcher: Matcher) -> Situation | None:
    """Read and rank a case as in use; None where there is nothing to weigh."""
    if item.case is None or item.error:
        return None
    before, gold = weighing.evidence(item.note), matcher.gold(item.case.gold)
    if len(before.candidates) < 2 or not before.findings:
        return None
    right = [one for one in before.candidates if matcher.judge(one.name, gold).level == "strict"]
    order = [*right[:1], *(one for one in before.candidates if one not in right[:1])]
    return Situation(
        case_id=item.key,
        file=item.file,
        prompt=before.prompt(),
        begun=before.begun(),
        names=[one.name for one in before.candidates],
        right=[one.name for one in right],
        turn=weighing.turn(before, order),
    )


def faults(case: Situation, text: str) -> list[Rejection]:
    """Say why a turn is not accepted: what is unsound in it, and a wrong first name where the right one was there."""
    found = [Rejection(filter="claims", reason=reason) for reason in unsound(text, case.prompt)]
    first = case.first(text)
    if case.right and first not in case.right:
        found.append(Rejection(filter="diagnosis", reason=f"not accepted: {first}" if first else "no diagnosis"))
    return found


def review_prompt(case: Situation, failure: WeighedAttempt) -> str:
    """Give a failure back; the prompt does not tell which candidate is right."""
    before, _, candidates = f"\n{dialogue.note_of(case.prompt)}".partition(f"\n{CANDIDATES}\n")
    former = former_lines(dialogue.parse(case.begun + failure.text, ""))
    failed = f"Failed: {'; '.join(said(failure.faults))}"
    user = "\n".join([*before.split("\n")[1:], "Former answer", *former, failed, CANDIDATES, candidates])
    return f"{dialogue.chat(f'{dialogue.LEAD} {REVIEW}', user)}{dialogue.THINK}\n{dialogue.HYPOTHESES}\n"


def attempt(
    engine: Engine, settings: GenerationSettings, asked: Sequence[tuple[Situation, str]], round_: int
) -> list[WeighedAttempt]:
    """Sample one turn behind each prompt, and judge it against the plain one."""
    written = engine.generate([prompt for _, prompt in asked], settings)
    return [
        WeighedAttempt(
            case_id=case.case_id,
            round=round_,
            text=turn.text,
            written=turn.tokens,
            cost=engine.count(prompt) + turn.tokens,
            faults=faults(case, turn.text),
        )
        for (case, prompt), (turn,) in zip(asked, written, strict=True)
    ]


def plain(cases: Sequence[Situation]) -> list[tuple[Situation, str]]:
    """Every case with its plain prompt."""
    return [(case, case.prompt) for case in cases]


def reviews(cases: Sequence[Situation], first: Sequence[WeighedAttempt]) -> list[tuple[Situation, str]]:
    """Every case that failed, with the prompt that gives the failure back."""
    by_id = {case.case_id: case for case in cases}
    return [(by_id[one.case_id], review_prompt(by_id[one.case_id], one)) for one in first if not one.accepted]


def resampled(
    engine: Engine,
    settings: GenerationSettings,
    cases: Sequence[Situation],
    first: Sequence[WeighedAttempt],
    budget: int,
) -> list[WeighedAttempt]:
    """Attempt again what failed, as often as a budget of tokens read and written allows; none goes beyond it."""
    solved = {one.case_id for one in first if one.accepted}
    rows: list[WeighedAttempt] = []
    round_ = 0
    alike = sorted(cases, key=lambda case: len(case.prompt))  # prompts of like length are read together
    while left := [case for case in alike if case.case_id not in solved]:
        round_ += 1
        for start in range(0, len(left), AT_ONCE):
            seeded = settings.model_copy(update={"seed": settings.seed + 1000 * round_ + start})
            rows += attempt(engine, seeded, plain(left[start : start + AT_ONCE]), round_)
            spent = list(accumulate(row.cost for row in rows))
            if spent[-1] >= budget:
                return [row for row, cost in zip(rows, spent, strict=True) if cost <= budget]
        solved |= {row.case_id for row in rows if row.accepted}
    return rows


def accepted(cases: Sequence[Situation], rows: Sequence[WeighedAttempt]) -> list[Example]:
    """The first accepted turn of each case, as the answer to the plain prompt."""
    found: Mapping[str, WeighedAttempt] = {row.case_id: row for row in reversed(rows) if row.accepted}
    return [
        Example(case.prompt, found[case.case_id].text + dialogue.TURN_END, "weighing", None)
        for case in cases
        if case.case_id in found
    ]


def unsound(turn: str, prompt: str) -> list[str]:
    """Find what in a turn contradicts its prompt, or itself.

    Args:
        turn: what was written behind the prompt, with or without the end-of-turn token.
        prompt: findings and candidates, as `lead.Evidence.prompt` writes them.

    Returns:
        Plain reasons; none: the turn is sound.
    """
    known = {one.name: one for one in read_candidates(prompt)}
    turn = turn.split(dialogue.TURN_END, 1)[0]
    reasoning, _, answer = turn.partition(dialogue.ANSWER)
    reasoning, closed, _ = reasoning.partition(dialogue.THINK_END)
    hypotheses, weighed, weigh = f"\n{reasoning}".partition(f"\n{WEIGH}\n")
    lines = _lines(hypotheses)
    named = [line.partition(" | ")[0] for line in lines]
    answer, ended, behind = answer.partition(dialogue.ANSWER_END)
    found = [
        reason
        for holds, reason in (
            (weighed, "nothing is weighed"),
            (closed, "the reasoning is not closed"),
            (ended, "the answer is not closed"),
            (not behind.strip(), "there is text behind the answer"),
            (len(named) >= min(LEAST_HYPOTHESES, len(known)), "there are too few hypotheses"),
            (len(named) <= MOST_HYPOTHESES, "there are too many hypotheses"),
        )
        if not holds
    ]
    found += [f"{name} is a hypothesis twice" for name in _repeated(named)]
    for line in lines:
        found += _unsound_hypothesis(line, known)
    if weighed:
        found += _unsound_weighing(" ".join(_lines(weigh)), [known[name] for name in named if name in known])
    return found + _unsound_answer(answer, named, list(known))


def _unsound_hypothesis(line: str, known: dict[str, Hypothesis]) -> list[str]:
    name, *parts = line.split(" | ")
    if name not in known:
        return [f"{name} is no candidate"]
    one, found = known[name], list[str]()
    found += [f"{name}: {key} stands twice" for key in _repeated(part.split(" ")[0] for part in parts)]
    for part in parts:
        key, _, content = part.partition(" ")
        items = content.split("; ") if key == "awaited" else content.split(" ")
        own = {"for": map(str, one.supports), "against": map(str, one.against), "awaited": one.awaited}
        if key not in own or not content:
            found.append(f"{name}: cannot be read: {part}")
            continue
        of_its_own = set(own[key])
        found += [f"{name}: {key} {item} is not so" for item in items if item not in of_its_own]
        found += [f"{name}: {key} {item} twice" for item in _repeated(items)]
        if key == "awaited" and len(items) > MOST_AWAITED:
            found.append(f"{name}: too much is awaited")
    return found


def _unsound_weighing(text: str, named: Sequence[Hypothesis]) -> list[str]:
    by_name = {one.name: one for one in named}
    if match := _EXPLAINS.fullmatch(text):
        one, other, others = by_name.get(match[1]), by_name.get(match[4]), match[5]
        finding = int(match[2])
        holds = one is not None and finding in one.supports and (not match[3] or finding == min(one.supports))
        if match[4]:
            if match[1] == match[4]:
                return [f"weighing: {match[1]} is compared with itself"]
            holds = holds and other is not None and finding not in other.supports
        elif others:
            holds = holds and len(named) > 1 and all(finding in each.supports for each in named)
        else:
            holds = holds and all(finding in each.supports for each in named if is_known(each))
    elif match := _SPOKEN_AGAINST.fullmatch(text):
        one, first = by_name.get(match[1]), next(iter(named), None)
        holds = one is not None and first is not None and one is not first and int(match[2]) in one.against
        holds = holds and one is not None and first is not None and set(first.supports) <= set(one.supports)
    elif match := _NOTHING.fullmatch(text):
        holds = bool(named) and match[1] == named[0].name and not any(one.supports for one in named)
    elif match := _UNKNOWN.fullmatch(text):
        holds = bool(named) and match[1] == named[0].name and not is_known(named[0])
    else:
        return [f"weighing: cannot be read: {text}"]
    return [] if holds else [f"weighing: is not so: {text}"]


def _unsound_answer(answer: str, named: Sequence[str], known: Sequence[str]) -> list[str]:
    lines = [(line, _NAME.fullmatch(line)) for line in _lines(answer)]
    names = [match[1] for _, match in lines if match]
    found = [f"the answer cannot be read: {line}" for line, match in lines if not match]
    found += [f"the answer repeats {name}" for name in _repeated(names)]
    found += [f"the answer lacks {name}" for name in known if name not in names]
    found += [f"the answer's {name} is no candidate" for name in dict.fromkeys(names) if name not in known]
    if named and names and names[0] != named[0]:
        found.append(f"the answer begins with {names[0]}, the hypotheses with {named[0]}")
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _repeated(items: Iterable[str]) -> list[str]:
    return [item for item, times in Counter(items).items() if times > 1]
