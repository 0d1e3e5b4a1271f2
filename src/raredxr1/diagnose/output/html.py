"""A Result as one self-contained page: no scripts, no network, good on paper."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from jinja2 import Template

from raredxr1.diagnose.output import glossary, sentences, words
from raredxr1.diagnose.output.pages import environment
from raredxr1.diagnose.output.shown import shown_lines
from raredxr1.diagnose.result import Result, StatedFinding
from raredxr1.knowledge.assertion import Assertion, State, foremost
from raredxr1.schemas import Span


@dataclass(frozen=True)
class Mark:
    """A stretch of the note that is marked as a finding.

    Attributes:
        span: where it stands.
        state: what the note says there.
        term: HPO label.
        index: the number of the finding; None: no evidence refers to it.
    """

    span: Span
    state: State
    term: str
    index: int | None = None


@dataclass(frozen=True)
class Segment:
    """A stretch of the note with the findings that stand there, and those that end with it."""

    text: str
    findings: tuple[Mark, ...]
    ending: tuple[Mark, ...]

    @property
    def kind(self) -> str:
        """Which colour: the foremost state wins where findings overlap."""
        return foremost(Assertion(finding.state) for finding in self.findings).value


def segments(note: str, marks: Iterable[Mark]) -> list[Segment]:
    """Cut a note where marks begin and end; joined again the segments are the note."""
    placed = [mark for mark in marks if mark.span.start < mark.span.end]
    begins: dict[int, list[Mark]] = defaultdict(list)
    ends: dict[int, list[Mark]] = defaultdict(list)
    for mark in placed:
        begins[mark.span.start].append(mark)
        ends[mark.span.end].append(mark)
    parts: list[Segment] = []
    standing: list[Mark] = []
    for start, end in pairwise(sorted({0, len(note), *begins, *ends})):
        standing = [mark for mark in standing if mark.span.end > start] + begins[start]
        parts.append(Segment(note[start:end], tuple(standing), tuple(ends[end])))
    return parts


def marks_of(stated: Sequence[StatedFinding], numbers: Mapping[tuple[str, int], int]) -> list[Mark]:
    """Marks for every place of findings; the place that counts carries the number.

    Args:
        stated: the findings.
        numbers: (HPO id, start) -> number, for those that have one.
    """
    marks = []
    for one in stated:
        if one.quote:
            marks.append(Mark(one.span, one.state, one.term, numbers.get((one.hpo_id, one.span.start))))
        marks += [Mark(place.span, place.state, one.term) for place in one.elsewhere]
    return marks


def _marked(result: Result) -> list[Mark]:
    """The findings that were read; where none were gathered, what the model quoted."""
    if result.stated:
        return marks_of(result.stated, {})
    own = [f for f in result.diagnosis.findings if f.span]
    return [Mark(f.span, "present" if f.present else "absent", f.term) for f in own if f.span]


def html(result: Result) -> str:
    """The page of a result."""
    kept = result.truncation.kept_characters if result.truncation else len(result.note)
    return _template().render(
        result=result,
        words=words,
        gloss=glossary,
        sentences=sentences,
        lines=shown_lines(result),
        nothing=result.verdict.kind == "nothing_stands_out" and bool(result.candidates),
        reasoning=" ".join(sentences.reasoning(result)),
        segments=segments(result.note[:kept], _marked(result)),
        omitted=result.note[kept:],
        confidences=[*words.none_line(result), *words.below_ranking(result)],
        warnings=words.to_act_on(result),
    )


@cache
def _template() -> Template:
    templates = environment(Path(__file__).parent)
    templates.filters["basename"] = words.basename
    templates.tests["normal_result"] = words.is_normal_result
    return templates.get_template("result.html.j2")
