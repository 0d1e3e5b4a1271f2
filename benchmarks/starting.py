"""How long the program takes from nothing: commands in processes of their own, and the first and second note in one.

    OMP_NUM_THREADS=1 python benchmarks/starting.py [--runs N]

Each command is run so many times, with compiled files in place, and the least processor time (children included) and
the least time by the clock are printed; so are the note that a process reads first and the next ones, read in the short
form by `Diagnoser`, and the web page from the start of the server to its first answer. Keep the output in
benchmarks/results with the machine and its load.
"""

import argparse
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from raredxr1.data import EXAMPLE, EXAMPLES

COMMANDS = {
    "raredx --version": ["--version"],
    "raredx diagnose --hpo": ["diagnose", "--hpo", "HP:0001250,HP:0012171,-HP:0001166", "--age", "4y"],
    "raredx diagnose note.txt": ["diagnose", "--fast", str(EXAMPLE)],
    "raredx knowledge show": ["knowledge", "show", "Rett syndrome"],
    "raredx knowledge rank": ["knowledge", "rank", "HP:0002187", "HP:0012171"],
}
NOTES = """
import sys, time
from pathlib import Path
from raredxr1 import Diagnoser
from raredxr1.diagnose.pipeline import Options
laps = [(time.process_time(), time.perf_counter())]
diagnoser = Diagnoser(options=Options(form="short", next_steps=5))
laps.append((time.process_time(), time.perf_counter()))
for path in sys.argv[1:]:
    diagnoser.diagnose(Path(path))
    laps.append((time.process_time(), time.perf_counter()))
print(*(f"{b - a:.2f} {d - c:.2f}" for (a, c), (b, d) in zip(laps, laps[1:])), sep=";")
"""


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def least(runs: int, run: Callable[[], object]) -> tuple[float, float]:
    """The least processor time of children and the least time by the clock, each of all runs."""
    taken = []
    for _ in range(runs):
        used, began = children(), time.perf_counter()
        run()
        taken.append((children() - used, time.perf_counter() - began))
    return min(one for one, _ in taken), min(one for _, one in taken)


def show_page() -> None:
    """Start the server, wait for its page, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "raredxr1", "serve", "--port", str(port), "--data", folder]
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
                    answer.read()
                break
            except urllib.error.URLError:
                time.sleep(0.02)
        server.terminate()
        server.wait()


def main() -> None:
    options = argparse.ArgumentParser(description="Time the start of the program.")
    options.add_argument("--runs", type=int, default=3, help="of each command")
    asked = options.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name, arguments in COMMANDS.items():
        command = [sys.executable, "-m", "raredxr1", *arguments]
        used, took = least(asked.runs, lambda command=command: subprocess.run(command, check=True, capture_output=True))
        print(f"{name:<32} {used:6.2f} s of processor time, {took:6.2f} s by the clock", flush=True)
    used, took = least(asked.runs, show_page)
    print(f"{'raredx serve, to its first page':<32} {used:6.2f} s of processor time, {took:6.2f} s by the clock")
    notes = [str(path) for path in (EXAMPLE, EXAMPLES / "rett_letter.txt", EXAMPLES / "marfan_note.txt")]
    runs = [
        subprocess.run([sys.executable, "-c", NOTES, *notes], check=True, capture_output=True, text=True).stdout
        for _ in range(asked.runs)
    ]
    laps = [[tuple(map(float, lap.split())) for lap in run.split(";")] for run in runs]
    for place, name in enumerate(("Diagnoser()", "its first note", "its second note", "its third note")):
        used, took = (min(run[place][i] for run in laps) for i in (0, 1))
        print(f"{name:<32} {used:6.2f} s of processor time, {took:6.2f} s by the clock")


if __name__ == "__main__":
    main()
