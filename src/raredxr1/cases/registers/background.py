"""What notes say beside the findings: birth, vaccination, school, medicines, earlier illnesses, normal results.

Nothing here is a finding. Each line names the terms that would make it untrue, and is left out where one is present.
"""

from dataclasses import dataclass

from raredxr1.cases.speech.grammar import Template, compiled
from raredxr1.data import table
from raredxr1.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Line:
    """A line that may be said unless the patient has one of some findings, at some ages."""

    template: Template
    unless: frozenset[int]
    low: float
    high: float

    def fits(self, shown: frozenset[int], years: float | None) -> bool:
        """Whether it is true of a patient with these findings and of this age (unknown: it must hold at any)."""
        if self.unless & shown:
            return False
        return (self.low == 0.0 and self.high > 100) if years is None else self.low <= years <= self.high


class Background:
    """Lines by topic, with the findings that rule them out looked up."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Read the table `background`."""
        lines: dict[str, list[Line]] = {}
        for row in table("background"):
            template = compiled(row["text"])
            known = [kb.resolve_term(i) for i in row["unless"].split()]
            unless = frozenset(kb.term(i) for i in known if i)
            low = max(float(row["low"]), template.least_years)
            lines.setdefault(row["topic"], []).append(Line(template, unless, low, float(row["high"])))
        self.pregnancy, self.past = lines["pregnancy"], lines["past"]
        self.social_child, self.social_adult = lines["social_child"], lines["social_adult"]
        self.normal, self.results = lines["normal"], lines["results"]
