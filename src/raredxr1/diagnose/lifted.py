"""Whether words that a model takes for a finding name it.

A model may take a word of a name for the whole: "ankles" for Ankle swelling, "severe" for Severe muscular hypotonia.
Where the words are but an organ or a degree out of the name, the sentence must have its noun. And a small language
model may name what it only thinks of: a term that shares no word with its quote was not read there.
"""

from functools import cache, lru_cache

from raredxr1 import lazy_re as re
from raredxr1.data import rows
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.recognition import everyday
from raredxr1.knowledge.recognition.filing import own_wordings
from raredxr1.knowledge.recognition.lifted import sentence_around
from raredxr1.knowledge.recognition.words import forms, kind

_ABNORMAL = re.compile(r"Abnormal (.+) morphology|Abnormality of the ([a-z]+)")
_OF = re.compile(r"\b(?:of|in|on|with|to|at|during|by|from|due)\b|,")


def is_lifted(text: str, start: int, end: int, term: int, kb: KnowledgeBase) -> bool:
    """Whether words are a part of the names of a term without their noun, which their sentence lacks too."""
    said = words_of(text[start:end])
    if not said <= _parts(kb):
        return False
    heads = [head for words, head in _headed(kb, term) if said <= words]
    if not heads or any(not head or head & said for head in heads):
        return False
    left, right = sentence_around(text, start, end)
    around = words_of(text[left:right])
    return not any(head & around for head in heads) and not any(name <= around for name in names_of(kb, term))


@lru_cache(maxsize=4)
def _parts(kb: KnowledgeBase) -> frozenset[str]:
    """The words by which HPO names what may be abnormal: organs and parts of the body."""
    named = (match[1] or match[2] for label in kb.term_names if (match := _ABNORMAL.fullmatch(label)))
    return words_of(" ".join((*named, *kind("part"))))


@lru_cache(maxsize=4096)
def _headed(kb: KnowledgeBase, term: int) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """The words of label and synonyms of a term, each with its noun: the last word before "of"; none if it is empty."""
    names = [kb.term_names[term], *(synonym.text for synonym in kb.term_synonyms[term])]
    return tuple((words_of(name), _head(name)) for name in names)


def _head(name: str) -> frozenset[str]:
    words = _OF.split(name.lower())[0].split()
    if not words or words[-1] in kind("empty"):
        return frozenset()
    own = words_of(words[-1])
    return own.union(*(alike for alike in _alike() if own & alike))


@cache
def _alike() -> tuple[frozenset[str], ...]:
    return tuple(words_of(line) for (line,) in rows("recognition/nouns_alike"))


def shares_a_word(quote: str, term: int, kb: KnowledgeBase) -> bool:
    """Whether a quote has a word of any name of a term."""
    said = words_of(quote)
    return any(said & name for name in names_of(kb, term))


def words_of(text: str) -> frozenset[str]:
    """The words of content of a text, as groups of words that mean the same, without words of grade."""
    vague = kind("grade") | kind("linking") | kind("conjunction")
    return frozenset(
        form.group
        for word in text.lower().replace("/", " ").split()
        if (plain := _bare(word)) not in vague
        for form in forms(plain)
    )


@lru_cache(maxsize=4096)
def names_of(kb: KnowledgeBase, term: int) -> tuple[frozenset[str], ...]:
    """The words of each name of a term: label, synonyms and wordings of our own."""
    hpo_id = kb.term_ids[term]
    names = [kb.term_names[term], *(synonym.text for synonym in kb.term_synonyms[term])]
    names += [said.removeprefix("=") for _, said in own_wordings(lambda one: one == hpo_id)]
    names += [said for _, said in everyday.wordings(lambda one: one == hpo_id)]
    return tuple({words for name in names if (words := words_of(name))})


def _bare(word: str) -> str:
    return word.strip(".,;:!?()[]{}\"'“”’‘-–—")
