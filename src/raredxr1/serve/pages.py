"""The web page: a note in, a differential out, its findings to look at and to correct.

Pages are rendered here; htmx and a small script add what needs no reload. Everything works without them, but for the
streamed reasoning (the page then reloads until the answer is there) and the highlighting.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from raredxr1.diagnose import Result
from raredxr1.diagnose.deidentify import deidentify
from raredxr1.diagnose.examples import EXAMPLES
from raredxr1.diagnose.inputs import read_input
from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.html import html
from raredxr1.diagnose.output.stream import ReasoningStream
from raredxr1.diagnose.result import DISCLAIMER, Redaction
from raredxr1.errors import InputError
from raredxr1.serve import review, sse, view
from raredxr1.serve.api import AtDesk
from raredxr1.serve.asked import AskOptions
from raredxr1.serve.desk import Desk
from raredxr1.serve.packet import corrected_packet
from raredxr1.serve.product import Order
from raredxr1.serve.review import Review
from raredxr1.serve.work import BusyError, Event, Run

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_QUICK = 0.8
"""Seconds to wait for a quick answer before a page of a running diagnosis is shown."""


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"printable": words.printable, "numbers": view.numbers, "outside": view.outside}
    environment.globals |= {"words": words, "disclaimer": DISCLAIMER}
    return environment


def page(desk: Desk, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """Render a page or a part of one."""
    shared = {"recording": desk.history.recording, "signed_in": desk.settings.token is not None}
    return HTMLResponse(_templates().get_template(template).render(**shared, **facts), status)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a submitted form, the last value of each."""
    body = (await request.body()).decode("utf-8", "surrogateescape")
    return {key: values[-1] for key, values in parse_qs(body, keep_blank_values=True).items()}


# --- asking --------------------------------------------------------------------------------------------------------


@router.get("/")
def home(desk: AtDesk, example: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The form."""
    return _home(desk, _examples().get(example, ""))


@router.post("/diagnose")
async def ask(request: Request, desk: AtDesk) -> Response:
    """Start a diagnosis and go to its page; a note that cannot be used comes back with the reason."""
    fields = await form_of(request)
    text = fields.get("note", "")
    form = fields.get("form")
    try:
        given = read_input(text.encode("utf-8", "surrogateescape"), "note")
        model = desk.product.model
        options = AskOptions(form=form if form in model.forms else None, truncate=True).options(model)
        run = desk.visit(Order(given, "note", options, redactions=_redactions(fields.get("redacted", "")))).run
    except InputError as error:
        return _home(desk, text, str(error).removeprefix("note: "), 422)
    except BusyError as busy:
        answer = _home(desk, text, f"Too many notes wait for the model; try again in {busy.seconds} s.", 429)
        answer.headers["retry-after"] = str(busy.seconds)
        return answer
    await _wait(run, _QUICK)
    if run.failure and run.failure.status == 422:
        desk.forget(run.id)
        return _home(desk, text, run.failure.detail.removeprefix("note: "), 422)
    return RedirectResponse(f"/runs/{run.id}", 303)


@router.post("/deidentify")
async def clean(request: Request, desk: AtDesk) -> Response:
    """Give the note back without names, dates and the like, to be looked over before anything reads it."""
    cleaned = deidentify(
        (await form_of(request)).get("note", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    )
    return _home(desk, cleaned.note, cleaned=cleaned.redactions)


def _redactions(told: str) -> list[Redaction]:
    """What `clean` replaced, as the form carries it: "name:2 date:1"."""
    pairs = [part.partition(":") for part in told[:200].split()]
    return [Redaction(kind=kind, count=int(count)) for kind, _, count in pairs if count.isdigit() and int(count)]


async def _wait(run: Run, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            async for _ in run.follow():
                continue


def _home(
    desk: Desk, text: str, problem: str = "", status: int = 200, cleaned: Sequence[Redaction] | None = None
) -> HTMLResponse:
    model = desk.product.model
    return page(
        desk,
        "home.html.j2",
        status,
        note=text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        problem=problem,
        cleaned=cleaned,
        examples=_examples(),
        forms=model.forms,
        model=model,
        knowledge=desk.product.names.kb.version,
    )


@cache
def _examples() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.txt"))}


# --- one run ---------------------------------------------------------------------------------------------------------


@router.get("/runs/{run_id}")
def show(desk: AtDesk, run_id: str) -> Response:
    """A diagnosis: running, failed or finished; from memory, else from the history."""
    visit = desk.visited(run_id)
    if visit and visit.run.result is None:
        run = visit.run
        return page(desk, "waiting.html.j2", run=run, limit=desk.settings.time_limit)
    found = _finished(desk, run_id)
    if found is None:
        return page(desk, "gone.html.j2", 404)
    seen = view.view(run_id, *found, desk.product.names)
    return page(desk, "run.html.j2", view=seen, title=view.headline(seen.result), problem="")


@router.get("/runs/{run_id}/events")
async def events(request: Request, desk: AtDesk, run_id: str) -> Response:
    """What a running diagnosis writes, as people should see it; a run nobody watches any more is stopped."""
    visit = desk.visited(run_id)
    if visit is None:
        raise HTTPException(404, "there is no such run")
    run, loop = visit.run, asyncio.get_running_loop()

    def left() -> None:
        loop.call_later(desk.settings.abandoned_after, lambda: run.watchers or run.cancel())

    return sse.stream(request, run, desk.settings.time_limit, _for_people(), left)


def _for_people() -> Callable[[Event], str]:
    shown = ReasoningStream()

    def written(event: Event) -> str:
        if event.kind == "text":
            piece = shown.feed(json.loads(event.data)["text"])
            return sse.written(Event("text", json.dumps({"text": piece}))) if piece else ""
        return sse.written(Event("result", "{}") if event.kind == "result" else event)

    return written


@router.post("/runs/{run_id}/stop")
def stop(desk: AtDesk, run_id: str) -> Response:
    """Stop a running diagnosis."""
    if visit := desk.visited(run_id):
        visit.run.cancel()
    return RedirectResponse(f"/runs/{run_id}", 303)


@router.post("/runs/{run_id}/findings")
async def correct(request: Request, desk: AtDesk, run_id: str) -> Response:
    """Correct a finding: flip:3, remove:3, add:HP:0001250, lacks:HP:0001250 or reset; everything is weighed anew."""
    fields = await form_of(request)
    found = await asyncio.to_thread(_finished, desk, run_id)
    if found is None:
        return page(desk, "gone.html.j2", 404)
    result, standing = found
    problem = ""
    try:
        standing = _corrected(desk, result, standing, fields.get("action", ""))
        await asyncio.to_thread(_keep_review, desk, run_id, standing)
    except InputError as error:
        problem = str(error)
    if "hx-request" not in request.headers:
        return RedirectResponse(f"/runs/{run_id}#findings", 303)
    seen = await asyncio.to_thread(view.view, run_id, result, standing, desk.product.names)
    return page(desk, "work.html.j2", view=seen, problem=problem)


def _corrected(desk: Desk, result: Result, standing: Review, action: str) -> Review:
    verb, _, what = action.partition(":")
    kb = desk.product.names.kb
    if verb in ("flip", "remove") and what.isdigit():
        return (review.flip if verb == "flip" else review.remove)(standing, int(what))
    if verb in ("add", "lacks"):
        return review.add(standing, kb, what, present=verb == "add")
    if verb == "reset":
        return review.read(result)
    raise InputError("no such correction")


def _finished(desk: Desk, run_id: str) -> tuple[Result, Review] | None:
    visit = desk.visited(run_id)
    if visit and visit.run.result:
        return visit.run.result, desk.review_of(visit)
    entry = desk.history.get(run_id)
    return (entry.result, entry.review) if entry else None


def _keep_review(desk: Desk, run_id: str, standing: Review) -> None:
    if visit := desk.visited(run_id):
        with visit.lock:
            visit.review = standing
    desk.history.review(run_id, standing)


@router.get("/runs/{run_id}/export/{kind}")
def export(desk: AtDesk, run_id: str, kind: str) -> Response:
    """The result as a page of its own, as JSON, or its findings as a phenopacket."""
    found = _finished(desk, run_id)
    if found is None or kind not in ("html", "json", "phenopacket"):
        raise HTTPException(404, "there is no such result")
    result, standing = found
    if kind == "html":
        answer: Response = HTMLResponse(html(result))
        suffix = "html"
    elif kind == "json":
        answer = Response(result.model_dump_json(indent=2), media_type="application/json")
        suffix = "json"
    else:
        answer = JSONResponse(corrected_packet(result, standing))
        suffix = "phenopacket.json"
    answer.headers["content-disposition"] = f'attachment; filename="diagnosis-{run_id}.{suffix}"'
    return answer
