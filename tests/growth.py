"""How the time that work takes grows with its size, on a machine that has other things to do."""

import time
from collections.abc import Callable

TRIES = 20


def grows_slower(work: Callable[[int], object], size: int, larger: int, times: float) -> bool:
    """Whether the larger piece of work takes fewer than so many times the time of the smaller one.

    The least time of several tries counts, as others can only make it longer: where it is fewer at once, it is tried
    once; work that grows too fast is too slow at every try. No size comes twice: what is remembered takes no time.
    """
    work(size // 2)  # what is made at first use
    short = long = float("inf")
    for more in range(TRIES):
        short, long = min(short, _seconds(work, size + more)), min(long, _seconds(work, larger + more))
        if long < times * short:
            return True
    return False


def _seconds(work: Callable[[int], object], size: int) -> float:
    """Of this thread alone."""
    began = time.thread_time()
    work(size)
    return time.thread_time() - began
