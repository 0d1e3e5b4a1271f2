"""Add what a later release of the HPO knows to an earlier one that says more: terms, diseases, disease-term pairs.

The later release has no frequencies, so nothing it says replaces anything: a pair is added only where the disease has
neither the term (present or NOT) nor a kind of it already. A title that changed becomes the name unless another disease
has it; the old one stays known.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from raredxr1.knowledge import names
from raredxr1.knowledge._hpo3 import Release
from raredxr1.knowledge.hpoa import Annotations, Row
from raredxr1.knowledge.obo import Ontology, Synonym, Term

_ASPECTS = {"HP:0000118": "P", "HP:0000005": "I", "HP:0031797": "C", "HP:0032443": "H", "HP:0012823": "M"}


@dataclass(frozen=True)
class Newer:
    """An ontology and annotations with a later release added.

    Attributes:
        former: record id -> the titles it had before.
        genes: record id -> gene symbols, of diseases that the earlier release lacks.
        counts: what was added, for people.
    """

    ontology: Ontology
    annotations: Annotations
    former: dict[str, list[str]]
    genes: dict[str, list[str]]
    counts: dict[str, int]


def add_release(
    ontology: Ontology, annotations: Annotations, genes: Mapping[str, list[str]], release: Release
) -> Newer:
    """Merge.

    Args:
        ontology: the earlier release.
        annotations: the earlier release.
        genes: record id -> gene symbols, of the earlier release.
        release: the later one.
    """
    terms, new_terms, relabelled = _terms(ontology, release)
    graph = _Graph(terms)
    rows, pairs, diseases = _rows(annotations.rows, release, graph)
    former: dict[str, list[str]] = {}
    earlier = {row.disease_id: row.disease_name for row in annotations.rows}
    taken = Counter(names.bag(title) for title in earlier.values())
    for record, title in earlier.items():
        later = release.diseases.get(record, (title,))[0]
        if names.bag(later) != names.bag(title) and not taken[names.bag(later)]:
            former[record] = [title]
    current = {record: release.diseases[record][0] for record in former}
    rows = [replace(row, disease_name=current.get(row.disease_id, row.disease_name)) for row in rows]
    known = {row.disease_id for row in annotations.rows}
    found = _genes(known, genes, release)
    return Newer(
        Ontology(ontology.version, terms),
        Annotations(annotations.version, rows),
        former,
        found,
        {
            "new_terms": new_terms,
            "new_labels": relabelled,
            "new_diseases": diseases,
            "new_pairs": pairs,
            "new_titles": len(former),
            "new_genes": len(found),
        },
    )


def _terms(ontology: Ontology, release: Release) -> tuple[list[Term], int, int]:
    """The earlier terms with later labels as synonyms, and after them the terms that are new."""
    known = {term.id for term in ontology.terms}
    later = {term.id: term for term in release.terms if not term.obsolete}
    terms, relabelled = [], 0
    for term in ontology.terms:
        label = later[term.id].name if term.id in later else term.name
        said = {name.casefold() for name in (term.name, *(synonym.text for synonym in term.synonyms))}
        if not term.obsolete and label.casefold() not in said:
            term = replace(term, synonyms=[*term.synonyms, Synonym(label, "EXACT")])
            relabelled += 1
        terms.append(term)
    current = {term.id for term in terms if not term.obsolete}
    waiting = [term for term in later.values() if term.id not in known]
    fresh = current | {term.id for term in waiting}
    added = [
        Term(id=term.id, name=term.name, parents=parents)
        for term in waiting
        if (parents := [parent for parent in term.parents if parent in fresh])
    ]
    return [*terms, *added], len(added), relabelled


class _Graph:
    """What lies above each current term, and which aspect it is of."""

    def __init__(self, terms: Iterable[Term]) -> None:
        terms = list(terms)
        self.current = {term.id: term for term in terms if not term.obsolete}
        self.resolved = {old: term.id for term in self.current.values() for old in term.alternative_ids}
        self.resolved |= {term.id: term.replaced_by for term in terms if term.obsolete and term.replaced_by}
        self._above: dict[str, frozenset[str]] = {}

    def above(self, term: str) -> frozenset[str]:
        if term not in self._above:
            parents = [parent for parent in self.current[term].parents if parent in self.current]
            self._above[term] = frozenset(parents).union(*(self.above(parent) for parent in parents))
        return self._above[term]

    def aspect(self, term: str) -> str:
        return next((aspect for root, aspect in _ASPECTS.items() if root == term or root in self.above(term)), "")


def _rows(rows: list[Row], release: Release, graph: _Graph) -> tuple[list[Row], int, int]:
    had: dict[str, set[str]] = defaultdict(set)
    title = {row.disease_id: row.disease_name for row in rows}
    for row in rows:
        had[row.disease_id].add(graph.resolved.get(row.hpo_id, row.hpo_id))
    added, diseases = [], set()
    for record, (name, found) in release.diseases.items():
        current = {graph.resolved.get(term, term) for term in found} & graph.current.keys()
        known = had.get(record, set())
        if current <= known:
            continue
        implied = {above for term in known | current if term in graph.current for above in graph.above(term)}
        for term in sorted(current - known - implied):
            if aspect := graph.aspect(term):
                row = Row(record, title.get(record, name), False, term, "", "", "", "", "", "", aspect)
                added.append(row)
                diseases |= {record} - title.keys()
    return [*rows, *added], len(added), len(diseases)


def _genes(known: set[str], genes: Mapping[str, list[str]], release: Release) -> dict[str, list[str]]:
    """The gene of a new disease, where the release leaves no doubt: it has terms that only this disease explains.

    The release lists the terms of a gene, which are those of all its diseases, and not the diseases themselves.
    """
    explained: dict[str, set[str]] = defaultdict(set)
    for record, symbols in genes.items():
        for symbol in symbols:
            explained[symbol] |= release.diseases.get(record, ("", frozenset()))[1]
    found: dict[str, list[str]] = {}
    for record in sorted(release.diseases.keys() - known - genes.keys()):
        own = release.diseases[record][1]
        fitting = [g for g, terms in release.genes.items() if own <= terms and not own <= explained[g]]
        if len(fitting) == 1 and len(own) > 2:
            found[record] = fitting
    return found
