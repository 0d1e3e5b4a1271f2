"""Notes, each with a text about its disease, in batches whose diseases are easily mistaken for one another.

A batch is made of groups: a note, and notes of diseases that the ranking by words puts near its own. So what tells them
apart is learned, not what tells a tumour from a fever. A text never is the note itself, and says its disease's name as
often as not, since names say much and notes never have them.
"""

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from raredxr1.internalize.meaning_ranker.config import MeaningRankerConfig
from raredxr1.internalize.text_ranker.documents import Diseases, texts_of
from raredxr1.internalize.text_ranker.narratives import Narrative, gather, told_cases
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.text_ranker import TEXT_RANKER, TextRanker

NEAR = 40
"""Diseases that the ranking by words finds near a note, from which the rest of its group is drawn."""
WORDS, TEXT_WORDS = 80, 60
"""Words of a note, and of a text about a disease, from which on some sentences of it are taken."""
NAMED = 0.7
"""How often a text begins with the name of its disease."""
FEWER = 0.3
"""How often a short note loses sentences, and how many."""
PRESENTATIONS = 0.5
"""How often a presentation that is drawn is taken; cases and narratives always are."""
FINDINGS = (4, 16)
"""Annotated findings that a text about a disease names."""
LEAST_FINDINGS = 3
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+")
_NUMBERED = re.compile(r"\b(type|autosomal|dominant|recessive|x-linked|\d+[a-z]?|[ivx]+|[a-z])\b|[,;()-]")


class Pair(NamedTuple):
    """A note, the disease that the text is about, and all that would be right."""

    note: str
    text: str
    disease: int
    right: tuple[int, ...]


class Pairs:
    """Draws batches; the same for the same step and seed."""

    def __init__(self, config: MeaningRankerConfig, kb: KnowledgeBase) -> None:
        """Read all texts and notes.

        Raises:
            InputError: a file is missing or damaged.
        """
        self._config, self._kb = config, kb
        diseases = Diseases(kb)
        self.texts: list[list[str]] = [[] for _ in kb.disease_records]
        notes: list[Narrative] = []
        for file in (*config.texts, *config.presentations):
            for about, said in texts_of(file.path, diseases, config.most_diseases_a_text):
                for kind, text in said:
                    if kind != "named finding" and len(text.split()) > 4:
                        for disease in about:
                            self.texts[disease].append(" ".join(text.split()))
                        if kind == "presentation":
                            notes.append(Narrative(text, tuple(about)))
        self.read = {"texts": sum(map(len, self.texts)), "presentations": len(notes)}
        self._presentations = len(notes)
        self._findings = [
            [(share, kb.term_names[term]) for term, share in kb.frequencies[disease].items() if share > 0]
            for disease in range(len(kb.disease_records))
        ]
        narratives, told = gather(config, kb, diseases).labelled, told_cases(config, kb, diseases)
        self.read |= {"narratives": len(narratives), "told": len(told)}
        self._notes = [*notes, *narratives, *told]
        self._usable = [n for n, note in enumerate(self._notes) if any(map(self._has_text, note.diseases))]
        self._of: dict[int, list[int]] = defaultdict(list)
        for number in self._usable:
            for disease in self._notes[number].diseases:
                self._of[disease].append(number)
        self._ranker = TextRanker(kb, config.text_ranker or TEXT_RANKER)
        self.kin = [" ".join(_NUMBERED.sub(" ", name.lower()).split()) for name in kb.disease_names]

    def batch(self, step: int) -> list[Pair]:
        """The pairs of a step, each of another disease."""
        chance = random.Random(f"{self._config.seed} {step}")
        chosen: list[int] = []
        taken: set[int] = set()
        most = self._config.groups * self._config.group
        while len(chosen) < most and len(taken) < len(self._of):
            first = self._drawn(chance)
            if not taken.intersection(self._notes[first].diseases):
                taken.update(self._notes[first].diseases)
                chosen += [first, *self._near(first, taken, chance)]
        return [self._pair(number, chance) for number in chosen[:most]]

    def described(self, disease: int) -> list[str]:
        """All texts about a disease, each with its name; the name alone where there is none."""
        findings = sorted(self._findings[disease], key=lambda one: -one[0])[: FINDINGS[1]]
        texts = [*self.texts[disease], *(["; ".join(label for _, label in findings)] if findings else [])]
        name = self._kb.disease_names[disease]
        return [f"{name}: {text}" for text in texts] or [name]

    def _drawn(self, chance: random.Random) -> int:
        while True:
            number = chance.choice(self._usable)
            if number >= self._presentations or chance.random() < PRESENTATIONS:
                return number

    def _near(self, first: int, taken: set[int], chance: random.Random) -> list[int]:
        """Notes of other diseases that the words of a note speak for."""
        near = [disease for disease, _ in self._ranker.rank(self._notes[first].text, NEAR) if disease in self._of]
        chance.shuffle(near)
        group: list[int] = []
        for disease in near:
            number = chance.choice(self._of[disease])
            if len(group) < self._config.group - 1 and not taken.intersection(self._notes[number].diseases):
                group.append(number)
                taken.update(self._notes[number].diseases)
        return group

    def _has_text(self, disease: int) -> bool:
        return len(self._findings[disease]) >= LEAST_FINDINGS or len(self.texts[disease]) > 1

    def _pair(self, number: int, chance: random.Random) -> Pair:
        note = self._notes[number]
        disease = chance.choice([one for one in note.diseases if self._has_text(one)])
        text = self._text(disease, " ".join(note.text.split()), chance)
        return Pair(_part(note.text, WORDS, chance), text, disease, note.diseases)

    def _text(self, disease: int, note: str, chance: random.Random) -> str:
        own = [text for text in self.texts[disease] if text != note]
        findings = self._findings[disease]
        if len(findings) >= LEAST_FINDINGS and chance.randrange(len(own) + 1) == 0:
            some = sorted(findings, key=lambda one: -one[0] * chance.random())[: chance.randint(*FINDINGS)]
            text = "; ".join(label for _, label in some)
        else:
            text = _part(chance.choice(own or self.texts[disease]), TEXT_WORDS, chance)
        return f"{self._kb.disease_names[disease]}: {text}" if chance.random() < NAMED else text


def _part(text: str, most: int, chance: random.Random) -> str:
    """A text as it may be met: of a long one a run of sentences, of a short one sometimes fewer of them."""
    sentences: Sequence[str] = _SENTENCE.split(text)
    if len(text.split()) <= most:
        if chance.random() < FEWER and len(sentences) > 2:
            sentences = [one for one in sentences if chance.random() > FEWER] or sentences
        return " ".join(sentences)
    first = chance.randrange(len(sentences))
    run: list[str] = []
    for sentence in (*sentences[first:], *sentences[:first]):
        run.append(sentence)
        if sum(len(one.split()) for one in run) >= most:
            break
    return " ".join(run)
