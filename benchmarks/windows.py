"""How well a model reads in windows: its quotes, its terms, alone and beside the dictionary, and its speed.

    raredx train turns ... && raredx export model work/smol/turns work/smol/served --reads windows
    python benchmarks/windows.py read work/smol/served FILE.jsonl.gz --out read.jsonl [--half held-out] [--limit 30]
    python benchmarks/windows.py score read.jsonl [more.jsonl ...]

`read` writes a line a text: what was marked, what the dictionary read as present, and every line that the model wrote,
with whether its quote stands in the window and how sure the model was of it (the mean log-probability of its tokens).
`score` gives, over the texts of all files: quotes that stand in their window word for word, before any mending;
precision and recall of HPO terms stated present, strict, a set for each text (Groza et al. 2015); and what the model
adds to the dictionary at several thresholds of sureness, by its own terms, by the terms that the names in the knowledge
base give its quotes, and by those that the sentence encoder finds nearest to them. Halves: rows by number as in
benchmarks/reading.py; a file whose annotations have states is halved by the hash of doc_id (even: held out).
"""

import argparse
import gzip
import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from raredxr1 import dialogue
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.opening import open_engine
from raredxr1.diagnose.reading import SHORT_TURN, SHORT_WINDOW, SURE, count_words
from raredxr1.diagnose.windows import windows
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.assertion import Assertion, assertions
from raredxr1.knowledge.extraction.encoder_model import shipped
from raredxr1.knowledge.extraction.phrase_linker import PhraseLinker
from raredxr1.knowledge.linking import PHENOTYPE, Linker
from raredxr1.knowledge.recognition import Recogniser

THRESHOLDS = (-9.0, -0.5, -0.3, -0.2, -0.15, -0.1, -0.07, -0.05)


def documents(path: Path, half: str, kb: KnowledgeBase) -> Iterator[tuple[str, str, list[str]]]:
    """Texts of a half, with the ids of what is marked as present."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:  # type: ignore[operator]
        rows: list[Any] = [json.loads(line) for line in file]
    for number, row in enumerate(rows):
        stated = all("state" in a for a in row["annotations"])
        even = int(hashlib.sha1(row["doc_id"].encode()).hexdigest(), 16) % 2 == 0 if stated else number % 2 == 0
        if half == "all" or even == (half == "held-out"):
            yield row["doc_id"], row["text"], sorted(set(_present(row["annotations"], kb)))


def _present(annotations: list[Any], kb: KnowledgeBase) -> Iterator[str]:
    for one in annotations:
        denied = one["state"] != "present" if "state" in one else "Neg" in one["raw"][4:]
        hpo_id = kb.resolve_term(one["hpo"]) if one["hpo"] else None
        if hpo_id and not denied and abnormal(hpo_id, kb):
            yield hpo_id


def abnormal(hpo_id: str, kb: KnowledgeBase) -> bool:
    """Whether a term is a phenotypic abnormality, and not their root."""
    root, term = kb.term(PHENOTYPE), kb.term(hpo_id)
    return term != root and root in kb.term_ancestors[term]


def read(model: Path, path: Path, half: str, limit: int | None, out: Path, threads: int) -> None:
    """Read the texts of a file and write what was read."""
    kb = load()
    engine, recogniser, linker = open_engine(model, threads), Recogniser(kb), Linker(kb)
    phrases = PhraseLinker(shipped())
    with out.open("w", encoding="utf-8") as file:
        for doc, text, gold in list(documents(path, half, kb))[:limit]:
            spans = [s for s in windows(text, SHORT_WINDOW, count_words) if text[s.start : s.end].strip()]
            prompts = [dialogue.render_reading_prompt(text[s.start : s.end]) for s in spans]
            began, spent = time.monotonic(), time.process_time()
            written = [turns[0] for turns in engine.generate(prompts, GenerationSettings(max_tokens=SHORT_TURN))]
            seconds, spent = time.monotonic() - began, time.process_time() - spent
            lines = []
            for span, prompt, turn in zip(spans, prompts, written, strict=True):
                window = text[span.start : span.end]
                log_probs = _sureness(engine, prompt, turn.text)
                for line, sure in zip(turn.text.split("\n"), log_probs, strict=True):
                    lines.append(_line(line, window, text, span.start, sure, linker))
            _link_by_meaning(lines, text, phrases)
            named = {kb.term_ids[m.term] for m in recogniser.find(text) if m.assertion == Assertion.present}
            row = {"doc": doc, "gold": gold, "dictionary": sorted(i for i in named if abnormal(i, kb)), "lines": lines}
            row |= {"words": len(text.split()), "seconds": round(seconds, 3), "processor_seconds": round(spent, 3)}
            file.write(json.dumps(row) + "\n")
            file.flush()


def _link_by_meaning(lines: list[dict[str, Any]], text: str, phrases: PhraseLinker) -> None:
    found = [line for line in lines if line["kind"] == "finding"]
    quotes = [" ".join(text[line["start"] : line["end"]].split()) for line in found]
    for line, near in zip(found, phrases.link(quotes, most=1), strict=True):
        sure = near and near[0].probability >= SURE
        line["near"] = near[0].hpo_id if sure else None


def _sureness(engine: Any, prompt: str, text: str) -> list[float]:
    """The mean log-probability of the tokens of each line."""
    lines, found, before = text.split("\n"), [], ""
    scores = engine.score(prompt, text) if text else []
    for number, line in enumerate(lines):
        start = len(engine.encode(before))
        before += line + ("\n" if number + 1 < len(lines) else "")
        own = scores[start : len(engine.encode(before))]
        found.append(sum(own) / len(own) if own else -99.0)
    return found


def _line(line: str, window: str, text: str, offset: int, sure: float, linker: Linker) -> dict[str, Any]:
    """One line as it was written: of which kind, what it quotes and means."""
    if line.strip() == dialogue.NOTHING:
        return {"kind": "none"}
    findings, problems = dialogue.parse_reading(line, window)
    if not findings:
        return {"kind": problems[0].kind.value if problems else "empty", "sure": round(sure, 4)}
    (finding,) = findings
    assert finding.span is not None, "a finding that is read back has its place"
    start, end = finding.span.start + offset, finding.span.end + offset
    term, quoted = linker.term(finding.term), linker.term(finding.quote)
    return {
        "kind": "finding",
        "sure": round(sure, 4),
        "verbatim": text[start:end] == finding.quote,
        "present": finding.present,
        "stated": assertions(text, [(start, end)])[0].value,
        "start": start,
        "end": end,
        "term": term.id if term else None,
        "by_name": quoted.id if quoted else None,
    }


def score(paths: list[Path]) -> None:
    """Print the figures of what was read."""
    kb = load()
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [line for row in rows for line in row["lines"] if line["kind"] not in ("none", "empty")]
    quotes = [line for line in lines if line["kind"] in ("finding", "quote_not_in_note")]
    verbatim = sum(bool(line.get("verbatim")) for line in quotes)
    words, seconds = sum(row["words"] for row in rows), sum(row["seconds"] for row in rows)
    print(f"{len(rows)} texts, {words} words; {300 * seconds / max(words, 1):.1f} s for 300 words")
    print(
        f"{len(quotes)} quotes, {verbatim / max(len(quotes), 1):.3f} verbatim; {len(lines) - len(quotes)} lines unread"
    )
    agreed = [line["stated"] == ("present" if line["present"] else "absent") for line in quotes if "stated" in line]
    print(f"states as the assertion engine has them: {sum(agreed) / max(len(agreed), 1):.3f}")
    gold = [set(row["gold"]) for row in rows]
    named = [set(row["dictionary"]) for row in rows]
    _print("dictionary", named, gold)
    for key in ("term", "by_name", "near"):
        for least in THRESHOLDS:
            own = [_terms(row, key, least, kb) for row in rows]
            _print(f"{key:7} >= {least:5} alone", own, gold)
            both = [a | b for a, b in zip(named, own, strict=True)]
            added = [b - a for a, b in zip(named, own, strict=True)]
            _print(f"{key:7} >= {least:5} beside", both, gold, added)


def _terms(row: Any, key: str, least: float, kb: KnowledgeBase) -> set[str]:
    """Terms of the findings that are stated present by the assertion engine, which decides states in use, too."""
    return {
        line[key]
        for line in row["lines"]
        if line["kind"] == "finding" and line["sure"] >= least and line["stated"] == "present"
        if line[key] and abnormal(line[key], kb)
    }


def _print(name: str, read: list[set[str]], gold: list[set[str]], added: list[set[str]] | None = None) -> None:
    right = sum(len(a & b) for a, b in zip(read, gold, strict=True))
    p, r = right / max(sum(map(len, read)), 1), right / max(sum(map(len, gold)), 1)
    more = ""
    if added is not None:
        new = sum(len(a & b) for a, b in zip(added, gold, strict=True))
        more = f"  adds {sum(map(len, added))}, {new} right"
    print(f"{name:28} P {p:.3f}  R {r:.3f}  F1 {2 * p * r / max(p + r, 1e-9):.3f}{more}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure reading in windows.")
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("read")
    reading.add_argument("model", type=Path)
    reading.add_argument("file", type=Path)
    reading.add_argument("--out", type=Path, required=True)
    reading.add_argument("--half", choices=("development", "held-out", "all"), default="held-out")
    reading.add_argument("--limit", type=int)
    reading.add_argument("--threads", type=int, default=1)
    commands.add_parser("score").add_argument("files", type=Path, nargs="+")
    asked = parser.parse_args()
    if asked.command == "read":
        read(asked.model, asked.file, asked.half, asked.limit, asked.out, asked.threads)
    else:
        score(asked.files)


if __name__ == "__main__":
    main()
