"""From answers to judgements: for each case, at which rank the right disease stands and by which rule.

One JudgedCase a row, whatever became of it: what could not be evaluated has no rank and stays in every denominator.
The three levels are kept apart: the rank of the first name that is right strictly, of the first that names the right
family, of the first that names a broader category.
"""

from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.matcher import Level, Matcher, Verdict
from raredxr1.evaluate.rows import JUDGED, Prediction
from raredxr1.runstore import whole_lines, write_text
from raredxr1.schemas import ProblemKind, Strict


class Judgement(Strict):
    """What the matcher says of one name."""

    rank: int
    name: str
    level: Level | None
    rule: str
    matched: str = ""
    score: float | None = None
    threshold: float | None = None
    covers: int | None = None


class JudgedCase(Strict):
    """One case, judged; counts are of this case alone."""

    case_id: str
    file: str
    gold: str = Field(description="name of the right disease")
    gold_ids: list[str]
    status: str
    reason: str = ""
    strict: int | None = Field(description="rank of the first name that is right; null: none")
    subtype: int | None
    category: int | None
    lines: int | None = Field(default=None, description="lines the answer is shown on; null: it has none")
    line: int | None = Field(default=None, description="the first that holds a name that is right strictly")
    rule: str = Field(default="", description="rule by which the best name was right")
    names: list[Judgement] = Field(default_factory=list)
    unparsed: bool
    unlinked: int = Field(description="names without an id")
    answered: int = Field(description="names")
    quoted: int = Field(default=0, description="findings the model wrote")
    grounded: int = Field(default=0, description="of these, quotes found in the note")
    found: int = Field(default=0, description="HPO ids the model gave, present ones")
    true: int = Field(default=0, description="HPO ids of the case; 0: not given")
    shared: int = Field(default=0, description="in both")
    confidence: float | None = Field(default=None, description="of the first name")
    seconds: float = 0.0
    tokens: int = 0
    cost: float | None = None
    opinion: int | None = Field(
        default=None, description="rank a language model takes for right; 0: none; null: not asked"
    )
    groups: list[str] = Field(default_factory=list)
    flags: list[str] = Field(default_factory=list, description="leakage: what may make this case too easy")

    def rank(self, level: Level) -> int | None:
        """Rank of the first name right at a level."""
        return {"strict": self.strict, "subtype": self.subtype, "category": self.category}[level]


def judge(item: Item, prediction: Prediction, matcher: Matcher, seconds: float = 0.0) -> JudgedCase:
    """Judge one case."""
    gold = matcher.gold(item.case.gold if item.case else [])
    rules = [
        Judgement(rank=a.rank, name=a.name, **_said(matcher.judge(a.name, gold, a.id if a.score is not None else None)))
        for a in prediction.answer
    ]
    ranks: dict[Level, int] = {}
    for one in rules:
        if one.level:
            ranks.setdefault(one.level, one.rank)
    best = next((one for level in ("strict", "subtype", "category") for one in rules if one.level == level), None)
    found = {f.hpo_id for f in prediction.findings if f.hpo_id and f.present}
    true = set(item.present) if prediction.form == "full" else set()
    return JudgedCase(
        case_id=item.key,
        file=item.file,
        gold=gold.name,
        gold_ids=sorted(gold.ids),
        status=prediction.status,
        reason=prediction.reason,
        strict=ranks.get("strict"),
        subtype=ranks.get("subtype"),
        category=ranks.get("category"),
        lines=len(prediction.lines) or None,
        line=_line(prediction, {one.rank for one in rules if one.level == "strict"}, gold, matcher),
        rule=best.rule if best else "",
        names=rules,
        unparsed=not prediction.answer or any(p.kind == ProblemKind.UNPARSED for p in prediction.problems),
        unlinked=sum(a.id is None for a in prediction.answer),
        answered=len(prediction.answer),
        quoted=len(prediction.findings),
        grounded=sum(f.span is not None for f in prediction.findings),
        found=len(found) if true else 0,
        true=len(true),
        shared=len(found & true),
        confidence=prediction.answer[0].confidence if prediction.answer else None,
        seconds=seconds,
        tokens=prediction.tokens,
        cost=prediction.cost,
    )


def judge_all(
    items: Sequence[Item], predictions: Sequence[Prediction], matcher: Matcher, seconds: Mapping[str, float]
) -> list[JudgedCase]:
    """Judge all cases, in order."""
    pairs = zip(items, predictions, strict=True)
    return [judge(item, prediction, matcher, seconds.get(item.key, 0.0)) for item, prediction in pairs]


def write_judged(out: Path, judged: Sequence[JudgedCase]) -> None:
    """Write judged.jsonl, whole or not at all."""
    write_text(out / JUDGED, "".join(case.model_dump_json() + "\n" for case in judged))


def read_judged(folder: Path) -> list[JudgedCase]:
    """Read judged.jsonl.

    Raises:
        InputError: missing or damaged.
    """
    path = folder / JUDGED
    if not path.is_file():
        raise InputError(f"{folder}: the run is not finished ({JUDGED} is missing); finish it with --resume")
    try:
        return [JudgedCase.model_validate_json(line) for line in whole_lines(path)]
    except ValidationError as error:
        raise InputError(f"{path}: damaged, or of another version; run it again with --resume") from error


def _line(prediction: Prediction, right: Set[int], gold: Gold, matcher: Matcher) -> int | None:
    """The first line with a right name: among the ten, or beyond them and folded in by its family."""
    for number, line in enumerate(prediction.lines, 1):
        for one in line:
            if one.rank in right or matcher.judge(one.name, gold, one.id).level == "strict":
                return number
    return None


def _said(verdict: Verdict) -> dict[str, Any]:
    return {
        "level": verdict.level,
        "rule": verdict.rule,
        "matched": verdict.matched,
        "score": verdict.score,
        "threshold": verdict.threshold,
        "covers": verdict.covers,
    }
