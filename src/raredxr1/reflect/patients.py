"""Whose notes are learned from: case files, and synthetic patients of the stage-1 generator.

Synthetic cases are written into the run folder first, so that a run always holds the cases it was about. A row that
cannot be used stays in the set with its reason.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from raredxr1.errors import InputError, writing
from raredxr1.evaluate.case_set import CaseSet, Selection, open_cases
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.corpus import make_corpus
from raredxr1.knowledge import KnowledgeBase
from raredxr1.reflect.config import ReflectConfig
from raredxr1.runstore import write_text

SYNTHETIC = "synthetic.jsonl"


@dataclass(frozen=True)
class StageOne:
    """What a stage-1 folder says: its settings, and the diseases that were taught, as numbers."""

    config: InternalizeConfig
    diseases: list[int]


def read_stage_one(folder: Path, kb: KnowledgeBase) -> StageOne:
    """Read the manifest and the list of diseases of a finished stage 1.

    Raises:
        InputError: it is none, or was taught diseases this knowledge base lacks.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        taught = json.loads((folder / "taught.json").read_text(encoding="utf-8"))
        config = InternalizeConfig.model_validate(manifest["config"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise InputError(f"internalized {folder}: not the folder of a finished stage 1") from error
    numbers = [kb.disease(i) for i in taught]
    unknown = [i for i, number in zip(taught, numbers, strict=True) if number is None]
    if unknown:
        raise InputError(f"internalized {folder}: the knowledge base {kb.version} has no {unknown[0]}")
    return StageOne(config, [number for number in numbers if number is not None])


def candidate_diseases(config: ReflectConfig, kb: KnowledgeBase) -> list[int]:
    """Diseases that rankings may name: those taught in stage 1, or all with a finding."""
    if config.internalized is not None:
        return read_stage_one(config.internalized, kb).diseases
    return [disease for disease, findings in enumerate(kb.frequencies) if any(findings.values())]


def open_patients(config: ReflectConfig, kb: KnowledgeBase) -> CaseSet:
    """Open all cases of a run, synthetic ones last; writes them where they are not written yet.

    Raises:
        InputError: a case file cannot be read, or synthetic cases cannot be written.
    """
    selection = Selection(where=tuple(config.where), limit=config.limit, seed=config.seed)
    parts = [open_cases(config.cases, kb, selection)] if config.cases else []
    if config.synthetic:
        parts.append(open_cases([_synthetic(config, kb)], kb))
    return CaseSet(
        [item for part in parts for item in part.items],
        [file for part in parts for file in part.files],
        [warning for part in parts for warning in part.warnings],
    )


def _synthetic(config: ReflectConfig, kb: KnowledgeBase) -> Path:
    path = config.out / SYNTHETIC
    if path.is_file():
        return path
    assert config.internalized is not None, "checked by the configuration"
    stage_one = read_stage_one(config.internalized, kb)
    settings = stage_one.config.model_copy(update={"seed": config.case_seed})
    if config.case_plain_share is not None:
        settings = settings.model_copy(update={"plain_share": config.case_plain_share})
    corpus, _ = make_corpus(settings, kb, stage_one.diseases)
    with writing(path):
        write_text(path, "".join(corpus.case(number).model_dump_json() + "\n" for number in range(config.synthetic)))
    return path
