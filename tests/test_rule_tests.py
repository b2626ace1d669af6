"""The tests that stand in the rules, examples and documents of this repository pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_docs import EXAMPLES, Example

import segwright as sw
from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.source import Source
from segwright.runtime.testing.run import run_tests

ROOT = Path(__file__).resolve().parents[1]
PROJECTS = sorted(file.parent for place in ("rules", "examples") for file in (ROOT / place).glob("*/segwright.toml"))
WITH_TESTS = [example for example in EXAMPLES if example.fence == () and '\ntest "' in example.text]


def test_there_are_projects_and_examples() -> None:
    assert ROOT / "rules" / "personal_loans" in PROJECTS
    assert WITH_TESTS


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: f"{project.parent.name}/{project.name}")
def test_the_tests_of_a_project_pass(project: Path) -> None:
    results = sw.open(project).test()
    assert [(case.title, case.row, case.failures) for case in results.cases if not case.passed] == []
    if project.parent.name == "rules":
        assert results.cases, "a project to copy has tests"


@pytest.mark.parametrize("example", WITH_TESTS, ids=lambda example: f"{example.page}:{example.line}")
def test_the_tests_of_an_example_pass(example: Example) -> None:
    sources = [Source("data.seg", example.data), Source("example.seg", example.text)]
    program = check([parse(source)[0] for source in sources]).program
    assert program is not None
    results = run_tests(program)
    assert results.cases
    assert [(case.title, case.row, case.failures) for case in results.cases if not case.passed] == []
