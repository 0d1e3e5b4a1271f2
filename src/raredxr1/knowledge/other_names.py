"""The names by which people know a disease that its catalogue calls otherwise: an eponym, an abbreviation.

"Glycogen storage disease due to acid maltase deficiency" is Pompe disease to most who meet it. The knowledge base has
some 20 synonyms of it, most of them older or longer: shown are the shortest eponym and the shortest abbreviation.
"""

import re

from raredxr1.knowledge.store import KnowledgeBase

_NAME = r"(?:Mac|Mc|De|Di|O['’])?[A-Z][a-zà-ÿ]+"
_EPONYM = re.compile(rf"(?:von |van |de )?{_NAME}(?:[-'’ ](?:von |van |de )?{_NAME})*(?:['’]s)? (?:disease|syndrome)")
_ABBREVIATION = re.compile(r"[A-Z]{3,6}\d{0,2}[A-Z]?")
_WORD = re.compile(r"\w+")
_GENERAL = {"disease", "syndrome"}


def familiar_names(kb: KnowledgeBase, disease: int) -> list[str]:
    """An eponym and an abbreviation of a disease, so far as it has them and its own name is not one.

    Args:
        kb: the knowledge base.
        disease: the number of the disease.
    """
    label = kb.disease_names[disease]
    own = _words(label)
    synonyms, records = kb.imported.synonyms, [kb.record_ids[record] for record in kb.disease_records[disease]]
    others = [name for record in records for name in synonyms.get(record, ())]
    eponyms = [name for name in others if _EPONYM.fullmatch(name) and not (_words(name) - _GENERAL) & own]
    short = [name for name in others if _ABBREVIATION.fullmatch(name) and name.lower() not in own]
    named = [] if _EPONYM.fullmatch(label) else sorted(eponyms, key=_length)[:1]
    return [*named, *sorted(short, key=_length)[:1]]


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}


def _length(name: str) -> tuple[int, str]:
    return len(name), name
