"""Age and sex of the patient, read from a note.

An age counts where it is said of the patient ("4-year-old girl", "aged 3 8/12", "4yo F", "seen at 18 months"). The age
now, or when the patient was seen, goes before ages of events ("walked at 18 months"); an event's age is used where
nothing else is stated, and is marked so. Ages of relatives, of gestation, of bones and of development are never the
patient's. Sex comes from a heading, a word for a person, a letter beside the age, a title, and failing these from
pronouns. What contradicts itself, or is not there, stays null.
"""

import heapq
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from raredxr1 import lazy_re as re
from raredxr1.cases.ages import AGES, ANY_AGE, DURATION, HEAD, LETTER, OLD, TENS, YEARS_OLD, Duration, duration
from raredxr1.data import table
from raredxr1.schemas import Age, Demographics, Sex, Span

Value = Literal["female", "male"]

_HEADING_ENDS = 400
"""Letters within which a name with an age is the patient's, as at the head of a letter."""
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
_OPENS = re.compile(
    r"^[A-Za-z][A-Za-z /&]{1,30}:$|"  # the first line of a note
    r"(?:^|[.\n])\s*(?:hpi|cc|id|hx|pt|summary|patient|presentation|history|referral|reason\s+for\s+\w+|"
    r"(?:chief|presenting)\s+complaint|clinical\s+\w+|history\s+of\s+present\w*\s+\w+)\s*[:-]$",
    re.I,
)
"""A heading under which a note begins with its patient: "HPI: 26F G1P0 w/ dyspnea"."""
_FRENCH = re.compile(r"\b(?:catheter|foley|sheath|tube|introducer|cannula|stent|drain)\W*$", re.I)
"""What is measured in French: "Foley 16F" is nobody's age."""
_MONTHS_OLD = re.compile(r"(?<=[\d½¼¾])[\s-]*mo\b", re.I)
"""Months, where "mo" is not a mother."""
_MONTHS = 36
"""No age is written in more months than these by a capital alone."""
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
_STOPS = re.compile(r"[.!?](?=\s+\S)|\n\s*\n|\n(?=\s*(?:[-*•·▪]|\d{1,2}[.)]\s|[A-Z][A-Za-z /&'()-]{1,40}:))")
_SHORT = re.compile(r"(?:\b(?:[A-Za-z]|Mrs?|Ms|Drs?|St|vs|pt|yrs?|mos?|wks?|approx|ca|e\.g|i\.e|y\.o|No)|\.\w)$", re.I)
_HEADING = re.compile(r"(?m)^[ \t]*([A-Za-z][A-Za-z /&'()-]{1,40}?)[ \t]*(?::|$)|(?<=[.;] )([A-Z][A-Za-z /&-]{1,30}):")
_OF_FAMILY = re.compile(r"^(?:famil|fh\b|fhx|fam\b|pedigree|siblings?\b|parents?\b|mother\b|father\b|maternal|paternal|"
                        r"sisters?\b|brothers?\b|relatives?\b)", re.I)  # fmt: skip
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|♀|♂")
_OBLIQUE = re.compile(
    r"\b(?:by|per|to|with|from)\s+(?:(?:his|her|the|their|a|an|non-?consanguineous|healthy)\s+)*$", re.I
)
_OWNED = re.compile(r"\b(?:has|have|had|with|her|his|their|whose|and|one|two|another)\s+(?:a|an|one|two)?\s*$", re.I)
_BETWEEN = re.compile(r"[\s,(:]*(?:who\s+)?(?:is|was|are|now|currently|aged?|died|dead|deceased|at|the|of|had|has)?"
                      r"(?:\s*(?:aged?|at|the|age|of|now|healthy|well|an?)\b)*[\s,(:]*$", re.I)  # fmt: skip


@cache
def _persons() -> dict[str, dict[str, str]]:
    return {row["word"]: row for row in table("persons")}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Kinds of what tells an age, with what each begins with, which is found far faster, and the whole of it."""
    nouns = sorted((w for w, row in _persons().items() if row["role"] != "relative"), key=len, reverse=True)
    wholes = [(kind, pattern.replace("PATIENT", "|".join(nouns))) for kind, pattern in AGES]
    heads = [whole.partition("(?P<age>")[0] if "(?P<age>" in whole else "" for _, whole in wholes]
    return tuple(
        (kind, re.compile(head, re.I), re.compile(whole, re.I))
        for (kind, whole), head in zip(wholes, heads, strict=True)
    )


def read_demographics(note: str) -> Demographics:
    """Read age and sex of the patient.

    Args:
        note: the whole note; quotes and spans are of it.
    """
    text = _Text(note)
    sex = _sex(text)
    return Demographics(age=_age(text, sex.value if sex else None), sex=sex)


class _Text:
    """A note with where its sentences and its family sections are."""

    def __init__(self, note: str) -> None:
        self.note = note
        stops = [m.end() for m in _STOPS.finditer(note) if not _SHORT.search(note[max(0, m.start() - 8) : m.start()])]
        self._starts = [0, *stops]
        self._family = list(self._sections())

    def before(self, at: int) -> str:
        """The sentence up to a place."""
        return self.note[self._starts[bisect_right(self._starts, at) - 1] : at]

    def of_family(self, at: int) -> bool:
        """Whether a place lies in a section about the family."""
        return any(start <= at < end for start, end in self._family)

    def _sections(self) -> Iterator[tuple[int, int]]:
        headings = [(m.start(), m[1] or m[2]) for m in _HEADING.finditer(self.note)]
        for (start, name), (end, _) in zip(headings, [*headings[1:], (len(self.note), "")], strict=False):
            if _OF_FAMILY.match(name):
                blank = re.search(r"\n\s*\n", self.note[start + len(name) : end])
                yield start, start + len(name) + blank.start() if blank and blank.start() > 2 else end


# --- age -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    kind: str
    start: int
    end: int
    time: Duration
    event: bool


def _age(text: _Text, sex: Value | None) -> Age | None:
    best: _Found | None = None
    for one in _ages(text, sex):
        if best is None or _preferred(one) < _preferred(best):
            best = one
        if not one.event and one.kind not in _VAGUE:
            break  # what stands further on is at most as good
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


def _ages(text: _Text, sex: Value | None) -> Iterator[_Found]:
    """What the note says of the patient's age, in order of place."""

    def matches(order: int) -> Iterator[tuple[int, int, re.Match[str]]]:
        _, head, whole = _patterns()[order]
        found = whole.finditer(text.note) if head.search(text.note) else ()
        return ((match.start(), order, match) for match in found)

    for _, order, match in heapq.merge(*map(matches, range(len(_patterns()))), key=lambda one: one[:2]):
        if one := _found(text, _patterns()[order][0], match, sex):
            yield one


def _preferred(one: _Found) -> tuple[int, float]:
    """Ages when seen, then vaguer ones, then those of events; of events the last in life, else the first written."""
    if one.event:
        return 2, -(one.time.to_years or one.time.years)
    return int(one.kind in _VAGUE), one.start


def _found(text: _Text, kind: str, match: re.Match[str], sex: Value | None) -> _Found | None:
    """What a match says of the patient's age; None: nothing."""
    note = text.note
    time, start = _time(kind, match), match.start()
    if time is None or (kind == "letter" and not _letter_fits(note, match)):
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
    if kind in ("name", "given") and (
        start > _HEADING_ENDS or _names_relative(match.group()) or _IT.match(note, start)
    ):
        return None
    if kind not in ("heading", "name") and _is_relatives(text, match, before, sex):
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
    if _SEX_BEHIND.fullmatch(said) and (kind == "title" or int(said[:-1]) > _MONTHS):
        said = f"{said[:-1]} years"  # "Mr Holt, 41 M"
    return duration(said)


def _letter_fits(note: str, match: re.Match[str]) -> bool:
    """Whether 58M or F/34 stands where a note speaks of its patient: at a beginning, or with a unit or "yo"."""
    if re.search(r"\d\s*[a-z/-]", match.group(), re.I) and re.search(r"\d[\s-]*(?:y|mo|m/|w|d)", match.group(), re.I):
        return True
    before, after = note[: match.start()].rstrip(" \t"), note[match.end() : match.end() + 80]
    if _FRENCH.search(before):
        return False
    begins = not before or before[-1] in ".\n:;(" or re.search(r"\b(?:an?|this|is|pt|patient|hpi|cc)$", before, re.I)
    if match.start() < _HEADING_ENDS and (not before or before[-1] == "\n" or _OPENS.search(before)):
        return True  # "23F brought in by ambulance"
    return bool(begins) and bool(
        re.match(r"\s*(?:$|[,.;:)]|w/|with\b|who\b|c/o|here\b|presen|p/w|s/p|h/o|hx\b|adm|ref)", after, re.I)
    )


def _is_event(kind: str, match: re.Match[str], before: str) -> bool:
    """Whether the age is that of something in the history."""
    if kind in ("heading", "name", "given", "said", "letter", "title", "noun"):
        return False
    if kind == "aged" and re.match(r"aged?\s+(?:at|of)\s+onset", match.group(), re.I):
        return True
    if kind == "aged" and (noun := re.search(r"\b([a-z]{4,})\s+$", before)) and match.group()[0] in "aA":
        return noun[1] not in _persons() and noun[1] not in _STATES_AGE  # "shingles aged 12"
    if kind == "life" and match.group().lower().startswith("day") and "life" not in match.group().lower():
        return not _NOW.search(before)  # "PDA day 3, closed day 12"
    if kind == "newborn":
        return bool(_EVENT.search(before) or re.search(r"\bas\s+(?:an?\s+)?$", before, re.I))
    return bool(_EVENT.search(before + " " if before and not before[-1].isspace() else before))


def _is_relatives(text: _Text, match: re.Match[str], before: str, sex: Value | None) -> bool:
    """Whether the age is a relative's: by the noun that follows, else by the person last spoken of."""
    persons = _persons()
    if re.search(r"\b(?:born|delivered)\s+(?:\w+\s+){0,3}to\s+an?\s+(?:[a-z-]+\s+)*$", before, re.I):
        return True
    after = re.split(
        r"[,.;:()\n]|\b(?:with|who|whose|of|was|is|presented|presents|has|had)\b",
        text.note[match.end() : match.end() + 60],
    )[0]
    following = [persons[w] for w in (word.lower() for word in _WORD.findall(after)[:5]) if w in persons]
    if following and match.group()[-1:] != ")":
        role = following[0]["role"]
        if role == "relative" and not re.match(r"\s*(?:presented|brought)", after, re.I):
            return not any(one["role"] == "patient" for one in following)
        if role == "either":
            return bool(_OWNED.search(before))
        return False
    for word in reversed(list(_WORD.finditer(before))):
        said = word.group().lower()
        if said.endswith(("'s", "’s")):
            continue
        if said in ("he", "she"):
            return sex is not None and (sex == "male") != (said == "he")
        person = persons.get(said)
        if person is None:
            continue
        if person["role"] == "patient" or (person["role"] == "either" and not _OWNED.search(before[: word.start()])):
            return False
        near = _BETWEEN.match(before[word.end() :]) is not None
        if near or not _OBLIQUE.search(before[: word.start()]):
            return True
    return False


# --- sex -------------------------------------------------------------------------------------------------------------

_SEXES: dict[str, Value] = {
    "f": "female", "♀": "female", "mrs": "female", "ms": "female", "miss": "female", "girl": "female",
    "m": "male", "♂": "male", "mr": "male", "master": "male", "boy": "male",
}  # fmt: skip
_SEX_HEADING = re.compile(
    rf"\b(?:{HEAD}|sex|gender)\s*[:=]\s*(?:{ANY_AGE}\s*(?:old)?\s*[/,]?\s*)?(?P<sex>female|male|girl|boy|f|m)\b", re.I
)
_BEFORE_BIRTH = re.compile(r"\b(?:fo?etal|genetic|chromosomal|karyotypic|predicted|scan|antenatal|prenatal)\s+$", re.I)
"""Before a sex that a test told, which the child may not have."""
_AGE_BEFORE = re.compile(
    rf"(?:(?:{YEARS_OLD}|{DURATION}{OLD}?)[\s,/(-]*(?:[a-z-]+[\s-]+){{0,4}}|"
    r"\b(?:newborn|baby|term|preterm|infant|adult|young|elderly)[\s,/(-]+)$", re.I)  # fmt: skip
_PHRASE = re.compile(
    r"(?:^|[.\n:;(]\s*|\b(?:this|that|the|an?|our|index|is|was)\s+)(?:[a-z0-9'-]+(?:,[a-z0-9]+)?[\s-]+){0,5}$", re.I
)
_TITLE = re.compile(r"\b(Mrs|Mr|Ms|Miss)\b\.?(?=\s+[A-Z])")
_OTHERS = re.compile(r"\b(?:carrier|affected|other|healthy|unaffected|two|three|first|another|all|most|for|relatives?|"
                     r"her|his|one|in|of|and|or|both)\s+$", re.I)  # fmt: skip
_ONCE = re.compile(r"\b(?:as|like|when)\s+(?:\w+\s+){0,2}an?\s+(?:[a-z]+\s+)?$", re.I)
"""What somebody was once, who may be the writer: "I had asthma as a boy"."""
_PRONOUN = re.compile(r"\b(?P<she>she|her|hers|herself)\b|\b(?P<he>he|his|him|himself)\b", re.I)


def _sex(text: _Text) -> Sex | None:
    note = text.note
    heads = _SEX_HEADING.finditer(note)
    if match := next((m for m in heads if not _BEFORE_BIRTH.search(note, max(0, m.start() - 20), m.start())), None):
        said = match["sex"].lower()
        return _said(note, _SEXES.get(said) or said, match.start(), match.end())  # type: ignore[arg-type]
    best: tuple[int, int, Value, int] | None = None
    for word in _WORD.finditer(note):
        person = _persons().get(re.sub(r"['’]s$", "", word.group().lower()))
        if person is None or not person["sex"] or person["role"] == "relative" or text.of_family(word.start()):
            continue
        before = text.before(word.start()).lstrip()
        aged = _AGE_BEFORE.search(before)
        if aged is None and (not _PHRASE.search(before) or _OTHERS.search(before) or _ONCE.search(before)):
            continue
        rank, lead = (0, before[: aged.start()]) if aged else (1, before)
        if person["role"] == "either" and (aged is None or _OWNED.search(lead)):
            continue
        if aged and (re.search(r"\bto\s+an?\s+$", lead, re.I) or _names_relative(aged.group())):
            continue
        if re.match(
            r"\s+(?:relatives?|cousins?|siblings?|carriers?|family|offspring|donor|pattern|genitalia|sex\b|infertility)",
            note[word.end() : word.end() + 40],
            re.I,
        ):
            continue
        if best is None or (rank, word.start()) < best[:2]:
            best = rank, word.start(), person["sex"], word.end()  # type: ignore[assignment]
        if rank == 0:
            break
    letter = next(_letters(text), None)
    if letter and (best is None or (best[0], best[1]) > (0, letter.start())):
        return _said(note, _SEXES[letter["letter"].lower()], letter.start(), letter.end())
    if best:
        return _said(note, best[2], best[1], best[3])
    if title := _TITLE.search(note):
        return _said(note, _SEXES[title[1].lower()], title.start(), title.end())
    return _by_pronouns(text)


def _letters(text: _Text) -> Iterator[re.Match[str]]:
    for kind, _, pattern in _patterns():
        for match in pattern.finditer(text.note) if kind == "letter" else ():
            of_relative = text.of_family(match.start()) or _is_relatives(text, match, text.before(match.start()), None)
            if _letter_fits(text.note, match) and not of_relative:
                yield match


def _names_relative(words: str) -> bool:
    said = _MONTHS_OLD.sub(" ", words)
    return any(_persons().get(word.lower(), {}).get("role") == "relative" for word in _WORD.findall(said))


def _by_pronouns(text: _Text) -> Sex | None:
    """The pronoun that stands most often; "his mother" says more than "she", who may be the mother."""
    weights: dict[Value, float] = {"female": 0.0, "male": 0.0}
    first: dict[Value, re.Match[str]] = {}
    for match in _PRONOUN.finditer(text.note):
        if text.of_family(match.start()):
            continue
        sex: Value = "female" if match["she"] else "male"
        of_relative = re.match(r"(?:his|her)\s+(?:\w+\s+)?(\w+)", text.note[match.start() : match.start() + 40], re.I)
        relative = of_relative is not None and _persons().get(of_relative[1].lower(), {}).get("role") == "relative"
        weights[sex] += 3.0 if relative else 1.0
        first.setdefault(sex, match)
    if weights["female"] == weights["male"]:
        return None
    sex = max(weights, key=lambda one: weights[one])
    if min(weights.values()) * 2 > max(weights.values()):
        return None
    return _said(text.note, sex, first[sex].start(), first[sex].end())


def _said(note: str, value: Value, start: int, end: int) -> Sex:
    return Sex(value=value, quote=note[start:end], span=Span(start=start, end=end))
