"""Problem list: one finding a line, numbered or with bullets, what is absent under a heading of its own."""

from collections.abc import Callable, Sequence

from raredxr1.cases.registers.note_writer import Teller
from raredxr1.cases.registers.phrasing import capital
from raredxr1.data import wordings

_WORDS = wordings("problems")

DENIED = (("no ", ""), ("", ": no"), ("", " absent"), ("", ": absent"), ("no ", " so far"), ("", " - not present"))


def write(t: Teller) -> None:
    """Write the note."""
    title = t.rng.choice(_WORDS["titles"])
    who = t.who()
    onset = t.onset(", onset @", ", since @", ", symptoms since @")
    patient = t.rng.choice(("Patient: ", "", "")) + who + onset
    t.draft.add(
        t.rng.choice(
            (f"{capital(patient)}\n{title}\n", f"{title}\n{capital(patient)}\n", f"{title} - {who}{onset}\n")
        ).lstrip("\n -")
    )
    mark = t.rng.choice(("- ", "* ", "• ", "# ", "1. ", "1) ", "– "))
    history = [*t.taken("history")]
    if t.rng.random() < 0.45:
        found = [*history, *t.rest(), *t.past_findings]
        t.past_findings = []
        t.rng.shuffle(found)
        _bullets(t, "", found, mark)
    else:
        sections = [
            (_WORDS["history"], history),
            (_WORDS["exam"], t.taken("examination")),
            (_WORDS["birth"], t.taken("birth")),
            (_WORDS["past"], t.past_findings),
        ]
        t.past_findings = []
        for name in list(t.parts):
            sections.append((wordings("tests, headings")[name], t.taken(name)))
        if t.rng.random() < 0.4:
            t.rng.shuffle(sections)
        for heads, terms in sections:
            _bullets(t, t.rng.choice(heads), terms, mark)
    ends: list[Callable[[], object]] = [lambda: _negatives(t, mark), lambda: _family(t, mark), lambda: _other(t, mark)]
    t.in_any_order(ends)


def _bullets(t: Teller, heading: str, terms: Sequence[int], mark: str) -> None:
    if not terms:
        return
    t.draft.add(f"{heading}:\n" if heading else "")
    is_capital = t.rng.random() < 0.4
    at = number = 0
    while at < len(terms):
        size = 1 if t.rng.random() < 0.75 else t.rng.randint(2, 3)
        number += 1
        t.draft.add(str(number) + mark[1:] if mark[0].isdigit() else mark)
        for i, term in enumerate(terms[at : at + size]):
            said = t.tools.speech.present(term, t.scene, t.rng)
            t.draft.add(", " if i else "")
            t.mention(term, True, capital(said.text) if is_capital and not i else said.text)
        t.draft.add("\n")
        at += size


def _negatives(t: Teller, mark: str) -> None:
    terms, t.negatives = t.negatives, []
    bullet = "- " if mark[0].isdigit() else mark
    said = [(term, *t.tools.speech.absent(term, t.scene, t.rng)) for term in terms]
    absent = [(term, words.text) for term, words, is_whole in said if not is_whole]
    style = t.rng.choice((_on_one_line, _under_a_heading, _each_denied))
    if absent:
        style(t, absent, bullet)
    for term, words, is_whole in said:
        if is_whole:
            t.draft.add(bullet)
            t.mention(term, False, words.text)
            t.draft.add("\n")


def _on_one_line(t: Teller, absent: Sequence[tuple[int, str]], bullet: str) -> None:
    t.draft.add(f"{t.rng.choice(_WORDS['negatives'])}: ")
    for i, (term, text) in enumerate(absent):
        t.draft.add(", " if i else "")
        t.mention(term, False, text)
    t.draft.add("\n")


def _under_a_heading(t: Teller, absent: Sequence[tuple[int, str]], bullet: str) -> None:
    t.draft.add(f"{t.rng.choice(_WORDS['negatives'])}:\n")
    for term, text in absent:
        t.draft.add(bullet)
        t.mention(term, False, text)
        t.draft.add("\n")


def _each_denied(t: Teller, absent: Sequence[tuple[int, str]], bullet: str) -> None:
    for term, text in absent:
        before, after = t.rng.choice(DENIED)
        t.draft.add(bullet)
        if t.rng.random() < 0.3:
            t.mention(term, False, before + text + after)
        else:
            t.draft.add(before)
            t.mention(term, False, text)
            t.draft.add(after)
        t.draft.add("\n")


def _family(t: Teller, mark: str) -> None:
    if t.patient.family:
        t.draft.add(f"{t.rng.choice(_WORDS['family'])}: ")
        t.family()
        t.draft.add("\n")


def _other(t: Teller, mark: str) -> None:
    doubt = t.doubt()
    if doubt:
        t.draft.add(f"{t.rng.choice(_WORDS['unsure'])}: {doubt}\n")
    lines = t.some((*t.social, *t.tools.background.past, *t.tools.background.results), 3)
    if lines and t.chance(0.5):
        t.draft.add(
            f"{t.rng.choice(_WORDS['other'])}:\n"
            + "".join(f"{mark if not mark[0].isdigit() else '- '}{line}\n" for line in lines)
        )
