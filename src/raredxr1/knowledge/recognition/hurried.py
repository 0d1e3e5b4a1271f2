"""Findings as they are typed in a hurry: "# wrist", "wt up 2 stone", "cortisol after 1 mg dex 612", "grey at 22"."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.bedside import of_a_child
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

_BONES = (
    "wrist|hip|neck of femur|NOF|femur|femoral neck|tibia|fibula|ankle|humerus|radius|ulna|forearm|arm|leg|elbow|"
    "clavicle|collar ?bone|ribs?|vertebrae?|spine|pelvis|pubic ram(?:us|i)|metatarsals?|metacarpals?|scaphoid|patella|"
    "skull|sternum|scapula|fingers?|toes?"
)
_BROKEN = rare(
    rf"(?<![\w#])#(?:'?d|ed)?\s?(?:of (?:the )?)?(?:(?:left|right|L|R|both|distal|proximal|her|his)\s){{0,2}}"
    rf"(?:{_BONES})\b",
    re.IGNORECASE,
)
_GAINED = rare(
    r"\b(?:(?:wt|weight)(?: has| is|'s)?(?: gone| went)? up(?: by)?|(?:gained|put on|gaining|putting on))"
    r" (?:about |around |over |nearly |some |almost )?(?P<much>\d+(?:\.\d+)?|a|two|three|four|five|several)\s?"
    r"(?P<unit>kgs?|kilos?|stones?|st|lbs?|pounds)\b",
    re.IGNORECASE,
)
_NUMBERS = {"a": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "several": 5.0}
_MUCH = {"k": 5.0, "s": 0.8, "l": 11.0, "p": 11.0}
"""By the first letter of the unit, what a grown-up gains who gains weight; children grow."""
_SUPPRESSED = rare(
    r"\b(?:cortisol\b[^.;\n]{0,50}?\b(?:after|post|following)\s(?:an? )?(?:overnight |low[- ]dose |\d(?:\.\d)?\s?mg )*"
    r"dex(?:amethasone)?(?: suppression)?(?: test)?(?: \d(?:\.\d)?\s?mg)?|"
    r"(?:ODST|LDDST|(?:overnight |low[- ]dose )?dex(?:amethasone)? "
    r"(?:suppression(?: test)?|test)))\b[^.;\n\d<>]{0,30}(?P<value>(?!(?:19|20)\d\d\b(?! ?nmol))\d{2,4})\b(?:\s?nmol)?",
    re.IGNORECASE,
)
_GREY = rare(
    r"\b(?:hair\b[^.;\n]{0,20}\b(?:gr[ae]y|white)|(?:went|turned|gone|going) gr[ae]y)\s"
    r"(?:at|by|from|aged?|since|when)\s(?:the age of |about |around |age |aged |(?:he|she) was )*(?P<age>\d{1,2})\b"
    r"(?!\s?(?:years?(?! old| of age)|yrs|months?|weeks?|days?))",
    re.IGNORECASE,
)
_EARLY = 30
"""Years up to which grey hair has come early."""
_DESATURATED = rare(
    r"\b(?:SpO2|SaO2|sats?|saturations?)\b[^.;\n]{0,40}?(?:\b(?:8\d|7\d|6\d)\s?%?\s(?:on|after|during|with)\s"
    r"(?:a |the )?(?:6MWT|six[- ]minute walk\w*|6[- ]minute walk\w*|exertion|exercise|walking|stairs|effort)|"
    r"(?:falls?|fell|drops?|dropped|desaturat\w+) to (?:8\d|7\d|6\d)\s?%?\s(?:on|after|during|with)\s"
    r"(?:exertion|exercise|walking|stairs|effort))",
    re.IGNORECASE,
)
_HARDLY_MOVED = rare(
    r"\b(?:EOMs?|eye movements?|ocular motility|extra-?ocular movements?)\b(?:[\s:,]|\b(?:horizontal(?:ly)?|"
    r"vertical(?:ly)?|limited|reduced|restricted|down|up|to|about|only|is|are|was|were|at|in|all|directions|gaze|both|eyes|"
    r"abduction|adduction)\b)*[1-6]?\d ?%",
    re.IGNORECASE,
)
"""Eye movements of less than seven tenths of what is normal."""
_LEFT = 50
"""nmol/L of cortisol above which it is not suppressed (Endocrine Society guideline on Cushing's syndrome, 2008)."""


def hurried(text: str) -> Iterator[Hit]:
    """Findings by the marks and short forms of ward notes."""
    for match in _BROKEN.finditer(text):
        yield Hit("HP:0020110", *match.span(), "shorthand")
    for match in _GAINED.finditer(text):
        much = _NUMBERS.get(match["much"].lower()) or float(match["much"])
        if much >= _MUCH[match["unit"][0].lower()] and not of_a_child(text):
            yield Hit("HP:0004324", *match.span(), "wording")
    for match in _SUPPRESSED.finditer(text):
        if int(match["value"]) > _LEFT:
            yield Hit("HP:0003118", *match.span(), "value", measured=True)
    for match in _GREY.finditer(text):
        if int(match["age"]) <= _EARLY:
            yield Hit("HP:0002216", *match.span(), "wording")
    for match in _HARDLY_MOVED.finditer(text):
        yield Hit("HP:0000602", *match.span(), "value", measured=True)
    for match in _DESATURATED.finditer(text):
        yield Hit("HP:0030874", *match.span(), "value", measured=True)
