"""The shipped encoder: complete, small, without torch; phrases of our own meet their terms, opposites never meet."""

import subprocess
import sys

import pytest

from raredxr1 import runstore
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.stated import ADDED, stated_findings
from raredxr1.knowledge import load
from raredxr1.knowledge.extraction.encoder_model import DEFAULT_FOLDER, shipped
from raredxr1.knowledge.extraction.opposites import conflict
from raredxr1.knowledge.extraction.phrase_linker import PhraseLinker
from raredxr1.knowledge.extraction.reader import FindingReader

PHRASES = (
    ("epileptic fits", "HP:0001250"),
    ("loss of hearing", "HP:0000365"),
    ("eyes that are far apart", "HP:0000316"),
    ("curved spine", "HP:0010674"),
    ("very small head size", "HP:0000252"),
    ("floppy muscles", "HP:0001252"),
    ("low blood sugar", "HP:0001943"),
    ("raised liver enzymes", "HP:0002910"),
    ("enlarged spleen", "HP:0001744"),
    ("enlarged liver", "HP:0002240"),
    ("webbed neck", "HP:0000465"),
    ("clouding of the lens", "HP:0000518"),
    ("droopy eyelids", "HP:0000508"),
    ("hole in the palate", "HP:0000175"),
    ("undescended testicle", "HP:0000028"),
    ("extra fingers", "HP:0001161"),
    ("loose joints", "HP:0001382"),
    ("kidney failure", "HP:0000083"),
    ("dislocated lenses", "HP:0001083"),
    ("unsteady walking", "HP:0002317"),
)
POLES = (
    "high palate", "low muscle tone", "increased muscle tone", "left ventricular hypertrophy", "right sided weakness",
    "tall stature", "short stature", "small head", "large head", "low potassium", "high potassium", "upslanting eyes",
    "downslanting eyes", "wide-set eyes", "close-set eyes", "thin hair", "eyes that are far apart", "floppy muscles",
    "stiff muscles", "thick lips", "thin upper lip", "weight loss",
    "excessive weight gain", "early puberty", "delayed puberty", "slow heart rate", "fast heart rate", "bow legs",
    "knock knees", "short fingers", "long fingers", "short toes", "low platelets", "high white cell count",
)  # fmt: skip


@pytest.fixture(scope="module")
def linker() -> PhraseLinker:
    return PhraseLinker(shipped())


def test_it_is_complete_and_small_and_says_what_it_was_made_of() -> None:
    manifest = runstore.Manifest.model_validate_json((DEFAULT_FOLDER / "manifest.json").read_text())
    for name, hashed in manifest.facts["files"].items():
        assert runstore.sha256(DEFAULT_FOLDER / name) == hashed
    assert sum(file.stat().st_size for file in DEFAULT_FOLDER.iterdir()) < 45_000_000
    assert all("," in source for source in manifest.sources) and "base_sha256" in manifest.inputs


def test_nearly_all_everyday_phrases_have_their_term_among_the_first(linker: PhraseLinker) -> None:
    found = linker.link([phrase for phrase, _ in PHRASES], most=5)
    among = [hpo_id in [m.hpo_id for m in matches] for matches, (_, hpo_id) in zip(found, PHRASES, strict=True)]
    first = [matches[0].hpo_id == hpo_id for matches, (_, hpo_id) in zip(found, PHRASES, strict=True)]
    assert sum(among) >= 18 and sum(first) >= 14


def test_no_match_says_the_opposite(linker: PhraseLinker) -> None:
    for phrase, matches in zip(POLES, linker.link(POLES, most=10), strict=True):
        assert matches and not any(conflict(phrase, match.label) for match in matches), phrase


def test_all_its_terms_are_in_the_knowledge_base_under_their_labels() -> None:
    kb, model = load(), shipped()
    assert len(model.term_ids) == len(model.labels) > 15_000
    assert all(kb.term_name(i) == label for i, label in zip(model.term_ids, model.labels, strict=True))


def test_a_text_without_findings_has_none_by_meaning() -> None:
    text = "Dear colleague, thank you for seeing this patient on Monday. The bus was late. Yours sincerely, Dr Brown."
    assert [one for one in FindingReader(shipped()).read(text) if one.sureness >= ADDED] == []


NOTE = (
    "He cannot do up his buttons and his handwriting has gone to pieces. Milk comes back through his nose. No fits. "
    "Reflexes: ankle jerks absent. His father went deaf at thirty."
)
ADVICE = "We told the family that his spine may curve as he grows."


def test_what_is_said_in_other_words_is_read_with_its_term_and_state() -> None:
    found = stated_findings(NOTE, [], open_names())
    assert all(NOTE[f.span.start : f.span.end] == f.quote for f in found)
    assert {f.by for f in found} == {"dictionary", "encoder"}
    read = {f.quote: (f.term, f.state) for f in found if f.by == "encoder"}
    assert ("Dysgraphia", "present") in read.values()
    assert [(f.term, f.state) for f in stated_findings(ADVICE, [], open_names())] == [("Scoliosis", "hypothetical")]
    assert {f.by for f in stated_findings(NOTE, [], open_names(by_meaning=False))} == {"dictionary"}
    assert not [f for f in found if f.state == "present" and "deaf" in f.quote]


@pytest.mark.slow
def test_torch_is_not_imported() -> None:
    program = (
        "import sys; from raredxr1.knowledge.extraction.encoder_model import shipped;"
        "from raredxr1.knowledge.extraction.reader import FindingReader as R; r = R(shipped());"
        "r.read('He has fits.'); sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
