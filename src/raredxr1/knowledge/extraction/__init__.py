"""Findings in a text by meaning: a small sentence encoder that finds their spans and turns phrases into HPO terms."""
