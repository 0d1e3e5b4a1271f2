"""The family's own words: what a parent, a partner or a child of the patient would write or say."""

from collections.abc import Callable

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.note_writer import Teller
from raredxr1.cases.registers.phrasing import capital
from raredxr1.data import wordings

_WORDS = wordings("by the family")

CHILD = {
    "female": ("my daughter", "our daughter", "our little girl", "my girl"),
    "male": ("my son", "our son", "our little boy", "my boy"),
    None: ("our child", "my child", "our little one"),
}
ADULT = {
    "female": ("my wife", "my sister", "my mother", "my partner"),
    "male": ("my husband", "my brother", "my father", "my partner"),
    None: ("my partner",),
}


def write(t: Teller) -> None:
    """Write the note."""
    person = t.person
    grown = person.years is not None and person.years >= 20
    who = t.rng.choice((ADULT if grown else CHILD)[person.sex])
    if "little" in who and (person.years is None or person.years > 9):
        who = "our " + {"female": "daughter", "male": "son"}.get(person.sex or "", "child")
    if grown and person.years is not None and person.years < 45 and who in ("my mother", "my father"):
        who = "my sister" if person.sex == "female" else "my brother"
    if person.sex:
        t.draft.tells.add("sex")
    t.draft.add(t.rng.choice(_WORDS["greetings"]))
    t.scene.person.words["he"] = {"female": "she", "male": "he"}.get(
        person.sex or "", "the child" if not grown else "my partner"
    )
    age = person.words["age"]
    is_told = person.years is not None and age != "newborn"
    opening = t.rng.choice(_WORDS["openings"] if is_told else _WORDS["ageless"]).replace("{who}", who)
    t.draft.add(capital(t.fill(opening)))
    onset = t.onset(
        "it [all |][began|started] at @. ", "we first noticed [something|it] at @. ", "{he} has been ill since @. "
    )
    t.draft.add(capital(onset))
    history, seen, birth = t.taken("history"), t.taken("examination"), t.taken("birth")
    steps: list[Callable[[], object]] = [
        lambda: t.findings(history, _WORDS["leads"], _WORDS["doctors"]),
        lambda: t.findings(seen, _WORDS["leads"], _WORDS["doctors"]),
        lambda: t.findings(t.rest(), _WORDS["scans"], _WORDS["scans"]),
        lambda: t.findings(birth, _WORDS["birth"], _WORDS["birth"]),
        lambda: deny(t),
        lambda: _family(t, grown),
        t.historical,
        lambda: t.tell(t.social, 1),
    ]
    t.in_any_order(steps, 0.6)
    if t.chance(0.5):
        t.draft.add(capital(t.fill(t.rng.choice(_WORDS["ends"]))))


def _family(t: Teller, grown: bool) -> None:
    kind = t.patient.family
    if not kind:
        return
    t.draft.tells.add("family")
    if grown:
        lines = {
            "affected": "[a brother|a sister|an uncle|a cousin] of {his} has the same problems",
            "unaffected": "nobody [else |]in {his} family has anything like this",
            "consanguineous": "{his} parents [are|were] [cousins|related]",
        }
        t.sentence(lines[kind])
    else:
        t.sentence(t.rng.choice(wordings("family, by a parent")[kind]))
