"""Words and word pairs of a text, as the text ranker counts them: folded, stemmed, without stop words.

A pair is two words that follow each other when stop words are left out, so "cafe au lait spots" and "loss of hearing"
give pairs however they are written. In files a word or pair is the number `hashed` gives, so that no text stands there.
"""

import hashlib
import math
import threading
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from itertools import pairwise

import Stemmer

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.knowledge import names

_WORD = re.compile(r"[a-z][a-z0-9]*|\d+[a-z][a-z0-9]*")
_local = threading.local()


def grams(text: str) -> Counter[str]:
    """Count the stems of a text and the pairs of them, a pair written with a space."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    folded = "".join(character for character in decomposed if not unicodedata.combining(character))
    stems = [stem for word in _WORD.findall(folded) if (stem := _stem(word))]
    counted = Counter(stems)
    counted.update(f"{first} {second}" for first, second in pairwise(stems))
    return counted


def damped(count: float) -> float:
    """What a word that is said several times counts, against 1 for one that is said once."""
    return 1.0 + math.log(count)


@lru_cache(maxsize=2**18)
def hashed(gram: str) -> int:
    """The number of a word or pair, below 2**32."""
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=4).digest(), "little")


@lru_cache(maxsize=2**17)
def _stem(word: str) -> str:
    if len(word) < 2 or word in _stop_words():
        return ""
    spelled = names.words(word)
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english")  # holds state: one a thread
    return str(_local.stemmer.stemWord(spelled[0] if len(spelled) == 1 and spelled[0].isalpha() else word))


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(row["word"] for row in table("stop_words"))
