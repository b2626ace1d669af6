"""Every hand-worked case holds on the reference interpreter and through the whole product."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cases.format import Case, CaseError, ExpectedError, ExpectedRows, read_case
from cases.oracle import before, checked, condition_named, parameters, raw_rows, reference_answers
from cases.product import run_product
from cases.run_before import RUN_BEFORE
from conformance.decide_engine import Reached, decided
from conformance.engine import EngineAnswers, Stopped
from reference.reading import read

import segwright as sw
from segwright.dsl.program import Program
from segwright.render.tests import name_of
from segwright.runtime.errors import DataError as RunDataError
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Answer
from segwright.runtime.testing.engines import ENGINES
from segwright.runtime.testing.run import run_tests

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


def as_written(answers: dict[Any, dict[str, Answer]], wanted: dict[Any, dict[str, str]]) -> dict[Any, dict[str, str]]:
    """The answers by key and segmentation as the case would write them, of the segmentations that it is about."""
    return {
        key: {name: said(answer, wanted[key][name]) for name, answer in by_name.items() if name in wanted[key]}
        if key in wanted
        else {"": "nothing expected"}
        for key, by_name in answers.items()
    }


TRUTHS = {True: "true", False: "false", None: "unknown"}


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
                table, wanted = table_of(program, expected), expected_answers(program, expected)
                assigned = reference_answers(case, program, day(case, expected))
                found = as_written(assigned.answers[table], wanted)
                for words in expected.conditions:
                    condition = condition_named(program, sources, table, words)
                    for key, cells in found.items():
                        cells[f"`{words}`"] = TRUTHS[assigned.truth(table, key, condition)]
                assert found == wanted
            case ExpectedError(kind=kind):
                with pytest.raises(DataError) as stopped:
                    reference_answers(case, program, day(case, expected))
                assert stopped.value.kind == kind


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_product(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    program, _, _ = checked(case)
    if program is None:
        nothing = Program((), (), (), (), (), ())
        with pytest.raises(sw.RulesError):
            run_product(case, nothing, dt.date(2026, 9, 1), tmp_path, evidence=False)
        return
    notes: list[str] = []
    for number, expected in enumerate(case.expected):
        folder, as_of = tmp_path / str(number), day(case, expected)
        match expected:
            case ExpectedRows():
                table, wanted = table_of(program, expected), expected_answers(program, expected)
                run = run_product(case, program, as_of, folder, evidence=bool(expected.conditions))
                conditions = {f"`{words}`" for words in expected.conditions}
                assert as_written(run.answers[table], wanted) == {
                    key: {name: cell for name, cell in cells.items() if name not in conditions}
                    for key, cells in wanted.items()
                }
                # What the case says about conditions holds on the reference interpreter, and the engine agrees with it.
                assigned = reference_answers(case, program, as_of)
                for key, truths in run.truths[table].items():
                    for condition, truth in zip(run.conditions[table], truths, strict=True):
                        assert assigned.truth(table, key, condition) is truth
                notes += run.notes
            case ExpectedError(kind=kind, words=words):
                with pytest.raises(RunDataError) as stopped:
                    run_product(case, program, as_of, folder, evidence=False)
                assert kind in {violation.kind for violation in stopped.value.violations}
                for each in words:
                    assert each in stopped.value.message
                written = [run.name for run in folder.glob("runs/*") if RUN_BEFORE not in run.name]
                assert written == [], "nothing is written"
    for each in case.notes:
        assert any(each in note for note in notes), f"no note says `{each}` in {notes}"


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_single_decisions(path: Path) -> None:
    case = read_case(path)
    program, _, _ = checked(case)
    if program is None:
        return
    raw = {table.name: raw_rows(program.table(table.name), table) for table in case.tables}
    for expected in case.expected:
        as_of = day(case, expected)

        def found(as_of: dt.date = as_of) -> tuple[EngineAnswers, Reached]:
            values, run_before = parameters(case, program), before(case, program)
            return decided(
                program, read(program, raw), as_of, before=run_before, parameters=values, written=case.parameters
            )

        match expected:
            case ExpectedRows():
                table, wanted = table_of(program, expected), expected_answers(program, expected)
                conditions = {f"`{words}`" for words in expected.conditions}
                answers, reached = found()
                assert as_written(answers.answers[table], wanted) == {
                    key: {name: cell for name, cell in cells.items() if name not in conditions}
                    for key, cells in wanted.items()
                }
                assigned = reference_answers(case, program, as_of)
                for key, truths in reached.truths[table].items():
                    for condition, truth in truths.items():
                        assert assigned.truth(table, key, condition) is truth
            case ExpectedError(kind="tie" | "overflow" as kind):
                with pytest.raises(Stopped) as stopped:
                    found()
                assert stopped.value.kind == kind
            case ExpectedError():
                with pytest.raises((DataError, Stopped)):
                    found()


TESTED = [path for path in CASES if read_case(path).tests]


@pytest.mark.parametrize("path", TESTED, ids=case_name)
def test_tests_of_the_rules(path: Path) -> None:
    case = read_case(path)
    program, _, _ = checked(case)
    assert program is not None
    results = run_tests(program)
    assert results.engines == tuple(ENGINES)
    found = {name_of(each): each for each in results.cases}
    assert {name: each.passed for name, each in found.items()} == {each.name: each.passes for each in case.tests}
    for each in case.tests:
        said = "; ".join(failure.message for failure in found[each.name].failures)
        for words in each.words:
            assert words in said
