"""A real `transformers serve` (in the extra `train`) with a checkpoint of some 30,000 random weights."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from raredxr1 import dialogue
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.model import open_model
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.pipeline import Options, diagnose, with_crr
from raredxr1.diagnose.result import Result
from raredxr1.diagnose.servers import engine as engines
from raredxr1.errors import InputError
from started import kill, started_python
from tiny_model import make_tiny_checkpoint

pytestmark = pytest.mark.slow

NOTE = "Boy of 3 years with microcephaly, gait ataxia and scoliosis; loss of speech. No seizures."
TEMPLATE = (
    "{% for one in messages %}<|im_start|>{{ one.role }}\n{{ one.content }}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant\n"
)
SERVE = """
import os, pathlib
from transformers.cli.transformers import main
pathlib.Path(os.environ["HF_HOME"], "pid").write_text(str(os.getpid()))
main()
"""


class Served:
    """The server as a process of its own, pinned to one checkpoint, which can be killed."""

    def __init__(self, checkpoint: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.name = f"openai:{self.url}/v1#{checkpoint}"
        self.command = ["-c", SERVE, "serve", str(checkpoint), "--device", "cpu"]

    def start(self, python: str, home: Path) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [python, *self.command, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
        )

    def wait(self) -> None:
        while True:
            assert self.process.poll() is None, "transformers serve ended"
            try:
                urllib.request.urlopen(f"{self.url}/health", timeout=60).close()
                return
            except urllib.error.URLError:
                time.sleep(0.5)

    def worked(self) -> float:
        """Processor seconds of it so far."""
        times = psutil.Process(int((self.home / "pid").read_text())).cpu_times()
        return float(times.user + times.system)

    def at_rest(self) -> float:
        """Its processor seconds once it does next to nothing for a second."""
        while True:
            before = self.worked()
            time.sleep(1)
            if (now := self.worked()) - before < 0.05:
                return now

    def kill(self) -> None:
        kill(self.process)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "tiny"
    # without an end-of-turn token it writes until it is stopped, whatever the weights
    made = make_tiny_checkpoint(folder, steps=0, max_position_embeddings=8192, eos_token_id=None)
    (made / "chat_template.jinja").write_text(TEMPLATE, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def started(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(checkpoint)
    with pytest.raises(InputError, match="no model server answers"):
        open_model(made.name)
    made.start(started_python(tmp_path_factory), tmp_path_factory.mktemp("home"))
    made.wait()
    yield made
    made.kill()


@pytest.fixture
def served(started: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setattr(engines, "ATTEMPTS", 1)
    return started


def answered(name: str) -> Result:
    model = open_model(name)
    return diagnose(NOTE, model, open_names(), with_crr(Options(form="short", max_tokens=24), model))


def test_it_is_known_for_what_it_is_and_gets_the_form_in_words(served: Served) -> None:
    engine = open_model(served.name).engine
    assert engine.name == "transformers"
    assert not engine.constrained  # type: ignore[attr-defined]


def test_it_streams_and_counts(served: Served) -> None:
    stream = open_model(served.name).engine.stream(
        dialogue.render_prompt(NOTE, "full"), GenerationSettings(max_tokens=40)
    )
    pieces = list(stream)
    assert len(pieces) > 5
    assert stream.completion.truncated
    assert stream.completion.tokens == 40
    assert not stream.completion.failure


def test_leaving_stops_it(served: Served) -> None:
    """By the server's own work, not by the clock: a machine may be slow or busy."""
    engine = open_model(served.name).engine
    before = served.worked()
    whole = engine.generate([dialogue.render_prompt(NOTE, "full")], GenerationSettings(max_tokens=300))[0][0]
    assert whole.tokens == 300
    cost = served.at_rest() - before
    left = engine.stream(dialogue.render_prompt(NOTE, "full"), GenerationSettings(max_tokens=6000))
    next(left)
    before = served.worked()
    left.close()
    (short,) = engine.generate([dialogue.render_prompt(NOTE, "short")], GenerationSettings(max_tokens=4))[0]
    assert short.tokens == 4
    assert served.at_rest() - before < 5 * cost, "it went on writing what nobody reads"


def test_the_rankers_answer_beside_it_and_a_wrong_name_is_one_line(served: Served) -> None:
    result = answered(served.name)
    assert result.candidates
    assert any("was not measured" in line for line in result.details)
    assert not any("no whole answer" in notice for notice in result.notices)
    with pytest.raises(InputError, match="answers 400 when asked for the model other") as wrong:
        open_model(f"openai:{served.url}/v1#other")
    assert "\n" not in str(wrong.value)
    with pytest.raises(InputError, match="does not list its model; name it"):
        open_model(f"openai:{served.url}/v1")


def test_its_death_in_the_middle_leaves_the_answer_of_the_rankers(served: Served) -> None:
    model = open_model(served.name)
    stream = model.engine.stream(dialogue.render_prompt(NOTE, "full"), GenerationSettings(max_tokens=4000))
    next(stream)
    served.kill()
    for _ in stream:
        pass
    assert stream.completion.failure
    dead = diagnose(NOTE, model, open_names(), with_crr(Options(form="short", max_tokens=24), model))
    assert dead.candidates
    assert any("no whole answer" in notice for notice in dead.notices)
