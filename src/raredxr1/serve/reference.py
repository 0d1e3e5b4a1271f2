"""The API as a page: what the OpenAPI description says, for people, with no script and nothing from outside.

FastAPI's own pages load theirs from a content delivery network, which an offline product must not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from raredxr1.serve.api import TheState
from raredxr1.serve.templating import page

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Json = Mapping[str, Any]
_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}


@dataclass(frozen=True)
class Field:
    """A parameter of a route, or a property of a schema."""

    name: str
    kind: Markup
    required: bool
    said: str


@dataclass(frozen=True)
class Operation:
    """One route and method."""

    anchor: str
    method: str
    path: str
    title: str
    said: str
    parameters: Sequence[Field]
    body: Sequence[tuple[str, Markup]]
    """Media type and schema of the body."""
    answers: Sequence[tuple[str, str, Markup]]
    """Status, what it means, schema."""


@router.get("/docs")
def docs(request: Request, desk: TheState) -> Response:
    """The reference of the API."""
    spec = request.app.openapi()
    return page(desk, "reference.html.j2", spec=spec, operations=operations(spec), schemas=schemas(spec))


def operations(spec: Json) -> list[Operation]:
    """The routes of a description, in its order."""
    return [
        _operation(method, path, one)
        for path, methods in spec["paths"].items()
        for method, one in methods.items()
        if method in ("get", "post", "put", "delete", "patch")
    ]


def _operation(method: str, path: str, one: Json) -> Operation:
    parameters = [
        Field(p["name"], kind_of(p.get("schema", {})), bool(p.get("required")), p.get("description", ""))
        for p in one.get("parameters", ())
    ]
    body = one.get("requestBody", {}).get("content", {})
    answers = [
        (status, answer.get("description", ""), _of_content(answer.get("content", {})))
        for status, answer in sorted(one.get("responses", {}).items())
    ]
    anchor = f"{method}{path}".translate(str.maketrans("/{}", "---")).strip("-")
    bodies = [(media, kind_of(held.get("schema", {}))) for media, held in body.items()]
    said = one.get("description", "")
    return Operation(anchor, method.upper(), path, one.get("summary", ""), said, parameters, bodies, answers)


def _of_content(content: Json) -> Markup:
    return Markup("; ").join(kind_of(held.get("schema", {})) for held in content.values())


def schemas(spec: Json) -> list[tuple[str, str, list[Field]]]:
    """The schemas of a description: name, what it is, fields."""
    told = []
    for name, schema in sorted(spec.get("components", {}).get("schemas", {}).items()):
        required = set(schema.get("required", ()))
        fields = [
            Field(key, kind_of(one), key in required, one.get("description", ""))
            for key, one in schema.get("properties", {}).items()
        ]
        said = schema.get("description", "")
        told.append((name, said if fields else f"{said} {kind_of(schema).striptags()}".strip(), fields))
    return told


def kind_of(schema: Json) -> Markup:
    """The type of a value in words, with links to the schemas it names."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return Markup('<a href="#schema-{}">{}</a>').format(name, name)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return Markup(" or ").join(dict.fromkeys(kind_of(one) for one in schema[key]))
    if "const" in schema or "enum" in schema:
        return Markup(" or ").join(
            Markup("<code>{}</code>").format(v) for v in schema.get("enum", [schema.get("const")])
        )
    kind = schema.get("type")
    if kind == "array":
        return Markup("list of {}").format(kind_of(schema.get("items", {})))
    if kind == "object" and isinstance(held := schema.get("additionalProperties"), dict):
        return Markup("object of {}").format(kind_of(held))
    limits = [f"{word} {schema[key]:,}" for key, word in _LIMITS if isinstance(schema.get(key), int)]
    return Markup("{}{}").format(
        _WORDS.get(str(kind), str(kind or "anything")), f" ({', '.join(limits)})" * bool(limits)
    )


_LIMITS = (
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("minLength", "characters at least"),
    ("maxLength", "characters at most"),
)
