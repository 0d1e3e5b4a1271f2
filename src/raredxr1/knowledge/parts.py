"""All that is kept beside a knowledge base (`prepared`), and the one call that writes it."""

from pathlib import Path

from raredxr1.knowledge.closure import CLOSED
from raredxr1.knowledge.families import SERIES
from raredxr1.knowledge.linking import DISEASES, TERMS
from raredxr1.knowledge.named_by import LABELS
from raredxr1.knowledge.prepared import write
from raredxr1.knowledge.recognition.filing import FILED
from raredxr1.knowledge.store import TABLES, KnowledgeBase

PARTS = (CLOSED, DISEASES, FILED, LABELS, SERIES, TABLES, TERMS)


def prepare(path: Path) -> list[Path]:
    """Make every part of a knowledge base and write it beside it.

    Returns:
        The files.

    Raises:
        InputError: the knowledge base is missing or damaged.
    """
    kb = KnowledgeBase(path)
    return [write(kb, part) for part in PARTS]
