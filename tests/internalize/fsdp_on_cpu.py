"""A process of a stage 1 sharded by FSDP2 on CPUs: `accelerate launch ... fsdp_on_cpu.py recipe.yaml`.

accelerate shards on accelerators alone, so it is told that this is one; torch itself shards over gloo as well. What
each process saw goes into a file beside the recipe: the phase of every row it read, and what its model is wrapped in.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from accelerate import PartialState
from accelerate.utils import DistributedType

from raredxr1.internalize import train
from raredxr1.internalize.config import InternalizeConfig, Mixture
from raredxr1.recipe import read_config

begin, rows_of, mixture_at, trainer_of = PartialState.__init__, train.RowStream.rows, train.mixture_at, train._trainer
seen: dict[str, Any] = {"phases": []}
phase = 0


def begun(self: PartialState, *args: Any, **more: Any) -> None:
    begin(self, *args, **more)
    if self.distributed_type == DistributedType.MULTI_CPU:
        self.distributed_type = DistributedType.MULTI_GPU


def mixture(config: InternalizeConfig, share: float) -> Mixture:
    global phase
    found = mixture_at(config, share)
    phase = [one.mixture for one in config.phases].index(found)
    return found


def rows(self: Any, shards: list[int], of: int = 1) -> Iterator[Any]:
    for row in rows_of(self, shards, of):
        seen["phases"].append(phase)
        yield row


def trainer(*args: Any) -> Any:
    seen["trainer"] = trainer_of(*args)
    return seen["trainer"]


PartialState.__init__ = begun
train.RowStream.rows, train.mixture_at, train._trainer = rows, mixture, trainer
train.SAMPLED_EXAMPLES = 50
recipe = Path(sys.argv[1])
train.internalize(read_config(InternalizeConfig, recipe, []), quiet=True)
wrapped = seen.pop("trainer").model_wrapped
seen["wrapped"] = [kind.__name__ for kind in type(wrapped).__mro__]
seen["parameters"] = type(next(wrapped.parameters())).__name__
recipe.with_suffix(f".{os.environ['RANK']}.json").write_text(json.dumps(seen))
