"""Published cases as teachers: their disease is given, or is the one the text names as its diagnosis.

A text votes for each disease it names: most behind words such as "diagnosis of", least where the name is also that of
a finding, not at all behind "excluded" or "such as". The one with most votes is taken; its names are cut out of the
text, so that what is learned is how the disease presents.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from raredxr1.cases.paraphrase import Reteller
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.readers import RowError, read_cases
from raredxr1.cases.registers.writer import RegisterWriter
from raredxr1.errors import InputError
from raredxr1.internalize.text_ranker.config import TextsConfig
from raredxr1.internalize.text_ranker.documents import Diseases, rows_of
from raredxr1.knowledge import KnowledgeBase, names
from raredxr1.knowledge.wording import grams

LEAST_VOTES = 2.0
LONGEST_NAME = 7
SHARED = 0.05
"""A narrative that shares more of a case's runs of seven words is the same case."""
_RUN = 7

_WORD = re.compile(r"[\w'’-]+")
_CUE = re.compile(
    r"(diagnos\w*|consistent with|suggestive of|confirm\w*|reveal\w*|compatible with|known case of|case of|due to|"
    r"suffering from)[^.;]{0,60}$",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(exclude\w*|ruled? out|negative for|no evidence of|differential|family history|family with|without|suspicion|"
    r"suspected|such as)[^.;]{0,60}$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Narrative:
    """A text that is about somebody with a disease; any of the diseases is right."""

    text: str
    diseases: tuple[int, ...]


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    name: str
    diseases: frozenset[int]


class Labeller:
    """Finds which disease a text names as its diagnosis."""

    def __init__(self, kb: KnowledgeBase, diseases: Diseases) -> None:
        """Take the names of diseases, and of findings, which prove less."""
        self._named = {name: frozenset(ds) for name, ds in diseases.named.items() if len(name) >= 5 and len(ds) <= 3}
        self._findings = {names.plain(name) for name in kb.term_names}
        self._findings |= {names.plain(s.text) for synonyms in kb.term_synonyms for s in synonyms}

    def label(self, text: str) -> Narrative | None:
        """The narrative with its disease's names cut out; None where no disease has the votes."""
        mentions = list(self._mentions(text))
        votes: Counter[int] = Counter()
        for mention in mentions:
            for disease in mention.diseases:
                votes[disease] += self._vote(text, mention)  # type: ignore[assignment]
        if not votes or (most := max(votes.values())) < LEAST_VOTES:
            return None
        chosen = frozenset(disease for disease, vote in votes.items() if vote == most)
        for mention in reversed(mentions):
            if mention.diseases & chosen:
                text = f"{text[: mention.start]} . {text[mention.end :]}"
        return Narrative(text, tuple(sorted(chosen)))

    def _vote(self, text: str, mention: _Mention) -> float:
        before = text[max(0, mention.start - 90) : mention.start]
        if _NOT.search(before):
            return 0.0
        vague = mention.name in self._findings or " " not in mention.name
        if _CUE.search(before):
            return 2.0 if vague else 3.0
        return 0.3 if vague else 1.0

    def _mentions(self, text: str) -> Iterable[_Mention]:
        words = [match.span() for match in _WORD.finditer(text)]
        at = 0
        while at < len(words):
            for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
                start, end = words[at][0], words[at + length - 1][1]
                if "." in text[start:end]:
                    continue
                name = names.plain(text[start:end])
                if name in self._named:
                    yield _Mention(start, end, name, self._named[name])
                    at += length - 1
                    break
            at += 1


class Seen:
    """Recognises texts that are, or hold, a case of the measuring sets."""

    def __init__(self, notes: Iterable[str]) -> None:
        """Take the notes of the measuring sets."""
        self._sizes: list[int] = []
        self._where: dict[str, list[int]] = {}
        for note in notes:
            runs = _runs(note)
            for run in runs:
                self._where.setdefault(run, []).append(len(self._sizes))
            self._sizes.append(len(runs))

    def holds(self, text: str) -> bool:
        """Whether the text shares more than a few words with one of them."""
        shared = Counter(case for run in _runs(text) for case in self._where.get(run, ()))
        return any(count > max(4, SHARED * self._sizes[case]) for case, count in shared.items())


def _runs(text: str) -> set[str]:
    words = _plain_words(text)
    return {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def _plain_words(text: str) -> Sequence[str]:
    return re.findall(r"\w+", text.lower())


@dataclass(frozen=True)
class Narratives:
    """What the cases and narratives gave: taught with their disease, and all for how rare words are in notes."""

    labelled: list[Narrative]
    counted: list[dict[str, float]]
    left_out: int


def gather(config: TextsConfig, kb: KnowledgeBase, diseases: Diseases) -> Narratives:
    """The cases and narratives of the files a training learns from, but those it leaves out."""
    notes = [r.get("note") or r.get("history") or "" for f in config.leave_out for r in rows_of(f.path, f.where)]
    seen, labeller = Seen(notes), Labeller(kb, diseases)
    given: dict[str, tuple[int, ...]] = {}
    found: dict[str, Narrative] = {}
    counted: list[dict[str, float]] = []
    left = 0
    for row in (row for text in config.cases for row in rows_of(text.path, text.where)):
        about = _gold(row, diseases)
        if about and not seen.holds(row["note"]):
            given[row["case_id"]] = about
            found[row["case_id"]] = Narrative(row["note"], about)
    for row in (row for text in config.narratives for row in rows_of(text.path, text.where)):
        if seen.holds(row["text"]):
            left += 1
            continue
        counted.append(dict(grams(row["text"])))
        labelled = labeller.label(row["text"])
        if labelled and row["doc_id"] not in given:
            found[row["doc_id"]] = labelled
        elif labelled and set(labelled.diseases) & set(given[row["doc_id"]]):
            found[row["doc_id"]] = Narrative(labelled.text, given[row["doc_id"]])
    return Narratives(list(found.values()), counted, left)


def _gold(row: dict[str, Any], diseases: Diseases) -> tuple[int, ...]:
    return tuple(diseases.of([g["id"] for g in row["gold"] if g["id"]], [g["label"] for g in row["gold"]]))


def told_cases(config: TextsConfig, kb: KnowledgeBase, diseases: Diseases) -> list[Narrative]:
    """Cases of HPO terms told as notes, a few of each disease."""
    chance = random.Random(config.seed)
    reteller = Reteller(kb, RegisterWriter(Phrases(kb)), config.seed)
    found: list[Narrative] = []
    for text in config.told:
        by_disease: dict[tuple[int, ...], list[Any]] = defaultdict(list)
        kept = {row["case_id"] for row in rows_of(text.path, text.where)}
        for case in read_cases(text.path):
            if isinstance(case, RowError):
                raise InputError(str(case))
            if case.case_id in kept:
                by_disease[tuple(diseases.of([g.id for g in case.gold if g.id], []))].append(case)
        for about, cases in sorted(by_disease.items()):
            chance.shuffle(cases)
            said = [reteller.retell(case)[0].note_paraphrased for case in cases[: config.told_each] if about]
            found += [Narrative(note, about) for note in said if note]
    return found
