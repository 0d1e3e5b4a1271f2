"""Read Orphanet entries from an orphapacket file: JSON Lines, one entry a line, plain or gzipped.

Keys of a line: id (ORPHA:...), label, type, synonyms, definition, omim ([[id, relation]]; the relation may be cut:
"E" exact, "BTNT" the entry is broader than the OMIM one, "NTBT" narrower), phenotypes ([{hpo, term, freq}]),
inheritance, age_of_onset, prevalence, genes ([{symbol}]), parents. Other keys are not used.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError, faults
from raredxr1.knowledge._sssom import fingerprint, read_text

GROUPS = frozenset({"Category", "Clinical group"})
"""Types of entry that are no diseases."""

FREQUENCIES = {
    "obligate": "HP:0040280",
    "very frequent": "HP:0040281",
    "frequent": "HP:0040282",
    "occasional": "HP:0040283",
    "very rare": "HP:0040284",
    "excluded": "HP:0040285",
}
INHERITANCE = {
    "Autosomal dominant": "HP:0000006",
    "Autosomal recessive": "HP:0000007",
    "X-linked recessive": "HP:0001419",
    "X-linked dominant": "HP:0001423",
    "Multigenic/multifactorial": "HP:0001426",
    "Mitochondrial inheritance": "HP:0001427",
    "Y-linked": "HP:0001450",
    "Semi-dominant": "HP:0032113",
    "Oligogenic": "HP:0010983",
}
ONSETS = {
    "Antenatal": "HP:0030674",
    "Neonatal": "HP:0003623",
    "Infancy": "HP:0003593",
    "Childhood": "HP:0011463",
    "Adolescent": "HP:0003621",
    "Adult": "HP:0003581",
    "Elderly": "HP:0003584",
}
_BRACKETED = re.compile(r"\s*\(.*")


class Entry(BaseModel):
    """One Orphanet entry; other keys of the line are not kept."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(pattern=r"^ORPHA:\d+$")
    label: str = Field(min_length=1)
    type: str = ""
    synonyms: list[str] = Field(default_factory=list)
    definition: str | None = None
    omim: list[tuple[str, str]] = Field(default_factory=list)
    phenotypes: list[dict[str, str]] = Field(default_factory=list)
    inheritance: list[str] = Field(default_factory=list)
    age_of_onset: list[str] = Field(default_factory=list)
    prevalence: list[Any] = Field(default_factory=list)
    genes: list[dict[str, Any]] = Field(default_factory=list)
    parents: list[str] = Field(default_factory=list)

    @field_validator("prevalence")
    @classmethod
    def _flat(cls, value: list[Any]) -> list[Any]:
        """Some lines hold their list in another list."""
        return [item for part in value for item in (part if isinstance(part, list) else [part])]

    @property
    def is_group(self) -> bool:
        """Whether this is a category or clinical group, and no disease."""
        return self.type in GROUPS

    def related(self, relation: str) -> list[str]:
        """OMIM ids in a relation (its first letter decides: E, B or N; "ND" is none of them)."""
        return [i for i, said in self.omim if said.strip().startswith(relation) and not said.startswith("ND")]

    def findings(self) -> list[tuple[str, str]]:
        """HPO ids with the HPO's frequency term; empty where the frequency has none."""
        return [
            (p["hpo"], FREQUENCIES.get(_BRACKETED.sub("", p.get("freq", "")).lower(), ""))
            for p in self.phenotypes
            if p.get("hpo")
        ]

    def prevalences(self) -> list[str]:
        """In words: "Point prevalence, Worldwide: 1-9 / 100 000"; unknown ones are left out."""
        said = []
        for item in self.prevalence:
            size = item.get("PrevalenceClass") if isinstance(item, dict) else None
            if size and size.lower() not in ("unknown", "no data", "not yet documented"):
                what = ", ".join(filter(None, (item.get("PrevalenceType"), item.get("PrevalenceGeographic"))))
                said.append(f"{what}: {size}")
        return list(dict.fromkeys(said))


def read_orphapacket(path: Path) -> tuple[str, list[Entry]]:
    """Read all entries, and a version: the file states none, so its fingerprint.

    Raises:
        InputError: the file cannot be read or is empty, or a line is no entry or repeats an id.
    """
    entries: dict[str, Entry] = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        where = f"{path} line {number}"
        try:
            entry = Entry.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise InputError(f"{where}: no JSON ({error.msg})") from error
        except ValidationError as error:
            raise InputError(f"{where}: no Orphanet entry: {faults(error.errors())}") from error
        if entry.id in entries:
            raise InputError(f"{where}: {entry.id} stands there twice")
        entries[entry.id] = entry
    if not entries:
        raise InputError(f"{path}: holds no Orphanet entry")
    return f"orphapacket-{fingerprint(path)}", list(entries.values())
