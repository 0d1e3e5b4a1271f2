"""A model server as an `Engine`: it streams turns, writes batches over several connections, and never loses a request.

A server that fails gives a `Completion` with the reason, so that the rankers of this machine still answer. It gives no
probabilities: no beams, no scores.
"""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from raredxr1 import dialogue
from raredxr1.diagnose.engine import Completion, GenerationSettings, Stream
from raredxr1.diagnose.servers.address import ServerAddress
from raredxr1.diagnose.servers.client import Client, Endpoint, Reply
from raredxr1.diagnose.servers.probe import probe
from raredxr1.diagnose.servers.turns import (
    document,
    form_of,
    instructions,
    schema,
    to_turn,
    turn_lines,
    without_thinking,
)
from raredxr1.errors import InputError
from raredxr1.schemas import Form

CHARACTERS_A_TOKEN = 3.0
"""Fewer than English has with any usual vocabulary (about 4), so that a count errs on the safe side."""
SYSTEM_TOKENS = 500
"""Room for the system message, which is longer than that of our own models."""
TIMEOUT, ATTEMPTS = 300.0, 7


class ServerEngine:
    """Asks a server; see `engine.Engine` for what the methods promise. Several threads may ask at once."""

    def __init__(self, address: ServerAddress, connections: int = 4, timeout: float = TIMEOUT) -> None:
        """Find out what answers at each URL.

        Args:
            address: where the model is served.
            connections: requests in flight at once, to each URL.
            timeout: seconds to wait for an answer; of a stream, for its next piece.

        Raises:
            InputError: nothing answers, or there is no such model.
        """
        self.address = address
        settings = {"timeout": timeout, "attempts": ATTEMPTS, "key_variable": address.key_variable}
        first = [Client(Endpoint(url, address.model, **settings)) for url in address.urls]  # type: ignore[arg-type]
        facts = [probe(client, address.model) for client in first]
        self._free: SimpleQueue[Client] = SimpleQueue()
        self._connections = connections * len(first)
        for _ in range(connections):  # one after another over the servers: two requests go to two of them
            for client, fact in zip(first, facts, strict=True):
                self._free.put(Client(replace(client.endpoint, model=fact.model)))
        self.name: str = facts[0].kind
        self.model: str = facts[0].model
        self.path: Path = Path(hashlib.sha256(address.written.encode()).hexdigest()[:16])
        """No folder: a name for what is kept of this server, such as a calibration."""
        self.context_length: int = min(fact.context_length for fact in facts)
        self.context_is_stated: bool = all(fact.stated for fact in facts)
        self.constrained: bool = all(fact.constrains for fact in facts)
        """Whether answers are held to a JSON schema: until a server refuses one."""

    def count(self, text: str) -> int:
        """Estimate the tokens of a prompt."""
        return round(len(text) / CHARACTERS_A_TOKEN) + SYSTEM_TOKENS

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        """Write one turn; pieces are whole lines of it, or what a reasoning model thinks before it."""
        _check(settings)
        return Stream(self._streamed(prompt, settings))

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        """Write `samples` turns for each prompt, over all connections at once."""
        _check(settings, several=True)
        asks = [(prompt, settings.seed + i) for prompt in prompts for i in range(settings.samples)]
        with ThreadPoolExecutor(min(self._connections, max(1, len(asks)))) as pool:
            written = list(pool.map(lambda ask: self._written(ask[0], ask[1], settings), asks))
        return [written[i : i + settings.samples] for i in range(0, len(written), settings.samples)]

    def score(self, prompt: str, continuation: str) -> list[float]:
        """Refuse: servers give no probabilities.

        Raises:
            InputError: always.
        """
        raise InputError(
            f"{self.address.written}: a server gives no probabilities; beams and scores need a local model"
        )

    # --- one request -------------------------------------------------------------------------------------------------

    @contextmanager
    def _client(self) -> Iterator[Client]:
        client = self._free.get()
        try:
            yield client
        finally:
            self._free.put(client)

    def _written(self, prompt: str, seed: int, settings: GenerationSettings) -> Completion:
        stream = Stream(self._streamed(prompt, settings.model_copy(update={"seed": seed % 2**31})))
        for _ in stream:
            pass
        return stream.completion

    def _streamed(self, prompt: str, settings: GenerationSettings) -> Generator[str, None, Completion]:
        form, task = form_of(prompt)
        user = dialogue.note_of(prompt)
        constrained = self.constrained
        more: dict[str, Any] = {"temperature": settings.temperature, "max_tokens": settings.max_tokens}
        if settings.temperature > 0:
            more["top_p"] = settings.top_p
        if constrained:
            shape = {"name": "diagnosis", "strict": True, "schema": schema(form, task)}
            more["response_format"] = {"type": "json_schema", "json_schema": shape}
        with self._client() as client:
            pieces = client.stream(instructions(form, task, constrained), user, settings.seed, **more)
            reply = yield from _lines(pieces, form)
            if constrained and reply.status == "failed" and reply.reason.endswith(("answers 400", "answers 422")):
                self.constrained = False
            elif reply.status == "ok" or reply.text:
                return _completion(reply, form)
            else:
                return _failed(reply, client)
        return (yield from self._streamed(prompt, settings))


def _check(settings: GenerationSettings, several: bool = False) -> None:
    if settings.beam > 1:
        raise InputError("a model server has no beams: choose --ranking list")
    if settings.samples > 1 and not several:
        raise ValueError("a stream is one turn")


def _lines(pieces: Generator[tuple[str, str], None, Reply], form: Form) -> Generator[str, None, Reply]:
    """Turn what comes from the server into lines of a turn, as soon as each is whole."""
    text, shown, thinking = "", 0, False
    try:
        while True:
            try:
                kind, piece = next(pieces)
            except StopIteration as end:
                reply: Reply = end.value
                break
            if kind == "thinking":
                thinking = True
                yield piece
                continue
            if thinking:
                thinking = False
                yield "\n"
            text += piece
            if not text.lstrip().startswith("{"):
                yield piece
            elif found := document(text, partial=True):
                lines = turn_lines(found, form, complete=False)
                if lines[shown:]:
                    yield "".join(f"{line}\n" for line in lines[shown:])
                    shown = max(shown, len(lines))
    finally:
        pieces.close()
    if shown and (found := document(reply.text)):
        yield "\n".join(turn_lines(found, form, complete=True)[shown:])
    return reply


def _completion(reply: Reply, form: Form) -> Completion:
    text, thought = without_thinking(reply.text)
    cut = reply.truncated or reply.status != "ok"
    if cut and text.lstrip().startswith("{") and (found := document(text, partial=True)):
        turn = "\n".join(turn_lines(found, form, complete=False))
    else:
        turn = to_turn(text, form)
    return Completion(
        text=turn,
        tokens=reply.tokens,
        log_prob=None,
        truncated=cut,
        thinking="\n\n".join(filter(None, (reply.thinking, thought))),
        failure="" if reply.status == "ok" else reply.reason,
    )


def _failed(reply: Reply, client: Client) -> Completion:
    reason = f"{client.endpoint.url}: {reply.reason}"
    return Completion(text="", tokens=0, log_prob=None, truncated=False, thinking=reply.thinking, failure=reason)
