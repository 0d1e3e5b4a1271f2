"""The other pages: HPO terms to add, what the knowledge base says, signing in."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from raredxr1.errors import InputError
from raredxr1.knowledge.describe import describe
from raredxr1.knowledge.lookup import lookup
from raredxr1.knowledge.names import plain
from raredxr1.knowledge.search import Hit, search
from raredxr1.serve import guard, sessions
from raredxr1.serve.api import TheState
from raredxr1.serve.pages import form_of
from raredxr1.serve.templating import page

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_MOST_SUGGESTED = 8
_ALIKE = 75.0
"""Score from which on a name that shares no word with what was typed is taken for a spelling of it."""
_LEAST_LETTERS = 3


# --- looking up ------------------------------------------------------------------------------------------------------


@router.get("/terms")
def terms(
    desk: TheState, run: Annotated[str, Query(max_length=64)], q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """HPO terms that resemble some words, to be added to a run's findings."""
    found = search(desk.product.names.kb, q, 60, "term")
    hits = [hit for hit in found if hit.kind == "term" and _fits(hit, q)][:_MOST_SUGGESTED]
    return page(desk, "terms.html.j2", hits=hits, q=q.strip(), run_id=run)


def _fits(hit: Hit, text: str) -> bool:
    """Whether a name is what was looked for, or has a word of it, and is not only spelt a little like it."""
    matched = plain(hit.matched).split()
    asked = [word for word in plain(text).split() if len(word) >= _LEAST_LETTERS]
    return hit.score >= _ALIKE or any(word.startswith(one) for word in matched for one in asked)


@router.get("/knowledge")
def knowledge(desk: TheState, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """What the knowledge base says of a disease or a term; else names like it."""
    kb = desk.product.names.kb
    facts: dict[str, Any] = {"q": q, "disease": None, "term": None, "notes": [], "hits": [], "version": kb.version}
    if q.strip():
        try:
            found = lookup(kb, q)
        except InputError:
            facts["hits"] = search(kb, q, 20)
        else:
            facts["notes"] = found.notes
            facts |= {"hits": search(kb, q, 20)} if found.kind == "gene" else {found.kind: describe(kb, found)}
    return page(desk, "knowledge.html.j2", **facts)


# --- signing in ------------------------------------------------------------------------------------------------------


@router.get("/login")
def login(desk: TheState) -> Response:
    """Ask for the token, where one is needed."""
    return page(desk, "login.html.j2", problem="")


@router.post("/login")
async def sign_in(request: Request, desk: TheState) -> Response:
    """Give a browser that shows the token its cookie."""
    given = (await form_of(request)).get("token", "").strip()
    token = desk.settings.token
    if token is None:
        return RedirectResponse("/", 303)
    if not sessions.same(given, token):
        return page(desk, "login.html.j2", 401, problem="That is not the token.")
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        guard.COOKIE,
        desk.sessions.open(),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        max_age=sessions.SECONDS,
    )
    return answer


@router.post("/logout")
def sign_out(request: Request, desk: TheState) -> Response:
    """Take the cookie back, and any copy of it."""
    desk.sessions.close(guard.cookie_of(request.headers))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(guard.COOKIE)
    return answer
