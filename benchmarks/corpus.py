"""How fast stage 1's data is made: dialogues and tokens a second, by kind, for the whole mixture, and by workers.

    python benchmarks/corpus.py --tokenizer CHECKPOINT [--recipe recipes/smol/internalize.yaml] [--count 2000]

Kinds are timed on one core by its CPU time, so that other work on the machine does not count; workers by the wall
clock and by their CPU time, since a GPU waits by the wall. Every kind is warmed up first: what is prepared once for
each disease is no part of the rate. Writes benchmarks/results/corpus.md.
"""

import argparse
import os
import platform
import resource
import time
from collections.abc import Callable
from pathlib import Path

from tokenizers import Tokenizer
from torch.utils.data import DataLoader

from raredxr1.internalize.config import InternalizeConfig, Mixture
from raredxr1.internalize.corpus import KINDS, Corpus, encode, make_corpus, taught_diseases
from raredxr1.internalize.train import RowStream
from raredxr1.internalize.trainer import collate
from raredxr1.knowledge import load
from raredxr1.recipe import read_config

TARGET = 5000 / 16
"""Dialogues a second and core: 5,000 on 16 cores."""
OUT = Path(__file__).parent / "results" / "corpus.md"


def main() -> None:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokenizer", type=Path, required=True, help="checkpoint folder with tokenizer.json")
    parser.add_argument("--recipe", type=Path, default=Path("recipes/smol/internalize.yaml"))
    parser.add_argument("--count", type=int, default=2000, help="dialogues a kind; rows by workers are a fourth of it")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    config = read_config(InternalizeConfig, options.recipe, [])
    kb = load(config.knowledge)
    corpus, _ = make_corpus(config, kb, taught_diseases(kb, config.diseases))
    tokenizer = Tokenizer.from_file(str(options.tokenizer / "tokenizer.json"))
    lines = [
        "# Making the data of stage 1",
        "",
        f"`python benchmarks/corpus.py --recipe {options.recipe}`, {len(corpus.diseases):,} diseases, tokenizer of "
        f"{tokenizer.get_vocab_size():,} tokens; {cpu()}, {os.cpu_count()} cores seen, load "
        f"{os.getloadavg()[0]:.1f} at the start. Wanted: {TARGET:.0f} dialogues a second and core.",
        "",
        "| kind | dialogues/s, written | written and encoded | tokens/s | tokens a dialogue | reaches it |",
        "|---|---|---|---|---|---|",
    ]
    mixture = config.phases[-1].mixture
    weights = mixture.model_dump()
    mixtures = {kind: Mixture(**{k: float(k == kind) for k in KINDS}) for kind in KINDS if weights[kind]}
    for name, one in [*mixtures.items(), ("the recipe's last mixture", mixture)]:
        lines.append(by_kind(name, one, RowStream(config, corpus, tokenizer, 0), options.count))
        print(lines[-1], flush=True)
    lines += ["", "Packed rows, as training gets them, by worker processes (each of one thread):", ""]
    lines += ["| workers | rows/s | tokens/s by the wall | tokens/s of CPU time, each |", "|---|---|---|---|"]
    for workers in (1, 2):
        lines.append(by_workers(config, corpus, tokenizer, workers, max(8, options.count // 4)))
        print(lines[-1], flush=True)
    options.out.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print(options.out)


def by_kind(name: str, mixture: Mixture, stream: RowStream, count: int) -> str:
    """Time one kind on one core."""
    corpus = stream.corpus
    encoded = [0]

    def write_and_encode(number: int) -> None:
        encoded[0] += len(encode(corpus.example(number, mixture), stream.tokenizer)[0])

    writing = rate(lambda number: corpus.example(number, mixture), count)
    encoded[0] = 0
    both = rate(write_and_encode, count, warm=False)
    tokens = encoded[0] / count
    reaches = "yes" if both >= TARGET else "no"
    return f"| {name} | {writing:,.0f} | {both:,.0f} | {both * tokens:,.0f} | {tokens:.0f} | {reaches} |"


def rate(work: Callable[[int], object], count: int, warm: bool = True) -> float:
    """Pieces of work a second of CPU time; the same numbers are done before, uncounted, to warm up."""
    for number in range(count) if warm else ():
        work(number)
    started = time.process_time()
    for number in range(count):
        work(number)
    return count / (time.process_time() - started)


def by_workers(config: InternalizeConfig, corpus: Corpus, tokenizer: Tokenizer, workers: int, rows: int) -> str:
    """Time packed rows out of worker processes."""
    stream = RowStream(config.model_copy(update={"workers": workers}), corpus, tokenizer, 0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    loader = iter(DataLoader(stream.dataset(), batch_size=1, collate_fn=collate, num_workers=workers))
    for _ in range(4 * workers):
        next(loader)
    started = time.perf_counter()
    for _ in range(rows):
        next(loader)
    seconds = time.perf_counter() - started
    del loader  # ends the workers, whose time is known then
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    made = (rows + 4 * workers) * config.row_tokens
    each = f"{made / used:,.0f}" if used else "not known"
    return f"| {workers} | {rows / seconds:,.1f} | {rows * config.row_tokens / seconds:,.0f} | {each} |"


def cpu() -> str:
    """The processor's name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
