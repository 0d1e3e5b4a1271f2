"""Which known words a misspelt word may stand for, and how alike two names are when their words are read so.

The aim is that a name is never taken for another one. A word that some name uses is no misspelling, so "hyperkalemic"
never becomes "hypokalemic" and one eponym never another. Numbers, short words, acronyms and words that tell a disease
from its opposite are never read as anything else, and no word that says which disease is meant may be missing.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from raredxr1 import lazy_re as re

CONNECTING = frozenset({"an", "and", "as", "at", "by", "due", "for", "from", "in", "on", "or", "to", "with"})
"""Words without a meaning of their own: they may be missing on either side."""

GENERIC = frozenset({"syndrome", "disease", "disorder"})
"""Words that say only that this is a disease: they may be missing on either side."""

_OPPOSED_WORDS = """
    dominant/recessive proximal/distal congenital/acquired early/late increased/decreased elevated/reduced without
    left/right upper/lower male/female maternal/paternal anterior/posterior medial/lateral acute/chronic
    primary/secondary unilateral/bilateral benign/malignant infantile/juvenile/adult/neonatal/childhood/antenatal
    partial/complete/total absent/present high/low long/short large/small wide/narrow/broad thick/thin
    internal/external central/peripheral sensory/motor alpha/beta/gamma/delta mild/moderate/severe positive/negative
    typical/atypical classic/nonclassic symptomatic/asymptomatic isolated/syndromic/nonsyndromic deletion/duplication
    gain/loss autosomal/linked superior/inferior focal/generalized single/multiple fast/slow non no not
    """
QUALIFIERS = frozenset(re.split(r"[\s/]+", _OPPOSED_WORDS.strip()))
"""Words with an opposite or a sibling: never read as anything else."""

_TELLING_PARTS = ("hypo", "hyper", "macro", "micro", "intra", "extra", "inter", "endo", "ecto", "para", "peri", "aniso")
"""Parts of words that two wrong letters turn into their opposite: they must stand as they are."""

_OPPOSED_PARTS = (("eso", "exo"), ("endo", "exo"), ("uni", "bi"), ("ab", "ad"), ("pre", "pro"), ("iso", "aniso"))

_ACRONYM = re.compile(r"\b\w*[A-Z]\w*[A-Z]\w*\b")
MISSPELT_MIN = 7
"""Shorter words are never taken for misspellings: too many eponyms are one letter apart (Berger, Buerger)."""


def edits_allowed(word: str) -> int:
    """How many letters of a word may be wrong."""
    return 0 if len(word) < MISSPELT_MIN or not word.isalpha() else 1 if len(word) < 10 else 2


def is_content(word: str, readings: Collection[str] = ()) -> bool:
    """Whether a word, or any word it may stand for, says which disease or finding is meant."""
    return word not in CONNECTING and GENERIC.isdisjoint((word, *readings))


def acronyms(name: str) -> list[str]:
    """Words of a name written with several capitals; none where the whole name is in capitals."""
    return _ACRONYM.findall(name) if not name.isupper() or len(name.split()) == 1 else []


def opposed(word: str, other: str) -> bool:
    """Whether a misspelt word may as well be the opposite of another: hypo- for hyper-, ab- for ad-, a- for none."""
    if word == "a" + other or other == "a" + word:
        return True
    if any((part in other) != (part in word) for part in _TELLING_PARTS):
        return True
    distance = OSA.distance(word, other)
    return any(
        (a in word and b in other and OSA.distance(word.replace(a, b), other) < distance)
        or (b in word and a in other and OSA.distance(word.replace(b, a), other) < distance)
        for a, b in _OPPOSED_PARTS
    )


class Vocabulary:
    """The words that names use, numbered; finds those that another word may stand for."""

    def __init__(self, words: Collection[str], letters: npt.NDArray[np.uint32] | None = None) -> None:
        """Take the distinct words, and the letters of each as `letters_of` gives them, where those are known."""
        self.words = list(words)
        self.index = {word: i for i, word in enumerate(self.words)}
        self._letters = np.array(list(map(letters_of, self.words)), np.uint32) if letters is None else letters

    @cached_property
    def _lengths(self) -> npt.NDArray[np.int16]:
        return np.array(list(map(len, self.words)), np.int16)

    def readings(self, word: str) -> dict[str, int]:
        """What a word may stand for, with the letters that differ: itself, plural or singular, else a misspelling."""
        found = dict.fromkeys(self._inflected(word), 1)
        if word in self.index:
            found[word] = 0
        elif not found:
            found = self._near(word)
        return found

    def near(self, word: str) -> list[str]:
        """Words that a word may stand for with one letter wrong; long words alone."""
        return [other for other, edits in self._near(word, 1).items() if edits == 1]

    def _near(self, word: str, most: int = 2) -> dict[str, int]:
        limit = min(most, edits_allowed(word))
        if not limit:
            return {}
        # an edit changes at most two letters of the set of letters: this leaves a handful of words to compare
        close = np.bitwise_count(self._letters ^ np.uint32(letters_of(word))) <= 2 * limit
        close &= np.abs(self._lengths - len(word)) <= limit
        found = {}
        for i in np.flatnonzero(close).tolist():
            other = self.words[i]
            allowed = min(limit, edits_allowed(other))
            edits = OSA.distance(word, other, score_cutoff=allowed)
            # two errors at the very start make another prefix: liposarcoma, gliosarcoma
            if edits <= allowed and (edits < 2 or word[:2] == other[:2]) and other not in QUALIFIERS:
                found[other] = edits
        return {other: edits for other, edits in found.items() if not opposed(word, other)}

    def _inflected(self, word: str) -> list[str]:
        if word.endswith("ies"):
            forms = [word[:-3] + "y"]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            forms = [word[:-1], word[:-2]] if word.endswith("es") else [word[:-1]]
        elif word.endswith("sis"):
            forms = [word[:-2] + "es"]
        else:
            forms = [word + "s", word + "es", word[:-1] + "ies"] if word.endswith("y") else [word + "s", word + "es"]
        return [form for form in forms if len(form) > 3 and form in self.index]

    def respaced(self, words: Sequence[str]) -> list[str]:
        """The words with the pieces of a known word joined, and an unknown word of two known ones parted."""
        result: list[str] = []
        i = 0
        while i < len(words):
            run = next((n for n in (4, 3, 2) if i + n <= len(words) and "".join(words[i : i + n]) in self.index), 1)
            joined = "".join(words[i : i + run])
            result += [joined] if joined in self.index else self._parted(joined)
            i += run
        return result

    def _parted(self, word: str) -> list[str]:
        for cut in range(4, len(word) - 3):
            if word[:cut] in self.index and word[cut:] in self.index:
                return [word[:cut], word[cut:]]
        return [word]


def alike(words: Sequence[str], other: Sequence[str], readings: Mapping[str, Mapping[str, int]]) -> float | None:
    """Score a name against a known one, 0 to 100; None where a word or a number stands between them.

    Args:
        words: the words of the name.
        other: the words of the known name.
        readings: what each word of the name may stand for, with the letters that differ.

    Returns:
        100 less the share of letters that differ: two a misspelt letter, and all those of a word missing on one side.
    """
    if [w for w in words if not w.isalpha()] != [w for w in other if not w.isalpha()]:
        return None
    rest, cost = list(other), 0
    paired: dict[str, str] = {}
    for word in sorted(words, key=lambda w: w not in rest):
        known = [(edits, form) for form, edits in readings[word].items() if form in rest]
        if known:
            edits, paired[word] = min(known)
            rest.remove(paired[word])
            cost += 2 * edits
        elif is_content(word, readings[word]):
            return None
        else:
            cost += len(word)
    if any(map(is_content, rest)) or _denied([paired.get(word, word) for word in words]) != _denied(other):
        return None
    return 100.0 * (1 - (cost + sum(map(len, rest))) / (sum(map(len, words)) + sum(map(len, other))))


def _denied(words: Sequence[str]) -> list[str]:
    """What follows each "without" and "non"."""
    return sorted(words[i + 1] for i, word in enumerate(words[:-1]) if word in ("without", "non"))


def letters_of(word: str) -> int:
    """The letters of a word as a set of bits, one for each letter of the alphabet."""
    bits = 0
    for character in word:
        bits |= 1 << ord(character) % 32
    return bits
