"""The machine's own browser, and where pictures of pages go."""

import os
import shutil
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""Playwright's own would have to be downloaded."""


def screenshots(fallback: Path) -> Path:
    """Where pictures go: $RAREDX_SCREENSHOTS, so that CI can keep them."""
    folder = Path(os.environ.get("RAREDX_SCREENSHOTS") or fallback)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
