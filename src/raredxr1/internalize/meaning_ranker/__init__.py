"""Stage 1 in dense form: a sentence encoder learns to put notes near texts about the disease they tell of.

config.py   the settings
pairs.py    notes, each with a text of its disease, in batches of diseases that are easily mistaken
train.py    contrastive training -> an encoder (int8), a vector of each disease and a manifest
"""
