"""The grammar of a sound turn over evidence: what may be written next, so that nothing contradicts the prompt.

The prompt of the lead diagnostician (`lead`) lists what is known of each candidate. A sound turn names two or three
candidates as hypotheses, each with all that speaks for it and all that speaks against it, and the first two findings to
look for; weighs two of them by a finding that one explains and the other does not (or says that none decides); and
answers with every candidate once, its first hypothesis first. Findings are numbered by how specific they are, so a
candidate's lowest number is its most specific finding. Where the order is settled, the first hypothesis is given, what
decides is said of it, and the turn ends with the weighing. Of a candidate of which nothing is annotated it is not said
that it does not explain a finding.

What is known of a candidate is one piece: a list that leaves out what speaks against a disease is not sound, and a list
that is copied whole need not be asked for. What a model decides is which candidates, in which order, and what decides.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from raredxr1 import dialogue
from raredxr1 import lazy_re as re
from raredxr1.schemas import Hypothesis

MOST_HYPOTHESES, LEAST_HYPOTHESES, MOST_AWAITED = 3, 2, 2
CANDIDATES, WEIGH = "Candidates", "Weigh"
MOST_SPECIFIC = ", its most specific finding"
ALIKE = "so do the others."
LACKING = " does not."
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
        self.names = [one.name for one in candidates]

    def follow(self, turn: str, place: Place | None = None) -> Place:
        """Follow a turn as far as it is sound; from a place that a beginning of it had reached, if one is given."""
        end, pieces = (place.end, place.pieces) if place else (0, self._hypothesis(()))
        while pieces:
            rest = turn[end:]
            piece = next((one for one in pieces if rest.startswith(one.text)), None)
            if piece is None:
                return Place(end, pieces, any(one.text.startswith(rest) for one in pieces))
            end, pieces = end + len(piece.text), piece.then()
        return Place(end, [], end == len(turn))

    def _hypothesis(self, named: tuple[Hypothesis, ...]) -> list[Piece]:
        pieces = []
        if len(named) < MOST_HYPOTHESES:
            for one in self._all:
                if one not in named and (named or self._settled in ("", one.name)):
                    pieces.append(Piece(f"{_line(one)}\n", partial(self._hypothesis, (*named, one))))
        if len(named) >= min(LEAST_HYPOTHESES, len(self._all)):
            pieces.append(Piece(f"{WEIGH}\n", partial(self._weigh, named)))
        return pieces

    def _weigh(self, named: tuple[Hypothesis, ...]) -> list[Piece]:
        first, *others = named
        if not any(one.supports for one in named):
            return self._ends(named, [f"No finding is specific; {first.name} is only the least unlikely."])
        if not is_known(first):
            return self._ends(named, [unknown(first)])
        about = [first] if self._settled and first.supports else named
        sentences = [sentence for one in about for sentence in self._explained(named, one)]
        for one in others:
            against = [n for n in one.against if n not in first.against]
            if first.supports and set(first.supports) <= set(one.supports):
                sentences += [f"{one.name} would explain the same, but {n} speaks against it." for n in against]
        return self._ends(named, sentences)

    def _explained(self, named: tuple[Hypothesis, ...], one: Hypothesis) -> list[str]:
        """What may be said of the findings of a hypothesis; the most specific one is called so.

        Where one of them tells it from another hypothesis, nothing is said of those that do not.
        """
        sentences = [
            f"{one.name} explains {n}{MOST_SPECIFIC if n == min(one.supports) else ''}{said}"
            for n in one.supports
            for said in self._besides(named, one, n)
        ]
        return [sentence for sentence in sentences if sentence.endswith(LACKING)] or sentences

    def _ends(self, named: tuple[Hypothesis, ...], sentences: Sequence[str]) -> list[Piece]:
        """Sentences that end the weighing, behind which the answer begins."""
        if self._settled:
            return [Piece(f"{sentence}\n", list) for sentence in sentences]
        return [Piece(f"{sentence}{_END_OF_WEIGHING}", partial(self._answer, named[:1])) for sentence in sentences]

    def _besides(self, named: tuple[Hypothesis, ...], one: Hypothesis, finding: int) -> list[str]:
        """What may be said of the others where a hypothesis explains a finding; nothing of what is not annotated."""
        others = [other for other in named if other is not one]
        lacking = [f"; {other.name}{LACKING}" for other in others if is_known(other) and finding not in other.supports]
        if lacking or one is not named[0]:
            return lacking
        return [f"; {ALIKE}" if others and all(map(is_known, others)) else "."]

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


def is_known(one: Hypothesis) -> bool:
    """Whether anything is annotated of a candidate; if not, that a finding is not is no news."""
    return bool(one.supports or one.against or one.awaited)


def unknown(one: Hypothesis) -> str:
    """What is said where the first hypothesis has nothing that could be weighed."""
    return f"Nothing is annotated of {one.name}; the words of the note name it."


def _line(one: Hypothesis) -> str:
    """A hypothesis with all that is known of it, as a turn has it."""
    return dialogue.render_hypothesis(one.model_copy(update={"awaited": one.awaited[:MOST_AWAITED]}))
