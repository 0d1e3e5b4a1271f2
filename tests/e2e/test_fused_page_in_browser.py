"""The page of a model that hears other opinions: who said what, confidences, rankings made anew; by keyboard alone."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import diagnose, grave, look_around, result, screenshots
from playwright.sync_api import Locator, Page, expect

from crr_product import fitted
from fake_product import FakeEngine
from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.settings import Settings
from serving import NOTE, listening, make_product

pytestmark = pytest.mark.slow

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    product = make_product(kb, FakeEngine(context_length=800), fitted=fitted(knowledge=kb.version))
    with listening(product, Settings(folder=tmp_path_factory.mktemp("data"))) as address:
        yield address


def names(page: Page) -> list[str]:
    return page.locator(".model .ranking .name").all_inner_texts()


UNSEEN = """() => {
  const focused = document.activeElement;
  return focused === document.body || getComputedStyle(focused).outlineStyle !== "none" ? "" : focused.outerHTML;
}"""


def tab_to(page: Page, wanted: Locator, key: str = "Tab", most: int = 150) -> None:
    """Press Tab until an element has the focus, which must be seen to be there all the way."""
    for _ in range(most):
        page.keyboard.press(key)
        unseen = page.evaluate(UNSEEN)
        assert unseen == "", "nobody can see that this has the focus"
        if wanted.evaluate("(e) => e === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


@pytest.mark.parametrize("widths", [(1280, 1920), (320, 360, 768)])
def test_the_result_fits_and_can_be_read(
    open_page: Open, address: str, tmp_path: Path, widths: tuple[int, ...]
) -> None:
    page = result(open_page, address, widths[0])
    expect(page.locator(".next tbody tr")).not_to_have_count(0)
    page.click("text=Who said what")
    look_around(page, f"fused-{widths[0]}", screenshots(tmp_path), *widths[1:])
    if widths[0] < 897:  # in one column the list of findings is folded
        expect(page.locator("ul.findings")).to_be_hidden()
        page.click("details.fold > summary")
    page.select_option("#state-1", "absent")
    expect(page.locator("#model-title")).to_have_text("Differential, as corrected")
    look_around(page, f"fused-corrected-{widths[0]}", screenshots(tmp_path), *widths[1:])


def test_where_nothing_stands_out_no_disease_is_in_view(open_page: Open, address: str, tmp_path: Path) -> None:
    page = open_page(address)
    page.fill("#note", "Healthy boy of five years, growing well. No deafness.")
    page.check("input[value=short]")
    page.click("button.main")
    expect(page.locator("#headline")).to_contain_text("Nothing stands out")
    expect(page.locator(".ranking")).to_be_hidden()
    look_around(page, "nothing", screenshots(tmp_path))
    page.click("details.quiet > summary")
    expect(page.locator(".model .ranking .name").first).to_be_visible()
    look_around(page, "nothing-opened", screenshots(tmp_path))


def test_whatever_can_be_opened_is_fit_for_a_screen_reader(open_page: Open, address: str, tmp_path: Path) -> None:
    page = open_page(address)
    page.fill("#note", "hm")
    page.click("button.main")
    expect(page.locator("#problem")).to_be_visible()
    look_around(page, "problem", screenshots(tmp_path))
    diagnose(page)
    page.click("#note-text a >> nth=0")
    expect(page.locator("#editor")).to_be_visible()
    assert grave(page) == []
    page.emulate_media(color_scheme="dark")
    assert grave(page) == []
    page.emulate_media(color_scheme="light")
    page.keyboard.press("Escape")
    page.click("#why-1 > summary")
    page.click("#compare > summary")
    page.click(".said > summary")
    page.fill("#term", "wringing")
    expect(page.locator("#suggestions li").first).to_be_visible()
    look_around(page, "opened", screenshots(tmp_path))


def test_who_said_what_and_how_likely_none_is(open_page: Open, address: str) -> None:
    page = result(open_page, address)
    expect(page.locator(".model .ranking > li:first-child .who")).to_contain_text(
        "language model 1st, how likely the findings are 1st"
    )
    expect(page.locator(".model .none")).to_contain_text("None of these")
    expect(page.locator(".model .none .share")).to_contain_text("%")
    expect(page.locator(".said dd").first).to_be_hidden()
    page.click("text=Who said what")
    expect(page.locator(".said dd").first).to_contain_text("1. Rett syndrome")


def test_a_correction_ranks_anew_with_new_confidences(open_page: Open, address: str) -> None:
    page = result(open_page, address)
    before, shares = names(page), page.locator(".model .share").all_inner_texts()
    assert before[0] == "Rett syndrome"
    for number in (1, 2, 3, 4):
        page.click(f".findings li[data-finding='{number}'] button.remove")
        expect(page.locator(f".findings li[data-finding='{number}']")).to_have_count(0)
    for words, term in (("aortic", "HP:0002616"), ("long slender fing", "HP:0001166")):
        page.locator("#term").fill(words)
        page.click(f"#suggestions button[value='add:{term}']")
        expect(page.locator(".findings")).to_contain_text(term)
    expect(page.locator("#headline")).to_contain_text("Marfan syndrome")
    assert names(page)[0] == "Marfan syndrome"
    assert page.locator(".model .share").all_inner_texts() != shares
    expect(page.locator("#changed")).to_contain_text("You corrected the findings")
    expect(page.locator("#warnings")).to_have_count(0)
    with page.expect_download() as download:
        page.click(".actions >> text=JSON")
    document = json.loads(Path(download.value.path()).read_text())
    assert document["candidates"][0]["name"] == "Marfan syndrome"
    page.click("text=Undo all corrections")
    expect(page.locator("#model-title")).to_have_text("Differential")
    assert names(page) == before


def test_what_is_asked_next_is_answered_where_it_is_asked(open_page: Open, address: str) -> None:
    page = result(open_page, address)
    step = page.locator(".next tr:has(button)").first
    asked = step.locator("th").inner_text()
    step.locator("button[value^='lacks:']").click()
    expect(page.locator(".findings li.changed")).to_contain_text(asked)
    expect(page.locator(".findings li.changed .sense")).to_have_value("absent")
    expect(page.locator(".next")).not_to_contain_text(asked)


def test_a_long_note_is_read_whole(open_page: Open, address: str) -> None:
    page = result(open_page, address, note=NOTE + " And so on." * 600)
    expect(page.locator("body")).to_contain_text("Rett syndrome")
    expect(page.locator("body")).not_to_contain_text("left out")


def test_a_whole_visit_by_keyboard_alone(open_page: Open, address: str) -> None:
    """From the address bar to a note, a diagnosis, corrections and what speaks for a disease; no pointer anywhere."""
    page = open_page(address)
    tab_to(page, page.locator("#note"))
    page.keyboard.type(NOTE)
    tab_to(page, page.locator("input[name=form][value=full]"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=form][value=short]")).to_be_checked()
    tab_to(page, page.locator("button.main"), "Shift+Tab")
    page.keyboard.press("Enter")
    first = page.locator(".model .ranking > li:first-child summary")
    expect(first).to_be_visible()
    tab_to(page, page.locator("#state-1"))
    page.keyboard.type("absent")
    expect(page.locator("#state-1")).to_have_value("absent")
    expect(page.locator("#state-1")).to_be_focused()
    expect(page.locator("#model-title")).to_have_text("Differential, as corrected")
    tab_to(page, page.locator("#term"), "Shift+Tab")
    page.keyboard.type("long slender fingers")
    present = page.locator("#suggestions button[value='add:HP:0001166']")
    expect(present).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(present).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".findings")).to_contain_text("Arachnodactyly")
    expect(page.locator("#term")).to_be_focused()
    expect(page.locator("#ranked-anew")).to_contain_text("Ranked anew, first")
    tab_to(page, page.locator(".findings .remove").first)
    page.keyboard.press("Enter")
    expect(page.locator(".findings li[data-finding='1']")).to_have_count(0)
    expect(page.locator(".findings .remove").first).to_be_focused()
    tab_to(page, first, "Shift+Tab")
    page.keyboard.press("Enter")
    opened = page.locator(".model .ranking > li:first-child > details")
    expect(opened).to_have_attribute("open", "")
    assert page.locator("#note-text .against-it, #note-text .for-it").count() > 0
    page.keyboard.press("Escape")
    expect(opened).not_to_have_attribute("open", "")


def test_the_history_is_switched_searched_exported_and_opened_again(open_page: Open, address: str) -> None:
    page = open_page(f"{address}/history")
    page.click("text=Switch it on")
    for note in (NOTE, f"{NOTE} Her brother is called Zebedee."):
        page.goto(address)
        diagnose(page, note)
    page.goto(f"{address}/history")
    expect(page.locator(".entries li")).to_have_count(2)
    page.fill("#q", "zebedee")
    page.keyboard.press("Enter")
    expect(page.locator(".entries li")).to_have_count(1)
    with page.expect_download() as download:
        page.click("text=Export all")
    kept = [json.loads(line) for line in Path(download.value.path()).read_text().splitlines()]
    assert ["Zebedee" in entry["result"]["note"] for entry in kept] == [False, True]
    page.click(".entries li a")
    expect(page.locator("#note-text")).to_contain_text("Zebedee")
    page.wait_for_load_state("load")  # what listens to the menu is there
    page.select_option("#state-1", "absent")
    expect(page.locator("#model-title")).to_have_text("Differential, as corrected")
    page.goto(f"{address}/history?q=zebedee")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click(".entries li button")
    expect(page.locator(".entries li")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("Zebedee")
    page.click("text=Switch it off")
    page.goto(address)
    diagnose(page, NOTE)
    page.goto(f"{address}/history")
    expect(page.locator(".entries li")).to_have_count(1)
