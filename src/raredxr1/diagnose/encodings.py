"""Bytes become text whatever encoding they are in: UTF-8 as it is, others by what they most plausibly are."""

from collections import Counter

_BOMS = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_WESTERN = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "latin-1": "ISO 8859-1"}
_USUAL = frozenset("äöüÄÖÜßéèêëÉàáâçñíîïóôúûøåØÅæœ’‘“”–—…•°µ½¼¾²³±×·®™€£§ \u00a0")
_ACCENTED = 0.35
"""Of the letters of a Western European text, at most so many are beyond ASCII."""
_SHARE = 0.7
"""Of the characters beyond ASCII so many are usual ones where a text is Western European."""


def text_of_bytes(data: bytes) -> tuple[str, str] | None:
    """Decode.

    Returns:
        The text and the name of its encoding, empty for UTF-8; None where it is no text in any.
    """
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return _tried(data, encoding, encoding.upper())
    try:
        text = data.decode("utf-8-sig")
        if "\x00" not in text:
            return text, ""
    except UnicodeDecodeError:
        pass
    if b"\x00" in data:
        return _without_mark(data)
    return _eight_bits(data)


def as_utf8(data: bytes) -> bytes:
    """UTF-16 and UTF-32, with a byte order mark or without, as UTF-8; anything else as it is."""
    marked = next((encoding for mark, encoding in _BOMS.items() if data.startswith(mark)), "")
    read = _tried(data, marked, marked) if marked else _without_mark(data) if b"\x00" in data else None
    return read[0].encode("utf-8", "replace") if read else data


def _without_mark(data: bytes) -> tuple[str, str] | None:
    """UTF-16 without a byte order mark: nearly every other byte is null."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    half = len(data) / 2
    if len(data) % 2 == 0 and max(even, odd) > 0.6 * half and min(even, odd) < 0.05 * half:
        return _tried(data, "utf-16-be" if even > odd else "utf-16-le", "UTF-16")
    return None


def _eight_bits(data: bytes) -> tuple[str, str] | None:
    best: tuple[float, str, str] | None = None
    for encoding, name in _WESTERN.items():
        if (read := _tried(data, encoding, name)) is not None:
            beyond = Counter(character for character in read[0] if not character.isascii())
            share = sum(n for c, n in beyond.items() if c in _USUAL) / max(1, beyond.total())
            if best is None or share > best[0]:
                best = share, *read
    letters = sum(byte > 127 or chr(byte).isalpha() for byte in data)
    western = sum(byte > 127 for byte in data) < _ACCENTED * max(1, letters)
    if best and western and best[0] >= _SHARE:
        return best[1], best[2]
    from charset_normalizer import from_bytes  # what is UTF-8 does without

    guess = from_bytes(data).best()
    if guess is not None:
        return str(guess), guess.encoding.replace("_", "-").upper()
    return (best[1], best[2]) if best else None


def _tried(data: bytes, encoding: str, name: str) -> tuple[str, str] | None:
    try:
        return data.decode(encoding), name
    except UnicodeDecodeError:
        return None
