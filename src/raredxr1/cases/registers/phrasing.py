"""Words that all registers share: how findings are led in, qualified, denied and doubted. Written for this project."""

import re

from raredxr1.data import wordings

PHRASES = wordings("phrasing")

MISSPELT = 0.015
"""Share of findings with a slip of the keyboard, and of other sentences."""
QUALIFIED = 0.12
"""Share of findings that are called mild, marked, ..."""
SIZED = frozenset(PHRASES["sized"])
HISTORIES = 0.3
UNCERTAIN = 0.3
"""Shares of notes that tell of something past, and of something nobody is sure of."""

JOINED, JOINS = 0.42, (", and ", ", and ", "; ", " and ", ", and ", ", while ")
"""Share of statements that go on in the same sentence, and how."""
CODA = 0.16
"""Share of statements with something said of them at the end."""
TIMED = 0.18
LATER = 0.1
"""Shares of findings with the age at which they began, and with since when or how often they are."""
UNAWARE = re.compile(r"intellect|cogniti|delay|dement|regress|autis|behavio|speech|mental", re.IGNORECASE)
"""Labels of findings that nobody is asked whether they have them."""
INBORN = re.compile(r"neonatal|newborn|birth|congenital|infan|prenatal|fetal|childhood|onset", re.IGNORECASE)
"""Labels of findings that say when they were there."""


TESTED = frozenset(("mri", "echo", "ultrasound", "xray", "eeg", "emg", "biopsy", "eyes", "urine"))
"""Parts of a record that are told behind the name of a test, so that the words need not name it again."""
_TEST = "MRI|CT|echo|ultrasound|X-ray|EEG|EMG|biopsy|fundoscopy|scan|NCS|hepatic sonography"
SHOWN_BY = re.compile(rf" (?:on|by|in) (?:the )?(?:{_TEST})$")
_PREPOSITION = re.compile(r" (?:of|in|with|on|between|for|to|from|at|that|which|due|affecting|below|above|by) ")


def plural(text: str) -> bool:
    """Whether a noun phrase takes "are", as far as its ending tells."""
    head = _PREPOSITION.split(text, maxsplit=1)[0]
    return head.endswith(("s", "feet", "teeth", "nares")) and not head.endswith(
        ("ss", "is", "us", "series", "caries", "diabetes", "rickets", "herpes", "facies", "biceps")
    )


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
