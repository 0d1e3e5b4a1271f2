"""What all outputs say in the same words."""

import re

from raredxr1.cases.plain import spoken_age
from raredxr1.diagnose.result import Calibration, Evidence, Ranked, Result, StatedFinding
from raredxr1.schemas import Diagnosis, ProblemKind

SAID = 5
"""Diseases of each opinion that are shown on a terminal; documents hold all ten."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Text without control characters and direction overrides: a note or a model cannot steer a terminal."""
    return _CONTROL.sub("\ufffd", text)


def percent(share: float | None) -> str:
    """0.613 -> "61%"; under half a percent "<1%"; nearly one ">99%"; None -> a dash."""
    if share is None:
        return "–"
    if 0.995 <= share < 1:
        return ">99%"
    return "<1%" if share < 0.005 else f"{share:.0%}"


def patient_line(result: Result) -> str:
    """Age and sex as the note states them, with its words; empty where it states neither."""
    age, sex = result.patient.age, result.patient.sex
    said = []
    if age:
        years = age.years if age.to_years is None else (age.years, age.to_years)
        spoken = f"{years[0]:g} to {years[1]:g} years" if isinstance(years, tuple) else spoken_age(age.iso8601)
        said.append(f"at least {spoken}" if age.kind == "event" else spoken or "")
    if sex:
        said.append(sex.value)
    quotes = "; ".join(dict.fromkeys(f"“{printable(' '.join(one.quote.split()))}”" for one in (age, sex) if one))
    return f"Patient: {', '.join(said)} ({quotes})." if said else ""


def listed_id(candidate: Ranked) -> str:
    """The id, or that there is none."""
    return candidate.id or "unlinked"


def also_known_as(candidate: Ranked) -> str:
    """The knowledge base's name, where it differs from the model's; empty otherwise."""
    if not candidate.label or candidate.label.casefold() == candidate.name.casefold():
        return ""
    if candidate.link_rule == "fuzzy":
        return f"≈ {candidate.label} (spelling {candidate.link_score:.0f} of 100)"
    return f"= {candidate.label}"


def quoted(evidence: Evidence) -> str:
    """The words of the note, marked where they say that the finding is absent; the term, where a reader added it."""
    words = f"“{printable(evidence.quote)}”" if evidence.quote else f"{printable(evidence.term)} (added)"
    return words if evidence.present else f"{words} (absent)"


def evidence_lines(candidate: Ranked) -> list[tuple[str, str]]:
    """What speaks for and against a candidate and what is awaited; parts with nothing to say are left out."""

    def joined(items: list[Evidence]) -> str:
        return "; ".join(map(quoted, items))

    lines = [
        ("for", joined(candidate.supports)),
        ("against", joined(candidate.against)),
        ("awaited", "; ".join(printable(item.term) for item in candidate.awaited)),
        ("weighed by", weighed_by(candidate)),
        ("named by", named_by(candidate)),
    ]
    return [(label, words) for label, words in lines if words]


def weighed_by(candidate: Ranked) -> str:
    """Says so where the knowledge base weighed the findings of the note; empty where the model did."""
    return "the knowledge base" if candidate.evidence_by == "knowledge" else ""


def named_by(candidate: Ranked) -> str:
    """With CRR, who names a candidate and at which rank: "the model 1st, likelihood 3rd"; empty otherwise."""
    return ", ".join(
        f"{'the model' if source == 'model' else printable(source)} {ordinal(rank)}"
        for source, rank in candidate.ranks.items()
    )


def ordinal(rank: int) -> str:
    """1 -> "1st"; 2 -> "2nd"; 11 -> "11th"."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{rank}{'th' if rank % 100 in (11, 12, 13) else endings.get(rank % 10, 'th')}"


_READ_BY = {"model": "quoted by the model", "dictionary": "found by name in the note", "reader": "added by a person"}


def read_by(stated: StatedFinding) -> str:
    """Who read a finding."""
    return _READ_BY[stated.by]


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


_GRAVE = {ProblemKind.UNPARSED, ProblemKind.NO_ANSWER}
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
    return lines + _mended(result) + problem_lines(result.diagnosis)


def slips(result: Result) -> list[str]:
    """Those of the warnings that tell of slips in the model's turn, put right or left out; the answer stands."""
    small = [problem for problem in result.diagnosis.problems if problem.kind not in _GRAVE]
    return _mended(result) + problem_lines(result.diagnosis.model_copy(update={"problems": small}))


def _mended(result: Result) -> list[str]:
    mended = sum(turn.mended for turn in result.turns)
    return [f"Quotes that were not in the note, written again from its words or left out: {mended}."] if mended else []


def remarks(result: Result) -> list[str]:
    """Everything a reader must know beside the ranking: warnings, what was changed, what the confidence is."""
    lines = [*warnings(result), *result.notices, *redacted(result)]
    if result.calibration:
        lines += [*none_line(result), _calibration(result.calibration)]
    elif result.confidence_kind == "beam probability":
        lines.append("Confidence: the model's own probability among its ten likeliest single answers; not calibrated.")
    elif result.confidence_kind == "agreement":
        lines.append(
            f"Confidence: share of {result.settings.samples} sampled answers that name the disease first; "
            "not calibrated."
        )
    elif result.crr:
        lines.append("No confidence: nothing was fitted for this model that would give the fused ranking one.")
    return lines


def none_likely(result: Result) -> bool:
    """Whether it is likelier that no listed disease is right than that one is."""
    return result.calibration is not None and result.calibration.none_of_these >= 0.5


def none_warning(result: Result) -> list[str]:
    """That none of the diseases is likely, where that is so."""
    return none_line(result) if none_likely(result) else []


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
    counted = ", ".join(f"{one.kind} {one.count}" for one in result.redactions)
    return [f"Replaced in the note before it was read: {counted}. What the rules do not know stays in: look it over."]


def crr_lines(result: Result) -> list[str]:
    """With CRR: what decided, the model's own list, and who said what on what ground; empty otherwise."""
    said = result.crr
    if said is None:
        return []
    own = "; ".join(
        f"{c.rank}. {printable(c.name)}" + (f" {percent(c.confidence)}" if c.confidence is not None else "")
        for c in said.own
    )
    lines = [f"The ranking was made by {printable(said.decided_by)}.", f"The model's own list: {own or 'empty'}"]
    for opinion in said.opinions:
        listed = "; ".join(f"{line.rank}. {printable(line.name)}" for line in opinion.lines[:SAID])
        lines.append(f"{printable(opinion.source)} (read {opinion.read}): {listed or opinion.silent}")
    return lines


def step_lines(result: Result) -> list[str]:
    """What would tell the candidates apart, one line a step; empty where nothing was asked or found."""
    return [
        f"{printable(step.label)} ({', '.join(filter(None, (step.kind, step.hpo_id)))}, {step.gain:.2f} bits): "
        f"{printable(step.reason)}"
        for step in result.next_steps
    ]


def _calibration(known: Calibration) -> str:
    return (
        f"Confidence: calibrated on {known.cases:,} development cases: of diseases shown with 20%, about 20% were the "
        f"right one. On kinds of notes left out of that it was off by {percent(known.ece)} (expected calibration "
        "error of the first name)."
    )


def coverage(result: Result) -> str:
    """What the model was taught and how well it does, as measured."""
    known = result.coverage
    measured = "; ".join(f"{name} {value:.3g}" for name, value in known.accuracy.items())
    said = f"{known.statement} Measured: {measured}." if measured else known.statement
    if result.crr and result.crr.mode == "fusion":
        said = f"The model: {said} The other diagnosers rank every disease of the knowledge base."
    return said


def provenance(result: Result) -> str:
    """What made this document, and what it cost."""
    made, cost = result.versions, result.timings
    sha256 = f" ({made.model_sha256[:12]})" if made.model_sha256 else ""
    speed = f", {cost.tokens_per_second:.0f} tokens/s" if cost.tokens_per_second else ""
    return (
        f"RareDxR1 {made.raredxr1}, model {made.model}{sha256}, knowledge {made.knowledge}, dialogue {made.dialogue}; "
        f"{cost.tokens} tokens in {cost.seconds:.1f} s{speed}"
    )
