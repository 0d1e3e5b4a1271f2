"""How long a note of twenty pages takes to read, and words a second of recognition and assertion, on one core.

    OMP_NUM_THREADS=1 python benchmarks/reading_speed.py [--bytes N]

The note is made of the invented letters of benchmarks/letters, one behind the other, to the length asked for (80 kB is
some twenty pages). Recognition and assertion are timed without and the whole reading with the sentence encoder, in
processor time and by the clock, after the dictionary is built. Keep the output in benchmarks/results with the machine.
"""

import argparse
import json
import time
from pathlib import Path

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.stated import stated_findings
from raredxr1.knowledge import load
from raredxr1.knowledge.linking import Linker

LETTERS = Path(__file__).parent / "letters" / "letters.jsonl"


def note_of(length: int) -> str:
    """Letters in a row, at least so many bytes."""
    parts: list[str] = []
    size = 0
    for line in LETTERS.read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        parts.append(text)
        size += len(text.encode()) + 2
        if size >= length:
            break
    return "\n\n".join(parts)


def main() -> None:
    options = argparse.ArgumentParser(description="Time the reading of a long note.")
    options.add_argument("--bytes", type=int, default=80_000, help="length of the note")
    asked = options.parse_args()
    kb = load()
    note = note_of(asked.bytes)
    words = len(note.split())
    for label, by_meaning in (("dictionary, rules and assertion", False), ("with the sentence encoder", True)):
        names = Names(kb, Linker(kb), by_meaning=by_meaning)
        stated_findings("Seizures and ataxia. No scoliosis.", (), names)
        began, clock = time.process_time(), time.perf_counter()
        found = stated_findings(note, (), names)
        seconds, elapsed = time.process_time() - began, time.perf_counter() - clock
        size = f"{len(note.encode()):,} bytes, {words:,} words, {len(found)} terms"
        times = f"{seconds:.1f} s of processor time, {elapsed:.1f} s by the clock"
        print(f"{label:<33} {size}: {times}; {words / seconds:,.0f} words/s")


if __name__ == "__main__":
    main()
