"""Cues before findings: what opens a scope, and what closes it again."""

from raredxr1.knowledge.assertion.cues import FINDING, Cue
from raredxr1.knowledge.assertion.reading import REACH, SUPPOSED_FURTHER, Reading, Scope
from raredxr1.knowledge.assertion.vocabulary import (
    CARRIES,
    DOING,
    FACULTIES,
    FEW,
    FINITE,
    GRADED,
    PASSES,
    RESUMES,
    SHAPES,
    SHOWS,
    STATED,
)

_LABEL = 3
"""Words of a label before a dash."""


def open_scope(reading: Reading, name: str, kind: str, cue: Cue) -> None:
    """Open a scope by what it says (denied, uncertain, supposed), unless the whole sentence is one already."""
    if kind == "whole" or name == "supposed":
        reading.scopes.pop("denied", None)
    old = reading.scopes.get(name)
    if old and old.kind == "whole" and cue.first - old.last <= REACH + SUPPOSED_FURTHER:
        return
    earlier = any(not v.denied and v.item <= reading.item for v in reading.verdicts.values())
    mixed = bool(earlier and cue.first and reading.words[cue.first - 1].text in (",", ";", "and", "(", "with", "+"))
    reading.scopes[name] = Scope(kind, cue.first, cue.end, reading.item, mixed)


def shown(reading: Reading, at: int) -> bool:
    """Whether "not" denies having something, with a list behind it, and no other doing."""
    words = reading.words
    doing = words[at - 1].text in DOING or (words[at - 1].text == "not" and at > 1 and words[at - 2].text in DOING)
    if doing and at < len(words) and words[at].text == FINDING:
        return False  # "does not roll over": the finding is a doing
    for step in range(at, min(at + 4, len(words))):
        text = words[step].text
        if text == FINDING or text in SHOWS:
            return True
        if text not in CARRIES:
            return False
    return False


def comma(reading: Reading, at: int) -> None:
    """A comma ends what does not go on behind it as a list."""
    scope = reading.scopes.get("denied")
    if scope:
        labelled = scope.seen and reading.near(at + 2, ":") and reading.words[at + 1].text.isalpha()
        ends = scope.kind in ("narrow", "rather than", "absent") or _resumes(reading, at + 1) or labelled
        if scope.seen and not ends and at + 2 < len(reading.words):  # "no rash, fever was high": a clause of its own
            ends = reading.near(at + 1, FINDING) and reading.words[at + 2].text in FINITE | GRADED
        before = reading.words[at - 1] if at else reading.words[at]
        if not ends and before.tail in FACULTIES and before.head == before.tail:
            ends = not _listed(reading, at)  # "no appetite, queasy each morning"
        if not ends and reading.near(at + 1, FINDING):  # "no fits, tone low"; "no cough, no rash, sweaty"
            stated = reading.words[at + 1].tail in STATED or (
                (scope.seen or at > scope.last) and _each_denied(reading, at)
            )
            stated = stated or (scope.seen and (_there(reading.words[at + 1].head) or _shaped(reading, at + 1)))
            ends = stated and not _listed(reading, at)
        ends = ends or (scope.seen and _contrasted(reading, scope, at) and not _listed(reading, at))
        if scope.seen and not ends:
            ends = (scope.kind == "without" or scope.mixed) and not _listed(reading, at)
        lack = reading.words[scope.at].text in _LACKS
        goes_on = (scope.kind == "without" or lack) and not _listed(reading, at)  # "without pain, warmth or stiffness"
        if ends or (not scope.seen and (goes_on or at - scope.at > REACH)):
            del reading.scopes["denied"]
    scope = reading.scopes.get("uncertain")
    if scope and (
        scope.kind == "query"
        or (scope.kind == "uncertain" and at > scope.last and _of_company(reading, at + 1))
        or (_resumes(reading, at + 1) and not (scope.kind in _LISTS and _one_more(reading, at + 1)))
        or (scope.kind == "uncertain" and scope.seen and not _listed(reading, at))
    ):
        del reading.scopes["uncertain"]
    scope = reading.scopes.get("supposed")
    one_more = scope is not None and scope.kind in _LISTS and _one_more(reading, at + 1)
    if scope and scope.kind != "whole" and scope.seen and _resumes(reading, at + 1) and not one_more:
        del reading.scopes["supposed"]


def _of_company(reading: Reading, at: int) -> bool:
    """Whether what a comma sets off begins there: "most probably X-linked, in a woman with proteinuria"."""
    return any(reading.near(at, text) for text in ("in", "with", "who", "which", "whose"))


_LACKS = ("absence", "lack", "lacks", "lacking", "complete", "total")
"""First words of cues that deny one thing: "absence of ganglion cells, constipation"."""
_LISTS = ("uncertain list", "hypothetical", "test", "panel")
"""Kinds of cues that a list of findings follows."""
_ARTICLES = ("a", "an", "any", "some", "or", "and", "also")
_NOUNS_APART = 4


def _one_more(reading: Reading, at: int) -> bool:
    """Whether an article with a finding begins one more member of a list, and no clause with a verb of its own."""
    words = reading.words
    while at < len(words) and words[at].text in ("and", "or", "also"):
        at += 1
    if at >= len(words) or words[at].text not in _ARTICLES:
        return False
    for step in range(at + 1, min(at + _NOUNS_APART, len(words))):
        if words[step].text == FINDING:
            behind = words[step + 1].text if step + 1 < len(words) else "."
            return behind not in FINITE
        if not words[step].text.isalpha() or words[step].text in FINITE or step in reading.cues:
            return False
    return False


def _there(head: str) -> bool:
    """Whether a finding begins so that it is there: "no jaundice, few naevi", "no rash, spleen 3 cm"."""
    return head in FEW or head in GRADED or head == "0"


def _shaped(reading: Reading, at: int) -> bool:
    """Whether what is left of a sentence tells only of shapes and places: "no ptosis, long lashes"."""
    rest = [word for word in reading.words[at:] if word.text == FINDING]
    return all(word.head in SHAPES for word in rest)


def _contrasted(reading: Reading, scope: Scope, at: int) -> bool:
    """Whether a denial only sets off what it denies against a finding alike: "high palate but no cleft palate, ..."."""
    before, words = scope.at - 2, reading.words
    if before < 0 or words[before + 1].text not in ("but", "though") or words[before].text != FINDING:
        return False
    return words[at - 1].text == FINDING and words[at - 1].tail == words[before].tail


def _each_denied(reading: Reading, at: int) -> bool:
    """Whether each of two and more items before a comma has a "no" of its own, so that one without is not denied."""
    items: dict[int, bool] = {}
    for one, verdict in reading.verdicts.items():
        before = [word.text for word in reading.words[max(0, one - 3) : one]]
        own = "no" in before and "," not in before[before.index("no") :]
        items[verdict.item] = own and items.get(verdict.item, True) and verdict.denied
    recent = [own for item, own in items.items() if item >= reading.item - 2]
    if len(recent) > 1:
        return all(recent)
    parts: list[set[str]] = [set()]
    for word in reading.words[
        :at
    ]:  # "no tear, no detachment, lattice": items of words that are no findings count as well
        if word.text in ",;:.":
            parts.append(set())
        parts[-1].add(word.text)
    return len(parts) > 1 and all("no" in part for part in parts[-2:])


def label(reading: Reading, at: int) -> None:
    """A dash behind the name of a part that is not the finding before: "no rash, fundi - flecks"."""
    scope, words = reading.scopes.get("denied"), reading.words
    if scope is None or scope.kind == "whole" or at + 1 >= len(words) or not at:
        return
    if words[at].start == words[at - 1].end or words[at + 1].start == words[at].end:
        return
    if scope.kind == "narrow":  # "can't rise from the floor - Gowers' sign"
        del reading.scopes["denied"]
        return
    if not scope.seen:
        return
    back = at - 1
    while back >= 0 and at - back <= _LABEL and words[back].text.isalpha():
        back -= 1
    if back < at - 1 and back >= 0 and words[back].text == ",":
        del reading.scopes["denied"]


def conjunction(reading: Reading, at: int) -> None:
    """An "and" ends what is said anew behind it."""
    for name in ("denied", "uncertain", "supposed"):
        scope = reading.scopes.get(name)
        if scope is None or scope.kind == "whole":
            continue
        if name == "uncertain" and scope.seen and _measured(reading, at + 1):
            del reading.scopes[name]  # "suspected cyst and nuchal fold 7 mm"
            continue
        if scope.kind in _LISTS and _one_more(reading, at + 1):
            continue  # "to exclude epilepsy and a brain tumour"
        if name == "denied" and scope.seen and _own_clause(reading, at):
            del reading.scopes[name]  # "no rigidity, and alternating movements were slow"
            continue
        # "never walked and wrings her hands": another doing was denied, and no finding with it
        narrow = scope.kind in ("narrow", "rather than") and not (scope.seen and reading.near(at + 1, FINDING))
        if narrow or _resumes(reading, at + 1):
            del reading.scopes[name]


def _own_clause(reading: Reading, at: int) -> bool:
    """Whether a comma and an "and" begin a finding that says itself how it is."""
    words = reading.words
    if not reading.near(at - 1, ",") or not reading.near(at + 1, FINDING):
        return False
    return words[at + 1].tail in STATED and words[at + 1].tail != words[at + 1].head


def _measured(reading: Reading, at: int) -> bool:
    """Whether a finding with its size stands there, which somebody saw."""
    words = reading.words
    return at + 1 < len(words) and words[at].text == FINDING and words[at + 1].text[0].isdigit()


def _resumes(reading: Reading, at: int) -> bool:
    """Whether what follows a comma or an "and" is said anew: a verb, a person, an article, a degree."""
    words = reading.words
    while at < len(words) and words[at].text in ("and", "also", "but", "now"):
        at += 1
    if at >= len(words):
        return False
    text = words[at].text
    cue = reading.cues.get(at)
    if cue and cue.kinds & {"patient", "end", "pseudo"} and "after absent" not in cue.kinds:
        return True
    if cue and cue.kinds & {"no", "not", "without"}:
        return False
    if text in ("a", "an") and _listed(reading, at):  # "never had a stroke, a fit or an abscess"
        return False
    return (
        text in RESUMES
        or text in FINITE
        or _told(reading, at)
        or (text in GRADED and not _listed(reading, at, "or nor"))
    )


def _told(reading: Reading, at: int) -> bool:
    """Whether somebody begins to tell, with no finding before the verb: "her rings do not fit, her dentist says"."""
    for step in range(at, min(at + _NOUNS_APART, len(reading.words))):
        cue = reading.cues.get(step)
        if cue and cue.kinds == {"reports"}:
            return step > at
        if (cue and cue.kinds & {"no", "not", "without"}) or not reading.words[step].text.isalpha():
            return False  # a finding is no word of letters, either
    return False


def _listed(reading: Reading, at: int, joins: str = "or nor") -> bool:
    """Whether the list that goes on here ends in "or", which makes it one list under one cue."""
    words = reading.words
    for step in range(at + 1, len(words)):
        text = words[step].text
        if text in joins.split() or text == "/":
            return True
        cue = reading.cues.get(step)
        if text in FINITE or text in ("with", ";", "(") or (cue and cue.kinds & {"no", "not", "without", "end"}):
            return False
    return False


def finite(reading: Reading, at: int) -> None:
    """A verb ends what a cue before its subject began: "no cause was found for the ataxia"."""
    for name in ("denied", "uncertain"):
        scope = reading.scopes.get(name)
        if scope and (
            scope.seen
            or (reading.words[at].text != "have" and scope.kind != "narrow" and at > scope.at + 1 and name == "denied")
        ):
            if name == "uncertain" and scope.kind != "uncertain":
                continue
            del reading.scopes[name]


def close_seen(reading: Reading, *names: str) -> None:
    """Close scopes that a finding stood in."""
    for name in names:
        scope = reading.scopes.get(name)
        if scope and scope.seen and scope.kind != "whole":
            del reading.scopes[name]


def anew(reading: Reading, at: int) -> None:
    """An article behind a noun begins the subject: "without his walker the tremor" denies no tremor."""
    scope = reading.scopes.get("denied")
    if scope and not scope.seen and scope.kind == "without" and _passed_noun(reading, scope, at):
        del reading.scopes["denied"]


def beside(reading: Reading, at: int) -> None:
    """A "with" behind a denied noun that is no finding: "no swelling with redness" leaves the redness open."""
    scope = reading.scopes.get("denied")
    if scope and not scope.seen and scope.kind in ("no", "without") and reading.words[at - 1].text in _VISIBLE:
        del reading.scopes["denied"]
        reading.scopes["uncertain"] = Scope("uncertain", at, at + 1, reading.item)


_VISIBLE = ("swelling", "swellings", "lump", "lumps", "lesion", "lesions", "mark", "marks", "spot", "spots")
"""Signs that are no finding by themselves, with which one may come."""


def _passed_noun(reading: Reading, scope: Scope, at: int) -> bool:
    """Whether a noun stands between a denial and a place."""
    passed = [word.text for word in reading.words[scope.last : at]]
    return bool(passed) and passed[-1].isalpha() and passed[-1] not in PASSES and passed[-1] not in _BEFORE_NOUNS


_BEFORE_NOUNS = frozenset(("of", "or", "and", "nor", "in", "for", "on", "at", "to", "with", "from", "by", "any", "all"))


def limit(reading: Reading, at: int) -> None:
    """A preposition behind another noun ends a denial: "no treatment for seizures" denies no seizures."""
    scope = reading.scopes.get("denied")
    if scope and not scope.seen and scope.kind in ("no", "without"):
        passed = [word.text for word in reading.words[scope.last : at]]
        if passed and passed[-1].isalpha() and passed[-1] not in PASSES:
            del reading.scopes["denied"]
    scope = reading.scopes.get("uncertain")
    if scope and scope.seen and scope.kind == "uncertain":
        del reading.scopes["uncertain"]


def _passed(reading: Reading, cue: Cue) -> bool:
    """Whether a denial goes through a cue that would end it: "no previous history of", "not have any history of"."""
    scope = reading.scopes.get("denied")
    named = [word.text for word in reading.words[cue.first : cue.end]]
    if scope is None or scope.seen or named not in PASSING or cue.first - scope.last > PASSED:
        return False
    between = [word.text for word in reading.words[scope.last : cue.first]]
    return all(text.isalpha() and text not in ("and", "but", "with") for text in between)


PASSING = (["history", "of"], ["diagnosis", "of"])
PASSED = 4
"""Words between a denial and what it goes through."""


def end_scopes(reading: Reading, cue: Cue) -> None:
    """A cue that ends others."""
    if _passed(reading, cue):
        return
    reading.scopes.pop("denied", None)
    reading.scopes.pop("uncertain", None)
    scope = reading.scopes.get("supposed")
    if (
        scope
        and scope.kind != "whole"
        and (scope.seen or (scope.kind == "test" and reading.words[cue.first].text in _REASONS))
    ):
        del reading.scopes["supposed"]
    reading.subject.end(cue, reading.words)


_REASONS = ("because", "given", "due", "owing")
"""Words behind which stands why somebody was tested, and not for what."""
