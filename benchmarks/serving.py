"""What the server does under load: start-up, time to an answer, memory, and whether any answer is lost or mixed up.

    python benchmarks/serving.py [--clients N] [--minutes N] [--model PATH]

Starts `raredx serve` on a port of its own, lets N clients ask at once for some minutes, each with notes that nobody
else sends, and checks that every answer is about the note that was sent. Wanted: start-up under 3 s; with 8 clients for
5 minutes no lost and no mixed answer, and memory that does not grow. Run it on an idle machine; keep the output as text
in benchmarks/results. Speaks to the loopback address only, and stops by itself.
"""

import argparse
import http.client
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

SENTENCE = (
    "A 4-year-old girl was referred because of developmental regression, stereotypic hand movements and loss of "
    "speech. On examination there was microcephaly, truncal hypotonia, gait ataxia and scoliosis. No seizures so far. "
)
STARTUP_WANTED = 3.0
GROWTH_WANTED = 1.1
"""Resident memory at the end may be so many times that after the first minute."""


@dataclass
class Tally:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    busy: int = 0
    lost: int = 0
    mixed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--model", type=Path, help="by default the shipped one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "raredxr1", "serve", "--port", "0", "--data", folder]
        command += ["--queue", str(options.clients), *(["--model", str(options.model)] if options.model else [])]
        started = time.perf_counter()
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            assert server.stderr is not None
            said = server.stderr.readline()
            found = re.search(r":(\d+) ", said)
            if not found:
                sys.exit(said)
            port = int(found[1])
            ask(port, "GET", "/v1/health")
            startup = time.perf_counter() - started
            print(f"start-up {startup:.2f} s; wanted {STARTUP_WANTED:g}: {'yes' if startup < STARTUP_WANTED else 'NO'}")
            load(port, server.pid, options.clients, options.minutes)
        finally:
            server.terminate()
            server.wait(20)


def load(port: int, pid: int, clients: int, minutes: float) -> None:
    tally = Tally()
    ends = time.monotonic() + 60 * minutes
    threads = [threading.Thread(target=client, args=(port, number, ends, tally)) for number in range(clients)]
    for thread in threads:
        thread.start()
    print("minute  answers  median s  worst s  resident MiB", flush=True)
    memory = []
    for minute in range(1, math.ceil(minutes) + 1):
        time.sleep(max(0.0, min(60.0, ends - time.monotonic())))
        memory.append(resident(pid))
        with tally.lock:
            times = sorted(tally.seconds)
        middle, worst = (statistics.median(times), times[-1]) if times else (0.0, 0.0)
        print(f"{minute:6d}  {len(times):7d}  {middle:8.2f}  {worst:7.2f}  {memory[-1]:12.0f}", flush=True)
    for thread in threads:
        thread.join()
    growth = memory[-1] / memory[0]
    good = not tally.lost and not tally.mixed and growth <= GROWTH_WANTED
    print(
        f"{clients} clients, {minutes:g} minutes: {len(tally.seconds)} answers, {tally.lost} lost, {tally.mixed} "
        f"mixed, {tally.busy} told to come again; memory grew {growth:.2f} times; as wanted: {'yes' if good else 'NO'}"
    )


def client(port: int, number: int, ends: float, tally: Tally) -> None:
    turn = 0
    while time.monotonic() < ends:
        turn += 1
        note = f"Letter {number} of batch {turn}. {SENTENCE * 3}"
        started = time.perf_counter()
        try:
            status, body = ask(port, "POST", "/v1/diagnose", json.dumps({"note": note}))
        except (OSError, http.client.HTTPException):
            status, body = 0, ""
        with tally.lock:
            if status == 429:
                tally.busy += 1
            elif status != 200:
                tally.lost += 1
            elif json.loads(body)["note"] != note:
                tally.mixed += 1
            else:
                tally.seconds.append(time.perf_counter() - started)
        if status == 429:
            time.sleep(1)


def ask(port: int, method: str, path: str, body: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def resident(pid: int) -> float:
    """Resident memory of a process in MiB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
