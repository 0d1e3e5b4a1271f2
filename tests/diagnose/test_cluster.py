"""A batch on a Ray cluster of two nodes: every row once, also where a node dies with rows in work."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import fake_product
from fake_product import FakeEngine, fake_model, fake_names
from raredxr1.diagnose.batch import BatchRow, run_batch
from raredxr1.diagnose.cluster import Cluster, Opening
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.pipeline import Options
from raredxr1.errors import InputError

pytestmark = pytest.mark.slow

ray = pytest.importorskip("ray", reason="extra: cluster")
OPTIONS = Options(form="short", crr=None, next_steps=0)


class SlowEngine(FakeEngine):
    """Leaves time for a node to be killed while rows are in work."""

    def generate(self, prompts: Any, settings: Any) -> Any:
        time.sleep(0.2)
        return super().generate(prompts, settings)


@dataclass(frozen=True)
class FakeOpening(Opening):
    opens: bool = True

    def open(self) -> tuple[Model, Names]:
        if not self.opens:
            raise InputError("/models/small: no model here")
        return fake_model(SlowEngine()), fake_names()


@pytest.fixture(scope="module")
def nodes() -> Iterator[Any]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster as Nodes

    for module in (fake_product, __import__("sys").modules[__name__]):
        ray.cloudpickle.register_pickle_by_value(module)
    soon = {
        "prestart_worker_first_driver": False,
        "enable_worker_prestart": False,
        "health_check_initial_delay_ms": 0,
        "health_check_period_ms": 500,
        "health_check_failure_threshold": 6,
    }
    cluster = Nodes(
        initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False, "_system_config": soon}
    )
    try:
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


def batch(folder: Path, rows: int) -> Path:
    lines = [json.dumps({"id": f"p{i}", "note": f"Girl of {i + 2} years with seizures."}) for i in range(rows)]
    lines[3] = json.dumps({"id": "p3", "note": ""})
    (folder / "in.jsonl").write_text("\n".join(lines) + "\n")
    return folder / "in.jsonl"


def read(path: Path) -> list[BatchRow]:
    return [BatchRow.model_validate_json(line) for line in path.read_text().splitlines()]


def run(source: Path, out: Path, cluster: Cluster, **more: Any) -> Any:
    return run_batch(source, out, fake_model(), fake_names(), OPTIONS, chunk=2, answered=cluster, **more)


def test_the_loss_of_a_node_loses_no_row_and_doubles_none(nodes: Any, tmp_path: Path) -> None:
    lost = nodes.add_node(num_cpus=1)
    ray.init(address=nodes.address, log_to_driver=False, ignore_reinit_error=True)
    source, out, killed = batch(tmp_path, 24), tmp_path / "out.jsonl", []

    def advance(done: int, rows: int) -> None:
        if done >= 4 and not killed:
            killed.append(done)
            nodes.remove_node(lost, allow_graceful=False)

    counts = run(source, out, Cluster("auto", 2, FakeOpening(OPTIONS)), advance=advance)
    assert killed and killed[0] < 24
    rows = read(out)
    assert sorted(row.row for row in rows) == list(range(1, 25))
    assert (counts.rows, counts.failed) == (24, 1)
    assert [row.id for row in rows if row.status == "failed"] == ["p3"]
    here = tmp_path / "here.jsonl"
    run_batch(source, here, fake_model(), fake_names(), OPTIONS, chunk=2)
    without_time = [{**row.model_dump(), "result": row.result and row.result.candidates} for row in read(here)]
    assert without_time == [
        {**row.model_dump(), "result": row.result and row.result.candidates}
        for row in sorted(rows, key=lambda r: r.row)
    ]


def test_a_worker_that_cannot_open_the_model_says_so_and_the_batch_goes_on_later(nodes: Any, tmp_path: Path) -> None:
    ray.init(address=nodes.address, log_to_driver=False, ignore_reinit_error=True)
    source, out = batch(tmp_path, 6), tmp_path / "out.jsonl"
    with pytest.raises(InputError, match=r"/models/small: no model here.*--resume"):
        run(source, out, Cluster("auto", 1, FakeOpening(OPTIONS, opens=False)))
    counts = run_batch(source, out, fake_model(), fake_names(), OPTIONS, chunk=2, resume=True)  # here, without it
    assert (counts.rows, counts.failed) == (6, 1)
    assert sorted(row.row for row in read(out)) == [1, 2, 3, 4, 5, 6]


def test_no_cluster_at_the_address_is_one_line(tmp_path: Path) -> None:
    if ray.is_initialized():
        ray.shutdown()
    with pytest.raises(InputError, match="no Ray cluster answers there"):
        run(batch(tmp_path, 4), tmp_path / "out.jsonl", Cluster("127.0.0.1:1", 1, FakeOpening(OPTIONS)))
