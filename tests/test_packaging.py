"""What people install: wheel and sdist that carry the model, a Dockerfile, a conda recipe, completion of the shell."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

from raredxr1.version import VERSION
from started import started_python

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
_BUILD = """
import sys, zipfile, zlib
kind, out, level = sys.argv[1], sys.argv[2], int(sys.argv[3])
packer = zlib.compressobj
zlib.compressobj = lambda _=-1, *more, **named: packer(level, *more, **named)
write = zipfile.ZipFile.writestr
def plain(archive, info, data, packing=None, *more):
    return write(archive, info, data, zipfile.ZIP_STORED if ".part-" in info.filename else packing, *more)
zipfile.ZipFile.writestr = plain
import setuptools.build_meta as backend
getattr(backend, kind)(out)
"""
"""Builds, packing as little as is said, and weights not at all: they hardly get smaller, and take a minute."""
_ASK = """
import sys, raredxr1.cli
print(raredxr1.__file__, flush=True)
for asked in (["--version"], ["diagnose", "--example", "--fast"]):
    sys.argv[1:] = asked
    try:
        raredxr1.cli.main()
    except SystemExit as ended:
        assert not ended.code
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Wheel and sdist, built from a copy of what they are made of."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, tree)
    shutil.copytree(ROOT / "src", tree / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for kind, level in (("build_sdist", "0"), ("build_wheel", "1")):
        command = [sys.executable, "-c", _BUILD, kind, out, level]
        made = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr[-2000:]
    yield out
    shutil.rmtree(tree)
    shutil.rmtree(out)


def sources() -> set[str]:
    package = ROOT / "src" / "raredxr1"
    return {
        path.relative_to(ROOT / "src").as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_carries_everything_and_asks_for_nothing_heavy(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(name for name in names if name.endswith("dist-info/METADATA"))).decode()
        points = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    assert sources() <= names, sorted(sources() - names)[:5]
    assert {"raredxr1/assets/model/manifest.json", "raredxr1/assets/knowledge.npz"} <= names
    assert "raredx = raredxr1.cli:main" in points
    needed = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert not re.search(r"torch|transformers|pyarrow|ray", " ".join(needed)), "the product is light"
    parts = [p.stat().st_size for p in (Path(__file__).parents[1] / "src/raredxr1/assets/model").glob("*.part-*")]
    assert wheel.stat().st_size - sum(parts) < 110e6 and all(size <= 90 * 2**20 for size in parts)


def test_the_sdist_holds_what_the_wheel_is_made_of(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {f"src/{name}" for name in sources()} <= names
    assert {"pyproject.toml", "README.md", "LICENSE", "NOTICE"} <= names


def test_what_the_wheel_holds_answers(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", _ASK]
    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.startswith(str(tmp_path))
    assert re.search(r"^model \S+ \(\w{12}\)\nknowledge \S", said, re.MULTILINE)
    assert "Rett syndrome" in said


# --- container -------------------------------------------------------------------------------------------------------


def test_the_dockerfile_is_in_order() -> None:
    linter = Path(sys.prefix) / "bin" / "hadolint"
    told = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "")


def test_the_image_is_not_root_and_is_made_of_what_there_is() -> None:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if re.match(r"[A-Z]", line)]
    least = re.search(r">=(3\.\d+)", PROJECT["requires-python"])
    assert least and all(f"python:{least[1]}" in line for line in lines if line.startswith("FROM"))
    user = max(place for place, line in enumerate(lines) if line.startswith("USER"))
    assert lines[user].split()[1] not in ("root", "0")
    assert all(not line.startswith("RUN") for line in lines[user:]), "nothing is installed by the user that runs it"
    assert not re.search(r"curl|wget|https?://(?!127\.0\.0\.1)", text), "but for pip, nothing is fetched"
    for line in lines:
        if line.startswith("COPY") and "--from" not in line:
            for name in line.split()[1:-1]:
                assert (ROOT / name).exists(), name
                assert f"!{name}" in (ROOT / ".dockerignore").read_text().splitlines(), f"{name} is not sent along"
    extras = re.findall(r"\[(\w+)\]\"", text)
    assert extras and set(extras) <= set(PROJECT["optional-dependencies"])


# --- conda -----------------------------------------------------------------------------------------------------------


def test_the_conda_recipe_asks_for_what_the_project_asks_for() -> None:
    recipe = yaml.safe_load(
        jinja2.Template((ROOT / "packaging" / "conda" / "meta.yaml").read_text()).render(PYTHON="p")
    )

    assert str(recipe["package"]["version"]) == VERSION
    asked = {"".join(line.split()).lower() for line in recipe["requirements"]["run"]}
    wanted = {
        f"python{PROJECT['requires-python']}",
        *("".join(line.split()).lower() for line in PROJECT["dependencies"]),
    }
    assert asked == wanted
    assert recipe["build"]["entry_points"] == [f"{k} = {v}" for k, v in PROJECT["scripts"].items()]
    for name in recipe["about"]["license_file"]:
        assert (ROOT / name).exists()


# --- shell -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands(shell: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    raredx = [started_python(tmp_path_factory), "-m", "raredxr1"]
    environment = {**os.environ, "_RAREDX_COMPLETE": f"source_{shell}"}
    script = subprocess.run(raredx, env=environment, capture_output=True, text=True, check=True).stdout
    assert "raredx" in script and "_RAREDX_COMPLETE" in script
    words = {
        "_RAREDX_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": "raredx dia",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    asked = {**os.environ, **words, "COMP_WORDS": "raredx dia", "COMP_CWORD": "1"}
    assert "diagnose" in subprocess.run(raredx, env=asked, capture_output=True, text=True, check=True).stdout
