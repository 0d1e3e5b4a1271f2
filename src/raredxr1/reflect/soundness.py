"""What is unsound in a turn over evidence: a pure reading of its text against the prompt it was written behind.

For turns as a model wrote them, before any is mended.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from raredxr1 import dialogue
from raredxr1.diagnose.lead_grammar import (
    ALIKE,
    LEAST_HYPOTHESES,
    MOST_AWAITED,
    MOST_HYPOTHESES,
    MOST_SPECIFIC,
    WEIGH,
    is_known,
    read_candidates,
)
from raredxr1.schemas import Hypothesis

_EXPLAINS = re.compile(rf"(.+) explains (\d+)({MOST_SPECIFIC})?(?:; (.+) does not\.|; ({re.escape(ALIKE)})|\.)")
_SPOKEN_AGAINST = re.compile(r"(.+) would explain the same, but (\d+) speaks against it\.")
_NOTHING = re.compile(r"No finding is specific; (.+) is only the least unlikely\.")
_UNKNOWN = re.compile(r"Nothing is annotated of (.+); the words of the note name it\.")
_NAME = re.compile(r"\d+[.)] (.+)")


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
