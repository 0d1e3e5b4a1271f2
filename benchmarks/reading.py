"""How well findings are read: HPO terms stated present, against texts that people annotated.

Strict document level, as in the literature on HPO concept recognition (Groza et al. 2015, Database bav005): for each
text the set of HPO ids read as present against the set of ids annotated (denied ones left out, and everything that is
not a phenotypic abnormality, such as modes of inheritance), counted over all texts. Odd rows of each file are for
development, even ones are held out: look at the misses of the first alone, report the second.

    python benchmarks/reading.py FOLDER                      # GSCplus, ID68, GeneReviews, val in FOLDER
    python benchmarks/reading.py FOLDER --half held-out      # the rows to report
    python benchmarks/reading.py FOLDER --rules              # what each rule adds, right and wrong
    python benchmarks/reading.py FOLDER --misses ID68        # texts of development: what is missed and what is wrong
    python benchmarks/reading.py FOLDER --system stated      # what the product reads without its language model
    python benchmarks/reading.py FOLDER --system meaning     # with the sentence encoder beside the dictionary
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.assertion import Assertion
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.recognition import Recogniser

CORPORA = ("GSCplus", "ID68", "GeneReviews", "val")
Read = Callable[[str], dict[str, tuple[str, str]]]
"""A text to the ids read as present, each with the rule and the words it was read from."""


@dataclass
class Row:
    """One annotated text."""

    name: str
    text: str
    gold: dict[str, str]
    """HPO id -> words that were annotated."""


@dataclass
class Score:
    """Counts over texts."""

    right: int = 0
    read: int = 0
    gold: int = 0
    seconds: float = 0.0
    words: int = 0
    by_rule: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def line(self) -> str:
        """Precision, recall, F1 and speed, with the counts behind them."""
        precision, recall = self.right / max(self.read, 1), self.right / max(self.gold, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        speed = self.words / max(self.seconds, 1e-9)
        counts = f"{self.right} right of {self.read} read, {self.gold} annotated; {speed:,.0f} words/s"
        return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({counts})"


def rows(path: Path, kb: KnowledgeBase, half: str) -> list[Row]:
    """Read one corpus; `half` is development, held-out or all."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [_row(json.loads(line), kb) for line in lines]
    return {"development": found[1::2], "held-out": found[0::2], "all": found}[half]


def _row(record: dict, kb: KnowledgeBase) -> Row:  # type: ignore[type-arg]
    gold: dict[str, str] = {}
    for annotation in record["annotations"]:
        raw = annotation["raw"]
        hpo_id = kb.resolve_term(annotation["hpo"])
        if hpo_id and abnormal(hpo_id, kb) and "Neg" not in raw[4:]:
            gold.setdefault(hpo_id, raw[2] if len(raw) > 2 else raw[-1].partition("| ")[2])
    return Row(record["doc_id"], record["text"], gold)


def abnormal(hpo_id: str, kb: KnowledgeBase) -> bool:
    root = kb.term(PHENOTYPE)
    term = kb.term(hpo_id)
    return term != root and root in kb.term_ancestors[term]


def dictionary(kb: KnowledgeBase) -> Read:
    """The dictionary and its rules."""
    recogniser = Recogniser(kb)

    def read(text: str) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for mention in recogniser.find(text):
            if mention.assertion == Assertion.present:
                rule = str(getattr(mention, "rule", "name"))
                found.setdefault(kb.term_ids[mention.term], (rule, text[mention.start : mention.end]))
        return found

    return read


def by_meaning(kb: KnowledgeBase) -> Read:
    """What the product states with the sentence encoder and without its language model."""
    return stated(kb, by_meaning=True)


def stated(kb: KnowledgeBase, by_meaning: bool = False) -> Read:
    """What the product states without its language model."""
    from raredxr1.diagnose.names import Names
    from raredxr1.diagnose.stated import stated_findings
    from raredxr1.knowledge.linking import Linker

    names = Names(kb, Linker(kb), by_meaning=by_meaning)

    def read(text: str) -> dict[str, tuple[str, str]]:
        found = stated_findings(text, (), names)
        return {f.hpo_id: (f.by, f.quote) for f in found if f.present}

    return read


def score(corpus: Iterable[Row], read: Read, kb: KnowledgeBase, *, show: bool = False) -> Score:
    """Score one corpus, printing what is missed and wrong where asked."""
    total = Score()
    for row in corpus:
        began = time.process_time()
        found = {i: said for i, said in read(row.text).items() if abnormal(i, kb)}
        total.seconds += time.process_time() - began
        total.words += len(row.text.split())
        total.right += len(found.keys() & row.gold.keys())
        total.read += len(found)
        total.gold += len(row.gold)
        total.by_rule.update((rule, i in row.gold) for i, (rule, _) in found.items())
        if show:
            print(row.name)
            for i in row.gold.keys() - found.keys():
                print(f"  missed {i} {kb.term_name(i)} <- {row.gold[i]!r}")
            for i in found.keys() - row.gold.keys():
                print(f"  wrong  {i} {kb.term_name(i)} <- {found[i][1]!r} ({found[i][0]})")
    return total


def main() -> None:
    options = argparse.ArgumentParser(description="Score the reading of findings on annotated texts.")
    options.add_argument("folder", type=Path, help="holds GSCplus.jsonl.gz and the others")
    options.add_argument("--half", choices=("development", "held-out", "all"), default="development")
    options.add_argument("--system", choices=("dictionary", "stated", "meaning"), default="dictionary")
    options.add_argument("--rules", action="store_true", help="what each rule reads, right and wrong")
    options.add_argument("--misses", nargs="*", choices=CORPORA, default=[], help="development texts to look at")
    asked = options.parse_args()
    kb = load()
    read = {"dictionary": dictionary, "stated": stated, "meaning": by_meaning}[asked.system](kb)
    read("Warm up: seizures.")
    for name in asked.misses:
        score(rows(asked.folder / f"{name}.jsonl.gz", kb, "development"), read, kb, show=True)
    rules: Counter[tuple[str, bool]] = Counter()
    for name in () if asked.misses else CORPORA:
        corpus = rows(asked.folder / f"{name}.jsonl.gz", kb, asked.half)
        total = score(corpus, read, kb)
        rules.update(total.by_rule)
        print(f"{name:<12} n={len(corpus):<4} {total.line()}")
        if asked.rules:
            _print_rules(total.by_rule)
    if asked.rules and not asked.misses:
        print("all")
        _print_rules(rules)


def _print_rules(rules: Counter[tuple[str, bool]]) -> None:
    for rule in sorted({rule for rule, _ in rules}):
        right, wrong = rules[rule, True], rules[rule, False]
        print(f"    {rule:<24} {right:5} right {wrong:5} wrong  {right / (right + wrong):.2f}")


if __name__ == "__main__":
    main()
