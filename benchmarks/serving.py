"""What the server does under load: start-up, time to an answer, memory, and whether any answer is lost or mixed up.

    python benchmarks/serving.py [--clients N] [--minutes N] [--asks N] [--tokens N] [--threads N] [--model PATH]

Starts `raredx serve` on a port of its own, asks it for one letter of 300 words, again and again, and then lets N
clients ask at once for some minutes, each with notes that nobody else sends, and checks that every answer is about the
note that was sent. Wanted: start-up under 3 s; the first token after 3 s and the whole answer after 25 s (on 2 cores,
with the 135M model); with 8 clients for 5 minutes no lost and no mixed answer, and memory that does not grow. Run it on
an idle machine; keep the output in benchmarks/results. Speaks to the loopback address only, and stops by itself.

Weights that were never trained write on until their limits (a turn's, and 96 tokens a beam). With --tokens 240 and
--beam-tokens 14 turns and names are as long as a trained model's, so that a shape can be timed before it is trained.
"""

import argparse
import http.client
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SENTENCE = (
    "A 4-year-old girl was referred because of developmental regression, stereotypic hand movements and loss of "
    "speech. On examination there was microcephaly, truncal hypotonia, gait ataxia and scoliosis. No seizures so far. "
)
LETTER = (
    "Dear colleague, thank you for referring this 4-year-old girl, whom we saw with both parents. She was born at "
    "term after an uneventful pregnancy, weighed 3,200 g, and fed well. She smiled at six weeks, sat at seven "
    "months and walked with one hand held at thirteen months. By fifteen months she had about ten words. Between "
    "eighteen and twenty-four months she lost all of them, became hard to reach, and no longer used her hands to "
    "play: she began to wring and to clap them for most of the day. The parents also describe teeth grinding, "
    "nights with many hours awake and laughing, and episodes in which she breathes fast and deep for a minute while "
    "she is awake, sometimes followed by a pause. She has been constipated since infancy. There have been no "
    "seizures so far; an electroencephalogram at three years was slow, with spikes over both central regions. She "
    "was first seen elsewhere for suspected autism. On examination her head circumference was on the second "
    "centile, having been on the fiftieth at birth; height and weight were on the tenth. She looked at faces for a "
    "long time. Tone was low in the trunk and the ankles were tight. She walked on a broad base and rocked from "
    "foot to foot. There was a mild curve of the spine. Her hands and feet were cold and bluish. The heart and the "
    "abdomen were normal, the liver and the spleen were not enlarged, and there were no unusual skin marks. Vision "
    "and hearing are normal. Magnetic resonance imaging of the brain, amino acids, organic acids, lactate and a "
    "chromosome microarray were all normal. The parents are healthy and unrelated; We ask for your opinion on the "
    "likely cause and on what to test next. With kind regards, yours."
)
"""300 words, written for this purpose."""
STARTUP_WANTED, FIRST_WANTED, WHOLE_WANTED = 3.0, 3.0, 25.0
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
    parser.add_argument("--asks", type=int, default=5, help="of the letter, one after the other")
    parser.add_argument("--tokens", type=int, help="of a turn at most; by default the server's")
    parser.add_argument("--beam-tokens", type=int, help="end beams here; for weights that were never taught to end")
    parser.add_argument("--form", choices=("full", "short"), default="full")
    parser.add_argument("--ranking", choices=("list", "scored", "beam"), help="list: the turn alone, without beams")
    parser.add_argument("--threads", type=int, help="by default one for each physical core")
    parser.add_argument("--model", type=Path, help="by default the shipped one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        raredx = ["-m", "raredxr1"]
        if options.beam_tokens:
            patch = f"import raredxr1.diagnose.asking as asking; asking.BEAM_TOKENS = {options.beam_tokens}"
            raredx = ["-c", f"{patch}; from raredxr1.cli import main; main()"]
        command = [sys.executable, *raredx, "serve", "--port", "0", "--data", folder]
        command += ["--queue", str(options.clients), *(["--model", str(options.model)] if options.model else [])]
        command += ["--threads", str(options.threads)] if options.threads else []
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
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
            print(
                f"start-up {startup:.2f} s ({processor(server.pid):.1f} s of processor time); "
                f"wanted {STARTUP_WANTED:g}: {'yes' if startup < STARTUP_WANTED else 'NO'}"
            )
            wanted = {"form": options.form} | ({"max_tokens": options.tokens} if options.tokens else {})
            wanted |= {"ranking": options.ranking} if options.ranking else {}
            one_letter(port, server.pid, options.asks, wanted)
            if options.minutes:
                load(port, server.pid, options.clients, options.minutes)
            print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
        finally:
            server.terminate()
            server.wait(20)


def one_letter(port: int, pid: int, asks: int, options: dict[str, object]) -> None:
    """Ask for the letter and note when the first words of the reasoning come, and when the result."""
    firsts, wholes = [], []
    result: dict[str, Any] = {}
    before = processor(pid)
    for _ in range(asks):
        first, whole, result = streamed(port, {"note": LETTER, "options": options})
        firsts.append(first)
        wholes.append(whole)
    if not asks:
        return
    turn = next((turn["tokens"] for turn in result["turns"] if turn["role"] == "turn"), 0)
    beams = [turn["tokens"] for turn in result["turns"] if turn["role"] == "beam"]
    print(
        f"letter of {len(LETTER.split())} words ({result['timings']['prompt_tokens']} tokens), {asks} times: first "
        f"token {spread(firsts)} s, wanted {FIRST_WANTED:g}: {'yes' if max(firsts) < FIRST_WANTED else 'NO'}; whole "
        f"answer {spread(wholes)} s, wanted {WHOLE_WANTED:g}: {'yes' if max(wholes) < WHOLE_WANTED else 'NO'} "
        f"({(processor(pid) - before) / asks:.1f} s of processor time each; turn of {turn} tokens, "
        f"{len(beams)} beams of {max(beams, default=0)} at most)",
        flush=True,
    )


def spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def streamed(port: int, body: dict[str, Any]) -> tuple[float, float, dict[str, Any]]:
    """Seconds to the first token and to the result, and the result."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    started, first, kind = time.perf_counter(), 0.0, ""
    try:
        connection.request("POST", "/v1/diagnose", json.dumps(body), headers)
        answer = connection.getresponse()
        while line := answer.readline().decode().rstrip("\n"):
            while line:
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: ") and kind == "text":
                    first = first or time.perf_counter() - started
                elif line.startswith("data: ") and kind in ("result", "error"):
                    if kind == "error":
                        sys.exit(line)
                    whole = time.perf_counter() - started
                    return first or whole, whole, json.loads(line[6:])
                line = answer.readline().decode().rstrip("\n")
        sys.exit("the stream ended before the result")
    finally:
        connection.close()


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


def processor(pid: int) -> float:
    """Seconds of processor time a process has used (Linux); on a busy machine they say more than the clock."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Resident memory of a process in MiB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
