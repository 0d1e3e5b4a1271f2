"""Any model behind an OpenAI-compatible endpoint (POST URL/chat/completions), asked as ours is, in its own words.

The key comes from the environment alone and is sent to nobody else. Requests are spaced by the rate given; those that
fail for a passing reason (429, 5xx, no answer) are sent again, later each time. A refusal, a timeout or an unreadable
answer is a row with its reason. Standard library only.
"""

import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from raredxr1 import dialogue
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.rows import Answer, Prediction, Status, Text
from raredxr1.schemas import Candidate, Form, ProblemKind

KEY_VARIABLE = "OPENAI_API_KEY"
FORMAT: dict[Form, str] = {
    "short": "Write nothing but:\n<answer>\n1. name of the most likely disease\n2. next name\n...\n</answer>",
    "full": (
        "Write exactly in this form, with quotes copied from the note, + for present and - for absent findings, and "
        "findings referred to by number:\n<think>\nFindings\n"
        '1 + "words of the note" = HPO term\nHypotheses\nname | for 1 2 | against 3 | awaited finding; finding\n'
        "Weigh\none or two sentences\n</think>\n"
        "<answer>\n1. name of the most likely disease\n2. next name\n...\n</answer>"
    ),
}
ONE_NAME = "One disease a line, its name only, at most ten lines."
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


@dataclass(frozen=True)
class Endpoint:
    """Where to ask, and how patiently.

    Attributes:
        url: up to and without /chat/completions.
        model: as the endpoint calls it.
        rate: requests a minute; None: as fast as answers come.
        timeout: seconds to wait for one answer.
        attempts: times a request is sent at most.
        price_in: price of a million prompt tokens; None: not known.
        price_out: price of a million generated tokens.
        max_tokens: generated tokens at most.
        key_variable: environment variable that holds the key.
        temperature: 0 to evaluate; above 0 the endpoint samples.
    """

    url: str
    model: str
    rate: float | None = None
    timeout: float = 120.0
    attempts: int = 5
    price_in: float | None = None
    price_out: float | None = None
    max_tokens: int = 1024
    key_variable: str = KEY_VARIABLE
    temperature: float = 0.0


def parse_system(name: str, key_variable: str = KEY_VARIABLE) -> tuple[str, str]:
    """Take "openai:URL#model" apart.

    Raises:
        InputError: no URL, no model, a key in the URL, or plain http to another machine.
    """
    url, _, model = name.removeprefix("openai:").partition("#")
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not model:
        raise InputError(f"--system {name}: write openai:URL#model, such as openai:http://127.0.0.1:8000/v1#my-model")
    if parts.username or parts.password or parts.query:
        raise InputError("--system openai: keep keys out of the URL; they come from the environment")
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme == "http" and not local and os.environ.get(key_variable):
        raise InputError(f"--system {name}: a key would be sent unencrypted; use https")
    return url.rstrip("/").removesuffix("/chat/completions"), model


@dataclass(frozen=True)
class Reply:
    """What came back: a text, or why there is none."""

    text: str = ""
    status: Status = "ok"
    reason: str = ""
    truncated: bool = False
    prompt_tokens: int = 0
    tokens: int = 0
    retries: int = 0


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another machine."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


class Client:
    """Asks one endpoint, never faster than its rate."""

    def __init__(self, endpoint: Endpoint, sleep: Callable[[float], None] = time.sleep) -> None:
        """Take the endpoint; `sleep` is for tests."""
        self.endpoint, self._sleep = endpoint, sleep
        self._next = 0.0
        self._opener = urllib.request.build_opener(_NoRedirects)

    def ask(self, system: str, user: str, seed: int) -> Reply:
        """Send one conversation.

        Raises:
            InputError: the endpoint refuses the key, the model or the address for good.
        """
        body = {
            "model": self.endpoint.model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "temperature": self.endpoint.temperature,
            "seed": seed,
            "max_tokens": self.endpoint.max_tokens,
        }
        reply = Reply(status="failed", reason="never asked")
        for attempt in range(self.endpoint.attempts):
            self._wait()
            reply, pause = self._once(body, attempt)
            if pause is None:
                return reply
            if attempt + 1 < self.endpoint.attempts:
                self._sleep(pause)
        return reply

    def _wait(self) -> None:
        if self.endpoint.rate:
            now = time.monotonic()
            if self._next > now:
                self._sleep(self._next - now)
            self._next = max(now, self._next) + 60 / self.endpoint.rate

    def _once(self, body: dict[str, Any], attempt: int) -> tuple[Reply, float | None]:
        """Send it once: the reply, and how long to pause before the next attempt (None: no further one)."""
        later = min(2.0**attempt, 60.0)
        request = urllib.request.Request(
            f"{self.endpoint.url}/chat/completions", json.dumps(body).encode(), self._headers()
        )
        try:
            with self._opener.open(request, timeout=self.endpoint.timeout) as answer:
                data = json.load(answer)
        except urllib.error.HTTPError as error:
            return self._refused(error, attempt, later)
        except TimeoutError:
            return self._timeout(attempt), later
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError) as error:
            if isinstance(error, urllib.error.URLError) and isinstance(error.reason, TimeoutError):
                return self._timeout(attempt), later
            return Reply(status="failed", reason=f"no connection ({type(error).__name__})", retries=attempt), later
        except ValueError:
            return Reply(status="failed", reason="the endpoint's answer is no JSON", retries=attempt), later
        return read_reply(data, attempt), None

    def _timeout(self, attempt: int) -> Reply:
        return Reply(status="timeout", reason=f"no answer in {self.endpoint.timeout:g} s", retries=attempt)

    def _refused(self, error: urllib.error.HTTPError, attempt: int, later: float) -> tuple[Reply, float | None]:
        if error.code in (401, 403, 404):
            raise InputError(
                f"{self.endpoint.url}: answers {error.code} ({error.reason}): look at the address, the model and "
                f"{self.endpoint.key_variable}"
            ) from error
        reply = Reply(status="failed", reason=f"the endpoint answers {error.code}", retries=attempt)
        if error.code not in _PASSING:
            return reply, None
        stated = error.headers.get("Retry-After", "")
        return reply, min(float(stated), 300.0) if stated.replace(".", "", 1).isdigit() else later

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(self.endpoint.key_variable):
            headers["Authorization"] = f"Bearer {key}"
        return headers

    def cost(self, reply: Reply) -> float | None:
        """Price of a reply; None where prices are not known."""
        if self.endpoint.price_in is None or self.endpoint.price_out is None:
            return None
        said = reply.prompt_tokens * self.endpoint.price_in + reply.tokens * self.endpoint.price_out
        return round(said / 1e6, 8)


def read_reply(data: Any, retries: int) -> Reply:
    """Read the body of a chat completion; whatever is wrong with it becomes a reason."""
    try:
        choice = data["choices"][0]
        message = choice["message"]
        usage = data.get("usage") or {}
        counted: dict[str, Any] = {
            "prompt_tokens": int(usage.get("prompt_tokens") or 0),
            "tokens": int(usage.get("completion_tokens") or 0),
            "retries": retries,
        }
        text = message.get("content") or ""
        ended = choice.get("finish_reason")
        refusal = message.get("refusal")
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        return Reply(status="failed", reason="the endpoint's answer is no chat completion", retries=retries)
    if refusal or ended == "content_filter":
        return Reply(status="refused", reason="the model refused", **counted)
    return Reply(text=str(text), truncated=ended == "length", **counted)


class OpenAISystem:
    """A model behind an endpoint as a system."""

    batch = 1

    def __init__(self, name: str, client: Client, names: Names, form: Form = "short", seed: int = 0) -> None:
        """Take the endpoint, what names are linked to, and the form to ask for."""
        self.name, self._client, self._names, self._form, self._seed = name, client, names, form, seed

    def facts(self) -> dict[str, Any]:
        """The endpoint and its model."""
        endpoint = self._client.endpoint
        return {"name": endpoint.model, "url": endpoint.url, "sha256": None}

    def predict(self, items: Sequence[Item]) -> list[Prediction]:
        """Ask for each case in turn."""
        return [self._asked(item) for item in items]

    def _asked(self, item: Item) -> Prediction:
        system = f"{dialogue.system_line(self._form, 'differential')}\n{FORMAT[self._form]}\n{ONE_NAME}"
        reply = self._client.ask(system, item.note, self._seed)
        common: dict[str, Any] = {
            "case_id": item.key,
            "prompt_tokens": reply.prompt_tokens,
            "tokens": reply.tokens,
            "retries": reply.retries,
            "cost": self._client.cost(reply),
            "form": self._form,
        }
        if reply.status != "ok":
            return Prediction(status=reply.status, reason=reply.reason, **common)
        turn = dialogue.parse(answer_last(reply.text), item.note, self._form, truncated=reply.truncated)
        read = link_turn(turn, self._names)
        empty = read.has(ProblemKind.UNPARSED) and not reply.text.strip()
        return Prediction(
            status="failed" if empty else "ok",
            reason="an empty answer" if empty else "",
            answer=[Answer.model_validate(c.model_dump(include=set(Candidate.model_fields))) for c in read.answer],
            findings=read.findings,
            problems=read.problems,
            turns=[Text(role="turn", text=reply.text, truncated=reply.truncated)],
            **common,
        )


def answer_last(text: str) -> str:
    """Drop what stands before the last answer block of a model that thinks aloud in other words than ours."""
    start = text.rfind(dialogue.ANSWER)
    return text if start < 0 or dialogue.THINK in text else text[start:]
