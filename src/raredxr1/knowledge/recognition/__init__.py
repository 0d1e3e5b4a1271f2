"""Recognition of findings as people write them: names, endings, word order, lists, shorthand, values."""

from raredxr1.knowledge.recognition.recogniser import Mention, Recogniser

__all__ = ["Mention", "Recogniser"]
