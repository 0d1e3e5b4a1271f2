"""Profile: the name of a disease is given, its picture is to be told; commonest findings are likeliest to be told."""

from collections.abc import Sequence
from random import Random

from raredxr1 import dialogue
from raredxr1.cases.patients import ONSET_YEARS
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.plain import age_in_words
from raredxr1.data import wordings
from raredxr1.knowledge import KnowledgeBase

_WORDS = wordings("questions, profile")

MOST_GENES = 5


class ProfileWriter:
    """Writes question and answer about one disease."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        self.kb, self._phrases = kb, Phrases(kb)

    def write(self, disease: int, rng: Random) -> tuple[str, str]:
        """Draw a prompt and its completion (without the end-of-turn token)."""
        question = ask(rng, _WORDS["questions"], name=name_of(self.kb, disease, rng))
        clauses = [
            rng.choice(_WORDS["heads"]).format(findings_said(self.kb, self._phrases, disease, rng, rng.randint(4, 10)))
        ]
        clauses += context_clauses(self.kb, disease, rng)
        rng.shuffle(clauses)
        return dialogue.chat(SYSTEM, question), " ".join(clauses)


def findings_said(kb: KnowledgeBase, phrases: Phrases, disease: int, rng: Random, count: int) -> str:
    """So many findings of a disease, commonest likeliest, a third of them in other words, frequencies in one style."""
    findings = [(t, f) for t, f in kb.frequencies[disease].items() if f > 0]
    told = sorted(findings, key=lambda item: -item[1] * rng.random())[:count]
    style = rng.randrange(3)
    said = [
        (kb.term_names[term] if rng.random() < 0.67 else phrases.say(term, rng)) + frequency_said(frequency, style)
        for term, frequency in told
    ]
    return "; ".join(said)


def context_clauses(kb: KnowledgeBase, disease: int, rng: Random) -> list[str]:
    """Inheritance, onset (as a term or as ages) and genes, those of them that are known."""
    clauses = []
    if modes := kb.inheritance(disease):
        clauses.append(rng.choice(_WORDS["inherited"]).format("; ".join(modes)))
    if onsets := kb.onsets(disease):
        said = [_ages(onset) if onset in ONSET_YEARS and rng.random() < 0.4 else onset for onset in onsets]
        clauses.append(rng.choice(_WORDS["begins"]).format("; ".join(dict.fromkeys(said))))
    if genes := kb.genes(disease):
        clauses.append(rng.choice(_WORDS["genes"]).format(", ".join(genes[:MOST_GENES])))
    return clauses


def _ages(onset: str) -> str:
    low, high = ONSET_YEARS[onset]
    if high == 0:
        return "signs at or before birth"
    return f"first signs between {age_in_words(low) if low else 'birth'} and {age_in_words(high)}"


SYSTEM = "Rare disease knowledge."


IN_WORDS = ((0.99, "always"), (0.8, "very often"), (0.3, "often"), (0.05, "sometimes"), (0.0, "rarely"))
"""Frequencies from which on a word is used; the bounds are those of HPO's frequency terms."""


def ask(rng: Random, cores: Sequence[str], **names: str) -> str:
    """Put a question together: an opening, one of the cores with its names filled in, a closing."""
    return rng.choice(_WORDS["openings"]) + rng.choice(cores).format(**names) + rng.choice(_WORDS["closings"])


def frequency_said(frequency: float, style: int) -> str:
    """A frequency as nothing (style 0), as a number (1) or in a word (2), in brackets."""
    if style == 0:
        return ""
    if style == 1:
        return f" ({round(100 * frequency)}%)"
    return f" ({next(word for limit, word in IN_WORDS if frequency >= limit)})"


def name_of(kb: KnowledgeBase, disease: int, rng: Random) -> str:
    """One of the names a disease has: mostly the one that is taught as the answer."""
    if rng.random() < 0.7:
        return kb.disease_names[disease]
    return rng.choice([kb.record_names[record] for record in kb.disease_records[disease]])
