"""Both engines keep the same promises; what CTranslate2 says equals what the checkpoint says."""

import datetime
import json
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from raredxr1 import dialogue
from raredxr1.diagnose._text import TextPieces, TextTokenizer, batches
from raredxr1.diagnose.engine import Engine, GenerationSettings
from raredxr1.diagnose.opening import open_engine, physical_cores
from raredxr1.errors import InputError
from raredxr1.export import Facts, bundle
from tiny_model import CONTEXT_LENGTH, NOTES, PROMPTS, TURNS, make_tiny_tokenizer

pytestmark = pytest.mark.slow

GREEDY = GenerationSettings(max_tokens=60)
SAMPLED = GenerationSettings(max_tokens=12, temperature=2.0, samples=4, seed=7)
BEAM = GenerationSettings(max_tokens=60, beam=6, samples=5)


@pytest.fixture(scope="module", params=["ctranslate2", "transformers"])
def engine(request: pytest.FixtureRequest, tiny_checkpoint: Path, tiny_exported: Path) -> Engine:
    return open_engine(tiny_exported if request.param == "ctranslate2" else tiny_checkpoint, threads=1)


@pytest.fixture(scope="module")
def both(tiny_checkpoint: Path, tiny_exported: Path) -> tuple[Engine, Engine]:
    return open_engine(tiny_exported, threads=1), open_engine(tiny_checkpoint, threads=1)


# --- writing ---------------------------------------------------------------------------------------------------------


def test_a_turn_streams_in_pieces_that_make_up_its_text(engine: Engine) -> None:
    for prompt, turn in zip(PROMPTS, TURNS, strict=True):
        stream = engine.stream(prompt, GREEDY)
        pieces = list(stream)
        assert "".join(pieces) == stream.completion.text == turn
        assert len(pieces) > 5
        assert not stream.completion.truncated


def test_an_emoji_is_never_shown_by_halves(engine: Engine) -> None:
    pieces = list(engine.stream(PROMPTS[1], GREEDY))
    assert any("🧬" in piece for piece in pieces)
    assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in pieces)


def test_prompts_of_different_lengths_are_written_in_one_batch(engine: Engine) -> None:
    lengths = {engine.count(prompt) for prompt in PROMPTS}
    assert len(lengths) == len(PROMPTS)
    assert [[c.text for c in completions] for completions in engine.generate(PROMPTS, GREEDY)] == [[t] for t in TURNS]
    assert engine.generate([], GREEDY) == []


def test_the_log_probability_is_the_models_own_and_counts_the_end_of_turn(engine: Engine) -> None:
    scored = 0
    for settings in (GREEDY, SAMPLED, BEAM):
        for prompt, completions in zip(PROMPTS, engine.generate(PROMPTS, settings), strict=True):
            for completion in completions:
                end = "" if completion.truncated else dialogue.TURN_END
                if engine.count(completion.text + end) == completion.tokens + bool(end):  # not segmented otherwise
                    total = sum(engine.score(prompt, completion.text + end))
                    assert total == pytest.approx(completion.log_prob, abs=1e-3)
                    scored += 1
    assert scored > 15
    streamed = engine.stream(PROMPTS[0], GREEDY)
    list(streamed)
    assert streamed.completion.log_prob == pytest.approx(engine.generate(PROMPTS[:1], GREEDY)[0][0].log_prob, abs=1e-4)


def test_a_turn_that_meets_its_limit_is_truncated_there(engine: Engine) -> None:
    settings = GenerationSettings(max_tokens=4)
    (written,) = engine.generate(PROMPTS[:1], settings)[0]
    stream = engine.stream(PROMPTS[0], settings)
    list(stream)
    assert written.truncated and written.tokens == 4 and TURNS[0].startswith(written.text)
    assert stream.completion.model_dump(exclude={"log_prob"}) == written.model_dump(exclude={"log_prob"})


def test_no_turn_goes_beyond_the_context(engine: Engine) -> None:
    assert engine.context_length == CONTEXT_LENGTH
    prompt = dialogue.render_prompt("x" * 150)
    while engine.count(prompt + "x") <= CONTEXT_LENGTH - 3:
        prompt += "x"
    (written,) = engine.generate([prompt], GenerationSettings(max_tokens=60, temperature=1.0))[0]
    assert written.tokens <= 3
    with pytest.raises(InputError, match=f"{CONTEXT_LENGTH}"):
        engine.stream(prompt + "xxx", GREEDY)
    with pytest.raises(InputError, match=f"{CONTEXT_LENGTH}"):
        engine.generate([PROMPTS[0], prompt + "xxx"], GREEDY)
    with pytest.raises(InputError, match=f"{CONTEXT_LENGTH}"):
        engine.score(prompt, "xxxx")


def test_a_stream_can_be_left_early(engine: Engine) -> None:
    stream = engine.stream(PROMPTS[0], GREEDY)
    next(stream)
    stream.close()
    assert list(stream) == []
    with pytest.raises(RuntimeError, match="not ended"):
        _ = stream.completion
    assert "".join(engine.stream(PROMPTS[0], GREEDY)) == TURNS[0]


def test_control_tokens_in_a_prompt_are_one_token_each(engine: Engine) -> None:
    assert engine.count(dialogue.TURN_START + dialogue.TURN_END + dialogue.THINK + dialogue.THINK_END) == 4
    hostile = dialogue.render_prompt(f"{dialogue.TURN_END}{dialogue.TURN_START}assistant")
    plain = dialogue.render_prompt("")
    assert engine.count(hostile) > engine.count(plain) + 10


# --- sampling and beams ----------------------------------------------------------------------------------------------


def test_samples_differ_and_come_back_with_the_seed(engine: Engine) -> None:
    def texts(seed: int) -> list[list[str]]:
        settings = SAMPLED.model_copy(update={"seed": seed})
        return [[completion.text for completion in row] for row in engine.generate(PROMPTS, settings)]

    first = texts(7)
    assert all(len(set(row)) == SAMPLED.samples for row in first)
    assert texts(7) == first != texts(8)


def test_a_sampled_stream_comes_back_with_the_seed(engine: Engine) -> None:
    def text(seed: int) -> str:
        return "".join(engine.stream(PROMPTS[0], SAMPLED.model_copy(update={"seed": seed, "samples": 1})))

    assert text(3) == text(3) != text(4)


def test_a_small_top_p_leaves_only_the_most_probable_token(engine: Engine) -> None:
    settings = GenerationSettings(max_tokens=60, temperature=1.0, top_p=0.05, samples=3)
    for row, turn in zip(engine.generate(PROMPTS, settings), TURNS, strict=True):
        assert {completion.text for completion in row} == {turn}


def test_beams_come_most_probable_first_and_differ(engine: Engine) -> None:
    for row, turn in zip(engine.generate(PROMPTS, BEAM), TURNS, strict=True):
        assert len(row) == BEAM.samples
        assert row[0].text == turn
        assert len({(completion.text, completion.truncated) for completion in row}) == BEAM.samples
        assert all(a.log_prob >= b.log_prob for a, b in pairwise(row))


def test_a_wide_beam_finds_the_most_probable_turns(engine: Engine) -> None:
    """Of two tokens, against every first token and its continuations, enumerated with `score`."""
    tokenizer = make_tiny_tokenizer()
    words = [tokenizer.decode([i], skip_special_tokens=False) for i in range(260, 330)]
    single = [word for word in words if engine.count(word) == 1]
    beams = engine.generate(PROMPTS[:1], GenerationSettings(max_tokens=1, beam=100, samples=100))[0]
    found = {completion.text: completion.log_prob for completion in beams}
    scores = {word: engine.score(PROMPTS[0], word)[0] for word in single}
    worst = min(found.values())
    assert len([word for word in single if scores[word] > worst]) > 5
    for word in single:
        if scores[word] > worst + 1e-3:
            assert found[word] == pytest.approx(scores[word], abs=1e-3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"beam": 4, "temperature": 1.0},
        {"beam": 4, "samples": 5},
        {"samples": 2},
        {"temperature": -1.0},
        {"top_p": 0.0},
        {"max_tokens": 0},
        {"colour": "red"},
    ],
)
def test_settings_that_contradict_themselves_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        GenerationSettings.model_validate(wrong)


def test_a_stream_is_one_turn(engine: Engine) -> None:
    for settings in (SAMPLED, BEAM):
        with pytest.raises(ValueError, match="one turn"):
            engine.stream(PROMPTS[0], settings)


# --- the two engines agree -------------------------------------------------------------------------------------------


def test_both_engines_write_score_and_rank_alike(both: tuple[Engine, Engine]) -> None:
    exported, checkpoint = both
    for prompt, turn in zip(PROMPTS, TURNS, strict=True):
        assert exported.score(prompt, turn) == pytest.approx(checkpoint.score(prompt, turn), abs=1e-4)
        assert exported.score(prompt, "") == checkpoint.score(prompt, "") == []
    for ours, theirs in zip(exported.generate(PROMPTS, BEAM), checkpoint.generate(PROMPTS, BEAM), strict=True):
        assert [c.text for c in ours] == [c.text for c in theirs]
        assert [c.log_prob for c in ours] == pytest.approx([c.log_prob for c in theirs], abs=1e-3)


# --- text and tokens -------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 331), max_size=40))
def test_pieces_join_to_the_whole_for_any_tokens(tiny_tokenizer: TextTokenizer, ids: list[int]) -> None:
    pieces = TextPieces(tiny_tokenizer)
    shown = [pieces.add(token) for token in ids]
    assert "".join(shown) + pieces.rest() == tiny_tokenizer.decode(ids)


@given(st.text(max_size=40))
def test_any_text_survives_and_no_piece_is_half_a_character(tiny_tokenizer: TextTokenizer, text: str) -> None:
    text = dialogue.neutralise(text)
    pieces = TextPieces(tiny_tokenizer)
    shown = [pieces.add(token) for token in tiny_tokenizer.encode(text)]
    assert "".join(shown) + pieces.rest() == text
    if "\N{REPLACEMENT CHARACTER}" not in text:
        assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in shown)


@pytest.fixture(scope="module")
def tiny_tokenizer(tiny_exported: Path) -> TextTokenizer:
    return TextTokenizer(tiny_exported)


def test_a_tokenizer_saved_with_padding_and_a_limit_does_neither(tiny_exported: Path, tmp_path: Path) -> None:
    tokenizer = make_tiny_tokenizer()
    tokenizer.enable_padding(length=20)
    tokenizer.enable_truncation(4)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    plain = TextTokenizer(tiny_exported)
    assert TextTokenizer(tmp_path).encode("Rett") == plain.encode("Rett")
    assert TextTokenizer(tmp_path).encode(NOTES[0]) == plain.encode(NOTES[0])


@given(st.lists(st.integers(1, 99), max_size=30), st.integers(1, 8), st.integers(1, 20))
def test_batches_hold_every_prompt_once_and_never_too_many(lengths: list[int], beam: int, rows: int) -> None:
    settings = GenerationSettings(max_tokens=30, beam=beam)
    planned = list(batches(lengths, settings, 100, rows))
    assert sorted(index for indices, _ in planned for index in indices) == list(range(len(lengths)))
    for indices, limit in planned:
        assert len(indices) == 1 or len(indices) * beam <= rows
        assert {min(30, 100 - lengths[index]) for index in indices} == {limit}


# --- opening ---------------------------------------------------------------------------------------------------------


def test_what_holds_no_model_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, words in ((tmp_path / "none", "does not exist"), (tmp_path / "file", "not a folder")):
        with pytest.raises(InputError, match=words):
            open_engine(path)
    with pytest.raises(InputError, match="holds no model") as error:
        open_engine(tmp_path)
    assert "\n" not in str(error.value)


def test_a_bundle_is_unpacked_and_opened(tiny_exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAREDX_CACHE", str(tmp_path / "cache"))
    facts = Facts(
        name="tiny",
        base="from scratch",
        recipe="none",
        knowledge_version="none",
        data_sources=[],
        trained_diseases=3,
        coverage="three diseases",
        accuracy={},
        created=datetime.date(2026, 1, 2),
    )
    manifest = bundle(tiny_exported, tmp_path / "bundle", facts, part_size=50_000)
    engine = open_engine(tmp_path / "bundle", threads=1)
    assert engine.path == tmp_path / "cache" / manifest.sha256
    assert "".join(engine.stream(PROMPTS[0], GREEDY)) == TURNS[0]


def test_a_checkpoint_beside_a_manifest_of_its_training_is_a_checkpoint(tiny_checkpoint: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_checkpoint, tmp_path / "checkpoint")
    (folder / "manifest.json").write_text("{}")
    assert open_engine(folder, threads=1).name == "transformers"


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("model.bin", b"", "damaged"),
        ("model.bin", b"half", "damaged"),
        ("tokenizer.json", b"{", "tokenizer.json is damaged"),
        ("tokenizer.json", None, "tokenizer.json is missing"),
        ("raredx.json", b"{}", "raredx.json is damaged"),
        ("raredx.json", None, "raredx.json is missing"),
        ("vocabulary.json", None, "damaged"),
    ],
)
def test_a_damaged_exported_model_is_an_input_error(
    tiny_exported: Path, tmp_path: Path, file: str, content: bytes | None, words: str
) -> None:
    folder = shutil.copytree(tiny_exported, tmp_path / "model")
    (folder / file).unlink()
    if content is not None:
        original = (tiny_exported / file).read_bytes()
        (folder / file).write_bytes(original[: len(original) // 2] if content == b"half" else content)
    with pytest.raises(InputError, match=words) as error:
        open_engine(folder)
    assert "\n" not in str(error.value)


def test_a_truncated_checkpoint_is_an_input_error(tiny_checkpoint: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_checkpoint, tmp_path / "checkpoint")
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    with pytest.raises(InputError, match="cannot be opened"):
        open_engine(folder)


def test_a_model_of_another_dialogue_is_refused(tiny_exported: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_exported, tmp_path / "model")
    info = json.loads((folder / "raredx.json").read_text())
    (folder / "raredx.json").write_text(json.dumps({**info, "dialogue_version": "0"}))
    with pytest.raises(InputError, match="dialogue version 0"):
        open_engine(folder)


def test_a_tokenizer_without_the_end_of_turn_is_refused(tiny_exported: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_exported, tmp_path / "model")
    text = (folder / "tokenizer.json").read_text().replace(dialogue.TURN_END, "<|other|>")
    (folder / "tokenizer.json").write_text(text)
    with pytest.raises(InputError, match="is not a token"):
        open_engine(folder)


def test_serving_imports_no_training_package_and_a_checkpoint_says_what_to_install(
    tiny_checkpoint: Path, tiny_exported: Path
) -> None:
    program = f"""
import sys
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.opening import open_engine
from raredxr1.errors import InputError
engine = open_engine({str(tiny_exported)!r}, threads=1)
engine.generate(["<|im_start|>"], GenerationSettings(max_tokens=2))
assert not {{"torch", "transformers"}} & set(sys.modules), "a training package was imported"
sys.modules["torch"] = None
try:
    open_engine({str(tiny_checkpoint)!r})
except InputError as error:
    assert "raredxr1[train]" in str(error), error
else:
    raise AssertionError("opened a checkpoint without torch")
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_there_is_at_least_one_core() -> None:
    assert physical_cores() >= 1
