"""What all outputs say in the same words."""

from raredxr1 import lazy_re as re
from raredxr1.cases.plain import spoken_age
from raredxr1.diagnose.output.glossary import counted, how_frequent, in_sentence, listed, printable, shown
from raredxr1.diagnose.result import Awaited, Evidence, NextStep, Ranked, Result, StatedFinding
from raredxr1.knowledge.described import UNSTATED
from raredxr1.schemas import Demographics, Diagnosis, ProblemKind

LITTLE = 4
"""Annotated findings up to which little is known of a disease."""
SAID = 5
"""Diseases of each opinion that are shown on a terminal; documents hold all ten."""


def basename(name: str) -> str:
    """The name of a file without its folders, for a heading."""
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2] or name


def percent(share: float | None) -> str:
    """0.613 -> "61%"; under half a percent "<1%"; nearly one ">99%"; None -> a dash."""
    if share is None:
        return "–"
    if share >= 0.995:  # nothing computed from a note is certain
        return ">99%"
    return "<1%" if share < 0.005 else f"{int(100 * share + 0.5)}%"


def in_words(patient: Demographics) -> str:
    """Sex and age as the note, or a person beside it, states them: "female, 4 years"; empty where nobody does."""
    age, sex = patient.age, patient.sex
    said: list[str] = [sex.value] if sex else []
    if age:
        years = age.years if age.to_years is None else (age.years, age.to_years)
        spoken = f"{years[0]:g} to {years[1]:g} years" if isinstance(years, tuple) else spoken_age(age.iso8601)
        said.append(f"at least {spoken}" if age.kind == "event" else spoken or "")
    return ", ".join(filter(None, said))


def patient_line(result: Result) -> str:
    """Sex and age with the words of the note that state them; empty where nobody states them."""
    stated = [one.quote for one in (result.patient.age, result.patient.sex) if one]
    quotes = "; ".join(
        dict.fromkeys(f"“{printable(' '.join(q.split()))}”" if q else "as stated by you" for q in stated)
    )
    said = in_words(result.patient)
    return f"Patient: {said} ({quotes})." if said else ""


def disease_name(candidate: Ranked) -> str:
    """The name to show: the knowledge base's, unless the link is a guess or there is none."""
    return printable(candidate.label if candidate.label and candidate.link_rule != "fuzzy" else candidate.name)


def how_often(frequency: float | None, rests_on: str = "") -> str:
    """How often a disease has a finding: "very frequent", "in 1 of 1 described"; empty: not known."""
    if rests_on == UNSTATED:
        return shown("unstated")
    return f"in {rests_on} described" if rests_on else how_frequent(frequency) if frequency else ""


def often(item: Evidence | Awaited) -> str:
    """The same of a finding that is evidence."""
    return how_often(item.frequency, item.rests_on)


def little_known(candidate: Ranked) -> str:
    """That hardly anything is recorded of a disease that explains no finding; empty where that is not so."""
    known = candidate.annotated
    if known is None or known > LITTLE or candidate.supports:
        return ""
    recorded = f"only {counted(known, 'finding')} recorded" if known else "no findings are recorded"
    return f"ranked by its description; {recorded}"


def also_known_as(candidate: Ranked) -> str:
    """The name as it was written, where another is shown; for a guess at the spelling what it resembles; or empty."""
    if not candidate.label or candidate.label.casefold() == candidate.name.casefold():
        return ""
    if candidate.link_rule == "fuzzy":
        return f"spelled like {printable(candidate.label)} ({candidate.link_score:.0f} of 100)"
    return f"written as {printable(candidate.name)}"


def finding(evidence: Evidence) -> str:
    """A finding inside a sentence: "gait ataxia", "no seizure", "serum copper not decreased"."""
    term = in_sentence(evidence.term)
    if evidence.present:
        return term
    changed = _CHANGED.match(evidence.term)
    return (
        f"{in_sentence(changed[2][:1].upper() + changed[2][1:])} not {changed[1].lower()}" if changed else f"no {term}"
    )


def state_of(one: StatedFinding) -> str:
    """The state of a finding in words, with what the note says beside it: "present, now over", "relative, denied"."""
    beside = {"past": ", now over", "denied": ", denied"}.get(one.detail or "", "")
    return shown(one.state) + beside


def named(one: StatedFinding) -> str:
    """A finding in a list of those of its state: "febrile seizure (now over)"."""
    return in_sentence(one.term) + (" (now over)" if one.detail == "past" else "")


def noted(one: StatedFinding) -> str:
    """A finding with its id in a list of those of its state: "Febrile seizure HP:0002373 (now over)"."""
    beside = {"past": " (now over)", "denied": " (denied)"}.get(one.detail or "", "")
    return f"{one.term} {one.hpo_id}{beside}"


def is_normal_result(one: StatedFinding) -> bool:
    """Whether a finding is no more than a test that came out normal: "Elevated ...: absent", a figure in its range."""
    measured = _MEASURED.match(one.term) or any(map(str.isdigit, one.quote))
    return one.state == "absent" and not one.elsewhere and bool(measured)


def quoted(evidence: Evidence) -> str:
    """The words of the note, marked where they say that the finding is absent; the term, where a reader added it."""
    words = f"“{printable(evidence.quote)}”" if evidence.quote else f"{printable(evidence.term)} (added)"
    return words if evidence.present else f"{words} (absent)"


_CHANGED = re.compile(r"(Abnormal|Decreased|Increased|Elevated|Reduced|Delayed) (\S.*)")
"""Names of findings that are a change: "no decreased copper" would have to be read twice."""
_MEASURED = re.compile(r"(?:Abnormal|Decreased|Increased|Elevated|Reduced) \S|(?:Hyper|Hypo)\w+emia$")
"""Names of findings that are the result of a test."""


def evidence_cells(candidate: Ranked) -> dict[str, str]:
    """Evidence for a table: fits, speaks against, not explained, expected; named by whom."""
    return {
        "for": "; ".join([*map(quoted, candidate.supports), *map(printable, candidate.person_for)]),
        "against": "; ".join([*map(quoted, candidate.against), *map(printable, candidate.person_against)]),
        "not_explained": "; ".join(map(quoted, candidate.unexplained)),
        "expected_not_mentioned": "; ".join(printable(item.term) for item in candidate.awaited),
        "named_by": named_by(candidate),
    }


def weighed_by(candidate: Ranked) -> str:
    """Whose evidence it is, in words; empty where there is none."""
    return shown(f"by {candidate.evidence_by}") if candidate.evidence_by else ""


def named_by(candidate: Ranked) -> str:
    """Who names a candidate and at which rank: "language model 1st, text search 3rd"; empty without other rankings."""
    return ", ".join(f"{shown(source)} {ordinal(rank)}" for source, rank in candidate.ranks.items())


def ordinal(rank: int) -> str:
    """1 -> "1st"; 2 -> "2nd"; 11 -> "11th"."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{rank}{'th' if rank % 100 in (11, 12, 13) else endings.get(rank % 10, 'th')}"


def read_by(stated: StatedFinding) -> str:
    """Who read a finding."""
    return shown(f"by {stated.by}")


_PROBLEMS = {
    ProblemKind.UNPARSED: "No disease name could be read from the model's answer.",
    ProblemKind.TRUNCATED: "The model's turn is unfinished: it reached its limit of tokens.",
    ProblemKind.NO_ANSWER: "The model gave no answer.",
    ProblemKind.NO_REASONING: "The model gave no reasoning.",
    ProblemKind.BAD_LINE: "Lines of the turn that could not be read: {n}.",
    ProblemKind.DUPLICATE_NAME: "Names left out because their disease is listed already: {n}.",
    ProblemKind.JOINED_NAMES: "Lines of the answer that join several diseases, left as written: {n}.",
    ProblemKind.TOO_MANY_NAMES: "Names beyond the tenth, left out: {n}.",
    ProblemKind.QUOTE_NOT_IN_NOTE: "Quotes that do not stand in the note: {words}.",
    ProblemKind.UNKNOWN_FINDING: "References to findings that were not listed: {n}.",
    ProblemKind.TEXT_AFTER_ANSWER: "The model wrote on after its answer; that text was left out.",
}


_GRAVE = frozenset((ProblemKind.UNPARSED, ProblemKind.NO_ANSWER))
"""Problems that leave nothing to read."""


def problem_lines(diagnosis: Diagnosis) -> list[str]:
    """What was wrong with the turn, one sentence a kind."""
    lines = []
    for kind, sentence in _PROBLEMS.items():
        details = [problem.detail for problem in diagnosis.problems if problem.kind == kind]
        if details:
            words = ", ".join(f"“{printable(detail)}”" for detail in details)
            lines.append(sentence.format(n=len(details), words=words))
    return lines


def warnings(result: Result) -> list[str]:
    """What went wrong or was left out: a cut note, problems of the turn."""
    lines = []
    if cut := result.truncation:
        lines.append(
            f"The last {cut.omitted_characters:,} characters ({percent(cut.omitted_share)}) of the note were left out: "
            "it is longer than the model can read."
        )
    return lines + _mended(result) + problem_lines(_as_met(result))


def slips(result: Result) -> list[str]:
    """Those of the warnings that tell of slips in the model's turn, put right or left out; the answer stands."""
    grave = frozenset() if _others_answered(result) else _GRAVE
    met = _as_met(result)
    small = [problem for problem in met.problems if problem.kind not in grave]
    return _mended(result) + problem_lines(met.model_copy(update={"problems": small}))


def _as_met(result: Result) -> Diagnosis:
    """The turn with what was wrong with it; that it has no answer is no fault where the model named diseases apart."""
    if not _model_named(result):
        return result.diagnosis
    kept = [problem for problem in result.diagnosis.problems if problem.kind not in _GRAVE]
    return result.diagnosis.model_copy(update={"problems": kept})


def _model_named(result: Result) -> bool:
    """Whether the language model named a disease, in its turn or when it was asked for names alone."""
    return bool(result.crr.own if result.crr else result.candidates)


def _others_answered(result: Result) -> bool:
    """Whether the model was asked for diseases and named none, and other opinions made the ranking all the same."""
    return _ranks(result) and not _model_named(result) and bool(result.candidates)


def _ranks(result: Result) -> bool:
    """Whether the model was asked for diseases; else it weighs, at most, what others name."""
    return any(turn.role in ("turn", "beam", "sample", "lead beam") for turn in result.turns)


def _mended(result: Result) -> list[str]:
    told = {
        False: "Quotes that were not in the note, written again from its words or left out",
        True: "Lines of the language model's reasoning that were not so, written again",
    }
    mended = {led: sum(t.mended for t in result.turns if (t.role == "lead turn") is led) for led in told}
    return [f"{told[led]}: {count}." for led, count in mended.items() if count]


def remarks(result: Result) -> list[str]:
    """Everything a reader should know beside the ranking: warnings, what was changed, what the confidence is."""
    return [*warnings(result), *result.notices, *redacted(result), *none_line(result), *below_ranking(result)]


def to_act_on(result: Result) -> list[str]:
    """What a reader must act on, or know before looking at the ranking; slips that change nothing are not among it."""
    left_alone = slips(result)
    return [*(line for line in warnings(result) if line not in left_alone), *result.notices, *redacted(result)]


def below_ranking(result: Result) -> list[str]:
    """What a ranking is to be read with: what the note excludes, who is not heard in it, what the confidences mean."""
    excluded = [printable(line) for line in result.excluded.splitlines()]
    silent = ["The language model named no disease; the other opinions made the ranking."]
    return [*excluded, *(silent if _others_answered(result) else []), *confidence_lines(result)]


def confidence_lines(result: Result) -> list[str]:
    """What the confidences mean, in a sentence."""
    if result.calibration:
        known = result.calibration
        points = percent(known.ece if known.within_a_set is None else known.within_a_set).rstrip("%")
        return [
            f"Confidence: of diseases shown with 20%, about 20 in 100 were the right one in {known.cases:,} "
            f"development cases; on notes of another kind the true share can be higher or lower by some {points} "
            "points."
        ]
    if result.confidence_kind == "beam probability":
        return ["Confidence: the language model's own estimate, not calibrated: it may be far off."]
    if result.confidence_kind == "agreement":
        return [
            f"Confidence: share of {result.settings.samples} answers drawn from the language model that name the "
            "disease first; not calibrated."
        ]
    if result.crr:
        return ["No confidence is shown: nothing was fitted for this language model that would give it a meaning."]
    return []


def none_likely(result: Result) -> bool:
    """Whether it is likelier that no listed disease is right than that one is."""
    return result.calibration is not None and result.calibration.none_of_these >= 0.5


def says_nothing(result: Result) -> bool:
    """Whether no disease is to be named as an answer: nothing stands out, or none of the list is likely."""
    return result.verdict.kind == "nothing_stands_out" or none_likely(result)


def steps(result: Result) -> list[NextStep]:
    """What to ask or test next: nothing where nothing stands out, and no genes where no disease is likely."""
    if result.verdict.kind == "nothing_stands_out":
        return []
    return [one for one in result.next_steps if one.kind != "gene" or not none_likely(result)]


def none_line(result: Result) -> list[str]:
    """How probable it is that the right disease is not listed, where that is known."""
    if result.calibration is None:
        return []
    nothing = percent(result.calibration.none_of_these)
    if none_likely(result):
        return [f"None of these is likely: that the right disease is not among them has a probability of {nothing}."]
    return [f"That the right disease is not among these has a probability of {nothing}."]


def redacted(result: Result) -> list[str]:
    """What was taken out of the note before anything read it."""
    if not result.redactions:
        return []
    counted_kinds = ", ".join(f"{one.kind} {one.count}" for one in result.redactions)
    return [
        f"Replaced in the note before it was read: {counted_kinds}. What the rules do not know stays in: look it over."
    ]


def crr_lines(result: Result) -> list[str]:
    """Who said what before the rankings were combined; empty where only the model ranked."""
    said = result.crr
    if said is None:
        return []
    own = "; ".join(
        f"{c.rank}. {printable(c.name)}" + (f" {percent(c.confidence)}" if c.confidence is not None else "")
        for c in said.own
    )
    lines = [f"Combined by {printable(said.decided_by)}."]
    if own or _ranks(result):
        lines.append(f"{shown('model')} (read the note): {own or 'nothing'}")
    for opinion in said.opinions:
        names = "; ".join(f"{line.rank}. {printable(line.name)}" for line in opinion.lines[:SAID])
        lines.append(f"{shown(opinion.source)} (read {opinion.read}): {names or opinion.silent}")
    return lines


def step_kind(step: NextStep) -> str:
    """How a next step is taken: "look for", "laboratory", "gene"."""
    return shown(f"step {step.kind}")


def step_name(step: NextStep) -> str:
    """What is asked or tested: the test in words where it has some, else its label."""
    return printable(step.test or step.label)


def gene_test(step: NextStep) -> str:
    """A test of the cause inside a sentence: "gene MECP2", "panel of 22 genes (BBS1, ...)", "methylation analysis"."""
    label = step_name(step)
    if step.test or label.startswith("panel"):
        return label
    return f"{'genes' if len(step.genes) > 1 else 'gene'} {label}"


def step_meaning(step: NextStep) -> str:
    """What its outcomes would say: "if present, it points to Rett syndrome; if not, to Angelman syndrome".

    Named are diseases that at least half of the patients, and those that under a fifth of them, have it with. That a
    finding is lacking says nothing for a disease to which nobody has annotated it, and a test of the cause or of
    metabolites that is normal points to no other disease.
    """
    yes = [printable(one.name) for one in step.separates if one.probability >= 0.5][:2]
    no = [printable(one.name) for one in step.separates if one.probability < 0.2 and one.annotated][:2]
    tested = step.kind == "gene" or bool(step.test)
    found = f"if {step.finds or 'a variant'} is found" if step.kind == "gene" else f"if {step.finds or 'present'}"
    parts = [f"{found}, it points to {listed(yes, 'or')}"] + (
        [f"if not, to {listed(no, 'or')}"] * bool(no and not tested)
    )
    if not yes:
        parts = [printable(step.reason)]
    parts += [", ".join(f"{gene}: {form}" for gene, form in step.forms.items())] if step.forms and yes else []
    parts += [f"the note speaks of it: “{printable(step.in_note)}”"] if step.in_note else []
    return "; ".join(parts)


def coverage(result: Result) -> str:
    """What the model was taught and how well it does, as measured."""
    known = result.coverage
    measured = "; ".join(f"{name} {value:.3g}" for name, value in known.accuracy.items())
    said = f"{known.statement} Measured: {measured}." if measured else known.statement
    if result.crr and result.crr.mode == "fusion":
        said = f"Language model: {said} The other rankings are over every disease of the knowledge base."
    return said


def versions(result: Result) -> str:
    """What made this document."""
    made = result.versions
    sha256 = f" ({made.model_sha256[:12]})" if made.model_sha256 else ""
    return f"RareDxR1 {made.raredxr1}, model {made.model}{sha256}, knowledge {made.knowledge}, dialogue {made.dialogue}"


def provenance(result: Result) -> str:
    """What made this document, and what it cost."""
    cost = result.timings
    speed = f", {cost.tokens_per_second:.0f} tokens/s" if cost.tokens_per_second else ""
    return f"{versions(result)}; {counted(cost.tokens, 'token')} in {cost.seconds:.1f} s{speed}"
