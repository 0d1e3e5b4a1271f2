"""Over-length: DAPO's soft punishment (arXiv 2503.14476, equation 13).

Nothing up to the last `overlong` tokens before the limit, then a straight line down to -1 at the limit.
"""

from raredxr1.curriculum.rollout import Rollout


def length(rollout: Rollout, limit: int, overlong: int) -> float:
    """Score the length: -1 to 0.

    Args:
        rollout: the completion.
        limit: tokens a completion may have.
        overlong: tokens before the limit over which the punishment grows.
    """
    if rollout.truncated:
        return -1.0
    return -min(1.0, max(0.0, (rollout.tokens - (limit - overlong)) / overlong))
