"""Patterns that few notes hold, each looked for only in a note that has the words every match of it needs.

A note is gone through once for its words; a pattern of which no match is possible without "bladder" or "urine" is not
run, nor compiled, where neither is among them (nor within one of them). What a pattern needs is told from its syntax:
runs of two Latin letters or more that stand in every branch. English notes hold about one in eight of the hundred
patterns, which would otherwise each go through the whole of every note.

    from raredxr1.rare_re import rare
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

try:
    from re import _parser as syntax  # type: ignore[attr-defined]
except ImportError:  # a Python that keeps it elsewhere: every pattern is run
    syntax = None

Needs = tuple[frozenset[str], ...]
"""Of each set a match has one at least, in lower case."""

_WORD = re.compile(r"[a-z]+")
_LOOKALIKES = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}
"""What `re.IGNORECASE` takes for Latin letters."""
_SHORTEST, _SETS = 2, 3
_registered: list["Rare"] = []
_needles: dict[int, set[str]] = {}
"""All that patterns need, by length."""
_within: dict[str, frozenset[str]] = {}
"""What is needed by some pattern and is within a word."""
_REMEMBERED = 1 << 16


class Rare:
    """A pattern with the methods of a compiled one, as far as they are used."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        """Take a pattern; it is compiled when a note may hold it."""
        self.pattern = pattern
        self._flags = flags
        self._needs: Needs | None = None
        _registered.append(self)

    @property
    def needs(self) -> Needs:
        """What every match has; empty: nothing that is known."""
        if self._needs is None:
            _learn()
        return self._needs or ()

    def may_be_in(self, text: str) -> bool:
        """Whether a text has what every match needs."""
        needs = self._needs
        if needs is None:
            needs = self.needs
        words = _words(text)
        for need in needs:  # noqa: SIM110 - a hundred times a note
            if need.isdisjoint(words):
                return False
        return True

    def __getattr__(self, name: str) -> Any:
        """The compiled pattern and its methods, from the first use on."""
        if not name.startswith("made_"):
            raise AttributeError(name)
        made = re.compile(self.pattern, self._flags)
        vars(self).update({f"made_{held}": getattr(made, held) for held in _METHODS})
        return vars(self)[name]

    def finditer(self, text: str, *span: int) -> Iterator[re.Match[str]]:
        """As of a compiled pattern."""
        found: Iterator[re.Match[str]] = self.made_finditer(text, *span) if self.may_be_in(text) else iter(())
        return found

    def findall(self, text: str, *span: int) -> list[Any]:
        """As of a compiled pattern."""
        found: list[Any] = self.made_findall(text, *span) if self.may_be_in(text) else []
        return found

    def search(self, text: str, *span: int) -> re.Match[str] | None:
        """As of a compiled pattern."""
        found: re.Match[str] | None = self.made_search(text, *span) if self.may_be_in(text) else None
        return found

    def match(self, text: str, *span: int) -> re.Match[str] | None:
        """As of a compiled pattern."""
        found: re.Match[str] | None = self.made_match(text, *span) if self.may_be_in(text) else None
        return found

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        """As of a compiled pattern."""
        changed: str = self.made_sub(by, text) if self.may_be_in(text) else text
        return changed


_METHODS = ("finditer", "findall", "search", "match", "sub")


def rare(pattern: str, flags: int = 0) -> Rare:
    """A pattern that few notes hold. Give its methods the whole note, and a span where only a part is meant."""
    return Rare(pattern, flags)


def registered() -> Sequence[Rare]:
    """All patterns of this kind."""
    return _registered


def _learn() -> None:
    """Find what the patterns need that were made since."""
    for one in _registered:
        if one._needs is None:
            one._needs = needed(one.pattern, one._flags)
            for need in one._needs:
                for needle in need:
                    _needles.setdefault(len(needle), set()).add(needle)
    _within.clear()
    _words.cache_clear()


@lru_cache(maxsize=8)
def _words(text: str) -> frozenset[str]:
    """What is needed by some pattern and is in a text."""
    plain = (text if text.isascii() else text.translate(_LOOKALIKES)).lower()
    found: set[str] = set()
    for word in set(_WORD.findall(plain)):
        inside = _within.get(word)
        found |= _held(word) if inside is None else inside
    return frozenset(found)


def _held(word: str) -> frozenset[str]:
    """What is needed by some pattern and is within a word."""
    if len(_within) >= _REMEMBERED:
        _within.clear()
    held = _within[word] = frozenset(
        part
        for length, needles in _needles.items()
        for at in range(len(word) - length + 1)
        if (part := word[at : at + length]) in needles
    )
    return held


def needed(pattern: str, flags: int = 0) -> Needs:
    """What every match of a pattern has: the sets that say most, those of long words first."""
    if syntax is None:
        return ()
    sets = {frozenset(need) for need in _of_sequence(syntax.parse(pattern, flags))}
    return tuple(sorted(sets, key=lambda need: (-min(map(len, need)), len(need), sorted(need)))[:_SETS])


def _of_sequence(parts: Any) -> list[set[str]]:
    """What a row of parts needs, all of it: runs of letters, and what its parts need."""
    needs: list[set[str]] = []
    letters = ""
    for kind, value in [*parts, (None, None)]:
        letter = chr(value).lower() if kind is not None and str(kind) == "LITERAL" else ""
        if letter.isascii() and letter.isalpha():
            letters += letter
            continue
        if len(letters) >= _SHORTEST:
            needs.append({letters})
        letters = ""
        if kind is not None:
            needs += _of_part(str(kind), value)
    return needs


def _of_part(kind: str, value: Any) -> list[set[str]]:
    if kind == "SUBPATTERN":
        return _of_sequence(value[-1])
    if kind == "ATOMIC_GROUP":
        return _of_sequence(value)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _of_sequence(value[2]) if value[0] else []
    if kind == "ASSERT":
        return _of_sequence(value[1])
    if kind == "BRANCH":
        branches = [_of_sequence(branch) for branch in value[1]]
        if all(branches):
            return [set().union(*(max(branch, key=_says) for branch in branches))]
    return []


def _says(need: set[str]) -> tuple[int, int]:
    """How much a set says: words of many letters, and few of them."""
    return min(map(len, need)), -len(need)
