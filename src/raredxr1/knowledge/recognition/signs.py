"""Findings that words and figures tell together: bedside signs, bowels, bladder, waking, claudication, sex reversal."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.vital_signs import is_toddler
from raredxr1.rare_re import rare

_SIGN = rare(
    r"\b(?P<name>Chvostek|Trousseau|Romberg|Gowers?|head (?:impulse|thrust))(?:['’]?s)?"
    r"(?:\s+(?:signs?|tests?|manoeuvre|maneuver))?\s*(?::|=|was|were|is|both)?\s*"
    r"(?:(?P<there>positive|pos\b|\+ve|\+|present|abnormal|(?:corrective|catch-up) saccades?)|"
    r"(?P<lacking>negative|neg\b|-ve|absent|normal))",
    re.IGNORECASE,
)
_SIGNS = {
    "chvostek": "HP:0031990",
    "trousseau": "HP:6000919",
    "romberg": "HP:0002403",
    "gowers": "HP:0003391",
    "gower": "HP:0003391",
    "head impulse": "HP:0007670",
    "head thrust": "HP:0007670",
}
_DAYS = (
    r"(?:(?P<days>\d{1,2})\s?(?:/7|d\b|days?)|(?P<said>three|four|five|six|seven|eight|nine|ten|several) days?|"
    r"a week)"
)
_BOWELS = rare(
    rf"\b(?:(?-i:BNO|[Nn]o BO|BO (?:not|nil))|bowels? (?:have |had |has |were |are |was )?not (?:been )?open(?:ed)?|"
    rf"(?:did|has|had|have) not open(?:ed)? (?:his|her|the|their) bowels|"
    rf"no (?:bowel (?:motions?|movements?)|stools?))\s*(?:x|for|in|since)?\s*(?:the (?:last|past) )?{_DAYS}",
    re.IGNORECASE,
)
_FEWEST = 3
"""Days without a motion that are constipation (Rome IV: fewer than three a week)."""
_BLADDER = rare(
    r"\bbladder\b[^.;\n]{0,60}?\b(?:catheter\w*|IDC|drained|residual|retention)\b[^.;\n]{0,25}?"
    r"(?P<amount>\d{3,4})\s?mls?\b",
    re.IGNORECASE,
)
_FULL = 400
"""Millilitres that a bladder holds back in retention."""
_EARLY = rare(
    r"\b(?:wakes|waking|(?:is|are) (?:wide |fully )?awake|s?he(?:['’]s|\s+is|\s+gets)\s+(?:wide\s+)?(?:up|awake))"
    r"(?: up)?(?: again| for the day| every (?:day|morning|night)|"
    r" fully| early)?,?\s+(?:at|by|from|since)\s+(?:around |about |half past |a quarter to )?"
    r"(?:[2-5](?:[.:][0-5]\d)?|two|three|four|five)(?:\s*(?:am|a\.m\.?|o['’]clock|in the morning)(?!\w)|"
    r"(?=\s*(?:[.,;)\n]|and\b|every|each|most|for the day|$)))",
    re.IGNORECASE,
)
_LIMB = r"(?:fore)?arms?|calf|calves|legs?|thighs?|buttocks?|hand"
_EXERTED = (
    r"(?:when|while|on|after|with|during)\s+(?:\w+\s+){0,3}?(?:walking|writing|using|lifting|climbing|exertion|"
    r"exercise|"
    r"combing|brushing|hanging|working|effort)"
)
_RESTED = (
    r"(?:(?:settl|eas|reliev|go|subsid|resolv|pass|stop|disappear|better)\w*)\s+(?:\w+\s+){0,4}?(?:rest\w*|"
    r"stopp\w*|standing|"
    r"pausing)"
)
_LIMPS = rare(
    rf"\b(?:cramp\w*|pains?|aches?|aching|heaviness|tiredness)\b[^.;\n]{{0,30}}?\b(?:{_LIMB})\b[^.;\n]{{0,15}}?\b{_EXERTED}\b"
    rf"[^.;\n]{{0,50}}?\b{_RESTED}",
    re.IGNORECASE,
)
_GENITALIA = re.compile(
    r"\bgenitalia\b\s*(?::|are|were|is|appear\w*|look\w*)?\s*(?:entirely |normal |phenotypically )?"
    r"(?P<one>female|male)\b|"
    r"\b(?P<two>female|male)[- ](?:appearing |looking |type )?(?:external )?genitalia\b",
    re.IGNORECASE,
)
_KARYOTYPE = re.compile(r"(?<![\w/])46,\s?X(?P<y>[XY])(?![\w,(/]|\s?/)")


_DARK, _RED = "HP:0040319", "HP:0040318"
_URINE = rare(
    r"\b(?:urine|wee|pee)\b[^.;\n]{0,80}?\b(?:(?:the )?colou?r of|(?:looks?|looked|looking) like|like|"
    r"(?:turn|go|goes|went|gone|became|become|becoming|goes|is|was|were|looks?|looked|dark as|red as)(?:s|ed|ing)?"
    r"(?: (?:very|quite|deep|dark))?)\s+(?:to\s+)?(?:the colou?r of\s+)?(?:a\s+)?(?:deep\s+|dark\s+)?"
    r"(?:(?P<dark>port(?:[- ]?wine)?|cola|coca[- ]?cola|coke|tea|dark|black|brown|mahogany|purple|burgundy|"
    r"coffee|ribena|blackcurrant|prune juice|stout|guinness|rooibos)|"
    r"(?P<red>red|blood|claret|pink|ros[eé]|beetroot|red wine))\b(?![^.;\n]{0,20}\b(?:cells?|negative|test))",
    re.IGNORECASE,
)
_SEEN_THINGS = rare(
    r"\b(?:saw|sees|seeing|seen)\s+(?:[\w-]+\s+){0,3}?(?:animals|insects|spiders|snakes|rats|mice|cats|dogs|"
    r"faces|figures|people|children|strangers|shapes|creatures|things|men|women|soldiers|beetles|ants)\s+"
    r"(?:[\w-]+\s+){0,3}?(?:(?:on|in|across|along|under|over|up) (?:the|her|his) "
    r"(?:ward|walls?|ceiling|bed|curtains?|room|"
    r"corner|floor|window)|(?:that|which|who) (?:were|was|are) not|(?:that|which|who) (?:weren|aren|wasn)['’]t|"
    r"not there|(?:that|which) (?:nobody|no one))",
    re.IGNORECASE,
)
_COLOUR = r"(?:gold|brown|copper|bronze|greenish|yellow-brown)\w*[- ](?:[\w-]+ ){0,2}?rings?"
_FLAT_ERG = rare(
    r"\b(?:ERGs?|electroretinogra\w+)\b(?:(?!\b(?:rod|cone)s?\b)[^.;\n]){0,40}?\b(?:non-?\s?recordable|"
    r"unrecordable|not recordable|extinguished|"
    r"undetectable|isoelectric|flat)\b",
    re.IGNORECASE,
)
_LONG_QTC = rare(
    r"\bQTc\b[^.;\n\d]{0,25}(?:\d{1,2} ?min\w*)?[^.;\n\d]{0,30}\b(?:recovery|exercise|standing|exertion|peak|"
    r"stress)\b[^.;\n\d]{0,10}"
    r"(?P<ms>4[89]\d|5\d\d|6\d\d)\b"
)
"""A QTc of 480 ms or more on standing or in recovery, which is long there too (Schwartz 2011)."""
_ISHIHARA = rare(
    r"\bIshihara\b[ )(:=]*(?:plates?\b[ :=]*)?(?:(?P<control>(?:test |control )(?:plate )?only)|"
    r"(?P<seen>\d{1,2})\s?/\s?(?P<of>1\d|2\d|3[0-8])\b)",
    re.IGNORECASE,
)
_MISREAD = 0.7
"""Share of Ishihara plates below which colours are not told apart."""
_TIME = r"(?:(?:\d+|an?|half an|several|many|some|few|\w+ to) ?(?:min(?:ute)?s?|h(?:ou)?rs?)|minutes|hours|on end)"
_EYES_STUCK = rare(
    r"\beyes?\b[^.;]{0,30}?\b(?:turn\w*|roll\w*|deviat\w*|driv\w*|stuck|fix\w*|lock\w*|forced|pulled|go(?:es)?|went|look\w*)"
    rf" (?:up(?:wards?)?|(?:to )?one side|to the side)\b[^.;]{{0,40}}?\b{_TIME}\b",
    re.IGNORECASE,
)
"""Eyes that stay up for minutes or hours; in a seizure they do so for seconds."""
_COARSE = re.compile(r"[\"“]coarse[\"”](?!\s+(?:hair|skin|tremor|voice|crackles|crepitations))")
_CORNEA = r"(?:corneas?|corneae|limbus|Descemet\w*)"
_RING = rare(rf"\b{_COLOUR}\b[^.;\n]{{0,40}}?\b{_CORNEA}\b|\b{_CORNEA}\b[^.;\n]{{0,40}}?\b{_COLOUR}\b", re.IGNORECASE)
_BY_LETTER = rare(r"\b[Hh]epatitis A(?=\s*(?:,|/|&|and\b|or\b|-)\s*(?:hepatitis )?[BCDE]\b)")
"""The letter of a list of viruses, which is no article: "Hepatitis A, B and C"."""
_METAPHYSES = {"cup": "HP:0003021", "fra": "HP:0003025", "irr": "HP:0003025"}
_FLARED, _WIDE = "HP:0003015", "HP:0003016"
_PLANTARS = rare(
    r"\bplantars?(?: (?:responses?|reflex(?:es)?))?\s*[:–-]\s*(?:L |R |left |right |both |bilaterally )?"
    r"(?:extensor|up-?going|↑)",
    re.IGNORECASE,
)
_NO_THYMUS = rare(
    r"\bthym(?:us|ic (?:shadow|tissue))\b[^.;,\n]{0,12}?\b(?:not|never) (?:be )?(?:seen|visible|visuali[sz]ed|"
    r"identified|found)\b|"
    r"\bno (?:visible )?thym(?:us|ic (?:shadow|tissue))\b(?: (?:seen|visible|found|identified))?",
    re.IGNORECASE,
)
_ABSENCES = rare(
    r"\babsences\b(?=\s+(?:of|lasting|for)\s+(?:up to |about |some )?\d|\s+(?:with|and) (?:eyelid|eye|staring|"
    r"blinking|lip|"
    r"chewing|flutter)|\s+(?:every day|daily|most days|many times|several times))",
    re.IGNORECASE,
)
_CHANGE = r"(?:cupp(?:ing|ed)|fray(?:ing|ed)|splay(?:ing|ed)|flar(?:ing|ed)|widen(?:ing|ed)|irregular(?:ity)?)"
_CHANGES = rf"{_CHANGE}(?:\s*(?:,\s*and|,|and|or|&|/|with)\s*{_CHANGE})*"
_OF_METAPHYSES = rare(
    rf"\b(?P<before>{_CHANGES})\s+(?:(?:of|at|in)\s+)?(?:(?:the|all|both|distal|proximal|radial|ulnar|femoral|tibial|"
    rf"long[- ]bone|"
    rf"knee|wrist)\s+){{0,4}}metaphys\w+|\bmetaphys\w+\s*(?:are|were|is|was|show\w*|with|:|,|–|"
    rf"-)?\s*(?P<behind>{_CHANGES})",
    re.IGNORECASE,
)
_EACH = re.compile(_CHANGE, re.IGNORECASE)
_FEW_TEETH = rare(
    r"\b(?:(?:has |had |with )?only (?:a few|one|two|three|four|five|six|seven|eight|[1-8]) teeth|"
    r"no teeth(?: yet| so far| at)?)\b",
    re.IGNORECASE,
)
"""What is late at the age of milk teeth and lacks later."""


def _of_metaphyses(text: str) -> Iterator[Hit]:
    """Each of the changes of metaphyses that a list names: "cupping, splaying and fraying of the metaphyses"."""
    for match in _OF_METAPHYSES.finditer(text) if "etaphys" in text else ():
        for one in _EACH.finditer(text, *match.span("before" if match["before"] else "behind")):
            said = one[0].lower()
            term = _METAPHYSES.get(said[:3]) or (_FLARED if said.startswith(("fla", "spl")) else _WIDE)
            yield Hit(term, *one.span(), "wording")


def signs(text: str) -> Iterator[Hit]:
    """Such findings, in no order."""
    for match in _FEW_TEETH.finditer(text) if is_toddler(text) else ():
        yield Hit("HP:0000684", *match.span(), "wording", measured=match[0].lower().startswith("no"))
    for match in _ABSENCES.finditer(text):
        yield Hit("HP:0002121", *match.span(), "wording")
    for match in _PLANTARS.finditer(text):
        yield Hit("HP:0003487", *match.span(), "wording", measured=True)
    for match in _NO_THYMUS.finditer(text):
        yield Hit("HP:0005359", *match.span(), "wording", measured=True)
    for match in _URINE.finditer(text):
        yield Hit(_DARK if match["dark"] else _RED, *match.span(), "wording")
    for match in _SEEN_THINGS.finditer(text):
        yield Hit("HP:0002367", *match.span(), "wording")
    for pattern, term in (
        (_RING, "HP:0200032"),
        (_BY_LETTER, "HP:0006562"),
        (_EYES_STUCK, "HP:0010553"),
        (_COARSE, "HP:0000280"),
        (_FLAT_ERG, "HP:0000550"),
        (_LONG_QTC, "HP:0005184"),
    ):
        for match in pattern.finditer(text):
            yield Hit(term, *match.span(), "wording")
    for match in _ISHIHARA.finditer(text):
        if match["control"] or int(match["seen"]) < _MISREAD * int(match["of"]):
            yield Hit("HP:0000551", *match.span(), "value", measured=True)
    yield from _of_metaphyses(text)
    for match in _SIGN.finditer(text):
        yield Hit(_SIGNS[match["name"].lower()], *match.span(), "value", normal=bool(match["lacking"]), measured=True)
    for match in _BOWELS.finditer(text):
        if not match["days"] or int(match["days"]) >= _FEWEST:
            yield Hit("HP:0002019", *match.span(), "value", measured=True)
    for match in _BLADDER.finditer(text):
        if int(match["amount"]) >= _FULL:
            yield Hit("HP:0000016", *match.span(), "value", measured=True)
    for pattern, term in ((_EARLY, "HP:0031356"), (_LIMPS, "HP:0004417")):
        for match in pattern.finditer(text):
            yield Hit(term, *match.span(), "wording")
    yield from _sex_reversal(text)


def _sex_reversal(text: str) -> Iterator[Hit]:
    """A karyotype of one sex with the genitalia of the other."""
    karyotype = _KARYOTYPE.search(text) if "46," in text else None
    genitalia = _GENITALIA.search(text) if karyotype else None
    if karyotype and genitalia:
        told = "Y" if (genitalia["one"] or genitalia["two"]).lower() == "male" else "X"
        if told != karyotype["y"]:
            yield Hit("HP:0012245", *karyotype.span(), "value", measured=True)
