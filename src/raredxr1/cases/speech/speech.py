"""How a finding is said in a note: by label, synonym, everyday words, description, or what was measured.

Published notes say two findings in five in words that no label or exact synonym has (docs/method.md); a model that has
only met labels cannot read them. So wordings are drawn from several sources, in shares that depend on who is speaking.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from random import Random

from raredxr1 import lazy_re as re
from raredxr1.cases.phrases import Phrases, drawn
from raredxr1.cases.speech import labels, measured
from raredxr1.cases.speech.grammar import expand
from raredxr1.cases.speech.measured import SIZES, Measurement, Size
from raredxr1.cases.speech.person import Person
from raredxr1.cases.speech.table import entries
from raredxr1.cases.speech.wording import Said, Voice, Wording, article, wording
from raredxr1.knowledge import KnowledgeBase

_SOURCES = ("label", "exact", "lay", "looser", "rule", "described", "everyday", "clinician", "measured", "heard")
SHARES: dict[Voice, dict[str, float]] = {
    "clinical": dict(zip(_SOURCES, (0.20, 0.15, 0.05, 0.05, 0.16, 0.07, 0.26, 0.26, 0.45, 0.14), strict=True)),
    "terse": dict(zip(_SOURCES, (0.15, 0.14, 0.03, 0.04, 0.14, 0.02, 0.14, 0.45, 0.55, 0.10), strict=True)),
    "lay": dict(zip(_SOURCES, (0.05, 0.02, 0.30, 0.04, 0.08, 0.05, 0.75, 0.0, 0.0, 0.04), strict=True)),
}
"""Relative shares of the sources of wordings; those a finding lacks drop out."""
DENIED_SHARES = {"label": 0.30, "exact": 0.2, "lay": 0.1, "looser": 0.03, "rule": 0.08, "plain": 0.25}
WHOLE_DENIALS = 0.4
"""Share of absent findings said by what is normal ("hears well"), where there are such words."""
NORMAL_VALUES = 0.3
"""Share of absent findings said by a normal value, where they are measured."""

_TOPIC_TERMS = {
    "walk": ("HP:0031936", "HP:0002540", "HP:0002505"),
    "sit": ("HP:0025336",),
    "speech": ("HP:0000750", "HP:0001344", "HP:0002465"),
}
_MEASURE_ROOTS = {"head": "HP:0000240", "height": "HP:0000002", "weight": "HP:0004323"}
_PRESSURE = "HP:0000822"
_DENYING = re.compile(
    r"\b(?:no|not|never|without|lack|lacking|absen[ct]\w*|loss|inability|non\w*|un\w*ed|missing|cannot)\b",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(
    r"(?:-eyed|sighted|jointed|-headed|^tired|deaf|^blind|^clumsy|muted?|ambulatory|verbal|dependent)$", re.IGNORECASE
)
_ODD = re.compile(r"[()\[\]{}<>|;:#]|\d\d")
_ARTICLE = re.compile(r"^(?:an?|the|some) ")
_TITLE = re.compile(r"(?<=[a-z] )[A-Z][a-z]{3,}\b")
_LOWER = re.compile(r"\b[a-z]{4,}\b")
_MARKS = re.compile(r"[()\[\]{}<>|;:#]")
_ONTOLOGY = re.compile(
    r"^(?:abnormality of|abnormality in|aplasia|absent/small|localized|obsolete|anomaly "
    r"of|deviation)|morphology$|physiology$|circulating|/|"
    r"concentration|quantity|^abnormal .* level|involving|^decreased activity",
    re.IGNORECASE,
)
"""How ontologies name things and people do not."""
ONTOLOGY_WEIGHT = 0.12
LONGEST = 9
"""Words; longer synonyms are definitions in disguise."""


@dataclass
class Scene:
    """What is known while one note is written."""

    person: Person
    voice: Voice
    past: bool
    findings: frozenset[int]
    """Terms of all findings, present and absent."""
    shown: frozenset[int]
    """The present ones' terms and all above them."""
    topics: set[str] = field(default_factory=set)
    """What has been told already and must not be told otherwise."""
    is_british: bool = False


@dataclass
class _Options:
    wordings: list[Wording]
    cumulative: list[float]
    denied: list[Wording]
    denied_cumulative: list[float]
    whole_denials: list[Wording]
    guard: int | None
    rows: list[Measurement]
    size: Size | None
    measured_share: float


class Speech:
    """Says findings. Wordings are prepared a term and voice at a time, when first asked for."""

    def __init__(
        self,
        kb: KnowledgeBase,
        phrases: Phrases,
        heard: Mapping[int, Sequence[str]] | None = None,
        unsaid: Callable[[str], bool] | None = None,
    ) -> None:
        """Take what findings can be called.

        Args:
            kb: the knowledge base.
            phrases: its labels and synonyms.
            heard: what people called findings in real texts, by term.
            unsaid: says of words whether they must not be written for a finding.
        """
        self.kb, self.phrases, self._heard, self._unsaid = kb, phrases, heard or {}, unsaid
        self._prepared: dict[tuple[int, Voice], _Options] = {}
        self._topics = {
            topic: frozenset(kb.term(i) for i in map(kb.resolve_term, ids) if i) for topic, ids in _TOPIC_TERMS.items()
        }
        self._roots = {m: kb.term(i) for m, i in _MEASURE_ROOTS.items() if kb.resolve_term(i)}
        self._rows: dict[str, list[Measurement]] = {}
        for row in measured.read_table():
            self._rows.setdefault(row.term, []).append(row)
        self._sizes = {size.term: size for size in SIZES}

    def present(self, term: int, scene: Scene, rng: Random, may_measure: bool = True) -> Said:
        """Say that a finding is there; by what was measured only where that may be."""
        options = self._options(term, scene.voice)
        if may_measure and options.measured_share and rng.random() < options.measured_share:
            said = self._value(term, options, True, scene, rng)
            if said:
                return said
        for _ in range(3):
            chosen = drawn(options.wordings, options.cumulative, rng)
            said = self._realised(term, chosen, scene, rng)
            if said:
                return said
        return self._label(term)

    def absent(self, term: int, scene: Scene, rng: Random) -> tuple[Said, bool]:
        """Say that a finding is not there: the words, and whether they deny it by themselves ("normal hearing")."""
        options = self._options(term, scene.voice)
        if options.whole_denials and rng.random() < WHOLE_DENIALS and self._may_be_normal(term, options.guard, scene):
            said = self._realised(term, rng.choice(options.whole_denials), scene, rng)
            if said:
                return said, True
        if options.measured_share and rng.random() < NORMAL_VALUES and self._may_be_normal(term, None, scene):
            said = self._value(term, options, False, scene, rng)
            if said:
                return said, True
        for _ in range(3):
            chosen = drawn(options.denied, options.denied_cumulative, rng)
            said = self._realised(term, chosen, scene, rng)
            if said:
                return (
                    replace(said, text=_ARTICLE.sub("", said.text), article="") if said.form == "noun" else said
                ), False
        return self._label(term), False

    def _may_be_normal(self, term: int, guard: int | None, scene: Scene) -> bool:
        """Whether nothing that is present contradicts the statement that all is normal there."""
        if guard is not None:
            return guard not in scene.shown
        return not any(parent in scene.shown for parent in self.kb.term_parents[term])

    def may_say(self, text: str) -> bool:
        """Whether these words may stand for a finding."""
        return self._unsaid is None or not self._unsaid(text)

    def _said_label(self, term: int) -> str:
        """The label as people order its words, where it may be said so."""
        label = self.kb.term_names[term]
        natural = labels.natural(label)
        return self._inside(natural if natural == label or self.may_say(natural) else label)

    def _label(self, term: int) -> Said:
        text = self._said_label(term)
        return Said(text, article=article(text), technical=True)

    def _inside(self, text: str) -> str:
        """A label as inside a sentence, also where it begins with two words and a slash."""
        first, slash, rest = text.partition("/")
        if slash and rest and rest[0].isupper() and rest[1:2].islower() and " " not in first:
            text = f"{first}/{rest[0].lower()}{rest[1:]}"
        head = text.split("/", 1)[0]
        text = text.replace(head, self.phrases.inside(head), 1)
        return _TITLE.sub(lambda m: m[0].lower() if m[0].lower() in self._lower_words else m[0], text)

    @cached_property
    def _lower_words(self) -> frozenset[str]:
        """Words that definitions write without a capital: "Rotatory Nystagmus" holds no name."""
        return frozenset(_LOWER.findall(" ".join(self.kb.term_definitions)))

    def _realised(self, term: int, chosen: Wording, scene: Scene, rng: Random) -> Said | None:
        template, person = chosen.template, scene.person
        if person.years is not None and person.years < template.least_years:
            return None
        if chosen.topic:
            if chosen.topic in scene.topics:
                return None
            about = self._topics.get(chosen.topic, frozenset())
            if any(other != term and about.intersection(self.kb.term_ancestors[other]) for other in scene.findings):
                return None
            scene.topics.add(chosen.topic)
        text = expand(template, rng, person.words, scene.past, person.years).strip().replace("  ", " ")
        if scene.is_british:
            spelt = labels.british(text)
            text = spelt if spelt and self.may_say(spelt) else text
        if self._unsaid and len(template.nodes) > 1 and self._unsaid(text):
            return None
        return Said(text, chosen.form, article(text) if chosen.form == "noun" else "", chosen.technical)

    def _value(self, term: int, options: _Options, present: bool, scene: Scene, rng: Random) -> Said | None:
        person = scene.person
        if self.kb.term_ids[term] == _PRESSURE:
            if "pressure" in scene.topics:
                return None
            said = measured.say_pressure(present, person.years, rng)
            if said:
                scene.topics.add("pressure")
            return said
        size = options.size
        if size:
            root = self._roots.get(size.measure)
            if size.measure in scene.topics or (not present and (root is None or root in scene.shown)):
                return None
            scene.topics.add(size.measure)
            z = rng.uniform(size.low, size.high) if present else rng.uniform(-1.2, 1.2)
            return measured.say_size(size, z, person, scene.past, rng)
        rows = [row for row in measured.allowed(options.rows, person) if present or row.normal]
        if not rows:
            return None
        row = rng.choice(rows)
        topic = row.names[0].rpartition(" ")[2].lower()
        if topic in scene.topics:
            return None
        scene.topics.add(topic)
        return measured.say_value(row, present, scene.past, rng)

    def _options(self, term: int, voice: Voice) -> _Options:
        options = self._prepared.get((term, voice))
        if options is None:
            options = self._prepared[(term, voice)] = self._prepare(term, voice)
        return options

    def _prepare(self, term: int, voice: Voice) -> _Options:
        kb, hpo_id = self.kb, self.kb.term_ids[term]
        label = self._said_label(term)
        sources: dict[str, list[Wording]] = {"label": [_literal(label)], "exact": [], "lay": [], "looser": []}
        texts = {label.lower(), kb.term_names[term].lower()}
        for synonym in kb.term_synonyms[term]:
            text = self._inside(labels.natural(synonym.text))
            if text.lower() in texts or _ODD.search(text) or len(text.split()) > LONGEST or "obsolete" in synonym.kind:
                continue
            texts.add(text.lower())
            is_lay = synonym.kind == "layperson"
            if is_lay:
                text = " ".join(word if word.isupper() else word.lower() for word in text.split(" "))
            made = wording(f"<is|was> {text}", "verb") if _ADJECTIVE.search(text) else _literal(text)
            exact = synonym.scope == "EXACT"
            sources["lay" if is_lay and exact else "exact" if exact else "looser"].append(made)
        nouns = [made.template.nodes[0] for made in (*sources["label"], *sources["exact"][:6])]
        sources["rule"] = [made for noun in nouns if isinstance(noun, str) for made in labels.by_rule(noun)]
        described = labels.described(kb.term_definitions[term], kb.term_names[term])
        sources["described"] = [_inside(self.phrases, described)] if described else []
        sources["heard"] = [_literal(text) for text in self._heard.get(term, ()) if text.lower() not in texts]
        entry = entries().get(hpo_id)
        known = entry.wordings if entry else {}
        sources["everyday"], sources["clinician"] = known.get("anyone", []), known.get("clinician", [])
        for name in sources:
            if name != "label" and self._unsaid:
                sources[name] = [made for made in sources[name] if self.may_say(_flat(made))]
        denials = [*known.get("denial", []), *(known.get("clinical denial", []) if voice != "lay" else [])]
        rows, size = self._rows.get(hpo_id, []), self._sizes.get(hpo_id)
        shares = SHARES[voice]
        if voice == "lay":
            lay = {_flat(made) for made in sources["lay"]} | {
                s.text.lower() for s in kb.term_synonyms[term] if s.kind == "layperson"
            }
            for name in ("label", "exact", "looser", "rule", "described", "heard"):
                sources[name] = [replace(made, technical=_flat(made).lower() not in lay) for made in sources[name]]
        present = [
            (made, shares[name] / len(some) * (ONTOLOGY_WEIGHT if _ONTOLOGY.search(_flat(made)) else 1.0))
            for name, some in sources.items()
            for made in some
            if shares[name]
        ]
        plain = entry.plain_nouns if entry and voice != "lay" else []
        sources["plain"] = [made for made in plain if self.may_say(_flat(made))]
        denied = [
            (made, DENIED_SHARES[name] / len(some) * (ONTOLOGY_WEIGHT if _ONTOLOGY.search(_flat(made)) else 1.0))
            for name, some in sources.items()
            if name in DENIED_SHARES
            for made in some
            if made.form == "noun" and not _DENYING.search(_flat(made)) and "again" not in _flat(made)
        ]
        denied = denied or [(_literal(label), 1.0)]
        total = sum(weight for _, weight in present)
        is_measured = bool(rows or size or hpo_id == _PRESSURE) and shares["measured"] > 0
        guard = kb.term(entry.guard) if entry and entry.guard and kb.resolve_term(entry.guard) else None
        return _Options(
            *_cumulated(present),
            *_cumulated(denied),
            denials,
            guard,
            rows,
            size,
            shares["measured"] / (shares["measured"] + total) if is_measured else 0.0,
        )


def _literal(text: str) -> Wording:
    """A wording without alternatives; the notation's marks would be read as such."""
    return wording(_MARKS.sub("", text))


def _inside(phrases: Phrases, described: Wording) -> Wording:
    first = described.template.nodes[0]
    return wording(phrases.inside(first)) if isinstance(first, str) else described


def _flat(made: Wording) -> str:
    return " ".join(node for node in made.template.nodes if isinstance(node, str))


def _cumulated(weighted: Sequence[tuple[Wording, float]]) -> tuple[list[Wording], list[float]]:
    return [made for made, _ in weighted], list(accumulate(weight for _, weight in weighted))
