"""Which fluid a value is of where its own name does not tell: that of the heading or the sentence that it stands in.

"CSF:" at the head of lines, "a lumbar puncture showed a protein of 1.4", "Urine biochemistry: sodium 12, potassium 80".
"""

from bisect import bisect_right
from functools import lru_cache

from raredxr1 import lazy_re as re
from raredxr1.rare_re import rare

_FLUID = (
    r"(?P<csf>CSF|cerebro-?spinal fluid|spinal fluid|liquor|lumbar puncture|spinal tap|LP)|"
    r"(?P<urine>urinary|urine|MSU|CSU)|(?P<stool>stool|fa?ecal)|"
    r"(?P<joint>(?:joint|knee|hip|synovial) (?:fluid|aspirate))|"
    r"(?P<pleural>pleural (?:fluid|aspirate|tap))|(?P<ascitic>ascitic (?:fluid|tap)|ascites)|(?P<sweat>sweat)"
)
_NAMES = {"csf": "CSF"}
_HEADING = rare(
    r"(?m:^)[ \t#*•–-]*(?:\d{1,2}[.)][ \t]+)?(?:24[- ]?h(?:ours?|rs?)?[ \t]+|spot[ \t]+|random[ \t]+|the[ \t]+)?"
    rf"(?:{_FLUID})\b(?![ \t]+(?:dip|output|volume|culture|infection|tests?[ \t]*:?[ \t]*negative))"
    r"(?:[ \t]+(?:results?|analysis|examination|studies|study|biochemistry|chemistry|electrolytes|screen|metabolic|"
    r"metabolites|microscopy|sample|specimen|test|tests|on|day|dated?|taken|from)\b|[ \t]*\([^()\n]{0,40}\)|"
    r"[ \t]+[\d./-]{1,10})*[ \t]*(?:[:：][ \t*]*|[ \t][–—-][ \t]+|(?=[ \t]*\*{0,2}[ \t]*\n))",
    re.IGNORECASE,
)
"""A fluid at the head of a line, with a colon or dash behind it or nothing else on the line."""
_INLINE = rare(
    rf"(?<=[.;] )(?:{_FLUID})(?:\s+(?:results?|analysis|biochemistry|electrolytes|screen))?\s*:\s",
    re.IGNORECASE,
)
_TOLD = rare(
    r"\b(?:CSF|cerebro-?spinal fluid|spinal fluid|lumbar puncture|spinal tap|LP)\b"
    r"(?:\s+(?!and\b|or\b|but\b|normal)[\w/]+){0,6}?\s*"
    r"(?:\b(?:showed|revealed|demonstrated|found|contained|had|gave|with)\b|:)(?=\s)",
    re.IGNORECASE,
)
"""A lumbar puncture of which the rest of the sentence tells."""
_ENDS = re.compile(r"[.;](?=\s|$)|\n")
_WRAPPED = re.compile(r"[ \t]*(?:[a-z(]|\d)")
_BLOOD = re.compile(
    r"\b(?:bloods?|serum|plasma|venous|capillary|arterial|FBC|U\s?&\s?Es?|LFTs?|haematology|hematology|biochemistry)\b",
    re.IGNORECASE,
)
_BLOOD_BEFORE = re.compile(r"\b(?:blood|serum|plasma|paired|venous|capillary|arterial)\s+$", re.IGNORECASE)
_LABEL = re.compile(r"[ \t#*•–-]*[A-Za-z][A-Za-z &/,()-]{1,40}:[ \t*]*$")
_ITEM = re.compile(
    r"[ \t]*(?:[•*–—-]|[^\n]{0,60}?\d|[^\n]{1,40}:\s*\S|[^\n]{0,50}\b(?:negative|normal|clear|nil|none|sterile)\b)"
)
_PARTS = (
    *("csf", "liquor", "spinal", "lumbar", "lp", "urin", "msu", "csu", "stool", "aecal", "fecal", "fluid"),
    *("aspirate", "tap", "ascit", "sweat"),
)
"""One of these is in every note that speaks of another fluid."""

_REACH = 400
"""Letters of a sentence that are looked at."""
_NESTED = 8
"""Headings and sentences that a value may stand in at once."""
Stretch = tuple[int, int, str]


@lru_cache(maxsize=2)
def stretches_of(text: str) -> tuple[Stretch, ...]:
    """Where values are of another fluid than blood, and of which: start, end and fluid, in order of their starts."""
    lowered = text.lower()
    if not any(part in lowered for part in _PARTS):
        return ()
    found: list[Stretch] = []
    for match in _HEADING.finditer(text):
        found.append((match.end(), _block_end(text, match.end()), _fluid(match)))
    for match in _INLINE.finditer(text):
        found.append((match.end(), _sentence_end(text, match.end()), _fluid(match)))
    for match in _TOLD.finditer(text):
        found.append((match.end(), _sentence_end(text, match.end()), "CSF"))
    return tuple(sorted(found))


def owning_fluid(text: str, start: int) -> str:
    """The fluid of the heading or sentence that a place stands in; empty: blood, or it is not told."""
    stretches = stretches_of(text)
    last = bisect_right(stretches, (start, len(text) + 1, ""))
    near = reversed(stretches[max(0, last - _NESTED) : last])
    owner = next((fluid for _, end, fluid in near if start < end), "")
    return "" if owner and _BLOOD_BEFORE.search(text, max(0, start - 12), start) else owner


def _fluid(match: re.Match[str]) -> str:
    name = next(name for name, said in match.groupdict().items() if said)
    return _NAMES.get(name, name)


def _sentence_end(text: str, at: int) -> int:
    """Where the sentence ends that a place stands in, or turns to the blood outside of brackets."""
    stop = min(len(text), at + _REACH)
    for match in _ENDS.finditer(text, at, stop):
        if match[0] == "\n" and _WRAPPED.match(text, match.end()):
            continue
        stop = match.start()
        break
    for match in _BLOOD.finditer(text, at, stop):
        if text.count("(", at, match.start()) == text.count(")", at, match.start()):
            return match.start()
    return stop


def _block_end(text: str, at: int) -> int:
    """Where what a heading owns ends: with its sentence, or, where nothing else stands on its line, with its list."""
    line = text.find("\n", at)
    line = len(text) if line < 0 else line
    if text[at:line].strip():
        return _sentence_end(text, at)
    first = True
    while line < len(text):
        begin = line + 1
        line = text.find("\n", begin)
        line = len(text) if line < 0 else line
        said = text[begin:line]
        if not said.strip():
            if first:
                continue
            return begin
        if (
            _LABEL.match(said)
            or _BLOOD.match(said.lstrip(" \t*•–-"))
            or _HEADING.match(text, begin)
            or not _ITEM.match(said)
        ):
            return begin
        first = False
    return line
