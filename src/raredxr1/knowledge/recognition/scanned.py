"""Letters that a scanner takes for one another: "normaI", "deafncss", "heartbum"."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re

SHORTENED = 7
"""Letters that a word has at least which is taken for the beginning of a name."""
SHORTEST = 6
"""Letters of a word that is looked at for these slips."""
_CAPITAL_I = re.compile(r"\b[A-Za-z]?[a-z]{2,}I[a-z]*\b")
_DIGIT = re.compile(r"\b(?!alpha|beta|gamma|delta)[A-Za-z]?[a-z]{2,}[10][a-z]{2,}\b")
_TAKEN_FOR = (("rn", "m"), ("m", "rn"), ("c", "e"), ("e", "c"), ("ii", "n"), ("li", "h"), ("vv", "w"), ("cl", "d"))


def rectified(text: str) -> str:
    """A text of the same length with capital I, one and nought inside words as the letters l and o."""
    if _inside(text, "I"):
        text = _CAPITAL_I.sub(lambda match: match[0].replace("I", "l"), text)
    if _inside(text, "1") or _inside(text, "0"):
        text = _DIGIT.sub(lambda match: match[0].replace("1", "l").replace("0", "o"), text)
    return text


def _inside(text: str, sign: str) -> bool:
    """Whether a sign stands behind a small Latin letter anywhere."""
    at = text.find(sign)
    while at >= 0:
        if at and "a" <= text[at - 1] <= "z":
            return True
        at = text.find(sign, at + 1)
    return False


def taken_for(word: str) -> Iterator[str]:
    """What a word in lower case may have been before it was scanned, with one slip."""
    for seen, meant in _TAKEN_FOR:
        at = word.find(seen)
        while at >= 0:
            yield word[:at] + meant + word[at + len(seen) :]
            at = word.find(seen, at + 1)
