"""Ranks diseases by the words of a note, or by its findings, with weights learned from texts about diseases.

The score of a disease is the sum, over the words and word pairs of the note, of what each says for it. Labels of the
findings read in the note may be added: patients and letters say things in words that no text about diseases has. Left
out on purpose: taking away the words of what is denied (two points at 10 worse), labels of more general terms and other
names of the same ones (no better).

By findings it is the sum over the terms present and the more general ones, of what texts and annotations say of each:
a disease that annotations describe poorly, or not at all, is known by the findings that texts about it state.

Weights are stored by hashed word or HPO id, and diseases by an id, so that they hold for any build of the knowledge
base. `internalize.text_ranker` trains them.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raredxr1.errors import InputError
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.store import KnowledgeBase
from raredxr1.knowledge.term_store import DAMAGED
from raredxr1.knowledge.wording import damped, grams, hashed

FORMAT = 1
ADDED = 0.5
"""What a word of a label counts that the text does not say itself, against 1 for a word it says once."""
UNSURE = 0.5
"""What a finding counts that is held possible (a point and a half at 1 and 10, on 552 narratives); denied ones count
nothing: against the diseases that have them they cost a point."""
TOO_GENERAL = 1.0
"""Information (`Closure`) below which a more general term says nothing: more than a third of the diseases have it."""
TEXT_RANKER = Path(__file__).parent.parent / "assets" / "text_ranker.npz"


class TextRanker:
    """Weights of words and findings for diseases, opened over a knowledge base. May be used by several threads.

    Attributes:
        meta: what the file says of itself: knowledge base, sources with their licences, counts.
    """

    def __init__(self, kb: KnowledgeBase, path: Path = TEXT_RANKER) -> None:
        """Open the weights.

        Raises:
            InputError: missing, damaged, or of another format.
        """
        if not path.is_file():
            raise InputError(f"{path}: no text ranker here; train one with `raredx train text-ranker`")
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            self.meta: dict[str, Any] = json.loads(arrays["meta"].tobytes().decode())
            if self.meta["format"] != FORMAT:
                raise InputError(f"{path}: of another format; train it again")
            ids = arrays["ids"].tobytes().decode().split("\n")
            self._grams, self._starts = arrays["grams"], arrays["starts"]
            self._rows, self._weights = arrays["rows"], arrays["weights"]
            self._values = (np.arange(256).astype(np.float32) / 255) ** 2 * np.float32(self.meta["largest"])
            if len(self._starts) != len(self._grams) + 1 or len(self._rows) != len(self._weights):
                raise ValueError
        except DAMAGED as error:
            raise InputError(f"{path}: not a text ranker, or a damaged one") from error
        self._count = len(kb.disease_records)
        known = (kb.disease(i) for i in ids)
        self._diseases = np.array([-1 if d is None or not kb.candidate_mask[d] else d for d in known], dtype=np.int64)

    def scores(self, text: str, labels: Iterable[str] = ()) -> npt.NDArray[np.float32]:
        """What the words of a text say for each of the diseases the weights are of; shape (diseases,).

        Args:
            text: a note, or any words.
            labels: of findings that it states, whose words it may not use.
        """
        counts = {gram: damped(count) for gram, count in grams(text).items()}
        for label in labels:
            counts = dict.fromkeys(grams(label), ADDED) | counts
        return self._sum(counts)

    def finding_scores(
        self, present: Iterable[int], kb: KnowledgeBase, unsure: Iterable[int] = ()
    ) -> npt.NDArray[np.float32]:
        """What findings say for each of the diseases the weights are of; shape (diseases,).

        Args:
            present: term numbers.
            kb: the knowledge base they are of.
            unsure: findings that are held possible; they count UNSURE.
        """
        return self._sum(dict.fromkeys(carried(unsure, kb), UNSURE) | dict.fromkeys(carried(present, kb), 1.0))

    def _sum(self, counts: Mapping[str, float]) -> npt.NDArray[np.float32]:
        numbers = np.array([hashed(gram) for gram in counts], dtype=np.uint32)
        total = np.zeros(len(self._diseases), dtype=np.float32)
        if not len(numbers) or not len(self._grams):
            return total
        places = np.searchsorted(self._grams, numbers).clip(max=len(self._grams) - 1)
        for count, place, number in zip(counts.values(), places.tolist(), numbers.tolist(), strict=True):
            if self._grams[place] == number:
                part = slice(self._starts[place], self._starts[place + 1])
                total[self._rows[part]] += self._values[self._weights[part]] * np.float32(count)
        return total

    def rank(self, text: str, limit: int) -> list[tuple[int, float]]:
        """The diseases a text speaks for most.

        Args:
            text: a note, or any words.
            limit: how many diseases at most.

        Returns:
            (disease number, score) pairs, the highest score first; empty where no word is known.
        """
        return self.best(self.scores(text), limit)

    def best(self, scores: npt.NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """The same from scores that are there already."""
        known = np.where(self._diseases < 0, 0, scores)
        order = np.argsort(-known, kind="stable")[:limit]
        return [(int(self._diseases[row]), float(known[row])) for row in order.tolist() if known[row] > 0]

    def written(self) -> npt.NDArray[np.int64]:
        """How many words and word pairs speak for each disease of the knowledge base, by its number."""
        found = np.zeros(self._count, dtype=np.int64)
        of_rows = np.bincount(self._rows, minlength=len(self._diseases))
        found[self._diseases[self._diseases >= 0]] = of_rows[self._diseases >= 0]
        return found

    def by_disease(self, scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Scores by number of disease in the knowledge base; nan where there is no text about it."""
        found = np.full(self._count, np.nan, dtype=np.float32)
        found[self._diseases[self._diseases >= 0]] = scores[self._diseases >= 0]
        return found


def carried(terms: Iterable[int], kb: KnowledgeBase) -> list[str]:
    """HPO ids of terms, by number, and of the more general ones that are not too general, each once."""
    information, ids = closure(kb).information, kb.term_ids
    chosen = dict.fromkeys(terms)
    for term in list(chosen):
        chosen.update(dict.fromkeys(a for a in kb.term_ancestors[term] if information[a] >= TOO_GENERAL))
    return [ids[term] for term in chosen]


@lru_cache(maxsize=4)
def text_ranker(kb: KnowledgeBase, path: Path = TEXT_RANKER) -> TextRanker:
    """The text ranker over a knowledge base, one a process."""
    return TextRanker(kb, path)
