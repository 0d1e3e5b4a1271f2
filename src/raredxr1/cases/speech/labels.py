"""Other words for a finding, made by rule from its label, synonyms and definition.

Labels of an ontology are made to be unique ("Abnormality of the skeletal system"), not to be said. The rules turn them
into what people write: "skeletal abnormalities", "raised ferritin", "the philtrum was short".
"""

import re
from functools import cache

from raredxr1.cases.speech.said import Wording, wording
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
_RULES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), wordings)
    for pattern, wordings in (
        (
            r"(?:elevated|increased|high) (?:circulating|serum|plasma|blood) (.+?)(?: concentration| levels?| "
            r"activity)?",
            (r"raised \1", r"high \1", r"elevated \1", r"raised serum \1", r"\1 above the reference range", r"\1 ↑"),
        ),
        (
            r"(?:decreased|reduced|low) (?:circulating|serum|plasma|blood) (.+?)(?: concentration| levels?| activity)?",
            (r"low \1", r"reduced \1", r"low serum \1", r"\1 below the reference range", r"\1 ↓"),
        ),
        (r"(?:decreased|reduced) activity of (.+)", (r"low \1 activity", r"reduced \1 activity", r"\1 deficiency")),
        (r"(?:increased|elevated) urinary (.+?)(?: level| concentration)?", (r"\1 in the urine", r"excess urinary \1")),
        (r"abnormal (.+?) morphology", (r"\1 abnormality", r"\1 changes", r"\1 anomalies", r"abnormal \1 appearance")),
        (r"abnormal (.+?) physiology", (r"\1 dysfunction", r"abnormal \1 function", r"problems with the \1")),
        (
            r"abnormality of (?:the )?(.+)",
            (r"abnormal \1", r"problems with the \1", r"changes of the \1", r"an anomaly of the \1"),
        ),
        (
            r"(?:aplasia/hypoplasia|absent/small) (?:of |involving )(?:the )?(.+)",
            (r"absent or small \1", r"underdeveloped \1", r"hypoplastic or missing \1"),
        ),
        (r"hypoplasia of (?:the )?(.+)", (r"hypoplastic \1", r"underdeveloped \1", r"small, underdeveloped \1")),
        (r"(?:aplasia|agenesis) of (?:the )?(.+)", (r"missing \1", r"absent \1", r"\1 that did not form")),
        (r"atrophy of (?:the )?(.+)", (r"wasting of the \1", r"shrunken \1", r"atrophic \1")),
        (r"recurrent (.+)", (r"repeated \1", r"frequent \1", r"\1 again and again", r"multiple episodes of \1")),
        (r"progressive (.+)", (r"slowly worsening \1", r"\1 getting worse over time", r"\1 that progressed")),
        (r"impaired (.+)", (r"poor \1", r"trouble with \1", r"problems with \1")),
        (r"delayed (.+)", (r"late \1", r"a delay in \1")),
        (r"bilateral (.+)", (r"\1 on both sides", r"\1 bilaterally", r"b/l \1")),
        (r"unilateral (.+)", (r"one-sided \1", r"\1 on one side")),
        (r"congenital (.+)", (r"\1 [present|noted] at birth", r"\1 since birth")),
        (r"increased (.+)", (r"raised \1", r"excess \1")),
        (r"(?:decreased|reduced) (.+)", (r"low \1", r"diminished \1")),
        (r"severe (.+)", (r"marked \1", r"pronounced \1", r"profound \1")),
        (r"generalized (.+)", (r"widespread \1", r"diffuse \1")),
        (r"(.+) weakness", (r"weak \1", r"loss of strength of the \1")),
        (r"elevated (.+)", (r"raised \1", r"high \1")),
        (r"chronic (.+)", (r"long-standing \1", r"\1 for [months|years]", r"ongoing \1")),
        (r"multiple (.+)", (r"several \1", r"many \1")),
        (r"enlarged (.+)", (r"big \1", r"overly large \1")),
        (r"limited (.+)", (r"restricted \1", r"reduced \1")),
        (r"(.+) pain", (r"pain in the \1", r"painful \1")),
        (r"(.+) hemorrhage", (r"\1 haemorrhage", r"\1 bleed", r"bleeding [\1]")),
        (r"neonatal (.+)", (r"\1 in the newborn period", r"\1 [soon|] after birth")),
        (r"episodic (.+)", (r"episodes of \1", r"attacks of \1", r"bouts of \1")),
        (r"paroxysmal (.+)", (r"attacks of \1", r"sudden bouts of \1")),
        (r"nocturnal (.+)", (r"\1 at night", r"night-time \1")),
        (r"oral (.+)", (r"\1 of the mouth", r"\1 in the mouth")),
        (r"facial (.+)", (r"\1 of the face",)),
    )
)
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
