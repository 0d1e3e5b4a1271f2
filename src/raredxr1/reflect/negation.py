"""Does a note deny what stands at a span? `knowledge.assertion` decides, as everywhere else.

Added here is what it need not know where findings are found by name: a quote may hold its own denial ("no seizures so
far", "deafness absent"). Used where a case gives no annotated findings.
"""

import re
from collections.abc import Sequence

from raredxr1.knowledge.assertion import Assertion, assertions
from raredxr1.schemas import Span

DENIALS = re.compile(
    r"(?<![\w-])(?:no|not|nor|never|non|without|w/o|denies|denied|deny|absent|absence of|negative for|neg|-ve|nil|"
    r"excluded|ruled out|not seen|not present|lacks|lacking|lack of|free of|none of|cannot find|rather than)(?![\w-])",
    re.IGNORECASE,
)
"""Words that may deny what follows them: more than deny in truth, because masking keeps together what they might."""
_BEGINS = re.compile(
    r"(?:there (?:is|was|are|were) )?(?:no|not|nor|never|denies|denied|without|w/o|negative for|neg|nil|free of|lacks)"
    r"\b(?! only)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\b(?:absent|not (?:present|seen|found)|excluded|denied|ruled out|negative)\W*$", re.IGNORECASE)


def said_of(note: str, span: Span, others: Sequence[Span] = ()) -> Assertion:
    """What the note says of the finding at a span.

    Args:
        note: the text.
        span: where the finding stands.
        others: where further findings stand: their own words ("absent speech") deny nothing.
    """
    quote = note[span.start : span.end].strip()
    if _BEGINS.match(quote) or _ENDS.search(quote):
        return Assertion.absent
    place = span.start, span.end
    return assertions(note, [place, *((other.start, other.end) for other in others)])[0]


def negated(note: str, span: Span, others: Sequence[Span] = ()) -> bool:
    """Whether the note says that what stands at the span is not there."""
    return said_of(note, span, others) is Assertion.absent
