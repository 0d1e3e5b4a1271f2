"""Phrases to learn the linker from: what a finding is called, each with its HPO term.

A phrase is drawn from one of three sources (names, wordings, definitions) and altered as people alter names: case, word
order, spelling, qualifiers, articles. Alterations never touch words that tell opposites apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from raredxr1.cases.wordings import misspell, qualifiers
from raredxr1.encoder.config import PhraseShares
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.extraction.opposites import has_axis
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.recognition.everyday import choices
from raredxr1.knowledge.recognition.filing import own_wordings as recognition_wordings
from raredxr1.runstore import text_lines

_OF = re.compile(r"^([\w-]+(?: [\w-]+)?) (?:of|involving|affecting) (?:the )?([\w -]+)$")
_PARENTHESIS = re.compile(r"\s*\([^)]*\)")
_BRITISH = (
    ("edema", "oedema"), ("anemia", "anaemia"), ("emia", "aemia"), ("esoph", "oesoph"), ("pedic", "paedic"),
    ("hemo", "haemo"), ("hema", "haema"), ("fetal", "foetal"), ("tumor", "tumour"), ("color", "colour"),
    ("diarrhea", "diarrhoea"), ("leuk", "leuc"), ("ized", "ised"), ("ization", "isation"), ("fiber", "fibre"),
)  # fmt: skip
_EQUAL = (
    ("increased", "elevated"), ("increased", "raised"), ("decreased", "reduced"), ("decreased", "diminished"),
    ("abnormality of the", "abnormal"), ("abnormality of the", "anomaly of the"), ("impairment", "problems"),
    ("hypoplasia of the", "underdeveloped"), ("hypoplasia of the", "hypoplastic"), ("aplasia of the", "absent"),
    ("concentration", "level"), ("difficulties", "problems"), ("agenesis of the", "absent"), ("absent", "lack of"),
    ("atrophy", "wasting"), ("seizure", "fit"), ("abnormal", "unusual"), ("delayed", "late"), ("weakness", "weak"),
    ("circulating", "serum"), ("circulating", "blood"), ("circulating", "plasma"), ("progressive", "worsening"),
    ("impaired", "poor"), ("prominent", "protruding"), ("infection", "infections"), ("recurrent", "repeated"),
    ("recurrent", "frequent"), ("cerebellar", "cerebellum"), ("cardiac", "heart"), ("renal", "kidney"),
    ("hepatic", "liver"), ("pulmonary", "lung"), ("muscular", "muscle"), ("abdominal", "tummy"),
    ("malformation", "defect"),
)  # fmt: skip
EVENLY = 0.5
"""Share of wordings drawn alike from all terms; the others are drawn alike from all wordings."""
OF_A_GROUP = 6
"""Wordings taken of one group of choices in a table."""
FREQUENT_SHARE = 0.6
"""Share of names drawn by how many diseases have the term; the others are drawn alike from all terms."""


@dataclass(frozen=True)
class Names:
    """All names of phenotypic abnormalities, each with its term number."""

    texts: list[str]
    terms: list[int]

    @property
    def by_term(self) -> dict[int, list[int]]:
        """Positions of the names of each term."""
        found: dict[int, list[int]] = {}
        for position, term in enumerate(self.terms):
            found.setdefault(term, []).append(position)
        return found


def read_names(kb: KnowledgeBase) -> Names:
    """Labels and synonyms of every scope of the terms below Phenotypic abnormality, each spelling of a term once."""
    root = kb.term(PHENOTYPE)
    texts, terms = list[str](), list[int]()
    for term, ancestors in enumerate(kb.term_ancestors):
        if root not in ancestors or term == root:
            continue
        seen = dict.fromkeys(
            n.strip().casefold() for n in [kb.term_names[term], *(s.text for s in kb.term_synonyms[term])]
        )
        texts += seen
        terms += [term] * len(seen)
    return Names(texts, terms)


class PhraseSource:
    """Draws phrases with their terms."""

    def __init__(
        self, kb: KnowledgeBase, names: Names, shares: PhraseShares, wordings: Sequence[tuple[str, int]]
    ) -> None:
        """Take what phrases are drawn from.

        Args:
            kb: the knowledge base.
            names: names of terms.
            shares: relative weights of the sources; one that is empty drops out.
            wordings: what findings are called elsewhere, each with its term.
        """
        self.kb, self.names = kb, names
        self._by_term = names.by_term
        self._wordings = [pair for pair in wordings if pair[1] in self._by_term]
        self._said: dict[int, list[str]] = {}
        for text, term in self._wordings:
            self._said.setdefault(term, []).append(text)
        self._terms = list(self._by_term)
        counts = _disease_counts(kb)
        self._weights = _cumulated([float(counts[term]) ** 0.5 for term in self._terms])
        self._defined = [t for t in self._terms if kb.term_definitions[t]]
        sources = {
            "names": bool(self._terms),
            "wordings": bool(self._wordings),
            "definitions": bool(self._defined),
        }
        self._kinds = [kind for kind, some in sources.items() if some]
        self._shares = [getattr(shares, kind) for kind in self._kinds]

    def draw(self, rng: Random) -> tuple[str, int]:
        """One phrase and its term number."""
        kind = rng.choices(self._kinds, self._shares)[0]
        if kind == "wordings":
            # a term with a thousand wordings counts little more than one with three
            text, term = rng.choice(self._wordings)
            if rng.random() < EVENLY:
                term = rng.choice(list(self._said))
                text = rng.choice(self._said[term])
            return alter(text, rng, light=True), term
        if kind == "definitions":
            term = rng.choice(self._defined)
            return self.kb.term_definitions[term].split(". ")[0], term
        if rng.random() < FREQUENT_SHARE:
            term = rng.choices(self._terms, cum_weights=self._weights)[0]
        else:
            term = rng.choice(self._terms)
        return alter(self.names.texts[rng.choice(self._by_term[term])], rng), term

    def wording(self, term: int, rng: Random) -> str:
        """Other words for a term: a wording, or a name where it has none."""
        said = self._said.get(term)
        if said:
            return rng.choice(said)
        return self.names.texts[rng.choice(self._by_term[term])] if term in self._by_term else ""


def own_wordings(kb: KnowledgeBase, tables: Sequence[Path]) -> list[tuple[str, int]]:
    """The dictionary's wordings and those of further tables, with their terms; of a group with many choices a few.

    Raises:
        InputError: a table cannot be read.
    """
    found = [(said.removeprefix("="), kb.term(i)) for i, said in recognition_wordings(lambda i: known(i, kb))]
    rng = Random(0)
    for path in tables:
        lines = [line.rstrip("\n") for _, line in text_lines(path) if line.startswith("HP:")]
        for hpo_id, _, groups in (line.split("\t") for line in lines):
            for group in groups.split(";") if known(hpo_id, kb) else ():
                said = [one for one in choices(group) if one]
                found += [(one, kb.term(hpo_id)) for one in rng.sample(said, min(len(said), OF_A_GROUP))]
    return found


def known(hpo_id: str, kb: KnowledgeBase) -> bool:
    """Whether an id is a term of the knowledge base."""
    return hpo_id.startswith("HP:") and bool(kb.resolve_term(hpo_id))


def alter(text: str, rng: Random, light: bool = False) -> str:
    """Say a name as somebody else might: reordered, respelt, qualified, or as it is."""
    text = " ".join(text.split())
    if not light:
        if rng.random() < 0.5:
            text = _PARENTHESIS.sub("", text) or text
        text = _reordered(text, rng)
        if rng.random() < 0.35:
            text = _exchanged(text, _EQUAL, rng)
    if rng.random() < 0.15:
        text = _exchanged(text, _BRITISH, rng)
    if rng.random() < 0.12:
        text = misspell(text, rng)
    if rng.random() < 0.25 and not has_axis(text):
        before, after = qualifiers(rng, 0.5)
        text = before + text + after
    elif rng.random() < 0.1:
        text = rng.choice(("has ", "a ", "his ", "her ", "with ", "the ", "very ", "some ")) + text
    return text


def _reordered(text: str, rng: Random) -> str:
    parts = text.split(", ")
    if len(parts) == 2 and rng.random() < 0.6:
        return f"{parts[1]} {parts[0]}"
    found = _OF.match(text)
    if found and rng.random() < 0.4:
        return f"{found[2]} {found[1]}"
    words = text.split(" ")
    if len(words) == 2 and rng.random() < 0.15:
        return rng.choice((f"{words[1]} of the {words[0]}", f"{words[1]} was {words[0]}", f"{words[1]} {words[0]}"))
    return text


def _exchanged(text: str, pairs: Sequence[tuple[str, str]], rng: Random) -> str:
    fits = [(old, new) for old, new in pairs if old in text]
    if not fits:
        return text
    old, new = rng.choice(fits)
    return text.replace(old, new, 1)


def _disease_counts(kb: KnowledgeBase) -> npt.NDArray[np.int64]:
    return np.bincount(kb.findings.terms, minlength=len(kb.term_ids))


def _cumulated(weights: Sequence[float]) -> list[float]:
    total, cumulated = 0.0, list[float]()
    for weight in weights:
        total += weight
        cumulated.append(total)
    return cumulated
