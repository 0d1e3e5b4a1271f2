"""A Result as one self-contained page: no scripts, no network, good on paper."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from raredxr1.diagnose.evidence import numbered
from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.glossary import printable
from raredxr1.diagnose.result import Result
from raredxr1.schemas import Finding


@dataclass(frozen=True)
class Segment:
    """A stretch of the note with the findings that quote it, and those whose quote ends with it."""

    text: str
    findings: tuple[Finding, ...]
    ending: tuple[Finding, ...]

    @property
    def kind(self) -> str:
        """Which colour: present wins where findings overlap."""
        return "present" if any(finding.present for finding in self.findings) else "absent"


def segments(note: str, findings: list[Finding]) -> list[Segment]:
    """Cut a note where quotes begin and end; joined again the segments are the note."""
    placed = [(finding, finding.span) for finding in findings if finding.span]
    cuts = sorted({0, len(note), *(edge for _, span in placed for edge in (span.start, span.end))})
    return [
        Segment(
            text=note[start:end],
            findings=tuple(finding for finding, span in placed if span.start <= start and end <= span.end),
            ending=tuple(finding for finding, span in placed if span.end == end),
        )
        for start, end in pairwise(cuts)
    ]


def _marked(result: Result) -> list[Finding]:
    """The findings that evidence may refer to: the turn's, and those that only others read in the note."""
    own = {finding.index: finding for finding in result.diagnosis.findings}
    others = numbered(result.diagnosis, result.stated)
    return [*own.values(), *(f for index, f in others.items() if index not in own and f.quote)]


def html(result: Result) -> str:
    """The page of a result."""
    kept = result.truncation.kept_characters if result.truncation else len(result.note)
    return _template().render(
        result=result,
        words=words,
        segments=segments(result.note[:kept], _marked(result)),
        omitted=result.note[kept:],
        remarks=words.remarks(result),
        warnings=[*words.warnings(result), *words.none_warning(result)],
    )


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["printable"] = printable
    return environment.get_template("result.html.j2")
