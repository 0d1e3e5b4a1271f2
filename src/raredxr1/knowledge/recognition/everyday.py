"""Everyday wordings as names: the tables that synthetic notes are written from (`data/speech/*.txt`), read for reading.

Of "<has|had> [no|hardly any] teeth" every choice is a wording. Left out are denials, what has a number drawn in it,
clauses of more words than a name may have, and single words: a family's "fits" and "absences" are other words too.
"""

from collections.abc import Callable, Iterator
from itertools import product

from raredxr1 import lazy_re as re
from raredxr1.data import lines
from raredxr1.knowledge.recognition.words import forms, kind

TABLES = ("development", "nervous", "face", "body", "organs")
_MARKED = re.compile(r"^[nvcNVC] ")
_NUMBER = re.compile(r"\{[^}]*\d|[↑↓+]")
_SLOT = re.compile(r"\{[^}]*\}")
_ROUND, _SQUARE = re.compile(r"\(([^()]*)\)"), re.compile(r"[\[<]([^\[\]<>]*)[\]>]")


def wordings(wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """HPO id and wording of the ids that are wanted, each wording at least two words of content."""
    barred = kind("vague")
    for table in TABLES:
        hpo_id = ""
        for line in lines(f"speech/{table}.txt"):
            if line.startswith("HP:"):
                hpo_id = line.partition(" ")[0]
            elif _MARKED.match(line) and wanted(hpo_id):
                for said in line[2:].split(";"):
                    template = said.partition("#")[0]
                    for wording in () if _NUMBER.search(template) else choices(_SLOT.sub("", template), _SQUARE):
                        parts = [form for word in wording.lower().split() for form in forms(word)]
                        if len(parts) > 1 and not all(form.lemma in barred for form in parts):
                            yield hpo_id, wording


def choices(wording: str, marked: re.Pattern[str] = _ROUND) -> Iterator[str]:
    """Every reading of a wording: "(low|poor) tone" is "low tone" and "poor tone"; an empty choice leaves it out."""
    parts = marked.split(wording)
    for chosen in product(*(part.split("|") if i % 2 else (part,) for i, part in enumerate(parts))):
        yield " ".join("".join(chosen).split())
