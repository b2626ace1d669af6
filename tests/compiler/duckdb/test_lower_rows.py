"""Each row function on DuckDB: a value worked out by hand, and what missing data does to it."""

from __future__ import annotations

import datetime as dt
import math
import random
import struct
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from overloads_by_hand import AS_OF, HIGHEST, LESS_MORE, LOWEST, MOST, OVERFLOWS, STRICT, a_type

from segwright.compiler.duckdb.expressions import Scope, term
from segwright.compiler.duckdb.lower import ABSORBS, LOWER, MAY_NOT_BE_FINITE
from segwright.compiler.duckdb.query import column
from segwright.compiler.duckdb.stops import is_overflow
from segwright.compiler.plan import Binding
from segwright.dsl.builtins import BY_OVERLOAD, EVERY, ORDERED, ROW_OVERLOADS
from segwright.dsl.program import Call, Const, FieldRef
from segwright.dsl.types import Type, Value

D, T = dt.date, dt.datetime


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def sql_type(type: Type) -> str:
    names = {"integer": "BIGINT", "number": "DOUBLE", "percent": "DOUBLE", "text": "VARCHAR"}
    return f"DECIMAL(18,{type.scale})" if type.kind == "money" else names.get(type.kind, type.kind)


def call(
    con: duckdb.DuckDBPyConnection,
    overload: str,
    *operands: Value | None,
    types: tuple[Type, ...] = (),
    result: str = "",
) -> Any:
    """The result of the overload on columns that hold the operands."""
    declared = BY_OVERLOAD[overload][1]
    kinds = [kind for kind in declared.operands for _ in range(1)]
    kinds += [kinds[-1]] * (len(operands) - len(kinds)) if kinds else []
    types = types or tuple(a_type("integer" if kind == "any" else kind) for kind in kinds)
    gives = a_type(result or ("integer" if declared.result == "any" else declared.result))
    fields = tuple(FieldRef("t", f"c{number}", type) for number, type in enumerate(types))
    scope = Scope(Binding(AS_OF, {}), {("t", each.field): column(each.field) for each in fields}, {}, {})
    sql = term(scope, Call(overload, fields, gives)).sql(dialect="duckdb")
    columns = ", ".join(f"c{number} {sql_type(type)}" for number, type in enumerate(types))
    con.execute(f"CREATE OR REPLACE TEMP TABLE t ({columns})")
    con.execute(f"INSERT INTO t VALUES ({', '.join('?' for _ in types)})", list(operands))
    return con.execute(f"SELECT {sql} FROM t").fetchall()[0][0]


def test_the_table_has_exactly_the_declared_overloads() -> None:
    assert set(LOWER) == set(ROW_OVERLOADS)
    assert set(LOWER) >= set(ABSORBS)
    assert set(LOWER) >= MAY_NOT_BE_FINITE


@pytest.mark.parametrize(
    "overload, operands, expected", STRICT, ids=[f"{number}-{each[0]}" for number, each in enumerate(STRICT)]
)
def test_results_worked_out_by_hand(
    con: duckdb.DuckDBPyConnection, overload: str, operands: tuple[Any, ...], expected: Any
) -> None:
    found = call(con, overload, *operands)
    assert found == expected
    assert type(found) is type(expected)


def test_every_overload_has_a_result_by_hand() -> None:
    others = {"missing.any", "known.any", "default.any", *(f"between.{kind}" for kind in ORDERED)}
    assert {each[0] for each in STRICT} | others == set(ROW_OVERLOADS)


@pytest.mark.parametrize("overload, operands", {each[0]: each[:2] for each in STRICT}.values())
def test_a_missing_operand_makes_it_missing(
    con: duckdb.DuckDBPyConnection, overload: str, operands: tuple[Any, ...]
) -> None:
    free = 1 if overload.startswith("one_of.") else len(operands)  # options are never missing
    for number in range(free):
        with_gap = [None if at == number else operand for at, operand in enumerate(operands)]
        assert call(con, overload, *with_gap) is None


# -- overloads that look at missing operands -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ORDERED)
def test_between(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    low, high = LESS_MORE[kind]
    overload = f"between.{kind}"
    assert call(con, overload, low, low, high) is True
    assert call(con, overload, high, low, high) is True
    assert call(con, overload, high, low, low) is False
    assert call(con, overload, None, low, high) is None
    assert call(con, overload, low, low, None) is None
    assert call(con, overload, high, None, low) is False  # above the upper end, whatever the lower one is
    assert call(con, overload, low, high, None) is False
    assert call(con, overload, low, None, high) is None


@pytest.mark.parametrize("value", [0, None])
def test_missing_and_known_are_never_unknown(con: duckdb.DuckDBPyConnection, value: int | None) -> None:
    assert call(con, "missing.any", value) is (value is None)
    assert call(con, "known.any", value) is (value is not None)


@pytest.mark.parametrize("kind", EVERY)
def test_default(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    one, other = LESS_MORE[kind]
    types = (a_type(kind), a_type(kind))
    assert call(con, "default.any", one, other, types=types, result=kind) == one
    assert call(con, "default.any", None, other, types=types, result=kind) == other


# -- the edges of types ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("overload, operands", OVERFLOWS)
def test_overflow_stops_the_query(con: duckdb.DuckDBPyConnection, overload: str, operands: tuple[Any, ...]) -> None:
    with pytest.raises((duckdb.OutOfRangeException, duckdb.ConversionException)) as stopped:
        call(con, overload, *operands)
    assert is_overflow(str(stopped.value))


def test_money_takes_a_larger_scale_or_stops(con: duckdb.DuckDBPyConnection) -> None:
    types = (a_type("money", 2),)
    query = "money_from.money"
    scope = Scope(Binding(AS_OF, {}), {("t", "c0"): column("c0")}, {}, {})
    sql = term(scope, Call(query, (FieldRef("t", "c0", types[0]),), a_type("money", 4))).sql(dialect="duckdb")
    con.execute("CREATE OR REPLACE TEMP TABLE t (c0 DECIMAL(18,2))")
    con.execute("INSERT INTO t VALUES (-3.25)")
    assert con.execute(f"SELECT CAST({sql} AS VARCHAR) FROM t").fetchall() == [("-3.2500",)]
    con.execute("INSERT INTO t VALUES (999999999999999.99)")
    with pytest.raises(duckdb.ConversionException) as stopped:
        con.execute(f"SELECT {sql} FROM t").fetchall()
    assert is_overflow(str(stopped.value))


def test_other_errors_are_no_overflow(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error) as stopped:
        con.execute("SELECT CAST('abc' AS INTEGER)").fetchall()
    assert not is_overflow(str(stopped.value))


def test_money_as_a_double_is_units_over_units_in_one(con: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(4)
    for scale in (0, 2, 4, 10):
        units = [chance.randrange(-(10 ** chance.randint(1, 18)), 10 ** chance.randint(1, 18)) for _ in range(400)]
        units += [2**53, 2**53 + 1, -(2**53) - 1, 10**18 - 1]
        type = a_type("money", scale)
        scope = Scope(Binding(AS_OF, {}), {("t", "c0"): column("c0")}, {}, {})
        sql = term(scope, Call("number_from.money", (FieldRef("t", "c0", type),), Type("number"))).sql("duckdb")
        con.execute(f"CREATE OR REPLACE TEMP TABLE t (c0 {sql_type(type)}, n BIGINT)")
        values = [(str(Decimal(unit).scaleb(-scale)), number) for number, unit in enumerate(units)]
        con.executemany("INSERT INTO t VALUES (CAST(? AS VARCHAR), ?)", values)
        found = [row[0] for row in con.execute(f"SELECT {sql} FROM t ORDER BY n").fetchall()]
        assert found == [float(unit) / float(10**scale) for unit in units]


def test_duckdbs_own_cast_of_money_is_not_good_enough(con: duckdb.DuckDBPyConnection) -> None:
    """Why `number_from.money` takes another way beyond 2^53 units."""
    chance = random.Random(4)
    units = [chance.randrange(2**53, 10**18) for _ in range(1000)]
    texts = [[f"{unit // 100}.{unit % 100:02d}"] for unit in units]
    con.execute("CREATE OR REPLACE TEMP TABLE t (c0 DECIMAL(18,2))")
    con.executemany("INSERT INTO t VALUES (CAST(? AS VARCHAR))", texts)
    found = [row[0] for row in con.execute("SELECT CAST(c0 AS DOUBLE) FROM t").fetchall()]
    assert found != [float(unit) / 100.0 for unit in units]


# -- chains of arithmetic on doubles ---------------------------------------------------------------------------------


def _number(name: str) -> FieldRef:
    return FieldRef("t", name, Type("number"))


def _chain(con: duckdb.DuckDBPyConnection, expr: Call, a: float, b: float, c: float) -> Any:
    scope = Scope(Binding(AS_OF, {}), {("t", name): column(name) for name in "abc"}, {}, {})
    con.execute("CREATE OR REPLACE TEMP TABLE t (a DOUBLE, b DOUBLE, c DOUBLE)")
    con.execute("INSERT INTO t VALUES (?, ?, ?)", [a, b, c])
    return con.execute(f"SELECT {term(scope, expr).sql(dialect='duckdb')} FROM t").fetchall()[0][0]


NUMBER = Type("number")
QUOTIENT = Call("divide.number", (_number("a"), _number("b")), NUMBER)
SUM = Call("add.number", (_number("a"), _number("b")), NUMBER)


@pytest.mark.parametrize(
    "expr, operands, expected",
    [
        (Call("add.number", (QUOTIENT, _number("c")), NUMBER), (1.0, 0.0, 5.0), None),
        (Call("multiply.number", (QUOTIENT, _number("c")), NUMBER), (1.0, 0.0, 0.0), None),
        (Call("divide.number", (_number("c"), QUOTIENT), NUMBER), (1.0, 0.0, 5.0), None),  # 5 / ∞ is not 0
        (Call("divide.number", (_number("c"), SUM), NUMBER), (1e308, 1e308, 5.0), None),
        (Call("subtract.number", (SUM, SUM), NUMBER), (1e308, 1e308, 0.0), None),
        (Call("negate.number", (SUM,), NUMBER), (1e308, 1e308, 0.0), None),
        (Call("greater.number", (SUM, _number("c")), Type("boolean")), (1e308, 1e308, 5.0), None),
        (Call("default.any", (QUOTIENT, _number("c")), NUMBER), (1.0, 0.0, 5.0), 5.0),
        (Call("missing.any", (QUOTIENT,), Type("boolean")), (1.0, 0.0, 5.0), True),
        (Call("divide.number", (QUOTIENT, _number("c")), NUMBER), (9.0, 2.0, 2.0), 2.25),
        (Call("subtract.number", (_number("a"), Call("subtract.number", (_number("b"), _number("c")), NUMBER)), NUMBER),
         (1.0, 2.0, 3.0), 2.0),
        (Call("divide.number", (_number("a"), Call("multiply.number", (_number("b"), _number("c")), NUMBER)), NUMBER),
         (12.0, 2.0, 3.0), 2.0),
        (Call("negate.number", (Call("negate.number", (_number("a"),), NUMBER),), NUMBER), (2.0, 0.0, 0.0), 2.0),
        (Call("subtract.number", (_number("a"), Const(-1.5, NUMBER)), NUMBER), (2.0, 0.0, 0.0), 3.5),
        (Call("negate.number", (Const(-1.5, NUMBER),), NUMBER), (2.0, 0.0, 0.0), 1.5),
    ],
)  # fmt: skip
def test_what_is_not_finite_is_missing_however_deep(
    con: duckdb.DuckDBPyConnection, expr: Call, operands: tuple[float, float, float], expected: Any
) -> None:
    assert _chain(con, expr, *operands) == expected


def test_constants_are_read_as_they_are(con: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(9)
    doubles = [struct.unpack("d", chance.randbytes(8))[0] for _ in range(300)]
    scope = Scope(Binding(AS_OF, {}), {}, {}, {})
    for value in [each for each in doubles if math.isfinite(each)] + [0.1, 1e22, 5e-324, 1.7976931348623157e308]:
        (found,) = con.execute(f"SELECT {term(scope, Const(value, NUMBER)).sql(dialect='duckdb')}").fetchall()[0]
        assert (found, type(found)) == (value, float)
    for value, type_ in [
        (LOWEST, Type("integer")),
        (HIGHEST, Type("integer")),
        (-MOST, Type("money", 2)),
        ("it's \\ \"\n", Type("text")),
        (T(2026, 1, 2, 3, 4, 5, 678901), Type("timestamp")),
        (D(2026, 1, 2), Type("date")),
        (False, Type("boolean")),
    ]:
        (found,) = con.execute(f"SELECT {term(scope, Const(value, type_)).sql(dialect='duckdb')}").fetchall()[0]
        assert found == value
