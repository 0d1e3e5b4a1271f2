"""What the model and the other diagnosers say of every development case, and which of it is right.

One line a case in observations.jsonl, appended batch by batch; an interrupted run goes on. The model is asked as it is
served, without any calibration, so what stands here is raw. What the model itself says costs most and changes only with
its weights: it is kept in answers.jsonl by the hash of the note and of what was read in it, and used again when
knowledge or rankings change and everything else is observed anew.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from raredxr1.cases.demographics import read_demographics
from raredxr1.cases.readers import RowError, read_cases
from raredxr1.diagnose.batched import Given, diagnose_many, parts
from raredxr1.diagnose.calibration import log_mass, weights_sha256
from raredxr1.diagnose.crr import patient_of
from raredxr1.diagnose.features import FEATURES, features
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import as_unknown, gather, own_voice
from raredxr1.diagnose.pipeline import Options
from raredxr1.diagnose.stated import stated_findings
from raredxr1.diagnose.summary import summarise
from raredxr1.diagnose.verdict import note_values
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import CaseSet, Item, wanted
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.progress import bar
from raredxr1.knowledge.meaning_ranker import DISEASES, MEANING_RANKER
from raredxr1.knowledge.text_ranker import TEXT_RANKER
from raredxr1.runstore import cut_lines, read_models, sha256
from raredxr1.schemas import Candidate, Finding, Strict

READ = 12
"""Notes whose reading stands for how all are read."""


class Seen(Strict):
    """One disease that somebody named for a case."""

    key: str
    right: bool
    ranks: dict[str, int] = Field(description="who named it, at which rank")
    features: list[float] = Field(description="in the order of fused.FEATURES")


class Own(Strict):
    """What the model itself says of a note."""

    note_sha256: str = Field(description="of the note and what was read in it")
    candidates: list[Candidate] = Field(description="confidences raw")
    findings: list[Finding] = Field(description="of its turn, linked")
    log_mass: float


class Observation(Strict):
    """One case."""

    case_id: str
    cases: str = Field(description="file it stands in")
    kind: str = Field(default="", description="kind of note; empty: the file is a kind of its own")
    disease: str = Field(description="the right disease; cases of one disease are never parted in cross-validation")
    failed: str = Field(default="", description="why the model gave no answer; it counts as a miss")
    log_mass: float = -50.0
    own: list[tuple[float, bool]] = Field(default_factory=list, description="the model's list: raw share, right?")
    seen: list[Seen] = Field(default_factory=list)
    ordinary: bool = Field(default=False, description="a note without a disease to find")
    note: dict[str, float] = Field(default_factory=dict, description="`verdict.note_values`, less the fused scores")


def observe(
    cases: CaseSet,
    model: Model,
    names: Names,
    matcher: Matcher,
    options: Options,
    out: Path,
    quiet: bool,
    kinds: Mapping[str, str] | None = None,
    ordinary: Collection[str] = (),
) -> list[Observation]:
    """Ask about every case.

    Args:
        cases: what to ask; a case that cannot be asked about is a miss.
        model: what answers.
        names: the knowledge base and its linker.
        matcher: decides what is right.
        options: how to ask, without CRR; a model that weighs what others list is not asked.
        out: folder for observations.jsonl.
        quiet: no progress bar.
        kinds: kind of note of each file.
        ordinary: files of notes without a disease to find.
    """
    raw = replace(model, fitted=None, uncalibrated="")
    path = out / "observations.jsonl"
    out.mkdir(parents=True, exist_ok=True)
    _claim(out, cases, raw, names, options)
    done = _held(path)
    answers = _Answers(out / "answers.jsonl", raw, options)
    items = cases.items
    if [o.case_id for o in done] != [item.key for item in items[: len(done)]]:
        raise InputError(f"{path}: holds observations of other cases; choose another folder")
    with bar("observing", len(items), len(done), quiet) as advance, path.open("a", encoding="utf-8") as file:
        for batch in parts(items[len(done) :]):
            rows = _observed(batch, raw, names, matcher, options, answers)
            for row in rows:
                row.ordinary = row.cases in ordinary
                row.kind = (kinds or {}).get(row.cases, "")
            file.write("".join(row.model_dump_json() + "\n" for row in rows))
            file.flush()
            done += rows
            advance(len(batch))
    return done


def ordinary_notes(path: Path, where: Sequence[str] = ()) -> list[Item]:
    """Notes without a disease to find.

    Raises:
        InputError: the file cannot be read, or a row has no note.
    """
    items = []
    for row in read_cases(path):
        if isinstance(row, RowError):
            raise InputError(str(row))
        if wanted(row, where):
            items.append(Item(row.case_id, path.name, note=row.note or ""))
    if not all(item.note.strip() for item in items):
        raise InputError(f"{path}: a row has no note")
    return items


class _Answers:
    """What the model said of each note; a file that grows."""

    def __init__(self, path: Path, model: Model, options: Options) -> None:
        self._path = path
        self._asked = f"{_identity(model)} {options!r}"
        kept = [Own.model_validate_json(line) for line in path.read_bytes().splitlines()] if self._holds() else []
        self._known = {own.note_sha256: own for own in kept}

    def of(self, notes: Sequence[Given], model: Model, names: Names, options: Options) -> dict[str, Own | InputError]:
        """The answers to some notes by their names, asking where there is none."""
        if model.leads:
            silent = log_mass([])
            return {n.name: Own(note_sha256="", candidates=[], findings=[], log_mass=silent) for n in notes}
        keys = {given.name: _key(given.note, names) for given in notes}
        new = [given for given in notes if keys[given.name] not in self._known]
        results = diagnose_many(new, model, names, options) if new else []
        failed: dict[str, InputError] = {}
        with self._path.open("a", encoding="utf-8") as file:
            for given, result in zip(new, results, strict=True):
                if isinstance(result, InputError):
                    failed[given.name] = result
                    continue
                own = Own(
                    note_sha256=keys[given.name],
                    candidates=[Candidate.model_validate(c.model_dump(include=_OWN)) for c in result.candidates],
                    findings=result.diagnosis.findings,
                    log_mass=log_mass([turn.log_prob for turn in result.turns if turn.role == "beam"]),
                )
                self._known[own.note_sha256] = own
                file.write(own.model_dump_json() + "\n")
        return {given.name: failed.get(given.name) or self._known[keys[given.name]] for given in notes}

    def _holds(self) -> bool:
        """Whether the file has answers of this model, asked so; if not it is begun anew."""
        claim = self._path.with_suffix(".txt")
        if self._path.is_file() and claim.is_file() and claim.read_text(encoding="utf-8") == self._asked:
            data = self._path.read_bytes()
            self._path.write_bytes(data[: data.rfind(b"\n") + 1])
            return True
        self._path.write_bytes(b"")
        claim.write_text(self._asked, encoding="utf-8")
        return False


_OWN = set(Candidate.model_fields)


def _observed(
    batch: Sequence[Item], model: Model, names: Names, matcher: Matcher, options: Options, answers: _Answers
) -> list[Observation]:
    said = answers.of([Given(i.note, i.key) for i in batch if not i.error], model, names, options)
    rows = []
    for item in batch:
        gold = matcher.gold(item.case.gold if item.case else [])
        own = said.get(item.key, InputError(item.error))
        common = {"case_id": item.key, "cases": item.file, "disease": min(gold.ids, default=gold.name)}
        if isinstance(own, InputError):
            rows.append(Observation(failed=str(own) or "unreadable", **common))
        else:
            rows.append(Observation(**common, **_said(item.note, own, gold, matcher, names, bool(model.server))))
    return rows


def _said(note: str, own: Own, gold: Gold, matcher: Matcher, names: Names, served: bool = False) -> dict[str, object]:
    stated = stated_findings(note, own.findings, names)
    heard = gather(note, stated, names)
    voices = [own_voice(own.candidates, names), *(one.voice for one in heard)]
    mine_is, *others = as_unknown(voices) if served else voices
    rows = features(mine_is, own.log_mass, others, patient_of(note, stated, names), names.kb)
    mine = {names.key(c.name): _right(c.name, gold, matcher) for c in own.candidates}
    seen = [
        Seen(
            key=key,
            right=mine[key] if key in mine else _right_id(key, gold, names, matcher),
            ranks={voice.source: voice.places[key][0] for voice in voices if key in voice.places},
            features=[round(row[name], 5) for name in FEATURES],
        )
        for key, row in rows.items()
    ]
    return {
        "log_mass": own.log_mass,
        "own": [(c.confidence or 0.0, mine[names.key(c.name)]) for c in own.candidates],
        "seen": seen,
        "note": {k: round(v, 5) for k, v in note_values(note, stated, heard, [], names.kb).items()},
    }


def _identity(model: Model) -> str:
    """What tells the model from others: its weights, or where it is served; nothing where it is not asked."""
    if model.leads:
        return ""
    return model.server.written if model.server else weights_sha256(model.engine.path)


def _key(note: str, names: Names) -> str:
    """Of a note and what is read in it, by which the model is asked for names."""
    asked = summarise(read_demographics(note), stated_findings(note, [], names), names, lambda _: True)
    return hashlib.sha256(f"{note}\n{asked.text}".encode()).hexdigest()


def _right(name: str, gold: Gold, matcher: Matcher) -> bool:
    return matcher.judge(name, gold).level == "strict"


def _right_id(key: str, gold: Gold, names: Names, matcher: Matcher) -> bool:
    disease = names.kb.disease(key)
    if gold.diseases or disease is None:
        return disease in gold.diseases or key in gold.ids
    return matcher.judge(names.kb.disease_names[disease], gold, key).level == "strict"


def _claim(out: Path, cases: CaseSet, model: Model, names: Names, options: Options) -> None:
    """Write down what the observations of this folder are of; those of anything else are begun anew."""
    asked = {
        "weights_sha256": _identity(model),
        "knowledge": names.kb.version,
        "rankers": [sha256(path) for path in (TEXT_RANKER, MEANING_RANKER / DISEASES) if path.is_file()],
        "options": repr(options),
        "cases": hashlib.sha256(
            "\n".join(f"{item.file} {item.key} {item.note}" for item in cases.items).encode()
        ).hexdigest(),
        "features": list(FEATURES),
        "reading": _reading(cases.items[:READ], names),
    }
    path = out / "observing.json"
    if path.is_file() and json.loads(path.read_text(encoding="utf-8")) != asked:
        (out / "observations.jsonl").unlink(missing_ok=True)  # of other cases, knowledge or rankings: observed anew
    path.write_text(json.dumps(asked, indent=2) + "\n", encoding="utf-8")


def _reading(items: Sequence[Item], names: Names) -> str:
    """What is read in some of the notes, so that observations made with another reading are not taken for these."""
    read = [(f.hpo_id, f.state) for item in items for f in stated_findings(item.note, [], names)]
    return hashlib.sha256(repr(read).encode()).hexdigest()


def _held(path: Path) -> list[Observation]:
    """What is there already; a last line that was cut off is dropped from the file."""
    cut_lines(path)
    return read_models(path, Observation) if path.is_file() else []
