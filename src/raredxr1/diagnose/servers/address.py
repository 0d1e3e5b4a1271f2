"""Names of language-model servers: `openai:URL#MODEL`, and short names with the usual ports of each kind of server.

| written | means |
|---|---|
| `openai:http://127.0.0.1:8000/v1#my-model` | any OpenAI-compatible server; several URLs are joined by commas |
| `ollama:qwen3:14b` | Ollama on this machine, port 11434 |
| `llamacpp`, `vllm`, `lmstudio` | the server's one model on this machine, ports 8080, 8000, 1234 |
| `vllm:NAME`, `vllm:NAME@URL`, `llamacpp@URL` | a model, or a server elsewhere |
"""

import os
import urllib.parse
from dataclasses import dataclass

from raredxr1.errors import InputError

KEY_VARIABLE = "OPENAI_API_KEY"
_SHORT = {
    "ollama": "http://127.0.0.1:11434/v1",
    "llamacpp": "http://127.0.0.1:8080/v1",
    "vllm": "http://127.0.0.1:8000/v1",
    "lmstudio": "http://127.0.0.1:1234/v1",
}
_LOOPBACK = ("localhost", "::1")


@dataclass(frozen=True)
class ServerAddress:
    """Where a model is served.

    Attributes:
        written: the name as the user wrote it.
        urls: base URLs up to and without /chat/completions; requests are spread over them.
        model: as the server calls it; empty: the one model it serves.
        key_variable: environment variable that holds the key, if the server wants one.
    """

    written: str
    urls: tuple[str, ...]
    model: str
    key_variable: str = KEY_VARIABLE

    @property
    def remote_hosts(self) -> list[str]:
        """Hosts that are not this machine: what is sent there leaves it."""
        hosts = [urllib.parse.urlsplit(url).hostname or "" for url in self.urls]
        return [host for host in dict.fromkeys(hosts) if not is_loopback(host)]


def is_server(name: object) -> bool:
    """Whether a model's name is that of a server rather than a path."""
    written = str(name)
    return written.startswith("openai:") or written.partition(":")[0].partition("@")[0] in _SHORT


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine."""
    return host in _LOOPBACK or host.startswith("127.")


def parse_server(name: str, key_variable: str = KEY_VARIABLE) -> ServerAddress:
    """Take a server's name apart.

    Raises:
        InputError: no URL, a key in the URL, or a key that would be sent unencrypted to another machine.
    """
    kind, colon, rest = name.partition(":")
    if kind == "openai" and colon:
        where, _, model = rest.partition("#")
    else:
        kind, _, elsewhere = kind.partition("@")
        if kind not in _SHORT:
            raise InputError(f"{name}: no model server; write openai:URL#model or one of {', '.join(_SHORT)}")
        if elsewhere:  # llamacpp@http://host:8080: the colon belongs to the URL
            where, model = elsewhere + colon + rest, ""
        else:
            model, _, where = rest.partition("@")
            where = where or _SHORT[kind]
        if kind == "ollama" and not model:
            raise InputError(f"{name}: name the model too, such as ollama:qwen3:14b")
    return ServerAddress(name, tuple(_base(url, name, key_variable) for url in where.split(",")), model, key_variable)


def _base(url: str, name: str, key_variable: str) -> str:
    try:
        parts = urllib.parse.urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(f"{name}: {url} is no URL") from error
    if parts.scheme not in ("http", "https") or not host:
        raise InputError(f"{name}: write openai:URL#model, such as openai:http://127.0.0.1:8000/v1#my-model")
    if parts.username or parts.password or parts.query:
        raise InputError(f"openai:{parts.scheme}://{host}...: keep keys out of the URL; they come from {key_variable}")
    if parts.scheme == "http" and not is_loopback(host) and os.environ.get(key_variable):
        raise InputError(f"{name}: the key in {key_variable} would be sent unencrypted; use https")
    base = url.strip().rstrip("/").removesuffix("/chat/completions")
    return base if parts.path.strip("/") else f"{base}/v1"
