"""Two systems on the same cases."""

import math
from pathlib import Path

import pytest
from judged_cases import case

from raredxr1.errors import InputError
from raredxr1.evaluate.compare import compare, mcnemar
from raredxr1.evaluate.judging import JudgedCase, write_judged
from raredxr1.evaluate.report import comparison_lines
from raredxr1.evaluate.rows import Run, create


def run_folder(path: Path, judged: list[JudgedCase], system: str = "s", sha: str = "0", **settings: object) -> Path:
    run = Run(system=system, model=None, knowledge="k", cases=[{"file": "f", "sha256": sha}], settings=settings,
              n=len(judged), batch=1)  # fmt: skip
    create(path, run, resume=False)
    write_judged(path, judged)
    return path


@pytest.mark.parametrize(("b", "c"), [(0, 0), (3, 3), (1, 0), (5, 1), (10, 2), (0, 12), (40, 60)])
def test_mcnemar_is_the_exact_binomial(b: int, c: int) -> None:
    n = b + c
    exact = min(1.0, 2 * sum(math.comb(n, i) for i in range(min(b, c) + 1)) / 2**n) if b != c else 1.0
    assert mcnemar(b, c) == pytest.approx(exact)
    assert mcnemar(b, c) == mcnemar(c, b)


def test_mcnemar_of_many_cases_does_not_overflow() -> None:
    assert 0 < mcnemar(3000, 3200) < 0.02


def test_differences_flips_and_tests(tmp_path: Path) -> None:
    a = [case(i, 1 if i < 4 else None) for i in range(20)]
    b = [case(i, 1 if 2 <= i < 14 else None) for i in range(20)]
    result = compare(run_folder(tmp_path / "a", a, "one"), run_folder(tmp_path / "b", b, "two"))
    first = result.differences[0]
    assert (first.figure, first.a, first.b, first.only_a, first.only_b) == ("strict recall@1", 0.2, 0.6, 2, 10)
    assert first.mcnemar_p == pytest.approx(mcnemar(2, 10))
    assert first.difference.value == pytest.approx(0.4)
    assert first.difference.ci95[0] < 0.4 < first.difference.ci95[1]
    assert {flip.case_id for flip in result.flips if flip.k == 1} == {f"c{i}" for i in (0, 1, *range(4, 14))}
    text = "\n".join(comparison_lines(result))
    assert "A: one" in text and "McNemar p" in text and "c13" in text


def test_a_run_compared_with_itself_differs_in_nothing(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "a", [case(i, i % 4 or None) for i in range(9)])
    result = compare(folder, folder)
    assert not result.flips
    assert all(d.difference.value == 0 and d.mcnemar_p in (None, 1.0) for d in result.differences)


def test_runs_on_different_cases_are_refused(tmp_path: Path) -> None:
    a = run_folder(tmp_path / "a", [case(0, 1), case(1)])
    with pytest.raises(InputError, match=r"different cases \(2 and 1, 1 with the same id\)"):
        compare(a, run_folder(tmp_path / "b", [case(0, 1)]))
    with pytest.raises(InputError, match="different cases"):
        compare(a, run_folder(tmp_path / "c", [case(0, 1), case(1)], sha="1"))


def test_unfinished_foreign_and_older_folders_are_named(tmp_path: Path) -> None:
    a = run_folder(tmp_path / "a", [case(0, 1)])
    with pytest.raises(InputError, match="no run folder"):
        compare(a, tmp_path)
    other = run_folder(tmp_path / "b", [case(0, 1)])
    (other / "judged.jsonl").unlink()
    with pytest.raises(InputError, match="not finished"):
        compare(a, other)
    (other / "run.json").write_text('{"format": 0}')
    with pytest.raises(InputError, match="format 0, this program reads 1"):
        compare(a, other)
    (other / "run.json").write_text("{")
    with pytest.raises(InputError, match="damaged"):
        compare(a, other)


def test_what_differs_beside_the_system_is_said(tmp_path: Path) -> None:
    a = run_folder(tmp_path / "a", [case(0, 1)], note_field="note")
    b = run_folder(tmp_path / "b", [case(0, 1)], note_field="note_paraphrased")
    assert compare(a, b).notes == ["they read different notes (note_field)"]
