"""Look-ups in the knowledge base: the answers of `raredx knowledge search|show|rank`, without any model."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Query
from fastapi.openapi import models as openapi
from pydantic import Field

from raredxr1.errors import InputError
from raredxr1.knowledge.describe import DiseaseSummary, GeneSummary, Named, TermSummary, describe, named, ranked_rows
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.knowledge.lookup import lookup, read_findings
from raredxr1.knowledge.search import search
from raredxr1.knowledge.similarity import rank_resnik
from raredxr1.schemas import Strict
from raredxr1.serve.api import TheState, problems

router = APIRouter(prefix="/v1/knowledge")
MOST_FINDINGS = 200
MOST_ROWS = 200


class Found(Strict):
    """A disease or term whose name resembles what was looked for."""

    kind: Literal["disease", "term", "gene"] = Field(description="gene: a disease of the gene looked for")
    id: str
    name: str
    matched: str = Field(description="the name that matched")
    score: float = Field(description="0 to 100")


class Hits(Strict):
    """The best first."""

    knowledge: str
    hits: list[Found]


class Shown(Strict):
    """A disease, a term or a gene; the others are null."""

    knowledge: str
    notes: list[str]
    disease: DiseaseSummary | None = None
    term: TermSummary | None = None
    gene: GeneSummary | None = None


class RankRequest(Strict):
    """Findings by HPO id."""

    present: list[str] = Field(min_length=1, max_length=MOST_FINDINGS)
    absent: list[str] = Field(default_factory=list, max_length=MOST_FINDINGS)
    method: Literal["likelihood", "resnik", "both"] = "both"
    top: int = Field(default=10, ge=1, le=MOST_ROWS)


_EXAMPLES: dict[str, openapi.Example] = {
    "findings": {"value": {"present": ["HP:0000252", "HP:0001251"], "absent": ["HP:0001250"], "top": 5}}
}


class RankedRow(Strict):
    """A disease of a ranking."""

    rank: int
    id: str
    same_as: list[str]
    name: str
    score: float = Field(description="likelihood: sum of log10 likelihood ratios; resnik: mean information content")


class Rankings(Strict):
    """All diseases, ranked by findings alone."""

    knowledge: str
    notes: list[str]
    present: list[Named]
    absent: list[Named]
    rankings: dict[Literal["likelihood", "resnik"], list[RankedRow]]


@router.get("/search", responses=problems())
def find(
    desk: TheState,
    q: Annotated[str, Query(max_length=200, description="Words of a name; typing errors are tolerated.")],
    kind: Annotated[Literal["disease", "term"] | None, Query()] = None,
    top: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 10,
) -> Hits:
    """List the diseases and terms whose names resemble the words."""
    kb = desk.product.names.kb
    found = [hit for hit in search(kb, q, top if kind is None else MOST_ROWS) if kind in (None, hit.kind)][:top]
    return Hits(
        knowledge=kb.version,
        hits=[Found(kind=h.kind, id=h.id, name=h.name, matched=h.matched, score=h.score) for h in found],
    )


@router.get("/show", responses=problems(404))
def show(
    desk: TheState, q: Annotated[str, Query(max_length=200, description="OMIM:312750, HP:0001250, or a name.")]
) -> Shown:
    """Show a disease (ids, inheritance, onset, genes, findings) or an HPO term."""
    kb = desk.product.names.kb
    try:
        found = lookup(kb, q)
    except InputError as error:
        raise HTTPException(404, str(error)) from error
    summary: Any = {found.kind: describe(kb, found)}
    return Shown(knowledge=kb.version, notes=found.notes, **summary)


@router.post("/rank", responses=problems())
def rank(desk: TheState, asked: Annotated[RankRequest, Body(openapi_examples=_EXAMPLES)]) -> Rankings:
    """Rank all diseases by HPO terms, present and absent, by likelihood ratio and by similarity."""
    kb = desk.product.names.kb
    query = read_findings(kb, [*asked.present, *(f"-{hpo_id}" for hpo_id in asked.absent)])
    rankers = {"likelihood": rank_likelihood, "resnik": rank_resnik}
    rankings: dict[Literal["likelihood", "resnik"], list[RankedRow]] = {}
    for method in ("likelihood", "resnik"):
        if asked.method in (method, "both"):
            rows = ranked_rows(kb, rankers[method](kb, query.present, query.absent), asked.top)
            rankings[method] = [RankedRow(**row) for row in rows]
    return Rankings(
        knowledge=kb.version,
        notes=query.notes,
        present=named(kb, query.present),
        absent=named(kb, query.absent),
        rankings=rankings,
    )
