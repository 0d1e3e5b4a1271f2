"""What is known: the HPO, diseases and their annotations, names and linking, similarity, likelihood."""

from raredxr1.knowledge.store import Annotation, KnowledgeBase, load

__all__ = ["Annotation", "KnowledgeBase", "load"]
