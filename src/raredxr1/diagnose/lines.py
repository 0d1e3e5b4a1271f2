"""The ranking as it is shown: members of one family on one line, which opens.

Numbered subtypes ("type 2", "type 4A"), forms of one disease ("juvenile form", "bilateral"), subtypes by the hierarchy
(Wolman disease under lysosomal acid lipase deficiency) and twins that catalogues keep apart cannot be told apart from a
note, or not yet; ten lines of them would hide the other diseases. Lines stand in the order of their confidence, which
is that of their members together; without confidences a line stands where its best member stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1 import lazy_re as re
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import Line, Member
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge import names as spelling
from raredxr1.knowledge.families import member, subtypes
from raredxr1.schemas import MAX_CANDIDATES, Candidate

_FORM = re.compile(r",\s+(?:[\w/-]+(?: [\w/-]+)? form|(?:uni|bi)lateral)$", re.IGNORECASE)
"""What the name of a disease ends in where it is a form of it."""


@dataclass(frozen=True)
class Named:
    """A disease of the ranking, whether or not among the first ten."""

    name: str
    id: str | None
    confidence: float | None = None


def lines_of(ranking: Sequence[Named], kb: KnowledgeBase | None = None) -> list[Line]:
    """Put the members of each family on one line.

    Args:
        ranking: all diseases ranked, best first; those beyond the tenth only join or fill lines.
        kb: what knows which are subtypes of another; None: names alone decide.

    Returns:
        At most ten lines.
    """
    mains = [main_name(one, kb) for one in ranking]
    families = [family_of(main) for main in mains]
    most = MAX_CANDIDATES
    while True:
        grouped: dict[str, list[tuple[str, Member]]] = {}
        for rank, (one, main, family) in enumerate(zip(ranking, mains, families, strict=True), 1):
            if family in grouped or len(grouped) < most:
                member_ = Member(rank=rank, name=one.name, id=one.id, confidence=one.confidence)
                grouped.setdefault(family, []).append((main, member_))
        together = _of_one_name(list(grouped.values()))
        if len(together) >= MAX_CANDIDATES or len(grouped) < most:
            return sorted(map(_line, together), key=lambda line: -(line.confidence or 0.0))
        most += MAX_CANDIDATES - len(together)


def _of_one_name(groups: Sequence[list[tuple[str, Member]]]) -> list[list[tuple[str, Member]]]:
    """Families that would be shown under the same name ("Charcot-Marie-Tooth disease", twice) as one."""
    named_so: dict[str, list[tuple[str, Member]]] = {}
    for group in groups:
        named_so.setdefault(_line(group).name.casefold(), []).extend(group)
    return [sorted(group, key=lambda one: one[1].rank) for group in named_so.values()]


def named(candidates: Sequence[Candidate], names: Names) -> list[Named]:
    """Candidates under the names the knowledge base uses for them; numbers are theirs rather than the model's."""
    found = []
    for one in candidates:
        disease = names.kb.disease(one.id) if one.id else None
        shown = one.name if disease is None else names.kb.disease_names[disease]
        found.append(Named(shown, one.id, one.confidence))
    return found


def family_of(name: str) -> str:
    """What the members of a family share; the words of the name itself where it has no number and is no form."""
    return member(_FORM.sub("", name)).family


def line_family(name: str, disease_id: str | None, kb: KnowledgeBase) -> str:
    """What those on one line with a disease share, by the name that the knowledge base has for it."""
    disease = kb.disease(disease_id) if disease_id else None
    shown = name if disease is None else kb.disease_names[disease]
    return family_of(main_name(Named(shown, disease_id), kb))


def main_name(one: Named, kb: KnowledgeBase | None) -> str:
    """The name of the disease that one is a subtype of; its own where it is none."""
    disease = kb.disease(one.id) if kb and one.id else None
    if kb is None or disease is None or (main := subtypes(kb).main(disease)) == disease:
        return one.name
    return kb.disease_names[main]


def _line(of: Sequence[tuple[str, Member]]) -> Line:
    """A line of members, each with the name of the disease it is a subtype of."""
    mains, members = list(dict.fromkeys(main for main, _ in of)), [one for _, one in of]
    known = [one.confidence for one in members if one.confidence is not None]
    name = members[0].name if len(members) == 1 else shared_name(mains)
    together = round(min(sum(known), 1.0), 4) if known else None
    return Line(name=name, members=members, confidence=together)


def apart(name: str, line: str) -> str:
    """What the name of a member adds to that of its line: "type Ib"; empty where it is the same."""
    whole, own = name.casefold(), line.casefold()
    if whole.endswith(f" {own}"):
        return name[: -len(own)].strip()
    return name[len(own) :].strip(" ,") if whole.startswith(own) else name


def shared_name(of: Sequence[str]) -> str:
    """The words that the names begin with alike, where they name the family; else the first name."""
    if len(set(of)) == 1:
        return of[0]
    split = [name.replace(",", " ,").split() for name in of]
    kept = []
    for words in zip(*split, strict=False):
        if len({word.casefold() for word in words}) > 1:
            break
        kept.append(words[0])
    while kept and kept[-1].casefold() in {",", "type", "group", "and", "of", "with", "due", "to"}:
        kept.pop()
    shared = " ".join(kept).replace(" ,", ",")
    whole = spelling.bag(shared) == family_of(of[0])  # "Mucopolysaccharidosis", and not type 7 alone
    return shared if shared and (whole or len(spelling.words(shared)) > 1 or len(split[0]) <= 2) else of[0]
