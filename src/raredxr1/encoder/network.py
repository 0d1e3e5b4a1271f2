"""The network: a BERT encoder with heads over its last hidden states.

Over tokens: outside, begin, inside of a finding. Over the mean of a finding's tokens: its state, and its HPO term, by
the cosine of the projected mean and a vector of each term, times a learned sharpness, plus a bias. The vectors begin as
the means of the encoder's own vectors of a term's names and are learned with the rest.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from raredxr1.errors import InputError
from raredxr1.knowledge.extraction.encoder_model import STATES

TAGS = ("outside", "begin", "inside")
IGNORED = -100
SHARPNESS = 20.0
"""What cosines are multiplied by at first."""


class EncoderNetwork(nn.Module):
    """BERT with its heads."""

    barred: Tensor

    def __init__(self, bert: Any, terms: npt.NDArray[Any], allowed: npt.NDArray[Any]) -> None:
        """Take the encoder, a vector of each term, (terms, width), and which terms findings may have."""
        super().__init__()
        width = bert.config.hidden_size
        self.bert = bert
        self.tag, self.state = nn.Linear(width, len(TAGS)), nn.Linear(width, len(STATES))
        self.project = nn.Linear(width, width, bias=False)
        nn.init.eye_(self.project.weight)
        self.terms = nn.Parameter(torch.from_numpy(terms).float())
        self.bias, self.sharpness = (
            nn.Parameter(torch.zeros(len(terms))),
            nn.Parameter(torch.tensor(math.log(SHARPNESS))),
        )
        self.register_buffer("barred", torch.where(torch.from_numpy(allowed), 0.0, -1e9), persistent=False)
        self.bert.embeddings.requires_grad_(False)

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Last hidden states, (batch, tokens, width)."""
        state: Tensor = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        return state.float()

    def means(self, hidden: Tensor, findings: Sequence[tuple[int, Sequence[int]]]) -> Tensor:
        """Mean hidden states of findings, each a row of the batch and its tokens; (findings, width)."""
        return torch.stack([hidden[row, list(tokens)].mean(0) for row, tokens in findings])

    def term_scores(self, means: Tensor) -> Tensor:
        """Scores of all terms, (findings, terms)."""
        said, terms = functional.normalize(self.project(means), dim=-1), functional.normalize(self.terms, dim=-1)
        scores: Tensor = (said @ terms.T).float() * self.sharpness.exp() + self.bias + self.barred
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
        return BertModel.from_pretrained(
            str(base), add_pooling_layer=False, dtype="float32", attn_implementation="eager"
        )
    except (OSError, ValueError) as error:
        raise InputError(f"base {base}: no BERT can be loaded from it ({type(error).__name__})") from error
