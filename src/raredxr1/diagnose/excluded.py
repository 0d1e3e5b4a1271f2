"""Diseases that the note itself excludes: "Wilson disease was ruled out", "no mutation in FBN1".

They fall behind all others, and the answer says so: a clinician who wrote that a disease is excluded is not
told to think of it. Only the diseases that were named by a ranking are looked for, by every name the knowledge base
has, and by those of what they are a kind of; a gene counts where it is the only one of the disease.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.diagnose.names import Names
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import Assertion, assertions
from raredxr1.knowledge.linking import Linker

_NEOPLASM = "HP:0002664"
LEAST = 1e-9
"""Probability of an excluded disease."""
_WIDEST = 200
"""Diseases under a group at most, that its kinds are excluded with it: "leukaemia", and not "genetic disease"."""
_WORD = re.compile(r"[^\W_]+(?:['’]s\b)?")
_DENIES = re.compile(
    r"\b(?:exclud|ruled out|rules? out|negative|neg\b|normal|no\b|not\b|without|absent|absence|none\b|"
    r"denie|unaffected|aside\b|superseded|discounted|dismissed|discarded|rejected|refuted)|"
    r"\d[^\d\n()]{0,30}\([^\d\n()]{0,25}\d",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"(?:\s+(?:gene|genetic|dna|molecular|antibody|test(?:s|ing|ed)?|screen(?:s|ing|ed)?|panel|pcr|analysis|studies|study|"
    r"premutation|methylation|sequencing|serology|microarray|mlpa|fish)\b){0,4}"
    r"\s*(?:is|was|were|has been|have been|came back|:|-|–|=)?"
    r"\s*(?:negative|neg\b|normal|excluded)",
    re.IGNORECASE,
)
_TEST_FOR = re.compile(
    r"\b(?:test\w*|screen\w*|sequencing|analysis|pcr|panel|blood ?spots?|enzymes?|enzymology|assays?|studies|DBS)\s+"
    r"(?:for|of)\s+[^.;\n]{0,80}$",
    re.IGNORECASE,
)
_SCREENED = re.compile(
    r"(?<=itis)(?: [A-E](?:(?:,|/| and| or) ?[A-E])*)?\s+"
    r"(?:screen\w*|serolog\w*|surface|markers?|panel|antibod\w*|antigens?|pcr|virus\w*)\b",
    re.IGNORECASE,
)
"""A search for germs: "hepatitis screen negative" says nothing of other inflammations."""
_WORD_BEFORE = re.compile(r"\b[^\W_]+[ -]$")
_WORD_BEHIND = re.compile(r" [^\W_]+\b")
_NEGATIVE = re.compile(r"[^.;\n]{0,60}?\b(?:negative|normal)\b", re.IGNORECASE)
_FORM = re.compile(r",? (?:type )?(?:\d+|[IVX]+)[A-Za-z]?$")
"""What tells forms of a disease apart at the end of its name."""
_TYPES = frozenset(("syndrome", "disease", "disorder", "deficiency"))
_BEFORE_GENE = re.compile(
    r"\bno (?:\w+ ){0,3}(?:mutations?|variants?|deletions?|changes?|expansions?|abnormalit(?:y|ies))"
    r"(?: (?:was|were) \w+)? (?:in|of|on|within) (?:the )?(?:(?:genes? )?[A-Z][\w-]*(?:,| and| or|/)\s?){0,8}$",
    re.IGNORECASE,
)
_BEHIND_GENE = re.compile(
    r"(?:(?:\s?,|\s?/| and| or|\s?&)\s?[A-Z][\w-]*){0,8}(?:\s(?:gene|genes|sequencing|testing|analysis|test|tests|"
    r"mutation|screen|screening|panel|results?|is|was|were|are|has been|have been|came back|both|all|"
    r"methylation|deletion|duplication|mlpa|and|expansion|repeat|on exome|on genome|panel|(?:from|in|on|of) (?:blood|"
    r"saliva|leucocyte|leukocyte|lymphocyte|fibroblast)s?(?: dna)?)){0,6}"
    r"\s*[:=–-]?\s*(?:negative\b|neg\b|-ve\b|"
    r"normal\b|not (?:found|detected|mutated|expanded)|excluded|"
    r"no (?:pathogenic |disease-causing )?(?:mutation|variant))",
    re.IGNORECASE,
)
_WORKS = re.compile(
    r"(?:\s+(?:enzyme|activity|activities|level|levels|assay|in|leucocytes?|leukocytes?|plasma|white|cells?|fibroblasts?|"
    r"dried|blood|spot|spots)\b){0,6}\s*[,:=–-]?\s*(?:[\d.]+\s*[^\s,;.]{0,14}\s*[,(]?\s*)?"
    r"(?:is|was|were|are|came back)?\s*(?:entirely |also |both |all )?"
    r"(?:normal\b|within (?:normal|the normal|the reference)|not (?:reduced|deficient|low))",
    re.IGNORECASE,
)
_IN_RANGE = re.compile(
    r"(?:\s+(?:enzyme|activity|level))?\s*[:=]?\s*(?P<value>\d+(?:\.\d+)?)\s*[^\d\n;]{0,30}?"
    r"[(\[][^\d\n()]{0,25}(?P<low>\d+(?:\.\d+)?)\s*[-–]\s*(?P<high>\d+(?:\.\d+)?)"
)
"""A figure and its range: "1.4 nmol/h/mg (0.9-3.1)"."""
_NORMAL_WORK = re.compile(
    r"\bnormal (?:activity of |levels? of |leucocyte |leukocyte |plasma |white cell )?$", re.IGNORECASE
)
_LOW = re.compile(r"[^.;\n]{0,30}\b(?:low|reduced|deficient|absent|undetectable)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Excluded:
    """A disease that the note excludes.

    Attributes:
        key: the disease, as `Names.key` has it.
        name: as it is shown.
        quote: the words of the note.
        as_kind: whether the note names what it is a kind of, and not the disease itself.
        named: what the note calls it; of a disease that is excluded by its gene, the gene.
        by_gene: whether it is excluded by its gene.
    """

    key: str
    name: str
    quote: str
    as_kind: bool = False
    named: str = ""
    by_gene: bool = False


def excluded_diseases(note: str, keys: Iterable[str], names: Names) -> list[Excluded]:
    """Which of some diseases a note excludes.

    Args:
        note: the text.
        keys: diseases, as `Names.key` has them; those that the knowledge base does not know are passed over.
        names: the knowledge base and its linker.
    """
    if not _DENIES.search(note):
        return []
    folded = _Folded(note)
    found = []
    for key in keys:
        disease = names.kb.disease(key)
        if disease is None:
            continue
        own = _named(note, folded, _names_of(names.linker, disease), names)
        gene = None if own else _by_gene(note, genes := names.kb.genes(disease)) or _by_enzyme(note, genes)
        above = (_named(note, folded, known, names, as_kind=True) for known in _names_above(disease, names))
        if place := own or gene or next(filter(None, above), None):
            quote = " ".join(note[slice(*_sentence(note, *place))].split())
            as_kind, by_gene = place not in (own, gene), gene is not None
            name, named = names.kb.disease_names[disease], note[slice(*place)]
            found.append(Excluded(key, name, quote, as_kind, named, by_gene))
    return found


def exclusion_notice(excluded: Sequence[Excluded]) -> str:
    """What the answer says of them: a line of its own for what each passage of the note excludes; empty: nothing.

    Diseases that the note names by the same words are one name, with how many forms of it were put behind.
    """
    by_words: dict[str, list[Excluded]] = {}
    for one in excluded:
        by_words.setdefault(_key(one.named or one.name), []).append(one)
    by_name: dict[str, list[Excluded]] = {}
    for same in by_words.values():
        by_name.setdefault(_called(same).casefold(), []).extend(same)
    by_quotes: dict[tuple[str, ...], list[str]] = {}
    for same in by_name.values():
        quotes = tuple(dict.fromkeys(one.quote for one in same))
        by_quotes.setdefault(quotes, []).append(_together(same))
    lines = [f"{'; '.join(names)}: {', '.join(f'“{one}”' for one in quotes)}" for quotes, names in by_quotes.items()]
    return "\n".join(["Put behind all others, because the note excludes them:", *lines]) if lines else ""


def _key(named: str) -> str:
    words = [_fold(match[0]) for match in _WORD.finditer(named)]
    return " ".join(words[:-1] if len(words) > 1 and words[-1] in _TYPES else words)


def _called(same: Sequence[Excluded]) -> str:
    """One name for diseases that the note names by the same words: that of the disease itself, else the note's."""
    own = sorted((one.name for one in same if not one.as_kind), key=len)
    name = _FORM.sub("", own[0]) if own else same[0].named
    return name[:1].upper() + name[1:]


def _together(same: Sequence[Excluded]) -> str:
    """Such diseases in words: "Prader-Willi syndrome (3 forms)", "Marfan syndrome and 2 other diseases of FBN1"."""
    if len(same) == 1:
        return f"{same[0].name}, a kind of what is excluded" if same[0].as_kind else same[0].name
    name, gene = _called(same), same[0].named
    if len({_FORM.sub("", one.name).casefold() for one in same}) > 1 and all(one.by_gene for one in same):
        return f"{name} and {len(same) - 1} other disease{'s' if len(same) > 2 else ''} of {gene}"
    return f"{name} ({len(same)} forms)"


class _Folded:
    """A note as words in lower case, one blank between, with the place of each."""

    def __init__(self, note: str) -> None:
        self.places = [match.span() for match in _WORD.finditer(note)]
        folded = [_fold(note[a:b]) for a, b in self.places]
        self.text = " " + " ".join(folded) + " "
        self._at = [0]
        for word in folded:
            self._at.append(self._at[-1] + len(word) + 1)
        self._number = {start: number for number, start in enumerate(self._at)}

    def find(self, name: str) -> list[tuple[int, int]]:
        """The places of the note that have a name."""
        found, at, count = [], self.text.find(f" {name} "), len(name.split())
        while at >= 0:
            first = self._number[at]
            found.append((self.places[first][0], self.places[first + count - 1][1]))
            at = self.text.find(f" {name} ", at + 1)
        return found


def _fold(word: str) -> str:
    word = word.lower().replace("’", "'")
    return word.removesuffix("'s").replace("aemia", "emia").replace("oedema", "edema").replace("haem", "hem")


@lru_cache(maxsize=4096)
def _names_of(linker: Linker, disease: int) -> frozenset[str]:
    """The names of a disease, folded; those of one short word that could be something else are left out.

    Only of the diseases that are asked for: to fold those of all took two seconds before the first answer.
    """
    return frozenset(name for name in map(_folded_name, linker.names_of(disease)) if len(name) > 3)


def _folded_name(name: str) -> str:
    return " ".join(_fold(match[0]) for match in _WORD.finditer(name))


def _names_above(disease: int, names: Names) -> list[frozenset[str]]:
    """The names of what a disease is a kind of: who excludes cystinosis excludes nephropathic cystinosis."""
    kb = names.kb
    above = {entry for own in kb.disease_ids(disease) for entry in kb.hierarchy.ancestors(own)}
    found = []
    for entry in sorted(above):
        if kb.hierarchy.is_wider(entry, _WIDEST):
            continue
        number = kb.disease(entry)
        if number is not None and number != disease:
            if not _is_finding(kb.disease_names[number], names):
                known = _names_of(names.linker, number)
                found.append(frozenset(name for name in known if not _is_finding(name, names)))
        elif name := kb.hierarchy.groups.get(entry):
            found.append(frozenset((_folded_name(name),)))
    return found


@lru_cache(maxsize=4)
def _labels(kb: KnowledgeBase) -> frozenset[str]:
    """The labels of terms: to look for what other names may be slips of takes long."""
    return frozenset("\n".join(kb.term_names).casefold().split("\n"))


def _is_finding(name: str, names: Names) -> bool:
    """Whether a name is that of a finding: who denies proteinuria excludes no disease that has it. Tumours are none."""
    term = names.linker.term(name) if name.casefold() in _labels(names.kb) else None
    if term is None or term.label.casefold() != name.casefold():
        return False
    return names.kb.term(_NEOPLASM) not in names.kb.term_ancestors[names.kb.term(term.id)]


def _named(
    note: str, folded: _Folded, known: frozenset[str], names: Names, as_kind: bool = False
) -> tuple[int, int] | None:
    """Where a disease is excluded by one of its names; None: nowhere, or a later place says that it is there.

    A name within that of another disease is none: who excludes hepatitis B does not exclude hepatitis. A test by the
    first words of a name excludes that disease, and no kind of it: normal complement excludes no uremic syndrome.
    """
    places = {place for name in known for place in folded.find(name)}
    places = {
        place for place in places if not _SCREENED.match(note, place[1]) and not _within_another(note, place, names)
    }
    typed = {name.rpartition(" ")[::2] for name in known if not as_kind}
    short = {first for first, last in typed if first and last in _TYPES}
    tested = [place for name in short if len(name) > 3 for place in folded.find(name) if _TESTED.match(note, place[1])]
    named = places | {place for name in short if len(name) > 3 for place in folded.find(name)}
    tested += [(a, b) for a, b in named if _TEST_FOR.search(note, max(0, a - 110), a) and _NEGATIVE.match(note, b)]
    ordered = sorted(places)
    said = list(zip([a for a, _ in ordered], [b for _, b in ordered], assertions(note, ordered), strict=True))
    absent = [(a, b) for a, b, state in said if state is Assertion.absent] + tested
    if not absent:
        return None
    last = max(absent)
    if any(a > last[0] and state is Assertion.present for a, _, state in said):
        return None
    return last


def _within_another(note: str, place: tuple[int, int], names: Names) -> bool:
    """Whether words are part of the name of another disease, one more word before or behind them."""
    before = _WORD_BEFORE.search(note, max(0, place[0] - 30), place[0])
    behind = _WORD_BEHIND.match(note, place[1])
    longer = [note[before.start() : place[1]]] if before else []
    longer += [note[place[0] : behind.end()]] if behind else []
    own = names.disease(note[slice(*place)])
    found = [names.disease(one) for one in longer]
    return any(one and one.rule != "fuzzy" and (own is None or one.id != own.id) for one in found)


def _by_gene(note: str, genes: list[str]) -> tuple[int, int] | None:
    """Where the note says that the only gene of a disease is normal."""
    if len(genes) != 1:
        return None
    for match in re.finditer(rf"(?<![\w-]){re.escape(genes[0])}(?![\w-])", note):
        before = _BEFORE_GENE.search(note, max(0, match.start() - 120), match.start())
        if before or _BEHIND_GENE.match(note, match.end()):
            return match.span()
    return None


def _by_enzyme(note: str, genes: list[str]) -> tuple[int, int] | None:
    """Where the note says that the enzyme of the only gene of a disease works as it should."""
    pattern = _enzymes().get(genes[0]) if len(genes) == 1 else None
    for match in pattern.finditer(note) if pattern else ():
        figure = _IN_RANGE.match(note, match.end())
        if figure:
            low, value, high = (float(figure[name]) for name in ("low", "value", "high"))
            if low <= value <= high:
                return match.span()
            continue
        if _WORKS.match(note, match.end()) or (
            _NORMAL_WORK.search(note, max(0, match.start() - 40), match.start()) and not _LOW.match(note, match.end())
        ):
            return match.span()
    return None


@cache
def _enzymes() -> dict[str, re.Pattern[str]]:
    """Names of the enzyme of each gene that the table has."""
    return {
        row["gene"]: re.compile(rf"(?<![\w-])(?:{row['names']})(?![\w-])", re.IGNORECASE) for row in table("enzymes")
    }


def _sentence(note: str, start: int, end: int) -> tuple[int, int]:
    """The clause around a place, at most some 80 letters on each side."""
    before = max(note.rfind(sign, max(0, start - 80), start) for sign in (". ", "; ", "\n", ": "))
    stops = [at for sign in (". ", "; ", "\n", ".\n") if (at := note.find(sign, end, end + 80)) >= 0]
    first = before + 1 if before >= 0 else max(0, start - 40)
    last = min(stops) if stops else min(len(note), end + 40)
    while before < 0 and first and note[first - 1].isalnum() and note[first].isalnum():
        first -= 1
    while not stops and last < len(note) and note[last - 1].isalnum() and note[last].isalnum():
        last += 1
    return first, last
