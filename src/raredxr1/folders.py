"""Where this program keeps what people ask it to keep."""

import os
from pathlib import Path

DATA_VARIABLE = "RAREDX_DATA"


def data_folder() -> Path:
    """$RAREDX_DATA, else raredx in the user's data folder ($XDG_DATA_HOME, ~/.local/share)."""
    if own := os.environ.get(DATA_VARIABLE):
        return Path(own)
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "raredx"
