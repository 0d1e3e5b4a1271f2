"""What is kept out of training, so that probes can ask for it: wordings of findings, and patients.

Both are chosen by a hash, never by a list: whether a synonym or a patient is held out can be told from itself and the
seed alone, by training (which leaves it out) and by the probes (which take nothing else). A held-out synonym is hidden
from everything that writes examples, because they see the knowledge base without it; so is every other term's synonym
of the same words. Labels are never held out: they are what the model is to write.
"""

import hashlib
from functools import cached_property, lru_cache
from pathlib import Path

from raredxr1.cases.patients import Patient
from raredxr1.internalize.config import HeldOut
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.obo import Synonym

TRIES = 2000
"""Patients drawn at most until one is on the wanted side; a disease that can show one picture only has but one side."""


class HeldOutRule:
    """Says of a synonym or a patient whether it is held out."""

    def __init__(self, options: HeldOut) -> None:
        """Take the shares and the seed."""
        self.options = options

    def wording(self, text: str) -> bool:
        """Whether a synonym is held out; its case does not matter."""
        return self._share(f"wording/{' '.join(text.casefold().split())}") < self.options.wordings

    def patient(self, patient: Patient) -> bool:
        """Whether a patient is held out: by the disease and the set of findings shown, in whatever order."""
        shown = " ".join(map(str, sorted(patient.present)))
        return self._share(f"patient/{patient.disease}/{shown}") < self.options.patients

    def _share(self, text: str) -> float:
        """A number in [0, 1) that the text and the seed fix."""
        digest = hashlib.blake2b(f"{self.options.seed}/{text}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64


class TrainingKnowledge(KnowledgeBase):
    """A knowledge base that does not know the held-out synonyms."""

    def __init__(self, path: Path, options: HeldOut) -> None:
        """Open the artifact; raises what `KnowledgeBase` raises."""
        super().__init__(path)
        self.held_out = options
        self.checksum = ""

    def __reduce__(self) -> tuple[type["TrainingKnowledge"], tuple[Path, HeldOut]]:  # type: ignore[override]
        """Travel between processes as the path and the rule."""
        return TrainingKnowledge, (self.path, self.held_out)

    @cached_property
    def term_synonyms(self) -> list[list[Synonym]]:
        """Synonyms of each term, less those held out."""
        rule, labels = HeldOutRule(self.held_out), {name.casefold() for name in self.term_names}
        return [
            [synonym for synonym in synonyms if not _hidden(synonym, rule, labels)]
            for synonyms in KnowledgeBase(self.path).term_synonyms
        ]


@lru_cache(maxsize=2)
def training_knowledge(path: Path, options: HeldOut) -> TrainingKnowledge:
    """One such knowledge base for all who ask in a process: what is derived from it takes seconds."""
    return TrainingKnowledge(path, options)


def held_out_wordings(kb: KnowledgeBase, options: HeldOut) -> dict[int, list[str]]:
    """The synonyms held out of each term that has any; abbreviations, plurals and obsolete names left aside.

    Args:
        kb: the whole knowledge base, not the one training sees.
        options: the shares and the seed.
    """
    rule, labels = HeldOutRule(options), {name.casefold() for name in kb.term_names}
    found: dict[int, list[str]] = {}
    for term, synonyms in enumerate(kb.term_synonyms):
        texts = [s.text for s in synonyms if s.kind in ("", "layperson") and _hidden(s, rule, labels)]
        if texts:
            found[term] = texts
    return found


def _hidden(synonym: Synonym, rule: HeldOutRule, labels: set[str]) -> bool:
    return synonym.text.casefold() not in labels and rule.wording(synonym.text)
