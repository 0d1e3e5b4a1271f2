"""Other words for a finding, made by rule from its label, synonyms and definition.

Labels of an ontology are made to be unique ("Abnormality of the skeletal system"), not to be said. The rules turn them
into what people write: "skeletal abnormalities", "raised ferritin", "the philtrum was short".
"""

from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.cases.speech.wording import Wording, wording
from raredxr1.data import table

_BODY = (
    "nose|neck|philtrum|chin|forehead|face|palate|nasal bridge|nasal tip|nasal "
    "ridge|columella|mouth|tongue|thorax|chest|"
    "head|jaw|mandible|maxilla|upper lip|lower lip|lips?|ears?|eyes?|eyebrows?|eyelashes|eyelids?|palpebral fissures?|"
    "fingers?|toes?|thumbs?|halluces|hallux|hands?|feet|foot|palms?|nails?|metacarpals?|metatarsals?|phalanges|limbs?|arms?|legs?|"
    "femur|tibia|fibula|radius|ulna|humerus|ribs?|clavicles?|scapulae?|pelvis|hair|scalp hair|teeth|tooth|incisors|"
    "kidneys?|liver|spleen|penis|scrotum|testes|labia minora|labia majora|nipples?|corpus callosum|cerebellum|"
    "cerebellar vermis|brainstem|pituitary gland|optic "
    "nerves?|pupils?|cornea|fontanelle|earlobes?|stature|height|weight|trunk"
)
_PLURAL = re.compile(r"(?:s|feet|teeth|testes|halluces|hair\b)$")
_SIZE = re.compile(
    rf"(short|long|small|large|broad|wide|narrow|thin|thick|high|low|flat|prominent|deep|sparse|curly|dry|coarse|round|"
    rf"tapered|hypoplastic|underdeveloped|absent|asymmetric|bowed|dysplastic|slender) ((?:[\w-]+ ){{0,2}}?(?:{_BODY}))"
)
_RULES = [(re.compile(row["pattern"]), row["wordings"].split("; ")) for row in table("speech/rules")]
_WORD = re.compile(r"[A-Za-z]+")
_SEVERITY = (
    r"(?:mild|moderate|severe|profound|progressive|congenital|unilateral|bilateral|generalized|recurrent|acute|chronic)"
)
_COMMA = re.compile(rf"([^,]+), ({_SEVERITY}(?: to {_SEVERITY})?|[a-z-]{{4,}}(?<!s))", re.IGNORECASE)
_SINGULAR = re.compile(
    r"(?:^|.* )(?:finger|toe|thumb|metacarpal|metatarsal|ear|eyelash|eyebrow|nipple|nail|fissure|naris|rib|infection|"
    r"fracture|seizure|contracture|phalanx|hemangioma|cyst|ulcer|calculus|papule|nodule|macule|tooth|incisor|eye|palm|"
    r"earlobe|kidney|fold)"
)
_PLURALS = {"phalanx": "phalanges", "naris": "nares", "calculus": "calculi", "tooth": "teeth", "eyelash": "eyelashes"}


def natural(label: str) -> str:
    """A label as people order and number its words: "Intellectual disability, severe", "Tapered finger"."""
    match = _COMMA.fullmatch(label)
    if match:
        head = match[1]
        label = f"{match[2].lower()} {head[0].lower() + head[1:] if head[1:2].islower() else head}"
    if " of " not in label and label.count(" ") and _SINGULAR.fullmatch(label.lower()):
        *before, last = label.split(" ")
        label = " ".join([*before, _PLURALS.get(last, last + "s")])
    return label


def british(text: str) -> str | None:
    """The British spelling, word by word from the table `british`; None where it is the same."""
    changed = _WORD.sub(lambda word: _spelt(word[0]), text)
    return changed if changed != text else None


def _spelt(word: str) -> str:
    other = _british().get(word.lower())
    if other is None:
        return word
    return other.upper() if word.isupper() else other.capitalize() if word[0].isupper() else other


@cache
def _british() -> dict[str, str]:
    return {row["american"]: row["british"] for row in table("british")}


def by_rule(said: str) -> list[Wording]:
    """Wordings made from a label or synonym, written as inside a sentence."""
    if "[" in said or "{" in said or "<" in said or "|" in said:
        return []
    made: list[Wording] = []
    for pattern, replacements in _RULES:
        match = pattern.fullmatch(said)
        if match and "(" not in match[1] and len(match[1].split()) <= 5:
            made += [wording(replacement.replace(r"\1", match[1])) for replacement in replacements]
            break
    match = _SIZE.fullmatch(said)
    if match:
        size, part = match[1], match[2]
        verb = "<are|were>" if _PLURAL.search(part) and part != "hair" else "<is|was>"
        their = "the" if part in ("corpus callosum", "cerebellum", "cerebellar vermis", "brainstem") else "{his}"
        missing = "missing" if size == "absent" else size
        made.append(wording(f"{their} {part} {verb} [{missing}|rather {missing}|clearly {missing}]", "clause"))
        if size != "absent":
            made.append(wording(f"unusually {size} {part}"))
    spelt = british(said)
    if spelt:
        made.append(wording(spelt))
    return made


_PARENTHESIS = re.compile(r"\s*\([^()]*\)")
_LEADS = re.compile(
    r"^(?:the )?(?:presence of|occurrence of|existence of|a (?:type|form|kind) of|the (?:condition|finding) of|"
    r"an? (?:abnormality|anomaly|condition|form|type|kind) (?:of [\w ]{3,40} )?(?:that is "
    r")?(?:characterized|characterised) by)"
    r"\s+(?:an? |the )?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an? |the )", re.IGNORECASE)
_BAD = re.compile(
    r"^(?:this|these|if|in|when|individuals?|affected|persons?|patients?|it|refers?|that|which|any|for|an "
    r"individual|note|see|"
    r"defined|term|other|used|applies|one|deviation)\b|[:;()\[\]{}<>|\"]|\bterm\b|\d\d\d|\bi\.e|\be\.g|\bnormal(?:ly)?\b|\bnot\b|\bwithout\b|"
    r"\babsence\b|\bno\b|\bor more\b",
    re.IGNORECASE,
)
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|can|cannot|may|contains|shows|occurs|appears|tend|usually)\b")
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|where|in whom|so that|as)\b")
LONGEST_DESCRIPTION = 12
"""Words."""


def described(definition: str, label: str) -> Wording | None:
    """A finding described as its definition does, where that is short, plain and a noun phrase; else None."""
    first = re.split(
        r"\. |\.$|, (?:i\.e|that is|such as|with|resulting|typically|often|usually|which)\b", definition, maxsplit=1
    )[0]
    text = _PARENTHESIS.sub("", first).strip().rstrip(".")
    if text.lower().startswith(label.lower() + " is "):
        text = text[len(label) + 4 :]
    text = _ARTICLE.sub("", _LEADS.sub("", text)).strip()
    words = text.split(" ")
    if not 2 <= len(words) <= LONGEST_DESCRIPTION or _BAD.search(text) or text.lower() == label.lower():
        return None
    finite = _FINITE.search(text)
    relative = _RELATIVE.search(text)
    if finite and not (relative and relative.start() < finite.start()):
        return None
    return wording(text)
