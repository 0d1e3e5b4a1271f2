"""Stage 1 in sparse form: what texts say of diseases becomes weights of words, which rank diseases for a note.

config.py      the settings
documents.py   names, definitions, summaries, symptom texts and annotations, by disease and kind of text
narratives.py  published cases whose disease is known or named in the text
findings.py    the same texts and annotations as findings
impacts.py     counts of words -> BM25 impacts over the kinds of text (a sparse matrix)
learn.py       what each word is worth, learned by ranking narratives against the others' weights
train.py       all of it -> text_ranker.npz and a manifest
"""
