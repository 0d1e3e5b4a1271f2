"""AdamW for all parameters, or Muon for the matrices inside the layers and AdamW for the rest.

Muon orthogonalises the momentum of a weight matrix, which helps to learn what is rare in the data (K. Jordan et al.
2024; on the tail of associative memory: arXiv 2509.26030). Both optimizers are torch's own, but for the arithmetic of
Muon on a CPU.
"""

import math
from collections.abc import Callable
from typing import Any

import torch

from raredxr1.internalize.config import InternalizeConfig

BETAS = (0.9, 0.95)


class Float32Muon(torch.optim.Muon):
    """Muon with `adjust_lr_fn="match_rms_adamw"`, orthogonalised in float32.

    torch's own turns matrices to bfloat16 first. A CPU without arithmetic of that type takes ten times as long so (on
    AVX2, 128 x 128: 3.4 against 0.3 ms), which was a third and more of a step of a small model.
    """

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> Any:
        """Step."""
        loss = closure() if closure else None
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is None:
                    continue
                state = self.state[matrix]
                if not state:
                    state["momentum_buffer"] = torch.zeros_like(matrix.grad)
                average = state["momentum_buffer"].lerp_(matrix.grad, 1 - group["momentum"])
                update = matrix.grad.lerp(average, group["momentum"])
                matrix.mul_(1 - group["lr"] * group["weight_decay"])
                rate = 0.2 * group["lr"] * math.sqrt(max(matrix.shape))
                matrix.add_(_orthogonal(update, group["ns_coefficients"], group["ns_steps"], group["eps"]), alpha=-rate)
        return loss


def _orthogonal(
    matrix: torch.Tensor, coefficients: tuple[float, float, float], steps: int, least: float
) -> torch.Tensor:
    """Newton-Schulz iterations towards the nearest orthogonal matrix (U V^T of the singular value decomposition)."""
    a, b, c = coefficients
    tall = matrix.shape[0] > matrix.shape[1]
    found = matrix.T.contiguous() if tall else matrix  # in order: products of small matrices are a quarter faster so
    found = found / found.norm().clamp(min=least)
    for _ in range(steps):
        gram = found @ found.T
        found = torch.addmm(found, torch.addmm(gram, gram, gram, beta=b, alpha=c), found, beta=a)
    return found.T if tall else found


class MuonWithAdamW(torch.optim.Optimizer):
    """Two optimizers seen as one: a scheduler and a trainer need only one."""

    def __init__(self, muon: torch.optim.Optimizer, adamw: torch.optim.Optimizer) -> None:
        """Take both; their parameter groups are shared, not copied."""
        self.parts = (muon, adamw)
        super().__init__([{"params": [p]} for part in self.parts for g in part.param_groups for p in g["params"]], {})
        self.param_groups = [group for part in self.parts for group in part.param_groups]

    def step(self, closure: Callable[[], float] | None = None) -> Any:
        """Step both."""
        loss = closure() if closure else None
        for part in self.parts:
            part.step()
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Clear the gradients of both."""
        for part in self.parts:
            part.zero_grad(set_to_none)

    def state_dict(self) -> dict[str, Any]:
        """State of both."""
        return {"parts": [part.state_dict() for part in self.parts]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore both."""
        for part, state in zip(self.parts, state_dict["parts"], strict=True):
            part.load_state_dict(state)
        self.param_groups = [group for part in self.parts for group in part.param_groups]


def make_optimizer(model: torch.nn.Module, config: InternalizeConfig) -> torch.optim.Optimizer:
    """Make the optimizer a recipe asks for; vectors (norms) and embeddings never decay."""
    matrices: list[torch.nn.Parameter] = []
    others: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        inside = parameter.ndim == 2 and "embed" not in name and "lm_head" not in name
        (matrices if inside else others).append(parameter)
    if config.optimizer == "muon":
        kind = Float32Muon if matrices[0].device.type == "cpu" else torch.optim.Muon
        muon = kind(
            matrices,
            lr=config.matrix_learning_rate,
            weight_decay=config.weight_decay,
            momentum=0.95,
            adjust_lr_fn="match_rms_adamw",
        )
        return MuonWithAdamW(muon, torch.optim.AdamW(others, lr=config.learning_rate, betas=BETAS, weight_decay=0.0))
    groups = [
        {"params": matrices, "weight_decay": config.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=BETAS)
