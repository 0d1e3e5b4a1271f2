"""What is known of a missed case: where others rank the right disease, by the true findings and by those read.

The judges are the two rankings over HPO annotations, the likelihood ratio and the Resnik similarity: they know what the
annotations say and nothing else, so they tell what the findings alone can bring. The better of the two ranks counts.
Beside them stands the ranking by words, which knows texts, and the diseases that nobody has annotated.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field

from raredxr1 import dialogue
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import DEPTH
from raredxr1.diagnose.stated import stated_findings
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.rows import Prediction, Run, Text
from raredxr1.evaluate.systems.classical import quoted_terms
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.similarity import rank_resnik
from raredxr1.knowledge.text_ranker import text_ranker
from raredxr1.schemas import MAX_CANDIDATES, Strict

Ranker = Literal["likelihood", "similarity"]
MOST_GENES = 3
"""An entry of more genes is a group of diseases: sharing one of them says little."""
_CUT = re.compile(r"the model read (\d+)% of the note")
"""As `systems.model` writes it."""


class Found(Strict):
    """Where the rankers put the right disease, given one set of findings."""

    present: int = Field(description="HPO terms of findings (phenotypic abnormalities) present")
    explained: int = Field(description="of these, known of the right disease; see knowledge.claims")
    likelihood: int | None = Field(description="rank of the right disease; null: no finding, or not in the knowledge")
    similarity: int | None

    @property
    def best(self) -> tuple[int, Ranker] | None:
        """The better rank, and whose it is; of equals, the likelihood ratio's."""
        ranks: list[tuple[int, Ranker]] = []
        if self.likelihood is not None:
            ranks.append((self.likelihood, "likelihood"))
        if self.similarity is not None:
            ranks.append((self.similarity, "similarity"))
        return min(ranks, key=lambda one: one[0]) if ranks else None

    def within(self, k: int) -> bool:
        """Whether a ranker has the right disease among its first k."""
        return self.best is not None and self.best[0] <= k


class SameGene(Strict):
    """The first disease named that shares a gene with the right one: its twin in another catalogue, or allelic."""

    rank: int
    name: str = Field(description="by the knowledge base")
    gene: str


class Facts(Strict):
    """What the rules decide by."""

    true: Found | None = Field(description="by the case's own HPO terms; null: it has none")
    read: Found = Field(description="by the findings read from the note, or from the part of it the model read")
    whole: Found | None = Field(default=None, description="by those of the whole note; null: it was not cut")
    shared: int | None = Field(description="true findings among those read; null: no true ones")
    extra: int | None = Field(description="findings read that are not among the true ones")
    gene: SameGene | None = Field(default=None, description="null: no such disease was named")
    own: int | None = Field(default=None, description="rank in the model's own list, before others were heard")
    texts: int | None = Field(default=None, description="rank by the words of the note; null: not in its first 50")
    written: bool = Field(default=True, description="whether the ranking by words knows a text about the disease")
    part: float = Field(default=1.0, description="share of the note that the model read, to the percent")


class Gatherer:
    """Gathers the facts of cases; rankers are made once and used for all."""

    def __init__(self, run: Run, names: Names, matcher: Matcher) -> None:
        """Take the run, and the knowledge base it was judged with."""
        self._names, self._kb, self._matcher = names, names.kb, matcher
        self._claims = names.claims or Claims(names.kb)
        self._source = str(run.settings.get("findings") or "note")
        self._written = text_ranker(names.kb).written()
        self.heard = bool(run.model and run.model.get("crr"))

    def facts(self, item: Item, prediction: Prediction, gold: Gold) -> Facts:
        """Gather the facts of one case that has a note."""
        part = part_read(prediction)
        note = item.note[: round(part * len(item.note))]
        present, absent = self._terms(item, note, prediction)
        findings = self._findings(item.present)
        true = self._found(item.present, item.absent, gold) if findings else None
        return Facts(
            true=true,
            read=self._found(present, absent, gold),
            whole=self._found(*self._terms(item, item.note, prediction), gold) if part < 1 else None,
            shared=len(findings & {*present}) if true else None,
            extra=len(self._findings(present) - findings) if true else None,
            gene=self._same_gene(prediction, gold),
            own=self._own(prediction, note, gold) if self.heard else None,
            texts=self._by_words(note, gold),
            written=any(self._written[disease] > 0 for disease in gold.diseases),
            part=part,
        )

    def _terms(self, item: Item, note: str, prediction: Prediction) -> tuple[Sequence[str], Sequence[str]]:
        """HPO ids of the findings the system had: present, absent.

        A ranker was given them; what a model takes in is not to be seen, so they are read as the product reads them.
        """
        if self._source == "gold":
            return item.present, item.absent
        if self._source == "model":
            return quoted_terms(prediction.findings)
        stated = stated_findings(note, prediction.findings, self._names)
        return [f.hpo_id for f in stated if f.state == "present"], [f.hpo_id for f in stated if f.state == "absent"]

    def _findings(self, hpo_ids: Iterable[str]) -> set[str]:
        """Those that are findings: case files list ages of death, inheritance and the like among them."""
        kb, root = self._kb, self._kb.term(PHENOTYPE)
        return {i for i in hpo_ids if root in kb.term_ancestors[kb.term(i)]}

    def _found(self, present: Iterable[str], absent: Iterable[str], gold: Gold) -> Found:
        kb = self._kb
        terms = [kb.term(i) for i in sorted(self._findings(present))]
        lacking = [kb.term(i) for i in sorted(self._findings(absent))]
        diseases = sorted(gold.diseases)
        explained = max((sum(self._claims.explains(d, term) for term in terms) for d in diseases), default=0)
        found = Found(present=len(terms), explained=explained, likelihood=None, similarity=None)
        if not terms or not diseases:
            return found
        likely, alike = rank_likelihood(kb, terms, lacking), rank_resnik(kb, terms)
        return found.model_copy(
            update={
                "likelihood": min(map(likely.rank, diseases)),
                "similarity": min(map(alike.rank, diseases)),
            }
        )

    def _same_gene(self, prediction: Prediction, gold: Gold) -> SameGene | None:
        right = {gene for disease in gold.diseases for gene in self._kb.genes(disease)}
        if len(right) > MOST_GENES:
            return None
        for answer in prediction.answer:
            disease = self._kb.disease(answer.id) if answer.id else None
            genes = [] if disease is None or disease in gold.diseases else self._kb.genes(disease)
            if len(genes) <= MOST_GENES and (shared := right.intersection(genes)):
                name = self._kb.disease_names[disease] if disease is not None else answer.name
                return SameGene(rank=answer.rank, name=name, gene=min(shared))
        return None

    def _own(self, prediction: Prediction, note: str, gold: Gold) -> int | None:
        own = own_names(prediction.turns, note, self._names)
        judged = enumerate(self._matcher.judge_all(own, gold), 1)
        return next((rank for rank, verdict in judged if verdict.level == "strict"), None)

    def _by_words(self, note: str, gold: Gold) -> int | None:
        hits = text_ranker(self._kb).rank(note, DEPTH)
        return next((rank for rank, (disease, _) in enumerate(hits, 1) if disease in gold.diseases), None)


def part_read(prediction: Prediction) -> float:
    """Share of the note that the model read: 1 unless a notice says that it was cut."""
    said = next(filter(None, map(_CUT.fullmatch, prediction.notices)), None)
    return int(said[1]) / 100 if said else 1.0


def own_names(turns: Sequence[Text], note: str, names: Names) -> list[str]:
    """Names the model itself wrote, each disease once: those of its beams in their order, then those of its turn.

    Close to the list that was fused: there beams that name the same disease are added up first.
    """
    found: dict[str, str] = {}
    for role in ("beam", "turn", "sample"):
        for turn in turns:
            if turn.role == role:
                task: Literal["final", "differential"] = "final" if role == "beam" else "differential"
                form: Literal["short", "full"] = "full" if dialogue.THINK in turn.text else "short"
                read = dialogue.parse(turn.text, note, form, task, turn.truncated)
                for candidate in read.answer:
                    found.setdefault(names.key(candidate.name), candidate.name)
    return [*found.values()][:MAX_CANDIDATES]
