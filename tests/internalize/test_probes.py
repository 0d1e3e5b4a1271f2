"""Closed-book probes: answers are judged rightly, a model in training is left as it was, the curve is drawn."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from benchmarks import curves
from safetensors.torch import load_file
from typer.testing import CliRunner

from raredxr1.cli import app
from raredxr1.errors import InputError
from raredxr1.export.base import load_model
from raredxr1.internalize.config import HeldOut, InternalizeConfig, Probes
from raredxr1.internalize.corpus import taught_diseases
from raredxr1.internalize.probes.asking import FILE, ProbeFile, Prober, read_rows
from raredxr1.internalize.probes.judging import Judge, ProbeReport, lines, told_findings
from raredxr1.internalize.probes.writing import asking, log_likelihoods, write
from raredxr1.internalize.train import internalize
from raredxr1.knowledge import KnowledgeBase, load
from tiny_model import PROMPTS, TURNS, make_tiny_checkpoint

pytestmark = pytest.mark.slow

STEPS = 4


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def judge(kb: KnowledgeBase) -> Judge:
    return Judge(kb)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """A model that knows three dialogues, and its tokenizer."""
    return load_model(str(make_tiny_checkpoint(tmp_path_factory.mktemp("known") / "model")))


def config(out: Path, **changes: object) -> InternalizeConfig:
    settings = {
        "out": out,
        "seed": 3,
        "base": "none",
        "diseases": 5,
        "tokens": 1024 * STEPS,
        "row_tokens": 1024,
        "rows": 1,
        "log_steps": 2,
        "peak_tflops": 1.0,
        "hypotheses": 1,
        "full_names": 1,
        "held_out": HeldOut(),
    }
    return InternalizeConfig.model_validate(settings | changes)


def turn(name: str) -> str:
    return f"<answer>\n1. {name}\n</answer>"


def test_the_rank_is_that_of_the_first_turn_that_names_the_disease(kb, judge):
    rett = kb.disease("OMIM:312750")
    turns = [turn("Marfan syndrome"), turn("Marfan Syndrome"), turn("RTT"), turn("Rett syndrome"), "no answer"]
    assert judge.rank(turns, "A note.", rett) in (2, 3), "a name that is written twice takes one place"
    assert judge.rank([turn("Rett syndrome")], "A note.", rett) == 1
    assert judge.rank(["", turn("Marfan syndrome")], "A note.", rett) is None
    full = f'<think>\nFindings\n1 + " note " = Seizure\nHypotheses\nWeigh\n\n</think>\n{turn("Rett syndrome")}'
    assert judge.rank([full], "A note.", rett, "full") == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("Findings: Seizure (often); Ataxia (80%). Onset: Infantile onset. Genes: MECP2.", ["Seizure", "Ataxia"]),
        ("Variants in MECP2 cause it. It is passed on by X-linked inheritance. Patients show Ataxia.", ["Ataxia"]),
        ("Typical: Seizure; Seizure; Ataxia (very oft", ["Seizure", "Ataxia (very oft"]),
        ("seizures, ataxia\n- scoliosis", ["seizures", "ataxia", "scoliosis"]),
        ("", []),
    ],
)  # fmt: skip
def test_told_findings_are_parted_from_onset_inheritance_and_genes(answer, told):
    assert told_findings(answer) == told


def test_precision_and_recall_count_direct_parents_and_children_and_nothing_wider(kb, judge):
    marfan = kb.disease("OMIM:154700")
    own = sorted(kb.frequencies[marfan].items(), key=lambda item: (-item[1], item[0]))
    ten = [kb.term_names[term] for term, _ in own[:10]]
    assert judge.profile(f"Findings: {'; '.join(ten)}.", marfan) == (1.0, 1.0)
    half = judge.profile(f"Findings: {'; '.join(ten[:5])}; Not a finding of anything; Cataplexy.", marfan)
    assert half[0] == pytest.approx(5 / 7) and 0.5 <= half[1] < 1
    assert judge.profile("", marfan) == (0.0, 0.0)
    term = next(
        t for t, _ in own if kb.term_children[t] and not set(kb.term_children[t]) & kb.frequencies[marfan].keys()
    )
    assert judge.profile(f"Findings: {kb.term_names[kb.term_children[term][0]]}.", marfan)[0] == 1.0
    assert judge.profile("Findings: Phenotypic abnormality.", marfan)[0] == 0.0


def test_turns_are_the_most_probable_whatever_else_is_in_the_batch(known):
    model, tokenizer = known
    with asking(model, bf16=False):
        together = write(model, tokenizer, PROMPTS, 40, batch=3)
        alone = write(model, tokenizer, PROMPTS, 40, batch=1)
        beams = write(model, tokenizer, PROMPTS[:2], 40, beams=4, batch=2)
    assert [t[0] for t in together] == [t[0] for t in alone] == list(TURNS)
    assert [len(t) for t in beams] == [4, 4] and [t[0] for t in beams] == list(TURNS[:2])


def test_a_prompt_without_room_is_answered_with_nothing(known):
    with asking(known[0], bf16=False):
        assert write(*known, [PROMPTS[0], PROMPTS[0] * 20], 40, batch=2)[1] == []


def test_likelihoods_are_those_of_the_continuation_whatever_else_is_in_the_batch(known):
    model, tokenizer = known
    asked = [(prompt, turn) for prompt in PROMPTS for turn in TURNS]
    with asking(model, bf16=False):
        together, alone = log_likelihoods(model, tokenizer, asked, 9), log_likelihoods(model, tokenizer, asked, 1)
    assert together == pytest.approx(alone, abs=1e-3)
    for row in range(3):
        scores = together[3 * row : 3 * row + 3]
        assert scores.index(max(scores)) == row
    encode = tokenizer.backend_tokenizer.encode
    prompt, said = (encode(text, add_special_tokens=False).ids for text in asked[1])
    with torch.no_grad():
        logits = model(torch.tensor([prompt + said])).logits[0].log_softmax(-1)
    by_hand = sum(float(logits[len(prompt) - 1 + i, token]) for i, token in enumerate(said))
    assert together[1] == pytest.approx(by_hand, abs=1e-3)


def test_asking_leaves_mode_and_random_numbers_as_they_were(known):
    model, tokenizer = known
    for training in (True, False):
        model.train(training)
        torch.manual_seed(4)
        expected = torch.rand(3)
        torch.manual_seed(4)
        with asking(model, bf16=False):
            assert not model.training and not torch.is_grad_enabled()
            torch.rand(5)
            write(model, tokenizer, PROMPTS[:1], 4)
        assert model.training is training and torch.is_grad_enabled()
        assert torch.equal(torch.rand(3), expected)


def test_a_model_that_knows_nothing_chooses_by_the_name_and_earns_one_half(kb, known):
    prober = Prober(config(Path("none")), Probes(n=8), kb, taught_diseases(kb, 12))
    # a model that likes short names whatever is asked
    prefers = lambda model, tokenizer, pairs, batch: [-float(len(name)) for _, name in pairs]  # noqa: E731
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("raredxr1.internalize.probes.asking.log_likelihoods", prefers)
        assert set(prober._chosen(*known)) == {0.5}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same training without probes, and with probes after every step."""
    folder = tmp_path_factory.mktemp("runs")
    base = str(make_tiny_checkpoint(folder / "base", steps=0, max_position_embeddings=1024))
    often = Probes(n=3, every_minutes=1e-9, tokens=6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("raredxr1.internalize.train.SAMPLED_EXAMPLES", 40)
        internalize(config(folder / "without", base=base), quiet=True)
        internalize(config(folder / "with", base=base, probes=often), quiet=True)
    return folder / "without", folder / "with"


def test_probes_do_not_change_what_is_learned(runs):
    without, with_probes = (load_file(run / "checkpoint" / "model.safetensors") for run in runs)
    assert without.keys() == with_probes.keys()
    assert all(torch.equal(without[name], with_probes[name]) for name in without)


def test_every_asking_is_a_row_with_step_tokens_minutes_and_figures(runs):
    rows = read_rows(runs[1] / FILE)
    assert [row["step"] for row in rows] == list(range(STEPS + 1)), "before the first step, after each, and none twice"
    assert [row["tokens"] for row in rows] == [1024 * row["step"] for row in rows]
    minutes = [row["minutes"] for row in rows]
    assert minutes == sorted(minutes)
    for row in rows:
        report = ProbeReport.model_validate({k: row[k] for k in ProbeReport.model_fields})
        assert report.held_out and report.figures.keys() >= {"new_top1", "familiar_top10", "profile_recall"}
        assert all(figure.n == 3 and 0 <= figure.value <= 1 for figure in report.figures.values())
    assert not (runs[0] / FILE).exists()


def test_the_time_of_probes_is_not_counted_as_training(kb, tmp_path):
    asked = list[int]()
    prober = SimpleNamespace(
        probes=Probes(every_minutes=1e-9),
        ask=lambda model, tokenizer: (asked.append(1), empty_report())[1],
    )
    metrics = SimpleNamespace(paused=0.0)
    probe = ProbeFile(tmp_path / FILE, prober, None, 10, metrics)
    probe.on_train_begin(None, SimpleNamespace(global_step=0), None, model=None)
    probe.on_step_end(None, SimpleNamespace(global_step=1), None, model=None)
    probe.on_train_end(None, SimpleNamespace(global_step=1), None, model=None)
    assert len(asked) == 2 and metrics.paused > 0


def test_a_resumed_run_goes_on_with_its_minutes_and_forgets_what_is_trained_again(tmp_path, monkeypatch):
    clock = SimpleNamespace(monotonic=iter(range(0, 600, 6)).__next__)
    monkeypatch.setattr("raredxr1.internalize.probes.asking.time", clock)
    write_rows(tmp_path / FILE, [(0, 0.0), (10, 2.0), (20, 4.0)])
    prober = SimpleNamespace(probes=Probes(), ask=lambda model, tokenizer: empty_report())
    probe = ProbeFile(tmp_path / FILE, prober, None, 10)
    probe.on_train_begin(None, SimpleNamespace(global_step=10), None, model=None)
    probe.on_train_end(None, SimpleNamespace(global_step=12), None, model=None)
    with (tmp_path / FILE).open("a") as file:
        file.write('{"step": 13, "to')
    rows = read_rows(tmp_path / FILE)
    assert [row["step"] for row in rows] == [0, 10, 12]
    assert rows[-1]["minutes"] == pytest.approx(2.1)


def empty_report() -> ProbeReport:
    return ProbeReport(figures={}, held_out=False, said_in_new_words=0, seed=0, seconds=1)


def write_rows(path: Path, rows: Sequence[tuple[int, float]]) -> None:
    figure = {"value": 0.5, "ci95": [0.2, 0.8], "n": 4}
    path.write_text(
        "".join(
            json.dumps(
                {"step": s, "tokens": s, "minutes": m, "figures": {"new_top1": figure, "choice_accuracy": figure}}
            )
            + "\n"
            for s, m in rows
        )
    )


def test_the_curve_shows_loss_and_probes_and_is_the_same_when_drawn_again(runs):
    first = curves.draw(runs[1]).read_text()
    for said in ("training loss", "new wordings, among ten (n=3)", "recall by chance", "which of two"):
        assert said in first
    assert curves.draw(runs[1]).read_text() == first
    alone = curves.draw(runs[0]).read_text()
    assert "training loss" in alone and "wordings" not in alone
    with pytest.raises(InputError, match=r"no metrics\.jsonl"):
        curves.draw(runs[0] / "checkpoint")


def test_a_report_says_n_intervals_chance_and_what_was_not_held_out(runs):
    row = read_rows(runs[1] / FILE)[-1]
    report = ProbeReport.model_validate({k: row[k] for k in ProbeReport.model_fields})
    said = "\n".join(lines(report))
    assert "n = 3" in said and "chance 0.5" in said and "nothing was held out" not in said
    assert "nothing was held out" in "\n".join(lines(report.model_copy(update={"held_out": False})))


def test_the_command_asks_a_checkpoint(runs, tmp_path):
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(config(runs[1], probes=Probes(n=2, tokens=6)).model_dump_json(exclude_none=True))
    out = tmp_path / "probes.json"
    result = CliRunner().invoke(
        app, ["train", "probe", str(runs[1]), "--recipe", str(recipe), "--n", "3", "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert "disease -> findings, precision" in result.stdout
    report = ProbeReport.model_validate_json(out.read_text())
    last = read_rows(runs[1] / FILE)[-1]["figures"]
    assert {name: figure.value for name, figure in report.figures.items()} == pytest.approx(
        {name: figure["value"] for name, figure in last.items()}
    )
