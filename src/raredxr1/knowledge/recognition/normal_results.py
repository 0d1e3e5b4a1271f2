"""What a normal examination or test denies: "hearing normal", "CK, lactate and ammonia normal", "PERRL".

Each word that says normal is gone back from, over the list that it ends, or forward to the list that it begins. What is
denied is as wide as what was examined (`data/recognition/normal_results.tsv`, `statements.tsv`); a test that the tables
do not know is passed over.
"""

from collections.abc import Iterator
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import rows
from raredxr1.knowledge.recognition.analytes import WORD, analyte_at
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.laboratory import other_fluid
from raredxr1.rare_re import Rare, rare

REACH = 220
"""Letters before a word that says normal, in which its list stands."""
LONGEST = 4
"""Words of a member of such a list that no table knows."""
_GENERAL = (
    r"normal|unremarkable|nad|wnl|within normal limits|within (?:the )?normal (?:range|limits)|"
    r"in (?:the )?normal range|satisfactory|fine|no abnormalit(?:y|ies)(?: detected| found| seen)?|"
    r"no concerns|nil of note|nothing abnormal"
)
_N_BEHIND = rare(r"(?<![\w/+-])N(?=\s*(?:[.,;)\n]|$))(?![\w/+])")
_BETWEEN = re.compile(
    r"(?:\s|[:=,–(-]|\b(?:was|were|is|are|all|both|also|have|has|been|being|reported|reportedly|as|entirely|completely|"
    r"clinically|grossly|now|came|back|returned|tested|checked|examined|assessed|done|performed|today|again|results?|"
    r"reviewed|found|to be|be|felt|thought|believed|considered|judged|reckoned|remains?|remained|said|said to be|"
    r"screened|measured|repeatedly|consistently|always|persistently|had|and|it|they|levels?|which)\b)+$",
    re.IGNORECASE,
)
_SPOILT = re.compile(
    r"(?:\b(?:not|never|no longer|near|nearly|almost|low|high|lower|upper|borderline|previously|initially|if|should|"
    r"until|once|may|might|would|expected(?: to)?|likely to|hoped to|than|abnormal|from|to(?! be\b))|"
    r"n['’]t)(?:\s+(?:be|was|were|is|are|been|quite|entirely|completely))?\s*$",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"\s*(?:,\s*)?(?:until|up to|before|prior|apart from|except|other than|aside from|but for|to (?:high|low|the)|"
    r"pressure|variant|at (?:birth|first|that time|age|the age|\d)|in (?:early )?infancy|initially|for the first|"
    r"limits? of|or near|-(?=\w))",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:\w+['’]s|his|her|their|the|a|an|both|repeat|plasma|serum|blood|recent|latest|previous|routine|baseline|initial|"
    r"and|or|but|with|had|has|have|showed|shows|including|eg|such as|formal|general|bilateral|on examination|"
    r"left|right|resting|standard|distal|proximal|muscle)\s+)+",
    re.IGNORECASE,
)
_STARTS = re.compile(r"[-–.;!?•\n](?:(?<=[.;!?•])(?=\s|$)|(?<=[-–])(?<!\S[-–])(?=\s)|(?<=\n)(?=\s*[^\sa-z(]))")
"""What a list does not reach over; a line that begins with a small letter was wrapped."""
_SPLIT = re.compile(r"\s*(?:,|/|&|\+|;|\band\b|\bor\b)\s*", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:had|has|have|showed|shows|revealed|was|were|is|are|with|but|not|no|raised|elevated|high|low|reduced|abnormal|"
    r"positive|increased|decreased|absent|except|although|however|while|though|because|when|walks|sits)\b|\d",
    re.IGNORECASE,
)
_BEHIND_NAME = re.compile(
    r"\s*(?:$|[.,;:!)\]\n/&|]|(?:and|or|with|on|at|for|in|but|by|were|was|is|are|to|without|throughout|bilaterally|today|"
    r"except|so|since|which|though|although|as|both|after|during|from|now|again|[(–-])(?!\w))",
    re.IGNORECASE,
)
_FLUID_FIRST = re.compile(
    r"(?:^|(?<=[.;:\n] )|(?<=\n)|(?<=[.;:\n]))\s*(?:his |her |the |a |random |spot |24[- ]?h(?:our)? )?"
    r"(?P<fluid>urine|urinary|CSF|stool)"
    r"(?=\s+(?!dip|culture|micro|output|test|infection|and\b)[^\W\d_])",
    re.IGNORECASE,
)
"""A list of tests that begins with its fluid, which is that of all: "Urine glucose, amino acids: normal"."""
_OWN_NO = re.compile(r"(?:no|nil|not)\s+", re.IGNORECASE)
_OF_FITS = re.compile(r"[\s-]+(?:generali[sz]ed\s+)?(?:seizure|convulsion|fit|status)", re.IGNORECASE)
"""Behind "afebrile" it says what the seizure was, and nothing of the patient."""
_FORWARD = rare(r"\b(?i:normal|unremarkable|intact)(?:[ \t]+|[ \t]*\n[ \t]*(?=[a-z]))")
_JOIN = re.compile(r"\s*(?:,|/|&|\band\b|\bor\b)\s*(?:and\s+|or\s+)?(?:normal\s+|a\s+normal\s+)?", re.IGNORECASE)


def normals(text: str) -> Iterator[Hit]:
    """Findings that normal results and examinations deny."""
    yield from _statements(text)
    words, figures = _tails()
    told = list(figures.finditer(text))
    spans = [match.span() for match in told]
    said = [match for match in words.finditer(text) if not any(a < match.start() < b for a, b in spans)]
    for match in sorted([*said, *told, *_N_BEHIND.finditer(text)], key=lambda match: match.start()):
        if _BEHIND_NAME.match(text, match.end()) and not _LIMITED.match(text, match.end()):
            yield from _listed_before(text, match.start(), match.end())
    for match in _FORWARD.finditer(text):
        if not _SPOILT.search(text, max(0, match.start() - 24), match.start()):
            yield from _listed_behind(text, match.start(), match.end())


def _statements(text: str) -> Iterator[Hit]:
    plain, written, terms = _phrases()
    for match in plain.finditer(text):
        if _OF_FITS.match(text, match.end()):
            continue
        own = _OWN_NO.match(match[0])  # left outside, so that it denies what follows, too: "no weight loss or sweats"
        start = match.start() + (own.end() if own else 0)
        yield _denied(terms[re.sub(r"[\s-]+", " ", match[0].lower())], start, match.end())
    for match in written.finditer(text):
        yield _denied(terms[match[0]], *match.span())


def _listed_before(text: str, start: int, end: int) -> Iterator[Hit]:
    """The members of a list that ends in a word that says normal."""
    word = re.sub(r"\s+", " ", text[start:end].lower())
    begin = max(0, start - REACH)
    for sign in _STARTS.finditer(text, begin, start):
        begin = sign.end()
    between = _BETWEEN.search(text, begin, start)
    at = between.start() if between else start
    if between is None or _SPOILT.search(text, begin, start) or _SPOILT.search(text, begin, at):
        return
    bounds = [(match.start(), match.end()) for match in _SPLIT.finditer(text, begin, at)]
    last = True
    headed = _FLUID_FIRST.search(text, begin, at)
    fluid = headed["fluid"].lower().replace("urinary", "urine") if headed else ""
    for left, right in zip([begin, *(b for _, b in bounds)][::-1], [*(a for a, _ in bounds), at][::-1], strict=True):
        of_list = fluid if headed and headed.end() <= left else ""
        place = _member(text, left, right, word, of_list)
        if place is None:
            said = text[left:right]
            if said.strip() and (len(said.split()) > LONGEST or _VERB.search(said) or ":" in said):
                return
        else:
            term, first, stop = place
            if term:
                yield _denied(term, first, end if last else stop)
            if first > left and ":" in text[left:first]:
                return
        last = last and not text[left:right].strip()


def _member(text: str, left: int, right: int, word: str, fluid: str) -> tuple[str, int, int] | None:
    """The test or organ that a member of a list names: what it denies (empty: nothing by this word), and its place.

    In the fluid that its list began with, where a test of that is known: "urine glucose, amino acids: normal".
    """
    colon = max(text.rfind(":", left, right), text.rfind("(", left, right))
    begin = colon + 1 if colon >= 0 else left
    if trailing := _BETWEEN.search(text, begin, right):
        right = trailing.start()
    begin += len(text[begin:right]) - len(text[begin:right].lstrip())
    if leading := _LEADING.match(text[begin:right]):
        begin += leading.end()
    found = _named(text[begin:right])
    if own := other_fluid(text, begin):
        if found:  # "24 h urine: oxalate high, calcium normal"
            found = _named(f"{own} {text[begin:right]}") or ("", frozenset())
    elif fluid:
        found = _named(f"{fluid} {text[begin:right]}") or found
    if found is None and (line := text.rfind("\n", begin, right)) >= 0:  # a list of lines, none of them wrapped
        begin = line + 1 + len(text[line + 1 : right]) - len(text[line + 1 : right].lstrip())
        found = _named(text[begin:right])
    if found is None:
        return None
    term, also = found
    return term if word in also or _plain(word) else "", begin, right


def _named(said: str) -> tuple[str, frozenset[str]] | None:
    known = _names().get(" ".join(said.lower().split()))
    if known:
        return known
    first = WORD.match(said)
    analyte = analyte_at(said, first) if first else None
    return (analyte[0].term(0), frozenset()) if analyte and analyte[1] == 0 and analyte[2] == len(said) else None


def _listed_behind(text: str, start: int, at: int) -> Iterator[Hit]:
    """The members of a list that begins with a word that says normal."""
    begin = start
    while True:
        if leading := _LEADING.match(text[at : at + 40]):
            at += leading.end()
        found = _longest(text, at)
        if found is None:
            return
        term, end = found
        yield _denied(term, begin, end)
        join = _JOIN.match(text, end)
        if join is None:
            return
        begin = at = join.end()


def _longest(text: str, at: int) -> tuple[str, int] | None:
    """The longest name at a place that nothing goes on behind."""
    words = [match.end() for match in re.finditer(r"[^\s,.;:()/]+(?:[/&-][^\s,.;:()/]+)*", text[at : at + 60])][:5]
    for length in reversed(words):
        said = text[at : at + length]
        found = _named(said)
        if found and found[0] and _BEHIND_NAME.match(text, at + length):
            return found[0], at + length
    return None


def _denied(term: str, start: int, end: int) -> Hit:
    return Hit(term, start, end, "normal", normal=True)


@cache
def _names() -> dict[str, tuple[str, frozenset[str]]]:
    return {
        name: (term, frozenset(also.split("|")) if also else frozenset())
        for names, term, also in rows("recognition/normal_results")
        for name in names.split("|")
    }


@cache
def _general() -> re.Pattern[str]:
    return re.compile(rf"(?:{_GENERAL}|n)$", re.IGNORECASE)


def _plain(word: str) -> bool:
    """Whether a word says normal of anything."""
    return bool(_general().match(word))


@cache
def _tails() -> tuple[Rare, re.Pattern[str]]:
    """What says normal behind a name: words, and figures."""
    also = sorted(
        {word for _, _, words in rows("recognition/normal_results") for word in words.lower().split("|") if word},
        key=len,
    )
    special, figures = (
        "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in reversed(also) if word[0].isalpha() is in_words)
        for in_words in (True, False)
    )
    return (
        rare(rf"(?<![\w/+-])(?:{_GENERAL}|{special})(?![\w/+])", re.IGNORECASE),
        re.compile(rf"(?<![\w/+-])(?:{figures})(?![\w/+])", re.IGNORECASE),
    )


@cache
def _phrases() -> tuple[Rare, Rare, dict[str, str]]:
    terms = {phrase: term for phrases, term in rows("recognition/statements") for phrase in phrases.split("|")}
    plain = [re.escape(phrase).replace(r"\ ", r"[\s-]+") for phrase in terms if phrase == phrase.lower()]
    written = [re.escape(phrase) for phrase in terms if phrase != phrase.lower()]
    longest = sorted(plain, key=len, reverse=True)
    return (
        rare(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE),
        rare(rf"(?<!\w)(?:{'|'.join(sorted(written, key=len, reverse=True))})(?!\w)"),
        terms,
    )
