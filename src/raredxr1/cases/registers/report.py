"""Case report: as published, in the past tense, in long sentences, from the presentation to the investigations."""

from collections.abc import Callable, Sequence

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.note_writer import Teller
from raredxr1.cases.registers.phrasing import capital
from raredxr1.data import wordings

_WORDS = wordings("report")


def write(t: Teller) -> None:
    """Write the note."""
    history, examined = t.taken("history"), t.taken("examination")
    pool = history or examined or t.rest()
    first = pool[: t.rng.randint(1, 4)]
    del pool[: len(first)]
    leftover = [] if pool is history or pool is examined else pool
    _opening(t, first)
    birth = t.taken("birth")
    early: list[Callable[[], object]] = [
        lambda: _pregnancy(t, birth),
        lambda: t.findings([*history, *leftover], _WORDS["history"]),
        t.historical,
        t.family,
        lambda: t.tell(t.social, 1),
        lambda: t.tell(t.tools.background.past, 1),
    ]
    t.in_any_order(early, 0.4)
    t.draft.add(t.rng.choice(("", "", "\n", "\n\n")))
    late: list[Callable[[], object]] = [
        lambda: t.findings(examined, _WORDS["exam"]),
        lambda: deny(t),
        lambda: t.tell(t.tools.background.normal, 2),
        lambda: t.tell_tests(),
        lambda: t.tell(t.tools.background.results, 2),
    ]
    t.in_any_order(late, 0.25)
    t.findings(t.rest(), _WORDS["history"])
    t.tell_doubt()
    if t.chance(0.4):
        t.sentence(t.rng.choice(_WORDS["ends"]), ".")


def _opening(t: Teller, first: list[int]) -> None:
    nouns = t.nouns(first)
    who = _ethnic(t, t.who())
    if (t.person.years or 0) > 2 and not t.past_findings:
        who += t.fill(t.rng.choice(("", "", "", ", [previously healthy|otherwise well],")))
    if t.rng.random() < 0.12:
        who += t.fill(", the [first|second|third|only] child [in the family|of the family|of {his} parents],")
    openings: Sequence[str] = (
        (*_WORDS["openings"], *_WORDS["child_openings"]) if t.person.is_child else _WORDS["openings"]
    )
    is_timed = (t.person.years or 0) > 2 and t.rng.random() < 0.25
    if is_timed:
        openings = _WORDS["history_of"]
    before, _, after = t.rng.choice(openings).partition("{who}")
    if nouns:
        t.draft.add(capital(t.fill(before) + who) + t.fill(after))
        t.list_nouns(nouns, prose=not is_timed)
    else:
        t.draft.add(capital(who.rstrip(",")) + t.fill(" was [referred to our clinic|seen in our department|evaluated]"))
    if not is_timed:
        t.draft.add(t.onset(" since @", ", which had begun at @", ", with onset at @", " [starting|beginning] at @"))
    t.draft.add(". ")
    told = {term for term, _ in nouns}
    t.findings([term for term in first if term not in told], _WORDS["history"])


def _ethnic(t: Teller, who: str) -> str:
    """At times "a 7-year-old Turkish girl"."""
    noun = t.person.noun
    if t.rng.random() >= 0.2 or not who.endswith(noun):
        return who
    ethnic = t.rng.choice(_WORDS["ethnic"])
    before = who[: -len(noun)]
    if before in ("a ", "an "):
        before = "an " if ethnic[0] in "EI" else "a "
    return f"{before}{ethnic} {noun}"


def _pregnancy(t: Teller, birth: list[int]) -> None:
    if t.person.years is not None and t.person.years < 18:
        t.tell(t.tools.background.pregnancy, 3)
    t.findings(birth, _WORDS["birth"])
