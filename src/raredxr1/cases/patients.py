"""Synthetic patients: a disease's annotations become what one person with it might show.

Findings are drawn by their frequency, then made imperfect as real records are: imprecise (a parent term), more
specific than the annotation (a child term), incomplete, and mixed with findings that have nothing to do with the
disease. Negatives are findings of diseases that look alike, which a clinician would have asked for; a share of them can
be findings of the disease itself that this patient happens to lack, none by default: they make "no X" evidence for the
diseases known for X (docs/log.md). All is drawn from one `random.Random`: a seed fixes a patient.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from raredxr1.data import table
from raredxr1.knowledge import KnowledgeBase

Family = Literal["affected", "unaffected", "consanguineous"]

ONSET_YEARS = {
    row["label"]: (float(row["drawn_from"]), float(row["drawn_to"]))
    for row in table("onset_years")
    if row["drawn_from"]
}
"""HPO ages of onset in years, as patients are drawn."""

NEARLY_ALWAYS = 0.8
"""A finding so frequent is never denied of a patient with the disease."""
_ROOT = "HP:0000118"
_SEX_LINKED = ("X-linked recessive inheritance", "X-linked inheritance", "Y-linked inheritance")


@dataclass
class Patient:
    """What one synthetic person shows. Terms are term numbers of the knowledge base, in the order of the record."""

    disease: int
    present: list[int] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)
    age_years: float | None = None
    onset_years: float | None = None
    sex: Literal["female", "male"] | None = None
    family: Family | None = None


@dataclass(frozen=True)
class PatientOptions:
    """How imperfect records are. Shares are probabilities a finding (or a patient, where said)."""

    imprecise: float = 0.15
    specific: float = 0.07
    noise_a_patient: float = 0.35
    negatives_a_patient: float = 0.5
    own_negatives: float = 0.0
    typical_count: float = 6.5
    most_present: int = 24
    most_absent: int = 16


def phenotypes(kb: KnowledgeBase, disease: int) -> dict[int, float]:
    """The phenotypic findings a disease can have, with their frequency (0 to 1]; modes of inheritance are none."""
    root = kb.term(_ROOT)
    return {t: f for t, f in kb.frequencies[disease].items() if f > 0 and root in kb.term_ancestors[t]}


class PatientSampler:
    """Draws patients of the diseases it is given."""

    def __init__(self, kb: KnowledgeBase, diseases: Sequence[int], options: PatientOptions | None = None) -> None:
        """Prepare the tables drawing needs."""
        self.kb, self.diseases, self.options = kb, list(diseases), options or PatientOptions()
        root = kb.term(_ROOT)
        self._phenotype = [root in ancestors for ancestors in kb.term_ancestors]
        self._depth = [len(ancestors) for ancestors in kb.term_ancestors]
        self._findings = {d: list(phenotypes(kb, d).items()) for d in self.diseases}
        self._carriers: dict[int, list[int]] = {}
        for disease, findings in self._findings.items():
            for term, _ in findings:
                self._carriers.setdefault(term, []).append(disease)
        self._all_terms = [term for findings in self._findings.values() for term, _ in findings]
        self._inheritance = {d: kb.inheritance(d) for d in self.diseases}
        self._onsets = {d: [o for o in kb.onsets(d) if o in ONSET_YEARS] for d in self.diseases}
        self._sexes = {d: {a.sex for a in kb.annotations(d) if a.aspect == "P"} for d in self.diseases}

    def draw(self, disease: int, rng: Random, most: int | None = None) -> Patient:
        """Draw one patient.

        Args:
            disease: one of the diseases given at construction.
            rng: source of all randomness.
            most: at most so many present findings, where fewer than the options allow are wanted.
        """
        options = self.options
        own = self._drawn(disease, rng, min(most or options.most_present, options.most_present))
        present = list(dict.fromkeys(self._blur(term, rng) for term in own))
        noise: list[int] = []
        while rng.random() < options.noise_a_patient and len(noise) < 3:
            noise.append(rng.choice(self._all_terms))
        absent = self._negatives(disease, own, present + noise, rng)
        present += [term for term in noise if term not in present]
        rng.shuffle(present)
        patient = Patient(disease, present, absent)
        self._person(patient, rng)
        return patient

    def _drawn(self, disease: int, rng: Random, most: int) -> list[int]:
        findings = self._findings[disease]
        occurring = [term for term, frequency in findings if rng.random() < frequency] or [rng.choice(findings)[0]]
        wanted = 1 + int(rng.lognormvariate(math.log(self.options.typical_count), 0.6))
        rng.shuffle(occurring)
        return occurring[: min(wanted, most)]

    def _blur(self, term: int, rng: Random) -> int:
        drawn = rng.random()
        if drawn < self.options.imprecise:
            parents = [p for p in self.kb.term_parents[term] if self._phenotype[p] and self._depth[p] >= 5]
            return rng.choice(parents) if parents else term
        if drawn < self.options.imprecise + self.options.specific:
            children = self.kb.term_children[term]
            return rng.choice(children) if children else term
        return term

    def _negatives(self, disease: int, own: list[int], present: list[int], rng: Random) -> list[int]:
        if rng.random() >= self.options.negatives_a_patient:
            return []
        wanted = min(1 + int(rng.expovariate(0.35)), self.options.most_absent)
        shown = {ancestor for term in (*own, *present) for ancestor in self.kb.term_ancestors[term]}
        negatives: list[int] = []
        lacking = [t for t, f in self._findings[disease] if f < NEARLY_ALWAYS and t not in shown]
        others = [carrier for carrier in self._carriers[rng.choice(own)] if carrier != disease] or self.diseases
        look_alike = self._findings[rng.choice(others)]
        for _ in range(wanted):
            if lacking and rng.random() < self.options.own_negatives:
                term = rng.choice(lacking)
            else:
                term = rng.choice(look_alike)[0]
                frequency = self.kb.frequencies[disease].get(term, 0.0)
                if frequency >= NEARLY_ALWAYS or rng.random() < frequency:
                    continue  # who has it often is seldom found without
            if term not in shown and term not in negatives:
                negatives.append(term)
        return negatives

    def _person(self, patient: Patient, rng: Random) -> None:
        inheritance = self._inheritance[patient.disease]
        sexes = self._sexes[patient.disease] - {""}
        if rng.random() < 0.85:
            male = 0.9 if any(mode in _SEX_LINKED for mode in inheritance) else 0.5
            if len(sexes) == 1 and "" not in self._sexes[patient.disease]:
                male = 1.0 if sexes == {"male"} else 0.0
            patient.sex = "male" if rng.random() < male else "female"
        onsets = self._onsets[patient.disease]
        low, high = ONSET_YEARS[rng.choice(onsets)] if onsets else (0.0, 30.0 * rng.random() ** 2)
        onset = rng.uniform(low, high)
        if onsets and rng.random() < 0.4:
            patient.onset_years = onset
        if rng.random() < 0.8:
            patient.age_years = onset + rng.expovariate(1 / 6)
        if rng.random() < 0.4:
            recessive = any("recessive" in mode for mode in inheritance)
            dominant = any("dominant" in mode for mode in inheritance)
            affected = 0.4 if dominant else 0.2 if recessive else 0.1
            drawn = rng.random()
            if drawn < affected:
                patient.family = "affected"
            elif recessive and drawn < affected + 0.3:
                patient.family = "consanguineous"
            else:
                patient.family = "unaffected"
