"""Whether any disease stands out, and what would help where none does.

Ten alarming names for a healthy child do harm. So a note in which hardly anything was read, or whose best disease is
hardly likelier than the tenth, gets an answer that says so first. How likely a note has a disease to find among the ten
is fitted on cases and on ordinary notes (`calibrate.standing`); without a fit a simple rule decides.
"""

import math
from collections.abc import Sequence
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.diagnose.calibration import StandsOut, logit
from raredxr1.diagnose.confidence import Confident
from raredxr1.diagnose.opinions import MEANING, TEXTS, Heard
from raredxr1.diagnose.result import Ranked, StatedFinding, Verdict
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.likelihood import information

VALUES = (
    "first",
    "listed",
    "findings",
    "information",
    "rarest",
    "likelihood",
    "similarity",
    "texts",
    "meaning",
    "words",
    "english",
    "ordinary",
)

LEAST_FINDINGS = 2
"""With fewer findings present no disease can be told from a thousand others."""
LEAST_SURE = 0.05
"""Of the first disease, where the confidences are calibrated."""
MOSTLY_NONE = 0.85
"""Probability that none of the ten is the right one from which on a weak first disease is no answer."""
HEALTHY_NONE = 0.25
"""The same where the note itself concludes that the patient is healthy."""
_HEALTHY = "The note itself concludes that the patient is healthy or needs nothing further."
_AT_TIMES = re.compile(
    r"\b(?:between|otherwise|apart from|except|aside from|other than|initially|at first|previously|the rest of the "
    r"time|after(?:wards)?|(?:when|whenever|while) (?:\w+ ){1,3}not)\b[^.;!?]*$|"
    r"\b(?:was|were|had been|seemed|looked)(?: \w+)? $",
    re.IGNORECASE,
)
"""Before what is said of the time between attacks, or of the past: "in between she is completely healthy"."""
_NO_LONGER = re.compile(
    r"[^.;!?]{0,30}\b(?:until|till|before|apart|except|but|between|otherwise|when|up to|then|initially|at first|again|"
    r"for (?:a|the|some|several|two|three)|after)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")


def note_values(
    note: str, stated: Sequence[StatedFinding], heard: Sequence[Heard], scores: Sequence[float], kb: KnowledgeBase
) -> dict[str, float]:
    """What the probability that a note has a disease to find goes by.

    Args:
        note: the text.
        stated: its findings.
        heard: the opinions.
        scores: fused scores of the candidates, best first.
        kb: the knowledge base.

    Returns:
        The values named in VALUES.
    """
    best = {one.voice.source: max((s for _, s in one.voice.places.values()), default=0.0) for one in heard}
    rare = sorted((information(kb, kb.term(f.hpo_id)) for f in stated if f.state == "present"), reverse=True)
    words = [word.lower() for word in _WORD.findall(note)]
    common = _common_words()
    return {
        "first": logit(scores[0] if scores else 0.0),
        "listed": logit(sum(scores[:10])),
        "findings": math.log1p(len(rare)),
        "information": math.log1p(sum(rare)),
        "rarest": rare[0] / 10 if rare else 0.0,
        "likelihood": best.get("likelihood", 0.0) / 10,
        "similarity": best.get("similarity", 0.0) / 10,
        "texts": best.get(TEXTS, 0.0) / 100,
        "meaning": best.get(MEANING, 0.0),
        "words": math.log1p(len(words)) / 5,
        "ordinary": math.log1p(len({match.lower() for match in _ordinary().findall(note)})),
        "english": sum(word in common for word in words) / max(len(words), 1),
    }


def verdict(
    candidates: Sequence[Ranked],
    confident: Confident,
    stated: Sequence[StatedFinding] | None,
    values: dict[str, float] | None = None,
    fitted: StandsOut | None = None,
    note: str = "",
) -> Verdict:
    """Decide whether the ranking is an answer.

    Args:
        candidates: the final ranking.
        confident: its confidences.
        stated: the findings of the note; None where they were not gathered.
        values: from `note_values`; None where nothing was fused.
        fitted: the fit for them.
        note: the text; one that concludes that the patient is healthy has no answer unless a disease is likely.
    """
    present = None if stated is None else sum(finding.state == "present" for finding in stated)
    if not candidates:
        return Verdict(kind="nothing_stands_out", reason="No disease was named.", help=_helps(present))
    calibration = confident.calibration
    if values and fitted:
        likely: float | None = round(fitted.sigmoid.apply(values), 4)
        nothing = fitted.sigmoid.apply(values) < fitted.least
    else:
        likely = None if calibration is None else round(1 - calibration.none_of_these, 4)
        first = candidates[0].confidence or 0.0
        weak = calibration is not None and first < LEAST_SURE and calibration.none_of_these > MOSTLY_NONE
        nothing = weak or (present is not None and present < LEAST_FINDINGS and first < 2 * LEAST_SURE)
    none = 1.0 if calibration is None else calibration.none_of_these
    if none >= HEALTHY_NONE and (candidates[0].confidence or 0.0) < 1 - none and says_healthy(note):
        return Verdict(kind="nothing_stands_out", reason=_HEALTHY, probability=likely)
    if not nothing:
        return Verdict(kind="ranked", reason="", probability=likely)
    return Verdict(kind="nothing_stands_out", reason=_reason(present), help=_helps(present), probability=likely)


def says_healthy(note: str) -> bool:
    """Whether a note concludes that its patient is healthy, or needs neither tests nor follow-up."""
    said = " ".join(note.split())
    return any(
        not (_AT_TIMES.search(said, max(0, match.start() - 80), match.start()) or _NO_LONGER.match(said, match.end()))
        for match in _healthy().finditer(said)
    )


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


@cache
def _healthy() -> re.Pattern[str]:
    cues = "|".join(row["cue"] for row in table("healthy_cues"))
    return re.compile(rf"\b(?:{cues})\b", re.IGNORECASE)


@cache
def _ordinary() -> re.Pattern[str]:
    cues = "|".join(row["cue"] for row in table("ordinary_cues"))
    return re.compile(rf"\b(?:{cues})\b", re.IGNORECASE)


def _common_words() -> frozenset[str]:
    return frozenset(row["word"] for row in table("stop_words"))
