"""The family's own words: what a parent, a partner or a child of the patient would write or say."""

from collections.abc import Callable

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.family import PARENT as FAMILY
from raredxr1.cases.registers.phrasing import capital
from raredxr1.cases.registers.teller import Teller

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
GREETINGS = (
    "",
    "",
    "Hello, ",
    "Good morning. ",
    "Dear doctor,\n",
    "Hi, ",
    "To whom it may concern,\n",
    "Message from the family: ",
    "Mother writes: ",
    "Please help. ",
)
OPENINGS = (
    "{who} is {age} old. ",
    "{who} ({age}) has been unwell[ for a long time| for months|]. ",
    "{who} is {age} old and we are worried. ",
    "I am writing about {who}, who is {age} old. ",
    "this is about {who}, {age}. ",
    "we are worried about {who}, now {age} old. ",
    "{who}, {age} old, is not well. ",
)
AGELESS = ("I am writing about {who}. ", "we are worried about {who}. ", "this is about {who}. ", "{who} is not well. ")
LEADS = (
    "{he} has ",
    "{he} has ",
    "{he} also has ",
    "there is ",
    "we [have noticed|noticed|see] ",
    "then there is ",
    "what worries us most is ",
    "{he} has had ",
    "another thing is ",
    "{he} sometimes has ",
    "since [last year|some time] there is ",
)
DOCTORS = (
    "the doctor [said|told us] {he} has ",
    "they [found|told us about] ",
    "in the letter it says ",
    "at the [hospital|clinic] they [found|saw|noted] ",
    "[a|the] specialist [found|mentioned] ",
    "we were told {he} has ",
    "the tests showed ",
    "the doctors call it ",
)
SCANS = (
    "[the|a] [scan|test] showed ",
    "[blood tests|the tests|tests] showed ",
    "on the [scan|pictures] they saw ",
    "the hospital found ",
)
BIRTH = (
    "when {he} was born there was ",
    "in the pregnancy there was ",
    "already before birth the doctors saw ",
    "at birth {he} had ",
)
ENDS = (
    "[what could it be?|what can this be?|nobody knows why.|no one has found the cause.]",
    "[we do not know what to do|please help us|thank you for reading this].",
    "[we have seen many doctors|nobody could help us so far].",
    "[is there a test for this?|could it be genetic?]",
    "it is getting [worse|harder][ every month|].",
)


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
    t.draft.add(t.rng.choice(GREETINGS))
    t.scene.person.words["he"] = {"female": "she", "male": "he"}.get(
        person.sex or "", "the child" if not grown else "my partner"
    )
    age = person.words["age"]
    is_told = person.years is not None and age != "newborn"
    opening = t.rng.choice(OPENINGS if is_told else AGELESS).replace("{who}", who)
    t.draft.add(capital(t.fill(opening)))
    onset = t.onset(
        "it [all |][began|started] at @. ", "we first noticed [something|it] at @. ", "{he} has been ill since @. "
    )
    t.draft.add(capital(onset))
    history, seen, birth = t.taken("history"), t.taken("examination"), t.taken("birth")
    steps: list[Callable[[], object]] = [
        lambda: t.findings(history, LEADS, DOCTORS),
        lambda: t.findings(seen, LEADS, DOCTORS),
        lambda: t.findings(t.rest(), SCANS, SCANS),
        lambda: t.findings(birth, BIRTH, BIRTH),
        lambda: deny(t),
        lambda: _family(t, grown),
        t.historical,
        lambda: t.tell(t.social, 1),
    ]
    if t.rng.random() < 0.6:
        t.rng.shuffle(steps)
    for step in steps:
        step()
    if t.chance(0.5):
        t.draft.add(capital(t.fill(t.rng.choice(ENDS))))


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
        t.sentence(t.rng.choice(FAMILY[kind]))
