"""Batch jobs: every row gets its answer or a reason, and nothing that is finished is lost."""

import json
import threading
from itertools import groupby
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from raredxr1.diagnose.inputs import Text
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.app import create_app
from raredxr1.serve.jobs import Jobs
from raredxr1.serve.metrics import Metrics
from raredxr1.serve.product import Order, Product
from raredxr1.serve.requests import Ask, AskOptions
from raredxr1.serve.server import listen, run
from raredxr1.serve.settings import Settings
from serving import NOTE, SECRET, Clock, HeldEngine, make_product, wait_until

ITEMS = [{"note": NOTE, "name": "one"}, {"note": "hm", "name": "two"}, {"note": f"{NOTE} {SECRET}", "name": "three"}]


def make(client: TestClient, items: list[dict[str, str]] = ITEMS) -> str:
    answer = client.post("/v1/jobs", json={"items": items})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def status(client: TestClient, job: str, wanted: str) -> dict[str, object]:
    wait_until(lambda: client.get(f"/v1/jobs/{job}").json()["state"] == wanted)
    return dict(client.get(f"/v1/jobs/{job}").json())


def rows(client: TestClient, job: str, after: int = 0) -> list[dict[str, object]]:
    text = client.get(f"/v1/jobs/{job}/results", params={"after": after}).text
    return [json.loads(line) for line in text.splitlines()]


def test_every_row_has_a_result_or_a_reason(client: TestClient) -> None:
    job = make(client)
    told = status(client, job, "done")
    assert (told["total"], told["succeeded"], told["failed"], told["remaining"]) == (3, 2, 1, 0)
    one, two, three = rows(client, job)
    assert one["result"]["candidates"][0]["name"] == "Rett syndrome"  # type: ignore[index]
    assert (two["name"], two["result"]) == ("two", None)
    assert "fewer than 3 words" in str(two["error"])
    assert (three["place"], three["error"]) == (3, None)
    assert [row["place"] for row in rows(client, job, after=1)] == [2, 3]
    assert [one["id"] for one in client.get("/v1/jobs").json()["jobs"]] == [job]


def test_a_cancelled_job_stops_at_once_and_resumes_where_it_stood(kb: KnowledgeBase, settings: Settings) -> None:
    engine = HeldEngine()
    with TestClient(create_app(make_product(kb, engine), settings), base_url="http://localhost") as client:
        job = make(client)
        assert engine.begun.wait(600)
        assert client.post(f"/v1/jobs/{job}/cancel").json()["state"] == "cancelled"
        assert engine.closed.wait(600), "the model writes on"
        assert rows(client, job) == []
        engine.go.set()
        assert client.post(f"/v1/jobs/{job}/resume").json()["state"] == "active"
        assert status(client, job, "done")["succeeded"] == 2
        assert client.post(f"/v1/jobs/{job}/cancel").json()["state"] == "done"


def test_requests_go_before_jobs(kb: KnowledgeBase, settings: Settings) -> None:
    engine = HeldEngine()
    with TestClient(create_app(make_product(kb, engine), settings), base_url="http://localhost") as client:
        job = make(client, [{"note": NOTE}] * 3)
        assert engine.begun.wait(600)
        desk = client.app.state.desk  # type: ignore[attr-defined]
        run = desk.worker.submit(Order(Text(f"{NOTE} {SECRET}"), "asked"), "api")
        engine.go.set()
        wait_until(lambda: run.ended)
        assert status(client, job, "done")["succeeded"] == 3
    assert [asked for asked, _ in groupby(SECRET in prompt for prompt in engine.prompts)] == [False, True, False]


def test_a_server_that_ends_leaves_its_jobs_to_be_resumed(kb: KnowledgeBase, settings: Settings) -> None:
    engine = HeldEngine()
    with TestClient(create_app(make_product(kb, engine), settings), base_url="http://localhost") as client:
        job = make(client)
        assert engine.begun.wait(600)
    with TestClient(create_app(make_product(kb), settings), base_url="http://localhost") as client:
        assert client.get(f"/v1/jobs/{job}").json()["state"] == "interrupted"
        client.post(f"/v1/jobs/{job}/resume")
        status(client, job, "done")
        assert [row["place"] for row in rows(client, job)] == [1, 2, 3]


def test_a_row_that_is_stopped_when_the_server_ends_is_not_taken_up_again(
    kb: KnowledgeBase, settings: Settings
) -> None:
    engine = HeldEngine()
    product = make_product(kb, engine)
    jobs = Jobs(settings, product, Metrics())
    jobs.open()
    jobs.create([Ask(note=NOTE)], AskOptions())
    task = jobs.next_task()
    assert task is not None
    worker = threading.Thread(target=task, daemon=True)
    worker.start()
    assert engine.begun.wait(600)
    jobs.close()
    worker.join(600)
    assert not worker.is_alive()
    assert jobs.next_task() is None
    assert [job.state for job in jobs.listed()] == ["interrupted"]
    task()  # as a worker that had taken it just before would
    assert [job.succeeded for job in jobs.listed()] == [0]


def test_a_row_has_a_time_limit_and_the_next_is_answered(kb: KnowledgeBase, tmp_path: Path, clock: Clock) -> None:
    engine = HeldEngine(meanwhile=lambda: clock.skip(3000))
    app = create_app(make_product(kb, engine), Settings(folder=tmp_path, time_limit=3000))
    with TestClient(app, base_url="http://localhost") as client:
        job = make(client, [{"note": NOTE}, {"note": "hm"}])
        status(client, job, "done")
        assert [row["error"] for row in rows(client, job)] == [
            "not finished within 3000 s",
            "note: no clinical content (fewer than 3 words, and no known finding among them)",
        ]


def test_a_deleted_job_is_gone_with_its_notes(client: TestClient, settings: Settings) -> None:
    job = make(client)
    status(client, job, "done")
    assert client.delete(f"/v1/jobs/{job}").status_code == 204
    assert client.get(f"/v1/jobs/{job}").status_code == 404
    assert client.delete(f"/v1/jobs/{job}").status_code == 404
    assert all(SECRET.encode() not in path.read_bytes() for path in settings.folder.iterdir())


def test_too_many_items_or_jobs_are_refused(product: Product, tmp_path: Path) -> None:
    app = create_app(product, Settings(folder=tmp_path, jobs=1, job_items=3))
    with TestClient(app, base_url="http://localhost") as client:
        assert client.post("/v1/jobs", json={"items": [{"note": NOTE}] * 4}).status_code == 413
        assert client.post("/v1/jobs", json={"items": []}).status_code == 422
        make(client)
        refused = client.post("/v1/jobs", json={"items": ITEMS})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")


def test_two_servers_do_not_share_a_folder(product: Product, settings: Settings) -> None:
    first, second = (Jobs(settings, product, Metrics()) for _ in range(2))
    first.open()
    with pytest.raises(InputError, match="another `raredx serve` works here"):
        second.open()
    with listen("127.0.0.1", 0) as bound, pytest.raises(InputError, match="another `raredx serve` works here"):
        run(product, settings, bound)
    first.close()
    second.open()
    second.close()
