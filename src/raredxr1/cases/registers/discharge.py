"""Discharge summary: what happened in a stay in hospital, in the past tense, under headings."""

from collections.abc import Callable

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.phrasing import capital
from raredxr1.cases.registers.teller import Teller
from raredxr1.cases.registers.tests_done import HEADS, TESTS, present_tests, tell_tests

TITLES = (
    "DISCHARGE SUMMARY",
    "Discharge summary",
    "Discharge letter",
    "Summary of admission",
    "Hospital discharge report",
    "Epicrisis",
    "[Paediatric|Medical|Neurology] ward, discharge letter",
    "Department of [paediatrics|internal medicine|neurology]",
    "To the GP",
    "",
    "",
    "",
)
REASON = (
    "Reason for admission",
    "Presenting complaint",
    "Admitted with",
    "Presentation",
    "Cause of admission",
    "Chief complaint",
)
HISTORY = ("History", "History of present illness", "HPI", "Background", "Medical history", "Past history", "Anamnesis")
EXAM = (
    "Examination",
    "Examination on admission",
    "Physical examination",
    "Clinical findings",
    "On examination",
    "Status on admission",
)
TESTS_HEAD = ("Investigations", "Results", "Tests", "Diagnostic work-up", "Key results", "Workup")
COURSE = ("Hospital course", "Course", "Progress", "Course and treatment", "Summary of stay")
NEGATIVES = ("Negatives", "Pertinent negatives", "Negative findings", "Not found", "Of note")
FAMILY = ("Family history", "Family", "FH", "Social and family history")
PLAN = ("Plan", "Follow-up", "Recommendations", "Discharge plan")
ADMITTED = (
    "{who} was admitted [electively|as an emergency|from the emergency department|for investigation|via the "
    "GP|] [because of|with|for] ",
    "{who} [presented|was brought in|was transferred to us] with ",
    "admission of {who} for [evaluation|work-up] of ",
    "{who} was hospitalised for ",
)
VERBS = (
    "{he} had ",
    "{he} was known to have ",
    "[the parents|the family|the referring doctor] reported ",
    "{he} had a history of ",
    "{he} had developed ",
    "past history included ",
    "before admission there had been ",
    "[known|previously documented] problems were ",
    "history was notable for ",
)
ADULT_VERBS = (
    "{he} had ",
    "{he} reported ",
    "{he} had a history of ",
    "{he} had developed ",
    "history was notable for ",
    "{he} described ",
)
SIGNS = (
    "examination showed ",
    "on admission {he} had ",
    "on examination, {he} had ",
    "physical examination revealed ",
    "{he} also had ",
    "clinical examination was notable for ",
    "{he} had ",
    "findings on admission were ",
    "noted were ",
)
BIRTH = (
    "the pregnancy had been complicated by ",
    "perinatal history was notable for ",
    "at birth there had been ",
    "birth history: ",
)
STAY = (
    "[the stay was|{his} stay was] [uneventful|without complications]",
    "{he} was [seen by|discussed with] [neurology|the geneticist|cardiology|the metabolic team]",
    "{he} was discharged [home|to the care of {his} [family|GP]] in [good|stable] condition",
    "[intravenous fluids were|supportive care was] given",
    "[further|genetic] tests were [sent|requested], results [pending|to follow]",
    "the cause remained unclear",
)
PLANS = (
    "[outpatient review|follow-up] in [six weeks|three months|the clinic]",
    "[genetics|neurology|metabolic] [referral|appointment] [made|requested]",
    "[results|genetic results] to be [discussed|sent on]",
    "continue [usual medication|vitamin D]",
    "GP to [repeat bloods|monitor weight|review in two weeks]",
)


def write(t: Teller) -> None:
    """Write the note."""
    title = t.fill(t.rng.choice(TITLES))
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
    t.section(head(REASON), lambda: _reason(t, first))

    def told_history() -> None:
        t.findings(history, VERBS if t.person.is_child else ADULT_VERBS)
        t.historical()
        if t.person.years is not None and t.person.years < 18:
            t.tell(t.tools.background.pregnancy, 2)
        t.findings(t.taken("birth"), BIRTH)
        t.tell(t.tools.background.past, 2)
        t.tell(t.social, 1)

    def told_examination() -> None:
        t.findings(examined, SIGNS)
        t.tell(t.tools.background.normal, 2)
        if t.rng.random() < 0.7:
            deny(t)

    def told_tests() -> None:
        names = present_tests(t)
        if t.rng.random() < 0.4:
            for name in names:
                t.draft.add(t.rng.choice(HEADS[name]) + ": ")
                t.findings(t.taken(name), ("", "", TESTS[name][0]))
                t.draft.add("\n")
        else:
            tell_tests(t, names)
        t.tell(t.tools.background.results, 2)

    sections: list[tuple[tuple[str, ...], Callable[[], None]]] = [
        (HISTORY, told_history),
        (EXAM, told_examination),
        (TESTS_HEAD, told_tests),
        (FAMILY, t.family),
    ]
    if t.rng.random() < 0.35:
        t.rng.shuffle(sections)
    for names, section in sections:
        t.section(head(names), section)
    t.findings(t.rest(), ADULT_VERBS)
    t.section(head(NEGATIVES), lambda: deny(t))
    t.section(head(COURSE), lambda: _stay(t))
    if t.chance(0.35):
        t.section(head(PLAN), lambda: _plan(t))


def _reason(t: Teller, first: list[int]) -> None:
    said = [(term, t.tools.speech.present(term, t.scene, t.rng, may_measure=False)) for term in first]
    nouns = [pair for pair in said if pair[1].form == "noun"]
    who = t.who()
    if nouns:
        before, _, after = t.rng.choice(ADMITTED).partition("{who}")
        t.draft.add(capital(t.fill(before) + who) + t.fill(after))
        t.list_nouns(nouns)
    else:
        t.draft.add(capital(who) + t.fill(" was admitted for [investigation|assessment|work-up]"))
    t.draft.add(t.onset(", [symptomatic|unwell] since @", " since @", ", with onset at @") + ". ")
    told = {term for term, _ in nouns}
    t.findings([term for term in first if term not in told], VERBS)


def _stay(t: Teller) -> None:
    doubt = t.doubt()
    t.draft.add(capital(doubt) + ". " if doubt else "")
    if t.chance(0.4):
        for text in t.rng.sample(STAY, t.rng.randint(1, 2)):
            t.sentence(text)


def _plan(t: Teller) -> None:
    for text in t.rng.sample(PLANS, t.rng.randint(1, 2)):
        t.sentence(text)
