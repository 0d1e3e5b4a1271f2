"""Whether a note is in another language than English, the only one that is read.

The detector is py3langid (Lui & Baldwin 2012, langid.py), which is small, offline and quick. English shorthand is no
text of any language to it, so that it is believed only where it is sure, and not where English function words abound.
"""

from functools import cache
from typing import Any

from raredxr1 import lazy_re as re
from raredxr1.data import table

SURE = 0.6
"""Probability of the language from which on it is named. Shorthand in English, tried on it, stays below 0.3."""
_ENGLISH = re.compile(
    r"\b(?:the|and|with|of|is|was|has|had|no|not|in|on|at|for|he|she|his|her|old|year|since|without|are|were|but|to)\b",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 0.12
"""Share of English function words from which on a text is English."""
_LOOKED_AT = 4000
"""Characters that are looked at."""


def language_notice(note: str) -> list[str]:
    """Say that a note is not English; nothing where it is, or where it cannot be told."""
    name = foreign_language(note)
    if not name:
        return []
    return [f"The note reads as {name}. Only English is read: most of its findings were not, so do not rely on this."]


def foreign_language(note: str) -> str:
    """The name of the language, where it is surely not English; else empty."""
    text = note[:_LOOKED_AT]
    words = len(_WORD.findall(text))
    if words and len(_ENGLISH.findall(text)) >= _ENOUGH * words:
        return ""
    code, probability = _identifier().classify(text)
    if probability < SURE or code in ("en", "la", "zxx"):
        return ""
    return _names().get(code, f"another language than English ({code})")


@cache
def _names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in table("languages")}


@cache
def _identifier() -> Any:
    from py3langid import langid  # unpacks its model: only for notes that are not plainly English

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
