"""RareDxR1: a clinical note in, a reasoned and grounded differential of rare diseases out."""

__version__ = "0.1.0"
