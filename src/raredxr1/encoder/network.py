"""The network: a BERT encoder with a head over tokens (spans) and a projection of the mean (phrases).

Tags are outside, begin, inside. A phrase's vector is the mean of its tokens' last hidden states, projected and scaled
to length one; a name of a term has a vector of the same kind, and the nearest name decides (cosine).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from raredxr1.errors import InputError

TAGS = ("outside", "begin", "inside")
IGNORED = -100


class EncoderNetwork(nn.Module):
    """BERT with two heads."""

    def __init__(self, bert: Any, dimensions: int) -> None:
        """Take the encoder; `dimensions` is the length of phrase vectors."""
        super().__init__()
        self.bert = bert
        width = bert.config.hidden_size
        self.project = nn.Linear(width, dimensions, bias=False)
        self.tag = nn.Linear(width, len(TAGS))

    def freeze(self, layers: int) -> None:
        """Leave word embeddings and the lower layers as they are."""
        self.bert.embeddings.requires_grad_(False)
        for layer in self.bert.encoder.layer[:layers]:
            layer.requires_grad_(False)

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Last hidden states, (batch, tokens, width)."""
        state: Tensor = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        return state

    def phrase_vectors(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Unit vectors of phrases, (batch, dimensions)."""
        weights = mask.unsqueeze(-1).float()
        mean = (self.hidden(ids, mask) * weights).sum(1) / weights.sum(1)
        return functional.normalize(self.project(mean), dim=-1)

    def tag_scores(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Scores of tags, (batch, tokens, tags)."""
        scores: Tensor = self.tag(self.hidden(ids, mask))
        return scores


def load_bert(base: Path) -> Any:
    """Load a BERT checkpoint folder.

    Raises:
        InputError: there is none.
    """
    from transformers import BertModel
    from transformers.utils import logging

    logging.set_verbosity_error()
    try:
        return BertModel.from_pretrained(str(base), add_pooling_layer=False, dtype="float32")
    except (OSError, ValueError) as error:
        raise InputError(f"base {base}: no BERT can be loaded from it ({type(error).__name__})") from error


def linker_loss(
    vectors: Tensor, bank: Tensor, rows: Sequence[tuple[Sequence[int], int | None]], temperature: float
) -> Tensor:
    """Cross entropy of a phrase's term among all names, where any name of the term is right.

    Args:
        vectors: of phrases, (batch, dimensions).
        bank: of all names, (names, dimensions).
        rows: for each phrase the positions of its term's names, and the one that is the phrase itself (left out).
        temperature: of the softmax.
    """
    scores = vectors @ bank.T / temperature
    right = torch.full_like(scores, float("-inf"))
    for row, (positions, same) in enumerate(rows):
        kept = [p for p in positions if p != same] or list(positions)
        right[row, kept] = 0.0
        if same is not None and same not in kept:
            scores[row, same] = float("-inf")
    return (scores.logsumexp(1) - (scores + right).logsumexp(1)).mean()


def tagger_loss(scores: Tensor, tags: Tensor, weights: Tensor) -> Tensor:
    """Weighted cross entropy of tags; IGNORED ones count nothing."""
    losses = functional.cross_entropy(scores.transpose(1, 2), tags, ignore_index=IGNORED, reduction="none")
    known = (tags != IGNORED).float() * weights
    return (losses * known).sum() / known.sum().clamp(min=1.0)
