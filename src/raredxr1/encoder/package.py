"""From a trained encoder to what is shipped: int8 weights for CTranslate2, heads, vectors of all HPO terms."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from raredxr1.encoder.network import EncoderNetwork
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.extraction.encoder_model import FORMAT

LONGEST = 64
BATCH = 128
WORKERS = 2
FILES = ("model.bin", "config.json", "vocabulary.json", "tokenizer.json", "heads.npz", "terms.npz")


def plain_tokenizer(base: Path) -> Tokenizer:
    """The base's tokenizer, which neither pads nor cuts.

    Raises:
        InputError: there is none.
    """
    path = base / "tokenizer.json"
    if not path.is_file():
        raise InputError(f"base {base}: no tokenizer.json")
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def convert(bert: Any, base: Path, out: Path) -> None:
    """Write CTranslate2 int8 files of a BERT."""
    from ctranslate2.converters import TransformersConverter

    bert.config.position_embedding_type = "absolute"  # the converter asks for what newer configurations leave out
    with tempfile.TemporaryDirectory() as folder:
        bert.save_pretrained(folder)
        for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
            if (base / name).is_file():
                shutil.copy(base / name, folder)
        TransformersConverter(folder).convert(str(out), quantization="int8", force=True)


def mean_vectors(folder: Path, tokenizer: Tokenizer, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Means of the last hidden states of texts, by the converted encoder; (texts, width)."""
    encoder = ctranslate2.Encoder(str(folder), device="cpu", inter_threads=WORKERS, intra_threads=1)
    ids = [row.ids[:LONGEST] for row in tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    groups = [order[begin : begin + BATCH] for begin in range(0, len(order), BATCH)]

    def means(rows: list[int]) -> npt.NDArray[np.float32]:
        states = np.asarray(encoder.forward_batch([ids[i] for i in rows]).last_hidden_state)
        return np.stack([states[row, : len(ids[i])].mean(0) for row, i in enumerate(rows)])

    with ThreadPoolExecutor(WORKERS) as pool:
        found = np.concatenate(list(pool.map(means, groups)))
    return found[np.argsort(order)]


def write_package(network: EncoderNetwork, base: Path, kb: KnowledgeBase, terms: Sequence[int], out: Path) -> None:
    """Write everything inference needs but the manifest into a folder.

    Args:
        network: the trained network.
        base: where it began; its tokenizer is taken.
        kb: has the ids and labels of terms.
        terms: the terms that findings may have.
        out: the folder.
    """
    out.mkdir(parents=True, exist_ok=True)
    convert(network.bert, base, out)
    plain_tokenizer(base).save(str(out / "tokenizer.json"), pretty=False)
    learned = {
        name: value.detach().float().numpy() for name, value in network.named_parameters() if "bert." not in name
    }
    np.savez(
        out / "heads.npz",
        project=learned["project.weight"],
        tag_weight=learned["tag.weight"],
        tag_bias=learned["tag.bias"],
        state_weight=learned["state.weight"],
        state_bias=learned["state.bias"],
    )
    vectors = learned["terms"][list(terms)]
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    scale = np.abs(vectors).max(axis=1, keepdims=True) / 127
    np.savez_compressed(
        out / "terms.npz",
        format=np.array(FORMAT),
        vectors=np.rint(vectors / scale).astype(np.int8),
        scale=(scale[:, 0] * np.exp(learned["sharpness"])).astype(np.float32),
        bias=learned["bias"][list(terms)],
        ids=np.array([kb.term_ids[term] for term in terms]),
        labels=np.array(json.dumps([kb.term_names[term] for term in terms])),
    )
