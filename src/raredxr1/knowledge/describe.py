"""What the knowledge base says of one disease or one term, gathered for people: `raredx knowledge show`, reports."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, Field

from raredxr1 import lazy_re as re
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.lookup import Found
from raredxr1.knowledge.ranking import Ranking
from raredxr1.knowledge.store import Annotation, KnowledgeBase


class Named(BaseModel):
    """An id and its label."""

    id: str
    name: str


class Source(BaseModel):
    """One row of phenotype.hpoa behind a finding; empty strings where it is silent."""

    record: str = Field(description="the OMIM, ORPHA or DECIPHER id annotated")
    absent: bool = Field(description="the row says NOT")
    frequency: str = Field(description="as the file has it: 3/7, 45%, or a frequency term's label")
    onset: str
    sex: str
    modifier: str
    reference: str
    evidence: str


class FindingSummary(Named):
    """A finding of a disease, pooled over its sources."""

    frequency: float = Field(description="0 to 1; 0: known to be absent")
    stated: bool = Field(description="false: no source gives a frequency, and one half is taken")
    sources: list[Source]


class DiseaseSummary(BaseModel):
    """A disease."""

    id: str
    name: str
    records: list[Named] = Field(description="its ids, each with the name its source gives it")
    definition: str = Field(description="empty unless an import has brought one")
    synonyms: list[str] = Field(description="empty unless an import has brought any")
    prevalence: list[str] = Field(description="empty unless an import has brought any")
    kinds: list[str] = Field(description="such as genetic, tumour, infection; by Mondo's hierarchy")
    no_candidate: str = Field(
        description="why it is never answered (group, susceptibility, trait ...); empty: it may be"
    )
    inheritance: list[str]
    onset: list[str]
    genes: list[str]
    findings: list[FindingSummary] = Field(description="the most frequent first")


class GeneSummary(BaseModel):
    """A gene."""

    symbol: str
    diseases: list[Named] = Field(description="those it is a gene of")


class SynonymSummary(BaseModel):
    """Another name of a term: EXACT, BROAD, NARROW or RELATED; kind is "layperson", "abbreviation" ... or empty."""

    text: str
    scope: str
    kind: str


class TermSummary(BaseModel):
    """A term."""

    id: str
    name: str
    definition: str
    synonyms: list[SynonymSummary]
    parents: list[Named]
    children: list[Named]
    diseases: int = Field(description="how many diseases have it or a descendant of it")
    information: float = Field(description="information content, -ln(share of diseases that have it)")


def describe_disease(kb: KnowledgeBase, disease: int) -> DiseaseSummary:
    """Gather what is known of a disease."""
    sources: dict[int, list[Source]] = defaultdict(list)
    stated = set()
    for annotation in kb.annotations(disease):
        if annotation.aspect == "P":
            sources[annotation.term].append(_source(kb, annotation))
            if annotation.frequency or annotation.negated:
                stated.add(annotation.term)
    findings = [
        FindingSummary(
            id=kb.term_ids[term],
            name=kb.term_names[term],
            frequency=round(frequency, 4),
            stated=term in stated,
            sources=sources[term],
        )
        for term, frequency in kb.frequencies[disease].items()
    ]
    findings.sort(key=lambda finding: (-finding.frequency, not finding.stated, finding.name))
    ids, imported = kb.disease_ids(disease), kb.imported
    return DiseaseSummary(
        id=ids[0],
        name=kb.disease_names[disease],
        records=[Named(id=kb.record_ids[r], name=kb.record_names[r]) for r in kb.disease_records[disease]],
        definition=next((imported.definitions[i] for i in ids if i in imported.definitions), ""),
        synonyms=list(dict.fromkeys(name for i in ids for name in imported.synonyms.get(i, ()))),
        prevalence=[said for i in ids for said in imported.prevalences.get(i, ())],
        kinds=list(kb.kinds(disease)),
        no_candidate=kb.why_no_candidate(disease),
        inheritance=kb.inheritance(disease),
        onset=kb.onsets(disease),
        genes=kb.genes(disease),
        findings=findings,
    )


def describe(kb: KnowledgeBase, found: Found) -> DiseaseSummary | GeneSummary | TermSummary:
    """Gather what is known of what was looked up."""
    if found.kind == "gene":
        return describe_gene(kb, found.symbol)
    return describe_disease(kb, found.number) if found.kind == "disease" else describe_term(kb, found.number)


def describe_gene(kb: KnowledgeBase, symbol: str) -> GeneSummary:
    """Gather the diseases of a gene; one that is not known has none."""
    diseases = kb.gene_diseases.get(symbol, [])
    return GeneSummary(
        symbol=symbol, diseases=[Named(id=kb.disease_ids(d)[0], name=kb.disease_names[d]) for d in diseases]
    )


def describe_term(kb: KnowledgeBase, term: int) -> TermSummary:
    """Gather what is known of a term."""
    c = closure(kb)
    return TermSummary(
        id=kb.term_ids[term],
        name=kb.term_names[term],
        definition=kb.term_definitions[term],
        synonyms=[SynonymSummary(text=s.text, scope=s.scope, kind=s.kind) for s in kb.term_synonyms[term]],
        parents=named(kb, kb.term_parents[term]),
        children=named(kb, kb.term_children[term]),
        diseases=int(c.disease_count[term]),
        information=round(float(c.information[term]), 3),
    )


def named(kb: KnowledgeBase, terms: Iterable[int]) -> list[Named]:
    """Terms by id and label."""
    return [Named(id=kb.term_ids[term], name=kb.term_names[term]) for term in terms]


def _source(kb: KnowledgeBase, annotation: Annotation) -> Source:
    return Source(
        record=annotation.record_id,
        absent=annotation.negated,
        frequency=_label(kb, annotation.frequency),
        onset=_label(kb, annotation.onset),
        sex=annotation.sex,
        modifier=_label(kb, annotation.modifier),
        reference=annotation.reference,
        evidence=annotation.evidence,
    )


def _label(kb: KnowledgeBase, cell: str) -> str:
    """A cell's HPO ids as labels; anything else as it is."""
    parts = [part.strip() for part in cell.split(";")]
    return "; ".join(kb.term_name(part) if kb.resolve_term(part) else part for part in parts)


_NAME = r"(?:Mac|Mc|De|Di|O['’])?[A-Z][a-zà-ÿ]+"
_EPONYM = re.compile(rf"(?:von |van |de )?{_NAME}(?:[-'’ ](?:von |van |de )?{_NAME})*(?:['’]s)? (?:disease|syndrome)")
_ABBREVIATION = re.compile(r"[A-Z]{3,6}\d{0,2}[A-Z]?")
_WORD = re.compile(r"\w+")
_GENERAL = {"disease", "syndrome"}


def familiar_names(kb: KnowledgeBase, disease: int) -> list[str]:
    """An eponym and an abbreviation of a disease, so far as it has them and its own name is not one.

    Args:
        kb: the knowledge base.
        disease: the number of the disease.
    """
    label = kb.disease_names[disease]
    own = _words(label)
    synonyms, records = kb.imported.synonyms, [kb.record_ids[record] for record in kb.disease_records[disease]]
    others = [name for record in records for name in synonyms.get(record, ())]
    eponyms = [name for name in others if _EPONYM.fullmatch(name) and not (_words(name) - _GENERAL) & own]
    short = [name for name in others if _ABBREVIATION.fullmatch(name) and name.lower() not in own]
    named = [] if _EPONYM.fullmatch(label) else sorted(eponyms, key=_length)[:1]
    return [*named, *sorted(short, key=_length)[:1]]


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}


def _length(name: str) -> tuple[int, str]:
    return len(name), name


def ranked_rows(kb: KnowledgeBase, ranking: Ranking, top: int, explain: bool = False) -> list[dict[str, Any]]:
    """The best diseases of a ranking, as JSON has them, with what each finding adds where that is asked for."""
    rows: list[dict[str, Any]] = []
    for rank, (disease, score) in enumerate(ranking.best(top), 1):
        first, *others = kb.disease_ids(disease)
        name = kb.disease_names[disease]
        rows.append({"rank": rank, "id": first, "same_as": others, "name": name, "score": round(score, 4)})
        if explain:
            rows[-1]["findings"] = [
                {
                    "id": kb.term_ids[part.term],
                    "name": kb.term_names[part.term],
                    "present": part.present,
                    "score": round(part.score, 4),
                    "via": None if part.via is None else {"id": kb.term_ids[part.via], "name": kb.term_names[part.via]},
                    "frequency": None if part.frequency is None else round(part.frequency, 4),
                }
                for part in ranking.per_finding(disease)
            ]
    return rows
