"""Browser tests run wherever there is a Chromium; in CI there must be one."""

import os
import shutil
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The machine's own browser: Playwright's would have to be downloaded."""

collect_ignore = [] if CHROMIUM or os.environ.get("CI") else ["test_page_in_browser.py"]


def pytest_report_header() -> str:
    """Say whether pages are looked at."""
    return f"pages are tested in {CHROMIUM}" if CHROMIUM else "pages are not tested: no Chromium on this machine"


def screenshots(fallback: Path) -> Path:
    """Where pictures go: $RAREDX_SCREENSHOTS, so that CI can keep them."""
    folder = Path(os.environ.get("RAREDX_SCREENSHOTS") or fallback)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
