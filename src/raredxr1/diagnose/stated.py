"""What the note states, as HPO terms: names a dictionary finds, and the model's quotes where it finds none.

Rankings by findings (CRR) and next steps need terms. Where the words of the note are a name of a term, the dictionary
(`knowledge.recognition`) is right more often than a small model; what is said in other words only the model can read,
and its reading is used where at least half of what it quotes stands in the note. Each finding says who read it.
"""

from collections.abc import Sequence
from functools import lru_cache

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import StatedFinding
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import Assertion
from raredxr1.knowledge.recognition import Recogniser
from raredxr1.schemas import Finding, Span

GROUNDED_SHARE = 0.5
"""A model that invents more of its quotes than it copies is not believed about the others."""


def stated_findings(note: str, quoted: Sequence[Finding], names: Names) -> list[StatedFinding]:
    """Gather the findings of a note, each HPO term once, in order of place.

    Args:
        note: the text that was read.
        quoted: the findings of the model's turn, linked; empty in the short form.
        names: the knowledge base and its linker.
    """
    read = _by_dictionary(note, names.kb)
    taken = {finding.hpo_id for finding in read}
    read += [
        finding
        for finding in _by_model(quoted, names)
        if finding.hpo_id not in taken and not any(_overlap(finding.span, other.span) for other in read)
    ]
    return sorted(read, key=lambda finding: (finding.span.start, finding.span.end))


def terms(findings: Sequence[StatedFinding], kb: KnowledgeBase) -> tuple[list[int], list[int]]:
    """Term numbers of the findings: present, absent."""
    there = [kb.term(finding.hpo_id) for finding in findings if finding.present]
    lacking = [kb.term(finding.hpo_id) for finding in findings if not finding.present]
    return there, lacking


def _by_dictionary(note: str, kb: KnowledgeBase) -> list[StatedFinding]:
    """Each term once: where it is said to be present, if anywhere; what is a relative's or only considered is left."""
    read: dict[str, StatedFinding] = {}
    for mention in sorted(_recogniser(kb).find(note), key=lambda m: (m.assertion != Assertion.present, m.start)):
        if mention.assertion == Assertion.other:
            continue
        hpo_id = kb.term_ids[mention.term]
        finding = StatedFinding(
            hpo_id=hpo_id,
            term=kb.term_names[mention.term],
            present=mention.assertion == Assertion.present,
            quote=note[mention.start : mention.end],
            span=Span(start=mention.start, end=mention.end),
            by="dictionary",
        )
        read.setdefault(hpo_id, finding)
    return list(read.values())


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _by_model(quoted: Sequence[Finding], names: Names) -> list[StatedFinding]:
    grounded = [(finding, finding.span) for finding in quoted if finding.span]
    if len(grounded) < GROUNDED_SHARE * len(quoted):
        return []
    read: dict[str, StatedFinding] = {}
    for finding, span in grounded:
        if finding.hpo_id:
            read.setdefault(
                finding.hpo_id,
                StatedFinding(
                    hpo_id=finding.hpo_id,
                    term=names.kb.term_name(finding.hpo_id),
                    present=finding.present,
                    quote=finding.quote,
                    span=span,
                    by="model",
                ),
            )
    return list(read.values())


@lru_cache(maxsize=4)
def _recogniser(kb: KnowledgeBase) -> Recogniser:
    return Recogniser(kb)
