"""What a corpus is like, in figures: examples and tokens by kind, variety of wording, coverage of the diseases.

Variety is distinct-n (Li et al. 2016, arXiv 1510.03055): different n-grams as a share of all n-grams. It falls as a
sample grows, so it is taken over a thousand prompts, whatever the size of the sample.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from raredxr1 import dialogue
from raredxr1.internalize.corpus import Example
from raredxr1.knowledge import KnowledgeBase

PROMPTS = 1000
_WORD = re.compile(r"\w+|[^\w\s]")


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
