"""The cues of the assertion engine: read from `data/assertion/cues.tsv`, found in a row of words.

A cue is looked up by its first word and then word by word; the longest wins. So the time is linear in the length of the
text, whatever the number of cues.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from raredxr1.data import table

FINDING = "\0"
"""The word that stands for a finding: what it is called denies nothing."""
_WORD = re.compile(
    r"w/o\b|w/(?=\s)|[rhcdf]/[odh]\b|o/e\b|n/a\b|[+−–-]ve\b|\b[a-z]+(?:-[a-z]+)?n['’]t\b|['’]s\b|"
    r"(?:half|great|co|step)-[a-z]+|x-ray|\d+(?:[.,]\d+)*|[^\W\d_]+|\w|[^\w\s]",
    re.IGNORECASE,
)
_LAST = re.compile(r"[^\W\d_]+$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a sign, or a finding of a sentence."""

    text: str
    start: int
    end: int
    tail: str = ""
    """The last word of a finding, in lower case."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of words that is a cue: words[first:end]; it may be of several kinds, by where it stands."""

    first: int
    end: int
    kinds: frozenset[str]


def words_of(text: str, start: int, end: int, findings: Sequence[tuple[int, int]]) -> list[Word]:
    """The words of a stretch in lower case; each finding (in order, not overlapping) is one word."""
    words: list[Word] = []
    at = start
    for a, b in (*findings, (end, end)):
        for match in _WORD.finditer(text, at, max(a, at)):
            said = match[0].lower().replace("’", "'").replace("−", "-")
            words.append(Word("with" if said == "w/" else said, match.start(), match.end()))
        if a < b:
            last = _LAST.search(text, max(a, b - 20), b)
            words.append(Word(FINDING, a, b, last[0].lower() if last else ""))
        at = max(at, b)
    return words


def cues_of(words: Sequence[Word]) -> Iterator[Cue]:
    """The cues in a row of words, from left to right, the longest first; they do not overlap."""
    entries = _first_words()
    at = 0
    while at < len(words):
        entry = entries.get(words[at].text)
        found = _longest(entry, words, at) if entry else None
        if found is None:
            at += 1
            continue
        end, kinds = found
        yield Cue(at, end, kinds)
        at = max(end, at + 1)


def _longest(entries: Sequence["_Node"], words: Sequence[Word], first: int) -> tuple[int, frozenset[str]] | None:
    """The longest cue that begins at a word; of two as long, both."""
    best, kinds = -1, frozenset[str]()
    stack = [(node, first + 1) for node in entries]
    while stack:
        node, at = stack.pop()
        if node.kinds and at >= best:
            kinds = node.kinds if at > best else kinds | node.kinds
            best = at
        if at >= len(words) or not node.edges:
            continue
        word = words[at].text
        stack += [(following, at + 1) for following in node.edges.get(word, ())]
        if word == FINDING:
            stack += [(following, at) for following in node.edges.get("FINDING", ())]
        elif word[0].isdigit():
            stack += [(following, at + 1) for following in node.edges.get("N", ())]
        elif word.isalpha():
            stack += [(following, at + 1) for following in node.edges.get("*", ())]
    return (best, kinds) if best > first else None


# --- the table -------------------------------------------------------------------------------------------------------


class _Node:
    """Between two words of a cue: where each next word leads, and of what kind the cue is if it ends here."""

    __slots__ = ("edges", "kinds")

    def __init__(self, kinds: frozenset[str] = frozenset()) -> None:
        self.edges: dict[str, list[_Node]] = {}
        self.kinds = kinds

    def join(self, other: "_Node") -> None:
        """Go on from here as from another node too."""
        self.kinds |= other.kinds
        for word, nodes in other.edges.items():
            self.edges.setdefault(word, []).extend(nodes)


@cache
def _first_words() -> dict[str, list[_Node]]:
    """Where the cues of the table lead that begin with a word."""
    start = _Node()
    for row in table("assertion/cues"):
        tokens = re.findall(r"[()|]|[^\s()|?]+|\?", row["cue"])
        start.join(_sequence(tokens, 0, _Node(frozenset((row["kind"],))))[0])
    return start.edges


def _sequence(tokens: Sequence[str], at: int, after: _Node) -> tuple[_Node, int]:
    """Words and groups in a row, up to the bracket or bar that ends it: a node from which they lead to `after`.

    Outside of brackets a bar binds the two words beside it; inside it parts whole rows.
    """
    parts: list[tuple[list[list[str]], bool]] = []
    while at < len(tokens) and tokens[at] != ")":
        options: list[list[str]] = []
        while True:
            if tokens[at] == "(":
                rows, at = _rows(tokens, at + 1)
                options += rows
            else:
                options.append([tokens[at]])
                at += 1
            if at < len(tokens) and tokens[at] == "|":
                at += 1
                continue
            break
        optional = at < len(tokens) and tokens[at] == "?"
        at += optional
        parts.append((options, optional))
    node = after
    for options, optional in reversed(parts):
        before = _Node()
        for option in options:
            if len(option) == 1:
                before.edges.setdefault(option[0], []).append(node)
            else:
                before.join(_sequence(option, 0, node)[0])
        if optional:
            before.join(node)
        node = before
    return node, at


def _rows(tokens: Sequence[str], at: int) -> tuple[list[list[str]], int]:
    """The rows of a group that a bar parts, and the place behind its bracket."""
    rows: list[list[str]] = [[]]
    depth = 0
    while depth or tokens[at] != ")":
        depth += (tokens[at] == "(") - (tokens[at] == ")")
        if tokens[at] == "|" and not depth:
            rows.append([])
        else:
            rows[-1].append(tokens[at])
        at += 1
    return rows, at + 1
