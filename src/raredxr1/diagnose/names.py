"""Names the model wrote, joined to ids. Linking never changes a name and never drops one that links to nothing."""

from dataclasses import dataclass, field
from pathlib import Path

from raredxr1 import dialogue
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Link, Linker
from raredxr1.schemas import Candidate, Diagnosis, Problem, ProblemKind


@dataclass(frozen=True)
class Names:
    """The knowledge base and the linker over it, remembering what was linked."""

    kb: KnowledgeBase
    linker: Linker
    claims: Claims | None = None
    """What can truly be said of a disease and a finding; None: candidates no turn weighed are left without evidence."""
    by_meaning: bool = False
    """Whether notes are read by the sentence encoder too (`stated`)."""
    _diseases: dict[str, Link | None] = field(default_factory=dict, repr=False)

    def disease(self, name: str) -> Link | None:
        """The disease a name stands for; None where there is none.

        An item that joins several names is a disease only where it is the name of one, word for word ("X or Y,
        autosomal recessive"): one that merely resembles it would be a guess.
        """
        if name not in self._diseases:
            link = self.linker.disease(name)
            self._diseases[name] = None if link and link.rule == "fuzzy" and dialogue.is_joined(name) else link
        return self._diseases[name]

    def key(self, name: str) -> str:
        """One string for all spellings and all ids of a disease: its first id, or the name itself where unlinked."""
        link = self.disease(name)
        return min([link.id, *self.kb.same_as(link.id)]) if link else name.casefold()

    def term_id(self, term: str) -> str | None:
        """HPO id of a finding in words; None where nothing fits."""
        link = self.linker.term(term)
        return link.id if link else None


def open_names(knowledge: Path | None = None, by_meaning: bool = True) -> Names:
    """Open a knowledge base for linking, the shipped one by default.

    Args:
        knowledge: its file.
        by_meaning: read notes by the sentence encoder too.

    Raises:
        InputError: missing or damaged.
    """
    kb = load(knowledge)
    return Names(kb, Linker(kb), Claims(kb), by_meaning)


def link_turn(diagnosis: Diagnosis, names: Names) -> Diagnosis:
    """Link the findings and the answer of a turn.

    The second of two names for the same disease is left out of the answer, and named a problem. A JOINED_NAMES problem
    is dropped where the item turns out to be the name of one disease.
    """
    problems = [
        problem
        for problem in diagnosis.problems
        if problem.kind != ProblemKind.JOINED_NAMES or names.disease(problem.detail) is None
    ]
    findings = [f.model_copy(update={"hpo_id": names.term_id(f.term)}) for f in diagnosis.findings]
    answer: dict[str, Candidate] = {}
    for candidate in diagnosis.answer:
        key = names.key(candidate.name)
        if key in answer:
            problems.append(Problem(kind=ProblemKind.DUPLICATE_NAME, detail=candidate.name))
        else:
            answer[key] = _linked(candidate, len(answer) + 1, names)
    return diagnosis.model_copy(update={"findings": findings, "answer": [*answer.values()], "problems": problems})


def _linked(candidate: Candidate, rank: int, names: Names) -> Candidate:
    link = names.disease(candidate.name)
    if link is None:
        return candidate.model_copy(update={"rank": rank})
    return Candidate(
        rank=rank,
        name=candidate.name,
        id=link.id,
        label=link.label,
        same_as=names.kb.same_as(link.id),
        link_rule=link.rule,
        link_score=link.score,
    )
