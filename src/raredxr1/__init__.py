"""RareDxR1: an open, offline reasoning language model for rare-disease diagnosis."""

from typing import TYPE_CHECKING

from raredxr1.version import VERSION as __version__

if TYPE_CHECKING:
    from raredxr1.diagnose.diagnoser import Diagnoser

__all__ = ["Diagnoser", "__version__"]


def __getattr__(name: str) -> object:
    """Open the product's packages only when somebody asks for them: `import raredxr1` stays quick."""
    if name == "Diagnoser":
        from raredxr1.diagnose.diagnoser import Diagnoser

        return Diagnoser
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
