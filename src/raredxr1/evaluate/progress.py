"""How far a run is: cases done, cases a second, time left; on standard error, and only where someone looks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text


class Rate(ProgressColumn):
    """Cases a second, or seconds a case where they are slow."""

    def render(self, task: Task) -> Text:
        """Write it."""
        speed = task.speed or 0.0
        if not speed:
            return Text("-- cases/s")
        return Text(f"{speed:.1f} cases/s" if speed >= 1 else f"{1 / speed:.1f} s/case")


@contextmanager
def bar(title: str, total: int, done: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar; gives a function that moves it on by so many cases."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), disable=quiet, transient=True) as progress:
        task = progress.add_task(title, total=total, completed=done)
        yield lambda more: progress.advance(task, more)
