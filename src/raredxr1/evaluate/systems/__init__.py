"""What can be evaluated: the model, its untrained base, classical rankers, retrieval, any OpenAI-compatible model."""

from collections.abc import Sequence
from typing import Any, Protocol

from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.rows import Prediction


class System(Protocol):
    """Something that answers cases."""

    name: str
    """As the user names it: model, resnik, openai:URL#model."""
    batch: int
    """Cases it likes to answer at once."""

    def facts(self) -> dict[str, Any] | None:
        """Name, sha256 and coverage of the model behind it; None where there is none."""
        ...

    def predict(self, items: Sequence[Item]) -> list[Prediction]:
        """Answer cases, in their order; every failure is a prediction with a reason."""
        ...
