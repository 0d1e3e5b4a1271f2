"""Patterns that few notes hold, looked for only where a match of them could begin.

A note is gone through once for its words. A pattern that begins with "bladder" or "urine" is tried where such a word
stands, and nowhere else; one that begins with anything, but needs one of them, is looked for where the note has one.
Else it is not run, nor compiled. What a pattern begins with and needs is told from its syntax: runs of Latin letters,
behind a boundary of words, that stand in every branch. A hundred such patterns would otherwise each go through every
letter of every note.

    from raredxr1.rare_re import rare
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from threading import Lock
from typing import Any

from raredxr1.pattern_syntax import beginnings, needed

_WORD = re.compile(r"[a-z]+")
_LOOKALIKES = {"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"}
"""What `re.IGNORECASE` takes for Latin letters."""
_TRANSLATED = {ord(alike): letter for alike, letter in _LOOKALIKES.items()}
_REMEMBERED = 1 << 16
_METHODS = ("finditer", "search", "match")
_registered: list["Rare"] = []
_learning = Lock()


class Rare:
    """A pattern with the methods of a compiled one. Give them the whole note, and a span where a part is meant."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        """Take a pattern; it is compiled when a note may hold it."""
        self.pattern = pattern
        self.flags = flags
        self.begins: frozenset[str] | None = None
        """What every match begins with; None: not known, or not yet."""
        self.needs: tuple[frozenset[str], ...] | None = None
        """Of each set every match has one at least; None: not yet known."""
        with _learning:
            self.number = len(_registered)
            _registered.append(self)

    def __getattr__(self, name: str) -> Any:
        """The compiled pattern's methods, from the first use on."""
        if not name.startswith("made_"):
            raise AttributeError(name)
        made = re.compile(self.pattern, self.flags)
        vars(self).update({f"made_{held}": getattr(made, held) for held in _METHODS})
        return vars(self)[name]

    def places(self, text: str) -> Sequence[int] | None:
        """Where in a text a match may begin: nowhere, at these letters, or anywhere (None)."""
        if self.needs is None:
            _learn()
        return _known_in(text)[self.number]

    def may_be_in(self, text: str) -> bool:
        """Whether a text has what every match needs."""
        return self.places(text) is not _NOWHERE

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """As of a compiled pattern."""
        places = self.places(text)
        if places is _NOWHERE:
            return iter(())
        stop = len(text) if end is None else end
        if places is None:
            found: Iterator[re.Match[str]] = self.made_finditer(text, start, stop)
            return found
        return self._at(places, text, start, stop)

    def _at(self, places: Sequence[int], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        match = self.made_match
        for place in places:
            if place >= end:
                return
            if place >= start and (found := match(text, place, end)):
                yield found
                start = found.end()

    def findall(self, text: str) -> list[str]:
        """As of a compiled pattern without groups."""
        return [match[0] for match in self.finditer(text)]

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """As of a compiled pattern."""
        places = self.places(text)
        if places is _NOWHERE:
            return None
        stop = len(text) if end is None else end
        found: re.Match[str] | None
        if places is None:
            found = self.made_search(text, start, stop)
            return found
        match = self.made_match
        for at in range(bisect_left(places, start), len(places)):
            if places[at] >= stop:
                return None
            found = match(text, places[at], stop)
            if found:
                return found
        return None

    def match(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """As of a compiled pattern."""
        if self.places(text) is _NOWHERE:
            return None
        found: re.Match[str] | None = self.made_match(text, start, len(text) if end is None else end)
        return found

    def sub(self, by: Callable[[re.Match[str]], str], text: str) -> str:
        """As of a compiled pattern."""
        parts, done = [], 0
        for match in self.finditer(text):
            parts += [text[done : match.start()], by(match)]
            done = match.end()
        return "".join((*parts, text[done:])) if parts else text


_NOWHERE: Sequence[int] = ()


class _Known(dict[str, tuple[frozenset[str], tuple[int, ...]]]):
    """For each word, what some pattern needs and it holds, and the numbers of the patterns that begin as it does."""

    def __init__(self, patterns: Sequence[tuple[frozenset[str] | None, Sequence[frozenset[str]]]]) -> None:
        self._needles: dict[str, set[str]] = {}
        self._heads: dict[str, dict[str, list[int]]] = {}
        """Both by their first two letters."""
        self.unbegun = {number: _NOWHERE for number, (begins, _) in enumerate(patterns) if begins is not None}
        """Where patterns are that begin with none of the words of a text."""
        for number, (begins, needs) in enumerate(patterns):
            for head in begins or ():
                self._heads.setdefault(head[:2], {}).setdefault(head, []).append(number)
            for piece in (piece for need in needs for piece in need):
                self._needles.setdefault(piece[:2], set()).add(piece)

    def __missing__(self, word: str) -> tuple[frozenset[str], tuple[int, ...]]:
        if len(self) >= _REMEMBERED:
            self.clear()
        within = {
            piece
            for at in range(len(word) - 1)
            for piece in self._needles.get(word[at : at + 2], ())
            if word.startswith(piece, at)
        }
        whole = f"{word} "  # what begins with a whole word has a blank behind it
        begun = {
            number
            for head, numbers in self._heads.get(whole[:2], {}).items()
            if whole.startswith(head)
            for number in numbers
        }
        held = self[word] = frozenset(within), tuple(begun)
        return held


_known = _Known(())


class _Read(dict[int, Sequence[int] | None]):
    """Where in a text a match of each pattern, by number, may begin: nowhere, at these letters, or anywhere (None)."""

    __slots__ = ("_begun", "_held", "known", "words")

    def __init__(self, text: str) -> None:
        alike = not text.isascii() and any(letter in text for letter in _LOOKALIKES)
        self.words = defaultdict[str, list[int]](list)
        """Runs of Latin letters in lower case, with their places."""
        places = self.words
        for match in _WORD.finditer((text.translate(_TRANSLATED) if alike else text).lower()):
            places[match[0]].append(match.start())
        known = self.known = _known
        super().__init__(known.unbegun)
        self._held: set[str] = set()
        self._begun: dict[int, list[list[int]]] = {}
        for word, stands in places.items():
            pieces, begun = known[word]
            if pieces:
                self._held |= pieces
            for number in begun:
                self._begun.setdefault(number, []).append(stands)
                self.pop(number, None)

    def __missing__(self, number: int) -> Sequence[int] | None:
        told = self[number] = self._told(number)
        return told

    def _told(self, number: int) -> Sequence[int] | None:
        for need in _registered[number].needs or ():
            if need.isdisjoint(self._held):
                return _NOWHERE
        begun = self._begun.get(number)
        if begun is None:  # the pattern begins with anything
            return None
        return begun[0] if len(begun) == 1 else sorted(chain.from_iterable(begun))


@lru_cache(maxsize=8)
def _read(text: str) -> _Read:
    """A text by its words; the last ones are remembered, as each is asked for by every pattern."""
    return _Read(text)


def _known_in(text: str) -> _Read:
    read = _read(text)
    if read.known is not _known:  # patterns were made since
        _read.cache_clear()
        read = _read(text)
    return read


def latin_words(text: str) -> Mapping[str, Sequence[int]]:
    """The runs of Latin letters of a text in lower case, each with its places."""
    return _known_in(text).words


def rare(pattern: str, flags: int = 0) -> Rare:
    """A pattern that few notes hold."""
    return Rare(pattern, flags)


def registered() -> Sequence[Rare]:
    """All patterns of this kind."""
    return _registered


def _learn() -> None:
    """Find what the patterns begin with and need that were made since."""
    global _known
    with _learning:
        new = [one for one in _registered if one.needs is None]
        told = [(beginnings(one.pattern, one.flags), needed(one.pattern, one.flags)) for one in new]
        known = [(one.begins, one.needs) for one in _registered if one.needs is not None]
        _known = _Known((*known, *told))
        for one, (begins, needs) in zip(new, told, strict=True):
            one.begins, one.needs = begins, needs
