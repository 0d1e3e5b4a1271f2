"""Options that commands share, and opening a model: a server elsewhere is named before anything is sent there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raredxr1.cli._errors import say

if TYPE_CHECKING:
    from raredxr1.diagnose.model import Model
    from raredxr1.schemas import Form

MODEL_VARIABLE = "RAREDX_MODEL"
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        envvar=MODEL_VARIABLE,
        help="An exported model, bundle or checkpoint, by default the shipped one; or a model server, to which the "
        "note is SENT: ollama:NAME, llamacpp, vllm:NAME, lmstudio, openai:URL#NAME (docs/models.md).",
    ),
]
FastOption = Annotated[
    bool | None, typer.Option("--fast/--full", help="Without or with reasoning; by default what the model serves.")
]


def form_of(fast: bool | None) -> "Form | None":
    """The form that --fast or --full asks for; None: neither was said."""
    return None if fast is None else "short" if fast else "full"


ThreadsOption = Annotated[int | None, typer.Option(min=1, help="By default one for each physical core.")]
KnowledgeOption = Annotated[Path | None, typer.Option(help="Knowledge base; by default the shipped one.")]
MeaningOption = Annotated[
    bool,
    typer.Option(
        "--by-meaning/--no-by-meaning",
        help="Read what is said in other words than HPO's, by the sentence encoder; without it reading is faster.",
    ),
]
ConnectionsOption = Annotated[
    int, typer.Option(min=1, max=256, help="With a model server: requests in flight at once, to each of its URLs.")
]


def open_said(model: str | None, threads: int | None, connections: int = 4, deidentify: bool = False) -> "Model":
    """Open a model, and say where notes go if they leave this machine.

    Args:
        model: path or name; None: the shipped one.
        threads: to compute with.
        connections: see `ConnectionsOption`.
        deidentify: whether names and the like are taken out first.

    Raises:
        InputError: missing or damaged, or a server does not answer.
    """
    from raredxr1.diagnose.model import open_model

    opened = open_model(model, threads, connections)
    if opened.server and (hosts := opened.server.remote_hosts):
        what = "de-identified by rules first" if deidentify else "as they are; --deidentify takes names and dates out"
        say(f"whole notes are sent to {', '.join(hosts)}, where {opened.name} is served ({what})")
    return opened
