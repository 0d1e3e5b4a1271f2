"""Who may ask: host names, other sites' pages, tokens; and what every answer tells a browser."""

import stat
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from raredxr1.errors import InputError
from raredxr1.serve.app import create_app
from raredxr1.serve.product import Product
from raredxr1.serve.sessions import Sessions
from raredxr1.serve.settings import Settings, access_token, is_loopback
from serving import NOTE

TOKEN = "a-token-of-a-good-length"


def cookie_until(ends: int, token: str | None = None) -> str:
    """A cookie that ends then."""
    return Sessions(token or TOKEN, Path())._sealed(ends, "0")


@pytest.fixture
def guarded(product: Product, tmp_path: Path) -> TestClient:
    settings = Settings(host="0.0.0.0", token=TOKEN, folder=tmp_path)
    return TestClient(create_app(product, settings), base_url="http://ward-7.example", follow_redirects=False)


# --- hosts and other sites ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST"])
def test_this_machine_is_known_by_its_names(client: TestClient, host: str) -> None:
    assert client.get("/v1/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "[::1", "0.0.0.0"])
def test_a_name_made_to_point_here_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/v1/health", headers={"host": host}).status_code == 421


def test_with_a_token_a_proxy_may_keep_the_name_it_is_called_by(product: Product, tmp_path: Path) -> None:
    """The name proves nothing then and opens nothing: without the token all are refused alike."""
    app = create_app(product, Settings(token=TOKEN, folder=tmp_path))
    with TestClient(app, base_url="https://rare.ward.example") as client:
        assert client.get("/v1/version").status_code == 401
        shown = {"authorization": f"Bearer {TOKEN}"}
        assert client.get("/v1/version", headers=shown).status_code == 200
        own = {**shown, "origin": "https://rare.ward.example"}
        assert client.post("/v1/diagnose", json={"note": NOTE}, headers=own).status_code == 200
        foreign = {**shown, "origin": "https://evil.example"}
        assert client.post("/v1/diagnose", json={"note": NOTE}, headers=foreign).status_code == 403


def test_an_open_address_without_a_token_serves_nobody_else(product: Product, tmp_path: Path) -> None:
    """`raredx serve` asks for a token there; an application that is made by hand without one stays closed."""
    app = create_app(product, Settings(host="0.0.0.0", folder=tmp_path))
    with TestClient(app, base_url="http://ward-7.example") as client:
        assert client.get("/v1/version").status_code == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://localhost"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "http://localhost"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://localhost"}, 403),
    ],
)
def test_only_pages_of_this_server_may_change_anything(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert client.post("/v1/diagnose", json={"note": NOTE}, headers=headers).status_code == status
    assert client.get("/v1/version", headers=headers).status_code == 200, "reading is safe: no script may see it"


@pytest.mark.parametrize("path", ["/", "/v1/version", "/static/page.js", "/nowhere", "/history"])
def test_every_answer_keeps_browsers_strict(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {policy["script-src"], policy["style-src"], policy["connect-src"], policy["form-action"]} == {"'self'"}
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/", "/?example=rett_clinic", "/history", "/knowledge?q=Rett+syndrome", "/login"])
def test_pages_hold_no_script_and_no_style_of_their_own(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    assert all('src="/static/' in tag for tag in text.split("<script")[1:])
    assert "http://" not in text.split("</head>")[0] + text.split("</head>")[0]


# --- what an address can reach --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2f..%2ferrors.py",
        "/static/....//settings.py",
        "/static//etc/passwd",
        "/runs/..%2f..%2fhistory.sqlite/export/json",
        "/runs/x/export/..%2f..%2ftoken",
        "/v1/jobs/..%2f..%2ftoken/results",
        "/?example=../../../errors",
    ],
)
def test_no_address_reaches_a_file_it_should_not(client: TestClient, settings: Settings, path: str) -> None:
    (settings.folder / "token").write_text("the token itself\n")
    answer = client.get(path)
    assert answer.status_code in (200, 404)
    assert "the token itself" not in answer.text
    assert "import " not in answer.text
    assert "root:" not in answer.text


# --- tokens ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.7", False),
        ("ward-7.example", False),
    ],
)
def test_only_loopback_addresses_go_without_a_token(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": TOKEN},
        {"cookie": "raredx_session=wrong"},
        {"cookie": f"raredx_session={TOKEN}"},
        {"cookie": "=;;;\x7f"},
        {"authorization": "Bearer " + "ä"},
    ],
)
def test_without_the_token_nothing_is_told(guarded: TestClient, headers: dict[str, str]) -> None:
    with guarded:
        sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        for method, path in (
            ("POST", "/v1/diagnose"),
            ("GET", "/v1/version"),
            ("GET", "/v1/jobs"),
            ("GET", "/history"),
        ):
            answer = guarded.request(method, path, headers=sent)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch, guarded: TestClient) -> None:
    """Both the token and the session go through hmac.compare_digest, and through nothing else."""
    compared: list[tuple[bytes, bytes]] = []
    session = cookie_until(2**33)

    def compare(given: bytes, wanted: bytes) -> bool:
        compared.append((given, wanted))
        return False

    monkeypatch.setattr("raredxr1.serve.sessions.hmac.compare_digest", compare)
    with guarded:
        assert guarded.get("/v1/version", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 401
        assert guarded.get("/v1/version", headers={"cookie": f"raredx_session={session}"}).status_code == 401
        assert guarded.post("/login", data={"token": TOKEN}).status_code == 401
    assert compared == [(x.encode(), x.encode()) for x in (TOKEN, session, TOKEN)]


def test_the_token_opens_the_api_and_health_needs_none(guarded: TestClient) -> None:
    with guarded:
        assert guarded.get("/v1/health").status_code == 200
        shown = {"authorization": f"Bearer {TOKEN}"}
        assert guarded.post("/v1/diagnose", json={"note": NOTE}, headers=shown).status_code == 200


def test_a_browser_signs_in_once(guarded: TestClient) -> None:
    with guarded:
        asked = guarded.get("/", headers={"accept": "text/html"})
        assert (asked.status_code, asked.headers["location"]) == (303, "/login")
        assert guarded.get("/login").status_code == 200
        wrong = guarded.post("/login", data={"token": "wrong"})
        assert wrong.status_code == 401
        assert "set-cookie" not in wrong.headers
        before = int(time.time())
        right = guarded.post("/login", data={"token": TOKEN})
        cookie = right.headers["set-cookie"]
        ends = int(cookie.partition("=")[2].partition(".")[0])
        assert before <= ends - 12 * 3600 <= time.time()
        assert TOKEN not in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert guarded.get("/").status_code == 200
        copied = {"cookie": cookie.partition(";")[0]}
        assert guarded.get("/v1/version", headers=copied).status_code == 200
        guarded.post("/logout")
        guarded.cookies.clear()
        assert guarded.get("/", headers={"accept": "text/html"}).status_code == 303
        assert guarded.get("/v1/version", headers=copied).status_code == 401


def test_a_session_that_was_signed_out_stays_so_when_the_server_starts_anew(tmp_path: Path) -> None:
    sessions = Sessions(TOKEN, tmp_path)
    first, second = sessions.open(), sessions.open()
    assert first != second
    sessions.close(first)
    sessions.close("made up")
    anew = Sessions(TOKEN, tmp_path)
    assert not anew.is_open(first)
    assert anew.is_open(second)
    assert stat.S_IMODE((tmp_path / "signed-out").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("cookie", "opens"),
    [
        (cookie_until(2**33), True),
        (cookie_until(1_700_000_000), False),
        (cookie_until(2**33, "another-token-of-length"), False),
        (cookie_until(1_700_000_000).replace("1700000000", "2700000000"), False),
        ("9" * 5000, False),
        ("٢٧.", False),
        (".", False),
    ],
    ids=["ours", "ended", "of another token", "end moved", "too long", "no ASCII", "empty"],
)
def test_a_session_ends_and_cannot_be_made_up(guarded: TestClient, cookie: str, opens: bool) -> None:
    with guarded:
        headers = [(b"cookie", f"raredx_session={cookie}".encode())]
        assert guarded.get("/v1/version", headers=headers).status_code == (200 if opens else 401)


def test_the_token_is_made_once_and_is_private(tmp_path: Path) -> None:
    token = access_token(tmp_path / "new")
    path = tmp_path / "new" / "token"
    assert len(token) >= 40
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert access_token(tmp_path / "new") == token
    path.chmod(0o644)
    access_token(tmp_path / "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_too_short_to_be_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("short\n")
    with pytest.raises(InputError, match="16 characters or more"):
        access_token(tmp_path)


@pytest.mark.parametrize(
    "path", ["/", "/history", "/v1/health", "/static/page.css", "/v1/knowledge/search?q=ataxia", "/nowhere"]
)
def test_head_says_what_get_would_without_its_body(client: TestClient, path: str) -> None:
    got, asked = client.get(path), client.head(path)
    assert asked.status_code == got.status_code
    assert asked.content == b""
    assert asked.headers["content-type"] == got.headers["content-type"]
    assert client.head("/diagnose").status_code == 405
