"""E, the opinions of other diagnosers: rankings over the knowledge base, and any further model that is configured.

The rankings read HPO terms: the case's own, or where it has none those of the failed turn. Some are withheld at random,
so that an opinion is no oracle. Further models read the note; what each says of a case is asked once and kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

import numpy as np

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.pipeline import Options
from raredxr1.diagnose.servers.client import Endpoint
from raredxr1.diagnose.servers.differential import parse_system
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.systems import System
from raredxr1.evaluate.systems.opening import Request, open_system
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.likelihood import LikelihoodScorer
from raredxr1.knowledge.ranking import Row
from raredxr1.knowledge.similarity import SimilarityScorer
from raredxr1.reflect.claims import disease_number
from raredxr1.reflect.config import ReflectConfig, Remote
from raredxr1.schemas import Diagnosis

RANKINGS = ("likelihood", "similarity")


class Scorer(Protocol):
    """Either ranking of the knowledge base."""

    def scores(self, present: Sequence[int], absent: Sequence[int]) -> Row:
        """Score every candidate."""
        ...


@dataclass(frozen=True)
class Opinion:
    """What one diagnoser thinks: names, likeliest first; `diseases` are those that are known, as numbers."""

    source: str
    names: tuple[str, ...]
    diseases: tuple[int, ...]

    @property
    def line(self) -> str:
        """As it is shown: "likelihood: Rett syndrome; Angelman syndrome"."""
        return f"{self.source}: {'; '.join(self.names)}"


class Rankings:
    """The rankings of the knowledge base over the candidate diseases."""

    def __init__(self, kb: KnowledgeBase, diseases: Sequence[int], methods: Sequence[str]) -> None:
        """Take the candidates, and which rankings to give."""
        self._kb, self._diseases = kb, np.array(diseases)
        made: dict[str, Callable[[], Scorer]] = {
            "likelihood": lambda: LikelihoodScorer(kb, self._diseases),
            "similarity": lambda: SimilarityScorer(kb, self._diseases),
        }
        self._scorers = {method: made[method]() for method in methods}

    def opinions(self, present: Sequence[int], absent: Sequence[int], names: int) -> list[Opinion]:
        """Give each ranking's first names; nothing where no finding is known to be there."""
        if not present:
            return []
        found = []
        for source, scorer in self._scorers.items():
            best = np.argsort(-scorer.scores(present, absent), kind="stable")[:names]
            chosen = tuple(self._diseases[best].tolist())
            found.append(Opinion(source, tuple(self._kb.disease_names[d] for d in chosen), chosen))
        return found

    def drawn(self, count: int, rng: Random) -> list[int]:
        """Draw so many candidates at random, or all where there are fewer."""
        diseases: list[int] = self._diseases.tolist()
        return rng.sample(diseases, min(count, len(diseases)))


def terms_for(item: Item, turn: Diagnosis, kb: KnowledgeBase, share: float, rng: Random) -> tuple[list[int], list[int]]:
    """Present and absent terms that the rankings may read, a random share of them withheld (never all present ones)."""
    present, absent = list(item.present), list(item.absent)
    if not present:
        present = [f.hpo_id for f in turn.findings if f.hpo_id and f.present]
        absent = [f.hpo_id for f in turn.findings if f.hpo_id and not f.present]
    kept = [i for i in present if rng.random() >= share] or present[:1]
    return [kb.term(i) for i in kept], [kb.term(i) for i in absent if rng.random() >= share]


def split_sources(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split configured opinions into rankings and further models.

    Raises:
        InputError: neither.
    """
    further = [name for name in names if name not in RANKINGS]
    for name in further:
        if not name.startswith(("openai:", "model:")):
            raise InputError(f"opinions: {name!r} is neither {' nor '.join(RANKINGS)}, model:PATH or openai:URL#model")
    return [name for name in names if name in RANKINGS], further


def open_further(config: ReflectConfig, names: Names) -> dict[str, System]:
    """Open the further models that are asked for their opinion.

    Raises:
        InputError: one is missing or cannot be asked.
    """
    systems: dict[str, System] = {}
    for name in split_sources(config.opinions)[1]:
        options = Options(form="short", ranking="list", seed=config.seed)
        if name.startswith("openai:"):
            request = Request(name, options=options, endpoint=endpoint(name, config.remote, 256))
        else:
            request = Request("model", model=Path(name.removeprefix("model:")), options=options, threads=config.threads)
        systems[name] = open_system(request, names)[0]
    return systems


def endpoint(name: str, remote: Remote, max_tokens: int, temperature: float = 0.0) -> Endpoint:
    """Make an endpoint of "openai:URL#model"; the rate is shared out over the connections."""
    url, model = parse_system(name, remote.key_variable)
    return Endpoint(
        url,
        model,
        rate=remote.rate / remote.parallel if remote.rate else None,
        timeout=remote.timeout,
        attempts=remote.attempts,
        max_tokens=max_tokens,
        key_variable=remote.key_variable,
        temperature=temperature,
    )


def opinion_of(source: str, said: Sequence[str], most: int, names: Names) -> Opinion:
    """Make an opinion of names a model gave."""
    kept = tuple(said[:most])
    linked = (disease_number(name, names) for name in kept)
    return Opinion(source, kept, tuple(disease for disease in linked if disease is not None))
