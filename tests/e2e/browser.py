"""The machine's own browser, where pictures of pages go, and what is looked for on every page."""

import os
import shutil
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from serving import NOTE

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


def screenshots(fallback: Path) -> Path:
    """Where pictures go: $RAREDX_SCREENSHOTS, so that CI can keep them."""
    folder = Path(os.environ.get("RAREDX_SCREENSHOTS") or fallback)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def look(page: Page, name: str, folder: Path, repeated: str = "") -> None:
    """Check what must hold for every page, and take its picture.

    `repeated` selects parts that axe-core, which takes seconds for a long page, and the picture need not see: of forms
    that stand before them.
    """
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
    assert grave(page) == [], name
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def grave(page: Page) -> list[str]:
    """What axe-core calls serious or critical on a page: rule, how many places, and the first of them."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    # names, roles and order are the same in the dark: what may differ there is contrast, which takes most of the time
    # and which no width changes; LOW_CONTRAST looks at it everywhere
    wanted: dict[str, object] = {"runOnly": ["color-contrast"]} if dark else {}
    if not dark and page.viewport_size and page.viewport_size["width"] != OF_COLOURS:
        wanted = {"rules": {"color-contrast": {"enabled": False}}}
    found = Axe().run(page, options={"resultTypes": ["violations"], **wanted}).response["violations"]
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


def lit(page: Page, kind: str) -> list[str]:
    """Words of the note that are lit; `kind` is for, against or open."""
    return [text.split("(")[0].strip() for text in page.locator(f"#note-text .{kind}-it").all_inner_texts()]
