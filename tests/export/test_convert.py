"""A checkpoint becomes a CTranslate2 folder and a checkpoint again; parity decides whether it may be shipped."""

import json
import shutil
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from raredxr1 import dialogue
from raredxr1.errors import InputError
from raredxr1.export import ParityReport, convert, export, parity, read_info, to_checkpoint
from raredxr1.export._model_bin import dequantize, read_model_bin
from raredxr1.export._smooth import write_smoothed
from tiny_model import CONTEXT_LENGTH, PROMPTS, make_tiny_checkpoint, make_tiny_tokenizer

pytestmark = pytest.mark.slow

SMOLLM2_ATTENTION = {"num_attention_heads": 9, "num_key_value_heads": 3, "hidden_size": 72, "head_dim": 8}
SHAPES = {
    "tied, grouped queries": {},
    "untied": {"tied": False},
    "9 heads, 3 shared": SMOLLM2_ATTENTION,
    "a key for each query, with biases": {"num_key_value_heads": 4, "attention_bias": True, "mlp_bias": True},
}


@pytest.fixture(scope="module", params=list(SHAPES))
def shaped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random checkpoint of this shape; biases and norms are random too, so that none can be lost unnoticed."""
    path = make_tiny_checkpoint(tmp_path_factory.mktemp("shape") / "checkpoint", steps=0, **SHAPES[request.param])
    model = AutoModelForCausalLM.from_pretrained(path)
    torch.manual_seed(1)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("bias") or "norm" in name:
                weight += 0.3 * torch.randn_like(weight)
    model.save_pretrained(path)
    return path


def logits(path: Path) -> torch.Tensor:
    ids = torch.tensor([make_tiny_tokenizer().encode(PROMPTS[0], add_special_tokens=False).ids])
    with torch.no_grad():
        return AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)(ids).logits[0]


# --- converting ------------------------------------------------------------------------------------------------------


def test_every_shape_scores_as_its_checkpoint(shaped: Path, tmp_path: Path) -> None:
    convert(shaped, tmp_path / "out", "float32")
    report = parity(shaped, tmp_path / "out", PROMPTS, max_tokens=20)
    assert report.same_text == 1.0
    assert report.gap < 1e-3


def test_the_folder_says_how_to_ask_the_model(tiny_checkpoint: Path, tmp_path: Path) -> None:
    folder = convert(tiny_checkpoint, tmp_path / "out", forms=("short",))
    info = read_info(folder)
    assert info.model_dump() == {
        "format_version": 1,
        "name": tiny_checkpoint.name,
        "context_length": CONTEXT_LENGTH,
        "stop_token": dialogue.TURN_END,
        "dialogue_version": dialogue.VERSION,
        "forms": ["short"],
        "tasks": ["differential", "final"],
        "reads": "turns",
        "quantization": "int8",
    }
    assert (folder / "tokenizer.json").read_bytes() == (tiny_checkpoint / "tokenizer.json").read_bytes()


def test_int8_of_a_bfloat16_checkpoint_needs_no_bfloat16_to_run(tiny_checkpoint: Path, tmp_path: Path) -> None:
    for dtype in ("bfloat16", "float32"):
        shutil.copytree(tiny_checkpoint, tmp_path / dtype)
        rounded = AutoModelForCausalLM.from_pretrained(tiny_checkpoint, dtype=torch.bfloat16)
        rounded.to(getattr(torch, dtype)).save_pretrained(tmp_path / dtype)
        convert(tmp_path / dtype, tmp_path / f"{dtype}_out", "int8")
    half, single = (tmp_path / f"{dtype}_out" / "model.bin" for dtype in ("bfloat16", "float32"))
    assert half.read_bytes() == single.read_bytes()


@pytest.mark.parametrize(
    ("file", "edit", "words"),
    [
        ("config.json", None, "config.json is missing"),
        ("tokenizer.json", None, "tokenizer.json is missing"),
        ("config.json", ("{", "["), "config.json is damaged"),
        ("tokenizer.json", ("}", ""), "tokenizer.json is damaged"),
        ("config.json", ('"model_type": "llama"', '"model_type": "rwkv"'), "cannot be converted"),
        ("config.json", ('"head_dim": 8', '"head_dim": 16'), "head_dim 16"),
        ("config.json", ("max_position_embeddings", "some_other_key"), "max_position_embeddings is missing"),
        ("tokenizer.json", (dialogue.TURN_END, "<|other|>"), "is not a token"),
    ],
)
def test_what_cannot_be_converted_leaves_nothing_behind(
    tiny_checkpoint: Path, tmp_path: Path, file: str, edit: tuple[str, str] | None, words: str
) -> None:
    broken = shutil.copytree(tiny_checkpoint, tmp_path / "broken")
    text = (broken / file).read_text()
    (broken / file).unlink()
    if edit:
        (broken / file).write_text(text.replace(*edit))
    with pytest.raises(InputError, match=words) as error:
        convert(broken, tmp_path / "out")
    assert "\n" not in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["broken"]


def test_an_existing_folder_is_not_overwritten(tiny_checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        convert(tiny_checkpoint, tmp_path / "out")
    with pytest.raises(InputError, match="int8, float32"):
        convert(tiny_checkpoint, tmp_path / "new", "int4")
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


# --- parity ----------------------------------------------------------------------------------------------------------


def test_a_model_that_survives_int8_is_exported_with_its_report(tiny_checkpoint: Path, tmp_path: Path) -> None:
    report = export(tiny_checkpoint, tmp_path / "out", PROMPTS * 4)
    assert report.holds and report.prompts == 12 and report.same_text == 1.0
    assert "12 prompts (50 are wanted)" in report.summary()
    assert ParityReport.model_validate_json((tmp_path / "out" / "parity.json").read_text()) == report
    assert ctranslate2.contains_model(str(tmp_path / "out"))


def test_another_model_fails_parity(tiny_checkpoint: Path, tmp_path: Path) -> None:
    other = make_tiny_checkpoint(tmp_path / "other", seed=5, steps=0)
    convert(other, tmp_path / "other_exported", "float32")
    report = parity(tiny_checkpoint, tmp_path / "other_exported", PROMPTS)
    assert not report.holds
    assert report.same_text == 0.0 and report.gap > 1.0


def test_a_model_that_does_not_survive_leaves_nothing_behind(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raredxr1.export._parity.LOG_PROB_GAP", -1.0)
    with pytest.raises(InputError, match=r"does not survive int8.*nothing was written.*greedy text equal on"):
        export(tiny_checkpoint, tmp_path / "out", PROMPTS)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "broken").mkdir()
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(tiny_checkpoint / name, tmp_path / "broken")
    with pytest.raises(InputError, match="cannot be opened"):
        export(tmp_path / "broken", tmp_path / "out", PROMPTS)
    assert not (tmp_path / "out").exists()
    with pytest.raises(InputError, match="needs prompts"):
        export(tiny_checkpoint, tmp_path / "out", [])


@pytest.mark.parametrize(
    ("same_text", "exported", "holds"),
    [(0.6, -1.049, True), (0.59, -1.0, False), (1.0, -1.06, False), (1.0, -0.94, False), (1.0, float("nan"), False)],
)
def test_parity_holds_within_its_limits(same_text: float, exported: float, holds: bool) -> None:
    report = ParityReport(
        prompts=50, tokens=1, same_text=same_text, checkpoint_log_prob=-1.0, exported_log_prob=exported
    )
    assert report.holds is holds
    assert "wanted" not in report.summary()


# --- smoothing -------------------------------------------------------------------------------------------------------


def test_smoothing_changes_the_weights_and_not_what_they_compute(shaped: Path, tmp_path: Path) -> None:
    rows = [make_tiny_tokenizer().encode(prompt, add_special_tokens=False).ids for prompt in PROMPTS]
    write_smoothed(shaped, tmp_path, rows)
    torch.testing.assert_close(logits(tmp_path), logits(shaped), atol=1e-3, rtol=1e-3)
    before, after = (AutoModelForCausalLM.from_pretrained(path).model.layers[0] for path in (shaped, tmp_path))
    for module in ("input_layernorm", "post_attention_layernorm", "self_attn.v_proj", "mlp.gate_proj", "mlp.down_proj"):
        assert not torch.allclose(before.get_submodule(module).weight, after.get_submodule(module).weight), module


def test_smoothing_lets_a_model_with_outlying_channels_survive_int8(tiny_checkpoint: Path, tmp_path: Path) -> None:
    """One channel in each layer made 300 times larger, and the weights that read it smaller: the same function."""
    model = AutoModelForCausalLM.from_pretrained(tiny_checkpoint)
    with torch.no_grad():
        for layer in model.model.layers:
            layer.input_layernorm.weight[3] *= 300
            for reader in (layer.self_attn.q_proj, layer.self_attn.k_proj, layer.self_attn.v_proj):
                reader.weight[:, 3] /= 300
            layer.mlp.up_proj.weight[5] *= 300
            layer.mlp.down_proj.weight[:, 5] /= 300
    outlying = shutil.copytree(tiny_checkpoint, tmp_path / "outlying")
    model.save_pretrained(outlying)
    plain = parity(outlying, convert(outlying, tmp_path / "plain", "int8"), PROMPTS)
    smoothed = export(outlying, tmp_path / "smoothed", PROMPTS)
    assert not plain.holds and smoothed.holds
    assert smoothed.gap < plain.gap / 5


# --- and back --------------------------------------------------------------------------------------------------------


def test_float32_comes_back_as_it_was(shaped: Path, tmp_path: Path) -> None:
    to_checkpoint(convert(shaped, tmp_path / "out", "float32"), tmp_path / "back")
    assert torch.equal(logits(tmp_path / "back"), logits(shaped))


def test_int8_comes_back_within_its_rounding(tiny_checkpoint: Path, tmp_path: Path) -> None:
    to_checkpoint(convert(tiny_checkpoint, tmp_path / "out", "int8"), tmp_path / "back")
    before, after = (AutoModelForCausalLM.from_pretrained(path) for path in (tiny_checkpoint, tmp_path / "back"))
    for (name, weight), (_, rounded) in zip(before.named_parameters(), after.named_parameters(), strict=True):
        step = weight.abs().amax(dim=-1, keepdim=True) / 127
        assert torch.all((weight - rounded).abs() <= 0.51 * step), name
    report = parity(tmp_path / "back", tmp_path / "out", PROMPTS)
    assert report.same_text == 1.0 and report.gap < 0.05


def test_the_checkpoint_opens_with_its_tokenizer(tiny_exported: Path, tmp_path: Path) -> None:
    back = to_checkpoint(tiny_exported, tmp_path / "back")
    tokenizer = AutoTokenizer.from_pretrained(back)
    assert tokenizer.eos_token == dialogue.TURN_END
    messages = [{"role": "system", "content": dialogue.LEAD}, {"role": "user", "content": "1 + Seizure"}]
    asked = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    assert asked == dialogue.render_lead_prompt("1 + Seizure")
    assert json.loads((back / "config.json").read_text())["dtype"] == "float32"


def test_only_what_can_be_turned_back_is(tiny_exported: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_exported, tmp_path / "model")
    config = json.loads((folder / "hf_config.json").read_text())
    (folder / "hf_config.json").write_text(json.dumps({**config, "num_hidden_layers": 3}))
    with pytest.raises(InputError, match=r"decoder/layer_2.* is missing"):
        to_checkpoint(folder, tmp_path / "back")
    (folder / "hf_config.json").write_text(json.dumps({**config, "model_type": "gpt2"}))
    with pytest.raises(InputError, match="Llama-shaped"):
        to_checkpoint(folder, tmp_path / "back")
    (folder / "hf_config.json").unlink()
    with pytest.raises(InputError, match=r"hf_config.json is missing"):
        to_checkpoint(folder, tmp_path / "back")
    assert not (tmp_path / "back").exists()


# --- the weights file ------------------------------------------------------------------------------------------------


def test_a_weights_file_that_ends_anywhere_is_truncated(tiny_exported: Path, tmp_path: Path) -> None:
    content = (tiny_exported / "model.bin").read_bytes()
    path = tmp_path / "model.bin"
    for size in (0, 3, 4, 30, 100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:size])
        with pytest.raises(InputError, match="truncated"):
            read_model_bin(path)
    path.write_bytes(b"\x09" + content[1:])
    with pytest.raises(InputError, match="binary version 9"):
        read_model_bin(path)


@pytest.mark.parametrize("quantization", ["float32", "float16", "bfloat16", "int16", "int8_float32"])
def test_every_type_of_weight_is_read(quantization: str, tiny_checkpoint: Path, tmp_path: Path) -> None:
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(tiny_checkpoint)).convert(str(tmp_path / "out"), quantization=quantization)
    name, variables = read_model_bin(tmp_path / "out" / "model.bin")
    assert name == "TransformerDecoderSpec"
    weight = dequantize(variables, "decoder/layer_0/ffn/linear_0/weight")
    model = AutoModelForCausalLM.from_pretrained(tiny_checkpoint)
    expected = model.model.layers[0].mlp.gate_proj.weight.detach().numpy()
    np.testing.assert_allclose(weight, expected, atol=np.abs(expected).max() / 120)
