"""How a model weighs evidence: is its raw turn sound, and does its order find more than the fusion it is given?

    raredx train turns ... && raredx export model work/smol/turns work/smol/served --reads evidence
    python benchmarks/weighing.py work/smol/served CASES[,split=dev][,limit=N] ... --out benchmarks/results/weighing.md

Each case is read and ranked as in use; the model weighs the first six candidates freely (no grammar), greedily. Given
are: turns that are sound as written, before anything is mended (`weighing_attempts.unsound` names every fault); the
right disease at the first place and among the first three, by the fusion and by the model, over the same cases, with
how many only one of them has first; seconds and tokens. Cases are dev sets and are not trained on.
"""

import argparse
import time
from collections import Counter
from pathlib import Path

from weighing_attempts import unsound

from raredxr1 import dialogue
from raredxr1.diagnose.calibration import CALIBRATION_FILE, read_fitted
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.model import SHIPPED
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.opening import open_engine
from raredxr1.evaluate.case_set import Item, Selection, open_cases
from raredxr1.evaluate.matcher import Matcher
from raredxr1.reflect.weighing import WeighingLessons

TOKENS = 400
AT_ONCE = 8


def cases(said: str, matcher: Matcher) -> list[Item]:
    """The cases of a file, `limit` of them drawn by seed 0."""
    path, *conditions = said.split(",")
    limit = next((int(c[6:]) for c in conditions if c.startswith("limit=")), None)
    where = tuple(c for c in conditions if not c.startswith("limit="))
    return [i for i in open_cases([Path(path)], matcher.kb, Selection(where=where, limit=limit)).items if i.case]


def main() -> None:
    """Ask, judge, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("cases", nargs="+")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    names = open_names()
    matcher = Matcher(names.kb, names.linker)
    weighing = WeighingLessons(names, read_fitted(SHIPPED / CALIBRATION_FILE))
    engine = open_engine(asked.model)
    lines = [
        "| set | n | sound as written | first: fusion / model | first three | only the fusion first / only the model |",
        "|---|---:|---:|---|---|---|",
    ]
    faults: Counter[str] = Counter()
    seconds, tokens = 0.0, 0
    for said in asked.cases:
        items = cases(said, matcher)
        sound, n, only = 0, 0, [0, 0]
        found = {"fusion": [0, 0], "model": [0, 0]}
        before = [(item, weighing.evidence(item.note)) for item in items]
        before = [(item, one) for item, one in before if len(one.candidates) > 1 and one.findings]
        for start in range(0, len(before), AT_ONCE):
            part = before[start : start + AT_ONCE]
            prompts = [one.prompt() for _, one in part]
            began = time.perf_counter()
            written = engine.generate(prompts, GenerationSettings(max_tokens=TOKENS))
            seconds += time.perf_counter() - began
            for (item, one), prompt, (turn,) in zip(part, prompts, written, strict=True):
                n += 1
                tokens += turn.tokens
                wrong = unsound(turn.text, prompt)
                sound += not wrong
                faults.update(reason.partition(":")[0] for reason in wrong)
                gold = matcher.gold(item.case.gold) if item.case else None
                assert gold is not None
                listed = {
                    "fusion": [c.name for c in one.candidates],
                    "model": [c.name for c in dialogue.parse(one.begun() + turn.text, item.note).answer],
                }
                places = {}
                for who, order in listed.items():
                    right = [i for i, name in enumerate(order, 1) if matcher.judge(name, gold).level == "strict"]
                    places[who] = right[0] if right else 99
                    found[who][0] += places[who] == 1
                    found[who][1] += places[who] <= 3
                only[0] += places["fusion"] == 1 < places["model"]
                only[1] += places["model"] == 1 < places["fusion"]
        cells = [f"{100 * found['fusion'][k] / n:.1f} / {100 * found['model'][k] / n:.1f}" for k in (0, 1)]
        lines.append(f"| {Path(said).name} | {n} | {sound / n:.1%} | {cells[0]} | {cells[1]} | {only[0]} / {only[1]} |")
        print(lines[-1], flush=True)
    lines += ["", f"{tokens / seconds:.0f} tokens/s, {AT_ONCE} at once. Faults: {dict(faults.most_common())}"]
    print("\n".join(lines))
    if asked.out:
        asked.out.write_text("# Weighing evidence\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
