"""Closed-book probes: what a model knows of the diseases it was taught, asked in words it was never trained on."""

from raredxr1.internalize.probes.questions import Questions, make_questions
from raredxr1.internalize.probes.report import ProbeReport, lines

__all__ = ["ProbeReport", "Questions", "lines", "make_questions"]
