"""The words of an HTML page: block tags are line ends, nothing of styles, scripts and heads, entities resolved."""

from html.parser import HTMLParser

from raredxr1 import lazy_re as re

_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|br|caption|center|d[dlt]|details|div|fieldset|figcaption|figure|footer|form|"
    r"h[1-6r]|header|html|legend|li|main|nav|ol|option|p|pre|section|summary|table|tbody|tfoot|thead|title|tr|ul"
)
_SILENT = frozenset(("style", "script", "head", "template", "noscript", "object", "svg", "math", "iframe", "textarea"))
_CELLS = frozenset(("td", "th"))
_VOID = re.compile(r"area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def text_of_html(html: str) -> str:
    """Give the visible words of a page or a fragment, a line for each block, cells of a row set apart by tabs."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.pieces).split("\n")
    cells = ("\t".join(" ".join(cell.split()) for cell in line.split("\t")).strip() for line in lines)
    return "\n".join(line for line in cells if line)


class _Reader(HTMLParser):
    """Collects text; `silent` holds the open tags below which nothing is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent: list[str] = []
        self.cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        hidden = "hidden" in given or _HIDDEN.search(given.get("style") or "") is not None
        if tag == "body":
            self.silent.clear()  # a head that was never closed ends here
        if not _VOID.fullmatch(tag) and (self.silent[-1:] == [tag] or (not self.silent and (tag in _SILENT or hidden))):
            self.silent.append(tag)
        self._break(tag, opens=True)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(re.sub(r"[\n\r\t]", " ", data))

    def _break(self, tag: str, opens: bool = False) -> None:
        if tag in _CELLS:
            self.cell = opens
            self.pieces.append("\t" if opens else " ")
        elif _BLOCK.fullmatch(tag):
            self.cell = self.cell and tag not in ("tr", "table")
            self.pieces.append(" " if self.cell else "\n")  # a row stays one line
