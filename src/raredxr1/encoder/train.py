"""The stage that trains the encoder: findings, their states and terms in windows of notes, and phrases alone.

    raredx train encoder --recipe recipes/encoder/encoder.yaml

A loop of its own rather than a trainer's: several losses on two kinds of batch, on plain cores. Interrupted, it goes on
at its last checkpoint. What is learned from is named in the manifest; no text is kept in what is shipped.
"""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from rich.console import Console
from torch import Tensor
from torch.nn import functional

from raredxr1 import runstore
from raredxr1.encoder import package
from raredxr1.encoder.config import EncoderConfig
from raredxr1.encoder.examples import Examples
from raredxr1.encoder.loop import Checkpoint, rates
from raredxr1.encoder.marked import NO_TERM, read_marked, registers
from raredxr1.encoder.network import IGNORED, EncoderNetwork, load_bert
from raredxr1.encoder.phrases import Names, PhraseSource, own_wordings, read_names
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.term_store import DEFAULT_PATH
from raredxr1.processor import fast_bfloat16

SOURCES = [
    "Human Phenotype Ontology (hp.obo), HPO licence",
    "raredxr1 wordings and registers, Apache-2.0",
]
LINK, STATE, PHRASE = 0.7, 0.5, 0.4
"""Weights of the losses of terms, of states and of phrases alone, beside that of tags."""
LABEL_WEIGHT = 2.0
"""Weight of a term's label among its names in the vector that it begins with."""


def train_encoder(config: EncoderConfig, quiet: bool = False) -> Path:
    """Run the stage; returns the folder to ship. A complete stage is not run again, an interrupted one goes on.

    Raises:
        InputError: the folder holds another run, or a file cannot be read.
    """
    stage, shipped = runstore.Stage("encoder", config), config.out / "asset"
    if stage.finished():
        return shipped
    stage.begin()
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)
    kb = KnowledgeBase(config.knowledge or DEFAULT_PATH)
    names = read_names(kb)
    examples, counts = make_examples(config, kb, names)
    network = _network(config, kb, names)
    _say(f"{counts}", quiet)
    losses = _loop(config, network, examples, quiet)
    network.eval()
    package.write_package(network, config.base, kb, sorted(set(names.terms)), shipped)
    base = {"base_sha256": runstore.sha256(config.base / "model.safetensors")}
    files = runstore.hashes([*(source.path for source in config.annotated), *config.wordings])
    stage.manifest(
        kb.provenance() | base | files,
        [*SOURCES, *(source.credit for source in config.annotated)],
        {**counts, "steps": config.steps, "names": len(names.texts)},
        {"last_losses": losses, "files": {n: runstore.sha256(shipped / n) for n in package.FILES}},
        [shipped],
    )
    return shipped


def make_examples(config: EncoderConfig, kb: KnowledgeBase, names: Names) -> tuple[Examples, dict[str, float]]:
    """Gather what is learned from."""
    written, said = registers(kb, config.notes, config.seed)
    marked = [(read_marked(source, kb), source.share) for source in config.annotated]
    own = own_wordings(kb, config.wordings)
    phrases = PhraseSource(kb, names, config.phrase_shares, [*said, *own])
    pools = [*marked, (written, config.registers_share)]
    counts: dict[str, float] = {
        "marked_windows": sum(len(windows) for windows, _ in marked),
        "marks": sum(len(window.marks) for windows, _ in marked for window in windows),
        "register_windows": len(written),
        "register_wordings": len(said),
        "own_wordings": len(own),
    }
    return Examples(config, package.plain_tokenizer(config.base), pools, phrases), counts


def _network(config: EncoderConfig, kb: KnowledgeBase, names: Names) -> EncoderNetwork:
    """The network to begin with; a term's vector is the mean of its names', the label counting twice."""
    bert = load_bert(config.base)
    cached = config.out / "terms.npy"
    if not cached.is_file():
        package.convert(bert, config.base, config.out / "start")
        means = package.mean_vectors(config.out / "start", package.plain_tokenizer(config.base), names.texts)
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        labels = [kb.term_names[term].casefold() for term in range(len(kb.term_names))]
        weights = [LABEL_WEIGHT if said == labels[t] else 1.0 for said, t in zip(names.texts, names.terms, strict=True)]
        vectors = np.zeros((len(kb.term_names), means.shape[1]), np.float32)
        np.add.at(vectors, names.terms, means * np.array(weights, np.float32)[:, None])
        with runstore.whole(cached) as partial, partial.open("wb") as file:
            np.save(file, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6))
    allowed: npt.NDArray[np.bool_] = np.zeros(len(kb.term_names), dtype=bool)
    allowed[names.terms] = True
    return EncoderNetwork(bert, np.load(cached), allowed)


def _loop(config: EncoderConfig, network: EncoderNetwork, examples: Examples, quiet: bool) -> dict[str, float]:
    optimizer = _optimizer(config, network)
    schedule = rates(optimizer, config.steps, config.warmup, config.decay)
    checkpoint = Checkpoint(config.out / "checkpoint.pt", network, optimizer, schedule, config.save_minutes)
    recent = list[dict[str, float]]()
    network.train()
    means: dict[str, float] = {}
    for step in range(checkpoint.resume(), config.steps):
        recent = [*recent[1 - config.log_steps :], _step(network, examples, step)]
        torch.nn.utils.clip_grad_norm_(network.bert.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        if (step + 1) % config.log_steps == 0:
            means = {kind: round(sum(one[kind] for one in recent) / len(recent), 4) for kind in recent[-1]}
            row = {"step": step + 1, **means}
            runstore.append_jsonl(config.out / "metrics.jsonl", [row])
            _say(json.dumps(row), quiet)
        checkpoint.keep(step + 1)
    return means


def _step(network: EncoderNetwork, examples: Examples, step: int) -> dict[str, float]:
    """Gradients of one step; the mean of each loss."""
    losses = {"tag": 0.0, "link": 0.0, "state": 0.0, "phrase": 0.0}
    batches = examples.windows(step)
    for batch in batches:
        hidden = _hidden(network, batch.ids, batch.mask)
        total = functional.cross_entropy(network.tag(hidden).transpose(1, 2), batch.tags, ignore_index=IGNORED)
        losses["tag"] += total.item() / len(batches)
        if batch.findings:
            means = network.means(hidden, batch.findings)
            stated = functional.cross_entropy(network.state(means), torch.tensor(batch.states))
            losses["state"] += stated.item() / len(batches)
            total = total + STATE * stated
            known = [i for i, term in enumerate(batch.terms) if term != NO_TERM]
            if known:
                linked = _link_loss(network, means[known], torch.tensor([batch.terms[i] for i in known]))
                losses["link"] += linked.item() / len(batches)
                total = total + LINK * linked
        (total / len(batches)).backward()  # type: ignore[no-untyped-call]
    ids, words, terms = examples.phrases(step)
    weights = words.unsqueeze(-1).float()
    means = (_hidden(network, ids, (ids != 0).long()) * weights).sum(1) / weights.sum(1)
    said = _link_loss(network, means, terms)
    losses["phrase"] = said.item()
    (PHRASE * said).backward()  # type: ignore[no-untyped-call]
    return losses


def _hidden(network: EncoderNetwork, ids: Tensor, mask: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16, enabled=fast_bfloat16(ids.device)):
        return network.hidden(ids, mask)


def _link_loss(network: EncoderNetwork, means: Tensor, terms: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16, enabled=fast_bfloat16(means.device)):
        scores = network.term_scores(means)
    return functional.cross_entropy(scores, terms)


def _optimizer(config: EncoderConfig, network: EncoderNetwork) -> torch.optim.Optimizer:
    body = [p for p in network.bert.parameters() if p.requires_grad]
    heads = [*network.tag.parameters(), *network.state.parameters(), network.project.weight]
    plain = [network.terms, network.bias, network.sharpness]
    groups = [
        {"params": body, "lr": config.learning_rate, "weight_decay": config.weight_decay},
        {"params": heads, "lr": config.head_learning_rate, "weight_decay": config.weight_decay},
        {"params": plain, "lr": config.head_learning_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, fused=True)


def _say(text: str, quiet: bool) -> None:
    if not quiet:
        Console(stderr=True).print(text, highlight=False)
