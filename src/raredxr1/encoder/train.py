"""The stage that trains the encoder: linker and tagger in turn on one network, a step of each an optimizer step.

    raredx train encoder --recipe recipes/encoder/encoder.yaml

A loop of its own rather than a trainer's: two losses on two kinds of batch, on a CPU. Interrupted, it goes on at its
last checkpoint. What is learned from is named in the manifest; no text is kept in what is shipped.
"""

import json
import math
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from torch import Tensor

from raredxr1 import runstore
from raredxr1.encoder import package
from raredxr1.encoder.batches import Batches
from raredxr1.encoder.config import EncoderConfig
from raredxr1.encoder.network import EncoderNetwork, linker_loss, load_bert, tagger_loss
from raredxr1.encoder.phrases import Names, PhraseSource, read_names
from raredxr1.encoder.sentences import SentenceSource, annotated_sentences, default_wording, letters, read_texts
from raredxr1.encoder.silver import dictionary_labels, taught_labels
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.term_store import DEFAULT_PATH

SOURCES = [
    "Human Phenotype Ontology (hp.obo), HPO licence",
    "raredxr1 everyday wordings and registers, Apache-2.0",
]


def train_encoder(config: EncoderConfig, quiet: bool = False) -> Path:
    """Run the stage; returns the folder to ship. A complete stage is not run again, an interrupted one goes on.

    Raises:
        InputError: the folder holds another run, or a file cannot be read.
    """
    settings = config.model_dump(mode="json")
    shipped = config.out / "asset"
    if runstore.finished(config.out, "encoder", settings):
        return shipped
    config.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)
    started = time.monotonic()
    path = config.knowledge or DEFAULT_PATH
    kb = KnowledgeBase(path)
    names = read_names(kb)
    batches, counts = make_batches(config, kb, names)
    network, bank = _network(config, names)
    _say(f"{counts}", quiet)
    losses = _loop(config, network, bank, batches, quiet)
    network.eval()
    package.write_package(network, config.base, names, bank.numpy(), kb.term_ids, shipped)
    manifest = runstore.Manifest(
        stage="encoder",
        config=settings,
        inputs={
            "knowledge": kb.version,
            "knowledge_sha256": runstore.sha256(path),
            "base_sha256": runstore.sha256(config.base / "model.safetensors"),
            **{f"{s.path.name}_sha256": runstore.sha256(s.path) for s in config.files},
        },
        sources=[*SOURCES, *(f"{s.path.name}, {s.licence}" for s in config.files)],
        seed=config.seed,
        versions=runstore.versions(),
        counts={**counts, "steps": config.steps, "names": len(names.texts)},
        facts={"last_losses": losses, "files": {n: runstore.sha256(shipped / n) for n in package.FILES}},
        seconds=round(time.monotonic() - started, 1),
    )
    runstore.write_manifest(shipped, manifest)
    runstore.write_manifest(config.out, manifest)
    return shipped


def make_batches(config: EncoderConfig, kb: KnowledgeBase, names: Names) -> tuple[Batches, dict[str, float]]:
    """Gather what is learned from."""
    annotated, marked = annotated_sentences(config.annotated, kb)
    written = letters(kb, config.notes, config.seed)
    texts = read_texts(config.texts)
    phrases = PhraseSource(kb, names, config.phrases, written.wordings, marked)
    label = taught_labels(kb, config.teacher) if config.teacher else dictionary_labels(kb)
    wording = default_wording([t for t, _ in written.wordings + marked * 4], names.texts)
    shares = config.sentences
    sentences = SentenceSource(
        annotated, written.sentences, texts, label, (shares.annotated, shares.registers, shares.silver), wording
    )
    counts: dict[str, float] = {
        "annotated_sentences": len(annotated),
        "marked_phrases": len(marked),
        "register_sentences": len(written.sentences),
        "register_wordings": len(written.wordings),
        "unmarked_sentences": len(texts),
    }
    return Batches(config, package.plain_tokenizer(config.base), names, phrases, sentences), counts


def _network(config: EncoderConfig, names: Names) -> tuple[EncoderNetwork, Tensor]:
    """The network to begin with, and the vectors of all names that phrases are drawn to.

    These are the base's own, on their principal axes, and stay as they are: every phrase is compared with every name at
    the cost of one. A run that starts from another takes its vectors over.
    """
    network = EncoderNetwork(load_bert(config.base), config.dimensions)
    cached = config.out / "bank.npy"
    if config.start:
        network.load_state_dict(mean_weights(config.start))
        shutil.copy(config.start[0] / "bank.npy", cached)
    elif not cached.is_file():
        package.convert(network.bert, config.base, config.out / "start")
        means = package.mean_vectors(config.out / "start", package.plain_tokenizer(config.base), names.texts)
        axes = package.principal_axes(means, config.dimensions)
        vectors = means @ axes.T
        np.save(cached, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
        np.save(config.out / "axes.npy", axes)
    if not config.start:
        with torch.no_grad():
            network.project.weight.copy_(torch.from_numpy(np.load(config.out / "axes.npy")))
    bank = torch.from_numpy(np.load(cached))
    if len(bank) != len(names.texts):
        raise InputError(f"start {config.start[0]}: was trained with another knowledge base")
    network.freeze(config.frozen_layers)
    return network, bank


def mean_weights(runs: Sequence[Path]) -> dict[str, Tensor]:
    """The weights of runs from one base, averaged (Wortsman et al. 2022, Model soups, arXiv 2203.05482).

    Raises:
        InputError: one of the folders holds no weights.
    """
    try:
        loaded = [torch.load(run / "weights.pt", weights_only=True) for run in runs]
    except OSError as error:
        raise InputError(f"start: no weights of a run can be read ({error.filename})") from error
    first = loaded[0]
    return {
        name: torch.stack([weights[name] for weights in loaded]).mean(0) if value.is_floating_point() else value
        for name, value in first.items()
    }


def _loop(
    config: EncoderConfig, network: EncoderNetwork, bank: Tensor, batches: Batches, quiet: bool
) -> dict[str, float]:
    heads = [network.project.weight, *network.tag.parameters()]
    body = [p for p in network.bert.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": config.learning_rate}, {"params": heads, "lr": config.head_learning_rate}],
        weight_decay=config.weight_decay,
    )
    rates = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(config, step))
    first = _resume(config.out / "checkpoint.pt", network, optimizer, rates)
    saved, recent = time.monotonic(), list[tuple[float, float]]()
    network.train()
    means: dict[str, float] = {}
    for step in range(first, config.steps):
        phrases, sentences = batches.phrases(step), batches.sentences(step)
        linking = linker_loss(network.phrase_vectors(phrases.ids, phrases.mask), bank, phrases.rows, config.temperature)
        linking.backward()  # type: ignore[no-untyped-call]
        scores = network.tag_scores(sentences.ids, sentences.mask)
        tagging = tagger_loss(scores, sentences.tags, sentences.weights)
        (config.tagger_weight * tagging).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([*body, *heads], 1.0)
        optimizer.step()
        optimizer.zero_grad()
        rates.step()
        recent = [*recent[1 - config.log_steps :], (linking.item(), tagging.item())]
        if (step + 1) % config.log_steps == 0:
            means = {"linker": _mean(pair[0] for pair in recent), "tagger": _mean(pair[1] for pair in recent)}
            row = {"step": step + 1, **means, "seconds": round(time.monotonic() - saved, 1)}
            runstore.append_jsonl(config.out / "metrics.jsonl", [row])
            _say(json.dumps(row), quiet)
        if time.monotonic() - saved > config.save_minutes * 60:
            _save(config.out / "checkpoint.pt", network, optimizer, rates, step + 1)
            saved = time.monotonic()
    torch.save(network.state_dict(), config.out / "weights.pt")
    return means


def _rate(config: EncoderConfig, step: int) -> float:
    """Linear warm-up, then a cosine to a twentieth."""
    warm = max(1, round(config.warmup * config.steps))
    if step < warm:
        return (step + 1) / warm
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, config.steps - warm)))


def _save(path: Path, network: EncoderNetwork, optimizer: Any, rates: Any, step: int) -> None:
    held = {
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "rates": rates.state_dict(),
        "torch": torch.get_rng_state(),
        "step": step,
    }
    with runstore.whole(path) as partial:
        torch.save(held, partial)


def _resume(path: Path, network: EncoderNetwork, optimizer: Any, rates: Any) -> int:
    if not path.is_file():
        return 0
    state = torch.load(path, weights_only=True)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    rates.load_state_dict(state["rates"])
    torch.set_rng_state(state["torch"])
    step: int = state["step"]
    return step


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return round(sum(found) / max(1, len(found)), 4)


def _say(text: str, quiet: bool) -> None:
    if not quiet:
        Console(stderr=True).print(text, highlight=False)
