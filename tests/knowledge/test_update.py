"""`raredx knowledge update` against a server of our own: whole, cut off, wrong, changed in between, and back."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raredxr1.cli import app
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.build import build
from raredxr1.knowledge.linking import Linker
from raredxr1.knowledge.update import Places, carry_over, places, rollback, update
from tiny_knowledge import write_tiny_source


class Source:
    """Files served over HTTP with ranges; `cut` ends the next answer of a file after so many bytes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.cut: dict[str, int] = {}
        self.asked: list[tuple[str, str]] = []
        self.address = ""


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    served = Source()
    folder = write_tiny_source(tmp_path / "official")
    served.files = {path.name: path.read_bytes() for path in folder.iterdir()}
    served.files["genes_to_disease.txt"] = (
        b"ncbi_gene_id\tgene_symbol\tassociation_type\tdisease_id\tsource\n"
        b"NCBIGene:4204\tMECP2\tMENDELIAN\tOMIM:312750\tmim2gene\n"
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rsplit("/", 1)[-1]
            data = served.files.get(name)
            asked = self.headers.get("Range", "")
            served.asked.append((name, asked))
            if data is None:
                self.send_error(404)
                return
            tag = '"' + hashlib.sha256(data).hexdigest()[:16] + '"'
            start = int(asked[6:-1]) if asked and self.headers.get("If-Range") == tag else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.send_header("ETag", tag)
            self.end_headers()
            self.wfile.write(data[start:][: served.cut.pop(name, len(data))])

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    served.address = f"http://127.0.0.1:{server.server_port}/release"
    yield served
    server.shutdown()
    server.server_close()


@pytest.fixture
def where(tmp_path: Path) -> Places:
    return places(tmp_path / "mine" / "updated.npz")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    build(write_tiny_source(tmp_path / "before"), tmp_path / "base.npz")
    return tmp_path / "base.npz"


def test_it_fetches_builds_and_puts_in_place(source: Source, where: Places, base: Path) -> None:
    kb = update(source.address, where, base)
    assert kb.path == where.current
    assert kb.genes(kb.disease("OMIM:312750") or 0) == ["MECP2"]
    assert not where.fetched.exists()
    assert not where.previous.exists()


def test_a_connection_cut_off_is_gone_on_with(source: Source, where: Places, base: Path) -> None:
    source.cut["phenotype.hpoa"] = 100
    with pytest.raises(InputError, match=r"ended after 100 of [\d,]+ bytes; run the same again"):
        update(source.address, where, base)
    assert not where.current.exists()
    source.asked.clear()
    update(source.address, where, base)
    assert ("phenotype.hpoa", "bytes=100-") in source.asked
    assert "hp.obo" not in [name for name, _ in source.asked]


def test_a_file_that_changed_in_between_is_fetched_whole(source: Source, where: Places, base: Path) -> None:
    source.cut["hp.obo"] = 50
    with pytest.raises(InputError):
        update(source.address, where, base)
    source.files["hp.obo"] += b"\n"
    update(source.address, where, base)
    assert KnowledgeBase(where.current).term_ids == KnowledgeBase(base).term_ids


@pytest.mark.parametrize("data", [b"<html>not here</html>", b"", b"\xff\xfe"])
def test_wrong_content_changes_nothing_and_is_fetched_anew(
    source: Source, where: Places, base: Path, data: bytes
) -> None:
    update(source.address, where, base)
    before = where.current.read_bytes()
    right, source.files["hp.obo"] = source.files["hp.obo"], data
    with pytest.raises(InputError, match=r"hp\.obo"):
        update(source.address, where, base)
    assert where.current.read_bytes() == before
    source.files["hp.obo"] = right
    update(source.address, where, base)


def test_a_checksum_that_does_not_fit_is_refused(source: Source, where: Places, base: Path) -> None:
    source.files["SHA256SUMS"] = f"{'0' * 64}  hp.obo\n".encode()
    with pytest.raises(InputError, match="SHA256SUMS says 000000000000"):
        update(source.address, where, base)
    assert not where.current.exists()
    source.files["SHA256SUMS"] = f"{hashlib.sha256(source.files['hp.obo']).hexdigest()} *hp.obo\n".encode()
    update(source.address, where, base)


def test_a_release_much_smaller_than_the_present_one_is_refused(source: Source, where: Places, base: Path) -> None:
    lines = source.files["phenotype.hpoa"].decode().splitlines(keepends=True)
    source.files["phenotype.hpoa"] = "".join(lines[:6]).encode()
    with pytest.raises(InputError, match="annotates"):
        update(source.address, where, base)


def test_a_server_that_is_not_there_is_said_in_one_line(where: Places, base: Path) -> None:
    with pytest.raises(InputError, match=r"hp\.obo: .*run the same again") as said:
        update("http://127.0.0.1:9/none", where, base)
    assert "\n" not in str(said.value)


def test_one_can_go_back_to_the_one_before_and_to_the_shipped_one(source: Source, where: Places, base: Path) -> None:
    with pytest.raises(InputError, match="nothing was updated"):
        rollback(where)
    update(source.address, where, base)
    first = where.current.read_bytes()
    source.files["phenotype.hpoa"] = source.files["phenotype.hpoa"].replace(b"2024", b"2031")
    update(source.address, where, base)
    assert where.current.read_bytes() != first
    rollback(where)
    assert where.current.read_bytes() == first
    assert "shipped" in rollback(where)
    assert not where.current.exists()


def test_the_command_says_what_it_fetches_and_asks(source: Source, tmp_path: Path) -> None:
    command = ["knowledge", "update", "--source", source.address, "--out", str(tmp_path / "x.npz")]
    result = CliRunner().invoke(app, command, input="n\n")
    assert result.exit_code != 0
    assert f"{source.address}/hp.obo" in result.output
    assert source.asked == [], "nothing is fetched before a yes"


def test_what_was_known_from_elsewhere_is_kept(tmp_path: Path, base: Path) -> None:
    changed = write_tiny_source(tmp_path / "later")
    text = (changed / "phenotype.hpoa").read_text("utf-8")
    (changed / "phenotype.hpoa").write_text(text.replace("Angelman syndrome", "Happy syndrome"), "utf-8")
    build(changed, tmp_path / "fresh.npz")
    carry_over(tmp_path / "fresh.npz", base, tmp_path / "out.npz")
    kb = KnowledgeBase(tmp_path / "out.npz")
    link = Linker(kb).disease("Angelman syndrome")
    assert link is not None
    assert link.label == "Happy syndrome"
