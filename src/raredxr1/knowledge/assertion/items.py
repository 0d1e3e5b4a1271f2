"""Lists before a word that speaks of all their items, some of which are no findings.

"HIV, hepatitis B and C, syphilis: negative", "a dystrophy, Pompe disease and a storage disorder have been set aside".
"""

from collections.abc import Sequence

from raredxr1.knowledge.assertion.cues import FINDING, Word
from raredxr1.knowledge.assertion.vocabulary import CONTRASTS, FINITE, INFECTIONS, LIMITS

_LONGEST = 6
"""Words of an item of diseases at most."""
_SHORTEST = 2
"""Words of an item of infections, which are tests, at most."""


def named_before(words: Sequence[Word], at: int) -> list[int]:
    """The findings of a list of nouns that a sentence begins with and that ends at a place, the nearest first.

    None where a verb or preposition stands in it: then the list is no subject of what follows.
    """
    found, length = list[int](), 0
    for back in range(at - 1, -1, -1):
        text = words[back].text
        if text in ".;:":
            break
        if text == FINDING:
            found.append(back)
        elif text in (",", "and", "&", "or"):
            length = 0
        elif text in FINITE or text in LIMITS or text in CONTRASTS or length >= _LONGEST:
            return []
        else:
            length += 1
    return found


_REASONS = ("as", "since", "because")


def reasoned_before(words: Sequence[Word], at: int) -> list[int]:
    """The findings of a list that a word of reason begins and that ends at a place, the nearest first.

    "An echo is planned, as heart defects and deafness can be associated": none where no such word begins it.
    """
    found = list[int]()
    for back in range(at - 1, -1, -1):
        text = words[back].text
        if text == FINDING:
            found.append(back)
        elif text in _REASONS:
            return found
        elif text in ".:;" or text in FINITE or text in CONTRASTS:
            break
    return []


def infections_before(words: Sequence[Word], at: int) -> list[int]:
    """The infections of a list of tests that ends at a place, the nearest first: "HIV, hepatitis B and C negative"."""
    found, letters, length = list[int](), list[int](), 0
    for back in range(at - 1, -1, -1):
        text = words[back].text
        if text in FINITE:
            return []  # "he had hepatitis, HIV negative"
        if text == FINDING:
            letter = words[back].end - words[back].start == 1  # the C of "hepatitis B and C"
            if not letter and words[back].head not in INFECTIONS:
                break
            (letters if letter else found).append(back)
            length = 0
        elif text in (",", "and", "&", "/", "or"):
            length = 0
        elif text in ("a", "an", "the"):
            continue
        elif text in ".;" or text in LIMITS or length >= _SHORTEST:
            break
        else:
            length += text not in (":", "(", ")", "-", "=")
    return found + letters if found else []
