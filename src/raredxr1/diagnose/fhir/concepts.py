"""CodeableConcepts: their words, their HPO id, and what they answer."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

from raredxr1 import lazy_re as re
from raredxr1.cases.hpo_terms import Coded, plain_label
from raredxr1.cases.phenopackets import hpo_id_of
from raredxr1.data import table

Json = dict[str, Any]
Meaning = Literal["present", "absent", "unknown"]

_HPO_SYSTEM = re.compile(r"hp\.owl|/hp\b|human-?phenotype|2\.16\.840\.1\.113883\.6\.339", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:there (?:is|was) )?(?:no|without|negative for|absence of|free (?:of|from)|denie[sd])\s+"
    r"(?:(?:any|clinical|radiological|known|clear|definite|obvious|current|further|other|objective)\s+)*"
    r"(?:(?:evidence|signs?|history|indication|suspicion|features|findings?)\b\s*)?(?:(?:of|for)\s+)?(?:(?:any|a|an|the|this)\s+)?",
    re.IGNORECASE,
)
_DETAILED = re.compile(
    r"(?:absent|none|nil|never|not (?:present|seen|detected|found|observed)|no(?=\s*[,;:.(-]))\b.{0,60}", re.IGNORECASE
)
_DOUBT = re.compile(r"\b(?:but|except|however|although|possibl[ey]|unless|yet)\b", re.IGNORECASE)


def codings(concept: object) -> list[Json]:
    """The codings of a concept."""
    listed = concept.get("coding") if isinstance(concept, dict) else None
    return [coding for coding in listed if isinstance(coding, dict)] if isinstance(listed, list) else []


def words(concept: object) -> str:
    """The words of a concept: its text, else the first display; empty where it has codes alone."""
    if not isinstance(concept, dict):
        return ""
    said = [concept.get("text"), *(coding.get("display") for coding in codings(concept))]
    return next((plain_label(s) for s in said if isinstance(s, str) and s.strip()), "")


def coded(concept: object, present: bool = True) -> Coded:
    """A concept as a finding: its HPO id where it has one, with the display that belongs to it, else its words."""
    for coding in codings(concept):
        code = str(coding.get("code") or "").strip()
        system = str(coding.get("system") or "")
        if _HPO_SYSTEM.search(system) and re.fullmatch(r"\d{7}", code):
            code = f"HP:{code}"
        if hpo_id := hpo_id_of(code):
            display = coding.get("display")
            return Coded(hpo_id, display if isinstance(display, str) and display.strip() else words(concept), present)
    return Coded(None, words(concept) or None, present)


def bare_codes(concept: object) -> list[str]:
    """Codes as a notice names them: "SNOMED CT 84757009"."""
    named = (("snomed", "SNOMED CT"), ("icd-10", "ICD-10"), ("icd-9", "ICD-9"), ("icd", "ICD"), ("loinc", "LOINC"))
    found = []
    for coding in codings(concept):
        if isinstance(coding.get("code"), str):
            system = str(coding.get("system") or "").lower()
            found.append(f"{next((label for key, label in named if key in system), 'code')} {coding['code'][:40]}")
    return found


def statuses(concept: object) -> set[str]:
    """Codes and words of a status, in lower case: {"refuted"}."""
    said = {str(c.get(key)).strip().lower() for c in codings(concept) for key in ("code", "display") if c.get(key)}
    text = concept.get("text") if isinstance(concept, dict) else None
    return said | ({text.strip().lower()} if isinstance(text, str) else set())


def meaning_of(concept: object) -> Meaning | None:
    """What a coded answer or an interpretation says of a finding; None: neither yes nor no."""
    for coding in codings(concept):
        code = str(coding.get("code") or "").strip()
        if found := _answers("code").get(code.upper()) or _answers("word").get(code.lower()):
            return found
    return next((found for said in _spoken(concept) if (found := meaning_of_words(said))), None)


def meaning_of_words(said: str, label: str = "") -> Meaning | None:
    """What an answer in words says of a finding with this label; None: it is neither a yes nor a no.

    "None", "No evidence of cataract" (of a finding Cataract), "absent on both sides" are absent; "No cataract, but
    aniridia" is no plain answer.
    """
    plain = plain_label(said).strip().strip(".;!").lower()
    if found := _answers("word").get(plain):
        return found
    if _DOUBT.search(plain):
        return None
    if _DETAILED.fullmatch(plain):
        return "absent"
    lead = _LEAD.match(plain)
    if not lead or lead.end() == 0:
        return None
    return "absent" if stems(plain[lead.end() :]) <= stems(label) else None


def stems(text: str) -> set[str]:
    """The beginnings of its words, by which a finding is known again in an answer."""
    return {word[:5] for word in re.findall(r"[a-z]{3,}", text.lower())}


def _spoken(concept: object) -> Iterator[str]:
    if isinstance(concept, dict):
        for said in (concept.get("text"), *(coding.get("display") for coding in codings(concept))):
            if isinstance(said, str):
                yield said


@cache
def _answers(kind: str) -> dict[str, Meaning]:
    """The table of answers of a kind, by what is said."""
    return {row["said"]: row["meaning"] for row in table("fhir_answers") if row["kind"] == kind}  # type: ignore[misc]
