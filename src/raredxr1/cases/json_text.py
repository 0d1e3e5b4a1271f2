"""JSON as users give it: what two readers could read differently is refused instead of guessed.

A key that stands twice in an object (RFC 8259 leaves open which one counts) could turn a finding round or lose a note;
NaN and Infinity are no JSON at all, and Python reads them. Halves of characters are replaced (see `cases.unicode`).

Halves of characters (lone surrogates): JSON escapes and file names can hold them, and no file can be written so.
"""

import json
from typing import Any, NoReturn

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError


def parse_json(text: str) -> Any:
    """Read one JSON value.

    Args:
        text: the document.

    Raises:
        json.JSONDecodeError: it is no JSON.
        InputError: JSON that cannot be used; the message is without a file's name.
    """
    try:
        return mended_json(json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant))
    except RecursionError as error:
        raise InputError("JSON nested too deeply") from error
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # Python's limit of digits in one number
        raise InputError("a number too long to be read") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise InputError("a key stands twice in one object of the JSON; which of the two counts cannot be told")
    return value


def _no_constant(constant: str) -> NoReturn:
    raise InputError(f"{constant} is no JSON; leave the value out")


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
