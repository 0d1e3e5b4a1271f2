"""Genetics summary: who the patient is and what they have, in a few long sentences, as sent with a sample."""

from collections.abc import Callable

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.note_writer import Teller
from raredxr1.cases.registers.phrasing import capital
from raredxr1.data import wordings

_WORDS = wordings("summary")


def write(t: Teller) -> None:
    """Write the note."""
    first = [*t.taken("history"), *t.taken("examination")]
    if t.rng.random() < 0.7:
        t.rng.shuffle(first)
    cut = t.rng.randint(2, 9)
    first, more = first[:cut], first[cut:]
    if not first:
        first = t.rest()
    nouns = t.nouns(first)
    opening = t.rng.choice(("", "", "", "This is ", "Proband: ", "Index: "))
    who = t.who()
    t.draft.add(opening + (who if opening == "This is " else capital(who)))
    t.draft.add(t.onset(" [with onset|symptomatic] since @,", ", onset at @,"))
    if nouns:
        t.draft.add(t.fill(t.rng.choice(_WORDS["has"])))
        t.list_nouns(nouns, prose=t.rng.random() < 0.3)
    t.draft.add(". ")
    told = {term for term, _ in nouns}
    history = [
        term
        for term in (*[term for term in first if term not in told], *more)
        if t.tools.sorter.part(term) == "history"
    ]
    seen = [term for term in (*first, *more) if term not in told and term not in history]
    steps: list[Callable[[], object]] = [
        lambda: t.findings(history, _WORDS["more"]),
        lambda: t.findings(seen, _WORDS["exam"]),
        t.historical,
        lambda: t.findings(t.taken("birth"), _WORDS["birth"]),
        lambda: t.tell_tests(),
        lambda: deny(t),
        lambda: _family(t),
        lambda: t.tell(t.tools.background.pregnancy, 1) if t.person.is_child else None,
    ]
    t.in_any_order(steps, 0.6)
    t.findings(t.rest(), _WORDS["more"])
    t.tell_doubt()


def _family(t: Teller) -> None:
    if t.patient.family:
        t.draft.tells.add("family")
        t.sentence(t.rng.choice(wordings("family, summary")[t.patient.family]))
