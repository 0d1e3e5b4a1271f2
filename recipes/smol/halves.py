"""Half of the presentations for a ranking by words, the other half as cases for lessons that hear that ranking.

python recipes/smol/halves.py OUT      -> OUT/learned.tsv (text ranker), OUT/cases.jsonl (recipes/smol/turns.yaml)

A ranking is no fair witness of the texts it was learned from; lessons in weighing it need cases it has not seen.
"""

import csv
import json
import sys
from pathlib import Path

PRESENTATIONS = Path(__file__).parent.parent / "text_ranker" / "presentations.tsv"


def main(out: Path) -> None:
    """Write both halves: even rows to learn from, odd rows as cases."""
    out.mkdir(parents=True, exist_ok=True)
    with PRESENTATIONS.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    with (out / "learned.tsv").open("w", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in [header, *rows[::2]])
    with (out / "cases.jsonl").open("w", encoding="utf-8") as file:
        for number, (disease, text) in enumerate(rows[1::2]):
            case = {"case_id": f"presentation-{number}", "note": text, "gold": [{"id": disease, "label": ""}]}
            file.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
