"""Take names, dates, addresses, numbers and ids out of a note before anything reads it, by rules that are all here.

Why rules: the libraries that do this well (Presidio, Philter with models) need language models fetched from a network,
which this product never does. Rules are predictable and can be read; they cannot know a name that nothing in the note
marks as one. So the result is shown to the user before use, and every output says what was replaced and that the rest
should be looked over. This is a help and no guarantee: it makes no note anonymous in the sense of any law.

What is replaced, by "[name]" and the like (kinds of the HIPAA safe harbour, 45 CFR 164.514(b)(2), where text has them):
- name: behind a title or a label (Dr, Mrs, Dear, Patient:, signed); before "a 4-year-old boy"; after "named"; common
  given names, with a surname behind them; and every further mention of a name found so. Never an eponym: a name before
  syndrome, disease, sign and the like stays.
- date: days and months with or without a year, in figures or words. A year alone, an age and a duration stay.
- age: above 89 years.
- address: street and number, postcodes, "lives in X"; hospitals and clinics by name.
- contact: telephone, fax, e-mail, web addresses.
- id: record, insurance and passport numbers; any run of seven digits or more. HPO, OMIM, ORPHA and PMID ids stay.
"""

import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.diagnose.result import Redaction

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_CAP = r"(?:[A-Z][a-zà-öø-ÿ]{1,40}(?:[-'’][A-Z]?[a-zà-öø-ÿ]{1,40}){0,4}|[A-Z]['’][A-Z][a-zà-öø-ÿ]{1,40}|[A-Z]\.)"
_NAME = rf"{_CAP}(?:[ \t]{{1,8}}(?:(?:van|von|de|der|den|la|le|bin|al|el|da|dos)[ \t]{{1,8}}){{0,3}}{_CAP}){{0,3}}"
_EPONYM = (
    r"(?![a-zà-öø-ÿ])(?!(?:['’]s)?[-\s]{1,8}(?:\w{1,40}[-\s]{1,8})?(?:syndromes?|diseases?|signs?|anomal|malformation|tumou?rs?|scores?|type|test|"
    r"criteria|phenomenon|spots?|reflex|cells?|bodies|sequence|association|chorea|palsy|ataxia|dystrophy|nodules?|"
    r"rings?|fractures?|deformity|method|scale|index|curve|lymphoma|sarcoma|dystonia|lines?)\b)"
)
_NAMES = "|".join(sorted((row["name"] for row in table("given_names")), key=len, reverse=True))
_TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|Sir|Nurse|Rev|Herr|Frau|Mme|Mlle|Monsieur|Madame)\b\.?"
_LABELS = (
    r"(?:patient(?:['’]s)?(?: name)?|name|full name|surname|first name|given name|mother(?:['’]s)? name|"
    r"father(?:['’]s)? name|re|regarding|signed|signature|dictated by|referred by|reported by|seen by|consultant|"
    r"physician|clinician|geneticist|author|gp|cc|next of kin|contact)"
)
_PEOPLE = r"(?:boy|girl|man|woman|male|female|infant|baby|child|newborn|neonate|patient|gentleman|lady|teenager)"
_STREET = r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Court|Ct|Boulevard|Blvd|Way|Place|Square|Close|Terrace)\b\.?"
_HOUSES = r"(?:Hospitals?|Clinics?|Medical Cent(?:er|re)|Infirmary|Health Cent(?:er|re)|University|Surgery|Practice)\b"
_IDS = (
    r"(?:mrn|nhs|ssn|dob|hospital|patient|case|record|chart|file|account|policy|insurance|passport|licen[cs]e|accession|"
    r"specimen|sample|member|admission|visit)"
)

_RULES: tuple[tuple[str, str], ...] = (
    ("contact", r"(?P<it>(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]+\w)"),
    ("contact", r"(?P<it>\b(?:https?://|www\.)\S+[\w/])"),
    ("contact", r"(?i:\b(?:tel(?:ephone)?|phone|fax|mobile|cell|bleep|pager|ext)\b\.?\s{0,8}"
                r"(?:no\.?|number)?\s{0,8}[:.]?\s{0,8})"
                r"(?P<it>\+?[\d(][\d\s().-]{2,40}\d)"),
    ("contact", r"(?P<it>(?<![\w:.])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?|\d{2,5}[\s.-])\d{3,4}[\s.-]\d{3,4}\b)"),
    ("id", r"(?P<it>\b\d{3}-\d{2}-\d{4}\b)"),
    ("id", rf"(?i:\b{_IDS}\s{{0,8}}(?:id|no|number|nr|#)\b\.?\s{{0,8}}[:#.]?\s{{0,8}})"
           r"(?P<it>[A-Z]{0,4}[-/]?\d[\w/-]*)"),
    ("id", r"(?i:\b(?:mrn|nhs|ssn|patient id|id)\s{0,8}[:#]\s{0,8})(?P<it>[A-Z]{0,4}[-/]?\d[\w/-]*)"),
    ("id", r"(?P<it>(?<![\w:.,])(?<!HP:)\d{7,}(?![\w%]|[.,]\d))"),
    ("date", r"(?P<it>\b(?:\d{4}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01]))\b(?:T[\d:.]+Z?)?)"),
    ("date", r"(?P<it>\b(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:19|20)\d\d|\d\d)\b)"),
    ("date", rf"(?P<it>(?i:\b{_DAY}(?:\s{{1,8}}of)?\s{{1,8}}{_MONTH}(?:,?\s{{1,8}}(?:19|20)\d\d)?(?!\w)))"),
    ("date", rf"(?P<it>(?i:\b{_MONTH}\s{{1,8}}{_DAY}\b(?!\s{{0,8}}(?:mg|ml|g|kg|cm|mm|%|years?|months?|weeks?|days?))"
             r"(?:,?\s{1,8}(?:19|20)\d\d)?))"),
    ("date", rf"(?P<it>(?i:\b{_MONTH}\s{{1,8}}(?:of\s{{1,8}})?(?:19|20)\d\d\b))"),
    ("age", r"(?P<it>\b(?:9\d|1[0-4]\d)(?=[\s-]{0,8}(?:years?|yrs?|y/?o|y)\b))"),
    ("address", rf"(?P<it>\b\d{{1,5}}[A-Za-z]?,?\s{{1,8}}(?:{_CAP}\s{{1,8}}){{1,3}}{_STREET}"
                rf"(?:,\s{{0,8}}{_CAP}(?:\s{{1,8}}{_CAP})?){{0,5}})"),
    ("address", r"(?P<it>\b[A-Z]{1,2}\d[A-Z\d]?\s{1,8}\d[A-Z]{2}\b)"),
    ("address", rf"(?P<it>\b{_CAP}(?:\s{{1,8}}{_CAP})?,\s{{0,8}}[A-Z]{{2}}\s{{1,8}}\d{{5}}(?:-\d{{4}})?\b)"),
    ("address", rf"(?i:\b(?:lives|living|resides|residing|resident|from|moved|born) (?:in|to|at|of) )(?P<it>{_CAP}"
                rf"(?:[ \t]{{1,8}}{_CAP})?)(?!\w)(?![-\s]{{1,8}}(?:syndrome|disease))"),
    ("address", rf"(?P<it>\b(?:{_CAP}[ \t]{{1,8}}(?:(?:of|the|and|for|at)[ \t]{{1,8}})?){{1,4}}{_HOUSES})"),
    ("name", rf"\b{_TITLES}[ \t]{{0,8}}(?P<it>{_NAME}){_EPONYM}"),
    ("name", r"\b(?:Dear|Yours sincerely,?|Kind regards,?|Best wishes,?)\s{1,8}"
             r"(?P<it>(?!Colleague|Doctor|Sir|Madam|Team|All|Dr|Mr|Mrs|Ms|Prof)"
             rf"{_NAME})"),
    ("name", rf"(?im:^[ \t\-*]{{0,20}}{_LABELS}\s{{0,8}}[:=]\s{{0,8}})(?P<it>{_NAME})(?![\w-])"),
    ("name", rf"(?i:\b(?:named|name is|name was|called|signed by|dictated by|referred by|seen by) )(?P<it>{_NAME})"
             rf"{_EPONYM}"),
    ("name", rf"(?P<it>\b(?!(?:The|This|A|An|Our|Her|His|My|Newborn|Infant|Female|Male|Caucasian)\b){_CAP}"
             rf"(?:[ \t]{{1,8}}{_CAP}){{0,2}})(?=,?\s{{1,8}}(?:is|was|aged|a|an)\s{{1,8}}(?:a |an |aged )?"
             rf"(?:(?:now )?\d{{1,3}}|[a-z]{{1,40}})[-\s]"
             rf"(?:years?|months?|weeks?|days?|yr|mo)[-\s](?:old)?[-\s]?(?:\w{{1,40}}[-\s]){{0,3}}{_PEOPLE})"),
    ("name", rf"(?P<it>\b(?:{_NAMES})\b(?:[ \t]{{1,8}}{_CAP}){{0,2}}){_EPONYM}"),
)  # fmt: skip
"""Kind and pattern; what the group `it` holds is replaced. Earlier rules win where two overlap."""

_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _RULES)
_PART = re.compile(r"[A-Z][\w'’-]{2,}")
_WORD = re.compile(r"\b\w++(?:['’-]\w++){0,5}")
_PIECE = re.compile(r"\w+")
_BEHIND = re.compile(_EPONYM)
_NO_NAMES = frozenset(("Dear", "The", "She", "Her", "His", "Patient", "Mother", "Father", "Clinic", "Hospital"))


@dataclass(frozen=True)
class Deidentified:
    """A note after replacement.

    Attributes:
        note: the text, with placeholders.
        redactions: how many stretches of each kind were replaced.
        places: (start, end, kind) of each in the note as it was.
    """

    note: str
    redactions: list[Redaction]
    places: list[tuple[int, int, str]]


def deidentify(note: str) -> Deidentified:
    """Replace what the rules know, each stretch by its kind in square brackets.

    The time taken grows with the length of the note and no faster: repetitions in the rules are bounded, or possessive.
    """
    taken: list[tuple[int, int, str]] = []
    for place in _found(note):
        _take(place, taken)
    for place in list(_further_mentions(note, taken)):
        _take(place, taken)
    places = taken
    pieces, at = [], 0
    for start, end, kind in places:
        pieces += [note[at:start], "[age over 89]" if kind == "age" else f"[{kind}]"]
        at = end
    counted = Counter(kind for _, _, kind in places)
    redactions = [Redaction(kind=kind, count=count) for kind, count in sorted(counted.items())]
    return Deidentified("".join([*pieces, note[at:]]), redactions, places)


def _found(note: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(note):
            yield *match.span("it"), kind


def _take(place: tuple[int, int, str], taken: list[tuple[int, int, str]]) -> None:
    """Put a place among those taken, which are in order and apart, unless it overlaps one."""
    at = bisect.bisect_left(taken, place)
    free = (at == 0 or taken[at - 1][1] <= place[0]) and (at == len(taken) or place[1] <= taken[at][0])
    if free and place[0] < place[1]:
        taken.insert(at, place)


def _further_mentions(note: str, places: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Every other mention of a name that was found: "Mrs Jane Roe ... Jane"."""
    parts = {
        part for start, end, kind in places if kind == "name" for part in _PART.findall(note[start:end])
    } - _NO_NAMES
    for word in _WORD.finditer(note) if parts else ():
        pieces = [piece.span() for piece in _PIECE.finditer(note, *word.span())]
        spans = [(first[0], last[1]) for i, first in enumerate(pieces) for last in pieces[i:]]
        for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
            if note[start:end] in parts and _BEHIND.match(note, end):
                yield start, end, "name"
                break
