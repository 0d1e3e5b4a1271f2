"""The cues of the assertion engine: read from `data/assertion/cues.tsv`, found in a row of words.

A cue is looked up by its first word and then word by word; the longest wins. So the time is linear in the length of the
text, whatever the number of cues.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table

FINDING = "\0"
"""The word that stands for a finding: what it is called denies nothing."""
_WORD = re.compile(
    r"[^\W\d_]++(?=[\s.,;:()])|"  # most words, found at once
    r"w/o\b|w/(?=\s)|[rhcdf]/[odh]\b|o/e\b|n/a\b|[+−–-]ve\b|\b[a-z]+(?:-[a-z]+)?n['’]t\b|['’]s\b|"
    r"(?:half|great|co|step)-[a-z]+|x-ray|\d+(?:[.,]\d+)*|[^\W\d_]+|\w|[^\w\s]",
    re.IGNORECASE,
)
_LAST = re.compile(r"[^\W\d_]+$")
_FIRST = re.compile(r"[^\W_]+")
_FIGURE = re.compile(r"(?<![<>\d])\d")


@dataclass(slots=True)  # frozen ones take three times as long to make, and there is one for every word
class Word:
    """A word, a sign, or a finding of a sentence."""

    text: str
    start: int
    end: int
    tail: str = ""
    """The last word of a finding, in lower case."""
    head: str = ""
    """The first word of a finding, in lower case; "0": it holds a figure; "hp": it is an HPO id."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of words that is a cue: words[first:end]; it may be of several kinds, by where it stands."""

    first: int
    end: int
    kinds: frozenset[str]


class _Plain(dict[str, str]):
    """Words as they stand in a text, in lower case and with plain signs."""

    def __missing__(self, said: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        lowered = said.lower()
        if not lowered.isascii():
            lowered = lowered.replace("’", "'").replace("−", "-")
        plain = self[said] = "with" if said in ("w", "w/") else lowered
        return plain


_REMEMBERED = 1 << 16
_plain = _Plain()


def words_of(text: str, start: int, end: int, findings: Sequence[tuple[int, int]]) -> list[Word]:
    """The words of a stretch in lower case; each finding (in order, not overlapping) is one word."""
    words: list[Word] = []
    plain = _plain
    at = start
    for a, b in (*findings, (end, end)):
        words += [Word(plain[match[0]], *match.span()) for match in _WORD.finditer(text, at, max(a, at))]
        if a < b:
            last = _LAST.search(text, max(a, b - 20), b)
            words.append(Word(FINDING, a, b, last[0].lower() if last else "", _head(text, a, b)))
        at = max(at, b)
    return words


def _head(text: str, start: int, end: int) -> str:
    """The first word of a finding in lower case; "0": it holds a figure that is no limit (">38"); "hp": it is an id."""
    if text[start : start + 2].upper() == "HP" and text[end - 7 : end].isdigit():
        return "hp"
    if _FIGURE.search(text, start, end):
        return "0"
    first = _FIRST.match(text, start, end)
    return first[0].lower() if first else ""


def cues_of(words: Sequence[Word]) -> Iterator[Cue]:
    """The cues in a row of words, from left to right, the longest first; they do not overlap."""
    begin = _first_words()
    at = 0
    while at < len(words):
        state = begin.get(words[at].text)
        found = _longest(state, words, at) if state else None
        if found is None:
            at += 1
            continue
        end, kinds = found
        yield Cue(at, end, kinds)
        at = max(end, at + 1)


def _longest(state: "_State", words: Sequence[Word], first: int) -> tuple[int, frozenset[str]] | None:
    """The longest cue that begins at a word, behind which the state is; of two as long, both."""
    at = first + 1
    best, kinds = -1, state.kinds
    while True:
        if state.kinds:
            best, kinds = at, state.kinds
        if at >= len(words):
            break
        text = words[at].text
        if text == FINDING:
            if ahead := state.before_finding:
                best, kinds = at, state.kinds | ahead
            break
        following = state.after(text)
        if following is None:
            break
        state = following
        at += 1
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


class _State:
    """All nodes that the words so far lead to; where the next word leads is worked out when it is first met."""

    __slots__ = ("_alpha", "_digit", "_edges", "_known", "before_finding", "kinds")

    def __init__(self, nodes: Sequence[_Node]) -> None:
        self.kinds = frozenset[str]().union(*(node.kinds for node in nodes))
        self._edges: dict[str, list[_Node]] = {}
        for node in nodes:
            for word, following in node.edges.items():
                self._edges.setdefault(word, []).extend(following)
        self._known: dict[str, _State] = {}
        self._alpha = self._of("*")
        self._digit = self._of("N")
        ahead, ahead_kinds = self._edges.get("FINDING", []), set[str]()
        while ahead:
            ahead_kinds.update(*(node.kinds for node in ahead))
            ahead = [following for node in ahead for following in node.edges.get("FINDING", ())]
        self.before_finding = frozenset(ahead_kinds)
        """Kinds of cues that end here where a finding follows."""

    def _of(self, word: str) -> "_State | None":
        return _State(self._edges[word]) if word in self._edges else None

    def after(self, word: str) -> "_State | None":
        """The state behind one more word; None: no cue goes on so."""
        if word in self._edges:
            if word not in self._known:
                kind = "N" if word[0].isdigit() else "*" if word.isalpha() else ""
                self._known[word] = _State([*self._edges[word], *self._edges.get(kind, ())])
            return self._known[word]
        if word[0].isdigit():
            return self._digit
        return self._alpha if word.isalpha() else None


@cache
def _first_words() -> dict[str, _State]:
    """Where the cues of the table lead that begin with a word."""
    start = _Node()
    for row in table("assertion/cues"):
        tokens = re.findall(r"[()|]|[^\s()|?]+|\?", row["cue"])
        start.join(_sequence(tokens, 0, _Node(frozenset((row["kind"],))))[0])
    return {word: _State(nodes) for word, nodes in start.edges.items()}


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
