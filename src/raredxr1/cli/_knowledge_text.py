"""How `raredx knowledge` shows what it found, as lines of text."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raredxr1.diagnose.output.glossary import how_frequent

if TYPE_CHECKING:
    from raredxr1.knowledge.describe import DiseaseSummary, FindingSummary, GeneSummary, Source, TermSummary
    from raredxr1.knowledge.ranking import Method
    from raredxr1.knowledge.search import Hit

_TITLES = {"likelihood": "likelihood ratio (log10)", "resnik": "similarity (Resnik)"}
_NAME_WIDTH = 48
Rows = Mapping["Method", Sequence[Mapping[str, Any]]]


def notes(found: Sequence[str]) -> list[str]:
    """What the user should know first."""
    return [f"note: {note}" for note in found]


def built(out: Path, counts: Mapping[str, Any]) -> str:
    """What a build made."""
    return (
        f"{out}: {counts['version']}, {counts['terms']:,} terms, {counts['records']:,} records of "
        f"{counts['diseases']:,} diseases, {counts['findings']:,} findings, {counts['bytes'] / 1e6:.1f} MB"
    )


def hits(found: Sequence["Hit"]) -> list[str]:
    """A line for each disease or term found."""
    lines = []
    for hit in found:
        also = f"  ({hit.matched})" if hit.matched.casefold() != hit.name.casefold() else ""
        lines.append(f"{hit.score:5.1f}  {hit.kind:<7}  {hit.id:<15} {hit.name}{also}")
    return lines


def lines(found: "DiseaseSummary | GeneSummary | TermSummary", verbose: bool) -> list[str]:
    """What is known of a disease, a gene or a term."""
    from raredxr1.knowledge.describe import DiseaseSummary, GeneSummary

    if isinstance(found, GeneSummary):
        return [f"{found.symbol} (gene)", *(f"  {disease.id:<15} {disease.name}" for disease in found.diseases)]
    return _disease(found, verbose) if isinstance(found, DiseaseSummary) else _term(found)


def _disease(found: "DiseaseSummary", verbose: bool) -> list[str]:
    """A disease, its findings grouped by how frequent they are."""
    lines = [found.name]
    lines += [f"  {record.id:<15} {record.name}" for record in found.records]
    if found.definition:
        lines.append(found.definition)
    for label, values in (
        ("no candidate", [found.no_candidate] if found.no_candidate else []),
        ("kinds", found.kinds),
        ("also called", found.synonyms),
        ("inheritance", found.inheritance),
        ("onset", found.onset),
        ("genes", found.genes),
        ("prevalence", found.prevalence),
    ):
        if values:
            lines.append(f"{label}: {'; '.join(values)}")
    if not found.findings:
        lines.append("no findings annotated")
    group = ""
    for finding in found.findings:
        if (name := _group(finding)) != group:
            group = name
            lines.append(group)
        share = f"{finding.frequency:5.0%}" if finding.stated and finding.frequency else " " * 5
        lines.append(f"  {share}  {finding.name} ({finding.id})")
        if verbose:
            lines += [f"           {_source(source)}" for source in finding.sources]
    return lines


def _term(found: "TermSummary") -> list[str]:
    lines = [f"{found.name} ({found.id})"]
    if found.definition:
        lines.append(found.definition)
    lines += [f"{s.scope.lower()} synonym: {s.text}" + (f" ({s.kind})" if s.kind else "") for s in found.synonyms]
    lines += [f"is a: {parent.name} ({parent.id})" for parent in found.parents]
    lines += [f"  kind of it: {child.name} ({child.id})" for child in found.children]
    lines.append(f"diseases that have it or a kind of it: {found.diseases:,} (information {found.information:.2f})")
    return lines


def ranking(rows: Rows) -> list[str]:
    """One or two rankings side by side, then what each finding added, where asked for."""
    columns = [[_TITLES[method], *(_cell(row) for row in listed)] for method, listed in rows.items()]
    width = max(len(cell) for cell in columns[0])
    lines = []
    for number, cells in enumerate(zip(*columns, strict=True)):
        place = str(number) if number else ""
        lines.append(f"{place:>4}  " + "   ".join(f"{cell:<{width}}" for cell in cells).rstrip())
    for method, listed in rows.items():
        for row in listed:
            lines += _explained(method, row)
    return lines


def _cell(row: Mapping[str, Any]) -> str:
    name = row["name"] if len(row["name"]) <= _NAME_WIDTH else row["name"][: _NAME_WIDTH - 3] + "..."
    return f"{row['score']:7.2f}  {row['id']:<12} {name}"


def _explained(method: "Method", row: Mapping[str, Any]) -> Iterator[str]:
    if "findings" not in row:
        return
    yield f"\n{row['name']} ({row['id']}), {_TITLES[method]} {row['score']:.2f}"
    for part in row["findings"]:
        sign = "+" if part["present"] else "-"
        yield f"  {part['score']:+6.2f}  {sign} {part['name']} ({part['id']}): {_reason(part)}"


def _reason(part: Mapping[str, Any]) -> str:
    if part["via"] is None:
        return "not a finding of the disease"
    if part["frequency"] == 0:
        return "known to be absent in the disease"
    share = f"in {part['frequency']:.0%}"
    return share if part["via"]["id"] == part["id"] else f"as {part['via']['name']}, {share}"


def _group(finding: "FindingSummary") -> str:
    """The HPO's ranges of frequency."""
    if not finding.frequency:
        return "known to be absent"
    if not finding.stated:
        return "frequency not stated"
    return how_frequent(finding.frequency)


def _source(source: "Source") -> str:
    parts = [source.record, "absent" if source.absent else "", source.frequency, source.onset, source.sex]
    parts += [source.modifier, source.reference if source.reference != source.record else "", source.evidence]
    return ", ".join(part for part in parts if part)
