"""Reading lessons as they are asked for: one window of a text in, the findings said there out.

The texts are real ones in which people marked findings, and synthetic notes in the registers, whose states are known.
A lesson is a stretch of a text from a sentence drawn at random, as long as the windows that are read in use; many hold
nothing, and that is taught too. What is not said of the patient (a relative's, advised against, uncertain) is no
finding, so it is not listed.

Left out on purpose: stand-ins for marked findings (readings.py), which taught a model without language to copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from raredxr1 import dialogue
from raredxr1.cases.annotated import read_marks, split_sentences
from raredxr1.cases.draft import Mention, Note
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import Assertion, assertions
from raredxr1.knowledge.recognition import Recogniser
from raredxr1.runstore import json_rows
from raredxr1.schemas import Finding

PHENOTYPE = "HP:0000118"
WORDS = (35, 70)
"""Shortest and longest window, in words."""
EMPTY = 0.5
"""Share of the windows without a finding that are taught; they are short and alike."""
MOST_LETTERS = 80
"""A marked stretch longer than this is a sentence, not a finding to quote."""


@dataclass(frozen=True)
class Marked:
    """A text, where its sentences begin, and its findings, in order, none inside another."""

    text: str
    sentences: tuple[int, ...]
    mentions: tuple[Mention, ...]


def marked(text: str, mentions: Sequence[Mention]) -> Marked:
    """Prepare a text for lessons; of marks inside one another the outermost stays."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if (not kept or mention.start >= kept[-1].end) and mention.end - mention.start <= MOST_LETTERS:
            kept.append(mention)
    starts = [s for s in split_sentences(text) if not any(m.start < s < m.end for m in kept)]
    return Marked(text, tuple(starts), tuple(kept))


def read_marked(path: Path, kb: KnowledgeBase) -> list[Marked]:
    """Read annotated texts: JSONL of rows as `cases.annotated.read_marks` takes them.

    Where an annotation has no state, the assertion engine says it: what it reads as a relative's is left out, the
    denied is absent.

    Raises:
        InputError: the file cannot be read, or a row is not in this form; the line is named.
    """
    texts = [read_marks(row, where) for where, row in json_rows(path)]
    return [marked(text, _mentions(text, marks, kb)) for text, marks in texts]


def _mentions(text: str, marks: Sequence[tuple[int, int, str | None, str | None]], kb: KnowledgeBase) -> list[Mention]:
    root = kb.term(PHENOTYPE)
    known: list[tuple[int, int, int, str | None]] = []
    for start, end, hpo, state in marks:
        current = kb.resolve_term(hpo) if hpo else None
        if current and 0 <= start < end <= len(text) and root in kb.term_ancestors[kb.term(current)]:
            known.append((start, end, kb.term(current), state))
    read = assertions(text, [(start, end) for start, end, _, _ in known])
    mentions = []
    for (start, end, term, state), said in zip(known, read, strict=True):
        state = state or {Assertion.absent: "absent", Assertion.other: "other"}.get(said, "present")
        if state in ("present", "absent"):
            mentions.append(Mention(term, state == "present", start, end))
    return mentions


def with_repeats(text: Marked, recogniser: Recogniser) -> Marked:
    """Mark also where a marked term, or one more general, is named again: people often mark the first place alone."""
    kb = recogniser.kb
    named = {above for m in text.mentions for above in kb.term_ancestors[m.term]}
    again = [
        Mention(found.term, found.assertion == Assertion.present, found.start, found.end)
        for found in recogniser.find(text.text)
        if found.term in named
        and found.assertion in (Assertion.present, Assertion.absent)
        and not any(m.start < found.end and found.start < m.end for m in text.mentions)
    ]
    return marked(text.text, [*text.mentions, *again])


class WindowLessons:
    """Draws windows from marked texts, longer texts more often."""

    def __init__(self, kb: KnowledgeBase, texts: Sequence[Marked]) -> None:
        """Take the texts; at least one is needed."""
        if not texts:
            raise ValueError("no text to draw windows from")
        self.kb, self._texts = kb, texts
        self._weights = [len(t.text) for t in texts]

    def write(self, rng: Random) -> tuple[str, str]:
        """Draw a prompt and its completion, with the end of the turn."""
        while True:
            prompt, completion = window_lesson(self.kb, rng.choices(self._texts, self._weights)[0], rng)
            if not completion.startswith(dialogue.NOTHING) or rng.random() < EMPTY:
                return prompt, completion


def window_lesson(kb: KnowledgeBase, text: Marked, rng: Random) -> tuple[str, str]:
    """A window of a text from a sentence drawn at random, and its findings."""
    begin, end = _stretch(text, rng)
    findings = [
        Finding(index=i, present=m.present, quote=text.text[m.start : m.end], term=kb.term_names[m.term])
        for i, m in enumerate((m for m in text.mentions if begin <= m.start and m.end <= end), 1)
    ]
    prompt = dialogue.render_reading_prompt(text.text[begin:end])
    return prompt, dialogue.render_reading(findings) + dialogue.TURN_END


def as_marked(note: Note) -> Marked:
    """A synthetic note as a text for lessons."""
    return marked(note.text, note.mentions)


def _stretch(text: Marked, rng: Random) -> tuple[int, int]:
    wanted = rng.randint(*WORDS)
    first = rng.randrange(len(text.sentences))
    begin = text.sentences[first]
    ends = [*text.sentences[first + 1 :], len(text.text)]
    end = ends[0]
    for further in ends[1:]:
        if len(text.text[begin:further].split()) > wanted:
            break
        end = further
    return begin, end
