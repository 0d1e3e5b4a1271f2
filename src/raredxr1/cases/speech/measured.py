"""Findings said by what was measured: "CK 4,200 U/L (normal <300)", "head circumference 43.1 cm (-3.4 SD)"."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import cast

from raredxr1 import lazy_re as re
from raredxr1.cases.speech import growth
from raredxr1.cases.speech.person import Person
from raredxr1.cases.speech.wording import Said, article
from raredxr1.data import lines, table

_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Measurement:
    """A row of `data/speech/values.txt`."""

    term: str
    label: str
    names: tuple[str, ...]
    unit: str
    high: bool
    """Whether values above the limit are the abnormal ones."""
    limit: float
    limit_text: str
    abnormal: tuple[float, float]
    normal: tuple[float, float] | None
    decimals: int
    least_years: float
    sex: str | None

    def beyond(self, value: float) -> bool:
        """Whether a value lies on the abnormal side of the limit."""
        return value > self.limit if self.high else value < self.limit


@dataclass(frozen=True)
class Size:
    """A finding of growth: which measure lies how many standard deviations off."""

    term: str
    label: str
    measure: growth.Measure
    low: float
    high: float
    at_birth: bool = False


SIZES = tuple(
    Size(
        row["hpo_id"], row["label"], cast(growth.Measure, row["measure"]), float(row["low"]), float(row["high"]),
        row["at_birth"] == "yes",
    )
    for row in table("speech/sizes")
)  # fmt: skip
_SIZE_NAMES: dict[growth.Measure, tuple[str, ...]] = {
    "head": ("head circumference", "OFC", "HC", "occipitofrontal circumference"),
    "height": ("height", "height", "stature", "standing height"),
    "weight": ("weight", "weight", "body weight"),
}
_LENGTH_YEARS = 2.0
"""Below it, children are measured lying: "length"."""


def read_table(text: str | None = None) -> list[Measurement]:
    """Read rows of measured findings, those of `data/speech/values.txt` by default.

    Raises:
        ValueError: a row that is not in the form.
    """
    return [_row(line) for line in (lines("speech/values.txt") if text is None else text.splitlines())]


def _row(line: str) -> Measurement:
    fields = [field.strip() for field in line.split("|")]
    term, _, label = fields[0].partition(" ")
    options = fields[6].split(" ") if len(fields) > 6 else []
    least = float(options[options.index("from") + 1]) if "from" in options else 0.0
    abnormal = _range(fields[4])
    if abnormal is None:
        raise ValueError(f"no range of values: {line!r}")
    low_text = fields[4].lstrip("-").partition("-")[0]
    return Measurement(
        term,
        label,
        tuple(name.strip() for name in fields[1].split(";")),
        "" if fields[2] == "-" else fields[2],
        fields[3].startswith(">"),
        float(fields[3][1:]),
        fields[3][1:],
        abnormal,
        _range(fields[5]),
        len(low_text.partition(".")[2]),
        least,
        "male" if "male" in options else None,
    )


def _range(text: str) -> tuple[float, float] | None:
    match = _RANGE.fullmatch(text)
    return (float(match[1]), float(match[2])) if match else None


def drawn(low: float, high: float, decimals: int, rng: Random) -> str:
    """A value between two bounds, small ones likelier where the range is wide; thousands written as people do."""
    is_wide = low > 0 and high / low > 6
    value = low * (high / low) ** rng.random() if is_wide else rng.uniform(low, high)
    value = min(max(round(value, decimals), low), high)
    if not decimals and value >= 1000:
        value = round(value / 10) * 10 if rng.random() < 0.7 else value
        return f"{value:,.0f}" if rng.random() < 0.5 else f"{value:.0f}"
    return f"{value:.{decimals}f}"


def allowed(rows: Iterable[Measurement], person: Person) -> list[Measurement]:
    """The rows that are true at this age and sex; an unknown age is taken for too young."""
    years = 0.0 if person.years is None else person.years
    return [row for row in rows if row.least_years <= years and row.sex in (None, person.sex)]


def say_value(row: Measurement, present: bool, past: bool, rng: Random) -> Said:
    """Say a measured finding by its value, or its absence by a normal one."""
    bounds = row.abnormal if present else row.normal
    if bounds is None:
        raise ValueError(f"no normal values of {row.label}")
    unit = row.unit if row.unit in ("", "%", "°") or row.unit.startswith("/") else f" {row.unit}"
    value = drawn(*bounds, row.decimals, rng) + unit
    name = rng.choice(row.names)
    word = "normal" if rng.random() < 0.6 else rng.choice(("ref", "N", "reference"))
    reference = f"{word} {'<' if row.high else '>'}{row.limit_text}"
    is_lab = "/" in row.unit and not row.unit.startswith("/")
    style = rng.randrange(8)
    if style == 0 and is_lab:
        return Said(f"{name} {value} ({reference})")
    if style == 1 and is_lab:
        degree = ("normal",) if not present else ("raised", "elevated", "high") if row.high else ("low", "reduced")
        return Said(f"{rng.choice(degree)} {name} ({value})")
    if style == 2:
        return Said(f"{name} {'was' if past else 'is'} {value}", "clause")
    if style == 3:
        return Said(f"{name}: {value}")
    if style in (4, 5):
        said = f"{name} of {value}"
        return Said(said, article=_article(name))
    if style == 6 and is_lab and present:
        return Said(
            f"{name} {rng.choice(('↑', 'raised', 'elevated', 'high') if row.high else ('↓', 'low'))} at {value}"
        )
    return Said(f"{name} {value}")


def _article(name: str) -> str:
    if name.endswith("s") and not name.endswith(("ss", "us", "is")):
        return ""
    spelt = name.split(" ")[0]
    if spelt.isupper() and len(spelt) > 1:
        return "an " if spelt[0] in "AEFHILMNORSX" else "a "
    return article(name) or ("an " if name[0].lower() in "aeiou" else "a ")


def say_size(size: Size, z: float, person: Person, past: bool, rng: Random) -> Said | None:
    """Say a finding of growth by its figure; centimetres and kilograms only where age and sex are known."""
    years = 0.0 if size.at_birth else person.years
    name = rng.choice(_SIZE_NAMES[size.measure])
    if size.measure == "height" and years is not None and years < _LENGTH_YEARS:
        name = rng.choice(("length", "body length"))
    if size.at_birth:
        name = f"{name} at birth"
    figure = rng.choice((growth.deviation, growth.deviation, growth.centile))(z, rng)
    if years is not None and person.sex in growth.MEDIANS[size.measure] and rng.random() < 0.6:
        value = growth.value(size.measure, z, years, "female" if person.sex == "female" else "male")
        whole = size.measure == "height" and rng.random() < 0.5
        amount = f"{value:.0f}" if whole else f"{value:.1f}"
        unit = "kg" if size.measure == "weight" else "cm"
        joint = rng.choice((" ({})", ", {}", " ({})", " - {}")).format(figure)
        return Said(
            rng.choice(
                (
                    f"{name} {amount} {unit}{joint}",
                    f"{name} of {amount} {unit}{joint}",
                    f"{name}: {amount} {unit}{joint}",
                )
            )
        )
    if rng.random() < 0.3 and not size.at_birth:
        return Said(f"{name} {'was' if past else 'is'} {figure}", "clause")
    return Said(f"{name} {figure}")


def say_pressure(high: bool, years: float | None, rng: Random) -> Said | None:
    """A blood pressure that is high, or normal, in an adult; children's limits differ too much with age and size."""
    if years is None or years < 16:
        return None
    top, low = (rng.randint(148, 216), rng.randint(94, 126)) if high else (rng.randint(104, 126), rng.randint(62, 79))
    name = rng.choice(("BP", "blood pressure", "BP", "office BP"))
    return Said(rng.choice((f"{name} {top}/{low} mmHg", f"{name} {top}/{low}", f"{name} of {top}/{low} mmHg")))
