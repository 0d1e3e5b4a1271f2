"""Boxes to tick, and lists whose lines begin with plus and minus."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion.lines import Line
from raredxr1.knowledge.assertion.states import Assertion

BOX = re.compile(r"\[[ _xX✓✔+−-]?\]|[☐☑☒✓✔✗✘✕□■✅❌⬜]|\((?:[xX✓]|\s)\)(?=\s)")
_TICKED = frozenset(("[x]", "[✓]", "[✔]", "[+]", "☑", "✓", "✔", "■", "✅", "(x)", "(✓)"))
_CROSSED = frozenset(("[-]", "[−]", "✗", "✘", "✕", "❌"))
_BULLET = re.compile(r"^[ \t]*[☐□][ \t]*(?:no|not|nil|denies|without)\b(?! *[☐□])", re.I | re.MULTILINE)
"""A denial behind an empty box at the head of a line, which no item to tick is."""
_ANSWER = re.compile(
    r"\W*(?P<yes>yes|present|y|positive)\b|\W*(?P<no>no|absent|n|negative|none)\b|\W*(?:unknown|n/?k)\b", re.I
)
_ANSWER_BEFORE = re.compile(r"\b(?:(?P<yes>yes|present|y)|(?P<no>no|absent|n|none)|unknown)\W*$", re.I)


@dataclass(frozen=True, slots=True)
class Boxes:
    """How the boxes of a note are meant: `cross` is the sign ☒, a tick in some forms and a no beside ☑."""

    any_ticked: bool
    cross_is_no: bool


def boxes_of(text: str) -> Boxes | None:
    """Look a note over; None: it has no boxes."""
    signs = {match[0].lower() for match in BOX.finditer(text)}
    if not signs:
        return None
    if not signs & _TICKED and _BULLET.search(text):
        return None  # bullets in the form of boxes
    cross_is_no = bool(signs & {"☑", "✓", "✔"})
    return Boxes(bool(signs & _TICKED) or ("☒" in signs and not cross_is_no), cross_is_no)


def _ticked(sign: str, boxes: Boxes) -> bool | None:
    """True: ticked. False: crossed out. None: empty."""
    sign = sign.lower()
    if sign in _TICKED or (sign == "☒" and not boxes.cross_is_no):
        return True
    return False if sign in _CROSSED or sign == "☒" else None


def ticked_states(
    text: str, line: Line, findings: Sequence[tuple[int, int]], boxes: Boxes
) -> dict[tuple[int, int], Assertion]:
    """What the boxes of a line say of its findings; those that no box belongs to are left out."""
    marks = list(BOX.finditer(text, line.start, line.end))
    if not marks or not findings:
        return {}
    states: dict[tuple[int, int], Assertion] = {}
    leading = marks[0].start() < findings[0][0]
    places = [mark.start() for mark in marks]
    for number, finding in enumerate(findings):
        stop = findings[number + 1][0] if number + 1 < len(findings) else line.end
        after = bisect_left(places, finding[1])
        behind = marks[after : bisect_left(places, stop)]
        if (answer := _answered(text, finding[1], behind, stop, boxes)) is not None:
            states[finding] = answer
            continue
        if leading:
            before = bisect_left(places, finding[0])
            mark = marks[before - 1] if before else None
        else:
            mark = marks[after] if after < len(marks) else None
        if mark:
            states[finding] = _state(_ticked(mark[0], boxes), boxes)
    return states


def _state(ticked: bool | None, boxes: Boxes) -> Assertion:
    if ticked:
        return Assertion.present
    return Assertion.absent if ticked is False or boxes.any_ticked else Assertion.uncertain


def _answered(text: str, start: int, marks: Sequence[re.Match[str]], stop: int, boxes: Boxes) -> Assertion | None:
    """The answer that is ticked among those behind a finding: "Seizures ☐ yes ☑ no"."""
    answers: list[tuple[bool | None, Assertion]] = []
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else stop
        begin = marks[number - 1].end() if number else start
        answer = _ANSWER.match(text, mark.end(), end) or _ANSWER_BEFORE.search(
            text[max(begin, mark.start() - 20) : mark.start()]
        )
        if answer is None:
            return None
        said = Assertion.present if answer["yes"] else Assertion.absent if answer["no"] else Assertion.uncertain
        answers.append((_ticked(mark[0], boxes), said))
    if not answers:
        return None
    return next((said for ticked, said in answers if ticked), Assertion.uncertain)


def signed_lines(lines: Sequence[Line]) -> dict[int, Assertion]:
    """Lines of lists that begin with plus and minus, where both do: "+ ataxia" above "- seizures"."""
    states: dict[int, Assertion] = {}
    first = 0
    for at in range(len(lines) + 1):
        if at < len(lines) and lines[at].bullet in ("+", "-", "−", "–"):
            continue
        run = lines[first:at]
        if {"+"} < {"+" if line.bullet == "+" else "-" for line in run}:
            for number, line in enumerate(run, first):
                states[number] = Assertion.present if line.bullet == "+" else Assertion.absent
        first = at + 1
    return states
