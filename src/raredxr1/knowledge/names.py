"""What makes two spellings of a name the same: case, punctuation, numerals, word order, greek, British spelling.

Two keys, from strict to loose. `plain` keeps the order of words; `bag` forgets it, so that "Muscular dystrophy,
congenital" meets "Congenital muscular dystrophy". Neither ever drops a number: "type 1" and "type 10" stay apart; and
`bag` keeps the order of numbers ("complex I deficiency, type 3" is not "complex III deficiency, type 1") and what
"without" and "non" deny.
"""

import unicodedata
import zlib

from raredxr1 import lazy_re as re

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega",
}  # fmt: skip
_BRITISH = [
    (re.compile(pattern), american)
    for pattern, american in (
        (r"haem", "hem"), (r"(?<!ch)aem(?=ia|ic)", "em"), (r"oed(?=em)", "ed"), (r"oesoph", "esoph"), (r"paed", "ped"),
        (r"gynaec", "gynec"), (r"aesth", "esth"), (r"rrhoe", "rrhe"), (r"coel", "cel"), (r"foet", "fet"),
        (r"tumour", "tumor"), (r"colour", "color"), (r"behaviour", "behavior"), (r"fibre", "fiber"),
        (r"centre", "center"), (r"leuco", "leuko"), (r"ischaem", "ischem"), (r"caec", "cec"), (r"faec", "fec"),
        (r"aetiol", "etiol"), (r"oestr", "estr"), (r"isation", "ization"), (r"ised\b", "ized"), (r"sulph", "sulf"),
        (r"grey\b", "gray"), (r"pnoe", "pne"), (r"naev", "nev"), (r"odour", "odor"), (r"judgement", "judgment"),
        (r"labour", "labor"), (r"goitre", "goiter"),
    )
]  # fmt: skip
_MAYBE_BRITISH = re.compile("ae|oe|our|leuco|sulph|fibre|centre|grey|ised|isation|judgement|goitre")
_POSSESSIVE = re.compile(r"['’]s\b|s['’](?=\s|$)")
_WORD = re.compile(r"[a-z0-9]+")
_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})([a-h]?)")
_ROMAN_VALUES = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_PROBES = (
    "Muscular dystrophy, congenital, type IIIb", "Klippel-Trénaunay syndrome", "Crohn's disease of the colon",
    "Complex I deficiency, type 3", "Seizures without fever", "Non-ketotic haemolytic anaemia, type Ij", "β-thalass",
    "Leucocytosis/IgA nephropathy (X-linked)", "Moebius' sequence with fibres", "46,XX 22q11.2 deletion", "XIV xxx c d",
)  # fmt: skip
_DROPPED = {"type", "the", "of"}
_KEPT = {"without", "non"}
"""Words whose next word stays beside them in a bag."""
_LETTERED = re.compile(r"\btype (i{1,3})([j-uwyz])\b")
"""Roman numerals with a late letter, "type Ij": apart from "type", they could be words ("in", "is", "it")."""


def words(name: str) -> list[str]:
    """Split a name into normalised words, roman numerals made arabic; "type", "the" and "of" are left out."""
    return _words(_fold(name))


def plain(name: str) -> str:
    """Key that keeps the order of words."""
    return " ".join(words(name))


def bag(name: str) -> str:
    """Key that forgets the order of words."""
    return bag_of(words(name))


def bag_of(normalised: list[str]) -> str:
    """The `bag` of a name that `words` has split."""
    if not _KEPT.isdisjoint(normalised):
        normalised = list(normalised)
        for i in range(len(normalised) - 2, -1, -1):
            if normalised[i] in _KEPT:
                normalised[i : i + 2] = [f"{normalised[i]} {normalised[i + 1]}"]
    units = sorted(normalised)
    if not "".join(units).isalpha() and any(map(_numbered, units[1:])):
        units = [*(w for w in units if not _numbered(w)), *filter(_numbered, normalised)]
    return " ".join(units)


def stamp() -> str:
    """Tells one way of making bags from another: a checksum of the bags of names that try every rule."""
    tried = (*_PROBES, *(pattern.pattern for pattern, _ in _BRITISH), *_GREEK)
    return f"{zlib.crc32('|'.join(map(bag, tried)).encode()):08x}"


def rules() -> list[bytes]:
    """What the rules of this module are, for what is kept of names (`prepared.Part.tables`)."""
    return [stamp().encode()]


def numbers(name: str) -> list[str]:
    """All words that hold a digit, sorted: names that differ here are never the same disease."""
    return sorted(filter(_numbered, words(name)))


def display(name: str) -> str:
    """Write an ALL-CAPITALS name (an OMIM habit) in sentence case; of any other, only mend the spaces."""
    name = " ".join(name.split())
    if " ," in name:
        name = name.replace(" ,", ",")
    if not name.isupper():
        return name
    letters = [c for c in name if c.isalpha()]
    if len(letters) < 5 or any(c.islower() for c in letters):
        return name
    lowered = re.sub(r"[A-Z]+", lambda m: m[0] if re.fullmatch(r"[IVX]+[A-H]?", m[0]) else m[0].lower(), name)
    return lowered[:1].upper() + lowered[1:]


def _fold(text: str) -> str:
    """Lower case, greek spelled out, no accents, no possessive, American spelling."""
    text = text.lower()
    if not text.isascii():
        for letter, spelled in _GREEK.items():
            text = text.replace(letter, spelled)
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    if "'" in text or "’" in text:
        text = _POSSESSIVE.sub("", text)
    if _MAYBE_BRITISH.search(text):
        for pattern, american in _BRITISH:
            text = pattern.sub(american, text)
    if "type i" in text:
        text = _LETTERED.sub(lambda match: f"type {len(match[1])}{match[2]}", text)
    return text


def _words(folded: str) -> list[str]:
    return [_arabic(word) if word[0] in "ivx" else word for word in _WORD.findall(folded) if word not in _DROPPED]


def _numbered(word: str) -> bool:
    return not word.isalpha() and any(character.isdigit() for character in word)


def _arabic(word: str) -> str:
    match = _ROMAN.fullmatch(word)
    if not match or word in ("x", "c", "d") or not (match[1] or match[2]):
        return word
    return str(10 * len(match[1]) + _ROMAN_VALUES[match[2]]) + match[3]
