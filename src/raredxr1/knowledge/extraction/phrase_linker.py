"""From a phrase that stands alone to HPO terms by meaning: the encoder's probabilities, opposites ruled out.

A term whose label says the opposite of the phrase (`opposites`) is passed over, however probable it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from raredxr1.knowledge.extraction.encoder_model import EncoderModel, Floats
from raredxr1.knowledge.extraction.opposites import conflict

LOOKED_AT = 30
"""Most probable terms of a phrase that are looked at."""


@dataclass(frozen=True)
class TermMatch:
    """A term that a phrase may mean.

    Attributes:
        hpo_id: the term.
        label: its label.
        probability: of the term among all terms.
    """

    hpo_id: str
    label: str
    probability: float


class PhraseLinker:
    """Links phrases by an encoder."""

    def __init__(self, model: EncoderModel) -> None:
        """Take the encoder; it is read at the first phrase."""
        self.model = model

    def link(self, phrases: Sequence[str], most: int = 5) -> list[list[TermMatch]]:
        """The terms each phrase may mean, most probable first, at most so many."""
        if not phrases:
            return []
        return matches(self.model, phrases, self.model.phrase_states(phrases), most)


def matches(model: EncoderModel, phrases: Sequence[str], states: Floats, most: int) -> list[list[TermMatch]]:
    """The terms of phrases whose mean hidden states are given, most probable first, opposites left out."""
    found = list[list[TermMatch]]()
    for phrase, shares in zip(phrases, model.term_probabilities(states), strict=True):
        looked_at = min(LOOKED_AT, len(shares))
        places = np.argpartition(-shares, looked_at - 1)[:looked_at]
        places = places[np.argsort(-shares[places], kind="stable")]
        named = [place for place in places.tolist() if not conflict(phrase, model.labels[place])][:most]
        found.append([TermMatch(model.term_ids[p], model.labels[p], float(shares[p])) for p in named])
    return found
