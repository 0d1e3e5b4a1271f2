"""What was read of a note, as the model gets it: age, sex and findings in the plain style it was taught.

Names of diseases are asked for by this summary rather than by the note: it fits however long the note is, and measured
better (docs/log.md). A model that reasons over a note too long to be read at once reasons over it too, with the
findings numbered at the beginning of its turn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from raredxr1 import dialogue
from raredxr1.cases.plain import plain_note, spoken_age
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import StatedFinding
from raredxr1.schemas import Demographics, Diagnosis, Finding, ProblemKind


@dataclass(frozen=True)
class Summary:
    """The plain note of what was read, and the findings it holds, in order of place; empty where nothing was read."""

    text: str
    findings: tuple[StatedFinding, ...]

    def numbered(self) -> list[Finding]:
        """The findings as a turn would list them, with the words of the note."""
        return [
            Finding(index=i, present=f.state == "present", quote=f.quote, term=f.term, hpo_id=f.hpo_id, span=f.span)
            for i, f in enumerate(self.findings, 1)
        ]

    def begun(self) -> str:
        """The beginning of a turn that reasons over them; each is quoted as the summary words it."""
        return dialogue.render_findings([f.model_copy(update={"quote": f.term}) for f in self.numbered()])


def summarise(
    patient: Demographics, stated: Sequence[StatedFinding], names: Names, fits: Callable[[Summary], bool]
) -> Summary:
    """Summarise as much as fits; where not all does, the most specific findings, those present before those absent.

    Args:
        patient: age and sex.
        stated: the findings.
        names: the knowledge base; depth in its ontology is what specificity goes by.
        fits: whether a summary fits.
    """
    depth = names.kb.term_ancestors
    decided = [finding for finding in stated if finding.state in ("present", "absent")]
    ranked = sorted(decided, key=lambda f: (f.state == "absent", -len(depth[names.kb.term(f.hpo_id)])))
    low, high = 0, len(ranked)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_written(patient, ranked[:middle])):
            low = middle
        else:
            high = middle - 1
    return _written(patient, ranked[:low])


def of_note(diagnosis: Diagnosis, findings: Sequence[Finding], numbered: bool) -> Diagnosis:
    """A turn that was written over a summary, with the words of the note in place of the summary's.

    Args:
        diagnosis: the turn, read and linked.
        findings: those of the summary.
        numbered: the turn began with them, under their numbers; else those it lists are found again by term.
    """
    kept = [problem for problem in diagnosis.problems if problem.kind != ProblemKind.QUOTE_NOT_IN_NOTE]
    if numbered:
        return diagnosis.model_copy(update={"findings": list(findings), "problems": kept})
    by_term = {finding.term.casefold(): finding for finding in findings}
    words = [
        own.model_copy(update={"quote": found.quote, "span": found.span, "hpo_id": found.hpo_id}) if found else own
        for own in diagnosis.findings
        for found in [by_term.get(own.quote.casefold()) or by_term.get(own.term.casefold())]
    ]
    return diagnosis.model_copy(update={"findings": words, "problems": kept})


def _written(patient: Demographics, findings: Sequence[StatedFinding]) -> Summary:
    age, sex = patient.age, patient.sex
    kept = tuple(sorted(findings, key=lambda f: (f.span.start, f.span.end)))
    present, absent = ([f.term for f in kept if f.state == state] for state in ("present", "absent"))
    text = plain_note(
        sex.value.capitalize() if sex else None, spoken_age(age.iso8601) if age else None, present, absent
    )
    return Summary(text, kept)
