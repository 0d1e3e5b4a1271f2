"""Public pages of ids and genes: links to follow; this program never opens them."""

from urllib.parse import quote

_PLACES = {
    "OMIM": "https://omim.org/entry/{number}",
    "ORPHA": "https://www.orpha.net/en/disease/detail/{number}",
    "HP": "https://hpo.jax.org/browse/term/HP:{number}",
    "MONDO": "https://monarchinitiative.org/MONDO:{number}",
}


def outside(any_id: str) -> str | None:
    """The public page of an OMIM, Orphanet, Mondo or HPO id; None for any other."""
    prefix, _, number = any_id.partition(":")
    pattern = _PLACES.get(prefix)
    return pattern.format(number=number) if pattern and number.isdigit() else None


def gene_page(symbol: str) -> str:
    """The page of a gene by its approved symbol, at the naming committee (HGNC)."""
    return f"https://www.genenames.org/tools/search/#!/?query={quote(symbol)}"


def mondo_page(any_id: str) -> str:
    """Where the Mondo disease that refers to an OMIM or Orphanet id is found (Ontology Lookup Service, EMBL-EBI)."""
    mondo = any_id.replace("ORPHA:", "Orphanet:")  # as Mondo writes it
    return f"https://www.ebi.ac.uk/ols4/search?q={quote(mondo, safe='')}&ontology=mondo"
