"""The ASGI application: the guard around the API and the pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from raredxr1.diagnose.result import DISCLAIMER
from raredxr1.errors import InputError, faults
from raredxr1.serve import api, api_jobs, api_knowledge, pages, pages_history, pages_other, pages_run, reference
from raredxr1.serve.app_state import AppState
from raredxr1.serve.guard import Guard, wants_page
from raredxr1.serve.product import Product
from raredxr1.serve.settings import Settings
from raredxr1.serve.templating import problem
from raredxr1.version import VERSION

_STATIC = Path(__file__).parent / "static"


def create_app(product: Product, settings: Settings) -> FastAPI:
    """Make the application; its worker starts and ends with it.

    Raises:
        InputError: at start-up, another server works in the same folder.
    """
    desk = AppState(product, settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        desk.open()
        try:
            yield
        finally:
            desk.close()

    app = FastAPI(
        title="RareDxR1",
        version=VERSION,
        description=f"Rare-disease differentials from clinical notes, on this machine. {DISCLAIMER}",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's pages load scripts from elsewhere; `reference` is ours
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    app.state.desk = desk
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(InputError, _unusable)
    app.add_exception_handler(HTTPException, _refused)
    for router in (
        api.router,
        api_knowledge.router,
        api_jobs.router,
        pages.router,
        pages_run.router,
        pages_history.router,
        pages_other.router,
        reference.router,
    ):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC))
    app.add_middleware(_guard, settings=settings, desk=desk)
    return app


def _guard(app: ASGIApp, settings: Settings, desk: AppState) -> Guard:
    return Guard(app, settings, desk.metrics, desk.sessions)


async def _invalid(request: Request, error: Exception) -> Response:
    """Say where a request is wrong, and do not repeat what it says: that may be a note."""
    assert isinstance(error, RequestValidationError)
    return _said(request, faults(error.errors(), 5), 422)


async def _unusable(request: Request, error: Exception) -> Response:
    return _said(request, str(error), 422)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = _said(request, str(error.detail), error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def _said(request: Request, detail: str, status: int) -> Response:
    """One line as JSON, or, to a browser that wants to show a page, as one."""
    if wants_page(request.scope):
        signed_in = request.app.state.desk.settings.token is not None
        return problem(detail, status, signed_in)
    return JSONResponse({"detail": detail}, status)
