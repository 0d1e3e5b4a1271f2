"""Genetics summary: who the patient is and what they have, in a few long sentences, as sent with a sample."""

from collections.abc import Callable

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.phrasing import capital
from raredxr1.cases.registers.teller import Teller
from raredxr1.cases.registers.tests_done import tell_tests

HAS = (
    " with ",
    " with ",
    " with ",
    " who has ",
    " who was born [at term|at {37-41} weeks|] with ",
    " presenting with ",
    " known to have ",
    " who presented with ",
    " referred for ",
    " diagnosed with ",
    " suffering from ",
)
MORE = (
    "{he} has ",
    "{he} also has ",
    "{he} <has|had> ",
    "{he} was [noted|found|diagnosed] to have ",
    "{he} has been diagnosed with ",
    "{he} has a history of ",
    "{he} developed ",
    "{he} suffers from ",
    "currently, {he} has ",
    "{his} past medical history includes ",
    "at birth, {he} was noted to have ",
)
EXAM = (
    "on exam, {he} has ",
    "[physical|general] exam [revealed|showed] ",
    "on examination, {he} was found to have ",
    "other features include ",
    "of note, there is ",
    "examination [was significant for|revealed] ",
    "{he} has ",
)
BIRTH = ("pregnancy was complicated by ", "prenatally, there was ", "antenatal scan showed ", "{he} was born with ")
FAMILY = {
    "affected": (
        "{his} [older|younger] [sister|brother] is [similarly affected|affected by the same condition]",
        "family history is positive for {2-4} similarly affected [siblings|cousins]",
        "a [maternal|paternal] [uncle|aunt|cousin] has a similar [disease|presentation]",
    ),
    "unaffected": (
        "{his} parents are [healthy|non-consanguineous|not related] and there is no [similar |]family history[ "
        "of a similar condition|]",
        "family history is unremarkable",
        "[both parents|all siblings] are healthy",
    ),
    "consanguineous": (
        "{his} parents are [consanguineous|first cousins|related]",
        "parents are [first cousins|consanguineous|first cousins once removed]",
        "{he} was born to [consanguineous|first-cousin] parents",
    ),
}


def write(t: Teller) -> None:
    """Write the note."""
    first = [*t.taken("history"), *t.taken("examination")]
    if t.rng.random() < 0.7:
        t.rng.shuffle(first)
    cut = t.rng.randint(2, 9)
    first, more = first[:cut], first[cut:]
    if not first:
        first = t.rest()
    said = [(term, t.tools.speech.present(term, t.scene, t.rng, may_measure=False)) for term in first]
    nouns = [pair for pair in said if pair[1].form == "noun"]
    opening = t.rng.choice(("", "", "", "This is ", "Proband: ", "Index: "))
    who = t.who()
    t.draft.add(opening + (who if opening == "This is " else capital(who)))
    t.draft.add(t.onset(" [with onset|symptomatic] since @,", ", onset at @,"))
    if nouns:
        t.draft.add(t.fill(t.rng.choice(HAS)))
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
        lambda: t.findings(history, MORE),
        lambda: t.findings(seen, EXAM),
        t.historical,
        lambda: t.findings(t.taken("birth"), BIRTH),
        lambda: tell_tests(t),
        lambda: deny(t),
        lambda: _family(t),
        lambda: t.tell(t.tools.background.pregnancy, 1) if t.person.is_child else None,
    ]
    if t.rng.random() < 0.6:
        t.rng.shuffle(steps)
    for step in steps:
        step()
    t.findings(t.rest(), MORE)
    doubt = t.doubt()
    t.draft.add(capital(doubt) + ". " if doubt else "")


def _family(t: Teller) -> None:
    if t.patient.family:
        t.draft.tells.add("family")
        t.sentence(t.rng.choice(FAMILY[t.patient.family]))
