"""Case report: as published, in the past tense, in long sentences, from the presentation to the investigations."""

from collections.abc import Callable, Sequence

from raredxr1.cases.registers.denying import deny
from raredxr1.cases.registers.phrasing import capital
from raredxr1.cases.registers.teller import Teller
from raredxr1.cases.registers.tests_done import tell_tests

ETHNIC = (
    "Caucasian",
    "Turkish",
    "Japanese",
    "Chinese",
    "Indian",
    "Pakistani",
    "Moroccan",
    "Egyptian",
    "Brazilian",
    "Saudi",
    "Korean",
    "German",
    "Iranian",
    "Italian",
    "white",
    "Hispanic",
    "Polish",
    "Lebanese",
)
HISTORY_OF = (
    "{who} [presented to our [clinic|hospital|department]|presented|was referred] with a "
    "{2-11}-[week|month|month] history of ",
    "{who} [was referred|was seen|presented] because of a [{2-11}-month|{2-5}-week|long] history of ",
)
OPENINGS = (
    "{who} [was referred to|presented to|was seen in|was evaluated at|was admitted to|came to] [our "
    "[clinic|hospital|department|centre|institution|outpatient clinic]|"
    "the [emergency department|genetics clinic|department of neurology|outpatient department]] [with|because "
    "of|due to|for evaluation of|for] ",
    "we [report|describe|present] [the case of |]{who} [with|who had|who presented with] ",
    "{who} [presented|came to medical attention] with ",
    "here we describe {who} with ",
    "{who} was [referred|evaluated|investigated] because of ",
)
CHILD_OPENINGS = (
    "the parents of {who} [sought advice|came to us] because of ",
    "{who} was brought to [our attention|us] [by {his} parents|] with ",
)
HISTORY = (
    "{he} had ",
    "{his} [past |]medical history [included|was notable for|was significant for] ",
    "{he} [developed|had developed] ",
    "{he} had a history of ",
    "[in addition|moreover|furthermore|subsequently|during follow-up], {he} [had|developed|was noted to have] ",
    "according to {his} [mother|parents|family], {he} had ",
    "the [course|clinical course|illness] was [complicated by|marked by] ",
    "other [features|symptoms] included ",
    "{he} also [had|showed|presented with] ",
    "this was [accompanied|followed] by ",
)
EXAM = (
    "[on|upon] [physical |clinical |]examination, {he} had ",
    "[physical|clinical|general|neurological] examination [revealed|showed|disclosed|was remarkable for|demonstrated] ",
    "{he} was found to have ",
    "[dysmorphic|clinical|additional] [features|findings] included ",
    "on examination, {he} had ",
    "[at|on] [presentation|admission|evaluation], {he} had ",
    "{he} [showed|displayed|also had] ",
    "{he} had ",
    "on inspection, {he} had ",
)
BIRTH = (
    "the pregnancy was complicated by ",
    "[prenatal|perinatal] history was significant for ",
    "[at birth|prenatally], there was ",
    "prenatal ultrasound had shown ",
    "the neonatal period was complicated by ",
)
ENDS = (
    "a [genetic|hereditary|syndromic|metabolic] [disorder|cause|aetiology] was [suspected|considered]",
    "no diagnosis could be established",
    "the differential diagnosis was [broad|wide]",
    "[whole-exome sequencing|genetic testing] was [performed|requested|initiated]",
    "{he} was [followed|managed] by a multidisciplinary team",
    "{his} condition [remained stable|deteriorated slowly|did not change over the following months]",
)


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
        lambda: t.findings([*history, *leftover], HISTORY),
        t.historical,
        lambda: t.family(),
        lambda: t.tell(t.social, 1),
        lambda: t.tell(t.tools.background.past, 1),
    ]
    if t.rng.random() < 0.4:
        t.rng.shuffle(early)
    for step in early:
        step()
    t.draft.add(t.rng.choice(("", "", "\n", "\n\n")))
    late: list[Callable[[], object]] = [
        lambda: t.findings(examined, EXAM),
        lambda: deny(t),
        lambda: t.tell(t.tools.background.normal, 2),
        lambda: tell_tests(t),
        lambda: t.tell(t.tools.background.results, 2),
    ]
    if t.rng.random() < 0.25:
        t.rng.shuffle(late)
    for step in late:
        step()
    t.findings(t.rest(), HISTORY)
    doubt = t.doubt()
    t.draft.add(capital(doubt) + ". " if doubt else "")
    if t.chance(0.4):
        t.sentence(t.rng.choice(ENDS), ".")


def _opening(t: Teller, first: list[int]) -> None:
    said = [(term, t.tools.speech.present(term, t.scene, t.rng, may_measure=False)) for term in first]
    nouns = [pair for pair in said if pair[1].form == "noun"]
    who = _ethnic(t, t.who())
    if (t.person.years or 0) > 2 and not t.past_findings:
        who += t.fill(t.rng.choice(("", "", "", ", [previously healthy|otherwise well],")))
    if t.rng.random() < 0.12:
        who += t.fill(", the [first|second|third|only] child [in the family|of the family|of {his} parents],")
    openings: Sequence[str] = (*OPENINGS, *CHILD_OPENINGS) if t.person.is_child else OPENINGS
    is_timed = (t.person.years or 0) > 2 and t.rng.random() < 0.25
    if is_timed:
        openings = HISTORY_OF
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
    t.findings([term for term in first if term not in told], HISTORY)


def _ethnic(t: Teller, who: str) -> str:
    """At times "a 7-year-old Turkish girl"."""
    noun = t.person.noun
    if t.rng.random() >= 0.2 or not who.endswith(noun):
        return who
    ethnic = t.rng.choice(ETHNIC)
    before = who[: -len(noun)]
    if before in ("a ", "an "):
        before = "an " if ethnic[0] in "EI" else "a "
    return f"{before}{ethnic} {noun}"


def _pregnancy(t: Teller, birth: list[int]) -> None:
    if t.person.years is not None and t.person.years < 18:
        t.tell(t.tools.background.pregnancy, 3)
    t.findings(birth, BIRTH)
