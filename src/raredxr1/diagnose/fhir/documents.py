"""The texts of documents: attachments (text, HTML, PDF, Word, RTF), narratives of sections as their visible words."""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from raredxr1 import lazy_re as re
from raredxr1.diagnose.encodings import text_of_bytes
from raredxr1.diagnose.html_text import text_of_html
from raredxr1.diagnose.limits import MAX_FILE_BYTES
from raredxr1.diagnose.office import text_of_pdf, text_of_rtf, text_of_zip
from raredxr1.errors import InputError

Json = dict[str, Any]

_WITHDRAWN = {"entered-in-error", "superseded", "cancelled"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:\-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w.:\-]+)", re.IGNORECASE)
_TEXTS = ("text/plain", "text/markdown", "text/x-markdown", "")
_PAGES = ("text/html", "application/xhtml+xml", "application/xhtml")
_SAID = ("presentedForm", "conclusion", "conclusionCode", "result")
"""Fields of a report that say what its narrative repeats."""


def document_texts(
    resources: Mapping[str, Sequence[Json]], binaries: Mapping[str, Json]
) -> tuple[list[str], list[str]]:
    """Read the texts of compositions, references and reports.

    Args:
        resources: clinical resources by type.
        binaries: Binary resources by the reference that means them.

    Returns:
        The texts, and notices of what could not be read.
    """
    texts: list[str] = []
    withdrawn = unread = 0
    for kind in ("Composition", "DocumentReference", "DiagnosticReport"):
        for document in resources[kind]:
            if {document.get("status"), document.get("docStatus")} & _WITHDRAWN:
                withdrawn += 1
                continue
            if kind == "Composition":
                texts += _sections(document.get("section"), 0)
                continue
            attachments = list(_attachments(document))
            found = [_attached(one, binaries) for one in attachments]
            texts += [text for text in found if text]
            if kind == "DiagnosticReport" and not any(document.get(key) for key in _SAID):
                texts += [text for text in (narrative_of(document),) if text]
            unread += sum(not text for text in found) + (kind == "DocumentReference" and not attachments)
            if isinstance(document.get("conclusion"), str) and document["conclusion"].strip():
                texts.append(document["conclusion"].strip())
    notices = [f"Documents that were withdrawn or replaced, left out: {withdrawn}."] if withdrawn else []
    notices += [f"Attachments without text that can be read, left out: {unread}."] if unread else []
    return list(dict.fromkeys(texts)), notices


def narrative_of(resource: Json) -> str:
    """The visible words of a resource's or a section's narrative; empty where it has none."""
    narrative = resource.get("text")
    div = narrative.get("div") if isinstance(narrative, dict) and narrative.get("status") != "empty" else None
    return text_of_html(div).strip() if isinstance(div, str) else ""


def _reader(data: bytes) -> Callable[[bytes], str] | None:
    """What reads a file that is no plain text, whatever type is declared of it."""
    if b"%PDF-" in data[:1024]:
        return lambda held: text_of_pdf(held, "attachment").strip()
    if data.startswith(b"PK\x03\x04"):
        return lambda held: text_of_zip(held, "attachment")[0].strip()
    if data.startswith(b"{\\rtf"):
        return lambda held: text_of_rtf(held, "attachment").strip()
    return None


def _attachments(document: Json) -> Iterator[Json]:
    for content in document.get("content") or []:
        if isinstance(content, dict) and isinstance(content.get("attachment"), dict):
            yield content["attachment"]
    for attachment in document.get("presentedForm") or []:
        if isinstance(attachment, dict):
            yield attachment


def _attached(attachment: Json, binaries: Mapping[str, Json]) -> str:
    """The text of an attachment, or of the Binary it refers to; empty where it is no text or not here."""
    url = str(attachment.get("url") or "")
    held = binaries.get(url) or binaries.get("/".join(url.split("/")[-2:])) or {}
    kind = str(attachment.get("contentType") or held.get("contentType") or "")
    data = _bytes(attachment.get("data") or held.get("data"))
    if not data or len(data) > MAX_FILE_BYTES:
        return ""
    if (read := _reader(data)) is not None:
        try:
            return read(data)
        except InputError:
            return ""
    media = kind.partition(";")[0].strip().lower()
    is_page = media in _PAGES or (media == "" and data.lstrip()[:1] == b"<")
    if not is_page and media not in _TEXTS:
        return ""
    charset = _CHARSET.search(kind)
    within = _DECLARED.search(data[:2000]) if is_page else None
    text = _decoded(data, charset[1] if charset else within[1].decode("ascii", "replace") if within else "")
    return (text_of_html(text) if is_page else text).strip()


def _bytes(data: object) -> bytes:
    """Base64 as it is met: with line breaks, of the URL alphabet, without padding."""
    if not isinstance(data, str):
        return b""
    packed = "".join(data.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _decoded(data: bytes, charset: str) -> str:
    """Bytes as text: as UTF-8 where they are that, by the charset declared, else by what they most plausibly are.

    Text that is valid UTF-8 is hardly ever anything else, whatever is declared.
    """
    named = "cp1252" if charset.lower() in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else charset
    for codec in ("" if b"\x00" in data else "utf-8", named):
        try:
            text = data.decode(codec) if codec else "\x00"
        except (LookupError, ValueError):
            continue
        if "\x00" not in text:
            return text.removeprefix("\ufeff")
    read = text_of_bytes(data)
    return read[0].removeprefix("\ufeff") if read else ""


def _sections(sections: object, depth: int) -> Iterator[str]:
    """Title and visible words of each section and of those below it."""
    for section in sections if isinstance(sections, list) and depth < 8 else []:
        if not isinstance(section, dict):
            continue
        words = narrative_of(section)
        title = str(section.get("title") or "").strip()
        if words:
            yield f"{title.rstrip(':')}:\n{words}" if title and not words.startswith(title) else words
        yield from _sections(section.get("section"), depth + 1)
