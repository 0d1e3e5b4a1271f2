"""Browser tests run wherever there is a Chromium; in CI there must be one."""

import os

from browser import CHROMIUM

collect_ignore = [] if CHROMIUM or os.environ.get("CI") else ["test_page_in_browser.py"]


def pytest_report_header() -> str:
    """Say whether pages are looked at."""
    return f"pages are tested in {CHROMIUM}" if CHROMIUM else "pages are not tested: no Chromium on this machine"
