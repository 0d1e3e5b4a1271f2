"""A result with its findings as a reader left them: what the page shows and exports once something was corrected."""

import json
from typing import Any

from raredxr1.diagnose import Result
from raredxr1.diagnose.output.glossary import printable, shown
from raredxr1.diagnose.output.phenopacket import left_out, phenopacket
from raredxr1.diagnose.output.words import in_words
from raredxr1.diagnose.overruled import overruled
from raredxr1.diagnose.reranked import follows, rerank
from raredxr1.serve.evidence import Weigher
from raredxr1.serve.product import Product
from raredxr1.serve.review import Noted, Review, stated_of

_ORDER = [(state, shown(state)) for state in ("absent", "present", "past", "uncertain", "other", "hypothetical")]
STEPS = 5
"""Next steps that are named after a correction."""


def as_corrected(result: Result, review: Review, product: Product) -> Result:
    """Give the result as it is, or, once a reader has corrected anything, ranked and weighed anew.

    A fused ranking follows the corrections; the model's own list does not, because the model cannot be told of them.
    Either way the knowledge base says what speaks for and against each candidate, and a notice says what was changed.
    """
    if not review.corrected:
        return result
    maker = product.maker(result)
    result = result.model_copy(update={"patient": overruled(result.patient, review.patient)})
    anew = rerank(result, stated_of(review), maker, product.names, STEPS)
    candidates = Weigher(review, product.names, anew).weigh(anew)
    return anew.model_copy(
        update={"candidates": candidates, "notices": [*anew.notices, remark(review, follows(result, maker))]}
    )


def _added(finding: Noted) -> str:
    if finding.sense in ("present", "absent"):
        return finding.term if finding.present else f"no {finding.term}"
    return f"{finding.term} ({shown(finding.sense)})"


def remark(review: Review, followed: bool) -> str:
    """What a reader corrected, and whether the ranking followed."""
    changes = (
        ("left out", [f.term for f in review.removed]),
        *((f"now {words}", [f.term for f in review.findings if f.flipped and f.sense == s]) for s, words in _ORDER),
        ("added", [_added(f) for f in review.findings if f.origin == "reader"]),
        ("the patient is", [said] if (said := in_words(review.patient)) else []),
    )
    said = "; ".join(f"{what} {', '.join(map(printable, terms))}" for what, terms in changes if terms)
    return f"A reader corrected the findings: {said}. " + (
        "The ranking follows; what the language model and the texts say still goes by the note."
        if followed
        else "The ranking is the one from before."
    )


_READ_BY = {
    "model": "quoted by the model",
    "dictionary": "found by name in the note",
    "encoder": "read in the note by meaning",
    "reader": "added by a person",
}


def corrected_packet(result: Result, review: Review) -> dict[str, Any]:
    """Write it; what cannot stand in a phenopacket (no HPO id, uncertain, of a relative) is named in the metadata."""
    packet: dict[str, Any] = json.loads(phenopacket(result))
    features = {
        finding.hpo_id: _feature(finding)
        for finding in reversed(review.findings)
        if finding.hpo_id and finding.present is not None
    }
    packet["phenotypicFeatures"] = list(reversed(features.values()))
    packet["metaData"].pop("updates", None)
    packet["metaData"] |= left_out([(one.term, one.hpo_id, one.state) for one in review.findings], packet["metaData"])
    return packet


def _feature(finding: Noted) -> dict[str, Any]:
    said = _READ_BY[finding.origin] + (", its sense corrected by a person" if finding.flipped else "")
    return {
        "type": {"id": finding.hpo_id, "label": finding.term},
        **({} if finding.present else {"excluded": True}),
        "description": f"“{finding.quote}” ({said})" if finding.quote else said,
    }
