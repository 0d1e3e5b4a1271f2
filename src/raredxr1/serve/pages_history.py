"""The pages of the history: switch, search, open, export, delete."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from raredxr1.serve.api import TheState
from raredxr1.serve.pages import form_of
from raredxr1.serve.templating import page

router = APIRouter(prefix="/history", include_in_schema=False, default_response_class=HTMLResponse)
_A_PAGE = 50


@router.get("")
def listed(
    desk: TheState,
    q: Annotated[str, Query(max_length=200)] = "",
    start: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """List what is kept."""
    found = desk.history.lines(q, _A_PAGE + 1, start)
    return page(
        desk,
        "history.html.j2",
        lines=found[:_A_PAGE],
        q=q,
        start=start,
        further=start + _A_PAGE if len(found) > _A_PAGE else None,
        total=desk.history.count(),
        path=desk.history.path,
    )


@router.post("/switch")
async def switch(request: Request, desk: TheState) -> Response:
    """Keep new diagnoses, or keep them no more."""
    desk.history.switch((await form_of(request)).get("to") == "on")
    return RedirectResponse("/history", 303)


@router.post("/delete")
async def delete(request: Request, desk: TheState) -> Response:
    """Delete one entry, or all; the pages of the runs are forgotten too."""
    fields = await form_of(request)
    if fields.get("all") == "yes":
        desk.history.delete()
        desk.forget()
    elif entry_id := fields.get("id"):
        desk.history.delete([entry_id])
        desk.forget(entry_id)
    return RedirectResponse("/history", 303)


@router.get("/export")
def export(desk: TheState) -> Response:
    """Everything that is kept, as JSON Lines."""
    headers = {"content-disposition": 'attachment; filename="raredx-history.jsonl"'}
    return StreamingResponse(desk.history.export(), media_type="application/x-ndjson", headers=headers)
