"""Real texts in which people marked the HPO terms: JSONL of `doc_id`, `text` and `annotations` with offsets.

Read are the two forms in which the public corpora (GSC+, ID-68 and their like) are passed on. An annotation is `hpo`
and `raw`; `raw` is `["[27::42]", "HP_0000110 | renal dysplasia"]` or `["27", "42", "renal dysplasia", "HP:..."]`.
"""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raredxr1 import lazy_re as re
from raredxr1.cases.notes import Mention
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.runstore import json_rows

_ROOT = "HP:0000118"
_PAIR = re.compile(r"\[(\d+)::(\d+)\]")
_DENIED = re.compile(
    r"\b(?:no|not|without|denie[sd]|absen(?:t|ce of)|negative for|never|lack(?:s|ed|ing)?)\b[^.;:]{0,40}$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n+")
_QUOTABLE = re.compile(r"[A-Za-z][\w'-]*(?: [\w'-]+){0,4}")
_FRAGMENT = re.compile(
    r"(?:with|of|in|and|or|to|was|were|is|are|had|has|have|affected|from|by|for|he|she|they)\b", re.IGNORECASE
)
Mark = tuple[int, int, str | None, str | None]
"""Where a finding stands, its HPO id, and what is said of it; None: not stated."""
MOST_LETTERS = 80
"""A marked stretch longer than this is a sentence, not a finding to quote."""


@dataclass(frozen=True)
class Sentence:
    """One sentence and the findings marked in it, in order of place, none inside another."""

    text: str
    mentions: tuple[Mention, ...]


@dataclass
class AnnotatedTexts:
    """Documents as lists of sentences, and how many annotations were left out, by reason."""

    documents: list[list[Sentence]]
    left_out: dict[str, int]


def read_annotated(paths: list[Path], kb: KnowledgeBase) -> AnnotatedTexts:
    """Read annotated texts; annotations that mark no phenotypic finding are counted and left out.

    Raises:
        InputError: a file cannot be read, or a row is not in this form; the line is named.
    """
    texts = AnnotatedTexts([], {})
    for path in paths:
        texts.documents += [_document(*read_marks(row, where), kb, texts.left_out) for where, row in json_rows(path)]
    return texts


def read_marks(row: Any, where: str) -> tuple[str, list[Mark]]:
    """The text of a row, and its annotations.

    Args:
        row: `text` and `annotations`: `hpo` with `raw` as the public corpora have it, or `start`, `end`, and `state`.
        where: the place of the row, for messages.

    Raises:
        InputError: it is not in this form.
    """
    try:
        return row["text"], [
            (*((a["start"], a["end"]) if "start" in a else offsets(a["raw"])), a["hpo"], a.get("state"))
            for a in row["annotations"]
        ]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise InputError(f"{where}: no text with annotations") from error


def wordings(texts: AnnotatedTexts) -> dict[int, list[str]]:
    """What people called each finding in these texts, where it can stand in another sentence: at most five words."""
    found: dict[int, dict[str, None]] = {}
    for document in texts.documents:
        for sentence in document:
            for mention in sentence.mentions:
                said = sentence.text[mention.start : mention.end].strip()
                if mention.present and _QUOTABLE.fullmatch(said) and not _FRAGMENT.match(said):
                    found.setdefault(mention.term, {})[said if said.isupper() else said[0].lower() + said[1:]] = None
    return {term: list(several) for term, several in found.items()}


def _document(text: str, marks: list[Mark], kb: KnowledgeBase, left_out: dict[str, int]) -> list[Sentence]:
    root, kept = kb.term(_ROOT), list[Mention]()
    for start, end, hpo, _ in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        current = kb.resolve_term(hpo) if hpo else None
        term = None if current is None else kb.term(current)
        reason = (
            "unknown term" if term is None
            else "no phenotypic finding" if root not in kb.term_ancestors[term]
            else "out of the text" if not 0 <= start < end <= len(text)
            else "too long" if end - start > MOST_LETTERS
            else "inside another" if kept and start < kept[-1].end
            else None
        )  # fmt: skip
        if reason or term is None:
            left_out[reason or ""] = left_out.get(reason or "", 0) + 1
        else:
            kept.append(Mention(term, _DENIED.search(text[:start]) is None, start, end))
    return _sentences(text, kept)


def offsets(raw: list[str]) -> tuple[int, int]:
    """Where an annotation stands, of either form."""
    pair = _PAIR.fullmatch(raw[0].strip())
    return (int(pair[1]), int(pair[2])) if pair else (int(raw[0]), int(raw[1]))


def split_sentences(text: str) -> list[int]:
    """Where the sentences of a text begin; the first at its beginning."""
    return [0, *(match.end() for match in _SENTENCE.finditer(text) if match.end() < len(text))]


def _sentences(text: str, mentions: list[Mention]) -> list[Sentence]:
    breaks = [(m.start(), m.end()) for m in _SENTENCE.finditer(text)]
    whole = [end for start, end in breaks if not any(m.start < end and start < m.end for m in mentions)]
    cuts, sentences = [0, *whole, len(text)], []
    for start, end in itertools.pairwise(cuts):
        inside = tuple(
            Mention(m.term, m.present, m.start - start, m.end - start)
            for m in mentions
            if start <= m.start and m.end <= end
        )
        if text[start:end].strip():
            sentences.append(Sentence(text[start:end], inside))
    return sentences
