"""Findings from ages at milestones and from grades of power: "walked at 25 months / sat at 11", "hip flexion 4-/5".

Ages are compared with the upper end of what is usual (WHO windows of achievement, 2006: sitting 9 months, walking 18
months; first words about 18, phrases about 36 months), a month or two added. An age well within says that nothing is
delayed. Grades of power are those of the Medical Research Council, 0 to 5.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()  # noqa: SIM905
AGE = (
    rf"(?P<age>\d{{1,2}}(?:[.,]\d|\s?½|[ ]1/2|[ ]and a half)?|(?:{'|'.join(_NUMBERS)})(?: and a half)?)(?:\s?(?:-|–|"
    rf"to)\s?\d{{1,2}})?[ -]?"
    r"(?:(?P<unit>months?|mths?|mo|m|years?|yrs?|y|/12)(?:[ ]?\d{1,2}[ ]?(?:m|mths?|months?|/12))?)?(?![\w/])"
)
"""An age, as a child's milestones have it: "2 1/2 years", "two and a half", "14/12", "2y 3m"."""
_SITTING = "HP:0025336"
_YEARS = 4
"""Up to so many without a unit are years, in which children walk or speak and months in which none does."""
_ALONE = r"(?: up| unsupported| alone| without support| independently| unaided){0,2}"
_MILESTONES = (
    # one of these is in the words (a text without any is not looked through), the words, their term, months from which
    # it is late, months up to which it is not
    (
        ("sat ", "sat\n", "sat:", "sat=", "sat,", "sitting", "sits"),
        r"(?:first )?(?:sat|sitting|"
        "sits)" + _ALONE,
        _SITTING,
        10,
        8,
    ),
    (
        ("walk", "steps"),
        r"(?:first )?(?:walked|walking|walks|(?:took (?:his|"
        "her) )?first steps)" + _ALONE,
        "HP:0031936",
        19,
        15,
    ),
    (
        ("word", "talk", "speak"),
        r"(?:first|single) words?|(?:spoke|said|had) (?:his|her) first words?|"
        r"(?:started|began) (?:to talk|talking|to speak|speaking)",
        "HP:0000750",
        20,
        14,
    ),
)
_BETWEEN = (
    r"(?:\s*(?:just before|shortly before|just after|before|nearly|almost|when|(?:s?he|they) (?:was|were|"
    r"turned)|only|not until|by|at|from|around|about|aged?|the age of|was|were|achieved|came|late|[:=,~]|c\.)){0,5}"
    r"\s*"
)
_PREPOSITION = re.compile(
    r"\b(?:at|by|from|until|around|about|aged?|only|was|were|before|after|when|turned)\b|[:=@~]", re.IGNORECASE
)
_PATTERNS = tuple(
    (parts, re.compile(rf"\b(?:{words})\b{_BETWEEN}{AGE}", re.IGNORECASE), term, late, early)
    for parts, words, term, late, early in _MILESTONES
)
_GRADE = re.compile(
    r"\b(?:(?:neck|hip|ankle|foot|shoulder|knee|elbow|wrist|(?:long )?finger|thumb)\s+)?(?:power|strength|MRC|NF|"
    r"flexion|flexors?|flex|extension|extensors?|abduction|abductors?|adduction|dorsiflexion|"
    r"plantarflexion|plantar flexion|grip|quadriceps|hamstrings|deltoids?|biceps|triceps|iliopsoas|tibialis anterior|"
    r"eversion|inversion)\b[^.;\n\d]{0,40}?(?P<grade>[0-5])(?P<sign>[+-]?)"
    r"(?:\s?(?:-|–|to)\s?[0-5][+-]?)?\s?/\s?5(?![\d/])",
    re.IGNORECASE,
)
WEAKNESS = "HP:0001324"
_MUSCLES = tuple(
    (re.compile(words, re.IGNORECASE), term)
    for words, term in (
        (r"neck\s+(?:is\s+)?fl[ex]|\bNF\b", "HP:0003722"),
        ("hip fl[ex]|iliopsoas", "HP:0012515"),
        ("hip add", "HP:0033416"),
        ("hip (?:abd|ext)|glute", "HP:0008994"),
        (r"quadriceps|\bquads\b|knee ext", "HP:0003731"),
        (r"dorsi-?flex|tibialis anterior|\bDF\b", "HP:0009027"),
        ("finger flex", "HP:0031177"),
        ("finger extens", "HP:0009077"),
        (r"deltoid|\bsh(?:oulder)? abd", "HP:0008997"),
        (r"\bgrip\b", "HP:0030237"),
    )
)
_CLOSE = 30
"""Letters of a muscle and the grade that is its."""
_GRADED_LIST = rare(r"\b(?:MMT|MRC|[Pp]ower|[Ss]trength)\b[^.;\n]{0,160}")
_JOINT = r"(?:neck|hip|knee|elbow|ankle|foot|toe|shoulder|sh|wrist|finger|thumb|trunk)"
_MOVEMENT = (
    r"(?:flex(?:ion|ors?)?|flx|ext(?:ension|ensors?)?|abd(?:uction|uctors?)?|add(?:uction|uctors?)?|"
    r"dorsi-?flex(?:ion|ors?)?|plantar[- ]?flex(?:ion|ors?)?|DF|PF|eversion|inversion)"
)
_MUSCLE = (
    rf"(?:{_JOINT} {_MOVEMENT}|deltoids?|quadriceps|quads|hamstrings|tibialis anterior|iliopsoas|biceps|triceps|grip|"
    rf"glute(?:us|i|al)\w*(?: max\w*| med\w*)?|first dorsal interosse\w*|FDI|APB|ADM)"
)
_LISTED = re.compile(
    rf"\b{_MUSCLE}\s*:?\s*[0-4](?:\s?[+-](?!\d)|\s(?:plus|minus))?(?:\s?/\s?[0-4][+-]?(?!\d))?"
    r"(?=\s*(?:[,.;)\n]|$|bilat|both\b|and\b|R\b|L\b))",
    re.IGNORECASE,
)
"""In a list of grades without "/5": "MMT: neck flexors 3+, deltoids 4"."""
_GRADE_OF_RUN = r"[0-5](?:\s?[+-](?!\d)|\s(?:plus|minus))?(?:\s?/\s?[0-5][+-]?(?!\d))?"
_RUN = rare(
    rf"\b(?:neck|hip|knee|quadriceps|quads|deltoids?|shoulder|sh|elbow|ankle)\b[^.;\n\d]{{0,20}}{_GRADE_OF_RUN}"
    rf"(?:[,;] (?:and )?[a-z][a-z ]{{1,24}} {_GRADE_OF_RUN}(?=[\s,;.)]|$)){{2,}}",
    re.IGNORECASE,
)
"""Three grades in a row need no word before them: "hip flexors 3, hip extensors 3 minus, quadriceps 4 plus"."""
_CHART = rare(
    r"^[ \t]*(?:MRC|power|strength)\b[^\n]*?\b(?:R|right|rt)\b[ \t|/]+(?:L|left|lt)\b[^\n]*\n"
    r"(?P<rows>(?:[ \t|]*[^\W\d_][^\n]*?[ \t|]+[0-5][+-]?[ \t|/]+[0-5][+-]?[ \t|]*(?:\n|$))+)",
    re.IGNORECASE | re.MULTILINE,
)
_CHART_ROW = re.compile(r"(?P<muscle>[^\W\d_][^\n|]*?)[ \t|]+(?P<right>[0-5][+-]?)[ \t|/]+(?P<left>[0-5][+-]?)")
"""A table of power: "MRC  R  L", below it rows of a movement and two grades."""


def milestones(text: str) -> Iterator[Hit]:
    """Delayed milestones, or milestones in time, by the age at which they were reached."""
    lowered = text.lower()
    found = [
        hit
        for parts, pattern, term, late, early in _PATTERNS
        if any(part in lowered for part in parts)
        for hit in _reached(text, pattern, term, late, early)
    ]
    yield from sorted(found, key=lambda hit: hit.start)


_GRADED_BELOW = re.compile(r"(?<![\d/.])(?P<grade>[0-4])[+-]?\s?/\s?5(?![\d/])")


def _recovered(text: str, match: re.Match[str]) -> bool:
    """Whether a grade that names no muscle is above one before, so that it tells of a recovery."""
    return any(one["grade"] < match["grade"] for one in _GRADED_BELOW.finditer(text, 0, match.start()))


def grades(text: str) -> Iterator[Hit]:
    """Muscle weakness by a grade of power below 5, or its absence by 5/5."""
    for match in _GRADE.finditer(text) if "/5" in text or "/ 5" in text else ():
        full = match["grade"] == "5" and match["sign"] != "-"
        if _weak(match[0]) == WEAKNESS and _recovered(text, match):
            continue
        yield Hit(WEAKNESS if full else _weak(match[0]), *match.span(), "value", normal=full, measured=True)
    for listed in (*_GRADED_LIST.finditer(text), *_RUN.finditer(text)):
        for match in _LISTED.finditer(text, *listed.span()):
            yield Hit(_weak(match[0]), *match.span(), "value", measured=True)
    for chart in _CHART.finditer(text):
        for row in _CHART_ROW.finditer(text, *chart.span("rows")):
            full = all(grade[0] == "5" and grade[-1] != "-" for grade in (row["right"], row["left"]))
            yield Hit(WEAKNESS, *row.span(), "value", normal=full, measured=True)


_OF_THINGS = re.compile(r"\s*(?:words?|steps|metres|meters|stairs|minutes|times|signs|phrases)\b", re.IGNORECASE)


def _weak(said: str) -> str:
    """The term for weakness of the muscle that a grade is of, where the grade stands close behind it."""
    named = [(place.start(), term) for pattern, term in _MUSCLES for place in pattern.finditer(said)]
    return max(named)[1] if named and len(said) <= _CLOSE else WEAKNESS


def _reached(text: str, pattern: re.Pattern[str], term: str, late: float, early: float) -> Iterator[Hit]:
    for match in pattern.finditer(text):
        if text[match.end() : match.end() + 2].lstrip().startswith("%"):  # "FVC 78% sitting, 71% supine"
            continue
        if match["unit"] == "m" and not _PREPOSITION.search(match[0]):  # "pain after walking 20 m"
            continue
        if _OF_THINGS.match(text, match.end()):  # "walks, ~20 words"
            continue
        months = months_of(match["age"], match["unit"], in_years=term != _SITTING)
        if months is not None and (months >= late or months <= early):
            yield Hit(term, *match.span(), "value", normal=months <= early, measured=True)


def months_of(age: str, unit: str | None, in_years: bool) -> float | None:
    """Months of an age; without a unit, one to four are years of what no child does at so few months (`in_years`).

    Five and more without a unit are months where they are digits; None: not to be told.
    """
    lowered = age.lower()
    half = 0.5 if lowered.endswith(("½", " 1/2", "and a half")) else 0.0
    word = lowered.removesuffix("½").removesuffix(" 1/2").removesuffix(" and a half").strip()
    number = _NUMBERS.index(word) + 1.0 if word in _NUMBERS else float(word.replace(",", "."))
    number += half
    if unit is None:
        if in_years and number <= _YEARS:
            return number * 12
        return number if number > _YEARS and word not in _NUMBERS else None
    return number * (12 if unit[0] in "yY" else 1)
