"""What the note states, as HPO terms: names a dictionary finds, and the model's quotes where it finds none.

Rankings by findings (CRR) and next steps need terms. Where the words of the note are a name of a term, the dictionary
(`knowledge.recognition`) is right more often than a small model; what is said in other words only the model can read,
and its reading is used where at least half of what it quotes stands in the note. Each finding says who read it.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import Elsewhere, StatedFinding
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import foremost
from raredxr1.knowledge.recognition import Mention, Recogniser
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
    """Term numbers of the findings: present, absent. What is neither says nothing of the patient."""
    there = [kb.term(finding.hpo_id) for finding in findings if finding.state == "present"]
    lacking = [kb.term(finding.hpo_id) for finding in findings if finding.state == "absent"]
    return there, lacking


def _by_dictionary(note: str, kb: KnowledgeBase) -> list[StatedFinding]:
    """Each term once, where its foremost state is said first; the other places go with it."""
    places: dict[int, list[Mention]] = defaultdict(list)
    for mention in _recogniser(kb).find(note):
        places[mention.term].append(mention)
    read = []
    for term, mentions in places.items():
        state = foremost(mention.assertion for mention in mentions)
        chosen = next(mention for mention in mentions if mention.assertion == state)
        read.append(
            StatedFinding(
                hpo_id=kb.term_ids[term],
                term=kb.term_names[term],
                state=state.value,
                quote=note[chosen.start : chosen.end],
                span=Span(start=chosen.start, end=chosen.end),
                by="dictionary",
                elsewhere=[_elsewhere(note, mention) for mention in mentions if mention is not chosen],
            )
        )
    return read


def _elsewhere(note: str, mention: Mention) -> Elsewhere:
    span = Span(start=mention.start, end=mention.end)
    return Elsewhere(state=mention.assertion.value, quote=note[span.start : span.end], span=span)


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
                    state="present" if finding.present else "absent",
                    quote=finding.quote,
                    span=span,
                    by="model",
                ),
            )
    return list(read.values())


@lru_cache(maxsize=4)
def _recogniser(kb: KnowledgeBase) -> Recogniser:
    return Recogniser(kb)
