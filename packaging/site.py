"""A hook of MkDocs: pages that lie beside docs/ (cards, changes, results) stand in the site too; links find them."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
BESIDE = ("MODEL_CARD.md", "DATA_CARD.md", "CHANGELOG.md", "SECURITY.md", "benchmarks/results/development.md")
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?://|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages."""
    for name in BESIDE:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links of the repository into links of the site; a file that is in no page is named and not linked."""
    source = page.file.src_uri
    home = ROOT / source if source in BESIDE else ROOT / "docs" / source
    here = Path(source).parent

    def moved(match: re.Match[str]) -> str:
        text, target, anchor = match[1], match[2], match[3] or ""
        file = (home.parent / target).resolve()
        if not file.is_relative_to(ROOT):
            return match[0]
        uri = file.relative_to(ROOT / "docs" if file.is_relative_to(ROOT / "docs") else ROOT).as_posix()
        if files.get_file_from_path(uri) is None:
            return f"{text} (`{uri}`)" if file.exists() else match[0]  # what is not there at all is a broken link
        up = Path(*[".."] * len(here.parts)) / uri
        return f"[{text}]({up.as_posix()}{anchor})"

    return _LINK.sub(moved, markdown)
