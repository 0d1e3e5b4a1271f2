"""The model's ranking and the opinions of others become one by a small logistic model over the rankings.

Every disease that anybody names is described by where each ranking has it (`features`) and scored; the weights were
fitted on development cases for the very model that answers. Without a fit, the mean of the reciprocal ranks decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from raredxr1.diagnose import fusion
from raredxr1.diagnose.calibration import Fitted
from raredxr1.diagnose.lines import Named
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import OWN, Heard, Voice, own_voice
from raredxr1.schemas import MAX_CANDIDATES, Candidate

SOURCES = ("likelihood", "similarity", "retrieval")
"""The opinions fusion is fitted on; with an endpoint's among them, reciprocal rank decides."""

BEYOND = 40
"""Diseases that may stand on lines, those of the ten included."""

_SHORT = {OWN: "own", "likelihood": "likelihood", "similarity": "similarity", "retrieval": "retrieval"}
_FAR = -3.0
"""A likelihood ratio this many powers of ten behind the best is as good as none."""

FEATURES = (
    *(f"{source}_{what}" for source in _SHORT.values() for what in ("reciprocal", "listed")),
    "own_share", "own_share_mass", "likelihood_behind", "similarity_share", "retrieval_share",
    "likelihood_first_by", "findings_likelihood",
)  # fmt: skip


def features(own: Voice, log_mass: float, voices: Sequence[Voice], findings: int) -> dict[str, dict[str, float]]:
    """Describe every disease that anybody names.

    Args:
        own: the model's ranking.
        log_mass: of its beams; see `calibration`.
        voices: the opinions named in SOURCES.
        findings: findings present in the note.

    Returns:
        Disease key -> the values in FEATURES.
    """
    heard = {OWN: own, **{voice.source: voice for voice in voices}}
    best = {source: max((s for _, s in voice.places.values()), default=0.0) for source, voice in heard.items()}
    likely = sorted((s for _, s in heard["likelihood"].places.values()), reverse=True) if "likelihood" in heard else []
    ahead = min(likely[0] - likely[1], 3.0) if len(likely) > 1 else 0.0
    many = min(findings, 10) / 10
    described: dict[str, dict[str, float]] = {}
    for key in dict.fromkeys(key for voice in heard.values() for key in voice.places):
        row = dict.fromkeys(FEATURES, 0.0)
        row["likelihood_behind"] = _FAR
        for source, short in _SHORT.items():
            if source not in heard or key not in heard[source].places:
                continue
            rank, score = heard[source].places[key]
            row[f"{short}_reciprocal"] = 1 / rank
            row[f"{short}_listed"] = float(rank <= MAX_CANDIDATES)
            if source == OWN:
                row["own_share"], row["own_share_mass"] = score, score * max(log_mass, -10.0)
            elif source == "likelihood":
                row["likelihood_behind"] = max(score - best[source], _FAR)
                row["likelihood_first_by"] = ahead if rank == 1 else 0.0
                row["findings_likelihood"] = many / rank
            elif best[source] > 0:
                row[f"{short}_share"] = score / best[source]
        described[key] = row
    return described


@dataclass(frozen=True)
class Fused:
    """One ranking of several.

    Attributes:
        candidates: at most ten, without confidences.
        scores: fused score of each, 0 to 1; None: by reciprocal rank, which gives none.
        own_shares: the model's raw share of each; None where it did not name it.
        how: what decided, in words.
        beyond: the diseases after the tenth.
    """

    candidates: list[Candidate]
    scores: list[float] | None
    own_shares: list[float | None]
    how: str
    beyond: list[Named] = field(default_factory=list)


def fuse(
    own: Sequence[Candidate],
    heard: Sequence[Heard],
    log_mass: float,
    findings: int,
    names: Names,
    fitted: Fitted | None,
) -> Fused:
    """Make one ranking.

    Args:
        own: the model's ranking, confidences raw.
        heard: the opinions.
        log_mass: of the model's beams.
        findings: findings present in the note.
        names: the knowledge base and its linker.
        fitted: the fit for this model, where there is one and the confidences are of the kind it was fitted on.
    """
    mine = {names.key(c.name): c for c in own}
    scores: dict[str, float] = {}
    if fitted and fitted.fusion and all(one.opinion.source in SOURCES for one in heard):
        rows = features(own_voice(own, names), log_mass, [one.voice for one in heard], findings)
        scores = {key: fitted.fusion.apply(row) for key, row in rows.items()}
        order = sorted(scores, key=lambda key: -scores[key])
        how = f"a logistic model over the rankings, fitted on {fitted.n:,} development cases"
    else:
        rankings = [list(mine), *([*one.voice.places][:MAX_CANDIDATES] for one in heard)]
        order = fusion.reciprocal_rank([ranking for ranking in rankings if ranking])
        how = "the mean of the reciprocal ranks, which is not fitted to this model"
    chosen = order[:MAX_CANDIDATES]
    candidates = [
        (mine.get(key) or _brought_in(key, heard, names)).model_copy(update={"rank": rank, "confidence": None})
        for rank, key in enumerate(chosen, 1)
    ]
    shares = [mine[key].confidence if key in mine else None for key in chosen]
    further = (mine.get(key) or _brought_in(key, heard, names) for key in order[MAX_CANDIDATES:BEYOND])
    beyond = [Named(candidate.label or candidate.name, candidate.id) for candidate in further]
    return Fused(candidates, [scores[key] for key in chosen] if scores else None, shares, how, beyond)


def _brought_in(key: str, heard: Sequence[Heard], names: Names) -> Candidate:
    """A candidate that others named and the model did not."""
    disease = names.kb.disease(key)
    if disease is None:
        written = (line.name for one in heard for line in one.opinion.lines if names.key(line.name) == key)
        return Candidate(rank=1, name=next(written))
    first, *others = names.kb.disease_ids(disease)
    name = names.kb.disease_names[disease]
    return Candidate(rank=1, name=name, id=first, label=name, same_as=others, link_rule="exact", link_score=100.0)
