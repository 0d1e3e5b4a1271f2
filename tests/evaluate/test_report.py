"""The report opens by itself, shows every case asked for, and lets no text of a note or model act."""

import re
from pathlib import Path

import pytest
from running import FULL, go

from raredxr1.diagnose.names import Names
from raredxr1.evaluate.case_set import open_cases
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.report import calibration_chart, recall_curves, spread
from raredxr1.evaluate.systems.model import ModelSystem
from tiny_cases import BAD_LINES, RETT, scripted_model, write_cases

EVIL = '<script>alert("x")</script><img src=http://evil> \u202e & "quotes"'


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, shipped_matcher: Matcher) -> str:
    folder = tmp_path_factory.mktemp("report")
    evil = {"case_id": EVIL, "note": f"She wrings her hands. {EVIL}", "gold": [{**RETT, "label": EVIL}]}
    cases = open_cases([write_cases(folder / "a.jsonl", lines=BAD_LINES), write_cases(folder / "b.jsonl", [evil])],
                       shipped_matcher.kb)  # fmt: skip
    names = Names(shipped_matcher.kb, shipped_matcher.linker)
    model = scripted_model(say=lambda prompt: (
        f'<think>\nFindings\n1 + "wrings her hands" = {EVIL}\nHypotheses\nx\nWeigh\n{EVIL}\n</think>\n'
        f"<answer>\n1. Rett syndrome\n2. {EVIL}\n</answer>"
    ))  # fmt: skip
    go(ModelSystem("model", model, names, FULL), cases, folder / "run", shipped_matcher)
    return (folder / "run" / "report.html").read_text(encoding="utf-8")


def test_it_needs_no_network_and_runs_no_script(report: str) -> None:
    assert "default-src 'none'" in report
    assert not re.search(r"<(script|img|link|iframe|object)\b", report)
    assert not re.search(r"(src|href)=\"(?!#)", report)
    assert "@import" not in report and "url(" not in report


def test_text_of_cases_and_models_is_only_text(report: str) -> None:
    assert "&lt;script&gt;" in report and "\u202e" not in report


def test_every_case_has_its_page_with_verdict_and_rule(report: str) -> None:
    assert len(re.findall(r'<section class="case"', report)) == 14
    for said in ("Answer and verdict", '<mark class="present"', "What the model wrote", "Findings", "unreadable: ",
                 "written from the phenotypes", "counts as a miss"):  # fmt: skip
        assert said in report
    targets = set(re.findall(r'href="#([^"]+)"', report))
    assert targets <= set(re.findall(r'id="([^"]+)"', report))


def test_tables_and_plots_are_there(report: str) -> None:
    assert report.count("<svg") == 2
    for said in ("recall@10", "disease average", "organ: ", "file: b.jsonl", "No better than the right family"):
        assert said in report


def test_pages_are_spread_evenly_over_long_runs() -> None:
    assert spread(3, 10) == [0, 1, 2]
    assert spread(100, 4) == [0, 25, 50, 75]
    assert spread(5, 0) == []


def test_plots_of_nothing_are_still_plots() -> None:
    assert recall_curves([]).startswith("<svg") and calibration_chart([]).endswith("</svg>")


def test_the_report_does_not_change_between_runs(tmp_path: Path, shipped_matcher: Matcher) -> None:
    cases = open_cases([write_cases(tmp_path / "a.jsonl")], shipped_matcher.kb)
    names = Names(shipped_matcher.kb, shipped_matcher.linker)
    texts = []
    for run in ("one", "two"):
        go(ModelSystem("model", scripted_model(), names, FULL), cases, tmp_path / run, shipped_matcher)
        text = (tmp_path / run / "report.html").read_text()
        texts.append(re.sub(r"\d[\d.e-]* \(\d[\d.e-]*-\d[\d.e-]*\)</td><td>[^<]*</td></tr>", "", text))
    assert texts[0] == texts[1]
