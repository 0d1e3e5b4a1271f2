"""Random masking of findings: statements of a note are left out, so that no attempt reads quite the same patient.

A note is cut into sentences and lines, and lists of findings into their items. The first item of a list always stays
with its sentence, and a sentence that denies something half-way is kept or dropped as a whole: so nothing that a note
denies is ever turned into something it affirms.
"""

import re
from collections.abc import Sequence
from random import Random

from raredxr1.knowledge.assertion import Assertion, assertions
from raredxr1.schemas import Span

_ITEM = re.compile(r"[;,](?=\s)|\n(?=[a-z])")
_END = re.compile(r"[.!?](?=\s)|\n")
_FRESH = re.compile(r"\s*(?:[-*•]|\d+[.)]|$)|\n")
"""What begins a line that does not belong to a list begun before."""


def mask_note(note: str, share: float, rng: Random) -> str:
    """Leave out about `share` of a note's statements; at least one always stays.

    Args:
        note: the text.
        share: probability that a statement is left out; 0 gives the note back.
        rng: source of all randomness.
    """
    if share <= 0:
        return note
    units = [_mask_items(unit, share, rng) for unit in sentences(note)]
    statements = [i for i, unit in enumerate(units) if unit.strip()]
    dropped = {i for i in statements if rng.random() < share}
    if statements and dropped >= set(statements):
        dropped.discard(rng.choice(statements))
    kept = "".join(unit for i, unit in enumerate(units) if i not in dropped).strip()
    return kept or note


def sentences(note: str) -> list[str]:
    """Cut a note after every sentence and line; joined again, the parts are the note.

    A line that goes on in lower case belongs to the one before it, and so does any line but a bullet after one that
    denies something: a list of negatives may run over several lines.
    """
    parts, start = [], 0
    for match in _END.finditer(note):
        rest = note[match.end() :]
        if match.group() == "\n" and not _FRESH.match(rest):
            ended = note[: match.start()].rstrip()[-1:] in ".!?"
            if rest[:1].islower() or (not ended and DENIALS.search(note, start, match.start())):
                continue
        parts.append(note[start : match.end()])
        start = match.end()
    return [part for part in [*parts, note[start:]] if part]


def _mask_items(sentence: str, share: float, rng: Random) -> str:
    cuts = [match.start() for match in _ITEM.finditer(sentence)]
    if not cuts:
        return sentence
    items = [sentence[a:b] for a, b in zip([0, *cuts], [*cuts, len(sentence)], strict=True)]
    if any(DENIALS.search(item) for item in items[1:]):
        return sentence  # half-way from affirming to denying: an item taken out could change what is denied
    end = re.search(r"[.!?]?\s*$", sentence)
    tail = end.group() if end else ""
    kept = [items[0], *(item for item in items[1:] if rng.random() >= share)]
    text = "".join(kept)
    return text if text.endswith(tail) else text + tail


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
