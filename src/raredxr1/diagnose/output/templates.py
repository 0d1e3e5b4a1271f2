"""How every page of the program is made from its template: escaped, nothing undefined, no scripts put in."""

from pathlib import Path

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
