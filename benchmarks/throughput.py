"""Notes per minute of a batch: the shipped model with one and two workers, and a served model with many connections.

    python benchmarks/throughput.py [--notes N] [--workers 1 2] [--connections 1 4 16]
    python benchmarks/throughput.py --model ollama:NAME --workers --connections 4 16 64     a server of yours

The workers are those of `raredx diagnose --batch --cluster local --workers N`, each with one thread; 1 is the batch
without a cluster. The served model is, by default, a stand-in of this script on the loopback address: it answers every
request after --seconds, at most --slots at a time, as a server with that many sequences in a batch does. It says
nothing of a model; it shows whether the product keeps a server full, and where its own work on this machine (reading,
rankers, checks) is the limit. Counted from the first chunk of each worker to the last, so that opening the model is
not in it. Notes are the three examples of the product, each with another age and another order of sentences. Run it on
an idle machine and keep the output in benchmarks/results; the load of the machine is printed before and after.
"""

import argparse
import json
import os
import platform
import random
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from raredxr1.data import EXAMPLES
from raredxr1.diagnose.batch import Answered, run_batch
from raredxr1.diagnose.batched import ROWS
from raredxr1.diagnose.cluster import LOCAL, Cluster, Opening
from raredxr1.diagnose.model import open_model
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.pipeline import Options, with_crr

ANSWER = "<answer>\n1. Rett syndrome\n2. Angelman syndrome\n3. Marfan syndrome\n</answer>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=64, help="of each measurement")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 4, 16])
    parser.add_argument("--model", help="a model server; by default the stand-in")
    parser.add_argument("--seconds", type=float, default=4.0, help="the stand-in takes for an answer")
    parser.add_argument("--slots", type=int, default=16, help="requests that the stand-in answers at once")
    options = parser.parse_args()
    print(f"{machine()}; {options.notes} notes each; load before: {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for workers in options.workers:
            rate = of_workers(workers, options.notes, Path(folder))
            print(f"shipped model, {workers} worker{'s' * (workers > 1)}: {rate:6.1f} notes a minute", flush=True)
        if options.connections:
            with stand_in(options.seconds, options.slots, options.model) as (name, most_at_once):
                print(f"served by {name}" if options.model else served_by(options.seconds, options.slots))
                for connections in options.connections:
                    rate, calls = of_server(name, connections, options.notes, Path(folder))
                    full = "" if options.model else f", at most {most_at_once()} of its slots in use"
                    print(
                        f"{connections:3d} connections: {rate:6.1f} notes a minute, {calls:.1f} s a chunk{full}",
                        flush=True,
                    )
    print(f"load after: {os.getloadavg()[0]:.1f}")


def machine() -> str:
    """Processor, cores and Python."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.is_file() else None
    return f"{found[1] if found else platform.processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def served_by(seconds: float, slots: int) -> str:
    """What the stand-in could give at most."""
    return f"stand-in server: {seconds:g} s an answer, {slots} at once: at most {60 * slots / seconds:.0f} a minute"


def of_workers(workers: int, notes: int, folder: Path) -> float:
    """Notes a minute of the shipped model."""
    model, names = open_model(None, 1), open_names()
    options = with_crr(Options(), model)
    answered = Cluster(LOCAL, workers, Opening(options)) if workers > 1 else None
    return timed(model, names, options, notes, folder, ROWS // 4, answered, workers)[0]


def of_server(name: str, connections: int, notes: int, folder: Path) -> tuple[float, float]:
    """Notes a minute of a served model, and seconds of a chunk of them."""
    model, names = open_model(name, 1, connections), open_names()
    chunk = max(ROWS, 2 * connections)  # as `raredx diagnose --batch --connections` takes them
    return timed(model, names, with_crr(Options(form="short"), model), notes, folder, chunk)


def timed(
    model: Any,
    names: Any,
    options: Options,
    notes: int,
    folder: Path,
    chunk: int,
    answered: Answered | None = None,
    workers: int = 1,
) -> tuple[float, float]:
    """Notes a minute after the first chunk of each worker, and seconds a chunk."""
    source, out = folder / "notes.jsonl", folder / "out.jsonl"
    source.write_text(
        "".join(f"{json.dumps({'id': i, 'note': n})}\n" for i, n in enumerate(made_up(notes + workers * chunk)))
    )
    stamps: list[tuple[float, int]] = []
    counts = run_batch(
        source,
        out,
        model,
        names,
        options,
        force=True,
        chunk=chunk,
        advance=lambda done, _: stamps.append((time.perf_counter(), done)),
        answered=answered,
    )
    assert counts.failed == 0, f"{counts.failed} rows failed"
    (begun, before), (ended, after) = stamps[workers], stamps[-1]  # several workers end their first chunks together
    return 60 * (after - before) / (ended - begun), (ended - begun) / (len(stamps) - 1 - workers)


def made_up(n: int) -> Iterator[str]:
    """The examples, no two notes alike."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.txt"))]
    draw = random.Random(0)
    for i in range(n):
        sentences = re.split(r"(?<=[.:])\s+", texts[i % len(texts)].strip())
        draw.shuffle(sentences)
        yield f"Seen at the age of {3 + i % 40} years. {' '.join(sentences)}"


@contextmanager
def stand_in(seconds: float, slots: int, model: str | None) -> Iterator[tuple[str, Callable[[], int]]]:
    """A model server that answers after a time; or the one that is named."""
    if model:
        yield model, lambda: 0
        return
    room, counting = threading.Semaphore(slots), threading.Lock()
    busy = {"now": 0, "most": 0}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            known = self.path == "/v1/models"
            cards = {"object": "list", "data": [{"id": "stand-in", "object": "model"}]}
            self.say(200 if known else 404, json.dumps(cards if known else {}))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            with room:
                with counting:
                    busy["now"] += 1
                    busy["most"] = max(busy.values())
                time.sleep(seconds)
                with counting:
                    busy["now"] -= 1
            choice = {"index": 0, "delta": {"content": ANSWER}, "finish_reason": "stop"}
            chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
            self.say(200, f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n")

        def say(self, code: int, text: str) -> None:
            self.send_response(code)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 256

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def most() -> int:
        found, busy["most"] = busy["most"], 0
        return found

    try:
        yield f"openai:http://127.0.0.1:{server.server_port}/v1#stand-in", most
    finally:
        server.shutdown()


if __name__ == "__main__":
    main()
