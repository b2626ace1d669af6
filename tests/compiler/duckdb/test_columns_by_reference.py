"""Generated fields over generated raw columns are read as the reference interpreter reads them."""

import datetime as dt
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.reading import canonical
from sqlglot import exp

from segwright.compiler.duckdb.columns import column_checks, column_value
from segwright.dsl.program import Domain, Field, Mapping
from segwright.dsl.types import BOOLEAN, DATE, INTEGER, MONEY, NUMBER, PERCENT, TEXT, TIMESTAMP, Type
from segwright.runtime.reference.errors import MissingValue, WrongValue

RAW = exp.column("raw", quoted=True)

EDGES = [0, 1, -1, 17, 18, 120, 999, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**16, 10**17]
WHOLE = st.one_of(st.integers(-130, 130), st.sampled_from(EDGES))
# Beyond this, doubles lie further apart than a millionth: see `step` in `compiler/duckdb/readers.py`.
DOUBLES = st.one_of(
    st.sampled_from(
        [0.0, -0.0, math.nan, math.inf, -math.inf, 0.1 + 0.2, 1.005, 1.000001, 1.0000011, 1e-15, 0.5, 999.0]
    ),
    st.floats(-1e9, 1e9),
    st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    st.integers(-(10**9), 10**9).map(lambda billionths: billionths / 1e9),
    st.integers(-300, 300).map(lambda halves: halves / 2),
)
DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
TIMES = st.one_of(st.datetimes(), DAYS.map(lambda day: dt.datetime.combine(day, dt.time())))


def decimals(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    most = 10**precision - 1
    units = st.one_of(
        st.integers(-most, most), st.integers(-2000, 2000), st.integers(-20, 20).map(lambda n: n * 10**scale)
    )
    return units.map(lambda n: Decimal(n).scaleb(-scale))


COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "INTEGER": st.integers(-(2**31), 2**31 - 1) | st.integers(-130, 130),
    "BIGINT": WHOLE.filter(lambda value: -(2**63) <= value < 2**63),
    "HUGEINT": WHOLE,
    "DOUBLE": DOUBLES,
    "DECIMAL(18,4)": decimals(18, 4),
    "DECIMAL(28,10)": decimals(28, 10),
    "VARCHAR": st.sampled_from(["", "a", "A", "b", "Y", "N", "0", "é", "e\u0301", " a"]),
    "BOOLEAN": st.booleans(),
    "DATE": DAYS,
    "TIMESTAMP": TIMES,
}
NUMERIC = ("INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "DECIMAL(18,4)", "DECIMAL(28,10)")
KINDS: dict[Type, tuple[str, ...]] = {
    INTEGER: NUMERIC,
    NUMBER: NUMERIC,
    PERCENT: NUMERIC,
    MONEY: NUMERIC,
    Type("money", 4): NUMERIC,
    TEXT: ("VARCHAR",),
    Type("text", choices=("a", "b")): ("VARCHAR",),
    BOOLEAN: ("BOOLEAN", "VARCHAR", "INTEGER", "DOUBLE"),
    DATE: ("DATE", "TIMESTAMP"),
    TIMESTAMP: ("DATE", "TIMESTAMP"),
}
ENDS: dict[str, tuple[Any, Any]] = {
    "integer": (18, 120),
    "number": (-0.5, 100.0),
    "percent": (0.0, 0.3),
    "date": (dt.date(1970, 1, 1), dt.date(2026, 2, 28)),
    "timestamp": (dt.datetime(1970, 1, 1), dt.datetime(2026, 2, 28, 12)),
}
CODES: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(NUMERIC, (0, 999, Decimal("0.5"))),
    "VARCHAR": ("", "A"),
    "BOOLEAN": (),
    "DATE": (dt.date(2000, 1, 1),),
    "TIMESTAMP": (),
}


@st.composite
def columns(draw: st.DrawFn) -> tuple[Field, str, list[Any]]:
    """A field, the type of its raw column, and raw values."""
    type = draw(st.sampled_from(list(KINDS)))
    raw_type = draw(st.sampled_from(KINDS[type]))
    low, high = ENDS.get(type.kind, (Decimal("0.00"), Decimal("12.50")) if type.kind == "money" else (None, None))
    domain = None
    if low is not None and draw(st.booleans()):
        ends = draw(st.sampled_from([(low, high), (low, None), (None, high)]))
        both = None not in ends
        domain = Domain(*ends, draw(st.booleans()) or not both, draw(st.booleans()) or not both)
    coded = type.kind == "boolean" and raw_type != "BOOLEAN"
    missing_codes = CODES[raw_type] if draw(st.booleans()) and not coded else ()
    outside = domain is not None or type.choices is not None or coded
    mapping = Mapping(
        in_points=type.kind == "percent" and draw(st.booleans()),
        true_codes=(("Y", "a") if raw_type == "VARCHAR" else (1, 17)) if coded else (),
        false_codes=(("N",) if raw_type == "VARCHAR" else (0,)) if coded else (),
        missing_codes=missing_codes,
        others_missing=outside and draw(st.booleans()),
    )
    optional = draw(st.booleans()) or mapping.others_missing or bool(missing_codes)
    values = draw(st.lists(st.none() | COLUMNS[raw_type], min_size=1, max_size=12))
    return Field("x", None, type, "raw", optional, domain, mapping), raw_type, values


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
