"""Lines of text as numpy arrays, the way the artifact holds them."""

from collections.abc import Iterable

import numpy as np

Arrays = dict[str, np.ndarray]


def text(lines: Iterable[str]) -> np.ndarray:
    """Store lines of text as one array of UTF-8 bytes."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def untext(array: np.ndarray) -> list[str]:
    """Undo `text`."""
    return array.tobytes().decode().split("\n")
