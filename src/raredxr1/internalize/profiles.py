"""Facts asked the other way round: the name of a disease is given, its picture is to be told.

First form of RareKnowledgeQA's profiles: clauses permuted, frequencies in words and in numbers, several wordings of the
question. The answer is drawn anew each time, most frequent findings being likeliest to be told.
"""

from random import Random

from raredxr1 import dialogue
from raredxr1.knowledge import KnowledgeBase

SYSTEM = "Rare disease knowledge."

QUESTIONS = (
    "What are the findings of {}?", "Describe {}.", "Which findings are typical of {}?", "How does {} present?",
    "List the clinical features of {}.", "A patient has {}. What do you expect?", "What is {} known for?",
    "Summarise {} for a colleague.", "Tell me about {}.", "What should I look for in {}?",
)  # fmt: skip
_IN_WORDS = ((0.99, "always"), (0.8, "very often"), (0.3, "often"), (0.05, "sometimes"), (0.0, "rarely"))


class ProfileWriter:
    """Writes question and answer about one disease."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        self.kb = kb

    def write(self, disease: int, rng: Random) -> tuple[str, str]:
        """Draw a prompt and its completion (without the end-of-turn token)."""
        question = rng.choice(QUESTIONS).format(self.kb.disease_names[disease])
        clauses = [self._findings(disease, rng)]
        clauses += [f"Inheritance: {'; '.join(modes)}." for modes in [self.kb.inheritance(disease)] if modes]
        clauses += [f"Onset: {'; '.join(onsets)}." for onsets in [self.kb.onsets(disease)] if onsets]
        clauses += [f"Genes: {', '.join(genes[:5])}." for genes in [self.kb.genes(disease)] if genes]
        rng.shuffle(clauses)
        return dialogue.chat(SYSTEM, question), " ".join(clauses)

    def _findings(self, disease: int, rng: Random) -> str:
        findings = [(t, f) for t, f in self.kb.frequencies[disease].items() if f > 0]
        told = sorted(findings, key=lambda item: -item[1] * rng.random())[: rng.randint(4, 10)]
        style = rng.randrange(3)
        said = [self.kb.term_names[term] + self._frequency(frequency, style) for term, frequency in told]
        return f"Findings: {'; '.join(said)}."

    @staticmethod
    def _frequency(frequency: float, style: int) -> str:
        if style == 0:
            return ""
        if style == 1:
            return f" ({round(100 * frequency)}%)"
        return f" ({next(word for limit, word in _IN_WORDS if frequency >= limit)})"
