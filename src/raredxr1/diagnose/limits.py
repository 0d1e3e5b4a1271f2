"""What may come in: a note has a size, an encoding and some words; within its size it may be of any length.

Checks say in one line what is wrong and never repeat what the note says.
"""

import re
import unicodedata
from collections.abc import Callable

from raredxr1.errors import InputError

MAX_BYTES = 200_000
ENOUGH_WORDS = 3
"""Fewer are taken only where one of them is known: "Seizure." is a note, "hm" is none."""
FEW_WORDS = 8
"""With fewer the answer says that it rests on little."""

_FORMATS = {
    b"%PDF": "a PDF; save its text and give that",
    b"PK\x03\x04": "a zip or office document; save its text and give that",
    b"\x1f\x8b": "gzipped; unpack it first",
    b"{\\rtf": "rich text; save it as plain text",
    b"\xff\xfe": "UTF-16; save it as UTF-8",
    b"\xfe\xff": "UTF-16; save it as UTF-8",
}
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]{2,}")


def decode(data: bytes, name: str) -> str:
    """Turn the bytes of an input into text; line ends become line feeds, a byte order mark is left out.

    Raises:
        InputError: empty, over 200 kB, of another format, binary, or not UTF-8.
    """
    if not data:
        raise InputError(f"{name}: empty")
    if len(data) > MAX_BYTES:
        raise InputError(f"{name}: over {MAX_BYTES // 1000} kB; give the part that matters")
    for start, what in _FORMATS.items():
        if data.startswith(start):
            raise InputError(f"{name}: {what}")
    if b"\x00" in data:
        raise InputError(f"{name}: binary, no text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    odd = sum(unicodedata.category(c) == "Cc" and not c.isspace() for c in text)
    if odd > len(text) // 50 + 5:
        raise InputError(f"{name}: binary, no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_words(note: str, name: str) -> None:
    """Refuse a note without a word.

    Raises:
        InputError: blank, or nothing but numbers and signs.
    """
    if not note.strip():
        raise InputError(f"{name}: blank")
    if not _WORD.search(note):
        raise InputError(f"{name}: no clinical content (no word in it)")


def check_little(note: str, name: str, known: Callable[[str], bool]) -> list[str]:
    """Look at what a short note says.

    Args:
        note: it has passed `check_words`.
        name: what messages call it.
        known: whether a finding or a disease is named in a text.

    Returns:
        A notice where the note says little.

    Raises:
        InputError: one or two words, and nothing known among them.
    """
    words = len(_WORD.findall(note))
    if words < ENOUGH_WORDS and not known(note):
        raise InputError(
            f"{name}: no clinical content (fewer than {ENOUGH_WORDS} words, and no known finding among them)"
        )
    if words >= FEW_WORDS:
        return []
    return [f"The note has only {words} word{'s' if words > 1 else ''}: the ranking rests on little."]
