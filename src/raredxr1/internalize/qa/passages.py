"""Text: encyclopaedic passages about a disease, as answers to their questions and, names masked, as riddles.

Read are JSONL rows of two public forms: MedQuAD documents (`ids`, `focus`, `synonyms`, `qa` of `q` and `a`) and
Orphanet packets (`id`, `label`, `synonyms`, `definition`). Passages are cut at sentences; what is left out is counted.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from raredxr1 import dialogue
from raredxr1.data import wordings
from raredxr1.errors import InputError
from raredxr1.internalize.qa.profile import SYSTEM, ask
from raredxr1.internalize.qa.reverse import masked
from raredxr1.knowledge import KnowledgeBase
from raredxr1.runstore import json_rows

_WORDS = wordings("questions, passages")

MOST_WORDS, LEAST_WORDS = 90, 8
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_TABLES = re.compile(r"Human Phenotype Ontology|Approximate number of patients|MedlinePlus Medical Dictionary")
"""Flattened tables of HPO terms: no prose, and their facts are in the knowledge base."""


@dataclass(frozen=True)
class Passage:
    """A question about a disease and the sentences that answer it; names other than the knowledge base's."""

    question: str
    sentences: tuple[str, ...]
    names: tuple[str, ...]


@dataclass
class Passages:
    """By disease number, and how many were left out, by reason."""

    by_disease: dict[int, list[Passage]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    def leave(self, reason: str) -> None:
        """Count one that is not kept."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1


def read_passages(paths: list[Path], kb: KnowledgeBase) -> Passages:
    """Read passages about diseases of the knowledge base.

    Raises:
        InputError: a file cannot be read, or a row has neither form; the line is named.
    """
    passages = Passages()
    for path in paths:
        for where, row in json_rows(path):
            _read(row, where, kb, passages)
    return passages


def _read(row: Any, where: str, kb: KnowledgeBase, passages: Passages) -> None:
    try:
        if "definition" in row:
            ids, said, asked = [row["id"]], [row["definition"] or ""], [""]
            called = [row["label"], *row["synonyms"]]
        else:
            ids, called = row["ids"], [row["focus"], *row["synonyms"]]
            said, asked = [qa["a"] for qa in row["qa"]], [qa["q"] for qa in row["qa"]]
    except (KeyError, TypeError) as error:
        raise InputError(f"{where}: neither a MedQuAD document nor an Orphanet packet") from error
    disease = next((d for i in ids if i and (d := kb.disease(i)) is not None), None)
    for question, text in zip(asked, said, strict=True):
        sentences = tuple(" ".join(s.split()) for s in _SENTENCE.split(text) if s.strip())
        if disease is None:
            passages.leave("no disease of the knowledge base")
        elif _TABLES.search(text):
            passages.leave("a table")
        elif sum(len(s.split()) for s in sentences) < LEAST_WORDS:
            passages.leave("too short")
        else:
            passages.by_disease.setdefault(disease, []).append(Passage(question, sentences, tuple(called)))


class PassageWriter:
    """Writes questions and answers from passages."""

    def __init__(self, kb: KnowledgeBase, passages: Passages) -> None:
        """Take the passages."""
        self.kb, self.passages = kb, passages

    def has(self, disease: int) -> bool:
        """Whether there is any passage about the disease."""
        return disease in self.passages.by_disease

    def write(self, disease: int, rng: Random) -> tuple[str, str]:
        """Draw a prompt and its completion (without the end-of-turn token)."""
        passage = rng.choice(self.passages.by_disease[disease])
        text = _some(passage.sentences, rng)
        name = self.kb.disease_names[disease]
        if rng.random() < 0.5:
            clues = masked(text, [*self.kb.names_of(disease), *passage.names])
            return dialogue.chat(SYSTEM, ask(rng, wordings("questions, reverse")["questions"], clues=clues)), f"{name}."
        question = passage.question.strip() or ask(rng, _WORDS["defined"], name=name)
        return dialogue.chat(SYSTEM, question), text


def _some(sentences: tuple[str, ...], rng: Random) -> str:
    """Sentences in a row, from a drawn one on, up to about ninety words."""
    begin = rng.randrange(len(sentences)) if rng.random() < 0.5 else 0
    taken = list[str]()
    for sentence in sentences[begin:]:
        if taken and sum(len(s.split()) for s in taken) + len(sentence.split()) > MOST_WORDS:
            break
        taken.append(sentence)
    return " ".join(taken)
