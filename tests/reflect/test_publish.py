"""The data sets as folders: the same rows for the same seed, schema and card that say what they hold."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from benchmarks.weighing_attempts import unsound
from typer.testing import CliRunner

from raredxr1 import dialogue
from raredxr1.cli import app
from raredxr1.reflect.publish import QA_FIELDS, SPLITS, split_of
from raredxr1.reflect.sft_rows import Accepted

RECIPE = Path(__file__).parents[2] / "recipes" / "tiny" / "internalize.yaml"
TURNS = Path(__file__).parents[2] / "recipes" / "smol" / "turns.yaml"
NOTE = "Girl of 3, wrings her hands."
TURN = (
    '<think>\nFindings\n1 + " wrings her hands " = Stereotypic hand movements\nHypotheses\nRett syndrome | for 1\n'
    "Weigh\nRett syndrome explains 1.\n</think>\n<answer>\n1. Rett syndrome\n2. Angelman syndrome\n</answer>"
)


def publish(folder: Path, *more: str) -> str:
    done = CliRunner().invoke(app, ["train", "data", "--recipe", str(RECIPE), "--publish", str(folder), *more])
    assert done.exit_code == 0, done.output
    return done.stdout


def rows(folder: Path) -> dict[str, list[dict]]:  # type: ignore[type-arg]
    return {split: pq.read_table(folder / f"{split}.parquet").to_pylist() for split in SPLITS}


def test_knowledge_is_published_by_split_and_the_same_for_a_seed(tmp_path: Path):
    said = publish(tmp_path / "a", "--rows", "150")
    publish(tmp_path / "b", "--rows", "80")
    publish(tmp_path / "c", "--rows", "80", "seed=9")
    a, b, c = (rows(tmp_path / name) for name in "abc")
    every = [row for several in a.values() for row in several]
    assert len(every) == 150 and f"{len(a['train'])} train" in said
    assert len(a["train"]) > 100 and a["test"] and a["validation"]
    assert len({(row["question"], row["answer"]) for row in every}) == 150
    assert {row["family"] for row in every} >= {"final", "differential", "full", "profile"}
    for row in every:
        assert row["system"] and row["question"] and row["disease_ids"] and dialogue.TURN_END not in row["answer"]
    for split in SPLITS:  # fewer rows are a part of more, in the same splits
        assert b[split] == a[split][: len(b[split])]
    assert c != b
    assert pq.read_schema(tmp_path / "a" / "test.parquet").names == [name for name, *_ in QA_FIELDS]


def test_the_card_names_splits_counts_fields_and_licences(tmp_path: Path):
    publish(tmp_path / "a", "--rows", "60")
    card = (tmp_path / "a" / "README.md").read_text()
    _, front, body = card.split("---\n", 2)
    files = yaml.safe_load(front)["configs"][0]["data_files"]
    assert [(tmp_path / "a" / file["path"]).is_file() for file in files] == [True, True, True]
    assert "HPO licence" in body and "seed 1" in body
    for split, several in rows(tmp_path / "a").items():
        assert f"| {split} | {len(several)} |" in body
    again = CliRunner().invoke(app, ["train", "data", "--recipe", str(RECIPE), "--publish", str(tmp_path / "a")])
    assert again.exit_code == 2 and "holds something already" in again.output


def test_accepted_turns_are_published_with_their_reasoning(tmp_path: Path):
    accepted = [
        Accepted(
            case_id=f"case {number // 2}", disease="OMIM:312750", tier="hard", kind="reflection", round=1, form="full",
            task="differential", prompt=dialogue.render_prompt(f"{NOTE} {number}"), completion=TURN + dialogue.TURN_END,
        )
        for number in range(120)
    ]  # fmt: skip
    path = tmp_path / "accepted.jsonl"
    path.write_text("".join(one.model_dump_json() + "\n" for one in accepted))
    publish(tmp_path / "cot", "--accepted", str(path))
    found = rows(tmp_path / "cot")
    assert sum(map(len, found.values())) == 120 and found["train"]
    row = found["train"][0]
    assert row["answer"] == ["Rett syndrome", "Angelman syndrome"] and row["note"].startswith(NOTE)
    assert row["reasoning"].startswith("Findings") and "<" not in row["reasoning"]
    cases = [{row["case_id"] for row in several} for several in found.values()]
    assert not cases[0] & (cases[1] | cases[2]) and not cases[1] & cases[2]  # no case in two splits


@pytest.mark.slow
def test_lessons_in_weighing_are_published_with_their_evidence(tmp_path: Path):
    asked = ["train", "data", "--recipe", str(TURNS), "--weighing", "words=null", "diseases=40"]
    for name, count in (("a", "8"), ("b", "5")):
        done = CliRunner().invoke(app, [*asked, "--publish", str(tmp_path / name), "--rows", count])
        assert done.exit_code == 0, done.output
    a, b = rows(tmp_path / "a"), rows(tmp_path / "b")
    assert sum(map(len, a.values())) == 8 and all(b[split] == a[split][: len(b[split])] for split in SPLITS)
    for row in (row for several in a.values() for row in several):
        candidates = row["evidence"].partition("Candidates\n")[2].splitlines()
        assert sorted(row["answer"]) == sorted(line.partition(" | ")[0] for line in candidates)
        assert row["reasoning"].startswith(row["answer"][0]) and row["disease_ids"] and "<" not in row["reasoning"]
        prompt = dialogue.render_lead_prompt(row["evidence"])
        answer = "\n".join(f"{rank}. {name}" for rank, name in enumerate(row["answer"], 1))
        assert unsound(f"{row['reasoning']}\n</think>\n<answer>\n{answer}\n</answer>", prompt) == []
    card = (tmp_path / "a" / "README.md").read_text()
    assert "RareDxCOT" in card and "seed 29" in card and "HPO licence" in card


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--weighing"], "--weighing is for --publish"),
        (["--weighing", "weighing_share=0", "words=null", "--publish"], "no lessons in weighing"),
    ],
)
def test_what_cannot_be_published_is_said_in_a_line(more: list[str], said: str, tmp_path: Path):
    folder = [str(tmp_path / "new")] if more[-1] == "--publish" else []
    done = CliRunner().invoke(app, ["train", "data", "--recipe", str(TURNS), *more, *folder])
    assert done.exit_code == 2 and said in " ".join(done.output.split())


@pytest.mark.parametrize("key", ["a", "b/x"])
def test_the_split_goes_by_what_stands_before_the_stroke(key: str):
    assert split_of(key) == split_of(key.partition("/")[0]) and sum(SPLITS.values()) == 100
