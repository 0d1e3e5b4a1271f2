"""The states a finding can have in a note, and which of them counts where a note says several."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

State = Literal["present", "absent", "uncertain", "other", "hypothetical"]
"""The values of `Assertion`, as documents write them."""


Detail = Literal["past", "denied"]
"""What a note says beside the state: of what is present, that it is over; of another person, that they lack it."""


class Assertion(StrEnum):
    """What is said of a finding; in order of precedence where one note says several things of it."""

    present = "present"
    """The patient has it, or had it."""
    absent = "absent"
    """The note says that the patient does not have it."""
    uncertain = "uncertain"
    """Suspected, asked, or not excluded."""
    other = "other"
    """Of another person: a relative, the pregnancy of the mother, another patient."""
    hypothetical = "hypothetical"
    """No finding of the patient's disease: advice, an order, a risk, a reason for a test, family planning, what
    a drug did, what brings symptoms on."""


DECIDED = frozenset((Assertion.present, Assertion.absent))
"""What rankings by findings may use: the other states say nothing of the patient."""
_PRECEDENCE = {state: place for place, state in enumerate(Assertion)}


def foremost(states: Iterable[Assertion]) -> Assertion:
    """The state that counts where a note says several things of one finding: present in the patient before all."""
    return min(states, key=_PRECEDENCE.__getitem__)
