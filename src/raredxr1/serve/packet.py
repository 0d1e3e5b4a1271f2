"""The phenopacket of a result with the findings as a reader left them: observed, excluded, and who said so."""

import json
from typing import Any

from raredxr1.diagnose import Result
from raredxr1.diagnose.output.phenopacket import left_out, phenopacket
from raredxr1.serve.review import Noted, Review

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
