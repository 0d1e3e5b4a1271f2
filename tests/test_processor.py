"""Eight-bit products are trusted to processors that add them up without overflow, and to no others."""

import platform
from pathlib import Path

import pytest

from raredxr1.processor import compute_type


@pytest.mark.parametrize(
    ("machine", "flags", "wanted"),
    [
        ("x86_64", "flags : fpu avx avx2", "float32"),
        ("x86_64", "flags : avx2 avx512f avx512bw", "float32"),
        ("x86_64", "flags : avx2 avx512f avx512_vnni amx_int8", "default"),
        ("AMD64", "flags : avx2 avx_vnni", "default"),
        ("x86_64", None, "float32"),
        ("aarch64", "Features : asimd", "default"),
    ],
)
def test_what_processors_compute_with(
    machine: str, flags: str | None, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    cpuinfo = tmp_path / "cpuinfo"
    if flags is not None:
        cpuinfo.write_text(flags)
    assert compute_type(cpuinfo) == wanted
