"""Which typical findings may be called "not found in the note".

Neither what it has in other words or as a measured value, nor the opposite of what it has, nor what nobody looks for at
the patient's age or in the patient's sex, nor what only says the disease again ("arteritis" of Takayasu arteritis).
A laboratory value counts as given whether or not it can be told to be normal: "TSH 1.6" needs no second TSH.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.extraction.opposites import conflict
from raredxr1.knowledge.recognition.analytes import WORD, analyte_at

_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n")
_STEM = 5
"""Letters by which words are alike."""
_SHARE = 0.6
"""Of the telling words of a term that stand in one sentence of the note."""
_SAY_LITTLE = frozenset(
    word[:_STEM]
    for line in (
        "abnormal abnormality absent appearance activity aplasia circulating concentration decreased delayed disease",
        "elevated excessive finding function generalized hypoplasia impaired increased involving level mild moderate",
        "morphology onset progressive recurrent reduced severe symptoms syndrome with without",
    )
    for word in line.split()
)

_OF_THE_OTHER_SEX = {"male": ("HP:0010460", "HP:0000140"), "female": ("HP:0010461",)}
"""Abnormality of the female genitalia and of the menstrual cycle, and of the male genitalia."""
SAME_MEASUREMENT = {"HP:0004421": "HP:0000822", "HP:0005117": "HP:0000822"}
"""Elevated systolic and diastolic blood pressure are hypertension told in other words."""
_PROCESS = re.compile(r"(?:itis|osis|pathy|oma|emia|disease|neoplasm)$")
_NAME = re.compile(r"[a-z0-9]+")
_ALIKE = {"tumor": "neoplasm", "tumour": "neoplasm", "leukaemia": "leukemia"}


@dataclass(frozen=True)
class Told:
    """What a note says beside its findings.

    Attributes:
        note: the text; empty: not known.
        years: age of the patient; None: not known.
        sex: "female" or "male"; None: not known.
        mentioned: terms that it names without deciding them (suspected, planned).
    """

    note: str = ""
    years: float | None = None
    sex: str | None = None
    mentioned: Collection[int] = ()

    def rules_out(self, kb: KnowledgeBase, term: int, decided: Collection[int], disease: str = "") -> bool:
        """Whether a term is not to be called missing in the note.

        Args:
            kb: the knowledge base.
            term: the typical finding.
            decided: terms that the note says to be present or absent.
            disease: the name of what it is typical of.
        """
        above = {*kb.term_ancestors[term], term}
        kinds = {one for other in self.mentioned for one in (*kb.term_ancestors[other], other)}
        return (
            term in kinds
            or self._measured(kb, above)
            or self._too_young(kb, above)
            or self._in_other_words(kb.term_names[term])
            or is_opposed(kb, term, decided)
            or _is_measured_so(kb, term, decided)
            or self._of_the_other_sex(kb, above)
            or (bool(disease) and says_nothing_new(kb.term_names[term], disease))
        )

    def _of_the_other_sex(self, kb: KnowledgeBase, above: Collection[int]) -> bool:
        return not of_the_other_sex(kb, self.sex).isdisjoint(above)

    def _measured(self, kb: KnowledgeBase, above: Collection[int]) -> bool:
        return any(kb.resolve_term(one) and kb.term(one) in above for one in analytes_in(self.note))

    def _too_young(self, kb: KnowledgeBase, above: Collection[int]) -> bool:
        return self.years is not None and not too_young_for(kb, self.years).isdisjoint(above)

    def _in_other_words(self, name: str) -> bool:
        telling = {stem for word in _WORD.findall(name) if (stem := word.lower()[:_STEM]) not in _SAY_LITTLE}
        if len(telling) < 2:  # of one word the note would have been read
            return False
        least = max(2, _SHARE * len(telling))
        return any(len(telling & stems) >= least for stems in self._sentences)

    @cached_property
    def _sentences(self) -> list[frozenset[str]]:
        return [frozenset(w.lower()[:_STEM] for w in _WORD.findall(one)) for one in _SENTENCE.split(self.note)]


def of_the_other_sex(kb: KnowledgeBase, sex: str | None) -> set[int]:
    """Terms that a patient of a sex ("female", "male"; None: not known) is not asked about, nor any kind of them."""
    return {kb.term(one) for one in _OF_THE_OTHER_SEX.get(sex or "", ()) if kb.resolve_term(one)}


@lru_cache(maxsize=64)
def too_young_for(kb: KnowledgeBase, years: float) -> frozenset[int]:
    """Terms that are not looked for at an age; kinds of them are not, either."""
    return frozenset(term for term, least in _least_ages(kb) if years < least)


def is_opposed(kb: KnowledgeBase, term: int, decided: Collection[int]) -> bool:
    """Whether the note decides a finding of the same kind with the opposite direction: high is not low."""
    parents, name = set(kb.term_parents[term]), kb.term_names[term]
    return any(
        not parents.isdisjoint(kb.term_parents[other]) and conflict(name, kb.term_names[other]) for other in decided
    )


def _is_measured_so(kb: KnowledgeBase, term: int, decided: Collection[int]) -> bool:
    same = SAME_MEASUREMENT.get(kb.term_ids[term])
    return same is not None and any(kb.term_ids[other] == same for other in decided)


def says_the_same(finding: str, disease: str) -> bool:
    """Whether a finding is the disease by its name, or a kind of it: "intracranial meningioma" of meningioma."""
    return _words(disease) <= _words(finding)


def says_nothing_new(finding: str, disease: str) -> bool:
    """Whether a finding is the disease, or the process its name tells of: "arteritis" of Takayasu arteritis.

    A sign in the name ("ataxia" of Friedreich ataxia) is worth asking for.
    """
    said, name = _words(finding), _words(disease)
    return name <= said or (said <= name and any(map(_PROCESS.search, said)))


def _words(text: str) -> frozenset[str]:
    return frozenset(_ALIKE.get(word, word) for word in _NAME.findall(text.casefold()))


@lru_cache(maxsize=4)
def _least_ages(kb: KnowledgeBase) -> tuple[tuple[int, float], ...]:
    rows = table("least_ages_of_course")
    return tuple((kb.term(row["hpo_id"]), float(row["years"])) for row in rows if kb.resolve_term(row["hpo_id"]))


_VALUE = re.compile(
    r"[^\w\n]{0,12}(?:\([^()\n]{0,30}\)[^\w\n]{0,12})?(?:(?:is|was|were|of|level|at|[<>])\s*){0,3}"
    r"(?:\d|normal\b|N\b|neg|low\b|high\b|raised\b|reduced\b|pending|awaited|sent\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def analytes_in(note: str) -> frozenset[str]:
    """HPO ids of what low and high values mean, of every analyte that the note gives a value or a result of."""
    found: set[str] = set()
    for word in WORD.finditer(note):
        hit = analyte_at(note, word)
        if hit and _VALUE.match(note, hit[2]):
            found.update(filter(None, (hit[0].low_term, hit[0].high_term)))
    found.update(term for name, term in _beside() if any(_VALUE.match(note, one.end()) for one in name.finditer(note)))
    return frozenset(found)


@cache
def _beside() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"(?<![\w-])(?:{row['names']})(?![\w-])", re.IGNORECASE), row["hpo_id"])
        for row in table("measured_by")
    )
