"""Each form goes to the weights that were made for it."""

from fake_product import FULL, NOTE, SHORT, FakeEngine
from raredxr1 import dialogue
from raredxr1.diagnose.by_form import EngineByForm
from raredxr1.diagnose.engine import GenerationSettings

PROMPTS = [dialogue.render_prompt(NOTE, form) for form in ("short", "full", "short")]


def test_full_turns_are_read_and_the_rest_is_named() -> None:
    reads, names = FakeEngine(), FakeEngine()
    engine = EngineByForm(reads, names)
    reads.samples, names.samples = [FULL], [SHORT]
    written = engine.generate(PROMPTS, GenerationSettings())
    assert [turns[0].text for turns in written] == [SHORT, FULL, SHORT]
    assert reads.prompts == [PROMPTS[1]] and names.prompts == [PROMPTS[0], PROMPTS[2]]
    assert "".join(engine.stream(PROMPTS[1], GenerationSettings())) == FULL
    assert len(reads.prompts) == 2


def test_the_smaller_context_and_the_longer_count_hold() -> None:
    reads, names = FakeEngine(), FakeEngine()
    names.context_length, reads.context_length = 900, 700
    reads.count = lambda text: 7  # type: ignore[method-assign]
    names.count = lambda text: 9  # type: ignore[method-assign]
    engine = EngineByForm(reads, names)
    assert (engine.context_length, engine.count("x")) == (700, 9)
