"""Words that are a finding or none by what stands around them: "tearing pain" is no tearing of the eyes.

The table is `data/recognition/lifted.tsv`; it is asked for what any way of reading has found.
"""

from functools import cache
from typing import NamedTuple

from raredxr1 import lazy_re as re
from raredxr1.data import rows
from raredxr1.knowledge.store import KnowledgeBase

REACH = 260
"""Letters of a sentence, on either side, that are looked at."""
_LABEL = 60
_ENDS = re.compile(r"[.!?\n](?:(?<!\n)(?=\s|$)|(?<=\n)(?=\s*(?:\n|[-*•]|\w{1,3}[.)] )))")


class _Row(NamedTuple):
    term: str
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    becomes: str


def in_its_phrase(text: str, start: int, end: int, hpo_id: str) -> str:
    """The term that words are in their phrase: the one they were read as, another, or none.

    Args:
        text: the note.
        start: where the words begin.
        end: where they end.
        hpo_id: what they were read as.

    Returns:
        An HPO id; empty: no finding.
    """
    by_words, by_term = _table()
    found: list[_Row] = [
        *by_words.get(" ".join(text[start:end].lower().split()), ()),
        *by_term.get(hpo_id, ()),
        *by_term.get("*", ()),
    ]
    left = _begin(text, start) if any(row.before or row.needs for row in found) else start
    right = _stop(text, end)
    for row in found:
        if row.term not in ("*", hpo_id):
            continue
        if row.before and not row.before.search(text, left, start):
            continue
        if row.behind and not row.behind.match(text, end, right):
            continue
        if row.needs and (row.needs.search(text, left, right) or row.needs.search(_label(text, start))):
            continue
        return str(row.becomes)
    return hpo_id


_FRACTURE = "HP:0020110"
"""What the rows of Bone fracture say holds for every kind of it: "broke his wrist falling off a skateboard"."""


def in_play(text: str, start: int, end: int, term: int, kb: KnowledgeBase) -> bool:
    """Whether a kind of fracture is told as one of play or an accident.

    Args:
        text: the note.
        start: where its words begin.
        end: where they end.
        term: number of the term.
        kb: knowledge base.
    """
    if kb.resolve_term(_FRACTURE) is None or kb.term(_FRACTURE) not in kb.term_ancestors[term]:
        return False
    return not in_its_phrase(text, start, end, _FRACTURE)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a place begins and ends, no further than is looked at."""
    return _begin(text, start), _stop(text, end)


def _begin(text: str, start: int) -> int:
    left = max(0, start - REACH)
    for sign in _ENDS.finditer(text, left, start):
        left = sign.end()
    return left


def _stop(text: str, end: int) -> int:
    right = min(len(text), end + REACH)
    stop = _ENDS.search(text, end, right)
    return stop.start() if stop else right


def _label(text: str, start: int) -> str:
    """What a line begins with, up to its first colon: "MRI brain"."""
    line = text.rfind("\n", 0, start) + 1
    colon = text.find(":", line, start)
    return text[line:colon] if 0 < colon - line < _LABEL else ""


@cache
def _table() -> tuple[dict[str, list[_Row]], dict[str, list[_Row]]]:
    """Rows by their words, and those of any words by their term."""
    by_words: dict[str, list[_Row]] = {}
    by_term: dict[str, list[_Row]] = {}
    for words, term, before, behind, needs, becomes in rows("recognition/lifted"):
        row = _Row(term, _compiled(before), _compiled(behind), _compiled(needs), becomes)
        for one in words.split("|"):
            (by_term if one == "*" else by_words).setdefault(term if one == "*" else one, []).append(row)
    return by_words, by_term


def _compiled(pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern, re.IGNORECASE) if pattern else None
