"""Teachers: the model itself through an engine, and an endpoint on this machine. Failures are rows, order is kept."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from trajectories import PATIENTS

from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.opening import open_engine
from raredxr1.errors import InputError
from raredxr1.reflect.attempt_log import read_attempts
from raredxr1.reflect.loop import reflect
from raredxr1.reflect.prompts import Ask, plain
from raredxr1.reflect.teacher import EngineTeacher, open_teacher
from tiny_model import NAMES, NOTES

pytestmark = pytest.mark.slow


class Endpoint:
    """Answers chat completions by a function of the body, several at once."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.say: Any = lambda body: (200, self.reply("hello"))
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.bodies.append(body)
                code, data = endpoint.say(body)
                self.send_response(code)
                self.end_headers()
                self.wfile.write(json.dumps(data).encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.name = f"openai:http://127.0.0.1:{self.http.server_port}/v1#a-model"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @staticmethod
    def reply(text: str, finish: str = "stop") -> dict[str, Any]:
        return {
            "choices": [{"message": {"content": text}, "finish_reason": finish}],
            "usage": {"prompt_tokens": 50, "completion_tokens": 7},
        }


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.http.shutdown()
    made.http.server_close()


def user(body: dict[str, Any]) -> str:
    return str(body["messages"][1]["content"])


def test_the_model_itself_is_asked_by_the_dialogues_own_prompt(tiny_exported):
    engine = open_engine(tiny_exported, 1)
    teacher = EngineTeacher("tiny", engine, GenerationSettings(max_tokens=48, temperature=0.01))
    asks = [plain(note, "short", "final") for note in NOTES]
    written = teacher.write(asks, seed=5)
    assert [w.text.split("1. ")[1].split("\n")[0] for w in written] == list(NAMES)
    for ask, turn in zip(asks, written, strict=True):
        assert turn.status == "ok" and not turn.truncated
        assert turn.prompt_tokens == engine.count(ask.prompt)
        assert turn.tokens == engine.count(turn.text)


def test_continuous_batching_writes_the_same_turns_and_misses_none(tiny_checkpoint, tiny_exported, config):
    settings = config(teacher=str(tiny_checkpoint), continuous=True, max_tokens=48, temperature=0.01)
    teacher = open_teacher(settings)
    asks = [plain(note, "short", "final") for note in NOTES]
    asks.insert(1, plain("a very long note " * 60, "short", "final"))
    names = [NAMES[0], None, NAMES[1], NAMES[2]]
    for name, ask, turn in zip(names, asks, teacher.write(asks, seed=5), strict=True):
        if name is None:
            assert turn.status == "failed" and "leaves no room" in turn.reason
        else:
            assert (turn.status, turn.truncated) == ("ok", False)
            assert f"1. {name}\n" in turn.text
            assert turn.prompt_tokens == open_engine(tiny_exported, 1).count(ask.prompt)


def test_continuous_batching_needs_a_checkpoint(config, tiny_exported):
    with pytest.raises(InputError, match="holds no checkpoint"):
        open_teacher(config(teacher=str(tiny_exported), continuous=True))
    with pytest.raises(ValueError, match="an endpoint batches by itself"):
        config(teacher="openai:http://127.0.0.1:1/v1#m", continuous=True)


def test_the_same_seed_samples_the_same_and_another_seed_something_else(tiny_exported):
    engine = open_engine(tiny_exported, 1)
    teacher = EngineTeacher("tiny", engine, GenerationSettings(max_tokens=24, temperature=3.0))
    asks = [plain(note, "short", "final") for note in NOTES]
    assert teacher.write(asks, seed=5) == teacher.write(asks, seed=5)
    assert teacher.write(asks, seed=5) != teacher.write(asks, seed=6)


def test_a_prompt_that_leaves_no_room_is_a_failed_row_and_the_others_are_answered(tiny_exported):
    teacher = EngineTeacher("tiny", open_engine(tiny_exported, 1), GenerationSettings(max_tokens=48, temperature=0.01))
    asks = [plain(NOTES[0], "short", "final"), plain("a very long note " * 60, "short", "final")]
    first, second = teacher.write(asks, seed=1)
    assert first.status == "ok" and NAMES[0] in first.text
    assert second.status == "failed" and "leaves no room" in second.reason and not second.text


def test_a_teacher_that_is_not_there_or_cannot_write_is_named(config, tiny_exported):
    with pytest.raises(InputError, match="does not exist"):
        open_teacher(config(teacher="no/such/model"))
    with pytest.raises(InputError, match="leaves no room for a prompt"):
        open_teacher(config(teacher=str(tiny_exported), max_tokens=256))
    with pytest.raises(InputError, match="write openai:URL#model"):
        open_teacher(config(teacher="openai:nowhere"))


def test_an_endpoint_is_sampled_over_several_connections_and_answers_stay_in_order(endpoint, config):
    endpoint.say = lambda body: (200, endpoint.reply(f"<answer>\n1. {user(body)}\n</answer>"))
    teacher = open_teacher(config(teacher=endpoint.name, temperature=0.8, max_tokens=99, form="short"))
    asks = [Ask("system line", f"note {number}") for number in range(12)]
    written = teacher.write(asks, seed=3)
    assert [w.text for w in written] == [f"<answer>\n1. note {number}\n</answer>" for number in range(12)]
    assert {(w.tokens, w.prompt_tokens) for w in written} == {(7, 50)}
    assert {body["temperature"] for body in endpoint.bodies} == {0.8}
    assert {body["max_tokens"] for body in endpoint.bodies} == {99}
    assert len({body["seed"] for body in endpoint.bodies}) == 12
    assert all("system line" in body["messages"][0]["content"] for body in endpoint.bodies)


def test_refusals_empty_texts_and_errors_of_an_endpoint_are_rows(endpoint, config):
    said = {
        "refuse": (200, {"choices": [{"message": {"content": None, "refusal": "no"}, "finish_reason": "stop"}]}),
        "empty": (200, endpoint.reply("  ")),
        "broken": (500, {}),
        "cut": (200, endpoint.reply("<answer>\n1. Ret", "length")),
    }
    endpoint.say = lambda body: said[user(body)]
    teacher = open_teacher(config(teacher=endpoint.name, remote={"attempts": 1}))
    written = dict(zip(said, teacher.write([Ask("s", name) for name in said], seed=3), strict=True))
    assert written["refuse"].status == "refused"
    assert (written["empty"].status, written["empty"].reason) == ("failed", "an empty text")
    assert (written["broken"].status, written["broken"].reason) == ("failed", "the endpoint answers 500")
    assert written["cut"].status == "ok" and written["cut"].truncated


def test_a_teacher_that_does_not_answer_in_time_is_a_row(endpoint, config):
    waiting = threading.Event()
    endpoint.say = lambda body: (waiting.wait(600), (200, endpoint.reply("late")))[1]
    teacher = open_teacher(config(teacher=endpoint.name, remote={"attempts": 1, "timeout": 0.2}))
    (written,) = teacher.write([Ask("s", "u")], seed=3)
    waiting.set()
    assert (written.status, written.reason) == ("timeout", "no answer in 0.2 s")


def test_a_further_model_gives_its_opinion_once_a_case(endpoint, config, tmp_path):
    """It is asked about the note, its names go into E, and what it says is kept for a run that goes on."""
    from scripted import ScriptedTeacher, learns_on_review

    endpoint.say = lambda body: (200, endpoint.reply("<answer>\n1. Homocystinuria\n2. Marfan syndrome\n</answer>"))
    settings = config(opinions=["likelihood", endpoint.name], remote={"attempts": 1})
    with pytest.raises(KeyboardInterrupt):
        reflect(settings, quiet=True, teacher=ScriptedTeacher(learns_on_review, stop_after=2))
    assert sorted(user(body) for body in endpoint.bodies) == sorted(patient.note for patient in PATIENTS.values())
    out = reflect(settings, quiet=True, teacher=ScriptedTeacher(learns_on_review))
    assert len(endpoint.bodies) == 3, "nobody is asked twice"
    reviews = [row for row in read_attempts(out) if row.kind == "reflection"]
    assert reviews and all("model 1: Homocystinuria; Marfan syndrome" in row.user for row in reviews)
    lines = (Path(out) / "opinions.jsonl").read_text().splitlines()
    assert [json.loads(line)["names"] for line in lines] == [["Homocystinuria", "Marfan syndrome"]] * 3


def test_a_model_whose_opinion_fails_is_a_row_with_its_reason_and_gives_none(endpoint, config):
    from scripted import ScriptedTeacher, learns_on_review

    endpoint.say = lambda body: (500, {})
    settings = config(opinions=[endpoint.name], remote={"attempts": 1})
    out = reflect(settings, quiet=True, teacher=ScriptedTeacher(learns_on_review))
    rows = [json.loads(line) for line in (out / "opinions.jsonl").read_text().splitlines()]
    assert [(row["names"], row["reason"]) for row in rows] == [([], "the endpoint answers 500")] * 3
    assert not any("Opinions" in row.user for row in read_attempts(out))


def test_an_opinion_nobody_can_give_is_refused(config):
    from scripted import ScriptedTeacher, learns_on_review

    with pytest.raises(InputError, match="'tea leaves' is neither likelihood nor similarity"):
        reflect(config(opinions=["tea leaves"]), quiet=True, teacher=ScriptedTeacher(learns_on_review))
