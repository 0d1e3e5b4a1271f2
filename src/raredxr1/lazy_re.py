"""The module `re`, but for `compile`: a pattern is compiled when one of its methods is first called.

The program has some six hundred patterns at the heads of its modules and four hundred in tables; a note needs a hundred
and thirty of them, and `raredx --version` none. To compile them all takes a third of a second.

    from raredxr1 import lazy_re as re
"""

import re
from re import (
    DOTALL,
    IGNORECASE,
    MULTILINE,
    I,
    M,
    Match,
    Pattern,
    S,
    escape,
    findall,
    finditer,
    fullmatch,
    match,
    search,
    split,
    sub,
)
from typing import Any, AnyStr, Generic, cast

__all__ = [
    "DOTALL",
    "IGNORECASE",
    "MULTILINE",
    "I",
    "M",
    "Match",
    "Pattern",
    "S",
    "compile",
    "escape",
    "findall",
    "finditer",
    "fullmatch",
    "match",
    "search",
    "split",
    "sub",
]

_HELD = [name for name in dir(re.Pattern) if not name.startswith("_")]


class _Uncompiled(Generic[AnyStr]):
    """Stands for a pattern, and has its methods from the first use on."""

    def __init__(self, source: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _HELD:
            raise AttributeError(name)
        made = re.compile(self.pattern, self._flags)
        vars(self).update({held: getattr(made, held) for held in _HELD})
        return vars(self)[name]


def compile(pattern: AnyStr, flags: int = 0) -> Pattern[AnyStr]:
    """A pattern for its methods (`search`, `finditer` ...), not to be given to `re.search` and the like.

    Raises:
        re.error: when it is first used, where it is none.
    """
    return cast("Pattern[AnyStr]", _Uncompiled(pattern, flags))
