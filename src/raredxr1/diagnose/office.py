"""The words of PDF, Word (.docx) and RTF files. Nothing of them is run, and what they hold beside words is left out."""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from raredxr1.errors import InputError

MAX_XML_BYTES = 20_000_000
"""A word/document.xml that unpacks to more is no letter."""
MAX_PAGES = 500
_WORD_XML = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OTHERS = {
    "xl/": "a spreadsheet (.xlsx); save it as CSV or plain text",
    "ppt/": "a presentation (.pptx); save its text and give that",
    "content.xml": "an OpenDocument file; save it as .docx or plain text",
    "META-INF/container.xml": "an e-book; save its text and give that",
}


def text_of_pdf(data: bytes, name: str) -> str:
    """Give the text of a PDF, page after page.

    Raises:
        InputError: encrypted, damaged, or without text, as scanned pages are.
    """
    import pypdf  # takes a moment, and most notes are no PDF

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what it mends
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{name}: an encrypted PDF; save it without its password")
        if len(reader.pages) > MAX_PAGES:
            raise InputError(f"{name}: a PDF of over {MAX_PAGES} pages; give the part that matters")
        text = "\n".join(page.extract_text() for page in reader.pages)
    except InputError:
        raise
    except Exception as error:  # whatever a damaged file makes the library stumble over
        raise InputError(f"{name}: a PDF that cannot be read ({type(error).__name__}); save its text") from error
    if not text.strip():
        raise InputError(f"{name}: a PDF without text, such as scanned pages; have its text recognised first (OCR)")
    return text


def text_of_zip(data: bytes, name: str) -> tuple[str, list[str]]:
    """Give the text of a Word document (.docx, .docm), and notices; cells of a table row are set apart by tabs.

    Raises:
        InputError: another kind of zip, damaged, encrypted, or one that unpacks to far too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            held = {info.filename: info for info in packed.infolist()}
            document = held.get("word/document.xml")
            if document is None:
                what = next((said for start, said in _OTHERS.items() if any(n.startswith(start) for n in held)), "")
                raise InputError(f"{name}: {what or 'a zip file; unpack it first'}")
            if document.file_size > MAX_XML_BYTES:
                raise InputError(f"{name}: a Word document that unpacks to over {MAX_XML_BYTES // 1_000_000} MB")
            with packed.open(document) as file:
                xml = file.read(MAX_XML_BYTES + 1)  # the size stated may be false
            if len(xml) > MAX_XML_BYTES:
                raise InputError(f"{name}: a Word document that unpacks to over {MAX_XML_BYTES // 1_000_000} MB")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise InputError(f"{name}: a damaged or encrypted zip or Word document") from error
    if b"<!DOCTYPE" in xml[:2000]:
        raise InputError(f"{name}: a Word document with a document type of its own, which no Word writes")
    try:
        body = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        raise InputError(f"{name}: a damaged Word document") from error
    macros = any(n.lower().endswith("vbaproject.bin") for n in held)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(_blocks(body)))
    return text, ["Its macros were left alone; only its words were read."] if macros else []


def text_of_rtf(data: bytes, name: str) -> str:
    """Give the text of a rich text file.

    Raises:
        InputError: it cannot be read.
    """
    from striprtf.striprtf import rtf_to_text

    try:
        text: str = rtf_to_text(data.decode("cp1252", "replace"), errors="ignore")  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever a damaged file makes the library stumble over
        raise InputError(f"{name}: rich text that cannot be read; save it as plain text") from error
    return re.sub(r"\|(?=[^|\n]*[|\n])", "\t", text) if re.search(r"^[^|\n]*(\|[^|\n]*)+\|$", text, re.M) else text


def _blocks(parent: ElementTree.Element) -> Iterator[str]:
    """Paragraphs, and table rows, as lines."""
    for child in parent:
        if child.tag == f"{_WORD_XML}p":
            yield _paragraph(child)
        elif child.tag == f"{_WORD_XML}tr":
            cells = (" ".join(" ".join(_blocks(cell)).split()) for cell in child.iter(f"{_WORD_XML}tc"))
            yield "\t".join(cells)
        elif child.tag != _FALLBACK:
            yield from _blocks(child)


def _paragraph(paragraph: ElementTree.Element) -> str:
    pieces = [*_runs(paragraph)]
    listed = paragraph.find(f"{_WORD_XML}pPr/{_WORD_XML}numPr") is not None
    text = "".join(pieces).strip("\n ")
    return f"- {text}" if listed and text else text


def _runs(parent: ElementTree.Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_WORD_XML}t":
            yield child.text or ""
        elif child.tag in (f"{_WORD_XML}tab", f"{_WORD_XML}ptab"):
            yield "\t"
        elif child.tag in (f"{_WORD_XML}br", f"{_WORD_XML}cr"):
            yield "\n"
        elif child.tag == f"{_WORD_XML}noBreakHyphen":
            yield "-"
        elif child.tag == f"{_WORD_XML}p":  # a text box
            yield f"\n{_paragraph(child)}\n"
        elif child.tag not in (_FALLBACK, f"{_WORD_XML}pPr", f"{_WORD_XML}del", f"{_WORD_XML}moveFrom"):
            yield from _runs(child)
