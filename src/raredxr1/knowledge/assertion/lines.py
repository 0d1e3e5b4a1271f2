"""A note cut into logical lines: bullets told from text, and the lines of a wrapped paragraph put together again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from raredxr1 import lazy_re as re
from raredxr1.rare_re import rare

_BULLET = re.compile(
    r"[ \t]*(?!\([xX✓]\)[^\n]*\([xX✓ ]\))"
    r"(?:(?:[•‣◦▪●○∙·*+–—>−-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])(?!\s+(?:was|is|has|had)\b)[ \t]+|"
    r"[•‣◦▪●○∙·]|[*–-](?!ve\b)(?=[^\W\d_]{2}))",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"(?:[,(/&‐]|(?<=\w)-|(?<![:=?–—-]\s)\b(?:and|or|nor|but|with|without|no|not|of|in|on|at|to|for|from|by|the|a|an|his|her|their|has|have|"
    r"had|is|was|are|were|any|as|than|that|which|who|been|be|did|does|do|never|neither|either|both|due|including|"
    r"versus|vs|very|more|less|some|possible|maternal|paternal|suspected|denies|denied|against|under|over|since|until|when|while|if))$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\((?![+\d]?\))|(?:not|and|or|nor|but|with|without|of|in|on|at|to|for|from|by|than|that|which|who|were|was|is|are|has|had|have)\b"
    r"(?![^\n]{0,40}:)",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"\S {4,}\S")
_ANSWER = re.compile(r"(?:none|no|nil|absent|yes|present)\s*(?:[.,;]|$)", re.IGNORECASE)
_RESULT = re.compile(r"(?:negative|positive|normal|absent|present|undetectable)\b(?! *[:\n])(?!\s*$)", re.IGNORECASE)
"""A result at the head of a line, of the label that the line before ends with."""
_ANSWERED = re.compile(r"\b(?:denied|denies)$", re.IGNORECASE)
_LABELLED = re.compile(r"[A-Z][\w /&-]{1,30}:(?=\s|$)")
"""A label at the head of a line, which does not go on with an answer: "sleep disturbance denied / Family: well"."""
_CLOSED = re.compile(r"[.!?:;]['\"”’)\]]*$")
_LEADERS = re.compile(
    r"(?<![._…])(?<!\. )(?:[._…]{3,}+|(?:\. ){3,}+\.?)[ \t]{0,20}+"
    r"(?P<behind>(?:yes|no|none|nil|absent|present|[yn]|neg(?:ative)?|"
    r"pos(?:itive)?|never|unknown|not (?:seen|present|found|known)|[+-])(?![^\W_]|-))(?P<tail>[._…]{2,})?",
    re.IGNORECASE,
)
"""Dots or strokes between an item and its answer: "Scoliosis ....... absent", "Fits ___no___"."""
NARROW = 40
"""Lines of a list are seldom longer: below, a line that has room for the next word was not wrapped."""


@dataclass(slots=True)
class Line:
    """A logical line: the text between `start` and `end`, without its bullet; wrapped lines are one.

    Attributes:
        start: where its text begins, behind the bullet.
        end: where it ends.
        bullet: the bullet as written; empty: none.
        indent: blanks before it.
        after_blank: whether an empty line stands before it.
        breaks: places of the line ends within it.
    """

    start: int
    end: int
    bullet: str
    indent: int
    after_blank: bool
    breaks: list[int] = field(default_factory=list)


_CHOICE = rare(r"[(\[](?:yes ?/ ?no|y ?/ ?n|present ?/ ?absent)[)\]](?=\s*[:=?–-])", re.IGNORECASE)
_DOTS = ("..", "__", "…", "._", "_.", ". . ")
"""One of these is in every leader."""


def without_leaders(text: str) -> str:
    """A text of the same length in which a colon stands for the dots that lead from an item to its answer.

    What a form lets choose from is left out: "Squint (yes/no): no".
    """

    def plain(match: re.Match[str]) -> str:
        tail = match["tail"] or ""
        dots = ":".ljust(match.start("behind") - match.start())
        return dots + match["behind"] + ";".ljust(len(tail)) * bool(tail)

    text = _LEADERS.sub(plain, text) if any(dots in text for dots in _DOTS) else text
    return _CHOICE.sub(lambda match: " " * len(match[0]), text)


def logical_lines(
    text: str, findings: Sequence[tuple[int, int]] = (), heads: Callable[[str], bool] = lambda said: False
) -> list[Line]:
    r"""Cut a text; empty lines are left out.

    Args:
        text: the note, line ends \\n.
        findings: places that may reach over a line end, in order, which shows that the line was wrapped.
        heads: whether a line of nothing else is a heading, which no line goes on with.
    """
    raw = _raw(text)
    widths = _widths(raw)
    few = _few_words(text, raw)
    crossing = {place for a, b in findings for place in _line_ends(text, a, b)}
    lines: list[Line] = []
    previous: Line | None = None
    for line, width, listed in zip(raw, widths, few, strict=True):
        if (
            previous is not None
            and not line.after_blank
            and (previous.end in crossing or _wrapped(text, previous, line, width, lines[-1], listed=listed))
            and not heads(text[previous.start : previous.end])
        ):
            lines[-1].breaks.append(line.start)
            lines[-1].end = line.end
        else:
            lines.append(line)
        previous = Line(line.start, line.end, line.bullet, line.indent, line.after_blank)
    return lines


def _raw(text: str) -> list[Line]:
    lines: list[Line] = []
    blank, at = False, 0
    for piece in text.split("\n"):
        if not piece.strip():
            blank = True
        else:
            bullet = _BULLET.match(piece)
            begin = bullet.end() if bullet else len(piece) - len(piece.lstrip())
            indent = len(piece) - len(piece.lstrip())
            end = at + len(piece.rstrip())
            lines.append(Line(min(at + begin, end), end, bullet[0].strip() if bullet else "", indent, blank))
            blank = False
        at += len(piece) + 1
    return lines


def _widths(lines: Sequence[Line]) -> list[int]:
    """For each line, the longest of its paragraph: where it is full, what follows was wrapped."""
    widths: list[int] = []
    first = 0
    for at in range(len(lines) + 1):
        if at == len(lines) or (lines[at].after_blank and at > first):
            widest = max((line.end - line.start + line.indent for line in lines[first:at]), default=0)
            widths += [widest] * (at - first)
            first = at
    return widths


def is_item(text: str, lines: Sequence[Line], number: int) -> bool:
    """Whether a line is one of a list: behind a bullet, or of a few words without a full stop."""
    if number >= len(lines) or lines[number].after_blank:
        return False
    said = text[lines[number].start : lines[number].end]
    return bool(lines[number].bullet) or (len(said.split()) <= _FEW and said[-1:] not in ".:")


_FEW = 3
"""Lines of a list without bullets at least, and words that each has at most on the average."""
_ITEM_BEHIND = re.compile(r":[ \t]*\w")
"""An item behind its heading, which the lines below may go on with: "Not present: ataxia"."""


def _few_words(text: str, lines: Sequence[Line]) -> list[bool]:
    """For each line, whether its paragraph is a list without bullets: lines of two or three words and no comma."""
    flags: list[bool] = []
    while len(flags) < len(lines):
        first = len(flags)
        end = next((at for at in range(first + 1, len(lines)) if lines[at].after_blank), len(lines))
        said = [text[line.start : line.end] for line in lines[first:end]]
        words = sum(len(one.split()) for one in said)
        plain = all(line.end - line.start < NARROW for line in lines[first:end]) and "," not in "".join(said[1:])
        plain = plain and not any(_ITEM_BEHIND.search(one) for one in said)
        flags += [plain and len(said) >= _FEW and words <= _FEW * len(said)] * (end - first)
    return flags


def _line_ends(text: str, start: int, end: int) -> list[int]:
    places, at = [], text.find("\n", start, end)
    while at >= 0:
        place = at
        while place > start and text[place - 1] in " \t":
            place -= 1
        places.append(place)
        at = text.find("\n", at + 1, end)
    return places


_WARD_HEADING = re.compile(r"(?:[co]/[eo]|pmhx?|dhx?|fhx?|shx|hpc|imp|ix)(?:[ \t]+[^\s:=–-]|[ \t]*:)", re.IGNORECASE)
"""A line that begins with a heading of ward notes: "o/e rr 28", "fh nil", "c/o: cough"."""


def _wrapped(text: str, before: Line, line: Line, width: int, whole: Line, *, listed: bool) -> bool:
    """Whether a line goes on with what the one before it began."""
    if line.bullet and not _minus(text, before, line):
        return False
    said = text[max(before.start, before.end - 60) : before.end]
    following = text[line.start : min(line.end, line.start + 60)]
    if "\t" in following or "|" in following or "\t" in said or "|" in said:
        return False
    if "  " in following.strip() and "  " in said.strip():
        return False
    if _COLUMN.search(text, before.start, before.end) and _COLUMN.search(text, line.start, line.end):
        return False
    if _WARD_HEADING.match(following):
        return False
    if listed and not _OPEN_END.search(said):
        return False
    if _OPEN_END.search(said) and not (_ANSWERED.search(said) and _LABELLED.match(following)):
        return True
    if said.endswith(":") and re.search(r"[.;?!]\s+\S", said):
        return True
    if said.endswith(":") and _RESULT.match(following):
        return True
    if _CLOSED.search(said):
        return bool(
            re.search(r"\b(?:dr|mr|mrs|ms|prof|e\.g|i\.e|vs|approx|ca|st)\.$|(?:^|[.;,] )neg\.$", said, re.IGNORECASE)
        )
    if re.search(r"\?\s+(?:yes|no|y|n|never|none|nil|sometimes)\W*$", said, re.IGNORECASE):  # a question and its answer
        return False
    if _GOES_ON.match(following):
        return True
    word = re.match(r"\S+", following)
    full = before.end - before.start + before.indent + 1 + (len(word[0]) if word else 0) > width and width >= NARROW
    first = text[whole.start]
    if following[0].islower():
        begun = (first.isupper() or first.isdigit()) and line.indent <= whole.indent  # deeper: a list under its heading
        return full or begun or bool(whole.bullet)
    if following[0].isupper() and not text[line.start : line.end].isupper():
        return False
    return full


def _minus(text: str, before: Line, line: Line) -> bool:
    """Whether the dash at the head of a line is no bullet: "-ve for", or an answer cut off from what it answers."""
    answer = line.bullet in ("-", "–") and not before.bullet and _ANSWER.match(text, line.start, line.end)
    return text.startswith("ve ", line.start) or bool(answer)


_SENTENCE_END = re.compile(  # a class of signs first, which the others are found by fast
    r"[.!?;](?:(?<=[.!?])(?<![.!?][.!?])[.!?]*+[\"”’)\]]*+(?=\s|$)|(?<=[a-z]{3}\.)(?=[A-Z][a-z])|(?<=;)(?=\s|$))"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|prof|st|approx|ca|vs|e\.g|i\.e|eg|ie|fig|fam|ref|incl|esp|resp|cf|al|dept|dec|decd|neg|pos|no|wt|ht|max|"
    r"min|temp|hosp|dob|jr|sr|[a-z])|\d)$",
    re.IGNORECASE,
)

_TITLES = frozenset(("fam", "dr", "mr", "mrs", "ms", "prof", "st", "e.g", "i.e", "eg", "ie", "vs", "cf"))


def sentences(text: str, line: Line, findings: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut a logical line after every sentence; a full stop within a finding, a number or an abbreviation ends none."""
    cuts, inside = [line.start], 0
    for match in _SENTENCE_END.finditer(text, line.start, line.end):
        place = match.end()
        while inside < len(findings) and findings[inside][1] <= match.start():
            inside += 1
        if inside < len(findings) and findings[inside][0] <= match.start():
            continue
        if match[0] == "." and place < line.end and _shortened(text, line.start, match.start(), place):
            continue
        if match[0][0] == "?" and text[match.start() - 1 : match.start()] in ("", " ", "\n", "("):
            continue
        cuts.append(place)
    slashes = [match.start() + 2 for match in _SLASHED.finditer(text, line.start, line.end)]
    cuts = sorted({*cuts, *slashes, *_numbered(text, line, findings)})
    cuts += [line.end] if cuts[-1] < line.end else []
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


_SLASHED = re.compile(r" [/|] (?=(?:Yes|No|Present|Absent|Positive|Negative|Pos|Neg|YES|NO): )")
"""Before the second heading of a line: "No: chorea, tremor / Yes: dystonia"."""
_NUMBER = re.compile(r"(?<!\S)\(?(\d{1,2})\)(?=\s+\S)")
_LETTER = re.compile(r"(?<!\S)\(?([A-Ha-h])\)(?=\s+\S)")
_ROMAN = re.compile(r"(?<!\S)\(?(i{1,3}|iv|vi{0,3})\)(?=\s+\S)", re.IGNORECASE)
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
_ONE_LIST = re.compile(
    r"\b(?:no|not|nor|without|denie[sd]|deny|denying|negative|absent|exclud\w+|has|have|had|with|of)\b[^.;]*$",
    re.IGNORECASE,
)
"""What is said of all items of a numbered list: "no evidence of: 1) ...", "his mother has: 1) ..."."""


def _numbered(text: str, line: Line, findings: Sequence[tuple[int, int]]) -> list[int]:
    """Where the items of a list that is numbered within a line begin: "1) fits 2) no rash 3) tremor".

    None where what stands before the list is said of all of it.
    """
    if text.find(")", line.start, line.end) < 0:
        return []
    found = ([*pattern.finditer(text, line.start, line.end)] for pattern in (_NUMBER, _LETTER, _ROMAN))
    matches = next((some for some in found if some), [])
    numbers = [_number(match[1].lower()) for match in matches]
    first = 2 if line.bullet and numbers[:1] == [2] else 1  # the first number was taken for a bullet
    if numbers != list(range(first, first + len(numbers))) or first + len(numbers) < 3:
        return []
    before = "" if first == 2 else text[line.start : matches[0].start()].rstrip()
    if (before and before[-1] not in ":.;,-–") or _ONE_LIST.search(before):
        return []
    starts = [match.start() for match in matches]
    return [at for at in starts if at > line.start and not any(start < at < end for start, end in findings)]


def _number(said: str) -> int:
    """The number of an item: "2", "b" or "ii"."""
    if said.isdigit():
        return int(said)
    return _ROMANS.index(said) + 1 if said in _ROMANS else ord(said) - ord("a") + 1


def _shortened(text: str, start: int, stop: int, place: int) -> bool:
    before = _ABBREVIATED.search(text, max(start, stop - 8), stop)
    if not before:
        return False
    following = text[place : place + 4].lstrip()
    if before[0].isdigit():
        return following[:1].isdigit() and text[place : place + 1] not in (" ", "\n")
    capitals = before[0].isupper() and len(before[0]) > 1 and not text[start:place].isupper()
    if before[0].lower() in _TITLES and capitals:  # "this is not MS."
        return False
    if before[0].lower() == "neg" and text[start : before.start()].rstrip()[-1:] in ("", ".", ";", ","):
        return True
    if before[0].lower() == "no":
        return following[:1].isdigit()
    return before[0].lower() in _TITLES or following[:1].islower() or following[:1].isdigit()
