"""Options that several commands share."""

from typing import Annotated

import typer

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        envvar="RAREDX_MODEL",
        help="An exported model, bundle or checkpoint, by default the shipped one; or a model server, to which the "
        "note is SENT: ollama:NAME, llamacpp, vllm:NAME, lmstudio, openai:URL#NAME (docs/models.md).",
    ),
]
