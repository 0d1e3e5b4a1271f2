"""What stands near a person in a sentence: whether he has a finding, whose a child is, what an apposition holds."""

from collections.abc import Mapping, Sequence

from raredxr1.knowledge.assertion.cues import FINDING, Cue, Word
from raredxr1.knowledge.assertion.vocabulary import (
    BEFORE_RELATIVE,
    BEGINS,
    COUPLE,
    FEMALE,
    FINITE,
    MALE,
    MENTIONING,
    PREDICATE,
    WELL,
)

_HAS = frozenset(
    "have had get got suffer suffered ve developed diagnosed take took need needed catch caught".split()  # noqa: SIM905
)
_LEADS_TO = frozenset("'|’|am|m|was|been|also|myself|only|did|once|and|then|now|always".split("|"))  # noqa: SIM905
"""Between "I" and what the writer has, figures aside: "I'm 38 and was diagnosed with"."""
_DOING = frozenset(
    (
        "to",
        "about",
        "calls",
        "noticed",
        "seen",
        "noted",
        "found",
        "watched",
        "heard",
        "told",
        "asked",
        "been",
        "no",
        "not",
    )
)
_AHEAD = 7
"""Words between "I have" and what the writer has."""
_CLAUSE = frozenset((",", ";", ".", "(", "that", "because", "but", "he", "she", "him", "his", "her", "they", "our"))


def may_be_name(at: int, words: Sequence[Word]) -> bool:
    """Whether what a relative is called may stand there: "his sister Eva, 9", and not "his sister and"."""
    if at + 2 >= len(words) or not words[at].text.isalpha():
        return False
    return words[at].text not in PREDICATE and words[at].text not in ("and", "or", "but")


def before_relative(first: int, words: Sequence[Word]) -> int:
    """The word before a relative and what belongs to them: "a boy of healthy, consanguineous parents"; -1: none."""
    back = first - 1
    while back >= 0 and first - back <= _OWNED:
        joined = words[back].text == "," and words[back + 1].text in COUPLE
        if not joined and words[back].text not in BEFORE_RELATIVE:
            break
        back -= 1
    return back


_OWNED = 6
"""Words between what stands before a relative and the relative."""


def behind_apposition(at: int, words: Sequence[Word]) -> str:
    """The verb that a relative is the subject of behind an apposition: "an aunt, now 70, has tremor"."""
    for step in range(at + 1, min(at + 12, len(words) - 1)):
        verb = words[step + 1].text
        if verb in '"“' and step + 2 < len(words):  # 'a nephew, 7, "slow at school"'
            verb = words[step + 2].text
        aged = is_age(words[at + 1].text)  # "boy, now 4, with deafness"
        if words[step].text == "," and (verb == FINDING or (verb in PREDICATE and (verb != "with" or aged))):
            return verb
        if words[step].text == FINDING or words[step].text in ".;:(":
            return ""
    return ""


def closed_apposition(at: int, words: Sequence[Word]) -> int:
    """Where what a relative is called ends that holds a finding: "his mother, a nurse with asthma, said"; 0: none."""
    if at + 2 >= len(words) or words[at].text not in (",", "("):
        return 0
    if words[at].text == "," and words[at + 1].text not in ("a", "an", "the", "herself", "himself"):
        return 0
    closing, found = ")" if words[at].text == "(" else ",", False
    for step in range(at + 1, min(at + _APPOSED, len(words))):
        text = words[step].text
        if text == closing:
            return step if found else 0
        if text in ";:.(" or text in FINITE:
            return 0
        found = found or text == FINDING
    return 0


def but_for(at: int, words: Sequence[Word]) -> bool:
    """Whether a relative is well but for something: "brother, healthy apart from hay fever"."""
    said = [word.text for word in words[at : at + _EXCEPTED]]
    if len(said) < _LEAST or said[0] != "," or said[1] not in WELL:
        return False
    ends = next((step for step, text in enumerate(said[1:], 1) if text in ",;."), len(said))
    return any(text in ("apart", "except", "but", "bar") for text in said[1:ends])


_EXCEPTED, _LEAST = 8, 3
_APPOSED = 14
"""Words of what a relative is called."""


def named_before_colon(at: int, words: Sequence[Word]) -> bool:
    """Whether a name or an age stands before a colon: "Brother Tom, 10: asthma"."""
    name = at < len(words) and words[at].text.isalpha()
    at += name
    comma = at < len(words) and words[at].text == ","
    at += comma
    aged = at < len(words) and words[at].text[0].isdigit()
    at += aged
    return bool(name or aged) and at < len(words) and words[at].text == ":"


def bounded(at: int, words: Sequence[Word]) -> bool:
    """Whether an item of a list, or the sentence, ends at a place."""
    return at >= len(words) or words[at].text in (",", ";", ".", ")", "and")


def owned_by_relative(at: int, words: Sequence[Word]) -> bool:
    """Whether a boy or girl is a relative's: "my sister's little boy has autism"."""
    before = [word.text for word in words[max(0, at - 4) : at]]
    if before[-2:] in (["has", "a"], ["had", "a"]):  # "her aunt has a boy with autism"
        return True
    return "'s" in before and not any(text in ",.;and" or text == FINDING for text in before[before.index("'s") :])


def has(at: int, words: Sequence[Word]) -> bool:
    """Whether who is spoken of has a finding: "I get migraines", "I'm 38 and was diagnosed with asthma"."""
    while at < len(words) and (words[at].text in _LEADS_TO or words[at].text.isdigit()):
        at += 1
    if at >= len(words) or words[at].text not in _HAS:
        return False
    for step in range(at + 1, min(at + _AHEAD, len(words))):
        text = words[step].text
        if text == FINDING:
            return True
        if text in _CLAUSE or (text in _DOING and text != "been"):
            return False
    return False


def is_had(at: int, words: Sequence[Word], cues: Mapping[int, Cue]) -> bool:
    """Whether a finding is said of who stands before: "she does have asthma", not "she has seen him fall"."""
    has = False
    for step in range(at, min(at + _AHEAD, len(words))):
        text = words[step].text
        if text == FINDING:
            return has
        has = has or text in ("has", "had", "have", "gets", "got", "suffers", "developed", "'s", "is", "was")
        if text in _CLAUSE or text in _DOING or "reports" in (cues[step].kinds if step in cues else ()):
            return False
    return False


def is_age(text: str) -> bool:
    """Whether a word begins an age."""
    return text[0].isdigit() or text in ("aged", "now")


def has_ended_whose(at: int, words: Sequence[Word]) -> bool:
    """Whether a verb is the second behind "whose", with no finding between, so that it is of whose relative it was."""
    back, verbs = at - 1, 0
    while back >= 0 and words[back].text != "whose":
        if words[back].text in (FINDING, ",", "and", "that", "he", "she", "who"):
            return False
        verbs += words[back].text in FINITE
        back -= 1
    return back >= 0 and verbs == 1 and words[at - 1].text not in FINITE


def dies(at: int, words: Sequence[Word]) -> bool:
    """Whether a death is told there."""
    return at < len(words) and "died" in (words[at].text, words[at].head)


_EXAMINED = ("there", "he", "she", "his", "her", "the", "a", "an", "we", "i", ":", ",", FINDING)


def on_examination(cue: Cue, words: Sequence[Word]) -> bool:
    """Whether an examination begins, which is the patient's, unless a relative is named right before it."""
    if cue.end - cue.first > 1 and [word.text for word in words[cue.first : cue.end]] != ["on", "examination"]:
        return False
    if words[cue.end - 1].text != "examination" or cue.end - cue.first == 1 or cue.end >= len(words):
        return False
    return cue.first > 1 and words[cue.end].text in _EXAMINED and words[cue.first - 1].text not in FEMALE | MALE


def goes_on_with(at: int, words: Sequence[Word]) -> bool:
    """Whether a verb without a subject of its own follows "but": "father is well but has had a cataract"."""
    return at < len(words) and words[at].text in ("is", "was", "has", "had", "does", "did", "needs", "takes", "gets")


def gender_of_child(word: str) -> str:
    """Gender of what a child is called: "f", "m", or empty."""
    return {"boy": "m", "son": "m", "girl": "f", "daughter": "f"}.get(word, "")


_ORDINALS = frozenset(
    ("first", "second", "third", "fourth", "eldest", "oldest", "youngest", "elder", "younger", "only")
)


def is_own_child(first: int, end: int, words: Sequence[Word], has_begun: bool) -> bool:
    """Whether a cue is a child that a grown-up has: "1 child (3yo), walking late", "child: asthma" behind another.

    Args:
        first: first word of the cue.
        end: behind its last.
        words: of the sentence.
        has_begun: whether a finding stands before it, so that "child:" is no heading of childhood.
    """
    if words[end - 1].text not in ("child", "toddler"):
        return False
    before = words[first - 1].text if first == end - 1 and first else ""
    following = words[end].text if end < len(words) else ""
    if before in ("1", "one") and following not in ("of", "in", "and"):
        return True
    doing = following == FINDING or following.endswith("ing") or (following in PREDICATE and following != "with")
    return first == end - 1 and before in ("", ";", ",", "(") and (doing or (following == ":" and has_begun))


_TELLING = frozenset(
    [
        "told",
        "tell",
        "said",
        "say",
        "mentioned",
        "noticed",
        "described",
        "reported",
        "feel",
        "felt",
        "think",
        "thought",
        "asked",
        "wondered",
        "worry",
        "worried",
        "saw",
    ]
)


def is_addressed(at: int, words: Sequence[Word]) -> bool:
    """Whether a relative is addressed who has something: "Mum, you wore", and not "Mum, you told us that she has"."""
    said = [word.text for word in words[at : at + 8]]
    if said[:1] != [","] or not {"you", "your"}.intersection(said[1:2]):
        return False
    return not _TELLING.intersection(said[2:4]) or bool({"you", "your"}.intersection(said[3:]))


def is_numbered_child(at: int, words: Sequence[Word]) -> bool:
    """Whether "child" stands there as somebody's of a family history: "her first child, Poppy, is healthy"."""
    return at > 1 and words[at - 1].text in _ORDINALS and words[at - 2].text in ("his", "her", "their")


_DIED = frozenset(("died", "nnd", "stillborn", "away", "succumbed"))
"""Last words of cues that tell of a child who died, whose findings go on behind a comma."""


def scope_of(
    cue: Cue,
    words: Sequence[Word],
    back: int,
    before: str,
    following: str,
    apposed: str,
    *,
    said_of: bool,
    held: bool,
) -> str:
    """How far what is said of a relative reaches: "brief" to the next comma, "who" to the end of that, or "clause".

    Args:
        cue: the relative.
        words: the words of the sentence.
        back: the word before the relative and what belongs to them; -1: there is none.
        before: its text.
        following: the word by which the relative is gone on with.
        apposed: that word where something stands between commas first, else empty.
        said_of: whether it begins what is said of them alone ("who", "with").
        held: whether something between commas or brackets is still to come.
    """
    if following == "'s" or (following in ("who", "whose") and before in MENTIONING):
        return "brief" if following == "'s" else "who"
    if following in (":", "-", "–", "—", "=", "(", FINDING) or (following in PREDICATE and not said_of):
        after = words[cue.end + 1].text if cue.end + 1 < len(words) else ""
        if before == "whose" or (before == "," and following in ("who", "whose")):
            return "who"
        well = following in ("is", "was", "are", "were", ":", "-") and after in WELL
        return "brief" if well or following == "(" else "clause"
    if (back < 0 and following[:1].isdigit()) or words[cue.end - 1].text in _DIED:
        return "clause"  # "Brother 4y, deficient, never jaundiced."; "girl, died at 6 weeks, cardiomyopathy"
    if said_of and (before in MENTIONING or held):
        return "who"
    begins = before in BEGINS or not before or (before == "," and words[0].text in ("of", "among"))
    return "clause" if apposed and begins else "brief"
