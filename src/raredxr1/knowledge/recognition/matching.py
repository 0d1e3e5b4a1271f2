"""Finds names of findings in a stretch of words: in a row, in other order, with words between, and shared in a list.

"The palate was cleft" is Cleft palate, for linking words and words of grade may stand inside a name; "short hands and
feet" is Short foot too, for the members of a list share what stands before the first or behind the last of them.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from raredxr1.knowledge.recognition.dictionary import Dictionary, Found, Known
from raredxr1.knowledge.recognition.filing import NOTHING
from raredxr1.knowledge.recognition.stacked import stacked
from raredxr1.knowledge.recognition.tokens import Word
from raredxr1.knowledge.recognition.words import LONGEST, kind

REACH = 14
"""Words, of any kind, that a name may reach over."""
_SIZES = frozenset(f"<{size}>" for size in "large small short long broad narrow thick thin abnormal".split())  # noqa: SIM905
"""Adjectives that belong to what stands behind them, if anything does."""
_ADJECTIVAL = ("ic", "al", "ar", "ary", "ous", "oid")
_SAID_OF = 4
"""Words of what is said of an organ."""
_LEVELS = frozenset(("level", "levels", "concentration", "concentrations", "activity", "titer", "titre"))
"""Words that an "of" may stand behind within what the members of a list share: "raised level of urea, creatinine"."""
_REPORTING = frozenset("showed shows revealed reveals demonstrated demonstrates disclosed".split())  # noqa: SIM905
"""Behind one of these stands what was seen there: "the abdomen revealed a distended gallbladder"."""
_NEGATIVE = frozenset(("no", "not", "without", "never"))
_PARTING = frozenset(("join", "comma", "label", "column"))
"""Marks between the members of a list."""
LIST = 8
"""Members of a list that are looked at on either side."""


@dataclass(frozen=True, slots=True)
class Place:
    """A name found: words `first` to `last` of a stretch, what they name, and how many words of content they are."""

    first: int
    last: int
    found: Found
    length: int


def places(words: Sequence[Word], names: Dictionary) -> list[Place]:
    """Names in one stretch, in order, that do not overlap; what is no finding is left out."""
    if not words:
        return []
    kept = _longest(_candidates(words, names))
    marks = [word.mark for word in words]
    label = marks.index("label") if "label" in marks else 0
    if label:
        labelled = _labelled(words, names, label)
        inside = {at for place in labelled for at in range(place.first, place.last + 1)}
        kept = [place for place in kept if inside.isdisjoint(range(place.first, place.last + 1))] + labelled
    kept += _of_stacked(words, names, kept)
    if not _PARTING.isdisjoint(marks):
        kept += _shared(words, names, kept, label + 1 if label else 0)
    return sorted((place for place in kept if place.found.term != NOTHING), key=lambda place: place.first)


def _of_stacked(words: Sequence[Word], names: Dictionary, kept: Sequence[Place]) -> list[Place]:
    """Names that an adjective before another makes with the same noun: "low set" of "low set cupped ears"."""
    taken = {i for place in kept for i in range(place.first, place.last + 1)}
    found = []
    for place in kept:
        own = stacked(words, place.first, taken.__contains__) if _in_a_row(words, place) else []
        if own and (other := _joined(words, names, [*own, place.last], own)) and other.found.term != place.found.term:
            found.append(other)
    return found


def _in_a_row(words: Sequence[Word], place: Place) -> bool:
    """Whether a name of several words stands without others between them: not "masses in the ventricle"."""
    own = words[place.first : place.last + 1]
    return len(own) > 1 and all(right.start - left.end <= 1 for left, right in pairwise(own))


def nothings(words: Sequence[Word], names: Dictionary) -> list[Place]:
    """Words in one stretch that are known to be no finding, though they hold one: "low calcium formula"."""
    return [place for place in _longest(_candidates(words, names)) if place.found.term == NOTHING]


def _candidates(words: Sequence[Word], names: Dictionary) -> Iterator[Place]:
    for first, word in enumerate(words):
        form = word.form
        if form is None or (first and words[first - 1].said == "non" and word.start - words[first - 1].end == 1):
            continue
        if (found := form.found) and not _mistaken(words, first, found) and not _tied(words, first):
            yield Place(first, first, found, 1)
        beside = form.beside
        if beside is None or first + 1 == len(words):
            continue
        following = words[first + 1].form
        if following is not None and following.group not in beside and not following.passed:
            continue
        # all words, those without words of grade, and those without modifiers either; empty: not to be looked up
        said, graded, bare = [form], [form], [form]
        joined, commas, lines = 0, False, False
        for last in range(first + 1, min(first + REACH, len(words))):
            other = words[last]
            behind = other.form
            if behind is None:
                mark = other.mark
                if mark == "label" or mark == "column":
                    break
                if mark == "join":
                    joined = max(joined, 2 if other.said == "without" else 1)
                commas |= mark == "comma"
                lines |= mark == "line"
                continue
            skipped, is_grade = behind.passed, behind.grade
            if behind.group not in beside:  # in no name with the first word
                if skipped:
                    said, graded = [], graded if is_grade else []
                    continue
                break
            said = [*said, behind] if said else said
            graded = [*graded, behind] if graded and not is_grade else graded
            bare = [*bare, behind] if not skipped else bare
            if len(bare) > LONGEST:
                break
            for forms in _several(said, graded if not is_grade else [], bare if not skipped else []):
                found = names.several(forms, joined, partial(_near, words, first, last))
                if (
                    found
                    and _stands(found, len(forms), joined > 0 or lines, commas)
                    and not _cut_short(words, first, last, found)
                ):
                    yield Place(first, last, found, len(forms))


def _near(words: Sequence[Word], first: int, last: int) -> frozenset[str]:
    """The words from one before the first to two behind the last."""
    return frozenset(word.said for word in words[max(0, first - 1) : last + 3])


def _several(*ways: list[Known]) -> Iterator[list[Known]]:
    """Those of two words and more, each length once: the same words are of one length."""
    lengths: set[int] = set()
    for forms in ways:
        if len(forms) > 1 and len(forms) not in lengths:
            lengths.add(len(forms))
            yield forms


def _tied(words: Sequence[Word], at: int) -> bool:
    """Whether one word is tied by a hyphen to another that is no finding: "hypo-autofluorescence", "seizure-free"."""
    behind = words[at + 1] if at + 1 < len(words) else None
    if words[at].mark != "hyphen" or behind is None or behind.form is None:
        return False
    return behind.form.found is None


def _mistaken(words: Sequence[Word], at: int, found: Found) -> bool:
    """Whether one word that is a name is something else here: a person, or a word of what stands behind it."""
    word = words[at]
    before, behind = (words[at - 1] if at else None), (words[at + 1] if at + 1 < len(words) else None)
    at_head = before is None and word.said in kind("complaint")  # "Cough. Falls, most weeks."
    if word.capital and word.said in kind("person") and not at_head and _person(before, behind):
        return True
    if word.capital and at > 1 and word.said in kind("person") and words[at - 2].said in kind("called"):
        return True  # "this girl, Amelia"
    if word.capital and word.said.endswith(("'s", "’s")) and word.said[:-2] in kind("person"):
        return True  # "Amelia's brother"
    if word.capital and before is not None and before.said in kind("title") and before.capital:
        return True
    if behind is not None and behind.said == "like" and behind.start - word.end == 1:
        return True
    adjective = found.rule == "adjective" or word.said in kind("adjective")
    return (
        adjective
        and behind is not None
        and behind.form is not None
        and behind.start - word.end == 1
        and behind.said not in kind("patient")
        and behind.said not in kind("grade")
        and behind.said not in kind("conjunction")
        and word.said not in kind("telling")
    )


def _person(before: Word | None, behind: Word | None) -> bool:
    """Whether a word with a capital is a name of somebody: at the head of a sentence or inside one, not in a list."""
    if before is not None and (before.form is None or before.capital):
        return before.mark not in ("comma", "join") or (behind is not None and behind.mark == "linking")
    return True


def _stands(found: Found, length: int, parted: bool, commas: bool) -> bool:
    """Whether words that are parted may be one name.

    Over a comma go names that have one ("Intellectual disability, severe") in any order, and adjectives ("long, thin
    fingers"); over "and" and the end of a short line words keep the order of the name.
    """
    if commas and not found.comma and not (found.ordered and length > 2):
        return False
    return found.ordered or not parted


def _cut_short(words: Sequence[Word], first: int, last: int, found: Found) -> bool:
    """Whether a loose match ends inside a longer phrase: "abnormal skull shape", "the abdomen showed a large mass"."""
    behind = words[last + 1] if last + 1 < len(words) else None
    if behind is None or behind.form is None:
        return False
    if found.rule in ("name", "wording") and words[first].said == "no":
        return behind.start - words[last].end == 1  # "no nail dystrophy" is not "no nail"
    form = words[last].form
    reversed_size = not found.ordered and form is not None and form.group in _SIZES
    reported = any(word.said in _REPORTING for word in words[first + 1 : last])
    if found.rule not in ("class", "ending") and not reversed_size and not reported:
        return False
    whole = behind.said in kind("grade") or behind.said in kind("conjunction")
    return behind.start - words[last].end == 1 and not whole


def _longest(found: Iterator[Place]) -> list[Place]:
    """Keep the longest of what overlaps, the stricter of equals, then the first."""
    places = list(found)
    if len(places) < 2:
        return places
    strict = {"name": 0, "wording": 0, "word order": 1, "ending": 2, "adjective": 2, "class": 3}
    kept: list[Place] = []
    taken: set[int] = set()
    for place in sorted(places, key=lambda p: (-p.length, strict[p.found.rule], p.first)):
        inside = range(place.first, place.last + 1)
        if taken.isdisjoint(inside):
            kept.append(place)
            taken.update(inside)
    return kept


def _shared(words: Sequence[Word], names: Dictionary, kept: Sequence[Place], start: int) -> list[Place]:
    """Names whose words are shared by the members of a list, from a word on: an organ before a colon is none of it."""
    taken = {i for place in kept for i in range(place.first, place.last + 1)}
    whole = {(place.first, place.last) for place in kept}
    members = _members(words, start)
    of_several = [len(member) > 1 for member in members]
    found: list[Place] = []
    for number, member in enumerate(members):
        if not member or not taken.isdisjoint(member):
            continue
        place = None
        before, behind = slice(max(0, number - LIST), number), slice(number + 1, number + 1 + LIST)
        if True in of_several[before]:
            place = _from_before(words, names, members[before], member)
        if place is None and True in of_several[behind]:
            place = _from_behind(words, names, members[behind], member, whole)
        if place and taken.isdisjoint(range(place.first, place.last + 1)):
            found.append(place)
            taken.update(range(place.first, place.last + 1))
    return found


def _members(words: Sequence[Word], start: int) -> list[list[int]]:
    """Numbers of the words of content between commas and joining words, from a word on."""
    members: list[list[int]] = [[]]
    for i in range(start, len(words)):
        word = words[i]
        if word.mark in _PARTING:
            if word.said in ("with", "without"):
                members.append([])
            members.append([])
        elif word.form is not None:
            members[-1].append(i)
    return members


def _from_before(
    words: Sequence[Word], names: Dictionary, before: Sequence[list[int]], member: Sequence[int]
) -> Place | None:
    """What an earlier member of the list begins with completes a name: "feet" of "short hands and feet"."""
    if not before[-1]:
        return None
    owned = [member[:length] for length in (3, 2, 1) if length <= len(member) and _last(words, member, length - 1)]
    owned = [own for own in owned if _of_names(words, own)]
    for other in reversed(before) if owned else ():
        if not other:
            return None
        for own in owned:
            for skip in range(max(0, len(other) - 5), len(other) - 1):
                if _beside(words, own[0], other[skip]) and _first(words, other, skip):
                    for cut in range(1, min(3, len(other) - 1 - skip) + 1):
                        rest = other[skip + cut :]
                        if not _touching(words, rest[words[rest[0]].said in _LEVELS :]):
                            continue
                        if place := _joined(words, names, [*other[skip : skip + cut], *own], own, _ADJECTIVAL):
                            return place
        if not _touching(words, other):
            return None  # the list begins anew: "puffy fingers, now tightening of hands and face"
    return None


def _from_behind(
    words: Sequence[Word],
    names: Dictionary,
    behind: Sequence[list[int]],
    member: Sequence[int],
    whole: Set[tuple[int, int]],
) -> Place | None:
    """What a later member of the list ends with completes a name: "large" of "large, low-set ears"."""
    owned = [member[-length:] for length in (3, 2, 1) if length <= len(member) and _first(words, member, -length)]
    owned = [own for own in owned if _of_names(words, own)]
    for number, other in enumerate(behind if owned else ()):
        if other and words[other[0]].said in _NEGATIVE:
            return None  # "kidneys 10 cm, bright, no cysts"
        if not other:
            if number:
                return None
            continue
        for own in owned:
            for skip in range(1, min(4, len(other))):
                if not _beside(words, own[0], other[skip]):
                    continue
                for cut in range(1, min(3, len(other) - skip) + 1):
                    chosen = [*own, *other[skip : skip + cut]]
                    if not _touching(words, other[: skip + cut]):
                        break
                    if (chosen[-cut], chosen[-1]) in whole:
                        continue  # a finding by itself: "above the brow, causing mechanical ptosis"
                    if _last(words, other, skip + cut - 1) and (place := _joined(words, names, chosen, own)):
                        return place
    return None


def _of_names(words: Sequence[Word], chosen: Sequence[int]) -> bool:
    """Whether names of several words have all of some words."""
    return all((form := words[i].form) is not None and form.beside is not None for i in chosen)


def _beside(words: Sequence[Word], one: int, other: int) -> bool:
    """Whether two words are in one name."""
    form, first = words[other].form, words[one].form
    return form is not None and first is not None and first.beside is not None and form.group in first.beside


def _labelled(words: Sequence[Word], names: Dictionary, label: int) -> list[Place]:
    """Names whose organ stands before a colon: "Ears: large, low set", "Gait: ataxic"."""
    organ = list(range(label))
    found: list[Place] = []
    for member in _members(words, label + 1):
        chosen = member[:_SAID_OF]
        if chosen and words[chosen[0]].said in kind("grade"):
            chosen = chosen[1:]
        for length in range(len(chosen), 0, -1):
            own = chosen[:length]
            if not _last(words, own, length - 1):
                continue
            place = _joined(words, names, [*own, *organ], own) or _joined(words, names, [*organ, *own], own)
            if place:
                found.append(place)
                break
    return found


def _touching(words: Sequence[Word], member: Sequence[int]) -> bool:
    """Whether words stand side by side: "complained of night pain" is no phrase that a list could share."""
    return all(words[j].start - words[i].end <= 1 for i, j in pairwise(member))


def _first(words: Sequence[Word], member: Sequence[int], at: int) -> bool:
    """Whether a phrase begins at a word of a member: nothing but a word of grade stands right before it."""
    i = member[at]
    before = words[i - 1] if i else None
    return before is None or before.form is None or before.said in kind("grade") or words[i].start - before.end > 1


def _last(words: Sequence[Word], member: Sequence[int], at: int) -> bool:
    """Whether a phrase ends at a word of a member: no word of content stands right behind it."""
    i = member[at]
    behind = words[i + 1] if i + 1 < len(words) else None
    return behind is None or behind.form is None or behind.start - words[i].end > 1


def _joined(
    words: Sequence[Word], names: Dictionary, chosen: Sequence[int], own: Sequence[int], endings: tuple[str, ...] = ()
) -> Place | None:
    """What chosen words name; `endings`: a word with one is no noun, and ends only what is named so in full."""
    forms = [form for i in chosen if (form := words[i].form) is not None and form.beside is not None]
    if len(forms) != len(chosen):
        return None
    found = names.several(forms, 0)
    if found is None or found.term == NOTHING or not found.ordered or words[chosen[0]].said in _NEGATIVE:
        return None
    if endings and found.rule != "name" and words[own[-1]].said.endswith(endings):
        return None  # "large units in thoracic muscles": the adjective of what stands further on
    return Place(own[0], own[-1], Found(found.term, "list", True), len(own))
