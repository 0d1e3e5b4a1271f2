"""What can be evaluated: the model in batches, classical rankers, retrieval."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crr_product import fitted
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.pipeline import Options, diagnose
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item, open_cases
from raredxr1.evaluate.systems.classical import ClassicalSystem, RetrievalSystem
from raredxr1.evaluate.systems.model import ModelSystem
from raredxr1.evaluate.systems.opening import Request, check, open_system
from raredxr1.schemas import Candidate
from tiny_cases import CASES, ScriptedEngine, answer_to, scripted_model, write_cases


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names()


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory, names: Names) -> list[Item]:
    return open_cases([write_cases(tmp_path_factory.mktemp("cases") / "a.jsonl")], names.kb).items


@pytest.mark.parametrize(
    "options",
    [
        Options(form="short", ranking="list"),
        Options(form="short", ranking="beam"),
        Options(form="full", ranking="scored"),
        Options(form="full", ranking="beam"),
        Options(form="short", samples=3),
        Options(form="short", ranking="beam", crr="fusion"),
        Options(form="full", ranking="beam", crr="fusion"),
    ],
    ids=str,
)
def test_a_batch_says_what_the_product_says(names: Names, items: list[Item], options: Options) -> None:
    class Streaming(ScriptedEngine):
        """The product streams its one turn."""

        def stream(self, prompt: str, settings):  # type: ignore[no-untyped-def]
            from raredxr1.diagnose.engine import Stream

            def pieces():  # type: ignore[no-untyped-def]
                yield ""
                return self.generate([prompt], settings)[0][0]

            return Stream(pieces())

    batched = ModelSystem("model", scripted_model(), names, options).predict(items)
    for item, prediction in zip(items, batched, strict=True):
        alone = diagnose(item.note, Model(Streaming(), "scripted"), names, options, item.key)
        said = [c.model_dump(include=set(Candidate.model_fields)) for c in alone.candidates]
        assert said == [a.model_dump(exclude={"score"}) for a in prediction.answer]
        assert alone.diagnosis.findings == prediction.findings
        assert alone.diagnosis.problems == prediction.problems
        assert [t.text for t in alone.turns] == [t.text for t in prediction.turns]


def test_files_the_confidences_were_fitted_on_are_named(names: Names) -> None:
    model = replace(scripted_model(), fitted=fitted())
    files = [{"file": "dev.jsonl", "sha256": "0" * 64}, {"file": "new.jsonl", "sha256": "1" * 64}]
    (said,) = ModelSystem("model", model, names, Options()).fitted_on(files)
    assert said.startswith("dev.jsonl: the confidences and the fusion of opinions were fitted on cases of this file")
    assert ModelSystem("model", scripted_model(), names, Options()).fitted_on(files) == []


def test_a_batch_is_asked_at_once(names: Names, items: list[Item]) -> None:
    engine = ScriptedEngine()
    system = ModelSystem("model", Model(engine, "m"), names, Options(form="full", ranking="scored"))
    system.predict(items)
    assert engine.asked == [len(items), len(items)]


def test_a_model_that_says_nothing_readable_gets_rows_all_the_same(names: Names, items: list[Item]) -> None:
    model = scripted_model(say=lambda prompt: "I would rather not.")
    predictions = ModelSystem("model", model, names, Options(form="short", ranking="list")).predict(items)
    assert len(predictions) == len(items)
    assert all(not p.answer and p.problems for p in predictions)


def test_a_note_with_no_room_fails_by_name_and_the_others_go_on(names: Names, items: list[Item]) -> None:
    blank = Item("blank", "f", items[0].case, note="...")
    system = ModelSystem("model", scripted_model(), names, Options(form="short", ranking="list"))
    first, second = system.predict([blank, items[0]])
    assert (first.status, second.status) == ("failed", "ok")
    assert "no clinical content" in first.reason


def test_a_long_note_is_read_whole(names: Names, items: list[Item]) -> None:
    long = Item("long", "f", items[0].case, note="She wrings her hands. " * 300 + "She has seizures.")
    model = scripted_model(context_length=600)
    (prediction,) = ModelSystem("model", model, names, Options(form="short")).predict([long])
    assert prediction.answer and not prediction.notices


def test_rankers_use_the_true_terms(names: Names, items: list[Item]) -> None:
    system = ClassicalSystem("likelihood", names.kb)
    predictions = {p.case_id: p for p in system.predict(items)}
    assert predictions["rett-1"].answer[0].score is not None
    assert len(predictions["rett-1"].answer) == 10
    assert [a.rank for a in predictions["rett-1"].answer] == [*range(1, 11)]
    assert predictions["rett-3"].status == "failed" and predictions["rett-3"].reason == "has no HPO ids"
    assert "OMIM:154700" in {i for a in predictions["marfan-2"].answer for i in (a.id, *a.same_as)}


def test_rankers_use_the_terms_the_model_quoted(names: Names, items: list[Item]) -> None:
    finder = ModelSystem("model", scripted_model(), names, Options(form="full", ranking="list"))
    predictions = {p.case_id: p for p in ClassicalSystem("resnik", names.kb, finder).predict(items)}
    assert predictions["rett-1"].status == "ok"
    assert [f.hpo_id for f in predictions["rett-1"].findings] == ["HP:0012171"]
    assert predictions["rett-1"].tokens > 0
    assert predictions["nf1-1"].reason == "the model quoted no finding with an HPO term"


@pytest.fixture(scope="module")
def retrieval(names: Names) -> RetrievalSystem:
    return RetrievalSystem(names.kb)


def test_retrieval_finds_what_the_words_say(retrieval: RetrievalSystem, items: list[Item]) -> None:
    system, names = retrieval, open_names()
    found = [names.kb.disease_names[d] for d, _ in system.search("Marfan ectopia lentis arachnodactyly tall stature")]
    assert "Marfan syndrome" in found
    assert len(found) == 10
    (nothing,) = system.predict([Item("x", "f", items[0].case, note="qqqqq zzzzz")])
    assert (nothing.status, nothing.reason) == ("failed", "no profile has a word of it")


def test_retrieval_searches_for_labels_of_terms(retrieval: RetrievalSystem, items: list[Item]) -> None:
    class Gold(RetrievalSystem):
        """Shares the index, which takes a second to build."""

        search = retrieval.search  # type: ignore[assignment]

    (gold,) = Gold(open_names().kb, "gold").predict([items[4]])
    assert "Ectopia lentis" in gold.answer[0].name


def test_retrieval_reads_quotes_and_operators_as_words(retrieval: RetrievalSystem) -> None:
    assert retrieval.search('seizure" OR NOT (ataxia) NEAR * -tremor')


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Request("modell"), "no such system; known are model, base"),
        (Request("model", findings="gold"), "--findings is for resnik, likelihood and retrieval"),
        (Request("resnik", findings="note"), "resnik ranks by HPO terms"),
        (Request("resnik", model=Path("x")), "resnik has none"),
        (Request("base"), "--system base needs --model"),
        (Request("resnik", crr=True), "--crr is for the system model; resnik answers alone"),
    ],
)
def test_what_cannot_be_is_refused_first(request_: Request, said: str) -> None:
    with pytest.raises(InputError, match=said):
        check(request_)


def test_opening_gives_the_system_and_its_training(names: Names, tmp_path: Path) -> None:
    for name in ("resnik", "likelihood", "retrieval"):
        system, training = open_system(Request(name), names)
        assert system.name == name and training.taught is None and system.facts() is None
    with pytest.raises(InputError, match="does not exist"):
        open_system(Request("model", model=tmp_path / "nowhere"), names)


def test_the_script_answers_every_case() -> None:
    assert all(isinstance(answer_to(str(case.get("note"))), str) for case in CASES)


@pytest.mark.slow
def test_a_base_made_a_folder_is_gone_when_the_program_ends(tmp_path: Path) -> None:
    code = """
from pathlib import Path
from types import SimpleNamespace
from raredxr1.evaluate.systems import opening
from raredxr1.export import base

def saved(folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, "weights").write_bytes(b"x")

part = SimpleNamespace(save_pretrained=saved)
base.load_model = lambda name: (part, part)
opening.open_model = lambda folder, threads: print(folder) or (folder / "weights").read_bytes()
opening._open_base(SimpleNamespace(model="some/base", threads=1))
"""
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) == []
