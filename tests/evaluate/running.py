"""A run as most tests want it: all cases, no progress bar."""

from pathlib import Path
from typing import Any

from raredxr1.diagnose.pipeline import Options
from raredxr1.evaluate import runner
from raredxr1.evaluate.case_set import CaseSet, Selection
from raredxr1.evaluate.matcher import Matcher

FULL = Options(form="full", ranking="scored")


def go(system: Any, cases: CaseSet, out: Path, matcher: Matcher, **more: Any) -> runner.Outcome:
    return runner.evaluate(system, cases, out, matcher, runner.settings_of(Selection()), quiet=True, **more)
