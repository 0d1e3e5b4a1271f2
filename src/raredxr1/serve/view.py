"""What the pages show, computed before a template sees it: highlighted note, candidates with evidence, links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from raredxr1.diagnose import Result
from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.html import Mark, Segment, segments
from raredxr1.diagnose.output.stream import reasoning
from raredxr1.diagnose.reranked import follows
from raredxr1.diagnose.result import Ranked
from raredxr1.serve.corrected import as_corrected
from raredxr1.serve.product import Product
from raredxr1.serve.review import Noted, Review
from raredxr1.serve.weighed import Place, Weighed, Weigher, weigh

_PLACES = {
    "OMIM": "https://omim.org/entry/{number}",
    "ORPHA": "https://www.orpha.net/en/disease/detail/{number}",
    "HP": "https://hpo.jax.org/browse/term/HP:{number}",
    "MONDO": "https://monarchinitiative.org/MONDO:{number}",
}


def outside(any_id: str) -> str | None:
    """The public page of an OMIM, ORPHA, MONDO or HPO id: a link to follow, never fetched by this program."""
    prefix, _, number = any_id.partition(":")
    pattern = _PLACES.get(prefix)
    return pattern.format(number=number) if pattern and number.isdigit() else None


@dataclass(frozen=True)
class Candidate:
    """A line of the ranking."""

    ranked: Ranked
    weighed: Weighed
    classical_rank: int | None
    """Its place in the likelihood ranking, where that is among the first listed."""


@dataclass(frozen=True)
class ResultView:
    """Everything the page of a finished run shows."""

    id: str
    result: Result
    """With the findings as they stand: ranked anew where a fused ranking follows corrections."""
    review: Review
    follows: bool
    """Whether the ranking follows corrections."""
    segments: list[Segment]
    omitted: str
    """What the model did not read."""
    candidates: list[Candidate]
    places: list[Place]
    by_number: dict[int, Noted]
    none: float | None
    """Probability that the right disease is not listed; None: nobody can say."""
    warnings: list[str]
    """What must be known before the ranking is looked at."""
    remarks: list[str]
    """What the confidences are."""
    slips: list[str]
    """What was wrong with the model's turn and was put right or left out."""
    reasoning: str
    """The model's turn as it was written, without its answer; empty where it wrote none."""
    readers: set[str]
    """Who read the findings: model, dictionary, or both."""
    coded: int
    """Findings with an HPO id, present or absent: those that the likelihood ranking and a phenopacket can hold."""

    @property
    def weighed_by(self) -> Literal["model", "knowledge", "both", "none"]:
        """Who says what speaks for and against the candidates."""
        bases = {candidate.weighed.basis for candidate in self.candidates} - {"none"}
        return "both" if len(bases) > 1 else next(iter(bases), "none")


def view(run_id: str, result: Result, review: Review, product: Product) -> ResultView:
    """Compute it."""
    names = product.names
    shown = as_corrected(result, review, product)
    kept = shown.truncation.kept_characters if shown.truncation else len(shown.note)
    weigher = Weigher(review, names.kb)
    places = weigher.places(shown)
    by_rank = {place.listed_rank: place.rank for place in places if place.listed_rank}
    slips = words.slips(shown)
    warned = [line for line in words.warnings(shown) if line not in slips] + words.none_warning(shown)
    warned += [*shown.notices, *words.redacted(shown)]
    return ResultView(
        id=run_id,
        result=shown,
        review=review,
        follows=follows(result, product.model),
        segments=segments(shown.note[:kept], [mark for f in review.findings for mark in _marks(f)]),
        omitted=shown.note[kept:],
        candidates=[
            Candidate(ranked, weighed, by_rank.get(ranked.rank))
            for ranked, weighed in zip(shown.candidates, weigh(shown, review, names, weigher), strict=True)
        ],
        places=places,
        by_number={finding.number: finding for finding in review.findings},
        none=shown.calibration.none_of_these if shown.calibration else None,
        warnings=warned,
        remarks=[line for line in words.remarks(shown) if line not in (*warned, *slips, *words.none_line(shown))],
        slips=slips,
        reasoning=_reasoning(shown),
        readers={finding.origin for finding in (*review.findings, *review.removed)},
        coded=sum(finding.hpo_id is not None and finding.present is not None for finding in review.findings),
    )


def headline(result: Result) -> str:
    """The first candidate, for a title."""
    return result.candidates[0].name if result.candidates else "no disease named"


def numbers(sequence: Sequence[int]) -> str:
    """Numbers for an attribute: "1 2 5"."""
    return " ".join(map(str, sequence))


def _reasoning(result: Result) -> str:
    written = [turn.text for turn in result.turns if turn.role in ("turn", "lead turn")]
    return reasoning(written[-1]) if written and result.settings.form == "full" else ""


def _marks(noted: Noted) -> list[Mark]:
    own = [Mark(noted.span, noted.state, noted.term, noted.number)] if noted.span else []
    return own + [Mark(place.span, place.state, noted.term) for place in noted.elsewhere]
