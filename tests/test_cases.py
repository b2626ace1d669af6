"""Every hand-worked case holds on the reference interpreter and through the whole product."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cases.format import Case, CaseError, ExpectedError, ExpectedRows, read_case
from cases.oracle import checked, condition_named, reference_answers
from reference.errors import DataError
from reference.interpreter import Answer

from segwright.dsl.program import Program
from segwright.dsl.source import Source

CASES = sorted((Path(__file__).parent / "cases").rglob("*.case"))


def case_name(path: Path) -> str:
    return str(path.relative_to(CASES[0].parents[1]))


def day(case: Case, expected: ExpectedRows | ExpectedError) -> dt.date:
    as_of = expected.as_of or case.as_of
    if as_of is None:
        raise CaseError(f"{case.path.name} does not say as of when")
    return as_of


def table_of(program: Program, expected: ExpectedRows) -> str:
    """The table that the expected rows are about: that of the segmentations, or the only one with that key."""
    names = [column for column in expected.columns if column not in {f"`{each}`" for each in expected.conditions}]
    tables = {program.segmentation(name).table for name in names}
    if len(tables) != 1:
        raise CaseError("one `expect` is about the segmentations of one table")
    return tables.pop()


def said(answer: Answer, written: str) -> str:
    """An answer as the case would write it, without the clause where the case leaves it out."""
    if isinstance(answer, list):
        return ", ".join(answer) or "none"
    segment, clause = answer
    return f"{segment} ({clause})" if "(" in written else segment


def expected_answers(program: Program, expected: ExpectedRows) -> dict[Any, dict[str, str]]:
    """Key → column → what the case says."""
    table = program.table(table_of(program, expected))
    assert table.key == expected.key, f"the first column is the key of `{table.name}`"
    whole = table.field_named(expected.key).type.kind == "integer"
    found: dict[Any, dict[str, str]] = {}
    for line in expected.lines:
        key = line[expected.key]
        assert key is not None
        cells = {column: cell.text if cell else "" for column, cell in line.items() if column != expected.key}
        found[int(key.text) if whole else key.text] = cells
    return found


def reference_says(
    case: Case, program: Program, sources: dict[str, Source], expected: ExpectedRows
) -> dict[Any, dict[str, str]]:
    """Key → column → what the reference interpreter says, written as the case writes it."""
    table = table_of(program, expected)
    assigned = reference_answers(case, program, day(case, expected))
    wanted = expected_answers(program, expected)
    tests = {words: condition_named(program, sources, table, words) for words in expected.conditions}
    truths = {True: "true", False: "false", None: "unknown"}
    return {
        key: {
            **{
                name: said(answers[name], wanted.get(key, {}).get(name, ""))
                for name in answers
                if name in expected.columns
            },
            **{f"`{words}`": truths[assigned.truth(table, key, test)] for words, test in tests.items()},
        }
        for key, answers in assigned.answers[table].items()
    }


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_problems(path: Path) -> None:
    case = read_case(path)
    _, problems, sources = checked(case)
    found = [(each.severity, each.code, sources[each.span.file].words(each.span)) for each in problems]
    wanted = [(each.code, each.words) for each in case.problems]
    errors = [(code, words) for severity, code, words in found if severity == "error"]
    assert set(errors) <= set(wanted), "an error that the case does not expect"
    assert set(wanted) <= {(code, words) for _, code, words in found}, "a problem that is not found"


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_reference(path: Path) -> None:
    case = read_case(path)
    program, _, sources = checked(case)
    if program is None:
        assert not case.expected, "rules with errors cannot run"
        return
    for expected in case.expected:
        match expected:
            case ExpectedRows():
                assert reference_says(case, program, sources, expected) == expected_answers(program, expected)
            case ExpectedError(kind=kind):
                with pytest.raises(DataError) as stopped:
                    reference_answers(case, program, day(case, expected))
                assert stopped.value.kind == kind
