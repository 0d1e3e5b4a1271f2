"""The pages of one diagnosis: while it runs, what came of it, corrections, exports."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from raredxr1.diagnose import Result
from raredxr1.diagnose.output import sentences
from raredxr1.diagnose.output.html import html
from raredxr1.diagnose.output.pdf import pdf
from raredxr1.diagnose.output.stream import ReasoningStream
from raredxr1.errors import InputError
from raredxr1.serve import review, sse, view
from raredxr1.serve.api import TheState
from raredxr1.serve.app_state import AppState
from raredxr1.serve.corrected import as_corrected, corrected_packet
from raredxr1.serve.pages import form_of
from raredxr1.serve.review import Review
from raredxr1.serve.run_state import Event
from raredxr1.serve.templating import page

router = APIRouter(prefix="/runs", include_in_schema=False, default_response_class=HTMLResponse)


Places = Annotated[Sequence[int], Query(max_length=20)]
"""Numbers of candidates to stand side by side."""
Rows = Annotated[str, Query(max_length=20)]
"""all: rows in which the candidates do not differ, too."""


@router.get("/{run_id}")
def show(desk: TheState, run_id: str, place: Places = (), rows: Rows = "") -> Response:
    """A diagnosis: running, failed or finished; from memory, else from the history."""
    visit = desk.visited(run_id)
    failure = visit.run.failure if visit else None  # read once: it may end while the page is written
    if visit and visit.run.result is None:
        limit = desk.settings.time_limit
        return page(desk, "waiting.html.j2", visit=visit, run=visit.run, failure=failure, limit=limit)
    found = _finished(desk, run_id)
    if found is None:
        return page(desk, "gone.html.j2", 404)
    seen = view.view(run_id, *found, desk.product, place, rows == "all")
    return page(desk, "run.html.j2", view=seen, title=sentences.title(seen.result), problem="")


@router.get("/{run_id}/compare")
def compare(desk: TheState, run_id: str, place: Places = (), rows: Rows = "") -> Response:
    """The chosen candidates side by side, to stand in the page of the result."""
    found = _finished(desk, run_id)
    if found is None:
        return page(desk, "gone.html.j2", 404)
    seen = view.view(run_id, *found, desk.product, place or [1, 2], rows == "all")
    return page(desk, "compare.html.j2", view=seen)


# --- while it runs ---------------------------------------------------------------------------------------------------


@router.get("/{run_id}/events")
async def events(request: Request, desk: TheState, run_id: str) -> Response:
    """What a running diagnosis writes, as people should see it; a run nobody watches any more is stopped."""
    visit = desk.visited(run_id)
    if visit is None:
        raise HTTPException(404, "there is no such run")
    run, loop = visit.run, asyncio.get_running_loop()

    def left() -> None:
        loop.call_later(desk.settings.abandoned_after, lambda: run.watchers or run.cancel())

    return sse.stream(request, run, desk.settings.time_limit, _for_people(), left)


def _for_people() -> Callable[[Event], bytes]:
    """What the page is told: the reasoning in sentences."""
    shown = ReasoningStream()

    def written(event: Event) -> bytes:
        if event.kind == "text":
            piece = shown.feed(json.loads(event.data)["text"])
            return sse.written(Event("text", json.dumps({"text": piece}))) if piece else b""
        return sse.written(Event("result", "{}") if event.kind == "result" else event)

    return written


@router.post("/{run_id}/stop")
def stop(desk: TheState, run_id: str) -> Response:
    """Stop a running diagnosis."""
    if visit := desk.visited(run_id):
        visit.run.cancel()
    return RedirectResponse(f"/runs/{run_id}" if visit else "/", 303)


# --- corrections -----------------------------------------------------------------------------------------------------


@router.post("/{run_id}/findings")
async def correct(request: Request, desk: TheState, run_id: str) -> Response:
    """Correct a finding, and weigh everything anew.

    The action is one of flip:3, state:3:uncertain (or state:3 with the field state-3), remove:3, add:HP:0001250,
    lacks:HP:0001250, patient (with the fields age and sex) and reset.
    """
    fields = await form_of(request)
    problem = ""
    try:
        found = await asyncio.to_thread(_correct, desk, run_id, fields)
    except InputError as error:
        problem, found = str(error), await asyncio.to_thread(_finished, desk, run_id)
    if found is None:
        return page(desk, "gone.html.j2", 404)
    if "hx-request" not in request.headers:
        return RedirectResponse(f"/runs/{run_id}#findings", 303)
    seen = await asyncio.to_thread(view.view, run_id, *found, desk.product)
    return page(desk, "work.html.j2", view=seen, problem=problem)


def _correct(desk: AppState, run_id: str, fields: Mapping[str, str]) -> tuple[Result, Review] | None:
    """Correct and keep, one correction at a time: of two that come at once, the second builds on the first."""
    with desk.reviewing:
        found = _finished(desk, run_id)
        if found is None:
            return None
        result, standing = found
        standing = _corrected(desk, result, standing, fields)
        if visit := desk.visited(run_id):
            visit.review = standing
        desk.history.review(run_id, standing)
        return result, standing


def _corrected(desk: AppState, result: Result, standing: Review, fields: Mapping[str, str]) -> Review:
    verb, _, what = fields.get("action", "").partition(":")
    if verb in ("flip", "remove") and what.isdecimal() and len(what) < 6:
        return (review.flip if verb == "flip" else review.remove)(standing, int(what))
    if verb == "state":
        number, _, sense = what.partition(":")
        sense = sense or fields.get(f"state-{number}", "")
        if number.isdecimal() and len(number) < 6 and sense in review.SENSES:
            return review.set_state(standing, int(number), sense)
    if verb == "patient":
        return review.set_patient(standing, result.patient, fields.get("age", "")[:60], fields.get("sex", "")[:20])
    if verb in ("add", "lacks"):
        return review.add(standing, desk.product.names.kb, what, present=verb == "add")
    if verb == "reset":
        return review.read(result)
    raise InputError("no such correction")


def _finished(desk: AppState, run_id: str) -> tuple[Result, Review] | None:
    """A result and its findings: from memory, else from the history."""
    visit = desk.visited(run_id)
    if visit and visit.run.result:
        return visit.run.result, visit.review or review.read(visit.run.result)
    entry = desk.history.get(run_id)
    return (entry.result, entry.review) if entry else None


# --- exports ---------------------------------------------------------------------------------------------------------


@router.get("/{run_id}/export/{kind}")
def export(desk: TheState, run_id: str, kind: str) -> Response:
    """The result as a page of its own, as JSON or as a phenopacket; with the findings as they were corrected."""
    found = _finished(desk, run_id)
    if found is None or kind not in ("html", "json", "pdf", "phenopacket"):
        raise HTTPException(404, "there is no such result")
    result, standing = as_corrected(*found, desk.product), found[1]
    if kind == "html":
        answer: Response = HTMLResponse(html(result))
        suffix = "html"
    elif kind == "pdf":
        answer = Response(pdf(result), media_type="application/pdf")
        suffix = "pdf"
    elif kind == "json":
        answer = Response(result.model_dump_json(indent=2), media_type="application/json")
        suffix = "json"
    else:
        answer = JSONResponse(corrected_packet(result, standing))
        suffix = "phenopacket.json"
    answer.headers["content-disposition"] = f'attachment; filename="diagnosis-{run_id}.{suffix}"'
    return answer
