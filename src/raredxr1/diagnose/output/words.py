"""What all outputs say in the same words."""

import re

from raredxr1.diagnose.result import Evidence, Ranked, Result
from raredxr1.schemas import Diagnosis, ProblemKind

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
    """The words of the note, marked where they say that the finding is absent."""
    words = f"“{printable(evidence.quote)}”"
    return words if evidence.present else f"{words} (absent)"


def evidence_lines(candidate: Ranked) -> list[tuple[str, str]]:
    """What speaks for and against a candidate and what is awaited; parts with nothing to say are left out."""

    def joined(items: list[Evidence]) -> str:
        return "; ".join(map(quoted, items))

    lines = [
        ("for", joined(candidate.supports)),
        ("against", joined(candidate.against)),
        ("awaited", "; ".join(printable(item.term) for item in candidate.awaited)),
    ]
    return [(label, words) for label, words in lines if words]


_PROBLEMS = {
    ProblemKind.UNPARSED: "No disease name could be read from the model's answer.",
    ProblemKind.TRUNCATED: "The model's turn is unfinished; a higher --max-tokens may help.",
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
    return lines + problem_lines(result.diagnosis)


def remarks(result: Result) -> list[str]:
    """Everything a reader must know beside the ranking: warnings, notices, what the confidence is."""
    lines = [*warnings(result), *result.notices]
    if result.confidence_kind == "beam probability":
        lines.append("Confidence: the model's own probability among its ten likeliest single answers; not calibrated.")
    elif result.confidence_kind == "agreement":
        lines.append(
            f"Confidence: share of {result.settings.samples} sampled answers that name the disease first; "
            "not calibrated."
        )
    return lines


def coverage(result: Result) -> str:
    """What the model was taught and how well it does, as measured."""
    known = result.coverage
    measured = "; ".join(f"{name} {value:.3g}" for name, value in known.accuracy.items())
    return f"{known.statement} Measured: {measured}." if measured else known.statement


def provenance(result: Result) -> str:
    """What made this document, and what it cost."""
    made, cost = result.versions, result.timings
    sha256 = f" ({made.model_sha256[:12]})" if made.model_sha256 else ""
    speed = f", {cost.tokens_per_second:.0f} tokens/s" if cost.tokens_per_second else ""
    return (
        f"RareDxR1 {made.raredxr1}, model {made.model}{sha256}, knowledge {made.knowledge}, dialogue {made.dialogue}; "
        f"{cost.tokens} tokens in {cost.seconds:.1f} s{speed}"
    )
