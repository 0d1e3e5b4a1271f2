"""Fits calibration.json on development cases: observe once, fit as often as wanted. Needs the [train] extra.

observe.py  what the model and the others say of every case, and which of it is right -> observations.jsonl
softmax.py  the weights of the fusion
fit.py      curves and fusion, cross-validated by disease and by case set -> calibration.json
figures.py  recall, reciprocal rank, calibration error, and whether a difference is one
"""
