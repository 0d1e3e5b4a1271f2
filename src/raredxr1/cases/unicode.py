"""Halves of characters (lone surrogates): JSON escapes and file names can hold them, and no file can be written so."""

import re

from raredxr1.errors import InputError

_SURROGATE = re.compile("[\ud800-\udfff]")


def is_broken(text: str) -> bool:
    """Whether a text holds half a character."""
    return _SURROGATE.search(text) is not None


def mended(text: str) -> str:
    """The text with the replacement character for every half of a character."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def mended_json(value: object) -> object:
    """Parsed JSON with every text in it mended, keys too.

    Raises:
        InputError: nested too deeply.
    """
    try:
        return _mended(value)
    except RecursionError as error:
        raise InputError("JSON nested too deeply") from error


def _mended(value: object) -> object:
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, dict):
        return {mended(str(key)): _mended(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_mended(held) for held in value]
    return value
