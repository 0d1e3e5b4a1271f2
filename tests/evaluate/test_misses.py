"""Why cases are missed: every miss has one kind, the first that holds, and the kinds add up."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from judged_cases import case as judged_case
from typer.testing import CliRunner, Result

from raredxr1.cli import app
from raredxr1.diagnose.names import Names
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Selection, open_cases
from raredxr1.evaluate.judging import JudgedCase, judge_all, write_judged
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.miss_facts import Facts, Found, SameGene, own_names, part_read
from raredxr1.evaluate.miss_rules import Kind, Seen, _rules, decide
from raredxr1.evaluate.misses import Miss, analyse, kinds, wilson
from raredxr1.evaluate.rows import JUDGED, PREDICTIONS, RUN, Answer, Prediction, Run, Text, append, create
from raredxr1.evaluate.runner import settings_of, unreadable
from raredxr1.runstore import sha256
from tiny_cases import JOUBERT, MARFAN, RETT, write_cases

SEIZURE, HANDS, MICROCEPHALY, REGRESSION = "HP:0001250", "HP:0012171", "HP:0000252", "HP:0002376"
LENS, FINGERS, AORTA, SMALL_JAW = "HP:0001083", "HP:0001166", "HP:0002616", "HP:0000347"
CLUES = [HANDS, REGRESSION, "HP:0025430", "HP:0001332"]
IDS = {"Stiff skin syndrome": "OMIM:184900", "Gastroschisis": "OMIM:230750"}
CASES: list[dict[str, Any]] = [
    {"case_id": "late", "note": "A child.", "gold": [RETT], "hpo_observed": CLUES},
    {"case_id": "silent", "note": "A child.", "gold": [RETT], "hpo_observed": CLUES},
    {"case_id": "second", "note": "A child.", "gold": [RETT], "hpo_observed": CLUES},
    {"case_id": "strange", "note": "Elbows that wander.", "gold": [{"id": "OMIM:999999", "label": "Wandering elbow"}]},
    {"case_id": "sibling", "note": "A child.", "gold": [JOUBERT], "hpo_observed": ["HP:0002419"]},
    {"case_id": "allelic", "note": "A child.", "gold": [MARFAN], "hpo_observed": [LENS, FINGERS, AORTA]},
    {"case_id": "dropped", "note": "A child.", "gold": [RETT], "hpo_observed": CLUES},
    {"case_id": "brief", "note": "A child.", "gold": [RETT], "hpo_observed": [SEIZURE, MICROCEPHALY, "HP:0001522"]},
    {"case_id": "other", "note": "A child.", "gold": [RETT], "hpo_observed": [LENS, FINGERS, AORTA, SEIZURE]},
    {"case_id": "common", "gold": [RETT], "hpo_observed": [SEIZURE, MICROCEPHALY, "HP:0001252", "HP:0001249"]},
    {"case_id": "long", "note": f"{'He was seen. ' * 40}Ectopia lentis, aortic root aneurysm, arachnodactyly.",
     "gold": [MARFAN]},
    {"case_id": "lay", "note": "She does as she did, and the family came by train.", "gold": [RETT],
     "hpo_observed": CLUES},
    {"case_id": "sparse", "note": "Had seizures, nothing more is known.", "gold": [RETT]},
    {"case_id": "new", "gold": [MARFAN], "hpo_observed": [LENS, FINGERS, AORTA]},
    {"case_id": "plain", "gold": [RETT], "hpo_observed": CLUES},
    {"case_id": "right", "gold": [RETT], "hpo_observed": CLUES},
]  # fmt: skip
EXPECTED = {
    "cases.jsonl line 17": Kind.unreadable, "late": Kind.no_answer, "silent": Kind.unparsed, "second": Kind.below,
    "strange": Kind.unknown, "sibling": Kind.family, "allelic": Kind.gene, "dropped": Kind.fused_away,
    "brief": Kind.little_said, "other": Kind.disagree, "common": Kind.unspecific, "long": Kind.cut,
    "lay": Kind.unread, "sparse": Kind.little_read, "new": Kind.untaught, "plain": Kind.unused,
}  # fmt: skip


def misses_of(folder: Path, **how: Any) -> list[Miss]:
    return analyse(folder, **how).misses


def said(key: str) -> Prediction:
    """What the system answered to a case: nothing right but for two of them."""
    if key == "late":
        return Prediction(case_id=key, status="timeout", reason="no answer in 3 s")
    fourth = ("Gastroschisis", "Noonan syndrome 1", "Cystinuria", "Rett syndrome")
    wrong = ("Gastroschisis",)
    lists = {"silent": (), "second": fourth, "sibling": ("Joubert syndrome 17",), "right": ("Rett syndrome",),
             "allelic": ("Gastroschisis", "Stiff skin syndrome")}  # fmt: skip
    beam = Text(role="beam", text="<answer>\n1. Rett syndrome\n</answer>")
    return Prediction(
        case_id=key,
        answer=[
            Answer(rank=rank, name=name, id=IDS.get(name), label=name)
            for rank, name in enumerate(lists.get(key, wrong), 1)
        ],
        notices=["the model read 60% of the note"] if key == "long" else [],
        turns=[beam] if key == "dropped" else [],
    )


def write_run(folder: Path, matcher: Matcher, rows: Sequence[dict[str, Any]] = CASES, crr: str | None = None) -> Path:
    """A finished run over the cases, and a line that cannot be read."""
    folder.mkdir(exist_ok=True)
    cases = open_cases([write_cases(folder / "cases.jsonl", rows, ["{not json"])], matcher.kb)
    run = Run(system="model", model={"name": "m", "crr": crr}, knowledge=matcher.kb.version, cases=cases.files,
              settings=settings_of(Selection()), n=len(cases.items), batch=4)  # fmt: skip
    out = folder / "run"
    create(out, run, resume=False)
    predictions = [unreadable(item) if item.error else said(item.key) for item in cases.items]
    append(out, predictions, 1.0)
    judged = judge_all(cases.items, predictions, matcher, {})
    write_judged(out, [c.model_copy(update={"groups": ["all", taught(c)]}) for c in judged])
    return out


def taught(case: JudgedCase) -> str:
    return "unseen" if case.case_id == "new" else "seen"


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory, shipped_matcher: Matcher) -> Path:
    return write_run(tmp_path_factory.mktemp("misses"), shipped_matcher)


@pytest.fixture(scope="module")
def found(run_folder: Path) -> list[Miss]:
    return misses_of(run_folder, at=3, n=50, seed=0)


def raredx(*args: Any) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


# --- a run with every kind of miss -----------------------------------------------------------------------------------


def test_each_miss_has_the_kind_its_case_was_made_for(found: list[Miss]) -> None:
    expected = {key: kind for key, kind in EXPECTED.items() if key != "dropped"}
    assert {miss.case_id: miss.kind for miss in found if miss.case_id != "dropped"} == expected


def test_with_opinions_heard_what_the_model_named_itself_was_lost_in_fusion(
    tmp_path: Path, shipped_matcher: Matcher
) -> None:
    heard = misses_of(write_run(tmp_path, shipped_matcher, crr="fusion"), at=3, n=50, seed=0)
    kind = {miss.case_id: miss.kind for miss in heard}
    assert kind["dropped"] == kind["plain"] == Kind.fused_away  # two rankers had the second
    assert "own list 1" in next(miss.why for miss in heard if miss.case_id == "dropped")
    assert kind["lay"] == Kind.unread


def test_kinds_add_up_and_nothing_is_dropped(found: list[Miss]) -> None:
    rows = kinds(found)
    assert sum(row.n for row in rows) == len(found) == len(CASES) + 1 - 1  # a bad line more, a right answer less
    assert sum(row.share for row in rows) == pytest.approx(1, abs=1e-3)
    assert [row.n for row in rows] == sorted((row.n for row in rows), reverse=True)
    assert all(row.ci95[0] < row.share < row.ci95[1] and row.fix == Kind(row.kind).fix for row in rows)


def test_ages_of_death_and_the_like_are_no_findings(found: list[Miss]) -> None:
    brief = next(miss for miss in found if miss.case_id == "brief")
    assert brief.facts and brief.facts.true and brief.facts.true.present == 2


def test_whether_diseases_were_taught_is_counted_or_not_stated(run_folder: Path, found: list[Miss]) -> None:
    assert {row.kind: row.untaught for row in kinds(found)}["disease not taught"] == 1
    unknown = [miss.model_copy(update={"taught": None}) for miss in found]
    assert {row.untaught for row in kinds(unknown)} == {None}


def test_a_later_right_name_is_a_miss_only_below_the_rank_asked_for(run_folder: Path) -> None:
    assert "second" not in {miss.case_id for miss in misses_of(run_folder, at=5, n=50, seed=0)}
    assert {miss.kind for miss in misses_of(run_folder, at=1, n=50, seed=0) if miss.case_id == "second"} == {Kind.below}


def test_the_draw_is_repeatable_and_more_than_there_are_is_all(run_folder: Path, found: list[Miss]) -> None:
    some = analyse(run_folder, at=3, n=5, seed=1)
    assert (len(some.misses), some.missed, some.n) == (5, len(CASES), len(CASES) + 1)
    assert some.misses == misses_of(run_folder, at=3, n=5, seed=1)
    drawn = {tuple(miss.case_id for miss in misses_of(run_folder, at=3, n=5, seed=seed)) for seed in range(4)}
    assert len(drawn) > 1
    assert len(misses_of(run_folder, at=3, n=10_000, seed=0)) == len(found)


# --- the rules, one by one -------------------------------------------------------------------------------------------


def ranks(rank: int | None, present: int = 6, explained: int = 5) -> Found:
    return Found(present=present, explained=explained, likelihood=rank, similarity=rank)


def seen(case: JudgedCase | None = None, facts: Facts | None = None, **more: Any) -> Seen:
    facts = facts or Facts(true=ranks(2), read=ranks(2), shared=6, extra=0)
    fields = {"case": case or judged_case(0), "known": True, "facts": facts, "heard": False, "taught": None, "at": 10}
    return Seen(**{**fields, **more})


def test_every_kind_says_what_would_mend_it_and_is_asked_in_its_order() -> None:
    name = {"rank": 1, "name": "Joubert syndrome 17", "level": "subtype", "rule": "sibling"}
    facts = Facts(true=ranks(90), read=ranks(2), shared=6, extra=0, gene=SameGene(rank=1, name="S", gene="FBN1"))
    asked = [kind for kind, *_ in _rules(seen(judged_case(0, subtype=1, names=[name]), facts))]
    assert asked == list(Kind) and all(kind.fix for kind in Kind)


def test_what_was_answered_goes_before_what_could_have_been_found() -> None:
    hopeless = Facts(true=ranks(900, 1, 0), read=ranks(None, 0, 0), shared=0, extra=0)
    assert decide(seen(judged_case(0, status="timeout", reason="late"), hopeless)) == (Kind.no_answer, "timeout: late")
    assert decide(seen(judged_case(0, answered=0), hopeless))[0] == Kind.unparsed
    assert decide(seen(judged_case(0, strict=4), hopeless, at=3))[0] == Kind.below
    assert decide(seen(judged_case(0), hopeless, known=False))[0] == Kind.unknown
    assert decide(seen(judged_case(0, status="unreadable", reason="no gold"), hopeless))[0] == Kind.unreadable


@pytest.mark.parametrize(("rank", "kind"), [(1, Kind.family), (3, Kind.family), (4, Kind.unused)])
def test_a_relative_counts_within_the_rank_asked_for(rank: int, kind: Kind) -> None:
    name = {"rank": rank, "name": "Joubert syndrome 17", "level": "subtype", "rule": "sibling"}
    assert decide(seen(judged_case(0, subtype=rank, names=[name]), at=3))[0] == kind


@pytest.mark.parametrize(("rank", "kind"), [(3, Kind.gene), (4, Kind.unused)])
def test_so_does_a_disease_of_the_same_gene_and_before_a_relative(rank: int, kind: Kind) -> None:
    facts = Facts(true=ranks(2), read=ranks(2), shared=6, extra=0, gene=SameGene(rank=rank, name="S", gene="FBN1"))
    assert decide(seen(facts=facts, at=3))[0] == kind
    name = {"rank": 1, "name": "Joubert syndrome 17", "level": "subtype", "rule": "sibling"}
    expected = Kind.gene if kind == Kind.gene else Kind.family
    assert decide(seen(judged_case(0, subtype=1, names=[name]), facts, at=3))[0] == expected


@pytest.mark.parametrize(
    ("true", "read", "kind"),
    [
        (ranks(11, 2, 2), ranks(11), Kind.little_said),
        (ranks(10, 2, 2), ranks(11), Kind.unread),  # two findings that suffice are not too few
        (ranks(11, 3, 1), ranks(1), Kind.disagree),
        (ranks(11, 4, 2), ranks(1), Kind.unspecific),
        (ranks(10, 9, 0), ranks(11), Kind.unread),
        (ranks(10), ranks(10), Kind.unused),
        (None, ranks(11, 9, 3), Kind.unspecific),
        (None, ranks(11, 9, 2), Kind.little_read),
        (None, ranks(None, 0, 0), Kind.little_read),
        (None, ranks(10, 1, 1), Kind.unused),
    ],
)
def test_findings_are_asked_in_order_what_the_case_has_then_what_was_read(
    true: Found | None, read: Found, kind: Kind
) -> None:
    assert decide(seen(facts=Facts(true=true, read=read, shared=None, extra=None)))[0] == kind


@pytest.mark.parametrize(
    ("whole", "read", "kind"),
    [
        (ranks(3), ranks(40), Kind.cut),
        (ranks(3), ranks(3), Kind.unused),
        (ranks(40, 9, 2), ranks(90, 2, 1), Kind.little_read),
    ],
)
def test_a_cut_note_is_to_blame_where_the_whole_of_it_would_have_been_enough(
    whole: Found, read: Found, kind: Kind
) -> None:
    facts = Facts(true=None, read=read, whole=whole, shared=None, extra=None, part=0.3)
    got, why = decide(seen(facts=facts))
    assert got == kind and "read in its first 30%" in why


@pytest.mark.parametrize(("taught", "kind"), [(False, Kind.untaught), (True, Kind.unused), (None, Kind.unused)])
def test_a_disease_that_was_not_taught_is_told_apart(taught: bool | None, kind: Kind) -> None:
    assert decide(seen(taught=taught))[0] == kind


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"own": 10, "read": ranks(90)}, Kind.fused_away),
        ({"own": 11, "read": ranks(90)}, Kind.unspecific),
        ({"texts": 1, "read": ranks(90)}, Kind.unspecific),  # one opinion alone
        ({"texts": 1, "read": Found(present=6, explained=5, likelihood=9, similarity=90)}, Kind.fused_away),
    ],
)
def test_fusion_is_to_blame_where_the_model_or_two_opinions_had_it(facts: dict[str, Any], kind: Kind) -> None:
    given = Facts(**{"true": ranks(90), "shared": 6, "extra": 0, **facts})
    assert decide(seen(facts=given, heard=True))[0] == kind
    assert decide(seen(facts=given, heard=False))[0] == Kind.unspecific


@pytest.mark.parametrize(
    ("facts", "heard", "kind"),
    [
        ({"texts": None}, True, Kind.unannotated),
        ({"texts": 11}, True, Kind.unannotated),
        ({"texts": 10}, True, Kind.fused_away),  # nobody else could name it
        ({"texts": 10}, False, Kind.unannotated),
        ({"texts": None, "written": False}, True, Kind.unwritten),
    ],
)
def test_a_disease_without_annotations_is_for_the_texts_to_name(facts: dict[str, Any], heard: bool, kind: Kind) -> None:
    given = Facts(**{"true": None, "read": ranks(None), "shared": None, "extra": None, **facts})
    assert decide(seen(facts=given, heard=heard, annotated=False))[0] == kind


def test_what_is_no_disease_is_nobodys_fault() -> None:
    assert decide(seen(no_candidate="group")) == (Kind.no_candidate, "group")


@pytest.mark.parametrize(("line", "kind"), [(3, Kind.folded), (4, Kind.unused), (None, Kind.unused)])
def test_a_disease_folded_into_a_shown_line_is_told_apart(line: int | None, kind: Kind) -> None:
    assert decide(seen(judged_case(0, lines=9, line=line), at=3))[0] == kind


def test_misses_over_narratives_name_what_only_texts_know(tmp_path: Path, shipped_matcher: Matcher) -> None:
    """Appendicitis has no annotations, and a group of diseases is no answer."""
    note = "Pain that moved to the right lower abdomen, with vomiting and rebound tenderness."
    rows = [
        {"case_id": "belly", "note": note, "gold": [{"id": "MONDO:0005649", "label": "appendicitis"}]},
        {"case_id": "group", "note": note, "gold": [{"id": "MONDO:0005271", "label": "allergic disease"}]},
    ]
    found = misses_of(write_run(tmp_path, shipped_matcher, rows), at=3, n=50, seed=0)
    miss = {one.case_id: one for one in found}
    assert (miss["group"].kind, miss["group"].why) == (Kind.no_candidate, "group")
    assert miss["belly"].kind == Kind.unannotated and "texts " in miss["belly"].why
    assert miss["belly"].facts and miss["belly"].facts.written


# --- small things ----------------------------------------------------------------------------------------------------


def test_wilson_is_the_score_interval() -> None:
    assert wilson(15, 50) == pytest.approx((0.1910, 0.4375), abs=1e-4)
    assert wilson(0, 50) == pytest.approx((0, 0.0713), abs=1e-4)
    assert wilson(50, 50)[1] == 1


def test_the_share_of_a_cut_note_is_read_from_rows_of_earlier_versions() -> None:
    cut = Prediction(case_id="long", notices=["the model read 40% of the note"])
    assert part_read(cut) == 0.4
    assert part_read(Prediction(case_id="whole")) == 1


def test_the_models_own_list_is_its_beams_then_its_turn_each_disease_once(shipped_matcher: Matcher) -> None:
    def text(role: str, *listed: str) -> Text:
        lines = "\n".join(f"{rank}. {name}" for rank, name in enumerate(listed, 1))
        return Text(role=role, text=f"<answer>\n{lines}\n</answer>")

    turns = [text("turn", "Noonan syndrome 1", "Rett's syndrome"), text("beam", "Rett syndrome"), text("beam", ""),
             text("lead turn", "Cystinuria")]  # fmt: skip
    names = Names(shipped_matcher.kb, shipped_matcher.linker)
    assert own_names(turns, "note", names) == ["Rett syndrome", "Noonan syndrome 1"]


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_report_has_a_row_a_kind_and_a_line_a_case_and_no_text_of_a_note(run_folder: Path, tmp_path: Path) -> None:
    done = raredx("misses", run_folder, "--at", 3, "--out", tmp_path / "misses.md")
    assert done.exit_code == 0, done.output
    text = (tmp_path / "misses.md").read_text()
    assert f"{len(CASES) + 1} cases, {len(CASES)} without the right disease in the first 3; looked at: all" in text
    assert text.count("\n- `") == len(CASES) and f"| all | {len(CASES)} | 1 |" in text
    assert "| disease not taught | 1 | 1 | 6% (1-28) | teach the disease (stage 1) |" in text
    assert not any(words in text for words in ("wrings", "seen.", "wander", "nothing more"))
    as_json = raredx("misses", run_folder, "--at", 3, "--format", "json", "--n", 4, "--seed", 2)
    document = json.loads(as_json.stdout)
    assert len(document["misses"]) == 4 == sum(row["n"] for row in document["kinds"])
    assert document["missed"] == len(CASES) and "wrings" not in as_json.stdout


def test_a_run_without_misses_says_so(tmp_path: Path, shipped_matcher: Matcher) -> None:
    out = write_run(tmp_path, shipped_matcher, [CASES[-1]])
    lines = (out / JUDGED).read_text().splitlines()
    bad = JudgedCase.model_validate_json(lines[1]).model_copy(update={"strict": 1})
    (out / JUDGED).write_text(f"{lines[0]}\n{bad.model_dump_json()}\n")
    done = raredx("misses", out)
    assert done.exit_code == 0 and "2 cases, 0 without the right disease" in done.stdout
    assert misses_of(out, at=10, n=50, seed=0) == [] == kinds([])


def spoil_case_file(out: Path) -> None:
    (out.parent / "cases.jsonl").write_text("{}\n")


def spoil_knowledge(out: Path) -> None:
    data = json.loads((out / RUN).read_text())
    (out / RUN).write_text(json.dumps({**data, "knowledge": "hpo-1999"}))


def spoil_rows(out: Path) -> None:
    text = (out / PREDICTIONS).read_text()
    (out / PREDICTIONS).write_text(text[: text.rindex('{"case_id"')])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda out: (out / JUDGED).unlink(), "the run is not finished (judged.jsonl is missing)"),
        (lambda out: (out / RUN).unlink(), "no run folder"),
        (lambda out: (out.parent / "cases.jsonl").unlink(), "the case file of this run is not there"),
        (spoil_case_file, "has changed since the run"),
        (spoil_knowledge, "judged with knowledge hpo-1999"),
        (spoil_rows, "the run is not finished"),
    ],
)
def test_bad_input_gets_one_line_and_code_2(tmp_path: Path, shipped_matcher: Matcher, spoil: Any, message: str) -> None:
    out = write_run(tmp_path, shipped_matcher, CASES[-2:])
    spoil(out)
    result = raredx("misses", out, "--out", tmp_path / "misses.md")
    assert result.exit_code == 2 and message in result.stderr and result.stderr.count("\n") == 1
    assert not (tmp_path / "misses.md").exists()


def test_a_case_file_that_moved_is_named_and_any_other_is_refused(tmp_path: Path, shipped_matcher: Matcher) -> None:
    out = write_run(tmp_path, shipped_matcher)
    before = misses_of(out, at=3, n=50, seed=0)
    moved = (tmp_path / "cases.jsonl").rename(tmp_path / "elsewhere.jsonl")
    assert misses_of(out, at=3, n=50, seed=0, cases=[moved]) == before
    foreign = write_cases(tmp_path / "foreign.jsonl", CASES[:2])
    assert sha256(foreign) != sha256(moved)
    with pytest.raises(InputError, match="is no case file of this run"):
        misses_of(out, at=3, n=50, seed=0, cases=[foreign])
