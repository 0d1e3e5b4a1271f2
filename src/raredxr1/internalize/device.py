"""What the machine can do, measured: the rate of matrix products, and whether the largest batch fits.

Both cost seconds and are done before training, so that a slow device or too large a batch is known before a minute of
training is spent. Neither draws from the random numbers of training.
"""

import time
from typing import Any

import torch

from raredxr1.errors import InputError

GPU_SIZE, CPU_SIZE = 8192, 1024
"""Sides of the square matrices multiplied: large enough that the product, not its start, is measured."""
SECONDS = 0.5


def name_of(device: torch.device) -> str:
    """What the device is called."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else f"cpu, {torch.get_num_threads()} threads"


def matmul_tflops(device: torch.device, dtype: torch.dtype, size: int | None = None, seconds: float = SECONDS) -> float:
    """Measure dense matrix products in TFLOP/s: the rate against which the use of a device is reported.

    Args:
        device: where.
        dtype: bfloat16 or float32.
        size: side of the square matrices, by default what suits the device.
        seconds: how long to measure, at least.
    """
    size = size or (GPU_SIZE if device.type == "cuda" else CPU_SIZE)
    generator = torch.Generator(device).manual_seed(0)
    # random numbers: multiplying zeros takes less power, and so is faster than anything a training does
    a, b = (torch.randn(size, size, generator=generator, device=device).to(dtype) for _ in range(2))
    for _ in range(3):
        a @ b
    _wait(device)
    started, products = time.perf_counter(), 0
    while (passed := time.perf_counter() - started) < seconds or products == 0:
        for _ in range(4):
            a @ b
        _wait(device)
        products += 4
    return products * 2 * size**3 / passed / 1e12


def dry_step(trainer: Any, rows: int, row_tokens: int, state_bytes: int) -> float:
    """Run the largest batch there can be forward and backward: full rows of one example each, every token learned.

    Args:
        trainer: the SFTTrainer, before its first step; its model ends as it began, without gradients.
        rows: of a batch.
        row_tokens: of a row.
        state_bytes: what the optimizer will keep; room for it is taken meanwhile.

    Returns:
        Peak memory in GiB; 0 where the device does not tell.

    Raises:
        InputError: out of memory; it says what to lower.
    """
    model = trainer.model
    device = model.device
    ids = torch.arange(row_tokens, device=device).remainder(model.config.vocab_size).expand(rows, row_tokens).clone()
    positions = torch.arange(row_tokens, device=device).expand(rows, row_tokens)
    was_training = model.training
    model.train()
    if trainer.args.gradient_checkpointing:
        model.gradient_checkpointing_enable()  # the trainer does so when it begins
    try:
        kept = torch.empty(state_bytes, dtype=torch.uint8, device=device) if device.type == "cuda" else None
        with torch.random.fork_rng(), trainer.compute_loss_context_manager():
            # TRL's own head: the logits of a large vocabulary are never held whole
            outputs = model(input_ids=ids, position_ids=positions, labels=ids, use_cache=False, fused_lm_head=True)
            loss = -outputs.log_probs.sum()
        loss.backward()
        del kept, outputs, loss
    except torch.OutOfMemoryError as error:
        raise InputError(
            f"out of memory before training: {rows} rows of {row_tokens} tokens do not fit into {name_of(device)}; "
            "lower rows (and raise accumulate as much), lower row_tokens, or set gradient_checkpointing=true"
        ) from error
    finally:
        model.zero_grad(set_to_none=True)
        model.train(was_training)
        if device.type == "cuda":
            torch.cuda.empty_cache()
    if device.type != "cuda":
        return 0.0
    peak = torch.cuda.max_memory_allocated(device) / 2**30
    torch.cuda.reset_peak_memory_stats(device)
    return float(peak)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
