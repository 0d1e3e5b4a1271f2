"""`raredx serve`: the web page and the HTTP API."""

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from raredxr1.cli._errors import say
from raredxr1.cli._model import MODEL_VARIABLE, KnowledgeOption, MeaningOption, ModelOption, ThreadsOption, open_said
from raredxr1.errors import InputError, extra


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on. Any but a loopback address asks for a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8080,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder for history, batch jobs and token; by default $RAREDX_DATA or your data folder."),
    ] = None,
    with_token: Annotated[bool, typer.Option("--token", help="Ask for the token on a loopback address too.")] = False,
    queue: Annotated[int, typer.Option(min=1, help="Requests that may wait; one more is refused with 429.")] = 8,
    time_limit: Annotated[
        float, typer.Option(min=1, help="Seconds a request may take, its time in the queue included.")
    ] = 120,
    tls_certificate: Annotated[Path | None, typer.Option(help="PEM file, to serve HTTPS.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM file of the certificate's key.")] = None,
    root_path: Annotated[
        str, typer.Option(help="What a reverse proxy in front puts before every address, such as /raredx.")
    ] = "",
    log: Annotated[bool, typer.Option("--log", help="A line a request: route, status, time; never a note.")] = False,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            help="A model as in `raredx diagnose --model`, or `shipped`; by default $RAREDX_MODEL or the shipped one. "
            "Repeated, the page and the API let people choose, and the first is the default; NAME=MODEL names one.",
        ),
    ] = None,
    by_meaning: MeaningOption = True,
    threads: ThreadsOption = None,
    knowledge: KnowledgeOption = None,
) -> None:
    """Serve the web page and the HTTP API on this machine.

    Nothing leaves it, and notes are stored only while the history is on (`raredx history`) or for batch jobs. The API
    is described at /v1/openapi.json. For research use only, not a medical device.
    """
    if (tls_certificate is None) != (tls_key is None):
        raise InputError("--tls-certificate and --tls-key go together")
    prefix = root_path.rstrip("/")
    if prefix and not re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)+", prefix):
        raise InputError(f"--root-path {root_path!r}: give the start of an address, such as /raredx")
    from raredxr1.diagnose import open_names  # the program proper; `raredx --help` does without it
    from raredxr1.runstore import data_folder
    from raredxr1.serve.models import parse_models
    from raredxr1.serve.product import Product
    from raredxr1.serve.server import listen, run
    from raredxr1.serve.settings import TOKEN_FILE, Settings, access_token, is_loopback

    folder = data or data_folder()
    wanted = parse_models(model or [one for one in [os.environ.get(MODEL_VARIABLE)] if one])
    guarded = with_token or not is_loopback(host)
    token = access_token(folder) if guarded else None
    with listen(host, port) as listening:
        models = {name: open_said(path, threads) for name, path in wanted.items()}
        product = Product(models, open_names(knowledge, by_meaning))
        settings = Settings(
            host=host,
            port=listening.port,
            root_path=prefix,
            token=token,
            folder=folder,
            queue=queue,
            time_limit=time_limit,
        )
        scheme = "https" if tls_certificate else "http"
        shown = f"[{host}]" if ":" in host else host
        say(f"serving on {scheme}://{shown}:{listening.port}{prefix} (Ctrl-C ends it)")
        if guarded:
            say(f"the token is in {folder / TOKEN_FILE}")
        if guarded and not tls_certificate and not is_loopback(host):
            say("without --tls-certificate, notes cross the network unencrypted; put HTTPS in front")
        run(product, settings, listening, log=log, certificate=tls_certificate, key=tls_key)


def mcp(
    model: ModelOption = None,
    knowledge: KnowledgeOption = None,
    threads: ThreadsOption = None,
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
