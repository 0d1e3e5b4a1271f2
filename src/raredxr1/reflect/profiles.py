"""K, the knowledge given back with a failure: what the knowledge base says of each candidate, one line each."""

from collections.abc import Sequence

from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.closure import closure


def profile(kb: KnowledgeBase, disease: int, findings: int) -> str:
    """Name the most frequent findings of a disease, the more specific first among equals: "Rett syndrome: a; b; c"."""
    information = closure(kb).information
    own = [(term, frequency) for term, frequency in kb.frequencies[disease].items() if frequency > 0]
    own.sort(key=lambda item: (-item[1], -float(information[item[0]]), item[0]))
    return f"{kb.disease_names[disease]}: {'; '.join(kb.term_names[term] for term, _ in own[:findings])}"


def candidates(kb: KnowledgeBase, former: Sequence[int], opinions: Sequence[Sequence[int]], most: int) -> list[int]:
    """Choose whose profiles to show: the former first name, then the opinions' names in turn, best first."""
    longest = max(map(len, opinions), default=0)
    woven = [names[rank] for rank in range(longest) for names in opinions if rank < len(names)]
    return list(dict.fromkeys([*former[:1], *woven, *former[1:]]))[:most]
