"""Every `raredx` line of the documentation names commands and options that exist."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from raredxr1.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def lines(page: Path) -> list[str]:
    """The commands in the code blocks of a page, without comments and what stands before a pipe."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = re.findall(r"(?:^ {4}.*\n|^```.*?^```)+", text, re.MULTILINE | re.DOTALL)
    found = re.findall(r"(?:^|\| )\s*(raredx .*)$", "\n".join(blocks), re.MULTILINE)
    return [re.split(r"\s+#|\s+&&\s+", line)[0] for line in found]


def options(line: str) -> tuple[set[str], set[str]]:
    """The options a line gives, and the options its command has."""
    words = shlex.split(line)[1:]
    command: TyperCommand | TyperGroup = typer.main.get_command(app)  # type: ignore[assignment]
    while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
        assert words[0] in command.commands, f"raredx has no {words[0]}: {line}"
        command = command.commands[words.pop(0)]  # type: ignore[assignment]
    there = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    return {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}, there


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_exist(page: Path) -> None:
    for line in lines(page):
        given, there = options(line)
        ids = {option for option in given if re.fullmatch(r"-HP:\d{7}", option)}  # an absent finding, and no option
        assert given - ids <= there | {"--debug", "--help"}, line


def test_there_are_commands_to_look_at() -> None:
    assert len(lines(ROOT / "docs" / "serve.md")) >= 8
    assert len(lines(ROOT / "docs" / "tutorial.md")) >= 10
    assert len(lines(ROOT / "README.md")) >= 10
