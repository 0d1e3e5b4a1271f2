"""The age of a patient by date of birth: "DOB 14/02/1971", in a letter of 3 October 2025.

The day of the letter is the first whole date at its head, else the last whole date in it, else the end of the last year
that it names; of a year of birth, the years between. Days stand before months as in most of the world, unless that is
no date or lies behind the letter.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from raredxr1 import lazy_re as re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<word>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATE = re.compile(
    r"(?<![\w/.-])(?:(?P<iso>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})"
    r"|(?P<one>\d{1,2})(?P<by>[/.-])(?P<two>\d{1,2})(?P=by)(?P<year>\d{4}|\d{2})"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}[ ,-]+(?P<year2>\d{{4}}|\d{{2}})"
    rf"|{_MONTH.replace('word', 'word2')} (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year3>\d{{4}}))(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"(?:\bD\.?O\.?B\.?|\b(?:date of birth|birth ?date)|\bborn(?: on)?|\bb\.)\s*[:=-]?\s*$", re.IGNORECASE
)
_YEAR_OF_BIRTH = re.compile(
    r"(?:\bborn(?: in)?|\bb\.|\(\*|\bYOB:?|\byear of birth:?)\s*(?P<year>(?:19|20)\d\d)\b", re.I
)
_YEAR = re.compile(r"(?<![\w/.-])(?:19|20)\d\d(?![\w/-]|\.\d)")
_HEAD = 400
"""Letters within which the date of a letter stands."""
_DAYS = 365.25


class BirthDate(NamedTuple):
    """Where a date of birth stands, its end, and the age by it in years."""

    start: int
    end: int
    years: float


def ages_by_birth(note: str) -> Iterator[BirthDate]:
    """Every date of birth in a note that has a later date, with the age on the day of the note."""
    written = list(_DATE.finditer(note))
    for match in _YEAR_OF_BIRTH.finditer(note):
        dates = [day.year for one in written for day in _readings(one)]
        latest = max(dates, default=max((int(m.group()) for m in _YEAR.finditer(note)), default=0))
        if 0 < latest - int(match["year"]) <= 120:
            yield BirthDate(*match.span("year"), float(latest - int(match["year"])))
    births = [match for match in written if _BIRTH.search(note, max(0, match.start() - 20), match.start())]
    for match in births:
        others = [one for one in written if one not in births]
        head = [one for one in others if one.start() < _HEAD]
        for own in _readings(match):
            days = [max(later) for one in others if (later := [d for d in _readings(one) if d >= own])]
            first = [min(later) for one in head if (later := [d for d in _readings(one) if d >= own])]
            years = [date(int(m.group()), 12, 31) for m in _YEAR.finditer(note) if int(m.group()) > own.year]
            seen = first[0] if first else max(days, default=max(years, default=None))
            if seen is not None and (age := (seen - own).days / _DAYS) <= 120:
                yield BirthDate(*match.span(), age)
                break


def _readings(match: re.Match[str]) -> list[date]:
    """The days that a date may be, the likeliest first."""
    read = match.groupdict()
    if read["iso"]:
        tried = [(read["iso"], read["iso_month"], read["iso_day"])]
    elif read["by"]:
        tried = [(read["year"], read["two"], read["one"]), (read["year"], read["one"], read["two"])]
    else:
        month = _MONTHS.index((read["word"] or read["word2"]).lower()) + 1
        tried = [(read["year2"] or read["year3"], month, read["day"] or read["day2"])]
    days = (_day(int(year), int(month), int(day)) for year, month, day in tried)
    return [day for day in dict.fromkeys(days) if day]


def _day(year: int, month: int, day: int) -> date | None:
    """A day, years of two figures in this century up to 29; None where there is no such day."""
    try:
        return date(year if year >= 100 else 2000 + year if year < 30 else 1900 + year, month, day)
    except ValueError:
        return None
