"""Sex of the patient: a heading, a word for a person, a letter beside the age, a title, failing these pronouns."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.cases.ages import ANY_AGE, DURATION, HEAD, OLD, YEARS_OLD
from raredxr1.cases.mentions import (
    OWNED,
    WORD,
    Text,
    Value,
    is_relatives,
    letter_fits,
    names_relative,
    patterns,
    persons,
)
from raredxr1.schemas import Sex, Span

_SEXES: dict[str, Value] = {
    "f": "female", "♀": "female", "mrs": "female", "ms": "female", "miss": "female", "girl": "female",
    "m": "male", "♂": "male", "mr": "male", "master": "male", "boy": "male",
}  # fmt: skip
_SEX_HEADING = re.compile(
    rf"\b(?:{HEAD}|sex|gender)\s*[:=|]\s*(?:{ANY_AGE}\s*(?:old)?\s*[/,]?\s*)?(?P<sex>female|male|girl|boy|f|m)\b", re.I
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
_KARYOTYPE = re.compile(r"\b46 ?, ?X(?:X|(?P<y>Y))\b")
"""A karyotype tells it before pronouns do, which may be the mother's."""
_PRONOUN = re.compile(r"\b(?P<she>she|her|hers|herself)\b|\b(?P<he>he|his|him|himself)\b", re.I)


def read_sex(text: Text) -> Sex | None:
    """Read the sex of the patient; None where it is not stated, or contradicts itself."""
    note = text.note
    heads = _SEX_HEADING.finditer(note)
    if match := next((m for m in heads if not _BEFORE_BIRTH.search(note, max(0, m.start() - 20), m.start())), None):
        said = match["sex"].lower()
        return _said(note, _SEXES.get(said) or said, match.start(), match.end())  # type: ignore[arg-type]
    best: tuple[int, int, Value, int] | None = None
    for word in WORD.finditer(note):
        person = persons().get(re.sub(r"['’]s$", "", word.group().lower()))
        if person is None or not person["sex"] or person["role"] == "relative" or text.of_family(word.start()):
            continue
        before = text.before(word.start()).lstrip()
        aged = _AGE_BEFORE.search(before)
        if aged is None and (not _PHRASE.search(before) or _OTHERS.search(before) or _ONCE.search(before)):
            continue
        rank, lead = (0, before[: aged.start()]) if aged else (1, before)
        if person["role"] == "either" and (aged is None or OWNED.search(lead)):
            continue
        if aged and (re.search(r"\bto\s+an?\s+$", lead, re.I) or names_relative(aged.group())):
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
    if (karyotype := _KARYOTYPE.search(note)) and not text.of_family(karyotype.start()):
        return _said(note, "male" if karyotype["y"] else "female", karyotype.start(), karyotype.end())
    if title := _TITLE.search(note):
        return _said(note, _SEXES[title[1].lower()], title.start(), title.end())
    return _by_pronouns(text)


def _letters(text: Text) -> Iterator[re.Match[str]]:
    for kind, _, pattern in patterns():
        for match in pattern.finditer(text.note) if kind == "letter" else ():
            of_relative = text.of_family(match.start()) or is_relatives(text, match, text.before(match.start()), None)
            if letter_fits(text.note, match) and not of_relative:
                yield match


def _by_pronouns(text: Text) -> Sex | None:
    """The pronoun that stands most often; "his mother" says more than "she", who may be the mother."""
    weights: dict[Value, float] = {"female": 0.0, "male": 0.0}
    first: dict[Value, re.Match[str]] = {}
    for match in _PRONOUN.finditer(text.note):
        if text.of_family(match.start()):
            continue
        sex: Value = "female" if match["she"] else "male"
        of_relative = re.match(r"(?:his|her)\s+(?:\w+\s+)?(\w+)", text.note[match.start() : match.start() + 40], re.I)
        relative = of_relative is not None and persons().get(of_relative[1].lower(), {}).get("role") == "relative"
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
