"""Bones that anybody may break: "broke his wrist falling off a skateboard" tells of no weak bone.

The rows of `data/recognition/lifted.tsv` for Bone fracture say which those are; they hold for every kind of fracture.
"""

from raredxr1.knowledge.recognition.lifted import in_its_phrase
from raredxr1.knowledge.store import KnowledgeBase

_FRACTURE = "HP:0020110"


def in_play(text: str, start: int, end: int, term: int, kb: KnowledgeBase) -> bool:
    """Whether a kind of fracture is told as one of play or an accident.

    Args:
        text: the note.
        start: where its words begin.
        end: where they end.
        term: number of the term.
        kb: knowledge base.
    """
    if kb.resolve_term(_FRACTURE) is None or kb.term(_FRACTURE) not in kb.term_ancestors[term]:
        return False
    return not in_its_phrase(text, start, end, _FRACTURE)
