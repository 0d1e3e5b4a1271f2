"""How model servers are named."""

import pytest

from raredxr1.diagnose.servers.address import is_server, parse_server
from raredxr1.errors import InputError


@pytest.mark.parametrize(
    ("written", "urls", "model"),
    [
        ("openai:http://127.0.0.1:8000/v1#a/b:c", ["http://127.0.0.1:8000/v1"], "a/b:c"),
        ("openai:http://127.0.0.1:8000#m", ["http://127.0.0.1:8000/v1"], "m"),
        ("openai:https://x.org/v1/chat/completions#m", ["https://x.org/v1"], "m"),
        ("openai:http://localhost:1,http://localhost:2/v1#m", ["http://localhost:1/v1", "http://localhost:2/v1"], "m"),
        ("ollama:qwen3:14b", ["http://127.0.0.1:11434/v1"], "qwen3:14b"),
        ("llamacpp", ["http://127.0.0.1:8080/v1"], ""),
        ("llamacpp@http://10.0.0.7:9000", ["http://10.0.0.7:9000/v1"], ""),
        ("vllm:Qwen/Qwen3-14B", ["http://127.0.0.1:8000/v1"], "Qwen/Qwen3-14B"),
        ("vllm:m@https://gpu.example/v1", ["https://gpu.example/v1"], "m"),
        ("lmstudio", ["http://127.0.0.1:1234/v1"], ""),
    ],
)
def test_names_of_servers(written: str, urls: list[str], model: str) -> None:
    assert is_server(written)
    address = parse_server(written)
    assert (list(address.urls), address.model) == (urls, model)


@pytest.mark.parametrize("path", ["work/model", "./vllm-export", "models/ollama", "C:\\models\\x", "llamacpp.bin"])
def test_paths_are_no_servers(path: str) -> None:
    assert not is_server(path)


def test_what_leaves_the_machine_is_known() -> None:
    assert parse_server("ollama:m").remote_hosts == []
    assert parse_server("openai:http://[::1]:8000/v1#m").remote_hosts == []
    assert parse_server("openai:http://127.0.0.1/v1,https://gpu.example/v1#m").remote_hosts == ["gpu.example"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("openai:ftp://x#m", "write openai:URL#model"),
        ("openai:http://[bad#m", "is no URL"),
        ("openai:http://me:secret@x/v1#m", "keep keys out of the URL"),
        ("openai:http://x/v1?key=secret#m", "keep keys out of the URL"),
        ("ollama:", "name the model"),
        ("ollama", "name the model"),
    ],
)
def test_wrong_names_are_refused_without_repeating_a_key(wrong: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        parse_server(wrong)
    assert "secret" not in str(error.value)


def test_a_key_is_never_sent_unencrypted_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sesame")
    with pytest.raises(InputError, match="use https"):
        parse_server("openai:http://gpu.example/v1#m")
    parse_server("openai:http://127.0.0.1:8000/v1#m")
    parse_server("openai:https://gpu.example/v1#m")
