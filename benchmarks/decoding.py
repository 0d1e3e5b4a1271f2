"""How fast a model writes on this machine: one turn at a time, in a batch, and a ranking by beam search.

    python benchmarks/decoding.py MODEL_FOLDER [--threads N] [--tokens N] [--prompt-tokens N]
    python benchmarks/decoding.py --shape smollm2-135m        a random model of that shape (needs the train extra)
    python benchmarks/decoding.py --beside PYTHON [MODEL]     beside llama.cpp; the shipped model by default

Prints seconds to open, tokens a second, and the peak resident memory of the process. Run it on an idle machine;
keep the output as text beside this file.

With --beside the model (one that weighs evidence) is written as a GGUF file, and both are asked for the turns behind
the evidence of the example notes: CTranslate2 freely, CTranslate2 as served (asked only where there is a choice), and
llama.cpp, by an interpreter that has it (llamacpp.py says which). Given are seconds and processor seconds of each turn,
and whether both write the same.
"""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from raredxr1 import dialogue
from raredxr1.diagnose.calibration import CALIBRATION_FILE, read_fitted
from raredxr1.diagnose.engine import Engine, GenerationSettings, Stream
from raredxr1.diagnose.grounding import GroundedEngine
from raredxr1.diagnose.model import SHIPPED
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.opening import open_engine, physical_cores
from raredxr1.export import convert, to_checkpoint, to_gguf
from raredxr1.reflect.weighing import WeighingLessons

SHAPES = {
    "smollm2-135m": {
        "vocab_size": 49152,
        "hidden_size": 576,
        "intermediate_size": 1536,
        "num_hidden_layers": 30,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
        "max_position_embeddings": 8192,
    },
    "tiny": {
        "vocab_size": 4096,
        "hidden_size": 256,
        "intermediate_size": 768,
        "num_hidden_layers": 6,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 2048,
    },
}
SENTENCE = "Girl of four years, never walked unaided, wrings her hands all day, no seizures so far. "
BATCH = 16
EXAMPLES = SHIPPED.parent / "examples"

T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", help="an exported folder, a checkpoint or a bundle")
    parser.add_argument("--shape", choices=SHAPES, help="make a random int8 model of this shape instead")
    parser.add_argument("--threads", type=int, default=physical_cores())
    parser.add_argument("--tokens", type=int, default=128, help="tokens a turn, at most")
    parser.add_argument("--prompt-tokens", type=int, default=300)
    parser.add_argument("--beside", type=Path, metavar="PYTHON", help="an interpreter with llama.cpp")
    parser.add_argument("--turns", type=int, default=3, help="with --beside: so many example notes")
    options = parser.parse_args()
    if options.beside:
        compare(options.model or SHIPPED, options.beside, options.threads, options.turns)
        return
    if (options.model is None) == (options.shape is None):
        parser.error("name a model folder or a --shape")
    with tempfile.TemporaryDirectory() as folder:
        model = options.model
        if options.shape:
            # In a process of its own: torch must not count as memory of the engine.
            maker = multiprocessing.get_context("spawn").Process(target=make_random, args=(options.shape, Path(folder)))
            maker.start()
            maker.join()
            model = Path(folder) / "exported"
        measure(model, options.threads, options.tokens, options.prompt_tokens)


def compare(model: Path, python: Path, threads: int, turns: int) -> None:
    """Print what turns cost with CTranslate2 and with llama.cpp."""
    weighing = WeighingLessons(open_names(), read_fitted(SHIPPED / CALIBRATION_FILE))
    prompts = [weighing.evidence(path.read_text("utf-8")).prompt() for path in sorted(EXAMPLES.glob("*.txt"))[:turns]]
    engine = open_engine(model, threads)
    settings = GenerationSettings(max_tokens=400)
    free = [clocked(partial(read, engine.stream(prompt, settings))) for prompt in prompts]
    held = [clocked(partial(read, GroundedEngine(engine).stream(prompt, settings))) for prompt in prompts]
    with tempfile.TemporaryDirectory() as folder:
        gguf = to_gguf(to_checkpoint(engine.path, Path(folder) / "checkpoint"), Path(folder) / "model.gguf")
        script = Path(__file__).with_name("llamacpp.py")
        asked = [str(python), str(script), str(gguf), str(threads), "400"]
        done = subprocess.run(asked, input=json.dumps(prompts), capture_output=True, text=True, check=True)
    print(f"{len(prompts)} turns over evidence, {threads} threads, load before {os.getloadavg()[0]:.1f}")
    print("prompt  turn  | processor s: CTranslate2 free, as served, llama.cpp | wall s | same text")
    for prompt, (text, *own), (_, *served), other in zip(prompts, free, held, json.loads(done.stdout), strict=True):
        seconds = [f"{one:6.1f}" for one in (own[1], served[1], other["processor"], own[0], served[0], other["wall"])]
        same = text.strip() == other["text"].strip()
        sizes = f"{engine.count(prompt):6} {engine.count(text):5}"
        print(f"{sizes}  | {' '.join(seconds[:3])} | {' '.join(seconds[3:])} | {same}")


def clocked(work: Callable[[], T]) -> tuple[T, float, float]:
    """What work gives, with seconds and processor seconds."""
    spent = time.process_time()
    result, seconds = timed(work)
    return result, seconds, time.process_time() - spent


def read(stream: Stream) -> str:
    """The text of a stream."""
    return "".join(stream)


def make_random(shape: str, folder: Path) -> None:
    """Write a random checkpoint of a shape, with a tokenizer of bytes, and its int8 export."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    control = ["<|endoftext|>", dialogue.TURN_START, dialogue.TURN_END]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate(alphabet)}, merges=[]))
    tokenizer.add_special_tokens(control)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    LlamaForCausalLM(LlamaConfig(**SHAPES[shape], tie_word_embeddings=True)).save_pretrained(folder / "checkpoint")
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=dialogue.TURN_END)
    fast.save_pretrained(folder / "checkpoint")
    convert(folder / "checkpoint", folder / "exported")


def measure(model: Path, threads: int, tokens: int, prompt_tokens: int) -> None:
    """Print the figures of one model."""
    engine, seconds = timed(lambda: open_engine(model, threads))
    note = SENTENCE
    while engine.count(dialogue.render_prompt(note, "short")) < prompt_tokens:
        note += SENTENCE
    prompt = dialogue.render_prompt(note, "short")
    settings = GenerationSettings(max_tokens=tokens)
    print(
        f"{engine.name}, {threads} threads; a prompt of {engine.count(prompt)} tokens, at most {tokens} tokens a turn"
    )
    print(f"opened in                    {seconds:8.2f} s")
    _, seconds = timed(lambda: next(engine.stream(prompt, settings), ""))
    print(f"first piece of text after    {seconds:8.2f} s")
    one, seconds = timed(lambda: written(engine, [prompt], settings))
    print(f"one turn                     {one / seconds:8.1f} tokens/s")
    many, seconds = timed(lambda: written(engine, [prompt] * BATCH, settings))
    print(f"{BATCH} turns at once             {many / seconds:8.1f} tokens/s")
    beams = GenerationSettings(max_tokens=min(tokens, 32), beam=10, samples=10)
    final = dialogue.render_prompt(note, "short", "final")
    _, seconds = timed(lambda: engine.generate([final], beams))
    print(f"ten names by beam search in  {seconds:8.2f} s")
    print(f"peak resident memory         {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MiB")


def written(engine: Engine, prompts: list[str], settings: GenerationSettings) -> int:
    return sum(turn.tokens for turns in engine.generate(prompts, settings) for turn in turns)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


if __name__ == "__main__":
    main()
