"""Ward shorthand: no verbs, abbreviations, one line a topic."""

from collections.abc import Callable, Sequence

from raredxr1.cases.registers.note_writer import Teller
from raredxr1.cases.wordings import short_age
from raredxr1.data import wordings

_WORDS = wordings("shorthand")

ABBREVIATIONS = tuple(pair.split("|") for pair in _WORDS["abbreviations"])
SHORTENED = 0.45
"""Share of findings in which what can be abbreviated is."""


def shortened(text: str) -> str:
    """Abbreviate whole words as on a ward."""
    padded = f" {text} "
    for long, short in ABBREVIATIONS:
        if f" {long}" in padded and (long.endswith(" ") or f" {long} " in padded):
            padded = padded.replace(f" {long}", f" {short}", 1)
    return padded.strip() or text


def write(t: Teller) -> None:
    """Write the note."""
    gap = t.rng.choice((". ", "\n", "\n", "; ", " // "))
    t.draft.add(t.fill(t.rng.choice(_WORDS["where"])).strip())
    t.draft.add(gap if t.draft.length else "")
    _who(t)
    t.draft.add(gap)
    history = [*t.taken("birth"), *t.taken("history"), *t.past_findings]
    t.past_findings = []
    _line(t, _WORDS["history"], history, gap)
    steps: list[Callable[[], object]] = [
        lambda: _line(t, _WORDS["exam"], t.taken("examination"), gap),
        lambda: _tests(t, gap),
        lambda: _absent(t, gap),
        lambda: _family(t, gap),
    ]
    t.in_any_order(steps, 0.4)
    _line(t, _WORDS["history"], t.rest(), gap)
    doubt = t.doubt(wordings("phrasing")["unsure_short"])
    t.draft.add(doubt + gap if doubt else "")
    for said in t.some((*t.tools.background.past, *t.tools.background.normal), 2) if t.chance(0.3) else []:
        t.draft.add(shortened(said) + gap)
    if t.chance(0.35):
        t.add(t.rng.choice(_WORDS["plan"]))


def _who(t: Teller) -> None:
    person = t.person
    age = "" if person.years is None else short_age(person.years).strip()
    sex = {
        "female": t.rng.choice(("F", "F", "female", "girl" if person.is_child else "lady")),
        "male": t.rng.choice(("M", "M", "male", "boy" if person.is_child else "man")),
        None: "",
    }[person.sex]
    if sex:
        t.draft.tells.add("sex")
    joined = " ".join(filter(None, (age, sex))) if len(sex) > 1 or t.rng.random() < 0.5 else age + sex
    t.draft.add(t.rng.choice(("", "", "Pt ", "Pt: ")) + (joined or "pt"))
    t.draft.add(t.onset(", since @", ", onset @", ", sx since @"))


def _line(t: Teller, heads: Sequence[str], terms: Sequence[int], gap: str) -> None:
    if not terms:
        return
    t.draft.add(t.rng.choice(heads))
    separator = t.rng.choice((", ", ", ", "; ", " + ", ". "))
    for i, term in enumerate(terms):
        said = t.tools.speech.present(term, t.scene, t.rng)
        t.draft.add(separator if i else "")
        text = shortened(said.text) if t.rng.random() < SHORTENED else said.text
        t.mention(term, True, text if t.tools.speech.may_say(text) else said.text)
    t.draft.add(gap)


def _tests(t: Teller, gap: str) -> None:
    for name in t.present_tests():
        _line(t, wordings("tests, short")[name], t.taken(name), gap)


def _absent(t: Teller, gap: str) -> None:
    if not t.negatives:
        return
    said = [(term, *t.tools.speech.absent(term, t.scene, t.rng)) for term in t.negatives]
    t.negatives = []
    whole = [(term, words) for term, words, is_whole in said if is_whole]
    open_ = [(term, words) for term, words, is_whole in said if not is_whole]
    if open_:
        separator = t.rng.choice((", ", "/", ", ", " or "))
        style = t.rng.randrange(4)
        if style == 0:
            for i, (term, words) in enumerate(open_):
                t.draft.add(", " if i else "")
                mark = t.rng.choice((" -ve", " neg", ": no", " (-)", ": nil"))
                t.mention(term, False, words.text)
                t.draft.add(mark)
        else:
            t.draft.add(t.rng.choice(_WORDS["absent"]))
            for i, (term, words) in enumerate(open_):
                t.draft.add(separator if i else "")
                t.mention(term, False, words.text)
        t.draft.add(gap)
    for term, words in whole:
        t.mention(term, False, words.text)
        t.draft.add(gap)


def _family(t: Teller, gap: str) -> None:
    if t.patient.family:
        t.draft.tells.add("family")
        t.add(t.rng.choice(wordings("family, short")[t.patient.family]))
        t.draft.add(gap)
