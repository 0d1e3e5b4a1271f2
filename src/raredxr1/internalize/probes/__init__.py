"""Closed-book probes: what a model knows of the diseases it was taught, asked in words it was never trained on."""
