"""Templates become pages; what every page shares is put in here."""

from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment

from raredxr1 import lazy_re as re
from raredxr1.diagnose.output import glossary, sentences, words
from raredxr1.diagnose.output.pages import environment, gene_page, outside
from raredxr1.diagnose.result import DISCLAIMER
from raredxr1.serve.app_state import AppState

PREFIX: ContextVar[str] = ContextVar("prefix", default="")
"""What stands before the addresses of the request being answered; set by the guard."""
_OWN_ADDRESS = re.compile(r"""(\s(?:href|action|formaction|src|data-events|hx-(?:get|post|put|delete))=")/(?!/)""")


def page(desk: AppState, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """Render a page or a part of one."""
    shared = {"recording": desk.history.recording, "signed_in": desk.settings.token is not None}
    return HTMLResponse(_prefixed(_templates().get_template(template).render(**shared, **facts)), status)


def problem(detail: str, status: int, signed_in: bool = False) -> HTMLResponse:
    """A page for people that says what went wrong; it needs neither a session nor the history."""
    sentence = f"{detail[:1].upper()}{detail[1:].rstrip('.')}."
    facts = {"recording": None, "signed_in": signed_in, "detail": sentence, "status": status}
    return HTMLResponse(_prefixed(_templates().get_template("problem.html.j2").render(**facts)), status)


def _prefixed(markup: str) -> str:
    """A page whose own addresses start with what a reverse proxy puts before them.

    Quotation marks of texts are escaped by the templates, so nothing but an attribute of theirs can match.
    """
    prefix = PREFIX.get()
    return _OWN_ADDRESS.sub(rf"\g<1>{prefix}/", markup) if prefix else markup


@cache
def _templates() -> Environment:
    templates = environment(Path(__file__).parent / "templates")
    templates.filters |= {"outside": outside, "gene_page": gene_page}
    templates.globals |= {"words": words, "sentences": sentences, "gloss": glossary, "disclaimer": DISCLAIMER}
    return templates
