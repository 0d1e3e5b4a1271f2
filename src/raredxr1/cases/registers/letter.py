"""Referral letter: one doctor asks another, in the present tense, in paragraphs, with a question at the end."""

from collections.abc import Callable

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.note_writer import Teller
from raredxr1.cases.registers.phrasing import capital
from raredxr1.data import wordings

_WORDS = wordings("letter")


def write(t: Teller) -> None:
    """Write the note."""
    greeting = t.fill(t.rng.choice(_WORDS["greetings"]))
    t.draft.add(greeting + (t.rng.choice(("\n\n", "\n")) if greeting else ""))
    history = t.taken("history")
    lead = history[: t.rng.randint(0, min(4, len(history)))] or t.parts.get("examination", [])[:1]
    t.draft.add(
        capital(t.fill(t.rng.choice(_WORDS["asks"])))
        + ("this " + t.who().partition(" ")[2] if t.rng.random() < 0.3 else t.who())
    )
    listed = t.nouns(lead)
    told = {term for term, _ in listed}
    if listed:
        t.draft.add(t.fill(t.rng.choice(_WORDS["reasons"])))
        t.list_nouns(listed)
    t.draft.add(t.onset(" since @", ", [symptomatic|unwell] since @", ", first noticed at @") + ". ")
    t.parts["examination"] = [term for term in t.parts.get("examination", []) if term not in told]
    history = [term for term in history if term not in told]
    gap = t.rng.choice((" ", "\n\n", "\n"))[1:]
    leads = _WORDS["adult_history"] if t.person.years is None or t.person.years >= 16 else _WORDS["history"]
    steps: list[Callable[[], object]] = [lambda: t.findings(history, leads), t.historical, lambda: _birth(t)]
    t.in_any_order(steps, 0.3)
    t.draft.add(gap)
    later: list[Callable[[], object]] = [
        lambda: t.findings(t.taken("examination"), _WORDS["exam"]),
        lambda: deny(t),
        t.family,
        lambda: t.tell_tests(),
        lambda: t.tell(t.tools.background.past, 2),
        lambda: t.tell(t.social, 1),
        lambda: t.tell(t.tools.background.results, 1),
        lambda: t.tell(t.tools.background.normal, 1),
    ]
    if t.rng.random() < 0.5:
        t.rng.shuffle(later)
    for step in later:
        step()
        if t.rng.random() < 0.12:
            t.draft.add(gap)
    t.findings(t.rest(), leads)
    t.tell_doubt()
    if t.chance(0.6):
        t.draft.add(capital(t.fill(t.rng.choice(_WORDS["close"]))))
    sign = t.rng.choice(_WORDS["signs"])
    t.draft.add(t.rng.choice(("\n\n", "\n")) + sign if sign and t.chance(0.7) else "")


def _birth(t: Teller) -> None:
    found = t.taken("birth")
    if t.person.years is not None and t.person.years < 18:
        t.tell(t.tools.background.pregnancy, 2)
    t.findings(found, _WORDS["birth"])
