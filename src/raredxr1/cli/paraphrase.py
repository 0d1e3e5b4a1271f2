"""`raredx paraphrase`: a second note for cases that come as phenotype terms."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from raredxr1.cli._destination import write_whole
from raredxr1.cli._model import KnowledgeOption
from raredxr1.errors import InputError


def paraphrase(
    cases: Annotated[Path, typer.Argument(help="Case file (JSONL, plain or gzipped).", show_default=False)],
    out: Annotated[Path, typer.Option(help="Case file to write (JSONL).")],
    register: Annotated[
        str | None, typer.Option(help="letter, discharge, shorthand, problems, report, summary or family; else drawn.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Only rows with this value, as key=value (split=dev). Repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of every choice of words.")] = 0,
    knowledge: KnowledgeOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
) -> None:
    """Tell cases that come as HPO terms a second time, as clinicians and families would: `note_paraphrased`.

    Then `raredx evaluate --note-field note_paraphrased` shows how much a system loses when the same patients are told
    in other words. Rows with a note of their own are kept as they are.
    """
    from raredxr1.cases.paraphrase import Reteller
    from raredxr1.cases.phrases import Phrases
    from raredxr1.cases.readers import RowError, read_cases
    from raredxr1.cases.registers.writer import REGISTERS, RegisterWriter
    from raredxr1.evaluate.case_set import wanted
    from raredxr1.knowledge import load

    if register is not None and register not in REGISTERS:
        raise InputError(f"--register {register}: choose from {', '.join(REGISTERS)}")
    if out.exists() and not force:
        raise InputError(f"{out}: is there already; choose another file, or --force")
    rows = [row for row in read_cases(cases) if wanted(row, where or [])]
    damaged = next((row for row in rows if isinstance(row, RowError)), None)
    if damaged:
        raise InputError(f"{damaged}; nothing was written")
    kb = load(knowledge)
    reteller = Reteller(kb, RegisterWriter(Phrases(kb)), seed, register)
    told = [reteller.retell(row) for row in rows if not isinstance(row, RowError)]
    if not told:
        raise InputError(f"no case has {' and '.join(where or [])}")
    write_whole(out, "".join(case.model_dump_json() + "\n" for case, _ in told))
    left = Counter(reason for _, reason in told if reason)
    kept = "".join(f"; {count} kept as they were: {reason}" for reason, count in sorted(left.items()))
    typer.echo(f"{out}: {len(told) - left.total()} of {len(told)} cases told again{kept}")
