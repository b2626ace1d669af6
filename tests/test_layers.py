"""The layers import downwards only, and each knows only the libraries that are its business."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Layer:
    """What the code of one folder may import, besides itself and the standard library."""

    below: frozenset[str]
    libraries: frozenset[str]


LAYERS = {
    "dsl": Layer(frozenset(), frozenset({"lark"})),
    "compiler": Layer(frozenset({"dsl"}), frozenset({"polars", "pydantic", "sqlglot", "z3"})),
    "runtime": Layer(
        frozenset({"dsl", "compiler"}), frozenset({"duckdb", "polars", "pydantic", "sqlglot", "xlsxwriter"})
    ),
    "segwright": Layer(
        frozenset({"dsl", "compiler", "runtime"}),
        frozenset({"altair", "jinja2", "markupsafe", "pydantic", "rich", "vl_convert"}),
    ),
}

# Of the standard library, what only the face has a use for.
SCREENS = frozenset({"curses", "html", "http", "socketserver", "tkinter", "webbrowser"})


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, absolute and dotted, with its line and whether it was written relatively."""

    line: int
    name: str
    relative: bool


def imports_of(tree: ast.Module, package: str) -> Iterator[Import]:
    """Every import of a module of `package`, wherever it stands, those for annotations alone included."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (Import(node.lineno, alias.name, False) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                parents = package.split(".")
                start = ".".join(parents[: len(parents) - level + 1]) if level else ""
                base = ".".join(part for part in (start, module) if part)
                yield from (Import(node.lineno, f"{base}.{alias.name}", level > 0) for alias in names)
            case ast.Call(func=ast.Name(id="__import__") | ast.Attribute(attr="import_module")):
                yield Import(node.lineno, "a name made up while running", False)
            case _:
                pass


def layer_of(name: str) -> str:
    """The layer that an absolute name under `segwright` belongs to."""
    second = name.split(".")[1] if "." in name else ""
    return second if second in LAYERS else "segwright"


def violation(layer: str, found: Import) -> str | None:
    """What is wrong with an import in `layer`, if anything."""
    top = found.name.split(".")[0]
    rules = LAYERS[layer]
    if top == "segwright":
        target = layer_of(found.name)
        if target != layer and target not in rules.below:
            return f"{layer} may not import {target}"
        return None if found.relative else "inside the packages imports are relative"
    if top in sys.stdlib_module_names:
        return f"{layer} may not import {top}" if top in SCREENS and layer != "segwright" else None
    return None if top in rules.libraries else f"{layer} may not import {top}"


def modules_of(repository: Path, layer: str) -> list[Path]:
    """The Python files of a layer; links in `segwright/` lead to other layers and are left out."""
    folder = repository / layer
    return sorted(path for path in folder.rglob("*.py") if path.resolve().is_relative_to(folder.resolve()))


def violations_in(repository: Path, layer: str) -> list[str]:
    """`file:line: what is wrong` for each import of the layer that points the wrong way."""
    folder = repository / layer
    root = ("segwright",) if layer == "segwright" else ("segwright", layer)
    problems: list[str] = []
    for path in modules_of(repository, layer):
        package = ".".join((*root, *path.relative_to(folder).parent.parts))
        for found in imports_of(ast.parse(path.read_text(encoding="utf-8")), package):
            problem = violation(layer, found)
            if problem:
                problems.append(f"{path.relative_to(repository).as_posix()}:{found.line}: {problem}")
    return problems


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_downwards_only(repository: Path, layer: str) -> None:
    assert repository / layer / "__init__.py" in modules_of(repository, layer)
    assert violations_in(repository, layer) == []


@pytest.mark.parametrize(
    "file, code, problem",
    [
        ("dsl/a.py", "import duckdb", "1: dsl may not import duckdb"),
        ("dsl/a.py", "import polars as pl", "1: dsl may not import polars"),
        ("dsl/a.py", "from pydantic import BaseModel", "1: dsl may not import pydantic"),
        ("dsl/a.py", "from sqlglot.expressions import Case", "1: dsl may not import sqlglot"),
        ("dsl/a.py", "from ..compiler.plan import Plan", "1: dsl may not import compiler"),
        ("dsl/deep/a.py", "from ...compiler import plan", "1: dsl may not import compiler"),
        ("dsl/a.py", "from .. import runtime", "1: dsl may not import runtime"),
        ("dsl/a.py", "from .. import __version__", "1: dsl may not import segwright"),
        ("dsl/a.py", "import segwright.runtime.run", "1: dsl may not import runtime"),
        ("dsl/a.py", "from segwright.dsl.source import Span", "1: inside the packages imports are relative"),
        ("dsl/a.py", "def late() -> None:\n    import duckdb", "2: dsl may not import duckdb"),
        ("dsl/a.py", "if TYPE_CHECKING:\n    from ..runtime import run", "2: dsl may not import runtime"),
        (
            "dsl/a.py",
            "importlib.import_module(name)",
            "1: dsl may not import a name made up while running",
        ),
        ("compiler/a.py", "import duckdb", "1: compiler may not import duckdb"),
        ("compiler/a.py", "from rich.table import Table", "1: compiler may not import rich"),
        ("compiler/a.py", "from ..runtime.run import run", "1: compiler may not import runtime"),
        ("runtime/a.py", "import typer", "1: runtime may not import typer"),
        ("runtime/a.py", "from rich import print", "1: runtime may not import rich"),
        ("runtime/a.py", "from html import escape", "1: runtime may not import html"),
        ("runtime/a.py", "from ..api import open", "1: runtime may not import segwright"),
        ("segwright/cli/a.py", "import duckdb", "1: segwright may not import duckdb"),
        ("segwright/a.py", "import polars", "1: segwright may not import polars"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, file: str, code: str, problem: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(code, encoding="utf-8")
    assert violations_in(tmp_path, file.split("/")[0]) == [f"{file}:{problem}"]


@pytest.mark.parametrize(
    "file, code",
    [
        ("dsl/a.py", "import re\nfrom lark import Lark\nfrom . import source\nfrom .source import Span"),
        ("dsl/deep/a.py", "from ..source import Span\nfrom . import b"),
        (
            "compiler/a.py",
            "import sqlglot\nimport polars\nfrom ..dsl.program import Program\nfrom .. import dsl",
        ),
        ("compiler/deep/a.py", "from ...dsl.program import Program\nfrom ..plan import Plan"),
        ("runtime/a.py", "import duckdb\nfrom ..compiler.plan import Plan\nfrom ..dsl import source"),
        ("segwright/cli/a.py", "import rich.table"),
        (
            "segwright/cli/b.py",
            "from ..dsl.check import check\nfrom ..runtime import run\nfrom .. import api",
        ),
    ],
)
def test_a_right_import_is_left_alone(tmp_path: Path, file: str, code: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(code, encoding="utf-8")
    assert violations_in(tmp_path, file.split("/")[0]) == []
