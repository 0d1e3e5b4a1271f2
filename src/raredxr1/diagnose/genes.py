"""The genes of a disease in the order of how likely each is its cause, so far as the knowledge base can tell.

A disease is one or more records of the catalogues. Orphanet lists every gene that was found in a patient, OMIM the one
a disease was mapped to: what several records list comes first, then what is the gene of fewer other diseases.
"""

from raredxr1.knowledge import KnowledgeBase


def by_cause(kb: KnowledgeBase, disease: int) -> list[str]:
    """All genes of a disease, the likeliest cause first."""
    return sorted(kb.genes(disease), key=lambda gene: (-_records(kb, disease, gene), _shared(kb, gene), gene))


def causal(kb: KnowledgeBase, disease: int) -> frozenset[str]:
    """The genes that would make a test for a disease: those that most of its records list; else all."""
    genes = kb.genes(disease)
    most = max((_records(kb, disease, gene) for gene in genes), default=0)
    return frozenset(gene for gene in genes if _records(kb, disease, gene) == most)


def _records(kb: KnowledgeBase, disease: int, gene: str) -> int:
    return sum(gene in kb.record_genes[record] for record in kb.disease_records[disease])


def _shared(kb: KnowledgeBase, gene: str) -> int:
    return len(kb.gene_diseases[gene])
