"""Every hand-worked case holds on Polars, with tables in the types in which the case keeps them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from cases.format import Case, ExpectedError, ExpectedRows, RawTable, read_case
from cases.oracle import before, checked, parameters, raw_rows, raw_type, reference_answers
from scratch import scratch
from test_cases import CASES, as_written, case_name, day, expected_answers, table_of

from segwright.compiler.polars.table import Table, Tables
from segwright.compiler.polars.table import table_of as polars_table
from segwright.dsl.program import Program
from segwright.dsl.program import Table as Declared

from .engine import Stopped
from .polars_engine import answers_from


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_polars(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    program, _, _ = checked(case)
    if program is None:
        return
    for expected in case.expected:
        as_of, values, run_before = day(case, expected), parameters(case, program), before(case, program)
        tables = kept(case, program, tmp_path)
        match expected:
            case ExpectedRows():
                table, wanted = table_of(program, expected), expected_answers(program, expected)
                conditions = {f"`{words}`" for words in expected.conditions}
                found = answers_from(
                    program,
                    tables,
                    as_of,
                    values,
                    evidence=bool(conditions),
                    before=run_before,
                )
                assert as_written(found.answers[table], wanted) == {
                    key: {name: cell for name, cell in cells.items() if name not in conditions}
                    for key, cells in wanted.items()
                }
                assigned = reference_answers(case, program, as_of)
                for key, truths in found.truths[table].items():
                    for condition, truth in zip(found.conditions[table], truths, strict=True):
                        assert assigned.truth(table, key, condition) is truth
            case ExpectedError(kind="tie" | "overflow" as kind):
                with pytest.raises(Stopped) as stopped:
                    answers_from(program, tables, as_of, values, evidence=False, before=run_before)
                assert stopped.value.kind == kind
            case ExpectedError():
                # A contract that is broken: looked at before any engine decides.
                pass


def kept(case: Case, program: Program, folder: Path) -> Tables:
    """The tables of a case; cells of CSV as what their fields ask for."""
    raw = {table.name: table for table in case.tables}
    return {
        table.name: _table(table, raw.get(table.name), folder / f"{number}.parquet")
        for number, table in enumerate(program.tables)
    }


def _table(table: Declared, raw: RawTable | None, file: Path) -> Table:
    raw = raw or RawTable(table.name, False, tuple(field.column for field in table.fields), {}, ())
    with scratch() as con:
        columns = ", ".join(f'"{_escaped(column)}" {raw_type(table, raw, column)}' for column in raw.columns)
        con.execute(f"CREATE TEMP TABLE kept ({columns})")
        for row in raw_rows(table, raw):
            con.execute(f"INSERT INTO kept VALUES ({', '.join('?' * len(row))})", list(row.values()))
        con.execute(f"COPY kept TO '{file}' (FORMAT parquet)")
    return polars_table(pl.scan_parquet(file))


def _escaped(column: str) -> str:
    return column.replace('"', '""')
