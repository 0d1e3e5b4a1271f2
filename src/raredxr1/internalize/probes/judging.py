"""Are the answers right? Names by the one matcher; told findings by the annotations.

A told finding is right where the disease is annotated with it, with a direct parent of it or with a direct child: who
says "seizure" of a disease annotated with focal seizures knows it. The same answer is also compared with another
disease of the probe: what that gives is chance, since some findings are common everywhere.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from pydantic import Field

from raredxr1 import dialogue
from raredxr1.data import wordings
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.metrics_schema import Figure
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import DiseaseName, Form, Strict

COMMONEST = 10
"""Recall is over so many of a disease's findings at most, commonest first: no answer can hold them all."""
_SENTENCE = re.compile(r"(?<=\.)\s+(?=[A-Z])")
_FREQUENCY = re.compile(r"\s*\((?:\d+%|always|very often|often|sometimes|rarely)\)$")


class Judge:
    """Judges answers over one knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the whole knowledge base: an answer may use any synonym."""
        self.kb, self._matcher = kb, Matcher(kb)
        self._gold = lru_cache(maxsize=4096)(self._prepare)
        self._term = lru_cache(maxsize=65536)(self._link)

    def rank(self, turns: Sequence[str], note: str, disease: int, form: Form = "short") -> int | None:
        """Rank of the right name among the first names of several turns; None where no turn has it."""
        gold, names = self._gold(disease), list[str]()
        for turn in turns:
            answer = dialogue.parse(turn, note, form).answer
            name = answer[0].name if answer else ""
            if name.casefold() in names:
                continue  # the same name found twice takes one place
            names.append(name.casefold())
            if name and self._matcher.judge(name, gold).level == "strict":
                return len(names)
        return None

    def profile(self, answer: str, disease: int) -> tuple[float, float]:
        """Precision and recall of the findings an answer tells (0 to 1; a finding that links to nothing is wrong)."""
        told = told_findings(answer)
        linked = {term for text in told if (term := self._term(text)) is not None}
        unlinked = sum(self._term(text) is None for text in told)
        own = {term for term, frequency in self.kb.frequencies[disease].items() if frequency > 0}
        right = {term for term in linked if not own.isdisjoint(self._about(term))}
        wanted = sorted(own, key=lambda term: (-self.kb.frequencies[disease][term], term))[:COMMONEST]
        met = [term for term in wanted if not linked.isdisjoint(self._about(term))]
        precision = len(right) / (len(linked) + unlinked) if told else 0.0
        return precision, len(met) / len(wanted) if wanted else 0.0

    def _about(self, term: int) -> set[int]:
        return {term, *self.kb.term_parents[term], *self.kb.term_children[term]}

    def _link(self, text: str) -> int | None:
        link = self._matcher.linker.term(text)
        return self.kb.term(link.id) if link else None

    def _prepare(self, disease: int) -> Gold:
        label = self.kb.disease_names[disease]
        return self._matcher.gold([DiseaseName(id=i, label=label) for i in self.kb.disease_ids(disease)])


def told_findings(answer: str) -> list[str]:
    """The findings an answer of the kind *profile* tells, in its words; onset, inheritance and genes left aside.

    An answer of another kind is taken as findings from its beginning, parted by semicolons, commas or line breaks.
    """
    told, frames = list[str](), wordings("questions, profile")
    beside = (*frames["inherited"], *frames["begins"], *frames["genes"])
    for sentence in _SENTENCE.split(answer.strip()):
        if any(_inside(sentence, frame) is not None for frame in beside):
            continue
        inside = next((found for frame in frames["heads"] if (found := _inside(sentence, frame)) is not None), None)
        parts = (inside if inside is not None else sentence.rstrip(".")).split(";")
        if inside is None and len(parts) == 1:
            parts = re.split(r"[,\n]", sentence.rstrip("."))
        told += [said for part in parts if (said := _FREQUENCY.sub("", part.strip(" \n-*.")))]
    return list(dict.fromkeys(told))


def _inside(sentence: str, frame: str) -> str | None:
    """What stands in the gap of a frame; None where the sentence begins otherwise. The end may be cut off."""
    before, _, after = frame.partition("{}")
    if not sentence.startswith(before):
        return None
    inside = sentence.removeprefix(before)
    if before == "" or (after.strip(".") and after.strip(" .") not in inside):
        return None
    return inside.removesuffix(after) if after else inside


LABELS = {
    "familiar_top1": "findings -> disease, training's wordings, first of ten",
    "familiar_top10": "findings -> disease, training's wordings, among ten",
    "familiar_mrr": "findings -> disease, training's wordings, mean of 1/rank",
    "new_top1": "findings -> disease, new wordings, first of ten",
    "new_top10": "findings -> disease, new wordings, among ten",
    "new_mrr": "findings -> disease, new wordings, mean of 1/rank",
    "profile_precision": "disease -> findings, precision",
    "profile_recall": "disease -> findings, recall of the ten commonest",
    "profile_precision_chance": "  the same answers against another disease, precision",
    "profile_recall_chance": "  the same answers against another disease, recall",
    "choice_accuracy": "which of two look-alikes (chance 0.5)",
}


class ProbeReport(Strict):
    """The figures of one asking."""

    figures: dict[str, Figure] = Field(description="see LABELS; each with n and a 95% bootstrap interval")
    held_out: bool = Field(description="whether the recipe keeps wordings and patients out of training")
    said_in_new_words: float = Field(description="share of findings in new notes said in held-out synonyms")
    left_out: dict[str, int] = Field(default_factory=dict, description="what could not be asked, by reason")
    seed: int
    seconds: float


def lines(report: ProbeReport) -> list[str]:
    """A table to read."""
    found = [
        f"{LABELS[name]:<58} {figure.value:.3f}  ({figure.ci95[0]:.3f} to {figure.ci95[1]:.3f}, n = {figure.n})"
        for name, figure in report.figures.items()
    ]
    if not report.held_out:
        found.append("nothing was held out of training: patients are fresh draws, wordings may have been trained on")
    found += [f"not asked: {count} x {reason}" for reason, count in report.left_out.items()]
    return [*found, f"{report.seconds:.1f} s"]
