"""Findings given as terms, without a note ("HP:0001250,-HP:0001263", "Seizure; -Ataxia"), with age and sex if known."""

from dataclasses import dataclass, replace
from typing import Literal

from raredxr1 import lazy_re as re
from raredxr1.cases.ages import BARE, DURATION, Duration, duration
from raredxr1.cases.hpo_terms import Coded, names_of, terms_of
from raredxr1.cases.phenopackets import is_hpo_id
from raredxr1.cases.plain import plain_note, spoken_age
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase

_BY_LABEL = " has no id; it was read by its label as "
_ABSENT = re.compile(r"^(?:[-\u2212\u2013!]\s*|(?:no|not|without)\s+)", re.I)
_SEXES: dict[str, Literal["female", "male"]] = {"f": "female", "female": "female", "girl": "female", "woman": "female",
          "m": "male", "male": "male", "boy": "male", "man": "male"}  # fmt: skip
_AGE = re.compile(rf"(?:{DURATION}|{BARE})\s*(?:old)?", re.I)
_ISO = re.compile(r"P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?", re.I)


@dataclass(frozen=True)
class GivenTerms:
    """Terms as they were given; a minus before one says that it is absent."""

    terms: str
    age: str = ""
    sex: str = ""

    def note(self, kb: KnowledgeBase, name: str) -> tuple[str, list[str], list[str]]:
        """The plain note of the terms, notices, and what had to be left out.

        Raises:
            InputError: a term is unknown, there is none, or age or sex cannot be read.
        """
        separator = ";" if ";" in self.terms else ","
        items = [item.strip() for item in re.split(rf"[{separator}\n]", self.terms) if item.strip(" \t-")]
        if not items:
            raise InputError(f"{name}: no term; give HPO ids or labels, such as HP:0001250,-Ataxia")
        findings = [_coded(item) for item in items]
        for finding, item in zip(findings, items, strict=True):
            if not terms_of([finding], kb).present + terms_of([finding], kb).absent:
                raise InputError(f"{name}: {item!r} is no HPO id, term or synonym; see `raredx knowledge search`")
        terms = terms_of(findings, kb)
        present, absent = names_of(terms.present, kb), names_of(terms.absent, kb)
        sex, age = sex_given(self.sex, name), age_given(self.age, name)
        note = plain_note(sex and sex.capitalize(), spoken_age(age.iso8601) if age else None, present, absent)
        # labels are as good as ids here; only a synonym is worth a word
        labels = tuple(f"{label}{_BY_LABEL}{label} (" for label in (*present, *absent))
        notices = [said for said in terms.left_out if _BY_LABEL in said and not said.startswith(labels)]
        left_out = [said for said in terms.left_out if _BY_LABEL not in said]
        return note, ["The note was written from the terms given.", *terms.notices, *notices], left_out


def sex_given(text: str, name: str) -> Literal["female", "male"] | None:
    """Read a sex that stands alone; None for a blank.

    Raises:
        InputError: it is neither female nor male.
    """
    if not text.strip():
        return None
    said = _SEXES.get(text.strip().lower())
    if said is None:
        raise InputError(f"{name}: sex {text!r} is neither female nor male; leave it out if it is unknown")
    return said


def age_given(text: str, name: str) -> Duration | None:
    """Read an age that stands alone; None for a blank.

    Raises:
        InputError: it is none.
    """
    age = text.strip()
    if not age:
        return None
    spoken = spoken_age(age.upper()) if _ISO.fullmatch(age) else age
    read = duration(spoken) if spoken and _AGE.fullmatch(spoken) else None
    if read is None:
        raise InputError(f"{name}: age {text!r} is no age such as 4y, 18 months, 3 8/12 or P4Y")
    return replace(read, iso8601=age.upper()) if spoken != age else read


def looks_like_terms(value: object) -> bool:
    """Whether parsed JSON is {"hpo": ..., "age": ..., "sex": ...}."""
    return isinstance(value, dict) and "hpo" in value and not value.keys() - {"hpo", "age", "sex"}


def of_terms(value: dict[str, object], name: str) -> GivenTerms:
    """Take terms as JSON has them: a string, or a list of strings.

    Raises:
        InputError: something else.
    """
    terms = value["hpo"]
    if isinstance(terms, list) and all(isinstance(term, str) for term in terms):
        terms = ";\n".join(terms)
    parts = [terms, *(value.get(key) or "" for key in ("age", "sex"))]
    if not all(isinstance(part, str) for part in parts):
        raise InputError(f"{name}: hpo is a string or a list of strings, age and sex are strings")
    return GivenTerms(*map(str, parts))


def _coded(item: str) -> Coded:
    absent = _ABSENT.match(item)
    term = item[absent.end() :].strip() if absent else item
    underscored = term.upper().replace("_", ":", 1)
    if is_hpo_id(underscored):
        return Coded(underscored, None, absent is None)
    return Coded(None, term, absent is None)
