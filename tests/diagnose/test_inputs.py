"""Bytes become a note: text, or a phenopacket told by its content."""

import json
from typing import Any

import pytest

from fake_product import NOTE, FakeKnowledge
from raredxr1.diagnose.inputs import Text, note_of, read_input
from raredxr1.errors import InputError

PACKET: dict[str, Any] = {
    "id": "p1",
    "subject": {"sex": "FEMALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P3Y"}}},
    "phenotypicFeatures": [{"type": {"id": "HP:0002540"}}, {"type": {"id": "HP:0001250"}, "excluded": True}],
}


def note(data: bytes, name: str = "n") -> tuple[str, list[str]]:
    text, notices = note_of(read_input(data, name), name, FakeKnowledge())  # type: ignore[arg-type]
    return text, list(notices)


def test_text_is_the_note() -> None:
    assert note(NOTE.encode()) == (NOTE, [])


def test_a_phenopacket_is_rendered_whatever_its_name() -> None:
    text, notices = note(json.dumps(PACKET).encode(), "n.txt")
    assert text == "Female, 3 years.\nFindings: Inability to walk.\nAbsent: Seizure."
    assert len(notices) == 1
    assert "written from the phenopacket" in notices[0]


def test_an_old_id_is_read_as_its_successor_and_said() -> None:
    packet = {**PACKET, "phenotypicFeatures": [{"type": {"id": "HP:0000009"}}]}
    text, notices = note(json.dumps(packet).encode())
    assert "Seizure" in text
    assert "HP:0000009 is obsolete or an alternative id; it was read as HP:0001250." in notices


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        ({**PACKET, "phenotypicFeatures": []}, "p.json", "p.json: a phenopacket without phenotypicFeatures"),
        ({**PACKET, "phenotypicFeatures": [{"type": {"id": "HP:12"}}]}, "p.json", "p.json: phenotypicFeatures"),
        ({**PACKET, "phenotypicFeatures": [{"type": {"id": "HP:9999999"}}]}, "p.json", "p.json: HPO id 'HP:9999999'"),
        ({"note": NOTE}, "p.json", "p.json: JSON, but no phenopacket"),
        ([PACKET], "p", "p: JSON, but no phenopacket"),
    ],
)
def test_json_that_gives_no_note_is_refused(data: object, name: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        note(json.dumps(data).encode(), name)
    assert str(caught.value).startswith(said)


def test_broken_json_is_refused_where_the_name_says_json_and_is_text_elsewhere() -> None:
    text = "[Redacted] never walked unaided"
    assert read_input(text.encode(), "n.txt") == Text(text)
    with pytest.raises(InputError, match=r"n\.json: no JSON"):
        read_input(text.encode(), "n.json")
    with pytest.raises(InputError, match="nested too deeply"):
        read_input(b"[" * 100_000, "n.txt")
