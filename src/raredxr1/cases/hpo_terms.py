"""Coded findings, as documents state them, become terms of the knowledge base - or a notice that says why not.

Used for whatever comes with codes: phenopackets, FHIR, case rows. A code is read by its id; where the id is of another
ontology or of a newer release, by its label, if that is exactly one term's name. Nothing is dropped without a word.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from raredxr1 import lazy_re as re
from raredxr1.cases.phenopackets import is_hpo_id
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.linking import PHENOTYPE, Linker
from raredxr1.knowledge.recognition import recogniser_of

_TAG = re.compile(r"\s*\((?:finding|disorder|situation|observable entity|morphologic abnormality|qualifier value)\)$")
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Coded:
    """A finding as a document states it: an id of some ontology, a label, or both."""

    id: str | None
    label: str | None
    present: bool

    def __str__(self) -> str:
        """Name it as it stands there."""
        return f"{self.id} ({self.label})" if self.id and self.label else self.id or self.label or "a finding"


@dataclass(frozen=True)
class Terms:
    """Numbers of terms, and what is to be said about how they were read.

    Attributes:
        present: terms the patient has.
        absent: terms the patient has not.
        notices: readings that lose nothing.
        left_out: what could not be used, and contradictions; strict reading refuses these.
    """

    present: tuple[int, ...]
    absent: tuple[int, ...]
    notices: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def terms_of(findings: Iterable[Coded], kb: KnowledgeBase) -> Terms:
    """Resolve findings, in order, without repetition, and settle what contradicts itself.

    A term stated as present and as absent is left out. An absent term that is an ancestor of a present one is left out
    too: what is there in one form cannot be absent altogether. An absent term below a present one is no contradiction.
    """
    present: list[int] = []
    absent: list[int] = []
    notices: list[str] = []
    left_out: list[str] = []
    for finding in findings:
        term = _resolve(finding, kb, notices, left_out)
        if term is not None:
            (present if finding.present else absent).append(term)
    both = set(present) & set(absent)
    left_out += [f"{_named(kb, t)} is stated as present and as absent; it was left out." for t in sorted(both)]
    present = [term for term in dict.fromkeys(present) if term not in both]
    kept = []
    for term in dict.fromkeys(absent):
        below = next((p for p in present if p != term and term in kb.term_ancestors[p]), None)
        if below is not None:
            left_out.append(
                f"{_named(kb, term)} is stated as absent, but {_named(kb, below)}, which is a kind of it, as present; "
                "the absence was left out."
            )
        elif term not in both:
            kept.append(term)
    return Terms(tuple(present), tuple(kept), tuple(dict.fromkeys(notices)), tuple(dict.fromkeys(left_out)))


def plain_label(label: str) -> str:
    """A label without the tag of its kind that SNOMED CT puts behind: "Ataxia (finding)" -> "Ataxia"."""
    return _TAG.sub("", " ".join(label.split()))


def _resolve(finding: Coded, kb: KnowledgeBase, notices: list[str], left_out: list[str]) -> int | None:
    """The term of a finding; says what had to be done for it."""
    label = plain_label(finding.label or "")
    current = kb.resolve_term(finding.id) if finding.id and is_hpo_id(finding.id) else None
    if current is None:
        term = _by_label(label, kb)
        why = _why(finding, kb)
        if term is None:
            left_out.append(f"{finding} {why}; it was left out.")
        else:
            left_out.append(f"{finding} {why}; it was read by its label as {_named(kb, term)}.")
        return term
    term = kb.term(current)
    if term == kb.term(PHENOTYPE):
        left_out.append(f"{_named(kb, term)} names no finding; it was left out.")
        return None
    if kb.term(PHENOTYPE) not in kb.term_ancestors[term]:
        left_out.append(f"{_named(kb, term)} is no phenotypic abnormality; it was left out.")
        return None
    if current != finding.id:
        notices.append(f"{finding.id} is obsolete or an alternative id; it was read as {current}.")
    if label and not _fits(label, str(finding.id), term, kb):
        left_out.append(
            f"{finding.id} is {kb.term_names[term]!r}, but is labelled {label!r}: id and label disagree; "
            "it was read by its id."
        )
    return term


def _why(finding: Coded, kb: KnowledgeBase) -> str:
    if not finding.id:
        return "has no id"
    if not is_hpo_id(finding.id):
        return "is a malformed HPO id" if finding.id.upper().startswith("HP") else "is no HPO term"
    if finding.id in kb.obsolete_names:
        return f"is obsolete without a successor in HPO {kb.hpo_version}"
    return f"is not in HPO {kb.hpo_version} (a knowledge base built from a newer release may know it)"


@lru_cache(maxsize=2)
def _linker(kb: KnowledgeBase) -> Linker:
    """Made when a label has to be looked up for the first time: its index takes a second."""
    return Linker(kb)


def _by_label(label: str, kb: KnowledgeBase) -> int | None:
    link = _linker(kb).term(label) if label else None
    return kb.term(link.id) if link and link.rule != "fuzzy" else None


def _fits(label: str, hpo_id: str, term: int, kb: KnowledgeBase) -> bool:
    """Whether a label can be one of the term: any name it has or had, or at least a word in common with one."""
    names = [kb.term_names[term], *(s.text for s in kb.term_synonyms[term]), kb.obsolete_names.get(hpo_id, "")]
    if label.casefold() in {name.casefold() for name in names}:
        return True
    other = _by_label(label, kb)
    if other is not None:
        return other == term
    return bool(_stems(label) & _stems(" ".join(names)))


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _WORD.findall(text.lower())}


def _named(kb: KnowledgeBase, term: int) -> str:
    return f"{kb.term_names[term]} ({kb.term_ids[term]})"


def names_of(terms: Sequence[int], kb: KnowledgeBase) -> list[str]:
    """Labels of terms as a note states them.

    One in a hundred labels is not read as its term where it stands alone ("Abnormal CD4+ T cell proportion"): its id is
    put behind it, or a finding that was given would be lost.
    """
    return [kb.term_names[term] if _is_read(term, kb) else _named(kb, term) for term in terms]


def _is_read(term: int, kb: KnowledgeBase) -> bool:
    found = recogniser_of(kb).find(f"Findings: {kb.term_names[term]}.")
    return any(mention.term == term for mention in found)
