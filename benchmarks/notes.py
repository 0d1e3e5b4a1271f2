"""Synthetic notes: how many a second on one core, and how like real ones they are.

python benchmarks/notes.py
python benchmarks/notes.py --real cupcase.jsonl.gz --real ramedis_raw.jsonl.gz --annotated ID68.jsonl.gz

Real texts are JSONL with `note`, `history` or `text`; annotated ones are the files kind `reading` learns from. Every
figure is taken over the same number of words, for variety falls as a sample grows. The classifier tells generated
from real by single sentences with numbers masked; on whole texts it is never wrong (AUC 1.00), whatever the generator.
"""

import argparse
import gzip
import json
import re
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from corpus_statistics import distinct

from raredxr1.cases.annotated import read_annotated
from raredxr1.cases.notes import Note, NoteWriter
from raredxr1.cases.patients import PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.registers.writer import REGISTERS, RegisterWriter
from raredxr1.internalize.config import Mixture
from raredxr1.internalize.corpus import KINDS, Corpus, taught_diseases
from raredxr1.knowledge import KnowledgeBase, load

COUNT = 4_000
NOTES = 1_000
WORDS = 60_000
"""Words over which variety and vocabulary are taken; a set with fewer is taken whole and says so."""
SENTENCES = 2_000
"""The classifier tells so many sentences of each set apart, or as many as there are."""
_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*|[^\w\s]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n+")


def rate(work: Callable[[int], object], count: int = COUNT) -> float:
    for i in range(200):
        work(-1 - i)
    started = time.process_time()
    for i in range(count):
        work(i)
    return count / (time.process_time() - started)


def written(kb: KnowledgeBase, diseases: list[int], count: int, seed: int = 3, **options: float) -> list[Note]:
    sampler, writer, rng = PatientSampler(kb, diseases), NoteWriter(Phrases(kb), **options), Random(seed)
    return [writer.write(sampler.draw(diseases[i % len(diseases)], rng), rng) for i in range(count)]


def registered(kb: KnowledgeBase, diseases: list[int], register: str, count: int = NOTES // 2) -> list[Note]:
    sampler, writer, rng = PatientSampler(kb, diseases), RegisterWriter(Phrases(kb)), Random(register)
    return [writer.write(sampler.draw(diseases[i % len(diseases)], rng), rng, register) for i in range(count)]


def real_texts(path: Path) -> list[str]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        rows = [json.loads(line) for line in lines]
    texts = [str(next((row[key] for key in ("note", "history", "text") if row.get(key)), "")) for row in rows]
    return [text for text in texts if len(text.split()) >= 8]


def sample(texts: Sequence[str], words: int) -> list[list[str]]:
    """Words of texts in random order, until there are so many."""
    drawn, left = [], words
    for text in Random(0).sample(list(texts), len(texts)):
        drawn.append(_WORD.findall(text)[:left])
        left -= len(drawn[-1])
        if left <= 0:
            break
    return drawn


def quartiles(values: Sequence[float]) -> str:
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.0f} ({low:.0f}-{high:.0f})"


def described(name: str, texts: Sequence[str]) -> list[str]:
    """A row: length, sentences, distinct-n, numbers and abbreviations."""
    drawn = sample(texts, WORDS)
    words = [word for text in drawn for word in text]
    plain = [word for word in words if word[0].isalnum()]
    joined = [" ".join(text) for text in drawn]
    numbers = sum(any(c.isdigit() for c in word) for word in plain) / len(plain)
    short = sum(len(word) > 1 and word.isalpha() and word.isupper() for word in plain) / len(plain)
    sentences = [len(s.split()) for text in texts for s in _SENTENCE.split(text) if s.strip()]
    return [
        name, f"{len(texts)}", quartiles([len(text.split()) for text in texts]), quartiles(sentences),
        f"{len(words):,}", *(f"{100 * distinct(joined, n):.1f}" for n in (1, 2, 3)),
        f"{100 * numbers:.1f}", f"{100 * short:.1f}",
    ]  # fmt: skip


def variety(texts: Sequence[str], words: int) -> str:
    """distinct-1, -2 and -3 over so many words, in percent."""
    drawn = [" ".join(text) for text in sample(texts, words)]
    return " / ".join(f"{100 * distinct(drawn, n):.1f}" for n in (1, 2, 3))


def overlap(of: Sequence[str], within: Sequence[str]) -> float:
    """Share of the words of some texts that stand in others too, over as many words of each."""
    known = {word.lower() for text in sample(within, WORDS) for word in text}
    words = [word.lower() for text in sample(of, WORDS) for word in text if word[0].isalpha()]
    return sum(word in known for word in words) / len(words)


def spoken(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Sentences of six to thirty words with numbers masked, and the text each is from."""
    found = [(re.sub(r"\d+", "0", s), i) for i, text in enumerate(texts) for s in _SENTENCE.split(text)]
    drawn = Random(1).sample(found, len(found))
    kept = [(s, i) for s, i in drawn if 6 <= len(s.split()) <= 30][:SENTENCES]
    return [s for s, _ in kept], [i for _, i in kept]


def classified(generated: Sequence[str], real: Sequence[str], unit: str) -> tuple[float, list[str], list[str]]:
    """AUC of a logistic regression on single sentences in five folds, no text in two of them; its strongest tells."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_score
    from sklearn.pipeline import make_pipeline

    (ours, our_texts), (theirs, their_texts) = spoken(generated), spoken(real)
    count = min(len(ours), len(theirs))
    sentences = ours[:count] + theirs[:count]
    groups = [*our_texts[:count], *(len(generated) + i for i in their_texts[:count])]
    labels = np.array([1] * count + [0] * count)
    pattern = r"(?u)\b\w+\b|[^\w\s]"
    vectors = TfidfVectorizer(
        analyzer=unit,
        ngram_range=(1, 2) if unit == "word" else (2, 4),
        min_df=3,
        sublinear_tf=True,
        token_pattern=pattern if unit == "word" else None,
    )
    model = make_pipeline(vectors, LogisticRegression(C=4, max_iter=1000))
    auc = cross_val_score(model, sentences, labels, groups=groups, cv=GroupKFold(5), scoring="roc_auc").mean()
    model.fit(sentences, labels)
    names, order = vectors.get_feature_names_out(), np.argsort(model[-1].coef_[0])
    return float(auc), [names[i] for i in order[::-1][:25]], [names[i] for i in order[:25]]


def _plain(said: str) -> str:
    return " ".join(re.sub(r"[^\w ]", " ", said.lower()).split())


def unlabelled(kb: KnowledgeBase, said: Sequence[tuple[int, str]]) -> tuple[float, float]:
    """Share of findings said neither by label nor exact synonym; and without any synonym of whatever scope."""
    exact = any_scope = 0
    for term, words in said:
        names = {_plain(kb.term_names[term])}
        words = _plain(words)
        exact += words not in names | {_plain(s.text) for s in kb.term_synonyms[term] if s.scope == "EXACT"}
        any_scope += words not in names | {_plain(s.text) for s in kb.term_synonyms[term]}
    return exact / len(said), any_scope / len(said)


def speed(kb: KnowledgeBase, diseases: list[int]) -> None:
    sampler, rng = PatientSampler(kb, diseases), Random(0)
    for share in (0.0, 1.0):
        writer = NoteWriter(Phrases(kb), 0.0, register_share=share)
        notes = rate(lambda i, w=writer: w.write(sampler.draw(diseases[i % len(diseases)], rng), rng))
        print(f"notes, none plain, register_share {share}: {notes:,.0f} a second of CPU time")
    for share in (0.0, 0.6):
        corpus = Corpus(kb, diseases, seed=0, register_share=share)
        for kind in KINDS:
            if kind != "reading":
                mixture = Mixture(**{other: float(other == kind) for other in KINDS})
                each = rate(lambda i, m=mixture, c=corpus: c.example(i, m), COUNT // 2)
                print(f"examples, {kind}, register_share {share}: {each:,.0f} a second of CPU time")


def compare(kb: KnowledgeBase, diseases: list[int], real: list[Path], annotated: list[Path]) -> None:
    notes = {
        "layouts": written(kb, diseases, NOTES, plain_share=0.0),
        "registers": written(kb, diseases, NOTES, plain_share=0.0, register_share=1.0),
    }
    for name in REGISTERS:
        notes[f"register {name}"] = registered(kb, diseases, name)
    texts = {path.name.split(".")[0]: real_texts(path) for path in (*real, *annotated)}
    sets = {name: [note.text for note in several] for name, several in notes.items()} | texts
    header = (
        "set",
        "texts",
        "words",
        "words a sentence",
        "taken over",
        "distinct-1",
        "-2",
        "-3",
        "numbers %",
        "capitals %",
    )
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    for name, several in sets.items():
        print("| " + " | ".join(described(name, several)) + " |")
    print("\nFindings said neither by label nor by an exact synonym, and by no synonym of any scope:")
    for name, several in notes.items():
        said = [(m.term, n.text[m.start : m.end]) for n in several for m in n.mentions if m.present]
        print(name, len(said), *(f"{100 * share:.1f}%" for share in unlabelled(kb, said)))
    for path in annotated:
        found = [s for d in read_annotated([path], kb).documents for s in d]
        said = [(m.term, s.text[m.start : m.end]) for s in found for m in s.mentions]
        print(path.name, len(said), *(f"{100 * share:.1f}%" for share in unlabelled(kb, said)))
    for other, several in texts.items():
        words = min(
            WORDS, *(sum(map(len, sample(some, WORDS))) for some in (several, sets["layouts"], sets["registers"]))
        )
        same = ", ".join(f"{name} {variety(sets[name], words)}" for name in ("layouts", "registers", other))
        print(f"\ndistinct-1 / -2 / -3 over {words:,} words: {same}")
    for mine in ("layouts", "registers"):
        for other in texts:
            ours, theirs = overlap(sets[mine], texts[other]), overlap(texts[other], sets[mine])
            print(f"\n{mine} against {other}: words of ours in theirs {ours:.3f}, of theirs in ours {theirs:.3f}")
            for unit in ("word", "char_wb"):
                auc, tells, misses = classified(sets[mine], texts[other], unit)
                print(f"{unit}: AUC {auc:.3f}\n  generated: {tells}\n  real: {misses}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", type=Path, action="append", default=[])
    parser.add_argument("--annotated", type=Path, action="append", default=[])
    parser.add_argument("--diseases", type=int, default=1500)
    parser.add_argument("--show", type=int, default=0, help="print so many notes instead")
    arguments = parser.parse_args()
    kb = load()
    diseases = taught_diseases(kb, arguments.diseases)
    if arguments.show:
        for note in written(kb, diseases, arguments.show, plain_share=0.0, register_share=1.0):
            print(note.text, "\n" + "=" * 80)
    elif arguments.real or arguments.annotated:
        compare(kb, diseases, arguments.real, arguments.annotated)
    else:
        speed(kb, diseases)


if __name__ == "__main__":
    main()
