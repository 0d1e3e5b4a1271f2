"""What a pretrained base is to the tests that train: it knows the dialogue, and none of their diseases.

    python tests/toy_base.py [FOLDER]    # ten minutes or so; writes tests/fixtures/toy_base

It has learned five dozen diseases that follow the two dozen best documented ones, which the recipes at tiny size teach.
So a test that starts from it still has everything to teach about diseases, and nothing about the form of a turn.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from safetensors.torch import load_file, save_file

from raredxr1.internalize import train
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.corpus import taught_diseases
from raredxr1.knowledge import KnowledgeBase
from raredxr1.recipe import read_config

TOY_BASE = Path(__file__).parent / "fixtures" / "toy_base"
TAUGHT_LATER, KNOWN = 24, 60
CHANGES = (
    "new_model={vocabulary: 2000, hidden: 128, layers: 3, heads: 4, kv_heads: 4, feed_forward: 384, context: 1024}",
    "phases=[{until: 1.0, mixture: {final: 0.4, differential: 0.1, full: 0.45, profile: 0.05}}]",
    "tokens=900000",
    "rows=2",
)


def make(folder: Path) -> None:
    """Train it and write its checkpoint, in half precision, at `folder`."""

    def later_ones(kb: KnowledgeBase, most: int = 0) -> list[int]:
        return taught_diseases(kb, TAUGHT_LATER + KNOWN)[TAUGHT_LATER:]

    train.taught_diseases = later_ones  # type: ignore[attr-defined]
    recipe = Path(__file__).parents[1] / "recipes" / "tiny" / "internalize.yaml"
    with TemporaryDirectory() as out:
        checkpoint = train.internalize(read_config(InternalizeConfig, recipe, [f"out={out}", *CHANGES]), quiet=True)
        weights = load_file(checkpoint / "model.safetensors")
        save_file(
            {k: v.to(torch.float16) for k, v in weights.items()}, checkpoint / "model.safetensors", {"format": "pt"}
        )
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(checkpoint, folder, ignore=shutil.ignore_patterns("training_args.bin"))


if __name__ == "__main__":
    make(Path(sys.argv[1]) if sys.argv[1:] else TOY_BASE)
