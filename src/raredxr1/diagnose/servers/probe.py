"""What kind of server answers, and how much its model can read.

Nothing of a note is sent here. llama.cpp says its context at /props, vLLM beside its models, Ollama at /api/show; an
unknown server is taken to read `ASSUMED_CONTEXT` tokens.
"""

from dataclasses import dataclass
from typing import Any, Literal

import httpx2 as httpx

from raredxr1.diagnose.servers.client import Client
from raredxr1.errors import InputError

Kind = Literal["llama.cpp", "Ollama", "vLLM", "OpenAI-compatible"]
ASSUMED_CONTEXT = 8192
_SECONDS = 5.0


@dataclass(frozen=True)
class ServerFacts:
    """What a server says of itself.

    Attributes:
        kind: of the server.
        model: the model's name there.
        context_length: tokens of prompt and answer together.
        stated: the server states that length; else it is assumed.
    """

    kind: Kind
    model: str
    context_length: int
    stated: bool


def probe(client: Client, wanted: str) -> ServerFacts:
    """Ask a server what it is.

    Args:
        client: with the base URL.
        wanted: the model's name; empty: the one model it serves.

    Raises:
        InputError: nothing answers, it has no such model, or several and none was named.
    """
    cards = client.model_cards()
    served = [str(card.id) for card in cards]
    if not wanted and len(served) != 1:
        listed = ", ".join(served[:10]) or "none"
        raise InputError(f"{client.endpoint.url}: name one of its models ({listed})")
    model = wanted or served[0]
    card = next((one for one in cards if one.id == model), None)
    root = client.endpoint.url.removesuffix("/v1")
    with httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False) as web:
        kind, context = _told(web, root, model, card)
    if card is None and kind in ("Ollama", "vLLM") and f"{model}:latest" not in served:
        raise InputError(f"{client.endpoint.url}: has no model {model}; it serves {', '.join(served[:10]) or 'none'}")
    return ServerFacts(kind, model, context or ASSUMED_CONTEXT, context is not None)


def _told(web: httpx.Client, root: str, model: str, card: Any) -> tuple[Kind, int | None]:
    extra = (getattr(card, "model_extra", None) or {}) if card is not None else {}
    if length := _number(extra.get("max_model_len")):
        return "vLLM", length
    props = _json(web, "GET", f"{root}/props")
    if length := _number((props.get("default_generation_settings") or {}).get("n_ctx")):
        return "llama.cpp", length
    if _json(web, "GET", f"{root}/api/version").get("version"):
        # Ollama serves a window of its own choosing unless the Modelfile sets num_ctx; what it loads is at /api/ps
        loaded = _json(web, "GET", f"{root}/api/ps").get("models") or []
        running: dict[str, Any] = next(
            (one for one in loaded if str(one.get("name", "")).removesuffix(":latest") == model), {}
        )
        shown = _json(web, "POST", f"{root}/api/show", {"model": model})
        return "Ollama", _number(running.get("context_length")) or _num_ctx(str(shown.get("parameters", "")))
    return "OpenAI-compatible", None


def _num_ctx(parameters: str) -> int:
    """The window a Modelfile sets; else Ollama's usual 4,096."""
    for line in parameters.splitlines():
        name, _, value = line.strip().partition(" ")
        if name == "num_ctx" and value.strip().isdigit():
            return int(value)
    return 4096


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _json(web: httpx.Client, method: str, url: str, body: Any = None) -> dict[str, Any]:
    try:
        answer = web.request(method, url, json=body)
        found = answer.json() if answer.status_code == 200 else {}
    except (httpx.HTTPError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
