"""`raredx mcp`: what an agent sees, through the protocol's own client."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from typer.testing import CliRunner

from crr_product import NOTE, scripted, tiny_names
from raredxr1.cli import app
from raredxr1.diagnose import diagnoser as module
from raredxr1.diagnose.diagnoser import Diagnoser
from raredxr1.mcp_server import make_server

Call = Callable[..., Any]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr(module, "open_model", lambda path, threads: scripted())
    monkeypatch.setattr(module, "open_names", lambda path, *_: tiny_names(tmp_path))
    server = make_server(Diagnoser())

    async def asked(tool: str | None, arguments: dict[str, Any]) -> Any:
        async with Client(server) as client:
            return await (client.call_tool(tool, arguments) if tool else client.list_tools())

    return lambda tool=None, **arguments: asyncio.run(asked(tool, arguments))


def content(said: Any) -> dict[str, Any]:
    assert not said.is_error, said.content[0].text
    document: dict[str, Any] = json.loads(said.content[0].text)
    return document


def test_every_tool_says_what_it_is_for(call: Call) -> None:
    tools = {tool.name: tool.description for tool in call().tools}
    assert set(tools) == {"diagnose", "diagnose_phenopacket", "knowledge_show", "knowledge_search", "knowledge_rank"}
    assert all(tools.values())
    assert "Research only" in tools["diagnose"]


def test_a_note_is_diagnosed(call: Call) -> None:
    document = content(call("diagnose", note=NOTE))
    assert document["candidates"][0]["name"] == "Rett syndrome"
    assert document["settings"]["form"] == "full"
    assert "research use only" in document["disclaimer"]
    assert "note" not in document


def test_without_reasoning_the_short_form_is_asked_for(call: Call) -> None:
    document = content(call("diagnose", note=NOTE, reasoning=False))
    assert (document["settings"]["form"], document["diagnosis"]["findings"]) == ("short", [])


def test_a_long_note_is_read_whole(call: Call) -> None:
    read = content(call("diagnose", note=NOTE + " And so on." * 3000))
    assert (read["truncation"], read["notices"]) == (None, [])
    assert content(call("diagnose", note=NOTE, truncate=True))["notices"]


def test_a_phenopacket_is_diagnosed(call: Call) -> None:
    packet = {"id": "p", "phenotypicFeatures": [{"type": {"id": "HP:0000733"}}]}
    assert content(call("diagnose_phenopacket", phenopacket=packet))["note"] == "Findings: Motor stereotypy."


def test_knowledge_is_looked_up(call: Call) -> None:
    assert content(call("knowledge_show", name_or_id="OMIM:312750"))["disease"]["genes"] == ["MECP2"]
    assert content(call("knowledge_show", name_or_id="HP:0001250"))["term"]["name"] == "Seizure"
    assert content(call("knowledge_search", text="angelman"))["hits"][0]["id"] == "OMIM:105830"
    ranked = content(call("knowledge_rank", present=["HP:0000733"], absent=["HP:0001251"], limit=2))
    assert ranked["likelihood"][0]["name"] == "Rett syndrome"
    assert len(ranked["similarity"]) == 2


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("diagnose", {"note": "  "}, "note: blank"),
        ("diagnose_phenopacket", {"phenopacket": {"a": 1}}, "no phenopacket and no FHIR bundle"),
        ("knowledge_show", {"name_or_id": "OMIM:1"}, "no disease with this id"),
        ("knowledge_rank", {"present": ["HP:1"]}, "is no HPO id"),
    ],
)
def test_a_mistake_is_an_error_the_agent_can_mend(call: Call, tool: str, arguments: dict[str, Any], said: str) -> None:
    answer = call(tool, **arguments)
    assert answer.is_error
    assert said in answer.content[0].text


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "raredxr1.mcp_server", None)
    result = CliRunner().invoke(app, ["mcp"])
    assert result.exit_code == 2
    assert "pip install 'raredxr1[mcp]'" in result.stderr
