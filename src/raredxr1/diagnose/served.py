"""How much the list of a served model counts beside the rankers of this machine.

Weights that are served elsewhere have no calibration beside them. What the rankers say is weighed as it was fitted for
the shipped model; the served model's list adds `strength / rank` to the log odds of each disease it names. Until that
was measured, the strength is the prior of every opinion the fit knows nothing of (`fused.weigh`). `raredx train
calibrate --model ollama:NAME --cases FILE` measures it on your own cases, and keeps it in the data folder.
"""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from raredxr1.diagnose.calibration import CaseFile, Measured
from raredxr1.runstore import data_folder, read_model
from raredxr1.schemas import Strict

ALONE, RANKERS, TOGETHER = "served model alone", "rankers of this machine", "together"


class ServedFit(Strict):
    """How reliable a served model was on development cases."""

    format_version: Literal[1] = 1
    model: str = Field(description="its address, as it was written")
    strength: float = Field(ge=0, description="what its first name adds to the log odds of a disease")
    shift: float = Field(description="what every disease that anybody names gains over none of these on these cases")
    knowledge: str
    created: date
    cases: list[CaseFile]
    measured: list[Measured] = Field(description="each disease left out of the fit once")
    ece: float = Field(ge=0, description="expected calibration error of the first name of both together, likewise")

    @property
    def n(self) -> int:
        """Cases it was fitted on."""
        return sum(file.n for file in self.cases)


def fit_path(key: str) -> Path:
    """Where the fit of a server is kept.

    Args:
        key: `ServerEngine.path`, which stands for the server's address.
    """
    return data_folder() / "served" / f"{key}.json"


def read_served(path: Path) -> ServedFit | None:
    """Read a fit; None where there is none.

    Raises:
        InputError: there is one, and it is damaged.
    """
    if not path.exists():
        return None
    return read_model(path, ServedFit, "fit it again with `raredx train calibrate`, or delete it")
