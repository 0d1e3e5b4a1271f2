"""Why cases are missed: each missed case of a run gets one kind of miss, and what would mend it.

The first rule that holds decides (`miss_rules`), so every miss has one kind and the kinds add up. Nothing is learned,
and no text of a note is kept. docs/evaluation.md says what the kinds mean.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from raredxr1.diagnose.names import Names, open_names
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item, Selection, open_cases
from raredxr1.evaluate.judging import JudgedCase, read_judged
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.miss_facts import Facts, Gatherer
from raredxr1.evaluate.miss_rules import Kind, Seen, decide
from raredxr1.evaluate.rows import Prediction, Run, read_predictions, read_run
from raredxr1.runstore import sha256
from raredxr1.schemas import Strict


class Miss(Strict):
    """One missed case, and why."""

    case_id: str
    file: str
    gold: str = Field(description="name of the right disease")
    gold_ids: list[str]
    first: str | None = Field(description="the disease named first, by the knowledge base's name; null: none it knows")
    rank: int | None = Field(description="of the first right name; null: none")
    family_rank: int | None = Field(description="of the first name of the right family; null: none")
    taught: bool | None = Field(description="whether the model was taught the disease; null: the run does not say")
    kind: Kind
    why: str = Field(description="the numbers that decided")
    fix: str
    facts: Facts | None = Field(description="what the rules went by; null: the case could not be evaluated")


class KindRow(Strict):
    """One kind: how many of the misses it makes up."""

    kind: str
    n: int
    share: float
    ci95: tuple[float, float] = Field(description="Wilson's 95 % interval of the share")
    untaught: int | None = Field(description="of these, of a disease the model was not taught; null: not stated")
    fix: str


@dataclass(frozen=True)
class Analysis:
    """The misses drawn from a run."""

    run: Run
    n: int
    missed: int
    at: int
    seed: int
    misses: list[Miss]


def analyse(
    folder: Path, at: int, n: int, seed: int, knowledge: Path | None = None, cases: Sequence[Path] = ()
) -> Analysis:
    """Draw missed cases of a finished run, and say why they were missed.

    Args:
        folder: run folder of `raredx evaluate`.
        at: a case is missed if no name up to this rank is strictly right.
        n: so many misses; all, if there are fewer.
        seed: of the draw.
        knowledge: the knowledge base the run was judged with; by default the shipped one.
        cases: the case files of the run, where they have moved.

    Raises:
        InputError: no finished run, its case files are missing or have changed, or another knowledge base.
    """
    run, judged, predictions = read_run(folder), read_judged(folder), read_predictions(folder)
    if not len(judged) == len(predictions) == run.n:
        raise InputError(f"{folder}: the run is not finished; finish it with --resume")
    paths = case_files(run, cases)
    names = open_names(knowledge)
    if names.kb.version != run.knowledge:
        raise InputError(
            f"{folder}: judged with knowledge {run.knowledge}, and this is {names.kb.version}; "
            "name the one it was judged with (--knowledge)"
        )
    items = _items(run, paths, names)
    if len(items) != len(judged) or any(
        item.key != case.case_id for item, case in zip(items, judged, strict=True) if not item.error
    ):
        raise InputError(f"{folder}: its rows are of other cases than its case files hold; run it again")
    missed = [i for i, case in enumerate(judged) if case.strict is None or case.strict > at]
    drawn = sorted(random.Random(seed).sample(missed, min(n, len(missed))))
    matcher = Matcher(names.kb, names.linker)
    gatherer = Gatherer(run, names, matcher)
    misses = [_miss(judged[i], predictions[i], items[i], matcher, gatherer, at) for i in drawn]
    return Analysis(run, run.n, len(missed), at, seed, misses)


def kinds(misses: Sequence[Miss]) -> list[KindRow]:
    """Count the kinds that occur, the commonest first, equals in the order of the rules; the counts add up."""
    order, stated = list(Kind), any(miss.taught is not None for miss in misses)
    counts = {kind: sum(miss.kind == kind for miss in misses) for kind in order}
    return [
        KindRow(
            kind=kind.value,
            n=counts[kind],
            share=round(counts[kind] / len(misses), 5),
            ci95=wilson(counts[kind], len(misses)),
            untaught=sum(m.kind == kind and m.taught is False for m in misses) if stated else None,
            fix=kind.fix,
        )
        for kind in sorted((k for k in order if counts[k]), key=lambda k: (-counts[k], order.index(k)))
    ]


def wilson(count: int, n: int) -> tuple[float, float]:
    """Wilson's (1927) score interval of a share, 95 %: sound where counts are small, and never outside 0 to 1."""
    z2 = 1.959964**2
    middle = (count + z2 / 2) / (n + z2)
    half = math.sqrt(z2 * (count * (n - count) / n + z2 / 4)) / (n + z2)
    return round(max(middle - half, 0.0), 5), round(min(middle + half, 1.0), 5)


def case_files(run: Run, named: Sequence[Path] = ()) -> list[Path]:
    """The case files of a run, in its order, each the very file it ran on.

    Raises:
        InputError: one is missing or has changed, or a named file is none of the run's.
    """
    moved: dict[str, Path] = {}
    for path in named:
        if not path.is_file():
            raise InputError(f"{path}: no case file here")
        moved[sha256(path)] = path
        if sha256(path) not in {file["sha256"] for file in run.cases}:
            raise InputError(f"{path}: is no case file of this run, or has changed since")
    paths = []
    for file in run.cases:
        path = moved.get(file["sha256"], Path(file["file"]))
        if not path.is_file():
            raise InputError(f"{path}: the case file of this run is not there; say where it is (--cases)")
        if sha256(path) != file["sha256"]:
            raise InputError(f"{path}: has changed since the run; name the file it ran on (--cases)")
        paths.append(path)
    return paths


def _items(run: Run, paths: Sequence[Path], names: Names) -> list[Item]:
    s = run.settings
    selection = Selection(s["note_field"], s["negatives"], tuple(s["where"]), s["limit"], s["seed"])
    return open_cases(paths, names.kb, selection).items


def _miss(case: JudgedCase, prediction: Prediction, item: Item, matcher: Matcher, gatherer: Gatherer, at: int) -> Miss:
    gold = matcher.gold(item.case.gold if item.case else [])
    kb, diseases = matcher.kb, sorted(gold.diseases)
    why_not = [kb.why_no_candidate(d) for d in diseases]
    facts = gatherer.facts(item, prediction, gold) if item.case and not item.error else None
    taught = True if "seen" in case.groups else False if "unseen" in case.groups else None
    seen = Seen(
        case,
        known=bool(diseases),
        facts=facts,
        heard=gatherer.heard,
        taught=taught,
        at=at,
        annotated=any(kb.annotated_mask[d] for d in diseases),
        no_candidate=why_not[0] if why_not and all(why_not) else "",
    )
    kind, why = decide(seen)
    return Miss(
        case_id=case.case_id,
        file=case.file,
        gold=case.gold,
        gold_ids=case.gold_ids,
        first=prediction.answer[0].label if prediction.answer else None,
        rank=case.strict,
        family_rank=case.subtype,
        taught=taught,
        kind=kind,
        why=why,
        fix=kind.fix,
        facts=facts,
    )
