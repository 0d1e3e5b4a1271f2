"""Any OpenAI-compatible model, against a server of the test's own on this machine."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.servers.client import Client, Endpoint, Reply, read_reply
from raredxr1.diagnose.servers.differential import parse_system
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item, open_cases
from raredxr1.evaluate.judging import JudgedCase, Judgement
from raredxr1.evaluate.opinion import Judge
from raredxr1.evaluate.systems.openai import OpenAISystem
from tiny_cases import RETT, write_cases

ANSWER = "<answer>\n1. Rett syndrome\n2. Angelman syndrome\n</answer>"


def reply(text: str | None = ANSWER, finish: str = "stop", **message: Any) -> tuple[int, Any]:
    choice = {"message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}
    return 200, {"choices": [choice], "usage": {"prompt_tokens": 100, "completion_tokens": 20}}


class Server:
    """Gives the replies of a list, one a request, the last one ever after."""

    def __init__(self) -> None:
        self.replies: list[Any] = [reply()]
        self.requests: list[tuple[dict[str, str], Any]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append(({name.title(): value for name, value in self.headers.items()}, body))
                said = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
                if callable(said):
                    said()
                    return
                code, data, *headers = said
                self.send_response(code)
                for name, value in headers[0].items() if headers else ():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data if isinstance(data, bytes) else json.dumps(data).encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names()


@pytest.fixture
def item(tmp_path: Path, names: Names) -> Item:
    row = {"case_id": "a", "note": "Girl who wrings her hands.", "gold": [RETT]}
    return open_cases([write_cases(tmp_path / "a.jsonl", [row])], names.kb).items[0]


def system(server: Server, names: Names, sleeps: list[float] | None = None, **endpoint: Any) -> OpenAISystem:
    pauses: Callable[[float], None] = (sleeps if sleeps is not None else []).append
    return OpenAISystem("openai", Client(Endpoint(server.url, "m", **endpoint), pauses), names)


def test_an_answer_is_read_linked_and_priced(server: Server, names: Names, item: Item) -> None:
    (found,) = system(server, names, price_in=2.0, price_out=10.0).predict([item])
    assert [(a.name, a.id is not None) for a in found.answer] == [("Rett syndrome", True), ("Angelman syndrome", True)]
    assert (found.prompt_tokens, found.tokens, found.retries) == (100, 20, 0)
    assert found.cost == pytest.approx((100 * 2 + 20 * 10) / 1e6)
    body = server.requests[0][1]
    assert body["model"] == "m" and body["temperature"] == 0
    assert body["messages"][1]["content"] == item.note
    assert "Rare disease diagnosis" in body["messages"][0]["content"]


def test_the_key_comes_from_the_environment_alone(
    server: Server, names: Names, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    system(server, names).predict([item])
    assert "Authorization" not in server.requests[0][0]
    monkeypatch.setenv("OPENAI_API_KEY", "sesame")
    system(server, names).predict([item])
    assert server.requests[1][0]["Authorization"] == "Bearer sesame"
    assert "sesame" not in json.dumps(server.requests[1][1])


def test_passing_failures_are_tried_again_later_each_time(server: Server, names: Names, item: Item) -> None:
    server.replies = [(503, {}), (429, {}, {"Retry-After": "7"}), (200, b"no json"), reply()]
    sleeps: list[float] = []
    (found,) = system(server, names, sleeps).predict([item])
    assert found.status == "ok" and found.retries == 3
    assert sleeps == [1.0, 7.0, 4.0]


def test_giving_up_is_a_row_with_the_reason(server: Server, names: Names, item: Item) -> None:
    server.replies = [(500, {})]
    (found,) = system(server, names, attempts=2).predict([item])
    assert (found.status, found.reason, found.retries) == ("failed", "the endpoint answers 500", 1)
    assert len(server.requests) == 2
    server.replies = [(400, {})]
    (found,) = system(server, names).predict([item])
    assert found.reason == "the endpoint answers 400" and len(server.requests) == 3


def test_a_refused_key_ends_the_run(server: Server, names: Names, item: Item) -> None:
    server.replies = [(401, {})]
    with pytest.raises(InputError, match="answers 401"):
        system(server, names).predict([item])


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (reply(None, refusal="I cannot"), "refused"),
        (reply("", finish="content_filter"), "refused"),
        (reply(""), "failed"),
        (reply("Let me think about it."), "ok"),
        ((200, {"choices": []}), "failed"),
        ((200, [1, 2]), "failed"),
    ],
)
def test_refusals_and_odd_answers_are_rows(server: Server, names: Names, item: Item, said: Any, status: str) -> None:
    server.replies = [said]
    (found,) = system(server, names).predict([item])
    assert found.status == status and not found.answer


def test_a_slow_answer_is_a_timeout(server: Server, names: Names, item: Item) -> None:
    gate = threading.Event()
    server.replies = [lambda: gate.wait(600)]
    (found,) = system(server, names, timeout=0.2, attempts=1).predict([item])
    gate.set()
    assert found.status == "timeout" and "0.2 s" in found.reason


def test_no_connection_is_a_row(server: Server, names: Names, item: Item) -> None:
    server.http.shutdown()
    server.http.server_close()
    (found,) = system(server, names, attempts=1).predict([item])
    assert found.status == "failed" and "no connection" in found.reason


def test_a_redirect_does_not_carry_the_key_away(
    server: Server, names: Names, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sesame")
    server.replies = [(302, {}, {"Location": server.url + "/elsewhere"})]
    (found,) = system(server, names, attempts=1).predict([item])
    assert found.status == "failed" and len(server.requests) == 1


def test_requests_keep_to_the_rate(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeps: list[float] = []
    monkeypatch.setattr("raredxr1.diagnose.servers.client.time.monotonic", lambda: 100 + sum(sleeps))
    client = Client(Endpoint(server.url, "m", rate=30), sleeps.append)
    for _ in range(3):
        client.ask("s", "u", 0)
    assert sleeps == [2.0, 2.0]


def test_a_cut_answer_keeps_its_whole_lines(server: Server, names: Names, item: Item) -> None:
    server.replies = [reply("<answer>\n1. Rett syndrome\n2. Angelm", finish="length")]
    (found,) = system(server, names).predict([item])
    assert [a.name for a in found.answer] == ["Rett syndrome"]


def test_thoughts_before_the_answer_are_no_answer(server: Server, names: Names, item: Item) -> None:
    server.replies = [reply("I write <answer> soon.\nHere:\n" + ANSWER)]
    (found,) = system(server, names).predict([item])
    assert [a.name for a in found.answer] == ["Rett syndrome", "Angelman syndrome"]


def test_systems_are_named_by_url_and_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert parse_system("openai:http://127.0.0.1:8000/v1#a/b") == ("http://127.0.0.1:8000/v1", "a/b")
    assert parse_system("openai:https://x.org/v1/chat/completions#m") == ("https://x.org/v1", "m")
    for wrong, said in (
        ("openai:http://127.0.0.1:8000/v1", "write openai:URL#model"),
        ("openai:ftp://x#m", "write openai:URL#model"),
        ("openai:#m", "write openai:URL#model"),
        ("openai:https://me:secret@x.org/v1#m", "keep keys out of the URL"),
        ("openai:https://x.org/v1?key=1#m", "keep keys out of the URL"),
    ):
        with pytest.raises(InputError, match=said):
            parse_system(wrong)
    monkeypatch.setenv("OPENAI_API_KEY", "sesame")
    with pytest.raises(InputError, match="unencrypted"):
        parse_system("openai:http://x.org/v1#m")


@pytest.mark.parametrize("data", [None, 1, "x", [], {}, {"choices": [1]}, {"choices": [{"message": None}]}])
def test_any_body_is_read(data: Any) -> None:
    assert read_reply(data, 2).status == "failed"


def judged(number: int, names_: int) -> JudgedCase:
    listed = [Judgement(rank=i + 1, name=f"n{i}", level=None, rule="other") for i in range(names_)]
    return JudgedCase(case_id=f"c{number}", file="f", gold="g", gold_ids=[], status="ok", strict=None, subtype=None,
                      category=None, names=listed, unparsed=False, unlinked=0, answered=names_)  # fmt: skip


def test_opinions_are_asked_once_and_kept(server: Server, item: Item, tmp_path: Path) -> None:
    server.replies = [reply("2"), reply("none that I know"), reply("99"), reply("0")]
    judge = Judge(Client(Endpoint(server.url, "m")))
    cases = [judged(0, 3), judged(1, 3), judged(2, 3), judged(3, 3), judged(4, 0)]
    first = judge.opinions([item] * 5, cases, tmp_path, quiet=True)
    assert [case.opinion for case in first] == [2, None, None, 0, 0]
    asked = len(server.requests)
    with (tmp_path / "opinions.jsonl").open("a") as file:
        file.write('{"case_id": "half')
    assert judge.opinions([item] * 5, cases, tmp_path, quiet=True) == first
    assert len(server.requests) == asked


def test_a_judgement_that_failed_is_asked_for_again(item: Item, tmp_path: Path) -> None:
    class Flaky:
        replies: ClassVar[list[Reply]] = [Reply(text="", status="timeout"), Reply(text="1", status="ok")]

        def ask(self, *_: object) -> Reply:
            return self.replies.pop(0)

    judge = Judge(Flaky())  # type: ignore[arg-type]
    assert judge.opinions([item], [judged(0, 3)], tmp_path, quiet=True)[0].opinion is None
    assert (tmp_path / "opinions.jsonl").read_text() == ""
    assert judge.opinions([item], [judged(0, 3)], tmp_path, quiet=True)[0].opinion == 1
