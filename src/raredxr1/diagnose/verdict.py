"""Whether any disease stands out, and what would help where none does.

Ten alarming names for a healthy child do harm. So a note in which hardly anything was read, or whose best disease is
hardly likelier than the tenth, gets an answer that says so first.
"""

from collections.abc import Sequence

from raredxr1.diagnose.confidence import Confident
from raredxr1.diagnose.result import Ranked, StatedFinding, Verdict

LEAST_FINDINGS = 2
"""With fewer findings present no disease can be told from a thousand others."""
LEAST_SURE = 0.05
"""Of the first disease, where the confidences are calibrated."""
MOSTLY_NONE = 0.85
"""Probability that none of the ten is the right one from which on a weak first disease is no answer."""


def verdict(candidates: Sequence[Ranked], confident: Confident, stated: Sequence[StatedFinding] | None) -> Verdict:
    """Decide whether the ranking is an answer.

    Args:
        candidates: the final ranking.
        confident: its confidences.
        stated: the findings of the note; None where they were not gathered.
    """
    present = None if stated is None else sum(finding.state == "present" for finding in stated)
    if not candidates:
        return Verdict(kind="nothing_stands_out", reason="No disease was named.", help=_helps(present))
    calibration = confident.calibration
    likely = None if calibration is None else round(1 - calibration.none_of_these, 4)
    first = candidates[0].confidence or 0.0
    weak = calibration is not None and first < LEAST_SURE and calibration.none_of_these > MOSTLY_NONE
    if weak or (present is not None and present < LEAST_FINDINGS and first < 2 * LEAST_SURE):
        return Verdict(kind="nothing_stands_out", reason=_reason(present), help=_helps(present), probability=likely)
    return Verdict(kind="ranked", reason="", probability=likely)


def _reason(present: int | None) -> str:
    if present == 0:
        return "No abnormal finding was read in the note."
    if present is not None and present < LEAST_FINDINGS:
        return "Only one abnormal finding was read in the note."
    return "What the note states fits no disease clearly better than many others."


def _helps(present: int | None) -> list[str]:
    helps = [
        "findings on examination, named one by one, with what was looked for and is absent",
        "age now and at the first sign, sex, and how it developed",
        "results of laboratory tests, imaging and earlier genetic tests",
        "relatives with similar findings, and whether the parents are related",
    ]
    return helps if present is None or present < LEAST_FINDINGS else helps[1:]
