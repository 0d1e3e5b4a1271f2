"""The API's reference page: every route and field is on it, and it needs nothing from outside."""

import re

from fastapi.testclient import TestClient

from raredxr1.serve.reference import kind_of, operations


def test_every_route_and_schema_is_on_the_page(client: TestClient) -> None:
    spec = client.get("/v1/openapi.json").json()
    page = client.get("/docs")
    assert page.status_code == 200
    for one in operations(spec):
        assert f"<code>{one.method} {one.path}</code>" in page.text
    assert len(operations(spec)) == sum(len(methods) for methods in spec["paths"].values())
    anchors = set(re.findall(r'id="([^"]+)"', page.text))
    linked = set(re.findall(r'href="#([^"]+)"', page.text))
    assert linked <= anchors, linked - anchors
    assert {f"schema-{name}" for name in spec["components"]["schemas"]} <= anchors


def test_it_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert client.get("/redoc").status_code == 404


def test_types_are_said_in_words() -> None:
    assert kind_of({"type": "array", "items": {"type": "string"}}) == "list of text"
    assert (
        kind_of({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}) == "whole number (at least 1) or null"
    )
    assert kind_of({"$ref": "#/components/schemas/A<b"}) == '<a href="#schema-A&lt;b">A&lt;b</a>'
    assert kind_of({"enum": ["short", "full"]}) == "<code>short</code> or <code>full</code>"
