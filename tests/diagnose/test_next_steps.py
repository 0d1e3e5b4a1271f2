"""What would tell the candidates apart."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raredxr1.diagnose.expected import analytes_in
from raredxr1.diagnose.genes import by_cause, causal
from raredxr1.diagnose.metabolites import analyte
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.next_steps import _kind, next_steps
from raredxr1.diagnose.output.words import step_meaning, step_name
from raredxr1.diagnose.result import NextStep, Ranked, StatedFinding
from raredxr1.diagnose.stated import stated_findings
from raredxr1.diagnose.told_apart import entropy, gains
from raredxr1.knowledge import load
from raredxr1.knowledge.linking import Linker
from raredxr1.schemas import Span
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    kb = make_tiny_kb(tmp_path_factory.mktemp("kb"))
    return Names(kb, Linker(kb))


def candidate(rank: int, name: str, record_id: str | None, confidence: float | None = None) -> Ranked:
    return Ranked(rank=rank, name=name, id=record_id, confidence=confidence)


RETT = candidate(1, "Rett syndrome", "OMIM:312750", 0.5)
ANGELMAN = candidate(2, "Angelman syndrome", "OMIM:105830", 0.4)
MARFAN = candidate(3, "Marfan syndrome", "OMIM:154700", 0.1)


def test_a_question_that_splits_two_equal_diseases_is_worth_one_bit() -> None:
    weights = np.array([0.5, 0.5])
    sure, blind, half = gains(weights, np.array([[1.0, 0.0], [0.7, 0.7], [1.0, 0.5]]))
    assert sure == pytest.approx(1.0)
    assert blind == pytest.approx(0.0)
    # by hand: P(yes) 0.75 with (2/3, 1/3), P(no) 0.25 with (0, 1)
    assert half == pytest.approx(1 - 0.75 * 0.9182958, abs=1e-6)


@settings(deadline=None)
@given(
    st.lists(st.floats(0.01, 1), min_size=2, max_size=5),
    st.lists(st.floats(0, 1), min_size=5, max_size=5),
)
def test_no_question_teaches_more_than_there_is_to_know(raw: list[float], chances: list[float]) -> None:
    weights = np.array(raw) / sum(raw)
    (gain,) = gains(weights, np.array([chances[: len(raw)]]))
    assert -1e-9 <= gain <= float(entropy(weights)) + 1e-9


def test_what_separates_is_named_with_its_reason(names: Names) -> None:
    steps = next_steps([RETT, ANGELMAN, MARFAN], [], names, 10)
    by_label = {step.label: step for step in steps}
    stereotypy = by_label["Motor stereotypy"]
    assert stereotypy.hpo_id == "HP:0000733"
    assert stereotypy.reason.startswith("Reported in Rett syndrome (")
    assert "not reported in" in stereotypy.reason
    assert "Angelman syndrome" in stereotypy.reason
    assert next(one for one in stereotypy.separates if one.id == "OMIM:312750").probability > 0.5
    assert [step.gain for step in steps] == sorted((step.gain for step in steps), reverse=True)


def test_a_gene_of_those_prone_to_an_infection_is_no_test_for_it() -> None:
    shipped = open_names()
    kb = shipped.kb
    whipple, still = kb.disease("ORPHA:3452"), kb.disease("ORPHA:829")
    assert whipple is not None
    assert still is not None
    assert {"infection"} <= set(kb.kinds(whipple))
    assert kb.genes(whipple)
    ranked = [candidate(1, "Whipple disease", "ORPHA:3452", 0.5), candidate(2, "Still disease", "ORPHA:829", 0.4)]
    assert "gene" not in {step.kind for step in next_steps(ranked, [], shipped, 10)}


def test_genes_that_make_prone_to_a_disease_are_no_test_for_it() -> None:
    ranked = [candidate(1, "Behçet disease", "ORPHA:117", 0.5), candidate(2, "Still disease", "ORPHA:829", 0.4)]
    assert "gene" not in {step.kind for step in next_steps(ranked, [], open_names(), 10)}


def test_a_gene_is_a_test_that_never_misses_and_says_so(names: Names) -> None:
    gene = next(step for step in next_steps([RETT, ANGELMAN], [], names, 10) if step.kind == "gene")
    assert (gene.label, gene.hpo_id) in {("MECP2", None), ("UBE3A", None)}
    assert "without misses" in gene.reason
    assert sorted(one.probability for one in gene.separates) == [0.0, 1.0]


def test_the_gene_that_causes_a_disease_is_named_before_those_once_found_with_it() -> None:
    shipped = open_names()
    smith_magenis = shipped.kb.disease("ORPHA:819")
    assert smith_magenis is not None
    assert len(by_cause(shipped.kb, smith_magenis)) > 1
    assert by_cause(shipped.kb, smith_magenis)[0] == "RAI1"
    assert causal(shipped.kb, smith_magenis) == {"RAI1"}
    ranked = [candidate(1, "Smith-Magenis syndrome", "ORPHA:819", 0.6), candidate(2, "Tourette", "OMIM:137580", 0.4)]
    gene, _of_tourette = [step for step in next_steps(ranked, [], shipped, 40) if step.kind == "gene"]
    assert gene.label == "RAI1"


def test_the_gene_of_the_likeliest_is_tested_rather_than_a_rare_one_of_the_next() -> None:
    shipped = open_names()
    ranked = [candidate(1, "Rett syndrome", "ORPHA:778", 0.7), candidate(2, "Atypical Rett", "ORPHA:3095", 0.15)]
    (gene,) = [step for step in next_steps(ranked, [], shipped, 40) if step.kind == "gene"]
    assert (gene.label, gene.genes) == ("MECP2", ["MECP2"])
    assert [one.probability for one in gene.separates] == [1.0, 0.2]


def test_a_disease_of_many_genes_is_tested_by_a_panel_that_names_the_best_known() -> None:
    shipped = open_names()
    ranked = [candidate(1, "Bardet-Biedl syndrome", "ORPHA:110", 0.7), candidate(2, "Alström", "ORPHA:64", 0.2)]
    ranked.append(candidate(3, "Marfan syndrome", "OMIM:154700", 0.1))
    gene, second = [step for step in next_steps(ranked, [], shipped, 40) if step.kind == "gene"]
    assert second.genes == ["ALMS1"], "the panel may be normal"
    assert gene.label.startswith("panel of ") and "ALMS1" not in gene.genes
    assert "BBS1" in gene.label and len(gene.genes) > 15


def test_subtypes_on_one_line_are_not_told_apart() -> None:
    shipped = open_names()
    lines = [("Wolman disease", "ORPHA:75233", 0.3), ("Lysosomal acid lipase deficiency", "ORPHA:275761", 0.2)]
    ranked = [candidate(n, name, i, sure) for n, (name, i, sure) in enumerate(lines, 1)]
    assert next_steps(ranked, [], shipped, 5) == []
    steps = next_steps([*ranked, candidate(3, "Wilson disease", "OMIM:277900", 0.2)], [], shipped, 40)
    assert {step.label for step in steps if step.kind == "gene"} == {"LIPA", "ATP7B"}
    assert {len(step.separates) for step in steps} == {2}


def test_what_nobody_annotated_is_not_pointed_to_by_its_lack(names: Names) -> None:
    stereotypy = next(s for s in next_steps([RETT, ANGELMAN, MARFAN], [], names, 10) if s.label == "Motor stereotypy")
    assert [one.annotated for one in stereotypy.separates if one.id == "OMIM:154700"] == [False]
    assert step_meaning(stereotypy) == "if present, it points to Rett syndrome"
    known = [one.model_copy(update={"annotated": True, "probability": 0.05}) for one in stereotypy.separates[1:]]
    told = stereotypy.model_copy(update={"separates": [stereotypy.separates[0], *known]})
    assert "; if not, to " in step_meaning(told)


def test_an_adult_is_not_asked_about_childhood(names: Names) -> None:
    shipped = open_names()
    ranked = [candidate(1, "Rett syndrome", "ORPHA:778", 0.5), candidate(2, "Marfan syndrome", "OMIM:154700", 0.5)]
    child, adult = ({step.hpo_id for step in next_steps(ranked, [], shipped, 40, years=years)} for years in (4.0, 54.0))
    kb = shipped.kb
    early = {kb.term("HP:0012758"), kb.term("HP:0002376")}

    def of_childhood(asked: set[str | None]) -> bool:
        return any(early & set(kb.term_ancestors[kb.term(one)]) for one in asked if one)

    assert of_childhood(child) and not of_childhood(adult)


def test_what_the_note_mentions_in_any_way_is_not_asked(names: Names) -> None:
    span = Span(start=0, end=1)
    read = StatedFinding(hpo_id="HP:0000733", term="t", state="hypothetical", quote="q", span=span, by="dictionary")
    assert "Motor stereotypy" not in {step.label for step in next_steps([RETT, ANGELMAN], [read], names, 20)}
    ranked = [candidate(1, "Whipple", "ORPHA:3452", 0.5), candidate(2, "Q fever", "ORPHA:781", 0.5)]
    doubtful = read.model_copy(update={"hpo_id": "HP:0001370", "state": "uncertain"})  # rheumatoid arthritis
    shipped = open_names()
    above = set(shipped.kb.term_ancestors[shipped.kb.term("HP:0001370")])

    def asks(stated: list[StatedFinding]) -> set[int]:
        return above & {shipped.kb.term(s.hpo_id) for s in next_steps(ranked, stated, shipped, 40) if s.hpo_id}

    assert asks([]) and not asks([doubtful])


def test_what_the_note_decides_is_not_asked_again(names: Names) -> None:
    def said(hpo_id: str, present: bool) -> StatedFinding:
        span = Span(start=0, end=1)
        return StatedFinding(hpo_id=hpo_id, term="t", present=present, quote="q", span=span, by="dictionary")

    before = {step.label for step in next_steps([RETT, ANGELMAN], [], names, 20)}
    after = {step.label for step in next_steps([RETT, ANGELMAN], [said("HP:0000733", True)], names, 20)}
    assert "Motor stereotypy" in before
    assert "Motor stereotypy" not in after
    # an absent seizure decides infantile spasms and febrile seizures too
    kinds = {step.hpo_id for step in next_steps([RETT, ANGELMAN], [said("HP:0001250", False)], names, 20)}
    assert not kinds & {"HP:0001250", "HP:0002373", "HP:0012469"}


def test_no_two_steps_ask_the_same(names: Names) -> None:
    kb = names.kb
    terms = [kb.term(step.hpo_id) for step in next_steps([RETT, ANGELMAN, MARFAN], [], names, 20) if step.hpo_id]
    for term in terms:
        assert not {other for other in terms if other != term} & set(kb.term_ancestors[term])


def test_with_fewer_than_two_known_candidates_there_is_nothing_to_separate(names: Names) -> None:
    unknown = candidate(2, "Atlantis disease", None, 0.4)
    assert next_steps([RETT, unknown], [], names, 5) == []
    assert next_steps([], [], names, 5) == []
    twin = candidate(2, "Rett", "ORPHA:778", 0.2)
    assert next_steps([RETT, twin], [], names, 5) == []


def test_without_confidence_the_rank_weighs(names: Names) -> None:
    bare = [c.model_copy(update={"confidence": None}) for c in (RETT, ANGELMAN)]
    assert next_steps(bare, [], names, 3)


def test_tests_are_told_from_what_one_can_see() -> None:
    names = open_names()
    duchenne, becker = candidate(1, "Duchenne", "OMIM:310200", 0.5), candidate(2, "Wilson", "OMIM:277900", 0.5)
    steps = next_steps([duchenne, becker], [], names, 40)
    kinds = {step.kind for step in steps}
    assert {"laboratory", "gene", "finding"} <= kinds


def test_findings_of_a_note_say_who_read_them(names: Names, tmp_path: Path) -> None:
    note = "She never had seizures. Small head."
    read = stated_findings(note, [], names)
    assert [(f.term, f.present, f.quote, f.by) for f in read] == [
        ("Seizure", False, "seizures", "dictionary"),
        ("Microcephaly", True, "Small head", "dictionary"),
    ]


@pytest.mark.parametrize(
    ("hpo_id", "kind"),
    [
        ("HP:0030344", "laboratory"),  # decreased circulating luteinizing hormone level
        ("HP:0001250", "finding"),  # seizure
        ("HP:0032263", "finding"),  # increased blood pressure
        ("HP:0001639", "imaging"),  # hypertrophic cardiomyopathy
        ("HP:0200119", "finding"),  # acute hepatitis
        ("HP:0002353", "electrophysiology"),  # EEG abnormality
    ],
)
def test_what_is_measured_is_a_test(hpo_id: str, kind: str) -> None:
    kb = load()
    assert _kind(kb, kb.term(hpo_id)) == kind


def _shipped_steps(*lines: tuple[str, str, float], note: str = "") -> list[NextStep]:
    ranked = [candidate(n, name, i, sure) for n, (name, i, sure) in enumerate(lines, 1)]
    return next_steps(ranked, [], open_names(by_meaning=False), 5, note=note)


RETT_LINE, MARFAN_LINE = ("Rett syndrome", "ORPHA:778", 0.1), ("Marfan syndrome", "OMIM:154700", 0.05)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("Angelman syndrome", "ORPHA:72", 0.7), "methylation analysis of 15q11-q13"),
        (("Beckwith-Wiedemann syndrome", "ORPHA:116", 0.7), "methylation analysis of 11p15"),
        (("Williams syndrome", "ORPHA:904", 0.7), "chromosomal microarray"),
        (("MELAS", "ORPHA:550", 0.7), "mitochondrial DNA"),
        (("Huntington disease", "ORPHA:399", 0.7), "repeat expansion analysis of HTT"),
        (("McCune-Albright syndrome", "ORPHA:562", 0.7), "sequencing of affected tissue"),
        (("ADA deficiency", "ORPHA:277", 0.7), "ADA"),
        (("Denys-Drash syndrome", "ORPHA:220", 0.7), "WT1"),
        (("Duchenne", "OMIM:310200", 0.7), "deletion and duplication analysis (MLPA), then sequencing of DMD"),
    ],
)
def test_the_test_is_of_the_mechanism_of_the_disease(line: tuple[str, str, float], said: str) -> None:
    (gene,) = [step for step in _shipped_steps(line, MARFAN_LINE, RETT_LINE) if step.kind == "gene"]
    assert said in step_name(gene)
    assert ("tissue" in step_name(gene)) == ("tissue" in said)
    assert step_meaning(gene).startswith("if ") and "if not" not in step_meaning(gene)


def test_a_normal_gene_test_points_nowhere() -> None:
    (gene,) = [s for s in _shipped_steps(("Marfan", "OMIM:154700", 0.6), RETT_LINE) if s.kind == "gene"]
    assert step_meaning(gene) == "if a variant is found, it points to Marfan"


def test_a_sure_disease_still_gets_the_test_that_would_confirm_it() -> None:
    steps = _shipped_steps(("Marfan", "OMIM:154700", 0.999), ("Rett syndrome", "ORPHA:778", 0.0001))
    assert [step.label for step in steps if step.kind == "gene"] == ["FBN1"]


def test_each_gene_of_a_disease_is_named_with_its_form() -> None:
    forms = [("GSD Ib", "ORPHA:79259", 0.5), ("GSD Ia", "OMIM:232200", 0.2), ("Fanconi-Bickel", "ORPHA:2088", 0.1)]
    (gene,) = [step for step in _shipped_steps(*forms) if step.kind == "gene"]
    assert gene.forms == {"SLC37A4": "type Ib", "G6PC1": "type IA"}
    assert "SLC37A4: type Ib, G6PC1: type IA" in step_meaning(gene)


def test_a_test_that_the_note_speaks_of_is_said_to_be_there() -> None:
    note = "A floppy baby.\nMethylation of 15q11 was sent last week; the result is awaited."
    pws = ("Prader-Willi syndrome", "ORPHA:739", 0.7)
    (gene,) = [step for step in _shipped_steps(pws, MARFAN_LINE, note=note) if step.kind == "gene"]
    assert gene.in_note == "Methylation of 15q11 was sent last week"
    assert "the note speaks of it: “Methylation of 15q11 was sent last week”" in step_meaning(gene)


def test_for_an_error_of_metabolism_what_is_measured_is_named() -> None:
    steps = _shipped_steps(("AIP", "ORPHA:79276", 0.8), ("Variegate porphyria", "ORPHA:79473", 0.1), MARFAN_LINE)
    (measured,) = [step for step in steps if step.test and step.kind == "laboratory"]
    assert measured.test.startswith("porphobilinogen (urine)")
    assert step_meaning(measured).startswith("if abnormal, it points to AIP")


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("Elevated urinary bile alcohol level", "bile alcohol (urine)"),
        ("Decreased circulating ceruloplasmin concentration", "ceruloplasmin (blood)"),
        ("Glutaric aciduria", "glutaric acid (urine)"),
        ("Reduced erythrocyte porphobilinogen deaminase activity", "porphobilinogen deaminase activity (red cells)"),
    ],
)
def test_a_result_is_told_as_what_is_measured(term: str, words: str) -> None:
    assert analyte(term) == words


def test_what_the_note_gives_a_value_of_is_not_advised() -> None:
    lines = [("TPP", "ORPHA:79102", 0.5), ("HypoPP", "ORPHA:681", 0.5), MARFAN_LINE]
    assert "Hyperthyroidism" in {step.label for step in _shipped_steps(*lines)}
    assert "Hyperthyroidism" not in {step.label for step in _shipped_steps(*lines, note="K 2.1, TSH 1.4, fT4 13.")}


@pytest.mark.parametrize("words", ["TSH 1.4", "TSH: 2.0 mU/L", "thyroid function normal", "TFTs (January) were normal"])
def test_a_value_counts_as_given_however_it_is_written(words: str) -> None:
    assert "HP:0000836" in analytes_in(words)


def test_a_test_that_is_only_named_gives_no_value() -> None:
    assert not analytes_in("I suggest thyroid function tests and a TSH in spring.")


@pytest.mark.parametrize("label", ["Palpitations", "Syncope"])
def test_what_is_felt_is_asked_and_not_tested(label: str) -> None:
    kb = load()
    assert _kind(kb, kb.term_names.index(label)) == "finding"


def test_terms_that_say_no_more_than_abnormal_are_not_asked_for() -> None:
    steps = _shipped_steps(("AIP", "ORPHA:79276", 0.5), ("Porphyria variegata", "ORPHA:79473", 0.5))
    assert not [step.label for step in steps if step.label.startswith("Abnormal")]


def test_a_newborn_is_not_asked_what_comes_with_the_years() -> None:
    shipped = open_names(by_meaning=False)
    ranked = [candidate(1, "PWS", "ORPHA:739", 0.6), candidate(2, "Schaaf-Yang", "ORPHA:398069", 0.3)]
    labels = [{s.label for s in next_steps(ranked, [], shipped, 60, years=years)} for years in (0.05, 12.0)]
    assert "Obesity" in labels[1] or "Class III obesity" in labels[1]
    assert not {"Obesity", "Class III obesity", "Anxiety"} & labels[0]


NF1_LINE, LEGIUS_LINE = ("Neurofibromatosis type 1", "OMIM:162200", 0.4), ("Legius syndrome", "OMIM:611431", 0.4)


def test_of_two_that_are_equally_likely_the_genes_of_both_are_tested() -> None:
    assert [step.genes for step in _shipped_steps(NF1_LINE, LEGIUS_LINE) if step.kind == "gene"] == [
        ["NF1"],
        ["SPRED1"],
    ]
    sure = ("Neurofibromatosis type 1", "OMIM:162200", 0.97)
    unlikely = ("Legius syndrome", "OMIM:611431", 0.02)
    assert [step.genes for step in _shipped_steps(sure, unlikely) if step.kind == "gene"] == [["NF1"]]


def test_neither_the_opposite_of_a_finding_nor_the_disease_itself_is_asked_for() -> None:
    shipped = open_names()
    many, few = "HP:0007565", "HP:0007429"
    ranked = [candidate(1, *NF1_LINE), candidate(2, *LEGIUS_LINE)]
    before = {step.hpo_id for step in next_steps(ranked, [], shipped, 60)}
    seen = StatedFinding(hpo_id=many, term="t", state="present", quote="q", span=Span(start=0, end=1), by="dictionary")
    after = {step.hpo_id for step in next_steps(ranked, [seen], shipped, 60)}
    assert few in before and few not in after
    ranked = [candidate(1, "Pseudohypoparathyroidism", "OMIM:103580", 0.5), candidate(2, *NF1_LINE)]
    assert "Pseudohypoparathyroidism" not in {step.label for step in next_steps(ranked, [], shipped, 60)}


def test_what_arises_in_the_tumour_alone_is_not_sought_in_the_germline() -> None:
    """Nor the gene of a candidate that hardly anybody would have."""
    burkitt, volvulus = ("Burkitt lymphoma", "ORPHA:543", 0.6), ("Hirschsprung disease", "ORPHA:388", 0.02)
    assert not [step for step in _shipped_steps(burkitt, volvulus) if step.kind == "gene"]
    likely = ("Hirschsprung disease", "ORPHA:388", 0.4)
    assert [step for step in _shipped_steps(burkitt, likely) if step.kind == "gene"]
    exostoses = ("Multiple osteochondromas", "ORPHA:321", 0.6)
    assert [step for step in _shipped_steps(exostoses, volvulus) if step.kind == "gene"], "EXT1 is inherited"


def test_who_is_in_one_stage_is_not_asked_about_another() -> None:
    shipped = open_names()
    alport, tubular = ("Alport syndrome", "ORPHA:63", 0.6), ("Tubulointerstitial kidney disease", "OMIM:162000", 0.2)
    ranked = [candidate(1, *alport), candidate(2, *tubular)]
    third = "HP:0012625"
    seen = StatedFinding(hpo_id=third, term="t", state="present", quote="q", span=Span(start=0, end=1), by="dictionary")
    before, after = (
        {step.label for step in next_steps(ranked, said, shipped, 60) if step.label.startswith("Stage ")}
        for said in ([], [seen])
    )
    assert before
    assert not after


def test_nobody_is_asked_about_organs_of_the_other_sex() -> None:
    shipped = open_names(by_meaning=False)
    ranked = [
        candidate(1, "Prader-Willi syndrome", "ORPHA:739", 0.5),
        candidate(2, "Turner syndrome", "ORPHA:881", 0.4),
    ]
    of_one = {"Cryptorchidism", "Secondary amenorrhea"}
    asked = {sex: {s.label for s in next_steps(ranked, [], shipped, 60, sex=sex)} for sex in (None, "male", "female")}
    assert asked[None] >= of_one
    assert asked["male"] & of_one == {"Cryptorchidism"}
    assert asked["female"] & of_one == {"Secondary amenorrhea"}
