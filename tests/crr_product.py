"""A scripted model over the tiny knowledge base: real opinions, no assets. Shared by the tests of CRR and fitting."""

from pathlib import Path

from fake_product import FakeEngine
from raredxr1.diagnose.calibration import CaseFile, Curve, Fitted, Ranking, Sigmoid, Steps
from raredxr1.diagnose.features import FEATURES
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.knowledge.linking import Linker
from tiny_knowledge import make_tiny_kb

NOTE = "Girl of 4 years with small head, seizures and repetitive movements. No ataxia. Parents are healthy."
BEAMS = (("Angelman syndrome", -0.5), ("Marfan syndrome", -1.5), ("Hand disease of Atlantis", -2.0))


def tiny_names(folder: Path) -> Names:
    kb = make_tiny_kb(folder)
    return Names(kb, Linker(kb))


def scripted(fitted: Fitted | None = None, **engine: object) -> Model:
    """A model that puts Angelman first, wherever the opinions put Rett."""
    return Model(FakeEngine(**{"beams": BEAMS, **engine}), "fake-1", fitted=fitted)  # type: ignore[arg-type]


def fitted(crr_by_default: bool = True, knowledge: str = "k") -> Fitted:
    """A fit that believes the likelihood ranking."""
    weights = dict.fromkeys(FEATURES, 0.0) | {"likelihood_reciprocal": 6.0, "own_share": 1.0}
    own = Curve(isotonic=Steps(x=[0.0, 0.5, 1.0], y=[0.0, 0.1, 0.4]), ece=0.04)
    fused = Curve(platt=Sigmoid(intercept=0.0, weights={"logit": 1.0, "log_mass": 0.0}), ece=0.06)
    listed = Sigmoid(intercept=-1.0, weights={"first": 0.5, "listed": 0.0, "log_mass": 0.0})
    return Fitted(
        model="fake-1",
        weights_sha256="0" * 64,
        knowledge=knowledge,
        form="short",
        ranking="beam",
        created="2026-01-01",  # type: ignore[arg-type]
        cases=[CaseFile(file="dev.jsonl", sha256="0" * 64, n=120)],
        own=Ranking(curve=own, none=listed),
        fusion=Sigmoid(intercept=-3.0, weights=weights),
        fused=Ranking(curve=fused, none=listed),
        crr_by_default=crr_by_default,
    )
