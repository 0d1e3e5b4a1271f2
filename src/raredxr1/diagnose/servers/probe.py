"""What kind of server answers, and how much its model can read.

Nothing of a note is sent here. llama.cpp says its context at /props, vLLM beside its models, Ollama at /api/show; any
other server is taken to read `ASSUMED_CONTEXT` tokens. `transformers serve` is known by its routes: it does not list
the model it was started with, and takes a JSON schema without holding the model to it.
"""

from dataclasses import dataclass
from typing import Any, Literal

import httpx2 as httpx

from raredxr1.diagnose.servers.client import Client
from raredxr1.errors import InputError

Kind = Literal["llama.cpp", "Ollama", "vLLM", "transformers", "OpenAI-compatible"]
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

    @property
    def constrains(self) -> bool:
        """Whether it may be able to hold its model to a JSON schema; a server that cannot at all mostly refuses one."""
        return self.kind != "transformers"


def probe(client: Client, wanted: str) -> ServerFacts:
    """Ask a server what it is.

    Args:
        client: with the base URL.
        wanted: the model's name; empty: the one model it serves.

    Raises:
        InputError: nothing answers, it has no such model, or several and none was named.
    """
    root = client.endpoint.url.removesuffix("/v1")
    with httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False) as web:
        if _is_transformers(web, root):
            return _of_transformers(web, client.endpoint.url, wanted)
    cards = client.model_cards()
    served = [str(card.id) for card in cards]
    if not wanted and len(served) != 1:
        listed = ", ".join(served[:10]) or "none"
        raise InputError(f"{client.endpoint.url}: name one of its models ({listed})")
    model = wanted or served[0]
    card = next((one for one in cards if one.id == model), None)
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


def _is_transformers(web: httpx.Client, root: str) -> bool:
    paths = _json(web, "GET", f"{root}/openapi.json").get("paths")
    return isinstance(paths, dict) and {"/load_model", "/v1/chat/completions"} <= paths.keys()


def _of_transformers(web: httpx.Client, url: str, wanted: str) -> ServerFacts:
    """What `transformers serve` says; its list of models is that of a download cache, so the model is tried instead."""
    if not wanted:
        raise InputError(
            f"{url}: transformers serve does not list its model; name it as it was started, openai:URL#NAME"
        )
    asked = {"model": wanted, "messages": [{"role": "user", "content": "."}], "max_tokens": 1}
    try:
        answer = web.post(f"{url}/chat/completions", json=asked)
    except httpx.TimeoutException:
        pass  # a large model, or one that is loaded now
    except httpx.HTTPError as error:
        raise InputError(f"{url}: no model server answers there ({type(error).__name__})") from error
    else:
        if answer.status_code != 200:
            raise InputError(f"{url}: answers {answer.status_code} when asked for the model {wanted}")
    return ServerFacts("transformers", wanted, ASSUMED_CONTEXT, False)


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
