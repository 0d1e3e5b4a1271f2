"""Age and sex of the patient, read from a note.

An age counts where it is said of the patient ("4-year-old girl", "aged 3 8/12", "4yo F", "seen at 18 months"). The age
now, or when the patient was seen, goes before ages of events ("walked at 18 months"); an event's age is used where
nothing else is stated, and is marked so. Ages of relatives, of gestation, of bones and of development are never the
patient's. Sex comes from a heading, a word for a person, a letter beside the age, a title, and failing these from
pronouns. What contradicts itself, or is not there, stays null.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from raredxr1 import lazy_re as re
from raredxr1.cases.ages import LETTER, OLD, TENS, Duration, duration
from raredxr1.cases.birth_dates import ages_by_birth
from raredxr1.cases.mentions import (
    HEADING_ENDS,
    Text,
    Value,
    is_relatives,
    letter_fits,
    names_relative,
    patterns,
    persons,
)
from raredxr1.cases.sex import read_sex
from raredxr1.knowledge.assertion.unborn import is_of_unborn
from raredxr1.schemas import Age, Demographics, Span

_IT = re.compile(r"(?:It|This|That|There|What|Which|The|She|He|Who|Weight|Height|Bone)\b")
_VAGUE = ("life", "newborn", "decade")
_DECADES = {stem: 20 + 10 * i for i, stem in enumerate(TENS.split("|"))} | {
    ordinal: 10 + 10 * i
    for i, ordinal in enumerate(("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"))
}
_NOT_LIFE = re.compile(r"\b(?:bone|mental|developmental|gestational|maternal|paternal|parental|postmenstrual|height|"
                       r"skeletal|dental|adjusted|equivalent|reading|language|median|mean|average|carbon|post-?conceptional)"
                       r"[\s-]+$", re.I)  # fmt: skip
_COMPARED = re.compile(r"\b(?:level|abilit(?:y|ies)|skills|stage|standard|size|height|speech|language|vocabulary|"
                       r"equivalent)\s+(?:of|as|to|for)\s+(?:(?:that|those)\s+of\s+)?an?\s+(?:typical\s+|average\s+|normal\s+)?$|"
                       r"\b(?:like|than)\s+an?\s+(?:typical\s+|average\s+|normal\s+)?$", re.I)  # fmt: skip
"""Before the age of those whom the patient is likened to: "at the level of a 2-year-old"."""
_BORN = re.compile(r"\b(?:born|deliver\w+|gestation\w*|GA|birth|pregnan\w+|caesarean|section|LSCS|preterm|prematur\w+)"
                   r"\b[^.;\n]{0,40}$", re.I)  # fmt: skip
_GESTATION = re.compile(r"[\s'’+/\d-]*(?:of\s+)?(?:gest|GA\b|pregnan|amenorr)", re.I)
_EVENT = re.compile(
    r"\b(?:when|until|till|since|from|by|before|after|between|onset|start\w*|beg[aiu]n\w*|died|walk\w*|sat|spoke|"
    r"diagnos\w*|at|until|onwards|first\s+\w+|developed|lost|regress\w*|because|as\s+an?)\b[^.;\n(]{0,30}$",
    re.I,
)
_SEX_BEHIND = re.compile(r"\d{1,3}\s?M")
_MONTHS = 36
"""No age is written in more months than these by a capital alone."""
_WORD = re.compile(r"[A-Za-z]+")
_OF_PERSON = re.compile(r"[\s-]*(?:old\b)?[\s-]*[A-Za-z]")
_AS = re.compile(r"\b(?:as|when|like|since|until|from)\b[^.;,\n]{0,20}$", re.I)
_ONE_TIME = re.compile(r"\s+(?:after|when|while|whilst|during|following)\b", re.I)
_TIMES = re.compile(r"\b(?:occasions?|episodes?|times?|twice|once|first|again|admissions?)\W+$", re.I)
"""Around the age at something that happened: "twice, aged 19 after a run"."""
_NOW = re.compile(
    r"\b(?:now|today|currently|at present|is|aged?|remains|on admission|presenting|seen)(?:\s+(?:on|at|only))?\s*$",
    re.I,
)
"""Before a day by its number that is the patient's age; without it, it dates something."""
_STATES_AGE = frozenset(
    ("patient", "currently", "presently", "being", "called", "named", "case", "person", "adult", "subject")
)
_SEEN = re.compile(
    r"\b(?:present(?:s|ed|ing|ation)|seen|see|refer\w+|admi(?:tted|ssion)|evaluat\w+|examin\w+|assess\w+|review\w*|"
    r"brought|hospitali[sz]ed|(?:he|she|they|who|patient|boy|girl|child|infant|baby|man|woman|family|parents?)\s+"
    r"(?:first\s+|then\s+)?came|attend\w*|consult\w*|visit\w*|now|currently|at\s+present|today|clinic)\b",
    re.I,
)  # fmt: skip
_SEEN_AFTER = re.compile(r"[\s,)]*(?:\w+\s+){0,4}(?:presents?|presented|was\s+(?:seen|referred|admitted|evaluated|"
                         r"examined|brought|hospitali[sz]ed))\b", re.I)  # fmt: skip


def read_demographics(note: str) -> Demographics:
    """Read age and sex of the patient.

    Args:
        note: the whole note; quotes and spans are of it.
    """
    text = Text(note)
    sex = read_sex(text)
    age = _age(text, sex.value if sex else None)
    if age and age.years >= _MOTHERS and is_of_unborn(note):
        age = None
    return Demographics(age=age, sex=sex)


_ONE_OF = re.compile(
    r"\b(?:[1-6]|one|two|three)\s(?:\w+\s)?(?:boys?|girls?|sons?|daughters?|children|child|brothers?|"
    r"sisters?),?\s(?:aged?\s)?$",
    re.I,
)
"""Before the age of one of several children that a mother has had: "previous: 1 boy aged 4"."""
_MOTHERS = 11.0
"""Years from which an age in the report of a scan of an unborn child is the mother's."""


@dataclass(frozen=True)
class _Found:
    kind: str
    start: int
    end: int
    time: Duration
    event: bool


def _age(text: Text, sex: Value | None) -> Age | None:
    best: _Found | None = None
    for one in _ages(text, sex):
        if best is None or _preferred(one) < _preferred(best):
            best = one
        if not one.event and one.kind not in _VAGUE:
            break  # what stands further on is at most as good
    if best is None or best.event or best.kind in _VAGUE:
        best = _by_birth(text) or best
    if best is None:
        return None
    quote = text.note[best.start : best.end].rstrip(" \t\n.,(-")
    return Age(
        years=best.time.years,
        to_years=best.time.to_years,
        iso8601=best.time.iso8601,
        kind="event" if best.event else "presentation",
        quote=quote,
        span=Span(start=best.start, end=best.start + len(quote)),
    )


def _by_birth(text: Text) -> _Found | None:
    """The age by the date of birth; none of a relative."""
    for start, end, years in ages_by_birth(text.note):
        line = text.note[text.note.rfind("\n", 0, start) + 1 : start]
        if not text.of_family(start) and not names_relative(line):
            units = (years, "years"), (years * 12, "months"), (years * 365.25, "days")
            said = next((f"{int(number)} {unit}" for number, unit in units if number >= 2), "0 days")
            time = duration(said)
            return _Found("birth", start, end, time, False) if time else None
    return None


def _ages(text: Text, sex: Value | None) -> Iterator[_Found]:
    """What the note says of the patient's age, in order of place."""

    def matches(order: int) -> Iterator[tuple[int, int, re.Match[str]]]:
        _, head, whole = patterns()[order]
        found = whole.finditer(text.note) if head.search(text.note) else ()
        return ((match.start(), order, match) for match in found)

    for _, order, match in heapq.merge(*map(matches, range(len(patterns()))), key=lambda one: one[:2]):
        if one := _found(text, patterns()[order][0], match, sex):
            yield one


def _preferred(one: _Found) -> tuple[int, float]:
    """Ages when seen, then vaguer ones, then those of events; of events the last in life, else the first written."""
    if one.event:
        return 2, -(one.time.to_years or one.time.years)
    return int(one.kind in _VAGUE), one.start


def _found(text: Text, kind: str, match: re.Match[str], sex: Value | None) -> _Found | None:
    """What a match says of the patient's age; None: nothing."""
    note = text.note
    time, start = _time(kind, match), match.start()
    if time is None or (kind == "letter" and not letter_fits(note, match)):
        return None
    written = (
        re.match(rf"(?:{LETTER.replace('?P<letter>', '?:')}|\s*)", note[match.end() : match.end() + 80])
        if kind == "old"
        else None
    )
    end = match.end() + (len(written.group().rstrip()) if written else 0)
    before = text.before(start)
    age_word = re.search(r"\b(?:aged?|ages)\b", match.group(), re.I)
    lead = note[max(0, start - 30) : start + (age_word.start() if age_word else 0)]
    if (
        _NOT_LIFE.search(lead)
        or _COMPARED.search(note, max(0, start - 60), start)
        or text.of_family(start)
        or _GESTATION.match(note[match.end() : match.end() + 80])
    ):
        return None
    if re.search(r"\bw(?:ee)?ks?", match.group(), re.I) and _BORN.search(before):
        return None
    if _ONE_OF.search(note, max(0, start - 30), match.start("age") if match.groupdict().get("age") else start):
        return None
    if kind in ("name", "given") and (start > HEADING_ENDS or names_relative(match.group()) or _IT.match(note, start)):
        return None
    if kind not in ("heading", "name") and is_relatives(text, match, before, sex):
        return None
    event = kind == "event" or _is_event(kind, match, before)
    if event and (
        _SEEN.search(re.split(r"[,;]", before)[-1])
        or _SEEN.search(match.group())
        or _SEEN_AFTER.match(note[match.end() : match.end() + 80])
    ):
        event = False
    return _Found(kind, match.start("age") if kind in ("noun", "title") else start, end, time, event)


def _time(kind: str, match: re.Match[str]) -> Duration | None:
    parts = match.groupdict()
    if kind == "newborn":
        return Duration(0.0, "P0D")
    if kind == "decade":
        ten = parts["decade"].lower()
        low = int(ten) if ten.isdigit() else _DECADES[ten]
        return Duration(float(low), f"P{low}Y", low + 9.0)
    if kind == "life":
        return duration(f"{parts['day'] or parts['day2']} days")
    said = parts.get("age") or ""
    named = kind in ("title", "heading") and not re.match(rf"\s*{OLD}", match.string[match.end() :], re.I)
    if _SEX_BEHIND.fullmatch(said) and (named or int(said[:-1]) > _MONTHS):
        said = f"{said[:-1]} years"  # "Mr Holt, 41 M", "Patient: Jan B., 34 M"
    return duration(said)


def _is_event(kind: str, match: re.Match[str], before: str) -> bool:
    """Whether the age is that of something in the history."""
    if kind in ("heading", "name", "given", "said", "letter", "title", "noun"):
        return False
    if kind == "aged" and re.match(r"aged?\s+(?:at|of)\s+onset", match.group(), re.I):
        return True
    if kind == "aged" and (_TIMES.search(before) or _ONE_TIME.match(match.string, match.end())):
        last = re.search(r"([A-Za-z]+)\W*$", before)
        if last is None or last[1].lower() not in persons():
            return True
    if kind == "aged" and (noun := re.search(r"\b([a-z]{4,})\s+$", before)) and match.group()[0] in "aA":
        return noun[1] not in persons() and noun[1] not in _STATES_AGE  # "shingles aged 12"
    if kind == "old" and _OF_PERSON.match(match.string, match.end()) and not _AS.search(before):
        following = _WORD.findall(match.string[match.end() : match.end() + 40])[:3]
        if any(persons().get(word.lower(), {}).get("role") == "patient" for word in following):
            return False  # "bleeding after an extraction in a 34-year-old woman"
    if kind == "life" and match.group().lower().startswith("day") and "life" not in match.group().lower():
        return not _NOW.search(before)  # "PDA day 3, closed day 12"
    if kind == "newborn":
        return bool(_EVENT.search(before) or re.search(r"\bas\s+(?:an?\s+)?$", before, re.I))
    return bool(_EVENT.search(before + " " if before and not before[-1].isspace() else before))
