"""Raw columns become canonical values, and what does not fit is found: every expectation worked out by hand."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from segwright.compiler.duckdb.columns import CELL, column_checks, column_value, misfit
from segwright.dsl.program import Domain, Field, Mapping
from segwright.dsl.types import BOOLEAN, DATE, INTEGER, MONEY, NUMBER, PERCENT, TEXT, TIMESTAMP, Type

RAW = exp.column("raw", quoted=True)
GRADES = Type("text", choices=("a", "b"))


def field(type: Type, *, optional: bool = False, domain: Domain | None = None, **mapping: Any) -> Field:
    return Field("x", None, type, "raw", optional, domain, Mapping(**mapping))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


def read(con: duckdb.DuckDBPyConnection, field: Field, raw_type: str, *raws: str) -> list[Any]:
    """The canonical value of each raw value (SQL text)."""
    value = column_value(field, raw_type, RAW).sql(dialect="duckdb")
    return [row[0] for row in con.execute(f"SELECT {value} {rows(raw_type, raws)}").fetchall()]


def violated(con: duckdb.DuckDBPyConnection, field: Field, raw_type: str, raw: str) -> list[str]:
    """The kinds of check that the raw value violates."""
    checks = column_checks(field, raw_type, RAW)
    columns = ", ".join(f"coalesce({check.violated.sql(dialect='duckdb')}, false)" for check in checks)
    found = con.execute(f"SELECT [{columns}]::BOOLEAN[] {rows(raw_type, [raw])}").fetchall()[0][0]
    return [check.kind for check, bad in zip(checks, found, strict=True) if bad]


def rows(raw_type: str, raws: Sequence[str]) -> str:
    engine_type = "VARCHAR" if raw_type == CELL else raw_type
    values = ", ".join(f"({number}, CAST({raw} AS {engine_type}))" for number, raw in enumerate(raws))
    return f'FROM (VALUES {values}) AS t(number, "raw") ORDER BY number'


@pytest.mark.parametrize(
    "raw_type", ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UINTEGER", "UBIGINT", "HUGEINT", "DOUBLE"]
)
def test_whole_numbers_are_integers_whatever_the_column(con: duckdb.DuckDBPyConnection, raw_type: str) -> None:
    assert read(con, field(INTEGER), raw_type, "7", "NULL") == [7, None]
    assert violated(con, field(INTEGER), raw_type, "7") == []
    assert violated(con, field(INTEGER), raw_type, "NULL") == ["missing"]
    assert violated(con, field(INTEGER, optional=True), raw_type, "NULL") == []


@pytest.mark.parametrize(
    "type, raw_type, sql",
    [
        (INTEGER, "BIGINT", '"raw"'),
        (MONEY, "DECIMAL(18,2)", '"raw"'),
        (TEXT, "VARCHAR", '"raw"'),
        (DATE, "DATE", '"raw"'),
        (TIMESTAMP, "TIMESTAMP", '"raw"'),
        (BOOLEAN, "BOOLEAN", '"raw"'),
        (INTEGER, "INTEGER", 'CAST("raw" AS BIGINT)'),
        (MONEY, "DECIMAL(10,2)", 'CAST("raw" AS DECIMAL(18, 2))'),
    ],
)
def test_a_column_that_fits_costs_nothing(type: Type, raw_type: str, sql: str) -> None:
    assert column_value(field(type), raw_type, RAW).sql(dialect="duckdb") == sql


# 9007199254740993 is the first whole number that no double holds.
@pytest.mark.parametrize(
    "type, raw_type, raw, value",
    [
        (INTEGER, "DECIMAL(20,2)", "12.00", 12),
        (NUMBER, "INTEGER", "3", 3.0),
        (NUMBER, "DECIMAL(18,2)", "0.10", 0.1),
        (NUMBER, "DOUBLE", "'nan'", None),
        (NUMBER, "FLOAT", "'inf'", None),
        (INTEGER, "DOUBLE", "'nan'", None),
        (MONEY, "DOUBLE", "'-inf'", None),
        (PERCENT, "DOUBLE", "'inf'", None),
        (PERCENT, "DOUBLE", "0.1 + 0.2", 0.3),
        (PERCENT, "DOUBLE", "0.00000000049", 0.0),
        (PERCENT, "DOUBLE", "0.0000000005", 0.000000001),
        (PERCENT, "DOUBLE", "-0.0000000015", -0.000000001),
        (PERCENT, "FLOAT", "0.5", 0.5),
        (PERCENT, "DECIMAL(9,4)", "0.3333", 0.3333),
        (PERCENT, "INTEGER", "1", 1.0),
        (MONEY, "DOUBLE", "12.34", Decimal("12.34")),
        (MONEY, "DOUBLE", "1.8e-15", Decimal("0.00")),
        (MONEY, "DOUBLE", "2.675 - 0.005", Decimal("2.67")),
        (MONEY, "DOUBLE", "98765432109.87", Decimal("98765432109.87")),  # no double is nearer
        (MONEY, "BIGINT", "-5", Decimal("-5.00")),
        (MONEY, "DECIMAL(12,4)", "1.5000", Decimal("1.50")),
        (Type("money", 4), "DECIMAL(10,2)", "1.25", Decimal("1.2500")),
        (Type("money", 4), "DOUBLE", "0.0001", Decimal("0.0001")),
        (TEXT, "ENUM('a', 'b')", "'b'", "b"),
        (TEXT, "VARCHAR", "''", ""),
        (DATE, "TIMESTAMP", "'2026-02-28 00:00:00'", dt.date(2026, 2, 28)),
        (DATE, "TIMESTAMP_NS", "'2026-02-28 00:00:00'", dt.date(2026, 2, 28)),
        (DATE, "TIMESTAMP WITH TIME ZONE", "'2026-03-01 01:00:00+01'", dt.date(2026, 3, 1)),
        (TIMESTAMP, "DATE", "'2026-02-28'", dt.datetime(2026, 2, 28)),
        (TIMESTAMP, "TIMESTAMP_MS", "'2026-02-28 10:00:00.5'", dt.datetime(2026, 2, 28, 10, 0, 0, 500_000)),
        (TIMESTAMP, "TIMESTAMP WITH TIME ZONE", "'2026-03-01 00:30:00+01'", dt.datetime(2026, 2, 28, 23, 30)),
    ],
)  # fmt: skip
def test_values(con: duckdb.DuckDBPyConnection, type: Type, raw_type: str, raw: str, value: Any) -> None:
    assert read(con, field(type), raw_type, raw) == [value]
    assert violated(con, field(type), raw_type, raw) == (["missing"] if value is None else [])


@pytest.mark.parametrize(
    "type, raw_type, raw, kind",
    [
        (INTEGER, "DOUBLE", "2.5", "fraction"),
        (INTEGER, "DECIMAL(9,2)", "-2.01", "fraction"),
        (INTEGER, "DOUBLE", "9223372036854775808", "size"),
        (INTEGER, "UBIGINT", "9223372036854775808", "size"),
        (INTEGER, "HUGEINT", "-9223372036854775809", "size"),
        (MONEY, "DOUBLE", "1.005", "step"),
        (MONEY, "DOUBLE", "1.000002", "step"),
        (MONEY, "DECIMAL(12,3)", "0.001", "step"),
        (MONEY, "DECIMAL(38,30)", "0.001", "step"),
        (MONEY, "DOUBLE", "123456789012345.67", "step"),  # the nearest double is 123456789012345.671875
        (MONEY, "DOUBLE", "1e17", "size"),
        (MONEY, "BIGINT", "10000000000000000", "size"),
        (MONEY, "DECIMAL(20,2)", "10000000000000000.00", "size"),
        (PERCENT, "DOUBLE", "1e300", "size"),
        (DATE, "TIMESTAMP", "'2026-02-28 00:00:01'", "clock"),
        (DATE, "TIMESTAMP WITH TIME ZONE", "'2026-03-01 00:00:00+01'", "clock"),
        (DATE, "DATE", "'infinity'", "calendar"),
        (DATE, "DATE", "'10000-01-01'", "calendar"),
        (TIMESTAMP, "TIMESTAMP", "'-infinity'", "calendar"),
        (GRADES, "VARCHAR", "'A'", "list"),
        (GRADES, "ENUM('a', 'z')", "'z'", "list"),
    ],
)
def test_what_does_not_fit(con: duckdb.DuckDBPyConnection, type: Type, raw_type: str, raw: str, kind: str) -> None:
    assert violated(con, field(type), raw_type, raw) == [kind]


@pytest.mark.parametrize(
    "raw, fits", [("1.000001", True), ("1.0000009", True), ("0.999999", True), ("1.0000011", False)]
)
def test_money_may_lie_a_millionth_of_a_unit_from_its_step(
    con: duckdb.DuckDBPyConnection, raw: str, fits: bool
) -> None:
    assert violated(con, field(MONEY), "DECIMAL(38, 10)", raw) == ([] if fits else ["step"])


@pytest.mark.parametrize(
    "domain, type, inside, outside",
    [
        (Domain(18, 120), INTEGER, ["18", "120"], ["17", "121"]),
        (Domain(18, None), INTEGER, ["18", "9223372036854775807"], ["17"]),
        (Domain(None, 120), INTEGER, ["-5", "120"], ["121"]),
        (Domain(640, 720, True, False), INTEGER, ["640", "719"], ["639", "720"]),
        (Domain(640, 720, False, True), INTEGER, ["641", "720"], ["640", "721"]),
    ],
)
def test_domains(
    con: duckdb.DuckDBPyConnection, domain: Domain, type: Type, inside: list[str], outside: list[str]
) -> None:
    declared = field(type, optional=True, domain=domain)
    assert [violated(con, declared, "BIGINT", raw) for raw in inside] == [[]] * len(inside)
    assert [violated(con, declared, "BIGINT", raw) for raw in outside] == [["domain"]] * len(outside)
    assert violated(con, declared, "BIGINT", "NULL") == []


def test_domains_compare_in_the_type_of_the_field(con: duckdb.DuckDBPyConnection) -> None:
    share = field(PERCENT, domain=Domain(0.0, 0.3))
    assert violated(con, share, "DOUBLE", "0.1 + 0.2") == []
    assert violated(con, share, "DOUBLE", "0.300000001") == ["domain"]
    price = field(MONEY, domain=Domain(Decimal("0.00"), Decimal("12.50")))
    assert violated(con, price, "DOUBLE", "12.5") == []
    assert violated(con, price, "DOUBLE", "12.51") == ["domain"]
    since = field(DATE, domain=Domain(dt.date(2020, 2, 29), None))
    assert violated(con, since, "DATE", "'2020-02-29'") == []
    assert violated(con, since, "DATE", "'2020-02-28'") == ["domain"]


def test_codes_for_missing_stand_in_the_raw_column(con: duckdb.DuckDBPyConnection) -> None:
    score = field(INTEGER, optional=True, domain=Domain(300, 850), missing_codes=(0, 999))
    assert read(con, score, "INTEGER", "0", "999", "720", "NULL") == [None, None, 720, None]
    assert violated(con, score, "INTEGER", "0") == []
    assert violated(con, score, "INTEGER", "1") == ["domain"]
    points = field(PERCENT, optional=True, in_points=True, missing_codes=(999,))
    assert read(con, points, "DOUBLE", "999", "9.99") == [None, 0.0999]
    month = field(DATE, optional=True, written="%b-%Y", missing_codes=("n/a",))
    assert read(con, month, "VARCHAR", "'n/a'", "'Mar-2018'") == [None, dt.date(2018, 3, 1)]
    assert violated(con, month, "VARCHAR", "'n/a'") == []
    begin = field(DATE, optional=True, missing_codes=(dt.date(1900, 1, 1),))
    assert read(con, begin, "DATE", "'1900-01-01'", "'1900-01-02'") == [None, dt.date(1900, 1, 2)]
    assert read(con, begin, "TIMESTAMP", "'1900-01-01 00:00'") == [None]
    share = field(NUMBER, optional=True, missing_codes=(Decimal("-0.1"),))
    assert read(con, share, "FLOAT", "-0.1", "0.5") == [None, 0.5]


def test_others_missing_reads_what_is_outside_as_missing_and_counts_it(con: duckdb.DuckDBPyConnection) -> None:
    age = field(INTEGER, optional=True, domain=Domain(18, 120), others_missing=True)
    assert read(con, age, "BIGINT", "17", "18", "NULL") == [None, 18, None]
    assert [violated(con, age, "BIGINT", raw) for raw in ("17", "18", "NULL")] == [["others"], [], []]
    grade = field(GRADES, optional=True, others_missing=True)
    assert read(con, grade, "VARCHAR", "'a'", "'n/a'") == ["a", None]
    assert violated(con, grade, "VARCHAR", "'n/a'") == ["others"]
    plan = field(BOOLEAN, optional=True, true_codes=("Y",), false_codes=("N",), others_missing=True)
    assert read(con, plan, "VARCHAR", "'Y'", "'?'") == [True, None]
    assert violated(con, plan, "VARCHAR", "'?'") == ["others"]


def test_points_are_hundredths(con: duckdb.DuckDBPyConnection) -> None:
    points = field(PERCENT, in_points=True)
    assert read(con, points, "DOUBLE", "18.01", "100") == [0.1801, 1.0]
    assert read(con, points, "INTEGER", "7") == [0.07]
    assert read(con, points, "DECIMAL(5,2)", "0.05") == [0.0005]


def test_codes_for_true_and_false(con: duckdb.DuckDBPyConnection) -> None:
    bought = field(BOOLEAN, true_codes=("Yes", "Y"), false_codes=("No",))
    assert read(con, bought, "VARCHAR", "'Yes'", "'Y'", "'No'", "NULL") == [True, True, False, None]
    assert violated(con, bought, "VARCHAR", "'yes'") == ["code"]
    assert violated(con, bought, "VARCHAR", "NULL") == ["missing"]
    flag = field(BOOLEAN, true_codes=(1,), false_codes=(0,))
    assert read(con, flag, "DOUBLE", "1", "0", "'nan'") == [True, False, None]
    assert violated(con, flag, "DOUBLE", "'nan'") == ["missing"]
    assert violated(con, flag, "TINYINT", "2") == ["code"]
    assert read(con, flag, CELL, "'1'", "'0.0'") == [True, False]


def test_dates_in_text(con: duckdb.DuckDBPyConnection) -> None:
    month = field(DATE, written="%b-%Y")
    assert read(con, month, "VARCHAR", "'Feb-2024'") == [dt.date(2024, 2, 1)]
    assert violated(con, month, "VARCHAR", "'2024-02'") == ["unreadable"]
    assert violated(con, month, "VARCHAR", "''") == ["unreadable"]
    number = field(DATE, written="%Y%m%d")
    assert read(con, number, "INTEGER", "20240229") == [dt.date(2024, 2, 29)]
    assert violated(con, number, "INTEGER", "20230229") == ["unreadable"]
    moment = field(TIMESTAMP, written="%d/%m/%Y %H:%M")
    assert read(con, moment, "VARCHAR", "'31/12/2025 23:59'") == [dt.datetime(2025, 12, 31, 23, 59)]


@pytest.mark.parametrize(
    "type, cell, value",
    [
        (INTEGER, "720", 720),
        (INTEGER, "+7", 7),
        (INTEGER, "-7", -7),
        (INTEGER, "12.0", 12),
        (INTEGER, "1e+05", 100_000),
        (INTEGER, "9223372036854775807", 9_223_372_036_854_775_807),
        (INTEGER, "NaN", None),
        (NUMBER, "0.5", 0.5),
        (NUMBER, ".5", 0.5),
        (NUMBER, "1e-3", 0.001),
        (NUMBER, "-inf", None),
        (PERCENT, "0.35", 0.35),
        (MONEY, "12.34", Decimal("12.34")),
        (MONEY, "12", Decimal("12.00")),
        (MONEY, "12.340", Decimal("12.34")),
        (MONEY, "1.8e-15", Decimal("0.00")),
        (MONEY, "nan", None),
        (TEXT, " a ", " a "),
        (TEXT, "nan", "nan"),
        (BOOLEAN, "true", True),
        (BOOLEAN, "FALSE", False),
        (DATE, "2024-02-29", dt.date(2024, 2, 29)),
        (DATE, "2024-02-29 00:00:00", dt.date(2024, 2, 29)),
        (TIMESTAMP, "2024-02-29", dt.datetime(2024, 2, 29)),
        (TIMESTAMP, "2024-02-29T10:30", dt.datetime(2024, 2, 29, 10, 30)),
        (TIMESTAMP, "2024-02-29 10:30:00.25", dt.datetime(2024, 2, 29, 10, 30, 0, 250_000)),
        (TIMESTAMP, "2024-03-01T00:30:00+01:00", dt.datetime(2024, 2, 29, 23, 30)),
        (TIMESTAMP, "2024-03-01T00:30:00Z", dt.datetime(2024, 3, 1, 0, 30)),
    ],
)
def test_text_cells(con: duckdb.DuckDBPyConnection, type: Type, cell: str, value: Any) -> None:
    assert read(con, field(type), CELL, f"'{cell}'") == [value]
    assert violated(con, field(type), CELL, f"'{cell}'") == (["missing"] if value is None else [])


@pytest.mark.parametrize("type", [INTEGER, NUMBER, PERCENT, MONEY, TEXT, BOOLEAN, DATE, TIMESTAMP])
def test_an_empty_cell_is_missing(con: duckdb.DuckDBPyConnection, type: Type) -> None:
    assert read(con, field(type), CELL, "NULL") == [None]
    assert violated(con, field(type), CELL, "NULL") == ["missing"]
    assert violated(con, field(type, optional=True), CELL, "NULL") == []


@pytest.mark.parametrize(
    "type, cell, kind",
    [
        (INTEGER, "abc", "unreadable"),
        (INTEGER, " 12 ", "unreadable"),
        (INTEGER, "1_000", "unreadable"),
        (INTEGER, "1,000", "unreadable"),
        (INTEGER, "0x10", "unreadable"),
        (INTEGER, "1.5", "fraction"),
        (INTEGER, "9007199254740993.5", "fraction"),
        (INTEGER, "9223372036854775808", "size"),
        (NUMBER, "1,5", "unreadable"),
        (NUMBER, "1e999", "size"),
        (PERCENT, "35%", "unreadable"),
        (MONEY, "1.005", "step"),
        (MONEY, "€ 12", "unreadable"),
        (MONEY, "10000000000000000", "size"),
        (BOOLEAN, "yes", "unreadable"),
        (BOOLEAN, "1", "unreadable"),
        (DATE, "29-02-2024", "unreadable"),
        (DATE, "2023-02-29", "unreadable"),
        (DATE, "epoch", "unreadable"),
        (DATE, "2024-02-29 10:00:00", "clock"),
        (DATE, "0000-01-01", "calendar"),
        (TIMESTAMP, "2024-02-29 25:00:00", "unreadable"),
        (TIMESTAMP, "2024-02-29 10:00:00 Europe/Amsterdam", "unreadable"),
        (GRADES, "c", "list"),
    ],
)
def test_cells_that_do_not_fit(con: duckdb.DuckDBPyConnection, type: Type, cell: str, kind: str) -> None:
    assert violated(con, field(type), CELL, f"'{cell}'") == [kind]


def test_codes_in_cells_are_compared_as_what_they_are(con: duckdb.DuckDBPyConnection) -> None:
    score = field(INTEGER, optional=True, domain=Domain(300, 850), missing_codes=(0, 999, "NA"))
    assert read(con, score, CELL, "'0'", "'999.0'", "'NA'", "'720'") == [None, None, None, 720]
    assert [violated(con, score, CELL, f"'{cell}'") for cell in ("NA", "0", "na")] == [[], [], ["unreadable"]]


@pytest.mark.parametrize(
    "type, json, value",
    [
        (INTEGER, "7", 7),
        (INTEGER, "7.0", 7),
        (NUMBER, "-0.5", -0.5),
        (MONEY, "12.34", Decimal("12.34")),
        (PERCENT, "0.3", 0.3),
        (TEXT, '"a"', "a"),
        (TEXT, '""', ""),
        (BOOLEAN, "true", True),
        (DATE, '"2024-02-29"', dt.date(2024, 2, 29)),
        (TIMESTAMP, '"2024-02-29T10:00:00Z"', dt.datetime(2024, 2, 29, 10)),
    ],
)
def test_json(con: duckdb.DuckDBPyConnection, type: Type, json: str, value: Any) -> None:
    assert read(con, field(type), "JSON", f"'{json}'") == [value]
    assert violated(con, field(type), "JSON", f"'{json}'") == []


@pytest.mark.parametrize(
    "type, json",
    [
        (INTEGER, '"7"'),
        (INTEGER, "[7]"),
        (TEXT, "7"),
        (BOOLEAN, '"true"'),
        (BOOLEAN, "1"),
        (DATE, "20240229"),
        (NUMBER, "true"),
    ],
)
def test_json_of_another_sort(con: duckdb.DuckDBPyConnection, type: Type, json: str) -> None:
    assert violated(con, field(type), "JSON", f"'{json}'") == ["unreadable"]


@pytest.mark.parametrize("type", [INTEGER, NUMBER, PERCENT, MONEY, TEXT, GRADES, BOOLEAN, DATE, TIMESTAMP])
def test_a_column_without_type_holds_nothing(con: duckdb.DuckDBPyConnection, type: Type) -> None:
    assert read(con, field(type), '"NULL"', "NULL") == [None]
    assert violated(con, field(type), '"NULL"', "NULL") == ["missing"]
    assert violated(con, field(type, optional=True, missing_codes=(1,)), '"NULL"', "NULL") == []


@pytest.mark.parametrize(
    "declared, raw_type, words",
    [
        (field(INTEGER), "VARCHAR", "is declared integer, but the column holds text"),
        (field(TEXT), "BIGINT", "is declared text, but the column holds whole numbers"),
        (field(GRADES), "INTEGER", 'is declared one of "a", "b", but the column holds whole numbers'),
        (field(BOOLEAN), "VARCHAR", '`true when "Y" false when "N"`'),
        (field(BOOLEAN), "TINYINT", "`true when 1 false when 0`"),
        (field(DATE), "VARCHAR", '`written "%Y-%m-%d"`'),
        (field(DATE, written="%Y"), "DATE", "leave out `written`"),
        (field(MONEY), "DATE", "is declared money, but the column holds dates"),
        (field(INTEGER), "INTEGER[]", "something that is no single value"),
        (field(TEXT), "STRUCT(a INTEGER)", "something that is no single value"),
        (field(TEXT), "BLOB", "something that is no single value"),
        (field(INTEGER, optional=True, missing_codes=("NA",)), "BIGINT", 'the code "NA"'),
        (field(BOOLEAN, true_codes=("Y",), false_codes=("N",)), "INTEGER", 'the code "Y"'),
    ],
)
def test_a_column_that_can_never_fit(declared: Field, raw_type: str, words: str) -> None:
    reason = misfit(declared, raw_type)
    assert reason is not None
    assert words in reason
    with pytest.raises(ValueError, match="`x`"):
        column_value(declared, raw_type, RAW)
