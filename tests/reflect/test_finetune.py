"""Fine-tuning: accepted turns become likelier, diseases weigh the same, nothing is learned from nothing."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from raredxr1 import dialogue, runstore
from raredxr1.diagnose.opening import open_engine
from raredxr1.errors import InputError
from raredxr1.internalize.callbacks import DivergenceGuard
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.corpus import taught_diseases
from raredxr1.knowledge import load
from raredxr1.reflect import finetune as stage_two
from raredxr1.reflect.config import FinetuneConfig
from raredxr1.reflect.finetune import SAMPLED_EXAMPLES, Balanced, finetune, read_accepted
from raredxr1.reflect.sft_rows import Accepted
from tiny_model import PROMPTS, make_tiny_checkpoint

pytestmark = pytest.mark.slow

RIGHT = ("Marfan syndrome", "Rett syndrome", "Sotos syndrome")
STEPS = 6


def row(number: int, disease: str, tier: str = "hard") -> Accepted:
    return Accepted(
        case_id=f"case {number}", disease=disease, tier=tier, kind="reflection", round=1, form="short", task="final",
        prompt=PROMPTS[number % 3], completion=completion(number),
    )  # fmt: skip


def completion(number: int) -> str:
    return f"<answer>\n1. {RIGHT[number % 3]}\n</answer>{dialogue.TURN_END}"


def write_accepted(folder: Path, rows: list[Accepted]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "accepted.jsonl"
    path.write_text("".join(one.model_dump_json() + "\n" for one in rows))
    return path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_checkpoint(tmp_path_factory.mktemp("base") / "checkpoint", steps=0, max_position_embeddings=2048)


@pytest.fixture(scope="module")
def internalized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stage 1 on five diseases, without its weights."""
    folder = tmp_path_factory.mktemp("internalized")
    settings = InternalizeConfig(out=folder, base="somewhere", tokens=1, diseases=5, hypotheses=1, full_names=1)
    runstore.write_json(folder / "taught.json", [load().disease_ids(d)[0] for d in taught_diseases(load(), 5)])
    done = runstore.Manifest(stage="internalize", config=settings.model_dump(mode="json"), seed=0)
    runstore.write_manifest(folder, done)
    return folder


@pytest.fixture
def config(tmp_path: Path, base: Path, internalized: Path) -> Callable[..., FinetuneConfig]:
    accepted = write_accepted(tmp_path / "reflect", [row(n, f"OMIM:{n}") for n in range(3)])

    def make(**changes: Any) -> FinetuneConfig:
        learning = {"tokens": 256 * STEPS, "row_tokens": 256, "rows": 1, "learning_rate": 0.01, "log_steps": 1}
        settings: dict[str, Any] = {
            "out": tmp_path / "run", "seed": 3, "base": str(base), "internalized": internalized,
            "accepted": [accepted], "accepted_share": 1.0, "replay_share": 0.0, "lessons_share": 0.0,
            "learning": learning | changes.pop("learning", {}),
        }  # fmt: skip
        return FinetuneConfig.model_validate(settings | changes)

    return make


def test_what_was_accepted_becomes_likelier(config, base):
    checkpoint = finetune(config(learning={"tokens": 256 * 30}), quiet=True)
    before, after = open_engine(base, 1), open_engine(checkpoint, 1)
    for number in range(3):
        was, now = (sum(engine.score(PROMPTS[number], completion(number))) for engine in (before, after))
        assert now > was + 5


def test_the_manifest_says_what_was_learned_and_the_stage_can_be_built_on(config, base, internalized, tmp_path):
    beside = runstore.Manifest(
        stage="reflect", config={}, seed=1, inputs={"train.jsonl": "ab" * 32}, sources=["train.jsonl (cases)"]
    )
    runstore.write_manifest(tmp_path / "reflect", beside)
    longer = {"row_tokens": 2048, "tokens": 2048 * 2}
    mixed = config(accepted_share=0.4, replay_share=0.3, lessons_share=0.3, learning=longer,
                   lessons={"form": "short", "task": "final", "profiles": 0})  # fmt: skip
    finetune(mixed, quiet=True)
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    counts = manifest["counts"]
    assert (counts["accepted"], counts["accepted_diseases"], counts["steps"]) == (3, 3, 2)
    sampled = {name: counts[f"sampled_{name}"] / SAMPLED_EXAMPLES for name in ("accepted", "replay", "lessons")}
    assert sampled == pytest.approx({"accepted": 0.4, "replay": 0.3, "lessons": 0.3}, abs=0.07)
    assert manifest["inputs"]["train.jsonl"] == "ab" * 32, "evaluation refuses to score on what was learned from"
    assert "train.jsonl (cases)" in manifest["sources"]
    taught = [json.loads((folder / "taught.json").read_text()) for folder in (internalized, tmp_path / "run")]
    assert taught[0] == taught[1]
    assert finetune(mixed, quiet=True) == tmp_path / "run" / "checkpoint"
    with pytest.raises(InputError, match="other settings"):
        finetune(mixed.model_copy(update={"seed": 9}), quiet=True)


def test_an_interrupted_run_goes_on_and_ends_with_the_same_weights(config, tmp_path, monkeypatch):
    class Killed(DivergenceGuard):
        def on_log(self, args, state, control, logs=None, **more):
            super().on_log(args, state, control, logs, **more)
            if state.global_step == 4:
                raise KeyboardInterrupt

    whole = finetune(config(out=tmp_path / "whole"), quiet=True)
    settings = config(learning={"save_minutes": 1e-6})
    with monkeypatch.context() as patched:
        patched.setattr(stage_two, "DivergenceGuard", Killed)
        with pytest.raises(KeyboardInterrupt):
            finetune(settings, quiet=True)
    assert not (tmp_path / "run" / "manifest.json").exists()
    again = finetune(settings, quiet=True)
    steps = [json.loads(line)["step"] for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert steps.count(1) == 1, "it did not begin anew"
    ours, theirs = (load_file(folder / "model.safetensors") for folder in (again, whole))
    assert all(torch.allclose(ours[name], theirs[name], atol=1e-5) for name in theirs)


def test_every_disease_weighs_the_same_and_in_it_every_tier():
    rows = [row(n, "OMIM:1", "easy") for n in range(30)] + [row(30, "OMIM:1", "extreme"), row(31, "OMIM:2", "hard")]
    for number, one in enumerate(rows):
        rows[number] = one.model_copy(update={"prompt": f"{one.disease} {one.tier}"})
    balanced = Balanced(rows, seed=1)
    drawn = Counter(balanced.example(number).prompt for number in range(800))
    assert drawn["OMIM:2 hard"] == 400
    assert drawn["OMIM:1 easy"] == pytest.approx(200, abs=50)
    assert drawn["OMIM:1 extreme"] == pytest.approx(200, abs=50)
    assert [balanced.example(n) for n in range(9)] == [Balanced(rows, seed=1).example(n) for n in range(9)]


def test_accepted_turns_of_several_runs_are_joined_and_the_same_counts_once(tmp_path):
    first = write_accepted(tmp_path / "a", [row(0, "OMIM:1"), row(1, "OMIM:2")])
    second = write_accepted(tmp_path / "b", [row(1, "OMIM:2"), row(2, "OMIM:3")])
    assert [one.case_id for one in read_accepted([first, second])] == ["case 0", "case 1", "case 2"]


def test_nothing_accepted_missing_or_damaged_files_are_named(config, tmp_path):
    empty = write_accepted(tmp_path / "empty", [])
    with pytest.raises(InputError, match="nothing was accepted"):
        finetune(config(accepted=[empty]), quiet=True)
    with pytest.raises(InputError, match=r"absent\.jsonl: cannot be read"):
        finetune(config(accepted=[tmp_path / "absent.jsonl"]), quiet=True)
    (tmp_path / "empty" / "accepted.jsonl").write_text('{"case_id": 1}\n')
    with pytest.raises(InputError, match="line 1 is damaged"):
        finetune(config(accepted=[empty]), quiet=True)
    assert not (tmp_path / "run").exists(), "nothing is left behind"


def test_a_stage_one_or_base_that_is_none_is_named(config, tmp_path):
    with pytest.raises(InputError, match="not the folder of a finished stage 1"):
        finetune(config(internalized=tmp_path), quiet=True)
    with pytest.raises(InputError, match=r"without config\.json"):
        finetune(config(base=str(tmp_path)), quiet=True)


def test_rows_beyond_the_context_and_turns_beyond_a_row_are_refused(config, tmp_path):
    with pytest.raises(InputError, match="exceeds the model's context 2048"):
        finetune(config(learning={"row_tokens": 4096}), quiet=True)
    long = row(0, "OMIM:1").model_copy(update={"prompt": PROMPTS[0] * 9})
    accepted = [write_accepted(tmp_path / "long", [long])]
    with pytest.raises(InputError, match="row_tokens 64: every example of accepted is longer"):
        finetune(config(accepted=accepted, learning={"row_tokens": 64}), quiet=True)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"accepted": []}, "go together"),
        ({"accepted_share": 0.0}, "all shares are zero"),
        ({"accepted_share": 0.0, "replay_share": 1.0}, "go together"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(config, changes, why):
    with pytest.raises(ValueError, match=why):
        config(**changes)
