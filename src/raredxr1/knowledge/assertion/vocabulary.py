"""Closed classes of words that scopes go by, from `data/assertion/words.tsv`, which says what each is for."""

from raredxr1.data import table

_CLASSES = {row["class"]: frozenset(row["words"].split()) for row in table("assertion/words")}
FINITE = _CLASSES["finite"]
SHOWS = _CLASSES["shows"]
CARRIES = _CLASSES["carries"]
BARE = _CLASSES["bare"]
BOUNDARY = _CLASSES["boundary"]
LIMITS = _CLASSES["limits"]
PASSES = _CLASSES["passes"]
RESUMES = _CLASSES["resumes"]
GRADED = _CLASSES["graded"]
FEMALE = _CLASSES["female"]
MALE = _CLASSES["male"]
BEFORE_RELATIVE = _CLASSES["before_relative"]
INDEFINITE = _CLASSES["indefinite"]
MENTIONING = _CLASSES["mentioning"]
PLACING = _CLASSES["placing"]
AUXILIARY = _CLASSES["auxiliary"]
PREDICATE = _CLASSES["predicate"]
WELL = _CLASSES["well"]
PREPOSITIONS = _CLASSES["prepositions"]
NOTICED = _CLASSES["noticed"]
QUESTIONS = _CLASSES["questions"]
QUANTITIES = _CLASSES["quantities"]
COUPLE = _CLASSES["couple"]
