"""The words of synthetic notes: openings, verbs, negations, family, background. Written for this project."""

from random import Random

WHO_ENDS = (". ", ": ", " with ", " - ", ". Findings: ", ". Clinical features: ", ". Signs and symptoms: ", "\n")
LIST_SEPARATORS = (", ", "; ", ", ", " / ", "\n")
ABSENT_HEADS = (
    " No ",
    " Absent: ",
    " Not present: ",
    " Negative for: ",
    " Without ",
    " Excluded: ",
    "\nDenies ",
    " No evidence of ",
)

AGED = (
    "{a} {count}-{unit}-old {person}", "{aperson} aged {age}", "{aperson}, {age} old",
    "{a} {count} {unit} old {person}", "{aperson} ({age})", "{age} old {person}",
)  # fmt: skip
ONSETS = (
    " with onset at {age}", ", symptomatic since {age} of age", ", first symptoms at {age}", ", unwell since {age}",
    ", problems first noticed at {age}",
)  # fmt: skip
OPENINGS = (
    "{who} presented with ", "{who} was referred because of ", "{who} was seen for ", "we report {who} with ",
    "{who} came to our clinic with ", "{who} was admitted with ", "this is {who} who has ", "{who} is followed for ",
    "{who} was brought in with ", "I reviewed {who} with ", "{who} was evaluated for ", "the patient is {who} with ",
)  # fmt: skip
HISTORY_VERBS = (
    "{subject} has ", "{subject} developed ", "there is a history of ", "{subject} has had ", "the parents report ",
    "over time {subject} showed ", "history is notable for ", "{subject} also has ", "this was followed by ",
    "medical history includes ", "later, {subject} had ",
)  # fmt: skip
EXAM_VERBS = (
    "examination showed ", "on examination there was ", "{subject} was found to have ", "we noted ",
    "investigations revealed ", "physical examination revealed ", "findings included ", "further work-up showed ",
    "also noted were ", "clinically, {subject} has ", "evaluation disclosed ",
)  # fmt: skip
NEGATIONS = (
    "There was no ", "No ", "There is no history of ", "The family denies ", "Absent are ", "We found no ",
    "No evidence of ", "Examination was negative for ", "The patient does not have ", "Without ", "Not seen: ",
    "There were no signs of ", "Ruled out: ",
)  # fmt: skip
DENIED = (
    "no {}", "{} absent", "no {} so far", "without {}", "{}: no", "{} not present", "no evidence of {}", "denies {}",
    "never had {}",
)  # fmt: skip

GREETINGS = (
    "Dear colleague,\n\n",
    "Dear Doctor,\n\n",
    "To the genetics clinic\n\n",
    "",
    "Dear Dr,\n",
    "Re: referral\n\n",
)
REFERRALS = (
    "Thank you for seeing this patient. ", "I would be grateful for your opinion. ", "Please see this patient. ",
    "We kindly ask for your assessment. ", "", "Thank you for your help with this family. ",
)  # fmt: skip
CLOSINGS = (
    "\nKind regards", "\nWith best wishes", "We wonder about a genetic cause.", "\nYours sincerely",
    "A diagnosis has not been made so far.", "We would welcome your advice.", "",
)  # fmt: skip

SHORT_HISTORY = ("hx: ", "Hx ", "PMH ", "c/o ", "PC: ", "S: ", "h/o ")
SHORT_EXAM = ("o/e: ", "O/E ", "exam: ", "O: ", "findings: ", "noted: ")
SHORT_ABSENT = ("no ", "neg: ", "-ve: ", "nil: ", "denies ", "w/o ")
SHORT_FAMILY = {
    "affected": (" FHx +ve.", " FH: relative affected.", " sibling similar."),
    "unaffected": (" FHx neg.", " FH: nil.", " FH unremarkable."),
    "consanguineous": (" parents cousins.", " consanguinity +.", " FH: consanguineous."),
}

HISTORY_HEADS = ("History: ", "HISTORY\n", "Presenting complaint\n", "Clinical history: ", "Anamnesis: ")
EXAM_HEADS = ("\nExamination: ", "\nEXAMINATION\n", "\nOn examination\n", "\nFindings: ", "\nStatus: ")
FAMILY_HEADS = ("\nFamily history:", "\nFAMILY\n", "\nFH:", "\nFamily:")
FAMILY = {
    "affected": (
        "A sibling is similarly affected.", "The mother has similar problems.", "The father is affected too.",
        "Several relatives have the same problem.", "There is a positive family history.",
        "An uncle had a similar illness.",
    ),
    "unaffected": (
        "Family history is unremarkable.", "Both parents are healthy.", "No one else in the family is affected.",
        "Siblings are well.", "There is no family history of note.", "The parents are healthy and unrelated.",
    ),
    "consanguineous": (
        "The parents are first cousins.", "The parents are consanguineous.", "Parents are related.",
        "There is parental consanguinity.",
    ),
}  # fmt: skip
BACKGROUND = (
    "Immunisations are up to date.", "The family lives in the countryside.", "There are two cats at home.",
    "Pregnancy was uneventful.", "Birth was at term.", "The patient takes no regular medication.",
    "There are no known allergies.", "Previous tests at another hospital were inconclusive.",
    "A brother broke his arm last year.", "The patient attends the local school.", "An interpreter was present.",
    "The parents are worried.", "There has been no recent travel.", "A minor cold had passed the week before.",
    "Delivery was by caesarean section.", "The patient was seen together with the family.", "Sleep is good.",
    "Appetite is normal.", "Earlier notes were not available.", "Blood was drawn for genetic testing.",
)  # fmt: skip

_CHILDREN = {"female": ("girl", "female", "child"), "male": ("boy", "male", "child"), None: ("child", "patient")}
_ADULTS = {"female": ("woman", "female", "lady"), "male": ("man", "male", "gentleman"), None: ("patient", "adult")}
SEXED = frozenset(["girl", "boy", "female", "male", "woman", "man", "lady", "gentleman", "she", "he"]) | {
    "female patient",
    "male patient",
}
"""Nouns and pronouns that tell the patient's sex."""
_ANY = {"female": ("female patient", "female"), "male": ("male patient", "male"), None: ("patient", "proband")}


def person(age_years: float | None, sex: str | None, rng: Random) -> str:
    """A noun for someone of this age and sex."""
    table = _ANY if age_years is None else _CHILDREN if age_years < 16 else _ADULTS
    return rng.choice(table[sex])


def subject(sex: str | None, rng: Random) -> str:
    """A pronoun or noun that begins a sentence about the patient."""
    return rng.choice({"female": ("she", "the patient"), "male": ("he", "the patient"), None: ("the patient",)}[sex])


def article(word: str) -> str:
    """The indefinite article before a word or a number."""
    return "an" if word[0] in "aeiou" or (word.startswith(("8", "11", "18")) and word not in ("110", "118")) else "a"


def short_age(years: float) -> str:
    """Ward shorthand: 3yo, 7mo, 10d."""
    days = years * 365.25
    if days < 30:
        return f"{int(days)}d "
    return f"{int(years * 12)}mo " if years < 2 else f"{int(years)}yo "
