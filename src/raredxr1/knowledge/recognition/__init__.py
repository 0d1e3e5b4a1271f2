"""Recognition of findings as people write them: names, endings, word order, lists, shorthand, values."""

from raredxr1.knowledge.recognition.recogniser import Mention, Recogniser, recogniser_of

__all__ = ["Mention", "Recogniser", "recogniser_of"]
