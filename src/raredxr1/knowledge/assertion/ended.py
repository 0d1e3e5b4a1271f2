"""Whether a note says of a finding that it is over: "seizures, which resolved by four", "no longer gets rashes".

It was there, and so it counts as present; that it is over is told beside it. What may well go on ("as a baby", "history
of", what stands under "Past medical history" and no more) is not taken to be over; what stands under "Resolved" is.
"""

from collections.abc import Sequence

from raredxr1 import lazy_re as re

_ADVERB = (
    r"(?:(?:which s?he|which they|"
    r"now|since|long since|all|both|completely|fully|entirely|later|spontaneously|subsequently|eventually|"
    r"gradually|then|"
    r"soon|quickly|again|had|has|have|having|is|are|was|were|been|which|that|these|this|it|they|by itself|"
    r"have all)\s+){0,4}"
)
_OVER = (
    r"(?:resolved|settled|"
    r"(?:closed|shut)(?: (?:spontaneously|by itself|on its own)|(?= (?:on|at|by|day|d\d) ?(?:the |a |his |her |aged? )?"
    r"(?:\w+ )?(?:echo\w*|scan|repeat|discharge|day|d\d|review|follow|\d|one\b|two\b|three\b)))|"
    r"disappeared|subsided|remitted|abated|ceased|"
    r"stopped(?!\s+(?:with|him|her|them|me|us|from|his|taking|using|all|\w+(?:ate|pam|ine|tam|one)\b))|outgrown|outgrew|"
    r"(?:grew|grown) out of|(?:went|gone) away|gone|cleared(?: up)?|healed|recovered|recovery|"
    r"(?:completely|all|entirely) better|"
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
    rf"(?:[^.;:\n()]|\.(?=\d)){{0,45}}(?:\([^.;:\n()]{{0,25}})?[,(]\s*{_ADVERB}"
    r"(?=(?:resolved|settled|outgrown|recovered|gone|cleared|stopped|ceased|none (?:for|in)|none x ?\d+y?|"
    r"none since|not any ?more|(?:grew|grown) out of|(?:closed|shut) (?:on|at|by)|"
    r"(?:doesn|don|isn|didn)['’]t any ?more|(?:does|is|did|do) not any ?more)\b)",
    re.IGNORECASE,
)
_AND_OVER = re.compile(
    rf"(?:[^.;:\n()]|\.(?=\d)){{0,70}}?\b(?:and|but|then)\s+{_ADVERB}"
    r"(?=(?:resolved|settled|outgrown|outgrew|recovered|cleared|stopped|ceased|healed|subsided|disappeared|remitted|"
    r"went away|(?:grew|grown) out of)\b)",
    re.IGNORECASE,
)
"""What happened to a finding before it was over: "jaundice, which needed phototherapy and resolved"."""
_OVER_WORD = re.compile(r"[a-z]+(?: (?:away|out of|up))? *", re.IGNORECASE)
_ONCE = re.compile(
    r"\b(?:(?:a |one )?single|one|only one|just one|an? isolated|a solitary)(?:\s+(?:simple|brief|short))*\s+$",
    re.IGNORECASE,
)
_FEBRILE = re.compile(r"\b(?:febrile|fever)\b", re.IGNORECASE)
_THEN = re.compile(
    r"[^.;\n]{0,40}?\b(?:at|aged|age|when|as an?|in|by)\s+(?:the age of |she was |he was |about |around )?"
    r"(?:\d|one\b|two\b|three\b|four\b|five\b|six\b|eight|nine|ten|twelve|fifteen|eighteen|infan|todd|baby|early|child)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\b(?:previous(?:ly)?|former(?:ly)?|resolved|outgrown|prior|used to (?:have|get|suffer|"
    r"suffer from)|"
    r"no longer (?:has|gets|had|suffers|suffers from|having)|stopped having|(?:outgrew|outgrown|grew out of|"
    r"grown out of|"
    r"got over|recovered from) (?:his|her|the|their))|\bprev\.?)\s+"
    r"(?:(?:his|her|a|an|the|any|mild|severe|recurrent|frequent|some|two|three|several|left|right)\s+){0,2}$|"
    r"(?<!is )(?<!are )(?<!was )(?<!get )(?<!got )(?<!gets )\bused to $",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:^|(?<=\. ))[ \t#*•–-]*(?:(?:past|previous|old|earlier|problems?)[ \t]*(?:[,/&(–-]|and)?[ \t]*)?(?:now )?"
    r"(?:resolved|settled|inactive|outgrown|historic(?:al)?)\)?(?: (?:problems?|issues?|diagnoses|illnesses))?"
    r"[ \t]*(?::[ \t]*(?P<inline>\S[^\n]*)|:?[ \t*]*\n(?P<block>(?:[ \t]*[^\s:][^\n:]*(?:\n|$))+))",
    re.IGNORECASE | re.MULTILINE,
)
"""A heading of what is over, with the rest of its line, or the lines below up to an empty one or another heading."""
_JOINED = re.compile(
    r"(?:\s*\([^()\n]{0,20}\))?\s*(?:,|,?\s*(?P<last>and|&|\+|plus))\s*(?:(?:his|her|the|a|an|mild|severe|recurrent|frequent|some|left|"
    r"right|bilateral|early|poor|brief|transient)\s+){0,2}",
    re.IGNORECASE,
)
_APPOSED = re.compile(r"\s*[,–—-]\s*(?:(?:all|now|both|since|completely)\s+){0,2}", re.IGNORECASE)
_OF_ONE = re.compile(r"\b(?:which|that|this|it|is|was|has)\b", re.IGNORECASE)
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
    *("ingle ", " one ", "One ", "isolated ", "solitary "),
    *("losed ", "shut ", "sed to ", "o longer", "ot over", "rev ", "rev.", "rew out", "rown out"),
)
"""One of these is wherever a text says that something is over; found one by one, far faster than as one pattern."""
_SMALL_PIECES = tuple({piece.lower() for piece in _PIECES})
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


def ended_blocks(text: str) -> list[tuple[int, int]]:
    """Stretches under headings of what is over: "Resolved: jaundice, apnoea"."""
    lowered = text.lower()
    if not any(word in lowered for word in ("resolved", "settled", "inactive", "outgrown", "historic")):
        return []
    return [heading.span("inline" if heading["inline"] else "block") for heading in _HEADING.finditer(text)]


def listed_with(text: str, places: Sequence[tuple[int, int]], last: int, said: int) -> list[int]:
    """Which findings of a list are over with the one that ends it: "jaundice and poor feeding, both resolved".

    Args:
        text: the note.
        places: where its findings are, in order.
        last: which of them is said to be over.
        said: where the words end that lead from it to what says so.

    Returns:
        Those before it in one list that ends in "and", or that what is said closes as one member more ("jaundice, poor
        feeding, resolved"), unless what is said speaks of one ("a rash, which settled").
    """
    found: list[int] = []
    apposed = bool(_APPOSED.fullmatch(text, places[last][1], said))
    if not _OF_ONE.search(text, places[last][1], said):
        for at in range(last - 1, -1, -1):
            joined = _JOINED.fullmatch(text, places[at][1], places[at + 1][0])
            if joined is None or not (found or joined["last"] or apposed):
                break
            found.append(at)
    return found


def is_over(text: str, start: int, end: int, stop: int) -> int:
    """Whether what stands at a place is said to be over.

    Args:
        text: the note.
        start: where the finding begins.
        end: where it ends.
        stop: where the next finding begins, which what is said behind it belongs to.

    Returns:
        Where the words begin that say so behind it; its start, where words before it do; -1: none do.
    """
    stop = min(stop, end + REACH)
    behind = text[max(0, end - 1) : stop].lower()
    for pattern in (_BEHIND, _APPENDED, _AND_OVER) if any(piece in behind for piece in _SMALL_PIECES) else ():
        match = pattern.match(text, end, stop)
        if match and _STAYS.match(text, match.end(), stop + REACH):
            word = _OVER_WORD.match(text, match.end())
            if not (word and word.end() >= stop < min(end + REACH, len(text))):  # "ataxia and resolved diplopia"
                return match.end()
    if (
        _ONCE.search(text, max(0, start - AHEAD), start)
        and _FEBRILE.search(text, start, end)
        and _THEN.match(text, end)
    ):
        return start  # one febrile seizure at 18 months
    return start if _BEFORE.search(text, max(0, start - AHEAD), start) else -1
