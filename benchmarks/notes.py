"""Synthetic notes and training examples a second on one core.

python benchmarks/notes.py
"""

import time
from collections.abc import Callable
from random import Random

from raredxr1.cases.notes import NoteWriter
from raredxr1.cases.patients import PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.internalize.config import Mixture
from raredxr1.internalize.corpus import KINDS, Corpus, taught_diseases
from raredxr1.knowledge import load

COUNT = 4_000


def rate(work: Callable[[int], object]) -> float:
    for i in range(200):
        work(-1 - i)
    started = time.process_time()
    for i in range(COUNT):
        work(i)
    return COUNT / (time.process_time() - started)


def main() -> None:
    kb = load()
    diseases = taught_diseases(kb, 1500)
    sampler, writer, rng = PatientSampler(kb, diseases), NoteWriter(Phrases(kb)), Random(0)
    corpus = Corpus(kb, diseases, seed=0)
    notes = rate(lambda i: writer.write(sampler.draw(diseases[i % len(diseases)], rng), rng))
    print(f"notes: {notes:,.0f} a second of CPU time")
    for kind in KINDS:
        mixture = Mixture(**{other: float(other == kind) for other in KINDS})
        print(f"examples, {kind}: {rate(lambda i, m=mixture: corpus.example(i, m)):,.0f} a second of CPU time")


if __name__ == "__main__":
    main()
