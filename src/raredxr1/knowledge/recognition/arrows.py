"""Findings from arrows at what is examined or asked for: "tone ↓", "↓↓ reflexes in the legs", "plantars ↑↑".

Arrows at laboratory values are read in `laboratory`. The table is `data/recognition/arrows.tsv`.
"""

from collections.abc import Iterator
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import rows
from raredxr1.knowledge.recognition.hits import Hit

_ARROWS = re.compile(r"[↑↓]+")
_PLACE = (
    r"(?:[ \t]*[:=,(-]?[ \t]*(?:in|of|at|the|both|all|upper|lower|arms?|legs?|limbs?|trunk|truncal|[UL]Ls?|[RL]|"
    r"bilat\w*|ankles?|knees?|"
    r"distally|proximally|slightly|mildly|markedly|is|was|are|were)\b){0,4}"
)
REACH = 40
"""Letters on either side of an arrow in which what it speaks of stands."""


def arrows(text: str) -> Iterator[Hit]:
    """What arrows say to be lessened or heightened."""
    if "↑" not in text and "↓" not in text:
        return
    before, behind, known = _names()
    for arrow in _ARROWS.finditer(text):
        name = before.search(text, max(0, arrow.start() - REACH), arrow.start())
        place = (name.start("name"), arrow.end()) if name else None
        if name is None and (name := behind.match(text, arrow.end(), arrow.end() + REACH)):
            place = arrow.start(), name.end("name")
        if name is None or place is None:
            continue
        down, up, flexor = known[" ".join(name["name"].lower().split())]
        if "↓" in arrow[0] and flexor:
            yield Hit(up, *place, "value", normal=True, measured=True)
        elif term := down if "↓" in arrow[0] else up:
            yield Hit(term, *place, "value", measured=True)


@cache
def _names() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, str, bool]]]:
    known = {
        name: (down, up, names.startswith("="))
        for names, down, up in rows("recognition/arrows")
        for name in names.removeprefix("=").split("|")
    }
    words = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(known, key=len, reverse=True))
    return (
        re.compile(rf"(?<![\w/])(?P<name>{words})(?![\w/]){_PLACE}[ \t]*[:=-]?[ \t]*$", re.IGNORECASE),
        re.compile(rf"[ \t]*(?:deep |tendon |muscle )*(?P<name>{words})(?![\w/])", re.IGNORECASE),
        known,
    )
