"""Cuts a text into stretches of words that a name of a finding may stand in.

A stretch ends at a full stop, a semicolon, a colon, a bracket, an empty line, a bullet, or a line end that no sentence
runs over. Words broken at a line end are put together where that makes a word that names have ("micro-" and "cephaly").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.dictionary import Dictionary, Known
from raredxr1.knowledge.recognition.words import kind

_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)+)"
    r"|(?P<word>[^\W_]+(?:[\u00ad\u200b][^\W_]+)*)(?:[-‐‑\u00ad][ \t]*\n[ \t]*(?P<other>[a-z][^\W_]*)|(?:['’][a-z]\b)?)"
    r"|[.;:!?()\[\]{}\n,/&|\t•+–—]|--|(?<=\s)-(?=\s)|(?<=\S)[ ]{3,}(?=\S)"
)
_BREAKS = frozenset((*".;:!?()[]{}|\t•+–—", "--", "-"))
_HYPHENS = frozenset("-‐‑")
_UNSEEN = {0xAD: None, 0x200B: None}
"""Places where a word may be broken, as text copied from a page has them: soft hyphens, blanks of no width."""
_LABELLING = frozenset((":", "–", "—", "-"))
LABEL = 3
"""Words of content in the name of an organ before a colon: "optic discs: pale"."""
_JOINERS = frozenset(("and", "or", "with", "w", "without", "/", "&", "plus"))
_NEXT_LINE = re.compile(r"[ \t]*(\n|[-*•–—#>]|\(?\w{1,2}[.)]\s|$)")
_PLUS = re.compile(r" \+ (?=[a-z])")
"""A plus between words, which joins them: "low set + cupped"."""
_CELL_LABEL = re.compile(r"[^\W\d_][\w ]{1,25}:")
WRAPPED = 40
"""A line this long that the next goes on from with a small letter was broken for its length."""


@dataclass(slots=True)
class Word:
    """One word of a stretch.

    Attributes:
        said: in lower case.
        form: what names have of it; of a linking word or a joiner, None.
        start: where it begins in the text.
        end: where it ends.
        capital: whether it begins with a capital.
        mark: "" for a word of content, "hyphen" for one tied to the next by a hyphen, "linking", "join" (and, or,
            with, slash), "comma", "line" (a short line's end), "label" (a colon, a dash or a wide gap behind the first
            words), "column" (a wide gap further on).
    """

    said: str
    form: Known | None
    start: int
    end: int
    capital: bool
    mark: str = ""


def stretches(text: str, names: Dictionary) -> Iterator[list[Word]]:
    """The stretches of a text, in order."""
    words: list[Word] = []
    line_start = 0
    read_as = _said_by(names)
    for token in _TOKEN.finditer(text):
        what = token.lastgroup
        start, end = token.span()
        if what == "word":
            lowered, role, capital, forms = read_as[token[0]]
            if role:
                if role != "small":
                    words.append(Word(lowered, None, start, end, False, role))
                continue
            if words and words[-1].said == "non" and start - words[-1].end == 1 and names.known(f"non{lowered}"):
                start, lowered = words.pop().start, f"non{lowered}"
                forms = read_as[lowered].forms
            tied = "hyphen" if text[end : end + 1] in _HYPHENS and text[end + 1 : end + 2].isalpha() else ""
            for form in forms:
                words.append(Word(lowered, form, start, end, capital, tied))
            continue
        said = token[0]
        if what == "other":
            words += _broken(token, names)
            line_start = text.rfind("\n", start, end) + 1
        elif said == "\n":
            if _ends(text, line_start, start, end):
                yield words
                words = []
            elif start - line_start < WRAPPED:
                words.append(Word("\n", None, start, end, False, "line"))
            line_start = end
        elif said == "," or said in _JOINERS or (said == "+" and _PLUS.match(text, start - 1)):
            words.append(Word(said, None, start, end, False, "comma" if said == "," else "join"))
        elif said in _LABELLING and (begin := _label_begins(words)) is not None:
            if begin:  # "On examination: sclerae: blue"
                yield words[:begin]
            words = [*words[begin:], Word(said, None, start, end, False, "label")]
        elif said in _BREAKS or (said[0] == " " and _CELL_LABEL.match(text, end)):  # a cell with a label of its own
            yield words
            words = []
        elif said[0] == " ":
            words.append(Word(said, None, start, end, False, "label" if _is_label(words) else "column"))
    yield words


class _Said(NamedTuple):
    """A word as it stands in a text: in lower case, its role if it is none of content, its capital, and its forms."""

    lowered: str
    role: str
    capital: bool
    forms: tuple[Known, ...]


class _SaidBy(dict[str, _Said]):
    """What was found for words of texts, in memory alone and not for ever."""

    def __init__(self, names: Dictionary) -> None:
        roles = dict.fromkeys(kind("small"), "small") | dict.fromkeys(kind("linking"), "linking")
        self._roles = roles | dict.fromkeys(_JOINERS, "join")
        self._names = names

    def __missing__(self, said: str) -> _Said:
        if len(self) >= _REMEMBERED:
            self.clear()
        lowered = said.lower() if said.isascii() else said.lower().translate(_UNSEEN)
        if lowered != said:
            found = self[lowered]._replace(capital=said[0].isupper())
        else:
            role = self._roles.get(lowered, "")
            found = _Said(lowered, role, said[0].isupper(), () if role else self._names.read(lowered))
        self[said] = found
        return found


_REMEMBERED = 1 << 16
_said_by = lru_cache(maxsize=4)(_SaidBy)


def _label_begins(words: list[Word]) -> int | None:
    """Where the name of a part begins that a colon stands behind: at the head, or behind another label."""
    marks = [at for at, word in enumerate(words) if word.mark == "label"]
    begin = marks[-1] + 1 if marks else 0
    return begin if _is_label(words[begin:]) else None


def _is_label(words: list[Word]) -> bool:
    """Whether the words of a stretch so far may be the name of an organ or a part that is examined."""
    return 0 < len(words) <= LABEL and all(word.form is not None for word in words)


def _broken(token: re.Match[str], names: Dictionary) -> list[Word]:
    """The words of a word with a line end in it: one where names have it, else two, as in "low-" and "set"."""
    half, other = token["word"].lower(), token["other"].lower()
    capital = token[0][0].isupper()
    if names.known(half + other):
        return [Word(half + other, form, *token.span(), capital) for form in names.read(half + other, mend=False)]
    return [
        Word(said, form, *token.span(part), capital and part == "word")
        for part, said in (("word", half), ("other", other))
        for form in names.read(said, mend=False)
    ]


def _ends(text: str, line_start: int, start: int, end: int) -> bool:
    """Whether the end of a line ends what is said."""
    if _NEXT_LINE.match(text, end):
        return True
    line, first = text[line_start:start], text[end : end + 80].lstrip()[:1]
    wrapped = len(line) >= WRAPPED
    return not (first.islower() or (wrapped and (first.isdigit() or line.isupper())))
