"""Browser tests run wherever there is a Chromium; in CI there must be one."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser import CHROMIUM
from playwright.sync_api import Browser, Page, expect, sync_playwright

from raredxr1.knowledge import KnowledgeBase
from tiny_knowledge import make_tiny_kb

collect_ignore_glob = [] if CHROMIUM or os.environ.get("CI") else ["test_*_in_browser.py"]


def pytest_report_header() -> str:
    """Say whether pages are looked at."""
    return f"pages are tested in {CHROMIUM}" if CHROMIUM else "pages are not tested: no Chromium on this machine"


@pytest.fixture(scope="session")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("kb"))


@pytest.fixture(scope="module")  # no longer: while it is open, an event loop runs in this thread
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "no Chromium: apt-get install chromium"
    expect.set_options(timeout=600_000)  # a busy machine is no failure
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]  # else one is emulated, which takes a tenth of the time
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags, timeout=600_000)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages; in the end nothing may have been complained of, and nothing asked for elsewhere."""
    said: list[str] = []
    asked: list[str] = []
    contexts = []

    def opened(address: str, width: int = 1280, scheme: Any = "light", **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(600_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    # Chromium also says so when a page comes with the status of a refusal
    assert [line for line in said if "the server responded with a status of 4" not in line] == []
    assert [url for url in asked if not url.startswith("http://127.0.0.1:")] == []
