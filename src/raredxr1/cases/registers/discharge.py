"""Discharge summary: what happened in a stay in hospital, in the past tense, under headings."""

from collections.abc import Callable

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.note_writer import Teller
from raredxr1.cases.registers.phrasing import capital
from raredxr1.data import wordings

_WORDS = wordings("discharge")


def write(t: Teller) -> None:
    """Write the note."""
    title = t.fill(t.rng.choice(_WORDS["titles"]))
    t.draft.add(title + "\n" if title else "")
    style = t.rng.choice(("{}: ", "{}\n", "{}\n", "{}:\n", "{} - "))
    upper = t.rng.random() < 0.25

    def head(names: tuple[str, ...]) -> str:
        name = t.rng.choice(names)
        gap = "\n" if t.draft.length and not t.draft.parts[-1].endswith("\n") else ""
        return gap + style.replace("{}", name.upper() if upper else name)

    history, examined = t.taken("history"), t.taken("examination")
    first = history[: t.rng.randint(1, 3)] or examined[:1]
    history = [term for term in history if term not in first]
    examined = [term for term in examined if term not in first]
    t.section(head(_WORDS["reason"]), lambda: _reason(t, first))

    def told_history() -> None:
        t.findings(history, _WORDS["verbs"] if t.person.is_child else _WORDS["adult_verbs"])
        t.historical()
        if t.person.years is not None and t.person.years < 18:
            t.tell(t.tools.background.pregnancy, 2)
        t.findings(t.taken("birth"), _WORDS["birth"])
        t.tell(t.tools.background.past, 2)
        t.tell(t.social, 1)

    def told_examination() -> None:
        t.findings(examined, _WORDS["signs"])
        t.tell(t.tools.background.normal, 2)
        if t.rng.random() < 0.7:
            deny(t)

    def told_tests() -> None:
        names = t.present_tests()
        if t.rng.random() < 0.4:
            for name in names:
                t.draft.add(t.rng.choice(wordings("tests, headings")[name]) + ": ")
                t.findings(t.taken(name), ("", "", wordings("tests")[name][0]))
                t.draft.add("\n")
        else:
            t.tell_tests(names)
        t.tell(t.tools.background.results, 2)

    sections: list[tuple[tuple[str, ...], Callable[[], None]]] = [
        (_WORDS["history"], told_history),
        (_WORDS["exam"], told_examination),
        (_WORDS["tests_head"], told_tests),
        (_WORDS["family"], t.family),
    ]
    if t.rng.random() < 0.35:
        t.rng.shuffle(sections)
    for names, section in sections:
        t.section(head(names), section)
    t.findings(t.rest(), _WORDS["adult_verbs"])
    t.section(head(_WORDS["negatives"]), lambda: deny(t))
    t.section(head(_WORDS["course"]), lambda: _stay(t))
    if t.chance(0.35):
        t.section(head(_WORDS["plan"]), lambda: _plan(t))


def _reason(t: Teller, first: list[int]) -> None:
    nouns = t.nouns(first)
    who = t.who()
    if nouns:
        before, _, after = t.rng.choice(_WORDS["admitted"]).partition("{who}")
        t.draft.add(capital(t.fill(before) + who) + t.fill(after))
        t.list_nouns(nouns)
    else:
        t.draft.add(capital(who) + t.fill(" was admitted for [investigation|assessment|work-up]"))
    t.draft.add(t.onset(", [symptomatic|unwell] since @", " since @", ", with onset at @") + ". ")
    told = {term for term, _ in nouns}
    t.findings([term for term in first if term not in told], _WORDS["verbs"])


def _stay(t: Teller) -> None:
    t.tell_doubt()
    if t.chance(0.4):
        for text in t.rng.sample(_WORDS["stay"], t.rng.randint(1, 2)):
            t.sentence(text)


def _plan(t: Teller) -> None:
    for text in t.rng.sample(_WORDS["plans"], t.rng.randint(1, 2)):
        t.sentence(text)
