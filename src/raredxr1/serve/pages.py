"""The first page of the web interface: a note in, a diagnosis started. What comes of it is shown by `pages_run`.

Pages are rendered here; htmx and a small script add what needs no reload. Everything works without them, but for the
streamed reasoning (the page then reloads until the answer is there) and the highlighting.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Literal, cast, get_args
from urllib.parse import parse_qs

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from raredxr1.data import EXAMPLES
from raredxr1.diagnose import Model
from raredxr1.diagnose.calibration import MEAN, Measured
from raredxr1.diagnose.deidentify import deidentify
from raredxr1.diagnose.inputs import read_input
from raredxr1.diagnose.limits import read_text
from raredxr1.diagnose.result import Redaction
from raredxr1.errors import InputError
from raredxr1.schemas import Form
from raredxr1.serve import models
from raredxr1.serve.api import TheState
from raredxr1.serve.app_state import AppState
from raredxr1.serve.product import Order
from raredxr1.serve.requests import AskOptions
from raredxr1.serve.run_state import Run
from raredxr1.serve.templating import page
from raredxr1.serve.worker import BusyError

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_QUICK = 0.8
"""Seconds to wait for a quick answer before a page of a running diagnosis is shown."""
_CHOICES = ("model", "form", "crr", "redacted")
"""Fields of the form that say how to ask; whoever asks again asks so again."""


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a submitted form, the last value of each."""
    body = (await request.body()).decode("utf-8", "surrogateescape")
    return {key: values[-1] for key, values in parse_qs(body, keep_blank_values=True).items()}


@router.get("/")
def home(desk: TheState, example: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The form."""
    return _home(desk, _examples().get(example, ""))


@router.post("/diagnose")
async def ask(request: Request, desk: TheState) -> Response:
    """Start a diagnosis and go to its page; a note that cannot be used comes back with the reason."""
    fields = await form_of(request)
    text = fields.get("note", "")
    chosen = {key: fields[key] for key in _CHOICES if key in fields}
    try:
        given = await run_in_threadpool(read_input, text.encode("utf-8", "surrogateescape"), "note")
        named = fields.get("model") or None
        model = desk.product.named(named)
        options = asked_options(fields, model).options(model)
        order = Order(given, "note", options, redactions=_redactions(chosen), model=named)
        run = desk.visit(order, _shown(text), chosen).run
    except InputError as error:
        return _home(desk, text, str(error).removeprefix("note: "), 422, chosen)
    except BusyError as busy:
        problem = f"Too many notes wait for the model; try again in {busy.seconds} s"
        answer = _home(desk, text, problem, 429, chosen)
        answer.headers["retry-after"] = str(busy.seconds)
        return answer
    await _wait(run, _QUICK)
    if run.failure and run.failure.status == 422:
        desk.forget(run.id)
        return _home(desk, text, run.failure.detail.removeprefix("note: "), 422, chosen)
    return RedirectResponse(f"/runs/{run.id}", 303)


def asked_options(fields: Mapping[str, str], model: Model) -> AskOptions:
    """How the form asks: what it leaves open is as it is for the API and the command line."""
    form = fields.get("form")
    return AskOptions(
        form=cast(Form, form) if form in model.forms else None,
        crr={"on": True, "off": False}.get(fields.get("crr", "")),
    )


@router.post("/read")
async def read_file(request: Request, name: Annotated[str, Query(max_length=200)] = "file") -> JSONResponse:
    """Give the words of a file (PDF, Word, RTF, HTML, any usual encoding of text), for the field of the form."""
    text, notices = await asyncio.to_thread(read_text, await request.body(), name)
    return JSONResponse({"text": text, "notices": notices})


@router.post("/deidentify")
async def clean(request: Request, desk: TheState) -> Response:
    """Give the note back without names, dates and the like, to be looked over before anything reads it."""
    fields = await form_of(request)
    text = _shown(fields.get("note", ""))
    try:
        async with asyncio.timeout(desk.settings.time_limit):
            cleaned = await to_thread.run_sync(deidentify, text, abandon_on_cancel=True)
    except TimeoutError:
        problem = f"Taking names out took more than {desk.settings.time_limit:g} s; give the part that matters"
        return _home(desk, text, problem, 422)
    chosen = {key: fields[key] for key in _CHOICES if key in fields}
    chosen["redacted"] = " ".join(f"{one.kind}:{one.count}" for one in cleaned.redactions)
    return _home(desk, cleaned.note, chosen=chosen, cleaned=cleaned.redactions)


def _redactions(chosen: Mapping[str, str]) -> list[Redaction]:
    """What `clean` replaced, as the form carries it: "name:2 date:1"."""
    pairs = [part.partition(":") for part in chosen.get("redacted", "")[:200].split()]
    return [Redaction(kind=kind, count=int(count)) for kind, _, count in pairs if count.isdecimal() and int(count)]


async def _wait(run: Run, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            async for _ in run.follow():
                continue


def _home(
    desk: AppState,
    text: str,
    problem: str = "",
    status: int = 200,
    chosen: Mapping[str, str] | None = None,
    cleaned: Sequence[Redaction] | None = None,
) -> HTMLResponse:
    """The form with a note in it.

    Args:
        desk: what answers.
        text: the note.
        problem: why it could not be used.
        status: of the answer.
        chosen: how it was to be asked.
        cleaned: what was replaced in it just now.
    """
    product = desk.product
    forms = [form for form in get_args(Form) if any(form in model.forms for model in product.models.values())]
    first = product.model.forms[0]
    return page(
        desk,
        "home.html.j2",
        status,
        note=_shown(text),
        problem=problem,
        chosen={"model": "", "form": first, "crr": "", "redacted": "", **(chosen or {})},
        cleaned=cleaned,
        examples=_examples(),
        forms=sorted(forms, key=lambda form: form != first),
        hears_others=_hears_others(list(product.models.values())),
        measured={name: rows for name, model in product.models.items() if (rows := _measured(model))},
        models=product.models,
        sends_to=models.sends_to,
        privacy=models.privacy(product.models),
        knowledge=product.names.kb.version,
    )


def _hears_others(offered: Sequence[Model]) -> Literal["always", "sometimes", "never"]:
    """For which of their forms the models hear other opinions without being asked to."""
    heard = [AskOptions(form=form).options(model).crr is not None for model in offered for form in model.forms]
    return "always" if all(heard) else "sometimes" if any(heard) else "never"


def _measured(model: Model) -> list[tuple[str, Measured]]:
    """How often each way of ranking was right when its calibration was fitted, each set of cases weighing the same."""
    ways = {"model, calibrated": "the model alone", "CRR, fitted fusion": "with other opinions"}
    rows = model.fitted.measured if model.fitted and model.server is None else []
    return [(ways[row.system], row) for row in rows if row.cases == MEAN and row.system in ways]


def _shown(text: str) -> str:
    """A text as a page can hold it: bytes that are no UTF-8 become question marks."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@cache
def _examples() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.txt"))}
