"""What people see: the terminal, the page, the table; and that a note can do no harm in any of them."""

import io
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from rich.console import Console

from fake_product import FULL, NOTE, FakeEngine, fake_model, fake_names
from raredxr1.diagnose.output import sentences, tabular, words
from raredxr1.diagnose.output.glossary import in_sentence
from raredxr1.diagnose.output.html import Mark, html, segments
from raredxr1.diagnose.output.pdf import pdf
from raredxr1.diagnose.output.shown import shown_lines
from raredxr1.diagnose.output.stream import ReasoningStream, reasoning
from raredxr1.diagnose.output.text import print_result, text
from raredxr1.diagnose.pipeline import Options, diagnose
from raredxr1.diagnose.result import Crr, Line, Member, Result, Truncation
from raredxr1.schemas import ProblemKind, Span

GOLDEN = Path(__file__).parent / "golden"


def result(engine: FakeEngine | None = None, note: str = NOTE, **options: Any) -> Result:
    made = diagnose(note, fake_model(engine), fake_names(), Options(**options), "girl.txt")
    timings = made.timings.model_copy(update={"seconds": 8.25, "tokens_per_second": 26.0})
    versions = made.versions.model_copy(update={"raredxr1": "0.0.0"})
    return made.model_copy(update={"timings": timings, "versions": versions})


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("full.txt", lambda: text(result(), heading="girl.txt")),
        ("full.html", lambda: html(result())),
        ("full.tsv", lambda: tabular.header(result()) + tabular.rows(result())),
        ("full.json", lambda: result().model_dump_json(indent=2) + "\n"),
    ],
)
def test_what_is_shown_is_what_was_agreed(name: str, shown: Any) -> None:
    """To accept a change, read it and write the new text into tests/diagnose/golden."""
    assert shown() == (GOLDEN / name).read_text(encoding="utf-8")


# --- a terminal ------------------------------------------------------------------------------------------------------


def drawn(made: Result, width: int, verbosity: int = 0) -> str:
    console = Console(width=width, color_system=None, force_terminal=False, highlight=False)
    with console.capture() as capture:
        print_result(made, console, verbosity=verbosity)
    return capture.get()


def test_the_ranking_alone_is_the_table() -> None:
    assert text(result(), verbosity=-1).splitlines()[0].split() == ["#", "Disease", "Id", "Confidence"]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140, 200])
def test_the_answer_fits_any_width_and_one_screen(width: int) -> None:
    shown = drawn(result(), width)
    assert max(len(line) for line in shown.splitlines()) <= width
    assert len(shown.splitlines()) <= (24 if width > 60 else 30 if width == 60 else 50)
    for word in ("Rett", "Angelman", "84%", "OMIM:312750", "inability to walk", "no seizure"):
        assert word in " ".join(shown.split()), f"{word} is missing at {width} columns"


def test_what_the_model_wrote_is_shown_to_those_who_ask_and_is_called_so() -> None:
    everything = text(result(), verbosity=2)
    behind = everything[everything.index("The language model's reasoning, unchecked") :]
    assert "Rett syndrome: fits" in " ".join(behind.split())
    assert not re.search(r"<think>|</think>|\bfor \d|explains \d|awaited", everything)


def test_more_is_said_on_request_and_one_candidate_can_be_explained() -> None:
    assert "expected, not found in" not in text(result())
    assert "expected, not found in" in text(result(), verbosity=1)
    assert "expected, not found in the note" in html(result())
    explained = text(result(), explain=2)
    assert "Angelman syndrome" in explained and "Rett" not in explained
    assert "https://omim.org/entry/105830" in explained
    assert "There is no candidate 4" in text(result(), explain=4)


def test_on_request_each_finding_stands_once_with_its_words_and_the_rest_is_left_to_a_second_request() -> None:
    made = result()
    shown = text(made, verbosity=1)
    flat, first = " ".join(shown.split()), shown.split("1. Rett syndrome")[0]
    assert "inability to walk “never walked unaided”" in flat and "fit Rett syndrome" not in flat
    assert "+ " not in first and "HP:0002540" not in shown and "place in each" not in shown
    many = [made.candidates[0].model_copy(update={"rank": n, "label": f"Disease {n}"}) for n in range(1, 8)]
    seven = made.model_copy(update={"candidates": many, "lines": []})
    assert "5. Disease 5" in text(seven, verbosity=1) and "6. Disease 6" not in text(seven, verbosity=1)
    everything = text(seven, verbosity=2)
    assert "7. Disease 7" in everything and "HP:0002540" in everything


def test_what_is_as_frequent_is_named_together_and_of_much_that_is_not_explained_the_first() -> None:
    made = result()
    one = made.candidates[1].against[0]
    shares = ((0.5, "Ataxia"), (0.9, "Tremor"), (0.6, "Chorea"))
    told = [one.model_copy(update={"present": True, "frequency": share, "term": term}) for share, term in shares]
    left = [one.model_copy(update={"present": True, "term": f"Finding {n}"}) for n in range(1, 9)]
    candidate = made.candidates[1].model_copy(update={"supports": told, "unexplained": left})
    said = dict(sentences.candidate_sentences(candidate, everything=False))
    assert said["supports"] == "ataxia, chorea (frequent); tremor (very frequent)"
    assert said["unexplained"].endswith("finding 6 and 2 more")
    assert dict(sentences.candidate_sentences(candidate))["unexplained"].endswith("finding 7 and finding 8")


def test_the_programs_own_words_are_not_shown() -> None:
    shown = text(result(), verbosity=2) + html(result())
    assert not re.search(r"awaited|\bCRR\b|\bbeams?\b|weighed by|retrieval", shown)


def test_an_answer_that_could_not_be_read_is_said() -> None:
    shown = text(result(FakeEngine(full="No idea.", beams=(("", -1.0),))))
    assert "Nothing stands out. No disease was named." in " ".join(shown.split())
    assert "For research use only" in shown


def test_every_problem_has_words() -> None:
    bad = result()
    problems = [{"kind": kind, "detail": "what the model wrote"} for kind in ProblemKind]
    diagnosis = bad.diagnosis.model_validate({**bad.diagnosis.model_dump(), "problems": problems})
    lines = words.problem_lines(diagnosis)
    assert len(lines) == len(ProblemKind)
    assert all("{" not in line for line in lines)


def test_quotes_that_were_written_again_are_said() -> None:
    shown = result()
    assert "written again" not in text(shown, verbosity=2)
    turns = [shown.turns[0].model_copy(update={"mended": 3}), *shown.turns[1:]]
    mended = shown.model_copy(update={"turns": turns})
    assert "or left out: 3." in " ".join(text(mended, verbosity=2).split())
    assert "or left out" not in text(mended), "nobody has to act on it"


def unread(own: list[dict[str, Any]]) -> Result:
    """A fused result whose turn has no answer that could be read."""
    made = result().model_dump()
    made["crr"] = {"mode": "fusion", "decided_by": "a fit", "own": own, "opinions": []}
    made["diagnosis"]["problems"] = [{"kind": kind} for kind in ("unparsed", "truncated", "no_answer")]
    return Result.model_validate(made)


def test_that_the_model_named_nothing_is_said_only_where_it_is_true() -> None:
    named = " ".join(text(unread([{"rank": 1, "name": "Rett syndrome"}]), verbosity=2).split())
    for untrue in ("named no disease", "No disease name could be read", "gave no answer"):
        assert untrue not in named
    assert "it reached its limit of tokens" in named
    silent = " ".join(text(unread([]), verbosity=2).split())
    assert "The language model named no disease; the other opinions made the ranking." in silent
    assert "No disease name could be read from the model's answer." in silent


def test_what_is_unspecific_is_not_the_first_thing_said_against_a_candidate() -> None:
    made = result()
    seizure = made.candidates[1].against[0]
    hand = seizure.model_copy(update={"term": "Abnormality of the hand"})
    both = made.candidates[0].model_copy(update={"against": [hand, seizure]})
    shown = " ".join(text(made.model_copy(update={"candidates": [both, *made.candidates[1:]]})).split())
    assert "The absence of seizure speaks against it." in shown and "abnormality of the hand" not in shown
    trivial = made.candidates[0].model_copy(update={"against": [hand]})
    only = made.model_copy(update={"candidates": [trivial, *made.candidates[1:]]})
    assert "Nothing specific that the note says speaks against it." in " ".join(text(only).split())
    assert "no abnormality of the hand" in " ".join(text(only, verbosity=1).split()), "with all evidence it is said"


def test_the_report_says_once_how_findings_were_read_and_folds_normal_results() -> None:
    place = {"quote": "Girl", "span": {"start": 0, "end": 4}}
    stated = [
        {"hpo_id": "HP:0001250", "term": "Seizure", "state": "present", "by": "dictionary", **place},
        {"hpo_id": "HP:0001251", "term": "Ataxia", "state": "present", "by": "model", **place},
        {"hpo_id": "HP:0003236", "term": "Elevated creatine kinase", "state": "absent", "by": "dictionary", **place},
    ]
    page = html(Result.model_validate({**result().model_dump(), "stated": stated}))
    assert page.count("ound by name in the note") == 1
    assert page.count("read by the language model") == 1
    assert page.index("1 normal result<") < page.index("<td>Elevated creatine kinase")


CUT = Truncation(kept_characters=len(NOTE), omitted_characters=1100, omitted_share=0.9)
"""As earlier versions cut notes; their documents are still shown."""


def test_a_cut_note_is_said_first() -> None:
    cut = result(note=NOTE + " And so on." * 100).model_copy(update={"truncation": CUT})
    assert re.match(r"The last [\d,]+ characters \(\d+%\) of the note were left out", words.remarks(cut)[0])


@pytest.mark.parametrize(
    ("share", "shown"), [(None, "–"), (0.0, "<1%"), (0.004, "<1%"), (0.613, "61%"), (0.9996, ">99%"), (1.0, ">99%")]
)
def test_confidence_is_shown_in_percent(share: float | None, shown: str) -> None:
    assert words.percent(share) == shown


# --- reasoning as it is written --------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, len(FULL)), max_size=40))
def test_the_stream_shows_the_same_however_it_is_cut(cuts: list[int]) -> None:
    edges = sorted({0, len(FULL), *cuts})
    stream = ReasoningStream()
    shown = "".join(stream.feed(FULL[start:end]) for start, end in pairwise(edges))
    assert shown.strip() == reasoning(FULL)


def test_the_reasoning_is_told_in_sentences_without_tags_numbers_or_the_answer() -> None:
    turn = """<think>
Findings
1 + " wrings her hands " = Hand stereotypy
2 - " no seizures " = Seizure
Hypotheses
Rett syndrome | for 1 | against 2 | awaited Breathing irregularity; Scoliosis
Weigh
Rett syndrome explains 1, the most specific finding; Marfan syndrome does not.
</think>
<answer>
1. Rett syndrome
</answer>"""
    assert reasoning(turn).splitlines() == [
        'hand stereotypy ("wrings her hands")',
        'no seizure ("no seizures")',
        "Rett syndrome: fits hand stereotypy; against it: no seizure; expected, not mentioned: breathing irregularity "
        "and scoliosis.",
        "Rett syndrome explains hand stereotypy; it is not recorded for Marfan syndrome.",
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "Medullary carcinoma explains 1, its most specific finding; Rett syndrome does not.",
            "The note itself has medullary carcinoma; it is not recorded for Rett syndrome.",
        ),
        ("Medullary carcinoma explains 1.", "The note itself has medullary carcinoma."),
        (
            "No finding is specific; Rett syndrome is only the least unlikely.",
            "None of the findings is known of these diseases; Rett syndrome is only the least unlikely.",
        ),
        (
            "Noonan syndrome 1 explains 1; so do the others.",
            "Noonan syndrome 1 explains medullary carcinoma; so do the others.",
        ),
    ],
)
def test_what_decides_is_said_so_that_it_makes_sense(written: str, shown: str) -> None:
    finding = '<think>\nFindings\n1 + " a carcinoma " = Medullary carcinoma\nHypotheses\nWeigh\n'
    assert reasoning(finding + written).splitlines()[1:] == [shown]


@pytest.mark.parametrize(
    ("hypothesis", "told"),
    [
        ("Rett syndrome | for 1", "fits sign 1; no match for sign 2, sign 3, sign 4 and 2 more."),
        ("Rett syndrome | for 1 4 5", "fits sign 1, sign 4 and sign 5; no match for sign 2, sign 3 and sign 6."),
        ("Rett syndrome | against 7", "no match for sign 1, sign 2, sign 3 and 3 more; against it: no sign 7."),
        ("Rett syndrome | for 1 2 3 4 5 6", "fits sign 1, sign 2, sign 3, sign 4, sign 5 and sign 6."),
        ("Rett syndrome", "nothing that could be weighed is annotated of it."),
    ],
)
def test_a_hypothesis_says_which_findings_it_has_no_match_for(hypothesis: str, told: str) -> None:
    read = "".join(f'{n} {"-" if n == 7 else "+"} " words " = sign {n}\n' for n in range(1, 8))
    turn = f"<think>\nFindings\n{read}Hypotheses\n{hypothesis}\n"
    assert reasoning(turn).splitlines()[7:] == [f"Rett syndrome: {told}"]


def test_a_line_is_shown_as_soon_as_it_is_whole() -> None:
    stream = ReasoningStream()
    assert stream.feed("<think>\nHypotheses\nRett syndrome | awaited Sei") == ""
    assert stream.feed("zure\nMarfan syndrome\n").splitlines() == [
        "Rett syndrome: expected, not mentioned: seizure.",
        "Marfan syndrome: nothing that could be weighed is annotated of it.",
    ]
    assert stream.feed("</think>\n<answer>\n1. X\n") == ""


@given(st.text())
def test_no_control_character_reaches_the_terminal(turn: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", ReasoningStream().feed(turn))


# --- the page --------------------------------------------------------------------------------------------------------


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)


@given(st.text(min_size=40, max_size=40), st.lists(SPANS, max_size=5))
def test_the_segments_of_a_note_are_the_note(note: str, spans: list[list[int]]) -> None:
    findings = [
        Mark(Span(start=start, end=end), "present", "t", i) for i, (start, end) in enumerate(spans, 1) if start < end
    ]
    parts = segments(note, findings)
    assert "".join(part.text for part in parts) == note
    for finding in findings:
        marked = "".join(part.text for part in parts if finding in part.findings)
        assert marked == note[finding.span.start : finding.span.end]
        assert sum(finding in part.ending for part in parts) == 1


HOSTILE = '<script>alert(1)</script> & "quotes" \x1b[31m \u202e'


def test_what_note_model_and_name_say_is_text_on_the_page() -> None:
    full = FULL.replace("never walked unaided", HOSTILE).replace("Rett syndrome\n", f"{HOSTILE}\n")
    full = full.replace("Inability to walk", "<b>walk</b>").replace("explains 2", "<i>explains</i>")
    made = diagnose(NOTE + HOSTILE, fake_model(FakeEngine(full=full)), fake_names(), name=f"{HOSTILE}.txt")
    page = html(made)
    assert "<script" not in page
    assert "<b>walk" not in page
    assert "<i>explains" not in page
    assert "\x1b" not in page + text(made) + tabular.rows(made)
    assert "\u202e" not in page + text(made) + tabular.rows(made)


def test_the_page_needs_nothing_from_outside() -> None:
    page = html(result())
    assert not re.search(r"https?://|src=|href=|@import|url\(", page)
    assert "default-src 'none'" in page


def test_the_part_that_was_not_read_is_marked_on_the_page() -> None:
    note = NOTE + " And so on." * 100
    cut = result(note=note).model_copy(update={"truncation": CUT})
    omitted = note[CUT.kept_characters :]
    assert f'title="not read: longer than the model can read">{omitted}</span>' in html(cut)


# --- the table -------------------------------------------------------------------------------------------------------


def test_every_row_has_every_column_and_no_cell_breaks_it() -> None:
    full = FULL.replace("Hand-wringing disease", "Hand\twringing")
    made = result(FakeEngine(full=full))
    said, table = tabular.header(made).splitlines()[:-1], (tabular.header(made) + tabular.rows(made)).splitlines()
    assert said[0] == f"# {made.disclaimer}" and all(line.startswith("# ") for line in said)
    lines = table[len(said) :]
    assert len(lines) == 4
    assert not any("research use" in line for line in lines), "said once, not in every row"
    assert {line.count("\t") for line in lines} == {len(tabular.COLUMNS) - 1}


def test_a_note_without_a_ranking_keeps_a_row() -> None:
    nothing = result(FakeEngine(full="?", beams=(("", -1.0),)))
    (row,) = tabular.rows(nothing).splitlines()
    assert row.split("\t")[:3] == ["girl.txt", "", ""]


# --- PDF -------------------------------------------------------------------------------------------------------------


def test_the_pdf_is_one_page_whatever_letters_it_meets() -> None:
    odd = FULL.replace("Hand-wringing disease of Atlantis", "α-Ångström–Жук “disease”")
    made = pdf(result(FakeEngine(full=odd)))
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 1


# --- sentences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "inside"),
    [
        ("Gait ataxia", "gait ataxia"),
        ("Babinski sign", "Babinski sign"),
        ("EEG abnormality", "EEG abnormality"),
        ("Gowers' sign", "Gowers' sign"),
        ("2-3 toe syndactyly", "2-3 toe syndactyly"),
        ("\x1b[31mred", "\ufffd[31mred"),
    ],
)
def test_a_label_stands_in_a_sentence(term: str, inside: str) -> None:
    assert in_sentence(term) == inside


def test_the_reasoning_agrees_with_the_table() -> None:
    made = result()
    said = " ".join(sentences.reasoning(made))
    assert said.index("Rett syndrome") < said.index("Next is Angelman syndrome (14%)")
    assert "Inability to walk and stereotypic hand movements fit Rett syndrome" in said


def test_an_absent_finding_does_not_read_as_if_nothing_spoke_against() -> None:
    made = result()
    first = made.candidates[0].model_copy(update={"against": made.candidates[1].against})
    turned = made.model_copy(update={"candidates": [first, *made.candidates[1:]]})
    assert "The absence of seizure speaks against it." in sentences.reasoning(turned)


def test_that_nothing_stands_out_is_said_first_and_the_ranking_is_folded() -> None:
    bare = healthy()
    shown = " ".join(text(bare).split())
    assert shown.index("Nothing stands out.") < shown.index("What would help: age.")
    for name in ("Rett", "Angelman", "OMIM"):
        assert name not in shown, "an alarming name for somebody healthy"
    assert "OMIM:312750" in text(bare, verbosity=1)
    page = html(bare)
    assert page.index("<details>") < page.index("OMIM:312750") < page.index("</details>")
    assert "What would tell them apart" not in page
    read = PdfReader(io.BytesIO(pdf(bare))).pages[0].extract_text()
    assert "Nothing stands out" in read and "Rett" not in read


def healthy() -> Result:
    verdict = {"kind": "nothing_stands_out", "reason": "No abnormal finding was read in the note.", "help": ["age"]}
    return Result.model_validate({**result().model_dump(), "verdict": verdict})


def test_the_findings_are_named_by_state_on_the_first_screen() -> None:
    span = {"start": 0, "end": 4}
    stated = [
        {
            "hpo_id": f"HP:{n:07}",
            "term": f"Finding {n}",
            "state": state,
            "quote": "Girl",
            "span": span,
            "by": "dictionary",
        }
        for n, state in enumerate(["present"] * 14 + ["absent", "uncertain", "other", "hypothetical"])
    ]
    shown = " ".join(text(Result.model_validate({**result().model_dump(), "stated": stated})).split())
    assert "Present (14): finding 0, finding 1," in shown and "finding 11 and 2 more Absent (1): finding 14" in shown
    assert "Uncertain (1): finding 15" in shown
    assert "Not counted: finding 16 (relative), finding 17 (only considered)" in shown


def test_the_name_that_people_know_stands_beside_that_of_the_catalogue() -> None:
    made = result()
    first = made.candidates[0].model_copy(update={"also_called": ["Andreas syndrome", "RTT"]})
    known = made.model_copy(update={"candidates": [first, *made.candidates[1:]]})
    assert text(known).splitlines()[0] == "Rett syndrome (Andreas syndrome) fits best (84%)."
    assert "also called: Andreas syndrome, RTT" in " ".join(text(known, verbosity=1).split())
    assert "(Andreas syndrome)" in html(known)
    assert "Andreas syndrome" in PdfReader(io.BytesIO(pdf(known))).pages[0].extract_text()


def test_what_the_note_excludes_stands_quietly_below_the_ranking() -> None:
    said = 'Put behind all others, because the note excludes them: Fabry disease ("Fabry was ruled out").'
    made = result().model_copy(update={"excluded": said})
    for shown in (text(made), text(made, verbosity=1), html(made).replace("&#34;", '"')):
        flat = " ".join(shown.split())
        assert flat.count(said) == 1
        assert flat.index(said) > flat.index("Angelman syndrome"), "first the answer"
    assert said not in words.to_act_on(made)
    assert "Fabry was ruled out" in PdfReader(io.BytesIO(pdf(made))).pages[0].extract_text().replace("\n", " ")


def test_a_family_says_which_of_its_members_fits_best() -> None:
    made = result()
    two = [Member(rank=n, name=f"Atlantis disease type {n}", id=None, confidence=0.3) for n in (1, 2)]
    family = Line(name="Atlantis disease", members=two, confidence=0.6)
    first = shown_lines(made.model_copy(update={"lines": [family, *made.lines[2:]]}))[0]
    assert first.subtypes == "2 subtypes"
    favoured = family.model_copy(update={"favoured": True})
    assert shown_lines(made.model_copy(update={"lines": [favoured]}))[0].subtypes == "2 subtypes, type 1 fits best"
    infantile = [one.model_copy(update={"name": f"Infantile {one.name}"}) for one in two]
    named = Line(name="Atlantis disease type 1", members=infantile, favoured=True)
    assert shown_lines(made.model_copy(update={"lines": [named]}))[0].subtypes == "2 subtypes, Infantile fits best"
    itself = family.model_copy(update={"name": "Atlantis disease type 1"})
    assert shown_lines(made.model_copy(update={"lines": [itself]}))[0].subtypes == "2 subtypes"


def test_age_and_sex_that_speak_against_it_are_said_wherever_evidence_is() -> None:
    made = result()
    said = ["onset at 60 years or later by annotation, and the patient is 3 years old"]
    first = made.candidates[0].model_copy(update={"person_against": said})
    old = made.model_copy(update={"candidates": [first, *made.candidates[1:]]})
    shown = " ".join(text(old).split())
    assert "Onset at 60 years or later by annotation, and the patient is 3 years old." in shown
    assert "Nothing that the note says speaks against it" not in shown
    assert "− onset at 60 years or later by annotation" in shown
    for document in (text(old, verbosity=1), html(old), tabular.rows(old)):
        assert "and the patient is 3 years old" in " ".join(document.split())


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("Seizure", "no seizure"),
        ("Decreased circulating copper concentration", "circulating copper concentration not decreased"),
        ("Increased CSF protein concentration", "CSF protein concentration not increased"),
        ("Delayed speech and language development", "speech and language development not delayed"),
        ("Abnormality of eye movement", "no abnormality of eye movement"),
        ("Abnormal circulating lactate concentration", "circulating lactate concentration not abnormal"),
    ],
)
def test_an_absent_finding_is_no_double_negative(term: str, said: str) -> None:
    absent = result().candidates[1].against[0].model_copy(update={"term": term})
    assert words.finding(absent) == said
    assert words.finding(absent.model_copy(update={"present": True})) == in_sentence(term)


def test_a_disease_after_the_tenth_is_shown_with_what_it_can_have_at_most() -> None:
    made = result().model_dump()
    shares = zip(made["candidates"], (0.6, 0.2, 0.013), strict=True)
    made["candidates"] = [one | {"confidence": share} for one, share in shares]
    members = [{"rank": 11, "name": "Eleventh disease", "id": None}]
    made["lines"] = [*made["lines"], {"name": "Eleventh disease", "members": members}]
    assert "Eleventh" in text(Result.model_validate(made)) and "<2%" not in text(Result.model_validate(made))
    made["calibration"] = {"method": "platt", "cases": 9, "ece": 0.1, "none_of_these": 0.1}
    assert re.search(r"Eleventh disease +no id +<2%", text(Result.model_validate(made)))


def test_a_report_is_called_after_the_file_without_its_folders() -> None:
    made = result().model_copy(update={"input": "/home/someone/patients/girl.txt"})
    for document in (html(made), PdfReader(io.BytesIO(pdf(made))).pages[0].extract_text()):
        assert "Differential diagnosis: girl.txt" in document and "someone" not in document


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.84, 0.1), "Rett syndrome fits best (84%)."),
        ((0.34, 0.1), "Rett syndrome is first (34%)."),
        ((0.18, 0.13), "Rett syndrome (18%) and Angelman syndrome (13%) come first."),
        ((None, None), "Rett syndrome fits best."),
    ],
)
def test_the_answer_claims_no_more_than_the_figures(shares: tuple[float | None, ...], said: str) -> None:
    made = result().model_dump()
    for line, candidate, share in zip(made["lines"], made["candidates"], shares, strict=False):
        line["confidence"] = candidate["confidence"] = share
    assert sentences.verdict(Result.model_validate(made)) == said


def test_a_model_that_says_nothing_is_told_of_below_a_ranking_that_others_made() -> None:
    unread = "No disease name could be read from the model's answer."
    silent = "The language model named no disease; the other opinions made the ranking."
    alone = result(FakeEngine(full="No idea.", beams=(("", -1.0),)))
    assert unread in words.to_act_on(alone) and silent not in words.below_ranking(alone)
    crr = Crr(mode="fusion", decided_by="a fit", own=[], opinions=[])
    heard = result().model_copy(update={"crr": crr, "diagnosis": alone.diagnosis})
    assert words.to_act_on(heard) == []
    assert silent in words.below_ranking(heard) and unread in words.slips(heard)


def test_a_share_of_half_a_percent_is_one_and_never_none() -> None:
    assert [words.percent(share) for share in (0.004, 0.005, 0.0149, 0.015)] == ["<1%", "1%", "1%", "2%"]


def test_the_report_has_fields_for_the_record() -> None:
    page = PdfReader(io.BytesIO(pdf(result()))).pages[0].extract_text()
    for field in ("Patient (initials)", "Born", "Date", "Signature"):
        assert field in page
        assert f"<dt>{field}</dt>" in html(result())
    assert "Findings present" in page and "Findings read as" not in page
