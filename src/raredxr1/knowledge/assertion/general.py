"""What is said of a disease in general: "Wilson disease causes tremor", "most girls with it lose speech".

A statement of this kind has a disease, a gene, a group of people or the literature for its subject and a verb in the
present tense. It reaches to the end of its sentence, or to where the sentence turns to the patient ("..., so she
needs an echocardiogram"), and on to sentences that carry on with it ("Other features include ..."). A text that speaks
of no patient at all describes the disease itself: what it says stays present.
"""

from bisect import bisect_left
from functools import lru_cache

from raredxr1 import lazy_re as re
from raredxr1.rare_re import latin_words, rare

_ADVERB = (
    r"(?:(?:also|usually|typically|often|commonly|classically|generally|frequently|rarely|sometimes|always|mainly)\s+)"
)
_NO_OWNER = (
    r"(?!(?:the|his|her|their|my|our|your|this|that|an?|he|she|it|we|i|they|there|with|no|and|or|but|not|has|had|have|"
    r"was|were|is|are|of|for|in|on|to|known|possible|suspected|likely|probable|previous|mother|father|when|if)\b)"
)
_KIND = (
    r"(?:syndromes?|diseases?|disorders?|dystroph(?:y|ies)|deficienc(?:y|ies)|sclerosis|porphyrias?|albinism|"
    r"conditions?|galactosa?emia|neurofibromatosis|cystinosis|mucopolysaccharidos[ie]s)"
)
_NAMED = rf"(?:{_NO_OWNER}[\w'’/-]+[ ]){{0,4}}?{_NO_OWNER}(?:[\w'’/]+-)?{_KIND}(?:\s(?:type\s)?(?:\d\w?|[IVX]+|[A-E]))?"
_SAYS = (
    rf"{_ADVERB}?(?:(?:is|are)\s+{_ADVERB}?(?:characteri[sz]ed|associated|defined|marked)\b|causes?\b|leads?\s+to\b|"
    r"results?\s+in\b|presents?\s+(?:with|in|as|at)\b|manifests?\b|affects?\b|involves?\b|includes?\b|produces?\b|"
    r"(?:can|may|might|could)\s+(?:also\s+)?(?:cause|lead|present|result|affect|include|involve|have|give|develop|"
    r"show)\b|"
    r"(?:is|are)\s+an?\s+(?:[\w-]+\s+){0,5}(?:disorders?|conditions?|diseases?|syndromes?|cause)\b)"
)
_PEOPLE = (
    r"(?:children|babies|infants|newborns|patients|people|boys|girls|individuals|men|women|adults|males|females|"
    r"carriers|"
    r"those)"
)
_PART = (
    r"(?:(?:about|around|up to|over|nearly|roughly|some)\s+)?(?:an?\s+(?:third|quarter|half|fifth|few|minority|"
    r"majority|"
    r"proportion|number)|half|two[- ]thirds|one in \w+|\d+(?:\s?[-–]\s?\d+)?\s?(?:%|per ?cent)|most|many|some|few|"
    r"several)"
    rf"\s+(?:of\s+)?(?:the\s+|all\s+|these\s+|those\s+|such\s+|affected\s+|reported\s+)*{_PEOPLE}\b"
)
_BEGINS = (
    r"(?:(?:^|\b(?:that|because|since|how|about)|;)\s{0,3}[•*–-]?\s{0,3}"
    r"(?:in general,?\s+|unfortunately,?\s+|as you know,?\s+)?)"
)
_GENERAL = re.compile(
    rf"{_BEGINS}(?:"
    rf"{_NAMED}\s+{_SAYS}|{_NAMED}\s*:\s+an?\s+(?:[\w-]+\s+){{0,4}}(?:disorder|condition|disease|syndrome)\b|"
    rf"in\s+{_NAMED},?\s+(?:there\s+(?:is|are|may|can)|{_PEOPLE}|the)\b|"
    rf"(?:this|such an?|these|the)\s+(?:genetic\s+)?(?:conditions?|disorders?|syndromes?|gene)\s+{_SAYS}|"
    rf"(?:this|the)\s+(?:disease|phenotype)\s+(?:(?:is|are)\s+{_ADVERB}?(?:characteri[sz]ed|variable)|{_ADVERB}\w+s\b)|"
    r"(?:pathogenic\s+|heterozygous\s+|biallelic\s+)*(?:variants?|mutations?|deletions?|duplications?)\s+(?:in|of)\s+"
    r"[^.;,\n]{1,40}?\b(?:causes?|lead to|(?:is|are) associated|result in|underlie|have been (?:reported|described|"
    r"linked))\b|"
    rf"(?:the\s+|other\s+|typical\s+|classical?\s+|main\s+|common\s+|cardinal\s+)*(?:features|manifestations|signs|"
    rf"symptoms|"
    rf"complications|hallmarks?)\s+of\s+(?:(?:the|this)\s+(?:syndrome|condition|disorder|disease)|{_NAMED})\s+"
    rf"{_ADVERB}?(?:is|are|includes?)\b|"
    rf"(?:affected|untreated|most|many|some)\s+{_PEOPLE}\s+(?:with\s+[^.;,\n]{{1,40}}?\s+)?{_ADVERB}?(?:are|have|"
    rf"lose|develop|"
    r"become|show|present|need|die)\b|"
    rf"{_PEOPLE}\s+(?:with|who have|affected by|carrying)\s+[^.;,\n]{{1,50}}?\s+{_ADVERB}?(?:are|have|lose|develop|"
    rf"become|show|"
    r"present|can|may|will|need|tend)\b|"
    rf"{_PEOPLE}\s+(?:with\s+[^.;,\n]{{1,40}}?\s+)?(?:usually|typically|often|commonly|generally|tend to)\s+\w+|"
    r"(?-i:[A-Z]{2,5}\d?)\s+(?:causes?|leads? to|results? in|presents? with|(?:can|may|might|"
    r"could)\s+(?:also\s+)?(?:cause|lead to|"
    r"present with|result in|affect)|is (?:characteri[sz]ed by|associated with))\b|"
    rf"{_PEOPLE}\s+{_ADVERB}(?:have|lose|develop|become|show|present|need|die|are)\b|"
    r"in\s+(?:several|some|most|many|other|previously|all|the|few|a few)\s+(?:previously\s+)?(?:reported|published|"
    r"described)\s+(?:cases|patients|series)\b|"
    r"(?:the\s+)?(?:literature|OMIM|GeneReviews|Orphanet|(?:previous|earlier|published)\s+(?:reports?|"
    r"cases))\s+(?:also\s+)?"
    r"(?:describes?|reports?|mentions?|lists?|includes?)\b)"
    r"|\b(?:[\w-]++ ){1,6}has an? (?:very )?(?:wide|broad|long|large|extensive) differential\b|"
    r"\b(?:[\w-]++ ){1,6}has (?:many|several|numerous|a number of) (?:possible )?causes\b|"
    r"the (?:differential(?: diagnos[ei]s)?|causes) of [^.;,\n]{1,60}? (?:is|are) (?:wide|broad|long|many)\b"
    rf"|\b{_PART}(?=\s+(?:with|who|have|develop|lose|show)\b)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"\b(?:(?:has|have) been (?:reported|described)\s+(?:in|with)\s+(?:\w+\s+)?(?:the literature|{_PEOPLE}|cases|"
    rf"association|others?|"
    rf"this (?:condition|disorder|syndrome|disease)|{_NAMED}|NF\d)|"
    r"(?:in|with)\s+(?:conditions?|disorders?|diseases?|syndromes?)\s+(?:of (?:this|that) (?:kind|sort|type)|"
    r"like (?:this|these)))\b",
    re.IGNORECASE,
)
"""Behind what is said of others: "has been described in this condition", "can rupture in conditions of this kind"."""
_PIECES = (
    *("syndrome", "disease", "disorder", "dystroph", "deficienc", "sclerosis", "porphyria", "albinism", "condition"),
    *("galactos", "neurofibromatosis", "cystinosis", "mucopolysaccharidos", "phenotype", "gene", "variant", "mutation"),
    *("deletion", "duplication", "features", "manifestations", "signs", "symptoms", "complications", "hallmark"),
    *("child", "babies", "infants", "newborns", "patients", "people", "boys", "girls", "individuals", "women"),
    *(
        "adults",
        "males",
        "carriers",
        "those",
        "differential",
        "causes",
        "literature",
        "omim",
        "orphanet",
        "report",
        "cases",
        "been ",
    ),
)
"""One of these, or one of the others, is in every sentence that `_GENERAL` or `_BEHIND` finds: in lower case."""
_OTHERS = re.compile(r"[A-Z]{2,5}\d?(?=\s+(?:[clrpmCLRPM]|[iI][sS] ))")
"""Capitals that something is said of; and there are men."""
_GOES_ON = re.compile(
    r"\s*(?:(?:other|additional|further|associated|reported|common|later|rarer?)\s+(?:features|signs|symptoms|findings|"
    r"complications|manifestations)|complications?|onset|it\s+(?:is|can|may|usually|typically|often|causes|affects)|"
    r"they\s+(?:may|"
    r"can|often|usually)|affected|some|most|many|inheritance|prognosis|the (?:disorder|condition|syndrome))\b",
    re.IGNORECASE,
)
_PATIENT = re.compile(
    r"\b(?:he|she|his|hers?|him|(?:our|the|this|my|your)\s+(?:patient|boy|girl|man|woman|child|baby|infant|son|"
    r"daughter|case))\b",
    re.IGNORECASE,
)


_SOMEBODY = rare(
    r"\b(?:he|she|his|hers?|him|my|(?:the|this|our) (?:patient|child|baby|infant|boy|girl|man|woman)|clinic|"
    r"examination|exam|parents|mum|mom|dad|ward|specimen|mmol|umol|mg/dL|admitted|admission|review(?:ed)?)\b",
    re.IGNORECASE,
)
_BY_SIGNS = re.compile(
    r"\b(?:I|[oO]/[eE]|[UuGg]/[lL])\b|\b\d+(?i:[- ]?(?:years?|yrs?|months?|weeks?|days?)[- ]old| ?(?:y/?o|yr))\b"
)
"""An "I", an examination, units, ages."""


def of_somebody(text: str) -> bool:
    """Whether a text has words of a note of somebody."""
    return bool(_SOMEBODY.search(text) or _BY_SIGNS.search(text))


def general(text: str, start: int, end: int, carried: bool) -> tuple[int, int] | None:
    """Where a sentence speaks of a disease in general.

    Args:
        text: the note.
        start: where the sentence begins.
        end: where it ends.
        carried: whether the sentence before did.

    Returns:
        The stretch; None: it does not.
    """
    told = _told(text)
    at = bisect_left(told, start)
    may_be = at < len(told) and told[at] < end
    if not may_be and not carried:
        return None
    said = text[start:end]
    found, behind = (_GENERAL.search(said), _BEHIND.search(said)) if may_be else (None, None)
    if behind and not _PATIENT.search(said, 0, behind.start()):
        begin, stop = 0, behind.end()
    elif found and not _PATIENT.search(said, found.start(), found.end()):
        begin, stop = found.start(), found.end()
    elif carried and _GOES_ON.match(said):
        begin = stop = 0
    else:
        return None
    turned = _PATIENT.search(said, stop)
    return start + begin, start + turned.start() if turned else end


@lru_cache(maxsize=4)
def _told(text: str) -> list[int]:
    """Where a text has a word that is in every such statement, in order."""
    lowered = text.lower()
    places = [*(match.start() for match in _OTHERS.finditer(text)), *latin_words(text).get("men", ())]
    for piece in _PIECES:  # one by one, far faster than as one pattern
        at = lowered.find(piece)
        while at >= 0:
            places.append(at)
            at = lowered.find(piece, at + 1)
    return sorted(places)
