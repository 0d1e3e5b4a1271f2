"""The findings that a disease's own names state: an iron deficiency anemia has anemia, whatever nobody annotated."""

from collections.abc import Collection, Iterable
from functools import lru_cache

from raredxr1 import lazy_re as re
from raredxr1.knowledge.imported import Arrays, text, untext
from raredxr1.knowledge.prepared import Part, prepared
from raredxr1.knowledge.store import KnowledgeBase

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 6
"""Words of a finding within a name."""
_WITHOUT = re.compile(r"\b(?:without|with or without|non|not|susceptibility|resistance|protection)\b.*", re.IGNORECASE)


@lru_cache(maxsize=4096)
def named_findings(kb: KnowledgeBase, disease: int) -> frozenset[int]:
    """Terms that stand whole in a name of a disease, and what they are kinds of; of "with or without" nothing."""
    labels, found = _labels(kb), set[int]()
    for name in kb.labels_of(disease):
        words = _folded(_WITHOUT.sub("", name))
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
                if (term := labels.get(" ".join(words[start:end]))) is not None:
                    found.update(kb.term_ancestors[term])
                    found.add(term)
    return frozenset(found)


def restated(kb: KnowledgeBase, present: Collection[int], diseases: Iterable[int]) -> dict[int, int]:
    """Those of some diseases that are nothing but a finding of the patient, under one of its names; with the finding.

    A note that says retinitis pigmentosa is explained by the disease of that name, and by all that have it.

    Args:
        kb: the knowledge base.
        present: terms of the findings that are present.
        diseases: by number.
    """
    said = {name: term for term in present for name in _names_of(kb, term)}
    found: dict[int, int] = {}
    for disease in diseases:
        terms = [said[whole] for name in kb.labels_of(disease) if (whole := " ".join(_folded(name))) in said]
        if terms:
            found[disease] = terms[0]
    return found


@lru_cache(maxsize=4096)
def _names_of(kb: KnowledgeBase, term: int) -> tuple[str, ...]:
    """The label of a term and what is exactly the same."""
    exact = [synonym.text for synonym in kb.term_synonyms[term] if synonym.scope == "EXACT"]
    return tuple(" ".join(_folded(name)) for name in (kb.term_names[term], *exact))


@lru_cache(maxsize=4)
def _labels(kb: KnowledgeBase) -> dict[str, int]:
    """Terms by label."""
    return {label: term for term, label in enumerate(untext(prepared(kb, LABELS)["labels"]))}


def _folded_labels(kb: KnowledgeBase) -> Arrays:
    return {"labels": text(" ".join(_folded(label)) for label in kb.term_names)}


LABELS = Part("labels", 1, _folded_labels)
"""The labels of terms, as `_folded` has them."""


def _folded(text: str) -> list[str]:
    return [word.lower().replace("aemia", "emia").replace("oedema", "edema") for word in _WORD.findall(text)]
