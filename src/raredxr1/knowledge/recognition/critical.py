"""Insulin that is there, or ketones that are not, while glucose is low, as in the critical sample of a hypoglycaemia.

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
_SUGAR = re.compile(
    r"\b(?:glu(?:cose|c)?|BM|BMs|BG|CBG|BSL|(?:blood )?sugars?|dextrostix)\b(?:[\s:=~]|of |was |is |were |level "
    r"|only |at |down to |"
    r"fell to |measured |POC )*(?P<value>\d{1,3}(?:\.\d+)?)",
    re.IGNORECASE,
)
_KETONES = rare(
    r"\bketones?\b(?:[\s:=]|of |was |were |in (?:the )?(?:blood|urine) |blood |urine |only |beta-hydroxybutyrate )*"
    r"(?:(?P<value>[<]?\s?\d(?:\.\d+)?)(?!\+)|(?P<none>negative|neg\b|-ve|nil|absent|undetectable|low\b|trace|"
    r"inappropriately low|"
    r"not raised|suppressed))|\bno ketones\b",
    re.IGNORECASE,
)
_FEW_KETONES = 0.6
"""mmol/L of ketones below which they have not risen as they should."""
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


def ketones_while_low(text: str) -> Iterator[Hit]:
    """Hypoketotic hypoglycemia by the two side by side: "BM 2.2 on arrival, ketones 0.2"."""
    for match in _KETONES.finditer(text):
        if match["value"] and float(match["value"].strip("< ")) >= _FEW_KETONES:
            continue
        beside = list(_SUGAR.finditer(text, max(0, match.start() - _NEAR // 2), match.start()))
        beside += _SUGAR.finditer(text, match.end(), match.end() + _NEAR // 2)
        if any(_is_low(float(one["value"])) for one in beside):
            yield Hit("HP:0001985", *match.span(), "value", measured=True)


def _is_low(glucose: float) -> bool:
    """Whether a glucose is low in whichever unit it is: below 2.8 mmol/L or 50 mg/dL; the figures do not meet."""
    return glucose < 2.8 or 15 <= glucose < 50
