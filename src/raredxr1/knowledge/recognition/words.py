"""The forms of words: what makes "atrophied", "atrophic" and "atrophy" one word inside the name of a finding.

A word has three forms, from strict to loose: its lemma (singular), its stem (endings off), and its group (words that
names use for one another, as "kidney" and "renal": `data/recognition/word_classes.tsv`). Names are looked up by their
groups and preferred by the stricter forms.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from raredxr1.data import rows
from raredxr1.knowledge import names

JOINERS = frozenset(("and", "or", "with", "without", "/", "&"))
"""Words that join others inside a name."""
LONGEST = 8
"""Words of a name."""
_STEM = 4
"""An ending is taken off only where so many letters stay."""
_ENDINGS = frozenset(
    """
    icity ticity ical tical ication ification ation etic esis asis ness ity ies ied ism ist ic tic ia ial al ar ary ous
    atous us um ed ing es y s e is a ion ive ency ence ent ant ance iency ient ment ly oid
    """.split()  # noqa: SIM905
)
_LONGEST = max(map(len, _ENDINGS))
_KEPT_ENDINGS = (("itis", "itis"), ("itic", "itis"), ("osis", "osis"), ("otic", "osis"))
"""Endings that say what is wrong: a tendonitis is no tendon."""


class Form(NamedTuple):
    """The forms of one word."""

    lemma: str
    stem: str
    group: str


def lowered(text: str) -> str:
    """A text in lower case, of the same length: a letter that would become two stays as it is."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text)


@lru_cache(maxsize=1 << 16)
def forms(word: str) -> tuple[Form, ...]:
    """The forms of a word as it stands in a text or name, none for a small word; hyphens part words."""
    return tuple(_form(part) for part in names.words(word) if part not in kind("small"))


@lru_cache(maxsize=1 << 16)
def name_forms(name: str) -> tuple[Form, ...]:
    """The forms of the words of a name; its linking words count only where it has no others."""
    words = [word for word in name.lower().replace("/", " ").split() if word not in JOINERS]
    content = [form for word in words if word not in kind("linking") for form in forms(word)]
    return tuple(content or [form for word in words for form in forms(word)])


def groups_of(words: Iterable[str]) -> list[str]:
    """The groups of the words of a name, those that join or link others left out; none of more than LONGEST."""
    groups = [group for word in words for group in _content_groups(word)]
    return groups if len(groups) <= LONGEST else []


@lru_cache(maxsize=1 << 16)
def _content_groups(word: str) -> tuple[str, ...]:
    return () if word in JOINERS or word in kind("linking") else tuple(form.group for form in forms(word))


@cache
def kind(name: str) -> frozenset[str]:
    """Words of a kind (`data/recognition/words.tsv`)."""
    return frozenset(word for listed, words in rows("recognition/words") if listed == name for word in words.split())


def lemma(word: str) -> str:
    """The singular of a word, or the word."""
    known = _irregular().get(word)
    if known or len(word) < 4 or word.endswith(("ss", "us", "is", "'s")):
        return known or word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word.endswith(("oses", "yses", "eses")):
        return word[:-2] + "is"
    if word.endswith("omata"):
        return word[:-2]
    if word.endswith("ae"):
        return word[:-1]
    return word[:-1] if word.endswith("s") else word


def stem(word: str) -> str:
    """A word without its ending, where four letters stay."""
    if word in kind("apart"):
        return word
    for ending, kept in _KEPT_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + kept
    for length in range(min(_LONGEST, len(word) - _STEM), 0, -1):
        if word[-length:] in _ENDINGS:
            return word[:-length]
    return word


def _form(word: str) -> Form:
    single = lemma(word)
    group = _groups().get(word) or _groups().get(single)
    cut = stem(single)
    return Form(single, cut, group or cut)


@cache
def _groups() -> dict[str, str]:
    return {word: f"<{name}>" for name, words in rows("recognition/word_classes") for word in words.split()}


@cache
def _irregular() -> dict[str, str]:
    return dict(pair.split("=") for pair in kind("irregular"))


def adjectives(noun: str) -> list[str]:
    """Adjectives that say that somebody has what a noun names: "microcephalic" of "microcephaly"."""
    return [noun[: -len(ending)] + other for ending, other in _adjectives().get(noun[-3:], ()) if noun.endswith(ending)]


@cache
def _adjectives() -> dict[str, list[tuple[str, str]]]:
    """Rows by the last three letters of the noun's ending."""
    found: dict[str, list[tuple[str, str]]] = {}
    for ending, other in rows("recognition/adjectives"):
        found.setdefault(ending[-3:], []).append((ending, other))
    return found
