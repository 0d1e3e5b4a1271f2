"""What makes a case too easy is flagged; what was trained on is refused."""

from pathlib import Path

import pytest

from raredxr1.errors import InputError
from raredxr1.evaluate import leakage
from raredxr1.evaluate.case_set import open_cases
from raredxr1.evaluate.leakage import Training, read_training
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.runner import check_overlap
from raredxr1.knowledge import load
from raredxr1.runstore import sha256
from raredxr1.schemas import DiseaseName
from tiny_cases import MARFAN, RETT, write_cases


def flags(matcher: Matcher, tmp_path: Path, **case: object) -> list[str]:
    path = write_cases(tmp_path / "a.jsonl", [{"case_id": "x", "note": "a b c", "gold": [RETT], **case}])
    item = open_cases([path], matcher.kb).items[0]
    assert item.case is not None
    return leakage.flags(item, matcher.gold(item.case.gold), matcher.kb)


def test_a_case_whose_article_the_annotations_cite_is_flagged(shipped_matcher: Matcher, tmp_path: Path) -> None:
    kb = shipped_matcher.kb
    disease = kb.disease("OMIM:312750")
    assert disease is not None
    cited = sorted(r for r in kb.references(disease) if r.startswith("PMID:"))[0]
    assert leakage.CITED in flags(shipped_matcher, tmp_path, pmid=cited)
    assert leakage.CITED in flags(shipped_matcher, tmp_path, pmid=cited.removeprefix("PMID:"))
    assert leakage.CITED not in flags(shipped_matcher, tmp_path, pmid="PMID:1")
    assert leakage.CITED not in flags(shipped_matcher, tmp_path, pmid=cited, gold=[MARFAN])


@pytest.mark.parametrize(
    ("note", "named"),
    [
        ("A girl with Rett's syndrome who wrings her hands.", True),
        ("RETT SYNDROME was suspected", True),
        ("A girl who wrings her hands; retting of flax.", False),
        ("Angelman syndrome was ruled out", False),
    ],
)
def test_a_note_that_names_its_own_diagnosis_is_flagged(shipped_matcher: Matcher, note: str, named: bool) -> None:
    assert leakage.names_itself(note, shipped_matcher.gold([DiseaseName(**RETT)])) is named


def test_sources_and_files_that_were_trained_on_are_found(tmp_path: Path) -> None:
    rows = [
        {
            "case_id": "a",
            "note": "a b c",
            "gold": [RETT],
            "source": "someone/phenopacket-store@b69 x.json",
            "split": "dev",
        },
        {"case_id": "b", "note": "a b c", "gold": [RETT], "source": "other-set"},
    ]
    path = write_cases(tmp_path / "a.jsonl", rows)
    cases = open_cases([path], load())
    assert leakage.overlaps(cases, ["HPO annotations"], {}) == []
    assert (
        "1 cases come from phenopacket-store" in leakage.overlaps(cases, ["phenopacket-store@1, BSD-3-Clause"], {})[0]
    )
    assert leakage.overlaps(cases, ["phenopacket-store (split: train)"], {}) == []
    assert leakage.overlaps(cases, ["phenopacket-store (split: dev)"], {})
    assert "itself was trained on" in leakage.overlaps(cases, [], {"cases": sha256(path)})[0]


def test_an_overlap_is_refused_unless_allowed(tmp_path: Path) -> None:
    cases = open_cases([write_cases(tmp_path / "a.jsonl")], load())
    training = Training(sources=["made-up@1, invented"])
    with pytest.raises(InputError, match=r"overlap with the training data .*--allow-overlap"):
        check_overlap(cases, training, allow=False)
    assert check_overlap(cases, training, allow=True)


def test_manifests_beside_the_model_are_read(tmp_path: Path) -> None:
    stage = tmp_path / "stage"
    (stage / "checkpoint").mkdir(parents=True)
    (stage / "manifest.json").write_text('{"sources": ["set A"], "inputs": {"cases": "ff"}}')
    (stage / "taught.json").write_text('["OMIM:312750"]')
    (tmp_path / "more.json").write_text('{"data_sources": ["set B"]}')
    training = read_training([stage / "checkpoint"], [tmp_path / "more.json"])
    assert training == Training(["set A", "set B"], {"cases": "ff"}, ["OMIM:312750"])
    assert read_training([tmp_path / "nowhere"]) == Training([], {}, None)
    with pytest.raises(InputError, match="not a training manifest"):
        read_training([], [tmp_path / "missing.json"])
    with pytest.raises(InputError, match="not a JSON list"):
        read_training([], taught=tmp_path / "more.json")
