"""The machine's own browser, where pictures of pages go, and what is looked for on every page."""

import os
import shutil
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from serving import NOTE

FORM = "application/x-www-form-urlencoded"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""Playwright's own would have to be downloaded."""
LOW_CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (color) => {
    if (!known.has(color)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      known.set(color, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(color);
  };
  const light = (color) => {
    const [r, g, b] = rgba(color).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if (rgba(color)[3] === 255) return color;
    }
    return "white";
  };
  const low = [];
  for (const field of document.querySelectorAll("[placeholder]")) {
    const style = getComputedStyle(field, "::placeholder");
    const [a, b] = [light(style.color), light(behind(field))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push(`placeholder of ${field.id}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest(".hidden, .skip")) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(style.color), light(behind(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) {
      low.push(`${element.tagName}.${element.className}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
    }
  }
  return low;
}"""
"""Texts whose contrast with what is behind them is under what WCAG 2 asks for at level AA (1.4.3)."""
NAMELESS = """() => [...document.querySelectorAll("button, input:not([type=hidden]), textarea, a, summary")]
  .filter((e) => !(e.textContent.trim() || e.ariaLabel || (e.labels && e.labels.length)))
  .map((e) => e.outerHTML)"""
"""What can be operated and has no name for a screen reader (4.1.2)."""

BEYOND_THE_EDGE = """(width) => [...document.querySelectorAll("main *")]
  .filter((e) => e.checkVisibility() && !e.closest(".hidden") && e.getBoundingClientRect().right > width + 1)
  .map((e) => e.outerHTML.slice(0, 80))"""


OF_COLOURS = 1280
"""Width at which axe-core looks at the contrast of light pages."""
OF_WIDTH = ("scrollable-region-focusable",)
"""Rules of axe-core that a page may keep at one width and break at another."""


def screenshots(fallback: Path) -> Path:
    """Where pictures of what failed go: $RAREDX_SCREENSHOTS, so that CI can keep them."""
    folder = Path(os.environ.get("RAREDX_SCREENSHOTS") or fallback)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def look(page: Page, name: str, folder: Path, repeated: str = "", rules: Sequence[str] | None = None) -> None:
    """Check what must hold for every page; of one for which it does not hold, take a picture.

    `repeated` selects parts that axe-core, which takes seconds for a long page, need not see: of forms that stand
    before them. `rules` are those of axe-core to keep to; without them, those that can be broken here.
    """
    try:
        check(page, name, repeated, rules)
    except AssertionError:
        page.screenshot(path=folder / f"{name}.png", full_page=True)
        raise


def check(page: Page, name: str, repeated: str, rules: Sequence[str] | None) -> None:
    """What `look` looks for."""
    page.wait_for_load_state("load")  # the style sheet too
    size = page.viewport_size
    assert size is not None
    width = size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than the screen"
    beyond = page.evaluate(BEYOND_THE_EDGE, width)
    assert beyond == [], f"{name} has parts beyond the edge of the screen: {beyond}"
    assert page.evaluate(LOW_CONTRAST) == [], name
    assert page.evaluate(NAMELESS) == [], name
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(set(ids)) == len(ids), f"{name} has an id twice"
    if repeated:
        page.evaluate("(parts) => document.querySelectorAll(parts).forEach((e) => e.remove())", repeated)
    assert grave(page, rules) == [], name


def look_around(page: Page, name: str, folder: Path, *widths: int) -> None:
    """Look at a page at several widths, and in the dark at the first of them.

    Axe-core looks at it whole at the first width; at the others at what a width changes, and at contrast in the dark
    once, where the page is wide.
    """
    first = page.viewport_size
    look(page, f"{name}-light", folder)
    page.emulate_media(color_scheme="dark")
    look(page, f"{name}-dark", folder, rules=None if first and first["width"] == OF_COLOURS else ())
    page.emulate_media(color_scheme="light")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        look(page, f"{name}-light-{width}", folder, rules=OF_WIDTH)
    if first and widths:
        page.set_viewport_size(first)


def grave(page: Page, rules: Sequence[str] | None = None) -> list[str]:
    """What axe-core calls serious or critical on a page: rule, how many places, and the first of them."""
    if rules is not None and not rules:
        return []
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    # names, roles and order are the same in the dark: what may differ there is contrast, which takes most of the time
    # and which no width changes; LOW_CONTRAST looks at it everywhere
    wanted: dict[str, object] = {"runOnly": ["color-contrast"]} if dark else {}
    if not dark and page.viewport_size and page.viewport_size["width"] != OF_COLOURS:
        wanted = {"rules": {"color-contrast": {"enabled": False}}}
    if rules is not None:
        wanted = {"runOnly": list(rules)}
    script = "0" if page.evaluate("typeof axe === 'object'") else AXE_SCRIPT  # half a megabyte, once a page
    found = Axe(script).run(page, options={"resultTypes": ["violations"], **wanted}).response["violations"]
    return [
        f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def diagnose(page: Page, note: str = NOTE, form: str = "short") -> None:
    page.fill("#note", note)
    page.check(f"input[value={form}]")
    page.click("button.main")
    expect(page.locator(".model .ranking")).to_be_visible()
    page.wait_for_load_state("load")  # the style sheet too


def result(open_page: Callable[..., Page], address: str, *width: int, note: str = NOTE, **more: Any) -> Page:
    """The page of a result, asked for without the form: a page less to open."""
    asked = HTTPConnection(urlsplit(address).netloc)
    asked.request("POST", "/diagnose", urlencode({"note": note, "form": "short"}), {"Content-Type": FORM})
    page = open_page(address + (asked.getresponse().headers["location"] or ""), *width, **more)
    asked.close()
    expect(page.locator(".model .ranking")).to_be_visible()
    page.wait_for_load_state("load")  # the style sheet too
    return page


def lit(page: Page, kind: str) -> list[str]:
    """Words of the note that are lit; `kind` is for, against or open."""
    return [text.split("(")[0].strip() for text in page.locator(f"#note-text .{kind}-it").all_inner_texts()]
