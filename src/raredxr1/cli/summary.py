"""`raredx summary`: the results of a batch as one page with plots, or as a table."""

from pathlib import Path
from typing import Annotated

import typer

from raredxr1.errors import InputError


def summary(
    results: Annotated[
        Path, typer.Argument(help="Results of `raredx diagnose --batch`, or JSON lines of `--format json`.")
    ],
    out: Annotated[
        list[Path],
        typer.Option(help="A page with plots (.html), or a table (.tsv; .parquet, extra: parquet). Repeatable."),
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
) -> None:
    """Sum the results of many notes up: a page with plots and a line a note, or a table with a line a candidate."""
    from raredxr1.cli._destination import refuse_existing, write_whole
    from raredxr1.cli._errors import say
    from raredxr1.diagnose.batch import read_results
    from raredxr1.diagnose.output import tabular
    from raredxr1.diagnose.output.cohort import cohort, cohort_page
    from raredxr1.diagnose.output.parquet import write_parquet
    from raredxr1.runstore import whole

    refuse_existing(out, force)
    for path in out:
        if path.suffix.lower() not in (".html", ".tsv", ".parquet"):
            raise InputError(f"{path}: a summary is written as .html, .tsv or .parquet")
    for path in out:
        suffix = path.suffix.lower()
        if suffix == ".html":
            known = cohort(read_results(results))
            write_whole(path, cohort_page(known, results.name))
            said = f"{len(known.patients):,} notes, {len(known.failed):,} of them without a result"
        elif suffix == ".parquet":
            with whole(path, shared=True) as partial:
                said = f"{write_parquet(partial, read_results(results)):,} rows"
        else:
            table = "".join(tabular.table(read_results(results)))
            write_whole(path, table)
            said = f"{sum(not line.startswith('#') for line in table.splitlines()) - 1:,} rows"
        say(f"wrote {path}: {said}")
