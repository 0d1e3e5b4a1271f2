"""The whole API against its own description, with requests nobody would write: it never fails, it only refuses."""

from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks

from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.settings import Settings
from serving import listening, make_product

CHECKS = [checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance]


def test_no_request_makes_the_server_fail(kb: KnowledgeBase, tmp_path: Path) -> None:
    with listening(make_product(kb), Settings(folder=tmp_path, queue=100, jobs=10_000)) as address:
        schema = schemathesis.openapi.from_url(f"{address}/v1/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations()]
        for operation in operations:
            hammer(operation)
    assert len(operations) == 14


def hammer(operation: Any) -> None:
    """Send requests that fit the description and requests that do not."""

    @given(case=operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    @settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def send(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, timeout=20)

    send()


def test_the_description_covers_every_route_of_the_api(tmp_path: Path, kb: KnowledgeBase) -> None:
    with listening(make_product(kb), Settings(folder=tmp_path)) as address:
        described = schemathesis.openapi.from_url(f"{address}/v1/openapi.json").raw_schema["paths"]
    assert set(described) == {
        "/v1/diagnose",
        "/v1/health",
        "/v1/version",
        "/v1/metrics",
        "/v1/knowledge/search",
        "/v1/knowledge/show",
        "/v1/knowledge/rank",
        "/v1/jobs",
        "/v1/jobs/{job_id}",
        "/v1/jobs/{job_id}/results",
        "/v1/jobs/{job_id}/cancel",
        "/v1/jobs/{job_id}/resume",
    }
