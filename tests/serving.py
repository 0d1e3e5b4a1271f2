"""What the tests of the server share: a product of fakes, a model that can be held up, a server that really listens."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from fake_product import FULL, SHORT, FakeEngine, fake_model
from raredxr1.diagnose.engine import GenerationSettings, Stream
from raredxr1.diagnose.names import Names
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.linking import Linker
from raredxr1.serve.app import create_app
from raredxr1.serve.product import Product
from raredxr1.serve.server import listen
from raredxr1.serve.settings import Settings

NOTE = "Girl of 3 years with seizures and repetitive movements. She has microcephaly. No deafness. Parents are healthy."
"""Its findings are terms of the tiny knowledge base."""
SECRET = "zanzibar"
"""A word that no log, metric or message may repeat."""


@dataclass
class HeldEngine(FakeEngine):
    """Writes its first piece, then waits until it is let go; says whether it was closed before its end."""

    go: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)
    meanwhile: Callable[[], object] = lambda: None
    """What happens while it writes."""

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        self.prompts.append(prompt)

        def pieces() -> Any:
            try:
                for piece in (FULL[:80], *FULL[80:]):
                    yield piece
                    self.begun.set()
                    self.meanwhile()
                    while not self.go.wait(0.02):
                        yield ""
            except GeneratorExit:
                self.closed.set()
                raise
            return self._completion(FULL, -3.0)

        return Stream(pieces())


@dataclass
class Clock:
    """The clock by which runs are late; it can be put forward."""

    skipped: float = 0.0

    def skip(self, seconds: float) -> None:
        """Let time pass."""
        self.skipped += seconds

    def monotonic(self) -> float:
        """As that of `time`."""
        return time.monotonic() + self.skipped


def make_product(kb: KnowledgeBase, engine: FakeEngine | None = None, **changes: Any) -> Product:
    engine = engine or FakeEngine(full=FULL, short=SHORT)
    return Product({"shipped": fake_model(engine, **changes)}, Names(kb, Linker(kb)))


@contextmanager
def listening(product: Product, settings: Settings) -> Iterator[str]:
    """A server on a port of its own; gives its address."""
    with listen("127.0.0.1", 0) as bound:
        config = uvicorn.Config(create_app(product, settings), log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound.socket]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            thread.join(0.01)
        try:
            yield f"http://127.0.0.1:{bound.port}"
        finally:
            server.should_exit = True
            thread.join(600)


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for progress, however slow the machine: what never comes about ends at the time limit of the tests."""
    while not true():
        time.sleep(0.02)


def connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=3000)


def request_of(method: str, path: str, body: str = "", accept: str = "*/*") -> str:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    )


def raw(address: str, method: str, path: str, body: str = "") -> str:
    connection = connect(address)
    connection.sendall(request_of(method, path, body).encode())
    received = b""
    while piece := connection.recv(65536):
        received += piece
    connection.close()
    return received.decode()
