"""The recipes of stage 3, and all of qwen3-14b, validated and built against a tiny random model of the same kind."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import torch
import yaml
from accelerate.commands.config.config_args import load_config_from_file
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM
from transformers.optimization import get_scheduler

from raredxr1 import dialogue
from raredxr1.curriculum.config import RLConfig
from raredxr1.curriculum.train import prepare
from raredxr1.curriculum.trainer import grpo_config
from raredxr1.errors import InputError
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.train import internalize
from raredxr1.recipe import read_config
from raredxr1.reflect.config import FinetuneConfig, ReflectConfig
from raredxr1.reflect.finetune import finetune
from raredxr1.reflect.loop import reflect
from raredxr1.reflect.sft_rows import Accepted
from raredxr1.runstore import Manifest, write_manifest
from tiny_model import make_tiny_tokenizer

pytestmark = pytest.mark.slow

RECIPES = Path(__file__).parents[2] / "recipes"
SIZES = {"tiny/rl.yaml": 1, "smol/rl.yaml": 1, "smol/rl_short.yaml": 1, "qwen3-14b/rl.yaml": 8}
"""Recipe -> processes it is meant for."""
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


@pytest.mark.parametrize("recipe", SIZES)
def test_a_recipe_is_built_against_a_tiny_model_of_its_architecture(recipe, tmp_path):
    start = tiny_model(tmp_path / "start", recipe.partition("/")[0])
    changes = [f"out={tmp_path / 'out'}", f"start={start}", "synthetic.count=2", "prompt_tokens=2400", "vllm=null"]
    config = read_config(RLConfig, RECIPES / recipe, [*changes, "completion_tokens=1600", "self_test=8"])
    run = prepare(config)
    assert run.found.cases == 2
    assert run.trainer.args.loss_type == "dapo"
    assert len(run.trainer.get_train_dataloader()) > 0
    if config.form == "full":
        assert set(run.tested.means) == {"accuracy", "format", "repetition", "grounding", "consistency", "length"}


@pytest.mark.parametrize(("recipe", "processes"), SIZES.items())
def test_a_recipe_shares_its_batch_out_to_its_processes(recipe, processes, tmp_path):
    config = read_config(RLConfig, RECIPES / recipe, [])
    slices = [1, processes]
    for count in slices:
        arguments = grpo_config(config.model_copy(update={"vllm": None}), count, tmp_path)
        held = arguments.per_device_train_batch_size * arguments.steps_per_generation * count
        assert held == config.prompts * config.group
        assert arguments.per_device_train_batch_size <= config.micro_batch
        assert arguments.steps_per_generation == arguments.gradient_accumulation_steps * config.updates


def test_the_rate_falls_to_zero_over_the_share_of_steps_asked_for(tmp_path):
    changes = ["steps=20", "decay=0.5", "warmup=0.1", "learning_rate=1.0e-3"]
    arguments = grpo_config(read_config(RLConfig, RECIPES / "tiny" / "rl.yaml", changes), 1, tmp_path)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=arguments.learning_rate)
    scheduler = get_scheduler(
        arguments.lr_scheduler_type, optimizer, arguments.warmup_steps, 20, arguments.lr_scheduler_kwargs
    )
    rates = []
    for _ in range(20):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    assert rates[0] == 0.0
    assert rates[2:11] == [1e-3] * 9
    assert rates[11:] == sorted(rates[11:], reverse=True)
    assert scheduler.get_last_lr()[0] == pytest.approx(0.0, abs=1e-12)


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


@pytest.fixture(scope="module")
def qwen3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished stage 1 of three diseases whose model is a random Qwen3."""
    folder = tiny_model(tmp_path_factory.mktemp("qwen3"), "qwen3-14b")
    changes = [f"out={folder}", f"base={folder / 'checkpoint'}", "diseases=3"]
    config = read_config(InternalizeConfig, RECIPES / "qwen3-14b" / "internalize.yaml", changes)
    write_manifest(folder, Manifest(stage="internalize", config=config.model_dump(mode="json"), seed=1))
    return folder


@pytest.mark.parametrize("name", ["lessons", "finetune"])
def test_qwen3_is_fine_tuned(name, qwen3, tmp_path):
    row = {
        "case_id": "a", "disease": TAUGHT[0], "tier": "easy", "kind": "attempt", "round": 0, "form": "full",
        "task": "differential", "prompt": "<|im_start|>user\nx<|im_end|>\n<|im_start|>assistant\n",
        "completion": "<answer>\n1. Rett syndrome\n</answer><|im_end|>",
    }  # fmt: skip
    accepted = tmp_path / "accepted.jsonl"
    accepted.write_text(Accepted.model_validate(row).model_dump_json() + "\n")
    changes = [f"out={tmp_path / 'out'}", f"base={qwen3 / 'checkpoint'}", f"internalized={qwen3}"]
    # one step of a row as long as the tiny vocabulary needs; a CPU has no use for bf16
    changes += ["learning.tokens=4096", "learning.row_tokens=4096", "learning.accumulate=1", "learning.bf16=false"]
    if name == "finetune":
        changes.append(f"accepted=[{accepted}]")
    config = read_config(FinetuneConfig, RECIPES / "qwen3-14b" / f"{name}.yaml", changes)
    assert (finetune(config, quiet=True) / "model.safetensors").is_file()


def test_qwen3_reflects_with_a_teacher_behind_an_endpoint(qwen3, tmp_path):
    class Handler(BaseHTTPRequestHandler):
        asked: ClassVar[list[dict[str, Any]]] = []

        def do_POST(self) -> None:
            self.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            text = "<think>\n</think>\n<answer>\n1. Rett syndrome\n</answer>"
            choice = {"message": {"content": text}, "finish_reason": "stop"}
            body = json.dumps({"choices": [choice], "usage": {"completion_tokens": 9, "prompt_tokens": 9}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        changes = [f"out={tmp_path / 'out'}", f"internalized={qwen3}", "synthetic=2", "attempts=1", "rounds=1"]
        changes += [f"teacher=openai:http://127.0.0.1:{server.server_port}/v1#qwen3-14b", "remote.parallel=2"]
        out = reflect(read_config(ReflectConfig, RECIPES / "qwen3-14b" / "reflect.yaml", changes), quiet=True)
    finally:
        server.shutdown()
    assert json.loads((out / "manifest.json").read_text())["stage"] == "reflect"
    assert len(Handler.asked) >= 2
    assert {asked["model"] for asked in Handler.asked} == {"qwen3-14b"}
    assert {asked["max_tokens"] for asked in Handler.asked} == {1536}


def test_the_stages_of_qwen3_hand_their_folders_on():
    folder = RECIPES / "qwen3-14b"
    one = read_config(InternalizeConfig, folder / "internalize.yaml", [])
    lessons, tuned = (read_config(FinetuneConfig, folder / f"{name}.yaml", []) for name in ("lessons", "finetune"))
    sampled = read_config(ReflectConfig, folder / "reflect.yaml", [])
    assert lessons.base == str(one.out / "checkpoint")
    assert one.out == lessons.internalized == sampled.internalized == tuned.internalized
    assert tuned.base == str(lessons.out / "checkpoint")
    assert tuned.accepted == [sampled.out / "accepted.jsonl"]
    assert read_config(RLConfig, folder / "rl.yaml", []).start == str(tuned.out)


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
