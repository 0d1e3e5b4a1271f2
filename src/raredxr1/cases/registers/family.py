"""What a note says of the family: affected, unaffected or related parents, and illnesses of no relevance."""

from random import Random

AFFECTED = (
    "[{his} [older|younger|]|an older|a younger|one] [brother|sister|sibling] [has|is said to have] "
    "[similar problems|the same problems|a similar illness]",
    "{his} [mother|father] [has|had] [similar problems|the same condition|a milder form of the same problems]",
    "[an|one] [older|younger] [brother|sister] [died in infancy with a similar illness|is affected too|is "
    "similarly affected]",
    "[two|several|three] [relatives|cousins|members of the family] [on the [mother's|father's] side|] are "
    "[similarly |]affected",
    "[a|{his}] [maternal|paternal] [uncle|aunt|cousin|grandfather|grandmother] had [a similar illness|the same "
    "problems|similar symptoms]",
    "the family history is [positive|notable for [similarly affected relatives|the same disorder in "
    "[two|several] generations]]",
    "[there is|] a positive family history[ on the [maternal|paternal] side|]",
)
UNAFFECTED = (
    "[both|the] parents are [healthy|well|fit and well][ and [unrelated|not related]|]",
    "[the|] family history [is|was] [unremarkable|non-contributory|negative|of no relevance]",
    "[no one|nobody] [else |]in the family [is affected|has anything similar|has had similar problems]",
    "[{his}|the] [two|three|] [brothers and sisters|siblings|older siblings|sisters] are "
    "[well|healthy|developing normally]",
    "[the parents are non-consanguineous|the parents are unrelated|there is no consanguinity]",
    "there is no family history of [note|similar illness|neurological disease|genetic disease]",
    "{he} is the [first|second|third|only] child of [healthy |]unrelated parents",
)
CONSANGUINEOUS = (
    "the parents are [first cousins|second cousins|first cousins once removed|cousins|related|consanguineous]",
    "[there is parental consanguinity|consanguineous parents]",
    "{his} [mother and father|parents] are [cousins|from the same [village|extended family]|first-degree cousins]",
    "{he} is the [first|second|third|fourth] child of [consanguineous|related|first-cousin] parents",
    "the parents are related ([first|second] cousins)",
)
SHORT = {
    "affected": (
        "FHx +ve",
        "FH: [sib|brother|sister|mother|father] similar",
        "FHx: [2|3] relatives affected",
        "sib similar",
    ),
    "unaffected": (
        "FHx neg",
        "FH: nil",
        "FH unremarkable",
        "FHx nil of note",
        "parents well, unrelated",
        "FH NAD",
        "no FHx",
    ),
    "consanguineous": (
        "parents 1st cousins",
        "consang +ve",
        "FH: consanguineous",
        "parents related (1st cousins)",
        "consanguinity +",
        "parents cousins",
    ),
}
PARENT = {
    "affected": (
        "{his} [brother|sister] has the same thing",
        "my [brother|sister|father|mother] had something like it",
        "[a cousin|an uncle|an aunt] of mine has the same problems",
        "it runs in the family",
    ),
    "unaffected": (
        "nobody [else |]in the family has anything like this",
        "my [husband|wife] and I are healthy",
        "there is nothing like it in the family",
        "our other children are fine",
    ),
    "consanguineous": (
        "my [husband|wife] and I are cousins",
        "we parents are [first cousins|related]",
        "my [husband|wife] and I are [second cousins|from the same family]",
    ),
}
UNRELATED = (
    "[a|the] [maternal|paternal] [grandmother|grandfather] [has [type 2 diabetes|high blood pressure]|had a "
    "stroke at {68-84}]",
    "{his} [mother|father] has [migraine|asthma|hay fever|a thyroid disorder]",
    "[an aunt|a grandmother] had breast cancer",
    "[the|a] grandfather [died of a heart attack at {61-79}|has hypertension]",
    "{his} [mother|father] is {23-44} and works as [a teacher|a nurse|an electrician|a driver|an accountant]",
)
"""Illnesses of others, which are no findings of the patient."""


def family_lines(kind: str | None) -> tuple[str, ...]:
    """Wordings of what the family has."""
    return {"affected": AFFECTED, "unaffected": UNAFFECTED, "consanguineous": CONSANGUINEOUS}.get(kind or "", ())


def family_sentence(kind: str, rng: Random) -> str:
    """One of them."""
    return rng.choice(family_lines(kind))
