"""`raredx mcp`: diagnose and knowledge look-ups for agents, over the Model Context Protocol."""

from pathlib import Path
from typing import Annotated

import typer

from raredxr1.cli._model import ModelOption
from raredxr1.errors import extra


def mcp(
    model: ModelOption = None,
    knowledge: Annotated[Path | None, typer.Option(help="Knowledge base; by default the shipped one.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="By default one for each physical core.")] = None,
    crr: Annotated[
        bool | None, typer.Option("--crr/--no-crr", help="Other diagnosers' opinions; see `raredx diagnose`.")
    ] = None,
    deidentify: Annotated[
        bool, typer.Option("--deidentify", help="Replace names, dates and the like before a note is read.")
    ] = False,
) -> None:
    """Serve diagnose and knowledge look-ups to agents over standard input and output (Model Context Protocol).

    Nothing listens on a network. The agent sees notes and answers: use one that may. Needs the extra mcp.
    """
    with extra("the MCP server", "mcp"):
        from raredxr1.mcp_server import make_server
    from raredxr1.diagnose.diagnoser import Diagnoser

    diagnoser = Diagnoser(model, knowledge, threads=threads, crr=crr, deidentify=deidentify)
    make_server(diagnoser).run("stdio")
