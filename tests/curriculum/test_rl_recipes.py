"""The recipes of stage 3, and those of qwen3-14b, validated and built against a tiny random model of the same kind."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from accelerate.commands.config.config_args import load_config_from_file
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

from raredxr1 import dialogue
from raredxr1.curriculum.config import RLConfig
from raredxr1.curriculum.train import prepare
from raredxr1.curriculum.trainer import grpo_config
from raredxr1.errors import InputError
from raredxr1.internalize.config import InternalizeConfig, read_config
from raredxr1.internalize.train import internalize
from tiny_model import make_tiny_tokenizer

RECIPES = Path(__file__).parents[2] / "recipes"
SIZES = {"tiny": 1, "smol": 1, "qwen3-14b": 8}
"""Recipe folder -> processes it is meant for."""
TAUGHT = ["OMIM:312750", "OMIM:154700", "OMIM:105830"]


def tiny_model(folder: Path, size: str) -> Path:
    """A stage's folder with a random model shaped like the recipe's, its context as long as the recipe needs."""
    tokenizer = make_tiny_tokenizer()
    shape: dict[str, Any] = {
        "vocab_size": tokenizer.get_vocab_size(), "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 4096,
    }  # fmt: skip
    if size == "qwen3-14b":  # as Qwen3-14B: normed queries and keys, heads of their own width, untied embeddings
        model: Any = Qwen3ForCausalLM(Qwen3Config(**shape, head_dim=16, tie_word_embeddings=False))
    else:
        model = LlamaForCausalLM(LlamaConfig(**shape, tie_word_embeddings=True))
    model.save_pretrained(folder / "checkpoint")
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=dialogue.TURN_END, pad_token="<|endoftext|>")
    fast.save_pretrained(folder / "checkpoint")
    (folder / "taught.json").write_text(json.dumps(TAUGHT))
    return folder


@pytest.mark.parametrize(("size", "processes"), SIZES.items())
def test_a_recipe_is_built_against_a_tiny_model_of_its_architecture(size, processes, tmp_path):
    start = tiny_model(tmp_path / "start", size)
    changes = [f"out={tmp_path / 'out'}", f"start={start}", "synthetic.count=2", "prompt_tokens=2400", "vllm=null"]
    config = read_config(RLConfig, RECIPES / size / "rl.yaml", [*changes, "completion_tokens=1600", "self_test=8"])
    run = prepare(config)
    assert run.found.cases == 2
    assert run.trainer.args.loss_type == "dapo"
    assert len(run.trainer.get_train_dataloader()) > 0
    if config.form == "full":
        assert set(run.tested.means) == {"accuracy", "format", "repetition", "grounding", "consistency", "length"}


@pytest.mark.parametrize(("size", "processes"), SIZES.items())
def test_a_recipe_shares_its_batch_out_to_its_processes(size, processes, tmp_path):
    config = read_config(RLConfig, RECIPES / size / "rl.yaml", [])
    slices = [1, processes]
    for count in slices:
        arguments = grpo_config(config.model_copy(update={"vllm": None}), count, tmp_path)
        held = arguments.per_device_train_batch_size * arguments.steps_per_generation * count
        assert held == config.prompts * config.group
        assert arguments.per_device_train_batch_size <= config.micro_batch
        assert arguments.steps_per_generation == arguments.gradient_accumulation_steps * config.updates


def test_qwen3_takes_its_rollouts_from_a_vllm_server(tmp_path):
    config = read_config(RLConfig, RECIPES / "qwen3-14b" / "rl.yaml", ["vllm.host=rollout-node"])
    arguments = grpo_config(config, 1, tmp_path)
    assert (arguments.use_vllm, arguments.vllm_mode) == (True, "server")
    assert (arguments.vllm_server_host, arguments.vllm_server_port) == ("rollout-node", 8000)
    assert arguments.vllm_importance_sampling_mode == "token_truncate"


def test_qwen3_internalizes(tmp_path):
    start = tiny_model(tmp_path / "start", "qwen3-14b")
    changes = [f"out={tmp_path / 'out'}", f"base={start / 'checkpoint'}", "diseases=3", "tokens=2048", "accumulate=1"]
    recipe = RECIPES / "qwen3-14b" / "internalize.yaml"
    config = read_config(InternalizeConfig, recipe, [*changes, "workers=0", "bf16=false"])
    assert (internalize(config, quiet=True) / "model.safetensors").is_file()


@pytest.mark.parametrize("name", ["fsdp", "deepspeed"])
def test_the_files_for_accelerate_are_read_by_accelerate(name):
    config = load_config_from_file(str(RECIPES / "qwen3-14b" / "accelerate" / f"{name}.yaml"))
    assert (config.num_processes, config.num_machines) == (8, 1)
    assert str(config.distributed_type).rpartition(".")[2] == name.upper()


def test_fsdp_wraps_the_layers_that_the_model_has(tmp_path):
    settings = yaml.safe_load((RECIPES / "qwen3-14b" / "accelerate" / "fsdp.yaml").read_text())["fsdp_config"]
    model = Qwen3ForCausalLM(Qwen3Config(vocab_size=64, hidden_size=16, intermediate_size=16, num_hidden_layers=1,
                                         num_attention_heads=2, num_key_value_heads=1, head_dim=8))  # fmt: skip
    assert settings["fsdp_transformer_layer_cls_to_wrap"] in {type(module).__name__ for module in model.modules()}


def test_deepspeed_reads_zero_3_from_the_file_it_names():
    settings = yaml.safe_load((RECIPES / "qwen3-14b" / "accelerate" / "deepspeed.yaml").read_text())["deepspeed_config"]
    zero = json.loads((RECIPES.parent / settings["deepspeed_config_file"]).read_text())
    assert zero["zero_optimization"]["stage"] == 3
    assert zero["train_micro_batch_size_per_gpu"] == "auto", "the recipe decides"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("nonsense=1", "nonsense"),
        ("synthetic=null", "nothing to train on"),
        ("dapo.overlong_tokens=160", "fewer than completion_tokens"),
        ("updates=5", "multiple of updates"),
        ("case_level.hard=0.9", "the limits of the tiers must fall"),
        ("form=long", "form"),
    ],
)
def test_a_bad_setting_is_named(override, message):
    with pytest.raises(InputError, match=message):
        read_config(RLConfig, RECIPES / "tiny" / "rl.yaml", [override])


def test_a_batch_that_cannot_be_shared_out_is_named(tmp_path):
    config = read_config(RLConfig, RECIPES / "tiny" / "rl.yaml", ["prompts=1", "group=8"])
    with pytest.raises(InputError, match="cannot be shared out to 3 processes"):
        grpo_config(config, 3, tmp_path)
