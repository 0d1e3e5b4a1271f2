"""The pages in a real browser: by mouse, by keyboard, narrow, dark, on paper; strict policy, nothing from elsewhere."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, screenshots
from playwright.sync_api import Browser, Page, expect, sync_playwright

from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.settings import Settings
from serving import NOTE, HeldEngine, listening, make_product
from tiny_knowledge import make_tiny_kb

Open = Callable[..., Page]

LOW_CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
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
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest(".hidden, .skip, .words")) continue;
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
NAMELESS = """() => [...document.querySelectorAll("button, input:not([type=hidden]), textarea, a, summary")]
  .filter((e) => !(e.textContent.trim() || e.ariaLabel || (e.labels && e.labels.length)))
  .map((e) => e.outerHTML)"""


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("kb"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "no Chromium: apt-get install chromium"
    expect.set_options(timeout=60_000)  # a busy machine is no failure
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with listening(make_product(kb), Settings(folder=tmp_path_factory.mktemp("data"))) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens pages; in the end nothing may have been complained of, and nothing asked for elsewhere."""
    said: list[str] = []
    asked: list[str] = []
    contexts = []

    def opened(address: str, width: int = 1280, scheme: Any = "light", **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith("http://127.0.0.1:")] == []


def diagnose(page: Page, note: str = NOTE, form: str = "short") -> None:
    page.fill("#note", note)
    page.check(f"input[value={form}]")
    page.click("button.main")
    expect(page.locator(".model .ranking")).to_be_visible()


def lit(page: Page, kind: str) -> list[str]:
    return page.locator(f"#note-text mark.{kind}").all_inner_texts()


def test_pointing_at_a_disease_lights_what_speaks_for_and_against_it(open_page: Open, address: str) -> None:
    page = open_page(address)
    diagnose(page)
    page.hover(".model .ranking > li:nth-child(1) .name")
    assert lit(page, "for") == ["seizures", "repetitive movements", "microcephaly", "deafness"]
    page.hover(".model .ranking > li:last-child .name")
    assert lit(page, "open") == ["seizures", "repetitive movements", "microcephaly"]
    page.hover("h1")
    assert lit(page, "for") + lit(page, "open") == []


def test_everything_can_be_done_from_the_keyboard(open_page: Open, address: str) -> None:
    page = open_page(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#note")
    page.keyboard.type(NOTE)
    page.keyboard.press("Control+Enter")
    first = page.locator(".model .ranking > li:first-child .name")
    expect(first).to_be_visible()
    first.focus()
    assert lit(page, "for")
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(first).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(NAMELESS) == []


def test_a_correction_ranks_anew_without_a_reload_and_keeps_the_place(open_page: Open, address: str) -> None:
    page = open_page(address)
    diagnose(page)
    page.evaluate("window.stayed = true")
    models = page.locator(".model .ranking .name").all_inner_texts()
    before = page.locator(".classical .share").all_inner_texts()
    page.focus("#flip-1")
    page.keyboard.press("Enter")
    expect(page.locator("#classical-title")).to_have_text("By findings alone, as corrected")
    assert page.locator(".classical .share").all_inner_texts() != before
    assert page.locator(".model .ranking .name").all_inner_texts() == models
    assert page.evaluate("document.activeElement.id") == "flip-1"
    expect(page.locator("#flip-1")).to_contain_text("absent")
    assert page.evaluate("window.stayed") is True


def test_a_finding_is_added_by_searching_the_hpo(open_page: Open, address: str) -> None:
    page = open_page(address)
    diagnose(page)
    page.locator("#term").press_sequentially("aortic")
    page.click("#suggestions button[value='add:HP:0002616']")
    expect(page.locator(".findings")).to_contain_text("Aortic root aneurysm")
    page.locator("#term").fill("lobster")
    expect(page.locator("#suggestions")).to_contain_text("Split hand")
    page.click("text=Undo all corrections")
    expect(page.locator(".findings")).not_to_contain_text("Aortic root aneurysm")


def test_reasoning_is_shown_as_it_is_written_and_can_be_stopped(
    open_page: Open, kb: KnowledgeBase, tmp_path: Path
) -> None:
    engine = HeldEngine()
    with listening(make_product(kb, engine), Settings(folder=tmp_path)) as address:
        page = open_page(address)
        page.fill("#note", NOTE)
        page.click("button.main")
        expect(page.locator("#reasoning")).to_contain_text('1 + "never walked unaided"')
        page.click("text=Stop")
        expect(page.locator("h1")).to_have_text("Stopped")
        assert engine.closed.wait(30)
        expect(page.locator("#again")).to_have_value(NOTE)


def test_a_result_comes_by_itself_when_it_is_there(open_page: Open, kb: KnowledgeBase, tmp_path: Path) -> None:
    engine = HeldEngine()
    with listening(make_product(kb, engine), Settings(folder=tmp_path)) as address:
        page = open_page(address)
        page.fill("#note", NOTE)
        page.click("button.main")
        expect(page.locator("#running")).to_be_visible()
        engine.go.set()
        expect(page.locator("#headline")).to_contain_text("Rett syndrome")


def test_a_file_fills_the_field_chosen_or_dropped(open_page: Open, address: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(NOTE)
    (tmp_path / "scan.txt").write_bytes(b"\xff\xfe\x00\x01")
    page = open_page(address)
    page.set_input_files("#file", tmp_path / "letter.txt")
    expect(page.locator("#note")).to_have_value(NOTE)
    page.set_input_files("#file", tmp_path / "scan.txt")
    expect(page.locator("#file-said")).to_contain_text("no UTF-8 text")
    expect(page.locator("#note")).to_have_value(NOTE)
    page.evaluate(
        """() => {
          const carried = new DataTransfer();
          carried.items.add(new File(["dropped text"], "dropped.txt"));
          const drop = new DragEvent("drop", { dataTransfer: carried, bubbles: true });
          document.getElementById("note").dispatchEvent(drop);
        }"""
    )
    expect(page.locator("#note")).to_have_value("dropped text")


def test_results_are_downloaded(open_page: Open, address: str) -> None:
    page = open_page(address)
    diagnose(page)
    with page.expect_download() as download:
        page.click("text=Phenopacket")
    assert json.loads(Path(download.value.path()).read_text())["phenotypicFeatures"]


@pytest.mark.parametrize("form", ["short", "full"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_pages_fit_and_can_be_read(
    open_page: Open, address: str, tmp_path: Path, width: int, scheme: str, form: str
) -> None:
    page = open_page(address, width, scheme)
    pictures = screenshots(tmp_path)

    def look(name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than the screen"
        assert page.evaluate(LOW_CONTRAST) == [], name
        page.screenshot(path=pictures / f"{name}-{form}-{width}-{scheme}.png", full_page=True)

    look("home")
    diagnose(page, "She never walked unaided and wrings her hands all day. No seizures so far. " + NOTE, form)
    look("result")
    page.locator(".model .ranking > li:nth-child(1) .name").click()
    look("result-lit")
    page.goto(f"{address}/knowledge?q=Rett+syndrome")
    look("knowledge")
    page.goto(f"{address}/history")
    look("history")


def test_on_paper_everything_is_open_and_no_button_is_left(open_page: Open, address: str, tmp_path: Path) -> None:
    page = open_page(address)
    diagnose(page)
    page.emulate_media(media="print")
    assert not page.locator(".actions").is_visible()
    assert not page.locator(".bar").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.pdf(path=screenshots(tmp_path) / "result.pdf").startswith(b"%PDF")


def test_without_scripts_the_pages_still_work(open_page: Open, address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    diagnose(page)
    page.click("#flip-1")
    expect(page.locator("#classical-title")).to_have_text("By findings alone, as corrected")


def test_the_history_asks_before_it_deletes(open_page: Open, address: str) -> None:
    page = open_page(f"{address}/history")
    page.click("text=Switch it on")
    page.goto(address)
    diagnose(page)
    page.goto(f"{address}/history")
    expect(page.locator(".entries li")).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("text=Delete all")
    expect(page.locator(".entries li")).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("text=Delete all")
    expect(page.locator(".entries")).to_have_count(0)
    page.click("text=Switch it off")
    expect(page.locator("main")).to_contain_text("The history is off")
