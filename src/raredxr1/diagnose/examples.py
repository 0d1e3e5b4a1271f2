"""The example notes that ship; written for this project, of nobody in particular."""

from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "assets" / "examples"
EXAMPLE = EXAMPLES / "rett_clinic.txt"
"""What `raredx diagnose --example` and the self-test read."""
