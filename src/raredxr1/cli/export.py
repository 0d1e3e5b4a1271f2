"""`raredx export`: a checkpoint becomes what is served and shipped, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from raredxr1.cli._model import KnowledgeOption
from raredxr1.errors import InputError, faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raredxr1.knowledge import KnowledgeBase
    from raredxr1.schemas import Form

app = typer.Typer(no_args_is_help=True, help="Turn checkpoints into what is served and shipped, and back.")

PARITY_PROMPTS = 50
PARITY_EVIDENCE = 12
PARITY_SEED = 50_000


@app.command()
def model(
    checkpoint: Annotated[Path, typer.Argument(help="Checkpoint folder, or the folder of a training stage.")],
    out: Annotated[Path, typer.Argument(help="Folder to write.")],
    quantization: Annotated[str, typer.Option(help="int8 or float32.")] = "int8",
    serve: Annotated[Literal["full", "short"], typer.Option(help="The form to serve unless another is asked for.")] = (
        "full"
    ),
    reads: Annotated[
        Literal["turns", "windows", "evidence"],
        typer.Option(
            help="What it was taught: full turns; `train turns` on windows alone, or on weighing evidence too."
        ),
    ] = "turns",
    knowledge: KnowledgeOption = None,
) -> None:
    """Convert to CTranslate2, and keep the result only if it says what the checkpoint says.

    Both write after fifty synthetic notes; see the parity report, parity.json, beside the model.
    """
    from raredxr1.export import checkpoint_in, export

    if not checkpoint.is_dir():
        raise InputError(f"{checkpoint}: no such folder")
    source = checkpoint_in(checkpoint)
    forms: tuple[Form, Form] = ("full", "short") if serve == "full" else ("short", "full")
    report = export(source, out, _prompts(checkpoint, knowledge, reads), quantization, forms, reads)
    typer.echo(f"{out}: {report.summary()}")


@app.command()
def bundle(
    folder: Annotated[Path, typer.Argument(help="Folder that `raredx export model` wrote.")],
    out: Annotated[Path, typer.Argument(help="Folder for the parts and the manifest.")],
    facts: Annotated[Path, typer.Option("--facts", help="YAML with what the manifest is to say of the model.")],
) -> None:
    """Pack an exported model into parts of at most 90 MiB with a manifest: the form in which it ships."""
    import yaml
    from pydantic import ValidationError

    from raredxr1.export import Facts
    from raredxr1.export import bundle as run

    try:
        said = Facts.model_validate(yaml.safe_load(facts.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{facts}: cannot be read ({type(error).__name__})") from error
    except ValidationError as error:
        raise InputError(f"{facts}: {faults(error.errors())}") from error
    manifest = run(folder, out, said)
    typer.echo(f"{out}: {len(manifest.parts)} part(s), {manifest.size / 2**20:.1f} MiB, sha256 {manifest.sha256}")


@app.command()
def checkpoint(
    folder: Annotated[Path | None, typer.Argument(help="Exported folder; the shipped model by default.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Checkpoint folder to write.")] = Path("checkpoint"),
) -> None:
    """Turn an exported model back into a Hugging Face checkpoint, to train on."""
    from raredxr1.diagnose.model import SHIPPED
    from raredxr1.export import to_checkpoint, unpacked

    typer.echo(to_checkpoint(unpacked(folder or SHIPPED), out))


@app.command()
def gguf(
    folder: Annotated[
        Path | None, typer.Argument(help="Checkpoint, stage or exported folder; the shipped model by default.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="File to write.")] = Path("model.gguf"),
    stored: Annotated[Literal["f16", "q8_0"], typer.Option(help="How matrices are kept.")] = "q8_0",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> None:
    """Write a GGUF file, tokenizer and chat template included, which llama.cpp, Ollama and LM Studio load."""
    import tempfile

    from raredxr1.diagnose.model import SHIPPED
    from raredxr1.export import checkpoint_in, to_checkpoint, to_gguf, unpacked

    if out.exists() and not force:
        raise InputError(f"{out} exists; --force replaces it")
    source = checkpoint_in(folder or SHIPPED)
    if any(source.glob("*.safetensors")):
        typer.echo(to_gguf(source, out, stored))
        return
    with tempfile.TemporaryDirectory(prefix="raredx-") as temporary:
        made = to_checkpoint(unpacked(source), Path(temporary) / "model")
        typer.echo(to_gguf(made, out, stored))


def _prompts(stage: Path, knowledge: Path | None, reads: Literal["turns", "windows", "evidence"]) -> list[str]:
    """Prompts of all forms on notes never trained on, of the diseases the stage taught (else of all)."""
    import json

    from raredxr1 import dialogue
    from raredxr1.diagnose.reading import SHORT_WINDOW, count_words
    from raredxr1.diagnose.windows import windows
    from raredxr1.internalize.config import Mixture
    from raredxr1.internalize.corpus import Corpus, taught_diseases
    from raredxr1.knowledge import load

    kb = load(knowledge)
    taught = stage / "taught.json"
    ids = json.loads(taught.read_text(encoding="utf-8")) if taught.is_file() else []
    diseases = [disease for disease in map(kb.disease, ids) if disease is not None] or taught_diseases(kb)
    if reads == "evidence":
        return _evidence(kb, diseases)
    corpus = Corpus(kb, diseases, PARITY_SEED)
    mixture = Mixture(final=2, differential=1, full=1, profile=0)
    prompts = [corpus.example(number, mixture).prompt for number in range(PARITY_PROMPTS)]
    if reads == "turns":
        return prompts
    notes = map(dialogue.note_of, prompts)
    first = [(note, windows(note, SHORT_WINDOW, count_words)[0]) for note in notes]
    return [dialogue.render_reading_prompt(note[span.start : span.end]) for note, span in first]


def _evidence(kb: "KnowledgeBase", diseases: "Sequence[int]") -> list[str]:
    """Prompts to weigh, about patients drawn; fewer, for each is long and behind it the greatest part of a turn."""
    from random import Random

    from raredxr1.diagnose.names import Names
    from raredxr1.knowledge.linking import Linker
    from raredxr1.reflect.weighing import WeighingLessons

    draw = WeighingLessons(Names(kb, Linker(kb)), None).of_patients(diseases)
    return [draw(Random(PARITY_SEED + number)).prompt for number in range(PARITY_EVIDENCE)]
