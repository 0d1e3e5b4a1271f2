"""Pictures for the documentation, of the product as it ships; RAREDX_DOC_IMAGES=1 renews those in docs/images."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import look, screenshots
from PIL import Image
from playwright.sync_api import Page, expect

from raredxr1.data import EXAMPLES
from raredxr1.diagnose.model import open_model
from raredxr1.diagnose.names import open_names
from raredxr1.serve.product import Product
from raredxr1.serve.settings import Settings
from serving import listening

pytestmark = pytest.mark.slow

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDTH, HEIGHT = 1280, 800
MOST = 150_000
"""Bytes of one picture."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with listening(
        Product({"shipped": open_model()}, open_names()), Settings(folder=tmp_path_factory.mktemp("data"))
    ) as address:
        yield address


def picture(page: Page, name: str) -> None:
    """Check that the picture fits its place, and renew it where that is asked for."""
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(64)
    small = io.BytesIO()
    taken.save(small, "PNG", optimize=True)
    assert len(small.getvalue()) < MOST
    if os.environ.get("RAREDX_DOC_IMAGES"):
        IMAGES.mkdir(exist_ok=True)
        (IMAGES / name).write_bytes(small.getvalue())
    with Image.open(IMAGES / name) as kept:
        assert kept.size == taken.size
    assert (IMAGES / name).stat().st_size < MOST


def test_the_pictures_of_the_documentation(open_page: Callable[..., Page], shipped: str, tmp_path: Path) -> None:
    page = open_page(shipped, WIDTH)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.fill("#note", (EXAMPLES / "rett_letter.txt").read_text(encoding="utf-8"))
    page.click("button.main")
    expect(page.locator("#headline")).to_contain_text("Rett syndrome")
    page.wait_for_load_state("load")
    last = page.locator(".model .ranking > li.none").bounding_box()
    assert last and last["y"] + last["height"] <= HEIGHT, "the whole ranking is in view without scrolling"
    picture(page, "page.png")
    look(page, "shipped-result", screenshots(tmp_path))
    page.click("#why-1 > summary")
    expect(page.locator("#why-1 .evidence")).to_be_visible()
    look(page, "shipped-candidate", screenshots(tmp_path))
    page.click("#why-1 .compare-with")
    expect(page.locator("#compare thead th")).to_have_count(3)
    page.wait_for_timeout(500)  # the page scrolls there by itself, and slowly
    page.evaluate("document.getElementById('compare').scrollIntoView({ block: 'start', behavior: 'instant' })")
    page.wait_for_function("document.getElementById('compare').getBoundingClientRect().top < 60")
    page.wait_for_timeout(300)
    picture(page, "compare.png")
