"""Names as long as catalogues have them, and more models than one, on a telephone and on a desk: nothing is cut."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import BEYOND_THE_EDGE, look, screenshots
from playwright.sync_api import Page, expect

from fake_product import FakeEngine, fake_model
from raredxr1.diagnose.inputs import of_text
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import Member, Result
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.linking import Linker
from raredxr1.serve import review
from raredxr1.serve.history import History
from raredxr1.serve.product import Order, Product, Stop
from raredxr1.serve.settings import Settings
from serving import NOTE, listening

pytestmark = pytest.mark.slow

Open = Callable[..., Page]

DISEASE = (
    "Autosomal recessive spinocerebellar ataxia-blindness-deafness syndrome with intellectual developmental disorder, "
    "hypomyelination, dysmorphic facies and T-cell abnormalities due to cytosolic methionyl-tRNA synthetase deficiency"
)
WORD = "Glycosylphosphatidylinositol-anchoredhyperphosphatasiamethylmalonicaciduria"
FINDING = "Abnormal circulating very long-chain polyunsaturated fatty-acid-to-glycosaminoglycan concentration ratio"
CUT = """() => [...document.querySelectorAll(".name, .gist, .gist span, .aside, .term, .chip, .evidence dd, #headline")]
  .filter((e) => e.checkVisibility() && !e.closest(".hidden") && getComputedStyle(e).display !== "inline")
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.outerHTML.slice(0, 80))"""


def long_named(made: Result) -> Result:
    """The same answer, every name in it a long one."""

    def renamed(one: object, number: int) -> object:
        return one.model_copy(update={"term": f"{FINDING} {number}"})  # type: ignore[attr-defined]

    candidates = [
        candidate.model_copy(
            update={
                "name": WORD if place else DISEASE,
                "also_called": [f"{WORD} of Andreas"],
                "supports": [renamed(e, n) for n, e in enumerate(candidate.supports)],
                "against": [renamed(e, n) for n, e in enumerate(candidate.supports or candidate.against)],
                "awaited": [renamed(e, n) for n, e in enumerate(candidate.awaited)],
            }
        )
        for place, candidate in enumerate(made.candidates)
    ]
    lines = [
        line.model_copy(
            update={
                "name": WORD if place else DISEASE,
                "members": [*line.members, Member(rank=10, name=f"{DISEASE} type 2", id=None)]
                if place
                else line.members,
            }
        )
        for place, line in enumerate(made.lines)
    ]
    stated = [one.model_copy(update={"term": FINDING}) for one in made.stated]
    return made.model_copy(
        update={
            "candidates": candidates,
            "lines": lines,
            "stated": stated,
            "excluded": f"Put behind all others, because the note excludes them:\n{WORD}: “{WORD}: negative”",
        }
    )


@pytest.fixture(scope="module")
def address(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("data")
    models = {
        "shipped": fake_model(FakeEngine()),
        "Ward model 14B (Ollama) on the server below the stairs": fake_model(),
    }
    product = Product(models, Names(kb, Linker(kb)))
    made = long_named(product.diagnose(Order(of_text(NOTE, "note"), "note"), Stop()))
    History(folder).add("long", time.time(), "page", made, review.read(made))
    with listening(product, Settings(folder=folder)) as address:
        yield address


@pytest.mark.parametrize("width", [360, 1280])
def test_long_names_wrap_and_are_not_cut(open_page: Open, address: str, tmp_path: Path, width: int) -> None:
    page = open_page(f"{address}/runs/long", width)
    page.wait_for_load_state("load")
    assert page.evaluate(CUT) == []
    for line in page.locator("summary.line").all():
        line.click()
    if width > 1000:  # the table of candidates side by side scrolls within itself on a telephone
        page.click("#compare summary")
    look(page, f"long-names-{width}", screenshots(tmp_path))
    assert page.evaluate(CUT) == []


def test_what_the_note_excludes_stands_below_the_ranking(open_page: Open, address: str) -> None:
    page = open_page(f"{address}/runs/long", 1280)
    quiet = page.locator("text=Put behind all others").bounding_box()
    ranking = page.locator(".model .ranking").bounding_box()
    assert quiet and ranking
    assert quiet["y"] >= ranking["y"] + ranking["height"]
    assert page.locator("#warnings").count() == 0


@pytest.mark.parametrize("width", [320, 1280])
def test_the_model_is_chosen_beside_the_button(open_page: Open, address: str, tmp_path: Path, width: int) -> None:
    page = open_page(address, width)
    look(page, f"models-{width}", screenshots(tmp_path))
    chosen = page.get_by_label("Language model", exact=True)
    chosen.select_option(index=1)
    page.fill("#note", NOTE)
    page.click("button.main")
    expect(page.locator("#answered-by")).to_be_visible()


def test_the_report_fits_a_telephone_and_the_fields_of_the_patient_stand_above_the_note(
    open_page: Open, address: str
) -> None:
    page = open_page(f"{address}/runs/long", 360)
    fields, note = (page.locator(place).bounding_box() for place in ("#age", "#note-text"))
    assert fields and note
    assert 0 < note["y"] - fields["y"] < 200
    with page.expect_download() as report:
        page.get_by_role("link", name="Report", exact=True).click()
    alone = page.context.new_page()
    alone.set_content(Path(report.value.path()).read_text(encoding="utf-8"))
    assert alone.evaluate("document.documentElement.scrollWidth") <= 360
    assert alone.evaluate(BEYOND_THE_EDGE, 360) == []
