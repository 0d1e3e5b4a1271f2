"""Read Mondo's exact matches from SSSOM tables (https://mapping-commons.github.io/sssom/), plain or gzipped."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError

COLUMNS = ("subject_id", "subject_label", "predicate_id", "object_id", "object_label")
_RELEASE = re.compile(r"/releases/(\d{4}-\d\d-\d\d)/")
_PREFIXES = {"OMIM": "OMIM", "ORPHANET": "ORPHA", "ORPHA": "ORPHA", "DECIPHER": "DECIPHER"}


@dataclass(frozen=True)
class Match:
    """One exact match: a Mondo id with its label, and an OMIM, ORPHA or DECIPHER id with its own."""

    mondo: str
    mondo_label: str
    record: str
    record_label: str


@dataclass(frozen=True)
class Matches:
    """What one or more tables hold."""

    version: str
    matches: list[Match]
    obsolete: int
    other: int


def read_text(path: Path) -> str:
    """Read a UTF-8 file, gzipped or not.

    Raises:
        InputError: missing, damaged or not UTF-8.
    """
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path}: a damaged gzip file") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def fingerprint(path: Path) -> str:
    """First eight digits of a file's sha256: the version of what states none."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def read_sssom(paths: list[Path]) -> Matches:
    """Read exact matches; rows of obsolete Mondo terms, other predicates and other vocabularies are counted.

    Raises:
        InputError: a file cannot be read, lacks a column or a cell (with its line number), or holds no exact match.
    """
    versions: list[str] = []
    matches: list[Match] = []
    counts = {"obsolete": 0, "other": 0}
    for path in paths:
        text = read_text(path)
        release = _RELEASE.search(text[:20_000])
        versions.append(release[1] if release else fingerprint(path))
        before = len(matches)
        _read(text, path, matches, counts)
        if len(matches) == before:
            raise InputError(f"{path}: holds no exact match of a Mondo id and an OMIM or ORPHA id")
    return Matches(f"mondo-{'-'.join(dict.fromkeys(versions))}", matches, counts["obsolete"], counts["other"])


def _read(text: str, path: Path, matches: list[Match], counts: dict[str, int]) -> None:
    places: list[int] = []
    width = 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        cells = line.split("\t")
        if not places:
            missing = [column for column in COLUMNS if column not in cells]
            if missing:
                raise InputError(f"{path} line {number}: no SSSOM table: column {missing[0]} is missing")
            places, width = [cells.index(column) for column in COLUMNS], len(cells)
            continue
        if len(cells) != width:
            raise InputError(f"{path} line {number}: {len(cells)} columns, expected {width}")
        mondo, label, predicate, record, record_label = (cells[place].strip() for place in places)
        source, _, digits = record.partition(":")
        prefix = _PREFIXES.get(source.upper())
        if predicate != "skos:exactMatch" or not mondo.startswith("MONDO:") or not prefix or not digits.isdigit():
            counts["other"] += 1
        elif label.startswith("obsolete "):
            counts["obsolete"] += 1
        else:
            matches.append(Match(mondo, label, f"{prefix}:{digits}", record_label))
