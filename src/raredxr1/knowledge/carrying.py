"""Give a freshly built knowledge base what the one before knows from elsewhere: Mondo's joins, names, kinds, diseases.

Annotations, terms and genes are those of the fresh one alone. A record that the fresh release no longer annotates is
gone; the diseases of Mondo, which never had annotations, stay.
"""

from pathlib import Path

import numpy as np

from raredxr1.knowledge import names
from raredxr1.knowledge.build import record_order, save
from raredxr1.knowledge.imported import OLD_ARRAYS, ONE, SEVERAL, Arrays, Imported, text, to_arrays, untext
from raredxr1.knowledge.importing import Report, annotation_arrays, joined
from raredxr1.knowledge.store import KnowledgeBase


def carry_over(fresh: Path, base: Path, out: Path) -> None:
    """Write `fresh` with what `base` knows from elsewhere.

    Args:
        fresh: what `build.build` wrote.
        base: the knowledge base in use before.
        out: the artifact to write; replaced only when all succeeded.
    """
    new, old = KnowledgeBase(fresh), KnowledgeBase(base)
    with np.load(fresh, allow_pickle=False) as file:
        arrays: Arrays = {name: file[name] for name in file.files if name not in OLD_ARRAYS}
    labels = dict(zip(new.record_ids, new.record_names, strict=True))
    bare = np.diff(old.annotation_ptr) == 0
    labels |= {i: old.record_names[r] for r, i in enumerate(old.record_ids) if bare[r] and i not in labels}
    order = sorted(labels, key=record_order)
    together = [old.disease_ids(disease) for disease in range(len(old.disease_records))]
    leader = joined(new, order, [], [], together, Report())
    number = {first: i for i, first in enumerate(dict.fromkeys(leader[record] for record in order))}
    genes = dict(zip(new.record_ids, new.record_genes, strict=True))
    arrays |= {
        "meta": text([*untext(arrays["meta"]), *(part for part in old.extra_versions if part.startswith("mondo-"))]),
        "record_ids": text(order),
        "record_names": text(labels[record] for record in order),
        "record_diseases": np.array([number[leader[record]] for record in order], np.uint16),
        "record_genes": text(" ".join(genes.get(record, ())) for record in order),
        **annotation_arrays(new, arrays, order, [], Report()),
        **to_arrays(_facts(new, old, labels, leader)),
    }
    save(arrays, out)


def _facts(new: KnowledgeBase, old: KnowledgeBase, labels: dict[str, str], leader: dict[str, str]) -> Imported:
    """What the old one knows of records that are still there, under the new names where those changed."""
    found = Imported()
    for attribute in (*SEVERAL.values(), *ONE.values()):
        held = getattr(found, attribute)
        held.update((i, said) for i, said in getattr(old.imported, attribute).items() if i in labels)
    found.xrefs.update((i, record) for i, record in old.imported.xrefs.items() if record in labels)
    found.groups.update(old.imported.groups)
    found.excluded.update(new.imported.excluded)
    known = {(leader[record], names.bag(label)) for record, label in labels.items()}
    before = zip(old.record_ids, old.record_names, strict=True)
    others = [(i, name) for i, name in before if i in labels]
    others += [(i, name) for i, several in new.imported.synonyms.items() for name in several]
    others += [(i, name) for i, several in found.synonyms.items() for name in several]
    found.synonyms.clear()
    taken = {names.bag(label) for label in labels.values()}
    for i, name in others:
        bag = names.bag(name)
        if (leader[i], bag) not in known and bag not in taken:
            known.add((leader[i], bag))
            found.synonyms.setdefault(i, []).append(name)
    return found
