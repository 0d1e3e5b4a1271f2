"""A Result as one page of PDF for the patient's record, by a library that needs no browser (extra: pdf).

The page holds the answer with its reasons, the findings it went by and the versions that made it; the note itself stays
out. The letters are those of Latin-1, which every PDF reader has: what they lack is written out ("alpha") or as "?".
"""

import importlib.util
import unicodedata
from typing import Any

from raredxr1.diagnose.output import sentences, words
from raredxr1.diagnose.output.glossary import printable, shown
from raredxr1.diagnose.output.shown import ShownLine, shown_lines
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError

_WRITTEN = {"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "…": "...", "≥": ">=", "≤": "<=",
            "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "μ": "µ"}  # fmt: skip
IN_FULL = 3
"""Candidates whose evidence the page has room for."""
FIELDS, SIGNED = ("Patient (initials)", "ID", "Born", "Date"), ("Read by", "Signature")
"""Fields that are left to be filled in: nothing of the note is taken for them."""
_INK, _SOFT, _FILL, _TRACK = (27, 36, 41), (85, 97, 104), (21, 94, 99), (220, 223, 220)


def available() -> bool:
    """Whether the library is installed."""
    return importlib.util.find_spec("fpdf") is not None


def pdf(result: Result) -> bytes:
    """Write the page.

    Raises:
        InputError: the library is not installed.
    """
    if not available():
        raise InputError("PDF needs the extra pdf: pip install 'raredxr1[pdf]'; or print the HTML report")
    from fpdf import FPDF

    page = FPDF(format="A4")
    page.set_margins(16, 14, 16)
    page.set_auto_page_break(True, 12)
    page.set_title("Differential diagnosis")
    page.set_creator(f"RareDxR1 {result.versions.raredxr1}")
    page.add_page()
    _line(page, f"Differential diagnosis: {words.basename(result.input)}", 15, bold=True)
    _line(page, result.disclaimer, 8, soft=True)
    page.ln(1.5)
    _fields(page, FIELDS)
    for warning in words.to_act_on(result):
        _line(page, warning, 9, bold=True)
    page.ln(1.5)
    _line(page, " ".join(sentences.reasoning(result)), 10)
    page.ln(1.5)
    nothing = result.verdict.kind == "nothing_stands_out"
    for line in () if nothing else shown_lines(result):
        _candidate(page, line)
        if line.candidate and line.place <= IN_FULL:
            parts = sentences.candidate_sentences(line.candidate, everything=False)
            said = ". ".join(f"{shown(key).capitalize()}: {text}" for key, text in parts)
            if said:
                page.set_x(page.l_margin + 7)
                _line(page, f"{said}.", 8, soft=True)
    if not nothing:
        for line_ in (*words.none_line(result), *words.below_ranking(result)):
            _line(page, line_, 8, soft=True)
        _section(
            page,
            "What would tell them apart",
            [f"{words.step_name(s)} ({words.step_kind(s)}): {words.step_meaning(s)}" for s in words.steps(result)],
        )
    for state in ("present", "absent", "uncertain", "other", "hypothetical"):
        terms = [f"{words.noted(one)}" for one in result.stated if one.state == state]
        _section(page, shown(f"list {state}"), terms)
    page.ln(4)
    _fields(page, SIGNED)
    page.ln(1.5)
    _line(page, f"{words.versions(result)}. Note SHA-256 {result.note_sha256}.", 7, soft=True)
    return bytes(page.output())


def _fields(page: Any, labels: tuple[str, ...]) -> None:
    """Fields to be filled in by hand, side by side, each with a line to write on."""
    width = (page.w - page.l_margin - page.r_margin) / len(labels)
    top = page.get_y()
    for place, label in enumerate(labels):
        left = page.l_margin + place * width
        page.set_xy(left, top)
        _font(page, 8, False, True)
        page.cell(0, 5, _latin(label))
        page.set_draw_color(*_SOFT)
        page.line(left + page.get_string_width(label) + 3, top + 4.4, left + width - 4, top + 4.4)
    page.set_xy(page.l_margin, top + 6)


def _section(page: Any, title: str, items: list[str]) -> None:
    if items:
        page.ln(1)
        _line(page, title, 9, bold=True)
        _line(page, "; ".join(items), 8.5)


def _candidate(page: Any, line: ShownLine) -> None:
    top, right = page.get_y(), page.w - page.r_margin
    if top > page.h - 22:
        page.add_page()
        top = page.get_y()
    if line.confidence is not None:
        page.set_fill_color(*_TRACK)
        page.rect(right - 42, top + 1.4, 28, 2.4, style="F")
        page.set_fill_color(*_FILL)
        page.rect(right - 42, top + 1.4, max(28 * line.confidence, 0.3), 2.4, style="F")
    page.set_xy(right - 13, top)
    _font(page, 9.5, False, False)
    page.cell(13, 5, _latin(line.share), align="R")
    page.set_xy(page.l_margin, top)
    page.cell(7, 5, str(line.place))
    _font(page, 9.5, True, False)
    aside = line.subtypes or line.familiar
    beside = " ".join(filter(None, (line.id or "no id", f"({aside})" if aside else "")))
    page.multi_cell(
        right - 46 - page.l_margin - 7, 5, _latin(f"{line.name}  {beside}"), align="L", new_x="LMARGIN", new_y="NEXT"
    )


def _line(page: Any, text: str, size: float, bold: bool = False, soft: bool = False) -> None:
    _font(page, size, bold, soft)
    page.multi_cell(0, size * 0.46, _latin(text), align="L", new_x="LMARGIN", new_y="NEXT")


def _font(page: Any, size: float, bold: bool, soft: bool) -> None:
    page.set_font("Helvetica", style="B" if bold else "", size=size)
    page.set_text_color(*(_SOFT if soft else _INK))


def _latin(text: str) -> str:
    """Text in the letters the page has."""
    kept = []
    for letter in printable(text):
        letter = _WRITTEN.get(letter, letter)
        if not letter.isascii() and letter.encode("latin-1", "ignore") == b"":
            letter = unicodedata.normalize("NFKD", letter).encode("latin-1", "ignore").decode("latin-1") or "?"
        kept.append(letter)
    return "".join(kept)
