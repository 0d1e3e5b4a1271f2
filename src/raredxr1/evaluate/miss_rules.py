"""The kinds of miss, and the rules that decide between them, in their order.

First what can be seen in the answer; then whether the right disease could have been found at all (is it known, do the
patient's findings point to it by the annotations); then which step lost it (reading, teaching, naming).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from raredxr1.evaluate.judging import JudgedCase
from raredxr1.evaluate.miss_facts import Facts, Found

ENOUGH = 3
"""Fewer findings than this hardly point to any disease."""
KNOWN_SHARE = 0.5
"""Where less of the patient's findings is known of the right disease, patient and annotations disagree."""

AGREED = 2
"""What so many of the three opinions (likelihood, similarity, texts) name, a fused list should keep."""


class Kind(StrEnum):
    """What kind of miss, in the order in which the rules are asked; `fix` says what would mend it."""

    fix: str

    def __new__(cls, value: str, fix: str) -> Self:
        """Make one of what it is called and what would mend it."""
        made = str.__new__(cls, value)
        made._value_, made.fix = value, fix
        return made

    unreadable = "case unreadable", "mend the row of the case file"
    no_answer = "no answer", "mend what failed (the reason says what) and run again"
    unparsed = "answer unparsed", "teach the format: more turns in stage 1, the format reward in stage 3"
    folded = (
        "on a shown line, folded in",
        "nothing: it stands on one of the lines, which opens; a gene test parts the subtypes",
    )
    below = "listed below k", "rank better: reinforcement on the rank (stage 3), or fit the fusion again"
    unknown = "disease not in the knowledge base", "import more knowledge (`raredx knowledge import`), then teach it"
    no_candidate = (
        "no disease that is ever named",
        "nothing: the answer is a group, a trait or a susceptibility; name the disease in the case",
    )
    gene = (
        "disease of the same gene named",
        "join the catalogues' entries (`raredx knowledge import`); if not the same, sequencing finds it",
    )
    family = "right family named", "contrast lessons between siblings; where no finding parts them, a gene test decides"
    fused_away = "lost in fusion", "fit the fusion again: what was fused had the right disease"
    unwritten = (
        "nothing known of the disease",
        "texts of the disease (`raredx train text-ranker`), or annotations (import)",
    )
    unannotated = (
        "disease without annotations",
        "more texts of the disease, published narratives above all (`raredx train text-ranker`)",
    )
    little_said = (
        "too few findings in the case",
        "no training: the case says too little; ask for more findings (next steps)",
    )
    disagree = (
        "annotations disagree with the patient",
        "more annotations of the disease (import), or published patients in training",
    )
    unspecific = (
        "findings fit other diseases better",
        "knowledge beyond lists of findings (course, onset, published patients), or a test to part them",
    )
    cut = "note cut", "a longer context, or reading the note in parts"
    unread = "findings not read", "better reading: more wordings in stage 1, more names in the dictionary"
    little_read = (
        "too few findings read",
        "annotate the findings of such notes: only that tells poor reading from notes that say little",
    )
    untaught = "disease not taught", "teach the disease (stage 1)"
    unused = (
        "findings read but not used",
        "more examples of the disease (stage 1), reflection on such failures (stage 2)",
    )


@dataclass(frozen=True)
class Seen:
    """One missed case as the rules see it.

    Attributes:
        case: its judgement.
        known: whether the knowledge base has the right disease.
        annotated: and a finding of it.
        no_candidate: why it is never named ("group", "trait" ...); empty: it may be.
        facts: what others make of its findings; None where the case could not be evaluated.
        heard: whether the opinions of others were fused in.
        taught: whether the model was taught the disease; None: not known.
        at: names looked at.
    """

    case: JudgedCase
    known: bool
    facts: Facts | None
    heard: bool
    taught: bool | None
    at: int
    annotated: bool = True
    no_candidate: str = ""


def decide(seen: Seen) -> tuple[Kind, str]:
    """The kind of the first rule that holds, and the numbers it went by. The last rule holds always."""
    return next((kind, why) for kind, holds, why in _rules(seen) if holds)


def _rules(seen: Seen) -> Iterator[tuple[Kind, bool, str]]:
    """The rules in their order: a kind, whether it is so, and why."""
    case, facts, at = seen.case, seen.facts, seen.at
    # what can be seen in the answer
    yield Kind.unreadable, case.status == "unreadable" or facts is None, case.reason
    assert facts is not None, "the first rule takes cases without facts"
    points, true, read, whole = _points(seen, facts), facts.true, facts.read, facts.whole
    yield Kind.no_answer, case.status != "ok", f"{case.status}: {case.reason}"
    yield Kind.unparsed, not case.answered, "no disease name could be read from what the model wrote"
    yield Kind.folded, bool(case.line and case.line <= at), f"line {case.line} of {case.lines}"
    yield Kind.below, bool(case.strict), f"rank {case.strict} of {case.answered}"
    # whether the right disease could have been found
    yield Kind.unknown, not seen.known, "the knowledge base has no id of the case"
    yield Kind.no_candidate, bool(seen.no_candidate), seen.no_candidate
    if (same := facts.gene) is not None:
        yield Kind.gene, same.rank <= at, f"{same.gene}: {same.name} at rank {same.rank}; {points}"
    if (rank := case.subtype) is not None:
        rule = next((one.rule for one in case.names if one.rank == rank), "relative")
        yield Kind.family, rank <= at, f"{_RELATIVES.get(rule, rule)} at rank {rank}; {points}"
    yield Kind.fused_away, seen.heard and _was_named(seen, facts), points
    yield Kind.unwritten, not seen.annotated and not facts.written, "neither annotations nor texts of it"
    yield Kind.unannotated, not seen.annotated, points
    if true and not true.within(at):
        yield Kind.little_said, true.present < ENOUGH, points
        yield Kind.disagree, true.explained < KNOWN_SHARE * true.present, points
        yield Kind.unspecific, True, points
    if not true:
        known = whole or read
        yield Kind.unspecific, not known.within(at) and known.explained >= ENOUGH, points
    # which step lost it
    yield Kind.cut, bool(whole and whole.within(at) and not read.within(at)), points
    yield Kind.unread, bool(true) and not read.within(at), points
    yield Kind.little_read, not read.within(at), points
    yield Kind.untaught, seen.taught is False, points
    yield Kind.unused, True, points


_RELATIVES = {"sibling": "a numbered sibling", "parent": "the family", "child": "a member of the right family"}


def _was_named(seen: Seen, facts: Facts) -> bool:
    """The model's own list had it, or two of the opinions; what a single opinion names, fusion often has to drop.

    A disease without annotations only the texts can name; there one opinion is all that can be had.
    """
    opinions = (facts.read.likelihood, facts.read.similarity, facts.texts)
    agreed = sum(rank is not None and rank <= seen.at for rank in opinions)
    own = facts.own is not None and facts.own <= seen.at
    return own or agreed >= (AGREED if seen.annotated else 1)


def _points(seen: Seen, facts: Facts) -> str:
    """Where the rankers put the right disease by each set of findings."""
    said = [f"true findings: {_rank(facts.true)}"] if facts.true else []
    if facts.whole:
        said.append(f"read in the whole note: {_rank(facts.whole)}")
    read = "read" if not facts.whole else f"read in its first {facts.part:.0%}"
    if facts.true:
        extra = f", {facts.extra} more" if facts.extra else ""
        said.append(f"{read} ({facts.shared} of them{extra}): {_place(facts.read)}")
    else:
        said.append(f"{read}: {_rank(facts.read)}")
    said.append(f"texts {facts.texts or '-'}")
    if seen.heard:
        said.append(f"own list {facts.own or '-'}")
    return "; ".join(said)


def _rank(found: Found) -> str:
    return f"{_place(found)} ({found.explained} of {found.present} known of the disease)"


def _place(found: Found) -> str:
    return "no rank" if found.best is None else f"{found.best[1]} {found.best[0]}"
