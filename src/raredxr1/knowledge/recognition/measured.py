"""What is said of a result: the figure tells more than the words around it."""

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion import Assertion
from raredxr1.knowledge.recognition.hits import Hit

_WITHDRAWN = re.compile(
    r"[^.;\n]{0,40}?\b(?:not (?:confirmed|reproduced|found|seen|detected|present)|negative|normal(?:ised|ized)?)\s+"
    r"(?:on|at|in|by) (?:the |a )?(?:repeat|second|retest|re-?check|later|subsequent|further)",
    re.IGNORECASE,
)
"""Behind a result that a later one takes back."""


_DOUBT = re.compile(
    r"\?|\b(?:possibl[ey]|probabl[ey]|perhaps|maybe|likely|doubtful|borderline|equivocal|unclear|uncertain|may|"
    r"might|could|"
    r"query|queried|suspected|artefact|artifact|ha?emoly[sz]ed|unreliable|not (?:tested|assessed|checked|confirmed)|"
    r"pending|awaited|unconfirmed|cannot|indeterminate|questionable|arguabl[ey]|if|seems?|seemed|appear\w*)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;,()\n](?!\d)")


def _asked(text: str, start: int, end: int) -> bool:
    """Whether the clause of a result doubts it: what stands beside it up to the next comma, bracket or line."""
    before = [match.end() for match in _CLAUSE.finditer(text, max(0, start - 80), start)]
    behind = _CLAUSE.search(text, end, end + 80)
    left, right = before[-1] if before else max(0, start - 80), behind.end() if behind else min(len(text), end + 80)
    return bool(_DOUBT.search(text, left, right))


_RESULT = re.compile(r"\((?:low|high|[HL])\b|\bundetectable\b|\d\s?\(\s?[<>\d]", re.IGNORECASE)
"""In what is a result, wherever it stands: a figure with its range or how it is judged."""


def measured_state(hit: Hit, said: Assertion, text: str) -> Assertion:
    """What is said of a hit: a value that is as it should be says absent, and no word denies one that is not.

    But a second measurement may: "anticardiolipin IgG 60 (<20), not confirmed on repeat".
    """
    if said == Assertion.uncertain and (hit.normal or hit.measured) and not _asked(text, hit.start, hit.end):
        said = Assertion.present  # a list of what it may be holds results as well: "?thyrotoxic (TFT normal)"
    if said == Assertion.hypothetical and hit.measured and _RESULT.search(text, hit.start, hit.end):
        return Assertion.present  # under "Plan": "amino acids: citrulline 2 (low)"
    if hit.normal:
        return Assertion.absent if said == Assertion.present else said
    if hit.measured and said == Assertion.absent and not _WITHDRAWN.match(text, hit.end):
        return Assertion.present
    return said
