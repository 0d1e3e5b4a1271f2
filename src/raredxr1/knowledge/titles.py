"""The titles catalogues give diseases, taken apart: the name, and the other names that were run together with it.

OMIM's titles come in capitals or lower case, inverted ("Deafness, X-linked 2"), with abbreviations ("; SHEP3"),
alternative titles (";;") and included entries, which phenotype.hpoa often joins without a space:
"Gastroschisisabdominal wall defects, included" is "Gastroschisis" and "Abdominal wall defects".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from raredxr1 import lazy_re as re
from raredxr1.knowledge import names

_NUMBER = re.compile(r"^[#%+*^]?\d{6}\s+")
_INCLUDED = re.compile(r",?\s+included\b", re.IGNORECASE)
_ABBREVIATION = re.compile(r"[A-Z0-9][A-Za-z0-9/-]{0,11}")
_ROMAN = re.compile(r"[ivxIVX]+[a-z]?")
_PARTICLES = ("von", "van", "de", "da", "di")
_KARYOTYPES = ("xx", "xy")
_SYMBOL = re.compile(r"[A-Z]{2,6}|[A-Z0-9]+[0-9][A-Z0-9]*(-[A-Z0-9]+)?")
_GLUED_NUMBER = re.compile(r"\b(syndrome|disease|dysplasia|deficiency|disorder|defects?)(\d{1,2}[A-Z]?)$")
_LONG_WORD = re.compile(r"[A-Za-z]{6,}")
_WORD = re.compile(r"[A-Za-zÀ-ž][\wÀ-ž'’]*")
_TOKEN = re.compile(r"[\wÀ-ž'’]+(?:-[\wÀ-ž'’]+)*")
_RETIRED = (
    (re.compile(r"\bmental retardation\b"), "intellectual disability"),
    (re.compile(r"\bMental retardation\b"), "Intellectual disability"),
    (re.compile(r"\bmentally retarded\b", re.IGNORECASE), "intellectually disabled"),
)
"""Words that are not written any more; what a catalogue still calls so is shown without them."""


@dataclass(frozen=True)
class Title:
    """A name to show, and the other names the title held (included and alternative titles, abbreviations)."""

    name: str
    others: tuple[str, ...] = ()


class Speller:
    """How words are written, learnt from the names given: which have capitals, and which words there are at all."""

    def __init__(self, labels: Iterable[str]) -> None:
        """Count the words of names; those mostly in capitals teach no spelling, nor does the first word of a name."""
        self.words: Counter[str] = Counter()
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        for label in sorted(set(labels)):
            self.words.update(word.lower() for word in _WORD.findall(label))
            if sum(map(str.isupper, label)) < len(label) / 2:
                for match in _TOKEN.finditer(label):
                    if match.start() and len(match[0]) > 1:
                        forms[match[0].lower()][match[0]] += 1
        self._forms = {word: form for word, seen in forms.items() if (form := _usual(seen)) and form != word}

    def spell(self, name: str) -> str:
        """Sentence case: the first letter a capital, eponyms and symbols as they are written elsewhere."""
        if _SYMBOL.fullmatch(name):
            return name
        name = names.display(name)
        spelled = _TOKEN.sub(lambda match: self._form(match[0]), name)
        if names.bag(spelled) != names.bag(name):
            spelled = name
        particle = spelled.split(" ", 1)[0] in _PARTICLES
        return spelled if particle else spelled[:1].upper() + spelled[1:]

    def _form(self, token: str) -> str:
        """The usual form of a word that has no capital behind its first letter; numerals stay as they are."""
        if (not token[0].isalpha() and not token.endswith(_KARYOTYPES)) or token[1:] != token[1:].lower():
            return token
        form = self._forms.get(token.lower(), token)
        return token if _ROMAN.fullmatch(token) or form[1:] == form[1:].lower() == token[1:] else form

    def cut(self, label: str) -> list[str]:
        """Part a label where two words were run together; the label alone where that is not sure."""
        if parted := self._repeated(label):
            return parted
        cuts = []
        for match in _LONG_WORD.finditer(label):
            word = match[0].lower()
            if self.words[word] > 1:
                continue
            for at in range(2, len(word) - 2):
                rarer = min(self.words[word[:at]], self.words[word[at:]])
                if rarer > 1 and (at > 2 or label[: match.start()].endswith("-")):
                    cuts.append((rarer, match.start() + at))
        if not cuts:
            return [label]
        at = max(cuts)[1]
        return [label[:at], label[at:]]

    def _repeated(self, label: str) -> list[str] | None:
        """Part "Cataract, posterior polar, 1 ctpa cataract, congenital total": abbreviation, then the first word."""
        first = _LONG_WORD.match(label)
        again = re.search(rf"\s([a-z]{{2,5}}\d?)\s({first[0]})\b", label, re.IGNORECASE) if first else None
        if not again or self.words[again[1].lower()] > 1:
            return None
        return [label[: again.start()], label[again.start(2) :]]


def split(title: str, speller: Speller) -> Title:
    """Take a title apart.

    Args:
        title: as the catalogue writes it.
        speller: knows the words of all titles.
    """
    parts = _NUMBER.sub("", " ".join(title.split())).split(";;")
    found: list[str] = []
    short: list[str] = []
    for part in parts:
        main, *abbreviations = [piece.strip() for piece in part.split(";") if piece.strip()] or [""]
        if any(not _ABBREVIATION.fullmatch(one) for one in abbreviations):
            main, abbreviations = part.strip(), []
        found += _included(main, speller)
        short += [one for one in abbreviations if len(one) > 2]
    spelled = [speller.spell(_GLUED_NUMBER.sub(r"\1 \2", name.strip(" ,"))) for name in found] + short
    main, *others = [name for name in spelled if name] or [" ".join(title.split())]
    return Title(main, tuple(name for name in dict.fromkeys(others) if name != main))


def modern(name: str) -> str:
    """The name without words that are not written any more."""
    for pattern, word in _RETIRED:
        name = pattern.sub(word, name)
    return name


def clean(labels: Mapping[str, str], speller: Speller) -> dict[str, Title]:
    """Take the titles of many records apart: record id -> title."""
    return {record: split(label, speller) for record, label in labels.items()}


def _included(name: str, speller: Speller) -> list[str]:
    """A title and what it includes. Names before "included" are joined by nothing at all, or by one space."""
    if not _INCLUDED.search(name):
        return [name]
    found: list[str] = []
    for part in filter(None, (piece.strip(" ,") for piece in _INCLUDED.split(name))):
        found += speller.cut(part) if not found else [part]
    return found


def _usual(seen: Counter[str]) -> str | None:
    """The form four fifths of a word's uses have; None where there is none."""
    form, count = seen.most_common(1)[0]
    return form if count >= 0.8 * seen.total() else None
