"""How long notes of any length take, and what they cost in memory: narratives joined to so many words, in both forms.

python benchmarks/length.py CASES.jsonl.gz                        # 100, 1,000 and 10,000 words, and 200 kB
python benchmarks/length.py CASES.jsonl.gz --words 10000 --threads 2
python benchmarks/length.py CASES.jsonl.gz --refused              # every note by itself: is any refused?
"""

import argparse
import gzip
import json
import resource
import time
from pathlib import Path

from raredxr1.diagnose.limits import MAX_BYTES
from raredxr1.diagnose.model import open_model
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.pipeline import NEXT_STEPS, Options, diagnose, with_crr
from raredxr1.errors import InputError


def notes(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [str(row["note"]) for row in map(json.loads, lines) if row.get("note")]


def of_words(texts: list[str], count: int) -> str:
    """The texts joined, up to so many words; 0: as many as a note may have bytes."""
    joined = "\n\n".join(texts)
    while len(joined.encode()) < MAX_BYTES:
        joined += "\n\n" + joined
    if count:
        return " ".join(joined.split(" ")[:count])
    return joined.encode()[: MAX_BYTES - 10].decode(errors="ignore")


def main() -> None:
    options = argparse.ArgumentParser(description="Time the reading of long notes.")
    options.add_argument("cases", type=Path)
    options.add_argument("--words", type=int, nargs="*", default=[100, 1000, 10_000, 0])
    options.add_argument("--threads", type=int, default=None)
    options.add_argument("--refused", action="store_true", help="try every note by itself, in the short form")
    asked = options.parse_args()
    model, names = open_model(None, asked.threads), open_names()
    texts = notes(asked.cases)
    if asked.refused:
        refused = 0
        for text in texts:
            try:
                diagnose(text, model, names, Options(form="short"))
            except InputError as error:
                refused += 1
                print(f"refused: {error}")
        print(f"{refused} of {len(texts)} refused")
        return
    for count in asked.words:
        note = of_words(texts, count)
        for form in model.forms:
            began, cpu = time.perf_counter(), time.process_time()
            result = diagnose(note, model, names, with_crr(Options(form=form, next_steps=NEXT_STEPS), model))
            taken, cpu = time.perf_counter() - began, time.process_time() - cpu
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{len(note.split()):,} words, {form}: {taken:.1f} s ({cpu:.1f} s of CPU), {len(result.stated)} "
                f"findings, {len(result.turns)} turns, peak memory {peak:,.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
