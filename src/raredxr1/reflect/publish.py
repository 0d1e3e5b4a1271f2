"""The data sets of training as folders that anyone can open: Parquet files by split, and a card that says what is in.

RareKnowledgeQA are the examples of stage 1, drawn anew from a recipe: facts of the knowledge base asked in both
directions, and notes of synthetic patients with their diagnoses. RareDxCOT are the accepted turns of a run of stage 2,
or the lessons in weighing that the model which ships was taught (`reflect.weighing`).
A row's split goes by a hash of what identifies it, so the same recipe and seed give the same rows in the same splits,
however many are asked for.

    raredx train data --recipe recipes/smol/internalize.yaml --publish rareknowledgeqa --rows 20000
    raredx train data --recipe ... --publish raredxcot --accepted work/smol/reflect/accepted.jsonl
    raredx train data --recipe recipes/smol/turns.yaml --publish raredxcot --weighing --rows 2000 words=null
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from raredxr1 import data, dialogue
from raredxr1.diagnose.calibration import CALIBRATION_FILE, read_fitted
from raredxr1.diagnose.model import SHIPPED
from raredxr1.diagnose.names import Names
from raredxr1.errors import InputError
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.corpus import SOURCES, make_corpus, taught_diseases
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Linker
from raredxr1.reflect.config import TurnsConfig
from raredxr1.reflect.sft_rows import Accepted
from raredxr1.reflect.weighing import WeighingLessons
from raredxr1.runstore import write_text
from raredxr1.version import VERSION

SPLITS = {"train": 90, "validation": 5, "test": 5}
"""Per cent of the rows."""
_TEXT, _TEXTS = pa.string(), pa.list_(pa.string())
Fields = Sequence[tuple[str, pa.DataType, str]]
"""Name, type and meaning of each column."""
QA_FIELDS: Fields = (
    ("id", _TEXT, "the seed of the recipe and the number of the example"),
    ("family", _TEXT, "kind of example: final, differential, full are notes; profile, reverse, contrast, term facts"),
    ("disease", _TEXT, "name of the disease it is about; null: about none"),
    ("disease_ids", _TEXTS, "its ids (OMIM, ORPHA, MONDO, ...)"),
    ("question", _TEXT, "what is asked, or the note"),
    ("answer", _TEXT, "what is to be written"),
    ("system", _TEXT, "the instruction before the question"),
)
COT_FIELDS: Fields = (
    ("id", _TEXT, "hash of note and turn"),
    ("case_id", _TEXT, "the case, as its file has it"),
    ("disease", _TEXT, "an id of the right disease"),
    ("tier", _TEXT, "how often the first attempts were right: easy, medium, hard, extreme"),
    ("origin", _TEXT, "how the turn came about: a first attempt, or one after reflection"),
    ("round", pa.int32(), "of reflection; 0: none"),
    ("form", _TEXT, "full: with reasoning; short: names alone"),
    ("note", _TEXT, "the note"),
    ("reasoning", _TEXT, "findings with quotes, hypotheses with for and against, weighing; every claim was checked"),
    ("answer", _TEXTS, "diseases, likeliest first"),
    ("system", _TEXT, "the instruction before the note"),
)
WEIGHING_FIELDS: Fields = (
    ("id", _TEXT, "hash of the evidence"),
    ("disease", _TEXT, "name of the right disease"),
    ("disease_ids", _TEXTS, "its ids (OMIM, ORPHA, MONDO, ...)"),
    ("evidence", _TEXT, "findings by number, + present, - absent; candidates with probability, ranks, what is known"),
    ("reasoning", _TEXT, "hypotheses with for, against and what to look for, and what decides between them"),
    ("answer", _TEXTS, "diseases, likeliest first"),
    ("system", _TEXT, "the instruction before the evidence"),
)


def publish_knowledge(config: InternalizeConfig, kb: KnowledgeBase, folder: Path, rows: int) -> dict[str, int]:
    """Write RareKnowledgeQA: so many different examples of the recipe's last mixture. Returns rows by split.

    Raises:
        InputError: the folder holds something, or the recipe's files cannot be read.
    """
    _empty(folder)
    corpus, _ = make_corpus(config, kb, taught_diseases(kb, config.diseases))
    mixture = config.phases[-1].mixture
    found: dict[str, dict[str, Any]] = {}
    for number in range(2 * rows):
        if len(found) == rows:
            break
        example = corpus.example(number, mixture)
        row: dict[str, Any] = {
            "id": f"{config.seed}-{number}",
            "family": example.kind,
            "disease": None if example.disease is None else kb.disease_names[example.disease],
            "disease_ids": [] if example.disease is None else list(kb.disease_ids(example.disease)),
            "question": dialogue.note_of(example.prompt),
            "answer": example.completion.removesuffix(dialogue.TURN_END),
            "system": _system(example.prompt),
        }
        found.setdefault(_key(row["question"], row["answer"]), row)
    sources = [*SOURCES, *(source.credit for source in config.files)]
    about = (
        "Questions and answers about rare diseases, and notes of synthetic patients with their diagnoses, written by "
        f"rules from the knowledge base {kb.version}. No patient's text is in it unless a source below is one. Splits "
        "are by row: train and test ask about the same diseases in other words and of other patients."
    )
    seed = f"seed {config.seed}"
    return _write(folder, "RareKnowledgeQA", about, found, QA_FIELDS, sources, seed, "family")


def publish_reasoning(accepted: Sequence[Accepted], sources: Sequence[str], folder: Path) -> dict[str, int]:
    """Write RareDxCOT: the accepted turns. Returns rows by split.

    A case is in one split alone, whatever turns it has.

    Raises:
        InputError: the folder holds something.
    """
    _empty(folder)
    found: dict[str, dict[str, Any]] = {}
    for one in accepted:
        note = dialogue.note_of(one.prompt)
        turn = dialogue.parse(one.completion, note, one.form, one.task)
        reasoning = one.completion.partition(dialogue.THINK)[2].partition(dialogue.THINK_END)[0].strip()
        key = _key(note, one.completion)
        found[key] = {
            "id": key[:16], "case_id": one.case_id, "disease": one.disease, "tier": one.tier, "origin": one.kind,
            "round": one.round, "form": one.form, "note": note, "reasoning": reasoning,
            "answer": [candidate.name for candidate in turn.answer], "system": _system(one.prompt),
        }  # fmt: skip
    about = (
        "Diagnostic reasoning over clinical notes that passed every filter of reflection: right, true in the knowledge "
        "base, quoted from the note. Splits are by case."
    )
    keyed = {f"{_key(row['case_id'], '')}/{key}": row for key, row in found.items()}
    return _write(folder, "RareDxCOT", about, keyed, COT_FIELDS, sources, "the run's own seed", "tier")


def publish_weighing(config: TurnsConfig, kb: KnowledgeBase, folder: Path, rows: int) -> dict[str, int]:
    """Write RareDxCOT of so many different lessons in weighing of a recipe of short turns. Returns rows by split.

    Raises:
        InputError: the folder holds something, the recipe has no such lessons, or its files cannot be read.
    """
    _empty(folder)
    if not config.cases and not config.weighing_share:
        raise InputError("the recipe has no lessons in weighing: it names no cases, and weighing_share is 0")
    lessons = WeighingLessons(
        Names(kb, Linker(kb), Claims(kb), by_meaning=True), read_fitted(SHIPPED / CALIBRATION_FILE), config.words
    )
    makers = [(source.share, lessons.of_cases(source)) for source in config.cases]
    if config.weighing_share:
        makers.append((config.weighing_share, lessons.of_patients(taught_diseases(kb, config.diseases))))
    shares, writers = zip(*makers, strict=True)
    found: dict[str, dict[str, Any]] = {}
    for number in range(4 * rows):
        if len(found) == rows:
            break
        rng = Random(f"{config.seed}/weighing/{number}")
        example = rng.choices(writers, shares)[0](rng)
        assert example.disease is not None, "a lesson is about the disease that leads"
        evidence = dialogue.note_of(example.prompt)
        turn = dialogue.parse(f"{dialogue.THINK}\n{dialogue.HYPOTHESES}\n{example.completion}", "")
        key = _key(evidence, "")
        row: dict[str, Any] = {
            "id": key[:16], "disease": kb.disease_names[example.disease],
            "disease_ids": list(kb.disease_ids(example.disease)), "evidence": evidence,
            "reasoning": example.completion.partition(dialogue.THINK_END)[0].strip(),
            "answer": [candidate.name for candidate in turn.answer], "system": _system(example.prompt),
        }  # fmt: skip
        found.setdefault(key, row)
    about = (
        "Diagnostic reasoning over evidence: the findings of a case, read as the tool reads them, and the first six "
        f"candidates of its rankings with what the knowledge base {kb.version} says of each; then hypotheses, what "
        "decides, and the answer, the right disease first. Reasoning is written by rules, and every claim is computed; "
        "cases whose disease is not among the six are left out. Splits are by case."
    )
    sources = [*SOURCES, *(source.credit for source in config.cases)]
    return _write(folder, "RareDxCOT", about, found, WEIGHING_FIELDS, sources, f"seed {config.seed}", "disease", 20)


def split_of(key: str) -> str:
    """The split of a row or case, by its hash."""
    place = int(hashlib.sha256(key.partition("/")[0].encode()).hexdigest(), 16) % 100
    for name, share in SPLITS.items():
        if place < share:
            return name
        place -= share
    raise AssertionError("the shares make a hundred")


def _write(
    folder: Path,
    name: str,
    about: str,
    rows: dict[str, dict[str, Any]],
    fields: Fields,
    sources: Iterable[str],
    seed: str,
    counted: str,
    most: int | None = None,
) -> dict[str, int]:
    """Write the rows by split, and the card, with the front matter by which hubs of data sets find the splits."""
    folder.mkdir(parents=True, exist_ok=True)
    by_split: dict[str, list[dict[str, Any]]] = {split: [] for split in SPLITS}
    for key, row in rows.items():
        by_split[split_of(key)].append(row)
    schema = pa.schema([(field, kind) for field, kind, _ in fields])
    for split, several in by_split.items():
        pq.write_table(pa.Table.from_pylist(several, schema=schema), folder / f"{split}.parquet", compression="zstd")
    counts = {split: len(several) for split, several in by_split.items()}
    kinds = sorted(Counter(str(row[counted]) for row in rows.values()).most_common(most))
    card = (data.FOLDER / "dataset_card.md").read_text(encoding="utf-8")
    card = card.format(
        name=name,
        about=about,
        version=VERSION,
        seed=seed,
        counted=counted,
        files="\n".join(f"  - {{split: {split}, path: {split}.parquet}}" for split in counts),
        table="\n".join(f"| `{field}` | {kind} | {meaning} |" for field, kind, meaning in fields),
        rows="\n".join(f"| {split} | {count:,} |" for split, count in counts.items()),
        sorts="\n".join(f"| {kind} | {count:,} |" for kind, count in kinds),
        listed="\n".join(f"- {source}" for source in dict.fromkeys(sources)) or "- none besides the notes' own",
    )
    write_text(folder / "README.md", card)
    return counts


def _system(prompt: str) -> str:
    return prompt.partition(f"{dialogue.TURN_START}system\n")[2].partition(dialogue.TURN_END)[0]


def _key(*texts: str) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: holds something already; choose another folder")
