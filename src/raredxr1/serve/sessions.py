"""Sessions of browsers that showed the token: a sealed cookie, and a list of those that were signed out.

A cookie says when it ends and carries a number of its own; the seal is keyed by the token. Nothing about open sessions
is kept, so they outlive the server; a session that is signed out is noted in a private file until it would have ended,
so that a copy of its cookie opens nothing.
"""

import hashlib
import hmac
import secrets
import threading
import time
from pathlib import Path

from raredxr1.serve.settings import private_file

SESSIONS_FILE = "signed-out"
SECONDS = 12 * 3600


def same(given: str, wanted: str) -> bool:
    """Compare secrets in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


class Sessions:
    """The sessions of one server; safe to use from several threads."""

    def __init__(self, token: str | None, folder: Path) -> None:
        """Take what seals cookies, and where the list of those signed out is kept."""
        self._token, self._path = token or "", folder / SESSIONS_FILE
        self._lock = threading.Lock()
        self._ended: dict[str, int] | None = None

    def open(self) -> str:
        """Make a cookie."""
        return self._sealed(int(time.time()) + SECONDS, secrets.token_hex(8))

    def is_open(self, cookie: str) -> bool:
        """Whether a cookie is one of ours, has not ended and was not signed out."""
        ends, number, _ = (*cookie.split("."), "", "")[:3]
        known = ends.isascii() and ends.isdecimal() and len(ends) < 13 and number.isascii() and number.isalnum()
        if not known or not same(cookie, self._sealed(int(ends), number)) or int(ends) <= time.time():
            return False
        with self._lock:
            return cookie not in self._list()

    def close(self, cookie: str) -> None:
        """Sign a session out, for good; a cookie that opens nothing is ignored."""
        if not self.is_open(cookie):
            return
        with self._lock:
            ended = {c: ends for c, ends in self._list().items() if ends > time.time()}
            ended[cookie] = int(cookie.partition(".")[0])
            self._ended = ended
            private_file(self._path).write_text("".join(f"{one}\n" for one in ended), encoding="ascii")

    def _list(self) -> dict[str, int]:
        """Cookies that were signed out, and when they would have ended."""
        if self._ended is None:
            lines = self._path.read_text("ascii", "replace").split() if self._path.is_file() else []
            self._ended = {line: int(e) for line in lines if (e := line.partition(".")[0]).isdecimal()}
        return self._ended

    def _sealed(self, ends: int, number: str) -> str:
        seal = hmac.new(self._token.encode(), f"raredx page session {number} until {ends}".encode(), hashlib.sha256)
        return f"{ends}.{number}.{seal.hexdigest()}"
