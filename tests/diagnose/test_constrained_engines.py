"""Turns over evidence by real engines: both are held to it, and both go on from a prompt that was read."""

from pathlib import Path

import pytest
from benchmarks.weighing_attempts import unsound
from tests.diagnose.test_constrained import ANGELMAN, GREEDY, MODY, RETT, THREE, evidence
from tests.tiny_model import make_tiny_checkpoint

from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.grounding import GroundedEngine
from raredxr1.diagnose.opening import open_engine
from raredxr1.export import convert

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = make_tiny_checkpoint(tmp_path_factory.mktemp("held") / "checkpoint", max_position_embeddings=2048)
    return folder


@pytest.fixture(scope="module", params=["exported", "checkpoint"])
def folder(request: pytest.FixtureRequest, checkpoint: Path) -> Path:
    """A model for each of the two engines."""
    return convert(checkpoint, checkpoint.parent / "exported") if request.param == "exported" else checkpoint


def test_both_engines_are_held(folder: Path):
    engine = open_engine(folder, 1)
    for case in (THREE, evidence([RETT, ANGELMAN], 2), evidence([MODY])):
        prompt = case.prompt()
        ((turn,),) = GroundedEngine(engine).generate([prompt], GREEDY)
        assert unsound(turn.text, prompt) == [] and not turn.truncated
        stream = GroundedEngine(engine).stream(prompt, GREEDY)
        assert "".join(stream) == turn.text and turn.tokens == engine.count(turn.text)


def test_a_turn_goes_on_from_a_kept_prompt_as_from_one_read_anew(folder: Path):
    prompt, begun = THREE.prompt(), "Rett syndrome | for 1"
    fresh, kept_state = open_engine(folder, 1), open_engine(folder, 1)
    (first,) = kept_state.continuing(prompt)([[]])
    assert first.max() == pytest.approx(max(fresh.score(prompt, fresh.decode([int(first.argmax())]))), abs=2e-3)
    asked = GenerationSettings(max_tokens=20)
    one, other = (engine.stream(prompt + begun, asked) for engine in (fresh, kept_state))
    assert "".join(one) == "".join(other) and one.completion.log_prob == pytest.approx(
        other.completion.log_prob, abs=1e-2
    )
