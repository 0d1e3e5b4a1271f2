"""The folder where the server keeps what must outlive it; nobody but its owner may look inside."""

import os
import secrets
from pathlib import Path

from raredxr1.errors import InputError

TOKEN_FILE = "token"
_LEAST_TOKEN = 16


def private_file(path: Path) -> Path:
    """Make a file that only its owner can read and write, if it is not there yet; its folder too.

    Raises:
        InputError: the folder or the file cannot be made, or the file's mode cannot be set.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
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
