"""Who writes the turns: the model itself through an engine, or any OpenAI-compatible endpoint. Both sample.

A teacher answers a batch of asks in their order. Whatever goes wrong with one of them - no room in the context, a
timeout, a refusal, an empty text - is a `Written` with a status and a reason, so that no ask is ever lost.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

from raredxr1.diagnose.engine import Engine, GenerationSettings
from raredxr1.diagnose.opening import open_engine
from raredxr1.diagnose.servers.client import Client
from raredxr1.diagnose.servers.differential import FORMAT, ONE_NAME, answer_last
from raredxr1.errors import InputError, extra
from raredxr1.export import checkpoint_in
from raredxr1.reflect.config import ReflectConfig
from raredxr1.reflect.opinions import endpoint
from raredxr1.reflect.prompts import Ask, Written

SEEDS = 2**31


class Teacher(Protocol):
    """Someone who answers asks."""

    name: str
    """As configured."""

    def write(self, asks: Sequence[Ask], seed: int) -> list[Written]:
        """Sample one turn for each ask."""
        ...


class EngineTeacher:
    """The model itself, or another checkpoint or exported model, on this machine."""

    def __init__(self, name: str, engine: Engine, settings: GenerationSettings) -> None:
        """Take an open engine and how to sample."""
        self.name, self._engine, self._settings = name, engine, settings

    def write(self, asks: Sequence[Ask], seed: int) -> list[Written]:
        """Sample in the engine's own batches; an ask whose prompt leaves no room for a turn is a failed row."""
        prompts = [ask.prompt for ask in asks]
        lengths = [self._engine.count(prompt) for prompt in prompts]
        room = self._engine.context_length - self._settings.max_tokens
        fitting = [i for i, length in enumerate(lengths) if length <= room]
        settings = self._settings.model_copy(update={"seed": seed % SEEDS})
        written = self._engine.generate([prompts[i] for i in fitting], settings) if fitting else []
        turns = {i: completions[0] for i, completions in zip(fitting, written, strict=True)}
        return [
            Written(turns[i].text, turns[i].tokens, length, turns[i].truncated)
            if i in turns
            else Written(status="failed", reason=f"a prompt of {length} tokens leaves no room for a turn")
            for i, length in enumerate(lengths)
        ]


class EndpointTeacher:
    """A model behind an OpenAI-compatible endpoint, asked over several connections at once."""

    def __init__(self, name: str, clients: Sequence[Client], form_help: str) -> None:
        """Take one client a connection, and what the model is told about the form of a turn."""
        self.name, self._help = name, form_help
        self._parallel = len(clients)
        self._clients: SimpleQueue[Client] = SimpleQueue()
        for client in clients:
            self._clients.put(client)

    def write(self, asks: Sequence[Ask], seed: int) -> list[Written]:
        """Ask for all of them; answers come back in order."""
        with ThreadPoolExecutor(self._parallel) as pool:
            return list(pool.map(self._ask, asks, [(seed + place) % SEEDS for place in range(len(asks))]))

    def _ask(self, ask: Ask, seed: int) -> Written:
        client = self._clients.get()
        try:
            reply = client.ask(f"{ask.system}\n{self._help}", ask.user, seed)
        finally:
            self._clients.put(client)
        if reply.status == "ok" and not reply.text.strip():
            reply = replace(reply, status="failed", reason="an empty text")
        return Written(
            answer_last(reply.text), reply.tokens, reply.prompt_tokens, reply.truncated, reply.status, reply.reason
        )


def open_teacher(config: ReflectConfig) -> Teacher:
    """Open the teacher a recipe names.

    Raises:
        InputError: there is none, or it cannot be asked.
    """
    if config.teacher.startswith("openai:"):
        target = endpoint(config.teacher, config.remote, config.max_tokens, config.temperature)
        clients = [Client(target) for _ in range(config.remote.parallel)]
        return EndpointTeacher(config.teacher, clients, f"{FORMAT[config.form]}\n{ONE_NAME}")
    if config.continuous:
        return _continuous(config)
    engine = open_engine(Path(config.teacher), config.threads)
    if config.max_tokens >= engine.context_length:
        raise InputError(
            f"max_tokens {config.max_tokens} leaves no room for a prompt in a context of {engine.context_length}"
        )
    settings = GenerationSettings(
        max_tokens=config.max_tokens, temperature=config.temperature, top_p=config.top_p, samples=1
    )
    return EngineTeacher(config.teacher, engine, settings)


def _continuous(config: ReflectConfig) -> Teacher:
    folder = checkpoint_in(Path(config.teacher))
    if not ((folder / "config.json").is_file() and any(folder.glob("*.safetensors"))):
        raise InputError(f"{config.teacher} holds no checkpoint, and `continuous: true` samples from one")
    with extra("`continuous: true`"):
        from raredxr1.reflect.continuous import ContinuousTeacher
    return ContinuousTeacher(config.teacher, folder, config)
