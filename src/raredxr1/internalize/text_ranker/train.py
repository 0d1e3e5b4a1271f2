"""Trains the text ranker and writes it: texts to counts to impacts, words learned, pruned, quantised."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from raredxr1 import runstore
from raredxr1.internalize.text_ranker.config import Impact, TextRankerConfig
from raredxr1.internalize.text_ranker.documents import (
    Count,
    Counts,
    Diseases,
    FindingCounter,
    add_texts,
    annotated,
    annotated_findings,
)
from raredxr1.internalize.text_ranker.impacts import Impacts, Vocabulary, in_narratives
from raredxr1.internalize.text_ranker.learn import Lists, word_factors
from raredxr1.internalize.text_ranker.narratives import Narrative, Narratives, gather, told_cases
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.text_ranker import FORMAT
from raredxr1.knowledge.wording import grams, hashed

FILE = "text_ranker.npz"


@dataclass(frozen=True)
class _Weights:
    """What words, or findings, say for each disease: a matrix of shape (diseases, grams)."""

    matrix: sp.csr_matrix
    grams: list[str]
    facts: dict[str, float]


def train(config: TextRankerConfig, quiet: bool = False) -> Path:
    """Train on words, then on findings, and write `text_ranker.npz` with a manifest.

    Args:
        config: the settings.
        quiet: say nothing on the way.

    Raises:
        InputError: an input is missing or damaged, or the folder holds something else.
    """
    stage = runstore.Stage("text-ranker", config)
    if stage.finished():
        return config.out / FILE
    say = (lambda text: None) if quiet else print
    kb = load(config.knowledge)
    diseases = Diseases(kb)
    narratives, told = gather(config, kb, diseases), told_cases(config, kb, diseases)
    documents = annotated(kb)
    used = _add(config, diseases, documents, grams)
    for counts in documents:
        if not counts.get("finding"):  # findings that only a text names stand in for annotations
            counts["finding"] = counts.get("named finding", counts["finding"])
    say(f"{sum(used.values()):,} texts, {len(narratives.labelled):,} narratives with a disease")
    words = _weights(config, config.words, documents, narratives, told, grams)
    say(f"{words.matrix.nnz:,} weights of {len(words.grams):,} words and pairs")
    documents, count = annotated_findings(kb), FindingCounter(kb)
    _add(config, diseases, documents, count)
    findings = _weights(config, config.findings, documents, narratives, told, count)
    say(f"{findings.matrix.nnz:,} weights of {len(findings.grams):,} findings")
    candidates = np.asarray(kb.candidate_mask)
    both = sp.diags(candidates.astype(np.float32)) @ sp.hstack([words.matrix, findings.matrix], format="csr")
    both.eliminate_zeros()
    config.out.mkdir(parents=True, exist_ok=True)
    sources = [f"{t.source} ({t.licence})" for t in config.learned_from]
    _write(config.out / FILE, both, [*words.grams, *findings.grams], kb, sources)
    files = [file.path for file in config.files]
    stage.manifest(
        {"knowledge": kb.version} | {path.name: runstore.sha256(path) for path in files},
        sources,
        {f"texts of {name}": n for name, n in used.items()}
        | {"narratives": len(narratives.labelled), "narratives left out": narratives.left_out, "told": len(told)}
        | {"diseases": int(candidates.sum()), "weights": both.nnz},
        words.facts | {f"findings_{name}": value for name, value in findings.facts.items()},
    )
    return config.out / FILE


def _add(config: TextRankerConfig, diseases: Diseases, documents: list[Counts], count: Count) -> dict[str, int]:
    """Add every text to the documents; how many of each file were used."""
    return {
        text.path.name: add_texts(text.path, diseases, documents, config.most_diseases_a_text, count)
        for text in (*config.texts, *config.presentations)
    }


def _weights(
    config: TextRankerConfig,
    impact: Impact,
    documents: Sequence[Counts],
    narratives: Narratives,
    told: Sequence[Narrative],
    count: Count,
) -> _Weights:
    """The impacts with all narratives in them, times what each word or finding is worth."""
    vocabulary = Vocabulary.of(documents)
    rarity = in_narratives(vocabulary, narratives.counted if impact.narrative_idf else [])
    impacts = Impacts(documents, vocabulary, rarity, impact)
    counted = [count(narrative.text) for narrative in narratives.labelled]
    owners = [narrative.diseases for narrative in narratives.labelled]
    fold = np.random.default_rng(config.seed).integers(0, config.folds, len(counted))
    lists = Lists()
    for held in range(config.folds):
        inside, outside = np.flatnonzero(fold != held).tolist(), np.flatnonzero(fold == held).tolist()
        matrix = impacts.matrix([counted[n] for n in inside], [owners[n] for n in inside])
        queries = vocabulary.queries([counted[n] for n in outside])
        lists.add(queries, matrix, [owners[n] for n in outside], config.rivals)
    whole = impacts.matrix(counted, owners)
    queries = vocabulary.queries([count(narrative.text) for narrative in told])
    lists.add(queries, whole, [narrative.diseases for narrative in told], config.rivals)
    factors, facts = word_factors(lists, whole.shape[1], config.penalty)
    learned = (whole @ sp.diags(factors.astype(np.float32))).tocsr()
    return _Weights(_pruned(learned, config.most_entries), list(vocabulary.numbers), facts)


def _pruned(matrix: sp.csr_matrix, most: int) -> sp.csr_matrix:
    """Keep the largest weights."""
    kept = matrix.copy()
    kept.eliminate_zeros()
    if kept.nnz > most:
        kept.data[kept.data < np.partition(kept.data, kept.nnz - most)[kept.nnz - most]] = 0
        kept.eliminate_zeros()
    return kept


def _write(path: Path, matrix: sp.csr_matrix, names: list[str], kb: KnowledgeBase, sources: list[str]) -> None:
    """Words and findings by their hashes, in order; for each its diseases, and the roots of its weights in one byte."""
    numbers = np.array([hashed(gram) for gram in names], dtype=np.uint32)
    by_word = matrix.tocsc()
    order = np.argsort(numbers, kind="stable")
    by_word = by_word[:, order][:, np.diff(by_word[:, order].indptr) > 0]
    kept = numbers[order][np.diff(matrix.tocsc()[:, order].indptr) > 0]
    first = np.concatenate([[True], kept[1:] != kept[:-1]]) if len(kept) else np.zeros(0, bool)  # of words that collide
    by_word, kept = by_word[:, first], kept[first]
    by_word.sort_indices()
    largest = float(by_word.data.max()) if by_word.nnz else 1.0
    meta = {"format": FORMAT, "knowledge": kb.version, "sources": sources, "largest": round(largest, 4)}
    ids = "\n".join(min(kb.disease_ids(disease)) for disease in range(matrix.shape[0]))
    with runstore.whole(path) as partial:
        np.savez_compressed(
            partial,
            meta=np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), dtype=np.uint8),
            ids=np.frombuffer(ids.encode(), dtype=np.uint8),
            grams=kept,
            starts=by_word.indptr.astype(np.uint32),
            rows=by_word.indices.astype(np.uint16 if matrix.shape[0] <= 2**16 else np.uint32),
            weights=np.ceil(np.sqrt(by_word.data / largest) * 255).astype(np.uint8),
        )
