"""What earlier doctors called it: diagnoses that a note only reports as labels, and does not share.

"Previously labelled as clumsy and, by a teacher, as lazy", "her GP treated her for reflux", "treated for arthritis,
without benefit", "he has carried several labels. He was diagnosed with ...". A sentence of labels reaches to those
behind it that go on in the same way. Such a finding is uncertain.
"""

from raredxr1 import lazy_re as re
from raredxr1.rare_re import rare

_LABELLED = r"(?:labell?ed|mislabell?ed|misdiagnosed|written off|dismissed|passed off|explained away|put down)"
_ELSEWHERE = (
    r"(?:(?:(?:his|her|the|a|an|another|their|my|our|previous|former|last|old|local|first)\s+)+(?:\w+\s)?(?:GP|"
    r"family doctor|"
    r"paediatrician|pediatrician|"
    r"predecess\w+|locum|physio(?:therapist)?|health visitor|hospital|clinic|doctor|surgeon|practice|optician)|"
    r"elsewhere)"
)
_THEN = (
    r"(?:,?\s*(?:and|then|or)\s*,?\s*(?:by\s+(?:an?|the|his|her|another)\s+[\w ]{3,25},\s*)?"
    r"(?:before that|later|then|after that|at other times|once)?,?\s*(?:as\s+|with\s+|to be\s+)?)"
)
_BEFORE = re.compile(
    rf"\b{_LABELLED}\s+(?:by [\w ]{{3,30}} )?(?:as|with|to|to be|for|under)\s+(?:having |a |an |"
    rf"the )?[^.;,\n]{{0,40}}$|"
    rf"\b{_LABELLED}\b[^.;\n]{{0,60}}{_THEN}$|"
    r"\b(?:thought|believed|said|supposed|presumed|suspected)\s+(?:to have|to be|to suffer from|of)\s[^.;\n]{1,60}?"
    r",?\s+and,?\s+(?:before that|later|then|after that|at other times|once),?\s+(?:of\s+|to have\s+|to be\s+)?$|"
    rf"\b{_ELSEWHERE}\b[^.;,\n]{{0,25}}?\b(?:treated|labell?ed|told)\b[^.;,\n]{{0,40}}?\b(?:for|as|with|had|has|"
    rf"of|was)\s+"
    r"(?:a |an |the |presumed |simple )?$|"
    r"\bcarried\s+(?:a |the )?(?:diagnos[ie]s|labels?)\s+of\s+(?:\w+\s)?$|"
    rf"\btold\s+(?:\w+\s+)?by\s+{_ELSEWHERE}[^.;,\n]{{0,20}}?\b(?:had|has|was|it was|might have)\s+(?:a |an |the )?$",
    re.IGNORECASE,
)
"""Before a label."""
_TREATED_FOR = re.compile(
    r"\b(?:treated|medicated|managed)\b[^.;\n]{0,30}?\bfor\s+(?:presumed |possible |a |an |the |simple )*$|"
    r"\b(?:given|received|got|carried|had|was\s+diagnosed|been\s+diagnosed)\s+(?:(?:a|the)\s+(?:clinical\s+)?diagnosis\s+of|as)\s+"
    r"(?:a |an |the |presumed |having |seronegative )*$|"
    r"\bon\s+[\w-]+\s+(?:for\s+(?:\w+\s+){1,3})?for\s+(?:a |an |the |presumed )?(?:seronegative )?$",
    re.IGNORECASE,
)
_IN_VAIN = re.compile(
    rf"[^.;]{{0,90}}?(?:\b(?:without|with no|with little)\s+(?:any\s+)?(?:benefit|effect|success|improvement|"
    rf"response|"
    r"relief|change)\b|\bto no avail\b|\b(?:which|but (?:this|it|that))\s+(?:made no difference|did not help|"
    r"didn['’]t help|had no effect|"
    rf"never helped|did nothing)\b)|[^.;,\n]{{0,25}}\bby\s+{_ELSEWHERE}\b",
    re.IGNORECASE,
)
"""Behind what somebody was treated for who did not have it."""
_SEVERAL = re.compile(
    r"\b(?:labels|misdiagnoses|(?:wrong|mistaken|incorrect|false|different|various|several|many) diagnoses)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\b(?:treated|diagnosed|labell?ed|thought|told|called|considered|suspected|managed|on)\b[^.;\n]{0,60}?"
    r"\b(?:for|with|as|have|be|had|to)\s+(?:a |an |the )?[^.;,\n]{0,30}$",
    re.IGNORECASE,
)
"""Before a label in a sentence behind one that says that there were several."""
_REFUSED = re.compile(
    r"[^.;]{0,120}?\b(?:neither|none|no)\b(?: of (?:these|those|the))? (?:labels?|diagnos[ie]s|names?|terms?|"
    r"suggestions?|"
    r"ideas?)\b(?: \w+)? (?:seem|appear|fit|convince|explain|satisf|held|hold|stood|stand|is right|was right|was ever)",
    re.IGNORECASE,
)
"""Behind what somebody was told that the writer does not believe."""
_SAYS = rare(
    r"\b(?:carried|treated|labelled|labeled|mislabel\w+|misdiagnosed|written|dismissed|passed|explained|put|told|"
    r"thought|believed|said|supposed|presumed|suspected|medicated|managed|diagnosed|diagnosis|considered|called|on)\b",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"[^.]{0,160}?\b(?:the|this|that|his|her) (?:diagnosis|label) (?:was|has been|had been|is|were) (?:\w+ "
    r")?(?:withdrawn|revised|"
    r"retracted|abandoned|revoked|removed|overturned|rescinded|refuted)",
    re.IGNORECASE,
)
"""Behind what somebody was diagnosed with, that it was taken back."""
_LABELS = ("labels", "diagnoses")
_REACH = 140
"""Letters before a finding that are looked at."""


def several_labels(text: str, start: int, end: int, carried: bool) -> bool:
    """Whether a sentence speaks of labels, or goes on behind one that does."""
    said = text[start:end]
    if any(word in said for word in _LABELS) and _SEVERAL.search(said):
        return True
    return carried and any(word in said for word in ("diagnosed", "treated", "thought", "label", "told", "called"))


def is_label(text: str, start: int, finding: tuple[int, int], stop: int, several: bool) -> bool:
    """Whether a finding is a label that the note does not share.

    Args:
        text: the note.
        start: where the sentence begins.
        finding: where the finding stands.
        stop: where the sentence ends.
        several: whether it speaks of several labels, or the sentence before does.
    """
    start, at = max(start, finding[0] - _REACH), finding[0]
    if not _SAYS.search(text, start, at):
        return False
    if _BEFORE.search(text, start, at) or (several and _GOES_ON.search(text, start, at)):
        return True
    if _REFUSED.match(text, finding[1], stop) or _WITHDRAWN.match(text, finding[1]):
        return True
    return bool(_TREATED_FOR.search(text, start, at) and _IN_VAIN.match(text, finding[1], stop))
