"""What the note states, as HPO terms: names a dictionary finds, what an encoder reads besides, then a model's quotes.

Rankings by findings (CRR) and next steps need terms. Where the words of the note are a name of a term, the dictionary
(`knowledge.recognition`) is right most often, and its rules know the states. The encoder (`knowledge.extraction`) adds
what is said in other words, where it is sure enough; `Names.by_meaning` turns it off. The model's own reading comes
last, is used where at least half of what it quotes stands in the note, and adds only what its quotes name or the
encoder reads there, too. Each finding says who read it.
"""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from raredxr1 import lazy_re as re
from raredxr1.diagnose.chosen import of_one_side, worst
from raredxr1.diagnose.lifted import is_lifted, shares_a_word
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import Elsewhere, StatedFinding
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import Assertion, Detail, assertions, foremost
from raredxr1.knowledge.assertion.effects import is_drug
from raredxr1.knowledge.collector import uncollected
from raredxr1.knowledge.extraction.encoder_model import shipped
from raredxr1.knowledge.extraction.opposites import conflict
from raredxr1.knowledge.extraction.reader import FindingReader, ReadFinding
from raredxr1.knowledge.recognition import recogniser_of
from raredxr1.knowledge.recognition.forms import is_denied_form
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.lifted import in_its_phrase, in_play
from raredxr1.knowledge.recognition.sites import in_its_place
from raredxr1.knowledge.recognition.words import kind
from raredxr1.schemas import Finding, Span

_SAYS = re.compile(
    r"\b(?!(?:years?|months?|weeks?|days|aged|since|from|with|male|female|girls?|boys?|child|children|infant|baby|"
    r"woman|women|"
    r"patients?|mother|father|parents|brother|sister|family|history|birth|daughter|normal|today|seen|"
    r"case)\b)[^\W\d_]{4}",
    re.IGNORECASE,
)
"""A quote needs a word of four letters that is no age, time or person ("8 years", "has") for a term to be read from."""
GROUNDED_SHARE = 0.5
"""A model that invents more of its quotes than it copies is not believed about the others."""

_FIGURE = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W_]+")
_BEHIND = 6
"""So many letters behind a finding are looked at for its figure."""
_NAME = re.compile(r"[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+)*")
_BEGINS = '.!?:;\n-–•*|(["“'
"""Behind these a capital is no sign of a name."""
_OF_PERSONS = re.compile(
    r"(?:['’]s|,? who|\s+(?:is|was|has|had|does|did|can|cannot|will|would|came|comes|went|goes|lives|attend\w*|"
    r"present\w*|and (?:his|her|I|we)))\b"
)
_DENIED = re.compile(
    r"\b(?:without|no|nil|free of)\s*$|(?:n['’]t|\bnot)\s+(?:shak|trembl|twitch|jerk|hurt|itch|swell|wobbl)(?:e|es|"
    r"ing|y)?\s*$",
    re.IGNORECASE,
)
"""What is read with the word that denies it: "gallbladder without" stones, "hands don't shake"."""
_LEVEL = re.compile(
    r"concentration|level|proportion|circulating|filtration rate|prothrombin|thromboplastin|activity|count|"
    r"a?emia\b|penia\b|cytosis|philia|"
    r"uria\b|cholesterol|hemoglobin|"
    r"h(?:yper|ypo)"
    r"(?:capnia|tension|xemia)|weakness|stature|weight|obes|head size|cephaly|span|acuity|Small for|Large for",
    re.IGNORECASE,
)
"""Labels of what is told by a figure."""
_CODE = 3
"""Letters of the longest abbreviation that only its term explains."""
ADDED, ADDED_WORD = 0.65, 0.8
"""Sureness (`ReadFinding.sureness`) from which what the dictionary does not know is taken; one word that is present."""


def stated_findings(note: str, quoted: Sequence[Finding], names: Names) -> list[StatedFinding]:
    """Gather the findings of a note, each HPO term once, in order of place.

    Args:
        note: the text that was read.
        quoted: the findings of the model's turn, linked; empty in the short form.
        names: the knowledge base and its linker.
    """
    with uncollected():
        read = _read(note, names)
    taken = {finding.hpo_id for finding in read}
    read += [
        finding
        for finding in _borne_out(note, _by_model(quoted, names), names)
        if finding.hpo_id not in taken and not any(_overlap(finding.span, other.span) for other in read)
    ]
    return sorted(read, key=lambda finding: (finding.span.start, finding.span.end))


def terms(findings: Sequence[StatedFinding], kb: KnowledgeBase) -> tuple[list[int], list[int]]:
    """Term numbers of the findings: present, absent. What is neither says nothing of the patient."""
    there = [kb.term(finding.hpo_id) for finding in findings if finding.state == "present"]
    lacking = [kb.term(finding.hpo_id) for finding in findings if finding.state == "absent"]
    return there, lacking


_OUT_OF_RANGE = re.compile(
    r"(?:elevated|increased|decreased|reduced)\b.*\b(?:concentration|rate|level|activity|count|ratio)\b", re.IGNORECASE
)
_SAID_LEVEL = re.compile(
    r"\d|[↑↓+<>]|\b(?:high\w*|low\w*|rais\w*|elevat\w*|increas\w*|decreas\w*|reduc\w*|abnormal\w*|deficien\w*|absent|"
    r"absence|undetect\w*|positiv\w*|up|down|rise|rose|risen|rising|fell|fall\w*|drop\w*|excess\w*|lack\w*|poor\w*|"
    r"small\w*|few\w*|diminish\w*|marked\w*|grossly|massive\w*|sky|deranged|out of range|beyond|above|below|hyper\w*|"
    r"hypo\w*|little|no|not|loss|lost|impaired|many|much|too|more|less|slow\w*|fast\w*)\b",
    re.IGNORECASE,
)
_BESIDE = 40
"""Letters beside a finding in which it is said whether a level is high or low."""


@dataclass(frozen=True)
class _Place:
    """A stretch of the note that names a term."""

    term: int
    start: int
    end: int
    assertion: Assertion
    detail: Detail | None
    by: Literal["dictionary", "encoder"]


def _read(note: str, names: Names) -> list[StatedFinding]:
    """Each term once, where its foremost state is said first; the other places go with it."""
    kb = names.kb
    places: dict[int, list[_Place]] = defaultdict(list)
    for place in _places(note, kb, names.by_meaning):
        places[place.term].append(place)
    read = []
    for term, several in places.items():
        state = foremost(place.assertion for place in several)
        chosen = worst(note, [place for place in several if place.assertion == state], kb.term_names[term])
        read.append(
            StatedFinding(
                hpo_id=kb.term_ids[term],
                term=kb.term_names[term],
                state=state.value,
                quote=note[chosen.start : chosen.end],
                span=Span(start=chosen.start, end=chosen.end),
                by=chosen.by,
                elsewhere=[_elsewhere(note, place) for place in several if place is not chosen],
                detail=_detail([place for place in several if place.assertion == state]),
            )
        )
    return _consistent(_two_sided(note, read, kb), kb)


def _detail(places: Sequence[_Place]) -> Detail | None:
    """What the places of one state say beside it: the last decides whether it is over, and all whether it is denied."""
    if places[-1].detail == "past":
        return "past"
    return "denied" if all(place.detail == "denied" for place in places) else None


def _two_sided(note: str, read: list[StatedFinding], kb: KnowledgeBase) -> list[StatedFinding]:
    """Findings without denials of one side beside the same on the other: "a tear on the right; left: no tear"."""
    there = {kb.term(one.hpo_id) for one in read if one.state == "present"}
    return [
        one
        for one in read
        if one.state != "absent"
        or there.isdisjoint(kb.term_ancestors[kb.term(one.hpo_id)])
        or not of_one_side(note, one.span)
    ]


def _consistent(read: list[StatedFinding], kb: KnowledgeBase) -> list[StatedFinding]:
    """Nothing is denied as a whole of which a kind is present: "power normal" beside a weak arm goes with the arm."""
    there = {kb.term(one.hpo_id): one for one in read if one.state == "present"}
    kinds = {above: term for term in there for above in kb.term_ancestors[term] if above not in there}
    kept = []
    for one in read:
        kind = kinds.get(kb.term(one.hpo_id)) if one.state == "absent" else None
        if kind is None:
            kept.append(one)
        else:
            denial = Elsewhere(state=one.state, quote=one.quote, span=one.span)
            places = [*there[kind].elsewhere, denial, *one.elsewhere]
            there[kind].elsewhere[:] = sorted(places, key=lambda place: place.span.start)
    return kept


def _places(note: str, kb: KnowledgeBase, by_meaning: bool) -> list[_Place]:
    """What the dictionary finds and, where that is asked for, what the encoder reads besides, in order of place."""
    reader = _reader() if by_meaning else None
    with ThreadPoolExecutor(1) as beside:  # the encoder computes outside Python: two cores read at once
        reading = beside.submit(reader.read, note) if reader else None
        named = recogniser_of(kb).find(note)
        read = reading.result() if reading else []
    places = [_Place(m.term, m.start, m.end, m.assertion, m.detail, "dictionary") for m in named]
    if reader is None:
        return places
    taken = [*((m.start, m.end) for m in named), *recogniser_of(kb).no_findings(note)]
    sure = [
        f
        for f in read
        if f.sureness >= ADDED
        and f.end > f.start + 1
        and _free(f, taken)
        and not _is_code(note, f)
        and not (_measured(note, f) or _of_no_level(note, f) or _called(note, f))
    ]
    places += _by_encoder(note, sure, kb)
    return sorted(places, key=lambda place: (place.start, place.end))


def _by_encoder(note: str, findings: Sequence[ReadFinding], kb: KnowledgeBase) -> list[_Place]:
    """What the encoder reads; who says first that it is not present in the patient is believed, the rules or it."""
    said = assertions(note, [(finding.start, finding.end) for finding in findings])
    places = []
    for finding, state in zip(findings, said, strict=True):
        meant = _meant(note, finding)
        current = kb.resolve_term(meant) if meant else None
        if current is not None and in_play(note, finding.start, finding.end, kb.term(current), kb):
            continue
        if current is not None and not is_lifted(note, finding.start, finding.end, kb.term(current), kb):
            state = Assertion(finding.state) if state == Assertion.present else state
            if state == Assertion.absent and is_denied_form(note, _last_word(note, finding), finding.end):
                continue  # "not idiopathic juvenile osteoporosis"
            if state == Assertion.present and _DENIED.search(note, finding.start, finding.end):
                state = Assertion.absent
            quote = note[finding.start : finding.end].lower()
            word = state in (Assertion.present, Assertion.uncertain) and " " not in quote
            told_apart = _names_no_finding(quote) or conflict(quote, kb.term_names[kb.term(current)])
            if finding.sureness >= (ADDED_WORD if word else ADDED) and not told_apart:
                places.append(_Place(kb.term(current), finding.start, finding.end, state, None, "encoder"))
    return places


def _names_no_finding(quote: str) -> bool:
    """Whether words in lower case are a drug, or nothing but organs and sides: "buccal mucosa"."""
    return is_drug(quote) or set(_LETTERS.findall(quote)) <= kind("organ") | kind("side") | kind("grade") | kind(
        "small"
    )


def _last_word(note: str, finding: ReadFinding) -> int:
    """Where the last word of a finding begins."""
    return max(finding.start, note.rfind(" ", finding.start, finding.end) + 1)


def _is_code(note: str, finding: ReadFinding) -> bool:
    """Whether a finding is two or three letters in capitals that are not the first ones of its term: "HD", "Ana"."""
    said = note[finding.start : finding.end]
    if len(said) > _CODE or said.islower() or not finding.term:
        return False
    initials = iter(word[0].upper() for word in re.findall(r"[A-Za-z]+", finding.term.label))
    return not all(letter in initials for letter in said.upper())


def _meant(note: str, finding: ReadFinding) -> str:
    """The term of a finding in its phrase and at its site; empty: none."""
    meant = in_its_phrase(note, finding.start, finding.end, finding.term.hpo_id) if finding.term else ""
    return in_its_place(note, Hit(meant, finding.start, finding.end, "encoder")).hpo_id if meant else ""


def _measured(note: str, finding: ReadFinding) -> bool:
    """Whether a finding is a figure: what is out of range, or small for an age, the rules tell better."""
    if not finding.term or not _FIGURE.search(note[finding.start : finding.end + _BEHIND]):
        return False
    return bool(_LEVEL.search(finding.term.label))


def _of_no_level(note: str, finding: ReadFinding) -> bool:
    """Whether a finding is a level that is high or low, and nothing around says which: "ESR and CRP levels were"."""
    if not finding.term or not _OUT_OF_RANGE.match(finding.term.label):
        return False
    start, end = max(0, finding.start - _BESIDE), finding.end + _BESIDE
    return not _SAID_LEVEL.search(note, start, end)


def _called(note: str, finding: ReadFinding) -> bool:
    """Whether the words are the name of somebody or of a place: in capitals within a sentence, or doing something."""
    if not _NAME.fullmatch(note[finding.start : finding.end]):
        return False
    before = note[: finding.start].rstrip(" ")
    return bool(before and before[-1] not in _BEGINS) or bool(_OF_PERSONS.match(note, finding.end))


def _free(finding: ReadFinding, taken: Sequence[tuple[int, int]]) -> bool:
    return all(finding.end <= start or end <= finding.start for start, end in taken)


def _elsewhere(note: str, place: _Place) -> Elsewhere:
    span = Span(start=place.start, end=place.end)
    return Elsewhere(state=place.assertion.value, quote=note[span.start : span.end], span=span)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _by_model(quoted: Sequence[Finding], names: Names) -> list[StatedFinding]:
    grounded = [(finding, finding.span) for finding in quoted if finding.span and _SAYS.search(finding.quote)]
    if len(grounded) < GROUNDED_SHARE * len(quoted):
        return []
    read: dict[str, StatedFinding] = {}
    for finding, span in grounded:
        if finding.hpo_id:
            read.setdefault(
                finding.hpo_id,
                StatedFinding(
                    hpo_id=finding.hpo_id,
                    term=names.kb.term_name(finding.hpo_id),
                    state="present" if finding.present else "absent",
                    quote=finding.quote,
                    span=span,
                    by="model",
                ),
            )
    return list(read.values())


def _borne_out(note: str, findings: Sequence[StatedFinding], names: Names) -> list[StatedFinding]:
    """Findings of a language model whose quote names them, or where the encoder, sure or not, reads them as well."""
    kb = names.kb
    named = [shares_a_word(finding.quote, kb.term(finding.hpo_id), kb) for finding in findings]
    reader = _reader() if names.by_meaning and not all(named) else None
    read = reader.read(note) if reader else []
    return [
        finding
        for finding, shared in zip(findings, named, strict=True)
        if shared or any(_alike(finding, other, kb) for other in read)
    ]


def _alike(finding: StatedFinding, other: ReadFinding, kb: KnowledgeBase) -> bool:
    """Whether the encoder reads the term, or one above or below it, from words of a quote."""
    current = kb.resolve_term(other.term.hpo_id) if other.term else None
    if current is None or not (finding.span.start < other.end and other.start < finding.span.end):
        return False
    return kb.related(kb.term(finding.hpo_id), kb.term(current))


@lru_cache(maxsize=1)
def _reader() -> FindingReader | None:
    """The shipped encoder's; None where none is shipped."""
    model = shipped()
    return FindingReader(model) if model.is_there else None
