"""What every match of a pattern begins with and has in it, told from the pattern's syntax.

Runs of Latin letters in lower case, whatever the case they are matched in. Where nothing can be told, the answer says
so, and the pattern is to be run; so it is for all on a Python that keeps its parser of patterns elsewhere.
"""

from collections.abc import Sequence
from typing import Any

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:
    parser = None

_SHORTEST, _SETS = 2, 3
"""Letters at least, of fewer of which too many words are; and sets of what is needed that are kept."""
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def needed(pattern: str, flags: int = 0) -> tuple[frozenset[str], ...]:
    """Sets of runs of letters, of each of which every match has one: those that say most, few long words."""
    if parser is None:
        return ()
    sets = {frozenset(need) for need in _needs(parser.parse(pattern, flags))}
    return tuple(sorted(sets, key=lambda need: (-min(map(len, need)), len(need), sorted(need)))[:_SETS])


def _needs(parts: Any) -> list[set[str]]:
    """What a row of parts needs, all of it: runs of letters, and what its parts need."""
    needs: list[set[str]] = []
    letters = ""
    for kind, value in [*parts, ("", None)]:
        letter = _letter(str(kind), value)
        if letter:
            letters += letter
            continue
        if len(letters) >= _SHORTEST:
            needs.append({letters})
        letters = ""
        needs += _needs_of(str(kind), value)
    return needs


def _needs_of(kind: str, value: Any) -> list[set[str]]:
    if kind in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _needs(_inside(kind, value))
    if kind in _REPEATS:
        return _needs(value[2]) if value[0] else []
    if kind == "ASSERT":
        return _needs(value[1])
    if kind == "BRANCH":
        branches = [_needs(branch) for branch in value[1]]
        if all(branches):
            return [set().union(*(max(branch, key=_says) for branch in branches))]
    return []


def _says(need: set[str]) -> tuple[int, int]:
    """How much a set says: words of many letters, and few of them."""
    return min(map(len, need)), -len(need)


def beginnings(pattern: str, flags: int = 0) -> frozenset[str] | None:
    """Runs of letters, with one of which every match begins, and a word; None: cannot be told.

    One with a blank behind it is a whole word.
    """
    if parser is None:
        return None
    parsed = parser.parse(pattern, flags)
    found = None if parsed.getwidth()[0] == 0 else _beginnings(list(parsed), False, False)
    return found if found and min(map(len, found)) >= _SHORTEST else None


def _beginnings(parts: Sequence[Any], bounded: bool, ended: bool) -> frozenset[str] | None:
    """What a row of parts begins with; whether a word begins there (`bounded`), and ends behind it (`ended`)."""
    found: set[str] = set()
    letters = ""
    for at, (kind, value) in enumerate(parts):
        name = str(kind)
        behind = _ends_word(*parts[at + 1]) if at + 1 < len(parts) else ended
        letter = _letter(name, value) or (_either_case(value) if name == "IN" else "")
        if letter and bounded:
            letters += letter
            continue
        if letters:
            if _ends_word(kind, value):
                return frozenset(found | {f"{letters} "})
            more = None if name in ("AT", "ASSERT", "ASSERT_NOT") else _begin(name, value, True, behind)
            whole = more if more and not _may_be_empty(name, value) else ("",)
            return frozenset(found | {letters + piece for piece in whole})
        if name == "AT" or name.startswith("ASSERT"):
            bounded = bounded or _bounds(name, value)
            continue
        inside = _begin(name, value, bounded, behind)
        if inside is None:
            return None
        found |= inside
        if not _may_be_empty(name, value):
            return frozenset(found)
    return frozenset(found | ({letters + " " * ended} if letters else set()))


def _begin(kind: str, value: Any, bounded: bool, ended: bool) -> frozenset[str] | None:
    if kind in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _beginnings(list(_inside(kind, value)), bounded, ended)
    if kind in _REPEATS:
        return _beginnings(list(value[2]), bounded, ended and value[1] == 1)
    if kind == "BRANCH":
        branches = [_beginnings(list(branch), bounded, ended) for branch in value[1]]
        return None if None in branches else frozenset().union(*(branch for branch in branches if branch))
    return None


def _ends_word(kind: Any, value: Any) -> bool:
    """Whether no letter can stand where a part of a pattern is matched."""
    name = str(kind)
    if name == "LITERAL":
        return not chr(value).isalpha()
    if name == "IN":
        return all(_ends_word(*one) for one in value)
    if name == "CATEGORY":
        return str(value) in ("CATEGORY_SPACE", "CATEGORY_DIGIT")
    if name in _REPEATS:
        return bool(value[0]) and len(value[2]) > 0 and _ends_word(*value[2][0])
    if name == "AT":
        return str(value) == "AT_BOUNDARY"
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        return len(inside := _inside(name, value)) > 0 and _ends_word(*inside[0])
    if name == "BRANCH":
        return all(len(branch) > 0 and _ends_word(*branch[0]) for branch in value[1])
    return name == "ASSERT_NOT" and value[0] > 0 and len(value[1]) == 1 and _is_word(*value[1][0])


def _is_word(kind: Any, value: Any) -> bool:
    """Whether every character of words is matched."""
    if str(kind) == "BRANCH":
        return any(len(branch) == 1 and _is_word(*branch[0]) for branch in value[1])
    chosen = [(str(one), str(which)) for one, which in value] if str(kind) == "IN" else []
    return ("CATEGORY", "CATEGORY_WORD") in chosen and all(one != "NEGATE" for one, _ in chosen)


def _may_be_empty(kind: str, value: Any) -> bool:
    if kind in ("SUBPATTERN", "ATOMIC_GROUP"):
        return bool(_inside(kind, value).getwidth()[0] == 0)
    if kind in _REPEATS:
        return value[0] == 0 or bool(value[2].getwidth()[0] == 0)
    return any(branch.getwidth()[0] == 0 for branch in value[1])


def _bounds(kind: str, value: Any) -> bool:
    """Whether what is asked for is a boundary of words, the beginning of a line, or no word right before."""
    if kind == "AT":
        return str(value) in ("AT_BOUNDARY", "AT_BEGINNING", "AT_BEGINNING_STRING")
    if value[0] >= 0 or not value[1]:
        return False
    inside, chosen = value[1][-1]
    if kind == "ASSERT":
        return str(inside) == "LITERAL" and not (chr(chosen).isalnum() or chosen == ord("_"))
    return len(value[1]) == 1 and _is_word(inside, chosen)


def _inside(kind: str, value: Any) -> Any:
    return value[-1] if kind == "SUBPATTERN" else value


def _letter(kind: str, value: Any) -> str:
    """A Latin letter in lower case that stands for itself; empty: it is none."""
    letter = chr(value).lower() if kind == "LITERAL" else ""
    return letter if letter.isascii() and letter.isalpha() else ""


def _either_case(chosen: Sequence[Any]) -> str:
    """The letter that a choice of two is in either case, as in "[Jj]erk"; empty: it is another choice."""
    letters = {_letter(str(kind), value) for kind, value in chosen}
    return letters.pop() if len(letters) == 1 else ""
