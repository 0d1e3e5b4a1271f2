"""One matcher decides when a name is the disease."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raredxr1.evaluate.matcher import Matcher
from raredxr1.knowledge.families import Member, member
from raredxr1.schemas import DiseaseName

ROWS = [
    tuple(cell for cell in line.split("\t") if not cell.startswith("#"))
    for line in (Path(__file__).parent / "name_pairs.tsv").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


def level(matcher: Matcher, said: str, right: str) -> str:
    return matcher.judge(said, matcher.gold([DiseaseName(label=right)])).level or "none"


def test_the_table_is_large_and_has_every_level() -> None:
    assert len(ROWS) >= 150
    assert {row[2] for row in ROWS} == {"strict", "subtype", "category", "none"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} = {row[1]}")
def test_pairs_both_ways(matcher: Matcher, row: tuple[str, ...]) -> None:
    said, right, wanted, *other = row
    assert level(matcher, said, right) == wanted
    assert level(matcher, right, said) == (other[0] if other else wanted)


@pytest.mark.parametrize(
    ("name", "family", "number"),
    [
        ("Joubert syndrome 3", "joubert syndrome", "3"),
        ("CARDIOMYOPATHY, DILATED, 1Y", "cardiomyopathy dilated", "1y"),
        ("Parkinson disease 2, autosomal recessive juvenile", "autosomal disease juvenile parkinson recessive", "2"),
        ("Fanconi anemia, complementation group D2", "anemia fanconi", "d2"),
        ("Niemann-Pick disease type C", "disease niemann pick", "c"),
        ("Retinitis pigmentosa", "pigmentosa retinitis", ""),
    ],
)
def test_names_are_taken_apart(name: str, family: str, number: str) -> None:
    assert member(name) == Member(family, number)


@pytest.mark.parametrize("name", ["Factor V deficiency", "Trisomy 18", "22q11.2 deletion syndrome", "Hemophilia A", ""])
def test_numbers_that_name_the_disease_itself_make_no_family(name: str) -> None:
    assert member(name).number == ""


def test_every_verdict_says_its_rule(matcher: Matcher) -> None:
    def rule(said: str, right: str) -> str:
        return matcher.judge(said, matcher.gold([DiseaseName(label=right)])).rule

    assert rule("Marfan's syndrome", "Marfan syndrome") == "name"
    assert rule("Mucoviscidosis", "Cystic fibrosis") == "name"
    assert rule("Phenylketonurea", "Phenylketonuria") == "fuzzy"
    assert rule("Joubert syndrome 4", "Joubert syndrome 14") == "sibling"
    assert rule("Brachyolmia", "Brachyolmia type 2") == "parent"
    assert rule("Brachyolmia type 2", "Brachyolmia") == "child"
    assert rule("Retinitis pigmentosa", "Retinitis pigmentosa 4") == "broader"
    assert rule("Retinitis pigmentosa 4", "Retinitis pigmentosa") == "narrower"
    assert rule("Rett syndrome / Angelman syndrome", "Rett syndrome") == "joined"
    assert rule("Rett syndrome", "Angelman syndrome") == "other"


def test_a_fuzzy_verdict_reports_score_and_threshold(matcher: Matcher) -> None:
    verdict = matcher.judge("Phenylketonurea", matcher.gold([DiseaseName(id="OMIM:261600")]))
    assert verdict.rule == "fuzzy"
    assert verdict.threshold is not None and verdict.score is not None
    assert verdict.threshold <= verdict.score < 100


def test_a_gold_id_is_enough(matcher: Matcher) -> None:
    gold = matcher.gold([DiseaseName(id="OMIM:312750")])
    assert matcher.judge("Rett syndrome", gold).level == "strict"
    assert "ORPHA:778" in gold.ids


def test_any_of_several_gold_names_counts(matcher: Matcher) -> None:
    gold = matcher.gold([DiseaseName(id="OMIM:312750"), DiseaseName(id="CCRD:1", label="Angelman syndrome")])
    assert matcher.judge("Rett syndrome", gold).level == "strict"
    assert matcher.judge("Angelman syndrome", gold).level == "strict"


def test_ids_are_read_in_other_spellings(matcher: Matcher) -> None:
    assert (
        matcher.gold([DiseaseName(id="Orphanet:778")]).diseases == matcher.gold([DiseaseName(id="MIM:312750")]).diseases
    )


def test_twins_are_joined_by_name_without_any_import(shipped_matcher: Matcher) -> None:
    gold = shipped_matcher.gold([DiseaseName(id="OMIM:176270")])
    assert "ORPHA:739" in gold.ids
    assert shipped_matcher.judge("PRADER-WILLI SYNDROME; PWS", gold).level == "strict"
    assert shipped_matcher.judge("x", gold, record_id="ORPHA:739").rule == "id"


def test_an_id_beside_the_name_decides(matcher: Matcher) -> None:
    gold = matcher.gold([DiseaseName(id="OMIM:312750")])
    assert matcher.judge("whatever", gold, record_id="ORPHA:778").rule == "id"
    assert matcher.judge("whatever", gold, record_id="OMIM:105830").level is None
    assert matcher.judge("Rett syndrome", gold, record_id="OMIM:0").rule == "name", "names join what no import joined"


def test_labels_that_join_all_names_of_a_disease_are_parted(matcher: Matcher) -> None:
    gold = matcher.gold(
        [DiseaseName(id="CCRD:1", label="某某综合征; 某某/Made-up ketosis syndrome; MKS/Invented acidemia")]
    )
    assert gold.labels == ("Made-up ketosis syndrome", "MKS", "Invented acidemia")
    assert matcher.judge("invented acidaemia", gold).level == "strict"
    assert matcher.judge("Ketosis", gold).level is None


def test_a_disease_whose_own_name_holds_a_slash_is_not_parted(matcher: Matcher) -> None:
    gold = matcher.gold([DiseaseName(label="Split-hand/foot malformation 1")])
    assert matcher.judge("Split-hand/foot malformation 1", gold).level == "strict"
    assert matcher.judge("Split-hand", gold).level != "strict"


def test_a_gold_that_is_unknown_matches_by_name_alone(matcher: Matcher) -> None:
    gold = matcher.gold([DiseaseName(label="Wandering elbow syndrome of Atlantis")])
    assert not gold.diseases
    assert matcher.judge("Atlantis' wandering elbow syndrome", gold).level == "strict"
    assert matcher.judge("Wandering elbows syndrome of Atlantis", gold).rule == "fuzzy"
    assert matcher.judge("Marfan syndrome", gold).level is None


def test_a_gold_without_names_or_ids_matches_nothing(matcher: Matcher) -> None:
    empty = matcher.gold([])
    assert matcher.judge("Rett syndrome", empty).level is None
    assert matcher.judge("", empty).level is None


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.text(max_size=60), right=st.text(max_size=60))
def test_any_text_is_judged_and_always_alike(matcher: Matcher, said: str, right: str) -> None:
    gold = matcher.gold([DiseaseName(label=right)])
    assert matcher.judge(said, gold) == matcher.judge(said, gold)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 11_000))
def test_every_disease_is_itself_by_its_name_in_capitals(matcher: Matcher, number: int) -> None:
    kb = matcher.kb
    record = kb.record_ids[number]
    gold = matcher.gold([DiseaseName(id=record)])
    assert matcher.judge(kb.record_names[number].upper(), gold).level == "strict"
    assert matcher.judge(kb.record_names[number], gold, record_id=record).level == "strict"


@pytest.mark.slow
def test_training_can_use_the_matcher_without_what_serves() -> None:
    code = (
        "import sys, raredxr1.evaluate.matcher; "
        "print([m for m in sys.modules if m.startswith(('raredxr1.diagnose', 'torch', 'ctranslate2', 'jinja2'))])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
