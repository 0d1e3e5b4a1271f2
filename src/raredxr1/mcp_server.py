"""The product as a server of the Model Context Protocol: diagnose and knowledge look-ups for agents on this machine.

Over standard input and output alone; nothing listens on a network. Needs the extra mcp (the protocol's official
package). An agent that calls `diagnose` sees the whole note and the answer: whether *it* sends them elsewhere is not in
this program's hands, which the tool's description says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from raredxr1.diagnose.diagnoser import Diagnoser
from raredxr1.diagnose.result import DISCLAIMER
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.describe import describe
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.knowledge.lookup import lookup, read_findings
from raredxr1.knowledge.ranking import Ranking
from raredxr1.knowledge.search import search
from raredxr1.knowledge.similarity import rank_resnik
from raredxr1.version import VERSION

_INSTRUCTIONS = f"Rare-disease differential diagnosis from a clinical note, and look-ups in the HPO. {DISCLAIMER}"
_MOST = 50


def make_server(diagnoser: Diagnoser) -> MCPServer:
    """Make a server over an opened product; `.run("stdio")` serves it."""
    server = MCPServer("raredx", instructions=_INSTRUCTIONS, version=VERSION, log_level="ERROR")
    kb = diagnoser.names.kb
    forms = diagnoser.model.forms

    def diagnose(note: str, reasoning: bool = True, truncate: bool = False) -> dict[str, Any]:
        """Rank rare diseases for a clinical note (plain text, English).

        Runs on this machine and sends nothing. Gives candidates with OMIM or Orphanet ids, confidence and what it
        means, evidence in the note's words, and what to look for next. Research only; a candidate without an id is a
        name that links to nothing known. Notes of any length (up to 200 kB) are read whole. Without reasoning it is
        faster; truncate has no effect.
        """
        form = diagnoser.options.form or ("full" if reasoning else "short")
        with _told():
            asked = diagnoser.with_options(form=form if form in forms else None, truncate=truncate)
            result = asked.diagnose(note, name="note")
        return result.model_dump(mode="json", exclude={"note", "turns"})

    def diagnose_phenopacket(phenopacket: dict[str, Any]) -> dict[str, Any]:
        """Rank rare diseases for a GA4GH phenopacket (version 2, as JSON), or a FHIR R4 bundle."""
        with _told():
            result = diagnoser.diagnose(phenopacket, name="phenopacket")
        return result.model_dump(mode="json", exclude={"turns"})

    def knowledge_show(name_or_id: str) -> dict[str, Any]:
        """Show a disease (ids, inheritance, onset, genes, findings), an HPO term, or the diseases of a gene.

        Takes an id such as OMIM:312750, ORPHA:778 or HP:0001250, a gene, or a name such as "Rett syndrome".
        """
        with _told():
            found = lookup(kb, name_or_id)
        summary = describe(kb, found).model_dump(mode="json")
        return {"knowledge": kb.version, "notes": found.notes, found.kind: summary}

    def knowledge_search(text: str, limit: int = 10) -> dict[str, Any]:
        """Find diseases and HPO terms whose names resemble a text; typing errors are tolerated."""
        hits = search(kb, text, min(max(limit, 1), _MOST))
        return {"knowledge": kb.version, "hits": [vars(hit) for hit in hits]}

    def knowledge_rank(present: list[str], absent: list[str] | None = None, limit: int = 10) -> dict[str, Any]:
        """Rank all diseases by HPO terms, without the model: by likelihood ratio and by similarity.

        Terms are ids such as HP:0001250.
        """
        with _told():
            query = read_findings(kb, [*present, *(f"-{term.removeprefix('-')}" for term in absent or [])])
        top = min(max(limit, 1), _MOST)
        return {
            "knowledge": kb.version,
            "notes": query.notes,
            "likelihood": _rows(kb, rank_likelihood(kb, query.present, query.absent), top),
            "similarity": _rows(kb, rank_resnik(kb, query.present), top),
        }

    for tool in (diagnose, diagnose_phenopacket, knowledge_show, knowledge_search, knowledge_rank):
        server.add_tool(tool)
    return server


@contextmanager
def _told() -> Iterator[None]:
    """What a user can mend is told to the agent."""
    try:
        yield
    except InputError as error:
        raise ToolError(str(error)) from error


def _rows(kb: KnowledgeBase, ranking: Ranking, top: int) -> list[dict[str, Any]]:
    return [
        {"rank": rank, "name": kb.disease_names[d], "ids": kb.disease_ids(d), "score": round(score, 4)}
        for rank, (d, score) in enumerate(ranking.best(top), 1)
    ]
