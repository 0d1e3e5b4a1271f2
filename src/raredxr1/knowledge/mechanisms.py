"""By what mechanism a disease arises, so far as names, kinds, inheritance and genes of the knowledge base tell it.

It decides which laboratory test can find the cause: no sequencing of a gene finds an imprinting defect, a microdeletion
or an expanded repeat. How each is tested stands in `data/gene_tests.tsv`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from functools import cache, lru_cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.knowledge.store import KnowledgeBase

SEQUENCE = "sequence"
"""The mechanism of all other diseases: a variant that sequencing finds."""
_DUE_TO = re.compile(r"^(.+?) due to (.+)$", re.IGNORECASE)
_IMPRINTED = re.compile(
    r"uniparental disomy|imprinting|epimutation|hypo-?methylation|hyper-?methylation", re.IGNORECASE
)
_IMPRINTED_MODES = frozenset({"Imprinted", "Uniparental disomy", "Uniparental heterodisomy", "Uniparental isodisomy"})
_MATERNAL, _SOMATIC = "Mitochondrial inheritance", "Typified by somatic mosaicism"
_HEREDITARY = re.compile(
    r"hereditary|familial|syndrome|multiple (?!myeloma)|polyposis|predisposition|susceptib|inherited", re.IGNORECASE
)
_TUMOUR = re.compile(r"\b\w*(?:oma|a?emia|fungoides)s?\b|\b(?:neoplasm|tumou?r|cancer)s?\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:tri|mono|tetra|penta)somy|4[5789],X|\btriploidy", re.IGNORECASE)
_CHANGED = re.compile(
    r"(?<!intragenic )(?<!DNA )\b(?:micro)?(?:deletion|duplication|triplication)s?\b|\b(?:mono|tri)somy \d+[pq]|"
    r"\bmonosomy\b.*[pq]\d",
    re.IGNORECASE,
)
_BAND = re.compile(r"\b(\d{1,2}|X|Y)([pq]\d[\d.]*)-?([pq]\d[\d.]*)?")


def mechanism(kb: KnowledgeBase, disease: int) -> str:
    """The mechanism of a disease, as `data/gene_tests.tsv` names it; `SEQUENCE` where no other is known."""
    genes, modes, said = kb.genes(disease), set(kb.inheritance(disease)), names_of(kb, disease)
    if any(map(_IMPRINTED.search, said)) or modes & _IMPRINTED_MODES:
        return "imprinting"
    if sum(gene.startswith("MT-") for gene in genes) * 2 > len(genes) or (_MATERNAL in modes and not genes):
        return "mitochondrial DNA"
    shown = kb.disease_names[disease]
    own = [name for name in said if not _DUE_TO.match(name) and ("chromosomal" in kb.kinds(disease) or name == shown)]
    own = own or [shown]
    if any(_NUMBER.search(name) and not _BAND.search(name) for name in own):
        return "karyotype"
    if _is_deletion(kb, disease, own) or "Contiguous gene syndrome" in modes:
        return "chromosome"
    if "chromosomal" in kb.kinds(disease) and len(genes) != 1:
        return "karyotype"
    if genes and _SOMATIC in modes and "tumour" not in kb.kinds(disease) and not _is_germline(modes, genes):
        return "mosaic"
    for kind, known in _by_gene():
        if kind != "germline" and len(genes) <= 2 and any(gene in known for gene in genes):
            if kind != "repeat with anticipation":
                return kind
            if "Genetic anticipation" in modes:
                return "repeat"
    return SEQUENCE


def is_acquired(kb: KnowledgeBase, disease: int) -> bool:
    """Whether a tumour or an autoimmune disease arises in life.

    Its genes are changed in the tumour alone, or make prone to it.
    """
    kinds, modes, said = kb.kinds(disease), kb.inheritance(disease), names_of(kb, disease)
    if _is_germline(modes, kb.genes(disease)) or any(map(_HEREDITARY.search, said)):
        return False
    return "autoimmune" in kinds or (
        "tumour" in kinds and (_SOMATIC in modes or bool(_TUMOUR.search(kb.disease_names[disease])))
    )


def _is_germline(modes: Collection[str], genes: Collection[str]) -> bool:
    inherited = any("ominant" in one or "ecessive" in one or "X-linked" in one for one in modes)
    return inherited or bool(_genes("germline") & set(genes))


def band(kb: KnowledgeBase, disease: int) -> str:
    """The chromosome band that the names of a disease and of its forms state most often ("15q11-q13"); or empty."""
    found = Counter(
        f"{match[1]}{match[2]}{f'-{match[3]}' if match[3] else ''}"
        for name in names_of(kb, disease)
        for match in _BAND.finditer(name)
    )
    return max(found, key=lambda one: (found[one], len(one), one)) if found else ""


def names_of(kb: KnowledgeBase, disease: int) -> list[str]:
    """The names of a disease, and of its forms by cause ("Angelman syndrome due to ...")."""
    own = kb.labels_of(disease)
    forms = _forms(kb)
    whole = [match[1] for name in own if (match := _DUE_TO.match(name)) and match[1].casefold() in forms]
    causes = [form for name in (*own, *whole) for form in forms.get(name.casefold(), ())]
    return list(dict.fromkeys([*own, *causes]))


@lru_cache(maxsize=4)
def _forms(kb: KnowledgeBase) -> dict[str, list[str]]:
    """Name of a disease -> the names of its forms by cause, where such a disease is known."""
    names, found = kb.disease_names, defaultdict[str, list[str]](list)
    folded = "\n".join(names).casefold().split("\n")
    known = set(folded)
    for name, low in zip(names, folded, strict=True):
        if " due to " in low and (match := _DUE_TO.match(name)) and match[1].casefold() in known:
            found[match[1].casefold()].append(name)
    return dict(found)


def _is_deletion(kb: KnowledgeBase, disease: int, own: Sequence[str]) -> bool:
    """Whether a disease is one of lost or doubled parts of chromosomes; the forms of a disease by a gene are not."""
    ids = kb.disease_ids(disease)
    above = {entry for one in ids for entry in kb.hierarchy.ancestors(one)}
    partial = [name for entry in above if (name := _name(kb, entry)) and "partial" in name.casefold()]
    changed = any(_CHANGED.search(name) or (_BAND.search(name) and "chromosom" in name.casefold()) for name in own)
    listed = any(one.startswith("DECIPHER:") for one in ids) and "chromosomal" in kb.kinds(disease)
    return listed or changed or any(map(_CHANGED.search, partial))


def _name(kb: KnowledgeBase, entry: str) -> str:
    disease = kb.disease(entry)
    return kb.hierarchy.groups.get(entry, "") if disease is None else kb.disease_names[disease]


def _genes(kind: str) -> frozenset[str]:
    return next(genes for name, genes in _by_gene() if name == kind)


@cache
def _by_gene() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((row["mechanism"], frozenset(row["genes"].split())) for row in table("gene_mechanisms"))
