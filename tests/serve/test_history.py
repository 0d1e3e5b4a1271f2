"""The history: off until switched on, private, searchable, deletable; from the page and from the command line."""

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from raredxr1.cli import app
from raredxr1.errors import InputError
from raredxr1.serve.database import Database
from raredxr1.serve.history import MIGRATIONS, History
from raredxr1.serve.settings import Settings
from serving import NOTE, SECRET

Run = Callable[..., Result]


@pytest.fixture
def history(settings: Settings) -> History:
    return History(settings.folder)


@pytest.fixture
def run(settings: Settings) -> Run:
    return lambda *args: CliRunner().invoke(app, ["history", *args, "--data", str(settings.folder)])


def diagnose(client: TestClient, note: str = NOTE) -> None:
    assert client.post("/v1/diagnose", json={"note": note}).status_code == 200


def test_nothing_is_kept_until_it_is_switched_on(client: TestClient, history: History, settings: Settings) -> None:
    diagnose(client, f"{NOTE} {SECRET}")
    assert not history.recording
    assert not history.path.exists()
    assert all(SECRET.encode() not in path.read_bytes() for path in settings.folder.rglob("*") if path.is_file())


def test_switched_on_it_keeps_page_and_api_alike(client: TestClient, history: History) -> None:
    history.switch(True)
    diagnose(client)
    client.post("/diagnose", data={"note": f"{NOTE} {SECRET}"})
    history.switch(False)
    diagnose(client)
    assert [line.source for line in history.lines()] == ["page", "api"]
    assert [line.first for line in history.lines()] == ["Rett syndrome"] * 2
    entry = history.get(history.lines()[0].id)
    assert entry is not None
    assert entry.result.note.endswith(SECRET)
    assert [finding.term for finding in entry.review.findings if finding.present][:1] == ["Seizure"]


def test_its_file_is_private_and_in_wal_mode(history: History) -> None:
    history.switch(True)
    assert stat.S_IMODE(history.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(history.path.parent.stat().st_mode) == 0o700
    assert sqlite3.connect(history.path).execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert sqlite3.connect(history.path).execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


@pytest.mark.parametrize(
    ("words", "found"),
    [("", 2), ("zanzibar", 1), ("ZANZI seiz", 1), ("rett", 2), ("zanzibar nowhere", 0), ("100%", 0), ("_", 0)],
)
def test_search_wants_every_word(client: TestClient, history: History, words: str, found: int) -> None:
    history.switch(True)
    diagnose(client)
    diagnose(client, f"{NOTE} {SECRET}")
    assert len(history.lines(words)) == found


def test_what_is_deleted_is_gone_from_the_file(client: TestClient, history: History) -> None:
    history.switch(True)
    diagnose(client, f"{NOTE} {SECRET}")
    assert history.delete([history.lines()[0].id]) == 1
    files = [history.path, *history.path.parent.glob("history.sqlite-*")]
    assert all(SECRET.encode() not in path.read_bytes() for path in files)


def test_an_entry_of_another_version_is_named_and_can_still_be_exported(client: TestClient, history: History) -> None:
    history.switch(True)
    diagnose(client)
    entry_id = history.lines()[0].id
    with sqlite3.connect(history.path) as db:
        db.execute('UPDATE entry SET result = \'{"schema_version": "0"}\'')
    with pytest.raises(InputError, match="another version"):
        history.get(entry_id)
    assert json.loads("".join(history.export()))["result"] == {"schema_version": "0"}


# --- the file itself ---------------------------------------------------------------------------------------------


def test_migrations_run_once_each_and_in_order(tmp_path: Path) -> None:
    first = ("CREATE TABLE a (x)",)
    with Database(tmp_path / "d.sqlite", first).connect() as db:
        db.execute("INSERT INTO a VALUES (1)")
    with Database(tmp_path / "d.sqlite", (*first, "ALTER TABLE a ADD y DEFAULT 7")).connect() as db:
        assert tuple(db.execute("SELECT x, y FROM a").fetchone()) == (1, 7)
    with pytest.raises(InputError, match="newer version"), Database(tmp_path / "d.sqlite", first).connect():
        pass


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    first = ("CREATE TABLE a (x)",)
    with Database(tmp_path / "d.sqlite", first).connect():
        pass
    broken = Database(tmp_path / "d.sqlite", (*first, "CREATE TABLE b (x); CREATE TABLE a (x)"))
    with pytest.raises(InputError, match="damaged"), broken.connect():
        pass
    tables = sqlite3.connect(tmp_path / "d.sqlite").execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("a",)]


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_text("not a database " * 100)
    with pytest.raises(InputError, match="no database of raredx"):
        History(tmp_path).lines()
    assert (tmp_path / "history.sqlite").read_text().startswith("not a database")


# --- the command line ------------------------------------------------------------------------------------------------


def test_the_command_line_switches_lists_shows_exports_and_deletes(
    client: TestClient, run: Run, history: History, tmp_path: Path
) -> None:
    assert "off" in run("list").stdout
    assert run("on").exit_code == 0
    diagnose(client, f"{NOTE} {SECRET}")
    listed = json.loads(run("list", "--json").stdout)
    assert (listed["recording"], listed["total"]) == (True, 1)
    entry_id = listed["entries"][0]["id"]
    assert run("list", "nowhere").stdout.startswith("Nothing to list")
    assert entry_id in run("list", SECRET).stdout
    shown = run("show", entry_id).stdout
    assert SECRET in shown
    assert "ORPHA:778" in shown
    assert json.loads(run("show", entry_id, "--json").stdout)["review"]["findings"]
    out = tmp_path / "kept.jsonl"
    assert run("export", "--out", str(out)).exit_code == 0
    assert json.loads(out.read_text())["id"] == entry_id
    assert run("export", "--out", str(out)).exit_code == 2
    assert run("delete").exit_code == 2
    assert run("delete", "nonsense").exit_code == 2
    assert history.count() == 1
    assert run("off").stdout.startswith("The history is off. Kept: 1;")
    assert run("delete", "--all").stdout == "deleted: 1\n"
    assert run("show", entry_id).exit_code == 2


def test_what_a_reader_corrected_is_shown_with_the_entry(client: TestClient, run: Run, history: History) -> None:
    history.switch(True)
    place = client.post("/diagnose", data={"note": NOTE}, follow_redirects=False).headers["location"]
    entry_id = place.rsplit("/", 1)[1]
    client.get(f"{place}/events")
    assert "A reader corrected" not in run("show", entry_id).stdout
    client.post(f"{place}/findings", data={"action": "flip:1"})
    assert "A reader corrected the findings: now absent Seizure." in run("show", entry_id).stdout


def test_switching_off_what_was_never_on_makes_no_file(run: Run, history: History) -> None:
    assert run("off").exit_code == 0
    assert not history.path.exists()
