"""Cases that come as phenotype terms, told a second time: as a letter, a report, a family would, not as a list.

What a system reads out of the plain list shows what it knows; what it loses when the same patient is told in other
words shows how much of that depends on the list (`note_paraphrased` of the case schema). The words are the project's
own (`registers/`, `speech/`), and models trained with `register_share` have met many of them: a fall is then real, but
that nothing falls does not show that every hospital's words are understood.
"""

from random import Random

from raredxr1.cases.records import patient_of
from raredxr1.cases.registers.writer import RegisterWriter
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import Case


class Reteller:
    """Writes the second note of cases; the same case and seed give the same note."""

    def __init__(self, kb: KnowledgeBase, writer: RegisterWriter, seed: int = 0, register: str | None = None) -> None:
        """Take what notes are written with.

        Args:
            kb: knows the terms.
            writer: writes in registers.
            seed: of every choice.
            register: one of REGISTERS for all; drawn for each case where not given.
        """
        self.kb, self.writer, self.seed, self.register = kb, writer, seed, register

    def retell(self, case: Case) -> tuple[Case, str]:
        """The case with `note_paraphrased`, or as it was and why.

        Every present and absent term the knowledge base knows is mentioned once; an age is told where it is a duration
        of whole units (P5Y3M). The diagnosis is not looked at.
        """
        if case.note and case.note.strip():
            return case, "has a note of its own"
        if case.note_paraphrased and case.note_paraphrased.strip():
            return case, "has a second note already"
        patient = patient_of(case, self.kb)
        if not patient.present:
            return case, "no finding that the knowledge base knows"
        note = self.writer.write(patient, self._rng(case), self.register)
        return case.model_copy(update={"note_paraphrased": note.text}), ""

    def _rng(self, case: Case) -> Random:
        return Random(f"{self.seed}/retold/{case.case_id}")
