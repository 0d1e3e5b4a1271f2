"""Whether a finding is said to have been operated on, and so was there before: "squint surgery", "hernia repaired"."""

from raredxr1 import lazy_re as re

REACH = 60
"""Letters behind a finding in which that is said."""
_DONE = re.compile(
    r"(?:(?P<list>,?\s+(?:(?:both|all)\s+)?)(?:(?:was|were|has been|had been|have been)\s+)?"
    r"(?:surgically\s+|successfully\s+)?"
    r"(?:repaired|corrected|operated(?:\s+(?:on|upon))?|ligated|excised|removed)\b|"
    r"\s+(?:surgery|operations?|repairs?|correction|ligation)\b)",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"[^.;\n]{0,30}\b(?:planned|scheduled|advised|awaited|awaiting|offered|considered|declined|listed|discussed|needed|"
    r"required|recommended|pending|booked|due|will|may|might|if|recurred|recurrence|failed|list)\b|\s*\?",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"\b(?:for|awaits?|awaiting|needs?|requires?|consider\w*|planned|discuss\w*|offer\w*|no|not|list\w*)\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)


def is_mended(text: str, start: int, end: int) -> int:
    """Whether what stands at a place is said to have been operated on.

    Returns:
        Where the words end that lead to what says so, its end where that is a noun ("squint surgery"); 0: it is not.
    """
    done = _DONE.match(text, end, end + REACH)
    if done is None or _NOT_YET.match(text, done.end()) or _NOT_DONE.search(text, max(0, start - 40), start):
        return 0
    return done.end("list") if done["list"] else end
