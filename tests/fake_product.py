"""A model that says what a test tells it to, and a knowledge base of five diseases: the product without its assets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from raredxr1 import dialogue
from raredxr1.diagnose.engine import Completion, GenerationSettings, Stream
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import Coverage
from raredxr1.errors import InputError

NOTE = (
    "Girl of 3 years. She never walked unaided and wrings her hands all day. "
    "No seizures so far. Head growth is slow. Parents are healthy."
)
FULL = """<think>
Findings
1 + "never walked unaided" = Inability to walk
2 + "wrings her hands all day" = Stereotypic hand movements
3 - "No seizures so far" = Seizure
sex female | family unaffected
Hypotheses
Rett syndrome | for 1 2 | awaited Microcephaly; Breathing irregularity
Angelman syndrome | for 1 | against 3 | awaited Ataxia
Weigh
Rett syndrome explains 2, the most specific finding; Angelman syndrome does not.
</think>
<answer>
1. Rett syndrome
2. Angelman syndrome
3. Hand-wringing disease of Atlantis
</answer>"""
SHORT = "<answer>\n1. Angelman syndrome\n2. Rett syndrome\n</answer>"
BEAMS = (("Rett syndrome", -0.5), ("RTT", -1.5), ("Angelman syndrome", -2.0), ("Marfan syndrome", -4.0))


@dataclass
class FakeLink:
    id: str
    label: str
    rule: str = "exact"
    score: float = 100.0


DISEASES = {
    "rett syndrome": FakeLink("OMIM:312750", "Rett syndrome"),
    "rtt": FakeLink("ORPHA:778", "Rett syndrome", "synonym"),
    "ret syndrom": FakeLink("OMIM:312750", "Rett syndrome", "fuzzy", 92.0),
    "angelman syndrome": FakeLink("OMIM:105830", "Angelman syndrome"),
    "marfan syndrome": FakeLink("OMIM:154700", "Marfan syndrome"),
    "rett syndrome or angelman syndrome": FakeLink("OMIM:312750", "Rett syndrome", "fuzzy", 88.0),
    "skin/hair/eye pigmentation, blond or brown hair": FakeLink("OMIM:227220", "Pigmentation, blond or brown hair"),
}
TERMS = {"HP:0002540": "Inability to walk", "HP:0001250": "Seizure", "HP:0012171": "Stereotypic hand movements"}
TWINS = {"OMIM:312750": ["ORPHA:778"], "ORPHA:778": ["OMIM:312750"]}


class FakeKnowledge:
    version = "test-knowledge-1"
    hpo_version = "2000-01-01"
    obsolete_names: ClassVar[dict[str, str]] = {}
    disease_records = ((0,),) * 5
    term_ids = tuple(TERMS)

    # what a dictionary search of the note needs: the terms lie flat below one root
    term_names = (*TERMS.values(), "Phenotypic abnormality")
    term_ancestors = (*([number, len(TERMS)] for number in range(len(TERMS))), [len(TERMS)])
    term_synonyms: tuple[list[Any], ...] = ([],) * (len(TERMS) + 1)

    def term(self, hpo_id: str) -> int:
        return len(TERMS) if hpo_id == "HP:0000118" else list(TERMS).index(hpo_id)

    def disease(self, record_id: str) -> int | None:
        return None

    def same_as(self, record_id: str) -> list[str]:
        return TWINS.get(record_id, [])

    def resolve_term(self, hpo_id: str) -> str | None:
        return {"HP:0000009": "HP:0001250"}.get(hpo_id, hpo_id if hpo_id in TERMS else None)

    def term_name(self, hpo_id: str) -> str:
        current = self.resolve_term(hpo_id)
        if current is None:
            raise InputError(f"HPO id {hpo_id!r}: unknown")
        return TERMS[current]


class FakeLinker:
    def disease(self, name: str) -> FakeLink | None:
        return DISEASES.get(name.casefold())

    def term(self, text: str) -> FakeLink | None:
        return next((FakeLink(i, label) for i, label in TERMS.items() if label.casefold() == text.casefold()), None)


def fake_names() -> Names:
    return Names(FakeKnowledge(), FakeLinker())  # type: ignore[arg-type]


@dataclass
class FakeEngine:
    """Answers by what the system line asks for; counts words as tokens; remembers what it was asked."""

    full: str = FULL
    short: str = SHORT
    beams: Sequence[tuple[str, float]] = BEAMS
    lead: str = ""
    samples: Sequence[str] = ()
    context_length: int = 4000
    truncated: bool = False
    name: str = "fake"
    path: Path = Path("fake-model")
    prompts: list[str] = field(default_factory=list)
    settings: list[GenerationSettings] = field(default_factory=list)

    def count(self, text: str) -> int:
        return len(text.split())

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        self._asked(prompt, settings)
        text = self._turn(prompt)

        def pieces() -> Any:
            for start in range(0, len(text), 7):
                yield text[start : start + 7]
            return self._completion(text, -3.0)

        return Stream(pieces())

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        for prompt in prompts:
            self._asked(prompt, settings)
        if settings.beam > 1:
            assert all(dialogue.system_line("short", "final") in prompt for prompt in prompts)
            turns = [(f"<answer>\n1. {name}\n</answer>", log_prob) for name, log_prob in self.beams]
        elif settings.temperature == 0:
            return [[self._completion(self._turn(prompt), -3.0)] for prompt in prompts]
        else:
            turns = [(text, -3.0) for text in self.samples[: settings.samples]]
        return [[self._completion(text, log_prob) for text, log_prob in turns] for _ in prompts]

    def score(self, prompt: str, continuation: str) -> list[float]:
        raise AssertionError("nothing is scored here")

    def _turn(self, prompt: str) -> str:
        if dialogue.asks_lead(prompt):
            return self.lead
        return self.full if dialogue.system_line("full", "differential") in prompt else self.short

    def _asked(self, prompt: str, settings: GenerationSettings) -> None:
        self.prompts.append(prompt)
        self.settings.append(settings)

    def _completion(self, text: str, log_prob: float) -> Completion:
        return Completion(text=text, tokens=self.count(text), log_prob=log_prob, truncated=self.truncated)


def fake_model(engine: FakeEngine | None = None, **changes: Any) -> Model:
    coverage = Coverage(statement="Taught 5 diseases.", diseases=5, accuracy={"synthetic recall@1": 0.5})
    return Model(engine or FakeEngine(), "fake-1", **{"sha256": "ab" * 32, "coverage": coverage, **changes})
