"""Asking a server: the official `openai` client, with retries, a rate, reasons for every failure, and streaming.

The key comes from the environment alone and is sent to nobody but the server named. Requests that fail for a passing
reason (429, 5xx, no answer) are sent again, later each time. A refusal, a timeout or an unreadable answer is a `Reply`
with its reason, so that nothing is lost.
"""

import os
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import httpx2 as httpx
import openai

from raredxr1.diagnose.servers.address import KEY_VARIABLE
from raredxr1.errors import InputError

Status = Literal["ok", "failed", "timeout", "refused"]
Piece = tuple[Literal["thinking", "text"], str]
Sent = Generator[Piece, None, tuple["Reply", float | None]]
"""Pieces of an answer; at last the reply, and how long to pause before the next attempt (None: no further one)."""
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_NO_KEY = "none"
_UNSAID = (
    "OpenAI-Organization", "OpenAI-Project",
    *(f"X-Stainless-{what}" for what in (
        "Lang", "Package-Version", "OS", "Arch", "Runtime", "Runtime-Version", "Async", "Retry-Count", "Read-Timeout"
    )),
)  # fmt: skip
"""Headers of the client library that tell a server about this machine, or carry one account's ids to another server."""


@dataclass(frozen=True)
class Endpoint:
    """Where to ask, and how patiently.

    Attributes:
        url: up to and without /chat/completions.
        model: as the endpoint calls it.
        rate: requests a minute; None: as fast as answers come.
        timeout: seconds to wait for one answer; of a stream, for its next piece.
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


@dataclass(frozen=True)
class Reply:
    """What came back: a text, or why there is none.

    Attributes:
        text: the answer, without what a reasoning model thought before it.
        thinking: that thought, where the server keeps it apart.
        status: ok, or the kind of failure.
        reason: of a failure.
        truncated: the limit of tokens was reached.
        prompt_tokens: read.
        tokens: generated.
        retries: times the request was sent again.
    """

    text: str = ""
    status: Status = "ok"
    reason: str = ""
    truncated: bool = False
    prompt_tokens: int = 0
    tokens: int = 0
    retries: int = 0
    thinking: str = ""


class Client:
    """Asks one endpoint, never faster than its rate. One thread at a time."""

    def __init__(self, endpoint: Endpoint, sleep: Callable[[float], None] = time.sleep) -> None:
        """Take the endpoint; `sleep` is for tests."""
        self.endpoint, self._sleep = endpoint, sleep
        self._next = 0.0
        # a redirect would carry the note and the key to another machine
        web = httpx.Client(follow_redirects=False, timeout=endpoint.timeout, trust_env=False)
        key = os.environ.get(endpoint.key_variable)
        self._headers = {name: openai.Omit() for name in (_UNSAID if key else (*_UNSAID, "Authorization"))}
        self._api = openai.OpenAI(
            base_url=endpoint.url,
            api_key=key or _NO_KEY,
            max_retries=0,
            timeout=endpoint.timeout,
            http_client=web,
        )

    def ask(self, system: str, user: str, seed: int, **more: Any) -> Reply:
        """Send one conversation and wait for the whole answer.

        Args:
            system: the system message.
            user: the user's.
            seed: of sampling.
            more: further fields of the request, such as `response_format`; or others in place of the usual ones.

        Raises:
            InputError: the endpoint refuses the key, the model or the address for good.
        """
        sent = self._patiently(lambda attempt: self._once(system, user, seed, attempt, more))
        while True:
            try:
                next(sent)
            except StopIteration as end:
                return cast(Reply, end.value)

    def stream(self, system: str, user: str, seed: int, **more: Any) -> Generator[Piece, None, Reply]:
        """Send one conversation; gives the answer's pieces as they come, and returns the whole.

        A request is sent again only while nothing of its answer has come. Close the generator to stop the server.

        Raises:
            InputError: see `ask`.
        """
        return (yield from self._patiently(lambda attempt: self._pieces(system, user, seed, attempt, more)))

    def model_cards(self) -> Sequence[Any]:
        """What the server says of each of its models.

        Raises:
            InputError: it cannot be reached, or does not say.
        """
        try:
            return list(self._api.models.list(extra_headers=self._headers).data or [])
        except openai.APIStatusError as error:
            raise InputError(f"{self.endpoint.url}: answers {error.status_code} when asked for its models") from error
        except (openai.APIError, ValueError, TypeError, AttributeError) as error:
            raise InputError(f"{self.endpoint.url}: no model server answers there ({type(error).__name__})") from error

    def cost(self, reply: Reply) -> float | None:
        """Price of a reply; None where prices are not known."""
        if self.endpoint.price_in is None or self.endpoint.price_out is None:
            return None
        said = reply.prompt_tokens * self.endpoint.price_in + reply.tokens * self.endpoint.price_out
        return round(said / 1e6, 8)

    # --- one request -------------------------------------------------------------------------------------------------

    def _patiently(self, send: Callable[[int], Sent]) -> Generator[Piece, None, Reply]:
        """Send again what failed for a passing reason, while nothing of an answer has come."""
        reply, pause, begun = Reply(status="failed", reason="never asked"), None, False
        for attempt in range(self.endpoint.attempts):
            if pause is not None:
                self._sleep(pause)
            self._wait()
            pieces = send(attempt)
            try:
                while True:
                    piece = next(pieces)
                    begun = True
                    yield piece
            except StopIteration as end:
                reply, pause = cast(tuple[Reply, float | None], end.value)
            if pause is None or begun:
                return reply
        return reply

    def _wait(self) -> None:
        if self.endpoint.rate:
            now = time.monotonic()
            if self._next > now:
                self._sleep(self._next - now)
            self._next = max(now, self._next) + 60 / self.endpoint.rate

    def _request(self, system: str, user: str, seed: int, more: dict[str, Any]) -> dict[str, Any]:
        return {
            "model": self.endpoint.model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "temperature": self.endpoint.temperature,
            "seed": seed,
            "max_tokens": self.endpoint.max_tokens,
            "extra_headers": self._headers,
        } | more

    def _once(self, system: str, user: str, seed: int, attempt: int, more: dict[str, Any]) -> Sent:
        """Send it once, and wait for the whole."""
        yield from ()
        try:
            answer = self._api.chat.completions.with_raw_response.create(**self._request(system, user, seed, more))
            return read_reply(answer.http_response.json(), attempt), None
        except Exception as error:  # sorted by kind below; anything else is raised again
            return self._failed(error, attempt)

    def _pieces(self, system: str, user: str, seed: int, attempt: int, more: dict[str, Any]) -> Sent:
        """Send it once, and give the pieces of its answer as they come."""
        text, thinking, ended, usage = "", "", None, None
        request = self._request(system, user, seed, more) | {"stream": True, "stream_options": {"include_usage": True}}
        try:
            with self._api.chat.completions.create(**request) as chunks:
                for chunk in chunks:
                    usage = chunk.usage or usage
                    if not chunk.choices:
                        continue
                    choice = chunk.choices[0]
                    ended = choice.finish_reason or ended
                    said = choice.delta.model_extra or {}
                    thought = said.get("reasoning_content") or said.get("reasoning") or ""
                    if isinstance(thought, str) and thought:
                        thinking += thought
                        yield "thinking", thought
                    if choice.delta.content:
                        text += choice.delta.content
                        yield "text", choice.delta.content
        except Exception as error:  # as above
            reply, pause = self._failed(error, attempt)
            return replace(reply, text=text, thinking=thinking), pause
        if ended is None:
            reason = "the server broke off in the middle of its answer"
            return Reply(text, "failed", reason, thinking=thinking, retries=attempt), min(2.0**attempt, 60.0)
        counted = {"prompt_tokens": usage.prompt_tokens, "tokens": usage.completion_tokens} if usage else {}
        reply = Reply(text, truncated=ended == "length", thinking=thinking, retries=attempt, **counted)
        if ended == "content_filter":
            reply = replace(reply, text="", status="refused", reason="the model refused")
        return reply, None

    def _failed(self, error: Exception, attempt: int) -> tuple[Reply, float | None]:
        """What a failure means; see `Sent`.

        Raises:
            InputError: the endpoint refuses for good.
        """
        later = min(2.0**attempt, 60.0)
        if isinstance(error, openai.APIStatusError):
            return self._refused(error, attempt, later)
        if isinstance(error, openai.APITimeoutError | httpx.TimeoutException | TimeoutError):
            return Reply(status="timeout", reason=f"no answer in {self.endpoint.timeout:g} s", retries=attempt), later
        if isinstance(error, openai.APIConnectionError | httpx.TransportError | ConnectionError):
            cause = type(error.__cause__ or error).__name__
            return Reply(status="failed", reason=f"no connection ({cause})", retries=attempt), later
        if isinstance(error, openai.APIError | ValueError):
            return Reply(status="failed", reason="the endpoint's answer is no JSON", retries=attempt), later
        raise error

    def _refused(self, error: openai.APIStatusError, attempt: int, later: float) -> tuple[Reply, float | None]:
        code = error.status_code
        if code in (401, 403, 404):
            raise InputError(
                f"{self.endpoint.url}: answers {code} ({error.response.reason_phrase}): look at the address, the "
                f"model and {self.endpoint.key_variable}"
            ) from error
        reply = Reply(status="failed", reason=f"the endpoint answers {code}", retries=attempt)
        if code not in _PASSING:
            return reply, None
        stated = error.response.headers.get("Retry-After", "")
        return reply, min(float(stated), 300.0) if stated.replace(".", "", 1).isdigit() else later


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
        thinking = message.get("reasoning_content") or message.get("reasoning") or ""
        ended = choice.get("finish_reason")
        refusal = message.get("refusal")
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        return Reply(status="failed", reason="the endpoint's answer is no chat completion", retries=retries)
    if refusal or ended == "content_filter":
        return Reply(status="refused", reason="the model refused", **counted)
    return Reply(text=str(text), truncated=ended == "length", thinking=str(thinking), **counted)
