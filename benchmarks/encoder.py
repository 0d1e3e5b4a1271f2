"""The encoder: does it find the right term of marked phrases, and how fast does it read.

    python benchmarks/encoder.py FOLDER                    # GSCplus, ID68, GeneReviews, val in FOLDER: linking
    python benchmarks/encoder.py FOLDER --half held-out    # the rows to report
    python benchmarks/encoder.py FOLDER --speed            # a note of 300 words, one of 200 kB; memory
    python benchmarks/encoder.py FOLDER --encoder OTHER    # of another encoder folder than the shipped one

Linking is given the phrases people marked (a phrase that occurs twice counts twice) and is right where the term is the
one they gave. Reading of whole texts is measured by `benchmarks/reading.py --system stated`.
"""

import argparse
import gzip
import json
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.extraction.encoder_model import DEFAULT_FOLDER, EncoderModel
from raredxr1.knowledge.extraction.phrase_linker import PhraseLinker
from raredxr1.knowledge.extraction.reader import FindingReader
from raredxr1.knowledge.linking import PHENOTYPE, Linker

CORPORA = ("GSCplus", "ID68", "GeneReviews", "val")
Link = Callable[[Sequence[str]], list[list[str]]]
"""Phrases to HPO ids, likeliest first."""


def marked(path: Path, kb: KnowledgeBase, half: str) -> list[tuple[str, str]]:
    """Phrases with their ids; `half` is development, held-out or all."""
    root, found = kb.term(PHENOTYPE), list[tuple[str, str]]()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in {"development": rows[1::2], "held-out": rows[0::2], "all": rows}[half]:
        for annotation in row["annotations"]:
            raw, hpo_id = annotation["raw"], kb.resolve_term(annotation["hpo"])
            if hpo_id and root in kb.term_ancestors[kb.term(hpo_id)] and kb.term(hpo_id) != root:
                found.append((raw[2] if len(raw) > 2 else raw[-1].partition("| ")[2], hpo_id))
    return found


def by_string(kb: KnowledgeBase) -> Link:
    """The linker of names and misspellings."""
    linker = Linker(kb)
    return lambda phrases: [[link.id] if (link := linker.term(phrase)) else [] for phrase in phrases]


def by_meaning(kb: KnowledgeBase, folder: Path) -> Link:
    """The encoder's linker."""
    linker = PhraseLinker(EncoderModel(folder))
    return lambda phrases: [
        [current for match in matches if (current := kb.resolve_term(match.hpo_id))] for matches in linker.link(phrases)
    ]


def report_linking(folder: Path, half: str, kb: KnowledgeBase, systems: dict[str, Link]) -> None:
    """Shares of phrases whose term comes first, and among five."""
    for corpus in CORPORA:
        pairs = marked(folder / f"{corpus}.jsonl.gz", kb, half)
        for name, link in systems.items():
            found = link([phrase for phrase, _ in pairs])
            first = sum(ids[:1] == [right] for ids, (_, right) in zip(found, pairs, strict=True)) / len(pairs)
            five = sum(right in ids[:5] for ids, (_, right) in zip(found, pairs, strict=True)) / len(pairs)
            print(f"{corpus:<12} n={len(pairs):<5} {name:<8} first {first:.3f}  among five {five:.3f}")


def report_speed(folder: Path, encoder: Path) -> None:
    """Seconds to open, for 300 words and for 200 kB of the texts; processor seconds beside."""
    with gzip.open(folder / "ID68.jsonl.gz", "rt", encoding="utf-8") as lines:
        text = "\n\n".join(json.loads(line)["text"] for line in lines)
    long = (text * (200_000 // len(text) + 1))[:200_000]
    reader = FindingReader(EncoderModel(encoder))
    for name, note in (("opening", "Seizures."), ("300 words", " ".join(text.split()[:300])), ("200 kB", long)):
        wall, cpu = time.perf_counter(), time.process_time()
        found = reader.read(note)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"{name:<10} {wall:7.2f} s wall  {cpu:7.2f} s processor  {len(found)} findings")
    print(f"memory of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")


def main() -> None:
    options = argparse.ArgumentParser(description="Measure the encoder.")
    options.add_argument("folder", type=Path, help="holds GSCplus.jsonl.gz and the others")
    options.add_argument("--half", choices=("development", "held-out", "all"), default="development")
    options.add_argument("--encoder", type=Path, default=DEFAULT_FOLDER)
    options.add_argument("--speed", action="store_true")
    asked = options.parse_args()
    if asked.speed:
        report_speed(asked.folder, asked.encoder)
        return
    kb = load()
    report_linking(asked.folder, asked.half, kb, {"string": by_string(kb), "meaning": by_meaning(kb, asked.encoder)})


if __name__ == "__main__":
    main()
