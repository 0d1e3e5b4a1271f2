"""The evidence before the lead diagnostician: the findings that were read, and what is known of each candidate.

Opinions were fused; the first few diseases stand here with who ranks them where, which findings each explains, which
speak against it, and what it would let expect that the note does not mention. All of that is computed, so all of it is
true. What is asked for is the reasoning over it, and an order: hypotheses, weighing, answer, in the usual form of a
turn behind its findings (`dialogue`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from raredxr1 import dialogue
from raredxr1.cases.plain import spoken_age
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.evidence import EvidenceWeigher, mentioned_only
from raredxr1.diagnose.expected import Told
from raredxr1.diagnose.lines import line_family
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.diagnose.requests import Request, Steps
from raredxr1.diagnose.result import Settings, StatedFinding, Turn
from raredxr1.diagnose.summary import Summary, of_note
from raredxr1.knowledge.claims import FREQUENT, Claims
from raredxr1.schemas import Demographics, Diagnosis, Finding

CANDIDATES = 6
"""Diseases that are weighed."""
MOST_PRESENT, MOST_ABSENT = 20, 8
"""Findings that are numbered, the most specific first; of the absent ones, those that speak against a candidate."""
AWAITED, LOOKED_THROUGH = 3, 30
"""Findings to look for that stand with each candidate, and from how many they are chosen."""


_RANKINGS = ("likelihood", "similarity", "texts")
"""The opinions that a model was taught to hear."""


RankedName = tuple[str, float | None, Mapping[str, int]]
"""A disease of the ranking: its name, its probability, and its rank by each opinion."""


@dataclass(frozen=True)
class Weighed:
    """One candidate with the evidence.

    Attributes:
        disease: its number in the knowledge base; None: a name that it does not know.
        name: as it is written.
        share: fused probability, 0 to 1; None: not fitted.
        ranks: who names it, at which rank.
        supports: numbers of the findings it explains.
        against: numbers of the absent findings that speak against it.
        awaited: labels of typical findings that the note does not mention.
    """

    disease: int | None
    name: str
    share: float | None
    ranks: Mapping[str, int]
    supports: tuple[int, ...] = ()
    against: tuple[int, ...] = ()
    awaited: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What stands before the lead diagnostician."""

    patient: Demographics
    findings: tuple[Finding, ...]
    candidates: tuple[Weighed, ...]

    def prompt(self) -> str:
        """The whole prompt, up to where the hypotheses begin."""
        user = [*_person(self.patient), *map(_finding, self.findings), "Candidates", *map(_candidate, self.candidates)]
        return dialogue.render_lead_prompt("\n".join(user))

    def begun(self) -> str:
        """The beginning of the turn, which is given rather than written: the findings under their numbers."""
        return dialogue.render_findings(self.findings)


def evidence(
    patient: Demographics,
    stated: Sequence[StatedFinding],
    fused: Sequence[RankedName],
    names: Names,
    note: str = "",
) -> Evidence:
    """Put the evidence together.

    Args:
        patient: age and sex.
        stated: everything read.
        fused: name, probability and ranks of each candidate, likeliest first.
        names: the knowledge base.
        note: the text; what it has in other words is not called missing.
    """
    claims = names.claims or Claims(names.kb)
    named = _first_of_lines(fused, names)[:CANDIDATES]
    findings = _numbered(stated, [disease for _, disease in named if disease is not None], claims)
    terms = {f.index: names.kb.term(f.hpo_id) for f in findings if f.hpo_id}
    decided = [f for f in stated if f.state in ("present", "absent")]
    all_of_them = {i: (names.kb.term(f.hpo_id), f.state == "present") for i, f in enumerate(decided)}
    years = patient.age.years if patient.age else None
    sex = patient.sex.value if patient.sex else None
    weigher = EvidenceWeigher(claims, all_of_them, Told(note, years, sex, mentioned_only(stated, names.kb)))
    candidates = []
    for (name, share, ranks), disease in named:
        if disease is None:
            candidates.append(Weighed(None, name, share, ranks))
            continue
        present = [f.index for f in findings if f.present and weigher.explains(disease, terms[f.index])]
        absent = [f.index for f in findings if not f.present and claims.absence_opposes(disease, terms[f.index])]
        expected = sorted(weigher.weigh(disease, LOOKED_THROUGH).awaited, key=lambda one: one[1] <= FREQUENT)
        awaited = [names.kb.term_names[term] for term, _ in expected[:AWAITED]]
        candidates.append(Weighed(disease, name, share, ranks, tuple(present), tuple(absent), tuple(awaited)))
    return Evidence(patient, tuple(findings), tuple(candidates))


def lead_turn(
    before: Evidence, note: str, order: Sequence[str], names: Names, settings: Settings
) -> Steps[tuple[Diagnosis, Turn]]:
    """Have the evidence weighed.

    Args:
        before: the evidence.
        note: the note its findings stand in.
        order: the names of the ranking, where that is settled; empty: the turn decides.
        names: what names are linked to.
        settings: how to ask.

    Returns:
        The turn, read and linked; and as it was written, behind the findings that were given.
    """
    led = dialogue.clean(order[0], "|") if order else ""
    asked = GenerationSettings(max_tokens=settings.max_tokens, stop=dialogue.THINK_END if order else "")
    request = Request((before.prompt() + led,), asked, shown=True, begun=before.begun() + led)
    ((completion,),) = yield request
    text = before.begun() + led + completion.text
    if order:
        lines = [dialogue.THINK_END, dialogue.ANSWER, *(f"{i}. {dialogue.clean(n)}" for i, n in enumerate(order, 1))]
        text = "\n".join([text.rstrip("\n"), *lines, dialogue.ANSWER_END])
    turn = Turn(role="lead turn", **(completion.model_dump() | {"text": text}))
    read = dialogue.parse(text, note, truncated=completion.truncated and not order)
    return of_note(link_turn(read, names), before.findings, numbered=True), turn


def _first_of_lines(fused: Sequence[RankedName], names: Names) -> list[tuple[RankedName, int | None]]:
    """The first disease of each family (`lines`), with the share of the family, and its number.

    A disease is not weighed against its own subtype.
    """
    lines: dict[str, list[tuple[RankedName, int | None]]] = {}
    for one in fused:
        link = names.disease(one[0])
        line = line_family(one[0], link.id if link else None, names.kb)
        lines.setdefault(line, []).append((one, names.kb.disease(link.id) if link else None))
    found = []
    for of in lines.values():
        (name, _, ranks), disease = of[0]
        shares = [share for (_, share, _), _ in of if share is not None]
        found.append(((name, min(sum(shares), 1.0) if shares else None, ranks), disease))
    return found


def _numbered(stated: Sequence[StatedFinding], diseases: Sequence[int], claims: Claims) -> list[Finding]:
    """The findings that count, those present before those absent, each by its information content."""
    known = [(f, claims.kb.term(f.hpo_id)) for f in stated if f.state in ("present", "absent")]
    known.sort(key=lambda one: -claims.information(one[1]))
    present = [f for f, _ in known if f.state == "present"]
    absent = [f for f, t in known if f.state == "absent" and any(claims.absence_opposes(d, t) for d in diseases)]
    return Summary("", (*present[:MOST_PRESENT], *absent[:MOST_ABSENT])).numbered()


def _person(patient: Demographics) -> list[str]:
    age = spoken_age(patient.age.iso8601) if patient.age else None
    parts = [part for part in (patient.sex.value if patient.sex else None, age) if part]
    return [", ".join(parts)] if parts else []


def _finding(finding: Finding) -> str:
    return f"{finding.index} {'+' if finding.present else '-'} {dialogue.clean(finding.term)}"


def _candidate(one: Weighed) -> str:
    parts = [dialogue.clean(one.name, "|")]
    if one.share is not None:
        parts.append(f"{one.share:.0%}")
    ranks = [f"{source} {rank}" for source, rank in one.ranks.items() if source in _RANKINGS]
    if ranks:
        parts.append(", ".join(ranks))
    if one.supports:
        parts.append("for " + " ".join(map(str, one.supports)))
    if one.against:
        parts.append("against " + " ".join(map(str, one.against)))
    if one.awaited:
        parts.append("awaited " + "; ".join(dialogue.clean(term, "|;") for term in one.awaited))
    return " | ".join(parts)
