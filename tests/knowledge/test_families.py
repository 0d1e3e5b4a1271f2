"""Which diseases are subtypes of another by the hierarchy of the knowledge base that ships."""

import pytest

from raredxr1.knowledge import load
from raredxr1.knowledge.families import subtypes


@pytest.mark.parametrize(
    ("subtype", "disease"),
    [
        ("ORPHA:75233", "ORPHA:275761"),  # Wolman disease, lysosomal acid lipase deficiency: by their gene
        ("ORPHA:411629", "ORPHA:213"),  # infantile nephropathic cystinosis, cystinosis: two steps
        ("ORPHA:411641", "ORPHA:213"),  # ocular cystinosis
        ("ORPHA:284979", "ORPHA:558"),  # neonatal Marfan syndrome
        ("ORPHA:88917", "ORPHA:63"),  # X-linked Alport syndrome: one of the genes
        ("ORPHA:93672", "ORPHA:221"),  # juvenile dermatomyositis: no genes at all
        ("OMIM:158810", "ORPHA:610"),  # Bethlem myopathy 1, Bethlem muscular dystrophy: a series under another name
    ],
)
def test_a_subtype_belongs_to_its_disease(subtype: str, disease: str) -> None:
    kb = load()
    child, parent = kb.disease(subtype), kb.disease(disease)
    assert child is not None
    assert subtypes(kb).main(child) == parent


@pytest.mark.parametrize(
    "disease",
    [
        "ORPHA:324",  # Fabry disease, under lysosomal storage diseases
        "ORPHA:183",  # eosinophilic granulomatosis with polyangiitis, which Mondo has under the other
        "ORPHA:3095",  # atypical Rett syndrome
        "OMIM:131100",  # multiple endocrine neoplasia type 1
        "ORPHA:15",  # achondroplasia, under a group named as a dysplasia of its own
        "ORPHA:98896",  # Duchenne muscular dystrophy
        "OMIM:118200",  # Charcot-Marie-Tooth disease type 1B, in a series of its own
        "OMIM:616346",  # developmental and epileptic encephalopathy 31, one of a series, under Lennox-Gastaut syndrome
        "ORPHA:90362",  # primary intestinal lymphangiectasia
    ],
)
def test_what_lies_under_a_group_or_another_disease_stands_alone(disease: str) -> None:
    kb = load()
    one = kb.disease(disease)
    assert one is not None
    assert subtypes(kb).main(one) == one
