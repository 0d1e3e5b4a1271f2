"""What the pages show, computed before a template sees it: highlighted note, candidates with evidence, links."""

from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1.diagnose import Names, Result
from raredxr1.diagnose.next_steps import next_steps
from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.html import Segment, segments
from raredxr1.diagnose.result import NextStep, Ranked
from raredxr1.schemas import Finding
from raredxr1.serve.review import Noted, Place, Review, Weighed, Weigher, stated_of, weigh

STEPS = 5
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
    """A line of the model's list."""

    ranked: Ranked
    weighed: Weighed
    classical_rank: int | None
    """Its place in the likelihood ranking, where that is among the first listed."""


@dataclass(frozen=True)
class ResultView:
    """Everything the page of a finished run shows."""

    id: str
    result: Result
    review: Review
    segments: list[Segment]
    omitted: str
    """What the model did not read."""
    candidates: list[Candidate]
    places: list[Place]
    by_number: dict[int, Noted]
    warnings: list[str]
    remarks: list[str]
    steps: list[NextStep]
    """What would tell the candidates apart, given the findings as they stand."""
    readers: set[str]
    """Who read the findings: model, dictionary, or both."""
    coded: int
    """Findings with an HPO id: those that the likelihood ranking and a phenopacket can hold."""

    @property
    def weighed_by(self) -> str:
        """Who says what speaks for and against the candidates: model, knowledge or none."""
        bases = {candidate.weighed.basis for candidate in self.candidates} - {"none"}
        return next(iter(bases), "none")


def view(run_id: str, result: Result, review: Review, names: Names) -> ResultView:
    """Compute it."""
    kept = result.truncation.kept_characters if result.truncation else len(result.note)
    weigher = Weigher(review, names.kb)
    places = weigher.places(result)
    by_model_rank = {place.model_rank: place.rank for place in places if place.model_rank}
    candidates = [
        Candidate(ranked, weighed, by_model_rank.get(ranked.rank))
        for ranked, weighed in zip(result.candidates, weigh(result, review, names, weigher), strict=True)
    ]
    warned = words.warnings(result)
    if words.none_likely(result):
        warned += [remark for remark in words.remarks(result) if remark.startswith("None of these")]
    steps = result.next_steps
    if review.corrected:
        steps = next_steps(result.candidates, stated_of(review), names, STEPS)
    return ResultView(
        id=run_id,
        result=result,
        review=review,
        segments=segments(result.note[:kept], [_finding(f) for f in review.findings if f.span]),
        omitted=result.note[kept:],
        candidates=candidates,
        places=places,
        by_number={finding.number: finding for finding in review.findings},
        warnings=warned,
        remarks=[remark for remark in words.remarks(result) if remark not in warned],
        steps=steps,
        readers={finding.origin for finding in (*review.findings, *review.removed)},
        coded=sum(finding.hpo_id is not None for finding in review.findings),
    )


def headline(result: Result) -> str:
    """The first candidate, for a title."""
    return result.candidates[0].name if result.candidates else "no disease named"


def numbers(sequence: Sequence[int]) -> str:
    """Numbers for an attribute: "1 2 5"."""
    return " ".join(map(str, sequence))


def _finding(noted: Noted) -> Finding:
    return Finding(
        index=noted.number,
        present=noted.present,
        quote=noted.quote,
        term=noted.term,
        hpo_id=noted.hpo_id,
        span=noted.span,
    )
