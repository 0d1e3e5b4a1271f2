"""Which of the findings that a disease lets expect, and a note does not mention, are worth a sentence to a clinician.

Left out: what only says the disease again ("arteritis" of Takayasu arteritis), what the patient's sex excludes, and
what stands in the note as another value of the same measurement.
"""

import re
from collections.abc import Collection, Sequence

from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import FREQUENT
from raredxr1.schemas import Demographics

OF_ONE_SEX = {"male": "HP:0010460", "female": "HP:0010461"}
"""Abnormality of the female, and of the male genitalia: not of the other sex."""
SAME_MEASUREMENT = {"HP:0004421": "HP:0000822", "HP:0005117": "HP:0000822"}
"""Elevated systolic and diastolic blood pressure are hypertension told in other words."""
_PROCESS = re.compile(r"(?:itis|osis|pathy|oma|emia|disease|neoplasm)$")
_WORD = re.compile(r"[a-z0-9]+")
_ALIKE = {"tumor": "neoplasm", "tumour": "neoplasm", "leukaemia": "leukemia"}


def says_the_same(finding: str, disease: str) -> bool:
    """Whether a finding is the disease by its name, or a kind of it: "intracranial meningioma" of meningioma."""
    return _words(disease) <= _words(finding)


def says_nothing_new(finding: str, disease: str) -> bool:
    """Whether a finding is the disease, or the process its name tells of: "arteritis" of Takayasu arteritis.

    A sign in the name ("ataxia" of Friedreich ataxia) is worth asking for.
    """
    said, name = _words(finding), _words(disease)
    return name <= said or (said <= name and any(map(_PROCESS.search, said)))


def to_look_for(
    expected: Sequence[tuple[int, float]],
    disease: str,
    patient: Demographics,
    present: Collection[int],
    kb: KnowledgeBase,
) -> list[str]:
    """Labels worth saying; those whose frequency is annotated as frequent before those of unknown frequency.

    Args:
        expected: terms by number, with frequencies, the most telling first.
        disease: its name as it is shown.
        patient: age and sex.
        present: terms that the note has.
        kb: the knowledge base.
    """
    other = OF_ONE_SEX.get(patient.sex.value) if patient.sex else None
    excluded = kb.term(other) if other and kb.resolve_term(other) else None
    found = []
    for term, frequency in expected:
        same = SAME_MEASUREMENT.get(kb.term_ids[term])
        if excluded is not None and (term == excluded or excluded in kb.term_ancestors[term]):
            continue
        if same and any(kb.term_ids[one] == same for one in present):
            continue
        if not says_nothing_new(kb.term_names[term], disease):
            found.append((frequency <= FREQUENT, kb.term_names[term]))
    return [label for _, label in sorted(found, key=lambda one: one[0])]


def _words(text: str) -> frozenset[str]:
    return frozenset(_ALIKE.get(word, word) for word in _WORD.findall(text.casefold()))
