"""The kinds of miss, and the rules that decide between them, in their order.

First what can be seen in the answer; then whether the right disease could have been found at all (is it known, do the
patient's findings point to it by the annotations); then which step lost it (reading, teaching, naming).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from raredxr1.evaluate.judging import JudgedCase
from raredxr1.evaluate.miss_facts import Facts, Found

ENOUGH = 3
"""Fewer findings than this hardly point to any disease."""
KNOWN_SHARE = 0.5
"""Where less of the patient's findings is known of the right disease, patient and annotations disagree."""

AGREED = 2
"""What so many of the three opinions (likelihood, similarity, texts) name, a fused list should keep."""


class Kind(StrEnum):
    """What kind of miss, in the order in which the rules are asked."""

    unreadable = "case unreadable"
    no_answer = "no answer"
    unparsed = "answer unparsed"
    folded = "on a shown line, folded in"
    below = "listed below k"
    unknown = "disease not in the knowledge base"
    no_candidate = "no disease that is ever named"
    gene = "disease of the same gene named"
    family = "right family named"
    fused_away = "lost in fusion"
    unwritten = "nothing known of the disease"
    unannotated = "disease without annotations"
    little_said = "too few findings in the case"
    disagree = "annotations disagree with the patient"
    unspecific = "findings fit other diseases better"
    cut = "note cut"
    unread = "findings not read"
    little_read = "too few findings read"
    untaught = "disease not taught"
    unused = "findings read but not used"


FIXES: dict[Kind, str] = {
    Kind.unreadable: "mend the row of the case file",
    Kind.no_answer: "mend what failed (the reason says what) and run again",
    Kind.unparsed: "teach the format: more turns in stage 1, the format reward in stage 3",
    Kind.folded: "nothing: it stands on one of the lines, which opens; a gene test parts the subtypes",
    Kind.below: "rank better: reinforcement on the rank (stage 3), or fit the fusion again",
    Kind.unknown: "import more knowledge (`raredx knowledge import`), then teach it",
    Kind.no_candidate: "nothing: the answer is a group, a trait or a susceptibility; name the disease in the case",
    Kind.gene: "join the catalogues' entries (`raredx knowledge import`); if not the same, sequencing finds it",
    Kind.family: "contrast lessons between siblings; where no finding parts them, a gene test decides",
    Kind.fused_away: "fit the fusion again: what was fused had the right disease",
    Kind.unwritten: "texts of the disease (`raredx train text-ranker`), or annotations (import)",
    Kind.unannotated: "more texts of the disease, published narratives above all (`raredx train text-ranker`)",
    Kind.little_said: "no training: the case says too little; ask for more findings (next steps)",
    Kind.disagree: "more annotations of the disease (import), or published patients in training",
    Kind.unspecific: "knowledge beyond lists of findings (course, onset, published patients), or a test to part them",
    Kind.cut: "a longer context, or reading the note in parts",
    Kind.unread: "better reading: more wordings in stage 1, more names in the dictionary",
    Kind.little_read: "annotate the findings of such notes: only that tells poor reading from notes that say little",
    Kind.untaught: "teach the disease (stage 1)",
    Kind.unused: "more examples of the disease (stage 1), reflection on such failures (stage 2)",
}


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
    return next((kind, why) for kind, rule in RULES if (why := rule(seen)) is not None)


# --- what can be seen in the answer ---------------------------------------------------------------------------------


def _unreadable(seen: Seen) -> str | None:
    return seen.case.reason if seen.case.status == "unreadable" or seen.facts is None else None


def _no_answer(seen: Seen) -> str | None:
    return f"{seen.case.status}: {seen.case.reason}" if seen.case.status != "ok" else None


def _unparsed(seen: Seen) -> str | None:
    return "no disease name could be read from what the model wrote" if not seen.case.answered else None


def _folded(seen: Seen) -> str | None:
    line = seen.case.line
    return f"line {line} of {seen.case.lines}" if line and line <= seen.at else None


def _below(seen: Seen) -> str | None:
    return f"rank {seen.case.strict} of {seen.case.answered}" if seen.case.strict else None


def _gene(seen: Seen) -> str | None:
    same = _facts(seen).gene
    if same is None or same.rank > seen.at:
        return None
    return f"{same.gene}: {same.name} at rank {same.rank}; {_points(seen)}"


def _family(seen: Seen) -> str | None:
    rank = seen.case.subtype
    if rank is None or rank > seen.at:
        return None
    rule = next((one.rule for one in seen.case.names if one.rank == rank), "relative")
    return f"{_RELATIVES.get(rule, rule)} at rank {rank}; {_points(seen)}"


_RELATIVES = {"sibling": "a numbered sibling", "parent": "the family", "child": "a member of the right family"}


# --- whether the right disease could have been found ------------------------------------------------------------------


def _unknown(seen: Seen) -> str | None:
    return None if seen.known else "the knowledge base has no id of the case"


def _no_candidate(seen: Seen) -> str | None:
    return seen.no_candidate or None


def _fused_away(seen: Seen) -> str | None:
    """The model's own list had it, or two of the opinions; what a single opinion names, fusion often has to drop.

    A disease without annotations only the texts can name; there one opinion is all that can be had.
    """
    facts = _facts(seen)
    if not seen.heard:
        return None
    opinions = (facts.read.likelihood, facts.read.similarity, facts.texts)
    agreed = sum(rank is not None and rank <= seen.at for rank in opinions)
    own = facts.own is not None and facts.own <= seen.at
    return _points(seen) if own or agreed >= (AGREED if seen.annotated else 1) else None


def _unwritten(seen: Seen) -> str | None:
    hopeless = not seen.annotated and not _facts(seen).written
    return "neither annotations nor texts of it" if hopeless else None


def _unannotated(seen: Seen) -> str | None:
    return None if seen.annotated else _points(seen)


def _little_said(seen: Seen) -> str | None:
    true = _facts(seen).true
    return _points(seen) if true and not true.within(seen.at) and true.present < ENOUGH else None


def _disagree(seen: Seen) -> str | None:
    true = _facts(seen).true
    hidden = true and not true.within(seen.at) and true.explained < KNOWN_SHARE * true.present
    return _points(seen) if hidden else None


def _unspecific(seen: Seen) -> str | None:
    facts = _facts(seen)
    if facts.true:
        return None if facts.true.within(seen.at) else _points(seen)
    whole = facts.whole or facts.read
    return _points(seen) if not whole.within(seen.at) and whole.explained >= ENOUGH else None


# --- which step lost it -----------------------------------------------------------------------------------------------


def _cut(seen: Seen) -> str | None:
    facts = _facts(seen)
    lost = facts.whole and facts.whole.within(seen.at) and not facts.read.within(seen.at)
    return _points(seen) if lost else None


def _unread(seen: Seen) -> str | None:
    facts = _facts(seen)
    return _points(seen) if facts.true and not facts.read.within(seen.at) else None


def _little_read(seen: Seen) -> str | None:
    return _points(seen) if not _facts(seen).read.within(seen.at) else None


def _untaught(seen: Seen) -> str | None:
    return _points(seen) if seen.taught is False else None


RULES: tuple[tuple[Kind, Callable[[Seen], str | None]], ...] = (
    (Kind.unreadable, _unreadable),
    (Kind.no_answer, _no_answer),
    (Kind.unparsed, _unparsed),
    (Kind.folded, _folded),
    (Kind.below, _below),
    (Kind.unknown, _unknown),
    (Kind.no_candidate, _no_candidate),
    (Kind.gene, _gene),
    (Kind.family, _family),
    (Kind.fused_away, _fused_away),
    (Kind.unwritten, _unwritten),
    (Kind.unannotated, _unannotated),
    (Kind.little_said, _little_said),
    (Kind.disagree, _disagree),
    (Kind.unspecific, _unspecific),
    (Kind.cut, _cut),
    (Kind.unread, _unread),
    (Kind.little_read, _little_read),
    (Kind.untaught, _untaught),
    (Kind.unused, lambda seen: _points(seen)),
)


# --- the numbers, in words --------------------------------------------------------------------------------------------


def _facts(seen: Seen) -> Facts:
    assert seen.facts is not None, "the first rule takes cases without facts"
    return seen.facts


def _points(seen: Seen) -> str:
    """Where the rankers put the right disease by each set of findings."""
    facts = _facts(seen)
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
