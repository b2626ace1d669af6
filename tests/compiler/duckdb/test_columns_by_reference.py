"""Generated fields over generated raw columns are read as the reference interpreter reads them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from generators.columns import columns
from hypothesis import given
from reference.reading import canonical
from sqlglot import exp

from segwright.compiler.duckdb.columns import column_checks, column_value
from segwright.dsl.program import Field
from segwright.runtime.reference.errors import MissingValue, WrongValue

RAW = exp.column("raw", quoted=True)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


def engine_reads(
    con: duckdb.DuckDBPyConnection, field: Field, raw_type: str, raws: list[Any]
) -> list[tuple[Any, list[str]]]:
    """The value and the kinds of check that are violated, row by row."""
    con.execute(f'CREATE OR REPLACE TEMP TABLE t (n INTEGER, "raw" {raw_type})')
    con.executemany(
        "INSERT INTO t VALUES (?, CAST(? AS VARCHAR)::" + raw_type + ")",
        [(number, None if raw is None else as_text(raw)) for number, raw in enumerate(raws)],
    )
    checks = column_checks(field, raw_type, RAW)
    kinds = [f"CASE WHEN {check.violated.sql(dialect='duckdb')} THEN '{check.kind}' END" for check in checks]
    value = column_value(field, raw_type, RAW).sql(dialect="duckdb")
    found = con.execute(f"SELECT {value}, [{', '.join(kinds)}]::VARCHAR[] FROM t ORDER BY n").fetchall()
    return [(row[0], [kind for kind in row[1] if kind is not None]) for row in found]


def as_text(raw: Any) -> str:
    return repr(raw) if isinstance(raw, float) else f"{raw:f}" if isinstance(raw, Decimal) else str(raw)


@given(column=columns())
def test_a_column_is_read_as_the_reference_reads_it(
    con: duckdb.DuckDBPyConnection, column: tuple[Field, str, list[Any]]
) -> None:
    field, raw_type, raws = column
    for raw, (value, kinds) in zip(raws, engine_reads(con, field, raw_type, raws), strict=True):
        errors = [kind for kind in kinds if kind != "others"]
        try:
            expected = canonical(field, raw)
        except MissingValue:
            assert errors == ["missing"], raw
            continue
        except WrongValue:
            assert errors, raw
            assert "missing" not in errors, raw
            continue
        assert errors == [], raw
        assert value == expected, raw
        assert type(value) is type(expected), raw
