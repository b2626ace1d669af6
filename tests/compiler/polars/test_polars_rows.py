"""Each row function on Polars: a value worked out by hand, and what missing data does to it."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from overloads_by_hand import AS_OF, LESS_MORE, OVERFLOWS, STRICT, a_type

from segwright.compiler.plan import Binding
from segwright.compiler.polars.expressions import Scope, term
from segwright.compiler.polars.lower import ABSORBS, LOWER, MAY_NOT_BE_FINITE
from segwright.compiler.polars.stops import is_overflow
from segwright.compiler.polars.values import canonical_dtype
from segwright.dsl.builtins import BY_OVERLOAD, EVERY, ORDERED, ROW_OVERLOADS
from segwright.dsl.program import Call, Const, FieldRef
from segwright.dsl.types import NUMBER, Type, Value

COPIES = 3
"""Polars treats columns of one row apart, so there are more."""


def call(overload: str, *operands: Value | None, types: tuple[Type, ...] = (), result: str = "") -> Any:
    """The result of the overload on columns that hold the operands; of `one_of` the options are constants."""
    declared = BY_OVERLOAD[overload][1]
    kinds = list(declared.operands)
    kinds += [kinds[-1]] * (len(operands) - len(kinds)) if kinds else []
    types = types or tuple(a_type("integer" if kind == "any" else kind) for kind in kinds)
    gives = a_type(result or ("integer" if declared.result == "any" else declared.result))
    return reckoned(overload, operands, types, gives)


def reckoned(overload: str, operands: tuple[Value | None, ...], types: tuple[Type, ...], gives: Type) -> Any:
    fixed = len(operands) if overload.startswith("one_of.") else 0
    terms = tuple(
        Const(operand, type) if 0 < number < fixed and operand is not None else FieldRef("t", f"c{number}", type)
        for number, (operand, type) in enumerate(zip(operands, types, strict=True))
    )
    names = {("t", f"c{number}"): f"c{number}" for number in range(len(types))}
    schema = {f"c{number}": canonical_dtype(type) for number, type in enumerate(types)}
    frame = pl.LazyFrame({name: [operand] * COPIES for name, operand in zip(schema, operands, strict=True)}, schema)
    found = frame.select(term(Scope(Binding(AS_OF, {}), names), Call(overload, terms, gives)).alias("found"))
    one, *others = found.collect(engine="streaming")["found"].to_list()
    assert all(other == one for other in others)
    return one


def test_the_table_has_exactly_the_declared_overloads() -> None:
    assert set(LOWER) == set(ROW_OVERLOADS)
    assert set(LOWER) >= set(ABSORBS)
    assert set(LOWER) >= MAY_NOT_BE_FINITE


@pytest.mark.parametrize(
    "overload, operands, expected", STRICT, ids=[f"{number}-{each[0]}" for number, each in enumerate(STRICT)]
)
def test_results_worked_out_by_hand(overload: str, operands: tuple[Any, ...], expected: Any) -> None:
    found = call(overload, *operands)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("overload, operands", {each[0]: each[:2] for each in STRICT}.values())
def test_a_missing_operand_makes_it_missing(overload: str, operands: tuple[Any, ...]) -> None:
    free = 1 if overload.startswith("one_of.") else len(operands)  # options are never missing
    for number in range(free):
        assert call(overload, *(None if at == number else operand for at, operand in enumerate(operands))) is None


@pytest.mark.parametrize("kind", ORDERED)
def test_between(kind: str) -> None:
    low, high = LESS_MORE[kind]
    overload = f"between.{kind}"
    assert call(overload, low, low, high) is True
    assert call(overload, high, low, high) is True
    assert call(overload, high, low, low) is False
    assert call(overload, None, low, high) is None
    assert call(overload, low, low, None) is None
    assert call(overload, high, None, low) is False  # above the upper end, whatever the lower one is
    assert call(overload, low, high, None) is False


@pytest.mark.parametrize("value", [0, None])
def test_missing_and_known_are_never_unknown(value: int | None) -> None:
    assert call("missing.any", value) is (value is None)
    assert call("known.any", value) is (value is not None)


@pytest.mark.parametrize("kind", EVERY)
def test_default(kind: str) -> None:
    one, other = LESS_MORE[kind]
    types = (a_type(kind), a_type(kind))
    assert call("default.any", one, other, types=types, result=kind) == one
    assert call("default.any", None, other, types=types, result=kind) == other


# -- the edges of types ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("overload, operands", OVERFLOWS)
def test_overflow_stops_the_run(overload: str, operands: tuple[Any, ...]) -> None:
    with pytest.raises(pl.exceptions.InvalidOperationError) as stopped:
        call(overload, *operands)
    assert is_overflow(str(stopped.value))


def test_money_takes_a_larger_scale_or_stops() -> None:
    types, gives = (a_type("money", 2),), a_type("money", 4)
    assert str(reckoned("money_from.money", (Decimal("-3.25"),), types, gives)) == "-3.2500"
    with pytest.raises(pl.exceptions.InvalidOperationError) as stopped:
        reckoned("money_from.money", (Decimal("999999999999999.99"),), types, gives)
    assert is_overflow(str(stopped.value))


def test_other_errors_are_no_overflow() -> None:
    with pytest.raises(pl.exceptions.InvalidOperationError) as stopped:
        pl.LazyFrame({"a": ["abc"]}).select(pl.col("a").cast(pl.Int64)).collect()
    assert not is_overflow(str(stopped.value))


def test_money_as_a_double_is_units_over_units_in_one() -> None:
    chance = random.Random(4)
    for scale in (0, 2, 4, 10):
        units = [chance.randrange(-(10 ** chance.randint(1, 18)), 10 ** chance.randint(1, 18)) for _ in range(400)]
        units += [2**53, 2**53 + 1, -(2**53) - 1, 10**18 - 1]
        type = a_type("money", scale)
        expr = term(
            Scope(Binding(AS_OF, {}), {("t", "c"): "c"}), Call("number_from.money", (FieldRef("t", "c", type),), NUMBER)
        )
        held = pl.Series("c", [Decimal(unit).scaleb(-scale) for unit in units], dtype=canonical_dtype(type))
        assert pl.LazyFrame(held).select(expr).collect()["c"].to_list() == [
            float(unit) / float(10**scale) for unit in units
        ]


# -- division --------------------------------------------------------------------------------------------------------


def test_a_quotient_is_rounded_once_by_whatever_it_is_divided() -> None:
    chance = random.Random(7)
    above = [chance.uniform(-1e9, 1e9) for _ in range(1000)]
    for below in (3.0, 1e9, 0.1, -7.0):
        asked = Call("divide.number", (FieldRef("t", "a", NUMBER), Const(below, NUMBER)), NUMBER)
        found = pl.LazyFrame({"a": above}).select(term(Scope(Binding(AS_OF, {}), {("t", "a"): "a"}), asked)).collect()
        assert found["a"].to_list() == [each / below for each in above]


def test_polars_own_quotient_is_not_good_enough() -> None:
    """Why quotients take another way: Polars multiplies by the reciprocal of a constant."""
    above = [float(number) for number in range(1, 100)]
    found = pl.LazyFrame({"a": above}).select(pl.col("a") / 3.0).collect()["a"].to_list()
    assert found != [each / 3.0 for each in above]


NUMBERS = {("t", name): name for name in "abc"}
QUOTIENT = Call("divide.number", (FieldRef("t", "a", NUMBER), FieldRef("t", "b", NUMBER)), NUMBER)
SUM = Call("add.number", (FieldRef("t", "a", NUMBER), FieldRef("t", "b", NUMBER)), NUMBER)
C = FieldRef("t", "c", NUMBER)


@pytest.mark.parametrize(
    "expr, operands, expected",
    [
        (Call("add.number", (QUOTIENT, C), NUMBER), (1.0, 0.0, 5.0), None),
        (Call("multiply.number", (QUOTIENT, C), NUMBER), (1.0, 0.0, 0.0), None),
        (Call("divide.number", (C, QUOTIENT), NUMBER), (1.0, 0.0, 5.0), None),  # 5 / ∞ is not 0
        (Call("divide.number", (SUM, C), NUMBER), (1e308, 1e308, 5.0), None),
        (Call("subtract.number", (SUM, SUM), NUMBER), (1e308, 1e308, 0.0), None),
        (Call("greater.number", (SUM, C), Type("boolean")), (1e308, 1e308, 5.0), None),
        (Call("default.any", (QUOTIENT, C), NUMBER), (1.0, 0.0, 5.0), 5.0),
        (Call("missing.any", (QUOTIENT,), Type("boolean")), (1.0, 0.0, 5.0), True),
        (Call("divide.number", (QUOTIENT, C), NUMBER), (9.0, 2.0, 2.0), 2.25),
    ],
)
def test_what_is_not_finite_is_missing_however_deep(
    expr: Call, operands: tuple[float, float, float], expected: Any
) -> None:
    frame = pl.LazyFrame({name: [value] * COPIES for name, value in zip("abc", operands, strict=True)})
    found = frame.select(term(Scope(Binding(AS_OF, {}), NUMBERS), expr).alias("found")).collect()
    assert found["found"].to_list() == [expected] * COPIES


def test_constants_are_read_as_they_are() -> None:
    scope = Scope(Binding(AS_OF, {}), {})
    values: list[tuple[Value, Type]] = [
        (-(2**63), Type("integer")),
        (5e-324, NUMBER),
        (0.1, NUMBER),
        (Decimal("-9999999999999999.99"), Type("money", 2)),
        ("it's \\ \"\n", Type("text")),
        (dt.datetime(2026, 1, 2, 3, 4, 5, 678901), Type("timestamp")),
        (dt.date(1, 1, 1), Type("date")),
        (False, Type("boolean")),
    ]
    for value, type in values:
        assert pl.select(term(scope, Const(value, type))).item() == value
