"""All of Mondo: what is named, what is never a candidate, what kind it is; and names as people write them."""

import pytest

from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.kinds import is_group, why_no_disease
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.knowledge.linking import Linker
from raredxr1.knowledge.retrieval import profile_index
from raredxr1.knowledge.similarity import rank_resnik
from raredxr1.knowledge.titles import Speller, Title, split


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def linker(kb: KnowledgeBase) -> Linker:
    return Linker(kb)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("brucellosis", "infection"),
        ("iron deficiency anaemia", "nutritional"),
        ("appendicitis", "digestive"),
        ("migraine", "neurological"),
        ("scurvy", "nutritional"),
        ("glioblastoma", "tumour"),
        ("Graves disease", "autoimmune"),
        ("lead poisoning", "poisoning"),
    ],
)
def test_common_diseases_are_named_and_may_be_answered(kb: KnowledgeBase, linker: Linker, name: str, kind: str) -> None:
    link = linker.disease(name)
    assert link is not None
    disease = kb.disease(link.id)
    assert disease is not None
    assert kb.candidate_mask[disease]
    assert kind in kb.kinds(disease)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("MONDO:0003634", "sign"),  # proteinuria
        ("OMIM:127700", "susceptibility"),  # dyslexia, susceptibility to, 1
        ("OMIM:608902", "drug response"),  # drug metabolism, poor, CYP2D6-related
        ("OMIM:613793", "trait"),  # blood group, Cromer system
        ("OMIM:617885", "trait"),  # body mass index quantitative trait locus 19
        ("MONDO:0005071", "group"),  # nervous system disorder
    ],
)
def test_what_is_no_disease_is_linked_and_never_a_candidate(
    kb: KnowledgeBase, linker: Linker, record: str, reason: str
) -> None:
    disease = kb.disease(record)
    assert disease is not None
    assert kb.why_no_candidate(disease) == reason
    assert not kb.candidate_mask[disease]
    assert linker.disease(kb.disease_names[disease]) is not None


def test_diseases_under_a_susceptibilitys_title_are_diseases(kb: KnowledgeBase) -> None:
    for record in ("OMIM:209950", "OMIM:613002", "OMIM:176920", "ORPHA:70592"):
        disease = kb.disease(record)
        assert disease is not None
        assert kb.candidate_mask[disease], kb.disease_names[disease]


def test_rankings_list_no_group_and_findings_rank_no_disease_without_any(kb: KnowledgeBase) -> None:
    terms = [kb.term("HP:0001250"), kb.term("HP:0001263")]
    for ranking in (rank_likelihood(kb, terms), rank_resnik(kb, terms)):
        assert len(ranking.diseases) == int((kb.candidate_mask & kb.annotated_mask).sum())
        assert all(kb.rankable[ranking.diseases])
    found = [disease for disease, _ in profile_index(kb).search("nervous system disorder, susceptibility to", 50)]
    assert found
    assert all(kb.rankable[found])


def test_no_name_shown_is_one_that_was_retired_or_left_in_capitals(kb: KnowledgeBase) -> None:
    for disease, name in enumerate(kb.disease_names):
        assert "mental retardation" not in name.lower()
        assert ", included" not in name.lower()
        assert kb.why_no_candidate(disease) or not (len(name) > 12 and name.isupper()), name


def test_retired_names_still_lead_to_their_disease(kb: KnowledgeBase, linker: Linker) -> None:
    for name, record in (
        ("Mental retardation, X-linked, syndromic 13", "OMIM:300055"),
        ("Mental retardation, autosomal recessive 35", "OMIM:615162"),
    ):
        link = linker.disease(name)
        assert link is not None
        assert kb.disease(link.id) == kb.disease(record)


def test_nearly_every_name_shown_leads_to_its_own_disease(kb: KnowledgeBase, linker: Linker) -> None:
    astray = 0
    for disease in range(0, len(kb.disease_names), 5):
        link = linker.disease(kb.disease_names[disease])
        astray += link is None or kb.disease(link.id) != disease
    assert astray <= 8, "names that two diseases share"


@pytest.mark.parametrize(
    ("title", "name", "others"),
    [
        ("OMPHALOCELE WITH HYPOSPADIAS", "Omphalocele with hypospadias", ()),
        ("HAIR COLOR, LIGHT; HCL9", "Hair color, light", ("HCL9",)),
        ("#600001 BETA SYNDROME;;BETA MALADY", "Beta syndrome", ("Beta malady",)),
        ("Gamma atrophygamma wasting, included", "Gamma atrophy", ("Gamma wasting",)),
        ("Lens opacity, 1 ctqq lens, small, included", "Lens opacity, 1 ctqq lens, small", ()),
        ("Delta marie-curie syndrome3", "Delta Marie-Curie syndrome 3", ()),
        ("Congenital disorder, type IIi", "Congenital disorder, type IIi", ()),
        ("von Willebrand disease", "von Willebrand disease", ()),
    ],
)
def test_titles_are_taken_apart(title: str, name: str, others: tuple[str, ...]) -> None:
    known = ["Muscular atrophy", "Gamma wasting", "A gamma disease", "Optic atrophy", "The Marie-Curie syndrome"]
    known += ["Some muscular wasting", "The gamma"]
    assert split(title, Speller(known)) == Title(name, others)


def test_a_disease_is_told_from_a_group_by_its_name_and_what_lies_below() -> None:
    assert is_group("kidney disorder", (), 40)
    assert is_group("benign neoplasm of liver", (), 3)
    assert not is_group("stroke disorder", ("stroke",), 4)
    assert not is_group("Crohn disease", (), 10)
    assert is_group("autosomal recessive disease", (), 853)


def test_a_title_says_why_it_is_no_disease() -> None:
    assert why_no_disease(["Gout, susceptibility to, 3"], 1) == "susceptibility"
    assert why_no_disease(["Mendelian susceptibility to mycobacterial diseases"], 5) == ""
    assert why_no_disease(["BAP1-related tumor predisposition syndrome"], 5) == ""
    assert why_no_disease(["Blood group, Kell system"], 0) == "trait"
    assert why_no_disease(["Proteinuria"], 0) == why_no_disease(["Microcytic anemia"], 0) == "sign"
    assert why_no_disease(["Sideroblastic anemia"], 0) == why_no_disease(["Glucose-galactose malabsorption"], 0) == ""
    assert why_no_disease(["Warfarin sensitivity"], 0) == "drug response"
    assert why_no_disease(["Colorectal cancer, somatic"], 1) == "somatic"
    assert why_no_disease(["Proteus syndrome, somatic"], 131) == ""
