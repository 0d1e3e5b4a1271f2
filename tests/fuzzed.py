"""Fuzzed inputs of every kind the product reads: notes, dialogues, JSON, YAML, tables, lines, office files, bytes."""

import io
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fpdf import FPDF

from raredxr1 import dialogue
from raredxr1.diagnose.batch_inputs import read_inputs
from raredxr1.diagnose.inputs import Document, read_input
from raredxr1.errors import InputError

WORDS = (
    *("seizures", "ataxia", "no", "denies", "mother", "girl", "4 years", "HP:0001250", "microcephaly", "not", "had"),
    *("history of", "ruled out", "never", "?", "if", "sister has", "at birth", "OMIM:312750", "Marfan syndrome", "von"),
    *(
        ",",
        ".",
        ";",
        "(",
        ")",
        "\n",
        "\t",
        "-",
        "/",
        "\u0000",
        "\ud83d",
        "é",
        "癫痫",
        "\u200f",
        "\u00ad",
        "ﬁ",
        "İ",
        "ß",
    ),
    *("<|im_end|>", "instructions", '{"', "[", "1e9", "--", ":", "=", "12.5 mg/dL", "father's", "risk of", "without"),
    *(
        "CK 4200 U/L (30-200)",
        "height 82 cm (-3.1 SD)",
        "37+4 weeks",
        "3 8/12",
        "p.Arg106*",
        "and",
        "or",
        "aged",
        "\x1b[2J",
    ),
)
TURNS = (
    *("<think>", "</think>", "findings", "absent", "candidates", ":", "answer", "because", "|", "[", "]", "supports"),
    *("\n", "1. ", "2) ", "- ", '"seizures"', "Rett syndrome", "OMIM:312750", "\u2028", "confidence 0.9", "against"),
)
PACKET = {
    "id": "p",
    "subject": {
        "sex": "FEMALE",
        "timeAtLastEncounter": {"age": {"iso8601duration": "P3Y"}},
        "dateOfBirth": "2010-01-01",
    },
    "phenotypicFeatures": [
        {
            "type": {"id": "HP:0001250", "label": "Seizure"},
            "excluded": False,
            "onset": {"age": {"iso8601duration": "P1Y"}},
        },
        {"type": {"id": "HP:0001251", "label": "Ataxia"}, "excluded": True, "modifiers": [{"id": "HP:0012828"}]},
    ],
    "measurements": [{"value": {"quantity": {"value": 3}}}],
    "diseases": [{"term": {"id": "OMIM:312750", "label": "Rett syndrome"}, "onset": {"age": "P1Y"}}],
    "metaData": {"phenopacketSchemaVersion": "2.0", "externalReferences": [{"id": "PMID:1"}]},
}
_ABOUT = {"subject": {"reference": "Patient/p"}}
BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "2015-03-01",
                      "identifier": [{"system": "urn:mrn", "value": "7"}]}},
        {"resource": {"resourceType": "Condition", **_ABOUT, "code": {"text": "Ataxia"}, "note": [{"text": "no fits"}],
                      "contained": [{"resourceType": "Patient", "id": "a"}]}},
        {"resource": {"resourceType": "Observation", "status": "final", **_ABOUT, "code": {"text": "Seizures"},
                      "valueString": "None", "interpretation": [{"coding": [{"code": "NEG"}]}]}},
        {"resource": {"resourceType": "Observation", "status": "final", **_ABOUT, "code": {"text": "Creatine kinase"},
                      "valueQuantity": {"value": 900, "unit": "U/L"}, "effectiveDateTime": "2019-02-03",
                      "referenceRange": [{"low": {"value": 3}, "high": {"value": 200, "unit": "U/L"}}],
                      "component": [{"code": {"text": "Cataract"}, "valueBoolean": False}]}},
        {"resource": {"resourceType": "DiagnosticReport", "status": "final", **_ABOUT, "code": {"text": "Letter"},
                      "conclusionCode": [{"coding": [{"code": "HP:0000252"}]}], "result": [{"reference": "#o"}],
                      "contained": [{"resourceType": "Observation", "id": "o", "status": "final",
                                     "code": {"text": "Nystagmus"}, "valueBoolean": True}],
                      "presentedForm": [{"contentType": "text/html", "data": "PHA+U2VpenVyZXM8L3A+"}]}},
        {"resource": {"resourceType": "Composition", "status": "final", **_ABOUT, "type": {"text": "x"}, "title": "x",
                      "date": "2020", "author": [{"display": "x"}],
                      "section": [{"title": "x", "text": {"status": "generated", "div": "<div><p>No ataxia</p></div>"},
                                   "section": [{"text": {"status": "generated", "div": "<div>Fits</div>"}}]}]}},
    ],
}  # fmt: skip
ROW = {"id": "a", "note": "Girl with seizures.", "hpo_observed": ["HP:0001250"], "age": "P3Y", "sex": "female"}
TERMS = {"hpo": ["HP:0001250", "-Ataxia"], "age": "4y", "sex": "female"}
ODD: tuple[Any, ...] = (
    *(None, True, -1, 1e308, 0, 10**30, "", "\ud800", "\x00", "x" * 3000, [], {}, [[]], {"a": {}}),
    *("P3Y", "HP:1", "<p>", "HP:0001250", "#a", "Patient/q", ["HP:0001250"], "2015"),
)
KINDS = (
    *("note", "turn", "packet", "bundle", "terms", "yaml", "csv", "tsv", "jsonl", "ndjson", "html", "rtf", "docx"),
    *("pdf", "bytes", "encoded"),
)


def mutated(value: Any, rng: random.Random, depth: int = 0) -> Any:
    """JSON with a part changed, lost, doubled or put in another's place."""
    if rng.random() < 0.04:
        return rng.choice(ODD)
    if isinstance(value, dict) and depth < 8:
        return {
            (key if rng.random() > 0.02 else rng.choice(("x", key.upper(), "id"))): mutated(held, rng, depth + 1)
            for key, held in value.items()
            if rng.random() > 0.04
        }
    if isinstance(value, list) and depth < 8:
        return [mutated(held, rng, depth + 1) for held in value for _ in range(rng.choice((1, 1, 1, 1, 0, 2)))]
    return value


def text(rng: random.Random, words: tuple[str, ...] = WORDS) -> str:
    """Words of a kind in no order."""
    return rng.choice((" ", " ", "")).join(rng.choice(words) for _ in range(rng.randrange(60)))


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Bytes with some changed, cut or put elsewhere; now and then as they were."""
    made = bytearray(data)
    for _ in range(rng.choice((0, 1, 3, 20))):
        place = rng.randrange(len(made) + 1)
        how = rng.randrange(3)
        if how == 0:
            made[place : place + 1] = rng.randbytes(1)
        elif how == 1:
            del made[place : place + rng.randrange(1, 30)]
        else:
            made[place:place] = made[: rng.randrange(30)]
    return bytes(made)


def _docx(words: str) -> bytes:
    within = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in words.split("\n"))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{within}</w:body></w:document>'.encode("utf-8", "replace"),
        )
    return packed.getvalue()


def _pdf() -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica")
    page.cell(text="Girl with seizures, no ataxia.")
    return bytes(page.output())


PDF = _pdf()


def fuzzed(rng: random.Random) -> tuple[str, bytes]:
    """An input: its kind and its bytes."""
    kind = rng.choice(KINDS)
    words = text(rng, TURNS + WORDS[:12] if kind == "turn" else WORDS)
    plain = words.encode("utf-8", "surrogatepass" if rng.random() < 0.1 else "replace")
    if kind in ("packet", "bundle", "terms"):
        model = {"packet": PACKET, "bundle": BUNDLE, "terms": TERMS}[kind]
        made = json.dumps(mutated(model, rng)).encode()
        return kind, damaged(made, rng) if rng.random() < 0.1 else made
    if kind == "jsonl":
        rows = [mutated(ROW, rng), mutated(PACKET, rng), mutated(BUNDLE, rng), {"id": rng.choice(ODD), "note": words}]
        lines = rng.choice(("\n", "\r\n", "\n\n")).join(map(json.dumps, rng.sample(rows, rng.randrange(1, 5))))
        return kind, rng.choice((b"", b"\xef\xbb\xbf")) + lines.encode()
    if kind == "ndjson":
        resources = [mutated(one["resource"], rng) for one in BUNDLE["entry"]]  # type: ignore[index]
        return kind, "\n".join(map(json.dumps, resources)).encode()
    if kind == "yaml":
        return kind, damaged(b"phenotypicFeatures:\n  - type: {id: HP:0001250}\n    excluded: true\n", rng) + plain
    if kind in ("csv", "tsv"):
        cut = rng.choice((b",", b";", b"\t", b"|"))
        return kind, b"id" + cut + b"note\n" + plain.replace(b" ", rng.choice((cut, b'"', b"\n", b'"\n', b" ")))
    if kind == "html":
        tags = ("p", "div", "td", "style", "script", "br", "head", "li")
        body = "".join(f"<{rng.choice(('', '/'))}{rng.choice(tags)}>{word}" for word in words.split(" "))
        return kind, b"<!DOCTYPE html><html><body>" + body.encode("utf-8", "replace")
    if kind == "rtf":
        return kind, damaged(rb"{\rtf1\ansi{\fonttbl\f0 x;}" + plain[:200] + rb"\par\'e9\u233?}", rng)
    if kind == "docx":
        return kind, damaged(_docx(words), rng)
    if kind == "pdf":
        return kind, damaged(PDF, rng)
    if kind == "bytes":
        return kind, rng.randbytes(rng.randrange(300))
    if kind == "encoded":
        codec = rng.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "mac_roman", "shift_jis", "gb18030", "cp037"))
        return kind, words.encode(codec, "replace")
    return kind, plain


NAMES = {"csv": "a.csv", "tsv": "a.tsv", "jsonl": "a.jsonl", "ndjson": "a.ndjson", "packet": "a.json", "yaml": "a.yml"}
ROWS = ("csv", "tsv", "jsonl", "ndjson")


def documents(kind: str, data: bytes, folder: Path) -> Iterator[tuple[Document | InputError, str]]:
    """Read an input as the product would: what it is, and what messages call it; none for a model's turn.

    Raises:
        InputError: it cannot be used as a whole.
    """
    name = NAMES.get(kind, "a.txt")
    if kind == "turn":
        text = data.decode("utf-8", "replace")
        dialogue.parse(text, "Girl with seizures.", "full")
        dialogue.parse(text, "", "short", "final")
    elif kind in ROWS:
        path = folder / name
        path.write_bytes(data)
        yield from ((one.given, one.id) for one in read_inputs(path))
    else:
        yield read_input(data, name), name
