"""Protein avoidance told by what somebody will not eat: "refuses meat, fish and eggs", "has an aversion to protein"."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

PROTEIN_AVOIDANCE = "HP:0002038"
_FOOD = (
    r"(?:meats?|fish|eggs?|dairy(?: (?:products|foods))?|milk|cheese|chicken|beef|pork|nuts|beans|pulses|"
    r"yog(?:h)?urt|poultry)"
)
_PROTEIN = r"(?:(?:high[- ])?protein(?:s|[- ]rich (?:foods?|meals?)| foods?| meals?)?|foods? (?:rich|high) in protein)"
_WILL_NOT = (
    r"(?:refus(?:es|ed|ing|al of)|avoid(?:s|ed|ing|ance of)?|dislik(?:es|ed|ing|e of)|hat(?:es|ed)|detests|"
    r"aver(?:se|sion) to|"
    r"(?:won['’]t|will not|would not|wouldn['’]t|does(?:n['’]t| not)|did(?:n['’]t| not)) (?:eat|touch|like|"
    r"tolerate|take)|"
    r"spits out|rejects|shuns|push(?:es|ed|ing) away|turns away from|"
    r"never (?:liked|eats|ate|touches)|steers clear of|intoleran(?:t of|ce (?:to|of)))"
)
_SOME = r"(?:\s+(?:to eat|eating|all|any|most|the taste of|of|and|or|high|away from|all kinds of|both|animal|red))*\s+"
_AVOIDS = rare(
    rf"\b(?P<verb>{_WILL_NOT}){_SOME}(?:(?P<protein>{_PROTEIN})\b|"
    rf"(?P<foods>{_FOOD}(?:(?:\s*,\s*(?:and |or )?|\s*/\s*|\s+(?:and|or|&)\s+){_FOOD})*)\b)",
    re.IGNORECASE,
)
_BY_CHOICE = re.compile(
    r"\b(?:vegan|vegetarian|halal|kosher|plant[- ]based|allerg\w+|ethical|religious)\b", re.IGNORECASE
)
_STRONG = re.compile(r"refus|dislik|hat|detest|aver|spit|reject|won|touch|like", re.IGNORECASE)
_ONE_FOOD = re.compile(r"meats?$", re.IGNORECASE)


def avoided(text: str) -> Iterator[Hit]:
    """Where foods of much protein are shunned: protein by name, meat that is refused, or two such foods and more."""
    for match in _AVOIDS.finditer(text):
        foods = match["foods"] or ""
        several = re.search(rf"{_FOOD}\W+(?:and |or )?{_FOOD}", foods, re.IGNORECASE)
        one = _ONE_FOOD.search(foods) and _STRONG.match(match["verb"])
        if (match["protein"] or several or one) and not _BY_CHOICE.search(
            text, max(0, match.start() - 60), match.end() + 60
        ):
            yield Hit(PROTEIN_AVOIDANCE, *match.span(), "wording")
