"""The whole API against its own description, with requests nobody would write: it never fails, it only refuses."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks

from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.settings import Settings
from serving import listening, make_product

pytestmark = pytest.mark.slow

TOKEN = "a-token-of-a-good-length"
CHECKS = [checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance]


@pytest.mark.parametrize(
    ("token", "shown", "examples"),
    [(None, {}, 10), (TOKEN, {"authorization": f"Bearer {TOKEN}"}, 5), (TOKEN, {}, 3)],
    ids=["no token asked for", "with the token", "without the token"],
)
def test_no_request_makes_the_server_fail(
    kb: KnowledgeBase, tmp_path: Path, token: str | None, shown: dict[str, str], examples: int
) -> None:
    settings = Settings(folder=tmp_path, token=token, queue=100, jobs=10_000)
    with listening(make_product(kb), settings) as address:
        described = httpx2.get(
            f"{address}/v1/openapi.json", headers={"authorization": f"Bearer {TOKEN}"} if token else {}, timeout=3000
        )
        schema = schemathesis.openapi.from_dict(described.json())
        schema.config.update(base_url=address)
        operations = [found.ok() for found in schema.get_all_operations()]
        statuses = {operation.label: hammer(operation, shown, examples) for operation in operations}
    assert len(operations) == 15
    if token and not shown:
        open_to_all = statuses.pop("GET /v1/health")
        assert open_to_all - {405} == {200}
        assert {status for found in statuses.values() for status in found} <= {401, 405, 413}, "nothing else is told"


def hammer(operation: Any, headers: dict[str, str], examples: int) -> set[int]:
    """Send requests that fit the description and requests that do not; gives the statuses that were answered."""
    statuses = set()

    @given(case=operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def send(case: schemathesis.Case) -> None:
        statuses.add(case.call_and_validate(checks=CHECKS, timeout=3000, headers=headers).status_code)

    send()
    return statuses


def test_the_description_covers_every_route_of_the_api(tmp_path: Path, kb: KnowledgeBase) -> None:
    with listening(make_product(kb), Settings(folder=tmp_path)) as address:
        described = schemathesis.openapi.from_url(f"{address}/v1/openapi.json", timeout=3000).raw_schema["paths"]
    assert set(described) == {
        "/v1/diagnose",
        "/v1/health",
        "/v1/version",
        "/v1/metrics",
        "/v1/models",
        "/v1/knowledge/search",
        "/v1/knowledge/show",
        "/v1/knowledge/rank",
        "/v1/jobs",
        "/v1/jobs/{job_id}",
        "/v1/jobs/{job_id}/results",
        "/v1/jobs/{job_id}/cancel",
        "/v1/jobs/{job_id}/resume",
    }
