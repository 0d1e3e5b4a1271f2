"""Tells of one patient: what every register needs, from a list of findings to the family's history.

A `Teller` writes one note. A register calls its parts in the order it likes; whatever order that is, every finding is
mentioned once and its place is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from raredxr1 import lazy_re as re
from raredxr1.cases.draft import Draft
from raredxr1.cases.patients import Patient
from raredxr1.cases.plain import age_in_words
from raredxr1.cases.registers.phrasing import (
    CODA,
    HISTORIES,
    INBORN,
    JOINED,
    JOINS,
    LATER,
    MISSPELT,
    PHRASES,
    QUALIFIED,
    SHOWN_BY,
    SIZED,
    TESTED,
    TIMED,
    UNCERTAIN,
    Background,
    Line,
    Sorter,
    capital,
    plural,
)
from raredxr1.cases.speech.grammar import compiled, expand
from raredxr1.cases.speech.person import People, Person
from raredxr1.cases.speech.speech import Scene, Speech
from raredxr1.cases.speech.wording import Said, Voice
from raredxr1.cases.wordings import article, misspell
from raredxr1.data import wordings
from raredxr1.knowledge import KnowledgeBase

_THERE = re.compile(r"there (is|was) $")


@dataclass(frozen=True)
class Tools:
    """What all notes are written with."""

    kb: KnowledgeBase
    speech: Speech
    sorter: Sorter
    people: People
    background: Background
    doubtful: tuple[int, ...]
    """Terms that nobody is sure of, at times."""


class Teller:
    """Writes one note about one patient."""

    def __init__(self, tools: Tools, patient: Patient, voice: Voice, past: bool, rng: Random) -> None:
        """Begin a note.

        Args:
            tools: shared by all notes.
            patient: whom it is about.
            voice: who speaks.
            past: whether it is told in the past tense.
            rng: source of all randomness.
        """
        self.tools, self.patient, self.rng, self.draft = tools, patient, rng, Draft()
        self.person: Person = tools.people.told(patient, rng)
        above = tools.kb.term_ancestors
        shown = frozenset(ancestor for term in patient.present for ancestor in above[term])
        findings = frozenset((*patient.present, *patient.absent))
        self.scene = Scene(self.person, voice, past, findings, shown, is_british=rng.random() < 0.4)
        self.parts: dict[str, list[int]] = {}
        for term in patient.present:
            self.parts.setdefault(tools.sorter.part(term), []).append(term)
        self.negatives = list(patient.absent)
        self.past_findings = self._past_findings()
        self._joined = False
        self.wordy = rng.random()
        """How much beside the findings this note tells: 0 to 1."""

    def _past_findings(self) -> list[int]:
        """Findings to be told as a thing of the past; taken out of the parts."""
        years = self.person.years
        if self.rng.random() >= HISTORIES or (years is not None and years < 3):
            return []
        for terms in self.parts.values():
            for term in terms:
                if self.tools.sorter.resolves(term):
                    terms.remove(term)
                    return [term]
        return []

    def chance(self, share: float) -> bool:
        """Whether something that happens in such a share of notes happens in this one; wordy notes have more of it."""
        return self.rng.random() < share * (0.35 + 1.3 * self.wordy)

    def taken(self, *names: str) -> list[int]:
        """Take the findings of some parts of the record out, in order."""
        return [term for name in names for term in self.parts.pop(name, [])]

    def rest(self) -> list[int]:
        """Take out whatever findings are left."""
        return self.taken(*list(self.parts))

    # words

    def fill(self, text: str) -> str:
        """Draw one wording of a text with alternatives."""
        said = expand(compiled(text), self.rng, self.person.words, self.scene.past, self.person.years)
        return said.replace("  ", " ") if "  " in said else said

    def add(self, text: str) -> None:
        """Append text as drawn."""
        self.draft.add(self.fill(text))

    def sentence(self, text: str, end: str = ". ") -> None:
        """Append a sentence."""
        said = capital(self.fill(text).strip())
        self.draft.add((misspell(said, self.rng) if self.rng.random() < MISSPELT else said) + end)

    def mention(self, term: int, present: bool, text: str) -> None:
        """Append the words of a finding, at times with a slip of the keyboard."""
        self.draft.mention(term, present, misspell(text, self.rng) if self.rng.random() < MISSPELT else text)

    def subject(self) -> str:
        """A word for the patient at the beginning of a sentence."""
        words = self.person.words
        drawn = self.rng.random()
        if self.scene.voice == "lay" or drawn < 0.75:
            return words["he"]
        if drawn < 0.85 and self.person.noun in ("girl", "boy", "woman", "man"):
            return f"the {words['noun']}"
        return words["patient"]

    def who(self) -> str:
        """The patient by age and sex, with article: "a 7-year-old girl"."""
        person, rng = self.person, self.rng
        noun = person.words["noun"]
        if person.years is None:
            return f"{article(noun)} {noun}"
        age = age_in_words(person.years)
        if age == "newborn":
            return f"a newborn {noun}"
        count, unit = age.split(" ")
        stem = unit.rstrip("s")
        forms = (
            f"{article(count)} {count}-{stem}-old {noun}",
            f"{article(count)} {count}-{stem}-old {noun}",
            f"{article(count)} {count} {stem} old {noun}",
            f"{article(noun)} {noun} aged {age}",
            f"{article(noun)} {noun} of {age}",
            f"{article(count)} {count} {unit} old {noun}",
        )
        return rng.choice(forms)

    def onset(self, *texts: str) -> str:
        """Since when the patient is ill, if the note may tell; `@` in the texts stands for the age."""
        if self.patient.onset_years is None or self.person.onset_years is None:
            return ""
        self.draft.tells.add("onset")
        age = age_in_words(self.person.onset_years)
        since = "birth" if age == "newborn" else self.rng.choice((f"the age of {age}", f"{age} of age"))
        return self.fill(self.rng.choice(texts)).replace("@", since)

    # findings

    def noun(self, term: int, said: Said, prose: bool, bare: bool = False) -> None:
        """Append a noun phrase, in prose with its article, at times qualified."""
        before = said.article if prose else ""
        first = said.text.split(" ", 1)[0].lower()
        plain = said.text.isascii() and said.text[0].islower() and not any(c.isdigit() for c in said.text)
        may_be_qualified = plain and said.text.count(" ") < 3 and first not in SIZED and not first.endswith("ing")
        if may_be_qualified and not bare and self.tools.sorter.resolves(term) and self.rng.random() < QUALIFIED:
            before = ("a " if before else "") + self.rng.choice(PHRASES["qualifiers"]) + " "
        self.draft.add(before)
        self.mention(term, True, said.text)
        if (
            prose
            and not bare
            and self.rng.random() < LATER
            and (self.person.years or 0) > 1
            and self.scene.voice != "lay"
        ):
            is_recent = self.tools.sorter.resolves(term) and self.person.onset_years is None
            self.add(self.rng.choice(PHRASES["durations"] if is_recent else PHRASES["laters"]))

    def list_nouns(self, found: Sequence[tuple[int, Said]], prose: bool = True) -> None:
        """Append noun phrases with commas and a last word between them."""
        last = " and " if len(found) < 3 or self.rng.random() < 0.5 else ", and "
        for i, (term, said) in enumerate(found):
            if i:
                self.draft.add(last if i == len(found) - 1 else ", ")
            self.noun(term, said, prose)

    def findings(self, terms: Sequence[int], leads: Sequence[str], doctor_leads: Sequence[str] = ()) -> None:
        """Append sentences that tell of present findings.

        Args:
            terms: the findings.
            leads: beginnings that a list of noun phrases completes.
            doctor_leads: the same for words the speaker has from others.
        """
        chunks: list[Callable[[], object]] = []
        nouns: dict[bool, list[tuple[int, Said]]] = {False: [], True: []}
        verbs: list[tuple[int, Said]] = []
        for term in terms:
            said = self.tools.speech.present(term, self.scene, self.rng)
            if self.tools.sorter.part(term) in TESTED:
                said = replace(said, text=SHOWN_BY.sub("", said.text))
            if said.form == "noun":
                nouns[said.technical and bool(doctor_leads)].append((term, said))
            elif said.form == "verb":
                verbs.append((term, said))
            else:
                chunks.append(partial(self._clause, term, said))
        for technical, found in nouns.items():
            for group in self.grouped(found, 5):
                chunks.append(partial(self._noun_sentence, group, doctor_leads if technical else leads))
        for group in self.grouped(verbs, 3):
            chunks.append(partial(self._verb_sentence, group))
        self.rng.shuffle(chunks)
        for i, chunk in enumerate(chunks):
            chunk()
            if self.scene.voice == "clinical" and self.rng.random() < CODA:
                self.add(self.rng.choice(PHRASES["codas"]))
            self._joined = i < len(chunks) - 1 and self.rng.random() < JOINED
            self.draft.add(self.rng.choice(JOINS) if self._joined else ". ")
        self._joined = False

    def _start(self, text: str) -> str:
        """The text as it begins a sentence, or as it goes on in one."""
        return text if self._joined else capital(text)

    def grouped(self, found: list[tuple[int, Said]], most: int) -> list[list[tuple[int, Said]]]:
        """Cut into groups of at most so many."""
        groups, at = [], 0
        while at < len(found):
            size = min(most, 1 + int(self.rng.random() * (most + 1)))
            groups.append(found[at : at + size])
            at += size
        return groups

    def _clause(self, term: int, said: Said) -> None:
        self.mention(term, True, self._start(said.text))

    def _verb_sentence(self, found: Sequence[tuple[int, Said]]) -> None:
        self.draft.add(self._start(self.subject()) + " ")
        for i, (term, said) in enumerate(found):
            if i:
                self.draft.add(" and " if i == len(found) - 1 else ", ")
            self.mention(term, True, said.text)

    def _noun_sentence(self, found: Sequence[tuple[int, Said]], leads: Sequence[str]) -> None:
        first = found[0][1]
        if self.rng.random() < 0.1 and self.scene.voice != "lay" and not first.article:
            self.mention(found[0][0], True, self._start(first.text))
            if len(found) > 1:
                self.draft.add(" and " if len(found) == 2 else ", ")
                self.list_nouns(found[1:])
            several = len(found) > 1 or plural(first.text)
            self.add(f" {self.rng.choice(PHRASES['plural_tails' if several else 'tails'])}")
            return
        lead = self.fill(self.rng.choice(leads)).lstrip()
        names = self.tools.kb.term_names
        is_inborn = any(INBORN.search(names[term]) for term, _ in found)
        timed = "" if is_inborn or self.scene.voice == "lay" else self._time()
        if timed:
            lead = timed
        if plural(first.text):
            lead = _THERE.sub(lambda match: f"there {'are' if match[1] == 'is' else 'were'} ", lead)
        if lead:
            self.draft.add(self._start(lead))
            self.list_nouns(found)
        else:
            self.draft.add(self._start(first.article))
            self.mention(found[0][0], True, first.text if first.article else self._start(first.text))
            if found[1:]:
                self.draft.add(", " if len(found) > 2 else " and ")
                self.list_nouns(found[1:])

    def _time(self) -> str:
        """A beginning that says at what age; not where the note has told since when the patient is ill."""
        years = self.person.years
        if years is None or years < 1 or "onset" in self.draft.tells or self.rng.random() >= TIMED:
            return ""
        age = age_in_words(years * self.rng.uniform(0.05, 0.95))
        return "" if age == "newborn" else self.fill(self.rng.choice(PHRASES["times"])).replace("@", age)

    # everything else

    def historical(self) -> None:
        """Append what is a thing of the past. It was there: the finding counts as present."""
        for term in self.past_findings:
            said = self.tools.speech.present(term, self.scene, self.rng, may_measure=False)
            if said.form == "noun":
                younger = "small child" if self.person.is_child else "younger person"
                self.add(f"[In the past|Previously|Earlier|As a {younger}], {{he}} had ")
                self.noun(term, said, True, bare=True)
                self.add("[, which [resolved|settled|did not recur]|, now resolved| (resolved)|, since resolved]. ")
            elif said.form == "verb":
                self.draft.add(capital(self.subject()) + " ")
                self.mention(term, True, said.text)
                self.add("[, but not any more|, which has settled| (no longer)]. ")
            else:
                self._clause(term, said)
                self.draft.add(". ")
        self.past_findings = []

    def doubt(self, texts: Sequence[str] = PHRASES["unsure"]) -> str:
        """Something nobody is sure of, which is no finding; or nothing."""
        if self.rng.random() >= UNCERTAIN:
            return ""
        above = self.tools.kb.term_ancestors
        term = self.rng.choice(self.tools.doubtful)
        if any(term in above[other] or other in above[term] for other in self.scene.findings):
            return ""
        label = self.tools.speech.phrases.inside(self.tools.kb.term_names[term])
        return self.fill(self.rng.choice(texts).replace("{}", label.replace("{", "")))

    def tell_doubt(self) -> None:
        """Append what nobody is sure of, if there is any."""
        doubt = self.doubt()
        self.draft.add(capital(doubt) + ". " if doubt else "")

    def nouns(self, terms: Sequence[int]) -> list[tuple[int, Said]]:
        """What can stand in a list of nouns, of some findings in words."""
        said = [(term, self.tools.speech.present(term, self.scene, self.rng, may_measure=False)) for term in terms]
        return [pair for pair in said if pair[1].form == "noun"]

    def in_any_order(self, steps: list[Callable[[], object]], share: float = 1.0) -> None:
        """Take some steps, in such a share of notes in another order."""
        if share == 1.0 or self.rng.random() < share:
            self.rng.shuffle(steps)
        for step in steps:
            step()

    def family(self) -> None:
        """Append the family's history, where the patient has any, at times with illnesses of no relevance."""
        kind = self.patient.family
        if kind:
            self.draft.tells.add("family")
            self.sentence(self.rng.choice(wordings("family")[kind]))
        if self.chance(0.15):
            self.sentence(self.rng.choice(wordings("family")["unrelated"]))

    def present_tests(self) -> list[str]:
        """Names of the investigations that showed something, in random order."""
        names = [name for name in wordings("tests") if self.parts.get(name)]
        self.rng.shuffle(names)
        return names

    def tell_tests(self, names: Sequence[str] | None = None) -> None:
        """Append what investigations showed, as sentences: each finding behind the name of its test."""
        for name in self.present_tests() if names is None else names:
            self.findings(self.taken(name), wordings("tests")[name])

    def some(self, lines: Sequence[Line], most: int) -> list[str]:
        """Lines about something else that are true of this patient; more of them in wordy notes."""
        count = min(most, int(self.rng.random() * (1 + 2.2 * self.wordy * most)))
        chosen: list[str] = []
        for line in self.rng.sample(lines, min(len(lines), count)):
            if line.fits(self.scene.shown, self.person.years):
                said = expand(line.template, self.rng, self.person.words, self.scene.past, self.person.years)
                chosen.append(said.strip().replace("  ", " "))
        return chosen

    def section(self, heading: str, *contents: Callable[[], None]) -> None:
        """Append a heading and what stands under it; nothing at all where that turns out to be nothing."""
        begun, parts = self.draft.length, len(self.draft.parts)
        self.draft.add(heading)
        headed = self.draft.length
        for content in contents:
            content()
        if self.draft.length == headed:
            del self.draft.parts[parts:]
            self.draft.length = begun

    def tell(self, lines: Sequence[Line], most: int = 2) -> None:
        """Append some of these lines as sentences."""
        said = self.some(lines, most)
        for i, text in enumerate(said):
            is_joined = i > 0 and said[i - 1][-1].isalnum() and self.rng.random() < JOINED
            if i:
                self.draft.add(self.rng.choice((" and ", ", and ", "; ")) if is_joined else ". ")
            self.draft.add(text if is_joined else capital(text))
        self.draft.add(". " if said else "")

    @property
    def social(self) -> Sequence[Line]:
        """Lines about daily life at this age."""
        background = self.tools.background
        return background.social_child if self.person.is_child else background.social_adult
