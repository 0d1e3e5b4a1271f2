"""The model's reasoning as it is written, in plain sentences: pieces of a turn in, what a person should see out.

Each finding is a line with its words in the note, each hypothesis a sentence with its findings by name; the answer is
left out, since the table shows it better. A line that has another form than a turn's is shown as it is.
"""

from collections.abc import Sequence

from raredxr1 import lazy_re as re
from raredxr1.diagnose.expected import says_the_same
from raredxr1.diagnose.output.glossary import in_sentence, listed, printable
from raredxr1.diagnose.result import Result, Turn
from raredxr1.dialogue import ANSWER, ANSWER_END, HYPOTHESES, THINK, THINK_END

WEIGH = "Weigh"
_TAGS = (THINK, THINK_END, ANSWER_END, "Findings", HYPOTHESES, WEIGH)
_UNSAID = re.compile(r", (?:its|the) most specific finding(?=[;.])")
"""By how few diseases have it, which is not what people mean."""
_NOTHING_FITS = re.compile(r"No finding is specific; (.+) is only the least unlikely\.")
_EXPLAINS = re.compile(r"(.+) explains (\d{1,3})(?:; (.+) does not)?.*")
_FINDING = re.compile(r'(\d{1,3}) ([+-]) "(.*)" = (.*)')
_LACKS = re.compile(r"; (.+) does not\.$")
"""That nobody has annotated a finding to a disease is not that the disease does not have it."""
_NUMBER = re.compile(r"(?<=explains )\d{1,3}\b|\b\d{1,3}(?= speaks against)")
_PARTS = {"for": "fits", "against": "against it:", "awaited": "expected, not mentioned:"}
_UNMATCHED = 4
"""Findings without a match in a hypothesis that are named; the others are counted."""


class ReasoningStream:
    """Takes the pieces of one turn; what is said of a line comes once the line is whole."""

    def __init__(self) -> None:
        self._line = ""
        self._over = False
        self._weighs = self._weighed = False
        self._findings: dict[str, tuple[bool, str]] = {}

    def feed(self, piece: str) -> str:
        """Take a piece as the model wrote it; return what can be shown now, perhaps nothing."""
        *lines, self._line = (self._line + piece).split("\n")
        return "".join(f"{said}\n" for line in lines if (said := self._said(line.strip())))

    def _said(self, line: str) -> str:
        self._over = self._over or line == ANSWER
        self._weighs = self._weighs or line == HYPOTHESES
        self._weighed = self._weighed or line == WEIGH
        if self._over or line in _TAGS:
            return ""
        if match := _FINDING.fullmatch(line):
            self._findings[match[1]] = match[2] == "+", match[4]
            return printable(f'{self._named(match[1])} ("{match[3].strip()}")')
        if self._weighs and not self._weighed:
            return self._hypothesis(line)
        if match := _NOTHING_FITS.fullmatch(line):
            return printable(f"None of the findings is known of these diseases; {match[1]} is only the least unlikely.")
        line = _UNSAID.sub("", line)
        match = _EXPLAINS.fullmatch(line)
        if match and says_the_same(self._findings.get(match[2], (True, ""))[1], match[1]):
            rest = f"; it is not recorded for {match[3]}" if match[3] else ""
            return printable(f"The note itself has {self._named(match[2])}{rest}.")
        line = _LACKS.sub(r"; it is not recorded for \1.", line)
        return printable(_NUMBER.sub(lambda number: self._named(number[0]), line))

    def _hypothesis(self, line: str) -> str:
        name, *parts = line.split(" | ")
        told = []
        for part in parts:
            key, _, value = part.partition(" ")
            if key == "awaited":
                terms = [in_sentence(term.strip()) for term in value.split(";") if term.strip()]
            else:
                terms = [self._named(number) for number in value.split()]
            told.append(f"{_PARTS.get(key, key)} {listed([printable(term) for term in terms])}")
        if told and (left := self._unmatched(parts)):
            told.insert(int(parts[0].startswith("for ")), f"no match for {listed([printable(term) for term in left])}")
        return f"{printable(name)}: {'; '.join(told) or 'nothing that could be weighed is annotated of it'}."

    def _unmatched(self, parts: Sequence[str]) -> list[str]:
        """Findings present that a hypothesis is not said to explain: without a match, which is not yet against it."""
        explained = {number for part in parts if part.startswith("for ") for number in part.split()[1:]}
        left = [number for number, (there, _) in self._findings.items() if there and number not in explained]
        named = [self._named(number) for number in left]
        return named if len(named) <= _UNMATCHED else [*named[: _UNMATCHED - 1], f"{len(named) - _UNMATCHED + 1} more"]

    def _named(self, number: str) -> str:
        there, term = self._findings.get(number, (True, number))
        return in_sentence(term) if there else f"no {in_sentence(term)}"


def reasoning(turn: str) -> str:
    """The reasoning of a whole turn, as `ReasoningStream` shows it."""
    return ReasoningStream().feed(turn if turn.endswith("\n") else turn + "\n").strip("\n")


def weighed(result: Result) -> str:
    """How the model weighed the evidence, in sentences; empty where it did not, or where nothing stands out."""
    asked = result.verdict.kind != "nothing_stands_out"
    led = [turn.text for turn in result.turns if turn.role == "lead turn"] if asked else []
    return "\n".join(reasoning(led[-1]).splitlines()[len(result.diagnosis.findings) :]) if led else ""


def own_words(turn: Turn) -> str:
    """What a turn is called where it is shown in sentences."""
    checked = "each line held to the evidence" if turn.role == "lead turn" else "unchecked"
    return f"The language model's reasoning, {checked}"
