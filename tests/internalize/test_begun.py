"""A run that was interrupted goes on with the settings it was begun with; the mixture ends where the recipe says."""

import json
from pathlib import Path

import pytest

from raredxr1 import runstore
from raredxr1.cases.speech.labels import british
from raredxr1.errors import InputError
from raredxr1.internalize import train
from raredxr1.internalize.config import InternalizeConfig, Mixture, Phase
from raredxr1.internalize.corpus import Example
from raredxr1.internalize.train import RowStream

pytestmark = pytest.mark.slow


def test_settings_are_recorded_before_the_first_step_and_held_to(tmp_path: Path) -> None:
    runstore.begin(tmp_path / "run", "internalize", {"seed": 1, "out": tmp_path, "save_minutes": 5.0})
    held = json.loads((tmp_path / "run" / "begun.json").read_text())
    assert held["config"]["seed"] == 1
    assert "raredxr1" in held["versions"]
    runstore.begin(tmp_path / "run", "internalize", {"seed": 1, "out": tmp_path, "save_minutes": 1.0})
    with pytest.raises(InputError, match=r"was begun with other settings \(seed\)"):
        runstore.begin(tmp_path / "run", "internalize", {"seed": 2, "out": tmp_path, "save_minutes": 5.0})
    with pytest.raises(InputError, match="stage 'internalize' was begun here"):
        runstore.begin(tmp_path / "run", "rl", {"seed": 1})


class _Corpus:
    """Gives one long example after the other, and notes with which mixture each was asked for."""

    def __init__(self) -> None:
        self.mixtures: list[Mixture] = []

    def example(self, number: int, mixture: Mixture) -> Example:
        self.mixtures.append(mixture)
        return Example("p", "c", "final", None)


@pytest.mark.parametrize("processes", [1, 2, 8])
def test_a_phase_ends_at_its_share_whatever_the_number_of_processes(
    monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    """Process 0 reads for all of them: it writes every row of a step, and must know so."""
    monkeypatch.setenv("WORLD_SIZE", str(processes))
    first, last = (
        Mixture(final=1, differential=0, full=0, profile=0),
        Mixture(final=0, differential=1, full=0, profile=0),
    )
    phases = [Phase(until=0.4, mixture=first), Phase(until=1.0, mixture=last)]
    config = InternalizeConfig(
        out=Path("out"), base="b", tokens=64 * 2000, row_tokens=64, rows=1, workers=0, phases=phases
    )
    corpus = _Corpus()
    stream = RowStream(config, corpus, None, 0)  # type: ignore[arg-type]
    monkeypatch.setattr(train, "encode", lambda example, tokenizer: (list(range(64)), 32))
    rows = stream.rows([0])
    for _ in range(config.steps * config.rows * processes):
        next(rows)
    share = sum(mixture == first for mixture in corpus.mixtures) / len(corpus.mixtures)
    assert share == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize(
    ("american", "other"),
    [
        ("Erythema", None),
        ("Chemosis", None),
        ("Medium-sized arteries", None),
        ("Centered on the spine", "Centred on the spine"),
        ("Hematuria and anemia", "Haematuria and anaemia"),
        ("Tracheoesophageal fistula", "Tracheo-oesophageal fistula"),
        ("Esophoria", None),
        ("Schema", None),
        ("Ischemic stroke", "Ischaemic stroke"),
        ("Generalized edema", "Generalised oedema"),
        ("Systemic lupus", None),
    ],
)
def test_british_spelling_is_of_whole_words(american: str, other: str | None) -> None:
    assert british(american) == other
