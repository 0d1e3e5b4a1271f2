"""How much faster a batch is than one note after the other: the figure that decides how long an evaluation takes.

    python benchmarks/batching.py MODEL_FOLDER [--threads N] [--tokens N] [--notes N]
    python benchmarks/batching.py --shape smollm2-135m        a random model of that shape (needs the train extra)

Writes the same turns for the same notes (of different lengths, as real ones are) one by one and in batches of growing
size, and prints tokens a second and how often faster that is. Wanted: four times at some size, on two cores. Run it on
an idle machine; keep the output as text beside this file.
"""

import argparse
import multiprocessing
import tempfile
import time
from pathlib import Path

from decoding import SENTENCE, SHAPES, make_random

from raredxr1 import dialogue
from raredxr1.diagnose import _ctranslate2
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.opening import open_engine, physical_cores

SIZES = (1, 4, 8, 16, 32, 64)
WANTED = 4.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", help="an exported folder or a bundle")
    parser.add_argument("--shape", choices=SHAPES, help="make a random int8 model of this shape instead")
    parser.add_argument("--threads", type=int, default=physical_cores())
    parser.add_argument("--tokens", type=int, default=128, help="tokens a turn, at most")
    parser.add_argument("--notes", type=int, default=64)
    options = parser.parse_args()
    if (options.model is None) == (options.shape is None):
        parser.error("name a model folder or a --shape")
    with tempfile.TemporaryDirectory() as folder:
        model = options.model
        if options.shape:
            maker = multiprocessing.get_context("spawn").Process(target=make_random, args=(options.shape, Path(folder)))
            maker.start()
            maker.join()
            model = Path(folder) / "exported"
        measure(model, options.threads, options.tokens, options.notes)


def measure(model: Path, threads: int, tokens: int, notes: int) -> None:
    engine = open_engine(model, threads)
    # A random model's tokenizer is of bytes: short notes, so that prompts have as many tokens as real ones.
    prompts = [dialogue.render_prompt(SENTENCE[: 20 + 10 * (n % 6)], "short") for n in range(notes)]
    settings = GenerationSettings(max_tokens=tokens)
    engine.generate(prompts[:1], settings)
    lengths = [engine.count(prompt) for prompt in prompts]
    print(
        f"{engine.name}, {threads} threads, {notes} notes of {min(lengths)} to {max(lengths)} tokens, at most {tokens}"
    )
    print("batch  tokens/s  times one by one")
    single = best = 0.0
    for size in SIZES:
        _ctranslate2.ROWS = size
        asked = prompts if size > 4 else prompts[:12]  # small batches take long, and their rate does not change
        started = time.perf_counter()
        written = sum(turn.tokens for turns in engine.generate(asked, settings) for turn in turns)
        rate = written / (time.perf_counter() - started)
        single = single or rate
        best = max(best, rate / single)
        print(f"{size:5d}  {rate:8.1f}  {rate / single:6.2f}", flush=True)
    print(f"best {best:.2f} times one by one; wanted {WANTED:g}: {'yes' if best >= WANTED else 'NO'}")


if __name__ == "__main__":
    main()
