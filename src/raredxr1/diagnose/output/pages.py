"""How every page of the program is made from its template: escaped, nothing undefined, no scripts put in.

And the public pages of ids and genes that it links to, which this program never opens.
"""

from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from raredxr1.diagnose.output.glossary import printable


def environment(folder: Path) -> Environment:
    """The templates of a folder; control characters of notes and names are taken out by the filter `printable`.

    Args:
        folder: holds the templates.
    """
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["printable"] = printable
    return made


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
