"""What a corpus is like, in figures: examples and tokens by kind, variety of wording, coverage of the diseases.

Variety is distinct-n (Li et al. 2016, arXiv 1510.03055): different n-grams as a share of all n-grams. It falls as a
sample grows, so it is taken over a thousand prompts, whatever the size of the sample.

    python benchmarks/corpus_statistics.py --recipe recipes/smol/internalize.yaml [--count 2000] [--tokenizer FOLDER]
        [--coverage FILE.tsv] [settings ...]
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from raredxr1 import dialogue
from raredxr1.export.files import read_tokenizer
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.corpus import Example, make_corpus, taught_diseases
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.recipe import read_config

PROMPTS = 1000
_WORD = re.compile(r"\w+|[^\w\s]")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2000, help="examples of the recipe's last mixture")
    parser.add_argument("--tokenizer", type=Path, help="model folder whose tokens to count; else words are counted")
    parser.add_argument("--coverage", type=Path, help="write how often each disease comes up here")
    parser.add_argument("settings", nargs="*")
    options = parser.parse_args()
    config = read_config(InternalizeConfig, options.recipe, options.settings)
    kb = load(config.knowledge)
    corpus, _ = make_corpus(config, kb, taught_diseases(kb, config.diseases))
    count, unit = words, "words"
    if options.tokenizer:
        tokenizer, unit = read_tokenizer(options.tokenizer)[0], "tokens"

        def count(text: str) -> int:
            return len(tokenizer.encode(text, add_special_tokens=False).ids)

    mixture = config.phases[-1].mixture
    stats = measure((corpus.example(number, mixture) for number in range(options.count)), count)
    show(stats, unit, len(corpus.diseases))
    if options.coverage:
        options.coverage.write_text(coverage_table(stats, kb, corpus.diseases), encoding="utf-8")


@dataclass
class KindStats:
    """Of one kind of example."""

    examples: int = 0
    prompt_tokens: int = 0
    learned_tokens: int = 0
    prompts: list[str] = field(default_factory=list)
    """The user's side of the first thousand."""

    def distinct(self, n: int) -> float:
        """Distinct n-grams of words among all, over the first thousand prompts: 0 to 1."""
        return distinct(self.prompts, n)


@dataclass
class CorpusStats:
    """Of a sample of examples."""

    kinds: dict[str, KindStats]
    coverage: Counter[int]
    """Examples by disease."""
    by_kind: Counter[tuple[int, str]]
    """Examples by disease and kind."""


def measure(examples: Iterable[Example], count: Callable[[str], int]) -> CorpusStats:
    """Measure a sample.

    Args:
        examples: the sample.
        count: counts the tokens of a text.
    """
    stats = CorpusStats({}, Counter(), Counter())
    for example in examples:
        kind = stats.kinds.setdefault(example.kind, KindStats())
        kind.examples += 1
        kind.prompt_tokens += count(example.prompt)
        kind.learned_tokens += count(example.completion)
        if len(kind.prompts) < PROMPTS:
            kind.prompts.append(dialogue.note_of(example.prompt))
        if example.disease is not None:
            stats.coverage[example.disease] += 1
            stats.by_kind[example.disease, example.kind] += 1
    return stats


def distinct(texts: Sequence[str], n: int) -> float:
    """Distinct n-grams of words, as a share of all; 0 where there are none."""
    grams: set[tuple[str, ...]] = set()
    total = 0
    for text in texts:
        words = _WORD.findall(text.lower())
        several = list(zip(*(words[i:] for i in range(n)), strict=False))
        grams.update(several)
        total += len(several)
    return len(grams) / total if total else 0.0


def show(stats: CorpusStats, unit: str, diseases: int) -> None:
    """Print the figures, a row a kind."""
    table = Table("kind", "examples", f"prompt {unit}", f"learned {unit}", "distinct-1", "distinct-2", "distinct-3")
    for kind, of in sorted(stats.kinds.items()):
        prompt, learned = (f"{total / of.examples:.0f}" for total in (of.prompt_tokens, of.learned_tokens))
        table.add_row(kind, f"{of.examples:,}", prompt, learned, *(f"{of.distinct(n):.3f}" for n in (1, 2, 3)))
    Console(width=110).print(table)
    total = sum(of.prompt_tokens + of.learned_tokens for of in stats.kinds.values())
    examples, counts = sum(of.examples for of in stats.kinds.values()), sorted(stats.coverage.values())
    print(f"{total:,} {unit} in {examples:,} examples; {len(counts):,} of {diseases:,} diseases met")
    if counts:
        median = counts[len(counts) // 2]
        print(f"a disease that is met comes up {counts[0]} to {counts[-1]} times, {median} in the middle")


def coverage_table(stats: CorpusStats, kb: KnowledgeBase, diseases: Sequence[int]) -> str:
    """How often each disease comes up, by kind: tab-separated, rarest first; those never met are rows too."""
    kinds = sorted(stats.kinds)
    rows = ["\t".join(("id", "name", "all", *kinds))]
    for disease in sorted(diseases, key=lambda d: (stats.coverage[d], d)):
        counts = (stats.coverage[disease], *(stats.by_kind[disease, kind] for kind in kinds))
        rows.append("\t".join((kb.disease_ids(disease)[0], kb.disease_names[disease], *map(str, counts))))
    return "\n".join(rows) + "\n"


def words(text: str) -> int:
    """Count words and marks: tokens for want of a tokenizer."""
    return len(_WORD.findall(text))


if __name__ == "__main__":
    main()
