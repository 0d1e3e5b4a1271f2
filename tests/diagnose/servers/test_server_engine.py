"""A model server as the model: streaming, constraints, odd replies, failures. The server is the test's own."""

import json
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from raredxr1 import dialogue
from raredxr1.cli import app
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.model import Model, open_model
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.pipeline import Options, diagnose, with_crr
from raredxr1.diagnose.servers import engine as engines
from raredxr1.diagnose.servers import parse_server
from raredxr1.diagnose.servers.client import Client
from raredxr1.diagnose.servers.engine import ServerEngine
from raredxr1.errors import InputError

pytestmark = pytest.mark.slow

NOTE = (
    "Girl of 4 years. She was well until 15 months, then lost her words. She wrings her hands all day, has "
    "microcephaly and gait ataxia. No seizures so far."
)
WHOLE = {
    "findings": [
        {"quote": "wrings her hands all day", "present": True, "term": "Stereotypic hand movements"},
        {"quote": "No seizures so far", "present": False, "term": "Seizure"},
        {"quote": "blue sclerae", "present": True, "term": "Blue sclerae"},
    ],
    "hypotheses": [{"name": "Rett syndrome", "supports": [1], "against": [2], "expected": ["Bruxism"]}],
    "weighing": "Finding 1 decides.",
    "answer": ["Rett syndrome", "Angelman syndrome"],
}


class FakeServer:
    """Streams what it is told to; `odd` replaces the reply of a request, first come, first served."""

    def __init__(self) -> None:
        self.text = json.dumps(WHOLE)
        self.thinking = ""
        self.refuses_schema = False
        self.models = ["m"]
        self.odd: list[Any] = []
        self.requests: list[dict[str, Any]] = []
        self.broken = threading.Event()
        self.at_once = self.most_at_once = 0
        self.meet: threading.Barrier | None = None
        lock, server = threading.Lock(), self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/v1/models":
                    self.answer(200, {"object": "list", "data": [{"id": m, "object": "model"} for m in server.models]})
                else:
                    self.answer(404, {})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not self.path.endswith("/chat/completions"):
                    self.answer(404, {})
                    return
                with lock:
                    server.requests.append(body)
                    odd = server.odd.pop(0) if server.odd else None
                    server.at_once += 1
                    server.most_at_once = max(server.most_at_once, server.at_once)
                try:
                    if server.meet:
                        server.meet.wait(600)
                        time.sleep(0.05)  # for one too many to come
                    if server.refuses_schema and "response_format" in body:
                        self.answer(400, {"error": {"message": "no schemas here"}})
                    elif callable(odd):
                        odd(self)
                    elif odd is not None:
                        self.answer(*odd)
                    else:
                        self.stream(server.text)
                finally:
                    with lock:
                        server.at_once -= 1

            def stream(self, text: str, ends: bool = True) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for piece in server.thinking.split():
                    self.event({"choices": [{"index": 0, "delta": {"reasoning_content": f"{piece} "}}]})
                for start in range(0, len(text), 7):
                    self.event({"choices": [{"index": 0, "delta": {"content": text[start : start + 7]}}]})
                if ends:
                    self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                    self.event(
                        {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}}
                    )
                    self.wfile.write(b"data: [DONE]\n\n")

            def event(self, data: dict[str, Any]) -> None:
                whole = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", **data}
                try:
                    self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())
                    self.wfile.flush()
                except OSError:
                    server.broken.set()
                    raise

            def answer(self, code: int, data: Any) -> None:
                self.send_response(code)
                self.end_headers()
                self.wfile.write(data if isinstance(data, bytes) else json.dumps(data).encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """A client that hangs up is part of the tests."""

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.name = f"openai:http://127.0.0.1:{self.http.server_port}/v1#m"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setattr(engines, "ATTEMPTS", 2)
    monkeypatch.setattr(engines, "Client", partial(Client, sleep=lambda seconds: None))
    made = FakeServer()
    yield made
    made.http.shutdown()
    made.http.server_close()


def engine(server: FakeServer, **settings: Any) -> ServerEngine:
    return ServerEngine(parse_server(server.name), **settings)


def told(model: Model, **options: Any) -> Any:
    return diagnose(NOTE, model, open_names(), with_crr(Options(next_steps=3, **options), model))


PROMPT = dialogue.render_prompt(NOTE, "full")
ASKED = GenerationSettings(max_tokens=500)


def test_a_turn_comes_line_by_line_and_whole(server: FakeServer) -> None:
    stream = engine(server).stream(PROMPT, ASKED)
    pieces = list(stream)
    assert len(pieces) > 5
    assert "".join(pieces) == stream.completion.text
    assert stream.completion.tokens == 5
    turn = dialogue.parse(stream.completion.text, NOTE, "full")
    assert [problem.detail for problem in turn.problems] == ["blue sclerae"]
    (request,) = server.requests
    assert request["response_format"]["type"] == "json_schema"
    assert request["messages"][1] == {"role": "user", "content": NOTE}
    assert "<|im_start|>" not in json.dumps(request)


def test_a_server_without_schemas_is_asked_in_words_from_then_on(server: FakeServer) -> None:
    server.refuses_schema = True
    server.text = "1. **Rett syndrome** - the hands\n2. Angelman syndrome"
    asked = engine(server)
    assert asked.constrained
    (first,), (second,) = asked.generate([dialogue.render_prompt(NOTE, "short")] * 2, ASKED)
    assert first.text == second.text == "<answer>\n1. Rett syndrome\n2. Angelman syndrome\n</answer>"
    assert not asked.constrained
    asked.generate([PROMPT], ASKED)
    assert "response_format" not in server.requests[-1]
    assert "Hypotheses" in server.requests[-1]["messages"][0]["content"]


def test_thoughts_are_streamed_and_kept_apart(server: FakeServer) -> None:
    server.thinking = "Could this be Rett?"
    stream = engine(server).stream(PROMPT, ASKED)
    assert "".join(stream).startswith("Could this be Rett? \n<think>")
    assert stream.completion.thinking == "Could this be Rett? "
    assert "Could this" not in stream.completion.text


def test_the_whole_harness_stands_around_the_model(server: FakeServer) -> None:
    result = told(open_model(server.name))
    assert result.candidates[0].name == "Rett syndrome"
    assert result.candidates[0].ranks["model"] == 1
    assert {"likelihood", "similarity"} <= set(result.candidates[0].ranks)
    assert result.candidates[0].supports
    said = {finding.term for finding in result.stated}
    assert "Blue sclerae" not in said, "a quote that the note does not have was believed"
    assert result.versions.model.startswith("m (")
    assert not any("was sent to" in notice for notice in result.notices)


def test_the_confidence_of_a_served_model_is_that_of_the_rankers_until_it_is_measured(server: FakeServer) -> None:
    model = open_model(server.name)
    result = told(model)
    assert result.confidence_kind == "calibrated"
    assert 0 < (result.candidates[0].confidence or 0) <= 1
    assert any("was not measured" in detail for detail in result.details)
    assert model.served_weight is not None and model.served_weight.strength >= 1


def test_calibrating_a_served_model_measures_how_much_it_counts(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAREDX_DATA", str(tmp_path / "data"))
    names = ["Rett syndrome", "Marfan syndrome", "Angelman syndrome", "Fabry disease", "Wilson disease"]
    ids = ["OMIM:312750", "OMIM:154700", "OMIM:105830", "OMIM:301500", "OMIM:277900"]
    cases = tmp_path / "cases.jsonl"
    gold = [{"id": i, "label": name} for i, name in zip(ids, names, strict=True)]
    rows = [
        {"case_id": f"c{n}", "note": f"Child of {n + 2} years with seizures and short stature.", "gold": [gold[n % 5]]}
        for n in range(20)
    ]
    cases.write_text("".join(json.dumps(row) + "\n" for row in rows))
    asked = ["train", "calibrate", "--cases", str(cases), "--work", str(tmp_path / "work"), "--model", server.name]
    said = CliRunner().invoke(app, [*asked, "--quiet"])
    assert said.exit_code == 0, said.output
    assert "its first name adds" in said.output
    model = open_model(server.name)
    assert model.served is not None and model.served.n == 20
    assert model.served_weight == (model.served.strength, model.served.shift)
    assert any("fitted on 20 of your own cases" in detail for detail in told(model).details)


def test_a_server_that_breaks_off_keeps_what_it_had_written(server: FakeServer) -> None:
    server.odd = [lambda handler: handler.stream(server.text[:-30], ends=False)]
    stream = engine(server).stream(PROMPT, ASKED)
    assert "".join(stream)
    assert stream.completion.truncated
    assert "broke off" in stream.completion.failure
    assert dialogue.parse(stream.completion.text, NOTE, "full", truncated=True).findings


@pytest.mark.parametrize(
    "odd",
    [
        (500, {"error": "x"}),
        (200, b"<html>not a model</html>"),
        (200, b"data: {broken\n\n"),
        (200, {"choices": []}),
        (302, b""),
        lambda handler: handler.connection.close(),
    ],
)
def test_a_failing_server_leaves_the_answer_of_the_local_rankers(server: FakeServer, odd: Any) -> None:
    model = open_model(server.name)
    server.odd = [odd] * 20
    result = told(model)
    assert result.candidates[0].name == "Rett syndrome"
    assert "model" not in result.candidates[0].ranks
    assert any("gave no whole answer" in notice for notice in result.notices)


def test_a_passing_failure_is_asked_again(server: FakeServer) -> None:
    server.odd = [(503, {"error": "Loading model"})]
    assert not engine(server).generate([PROMPT], ASKED)[0][0].failure
    assert len(server.requests) == 2


def test_closing_a_stream_hangs_up(server: FakeServer) -> None:
    server.thinking = "word " * 200_000
    asked = engine(server)
    stream = asked.stream(PROMPT, ASKED)
    next(stream)
    stream.close()
    assert server.broken.wait(600)
    server.thinking = ""
    assert not asked.generate([PROMPT], ASKED)[0][0].failure, "the connection was not given back"


def test_samples_are_drawn_with_seeds_of_their_own_over_many_connections(server: FakeServer) -> None:
    server.meet = threading.Barrier(3)
    turns = engine(server, connections=3).generate([PROMPT] * 2, GenerationSettings(temperature=0.7, samples=3, seed=5))
    assert [len(row) for row in turns] == [3, 3]
    assert sorted(request["seed"] for request in server.requests) == [5, 5, 6, 6, 7, 7]
    assert server.most_at_once == 3


def test_what_cannot_be_is_refused_in_one_line(server: FakeServer) -> None:
    with pytest.raises(InputError, match="no model server answers"):
        open_model("openai:http://127.0.0.1:9/v1#m")
    server.models = ["a", "b"]
    with pytest.raises(InputError, match="name one of its models"):
        open_model(server.name.removesuffix("m"))
    model = open_model(server.name)
    with pytest.raises(InputError, match="not taught"):
        told(model, ranking="beam")
    with pytest.raises(InputError, match="beams"):
        model.engine.generate([PROMPT], GenerationSettings(beam=4, samples=4))
