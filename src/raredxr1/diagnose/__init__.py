"""One note through the product: engines, evidence, confidence.

`diagnose(note, open_model(), open_names(), Options(form="short"))` gives a Result.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raredxr1.diagnose.model import Model, open_model
    from raredxr1.diagnose.names import Names, open_names
    from raredxr1.diagnose.pipeline import Options, diagnose
    from raredxr1.diagnose.result import Result

__all__ = ["Model", "Names", "Options", "Result", "diagnose", "open_model", "open_names"]

_HOMES = {
    "Model": "model", "open_model": "model", "Names": "names", "open_names": "names", "Options": "pipeline",
    "diagnose": "pipeline", "Result": "result",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """Open a module when somebody asks for what it holds: `raredx --version` needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
