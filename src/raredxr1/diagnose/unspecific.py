"""Findings near the root of the ontology, by name: "Abnormality of the hand", "EEG abnormality".

A note that says "hands normal" denies every finding of the hand at once, and so contradicts many diseases a little.
That is weak evidence, and never the first thing to say against a disease.
"""

import re

_UNSPECIFIC = re.compile(
    r"(?:Abnormal(?:ity)?|Morphological abnormality)\b|.*\b(?:abnormality|anomaly)$", re.IGNORECASE
)


def is_unspecific(term: str) -> bool:
    """Whether a term, by its HPO label, says no more than that something is abnormal."""
    return bool(_UNSPECIFIC.match(term))
