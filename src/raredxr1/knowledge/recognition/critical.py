"""Insulin that is there while glucose is low, as in the critical sample of a hypoglycaemia.

Source: Thornton 2015, recommendations of the Pediatric Endocrine Society (insulin of more than 2 mU/L at a glucose
below 2.8 mmol/L); a margin is left for assays.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

_INSULIN = rare(
    r"\binsulin\b[\s:=]*(?:of |was |level )?(?P<value>\d{1,4}(?:\.\d+)?)\s?(?P<unit>[uµμm]I?U|pmol)", re.IGNORECASE
)
_GLUCOSE = re.compile(r"\bglu(?:cose|c)?\b[\s:=]*(?:of |was |POC )*(?P<value>\d{1,3}(?:\.\d+)?)", re.IGNORECASE)
_NEAR = 120
_INHIBITED, _PMOL = 3.0, 6.0
"""mU/L from which insulin is not suppressed, and pmol in a milliunit."""


def insulin_while_low(text: str) -> Iterator[Hit]:
    """Hyperinsulinemic hypoglycemia by the two figures side by side: "glucose 1.9, insulin 14 mU/L"."""
    for match in _INSULIN.finditer(text):
        value = float(match["value"]) / (_PMOL if match["unit"].lower() == "pmol" else 1)
        beside = [
            *_GLUCOSE.finditer(text, max(0, match.start() - _NEAR), match.start()),
            *_GLUCOSE.finditer(text, match.end(), match.end() + _NEAR),
        ]
        if value >= _INHIBITED and any(_is_low(float(one["value"])) for one in beside):
            yield Hit("HP:0000825", *match.span(), "value", measured=True)


def _is_low(glucose: float) -> bool:
    """Whether a glucose is low in whichever unit it is: below 2.8 mmol/L or 50 mg/dL; the figures do not meet."""
    return glucose < 2.8 or 15 <= glucose < 50
