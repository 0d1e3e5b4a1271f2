"""The server process: a socket, uvicorn, and a log that tells no patient from another."""

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from raredxr1.errors import InputError, place_of
from raredxr1.serve.app import create_app
from raredxr1.serve.product import Product
from raredxr1.serve.settings import Settings

_GRACE = 5
"""Seconds that open connections get when the server ends."""


@dataclass(frozen=True)
class Listening:
    """A socket that is bound, and its port."""

    socket: socket.socket
    port: int


class Discreet(logging.Filter):
    """Names an exception by its kind and place and drops the rest: its message may hold words of a note."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without exception and traceback."""
        if record.exc_info and record.exc_info[1]:
            record.msg, record.args = f"{record.getMessage().strip()}: {place_of(record.exc_info[1])}", ()
            record.exc_info = record.exc_text = None
        return True


@contextmanager
def listen(host: str, port: int) -> Iterator[Listening]:
    """Take an address before a model is opened, so that a port in use is told at once.

    Raises:
        InputError: it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, port))
        except OSError as error:
            raise InputError(f"--host {host} --port {port}: {error.strerror or error}; name another") from error
        made.listen(128)  # who comes while the model is opened waits
        yield Listening(made, made.getsockname()[1])
    finally:
        made.close()


def run(
    product: Product,
    settings: Settings,
    listening: Listening,
    *,
    log: bool = False,
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serve until told to end.

    Args:
        product: what answers.
        settings: limits and folder.
        listening: where.
        log: write a line a request to standard error.
        certificate: PEM file; None: plain HTTP.
        key: PEM file of its key.

    Raises:
        InputError: the certificate or its key cannot be used, or another server works in the same folder.
    """
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
    logging.getLogger("raredx.serve").setLevel(logging.INFO if log else logging.WARNING)
    desk_app = create_app(product, settings)
    config = uvicorn.Config(
        desk_app,
        log_level="warning",
        access_log=False,  # uvicorn's has the whole address, with the words that were looked up
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        lifespan="on",
    )
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(Discreet())
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise InputError(f"{certificate}: no certificate with its key ({error})") from error
    desk_app.state.desk.jobs.open()  # uvicorn would answer a folder in use with a traceback
    uvicorn.Server(config).run(sockets=[listening.socket])
