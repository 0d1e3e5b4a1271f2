"""What may come in: a note has a size, an encoding and some words; within its size it may be of any length.

Checks say in one line what is wrong and never repeat what the note says.
"""

import unicodedata
from collections.abc import Callable

from raredxr1 import lazy_re as re
from raredxr1.diagnose.encodings import text_of_bytes
from raredxr1.diagnose.html_text import text_of_html
from raredxr1.diagnose.office import text_of_pdf, text_of_rtf, text_of_zip
from raredxr1.errors import InputError

MAX_BYTES = 200_000
ENOUGH_WORDS = 3
"""Fewer are taken only where one of them is known: "Seizure." is a note, "hm" is none."""
FEW_WORDS = 8
"""With fewer the answer says that it rests on little."""

MAX_FILE_BYTES = 30_000_000
"""Of a PDF or Word file, which holds more than its words."""

_FORMATS = {
    b"\x1f\x8b": "gzipped; unpack it first",
    b"\xd0\xcf\x11\xe0": "an old (.doc) or encrypted Office document; save it as .docx without a password",
}
_NO_NOTES = (
    (re.compile(r"xmlns\s*=\s*[\"']http://hl7\.org/fhir[\"']"), "FHIR as XML; give it as JSON"),
    (re.compile(r"<(?:\w+:)?ClinicalDocument\b"), "a CDA document (XML); give its text, or FHIR as JSON"),
    (re.compile(r"^[\s\x0b]*MSH[|^~&#]"), "an HL7 version 2 message; give its report as text, or FHIR as JSON"),
)
"""Formats whose signs, taken for words, would state what they do not (negationInd="true")."""
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]{2,}")


def decode(data: bytes, name: str) -> str:
    """The text of an input, without the notices of `read_text`."""
    return read_text(data, name)[0]


def read_text(data: bytes, name: str) -> tuple[str, list[str]]:
    """Turn the bytes of an input into text; line ends become line feeds, a byte order mark is left out.

    Plain text may be in any usual encoding. Of PDF, Word, RTF and HTML files the words are read.

    Returns:
        The text, and notices of what had to be done to have it.

    Raises:
        InputError: empty, over 200 kB of text, of a format that is not read, damaged, or binary.
    """
    if not data:
        raise InputError(f"{name}: empty")
    if len(data) > MAX_FILE_BYTES:
        raise InputError(f"{name}: over {MAX_FILE_BYTES // 1_000_000} MB; give the part that matters")
    for start, what in _FORMATS.items():
        if data.startswith(start):
            raise InputError(f"{name}: {what}")
    notices: list[str] = []
    if b"%PDF-" in data[:1024]:
        text, notices = text_of_pdf(data, name), ["Its text was taken out of a PDF."]
    elif data.startswith(b"PK\x03\x04"):
        text, notices = text_of_zip(data, name)
        notices = ["Its text was taken out of a Word document.", *notices]
    elif data.startswith(b"{\\rtf"):
        text, notices = text_of_rtf(data, name), ["Its text was taken out of a rich text file."]
    else:
        _check_size(data, name)
        read = text_of_bytes(data)
        if read is None:
            raise InputError(f"{name}: binary, no text")
        text, encoding = read
        odd = sum(unicodedata.category(c) == "Cc" and not c.isspace() for c in text)
        if odd > len(text) // 50 + 5 or (odd and encoding):
            raise InputError(f"{name}: binary, no text")
        notices = [f"It is no UTF-8; it was read as {encoding}."] if encoding else []
        if what := next((what for sign, what in _NO_NOTES if sign.search(text[:2000])), ""):
            raise InputError(f"{name}: {what}")
        if _HTML.match(text):
            text, notices = text_of_html(text), [*notices, "Its text was taken out of an HTML page."]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    _check_size(text.encode("utf-8", "surrogatepass"), name)
    return text, notices


def _check_size(data: bytes, name: str) -> None:
    if len(data) > MAX_BYTES:
        raise InputError(f"{name}: over {MAX_BYTES // 1000} kB; give the part that matters")


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
