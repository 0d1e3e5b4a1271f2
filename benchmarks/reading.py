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
    python benchmarks/reading.py a.jsonl b.jsonl             # your own annotations, each state scored by itself
    python benchmarks/reading.py benchmarks/letters/letters.jsonl       # invented letters, annotated when written
    python benchmarks/reading.py benchmarks/annotations/case_reports.tsv --texts e3c_text.jsonl.gz

Files of annotations of one's own have one JSON object per line: `doc_id`, `text`, and `annotations`, a list of objects
with `start` and `end` (letters), `hpo` (an HPO id, or null where HPO has no term) and `state` (present,
absent, uncertain, other, hypothetical). Annotations of texts that may not be given on are a table apart (`doc_id`,
`start`, `end`, `hpo`, `state`); `--texts` is the file that has the texts. Development are the documents whose SHA-1 of
`doc_id` is odd. A term counts once per document and state; near misses (a direct parent or child of what was annotated)
are counted beside that.
"""

import argparse
import gzip
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from raredxr1.encoder.marked import with_texts
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.recognition import Recogniser

CORPORA = ("GSCplus", "ID68", "GeneReviews", "val")
OWN = (".jsonl", ".tsv")
"""Endings of files of annotations of one's own."""
Read = Callable[[str], dict[tuple[str, str], tuple[str, str]]]
"""A text to the states and ids read, each with the rule and the words it was read from."""


@dataclass
class Row:
    """One annotated text."""

    name: str
    text: str
    gold: dict[str, str]
    """HPO id -> words that were annotated as present."""
    other: dict[tuple[str, str], str] = field(default_factory=dict)
    """State and HPO id of what was annotated in another state -> words."""


@dataclass
class Score:
    """Counts over texts."""

    right: int = 0
    read: int = 0
    gold: int = 0
    seconds: float = 0.0
    words: int = 0
    near: int = 0
    """Of the wrong ones, those that are a parent or child of one that was missed."""
    by_rule: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_state: Counter[tuple[str, str]] = field(default_factory=Counter)

    def line(self) -> str:
        """Precision, recall, F1 and speed, with the counts behind them."""
        precision, recall = self.right / max(self.read, 1), self.right / max(self.gold, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        speed = self.words / max(self.seconds, 1e-9)
        counts = f"{self.right} right of {self.read} read, {self.gold} annotated; {speed:,.0f} words/s"
        return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({counts}; {self.near} near misses)"

    def state_lines(self) -> list[str]:
        """Precision and recall of each other state than present."""
        lines = []
        for state in ("absent", "uncertain", "other", "hypothetical"):
            right, wrong, gold = (self.by_state[state, what] for what in ("right", "wrong", "annotated"))
            share = f"P {right / max(right + wrong, 1):.3f}  R {right / max(gold, 1):.3f}"
            lines.append(f"    {state:<13} {share}  ({right} right of {right + wrong} read, {gold} annotated)")
        return lines


def rows(path: Path, kb: KnowledgeBase, half: str, texts: Path | None = None) -> list[Row]:
    """Read one corpus; `half` is development, held-out or all."""
    if path.suffix in OWN:
        records = (
            [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            if path.suffix == ".jsonl"
            else _joined(path, texts)
        )
        odd = [int(hashlib.sha1(record["doc_id"].encode()).hexdigest(), 16) % 2 for record in records]
        wanted = {"development": (1,), "held-out": (0,), "all": (0, 1)}[half]
        return [_standoff_row(record, kb) for record, side in zip(records, odd, strict=True) if side in wanted]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [_row(json.loads(line), kb) for line in lines]
    return {"development": found[1::2], "held-out": found[0::2], "all": found}[half]


def _joined(marks: Path, texts: Path | None) -> list[dict[str, Any]]:
    if texts is None:
        raise SystemExit(f"{marks}: --texts names the file with the texts")
    return with_texts(marks, texts)


def _row(record: dict, kb: KnowledgeBase) -> Row:  # type: ignore[type-arg]
    gold: dict[str, str] = {}
    for annotation in record["annotations"]:
        raw = annotation["raw"]
        hpo_id = kb.resolve_term(annotation["hpo"])
        if hpo_id and abnormal(hpo_id, kb) and "Neg" not in raw[4:]:
            gold.setdefault(hpo_id, raw[2] if len(raw) > 2 else raw[-1].partition("| ")[2])
    return Row(record["doc_id"], record["text"], gold)


def _standoff_row(record: dict, kb: KnowledgeBase) -> Row:  # type: ignore[type-arg]
    row = Row(record["doc_id"], record["text"], {})
    for annotation in record["annotations"]:
        hpo_id = annotation["hpo"] and kb.resolve_term(annotation["hpo"])
        if hpo_id and abnormal(hpo_id, kb):
            quote = record["text"][annotation["start"] : annotation["end"]]
            if annotation["state"] == "present":
                row.gold.setdefault(hpo_id, quote)
            else:
                row.other.setdefault((annotation["state"], hpo_id), quote)
    return row


def abnormal(hpo_id: str, kb: KnowledgeBase) -> bool:
    root = kb.term(PHENOTYPE)
    term = kb.term(hpo_id)
    return term != root and root in kb.term_ancestors[term]


def dictionary(kb: KnowledgeBase) -> Read:
    """The dictionary and its rules."""
    recogniser = Recogniser(kb)

    def read(text: str) -> dict[tuple[str, str], tuple[str, str]]:
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for mention in recogniser.find(text):
            key = (mention.assertion.value, kb.term_ids[mention.term])
            found.setdefault(key, (mention.rule, text[mention.start : mention.end]))
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

    def read(text: str) -> dict[tuple[str, str], tuple[str, str]]:
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for finding in stated_findings(text, (), names):
            found[finding.state, finding.hpo_id] = (finding.by, finding.quote)
            for place in finding.elsewhere:
                found.setdefault((place.state, finding.hpo_id), (finding.by, place.quote))
        return found

    return read


def score(corpus: Iterable[Row], read: Read, kb: KnowledgeBase, *, show: bool = False) -> Score:
    """Score one corpus, printing what is missed and wrong where asked."""
    total = Score()
    for row in corpus:
        began = time.process_time()
        everything = {key: said for key, said in read(row.text).items() if abnormal(key[1], kb)}
        total.seconds += time.process_time() - began
        total.words += len(row.text.split())
        found = {hpo_id: said for (state, hpo_id), said in everything.items() if state == "present"}
        total.right += len(found.keys() & row.gold.keys())
        total.read += len(found)
        total.gold += len(row.gold)
        missed, wrong = row.gold.keys() - found.keys(), found.keys() - row.gold.keys()
        total.near += sum(any(_near(one, other, kb) for other in missed) for one in wrong)
        total.by_rule.update((rule, i in row.gold) for i, (rule, _) in found.items())
        for key in everything:
            if key[0] != "present":
                total.by_state[key[0], "right" if key in row.other else "wrong"] += 1
        total.by_state.update((state, "annotated") for state, _ in row.other)
        if show:
            _show(row, found, everything, kb)
    return total


def _near(one: str, other: str, kb: KnowledgeBase) -> bool:
    """Whether one of two terms is a parent of the other."""
    first, second = kb.term(one), kb.term(other)
    return first in kb.term_parents[second] or second in kb.term_parents[first]


def _show(
    row: Row, found: dict[str, tuple[str, str]], everything: dict[tuple[str, str], tuple[str, str]], kb: KnowledgeBase
) -> None:
    print(row.name)
    for i in row.gold.keys() - found.keys():
        states = ", ".join(state for state, other in everything if other == i)
        print(f"  missed {i} {kb.term_name(i)} <- {row.gold[i]!r}{f' (read as {states})' if states else ''}")
    for i in found.keys() - row.gold.keys():
        states = ", ".join(state for state, other in row.other if other == i)
        by = f"({found[i][0]}{f'; annotated as {states}' if states else ''})"
        print(f"  wrong  {i} {kb.term_name(i)} <- {found[i][1]!r} {by}")


def main() -> None:
    options = argparse.ArgumentParser(description="Score the reading of findings on annotated texts.")
    options.add_argument(
        "paths", type=Path, nargs="+", help="a folder with GSCplus.jsonl.gz and others, or .jsonl or .tsv files"
    )
    options.add_argument("--texts", type=Path, help="the texts that a table of annotations is of, JSONL")
    options.add_argument("--half", choices=("development", "held-out", "all"), default="development")
    options.add_argument("--system", choices=("dictionary", "stated", "meaning"), default="dictionary")
    options.add_argument("--rules", action="store_true", help="what each rule reads, right and wrong")
    options.add_argument("--misses", nargs="*", default=[], help="corpora whose development texts to look at")
    asked = options.parse_args()
    kb = load()
    read = {"dictionary": dictionary, "stated": stated, "meaning": by_meaning}[asked.system](kb)
    read("Warm up: seizures.")
    own = [path for path in asked.paths if path.suffix in OWN]
    files = [f / f"{name}.jsonl.gz" for f in asked.paths if f not in own for name in CORPORA]
    corpora = {path.name.partition(".")[0]: [path] for path in files}
    if own:
        corpora["+".join(path.stem for path in own)] = own
    for name in asked.misses:
        score(
            [row for path in corpora[name] for row in rows(path, kb, "development", asked.texts)], read, kb, show=True
        )
    rules: Counter[tuple[str, bool]] = Counter()
    for name, paths in () if asked.misses else corpora.items():
        corpus = [row for path in paths for row in rows(path, kb, asked.half, asked.texts)]
        total = score(corpus, read, kb)
        rules.update(total.by_rule)
        print(f"{name:<12} n={len(corpus):<4} {total.line()}", flush=True)
        for line in total.state_lines() if paths is own else ():
            print(line)
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
