"""The lines of the ranking as people are shown them: subtypes of one family together, evidence with each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1.diagnose.lines import apart
from raredxr1.diagnose.output.glossary import counted, printable
from raredxr1.diagnose.output.words import disease_name, percent
from raredxr1.diagnose.result import Line, Member, Ranked, Result


@dataclass(frozen=True)
class ShownLine:
    """A line of the ranking.

    Attributes:
        place: its number, from 1.
        name: of the disease, or of the family.
        id: of the disease; of a family that of its best member.
        confidence: of all members together.
        candidate: the best member with its evidence; None where it is not among the first ten.
        members: best first; one where the line is a disease of its own.
        favoured: whether findings favour the first member over the others.
        apart: what would tell the members apart, in a sentence; empty where nothing is known, or there is one.
        at_most: what diseases after the tenth, which have no confidence, can have at most; None: nobody can say.
    """

    place: int
    name: str
    id: str | None
    confidence: float | None
    candidate: Ranked | None
    members: Sequence[Member]
    at_most: float | None
    favoured: bool
    apart: str

    @property
    def folded(self) -> bool:
        """Whether the line opens to several diseases."""
        return len(self.members) > 1

    @property
    def subtypes(self) -> str:
        """How many subtypes it opens to, and the one that findings favour; empty for one disease."""
        if not self.folded:
            return ""
        first = apart(self.members[0].name, self.name) if self.favoured else ""
        return f"{counted(len(self.members), 'subtype')}{f', {printable(first)} fits best' if first else ''}"

    @property
    def share(self) -> str:
        """The confidence as it is shown."""
        return self.share_of(self.confidence)

    def share_of(self, confidence: float | None) -> str:
        """A member's confidence as it is shown: "63%"; "<2%" for one after the tenth, which comes below the tenth."""
        if confidence is not None or self.at_most is None:
            return percent(confidence)
        return f"<{max(math.ceil(100 * self.at_most), 1)}%"

    @property
    def familiar(self) -> str:
        """What most people call the disease, where its catalogue calls it otherwise; empty for a family."""
        others = self.candidate.also_called if self.candidate and not self.folded else []
        return next((name for name in others if not any(map(str.isdigit, name))), "")


def shown_lines(result: Result) -> list[ShownLine]:
    """The ranking as it is shown; results of before lines were kept are shown candidate by candidate."""
    by_rank = {candidate.rank: candidate for candidate in result.candidates}
    known = [candidate.confidence for candidate in result.candidates if candidate.confidence is not None]
    sorted_so = result.calibration is not None and len(known) == len(result.candidates)
    at_most = min(known, default=None) if sorted_so else None
    lines = []
    for place, line in enumerate(result.lines or map(_alone, result.candidates), 1):
        best = line.members[0]
        candidate = by_rank.get(best.rank)
        name = printable(line.name)
        if candidate and len(line.members) == 1 and candidate.link_rule == "fuzzy":
            name = disease_name(candidate)  # a guess at the spelling is not passed off as what was written
        told = "; ".join(map(printable, line.told_apart_by))
        if told and not line.favoured:
            told = f"the note does not tell them apart; {told} would"
        shown = ShownLine(place, name, best.id, line.confidence, candidate, line.members, at_most, line.favoured, told)
        lines.append(shown)
    return lines


def _alone(candidate: Ranked) -> Line:
    member = Member(rank=candidate.rank, name=candidate.name, id=candidate.id, confidence=candidate.confidence)
    return Line(name=disease_name(candidate), members=[member], confidence=candidate.confidence)
