"""How long a note of twenty pages takes to read, and words a second of recognition and assertion, on one core.

    OMP_NUM_THREADS=1 python benchmarks/reading_speed.py [--bytes N] [--without-encoder]

The note is made of the invented letters of benchmarks/letters, one behind the other, to the length asked for (80 kB is
some twenty pages). Recognition and assertion are timed without and the whole reading with the sentence encoder, in
processor time and by the clock: the first time, after other letters were read, and the least of the two times behind,
when every word is known. Keep the output in benchmarks/results with the machine.
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


def note_of(length: int) -> tuple[str, list[str]]:
    """Letters in a row, at least so many bytes; and the letters that are not in it."""
    letters = [json.loads(line)["text"] for line in LETTERS.read_text("utf-8").splitlines()]
    count, size = 0, 0
    while size < length and count < len(letters):
        size += len(letters[count].encode()) + 2
        count += 1
    return "\n\n".join(letters[:count]), letters[count:]


def main() -> None:
    options = argparse.ArgumentParser(description="Time the reading of a long note.")
    options.add_argument("--bytes", type=int, default=80_000, help="length of the note")
    options.add_argument("--without-encoder", action="store_true", help="recognition and assertion alone")
    asked = options.parse_args()
    kb = load()
    note, others = note_of(asked.bytes)
    words = len(note.split())
    print(f"{len(note.encode()):,} bytes, {words:,} words")
    for label, by_meaning in (("dictionary, rules and assertion", False), ("with the sentence encoder", True)):
        if by_meaning and asked.without_encoder:
            continue
        names = Names(kb, Linker(kb), by_meaning=by_meaning)
        for other in others[-10:]:
            stated_findings(other, (), names)
        taken, found = [], 0
        for _ in range(3):
            began, clock = time.process_time(), time.perf_counter()
            found = len(stated_findings(note, (), names))
            taken.append((time.process_time() - began, time.perf_counter() - clock))
        for when, (seconds, elapsed) in ("first", taken[0]), ("again", min(taken[1:])):
            times = f"{seconds:.2f} s of processor time, {elapsed:.2f} s by the clock"
            print(f"{label:<32} {when} {found} terms: {times}; {words / seconds:,.0f} words/s", flush=True)


if __name__ == "__main__":
    main()
