"""What a person types: ids, names, findings, and words to search for."""

from functools import cache

import pytest

from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.describe import describe_disease, describe_gene, describe_term
from raredxr1.knowledge.linking import Linker
from raredxr1.knowledge.lookup import lookup, read_findings
from raredxr1.knowledge.search import search
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("tiny"))


@pytest.mark.parametrize("typed", ["OMIM:312750", "omim:312750", "MIM:312750", "ORPHANET:778", " rett syndrome "])
def test_a_disease_is_found_by_any_id_or_name(kb: KnowledgeBase, typed: str) -> None:
    found = lookup(kb, typed)
    assert (found.kind, kb.disease_names[found.number], found.notes) == ("disease", "Rett syndrome", [])


def test_a_term_is_found_by_id_or_name(kb: KnowledgeBase) -> None:
    for typed in ("HP:0001250", "hp:0001250", "seizures"):
        found = lookup(kb, typed)
        assert (found.kind, kb.term_ids[found.number], found.notes) == ("term", "HP:0001250", [])


def test_what_was_changed_on_the_way_is_said(kb: KnowledgeBase) -> None:
    assert lookup(kb, "HP:0002348").notes == [
        "HP:0002348 is obsolete (Small cranium): taken as HP:0000252 (Microcephaly)"
    ]
    assert lookup(kb, "HP:0001275").notes == ["HP:0001275 is an alternative id: taken as HP:0001250 (Seizure)"]
    (note,) = lookup(kb, "Angelmann syndrome").notes
    assert note == "'Angelmann syndrome' is read as 'Angelman syndrome' (score 94)"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("OMIM:1", "OMIM:1: no disease with this id in hpo-2024-01-01"),
        ("FOO:1", "FOO:1: no disease with this id"),
        ("HP:1", "'HP:1' is no HPO id: those are HP: and seven digits"),
        ("HP:7777777", "'HP:7777777': unknown"),
        ("HP:0099999", "'HP:0099999': obsolete, without a successor"),
        ("Rett syndrom 5", "names no disease or HPO term here, or several; nearest: ORPHA:778"),
        ("Doubled syndrome", "or several; nearest: OMIM:900001 .Doubled syndrome.; OMIM:900002"),
        ("", "'' names no disease or HPO term here, or several$"),
    ],
)
def test_what_is_not_there_is_named(kb: KnowledgeBase, typed: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        lookup(kb, typed)


def test_findings_are_present_or_absent(kb: KnowledgeBase) -> None:
    query = read_findings(kb, ["HP:0001250", "-HP:0002348", "hp:0001251"])
    assert [kb.term_names[t] for t in query.present] == ["Seizure", "Ataxia"]
    assert [kb.term_names[t] for t in query.absent] == ["Microcephaly"]
    assert len(query.notes) == 1


def test_findings_that_count_once_or_not_at_all_are_noted(kb: KnowledgeBase) -> None:
    query = read_findings(kb, ["HP:0001250", "HP:0001275", "HP:0000006"])
    assert len(query.present) == 2
    assert query.notes == [
        "HP:0001275 is an alternative id: taken as HP:0001250 (Seizure)",
        "HP:0001250 (Seizure) is given twice; it counts once",
        "HP:0000006 (Autosomal dominant inheritance) is no phenotypic abnormality: it tells nothing",
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([], "at least one finding that is there"),
        (["-HP:0001250"], "at least one finding that is there"),
        (["HP:0001250", "-HP:0001275"], "HP:0001250 .Seizure. is given as present and as absent"),
        (["HP:0001250", "--tpo"], "'--tpo' is neither an option nor an absent finding"),
        (["Seizure"], "'Seizure' is no HPO id"),
    ],
)
def test_bad_findings_are_named(kb: KnowledgeBase, typed: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_findings(kb, typed)


def test_search_ranks_diseases_and_terms_together(kb: KnowledgeBase) -> None:
    hits = search(kb, "deafness autosomal")
    assert [hit.id for hit in hits[:2]] == ["OMIM:124900", "OMIM:220290"]
    assert hits[2].matched == "Deafness"
    assert (hits[2].kind, hits[2].name) == ("term", "Hearing impairment")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("words", "first"),
    [("marfn sindrom", "Marfan syndrome"), ("widely spaced", "Hypertelorism"), ("microceph", "Microcephaly")],
)
def test_search_tolerates_errors(kb: KnowledgeBase, words: str, first: str) -> None:
    assert search(kb, words)[0].name == first


def test_search_lists_each_thing_once_and_nothing_unlike(kb: KnowledgeBase) -> None:
    hits = search(kb, "rett syndrome", 50)
    assert len({(hit.kind, hit.id) for hit in hits}) == len(hits)
    assert len(search(kb, "seizure", 1)) == 1
    assert search(kb, "qqqq zzzz") == []
    assert search(kb, " ,; ") == []


def test_a_disease_is_described_with_its_sources(kb: KnowledgeBase) -> None:
    rett = describe_disease(kb, lookup(kb, "OMIM:312750").number)
    assert [(record.id, record.name) for record in rett.records] == [
        ("ORPHA:778", "Rett syndrome"),
        ("OMIM:312750", "Rett syndrome"),
    ]
    assert (rett.inheritance, rett.onset, rett.genes) == (
        ["X-linked dominant inheritance"],
        ["Infantile onset"],
        ["MECP2"],
    )
    assert [f.name for f in rett.findings][:3] == [
        "Intellectual disability, severe",
        "Microcephaly",
        "Motor stereotypy",
    ]
    assert (rett.findings[-1].name, rett.findings[-1].frequency) == ("Macrocephaly", 0.0)
    seizure = next(f for f in rett.findings if f.name == "Seizure")
    assert [(s.record, s.frequency, s.reference) for s in seizure.sources] == [
        ("ORPHA:778", "Frequent", "ORPHA:778"),
        ("OMIM:312750", "3/4", "PMID:1"),
    ]


def test_a_frequency_no_source_states_is_marked(kb: KnowledgeBase) -> None:
    zellweger = describe_disease(kb, lookup(kb, "OMIM:214100").number)
    assert {f.name: f.stated for f in zellweger.findings}["Diarrhea"] is False


def test_a_term_is_described(kb: KnowledgeBase) -> None:
    seizure = describe_term(kb, kb.term("HP:0001250"))
    assert [(s.text, s.scope, s.kind) for s in seizure.synonyms] == [
        ("Seizures", "EXACT", "plural_form"),
        ("Epilepsy", "RELATED", "layperson"),
    ]
    assert [parent.name for parent in seizure.parents] == ["Abnormality of the nervous system"]
    assert [child.id for child in seizure.children] == ["HP:0002373", "HP:0012469"]
    assert seizure.diseases == 4


def test_a_gene_a_part_of_a_name_and_a_misspelt_eponym_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raredxr1.knowledge.lookup.Linker", cache(Linker))  # made once for all questions
    shipped = load()
    gene = lookup(shipped, "gla")
    assert (gene.kind, gene.symbol) == ("gene", "GLA")
    assert [d.id for d in describe_gene(shipped, "GLA").diseases] == ["ORPHA:324"]
    assert [hit.kind for hit in search(shipped, "FBN1", 4)] == ["gene"] * 4
    for typed in ("fabry", "Fabri", "fabry's"):
        assert shipped.disease_ids(lookup(shipped, typed).number)[0] == "ORPHA:324"
    with pytest.raises(InputError, match=r"or several; nearest: ORPHA:166 .*; ORPHA:"):
        lookup(shipped, "charcot marie")


def test_a_british_learning_disability_is_offered_as_what_it_is() -> None:
    found = [hit.name for hit in search(load(), "learning disability") if hit.kind == "term"]
    assert {"Intellectual disability", "Specific learning disability"} <= set(found[:4])
