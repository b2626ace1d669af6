"""What is installed elsewhere is whole: every module, the grammar, the diagnostics' pages."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDERS = {"dsl": "segwright/dsl", "compiler": "segwright/compiler", "runtime": "segwright/runtime"}

# Imports every module and says which file each came from.
IMPORT_EVERYTHING = """
import importlib, pkgutil
import segwright
names = ["segwright", *(m.name for m in pkgutil.walk_packages(segwright.__path__, "segwright."))]
for name in names:
    if not name.endswith(".__main__"):
        print(name, importlib.import_module(name).__file__)
"""


def files_below(folder: Path, pattern: str) -> set[str]:
    """Paths relative to `folder`, links to other layers left out."""
    root = folder.resolve()
    found = (path for path in folder.rglob(pattern) if path.resolve().is_relative_to(root))
    return {path.relative_to(folder).as_posix() for path in found}


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a wheel built from a copy of the sources unpacks to."""
    base = tmp_path_factory.mktemp("wheel")
    sources = base / "sources"
    for name in ("dsl", "compiler", "runtime", "segwright"):
        shutil.copytree(repository / name, sources / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for path in repository.iterdir():
        if path.is_file():
            shutil.copy(path, sources)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    built = subprocess.run([*pip, "--wheel-dir", str(base), str(sources)], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (archive,) = base.glob("segwright-*.whl")
    unpacked = base / "unpacked"
    zipfile.ZipFile(archive).extractall(unpacked)
    return unpacked


def test_the_wheel_holds_every_module_once(repository: Path, wheel: Path) -> None:
    expected = {f"segwright/{path}" for path in files_below(repository / "segwright", "*.py")}
    for folder, installed in FOLDERS.items():
        expected |= {f"{installed}/{path}" for path in files_below(repository / folder, "*.py")}
    assert files_below(wheel, "*.py") == expected
    assert "segwright/dsl/__init__.py" in expected


def test_the_wheel_holds_the_grammar_and_every_page(repository: Path, wheel: Path) -> None:
    installed = wheel / "segwright" / "dsl"
    assert (installed / "grammar.lark").read_bytes() == (repository / "dsl" / "grammar.lark").read_bytes()
    pages = files_below(repository / "dsl" / "codes", "*.md")
    assert any(re.fullmatch(r"SEG\d{3}\.md", page) for page in pages)
    assert files_below(installed / "codes", "*.md") == pages


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    (information,) = wheel.glob("segwright-*.dist-info")
    metadata = (information / "METADATA").read_text(encoding="utf-8")
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert "segwright = segwright.cli:main" in (information / "entry_points.txt").read_text(encoding="utf-8")
    assert "Apache License" in (information / "licenses" / "LICENSE").read_text(encoding="utf-8")
    assert (wheel / "segwright" / "py.typed").exists()


def test_every_module_of_the_wheel_imports_elsewhere(wheel: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    origins = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert {"segwright", "segwright.cli", "segwright.dsl", "segwright.compiler", "segwright.runtime"} <= set(origins)
    assert [name for name, file in origins.items() if not Path(file).is_relative_to(wheel)] == []


def pinned_versions(repository: Path) -> dict[str, str]:
    """`constraints.txt` as canonical name to version."""
    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin)] == []
    return {canonicalize_name(name): version for name, version in (pin.split("==") for pin in pins)}


def installed_closure(distribution: str, extras: frozenset[str]) -> dict[str, str]:
    """Every distribution that installing `distribution[extras]` brings to this machine, with its version."""
    found: dict[str, str] = {}
    waiting = [(distribution, extras)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, wanted = item = waiting.pop()
        if item in seen:
            continue
        seen.add(item)
        found[name] = importlib.metadata.version(name)
        for line in importlib.metadata.requires(name) or []:
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in wanted | {""}):
                waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    del found[distribution]
    return found


def test_the_constraints_pin_everything_that_is_installed(repository: Path) -> None:
    pins = pinned_versions(repository)
    needed = installed_closure("segwright", frozenset({"all", "dev"}))
    assert {"duckdb", "lark", "pytest", "z3-solver"} <= set(needed)
    assert {name: pins.get(name) for name in needed} == needed
    assert set(pins) == set(needed)
