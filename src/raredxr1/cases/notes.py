"""Synthetic notes: a patient becomes a text, and the place of every finding in it is known.

A note is composed from parts - who, complaint, examination, negatives, family, background - in one of several layouts,
each part in one of many wordings. `Note.mentions` gives the span of every finding, so that quotes can be taught.
Layouts know labels and synonyms; registers (`registers/`) write as people do, with measured values and everyday
words.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from raredxr1 import lazy_re as re
from raredxr1.cases import wordings as w
from raredxr1.cases.draft import Draft, Mention, Note
from raredxr1.cases.patients import Patient
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.plain import age_in_words, plain_note
from raredxr1.cases.registers.writer import RegisterWriter
from raredxr1.cases.wordings import misspell, qualifiers
from raredxr1.data import wordings

_WORDS = wordings("layouts")

__all__ = ["Mention", "Note", "NoteWriter", "interrupted"]

QUALIFIED = 0.08
"""Share of present findings with a qualifier before, and with one after."""
MISSPELT = 0.02
"""Share of findings with a slip of the keyboard."""


class NoteWriter:
    """Writes notes of patients. `plain_share` of them are in the fixed plain style of `plain.py`."""

    def __init__(
        self,
        phrases: Phrases,
        plain_share: float = 0.4,
        asides: Sequence[str] = (),
        aside_share: float = 0.0,
        register_share: float = 0.0,
        heard: Mapping[int, Sequence[str]] | None = None,
        unsaid: Callable[[str], bool] | None = None,
    ) -> None:
        """Take the wordings of terms and the share of plain notes.

        Args:
            phrases: the wordings.
            plain_share: share of notes in the fixed plain style.
            asides: sentences about something else.
            aside_share: share of the other notes into which some of them are put.
            register_share: share of the other notes that are written in a register (`registers/`), not in a layout.
            heard: what real people called findings, by term; registers use it.
            unsaid: says of words whether registers must not write them; the knowledge base's own it must already lack.
        """
        self.register_share = register_share
        self._registers = RegisterWriter(phrases, heard, unsaid) if register_share else None
        self.phrases, self.plain_share = phrases, plain_share
        self.asides, self.aside_share = asides, aside_share if asides else 0.0
        self._layouts: list[Callable[[Patient, Random], Note]] = [
            self._lists, self._prose, self._prose, self._letter, self._bullets, self._shorthand, self._sections,
        ]  # fmt: skip

    def write(self, patient: Patient, rng: Random) -> Note:
        """Write one note; all choices come from `rng`."""
        if rng.random() < self.plain_share:
            return self._plain(patient)
        if self._registers and rng.random() < self.register_share:
            note = self._registers.write(patient, rng)
        else:
            note = rng.choice(self._layouts)(patient, rng)
        if rng.random() >= self.aside_share:
            return note
        return interrupted(note, rng.choices(self.asides, k=1 + int(rng.expovariate(0.5))), rng)

    # layouts

    def _plain(self, patient: Patient) -> Note:
        age = None if patient.age_years is None else age_in_words(patient.age_years)
        present = [self.phrases.label(term) for term in patient.present]
        absent = [self.phrases.label(term) for term in patient.absent]
        text = plain_note(patient.sex and patient.sex.capitalize(), age, present, absent)
        mentions, at = [], text.find("Findings: ")
        for terms, labels, is_present in ((patient.present, present, True), (patient.absent, absent, False)):
            at = text.find(": ", at) + 2 if labels else at
            for term, label in zip(terms, labels, strict=True):
                mentions.append(Mention(term, is_present, at, at + len(label)))
                at += len(label) + 2
        return Note(text, mentions, frozenset({"sex"} if patient.sex else ()))

    def _lists(self, patient: Patient, rng: Random) -> Note:
        draft = Draft()
        who = self._who(draft, patient, rng)
        draft.add(f"{who[0].upper()}{who[1:]}{rng.choice(_WORDS['who_ends'])}")
        self._listed(draft, patient.present, True, rng.choice(_WORDS["list_separators"]), rng)
        draft.add(".")
        if patient.absent:
            draft.add(rng.choice(_WORDS["absent_heads"]))
            self._listed(draft, patient.absent, False, rng.choice(_WORDS["list_separators"]), rng)
            draft.add(".")
        self._family(draft, patient, rng)
        return draft.note()

    def _prose(self, patient: Patient, rng: Random) -> Note:
        draft = Draft()
        self._story(draft, patient, rng)
        return draft.note()

    def _letter(self, patient: Patient, rng: Random) -> Note:
        draft = Draft()
        draft.add(rng.choice(_WORDS["greetings"]) + rng.choice(_WORDS["referrals"]))
        self._story(draft, patient, rng)
        draft.add(rng.choice(_WORDS["closings"]))
        return draft.note()

    def _bullets(self, patient: Patient, rng: Random) -> Note:
        draft = Draft()
        bullet = rng.choice(("- ", "* ", "• "))
        draft.add(self._who(draft, patient, rng) + "\n")
        findings = [(term, True) for term in patient.present] + [(term, False) for term in patient.absent]
        if rng.random() < 0.3:
            rng.shuffle(findings)
        for term, present in findings:
            draft.add(bullet)
            self._finding(draft, term, present, rng)
            draft.add("\n")
        self._family(draft, patient, rng)
        return draft.note()

    def _shorthand(self, patient: Patient, rng: Random) -> Note:
        draft = Draft()
        age = "" if patient.age_years is None else w.short_age(patient.age_years)
        sex = {"female": "F", "male": "M", None: ""}[patient.sex]
        draft.add(rng.choice(("", "Pt ", "Pt: ")) + f"{age}{sex}".strip() + rng.choice((". ", "; ", "\n")))
        split = rng.randint(0, len(patient.present))
        for head, terms in (
            (_WORDS["short_history"], patient.present[:split]),
            (_WORDS["short_exam"], patient.present[split:]),
        ):
            if terms:
                draft.add(rng.choice(head))
                self._listed(draft, terms, True, ", ", rng)
                draft.add(rng.choice((". ", "\n")))
        if patient.absent:
            draft.add(rng.choice(_WORDS["short_absent"]))
            self._listed(draft, patient.absent, False, ", ", rng)
            draft.add(".")
        if patient.sex:
            draft.tells.add("sex")
        if patient.family:
            draft.tells.add("family")
            draft.add(rng.choice(wordings("family, layouts, short")[patient.family]))
        return draft.note()

    def _sections(self, patient: Patient, rng: Random) -> Note:
        draft = Draft()
        draft.add(rng.choice(_WORDS["history_heads"]))
        split = rng.randint(0, len(patient.present))
        who = self._who(draft, patient, rng)
        draft.add(who[0].upper() + who[1:])
        draft.add(". ")
        self._sentences(draft, patient.present[:split], _WORDS["history_verbs"], patient, rng)
        self._background(draft, rng)
        if patient.present[split:]:
            draft.add(rng.choice(_WORDS["exam_heads"]))
            self._sentences(draft, patient.present[split:], _WORDS["exam_verbs"], patient, rng)
        self._negatives(draft, patient, rng)
        if patient.family:
            draft.add(rng.choice(_WORDS["family_heads"]))
            self._family(draft, patient, rng)
        return draft.note()

    # parts

    def _story(self, draft: Draft, patient: Patient, rng: Random) -> None:
        split = rng.randint(1, len(patient.present))
        opening = rng.choice(_WORDS["openings"]).format(who=self._who(draft, patient, rng))
        draft.add(opening[0].upper() + opening[1:])
        first = patient.present[: min(split, 4)]
        self._listed(draft, first, True, ", ", rng, last=" and ")
        draft.add(". ")
        steps: list[Callable[[], None]] = [
            lambda: self._sentences(draft, patient.present[len(first) : split], _WORDS["history_verbs"], patient, rng),
            lambda: self._sentences(
                draft, patient.present[max(split, len(first)) :], _WORDS["exam_verbs"], patient, rng
            ),
            lambda: self._negatives(draft, patient, rng),
            lambda: self._family(draft, patient, rng),
            lambda: self._background(draft, rng),
        ]
        if rng.random() < 0.4:
            rng.shuffle(steps)
        for step in steps:
            step()

    def _who(self, draft: Draft, patient: Patient, rng: Random) -> str:
        person = w.person(patient.age_years, patient.sex, rng)
        if person in w.SEXED:
            draft.tells.add("sex")
        if patient.age_years is None:
            return f"{w.article(person)} {person}"
        age = age_in_words(patient.age_years)
        onset = ""
        if patient.onset_years is not None and rng.random() < 0.7:
            onset = rng.choice(_WORDS["onsets"]).format(age=age_in_words(patient.onset_years))
            draft.tells.add("onset")
        if age == "newborn":
            return f"a newborn {person}{onset}"
        count, unit = age.split(" ")
        unit = unit.rstrip("s")
        return (
            rng.choice(_WORDS["aged"]).format(
                a=w.article(count),
                count=count,
                unit=unit,
                age=age,
                person=person,
                aperson=f"{w.article(person)} {person}",
            )
            + onset
        )

    def _listed(
        self, draft: Draft, terms: Sequence[int], present: bool, separator: str, rng: Random, last: str | None = None
    ) -> None:
        for i, term in enumerate(terms):
            if i:
                draft.add(last if last and i == len(terms) - 1 else separator)
            self._said(draft, term, present, self.phrases.say(term, rng), rng)

    def _sentences(
        self, draft: Draft, terms: Sequence[int], verbs: Sequence[str], patient: Patient, rng: Random
    ) -> None:
        at = 0
        while at < len(terms):
            size = rng.randint(1, 4)
            subject = w.subject(patient.sex, rng)
            verb = rng.choice(verbs)
            if "{" in verb and subject in w.SEXED:
                draft.tells.add("sex")
            verb = verb.format(subject=subject)
            draft.add(verb[0].upper() + verb[1:])
            self._listed(draft, terms[at : at + size], True, ", ", rng, last=" and ")
            draft.add(". ")
            at += size

    def _negatives(self, draft: Draft, patient: Patient, rng: Random) -> None:
        at = 0
        while at < len(patient.absent):
            size = rng.randint(1, 4)
            draft.add(rng.choice(_WORDS["negations"]))
            self._listed(draft, patient.absent[at : at + size], False, ", ", rng, last=" or ")
            draft.add(". ")
            at += size

    def _finding(self, draft: Draft, term: int, present: bool, rng: Random) -> None:
        said = self.phrases.say(term, rng)
        self._said(draft, term, present, said if present else rng.choice(_WORDS["denied"]).format(said), rng)

    def _said(self, draft: Draft, term: int, present: bool, said: str, rng: Random) -> None:
        """Put a finding into the text as people do: qualified (outside the quote) or misspelt (inside) at times."""
        before, after = qualifiers(rng, QUALIFIED) if present else ("", "")
        draft.add(before)
        draft.mention(term, present, misspell(said, rng) if rng.random() < MISSPELT else said)
        draft.add(after)

    def _family(self, draft: Draft, patient: Patient, rng: Random) -> None:
        if patient.family:
            draft.tells.add("family")
            draft.add(" " + rng.choice(wordings("family, layouts")[patient.family]) + " ")

    def _background(self, draft: Draft, rng: Random) -> None:
        if rng.random() < 0.5:
            draft.add(rng.choice(_WORDS["background"]) + " ")


_BREAK = re.compile(r"(?:\. ?|\n)(?=[A-Z\-*]|$)")


def interrupted(note: Note, asides: Sequence[str], rng: Random) -> Note:
    """Put sentences about something else before, after or between the sentences of a note."""
    places = [0, len(note.text)]
    places += [b.end() for b in _BREAK.finditer(note.text) if not any(m.start < b.end() < m.end for m in note.mentions)]
    text, mentions = note.text, note.mentions
    for place, aside in zip(sorted(rng.choices(places, k=len(asides)), reverse=True), asides, strict=True):
        added = f" {aside} " if place else f"{aside} "
        text = text[:place] + added + text[place:]
        mentions = [
            Mention(m.term, m.present, m.start + len(added), m.end + len(added)) if m.start >= place else m
            for m in mentions
        ]
    return Note(text, mentions, note.tells)
