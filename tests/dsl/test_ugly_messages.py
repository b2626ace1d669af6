"""Messages that wait for somebody to mend them (`tests/cases/ugly_messages/`): each is still as the ticket says, so
that nobody mends one without closing its ticket, and none of them makes a tenth of a page."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from segwright.dsl.project import check_files

FILES = sorted((Path(__file__).parents[1] / "cases" / "ugly_messages").glob("*.toml"))
CASES: list[tuple[str, dict[str, Any]]] = [
    (content.get("before", ""), case)
    for content in (tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES)
    for case in content["case"]
]


@pytest.mark.parametrize("before, case", CASES, ids=lambda value: value["mistake"] if isinstance(value, dict) else "")
def test_the_ticket_says_what_is_said(before: str, case: dict[str, Any], tmp_path: Path) -> None:
    assert case.keys() == {"mistake", "wrong", "says", "should"}
    file = tmp_path / "rules.seg"
    file.write_text(before + case["wrong"], encoding="utf-8")
    errors = [found.message for found in check_files([file], tmp_path).diagnostics if found.severity == "error"]
    assert any(case["says"] in message for message in errors)
    assert all(case["should"] not in message for message in errors)
    assert len(errors) <= 3
