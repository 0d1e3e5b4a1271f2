"""Whether a note says of a finding that it is over: "seizures, which resolved by four", "no longer gets rashes".

It was there, and so it counts as present; that it is over is told beside it. What may well go on ("as a baby", "history
of") is not taken to be over.
"""

import re

_ADVERB = (
    r"(?:(?:now|since|long since|all|both|completely|fully|entirely|later|spontaneously|subsequently|eventually|"
    r"gradually|then|"
    r"soon|quickly|again|had|has|have|having|is|are|was|were|been|which|that|these|this|it|they|by itself|"
    r"have all)\s+){0,4}"
)
_OVER = (
    r"(?:resolved|settled|disappeared|subsided|remitted|abated|ceased|"
    r"stopped(?!\s+(?:him|her|them|me|us|from|his|taking|using|all|\w+(?:ate|pam|ine|tam|one)\b))|outgrown|outgrew|"
    r"(?:went|gone) away|gone|cleared(?: up)?|healed|recovered|recovery|(?:completely|all|entirely) better|"
    r"(?:none|no more|no further|nil|not (?:seen|recurred)|no (?:episodes|attacks|seizures|"
    r"recurrence))\s+(?:ever )?since|none thereafter|none (?:for|in) (?:the (?:last|past) |over |about |some |many )?"
    r"(?:\w+ )?(?:years?|months?)\b|none x ?\d+ ?(?:y|m)\w*|"
    r"(?:(?:doesn|don|didn|isn)['’]t|(?:does|do|did|is) not) any ?more|"
    r"not any ?more|no more now|(?<=was )innocent|"
    r"until (?:the age of |about |he was |she was |aged? )?(?:\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|"
    r"eight\b|nine\b|ten\b))"
)
_TIME = (
    r"(?:\s+(?:in|at|as|around|from|during|aged?|on|for|between|x|requiring|needing|"
    r"treated with)\s+(?:[\w/.]+[ -]?){1,4}?)?"
)
_GOES_ON = (
    r"\b(?![^.;\n]{0,50}\b(?:recur\w*|return\w*|relaps\w*|came back|again|continu\w*|persist\w*|partially|except|"
    r"only (?:to|with|on)|but still|if|unless|taking)\b)"
)
_STAYS = re.compile(
    r"(?<!not )(?<!never )(?<!partially )(?<!partly )(?<!nearly )\b" + _OVER + _GOES_ON,
    re.IGNORECASE,
)  # fmt: skip
_BEHIND = re.compile(
    rf"(?:\s*\([^()\n]{{0,30}}\))?(?:\s+(?:heard|noted|found|seen|present))?{_TIME}\s*[,(–:-]?\s*(?:and\s+|but\s+)?{_ADVERB}(?={_OVER})",
    re.IGNORECASE,
)
_APPENDED = re.compile(
    rf"[^.;:\n()]{{0,45}}(?:\([^.;:\n()]{{0,25}})?[,(]\s*{_ADVERB}"
    r"(?=(?:resolved|settled|outgrown|recovered|gone|cleared|stopped|ceased|none (?:for|in)|none x ?\d+y?|"
    r"none since|not any ?more|"
    r"(?:doesn|don|isn|didn)['’]t any ?more|(?:does|is|did|do) not any ?more)\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\b(?:previous(?:ly)?|former(?:ly)?|resolved|outgrown|prior|past history of|used to (?:have|get|suffer|"
    r"suffer from)|"
    r"no longer (?:has|gets|had|suffers|suffers from|having)|stopped having|(?:outgrew|outgrown|grew out of|"
    r"grown out of|"
    r"got over|recovered from) (?:his|her|the|their))|\bprev\.?)\s+"
    r"(?:(?:his|her|a|an|the|any|mild|severe|recurrent|frequent|some|two|three|several|left|right)\s+){0,2}$|"
    r"(?<!is )(?<!are )(?<!was )(?<!get )(?<!got )(?<!gets )\bused to $",
    re.IGNORECASE,
)
_PIECES = (
    *("esolved", "ettled", "isappear", "ubsided", "emitted", "bated", "eased", "topped", "utgr", "gone", "ent away"),
    *(
        "leared",
        "ealed",
        "ecover",
        "ly better",
        "l better",
        "since",
        "thereafter",
        "until",
        "revious",
        "ormer",
        "rior ",
    ),
    *("none ", "any more", "anymore", "o more now", "nnocent"),
    *("ast hist", "sed to ", "o longer", "ot over", "rev ", "rev.", "rew out", "rown out"),
)
"""One of these is wherever a text says that something is over; found one by one, far faster than as one pattern."""
REACH = 110
"""Letters behind a finding in which it may be said to be over."""


AHEAD = 45
"""Letters before it."""


def endings(text: str) -> list[int]:
    """Places of words by which a text may say that something is over, in order: most findings are far from any."""
    places = []
    for piece in _PIECES:
        at = text.find(piece)
        while at >= 0:
            places.append(at)
            at = text.find(piece, at + 1)
    return sorted(places)


def is_over(text: str, start: int, end: int, stop: int) -> bool:
    """Whether what stands at a place is said to be over.

    Args:
        text: the note.
        start: where the finding begins.
        end: where it ends.
        stop: where the next finding begins, which what is said behind it belongs to.
    """
    stop = min(stop, end + REACH)
    for pattern in (_BEHIND, _APPENDED):
        match = pattern.match(text, end, stop)
        if match and _STAYS.match(text, match.end(), stop + REACH):
            return True
    return bool(_BEFORE.search(text, max(0, start - AHEAD), start))
