"""What the model and the other diagnosers say of every development case, and which of it is right.

One line a case in observations.jsonl, appended batch by batch; an interrupted run goes on. The model is asked as it is
served, without any calibration, so what stands here is raw.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import Field, ValidationError

from raredxr1.diagnose.batched import ROWS, Given, diagnose_many
from raredxr1.diagnose.calibration import log_mass, weights_sha256
from raredxr1.diagnose.fused import FEATURES, features
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import gather, own_voice
from raredxr1.diagnose.pipeline import Options
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import CaseSet, Item
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.progress import bar
from raredxr1.schemas import Strict


class Seen(Strict):
    """One disease that somebody named for a case."""

    key: str
    right: bool
    ranks: dict[str, int] = Field(description="who named it, at which rank")
    features: list[float] = Field(description="in the order of fused.FEATURES")


class Observation(Strict):
    """One case."""

    case_id: str
    cases: str = Field(description="file it stands in")
    disease: str = Field(description="the right disease; cases of one disease are never parted in cross-validation")
    failed: str = Field(default="", description="why the model gave no answer; it counts as a miss")
    log_mass: float = -50.0
    own: list[tuple[float, bool]] = Field(default_factory=list, description="the model's list: raw share, right?")
    seen: list[Seen] = Field(default_factory=list)


def observe(
    cases: CaseSet, model: Model, names: Names, matcher: Matcher, options: Options, out: Path, quiet: bool
) -> list[Observation]:
    """Ask about every case.

    Args:
        cases: what to ask; a case that cannot be asked about is a miss.
        model: what answers.
        names: the knowledge base and its linker.
        matcher: decides what is right.
        options: how to ask, without CRR.
        out: folder for observations.jsonl.
        quiet: no progress bar.

    Raises:
        InputError: the folder holds observations of other cases, another model or other settings.
    """
    raw = replace(model, fitted=None, uncalibrated="")
    path = out / "observations.jsonl"
    out.mkdir(parents=True, exist_ok=True)
    _claim(out, cases, raw, names, options)
    done = _held(path)
    items = cases.items
    if [o.case_id for o in done] != [item.key for item in items[: len(done)]]:
        raise InputError(f"{path}: holds observations of other cases; choose another folder")
    with bar("observing", len(items), len(done), quiet) as advance, path.open("a", encoding="utf-8") as file:
        for batch in _batches(items[len(done) :]):
            rows = _observed(batch, raw, names, matcher, options)
            file.write("".join(row.model_dump_json() + "\n" for row in rows))
            file.flush()
            done += rows
            advance(len(batch))
    return done


def _observed(
    batch: Sequence[Item], model: Model, names: Names, matcher: Matcher, options: Options
) -> list[Observation]:
    good = [item for item in batch if not item.error]
    results = dict(
        zip(
            (item.key for item in good),
            diagnose_many([Given(i.note, i.key) for i in good], model, names, replace(options, stated=True)),
            strict=True,
        )
    )
    rows = []
    for item in batch:
        gold = matcher.gold(item.case.gold if item.case else [])
        result = results.get(item.key, InputError(item.error))
        common = {"case_id": item.key, "cases": item.file, "disease": min(gold.ids, default=gold.name)}
        if isinstance(result, InputError):
            rows.append(Observation(failed=str(result) or "unreadable", **common))
        else:
            rows.append(Observation(**common, **_said(result, gold, matcher, names)))
    return rows


def _said(result: Result, gold: Gold, matcher: Matcher, names: Names) -> dict[str, object]:
    mass = log_mass([turn.log_prob for turn in result.turns if turn.role == "beam"])
    heard = gather(_read(result), result.stated, names)
    present = sum(finding.state == "present" for finding in result.stated)
    voices = [own_voice(result.candidates, names), *(one.voice for one in heard)]
    rows = features(voices[0], mass, voices[1:], present)
    own = {names.key(c.name): _right(c.name, gold, matcher) for c in result.candidates}
    seen = [
        Seen(
            key=key,
            right=own[key] if key in own else _right_id(key, gold, names, matcher),
            ranks={voice.source: voice.places[key][0] for voice in voices if key in voice.places},
            features=[round(row[name], 5) for name in FEATURES],
        )
        for key, row in rows.items()
    ]
    return {
        "log_mass": mass,
        "own": [(c.confidence or 0.0, own[names.key(c.name)]) for c in result.candidates],
        "seen": seen,
    }


def _read(result: Result) -> str:
    """The part of the note that the model read."""
    return result.note[: result.truncation.kept_characters] if result.truncation else result.note


def _right(name: str, gold: Gold, matcher: Matcher) -> bool:
    return matcher.judge(name, gold).level == "strict"


def _right_id(key: str, gold: Gold, names: Names, matcher: Matcher) -> bool:
    disease = names.kb.disease(key)
    if gold.diseases or disease is None:
        return disease in gold.diseases or key in gold.ids
    return matcher.judge(names.kb.disease_names[disease], gold, key).level == "strict"


def _claim(out: Path, cases: CaseSet, model: Model, names: Names, options: Options) -> None:
    """Write down, or compare, what the observations of this folder are of."""
    asked = {
        "weights_sha256": weights_sha256(model.engine.path),
        "knowledge": names.kb.version,
        "options": repr(options),
        "cases": hashlib.sha256(
            "\n".join(f"{item.file} {item.key} {item.note}" for item in cases.items).encode()
        ).hexdigest(),
        "features": list(FEATURES),
    }
    path = out / "observing.json"
    if path.is_file() and json.loads(path.read_text(encoding="utf-8")) != asked:
        raise InputError(f"{out}: holds observations of other cases, settings or another model; choose another folder")
    path.write_text(json.dumps(asked, indent=2) + "\n", encoding="utf-8")


def _held(path: Path) -> list[Observation]:
    """What is there already; a last line that was cut off is dropped from the file."""
    if not path.is_file():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        path.write_bytes(whole)
    try:
        return [Observation.model_validate_json(line) for line in whole.splitlines()]
    except ValidationError as error:
        raise InputError(f"{path}: damaged; delete it, or choose another folder") from error


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), ROWS):
        yield items[start : start + ROWS]
