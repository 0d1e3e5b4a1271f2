"""A wording of a finding: what is said, what kind of words it is, and when it may be said."""

from dataclasses import dataclass
from typing import Literal

from raredxr1.cases.speech.grammar import Template, compiled

Form = Literal["noun", "verb", "clause"]
"""noun: "low-set ears"; verb: "tires easily", after a subject; clause: "the eyes do not move together"."""
Voice = Literal["clinical", "terse", "lay"]
"""clinical: sentences of a clinician; terse: notes on the ward; lay: the family's own words."""

_A = frozenset(
    """
    abdomen abnormality accent angle anomaly aorta appearance arm back breastbone bridge brow build cerebellum
    chest chin cleft coloboma cornea count crease cry curve cyst defect deficiency diet disorder ductus ear
    eye eyebrow eyelid face finger fistula fontanel fontanelle foot forehead fracture gait goiter goitre
    groove hairline hand head helix hernia hump iris jaw kidney leg lens lid limb line lip liver lobe lump
    lung malformation mandible manner mass maxilla mouth murmur nail neck nipple nodule nose nostril occiput
    palate pelvis penis phallus philtrum pinna polyp posture pupil rash rib root scalp scrotum seizure septum
    skeleton skull smile spine spleen squint stature sternum stoma stomach syndrome testis thorax thumb thymus
    tip toe tongue tooth trunk tumor tumour ulcer uterus ventricle vermis voice wedge womb
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as it stands in a note: `text` is what is quoted, `article` what prose puts before it."""

    text: str
    form: Form = "noun"
    article: str = ""
    technical: bool = False
    """Not a word the family would use."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A way to say a finding, with its alternatives; see `grammar.py` for the notation."""

    template: Template
    form: Form = "noun"
    topic: str = ""
    """What it tells that must be told once: "walk" for the age at which the patient walked."""
    technical: bool = False
    """Not a word the family would use."""


def wording(text: str, form: Form = "noun") -> Wording:
    """Read a wording in the tables' notation; `#word` at its end is its topic."""
    said, _, topic = text.partition("#")
    return Wording(compiled(said.strip()), form, topic.strip())


def article(text: str) -> str:
    """The article prose puts before a noun phrase: "a " before "short neck", nothing before "low-set ears"."""
    words = text.split(" of ", 1)[0].split(" on ", 1)[0].split(" in ", 1)[0].split(" with ", 1)[0].split(" ")
    if words[0].lower() in ("a", "an", "the", "no", "some", "one", "two", "three") or words[0][0].isdigit():
        return ""
    if words[-1].lower() not in _A:
        return ""
    return "an " if words[0][0].lower() in "aeiou" and not words[0].lower().startswith(("uni", "eu", "one")) else "a "
