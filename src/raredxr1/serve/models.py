"""The models that a server offers: how each is called, where it sends notes, and what its confidence rests on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from raredxr1 import lazy_re as re
from raredxr1.diagnose import Model
from raredxr1.diagnose.servers import is_server, parse_server
from raredxr1.errors import InputError

SHIPPED = "shipped"
_NAMED = re.compile(r"(?P<name>\w[\w. -]{0,59})=(?P<model>.+)", re.DOTALL)
_MOST = 20


def parse_models(written: Sequence[str]) -> dict[str, str | None]:
    """Read the models of a command line, each under the name it is asked for by; the first is the default.

    Args:
        written: `shipped`, a path, or a model server's name, with `NAME=` before it if it is to be called otherwise;
            none: the shipped model alone.

    Returns:
        Name -> what `open_model` takes (None: the shipped model).

    Raises:
        InputError: two have the same name, or there are more than twenty.
    """
    if len(written) > _MOST:
        raise InputError(f"--model: {len(written)} models; at most {_MOST} are offered")
    found: dict[str, str | None] = {}
    for one in written or [SHIPPED]:
        name, model = _parse(one)
        if name in found:
            raise InputError(f"--model {one}: another model is called {name}; name them apart, such as --model B={one}")
        found[name] = model
    return found


def _parse(written: str) -> tuple[str, str | None]:
    given = _NAMED.fullmatch(written)
    model = given["model"] if given else written
    name = given["name"].strip() if given else _own_name(written)
    return name, None if model == SHIPPED else model


def _own_name(model: str) -> str:
    """Without the addresses of hosts and folders, which are nobody's business but the server's."""
    if is_server(model):
        address = parse_server(model)
        return (address.model or model) if model.startswith("openai:") else model.partition("@")[0]
    return Path(model).name or model


def sends_to(model: Model) -> list[str]:
    """Hosts other than this machine that get whole notes."""
    return model.server.remote_hosts if model.server else []


def privacy(models: Mapping[str, Model]) -> str:
    """Where a note goes, in a sentence."""
    sent = {name: hosts for name, model in models.items() if (hosts := sends_to(model))}
    if not sent:
        return "The note stays on this machine and is sent nowhere."
    said = "; ".join(f"with {name} the whole note is sent to {', '.join(hosts)}" for name, hosts in sent.items())
    rest = "; with the other models it stays on this machine" if len(sent) < len(models) else ""
    return f"{said[:1].upper()}{said[1:]}{rest}."


def confidence(model: Model) -> str:
    """What the confidences of its answers rest on, in a sentence."""
    if model.fitted is None:
        return "None is shown: nothing was fitted for this model."
    if model.server is None:
        return f"Calibrated with this model on {model.fitted.n:,} development cases."
    if model.served:
        return f"How much the model counts beside the rankers was fitted on {model.served.n:,} of your own cases."
    return "Of the rankers of this machine: how reliable the model is was not measured."
