"""Sentences put together from parts: a small notation for alternatives, so that few words give many wordings.

[was seen|came] to [us|our clinic]   one of several, which may be empty and may hold further ones
<is|was>                             present tense | past tense
{he} {his} {age}                     filled in from what is known of the patient
{10-18m} {3-7y} {2-9}                a drawn age in days, weeks, months or years, or a drawn number
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from raredxr1 import lazy_re as re

_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)([dwmy]?)")
_UNIT_YEARS = {"d": 1 / 365.25, "w": 7 / 365.25, "m": 1 / 12, "y": 1.0}
_UNIT_WORDS = {"d": "day", "w": "week", "m": "month", "y": "year"}


@dataclass(frozen=True, slots=True)
class _Choice:
    options: tuple["_Nodes", ...]


@dataclass(frozen=True, slots=True)
class _Tense:
    present: "_Nodes"
    past: "_Nodes"


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str


@dataclass(frozen=True, slots=True)
class _Range:
    low: float
    high: float
    unit: str
    decimals: int


_Node = str | _Choice | _Tense | _Slot | _Range
_Nodes = tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A text with alternatives, read."""

    nodes: _Nodes
    slots: frozenset[str]
    least_years: float
    """The patient must be so old for every age in it to lie in the past."""


@cache
def compiled(text: str) -> Template:
    """Read a text with alternatives.

    Raises:
        ValueError: brackets do not match, or a range is none.
    """
    nodes, rest = _read(text, 0, "")
    if rest != len(text):
        raise ValueError(f"brackets do not match: {text!r}")
    found = list(_walk(nodes))
    ages = [node.low * _UNIT_YEARS[node.unit] for node in found if isinstance(node, _Range) and node.unit]
    return Template(nodes, frozenset(n.name for n in found if isinstance(n, _Slot)), max(ages, default=0.0))


def expand(template: Template, rng: Random, slots: Mapping[str, str], past: bool, years: float | None = None) -> str:
    """Draw one wording.

    Args:
        template: what to draw from.
        rng: source of all randomness.
        slots: words for the names in braces.
        past: whether to take the past tense.
        years: the patient's age; no drawn age is above it.
    """
    parts: list[str] = []
    _expand(template.nodes, rng, slots, past, years, parts)
    return "".join(parts)


def _expand(
    nodes: _Nodes, rng: Random, slots: Mapping[str, str], past: bool, years: float | None, parts: list[str]
) -> None:
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, _Choice):
            options = node.options
            _expand(options[int(rng.random() * len(options))], rng, slots, past, years, parts)
        elif isinstance(node, _Tense):
            _expand(node.past if past else node.present, rng, slots, past, years, parts)
        elif isinstance(node, _Slot):
            parts.append(slots[node.name])
        else:
            parts.append(_drawn(node, rng, years))


def _drawn(node: _Range, rng: Random, years: float | None) -> str:
    high = node.high
    if node.unit and years is not None:
        high = max(node.low, min(high, years / _UNIT_YEARS[node.unit]))
    if node.decimals:
        return f"{rng.uniform(node.low, high):.{node.decimals}f}"
    value = rng.randint(int(node.low), max(int(node.low), int(high)))
    return f"{value} {_UNIT_WORDS[node.unit]}{'' if value == 1 else 's'}" if node.unit else str(value)


def _read(text: str, at: int, closing: str) -> tuple[_Nodes, int]:
    """Read nodes up to the closing mark or a bar, which is not consumed."""
    nodes: list[_Node] = []
    start = at
    while at < len(text):
        mark = text[at]
        if closing and (mark == closing or mark == "|"):
            break
        if mark in "[<{":
            if at > start:
                nodes.append(text[start:at])
            node, at = _bracketed(text, at)
            nodes.append(node)
            start = at
        elif mark in "]}":
            raise ValueError(f"brackets do not match: {text!r}")
        else:
            at += 1
    if at > start:
        nodes.append(text[start:at])
    return tuple(nodes), at


def _bracketed(text: str, at: int) -> tuple[_Node, int]:
    opening = text[at]
    if opening == "{":
        end = text.find("}", at)
        if end < 0:
            raise ValueError(f"brackets do not match: {text!r}")
        inside = text[at + 1 : end]
        match = _RANGE.fullmatch(inside)
        if match:
            decimals = len(match[1].partition(".")[2])
            return _Range(float(match[1]), float(match[2]), match[3], decimals), end + 1
        return _Slot(inside), end + 1
    closing = "]" if opening == "[" else ">"
    options: list[_Nodes] = []
    while True:
        nodes, at = _read(text, at + 1, closing)
        options.append(nodes)
        if at >= len(text):
            raise ValueError(f"brackets do not match: {text!r}")
        if text[at] == closing:
            break
    if opening == "<":
        if len(options) != 2:
            raise ValueError(f"a tense has two forms: {text!r}")
        return _Tense(options[0], options[1]), at + 1
    return _Choice(tuple(options)), at + 1


def _walk(nodes: _Nodes) -> list[_Node]:
    found: list[_Node] = []
    for node in nodes:
        found.append(node)
        if isinstance(node, _Choice):
            found += [inner for option in node.options for inner in _walk(option)]
        elif isinstance(node, _Tense):
            found += [*_walk(node.present), *_walk(node.past)]
    return found
