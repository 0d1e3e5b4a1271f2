"""Absent findings in sentences: denied before ("no A, B or C"), after ("A was not seen"), or said by what is normal."""

from collections.abc import Sequence

from raredxr1.cases.registers.note_writer import Teller
from raredxr1.cases.registers.phrasing import (
    HISTORY,
    PHRASES,
    UNAWARE,
    capital,
    plural,
)
from raredxr1.cases.speech.wording import Said


def deny(t: Teller) -> None:
    """Append sentences that tell of the absent findings, unless that has been done."""
    terms, t.negatives = t.negatives, []
    signs: dict[bool, list[tuple[int, Said]]] = {True: [], False: []}
    for term in terms:
        said, is_whole = t.tools.speech.absent(term, t.scene, t.rng)
        if is_whole:
            _tell_normal(t, term, said)
        else:
            signs[t.tools.sorter.part(term) != HISTORY].append((term, said))
    for is_sign, found in signs.items():
        for group in t.grouped(found, 5):
            _tell_absent(t, group, is_sign)


def _tell_normal(t: Teller, term: int, said: Said) -> None:
    """Words that deny by themselves: "hears well", "a CK of 95 U/L"."""
    text = said.text
    if said.form == "noun" and t.rng.random() < 0.5:
        t.add(f"{capital(t.subject())} <has|had> ")
        t.draft.add(said.article)
    elif said.form == "verb":
        t.draft.add(capital(t.subject()) + " ")
    else:
        text = capital(text)
    t.mention(term, False, text)
    t.draft.add(". ")


def _tell_absent(t: Teller, found: Sequence[tuple[int, Said]], is_sign: bool) -> None:
    """Words that need a denial before or behind them."""
    rng, several = t.rng, len(found) > 1
    if rng.random() < 0.12:
        first, said = found[0]
        _list(t, [(first, capital(said.text)), *((term, other.text) for term, other in found[1:])], last=" and ")
        tail = rng.choice(PHRASES["after_denials"])
        t.add((tail.replace("<is|was>", "<are|were>") if several else tail) + ". ")
        return
    words = [(term, said.text) for term, said in found]
    if several and rng.random() < 0.12:
        t.add("[Neither|There <is|was> neither] ")
        _list(t, words, last=" nor ")
        t.draft.add(". ")
        return
    years = t.person.years
    names = t.tools.kb.term_names
    unaware = any(UNAWARE.search(names[term]) for term, _ in found)
    denials = (
        PHRASES["sign_denials"]
        if is_sign or unaware
        else PHRASES["adult_denials"]
        if years is None or years >= 14
        else PHRASES["denials"]
    )
    before, _, after = rng.choice(PHRASES["lay_denials"] if t.scene.voice == "lay" else denials).partition("{}")
    t.draft.add(capital(t.fill(before).lstrip()))
    if before.endswith("no ") and not after and rng.random() < 0.3:
        _list(t, words, separator=", no ", last=rng.choice((", no ", " and no ")))
    else:
        _list(t, words)
    were = "were" if several or plural(found[0][1].text) else "was"
    t.draft.add(t.fill(after.replace("WERE", were)).rstrip() + ". ")


def _list(t: Teller, found: Sequence[tuple[int, str]], separator: str = ", ", last: str = " or ") -> None:
    for i, (term, text) in enumerate(found):
        if i:
            t.draft.add(last if i == len(found) - 1 else separator)
        t.mention(term, False, text)
