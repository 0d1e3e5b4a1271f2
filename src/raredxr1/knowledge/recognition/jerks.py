"""Lists of tendon reflexes: "Reflexes: knees reduced, ankles absent", "DTRs 1+ at the knees, absent at the ankles"."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

_PLACE = (
    r"(?P<{0}>ankles?|achilles|knees?|patellars?|biceps|triceps|supinators?|brachioradialis|arms?|upper limbs?|"
    r"UL|ULs|legs?|"
    r"lower limbs?|LL|LLs)"
)
_LOST = r"absent|lost|unobtainable|abolished|not (?:elicited|obtained|present)|0(?!\s?/)"
_LOW = r"reduced|depressed|sluggish|diminished|hypoactive|weak|decreased|1\+|trace|\(\+\)"
_HIGH = r"brisk|very brisk|exaggerated|hyperactive|increased|pathologically brisk|[34]\+"
_STATE = rf"(?:(?P<{{0}}lost>{_LOST})|(?P<{{0}}low>{_LOW})|(?P<{{0}}high>{_HIGH}))(?![\w/])"
_LISTS = rare(
    r"\b(?:(?:deep |tendon )*(?:reflexes|jerks)|DTRs?)\b(?:\s*[:–-]|\s+(?:were|are|was|is))?(?P<items>[^.;\n]{3,160})",
    re.IGNORECASE,
)
_JERKS = r"(?:[ ]?(?:jerks?|reflex(?:es)?))?"
_ITEM = re.compile(
    rf"\b{_PLACE.format('first')}{_JERKS}\s*(?::|=|was|were|are|is|both)?\s*{_STATE.format('a')}|"
    rf"(?<![\w/]){_STATE.format('b')}(?: and symmetric\w*| symmetric\w*| bilaterally)? (?:at|in) (?:the |both )?"
    rf"{_PLACE.format('then')}\b",
    re.IGNORECASE,
)
_TERMS = {
    ("ankle", "lost"): "HP:0003438",
    ("ankle", "low"): "HP:0009072",
    ("knee", "lost"): "HP:0006844",
    ("knee", "low"): "HP:0011808",
    ("arm", "lost"): "HP:0012046",
    ("arm", "low"): "HP:0012391",
    ("arm", "high"): "HP:0007350",
    ("leg", "lost"): "HP:0002522",
    ("leg", "low"): "HP:0002600",
    ("leg", "high"): "HP:0002395",
    ("ankle", "high"): "HP:0033206",
    ("knee", "high"): "HP:0007083",
}


def jerks(text: str) -> Iterator[Hit]:
    """Each reflex of a list that is lost, low or brisk."""
    for listed in _LISTS.finditer(text):
        for match in _ITEM.finditer(text, *listed.span("items")):
            said = "lost" if match["alost"] or match["blost"] else "low" if match["alow"] or match["blow"] else "high"
            term = _TERMS[_site((match["first"] or match["then"]).lower()), said]
            yield Hit(term, *match.span(), "wording", measured=True)


def _site(name: str) -> str:
    if name.startswith(("ankle", "achilles")):
        return "ankle"
    if name.startswith(("knee", "patellar")):
        return "knee"
    return "leg" if name.startswith(("leg", "lower", "ll")) else "arm"
