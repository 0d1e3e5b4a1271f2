"""One command asks a served model alone and within the harness, and sets both side by side."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from raredxr1.cli import app
from tiny_cases import CASES, write_cases

ANSWER = "<answer>\n1. Joubert syndrome 3\n</answer>"
"""What the model says of every note: right once."""


def raredx(*args: Any) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


class Served(BaseHTTPRequestHandler):
    requests: list[dict[str, Any]]

    def do_GET(self) -> None:
        known = self.path == "/v1/models"
        self.say(200 if known else 404, {"object": "list", "data": [{"id": "m", "object": "model"}]} if known else {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append(body)
        usage = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}
        head = {"id": "x", "created": 0, "model": "m"}
        if not body.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}
            self.say(200, {**head, "object": "chat.completion", "choices": [choice], "usage": usage})
            return
        choice = {"index": 0, "delta": {"content": ANSWER}, "finish_reason": "stop"}
        chunk = {**head, "object": "chat.completion.chunk", "choices": [choice], "usage": usage}
        self.say(200, f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream")

    def say(self, code: int, data: Any, kind: str = "application/json") -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(data if isinstance(data, bytes) else json.dumps(data).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Served.requests = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Served)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_both_are_asked_the_same_cases_and_stand_side_by_side(tmp_path: Path, address: str) -> None:
    chosen = [case for case in CASES if case["case_id"] in ("rett-1", "marfan-1", "joubert-1")]
    common = ["evaluate", "--cases", write_cases(tmp_path / "a.jsonl", chosen), "--system", "model", "--fast", "-q"]
    done = raredx(*common, "--model", f"openai:{address}", "--against-alone", "--out", tmp_path / "run")
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "run" / "comparison.json").read_text())
    first = told["differences"][0]
    assert (told["n"], first["figure"]) == (3, "strict recall@1")
    assert first["a"] == pytest.approx(1 / 3, abs=1e-4), "alone it is right of one note"
    among_ten = next(one for one in told["differences"] if one["figure"] == "strict recall@10")
    assert among_ten["b"] > among_ten["a"], "with the rankers beside it, of more"
    assert "B: model m (OpenAI-compatible)" in done.stdout
    alone = [body for body in Served.requests if not body.get("stream")]
    within = [body for body in Served.requests if body.get("stream")]
    assert {body["messages"][1]["content"] for body in alone} == {case["note"] for case in chosen}
    assert {body["max_tokens"] for body in alone} == {body["max_tokens"] for body in within}, "the same room to answer"
    assert (tmp_path / "run" / "alone" / "report.html").is_file()
    assert (tmp_path / "run" / "harness" / "report.html").is_file()


def test_a_model_of_this_machine_has_no_such_comparison(tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "a.jsonl", CASES[:1])
    for system in ("model", "likelihood"):
        done = raredx(
            "evaluate", "--cases", cases, "--system", system, "--against-alone", "--out", tmp_path / "run", "-q"
        )
        assert done.exit_code == 2
        assert "--against-alone is for a served model" in done.stderr
        assert not (tmp_path / "run").exists()
