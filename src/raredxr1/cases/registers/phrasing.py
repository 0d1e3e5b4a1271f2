"""Words that all registers share: how findings are led in, qualified, denied and doubted. Written for this project."""

import re

MISSPELT = 0.015
"""Share of findings with a slip of the keyboard, and of other sentences."""
QUALIFIED = 0.12
QUALIFIERS = ("mild", "marked", "moderate", "severe", "significant", "slight", "mild", "severe")
SIZED = frozenset(
    """
    mild marked moderate severe profound pronounced significant slight clear progressive a an the his her
    their two three several many some repeated no normal raised high low absent missing small large big short
    long wide broad narrow thin thick recurrent frequent complete bilateral mildly elevated reduced increased
    decreased very unusually
    """.split()  # noqa: SIM905
)
HISTORIES = 0.3
UNCERTAIN = 0.3
"""Shares of notes that tell of something past, and of something nobody is sure of."""

JOINED, JOINS = 0.42, (", and ", ", and ", "; ", " and ", ", and ", ", while ")
"""Share of statements that go on in the same sentence, and how."""
CODA = 0.16
CODAS = (
    ", for which no cause [was|had been] found",
    ", without any [obvious|clear] trigger",
    ", as [confirmed|documented] by a second [examiner|doctor]",
    ", for which no treatment had been given",
    ", not seen at an earlier [visit|examination]",
    ", first thought to be [harmless|of no importance|related to a viral infection]",
    ", so that further [tests|investigations] were [requested|arranged]",
    ", as [described|mentioned] in [the referral|an earlier letter|the records]",
    ", in [agreement|keeping] with the [family's account|earlier notes]",
    ", [which prompted|leading to] [referral|further tests|this consultation]",
    ", to the [growing |]concern of the family",
    ", although the [family|patient] had not been aware of it",
    ", [unchanged since|similar to] the last visit",
)
"""Share of statements with something said of them at the end, and what."""
TIMED = 0.18
TIMES = (
    "at [the age of |]@[ of age|], {he} [had|was noted to have|was found to have] ",
    "by [the age of |]@ {he} had ",
    "at @ [of age |]there was ",
    "around the age of @, [the family|{his} doctor] noticed ",
    "when {he} was @ old, there was ",
)
LATER = 0.1
DURATIONS = (
    " (first noticed {2-11} [months|weeks] ago)",
    " [for|over] the past {2-11} [months|weeks]",
    " [every {2-9} weeks|{2-5} times a [week|month]]",
    " [since|for] {2-6} [months|weeks]",
)
"""Put behind findings that come and go."""
LATERS = (
    " (noted by [the [mother|GP|midwife]|ophthalmology])",
    " of [unclear|unknown] [cause|aetiology]",
    " (on [two|several] occasions)",
    " (documented elsewhere)",
    " ([see|cf.] [letter|report] of {1-28}/{1-9}/{2012-2024})",
)
"""Put behind others."""
UNAWARE = re.compile(r"intellect|cogniti|delay|dement|regress|autis|behavio|speech|mental", re.IGNORECASE)
"""Labels of findings that nobody is asked whether they have them."""
INBORN = re.compile(r"neonatal|newborn|birth|congenital|infan|prenatal|fetal|childhood|onset", re.IGNORECASE)
"""Labels of findings that say when they were there."""


TAILS = (
    "<is|was> [noted|present|found|seen|evident|also noted]",
    "[<is|was>|had been] [noticed|observed|documented|recorded]",
)
PLURAL_TAILS = (
    "<are|were> [noted|present|found|seen|evident|also noted]",
    "[<are|were>|had been] [noticed|observed|documented|recorded]",
)
DENIALS = (
    "[there <is|was> |]no [history of |]{}",
    "{he} <has|had> no {}",
    "[the family|the mother] [denies|denied] {}",
    "{he} <has|had> never had {}",
    "no {} WERE [reported|mentioned]",
    "no [signs|symptoms] of {}",
    "negative for {}",
    "no {}",
    "no {}",
    "without {}",
)
ADULT_DENIALS = ("{he} <denies|denied> [any |]{}", "{he} <reports|reported> no {}", "no complaints of {}", *DENIALS[:2])
SIGN_DENIALS = (
    "{he} <has|had> no {}",
    "no {} WERE [seen|found|noted|detected]",
    "no [signs|evidence] of {}",
    "negative for {}",
    "{he} <does|did> not have {}",
    "we found no {}",
    "examination [was |]negative for {}",
    "no {}",
)
AFTER_DENIALS = (
    " [<is|was>|] [absent|not present|excluded|not seen|not found|ruled out]",
    ": [no|absent|negative|none]",
)
LAY_DENIALS = (
    "{he} does not have {}",
    "{he} has no {}",
    "no {}",
    "{he} [never had|does not have] {}",
    "we have not seen any {}",
)
UNSURE = (
    "[possible|query|questionable|suspected] {}",
    "{} [could not be|cannot be] [excluded|ruled out]",
    "{} <is|was> suspected[ but not confirmed|, not proven]",
    "there <is|was> some question of {}",
    "it <is|was> unclear whether there <is|was> {}",
    "[further tests|investigations] [for {}] are [pending|awaited]",
    "rule out {}",
    "?{}",
    "[one colleague|the optician|a previous report] [mentioned|raised the question of] [possible |]{}, which "
    "[we could not confirm|remains uncertain]",
)
UNSURE_SHORT = ("?{}", "query {}", "? {}", "poss {}", "r/o {}", "{} not excluded", "?? {}")

TESTED = frozenset(("mri", "echo", "ultrasound", "xray", "eeg", "emg", "biopsy", "eyes", "urine"))
"""Parts of a record that are told behind the name of a test, so that the words need not name it again."""
_TEST = "MRI|CT|echo|ultrasound|X-ray|EEG|EMG|biopsy|fundoscopy|scan|NCS|hepatic sonography"
SHOWN_BY = re.compile(rf" (?:on|by|in) (?:the )?(?:{_TEST})$")
_PREPOSITION = re.compile(r" (?:of|in|with|on|between|for|to|from|at|that|which|due|affecting|below|above|by) ")


def plural(text: str) -> bool:
    """Whether a noun phrase takes "are", as far as its ending tells."""
    head = _PREPOSITION.split(text, maxsplit=1)[0]
    return head.endswith(("s", "feet", "teeth", "nares")) and not head.endswith(
        ("ss", "is", "us", "series", "caries", "diabetes", "rickets", "herpes", "facies", "biceps")
    )


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
