"""Reflection against rejection sampling at the same cost: the same first attempts, then as many tokens on either.

Both runs share their first attempts (`method: resample`, `like:`), so they differ only in how the rest of the tokens
was spent. Turns of the resampling run beyond the reflection run's cost are left out; intervals are paired bootstraps
over cases. Cost is given in two ways, because reading a prompt costs far less than writing: tokens read and written
(the budget), and tokens written.

    python benchmarks/sampling.py REFLECTED RESAMPLED [--seed N] [--out FILE.json]

For the models that learned from each, run `raredx evaluate` on development cases and `raredx compare`.
"""

import argparse
from pathlib import Path

from pydantic import Field

from raredxr1.errors import InputError
from raredxr1.evaluate.compare import mcnemar
from raredxr1.evaluate.metrics_schema import Figure
from raredxr1.evaluate.resampling import Resamples
from raredxr1.reflect.attempt_log import Attempt, read_attempts
from raredxr1.reflect.report import percent
from raredxr1.schemas import Strict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reflected", type=Path, help="finished run of `raredx train reflect`")
    parser.add_argument("resampled", type=Path, help="one with method: resample and like: the first")
    parser.add_argument("--seed", type=int, default=0, help="of the bootstrap")
    parser.add_argument("--out", type=Path, help="write the figures as JSON here")
    options = parser.parse_args()
    result = compare(options.reflected, options.resampled, options.seed)
    if options.out:
        options.out.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print("\n".join(lines(result)))


class Arm(Strict):
    """One way of spending the tokens."""

    solved: Figure = Field(description="cases with an accepted turn")
    right: Figure = Field(description="cases with a right diagnosis, accepted or not")
    repaired: Figure | None = Field(description="of the cases unsolved at first, share solved afterwards")
    tokens: int = Field(description="read and written, first attempts included")
    written: int
    turns: int
    repairs_per_1000: float = Field(description="cases solved after the first attempts, a 1,000 tokens spent on it")
    repairs_per_1000_written: float


class SamplingComparison(Strict):
    """Both arms on the same cases, and the difference."""

    cases: int
    unsolved_at_first: int
    reflected: Arm
    resampled: Arm
    difference: Figure = Field(description="solved by reflection minus solved by resampling, paired")
    only_reflected: int
    only_resampled: int
    mcnemar_p: float


def compare(reflected: Path, resampled: Path, seed: int = 0) -> SamplingComparison:
    """Compare two run folders.

    Raises:
        InputError: one holds no turns, or they do not share their first attempts.
    """
    a, b = read_attempts(reflected), read_attempts(resampled)
    for folder, rows in ((reflected, a), (resampled, b)):
        if not rows:
            raise InputError(f"{folder}: holds no sampled turns")
    if _first(a) != _first(b):
        raise InputError(f"{resampled} does not share the first attempts of {reflected}: sample it with like: that run")
    b = _within(b, sum(row.cost for row in a))
    cases = list(dict.fromkeys(row.case_id for row in a))
    at_first = {row.case_id for row in a if row.round == 0 and row.accepted}
    won = [{row.case_id for row in rows if row.accepted} for rows in (a, b)]
    draw = Resamples({"difference": [(c in won[0]) - (c in won[1]) for c in cases]}, seed)
    only = len(won[0] - won[1]), len(won[1] - won[0])
    return SamplingComparison(
        cases=len(cases),
        unsolved_at_first=len(cases) - len(at_first),
        reflected=_arm(a, cases, at_first, seed),
        resampled=_arm(b, cases, at_first, seed),
        difference=draw.mean("difference"),
        only_reflected=only[0],
        only_resampled=only[1],
        mcnemar_p=mcnemar(*only),
    )


def lines(result: SamplingComparison) -> list[str]:
    """The comparison for the terminal."""
    low, high = (100 * bound for bound in result.difference.ci95)
    said = [f"{result.cases} cases, {result.unsolved_at_first} of them unsolved at first", ""]
    for name, arm in (("reflection", result.reflected), ("resampling", result.resampled)):
        said += [
            f"{name}: solved {percent(arm.solved)}, right {percent(arm.right)}",
            f"  of the unsolved, repaired: {percent(arm.repaired)}",
            f"  {arm.turns} turns, {arm.tokens} tokens ({arm.written} written); "
            f"repairs per 1,000 tokens {arm.repairs_per_1000:.2f} (written: {arm.repairs_per_1000_written:.2f})",
        ]
    return [
        *said,
        "",
        f"reflection - resampling: {100 * result.difference.value:+.1f} points ({low:+.1f} to {high:+.1f}); solved "
        f"only by reflection {result.only_reflected}, only by resampling {result.only_resampled}, "
        f"McNemar p {result.mcnemar_p:.2g}",
    ]


def _first(rows: list[Attempt]) -> dict[tuple[str, int, int], str]:
    return {row.key: row.text for row in rows if row.round == 0}


def _within(rows: list[Attempt], budget: int) -> list[Attempt]:
    kept, spent = [], 0
    for row in rows:
        spent += row.cost
        if spent > budget:
            break
        kept.append(row)
    return kept


def _arm(rows: list[Attempt], cases: list[str], at_first: set[str], seed: int) -> Arm:
    solved = {row.case_id for row in rows if row.accepted}
    right = {row.case_id for row in rows if row.right}
    later = [row for row in rows if row.round > 0]
    tokens, written = sum(row.cost for row in later), sum(row.tokens for row in later)
    repairs = len(solved - at_first)
    draw = Resamples(
        {
            "solved": [float(c in solved) for c in cases],
            "right": [float(c in right) for c in cases],
            "later": [float(c in solved - at_first) for c in cases],
            "left": [float(c not in at_first) for c in cases],
        },
        seed,
    )
    return Arm(
        solved=draw.mean("solved"),
        right=draw.mean("right"),
        repaired=draw.ratio("later", "left"),
        tokens=sum(row.cost for row in rows),
        written=sum(row.tokens for row in rows),
        turns=len(rows),
        repairs_per_1000=round(1000 * repairs / tokens, 4) if tokens else 0.0,
        repairs_per_1000_written=round(1000 * repairs / written, 4) if written else 0.0,
    )


if __name__ == "__main__":
    main()
