"""`raredx serve` as a process, with the model that ships: how it starts, refuses, is killed and comes back."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from started import held_behind, kill, started_python

pytestmark = pytest.mark.slow

NOTE = "Girl of 4 years. Developmental regression, loss of speech, microcephaly, gait ataxia. No seizures so far."


SHUT_IN = """
import sys
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        raise AssertionError("the server asked the network")
sys.addaudithook(refuse)
from raredxr1.cli import main
main()
"""
"""The command, in a process that may listen and not connect."""


@pytest.fixture(scope="module")
def raredx(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The command; one test starts it as it is installed."""
    return started_python(tmp_path_factory), "-m", "raredxr1"


@contextmanager
def serving(
    folder: Path, *options: str, raredx: tuple[str, ...], environment: Mapping[str, str] = os.environ
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own; gives the process and its address."""
    command = [*raredx, "serve", "--port", "0", "--data", str(folder), *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**environment, "OMP_NUM_THREADS": "1"})
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        address = re.search(r"serving on (\S+)", said)
        assert address is not None, said
        yield process, address[1].replace("0.0.0.0", "127.0.0.1")
    finally:
        process.kill()
        process.wait(600)
        process.stderr.close()


def call(address: str, path: str, body: Any = None, token: str | None = None) -> Any:
    """Ask and read JSON, or JSON Lines; waits for a server that is still opening its model."""
    request = urllib.request.Request(address + path, None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=3000) as answer:
        text = answer.read().decode()
    return [json.loads(line) for line in text.splitlines()] if path.endswith("/results") else json.loads(text)


def test_a_killed_server_loses_no_finished_answer(tmp_path: Path, raredx: tuple[str, ...]) -> None:
    history = [*raredx, "history"]
    subprocess.run([*history, "on", "--data", str(tmp_path)], check=True, capture_output=True)
    items = [{"note": NOTE, "name": f"row {number}"} for number in range(3)]
    held = held_behind("raredxr1.serve.jobs:Jobs._answer")
    with serving(tmp_path, raredx=raredx, environment=held) as (process, address):
        call(address, "/v1/diagnose", {"note": NOTE})
        job = call(address, "/v1/jobs", {"items": items, "options": {"form": "short"}})["id"]
        while call(address, f"/v1/jobs/{job}")["succeeded"] < 1:
            time.sleep(0.05)
        kill(process)
    with serving(tmp_path, raredx=raredx) as (_, address):
        left = call(address, f"/v1/jobs/{job}")
        assert left["state"] == "interrupted"
        assert left["succeeded"] == 1
        finished = call(address, f"/v1/jobs/{job}/results")
        assert [row["place"] for row in finished] == [*range(1, left["succeeded"] + 1)]
        call(address, f"/v1/jobs/{job}/resume", {})
        while call(address, f"/v1/jobs/{job}")["state"] != "done":
            time.sleep(0.1)
        rows = call(address, f"/v1/jobs/{job}/results")
        assert [row["name"] for row in rows] == [item["name"] for item in items]
        assert rows[: len(finished)] == finished
    listed = subprocess.run([*history, "list", "--json", "--data", str(tmp_path)], check=True, capture_output=True)
    assert json.loads(listed.stdout)["total"] == 1


def test_any_other_address_asks_for_the_token_that_is_made_for_it(tmp_path: Path, raredx: tuple[str, ...]) -> None:
    with serving(tmp_path, "--host", "0.0.0.0", raredx=raredx) as (process, address):
        assert process.stderr is not None
        assert str(tmp_path / "token") in process.stderr.readline()
        assert "unencrypted" in process.stderr.readline()
        token = (tmp_path / "token").read_text().strip()
        assert call(address, "/v1/health")["status"] == "ok"
        try:
            call(address, "/v1/version")
            raise AssertionError("no token was asked for")
        except urllib.error.HTTPError as error:
            assert error.code == 401
        assert call(address, "/v1/version", token=token)["model"]["coverage"]["statement"]


def test_it_connects_nowhere_and_its_log_tells_no_words(tmp_path: Path, raredx: tuple[str, ...]) -> None:
    """Notes in every way in, good and bad, and requests that are hardly HTTP: standard error repeats none of it."""
    secret = "zanzibar"
    note = f"{NOTE} {secret}"
    with serving(tmp_path, "--log", raredx=(raredx[0], "-c", SHUT_IN)) as (process, address):
        assert call(address, "/v1/diagnose", {"note": note})["candidates"]
        host, port = address.removeprefix("http://").split(":")
        text = f"note={note.replace(' ', '+')}&form=short"
        for request in (
            f"POST /diagnose HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(text)}\r\n\r\n{text}",
            f"POST /v1/diagnose HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(note)}\r\n\r\n{note}",
            f"POST /v1/diagnose HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9999\r\n\r\n{note}",
            f"POST /v1/diagnose HTTP/1.1\r\nHost: {host}\r\nContent-Length: x\r\n\r\n{note}",
            f"GET /knowledge?q={secret} HTTP/1.1\r\nHost: {host}\r\n\r\n",
            f"GET /{secret}/%ff%00?{secret} HTTP/1.1\r\nHost: {host}\r\n\r\n",
            f"{secret} {secret} {secret}\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: {secret}\r\n{secret}\r\n\r\n",
        ):
            with socket.create_connection((host, int(port)), timeout=3000) as connection:
                connection.sendall(request.encode())
                connection.shutdown(socket.SHUT_WR)
                connection.recv(100)
        assert call(address, "/v1/health")["status"] == "ok"
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        said = process.stderr.read()
        process.wait(600)
    assert "POST /v1/diagnose 200" in said
    assert secret not in said
    assert "Traceback" not in said


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "raredxr1", "serve", "--port", port, "--data", str(tmp_path)]
        told = subprocess.run(command, capture_output=True, text=True, timeout=3000, check=False)
    assert told.returncode == 2
    assert told.stderr.startswith(f"raredx: --host 127.0.0.1 --port {port}: ")
    assert len(told.stderr.splitlines()) == 1


def test_ctrl_c_ends_it(tmp_path: Path, raredx: tuple[str, ...]) -> None:
    with serving(tmp_path, raredx=raredx) as (process, address):
        call(address, "/v1/health")
        process.send_signal(signal.SIGINT)
        assert process.wait(600) in (0, 130)
