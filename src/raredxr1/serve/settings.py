"""Where the server listens, what it keeps where, and how much it takes at once."""

import ipaddress
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from raredxr1.errors import InputError, writing
from raredxr1.runstore import data_folder

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Settings:
    """All of it, with the defaults of `raredx serve`."""

    host: str = "127.0.0.1"
    port: int = 8080
    root_path: str = ""
    """What a reverse proxy puts before every address, such as /raredx; empty: nothing."""
    token: str | None = None
    """What every request must show; None: nothing (only on a loopback address)."""
    folder: Path = field(default_factory=data_folder)
    """Holds the history, the batch jobs and the token; readable by its owner alone."""
    body_bytes: int = 1_000_000
    """A request's body; a note has its own, lower limit (`diagnose.limits`)."""
    job_body_bytes: int = 20_000_000
    """The body of a new batch job."""
    job_items: int = 1_000
    jobs: int = 100
    """Batch jobs kept at once; more are refused until some are deleted."""
    queue: int = 8
    """Requests that may wait for the model; one more is refused with 429."""
    time_limit: float = 120.0
    """Seconds a request may take, its time in the queue included."""
    body_seconds: float = 30.0
    """Seconds the body of a request may take to arrive."""
    runs_kept: int = 100
    """Pages of finished runs kept in memory; they are gone when the server stops."""
    abandoned_after: float = 10.0
    """Seconds after which a run that nobody watches is stopped."""


def is_loopback(host: str) -> bool:
    """Whether an address is one of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


TOKEN_FILE = "token"
_LEAST_TOKEN = 16


def private_file(path: Path) -> Path:
    """Make a file that only its owner can read and write, if it is not there yet; its folder too.

    Raises:
        InputError: the folder or the file cannot be made, or the file's mode cannot be set.
    """
    with writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    return path


def access_token(folder: Path) -> str:
    """Read the token that requests from other machines must show; made on first use.

    Raises:
        InputError: it cannot be read or written, or is too short to be one.
    """
    path = private_file(folder / TOKEN_FILE)
    try:
        token = path.read_text(encoding="ascii").strip()
        if not token:
            token = secrets.token_urlsafe(32)
            path.write_text(token + "\n", encoding="ascii")
    except (OSError, UnicodeError) as error:
        raise InputError(f"{path}: no token can be read from it; remove it to get a new one") from error
    if len(token) < _LEAST_TOKEN:
        raise InputError(f"{path}: a token needs {_LEAST_TOKEN} characters or more; remove it to get a new one")
    return token
