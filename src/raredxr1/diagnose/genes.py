"""The genes of a disease in the order of how likely each is its cause, so far as the knowledge base can tell.

A disease is one or more records of the catalogues. Orphanet lists every gene that was found in a patient, OMIM the one
a disease was mapped to: what several records list comes first, then genes of numbered subtypes, which are numbered as
they were found and so mostly from the common ones on, then what most is published on.
"""

import re
from functools import lru_cache

from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.families import member


def by_cause(kb: KnowledgeBase, disease: int) -> list[str]:
    """All genes of a disease, the likeliest cause first."""
    genes, family = kb.genes(disease), member(kb.disease_names[disease]).family

    def order(gene: str) -> tuple[int, int, int, int, str]:
        return (
            -_records(kb, disease, gene),
            _number(kb, gene, family),
            -_articles(kb, gene),
            len(kb.gene_diseases[gene]),
            gene,
        )

    return sorted(genes, key=order)


def causal(kb: KnowledgeBase, disease: int) -> frozenset[str]:
    """The genes that would make a test for a disease: those that most of its records list; else all."""
    genes = kb.genes(disease)
    most = max((_records(kb, disease, gene) for gene in genes), default=0)
    return frozenset(gene for gene in genes if _records(kb, disease, gene) == most)


def _records(kb: KnowledgeBase, disease: int, gene: str) -> int:
    return sum(gene in kb.record_genes[record] for record in kb.disease_records[disease])


def _number(kb: KnowledgeBase, gene: str, family: str) -> int:
    """The lowest number of a subtype in a family that a gene causes; those without one come after all."""
    of = [member(kb.disease_names[disease]) for disease in kb.gene_diseases[gene]]
    numbers = [re.match(r"\d+", one.number) for one in of if one.family == family]
    return min((int(number[0]) for number in numbers if number), default=1000)


@lru_cache(maxsize=8192)
def _articles(kb: KnowledgeBase, gene: str) -> int:
    """Articles on the diseases of a gene, each by how many genes the disease has."""
    return round(sum(kb.publications(one) / len(kb.genes(one)) for one in kb.gene_diseases[gene]))
