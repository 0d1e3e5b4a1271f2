"""Figures of a group of cases, each with a 95 % bootstrap interval over cases, seeded: same cases, same interval.

A case counts at k in the best level its first k names reach, once: strict, else subtype, else category. So the three
columns never count a case twice, and a sum of them is a choice the reader makes.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.judging import JudgedCase
from raredxr1.evaluate.leakage import CITED, SELF_NAMED
from raredxr1.evaluate.matcher import LEVELS, Level
from raredxr1.evaluate.metrics_schema import Bin, Levels, Row
from raredxr1.evaluate.resampling import Floats, Resamples, rounded
from raredxr1.knowledge import KnowledgeBase

KS = (1, 3, 5, 10)
BINS = 10
_COUNTED = ("unparsed", "unlinked", "answered", "quoted", "grounded", "found", "true", "shared", "seconds", "tokens")


def rows(judged: Sequence[JudgedCase], seed: int = 0) -> list[Row]:
    """Figures of every group, and of the average over diseases (each disease weighs the same)."""
    found = [row(group, [judged[i] for i in held], seed) for group, held in order(judged).items()]
    if len({_disease(case) for case in judged}) > 1:
        found.insert(1, row(DISEASE_AVERAGE, judged, seed, by_disease=True))
    return found


def row(group: str, judged: Sequence[JudgedCase], seed: int = 0, by_disease: bool = False) -> Row:
    """Figures of one group.

    Args:
        group: its name.
        judged: its cases, at least one.
        seed: of the bootstrap.
        by_disease: average over diseases instead of cases, and resample diseases.
    """
    draw = Resamples(_columns(judged), seed, _disease_weights(judged) if by_disease else None)
    levels = {level: _level(judged, level, draw) for level in LEVELS}
    priced = [case.cost for case in judged if case.cost is not None]
    asked = any(case.opinion is not None for case in judged)
    return Row(
        group=group,
        n=draw.n,
        strict=levels["strict"],
        subtype=levels["subtype"],
        category=levels["category"],
        lines=_on_lines(judged, draw),
        unparsed=draw.mean("unparsed"),
        failed=draw.mean("failed"),
        unlinked=draw.ratio("unlinked", "answered"),
        grounded=draw.ratio("grounded", "quoted"),
        findings_precision=draw.ratio("shared", "found"),
        findings_recall=draw.ratio("shared", "true"),
        ece=draw.distance([f"gap {b}" for b in range(BINS)], "sure"),
        calibration=bins(judged),
        seconds_per_case=draw.mean("seconds"),
        tokens_per_case=draw.mean("tokens"),
        cost=round(sum(priced), 6) if priced else None,
        refused=sum(case.status == "refused" for case in judged),
        opinion=draw.mean("opinion") if asked else None,
        opinion_agrees=draw.mean("agrees") if asked else None,
    )


def reached(case: JudgedCase, level: Level, k: int) -> bool:
    """Whether a level is the best that the first k names of a case reach."""
    for better in LEVELS:
        rank = case.rank(better)
        if rank is not None and rank <= k:
            return better == level
    return False


def reciprocal(case: JudgedCase, level: Level) -> float:
    """1/rank at the best level the answer reaches, 0 for any other."""
    rank = case.rank(level)
    return 1 / rank if rank and reached(case, level, max(KS)) else 0.0


def bins(judged: Sequence[JudgedCase]) -> list[Bin]:
    """Ten bins of equal width over the confidence of the first name."""
    sure = [(case.confidence, case.strict == 1) for case in judged if case.confidence is not None]
    found = []
    for b in range(BINS):
        held = [(confidence, right) for confidence, right in sure if _bin(confidence) == b]
        if held:
            confidence, accuracy = (float(np.mean(column)) for column in zip(*held, strict=True))
            edges = {"low": b / BINS, "high": (b + 1) / BINS}
            found.append(Bin(**edges, n=len(held), confidence=rounded(confidence), accuracy=rounded(accuracy)))
    return found


def _columns(judged: Sequence[JudgedCase]) -> dict[str, list[float]]:
    """Everything that is averaged, one value a case."""
    columns: dict[str, list[float]] = {}
    for level in LEVELS:
        for k in KS:
            columns[f"{level}@{k}"] = [reached(case, level, k) for case in judged]
        columns[f"{level} mrr"] = [reciprocal(case, level) for case in judged]
    for k in KS:
        columns[f"lines@{k}"] = [case.line is not None and case.line <= k for case in judged]
    columns["lines mrr"] = [1 / case.line if case.line else 0.0 for case in judged]
    for name in _COUNTED:
        columns[name] = [getattr(case, name) for case in judged]
    columns["failed"] = [case.status != "ok" for case in judged]
    columns["sure"] = [case.confidence is not None for case in judged]
    for b in range(BINS):
        columns[f"gap {b}"] = [_gap(case, b) for case in judged]
    columns["opinion"] = [case.opinion == 1 for case in judged]
    columns["agrees"] = [(case.opinion == 1) == (case.strict == 1) for case in judged]
    return columns


def _gap(case: JudgedCase, b: int) -> float:
    if case.confidence is None or _bin(case.confidence) != b:
        return 0.0
    return case.confidence - (case.strict == 1)


def _bin(confidence: float) -> int:
    return min(int(confidence * BINS), BINS - 1)


def _level(judged: Sequence[JudgedCase], level: Level, draw: Resamples) -> Levels:
    ranks = [case.rank(level) if reached(case, level, max(KS)) else None for case in judged]
    return _figures(level, ranks, draw)


def _on_lines(judged: Sequence[JudgedCase], draw: Resamples) -> Levels | None:
    """Strict recall where a line counts once: right if any disease on it is."""
    if all(case.lines is None for case in judged):
        return None
    return _figures("lines", [case.line for case in judged], draw)


def _figures(name: str, ranks: Sequence[int | None], draw: Resamples) -> Levels:
    figures = {f"recall@{k}": draw.mean(f"{name}@{k}") for k in KS}
    median = float(np.median([rank or math.inf for rank in ranks]))
    found = {**figures, "mrr": draw.mean(f"{name} mrr"), "median_rank": None if math.isinf(median) else median}
    return Levels.model_validate(found)


def _disease(case: JudgedCase) -> str:
    return case.gold_ids[0] if case.gold_ids else case.gold


def _disease_weights(judged: Sequence[JudgedCase]) -> Floats:
    keys = [_disease(case) for case in judged]
    place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    weights = np.zeros((len(place), len(judged)))
    for column, key in enumerate(keys):
        weights[place[key], column] = 1
    averages: Floats = weights / weights.sum(axis=1, keepdims=True)
    return averages


ALL, DISEASE_AVERAGE = "all", "disease average"
UNKNOWN = "unknown"
MORE = "11 or more"
_SIZES = ((3, "1-3"), (6, "4-6"), (10, "7-10"))
PHENOTYPE = "HP:0000118"


class Grouper:
    """Says which groups a case belongs to."""

    def __init__(self, kb: KnowledgeBase, taught: Sequence[str] | None, several_files: bool) -> None:
        """Take the knowledge base, the ids of the diseases the model was taught (None: not known), and the files."""
        self._kb, self._several = kb, several_files
        self._taught = None if taught is None else {kb.disease(i) for i in taught} - {None}
        self._systems = {term: kb.term_names[term] for term in kb.term_children[kb.term(PHENOTYPE)]}

    def groups(self, item: Item, gold: Gold, flags: Sequence[str]) -> list[str]:
        """Groups of a case, "all" first."""
        found = [ALL, "in_kb" if gold.diseases else "not_in_kb"]
        if self._taught is not None:
            found.append("seen" if gold.diseases & self._taught else "unseen")
        found.append("cited" if CITED in flags else "not cited")
        found.append("self-named" if SELF_NAMED in flags else "not self-named")
        found.append(f"findings: {self._size(item)}")
        found.append(f"negatives: {'some' if item.absent else 'none'}")
        found.append(f"organ: {self._organ(item)}")
        if self._several:
            found.append(f"file: {item.file}")
        return found

    @staticmethod
    def _size(item: Item) -> str:
        count = len(item.present)
        return UNKNOWN if not count else next((said for most, said in _SIZES if count <= most), MORE)

    def _organ(self, item: Item) -> str:
        """The organ system most of the findings belong to; of several, the first by name."""
        counts: dict[str, int] = {}
        for hpo_id in item.present:
            for ancestor in self._kb.term_ancestors[self._kb.term(hpo_id)]:
                if ancestor in self._systems:
                    counts[self._systems[ancestor]] = counts.get(self._systems[ancestor], 0) + 1
        return min(counts, key=lambda name: (-counts[name], name)) if counts else UNKNOWN


def order(judged: Sequence[JudgedCase]) -> Mapping[str, list[int]]:
    """Group -> places of its cases: all, the pairs, then the others by name; every group that has a case."""
    places: dict[str, list[int]] = {}
    for place, case in enumerate(judged):
        for group in case.groups:
            places.setdefault(group, []).append(place)
    first = ["all", "in_kb", "not_in_kb", "seen", "unseen", "cited", "not cited", "self-named", "not self-named"]
    names = [group for group in first if group in places]
    sizes = [f"findings: {said}" for _, said in _SIZES] + [f"findings: {MORE}", f"findings: {UNKNOWN}"]
    rest = sorted(group for group in places if group not in first)
    names += sorted(rest, key=lambda group: sizes.index(group) if group in sizes else len(sizes))
    return {name: places[name] for name in names}
