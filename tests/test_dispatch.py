"""How the house decides by kind: `match` over closed unions and dictionaries of functions, nothing cleverer.

That a `match` forgets no kind is for the type checker to say (`reportMatchNotExhaustive` is an error); these tests hold
the rest, and hold themselves against planted violations."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from segwright.compiler.codec import NODES
from segwright.compiler.duckdb.lower import LOWER
from segwright.compiler.duckdb.lower_aggregates import LOWER_AGGREGATES
from segwright.compiler.duckdb.lower_groups import LOWER_GROUPS
from segwright.compiler.polars import lower as polars_lower
from segwright.compiler.polars import lower_aggregates as polars_lower_aggregates
from segwright.compiler.python.lower import LOWER as PYTHON
from segwright.compiler.python.lower_aggregates import LOWER_AGGREGATES as PYTHON_AGGREGATES
from segwright.dsl.builtins import AGGREGATE_OVERLOADS, BUILTINS, BY_OVERLOAD, GROUP_OVERLOADS, ROW_OVERLOADS

REPOSITORY = Path(__file__).parents[1]
LAYERS = ("dsl", "compiler", "runtime", "segwright")
RUNS_SOURCE = "compiler/python/generated.py"
"""Where source that was written from rules is run: the only place."""
BY_NAME = {"compiler/codec.py", "segwright/render/explanation.py", "segwright/__init__.py"}
"""Where every field of a dataclass is turned into JSON, and every public name into its import: the two good reasons to
ask for attributes by name."""


def violations(tree: ast.AST) -> list[str]:
    """What a module does that the house does not: visitors, metaclasses, attributes and code by name."""
    found: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name, bases=bases, keywords=keywords):
                if "visitor" in name.lower() or any("visitor" in ast.unparse(base).lower() for base in bases):
                    found.append(f"line {node.lineno}: `{name}` is a visitor")
                if any(keyword.arg == "metaclass" for keyword in keywords):
                    found.append(f"line {node.lineno}: `{name}` has a metaclass")
            case ast.Call(func=ast.Name(id="setattr" | "eval" | "exec" | "globals" | "vars" as name)):
                found.append(f"line {node.lineno}: `{name}`")
            case ast.Call(func=ast.Name(id="getattr"), args=[_, name, *_]) if not isinstance(name, ast.Constant):
                found.append(f"line {node.lineno}: an attribute by a name that is reckoned")
            case _:
                pass
    return found


def modules() -> list[Path]:
    return [
        path
        for layer in LAYERS
        for path in sorted((REPOSITORY / layer).rglob("*.py"))
        if not any(parent.is_symlink() for parent in path.parents)
        and path.relative_to(REPOSITORY).as_posix() not in BY_NAME
    ]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_a_module_decides_by_match_and_by_dictionary(path: Path) -> None:
    found = violations(ast.parse(path.read_text(encoding="utf-8")))
    if path.relative_to(REPOSITORY).as_posix() == RUNS_SOURCE:
        assert [problem.partition(": ")[2] for problem in found] == ["`exec`"]
    else:
        assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "class ExprVisitor: ...",
        "class Walk(ast.NodeVisitor): ...",
        "class Node(metaclass=Registered): ...",
        "def visit(node): return getattr(self, 'visit_' + kind)(node)",
        "setattr(node, name, value)",
        "eval(text)",
    ],
)
def test_a_planted_violation_is_found(planted: str) -> None:
    assert len(violations(ast.parse(planted))) == 1


def test_a_match_that_forgets_a_kind_is_an_error_of_types() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["basedpyright"]["reportMatchNotExhaustive"] == "error"


def test_each_overload_is_declared_once_and_lowered_once() -> None:
    declared = [overload.id for builtin in BUILTINS for overload in builtin.overloads]
    assert len(declared) == len(set(declared)) == len(BY_OVERLOAD)
    assert set(LOWER) == set(ROW_OVERLOADS)
    assert set(LOWER_AGGREGATES) == set(AGGREGATE_OVERLOADS)
    assert set(PYTHON) == set(ROW_OVERLOADS)
    assert set(PYTHON_AGGREGATES) == set(AGGREGATE_OVERLOADS)
    assert set(LOWER_GROUPS) == set(GROUP_OVERLOADS)
    assert set(polars_lower.LOWER) == set(ROW_OVERLOADS)
    assert set(polars_lower_aggregates.LOWER_AGGREGATES) == set(AGGREGATE_OVERLOADS)
    assert {"share.rows", "net_promoter_score.integer", "count.rows", "median.money", "max.date"} <= set(LOWER_GROUPS)
    assert set(BY_OVERLOAD) == {*ROW_OVERLOADS, *AGGREGATE_OVERLOADS, *GROUP_OVERLOADS}


def test_no_name_of_a_function_is_written_in_two_declarations() -> None:
    names = [builtin.name for builtin in BUILTINS]
    assert len(names) == len(set(names))


def test_every_node_of_a_program_has_its_json_form() -> None:
    source = ast.parse((REPOSITORY / "dsl" / "program.py").read_text(encoding="utf-8"))
    declared = {node.name for node in ast.walk(source) if isinstance(node, ast.ClassDef)}
    assert declared - set(NODES) == set()
