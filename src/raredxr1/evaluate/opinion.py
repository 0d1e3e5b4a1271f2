"""A language model's second opinion on which name is right: a column of its own, never part of the figures above it.

Its agreement with the rules is printed, so that a reader sees what either is worth. Opinions are kept in
`opinions.jsonl` of the run folder and not asked for twice.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from raredxr1.diagnose.servers.client import Client
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.judging import JudgedCase
from raredxr1.evaluate.progress import bar
from raredxr1.runstore import cut_lines, whole_lines

OPINIONS = "opinions.jsonl"
SYSTEM = (
    "You compare disease names. Given the right diagnosis and a numbered list, answer with the number of the first "
    "name that means the same disease as the right diagnosis (a synonym or another spelling, not a broader, narrower "
    "or related disease), or 0 if none does. Answer with the number alone."
)
_NUMBER = re.compile(r"\d+")


class _NoAnswerError(Exception):
    """The endpoint timed out or failed: nothing was judged."""


class Judge:
    """Asks an endpoint which name is right."""

    def __init__(self, client: Client) -> None:
        """Take the endpoint."""
        self._client = client

    def opinions(self, items: Sequence[Item], judged: Sequence[JudgedCase], out: Path, quiet: bool) -> list[JudgedCase]:
        """Judge every case that has names. A case the endpoint gave no answer to is asked for again the next time."""
        path = out / OPINIONS
        held = _read(path)
        result = []
        with bar("second opinion", len(judged), 0, quiet) as advance, path.open("a", encoding="utf-8") as file:
            for item, case in zip(items, judged, strict=True):
                if case.case_id not in held:
                    try:
                        rank = self._opinion(case) if item.case and case.names else 0
                    except _NoAnswerError:  # not written down, so that it is asked for again
                        result.append(case.model_copy(update={"opinion": None}))
                        advance(1)
                        continue
                    held[case.case_id] = rank
                    file.write(json.dumps({"case_id": case.case_id, "rank": rank}) + "\n")
                    file.flush()
                result.append(case.model_copy(update={"opinion": held[case.case_id]}))
                advance(1)
        return result

    def _opinion(self, case: JudgedCase) -> int | None:
        names = "\n".join(f"{one.rank}. {one.name}" for one in case.names)
        reply = self._client.ask(SYSTEM, f"Right diagnosis: {case.gold}\n\n{names}", 0)
        number = _NUMBER.search(reply.text)
        if reply.status != "ok":
            raise _NoAnswerError
        if not number:
            return None
        rank = int(number[0])
        return rank if rank <= len(case.names) else None


def _read(path: Path) -> dict[str, int | None]:
    """Opinions given before; a line that a kill cut short is asked for again."""
    held: dict[str, int | None] = {}
    cut_lines(path)
    for line in whole_lines(path):
        row = json.loads(line)
        held[row["case_id"]] = row["rank"]
    return held
