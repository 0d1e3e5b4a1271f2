"""What is measured for an error of metabolism: the annotated results that few other diseases have, as analytes.

"Increased urinary porphobilinogen" is porphobilinogen in urine: what a clinician asks a laboratory for.
"""

from collections.abc import Collection
from dataclasses import dataclass

from raredxr1 import lazy_re as re
from raredxr1.diagnose.evidence import is_unspecific
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.closure import closure

MOST = 3
"""Analytes that are named."""
_LEAST_INFORMATION = 6.0
"""Nats; what some thirty diseases have is no test for one of them."""
_LEAST_FREQUENCY = 0.3
_CHANGE = re.compile(
    r"^(?:Markedly |Mildly )?(?:Elevated|Increased|Decreased|Reduced|Abnormal|Absent|Low|High|Excessive|Impaired)"
    r"(?: levels? of| concentrations? of| excretion of)? ",
    re.IGNORECASE,
)
_WHERE = (
    (re.compile(r"\b(?:urinary|urine)\b|\bin urine\b", re.IGNORECASE), "urine"),
    (re.compile(r"\b(?:erythrocyte|red cell)\b", re.IGNORECASE), "red cells"),
    (re.compile(r"\b(?:leukocyte|white cell)\b", re.IGNORECASE), "white cells"),
    (re.compile(r"\b(?:circulating|serum|plasma)\b|\bin (?:serum|plasma|blood)\b", re.IGNORECASE), "blood"),
    (re.compile(r"\b(?:in cultured|cultured|in)? ?fibroblasts?\b", re.IGNORECASE), "fibroblasts"),
    (re.compile(r"\bhepatic\b", re.IGNORECASE), "liver"),
    (re.compile(r"\b(?:CSF|cerebrospinal fluid)\b"), ""),
)
_KIND = re.compile(r"\b(?:concentrations?|levels?|excretion)\b", re.IGNORECASE)
_ACIDURIA = re.compile(r"^(.*?)\baciduria$", re.IGNORECASE)
_METABOLITE = re.compile(
    r"\b(?:circulating|serum|plasma|urinary|urine|CSF|erythrocyte)\b|ase (?:\w+ )?activity\b|acid(?:uria|emia)$|"
    r"^Hyper\w+in(?:emia|uria)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Metabolite:
    """A result that tells of a disease: its term, and what is asked for in words ("porphobilinogen (urine)")."""

    term: int
    words: str


def metabolites(kb: KnowledgeBase, disease: int, closed: Collection[int] = ()) -> list[Metabolite]:
    """The most telling results annotated to an error of metabolism; empty for other diseases.

    Args:
        kb: the knowledge base.
        disease: its number.
        closed: terms that are left out, because the note decides them.
    """
    if "metabolic" not in kb.kinds(disease):
        return []
    information = closure(kb).information
    known = [
        (term, frequency)
        for term, frequency in kb.frequencies[disease].items()
        if frequency >= _LEAST_FREQUENCY
        and information[term] >= _LEAST_INFORMATION
        and _METABOLITE.search(kb.term_names[term])
        and not is_unspecific(kb.term_names[term])
        and term not in closed
    ]
    known.sort(key=lambda one: (-one[1] * float(information[one[0]]), one[0]))
    found: dict[str, Metabolite] = {}
    for term, _ in known:
        words = analyte(kb.term_names[term])
        found.setdefault(words.partition(" (")[0], Metabolite(term, words))
    return list(found.values())[:MOST]


def analyte(term: str) -> str:
    """What a result is a result of: "Elevated urinary bile alcohol level" -> "bile alcohol (urine)"."""
    if match := _ACIDURIA.match(term):
        return f"{_lower(match[1])}acid (urine)"
    said, places = _CHANGE.sub("", term), list[str]()
    for pattern, place in _WHERE:
        if pattern.search(said):
            said = pattern.sub(" ", said)
            places.append(place)
    said = " ".join(_KIND.sub(" ", said).split())
    where = next(filter(None, places), "")
    return _lower(said) + (f" ({where})" if where else "")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if len(text) > 1 and text[1:2].islower() else text
