"""Figures of a corpus, checked on samples small enough to count by hand."""

import pytest
from benchmarks.corpus_statistics import coverage_table, distinct, main, measure, words

from raredxr1 import dialogue
from raredxr1.internalize.corpus import Example
from raredxr1.knowledge import load


def test_distinct_ngrams_are_a_share_of_all() -> None:
    assert distinct(["a b a b", "a b"], 1) == pytest.approx(2 / 6)
    assert distinct(["a b a b", "a b"], 2) == pytest.approx(2 / 4)
    assert distinct(["one two three"], 3) == 1.0
    assert distinct(["one"], 2) == 0.0


def test_examples_and_tokens_are_counted_by_kind_and_disease() -> None:
    prompt = dialogue.render_prompt("Seizures. No fever.", "short", "final")
    examples = [
        Example(prompt, "1. X", "final", 3),
        Example(prompt, "1. Y", "final", 4),
        Example(prompt, "Z", "full", 3),
    ]
    stats = measure(examples, words)
    final = stats.kinds["final"]
    assert (final.examples, final.learned_tokens) == (2, 6)
    assert final.prompts == ["Seizures. No fever."] * 2 and final.distinct(1) == pytest.approx(4 / 10)
    assert stats.coverage == {3: 2, 4: 1}


def test_the_command_prints_kinds_and_coverage(tmp_path, monkeypatch, capsys) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        "out: work\ntokens: 1\nbase: x\ndiseases: 5\n"
        "phases: [{until: 1.0, mixture: {final: 0.5, differential: 0, full: 0, profile: 0, term: 0.5}}]\n"
    )
    table = tmp_path / "coverage.tsv"
    command = ["corpus_statistics.py", "--recipe", str(recipe), "--count", "40", "--coverage", str(table)]
    monkeypatch.setattr("sys.argv", command)
    main()
    told = capsys.readouterr().out
    assert "final" in told and "term" in told and "full" not in told
    assert "in 40 examples; 5 of 5 diseases met" in told
    assert "comes up 8 to 8 times" in told
    head, *rows = [line.split("\t") for line in table.read_text().splitlines()]
    assert head == ["id", "name", "all", "final", "term"]
    assert len(rows) == 5 and all(row[2] == "8" and int(row[3]) + int(row[4]) == 8 for row in rows)


def test_a_disease_that_never_comes_up_is_a_row_with_a_nought() -> None:
    kb, prompt = load(), dialogue.render_prompt("x", "short", "final")
    first, second = kb.disease("OMIM:312750"), kb.disease("OMIM:154700")
    assert first is not None and second is not None
    table = coverage_table(measure([Example(prompt, "1. X", "final", first)], words), kb, [first, second])
    assert [row.split("\t")[2:] for row in table.splitlines()] == [["all", "final"], ["0", "0"], ["1", "1"]]
