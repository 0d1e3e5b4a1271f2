"""What stands between the network and the application: who may ask, how much, and what the answer may do in a browser.

- The Host header must name this machine where no token is asked for: a web page elsewhere whose name is made to resolve
  to 127.0.0.1 (DNS rebinding) is refused. With a token it would get nowhere, having neither token nor cookie, and a
  proxy in front may keep the name it is called by.
- A request that changes anything and that a browser sent must come from this server's own pages (Origin,
  Sec-Fetch-Site), which is what protects it from forged requests; programs send neither header.
- Where a token is asked for, it is compared in constant time; a browser gets a cookie for it on the sign-in page.
- Bodies are read whole, up to a limit in bytes and in time, before anybody acts on them.
- Every answer carries a strict content security policy and is not to be cached; static files excepted.
- A failure becomes one line that names no words of a note. The log has the route, never the address asked for.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from raredxr1.errors import InputError, place_of
from raredxr1.serve.metrics import Metrics
from raredxr1.serve.sessions import Sessions, same
from raredxr1.serve.settings import LOOPBACK_NAMES, Settings
from raredxr1.serve.templating import PREFIX, problem

log = logging.getLogger("raredx.serve")

COOKIE = "raredx_session"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with none at all, forms of our own pages have the origin "null"
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_SAFE = {"GET", "HEAD", "OPTIONS"}
_OPEN = ("/v1/health", "/login", "/static/")
_JOBS = "/v1/jobs"


class _RefusedError(Exception):
    """A request that is not passed on."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


class Guard:
    """ASGI middleware; see the module."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, sessions: Sessions) -> None:
        self._app, self._settings, self._metrics, self._sessions = app, settings, metrics, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0
        prefix = self._settings.root_path
        if prefix and (scope["path"] + "/").startswith(prefix + "/"):  # a proxy that passes the whole address on
            scope = {**scope, "path": scope["path"].removeprefix(prefix) or "/"}
        PREFIX.set(prefix)
        is_head = scope["method"] == "HEAD"
        if is_head:  # what GET would say, without its body; routers of FastAPI know GET alone
            scope = {**scope, "method": "GET"}

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                _harden(headers, scope["path"])
                if headers.get("location", "").startswith("/"):
                    headers["location"] = prefix + headers["location"]
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        try:
            self._check(scope)
            await self._app(scope, await self._whole_body(scope, receive), answer)
        except _RefusedError as refused:
            await _say(scope, receive, answer, refused.status, refused.detail, refused.headers)
        except InputError as error:
            await _say(scope, receive, answer, 422, str(error))
        except Exception as error:  # the last line of defence: its message may hold words of a note
            log.error("failed: %s", place_of(error))
            if not status:
                await _say(scope, receive, answer, 500, "failed; the server's log says where")
        finally:
            route = _route(scope)
            method = "HEAD" if is_head else scope["method"]
            self._metrics.requested(route, method, status)
            log.info("%s %s %d %.0f ms", method, route, status, 1000 * (time.perf_counter() - started))

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        token, path = self._settings.token, scope["path"]
        if token is None and _name(host) not in {*LOOPBACK_NAMES, self._settings.host.strip("[]")}:
            raise _RefusedError(421, "this server answers to the names of this machine only")
        if scope["method"] not in _SAFE and not _own(headers, host):
            raise _RefusedError(403, "sent by a page of another site")
        if token is None or any(path == p or (p.endswith("/") and path.startswith(p)) for p in _OPEN):
            return
        if not self._shows(headers, token):
            if wants_page(scope) and scope["method"] == "GET":
                raise _RefusedError(303, "sign in", {"location": "/login"})
            raise _RefusedError(401, "show the token: Authorization: Bearer ...", {"www-authenticate": "Bearer"})

    def _shows(self, headers: Headers, token: str) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return same(given.strip(), token)
        return self._sessions.is_open(cookie_of(headers))

    async def _whole_body(self, scope: Scope, receive: Receive) -> Receive:
        """Read the body, and give what plays it back and then listens on."""
        if scope["method"] in _SAFE:
            return receive
        limit = self._settings.job_body_bytes if scope["path"] == _JOBS else self._settings.body_bytes
        too_large = _RefusedError(413, f"a body of more than {limit:,} bytes")
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _RefusedError(400, "the body broke off")
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > limit:
                        raise too_large
        except TimeoutError:
            raise _RefusedError(408, f"the body took more than {self._settings.body_seconds:g} s") from None
        played = False

        async def replay() -> Message:
            nonlocal played
            if not played:
                played = True
                return {"type": "http.request", "body": bytes(body), "more_body": False}
            return await receive()

        return replay


def cookie_of(headers: Headers) -> str:
    """The session cookie of a request; empty where it has none."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _name(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _own(headers: Headers, host: str) -> bool:
    """Whether a browser says that a page of this server sent the request, or no browser did."""
    if (site := headers.get("sec-fetch-site")) is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == host


def _harden(headers: MutableHeaders, path: str) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("cache-control", "no-cache" if path.startswith("/static/") else "no-store")


def _route(scope: Scope) -> str:
    """The route's pattern: an address may hold words somebody looked up."""
    if scope["path"].startswith("/static/"):
        return "/static"
    return getattr(scope.get("route"), "path", "unmatched")


def wants_page(scope: Scope) -> bool:
    """Whether a browser asks for something to show, and not a program for data."""
    return "text/html" in Headers(scope=scope).get("accept", "") and not scope["path"].startswith("/v1/")


async def _say(
    scope: Scope, receive: Receive, send: Send, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> None:
    said = problem(detail, status) if wants_page(scope) else JSONResponse({"detail": detail}, status)
    said.headers.update(headers or {})
    await said(scope, receive, send)
