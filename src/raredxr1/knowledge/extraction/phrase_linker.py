"""From a phrase to HPO terms by meaning: the nearest of the vectors of all names and synonyms, opposites ruled out.

Similarity is the cosine of phrase and name, 1 where they are the same words; a term is as near as its nearest name. A
name that says the opposite of the phrase (`opposites`) is passed over, however near it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from raredxr1.knowledge.extraction.encoder_model import EncoderModel
from raredxr1.knowledge.extraction.opposites import conflict

LOOKED_AT = 60
"""Nearest names of a phrase that are looked at; many are other names of one term."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class TermMatch:
    """A term that a phrase may mean.

    Attributes:
        hpo_id: the term.
        name: the nearest of its names.
        similarity: cosine of phrase and name, -1 to 1.
    """

    hpo_id: str
    name: str
    similarity: float


class PhraseLinker:
    """Links phrases by an encoder and its table of names."""

    def __init__(self, model: EncoderModel) -> None:
        """Take the encoder; vectors are read at the first phrase."""
        self.model = model

    @cached_property
    def _table(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32], list[str], list[str]]:
        """Vectors, the term of each, term ids, names."""
        with np.load(self.model.folder / "names.npz") as table:
            vectors = table["vectors"].astype(np.float32) * table["scale"][:, None]
            texts = str(table["texts"][0]).split("\n")
            return vectors, table["name_terms"], table["term_ids"].tolist(), texts

    def link(self, phrases: Sequence[str], most: int = 5) -> list[list[TermMatch]]:
        """The terms each phrase may mean, nearest first, at most so many."""
        if not phrases:
            return []
        vectors, name_terms, term_ids, names = self._table
        near = self.model.phrase_vectors(phrases) @ vectors.T
        for row, phrase in enumerate(phrases):
            near[row, self._called.get(_plain(phrase), [])] = 1.0
        looked_at = min(LOOKED_AT, near.shape[1])
        found = list[list[TermMatch]]()
        for phrase, similarities in zip(phrases, near, strict=True):
            places = np.argpartition(-similarities, looked_at - 1)[:looked_at]
            matches: dict[str, TermMatch] = {}
            for place in places[np.argsort(-similarities[places], kind="stable")]:
                hpo_id = term_ids[name_terms[place]]
                if hpo_id not in matches and not conflict(phrase, names[place]):
                    matches[hpo_id] = TermMatch(hpo_id, names[place], float(similarities[place]))
                    if len(matches) == most:
                        break
            found.append(list(matches.values()))
        return found

    @cached_property
    def _called(self) -> dict[str, list[int]]:
        """Places of each name in the table."""
        found: dict[str, list[int]] = {}
        for place, name in enumerate(self._table[3]):
            found.setdefault(_plain(name), []).append(place)
        return found


def _plain(text: str) -> str:
    """Words alone, for names that differ in case and marks."""
    return " ".join(_WORD.findall(text.lower()))
