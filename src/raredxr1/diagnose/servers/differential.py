"""Any model behind an OpenAI-compatible endpoint, asked for its own differential, as it comes, in its own words.

The harness of the product (reading held to the note, rankers, checks) is left out here on purpose: such a model is an
opinion beside the product's own, a teacher, or the peer that evaluation compares with (`evaluate.systems.openai`).
"""

from raredxr1 import dialogue
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.diagnose.servers.address import KEY_VARIABLE, parse_server
from raredxr1.diagnose.servers.client import Client, Reply
from raredxr1.errors import InputError
from raredxr1.schemas import Diagnosis, Form

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


def ask_differential(client: Client, note: str, names: Names, form: Form, seed: int) -> tuple[Reply, Diagnosis | None]:
    """Ask for a differential of a note; names are linked, and nothing is held back from what was written.

    Returns:
        What came back, and the turn read from it; None where the endpoint gave no answer.
    """
    system = f"{dialogue.system_line(form, 'differential')}\n{FORMAT[form]}\n{ONE_NAME}"
    reply = client.ask(system, note, seed)
    if reply.status != "ok":
        return reply, None
    turn = dialogue.parse(answer_last(reply.text), note, form, truncated=reply.truncated)
    return reply, link_turn(turn, names)


def answer_last(text: str) -> str:
    """Drop what stands before the last answer block of a model that thinks aloud in other words than ours."""
    start = text.rfind(dialogue.ANSWER)
    return text if start < 0 or dialogue.THINK in text else text[start:]
