"""Trains the ranker by meaning: notes and texts of a batch are told apart by the cosines of their vectors.

The loss is the cross entropy of each note over the texts of its batch, and of each text over the notes (van den Oord et
al., "Representation Learning with Contrastive Predictive Coding", 2018); a pair of diseases whose names differ in a
number alone, or of which either would be right, is left out of it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from torch import Tensor, nn
from torch.nn import functional

from raredxr1 import runstore
from raredxr1.encoder.loop import Checkpoint, rates
from raredxr1.encoder.network import load_bert
from raredxr1.encoder.package import convert, plain_tokenizer
from raredxr1.internalize.meaning_ranker.config import MeaningRankerConfig
from raredxr1.internalize.meaning_ranker.pairs import Pair, Pairs
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.extraction.encoder_model import TextEncoder
from raredxr1.knowledge.meaning_ranker import DISEASES, FORMAT, SHARPNESS
from raredxr1.processor import fast_bfloat16

TOKENS = 128
"""Tokens of a text about a disease that go into the disease's vector."""
_SCALE_RATE = 1e-3
_NEVER = -1e4
_PART = 2048
"""Texts that are held as tokens at once."""


def train(config: MeaningRankerConfig, quiet: bool = False) -> Path:
    """Run the stage; returns the folder to ship. A complete stage is not run again, an interrupted one goes on.

    Raises:
        InputError: an input is missing or damaged, or the folder holds another run.
    """
    stage, shipped = runstore.Stage("meaning-ranker", config), config.out / "asset"
    if stage.finished():
        return shipped
    stage.begin()
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)
    kb = load(config.knowledge)
    pairs = Pairs(config, kb)
    bert = load_bert(config.base)
    losses = _loop(config, bert, pairs, quiet)
    convert(bert, config.base, shipped)
    plain_tokenizer(config.base).save(str(shipped / "tokenizer.json"), pretty=False)
    sources = [f"{text.source} ({text.licence})" for text in config.learned_from]
    _write_vectors(shipped, pairs, kb, sources)
    stage.manifest(
        kb.provenance()
        | {"base_sha256": runstore.sha256(config.base / "model.safetensors")}
        | runstore.hashes([file.path for file in config.files]),
        sources,
        {**pairs.read, "steps": config.steps},
        losses,
        [shipped],
    )
    return shipped


def _loop(config: MeaningRankerConfig, bert: Any, pairs: Pairs, quiet: bool) -> dict[str, float]:
    """The steps; the encoder is in eval mode, so that no unit is dropped: each text is seen once or twice."""
    tokenizer = plain_tokenizer(config.base)
    bert.requires_grad_(True)
    bert.embeddings.requires_grad_(False)
    for layer in bert.encoder.layer[: config.frozen_layers]:
        layer.requires_grad_(False)
    network = nn.ModuleDict({"bert": bert.eval()})
    network.register_parameter("sharpness", nn.Parameter(torch.tensor(SHARPNESS).log()))
    learned = [p for p in bert.parameters() if p.requires_grad]
    groups = [
        {"params": learned, "lr": config.learning_rate, "weight_decay": config.weight_decay},
        {"params": [network.sharpness], "lr": _SCALE_RATE, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, fused=True)
    schedule = rates(optimizer, config.steps, config.warmup, decay=1.0)
    checkpoint = Checkpoint(config.out / "checkpoint.pt", network, optimizer, schedule, config.save_minutes)
    recent, said = list[tuple[float, float]](), dict[str, float]()
    for step in range(checkpoint.resume(), config.steps):
        batch = pairs.batch(step)
        notes = _vectors(bert, _ids(tokenizer, [pair.note for pair in batch], config.note_tokens))
        texts = _vectors(bert, _ids(tokenizer, [pair.text for pair in batch], config.text_tokens))
        scores = notes @ texts.T * network.sharpness.exp()  # type: ignore[operator]
        scores = scores.masked_fill(_either(batch, pairs.kin), _NEVER)
        right = torch.arange(len(batch))
        loss = (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        recent.append((loss.item(), (scores.argmax(1) == right).float().mean().item()))
        if (step + 1) % config.log_steps == 0:
            loss_mean, first = np.mean(recent, axis=0).round(4).tolist()
            said, recent = {"loss": loss_mean, "first": first}, []
            runstore.append_jsonl(config.out / "metrics.jsonl", [{"step": step + 1, **said}])
            if not quiet:
                Console(stderr=True).print(json.dumps({"step": step + 1, **said}), highlight=False)
        checkpoint.keep(step + 1)
    return said


def _ids(tokenizer: Any, texts: Sequence[str], most: int) -> Tensor:
    """Token ids, cut and padded; (texts, tokens)."""
    rows = [
        row.ids if len(row.ids) <= most else [*row.ids[: most - 1], row.ids[-1]]
        for row in tokenizer.encode_batch(list(texts))
    ]
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
    return ids


def _vectors(bert: Any, ids: Tensor) -> Tensor:
    """Unit vectors of texts: the mean of the last hidden states; (texts, width)."""
    mask = ids != 0
    with torch.autocast("cpu", torch.bfloat16, enabled=fast_bfloat16(ids.device)):
        states = bert(input_ids=ids, attention_mask=mask.long()).last_hidden_state
    means = (states.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return functional.normalize(means, dim=-1)


def _either(batch: Sequence[Pair], kin: Sequence[str]) -> Tensor:
    """Where the text of another pair would be as right for a note."""
    rows = [[a is not b and (b.disease in a.right or kin[a.disease] == kin[b.disease]) for b in batch] for a in batch]
    return torch.tensor(rows)


def _write_vectors(shipped: Path, pairs: Pairs, kb: KnowledgeBase, sources: Sequence[str]) -> None:
    """The mean of the vectors of each candidate's texts, as bytes."""
    encoder = TextEncoder(shipped)
    candidates = [disease for disease in range(len(kb.disease_records)) if kb.candidate_mask[disease]]
    texts = [(row, text) for row, disease in enumerate(candidates) for text in pairs.described(disease)]
    parts = [texts[begin : begin + _PART] for begin in range(0, len(texts), _PART)]
    said = np.concatenate([encoder.means([text for _, text in part], TOKENS) for part in parts])
    said /= np.linalg.norm(said, axis=1, keepdims=True)
    vectors = np.zeros((len(candidates), said.shape[1]), np.float32)
    np.add.at(vectors, [row for row, _ in texts], said)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scale = np.abs(vectors).max(axis=1) / 127
    meta = {"format": FORMAT, "knowledge": kb.version, "sources": list(sources)}
    with runstore.whole(shipped / DISEASES) as partial:
        np.savez_compressed(
            partial,
            meta=np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), dtype=np.uint8),
            ids=np.frombuffer("\n".join(min(kb.disease_ids(d)) for d in candidates).encode(), dtype=np.uint8),
            vectors=np.rint(vectors / scale[:, None]).astype(np.int8),
            scale=scale.astype(np.float32),
        )
