"""One note through the product: engines, evidence, confidence."""
