"""Findings given as terms, without a note ("HP:0001250,-HP:0001263", "Seizure; -Ataxia"), with age and sex if known."""

import re
from dataclasses import dataclass

from raredxr1.cases.ages import BARE, DURATION, duration
from raredxr1.cases.hpo_terms import Coded, names_of, terms_of
from raredxr1.cases.phenopackets import is_hpo_id
from raredxr1.cases.plain import plain_note, spoken_age
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase

_BY_LABEL = " has no id; it was read by its label as "
_ABSENT = re.compile(r"^(?:[-\u2212\u2013!]\s*|(?:no|not|without)\s+)", re.I)
_SEXES = {"f": "female", "female": "female", "girl": "female", "woman": "female",
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
        note = plain_note(self._sex(name), self._age(name), present, absent)
        # labels are as good as ids here; only a synonym is worth a word
        labels = tuple(f"{label}{_BY_LABEL}{label} (" for label in (*present, *absent))
        notices = [said for said in terms.left_out if _BY_LABEL in said and not said.startswith(labels)]
        left_out = [said for said in terms.left_out if _BY_LABEL not in said]
        return note, ["The note was written from the terms given.", *terms.notices, *notices], left_out

    def _sex(self, name: str) -> str | None:
        if not self.sex.strip():
            return None
        said = _SEXES.get(self.sex.strip().lower())
        if said is None:
            raise InputError(f"{name}: sex {self.sex!r} is neither female nor male; leave it out if it is unknown")
        return said.capitalize()

    def _age(self, name: str) -> str | None:
        age = self.age.strip()
        if not age:
            return None
        if _ISO.fullmatch(age):
            return spoken_age(age.upper())
        read = duration(age) if _AGE.fullmatch(age) else None
        if read is None:
            raise InputError(f"{name}: age {self.age!r} is no age such as 4y, 18 months, 3 8/12 or P4Y")
        return spoken_age(read.iso8601)


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
