"""Does a note deny what stands at a span? Cue words before and after it, inside the statement it belongs to.

In the manner of NegEx (Chapman et al. 2001, J Biomed Inform 34:301): a cue denies what follows it up to the end of the
sentence, a new line that begins something new, or a word that turns the sentence round ("but"). Rules err on family
history and on hypotheticals; they are used where a case gives no annotated findings.
"""

import re

from raredxr1.schemas import Span

_BEFORE = (
    r"no", r"not", r"nor", r"never", r"non", r"without", r"w/o", r"denies", r"denied", r"deny", r"absent",
    r"absence of", r"negative for", r"neg", r"-ve", r"nil", r"excluded", r"ruled out", r"not seen", r"not present",
    r"lacks", r"lacking", r"lack of", r"free of", r"none of", r"cannot find", r"rather than",
)  # fmt: skip
DENIALS = re.compile(r"(?<![\w-])(?:" + "|".join(_BEFORE) + r")(?![\w-])", re.IGNORECASE)
"""Words that deny what follows them."""
_PSEUDO = re.compile(r"\b(?:not only|no change|no increase|not certain|not necessarily|no longer)\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*(?:,?\s*(?:is|was|are|were|has been|have been)\s+)?(?::\s*no\b|:\s*neg|absent\b|not (?:present|seen|found)\b|"
    r"(?:was |were )?(?:excluded|denied|ruled out)\b|(?:is|was|are|were) (?:absent|negative|excluded|denied)\b)",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:but|however|although|though|yet|except|apart from|while|whereas|who has|who had|presents? with|"
    r"there (?:is|was|are|were)(?! no))\b|[.!?](?=\s)|\n(?=\s*(?:[-*•]|\d+[.)]|[A-Z]|\n))",
    re.IGNORECASE,
)
_CASED_TURN = re.compile(r"\n(?=\s*(?:[-*•]|\d+[.)]|[A-Z]|\n))")
_REACH = 400
"""Characters before a span in which a cue is looked for: lists of negatives are long."""


def negated(note: str, span: Span) -> bool:
    """Whether the note says that what stands at the span is not there."""
    quote = note[span.start : span.end]
    if _denial(quote):
        return True
    before = note[max(0, span.start - _REACH) : span.start]
    turns = [m.end() for m in _TURNS.finditer(before) if m.group() != "\n" or _CASED_TURN.match(before, m.start())]
    if turns:
        before = before[turns[-1] :]
    if _denial(before):
        return True
    return _AFTER.match(note, span.end) is not None


def _denial(text: str) -> bool:
    return DENIALS.search(_PSEUDO.sub(" ", text)) is not None
