"""Finds the findings of a text: by HPO id, by measured value, by shorthand, and by name.

Each way is a module of its own; where two find something at one place, the earlier in that list is believed.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion import Assertion, Detail, statements
from raredxr1.knowledge.assertion.ended import AHEAD, REACH, ended_blocks, endings, is_over, listed_with
from raredxr1.knowledge.collector import uncollected
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.recognition.antibodies import antibodies
from raredxr1.knowledge.recognition.arrows import arrows
from raredxr1.knowledge.recognition.avoidance import avoided
from raredxr1.knowledge.recognition.bare_words import bare_words
from raredxr1.knowledge.recognition.bedside import (
    bone_ages,
    bone_densities,
    dipsticks,
    falls_on_standing,
    lymph_nodes,
    of_a_child,
    organs,
    pressures,
    reflexes,
    vertebrae,
    wastings,
)
from raredxr1.knowledge.recognition.counted import breaks, counted, fits, weight_lost
from raredxr1.knowledge.recognition.critical import insulin_while_low, ketones_while_low
from raredxr1.knowledge.recognition.development import development
from raredxr1.knowledge.recognition.dictionary import dictionary
from raredxr1.knowledge.recognition.drunk import drunk
from raredxr1.knowledge.recognition.forms import is_denied_form
from raredxr1.knowledge.recognition.growth import growth, without_relatives_sizes
from raredxr1.knowledge.recognition.growth_tables import growth_tables
from raredxr1.knowledge.recognition.hits import Hit, apart
from raredxr1.knowledge.recognition.hurried import hurried
from raredxr1.knowledge.recognition.jerks import jerks
from raredxr1.knowledge.recognition.laboratory import values
from raredxr1.knowledge.recognition.lifted import in_its_phrase, in_play
from raredxr1.knowledge.recognition.matching import nothings, places
from raredxr1.knowledge.recognition.measured import measured_state
from raredxr1.knowledge.recognition.mended import is_mended
from raredxr1.knowledge.recognition.milestones import grades, milestones
from raredxr1.knowledge.recognition.normal_results import normals
from raredxr1.knowledge.recognition.proper_names import proper_names, without_proper_names
from raredxr1.knowledge.recognition.puberty import menses, puberty
from raredxr1.knowledge.recognition.scanned import rectified
from raredxr1.knowledge.recognition.scores import scores
from raredxr1.knowledge.recognition.senses import acuities, acuities_in_words, eye_pressures, hearing_tests, refractions
from raredxr1.knowledge.recognition.shorthand import abbreviations
from raredxr1.knowledge.recognition.signs import signs
from raredxr1.knowledge.recognition.sites import in_its_place
from raredxr1.knowledge.recognition.sunlight import sunlight
from raredxr1.knowledge.recognition.tokens import stretches
from raredxr1.knowledge.recognition.vital_signs import vital_signs
from raredxr1.knowledge.recognition.words import kind
from raredxr1.knowledge.store import KnowledgeBase
from raredxr1.rare_re import rare

_HPO_ID = rare(r"\bHP[:_]?\s?(\d{7})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """A finding in a text.

    Attributes:
        term: term number.
        start: where its words begin in the text.
        end: where they end.
        assertion: what the text says of it.
        rule: how it was found: name, wording, word order, ending, class, adjective, list, id, shorthand, value, growth,
            normal.
        detail: "past" of what is present and said to be over, "denied" of what others do not have; None: neither.
    """

    term: int
    start: int
    end: int
    assertion: Assertion
    rule: str = "name"
    detail: Detail | None = None


class Recogniser:
    """Finds the terms of a knowledge base in texts. Cheap to make; the dictionary is built at the first text."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        self.kb = kb

    def find(self, text: str) -> list[Mention]:
        """Find all mentions, in order of place; they do not overlap."""
        with uncollected():
            return self._mentions(without_relatives_sizes(rectified(text)))

    def _mentions(self, text: str) -> list[Mention]:
        hits = self.hits(text)
        read = statements(text, [(hit.start, hit.end) for hit in hits])
        states = [measured_state(hit, one, text) for hit, (one, _) in zip(hits, read, strict=True)]
        if any(hit.hpo_id in _OF_MOTHERS for hit in hits) and of_a_child(text):
            states = [_of_the_mother(hit, state) for hit, state in zip(hits, states, strict=True)]
        if any(hit.hpo_id in _OF_CHILDREN for hit in hits):
            states = [_of_the_child(hit, state, text) for hit, state in zip(hits, states, strict=True)]
        hits = _of_lactate(hits, states)
        kept = [at for at, one in enumerate(states) if one is not Assertion.absent or not _is_form(hits[at], text)]
        if len(kept) < len(hits):
            hits, states, read = [hits[at] for at in kept], [states[at] for at in kept], [read[at] for at in kept]
        details = _details(text, hits, states, [denied for _, denied in read])
        return [
            Mention(self.kb.term(hit.hpo_id), hit.start, hit.end, state, hit.rule, detail)
            for hit, state, detail in zip(hits, states, details, strict=True)
        ]

    def no_findings(self, text: str) -> list[tuple[int, int]]:
        """Where words stand that are known to be no finding, though they hold one: "tumour regression"."""
        names = dictionary(self.kb)
        return proper_names(text) + [
            (words[place.first].start, words[place.last].end)
            for words in stretches(rectified(text), names)
            for place in nothings(words, names)
        ]

    def hits(self, text: str) -> list[Hit]:
        """What is found, in order of place, before anything is asked about what the text says of it."""
        at_bedside = (
            pressures,
            falls_on_standing,
            dipsticks,
            bone_densities,
            vertebrae,
            organs,
            reflexes,
            bone_ages,
            wastings,
        )
        bedside = [way(text) for way in at_bedside]
        measured = (
            self._ids(text),
            antibodies(text),
            vital_signs(text),
            hurried(text),
            values(text),
            arrows(text),
            *bedside,
            acuities(text),
            refractions(text),
            eye_pressures(text),
            growth(text),
            growth_tables(text),
        )
        counts = (
            scores(text),
            milestones(text),
            grades(text),
            counted(text),
            weight_lost(text),
            drunk(text),
            jerks(text),
            sunlight(text),
            insulin_while_low(text),
            ketones_while_low(text),
            development(text),
            menses(text),
            avoided(text),
            acuities_in_words(text),
            bare_words(text),
            signs(text),
            hearing_tests(text),
            lymph_nodes(text),
            puberty(text),
        )
        every = (
            *measured,
            *counts,
            normals(text),
            abbreviations(text),
            self._names(text),
            breaks(text),
            fits(text),
        )
        meant = [hit._replace(hpo_id=in_its_phrase(text, hit.start, hit.end, hit.hpo_id)) for hit in apart(every)]
        placed = [in_its_place(text, hit) for hit in meant]
        known = [hit for hit in placed if hit.hpo_id and self.kb.resolve_term(hit.hpo_id)]
        kept = [hit for hit in known if not in_play(text, hit.start, hit.end, self.kb.term(hit.hpo_id), self.kb)]
        return self._without_echoes(text, kept)

    def _without_echoes(self, text: str, hits: list[Hit]) -> list[Hit]:
        """Hits without "the tumor" where the note calls it by a longer name: a Hepatoblastoma is no other Neoplasm."""
        echoes = [hit for hit in hits if text[hit.start : hit.end].lower() in kind("echo")]
        if not echoes:
            return hits
        kb = self.kb
        named = {kb.resolve_term(hit.hpo_id) or hit.hpo_id for hit in hits}
        general = {
            kb.term_ids[above]
            for one in named
            for above in kb.term_ancestors[kb.term(one)]
            if kb.term_ids[above] != one
        }
        return [hit for hit in hits if hit not in echoes or hit.hpo_id not in general]

    def _names(self, text: str) -> Iterator[Hit]:
        names = dictionary(self.kb)
        text = without_proper_names(_COURSE.sub(lambda match: " " * len(match[0]), text))
        text = _ABSENCE_OF.sub(lambda match: "_" * len(match[0]), text)
        at = text.find("tired")
        while at >= 0:
            if _WHEN.search(text, max(0, at - 30), at) or _TIRED_OF.match(text, at):
                text = text[:at] + " " * len("tired") + text[at + len("tired") :]
            at = text.find("tired", at + 1)
        for match in _OWN_PART.finditer(text):
            verb = _DONE_WITH.search(text, max(0, match.start() - 20), match.start())
            if verb and not _NOT_DONE.search(text, max(0, verb.start() - 30), verb.start()):
                text = text[: verb.start()] + " " * (match.end() - verb.start()) + text[match.end() :]
        for words in stretches(text, names):
            for place in places(words, names):
                if place.first == place.last and words[place.first].said in kind("plural"):
                    continue
                term = self.kb.term_ids[place.found.term]
                yield Hit(term, words[place.first].start, words[place.last].end, place.found.rule)

    def _ids(self, text: str) -> Iterator[Hit]:
        """HPO ids of phenotypic abnormalities; alternative and replaced ones are read as what they are now."""
        for match in _HPO_ID.finditer(text):
            term = self.kb.resolve_term(f"HP:{match[1]}")
            if term and self.kb.term(PHENOTYPE) in self.kb.term_ancestors[self.kb.term(term)] and term != PHENOTYPE:
                yield Hit(term, *match.span(), "id")


_COURSE = rare(
    r"(?<=\bno )(?:worsening|progression|deterioration)(?=\s+(?:of|in)\b)|"
    r"\bBeighton\b[^.;\n\d]{0,20}[0-4](?:\s?/\s?9|\s+out\s+of\s+9)?(?![\d/])|"
    r"\b(?:they|we|I|you|doctors?|radiologists?)\s+(?:could|can|did)(?:\s*not|n['’]t)\s+see\b",
    re.IGNORECASE,
)
"""No part of a name: "no worsening of the ataxia" denies no progressive ataxia, "we could not see" no sight."""
_ABSENCE_OF = rare(
    r"\b(?:absen(?:ce|t)|missing)(?=\s*:|\s+of\b)(?=[^.;\n]{0,40}\b(?:seizure|epilep|attack|fit))", re.IGNORECASE
)
"""No part of a name: the absence of seizures is no absence seizure."""
_WHEN = re.compile(
    r"\b(?:when|whenever|once|if)\s+(?:(?:s?he|they|I|you|it|we)\s+(?:is|are|was|am|gets?|got)\s+)?(?:very\s+|"
    r"over-?)?$",
    re.IGNORECASE,
)
_TIRED_OF = re.compile(r"tired\s+of\b")
"""Tiredness that is only when something else is: "the eye turns when she is tired"."""
_OWN_PART = rare(
    r"\b(?:his|her|their)\s+(?:own\s+)?(?:lips?|cheeks?|eyebrows?|brows?|eyes?|eyelids?|mouth|tongue|arms?|legs?|fists?|"
    r"fingers?|hands?|feet|toes?|forehead|neck|head|shoulders?|knees?|back|teeth)\b",
    re.IGNORECASE,
)
_DONE_WITH = re.compile(
    r"\b(?:purs|puff|rais|lift|narrow|widen|clos|open|protrud|stretch|bend|flex|extend|clench|tighten|bar|point|"
    r"shut|screw|"
    r"furrow|wrinkl|cross|fold|lower|elevat)(?:e|s|es|ed|ing)?(?:\s+(?:up|out))?\s+$",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"(?:\b(?:difficult\w*|troubles?|problems?|unable|inability|cannot|not|never|fail\w*|weak\w*|pain\w*|hard|"
    r"struggl\w*|avoid\w*|"
    r"limited|reduced|keeps?|always|constantly)|n['’]t)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
"""What somebody does is no finding: "when he pursed his lips", "asked to raise her eyebrows"."""
_OF_MOTHERS = frozenset(("HP:0005268", "HP:0200067", "HP:0003826", "HP:0100602", "HP:0100601", "HP:0009800"))
"""Miscarriages, stillbirth, (pre)eclampsia, diabetes in pregnancy: in the note of a child they are the mother's."""


@lru_cache(maxsize=4)
def recogniser_of(kb: KnowledgeBase) -> Recogniser:
    """The recogniser of a knowledge base, made once: its dictionary takes a second."""
    return Recogniser(kb)


_FAMILY_FREE = re.compile(
    r"\b(?:(?:no|nil|without)\s+(?:\w+\s+){0,2}?(?:family history|fhx?|f/h)|nobody|no one|none)\b"
    r"(?:(?!\b(?:but|except|apart|other than|however|although|besides)\b)[^.;\n])*$",
    re.IGNORECASE,
)
"""Before what is denied of a family as a whole."""


def _is_form(hit: Hit, text: str) -> bool:
    return not (hit.normal or hit.measured) and is_denied_form(text, hit.start, hit.end)


def _of_nobody(text: str, hit: Hit) -> bool:
    return bool(_FAMILY_FREE.search(text, max(0, hit.start - 110), hit.start))


def _details(
    text: str, hits: Sequence[Hit], states: Sequence[Assertion], denied: Sequence[bool]
) -> list[Detail | None]:
    """What is said beside the states: that something is over, or that others do not have it."""
    details: list[Detail | None] = [
        "denied" if said is Assertion.other and (no or hit.normal or _of_nobody(text, hit)) else None
        for hit, no, said in zip(hits, denied, states, strict=True)
    ]
    places = endings(text)
    spans = [(hit.start, hit.end) for hit in hits]
    over: set[int] = set()
    for at, (hit, state) in enumerate(zip(hits, states, strict=True) if places else ()):
        following = hits[at + 1].start if at + 1 < len(hits) else len(text)
        near = bisect_left(places, min(following, hit.end) + REACH) > bisect_left(places, hit.start - AHEAD)
        said = is_over(text, *spans[at], following) if near and state is Assertion.present and not hit.measured else -1
        if said >= 0:
            over |= {at, *(listed_with(text, spans, at, said) if said >= hit.end else ())}
    headed = ended_blocks(text)
    for at, hit in enumerate(hits):
        if any(start <= hit.start < end for start, end in headed):
            over.add(at)
        elif done := is_mended(text, hit.start, hit.end):
            over |= {at, *(listed_with(text, spans, at, done) if done > hit.end else ())}
    for at in over:
        if states[at] is Assertion.present and not hits[at].measured:
            details[at] = "past"
    return details


_LACTATE, _ACIDOSIS, _LACTIC_ACIDOSIS = "HP:0002151", "HP:0001941", "HP:0003128"


def _of_lactate(hits: list[Hit], states: Sequence[Assertion]) -> list[Hit]:
    """Hits with a low pH beside a raised lactate as what they are together."""
    there = {hit.hpo_id for hit, state in zip(hits, states, strict=True) if state is Assertion.present and hit.measured}
    if not {_LACTATE, _ACIDOSIS} <= there:
        return hits
    return [
        hit._replace(hpo_id=_LACTIC_ACIDOSIS)
        if hit.hpo_id == _ACIDOSIS and hit.measured and state is Assertion.present
        else hit
        for hit, state in zip(hits, states, strict=True)
    ]


def _of_the_mother(hit: Hit, said: Assertion) -> Assertion:
    """What the note of a child says of a pregnancy: it is the mother's, unless it is a risk yet to come."""
    return Assertion.other if hit.hpo_id in _OF_MOTHERS and said is not Assertion.hypothetical else said


_OF_CHILDREN = frozenset(("HP:0001561", "HP:0001562", "HP:0001511", "HP:0001558", "HP:0001622", "HP:0010880"))
"""Waters, growth, movements and nape before birth, and birth before term: the child's, whoever is said to have them."""
_OTHER_PREGNANCY = re.compile(
    r"\b(?:previous|prior|earlier|other|first|second|last|subsequent|next|sisters?|brothers?|aunts?|cousins?|"
    r"siblings?|twins?|father|dad|paternal)\b",
    re.IGNORECASE,
)


def _of_the_child(hit: Hit, said: Assertion, text: str) -> Assertion:
    """What is said of a mother's pregnancy with the patient is the patient's: "mother had polyhydramnios"."""
    if said is not Assertion.other or hit.hpo_id not in _OF_CHILDREN:
        return said
    begin = max(text.rfind(stop, 0, hit.start) for stop in (". ", "\n", "; "))
    clause = text[max(0, begin, hit.start - 120) : hit.end + 40]
    mothers = re.search(r"\b(?:mother|mum|mom|mummy|maternal)\b", clause, re.IGNORECASE)
    return Assertion.present if mothers and not _OTHER_PREGNANCY.search(clause) else said
