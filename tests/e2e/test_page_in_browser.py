"""The pages in a real browser: by mouse, by keyboard, narrow, dark, on paper; strict policy, nothing from elsewhere."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import diagnose, lit, look, look_around, result, screenshots
from playwright.sync_api import Page, expect

from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.settings import Settings
from serving import NOTE, HeldEngine, listening, make_product

pytestmark = pytest.mark.slow

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with listening(make_product(kb), Settings(folder=tmp_path_factory.mktemp("data"))) as address:
        yield address


def test_pointing_at_a_disease_lights_what_speaks_for_and_against_it(open_page: Open, address: str) -> None:
    page = open_page(address)
    diagnose(page)
    page.hover(".model .ranking > li:nth-child(1) .name")
    assert lit(page, "for") == ["seizures", "repetitive movements", "microcephaly"]
    page.hover(".model .ranking > li:last-child .name")
    assert lit(page, "open") == ["seizures", "repetitive movements", "microcephaly"]
    page.hover("h1")
    assert lit(page, "for") + lit(page, "open") == []


def test_everything_can_be_done_from_the_keyboard(open_page: Open, address: str) -> None:
    page = open_page(address)
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.className === 'skip'")
    page.focus("#note")
    page.keyboard.type(NOTE)
    page.keyboard.press("Control+Enter")
    first = page.locator(".model .ranking > li:first-child summary")
    expect(first).to_be_visible()
    first.focus()
    assert lit(page, "for")
    page.keyboard.press("Enter")
    opened = page.locator(".model .ranking > li:first-child > details")
    expect(opened).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(opened).not_to_have_attribute("open", "")


def test_pointing_at_a_finding_lights_the_diseases_it_speaks_for(open_page: Open, address: str) -> None:
    page = result(open_page, address)
    page.hover("#note-text a >> nth=0")
    expect(page.locator(".model .ranking > li:nth-child(1)")).to_have_class("for-it")
    expect(page.locator(".model .ranking > li:last-child")).to_have_class("open-it")


def test_a_finding_is_corrected_where_it_stands(open_page: Open, address: str) -> None:
    page = result(open_page, address)
    page.click("#note-text a >> nth=0")
    expect(page.locator("#editor")).to_be_visible()
    page.select_option("#editor select", "absent")
    expect(page.locator("#state-1")).to_have_value("absent")
    expect(page.locator("#editor")).to_be_hidden()
    expect(page.locator("#note-text a >> nth=0")).to_have_class("mark absent")
    page.click("#note-text a >> nth=0")
    page.click("#editor button[value='remove:1']")
    expect(page.locator("#note-text a")).to_have_count(3)


def test_two_candidates_are_compared_side_by_side_from_the_keyboard(open_page: Open, address: str) -> None:
    page = result(open_page, address)
    page.focus("#why-3 > summary")
    page.keyboard.press("Enter")
    page.focus("#why-3 .compare-with")
    page.keyboard.press("Enter")
    heads = page.locator("#compare thead th")
    expect(heads).to_have_count(3)
    names = page.locator(".model .ranking .name").all_inner_texts()
    expect(heads).to_have_text(["Finding", f"1. {names[0]}", f"3. {names[2]}"])
    page.wait_for_function("document.activeElement.closest('#compare') !== null")  # the focus goes along
    rows = page.locator("#compare tbody >> nth=0").locator("tr:visible")
    before = rows.count()
    page.check("#compare .all-rows")
    expect(rows).to_have_count(5)  # a heading and four findings
    assert before <= 5, "at first only what differs"
    expect(page.locator("#compare tbody >> nth=1")).to_contain_text("Not found in the note")
    assert "place" not in page.url, "no reload"


def test_any_candidates_can_be_chosen_and_scripts_are_not_needed(open_page: Open, address: str) -> None:
    page = result(open_page, address, java_script_enabled=False)
    page.click("#compare summary")
    page.uncheck("#compare input[value='1']")
    page.check("#compare input[value='4']")
    page.click("#compare button")
    assert "place=3&place=4" in page.url
    expect(page.locator("#compare thead th")).to_have_count(3)
    expect(page.locator("#compare .cell.f0").first).to_have_text("–")
    page.go_back()
    page.click("#why-3 > summary")
    page.click("#why-3 .compare-with")
    expect(page.locator("#compare thead th")).to_have_count(3)


def test_a_correction_ranks_anew_without_a_reload_and_keeps_the_place(open_page: Open, address: str) -> None:
    page = result(open_page, address)
    page.evaluate("window.stayed = true")
    models = page.locator(".model .ranking .name").all_inner_texts()
    before = page.locator(".classical .share").all_inner_texts()
    page.focus("#state-1")
    page.select_option("#state-1", "absent")
    expect(page.locator("#classical-title")).to_have_text("By findings alone, as corrected")
    assert page.locator(".classical .share").all_inner_texts() != before
    assert page.locator(".model .ranking .name").all_inner_texts() == models
    page.wait_for_function("document.activeElement.id === 'state-1'")
    expect(page.locator("#state-1")).to_have_value("absent")
    assert page.evaluate("window.stayed") is True


def test_a_finding_is_added_by_searching_the_hpo(open_page: Open, address: str) -> None:
    page = result(open_page, address)
    page.locator("#term").press_sequentially("aortic")
    page.click("#suggestions button[value='add:HP:0002616']")
    expect(page.locator(".findings")).to_contain_text("Aortic root aneurysm")
    expect(page.locator("#term")).to_have_value("")
    page.locator("#term").fill("lobster")
    expect(page.locator("#suggestions")).to_contain_text("Split hand")
    page.locator("#term").fill("zzzyx")
    expect(page.locator("#suggestions")).not_to_contain_text("Split hand")
    expect(page.locator("#suggestions")).to_contain_text("No HPO term is called “zzzyx”")
    page.click("text=Undo all corrections")
    expect(page.locator(".findings")).not_to_contain_text("Aortic root aneurysm")


def test_a_stated_age_ranks_anew_and_is_kept(open_page: Open, address: str) -> None:
    page = result(open_page, address)
    page.fill("#age", "54y")
    page.select_option("#sex", "male")
    page.click(".person button")
    expect(page.locator("#note-title")).to_contain_text("male, 54 years")
    expect(page.locator("#changed")).to_contain_text("the patient is male, 54 years")
    page.reload()
    expect(page.locator("#age")).to_have_value("54 years")
    page.click("text=Undo all corrections")
    expect(page.locator("#note-title")).not_to_contain_text("54 years")


def test_a_note_that_says_both_shows_both_where_it_is_corrected(open_page: Open, address: str) -> None:
    page = result(open_page, address, note=f"{NOTE} The teacher says that she has no seizures at school.")
    page.click("#note-text a.absent >> nth=1")
    expect(page.locator("#editor")).to_contain_text("the note says both")
    expect(page.locator("#editor")).to_contain_text("absent: “The teacher says that she has no seizures at school")
    expect(page.locator("#editor .places > span")).to_have_count(2)
    assert page.locator("#editor option").all_inner_texts()[:6] == [
        "present",
        "now over",
        "absent",
        "uncertain",
        "relative",
        "only considered",
    ]


def test_the_comparison_is_no_wider_than_a_phone(open_page: Open, address: str) -> None:
    page = result(open_page, address, 360)
    page.click("#compare summary")
    expect(page.locator("#compare thead th")).to_have_count(3)
    for box in page.locator("#compare input[name=place]").all():
        box.check()
    page.check("#compare .all-rows")
    page.click("#compare button")
    expect(page.locator("#compare thead th")).not_to_have_count(3)
    expect(page.locator("#compare .all-rows")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_reasoning_is_shown_as_it_is_written_and_can_be_stopped(
    open_page: Open, kb: KnowledgeBase, tmp_path: Path
) -> None:
    engine = HeldEngine()
    with listening(make_product(kb, engine), Settings(folder=tmp_path)) as address:
        page = open_page(address)
        page.fill("#note", NOTE)
        page.click("button.main")
        expect(page.locator("#reasoning")).to_contain_text('inability to walk ("never walked unaided")')
        page.click("text=Stop")
        expect(page.locator("h1")).to_have_text("Stopped")
        assert engine.closed.wait(600)
        expect(page.locator("#again")).to_have_value(NOTE)
        page.close()  # while there is a server for what it still loads


def test_a_result_comes_by_itself_when_it_is_there(open_page: Open, kb: KnowledgeBase, tmp_path: Path) -> None:
    engine = HeldEngine()
    with listening(make_product(kb, engine), Settings(folder=tmp_path)) as address:
        page = open_page(address)
        page.fill("#note", NOTE)
        page.click("button.main")
        expect(page.locator("#running")).to_be_visible()
        engine.go.set()
        expect(page.locator("#headline")).to_contain_text("Rett syndrome")
        page.close()  # while there is a server for what it still loads


def test_a_file_fills_the_field_chosen_or_dropped(open_page: Open, address: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(NOTE)
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4 broken\xff")
    page = open_page(address)
    page.set_input_files("#file", tmp_path / "letter.txt")
    expect(page.locator("#note")).to_have_value(NOTE)
    page.set_input_files("#file", tmp_path / "scan.pdf")
    expect(page.locator("#file-said")).to_contain_text("cannot be read")
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
    page = result(open_page, address)
    with page.expect_download() as download:
        page.click("text=Phenopacket")
    assert json.loads(Path(download.value.path()).read_text())["phenotypicFeatures"]


@pytest.mark.parametrize(("width", "form"), [(1280, "short"), (320, "full")])
def test_pages_fit_and_can_be_read(open_page: Open, address: str, tmp_path: Path, width: int, form: str) -> None:
    page = open_page(address, width)

    def seen(name: str) -> None:
        look_around(page, f"{name}-{form}-{width}", screenshots(tmp_path), *((320,) if width > 320 else ()))

    page.click("text=How to rank")
    seen("home")
    diagnose(page, "She never walked unaided and wrings her hands all day. No seizures so far. " + NOTE, form)
    seen("result")
    page.locator(".model .ranking > li:nth-child(1) .name").click()
    seen("result-lit")
    if form == "full":  # what follows is the same for both forms
        return
    for path, name in (
        ("/knowledge?q=Rett+syndrome", "knowledge"),
        ("/history", "history"),
        ("/nowhere", "nowhere"),
        ("/login", "login"),
        ("/runs/nonsense", "gone"),
    ):
        page.goto(f"{address}{path}")
        seen(name)
    page.goto(address)
    page.fill("#note", "hm")
    page.click("button.main")
    expect(page.locator("#problem")).to_be_visible()
    seen("refused")


def test_the_api_reference_can_be_read(open_page: Open, address: str, tmp_path: Path) -> None:
    repeated = ".reference > section:nth-of-type(n+6):nth-last-of-type(n+6)"
    look(open_page(f"{address}/docs", 320, "dark"), "api", screenshots(tmp_path), repeated)


def test_on_paper_the_first_candidates_are_open_and_no_button_is_left(
    open_page: Open, address: str, tmp_path: Path
) -> None:
    page = result(open_page, address)
    page.emulate_media(media="print")
    assert not page.locator(".actions").is_visible()
    assert not page.locator(".bar").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".model .ranking > li > details[open]").count() == 3, "the first three with their evidence"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.pdf(path=screenshots(tmp_path) / "result.pdf").startswith(b"%PDF")


def test_without_scripts_the_pages_still_work(open_page: Open, address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    diagnose(page)
    page.select_option("#state-1", "absent")
    page.click(".findings button[value='state:1']")
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
