"""Headings, and what stands under them: a family history is of relatives, negatives are absent."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.knowledge.assertion.lines import Line
from raredxr1.knowledge.assertion.vocabulary import ABSENT_HEADING, HEADING, PRESENT_HEADING, TELLERS

PATIENT = "patient"
WRITER = "writer"
"""Of who writes: of another person in the letter of a parent, and nothing that a heading says in others."""
ALLERGIES = "allergies"
_DECORATED = re.compile(
    r"^(?:#{1,6}\s*|\*{1,2}|_{1,2}|(?:Q(?:uestion)?\s?)?\d{1,2}[.)]\s+)?(?P<name>[^:*_\n]{1,60}?)\s*\??\s*(?:\*{1,2}|_{1,2})?\s*$"
)
_NUMBERED_QUESTION = re.compile(r"Q(?:uestion)?\s?\d{1,2}[.):]?\s[^\n]{1,100}\?\s*$", re.IGNORECASE)
_LABEL = re.compile(
    r"\s*(?:\*{1,2})?"
    r"(?P<name>(?:[Ff][Aa][Mm]\. )?[^\W\d_][^:.;!?]{0,58}?|\([+-]\)|[+-]ve)"
    r"\s*(?:\*{1,2})?\s*[:：](?:\*{1,2})?(?=\s|$|[^\W\d_(])"
)
_DASHED = re.compile(r"\s*(?P<name>[^\W\d_][^:.;\n!?–—]{0,40}?)\s+[–—-]\s+")
_CAPITALS = re.compile(r"\s*(?P<name>[A-Z]{2,}x?(?: [A-Z]{3,}){0,2}) +(?=[^\s:=–—-])")
"""A heading in capitals with no colon behind it, as in dictated and scanned notes: "PLAN  repeat the array"."""
_GOES_ON = re.compile(
    r"(?:(?:maternal|paternal|mat|pat|half|older|elder|younger|twin|his|her|one|two|three|both)[ .-]+)*"
    r"(?:mother|father|mum|mom|dad|parents?|brothers?|sisters?|sibs?|siblings?|aunts?|uncles?|cousins?|gran|"
    r"grandm\w+|grandf\w+|grandparents?|[mp]g[mf]|sons?|daughters?|wife|husband|consanguin\w+|nobody)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"[A-Z](?:\.|[a-z]+) (?:was born|walked|sat|has had|was delivered|weighed|presented|first)\b", re.IGNORECASE
)
"""A patient by name, of whom a paragraph below a pedigree begins to tell: "J. was born at term"."""
_DENIED = re.compile(r"(?:no|nil|none)\b", re.IGNORECASE)
_PEDIGREE = re.compile(r"^[ivx]{1,4}[-–.: ]?\d{1,2}[a-z]?[,:]? +")
_AGED = re.compile(r",? \(?(?:aged? )?\d{1,3}(?: ?(?:y|yrs?|years|m|months))?\)?$")
_CLOSED = re.compile(
    r"\s*(?:nil|none|nothing|unremarkable|negative|not? (?:known|contributory|relevant|significant)|"
    r"non-?\s?contributory|nad|n/a|no\b[^.\n]{0,40}|unknown|normal|not (?:known|available|obtained|taken)|"
    r"healthy)\s*(?:[.;,]|$)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\s*(?:[\"“]|(?:says?|said|reports?|thinks|thought|notice[sd]?|not(?: been)? (?:sleep|slept|eat)\w*|feels|worried|"
    r"describes?|finds|convinced|sure)\b)",
    re.IGNORECASE,
)
"""What begins the words of who is quoted or reports."""
_HAS_NOT = re.compile(
    r"\b(?:do|does|did|has|have|had|am|is) not (?:have|had|got|get|suffer|been|affected)\b|"
    r"\b(?:don|doesn|didn|hasn|haven|hadn)['’]t (?:have|had|got|get|suffer)\b|\bnever had\b",
    re.IGNORECASE,
)
"""In the head of a list that denies it: "Things I do not have, because people ask: dry eyes, ulcers"."""
_FAMILIAL = re.compile(
    r"(?:relevant|positive|known|significant) (?:fh|fhx|f/h)|"
    r"(?:[\w-]+ ){0,2}(?:family|familial|hereditary|relatives['’]?)(?: [\w-]+){0,1} "
    r"(?:history|histories|antecedents|illness(?:es)?|diseases?|disorders?|conditions?|background|health|details|notes|"
    r"anamnesis)|"
    r"[\w -]{3,30} (?:in|of|among) (?:the |his |her |their )?(?:wider |extended |immediate )?"
    r"(?:family|relatives|siblings|parents)",
    re.IGNORECASE,
)
"""A heading of relatives that the table does not list: "Relevant family medical history"."""
_OWN = re.compile(
    r"(?:(?:current|present|presenting|main|chief|active|own|personal|clinical|physical|neurological|general|past|previous|key|"
    r"medical|other|today's|the|patient|patient's|proband's) ){1,3}"
    r"(?:symptoms?|complaints?|problems?|findings?|signs?|status|examination|history|illness(?:es)?|features?|exam|"
    r"conditions?|presentation|anamnesis)(?: (?:in|of) (?:the |our )?(?:patient|proband|index case))?",
    re.IGNORECASE,
)
"""A heading of the patient's that the table does not list: "Patient's own illnesses"."""
_LIST_LINE = 75
"""Letters of a line of a list; a longer one that ends in a full stop is a sentence."""
_SOAP = ("s)", "o)")
"""Heads of what is told and of what is found, which end a family history above them."""
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,5}>", re.IGNORECASE)
"""Of a page that was copied with its signs: "<b>Family history</b>"."""
_SHORT = 6
"""Words of a heading on a line of its own that no table knows."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says of what stands under it.

    Attributes:
        state: absent, present, other, hypothetical, uncertain; `patient`: nothing.
        start: where the text behind it begins.
        closed: that text says that there is nothing ("Family history: nil"), so that it owns nothing more.
    """

    state: str
    start: int
    closed: bool = False
    person: bool = False
    """A relative by name, whose text on the line is one sentence."""
    teller: bool = False
    """A relative who is quoted or reports, of the patient outside a family history: 'Mum: "always hungry"'."""


@dataclass(slots=True)
class Owner:
    """The heading that owns the lines below it, until another."""

    state: str
    bulleted: bool | None = None
    indent: int = 0
    inline: bool = False
    lines: int = 0
    deeper: bool | None = None
    """Whether the list under it is indented further, so that it ends where that ends."""
    family: bool = False
    """A family history, and not one relative."""
    listed: bool = True
    """Whether all lines under it so far are those of a list, or rows."""


def _labelled(text: str, start: int, end: int) -> re.Match[str] | None:
    """What stands before a colon, or a dash between blanks, at the head of a stretch."""
    colon = text.find(":", start, end) >= 0 or text.find("：", start, end) >= 0
    if colon and (match := _LABEL.match(text, start, end)):
        return match
    dashed = any(text.find(dash, start, end) >= 0 for dash in "-–—")
    return _DASHED.match(text, start, end) if dashed else None


def inline_heading(text: str, start: int, end: int) -> Heading | None:
    """A heading of the table at the head of a line or sentence, with its colon."""
    match = _labelled(text, start, end)
    if match and match[0].rstrip()[-1] in ":：" and (answered := _of_words(match["name"])):
        return Heading(answered, match.end())
    if match is None or known(match["name"]) is None:
        return _in_capitals(text, start, end) or _abbreviated(text, start, end) or _examined(text, start, end)
    state = known(match["name"])
    if state is None:
        return None
    if _headings().get(_plain(match["name"])) == ALLERGIES:  # its own words tell that what follows is what a drug did
        closed = bool(_CLOSED.match(text, match.end(), end))
        return Heading(PATIENT, match.end() if closed else match.start("name"), closed)
    dashed = text[match.end() - 2 : match.end()].strip() in ("-", "–", "—")
    if dashed and state == PATIENT:
        return None
    person = _is_person(match["name"])
    tells = _TELLS.match(text, match.end(), end) if person and _plain(match["name"]) in TELLERS else None
    teller = tells is not None and not (tells[0][-1] in '"“' and text[:start].endswith("\n"))  # a line of its own
    return Heading(state, match.end(), bool(_CLOSED.match(text, match.end(), end)), person, teller)


_EXAMINED = re.compile(r"\s*(?:O/E|On (?:general |physical |clinical |neurological )?examination|Exam)\b\s*(?=[^:\s])")


def _examined(text: str, start: int, end: int) -> Heading | None:
    """An examination without a colon, which ends a family history: "FH: epilepsy. O/E ataxia"."""
    return Heading(PATIENT, start) if _EXAMINED.match(text, start, end) else None


_ABBREVIATED = re.compile(r"[ \t]*(?P<name>o/e|pmhx?|dhx?|fhx?|shx|hpc|pc|ix|imp)[ \t]+(?=[^\s:=–-])", re.IGNORECASE)


def _abbreviated(text: str, start: int, end: int) -> Heading | None:
    """A heading of ward notes at the head of a line, in small letters and without a colon: "fh nil", "o/e rr 28"."""
    match = _ABBREVIATED.match(text, start, end) if start == 0 or text[start - 1] == "\n" else None
    state = _headings().get(match["name"].lower()) if match else None
    return Heading(state, match.end(), bool(_CLOSED.match(text, match.end(), end))) if match and state else None


def _in_capitals(text: str, start: int, end: int) -> Heading | None:
    """A heading at the head of a line that only its capitals tell: of relatives, of plans, or what ends those."""
    match = _CAPITALS.match(text, start, end) if start == 0 or text[start - 1] == "\n" else None
    if match is None or text[match.end() : end].isupper():
        return None
    state = _headings().get(_plain(match["name"]))
    if state not in ("other", "hypothetical", PATIENT) or match["name"] in ("FOR", "REQUEST", "MAT", "PAT"):
        return None
    return Heading(state, match.end(), bool(_CLOSED.match(text, match.end(), end)))


def heading_line(text: str, line: Line, findings: bool, *, lists: bool = False) -> Heading | None:
    """A line that is a heading and nothing else.

    Args:
        text: the note.
        line: the line.
        findings: whether a finding stands in it, which an unknown heading has none of.
        lists: whether the next line is one of a list.
    """
    said = _TAG.sub("", text[line.start : line.end])
    if line.end - line.start > 70 or "\t" in said or "|" in said:
        return None
    colon = said.rstrip("*_ ").endswith((":", "：", ":-"))
    match = _DECORATED.match(said.rstrip("*_ ").rstrip(":：- ") if colon else said)
    if match is None:
        return None
    state = known(match["name"]) or (
        _of_words(match["name"]) if not findings and (colon or (lists and _is_head(said))) else None
    )
    if findings and not colon and (state == PATIENT or said.endswith(")")):
        state = None  # "Seizures (no)" answers, and heads nothing
    if state and (colon or _shaped(said) or state != PATIENT):
        return Heading(state, line.end)
    if state is None and _NUMBERED_QUESTION.match(said):  # of a form: it ends what the question before it owned
        return Heading(PATIENT, line.end)
    unknown = colon or (said[:1] == "#") or said[:2] == "**" or (said.isupper() and len(said) > 3 and not line.bullet)
    if unknown and not findings and len(said.split()) <= _SHORT and not said.endswith((".", ",")):
        return Heading(PATIENT, line.end)
    return None


def is_heading(said: str) -> bool:
    """Whether a line of this text alone is a heading of the table that begins a block, with a colon or without."""
    plain = _TAG.sub("", said).rstrip(":：*_ ")
    return len(plain) < _LIST_LINE and _shaped(said) and (plain != said or len(plain) > _LEAST) and _begins(plain)


_LEAST = 6
"""Letters of a heading without a colon that no line goes on with; shorter ones may be words of a sentence."""


def _begins(plain: str) -> bool:
    return known(plain) is not None and not plain.lower().startswith(("no ", "not "))


def _shaped(said: str) -> bool:
    return said[:1].isupper() or said[:1] in "#*_" or said[:1].isdigit()


def next_owner(owner: Owner | None, line: Line, heading: Heading | None, text: str) -> Owner | None:
    """Who owns a line: the heading on it, or the one above unless its list has ended."""
    within = owner is not None and owner.family and not line.after_blank and (not owner.inline or bool(line.bullet))
    if heading is not None and not (within and (heading.person or heading.state == "absent")):
        if heading.state == PATIENT or heading.closed:
            return None
        rest = text[heading.start : line.end].strip()
        return Owner(heading.state, None, line.indent, bool(rest), int(bool(rest)), family=_of_family(heading))
    if owner is None or line.bullet.lower() in _SOAP:
        return None
    bulleted = bool(line.bullet)
    deeper = line.indent > owner.indent
    if owner.inline and not bulleted and not deeper and not _of_relatives(owner, line, text):
        return None
    if (owner.bulleted or owner.deeper) and not bulleted and not deeper:
        return None
    apart = line.after_blank and owner.lines and not bulleted and not deeper
    if apart and (owner.state in ("absent", "present", "uncertain") or _OF_PATIENT.match(text, line.start)):
        return None
    if apart and owner.family and _NAMED.match(text, line.start) and not _GOES_ON.match(text, line.start):
        return None
    sentence = line.end - line.start > _LIST_LINE and text[line.end - 1] in ".!?"
    if apart and owner.family and owner.listed and sentence:  # prose behind a pedigree
        return None
    owner.listed = owner.listed and not sentence
    if owner.bulleted is None:
        owner.bulleted = bulleted
        owner.deeper = deeper
    owner.lines += 1
    return owner


def _of_relatives(owner: Owner, line: Line, text: str) -> bool:
    """Whether a line below "FH: parents well" goes on with relatives, or denies something behind lines that do."""
    if not owner.family or line.after_blank:
        return False
    return bool(_GOES_ON.match(text, line.start) or (owner.lines > 1 and _DENIED.match(text, line.start)))


def _of_family(heading: Heading) -> bool:
    return heading.state == "other" and not heading.person


_OF_PATIENT = re.compile(
    r"(?:he|she|the patient|on (?:general |clinical |physical )?examination|examination|i (?:saw|examined|reviewed)|"
    r"the (?:boy|girl|child|baby|infant)|(?:we|i) (?:have )?(?:discussed|talked|explained|agreed|advised|told|"
    r"arranged|asked|suggest|think|plan|propose|recommend|would|am|sent|requested|reviewed))\b",
    re.IGNORECASE,
)


def known(name: str) -> str | None:
    """The state of a heading of the table; None: it is in no table."""
    plain = _without_name(_AGED.sub("", _PEDIGREE.sub("", _plain(name))))
    state = _headings().get(plain)
    if state in (None, PATIENT) and plain.endswith(")"):  # "Features (absent)"
        before, _, inside = plain[:-1].rpartition("(")
        head, informant = _headings().get(before.strip()), _headings().get(inside.strip())
        state = (
            head if head in (PATIENT, None) and informant == "relative" else informant or head
        )  # "Background (mother)"
    if (
        state is None
        and _headings().get((_OF_RELATIVE.match(plain) or [""])[0].split("'")[0].split(" ")[0]) == "relative"
    ):
        state = "relative"  # "Mother on examination:"
    if state is None and _FAMILIAL.fullmatch(plain):
        state = "other"
    if state is None and _OWN.fullmatch(plain):
        state = PATIENT
    return {"relative": "other", ALLERGIES: "hypothetical"}.get(state or "", state)


_OF_RELATIVE = re.compile(
    r"[a-z-]+(?:'s)?(?: (?:on|examination|exam|examined|history|medical|health|side|aged?|"
    r"years?|yrs?|\(?\d{1,3}\)?|also|too))+$"
)


def _is_head(said: str) -> bool:
    """Whether a line without a colon may head a list, and is no sentence: "Findings ruled out", not "No fever."."""
    return said[-1:].isalpha() and said[:1].isupper() and not re.match(r"(?:no|not|nil|none|nothing)\b", said, re.I)


def _of_words(name: str) -> str | None:
    """What the head of a list says of it in words of its own: "The following were absent", "HPO terms excluded".

    None where it has words beside those, which may be what is denied.
    """
    if _HAS_NOT.search(name):
        return "absent"
    said = set(re.findall(r"[a-z]+", _plain(name)))
    if not said or not said <= HEADING | ABSENT_HEADING | PRESENT_HEADING:
        return None
    if said & ABSENT_HEADING:
        return "absent"
    return "present" if said & PRESENT_HEADING and said & HEADING else None


def _is_person(name: str) -> bool:
    return _headings().get(_without_name(_AGED.sub("", _PEDIGREE.sub("", _plain(name))))) == "relative"


def _without_name(plain: str) -> str:
    """A relative without the name: "mum" of "mum, saskia"."""
    relative, comma, called = plain.partition(", ")
    named = bool(comma) and called.isalpha() and _headings().get(relative) == "relative"
    return relative if named else plain


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("’", "'").split())


@cache
def _headings() -> dict[str, str]:
    return {name: row["state"] for row in table("assertion/headings") for name in row["heading"].split("|")}


def all_capitals(text: str, lines: Sequence[Line]) -> bool:
    """Whether a note is written in capitals, so that they make no heading."""
    return not any(text[line.start : line.end] != text[line.start : line.end].upper() for line in lines)
