"""A `python` that has started already: what a test runs with it is forked from a process that has imported everything.

Some tests need processes: to kill them, to run a script of a dozen commands, to train in two at once. None needs each
of them to import torch and to open the knowledge base, which takes ten seconds and more. `started_python` makes one
server a test run and gives the program that stands in the place of python: it hands its arguments, folder, environment
and streams to the server, which forks; it passes signals on, ends with the same code, and if it is killed, so is the
fork (`kill` waits for that). The processes in which pytest-xdist runs tests are forked from it as well (conftest.py).
"""

import functools
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sharing import once

IMPORTED = (
    "raredxr1.cli._batch", "raredxr1.serve.server", "raredxr1.evaluate.runner", "raredxr1.evaluate.systems.opening",
    "raredxr1.mcp_server", "openai", "hypothesis.strategies",
)  # fmt: skip
TRAINING = (
    "transformers.models.llama.modeling_llama", "raredxr1.internalize.train", "raredxr1.reflect.finetune",
    "raredxr1.reflect.loop", "raredxr1.curriculum.train", "raredxr1.export", "raredxr1.calibrate.fit",
)  # fmt: skip
"""Not where no slow test is asked of: ten seconds."""
WARM = "Girl of 4 years. Microcephaly, gait ataxia. No seizures so far."
HELD = "HELD_BEHIND"
PROGRAM = "STARTED_PYTHON"
"""The variable of the environment that names the program where the tests themselves run in forks."""
CLIENT = """
import json, os, signal, socket, sys
connection = socket.socket(socket.AF_UNIX)
connection.connect({socket!r})
told = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(connection, [len(told).to_bytes(4, "big")], [0, 1, 2])
connection.sendall(told)
forked = int.from_bytes(connection.recv(4), "big")
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, _: os.kill(forked, number))
signal.signal(signal.SIGUSR1, lambda *_: os.kill(forked, signal.SIGKILL))
code = connection.recv(1)
os._exit(code[0]) if code else os.kill(os.getpid(), signal.SIGKILL)
"""


def started_python(factory: pytest.TempPathFactory) -> str:
    """The program to call in the place of `sys.executable`: `-m module ...`, `-c code ...` or `file.py ...`."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    return os.environ.get(PROGRAM) or str(once(factory, "started", lambda folder: start(folder, run)) / "python")


def start(folder: Path, run: int, training: bool = True) -> Path:
    """Start the server, which ends when the process of the test run has; gives the program, in the new folder.

    Without `training` nothing is imported that needs torch.
    """
    folder.mkdir()
    program = folder / "python"
    at = str(Path(tempfile.mkdtemp(prefix="raredx-")) / "socket")  # paths of sockets are short
    (folder / "client.py").write_text(CLIENT.format(socket=at))
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -SEs "{folder / "client.py"}" "$@"\n')
    program.chmod(0o755)
    server = subprocess.Popen(
        [sys.executable, __file__, at, str(run), *(IMPORTED + TRAINING * training)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=(folder / "server.txt").open("w"), env=os.environ | {"OMP_NUM_THREADS": "1"}, start_new_session=True,
    )  # fmt: skip
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n", (folder / "server.txt").read_text()
    return program


def held_behind(place: str) -> dict[str, str]:
    """An environment in which such a program stands still behind its first call of `module:Class.method`.

    What is to be killed in the middle cannot come to its end first, however slow the one who kills it is.
    """
    return {**os.environ, HELD: place}


def kill(process: subprocess.Popen[Any]) -> None:
    """Kill what such a program runs, outright, and wait until it is gone."""
    process.send_signal(signal.SIGUSR1)
    process.wait()


def two_processes(python: str, *arguments: str, **more: str) -> None:
    """What `accelerate launch --multi_gpu --num_processes 2` starts where there is no GPU: two that share the work.

    `more` are variables of the environment that a plugin of it sets.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
    shared = {
        "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port,
        "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "ACCELERATE_MIXED_PRECISION": "no",
        "ACCELERATE_DYNAMO_BACKEND": "NO",
    }  # fmt: skip
    ranks = [os.environ | shared | more | {"RANK": rank, "LOCAL_RANK": rank} for rank in "01"]
    both = [
        subprocess.Popen([python, *arguments], env=rank, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for rank in ranks
    ]
    said = [process.communicate(timeout=3000)[1].decode()[-3000:] for process in both]
    assert [process.returncode for process in both] == [0, 0], said


def warm(imported: Sequence[str] = IMPORTED) -> None:
    """Import, and read a note, once before anything is forked: rules are compiled and indexes opened at the first."""
    for name in imported:
        importlib.import_module(name)
    from hypothesis import strategies

    from raredxr1.cases.demographics import read_demographics
    from raredxr1.diagnose.names import open_names
    from raredxr1.diagnose.opinions import gather
    from raredxr1.diagnose.stated import stated_findings
    from raredxr1.knowledge.meaning_ranker import meaning_ranker
    from raredxr1.knowledge.search import search

    read_demographics(WARM)
    names = open_names(by_meaning=False)
    gather(WARM, stated_findings(WARM, [], names), names, meaning=None)  # an encoder has threads, which no fork has
    meaning_ranker(names.kb)
    search(names.kb, "Rett syndrome", 1)
    strategies.text().validate()  # a table of all characters: seconds where no run before this one has kept it


def serve(at: str, run: int, imported: Sequence[str]) -> None:
    """Fork for whoever asks, until the process of the test run is gone."""
    warm(imported)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for forks: their clients are told
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(at)
        listening.listen()
        listening.settimeout(2)
        os.write(1, b"ready\n")
        while Path(f"/proc/{run}").exists() if Path("/proc").exists() else os.getppid() > 1:
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            with connection:
                if os.fork() == 0:
                    listening.close()
                    become(connection)
    Path(at).unlink()
    Path(at).parent.rmdir()


def become(connection: socket.socket) -> None:
    """Be the python that was called."""
    connection.setblocking(True)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(connection, 4, 3)
    told = b""
    while len(told) < int.from_bytes(size, "big"):
        told += connection.recv(1 << 16)
    arguments, folder, environment = json.loads(told)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding=encoding, closefd=False)  # noqa: SIM115
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    connection.sendall(os.getpid().to_bytes(4, "big"))
    threading.Thread(target=_die_with, args=(connection,), daemon=True).start()
    if place := environment.get(HELD):
        _hold_behind(place)
    code = _run(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    connection.sendall(bytes([code & 255]))
    os._exit(code & 255)


def _die_with(connection: socket.socket) -> None:
    if not connection.recv(1):
        os.kill(os.getpid(), signal.SIGKILL)


def _hold_behind(place: str) -> None:
    module, _, name = place.partition(":")
    *outer, name = name.split(".")
    owner = functools.reduce(getattr, outer, importlib.import_module(module))
    called = getattr(owner, name)

    def held(*args: Any, **named: Any) -> None:
        called(*args, **named)
        threading.Event().wait()

    setattr(owner, name, held)


def _run(arguments: list[str]) -> int:
    while arguments[0] == "-u":  # as execnet starts it
        arguments = arguments[1:]
    sys.argv = arguments
    try:
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        elif arguments[0] == "-c":
            sys.argv = ["-c", *arguments[2:]]
            exec(arguments[1], {"__name__": "__main__"})
        else:
            sys.path.insert(0, str(Path(arguments[0]).parent))
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as ended:
        code: Any = ended.code
        return code if isinstance(code, int) else int(code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        return 1
    return 0


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
