"""What a person typed, as an id or a name, to numbers of the knowledge base; what was changed on the way is said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError
from raredxr1.knowledge import names
from raredxr1.knowledge.linking import PHENOTYPE, Link, Linker
from raredxr1.knowledge.search import search
from raredxr1.knowledge.spelling import GENERIC
from raredxr1.knowledge.store import KnowledgeBase

_TERM_ID = re.compile(r"HP:\d{7}")
_DISEASE_ID = re.compile(r"([A-Za-z]+):(\d+)")
_PREFIXES = {"MIM": "OMIM", "ORPHANET": "ORPHA"}
MOST_OPTIONS = 8
"""Diseases named where a name may be that of several."""
_SURE = ("exact", "normalised", "synonym", "fuzzy")


@dataclass(frozen=True)
class Found:
    """A disease or term by number, or a gene by symbol, and what the user should know about how it was found."""

    kind: Literal["disease", "term", "gene"]
    number: int
    notes: list[str] = field(default_factory=list)
    symbol: str = ""
    """Of a gene; its `number` is -1."""


@dataclass
class Query:
    """Findings as term numbers, and what the user should know about them."""

    present: list[int] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def lookup(kb: KnowledgeBase, name_or_id: str) -> Found:
    """Find a disease, a term or a gene by id, name or symbol; a part of a name does where it is that of one disease.

    Raises:
        InputError: an unknown or malformed id, a name that nothing has, or one that several diseases share (with them).
    """
    wanted = name_or_id.strip()
    if wanted.upper().startswith("HP:"):
        notes: list[str] = []
        return Found("term", _term(kb, wanted, notes), notes)
    if match := _DISEASE_ID.fullmatch(wanted):
        prefix = match[1].upper()
        record = f"{_PREFIXES.get(prefix, prefix)}:{match[2]}"
        disease = kb.disease(record)
        if disease is None:
            raise InputError(f"{record}: no disease with this id in {kb.version}")
        return Found("disease", disease)
    return _by_name(kb, wanted)


def read_findings(kb: KnowledgeBase, arguments: Iterable[str]) -> Query:
    """Read findings: `HP:0001250` is present, `-HP:0001250` absent.

    Raises:
        InputError: an unknown or malformed id, a term both present and absent, or no present term.
    """
    query = Query()
    for argument in arguments:
        absent = argument.startswith("-")
        if absent and not argument.upper().startswith("-HP:"):
            raise InputError(f"{argument!r} is neither an option nor an absent finding, such as -HP:0001250")
        term = _term(kb, argument.removeprefix("-"), query.notes)
        chosen, other = (query.absent, query.present) if absent else (query.present, query.absent)
        if term in other:
            raise InputError(f"{kb.term_ids[term]} ({kb.term_names[term]}) is given as present and as absent")
        if term in chosen:
            query.notes.append(f"{kb.term_ids[term]} ({kb.term_names[term]}) is given twice; it counts once")
        else:
            chosen.append(term)
        if kb.term(PHENOTYPE) not in kb.term_ancestors[term]:
            query.notes.append(
                f"{kb.term_ids[term]} ({kb.term_names[term]}) is no phenotypic abnormality: it tells nothing"
            )
    if not query.present:
        raise InputError("give at least one finding that is there, such as HP:0001250")
    return query


def _term(kb: KnowledgeBase, text: str, notes: list[str]) -> int:
    hpo_id = text.upper()
    if not _TERM_ID.fullmatch(hpo_id):
        raise InputError(f"{text!r} is no HPO id: those are HP: and seven digits")
    term = kb.term(hpo_id)
    if kb.term_ids[term] != hpo_id:
        name = kb.obsolete_names.get(hpo_id)
        was = f"obsolete ({name.removeprefix('obsolete ')})" if name else "an alternative id"
        notes.append(f"{hpo_id} is {was}: taken as {kb.term_ids[term]} ({kb.term_names[term]})")
    return term


def _by_name(kb: KnowledgeBase, name: str) -> Found:
    if gene := gene_symbol(kb, name):
        return Found("gene", -1, symbol=gene)
    linker = Linker(kb)
    disease, term = linker.disease(name), linker.term(name)
    if disease and (not term or _SURE.index(disease.rule) <= _SURE.index(term.rule)):
        number = kb.disease(disease.id)
        assert number is not None, "the linker gives ids of the knowledge base"
        also = [f"also an HPO term: {term.id} ({term.label})"] if term and term.rule != "fuzzy" else []
        return Found("disease", number, [*_guess(name, disease), *also])
    if term:
        also = [f"also a disease: {disease.id} ({disease.label})"] if disease and disease.rule != "fuzzy" else []
        return Found("term", kb.term(term.id), [*_guess(name, term), *also])
    named = _partly(kb, name)
    if len(named) == 1:
        return Found("disease", named[0], [f"{name!r} is read as {kb.disease_names[named[0]]!r}"])
    options = [(kb.disease_ids(d)[0], kb.disease_names[d]) for d in named]
    options = options or [(hit.id, hit.name) for hit in search(kb, name, MOST_OPTIONS)]
    near = "; ".join(f"{i} ({called})" for i, called in options[:MOST_OPTIONS])
    raise InputError(f"{name!r} names no disease or HPO term here, or several" + (f"; nearest: {near}" if near else ""))


@lru_cache(maxsize=1)
def _plain_names(kb: KnowledgeBase) -> list[tuple[str, int]]:
    """The plain form of every name of a disease, and its number: made once, as it takes a second."""
    return [(names.plain(known), disease) for known, disease, _ in Linker(kb).disease_entries()]


def _partly(kb: KnowledgeBase, name: str) -> list[int]:
    """The diseases that a part of a name, an eponym or a misspelt one may be, those called so before longer names.

    A person sees what was made of the words, so more errors are forgiven here than in linking.
    """
    typed = names.words(name)
    allowed = list(map(_typing_errors, typed))
    found: dict[int, tuple[int, int]] = {}
    for known, disease in _plain_names(kb) if typed else ():
        words = known.split()
        rest = words[len(typed) :]
        if len(words) < len(typed):
            continue
        errors = 0
        for one, other, most in zip(typed, words, allowed, strict=False):
            wrong = OSA.distance(one, other, score_cutoff=most)
            if wrong > most:  # of nearly all names the first word already
                break
            errors += wrong
        else:
            if not kb.candidate_mask[disease]:
                continue
            cost = (errors, 0 if all(word in GENERIC for word in rest) else 1)
            found[disease] = min(found.get(disease, cost), cost)
    best = min(found.values(), default=(0, 0))
    return [disease for disease, cost in found.items() if cost == best]


def gene_symbol(kb: KnowledgeBase, text: str) -> str:
    """The gene whose symbol a text is, in any case; empty where it is none."""
    wanted = text.strip()
    if wanted in kb.gene_diseases:
        return wanted
    folded = wanted.upper()
    return next((symbol for symbol in kb.gene_diseases if symbol.upper() == folded), "") if wanted.isalnum() else ""


def _typing_errors(word: str) -> int:
    """How many letters of a word that a person typed may be wrong: what was found is shown, so more than in linking."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def _guess(name: str, link: Link) -> list[str]:
    return [f"{name!r} is read as {link.label!r} (score {link.score:.0f})"] if link.rule == "fuzzy" else []
