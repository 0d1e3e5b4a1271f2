"""Whether a text says that a finding is present, absent or uncertain in the patient, or speaks of something else."""

from raredxr1.knowledge.assertion.engine import assertions, statements
from raredxr1.knowledge.assertion.states import DECIDED, Assertion, Detail, State, foremost

__all__ = ["DECIDED", "Assertion", "Detail", "State", "assertions", "foremost", "statements"]
