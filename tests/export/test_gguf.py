"""A GGUF file says what its checkpoint says, asked of a real llama.cpp server."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from typer.testing import CliRunner

from raredxr1 import dialogue
from raredxr1.cli import app
from raredxr1.errors import InputError
from raredxr1.export import to_gguf
from tiny_model import PROMPTS, TURNS, make_tiny_checkpoint

pytestmark = pytest.mark.slow

SERVE = """
import sys, threading, xllamacpp
wanted = xllamacpp.CommonParams()
wanted.model.path, wanted.port, wanted.hostnames = sys.argv[1], 0, ["127.0.0.1"]
wanted.n_ctx, wanted.n_parallel, wanted.cpuparams.n_threads, wanted.special = 512, 1, 1, True
server = xllamacpp.Server(wanted)
print(server.listening_address, flush=True)
threading.Event().wait()
"""


@pytest.fixture(scope="module", params=[True, False], ids=["tied", "untied"])
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_checkpoint(tmp_path_factory.mktemp("gguf") / "checkpoint", tied=request.param)


@pytest.fixture(scope="module", params=["f16", "q8_0"])
def served(checkpoint: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    out = to_gguf(checkpoint, checkpoint.parent / f"{request.param}.gguf", request.param)
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(out)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    yield next(line.strip() for line in process.stdout if line.startswith("http"))
    process.kill()
    process.wait()


def ask(url: str, path: str, **body: object) -> dict[str, object]:
    request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=3000) as answer:
        return dict(json.load(answer))


def test_llama_cpp_cuts_text_into_the_same_tokens(checkpoint: Path, served: str) -> None:
    tokenizer = Tokenizer.from_file(str(checkpoint / "tokenizer.json"))
    for text in (*PROMPTS, *TURNS, "Hb 12.5 g/dL, <think> naïve 💡\n\n  two  spaces"):
        assert ask(served, "/tokenize", content=text, parse_special=True)["tokens"] == tokenizer.encode(text).ids


def test_llama_cpp_writes_the_turns_the_checkpoint_was_taught(served: str) -> None:
    for prompt, turn in zip(PROMPTS, TURNS, strict=True):
        said = ask(served, "/completion", prompt=prompt, temperature=0, n_predict=120)
        assert str(said["content"]).removesuffix("<|im_end|>") == turn


def test_the_chat_template_is_the_dialogues_envelope(served: str) -> None:
    system, user = (PROMPTS[0].split(f"<|im_start|>{who}\n")[1].split("<|im_end|>")[0] for who in ("system", "user"))
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    assert ask(served, "/apply-template", messages=messages)["prompt"] == PROMPTS[0]
    weigh = [{"role": "system", "content": dialogue.LEAD}, {"role": "user", "content": "1 + Seizure"}]
    assert ask(served, "/apply-template", messages=weigh)["prompt"] == dialogue.render_lead_prompt("1 + Seizure")


def test_the_shipped_model_can_be_written(tmp_path: Path) -> None:
    out = tmp_path / "shipped.gguf"
    result = CliRunner().invoke(app, ["export", "gguf", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert out.read_bytes()[:4] == b"GGUF"
    assert not list(tmp_path.glob("*.partial"))


def test_other_models_are_refused(checkpoint: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        (other / name).write_bytes((checkpoint / name).read_bytes())
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps({**config, "model_type": "gpt2"}))
    with pytest.raises(InputError, match="only Llama-shaped"):
        to_gguf(other, tmp_path / "x.gguf")
    (other / "config.json").write_text(json.dumps(config))
    (other / "model.safetensors").write_bytes(b"no")
    with pytest.raises(InputError, match="cannot be read"):
        to_gguf(other, tmp_path / "x.gguf")
    assert not (tmp_path / "x.gguf").exists()
