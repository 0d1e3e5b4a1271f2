"""The encoder that reads findings: a small BERT trained to find their spans and to turn phrases into HPO terms.

One encoder serves both tasks (`network`): a head over tokens says which stretches of a text are findings, the mean of
a phrase's tokens, projected, is compared with the vectors of all HPO names. Inference, without torch, is
`knowledge.extraction`.
"""
