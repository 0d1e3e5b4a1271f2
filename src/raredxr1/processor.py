"""What this machine's processor can be trusted with."""

import platform
import re
from functools import cache
from pathlib import Path
from typing import Any

_VNNI = re.compile(r"\bavx(?:512)?_vnni\b")


@cache
def compute_type(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """How CTranslate2 is to compute with weights stored as eight-bit integers.

    On x86 processors without VNNI (AVX2 alone, as in many laptops) products of eight-bit integers are added up in
    sixteen bits and overflow (oneDNN, "Nuances of int8 computations"): the shipped model then writes other text. There,
    and where a processor does not say, the weights are turned into floats when a model is opened, and nothing is lost
    but speed.

    Args:
        cpuinfo: where Linux describes the processor.

    Returns:
        "default" (integers) or "float32", as `ctranslate2.Generator` takes it.
    """
    if platform.machine().lower() not in ("x86_64", "amd64", "i686"):
        return "default"
    try:
        return "default" if _VNNI.search(cpuinfo.read_text(encoding="utf-8", errors="replace")) else "float32"
    except OSError:
        return "float32"


def fast_bfloat16(device: Any) -> bool:
    """Whether products of bfloat16 matrices are faster on a torch device than those of float32."""
    import torch  # what only serves does without

    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
