"""The rows of a batch, answered by many machines (extra: cluster).

Ray Data hands chunks of rows to workers; each worker has this package installed and opens the model and the knowledge
base once. A chunk whose worker is lost is given to another one. Results come back to the machine that asked, which
writes them down as `batch` does: one result a row, and a batch that was stopped goes on with --resume.

Rows pass through Ray's object store, in memory and, where that is full, in its temporary folder on the machines of the
cluster; nothing is sent anywhere else, and Ray's usage statistics are off.
"""

import logging
import os
import pickle
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raredxr1.diagnose.batch import BatchRow, answer
from raredxr1.diagnose.batch_inputs import Input
from raredxr1.diagnose.model import Model, open_model
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.pipeline import Options
from raredxr1.errors import InputError, extra

LOCAL = "local"
"""The address of a cluster that is started for the batch, on this machine alone."""


@dataclass(frozen=True)
class Opening:
    """What a worker opens and how it asks; paths are those of the worker's machine.

    Attributes:
        options: how to ask, with CRR settled (`pipeline.with_crr`).
        model: path or name of the model; None: the shipped one.
        knowledge: the knowledge base's path; None: the shipped one.
        threads: a worker computes with so many, and is given as many processors of the cluster.
        connections: requests in flight from each worker to each URL of a model server.
        by_meaning: read findings by the sentence encoder too.
        deidentify: replace names, dates and the like before anything reads a note.
        strict: a phenopacket or bundle of which something cannot be used fails.
    """

    options: Options
    model: str | None = None
    knowledge: Path | None = None
    threads: int = 1
    connections: int = 4
    by_meaning: bool = True
    deidentify: bool = False
    strict: bool = False

    def open(self) -> tuple[Model, Names]:
        """Open the model and the knowledge base.

        Raises:
            InputError: either is missing or damaged on this machine.
        """
        return open_model(self.model, self.threads, self.connections), open_names(self.knowledge, self.by_meaning)


class Worker:
    """One process of the cluster that answers chunks."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._model, self._names = opening.open()

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Answer a chunk: pickled rows in, their results as JSON lines out."""
        how = self._opening
        said = answer(pickle.loads(row["rows"]), self._model, self._names, how.options, how.deidentify, how.strict)
        return {"results": "\n".join(one.model_dump_json() for one in said)}


class Cluster:
    """Answers the chunks of a batch on a Ray cluster.

    Args:
        address: "local" (started for the batch), "auto" (the one this machine belongs to) or HOST:PORT of its head.
        workers: processes at most; they start as the cluster has processors for them.
        opening: what each of them opens.
    """

    def __init__(self, address: str, workers: int, opening: Opening) -> None:
        self._address, self._workers, self._opening = address, workers, opening

    def __call__(self, chunks: Sequence[Sequence[Input]]) -> Iterator[list[BatchRow]]:
        """The results of each chunk, as they come.

        Raises:
            InputError: the extra is not installed, no cluster answers, or no worker of it can open the product.
        """
        if not chunks:
            return
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # its C++ side writes to our standard error
        os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")  # workers run in their own environment, not a copy
        with extra("a cluster", "cluster"):
            import ray
        ours = not ray.is_initialized()
        if ours:
            _join(self._address, self._workers * self._opening.threads)
        try:
            yield from self._answered(chunks)
        except (ray.exceptions.RayError, ray.exceptions.UserCodeException) as error:
            raise InputError(f"the cluster stopped answering ({_reason(error)}); go on with --resume") from error
        finally:
            if ours:
                ray.shutdown()

    def _answered(self, chunks: Sequence[Sequence[Input]]) -> Iterator[list[BatchRow]]:
        import ray.data

        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        # `answer` turns a fault in a row into that row's reason, so what fails here is the worker: it cannot be opened
        context.actor_task_retry_on_errors = False
        rows = ray.data.from_items(
            [{"rows": pickle.dumps(list(chunk))} for chunk in chunks], override_num_blocks=len(chunks)
        )
        answered = rows.map(
            Worker,
            fn_constructor_args=(self._opening,),
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=self._workers),
            num_cpus=self._opening.threads,
        )
        for row in answered.iter_rows():
            yield [BatchRow.model_validate_json(line) for line in row["results"].splitlines()]


def _join(address: str, processors: int) -> None:
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        if address == LOCAL:
            ray.init(num_cpus=processors, include_dashboard=False, **quiet)
            return
        host, _, port = address.removeprefix("ray://").rpartition(":")
        if port.isdecimal():
            socket.create_connection((host, int(port)), timeout=10).close()  # Ray itself waits for minutes
        ray.init(address=address, **quiet)
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"--cluster {address}: no Ray cluster answers there ({type(error).__name__})") from error


def _reason(error: BaseException) -> str:
    """The program's own message where a worker gave one (Ray hands it on as text only), else the kind of the error."""
    own = re.findall(rf"^{InputError.__module__}\.{InputError.__name__}: (.+)$", str(error), re.MULTILINE)
    return own[-1] if own else type(error).__name__
