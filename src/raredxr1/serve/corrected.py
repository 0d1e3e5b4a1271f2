"""A result with its findings as a reader left them: what the page shows and exports once something was corrected."""

from collections.abc import Sequence

from raredxr1.diagnose import Result
from raredxr1.diagnose.output.glossary import printable, shown
from raredxr1.diagnose.reranked import follows, rerank
from raredxr1.diagnose.result import Awaited, Evidence
from raredxr1.serve.product import Product
from raredxr1.serve.review import Noted, Review, stated_of
from raredxr1.serve.weighed import Weighed, Weigher, weigh

_ORDER = [(state, shown(state)) for state in ("absent", "present", "uncertain", "other", "hypothetical")]
STEPS = 5
"""Next steps that are named after a correction."""


def as_corrected(result: Result, review: Review, product: Product) -> Result:
    """Give the result as it is, or, once a reader has corrected anything, ranked and weighed anew.

    A fused ranking follows the corrections; the model's own list does not, because the model cannot be told of them.
    Either way the knowledge base says what speaks for and against each candidate, and a notice says what was changed.
    """
    if not review.corrected:
        return result
    anew = rerank(result, stated_of(review), product.model, product.names, STEPS)
    weighed = weigh(anew, review, product.names, Weigher(review, product.names.kb))
    findings = {finding.number: finding for finding in review.findings}
    candidates = [
        candidate.model_copy(update=_evidence(one, findings))
        for candidate, one in zip(anew.candidates, weighed, strict=True)
    ]
    return anew.model_copy(
        update={"candidates": candidates, "notices": [*anew.notices, remark(review, follows(result, product.model))]}
    )


def remark(review: Review, followed: bool) -> str:
    """What a reader corrected, and whether the ranking followed."""
    changes = (
        ("left out", [f.term for f in review.removed]),
        *((f"now {words}", [f.term for f in review.findings if f.flipped and f.state == s]) for s, words in _ORDER),
        ("added", [f.term if f.present else f"no {f.term}" for f in review.findings if f.origin == "reader"]),
    )
    said = "; ".join(f"{what} {', '.join(map(printable, terms))}" for what, terms in changes if terms)
    return f"A reader corrected the findings: {said}. " + (
        "The ranking follows; the model’s own list and full-text retrieval still go by the note."
        if followed
        else "The ranking is the one from before."
    )


def _evidence(weighed: Weighed, findings: dict[int, Noted]) -> dict[str, object]:
    def evidence(numbers: Sequence[int]) -> list[Evidence]:
        return [
            Evidence(finding=n, present=f.present, quote=f.quote, term=f.term, hpo_id=f.hpo_id, span=f.span)
            for n, f in ((number, findings[number]) for number in numbers)
            if f.present is not None
        ]

    said = weighed.supports or weighed.against or weighed.awaited
    return {
        "evidence_by": "knowledge" if said else None,
        "supports": evidence(weighed.supports),
        "against": evidence(weighed.against),
        "awaited": [Awaited(term=term, hpo_id=hpo_id) for term, hpo_id in weighed.awaited],
    }
