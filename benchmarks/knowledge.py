"""Speed, memory and accuracy of the knowledge base: opening, linking, ranking. Run by hand; results are kept as text.

    python benchmarks/knowledge.py --out benchmarks/results/knowledge.md [--cases FILE[:SPLIT] ...]

Times are CPU seconds of one core, so that other work on the machine disturbs them little. `--cases` adds recall tables
for case files (JSONL, see docs); their true HPO terms are given to the rankings, with and without the excluded ones.
Left out on purpose: anything that needs a model.
"""

import argparse
import platform
import random
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from raredxr1.cases.readers import RowError, read_cases
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.likelihood import LikelihoodScorer, rank_likelihood
from raredxr1.knowledge.linking import Linker
from raredxr1.knowledge.name_index import NameIndex
from raredxr1.knowledge.similarity import SimilarityScorer, rank_resnik
from raredxr1.schemas import Case

LOOKUPS, QUERIES, SEED = 20_000, 300, 7

STEPS = {
    "open the artifact, read all names": "kb.disease_names, kb.term_names, kb.term_synonyms",
    "link a disease name": "Linker(kb).disease('Rett syndrome')",
    "link a misspelt disease name": "Linker(kb).disease('Duchene muscular dystrophy')",
    "link a finding": "Linker(kb).term('Seizures')",
    "link a misspelt finding": "Linker(kb).term('hypertelorisim')",
    "rank by likelihood": "rank_likelihood(kb, [kb.term('HP:0001250'), kb.term('HP:0012171')])",
    "all of it": "(l := Linker(kb)).disease('Duchene muscular dystrophy'), l.term('hypertelorisim'), "
    "rank_likelihood(kb, [kb.term('HP:0001250')]), rank_resnik(kb, [kb.term('HP:0001250')]), kb.annotations(5)",
}


def fresh(step: str) -> tuple[float, float]:
    """Do something in a new process; CPU seconds beyond the imports, and peak resident MB."""
    code = (
        "import resource, time\n"
        "from raredxr1.knowledge import load\n"
        "from raredxr1.knowledge.linking import Linker\n"
        "from raredxr1.knowledge.likelihood import rank_likelihood\n"
        "from raredxr1.knowledge.similarity import rank_resnik\n"
        f"start = time.process_time()\nkb = load()\n{step}\n"
        "print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    runs = [
        [
            float(word)
            for word in subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.split()
        ]
        for _ in range(5)
    ]
    return min(run[0] for run in runs), max(run[1] for run in runs)


def misspell(name: str, rng: random.Random, errors: int = 1) -> str:
    """Change, drop, add or exchange letters."""
    letters = list(name)
    for _ in range(errors):
        place = rng.choice([i for i, c in enumerate(letters) if c.isalpha()] or [0])
        kind = rng.randrange(4)
        if kind == 0:
            letters[place] = rng.choice(string.ascii_lowercase)
        elif kind == 1:
            del letters[place]
        elif kind == 2:
            letters.insert(place, rng.choice(string.ascii_lowercase))
        elif place + 1 < len(letters):
            letters[place : place + 2] = letters[place + 1], letters[place]
    return "".join(letters)


def without_a_word(name: str, rng: random.Random, errors: int = 1) -> str:
    """Drop a word."""
    words = name.split()
    if len(words) > 1:
        del words[rng.randrange(len(words))]
    return " ".join(words)


def lookup_speed(linker: Linker) -> list[str]:
    """Names looked up a minute: a quarter each as written, reordered, misspelt, unknown."""
    kb, rng = linker.kb, random.Random(SEED)
    rows = ["| names | lookups/min | found |", "|---|---:|---:|"]
    texts = {"disease": kb.record_names, "term": [*kb.term_names, *(s.text for row in kb.term_synonyms for s in row)]}
    for kind, link in (("disease", linker.disease), ("term", linker.term)):
        queries = []
        for number in range(LOOKUPS):
            name = rng.choice(texts[kind])
            words = name.split()
            rng.shuffle(words)
            unknown = " ".join(rng.choice(rng.choice(texts[kind]).split()) for _ in words)
            queries.append([name, " ".join(words), misspell(name, rng), unknown][number % 4])
        link(queries[2])
        start = time.process_time()
        found = sum(link(query) is not None for query in queries)
        rate = LOOKUPS / (time.process_time() - start) * 60
        rows.append(f"| {kind} | {rate:,.0f} | {found / LOOKUPS:.0%} |")
    return rows


def linking_precision(linker: Linker) -> list[str]:
    """Perturb names of one half of the diseases (terms), indexed; ask also for the other half, not indexed."""
    rows = [
        "| names | perturbed by | asked | found as another spelling | linked fuzzily | right |",
        "|---|---|---:|---:|---:|---:|",
    ]
    changes: list[tuple[str, bool, Callable[[str, random.Random, int], str], int]] = [
        ("one wrong letter", True, misspell, 1),
        ("two wrong letters", True, misspell, 2),
        ("one word left out", True, without_a_word, 1),
        ("nothing, but not indexed", False, misspell, 0),
        ("one wrong letter, and not indexed", False, misspell, 1),
    ]
    for kind, entries in (("diseases", [*linker._disease_entries()]), ("terms", [*linker._term_entries()])):
        rng = random.Random(SEED)
        targets = sorted({target for _, target, _ in entries})
        indexed = set(rng.sample(targets, len(targets) // 2))
        index = NameIndex(entry for entry in entries if entry[1] in indexed)
        for label, inside, change, errors in changes:
            asked = [e for e in entries if (e[1] in indexed) == inside]
            asked = rng.sample(asked, min(6000, len(asked)))
            other = fuzzy = right = 0
            for name, target, _ in asked:
                text = change(name, rng, errors)
                if index.find(text):
                    other += 1
                elif match := index.find_misspelt(text):
                    fuzzy += 1
                    right += match.targets == {target}
            share = f"{right / fuzzy:.2%}" if inside else "none can be"
            rows.append(f"| {kind} | {label} | {len(asked):,} | {other:,} | {fuzzy:,} | {share} |")
    return rows


def queries(kb: KnowledgeBase, diseases: list[int]) -> list[tuple[list[int], list[int]]]:
    """Eight present and two absent findings of a disease."""
    rng = random.Random(SEED)
    found = []
    for _ in range(QUERIES):
        own = list(kb.frequencies[rng.choice(diseases)])
        found.append((rng.sample(own, min(8, len(own))), rng.sample(own, min(2, len(own)))))
    return found


def ranking_speed(kb: KnowledgeBase) -> list[str]:
    """CPU time a query, the first time a term is met and later."""
    rows = ["| scorer | diseases | first time | later |", "|---|---:|---:|---:|"]
    everything = list(range(len(kb.disease_records)))
    some = sorted(random.Random(SEED).sample(everything, 1500))
    for name, scorer in (("likelihood", LikelihoodScorer), ("Resnik", SimilarityScorer)):
        for diseases in (everything, some):
            asked = queries(kb, diseases)
            scores = scorer(kb, np.array(diseases), 2**30).scores
            times = []
            for _ in range(2):
                start = time.process_time()
                for present, absent in asked:
                    scores(present, absent)
                times.append((time.process_time() - start) / len(asked))
            rows.append(f"| {name} | {len(diseases):,} | {times[0] * 1e3:.2f} ms | {times[1] * 1e6:.0f} us |")
    for label, rank in (("rank_likelihood", rank_likelihood), ("rank_resnik", rank_resnik)):
        asked = queries(kb, everything)
        rank(kb, *asked[0])
        start = time.process_time()
        for present, absent in asked:
            rank(kb, present, absent)
        rows.append(
            f"| {label}, sorted | {len(everything):,} | {(time.process_time() - start) / len(asked) * 1e3:.2f} ms | |"
        )
    return rows


def cases(source: str) -> Iterator[Case]:
    """Read a case file, or one split of it (FILE:SPLIT); a row that cannot be read ends the benchmark."""
    path, _, split = source.partition(":")
    for case in read_cases(Path(path)):
        if isinstance(case, RowError):
            sys.exit(str(case))
        if not split or (case.model_extra or {}).get("split") == split:
            yield case


def recall(kb: KnowledgeBase, sources: list[str]) -> list[str]:
    """Recall of both rankings given the true terms; a gold disease with several ids counts at its best place."""
    rows = [
        "| cases | n | ranking | top-1 | top-3 | top-10 | top-1 / top-10, each disease weighing the same |",
        "|---|---:|---|---:|---:|---:|---:|",
    ]
    likelihood, resnik = LikelihoodScorer(kb, cache_bytes=2**30), SimilarityScorer(kb, cache_bytes=2**30)
    for source in sources:
        places: dict[str, list[int]] = {"Resnik": [], "likelihood": [], "likelihood, with excluded findings": []}
        golds = []
        for case in cases(source):
            gold = sorted({d for name in case.gold if name.id and (d := kb.disease(name.id)) is not None})
            present, absent = ([kb.term(i) for i in ids] for ids in (case.hpo_observed, case.hpo_excluded))
            golds.append(tuple(gold))
            for label, scores in zip(
                places,
                (resnik.scores(present), likelihood.scores(present), likelihood.scores(present, absent)),
                strict=True,
            ):
                order = np.argsort(-scores, kind="stable")
                places[label].append(int(np.flatnonzero(np.isin(order, gold))[0]) + 1 if gold else len(order) + 1)
        weights = np.array([1 / golds.count(gold) for gold in golds])
        name = Path(source.partition(":")[0]).name.split(".")[0] + " " + source.partition(":")[2]
        for label, ranks in places.items():
            hits = {k: np.array(ranks) <= k for k in (1, 3, 10)}
            row = " | ".join(f"{100 * hits[k].mean():.1f}" for k in (1, 3, 10))
            even = " / ".join(f"{100 * np.average(hits[k], weights=weights):.1f}" for k in (1, 10))
            rows.append(f"| {name.strip()} | {len(ranks):,} | {label} | {row} | {even} |")
    return rows


def machine() -> str:
    """Name the processor and the software."""
    info = Path("/proc/cpuinfo")
    models = (
        [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.exists()
        else []
    )
    processor = f"{len(models)} x {models[0]}" if models else platform.processor() or platform.machine()
    return f"{processor}, Python {platform.python_version()}, numpy {np.__version__}"


def main() -> None:
    """Measure, print, and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="markdown file to write")
    parser.add_argument("--cases", nargs="*", default=[], help="case files, FILE or FILE:SPLIT")
    parser.add_argument(
        "--knowledge", type=Path, help="knowledge base for the recall tables; the shipped one by default"
    )
    options = parser.parse_args()
    kb = load()
    linker = Linker(kb)
    lines = ["# Knowledge base: speed, memory, accuracy", "", f"{machine()}; one core; {kb.version}.", ""]
    lines += ["## A new process", "", "| what it does | CPU s | peak MB |", "|---|---:|---:|"]
    for label, step in STEPS.items():
        seconds, megabytes = fresh(step)
        lines.append(f"| {label} | {seconds:.2f} | {megabytes:.0f} |")
    lines += ["", "## Linking", "", *lookup_speed(linker), "", *linking_precision(linker)]
    lines += ["", "## Ranking", "", *ranking_speed(kb)]
    if options.cases:
        ranked = load(options.knowledge)
        count = f"{len(ranked.disease_records):,} candidate diseases, {ranked.version}"
        lines += ["", f"Recall given the true terms; {count}:", "", *recall(ranked, options.cases)]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
