"""The HTTP API: diagnose, health, version, metrics. OpenAPI at /v1/openapi.json."""

import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi import models as openapi
from fastapi.routing import APIRoute
from pydantic import Field, model_validator

from raredxr1 import dialogue
from raredxr1.cases.phenopackets import looks_like_phenopacket
from raredxr1.diagnose import Model, Result
from raredxr1.diagnose.fhir import looks_like_fhir
from raredxr1.diagnose.result import DISCLAIMER, Coverage
from raredxr1.schemas import Form, Strict
from raredxr1.serve import metrics, models, sse
from raredxr1.serve.app_state import AppState
from raredxr1.serve.requests import Ask, AskOptions
from raredxr1.serve.run_state import Run
from raredxr1.serve.worker import BusyError
from raredxr1.version import VERSION


class NoteRoute(APIRoute):
    """A route that takes a note as the body itself, sent as text/plain; its charset is read, by default UTF-8."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Turn such a body into the JSON that the route takes."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            kind, _, parameters = request.headers.get("content-type", "").partition(";")
            if request.method == "POST" and kind.strip().lower() == "text/plain":
                return await handle(_as_json(request, await request.body(), parameters))
            return await handle(request)

        return handler


def _as_json(request: Request, body: bytes, parameters: str) -> Request:
    charset = parameters.partition("charset=")[2].strip().strip("\"'") or "utf-8"
    try:
        text = body.decode(charset)
    except (ValueError, LookupError) as error:  # codecs that are no charset raise other errors than of decoding
        raise HTTPException(422, f"the body is no text in {charset[:40]!r}") from error
    try:
        value = json.loads(text) if text.lstrip().startswith("{") else {"note": text}
    except (ValueError, RecursionError):
        value = {"note": text}
    headers = [pair for pair in request.scope["headers"] if pair[0] not in (b"content-type", b"content-length")]
    made = Request({**request.scope, "headers": [*headers, (b"content-type", b"application/json")]}, request.receive)
    made._body = json.dumps(value).encode()  # as FastAPI's own recipe for bodies that come otherwise
    return made


router = APIRouter(prefix="/v1", route_class=NoteRoute)


def desk_of(request: Request) -> AppState:
    """What the application a request came to shares."""
    desk: AppState = request.app.state.desk
    return desk


TheState = Annotated[AppState, Depends(desk_of)]


class Problem(Strict):
    """What went wrong, in one line without clinical text."""

    detail: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a route fails, for its documentation; what the guard refuses is among it."""
    return {status: {"model": Problem, "description": _SAID[status]} for status in (*statuses, *_ALWAYS)}


_ALWAYS = (400, 401, 403, 408, 413, 421, 422)
_SAID = {
    400: "No JSON, or the request broke off.",
    401: "The token is missing or wrong.",
    403: "Sent by a web page of another site.",
    404: "There is no such thing.",
    408: "The body took too long to arrive.",
    409: "Not possible in this state, or cancelled.",
    413: "The body is too large.",
    421: "The Host header names another machine.",
    422: "The input cannot be used; the detail says why.",
    429: "Too many requests wait; Retry-After says when to come again.",
    500: "A fault of the program.",
    504: "Not finished in time.",
}


class DiagnoseRequest(Ask):
    """A note or a phenopacket, and how to ask. A phenopacket or FHIR bundle as the whole body is taken as well."""

    options: AskOptions = Field(default_factory=AskOptions)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        if looks_like_phenopacket(value):
            return {"phenopacket": value}
        if isinstance(value, dict) and looks_like_fhir(value):
            return {"fhir": value}
        if isinstance(value, bytes):
            raise ValueError("send JSON as application/json, or a note as text/plain")
        return value


_EXAMPLES: dict[str, openapi.Example] = {
    "note": {
        "summary": "A note in words",
        "value": {
            "note": "Girl of 4 years. Developmental regression, loss of speech, microcephaly. No seizures.",
            "name": "letter 1",
        },
    },
    "short": {
        "summary": "The ranking alone, with three next steps, cut if it is too long",
        "value": {
            "note": "Tall young man with lens dislocation and aortic root dilatation. His father died at 40.",
            "options": {"form": "short", "next_steps": 3},
        },
    },
    "model": {
        "summary": "By a model that is named, as /v1/models lists it",
        "value": {
            "note": "Boy of 6 years with a waddling gait, large calves and a raised creatine kinase.",
            "options": {"model": models.SHIPPED},
        },
    },
    "phenopacket": {
        "summary": "A GA4GH phenopacket, version 2",
        "value": {
            "phenopacket": {
                "id": "proband-1",
                "subject": {"id": "1", "sex": "FEMALE"},
                "phenotypicFeatures": [
                    {"type": {"id": "HP:0000252", "label": "Microcephaly"}},
                    {"type": {"id": "HP:0001250", "label": "Seizure"}, "excluded": True},
                ],
            }
        },
    },
}


class Health(Strict):
    """Whether the server can answer."""

    status: Literal["ok"] = "ok"
    waiting: int = Field(description="diagnoses in the queue")
    running: int = Field(description="diagnoses being answered, 0 or 1")


class ModelFacts(Strict):
    """A model that answers."""

    name: str = Field(description="as `versions.model` of its answers says it")
    sha256: str | None = Field(description="of the shipped bundle; null for any other model")
    forms: list[Form] = Field(description="what it was taught; the first is the default")
    coverage: Coverage


class ListedModel(ModelFacts):
    """A model that can be asked for."""

    id: str = Field(description="what `options.model` takes")
    default: bool = Field(description="whether it answers where no model is named")
    served: bool = Field(description="whether it is asked over a model server's address")
    sent_to: list[str] = Field(description="hosts other than this machine that get whole notes; empty: none")
    confidence: str = Field(description="what the confidences of its answers rest on")


class ModelList(Strict):
    """All models, the default first."""

    models: list[ListedModel]


class Version(Strict):
    """What answers."""

    raredxr1: str
    dialogue: str
    knowledge: str
    model: ModelFacts = Field(description="the one that answers where none is named; all are at /v1/models")
    disclaimer: str = DISCLAIMER


@router.post(
    "/diagnose",
    response_model=Result,
    responses={
        200: {
            "description": "The result; with `Accept: text/event-stream` a stream of the events status, text (pieces "
            "of the model's turn), and result or error.",
            "content": {sse.MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        **problems(409, 429, 500, 504),
    },
)
async def diagnose(
    request: Request, asked: Annotated[DiagnoseRequest, Body(openapi_examples=_EXAMPLES)], desk: TheState
) -> Response:
    """Diagnose one note: the JSON of `raredx diagnose`, or a stream of events. Leaving cancels it.

    The body holds a note, a phenopacket or a FHIR bundle; one of the latter two may also be the whole body, and so may
    a note that is sent as text/plain.
    """
    run = await run_in_threadpool(_submit, desk, asked)
    if sse.wants_events(request):
        return sse.stream(request, run, desk.settings.time_limit)
    await sse.finish(request, run, desk.settings.time_limit)
    if run.failure:
        raise HTTPException(run.failure.status, run.failure.detail)
    assert run.result is not None, "a run that has not failed has a result"
    return Response(run.result.model_dump_json(), media_type="application/json")


def _submit(desk: AppState, asked: DiagnoseRequest) -> Run:
    try:
        return desk.worker.submit(asked.order(asked.options, desk.product), "api")
    except BusyError as busy:
        raise too_busy(busy) from busy


def too_busy(busy: BusyError) -> HTTPException:
    """429, and when to come again."""
    return HTTPException(429, "too many requests wait", {"Retry-After": str(busy.seconds)})


@router.get("/health")
async def health(desk: TheState) -> Health:
    """Say that the server is there, and how busy it is; asks for no token."""
    waiting, running = desk.worker.load
    return Health(waiting=waiting, running=running)


@router.get("/version", responses=problems())
async def version(desk: TheState) -> Version:
    """Say what answers, what it was taught and how well it was measured."""
    facts = ModelFacts(**_facts(desk.product.model))
    return Version(raredxr1=VERSION, dialogue=dialogue.VERSION, knowledge=desk.product.names.kb.version, model=facts)


def _facts(model: Model) -> dict[str, Any]:
    return {"name": model.name, "sha256": model.sha256, "forms": list(model.forms), "coverage": model.coverage}


@router.get("/models", responses=problems())
async def listed_models(desk: TheState) -> ModelList:
    """List the models that `options.model` can name."""
    first = desk.product.model
    return ModelList(
        models=[
            ListedModel(
                **_facts(model),
                id=name,
                default=model is first,
                served=model.server is not None,
                sent_to=models.sends_to(model),
                confidence=models.confidence(model),
            )
            for name, model in desk.product.models.items()
        ]
    )


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}, **problems()})
async def metrics_text(desk: TheState) -> Response:
    """Counts and times, in Prometheus' text format."""
    waiting, running = desk.worker.load
    facts = {
        "version": VERSION,
        "model": ", ".join(model.name for model in desk.product.models.values()),
        "knowledge": desk.product.names.kb.version,
    }
    return Response(desk.metrics.text(facts, waiting, running), media_type=metrics.MEDIA_TYPE)
