"""The published schema of compiled rule sets: up to date, and true of every rule set there is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from segwright.compiler.ruleset import dump
from segwright.compiler.ruleset_schema import published, ruleset_schema
from segwright.dsl.project import check_files

REPOSITORY = Path(__file__).parents[2]
PROJECTS = sorted(settings.parent for settings in REPOSITORY.glob("*/*/segwright.toml"))
PERSONAL_LOANS = REPOSITORY / "rules" / "personal_loans"
VALIDATOR = Draft202012Validator(ruleset_schema())


@cache
def ruleset_of(project: Path) -> Any:
    checked = check_files(sorted(project.glob("*.seg")), project)
    assert checked.program is not None, [found.message for found in checked.diagnostics]
    return json.loads(json.dumps(dump(checked.program, checked.sources.values(), project.name)))


def test_the_published_schema_is_up_to_date() -> None:
    """`python -m segwright.compiler.ruleset_schema > docs/ruleset.schema.json` renews it."""
    assert (REPOSITORY / "docs" / "ruleset.schema.json").read_text(encoding="utf-8") == published()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(ruleset_schema())


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_every_rule_set_fits_the_schema(project: Path) -> None:
    problems = [f"{list(found.absolute_path)}: {found.message}" for found in VALIDATOR.iter_errors(ruleset_of(project))]
    assert problems == []


CHANGES: dict[str, Callable[[Any], object]] = {
    "another format": lambda data: data.update(format=2),
    "a name that is no text": lambda data: data.update(name=3),
    "no hash": lambda data: data.update(logic_hash="abc"),
    "an unknown part": lambda data: data.update(more=1),
    "a hash missing": lambda data: data.pop("text_hash"),
    "no tables": lambda data: data["program"].pop("tables"),
    "an unknown role": lambda data: data["program"]["tables"][0].update(role="main"),
    "an unknown node": lambda data: data["program"]["tables"][0]["fields"].append({"node": "Column"}),
    "a number as text": lambda data: data["program"]["segmentations"][0]["segments"][0]["clauses"][0].update(
        number="1"
    ),
    "a list for a value": lambda data: data.update(run={"cut_points": {"customers: decile of clv_12m": [[1]]}}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_no_rule_set_does_not_fit(change: Callable[[Any], object]) -> None:
    """Made of one that fits (above)."""
    assert PERSONAL_LOANS in PROJECTS
    data = copy.deepcopy(ruleset_of(PERSONAL_LOANS))
    change(data)
    assert not VALIDATOR.is_valid(data)


def test_cut_points_of_a_run_fit() -> None:
    data = ruleset_of(PERSONAL_LOANS)
    cuts = [{"money": "12.50"}, 3, 0.5, {"date": "2026-01-31"}, None]
    assert VALIDATOR.is_valid({**data, "run": {"cut_points": {"customers: decile of clv_12m": cuts}}})
