"""Any model behind an OpenAI-compatible endpoint, asked for its own differential, as it comes, in its own words.

The harness of the product (reading held to the note, rankers, checks) is left out here on purpose: this is the peer to
compare with. `--system model --model openai:URL#NAME` is the same model within the harness.
"""

from collections.abc import Sequence
from typing import Any

from raredxr1 import dialogue
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.diagnose.servers.address import KEY_VARIABLE, parse_server
from raredxr1.diagnose.servers.client import Client
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.rows import Answer, Prediction, Text
from raredxr1.schemas import Candidate, Form, ProblemKind

FORMAT: dict[Form, str] = {
    "short": "Write nothing but:\n<answer>\n1. name of the most likely disease\n2. next name\n...\n</answer>",
    "full": (
        "Write exactly in this form, with quotes copied from the note, + for present and - for absent findings, and "
        "findings referred to by number:\n<think>\nFindings\n"
        '1 + "words of the note" = HPO term\nHypotheses\nname | for 1 2 | against 3 | awaited finding; finding\n'
        "Weigh\none or two sentences\n</think>\n"
        "<answer>\n1. name of the most likely disease\n2. next name\n...\n</answer>"
    ),
}
ONE_NAME = "One disease a line, its name only, at most ten lines."


def parse_system(name: str, key_variable: str = KEY_VARIABLE) -> tuple[str, str]:
    """Take "openai:URL#model" apart: the URL and the model.

    Raises:
        InputError: no URL, no model, several URLs, or what `parse_server` refuses.
    """
    address = parse_server(name if name.startswith("openai:") else f"openai:{name}", key_variable)
    if not address.model or len(address.urls) > 1:
        raise InputError(f"--system {name}: write openai:URL#model, such as openai:http://127.0.0.1:8000/v1#my-model")
    return address.urls[0], address.model


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
        system = f"{dialogue.system_line(self._form, 'differential')}\n{FORMAT[self._form]}\n{ONE_NAME}"
        reply = self._client.ask(system, item.note, self._seed)
        common: dict[str, Any] = {
            "case_id": item.key,
            "prompt_tokens": reply.prompt_tokens,
            "tokens": reply.tokens,
            "retries": reply.retries,
            "cost": self._client.cost(reply),
            "form": self._form,
        }
        if reply.status != "ok":
            return Prediction(status=reply.status, reason=reply.reason, **common)
        turn = dialogue.parse(answer_last(reply.text), item.note, self._form, truncated=reply.truncated)
        read = link_turn(turn, self._names)
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


def answer_last(text: str) -> str:
    """Drop what stands before the last answer block of a model that thinks aloud in other words than ours."""
    start = text.rfind(dialogue.ANSWER)
    return text if start < 0 or dialogue.THINK in text else text[start:]
