"""A model behind an OpenAI-compatible endpoint as a system, without the product's harness: the peer to compare with.

`--system model --model openai:URL#NAME` is the same model within the harness.
"""

from collections.abc import Sequence
from typing import Any

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.servers.client import Client
from raredxr1.diagnose.servers.differential import ask_differential
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.rows import Answer, Prediction, Text
from raredxr1.schemas import Candidate, Form, ProblemKind


class OpenAISystem:
    """A model behind an endpoint as a system."""

    batch = 1

    def __init__(self, name: str, client: Client, names: Names, form: Form = "short", seed: int = 0) -> None:
        """Take the endpoint, what names are linked to, and the form to ask for."""
        self.name, self._client, self._names, self._form, self._seed = name, client, names, form, seed

    def facts(self) -> dict[str, Any]:
        """The endpoint and its model."""
        endpoint = self._client.endpoint
        return {"name": endpoint.model, "url": endpoint.url, "sha256": None}

    def predict(self, items: Sequence[Item]) -> list[Prediction]:
        """Ask for each case in turn."""
        return [self._asked(item) for item in items]

    def _asked(self, item: Item) -> Prediction:
        reply, read = ask_differential(self._client, item.note, self._names, self._form, self._seed)
        common: dict[str, Any] = {
            "case_id": item.key,
            "prompt_tokens": reply.prompt_tokens,
            "tokens": reply.tokens,
            "retries": reply.retries,
            "cost": self._client.cost(reply),
            "form": self._form,
        }
        if read is None:
            return Prediction(status=reply.status, reason=reply.reason, **common)
        empty = read.has(ProblemKind.UNPARSED) and not reply.text.strip()
        return Prediction(
            status="failed" if empty else "ok",
            reason="an empty answer" if empty else "",
            answer=[Answer.model_validate(c.model_dump(include=set(Candidate.model_fields))) for c in read.answer],
            findings=read.findings,
            problems=read.problems,
            turns=[Text(role="turn", text=reply.text, truncated=reply.truncated)],
            **common,
        )
