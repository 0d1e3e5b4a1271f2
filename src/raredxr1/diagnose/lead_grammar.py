"""The grammar of a sound turn over evidence: what may be written next, so that nothing contradicts the prompt.

The prompt of the lead diagnostician (`lead`) lists what is known of each candidate. A sound turn names two or three
candidates as hypotheses, each with findings and awaited findings of its own; weighs two of them by a finding that one
explains and the other does not (or says that none decides); and answers with every candidate once, its first hypothesis
first. Findings are numbered by how specific they are, so a candidate's lowest number is its most specific finding.
Where the order is settled, the first hypothesis is given, and the turn ends with the weighing.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from raredxr1 import dialogue
from raredxr1.schemas import Hypothesis

MOST_HYPOTHESES, LEAST_HYPOTHESES, MOST_AWAITED = 3, 2, 2
CANDIDATES, WEIGH = "Candidates", "Weigh"
MOST_SPECIFIC = ", its most specific finding"
ALIKE = "so do the others."
_END_OF_WEIGHING = f"\n{dialogue.THINK_END}\n{dialogue.ANSWER}\n1."
_NUMBERS = re.compile(r"(for|against)((?: \d{1,3})+)")


class Piece(NamedTuple):
    """Something that may be written next, and what may follow it; nothing may once the turn is whole."""

    text: str
    then: Callable[[], list["Piece"]]


class Place(NamedTuple):
    """How far a turn follows the grammar.

    Attributes:
        end: where its last whole piece ends.
        pieces: what may be written there.
        fits: whether what is written there begins one of them.
    """

    end: int
    pieces: list[Piece]
    fits: bool

    @property
    def whole(self) -> bool:
        """Whether nothing is left to be written."""
        return self.fits and not self.pieces

    @property
    def last(self) -> bool:
        """Whether one piece is left."""
        return len(self.pieces) == 1 and not self.pieces[0].then()


def read_candidates(prompt: str) -> list[Hypothesis]:
    """Read the candidates of a prompt over evidence, each with the evidence that stands beside it."""
    _, _, listed = f"\n{dialogue.note_of(prompt)}".partition(f"\n{CANDIDATES}\n")
    candidates = dict[str, Hypothesis]()
    for line in filter(None, listed.splitlines()):
        name, *parts = line.split(" | ")
        one = candidates.setdefault(name.casefold(), Hypothesis(name=name))
        for part in parts:
            if numbers := _NUMBERS.fullmatch(part):
                found = one.supports if numbers[1] == "for" else one.against
                found += map(int, numbers[2].split())
            elif part.startswith("awaited "):
                one.awaited += part.removeprefix("awaited ").split("; ")
    return list(candidates.values())


class LeadGrammar:
    """What may be written behind one prompt."""

    def __init__(self, candidates: Sequence[Hypothesis], settled: str = "") -> None:
        """Take the candidates, at least one, no two of one name; and the name that leads, where that is settled."""
        self._all, self._settled = list(candidates), settled
        self.names = [name for one in candidates for name in (one.name, *one.awaited)]

    def follow(self, turn: str, place: Place | None = None) -> Place:
        """Follow a turn as far as it is sound; from a place that a beginning of it had reached, if one is given."""
        end, pieces = (place.end, place.pieces) if place else (0, self._hypothesis(()))
        while pieces:
            pieces, rest = _distinct(pieces), turn[end:]
            piece = next((one for one in pieces if rest.startswith(one.text)), None)
            if piece is None:
                return Place(end, pieces, any(one.text.startswith(rest) for one in pieces))
            end, pieces = end + len(piece.text), piece.then()
        return Place(end, [], end == len(turn))

    def _hypothesis(self, named: tuple[Hypothesis, ...]) -> list[Piece]:
        pieces = []
        if len(named) < MOST_HYPOTHESES:
            for one in self._all:
                if one not in named and (named or one.name.startswith(self._settled)):
                    then = (*named, one)
                    pieces += [Piece(f"{one.name} |", partial(self._part, then, 0))] * bool(_parts(one))
                    pieces += [Piece(f"{one.name}\n", partial(self._hypothesis, then))]
        if len(named) >= min(LEAST_HYPOTHESES, len(self._all)):
            pieces.append(Piece(f"{WEIGH}\n", partial(self._weigh, named)))
        return pieces

    def _part(self, named: tuple[Hypothesis, ...], least: int) -> list[Piece]:
        """Where a part of a hypothesis begins; `least`: the first of the three that may still come."""
        return [
            Piece(f" {key}", partial(self._label, named) if key == "awaited" else partial(self._number, named, order))
            for order, key in _parts(named[-1])
            if order >= least
        ]

    def _number(self, named: tuple[Hypothesis, ...], part: int, last: int = 0) -> list[Piece]:
        numbers = named[-1].against if part else named[-1].supports
        pieces = [Piece(f" {n}", partial(self._number, named, part, n)) for n in numbers if n > last]
        if last:
            pieces.append(Piece("\n", partial(self._hypothesis, named)))
            if self._part(named, part + 1):
                pieces.append(Piece(" |", partial(self._part, named, part + 1)))
        return pieces

    def _label(self, named: tuple[Hypothesis, ...], *said: str) -> list[Piece]:
        labels = [label for label in dict.fromkeys(named[-1].awaited) if label not in said]
        pieces = [Piece(f" {label}\n", partial(self._hypothesis, named)) for label in labels]
        if len(said) + 1 < MOST_AWAITED and len(labels) > 1:
            pieces += [Piece(f" {label};", partial(self._label, named, *said, label)) for label in labels]
        return pieces

    def _weigh(self, named: tuple[Hypothesis, ...]) -> list[Piece]:
        first, *others = named
        if not any(one.supports for one in named):
            return self._ends(named, [f"No finding is specific; {first.name} is only the least unlikely."])
        pieces = list[Piece]()
        for one in named:
            findings = [n for n in one.supports if self._besides(named, one, n)]
            if findings:
                pieces.append(Piece(f"{one.name} explains", partial(self._explained, named, one, findings)))
        for one in others:
            against = [n for n in one.against if n not in first.against]
            if first.supports and against and set(first.supports) <= set(one.supports):
                ends = self._ends(named, [f" {n} speaks against it." for n in against])
                pieces.append(Piece(f"{one.name} would explain the same, but", partial(list, ends)))
        return pieces

    def _explained(self, named: tuple[Hypothesis, ...], one: Hypothesis, findings: Sequence[int]) -> list[Piece]:
        """How a sentence about a finding goes on: the most specific one is called so."""
        return [
            Piece(
                f" {n}{MOST_SPECIFIC}" if n == min(one.supports) else f" {n}",
                partial(self._ends, named, self._besides(named, one, n)),
            )
            for n in findings
        ]

    def _ends(self, named: tuple[Hypothesis, ...], sentences: Sequence[str]) -> list[Piece]:
        """Ends of the weighing, behind which the answer begins."""
        if self._settled:
            return [Piece(text, partial(list, [Piece("\n", list)])) for text in sentences]
        answer = partial(self._answer, named[:1])
        return [Piece(text, partial(list, [Piece(_END_OF_WEIGHING, answer)])) for text in sentences]

    def _besides(self, named: tuple[Hypothesis, ...], one: Hypothesis, finding: int) -> list[str]:
        """What may be said of the others where a hypothesis explains a finding."""
        if len(named) == 1:
            return ["."]
        lacking = [f"; {other.name} does not." for other in named if finding not in other.supports]
        return lacking or ([f"; {ALIKE}"] if one is named[0] else [])

    def _answer(self, given: tuple[Hypothesis, ...], first: bool = True) -> list[Piece]:
        """Where a name of the answer begins, its number before it; the first name is given before it is written."""
        left = given if first else [one for one in self._all if one not in given]
        number = 1 if first else len(given) + 1
        if number == len(self._all):
            return [Piece(f" {one.name}\n{dialogue.ANSWER_END}", list) for one in left]
        return [
            Piece(f" {one.name}\n{number + 1}.", partial(self._answer, given if first else (*given, one), False))
            for one in left
        ]


def _parts(one: Hypothesis) -> list[tuple[int, str]]:
    parts = (("for", one.supports), ("against", one.against), ("awaited", one.awaited))
    return [(order, key) for order, (key, content) in enumerate(parts) if content]


def _distinct(pieces: Sequence[Piece]) -> list[Piece]:
    """Lengthen pieces that begin another (1 and 12) by what may follow, until none does."""
    found = list[Piece]()
    for piece in pieces:
        if any(other.text != piece.text and other.text.startswith(piece.text) for other in pieces):
            longer = [Piece(piece.text + more.text, more.then) for more in piece.then()]
            found += _distinct(longer)
        else:
            found.append(piece)
    return found
