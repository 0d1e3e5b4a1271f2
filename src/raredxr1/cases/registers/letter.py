"""Referral letter: one doctor asks another, in the present tense, in paragraphs, with a question at the end."""

from collections.abc import Callable

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.phrasing import capital
from raredxr1.cases.registers.teller import Teller
from raredxr1.cases.registers.tests_done import tell_tests

GREETINGS = (
    "Dear [colleague|Dr|Doctor|colleagues|Sir or Madam|Professor],",
    "[To:|To] [the genetics clinic|clinical genetics|the rare disease clinic|"
    "paediatric neurology|the metabolic team|the outpatient department]",
    "Re: [referral|new patient referral|your opinion]",
    "REFERRAL",
    "[Dear genetics team|Dear all|Hello],",
    "",
)
ASKS = (
    "[thank you for seeing|many thanks for seeing|I would be grateful if you could see|please would you "
    "see|could you please see|"
    "we would appreciate your assessment of|I would value your opinion on|thank you for accepting] ",
    "[I am writing to you about|I would like to refer|I am referring|we are referring] ",
)
REASONS = (
    " who <has|had> ",
    " with ",
    " because of ",
    " on account of ",
    " for assessment of ",
    ", who [came to see me|was brought to us] with ",
    " [regarding|concerning] ",
)
HISTORY = (
    "{he} has ",
    "{he} also has ",
    "there is a history of ",
    "[the parents|the family] [report|describe|mention] ",
    "over the [last|past] [few months|year|two years] {he} has developed ",
    "other problems [are|include] ",
    "of note, {he} has ",
    "{his} history includes ",
    "in addition, {he} has ",
    "{he} has had ",
    "the main concerns are ",
    "I note ",
)
ADULT_HISTORY = (
    "{he} has ",
    "{he} reports ",
    "{he} complains of ",
    "there is a history of ",
    "{he} has developed ",
    "{his} history includes ",
)
EXAM = (
    "on examination [today|in my clinic|] {he} has ",
    "examination shows ",
    "on examination, {he} has ",
    "I found ",
    "clinically, {he} has ",
    "today I noted ",
    "[physical|clinical] examination [reveals|shows] ",
    "my examination [showed|confirmed] ",
    "of note on examination: ",
    "when I saw {him}, {he} had ",
)
BIRTH = (
    "{he} was born after a pregnancy with ",
    "the pregnancy was marked by ",
    "perinatal history: ",
    "at birth there was ",
    "birth history: ",
)
CLOSE = (
    "I wonder whether there is a [genetic|unifying|syndromic] [cause|diagnosis].",
    "could this be a [genetic|metabolic|rare] disorder?",
    "[we would welcome|I would welcome|I would be grateful for] your [advice|opinion|thoughts|help with the "
    "diagnosis].",
    "[no diagnosis has been made so far|a diagnosis has not been made|the cause remains unclear].",
    "what would you suggest?",
    "please advise on further tests.",
    "is [genetic testing|exome sequencing] indicated?",
)
SIGNS = (
    "Kind regards",
    "Yours sincerely",
    "With best wishes",
    "Many thanks",
    "Best wishes",
    "Sincerely,",
    "With kind regards,",
    "",
)


def write(t: Teller) -> None:
    """Write the note."""
    greeting = t.fill(t.rng.choice(GREETINGS))
    t.draft.add(greeting + (t.rng.choice(("\n\n", "\n")) if greeting else ""))
    history = t.taken("history")
    lead = history[: t.rng.randint(0, min(4, len(history)))] or t.parts.get("examination", [])[:1]
    t.draft.add(
        capital(t.fill(t.rng.choice(ASKS))) + ("this " + t.who().partition(" ")[2] if t.rng.random() < 0.3 else t.who())
    )
    nouns = [(term, t.tools.speech.present(term, t.scene, t.rng, may_measure=False)) for term in lead]
    listed = [pair for pair in nouns if pair[1].form == "noun"]
    told = {term for term, _ in listed}
    if listed:
        t.draft.add(t.fill(t.rng.choice(REASONS)))
        t.list_nouns(listed)
    t.draft.add(t.onset(" since @", ", [symptomatic|unwell] since @", ", first noticed at @") + ". ")
    t.parts["examination"] = [term for term in t.parts.get("examination", []) if term not in told]
    history = [term for term in history if term not in told]
    gap = t.rng.choice((" ", "\n\n", "\n"))[1:]
    leads = ADULT_HISTORY if t.person.years is None or t.person.years >= 16 else HISTORY
    steps: list[Callable[[], object]] = [lambda: t.findings(history, leads), t.historical, lambda: _birth(t)]
    if t.rng.random() < 0.3:
        t.rng.shuffle(steps)
    for step in steps:
        step()
    t.draft.add(gap)
    later: list[Callable[[], object]] = [
        lambda: t.findings(t.taken("examination"), EXAM),
        lambda: deny(t),
        lambda: t.family(),
        lambda: tell_tests(t),
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
    doubt = t.doubt()
    t.draft.add(capital(doubt) + ". " if doubt else "")
    if t.chance(0.6):
        t.draft.add(capital(t.fill(t.rng.choice(CLOSE))))
    sign = t.rng.choice(SIGNS)
    t.draft.add(t.rng.choice(("\n\n", "\n")) + sign if sign and t.chance(0.7) else "")


def _birth(t: Teller) -> None:
    found = t.taken("birth")
    if t.person.years is not None and t.person.years < 18:
        t.tell(t.tools.background.pregnancy, 2)
    t.findings(found, BIRTH)
