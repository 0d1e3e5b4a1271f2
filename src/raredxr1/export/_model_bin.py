"""Reads model.bin, the weights file of a CTranslate2 folder (binary version 6).

Layout, little-endian, after `ModelSpec._serialize` in ctranslate2/specs/model_spec.py: version u32; name of the
specification; revision u32; number of variables u32; for each its name, rank u8, dimensions u32, dtype u8, bytes u32,
values; number of aliases u32; for each the alias and the variable it stands for. A string is its length u16 (counting
the zero that ends it), then its bytes.
"""

import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from raredxr1.errors import InputError

BINARY_VERSION = 6

Array = NDArray[np.generic]

_DTYPES = ("<f4", "i1", "<i2", "<i4", "<f2", "<u2")  # DataType in ctranslate2/types.h; numpy has no bfloat16: its bits
_BFLOAT16 = 5


def read_model_bin(path: Path) -> tuple[str, dict[str, Array]]:
    """Read the name of the specification and every variable; an alias is the same array under another name.

    bfloat16 comes back as float32 of the same value. Quantized weights come back as stored: int8 of shape [rows,
    columns], beside a float32 `..._scale` of shape [rows]; see `dequantize`.

    Raises:
        InputError: the file is truncated, or not of this version.
    """
    reader = _Reader(path)
    version = reader.number("<I")
    if version != BINARY_VERSION:
        raise InputError(f"{path}: binary version {version}, only {BINARY_VERSION} can be read")
    name = reader.string()
    reader.number("<I")  # revision: only the names of a few variables of other architectures depend on it
    variables: dict[str, Array] = {}
    for _ in range(reader.number("<I")):
        key = reader.string()
        shape = [reader.number("<I") for _ in range(reader.number("<B"))]
        dtype = reader.number("<B")
        if dtype >= len(_DTYPES):
            raise InputError(f"{path}: variable {key} has the unknown type {dtype}: the file is damaged")
        kind, size = np.dtype(_DTYPES[dtype]), reader.number("<I")
        if size != math.prod(shape) * kind.itemsize:
            raise InputError(f"{path}: variable {key} has not the size of its shape: the file is damaged")
        array = np.frombuffer(reader.take(size), dtype=kind).reshape(shape)
        variables[key] = _widen(array) if dtype == _BFLOAT16 else array
    for _ in range(reader.number("<I")):
        alias, key = reader.string(), reader.string()
        variables[alias] = variables[key]
    return name, variables


def dequantize(variables: dict[str, Array], name: str) -> NDArray[np.float32]:
    """Return a weight as float32, undoing the quantization: stored = round(weight * scale), one scale a row (int8).

    Args:
        variables: as read by `read_model_bin`.
        name: the weight's name, "decoder/layer_0/ffn/linear_0/weight" for one.

    Raises:
        KeyError: there is no such variable.
    """
    weight = variables[name].astype(np.float32)
    scale = variables.get(f"{name}_scale")
    if scale is None:
        return weight
    return (weight / scale.astype(np.float32).reshape(-1, *[1] * (weight.ndim - 1))).astype(np.float32)


def _widen(bits: Array) -> Array:
    """Turn the bits of bfloat16 into float32: the upper half of its bits."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


class _Reader:
    """A place in the file's bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._data = memoryview(path.read_bytes())
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}") from error
        self._at = 0

    def take(self, size: int) -> memoryview:
        piece = self._data[self._at : self._at + size]
        if len(piece) < size:
            raise InputError(f"{self._path} ends too early: the file is truncated")
        self._at += size
        return piece

    def number(self, layout: str) -> int:
        return int(struct.unpack(layout, self.take(struct.calcsize(layout)))[0])

    def string(self) -> str:
        return bytes(self.take(self.number("<H"))).rstrip(b"\0").decode("utf-8", "replace")
