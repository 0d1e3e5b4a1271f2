"""Findings that a note puts down to a drug, or names as what brings symptoms on, and so not to the patient's disease.

"Azathioprine caused pancreatitis", "allergic to penicillin (rash)", "worse with exercise and fever". A sentence is
written with one letter for each word, by its class (`data/assertion/words.tsv`, `drugs.tsv`), and patterns are looked
for in that.
"""

from collections.abc import Sequence
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.knowledge.assertion.cues import FINDING, Word
from raredxr1.knowledge.assertion.vocabulary import (
    ALLERGIC,
    BRINGS,
    CAUSES,
    HELPS,
    OCCASIONS,
    PERSONS,
    PROGRESS,
    REACTIONS,
    REASON,
    STOPS,
)

_LIST = r"(F(?:(?:,?&|,)[wp]{0,2}F)*)"
"""Findings in a row, with commas and "and"."""
_PATTERNS = tuple(
    re.compile(pattern.replace("LIST", _LIST))
    for pattern in (
        r"D[wpro,F0&]{0,6}C[wpo]{0,5}LIST",  # amlodipine, which made his ankles swell; topiramate for migraine caused
        r"D[wp]{0,4}S[wp]{0,2}[:,][wp]{0,2}C[wpo]{0,4}LIST",  # riluzole is to stop: it has made him nauseated
        r"D[wp]{0,2}A[wpo(:,-]{0,4}LIST",  # penicillin allergy: rash
        r"D[wph0>:,-]{0,6}S[wpDh0-9]{0,6}r[wp]{0,4}LIST",  # steroids were stopped in May because of irritability
        r"S[wp]{0,2}D[wpo0-9]{0,7}r[wp]{0,4}LIST",  # stopped it by herself in May because of a rash
        r"S[wp]{0,2}D[-(][wp]{0,2}LIST",  # stopped amitriptyline - dry mouth
        r"D[wp0]{0,4}S[w0]{0,2}[:(-][wp]{0,2}LIST",  # azathioprine stopped: raised liver enzymes
        r"D[wp0]{0,4}[:(-][wp]{0,3}LIST[wpo]{0,3}(?:[,&]|-?>)[wp]{0,2}S",  # melatonin: drowsy in the morning, stopped
        r"D[wp0]{0,2}[:(-][wp]{0,2}LIST[,(-]{0,2}A",  # co-amoxiclav - loose stools (intolerance)
        r"LISTw?D[wp,]{0,4}S",  # sickness on doxycycline, which was stopped
        r"A[wp]{1,4}[(:-][wp]{0,4}LIST",  # allergic to kiwi (lip swelling)
        r"D[w0]{0,3}(?:-?>)[wp]{0,2}LIST",  # cisplatin -> hearing loss
        r"D-[wC][wp]?LIST",  # valproate-induced tremor
        r"LIST[wp]{0,2}r[wpA]{0,4}D",  # rash due to amoxicillin
        r"LISTw{0,2}w?0wD",  # rash on day 6 of penicillamine
        r"b[wp]{0,1}o[wp]{0,3}(F(?:&[wp]{0,2}F)*)",  # worse with fever or illness
        r"b[wp]{0,1}o[wp]{1,3}(?:,[wp]{1,3}){0,3},?&[wp]{0,2}(F)(?!&)",  # worse with exercise, heat and fever
    )
)
_STOPPED_ON = next(pattern for pattern in _PATTERNS if pattern.pattern.endswith("w?D[wp,]{0,4}S"))
_TREATED = frozenset(
    ("diabetes", "epilepsy", "seizures", "hypertension", "asthma", "hypothyroidism", "depression", "gout")
)
"""What drugs are given for, so that none of it is what the drug did: "diabetes on metformin, which was stopped"."""
_ALLERGIES = re.compile(rf"(?:D[wpo(:,-]{{0,4}}|w\([wp]{{0,2}}){_LIST}")
"""Behind a word of allergies: penicillin (rash), trimethoprim: vomiting."""
_OF_ALLERGEN = re.compile(rf"w[:(-][wp]{{0,2}}{_LIST}")
"""Behind "Allergies:", what else than a drug does: "cat dander - sneezing"."""
_AT_HEAD = re.compile(r"D[0w]{0,2}(?:[:(-][wp]{0,2}(F)\W*$|[(-][wp]{0,2}(F)[wr][wpr]{0,3}\W*$)")
"""A sentence that is a drug and a reaction: "Doxycycline: rash."; what else stands there is what it is given for."""
_TRIED = re.compile(rf"w[wp0]{{0,2}}D[0w]{{0,2}}[:(-][wp]{{0,2}}{_LIST}")
"""What came of a drug that was tried: "tried levetiracetam: irritable"."""
_WITH = re.compile(rf"{_LIST}o[wp]{{0,1}}D")
"""Rash with amoxicillin; not: seizures improved with valproate."""
_PRODUCTS = frozenset(("platelets", "ffp", "prbc", "prbcs", "ivig", "plasma", "blood", "contrast"))
"""What is infused besides drugs."""
_CONCERNED = re.compile("[DbA]")
_NEAR = 8
"""Words before and behind, among which one that tells of help makes the drug a treatment."""


def effects(words: Sequence[Word], letters: str, text: str, asked: bool = False) -> set[int]:
    """The places among the words of those findings that a drug did, or that bring symptoms on.

    Args:
        words: a sentence.
        letters: one letter for each word, of `letters_of`.
        text: the note.
        asked: whether the question before it was one after allergies.
    """
    named = any(_allergy(word, text) for word in words if word.text == FINDING)
    given = any(word.text in _PRODUCTS for word in words)
    if not (asked or named or given or _CONCERNED.search(letters)):
        return set()
    found: set[int] = set()
    for pattern in _PATTERNS:
        for match in pattern.finditer(letters):
            treated = pattern is _STOPPED_ON and _TREATED.intersection(_said(words[match.end(1) - 1], text))
            found.update(at for at in range(*match.span(1)) if letters[at] == "F" and not treated)
    allergic = [
        at for at, word in enumerate(words) if letters[at] == "A" or (letters[at] == "F" and _allergy(word, text))
    ]
    allergic = [0] if asked else allergic
    for match in _ALLERGIES.finditer(letters, allergic[0]) if allergic else ():
        found.update(at for at in (allergic[0], *range(*match.span(1))) if letters[at] == "F")
    if allergic and letters[allergic[0]] == "F" and re.search(r"F[wpDo]{0,3}[(:-]", letters):
        letters = letters[: allergic[0]] + "A" + letters[allergic[0] + 1 :]
        for match in re.finditer(rf"A[wpDo]{{0,4}}[(:-][wpo]{{0,4}}{_LIST}", letters):
            found.update(at for at in (allergic[0], *range(*match.span(1))))
    for match in _OF_ALLERGEN.finditer(letters) if asked else ():
        found.update(at for at in range(*match.span(1)) if letters[at] == "F")
    if asked:  # read with what it is of: "cat dander - sneezing"
        found.update(at for at, word in enumerate(words) if letters[at] == "F" and " - " in text[word.start : word.end])
    head = _AT_HEAD.match(letters)
    if head:
        reaction = max(head.start(1), head.start(2))  # "Penicillin - rash", "Penicillin - rash as a baby"
        found.update([reaction] if REACTIONS.intersection(_said(words[reaction], text)) else ())
    for match in _TRIED.finditer(letters):
        if words[match.start()].text in ("tried", "trial", "previously"):
            found.update(at for at in range(*match.span(1)) if letters[at] == "F")
    found.update(at for at in range(len(words) - 2) if letters[at] == "F" and _is_reaction(at, words, letters, text))
    for match in _WITH.finditer(letters):
        near = words[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        if not HELPS.intersection(word.text for word in near):
            found.update(at for at in range(*match.span(1)) if letters[at] == "F")
    return found


def _said(word: Word, text: str) -> list[str]:
    return re.findall(r"[a-z]+", text[word.start : word.end].lower())


def _is_reaction(at: int, words: Sequence[Word], letters: str, text: str) -> bool:
    """Whether a finding is what drugs do and a drug is named right behind it: "rash on phenytoin"."""
    by, what = words[at + 1].text, words[at + 2].text
    named = by in ("on", "from", "to", "with", "after") and (letters[at + 2] == "D" or what in _PRODUCTS)
    return named and bool(REACTIONS.intersection(_said(words[at], text)))


def _allergy(word: Word, text: str) -> bool:
    return text[word.start] in "aA" and text[word.start : word.end].lower().startswith("allerg")


@cache
def _classes() -> dict[str, str]:
    letters = {
        "C": CAUSES,
        "S": STOPS,
        "r": REASON,
        "A": ALLERGIC,
        "b": BRINGS,
        "o": OCCASIONS,
        "p": PERSONS,
        "x": PROGRESS,
    }
    found = {word: letter for letter, words in letters.items() for word in words}
    found |= dict.fromkeys(("and", "or", "&", "+"), "&") | dict.fromkeys((">", "→"), ">") | dict.fromkeys("–—", "-")
    return found | {FINDING: "F"} | {sign: sign for sign in ",:(-"}


@cache
def _drugs() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    rows = [(row["kind"], row["words"].split()) for row in table("assertion/drugs")]
    named = frozenset(word for kind, words in rows if kind == "word" for word in words)
    endings = tuple(word for kind, words in rows if kind == "ending" for word in words)
    return named, endings, tuple(word for kind, words in rows if kind == "beginning" for word in words)


def is_drug(word: str) -> bool:
    """Whether a word in lower case is a drug or another treatment."""
    named, endings, beginnings = _drugs()
    return word in named or (len(word) > 5 and (word.endswith(endings) or word.startswith(beginnings)))


def letters_of(words: Sequence[Word]) -> str:
    """A sentence with one letter for each word, by its class."""
    said = [word.text for word in words]
    letters = "".join(map(_letters.__getitem__, said))
    at = said.index("/") if "/" in said else -1
    while at >= 0:
        if said[max(0, at - 1) : at + 2] == ["b", "/", "c"]:  # because
            letters = f"{letters[: at - 1]}rww{letters[at + 2 :]}"
        at = said.index("/", at + 1) if "/" in said[at + 1 :] else -1
    return letters


class _Letters(dict[str, str]):
    """The letters of words, in memory alone and not for ever."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        letter = self[word] = _letter(word)
        return letter


_REMEMBERED = 1 << 15
_letters = _Letters()


def _letter(word: str) -> str:
    """The letter of a word: D for a drug, 0 for a number, w for what is in no class, "." for another sign."""
    if letter := _classes().get(word):
        return letter
    if word.replace("-", "").isalpha():
        return "D" if is_drug(word) else "w"
    return "0" if word[0].isdigit() else "."
