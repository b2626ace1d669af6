"""Literals: from what is written to a value of a type, exactly or not at all."""

import datetime as dt
from decimal import Decimal

import pytest

from segwright.dsl.check.literals import literal_value, share_of
from segwright.dsl.diagnostics import Problems
from segwright.dsl.source import Span
from segwright.dsl.syntax import Date, LiteralNode, Number, Percent, Text
from segwright.dsl.types import DATE, INTEGER, MONEY, NUMBER, PERCENT, TEXT, TIMESTAMP, Type, Value

HERE = Span("rules.seg", 0, 1)


def number(text: str) -> Number:
    return Number(HERE, Decimal(text), "." not in text)


@pytest.mark.parametrize(
    "node, type, value",
    [
        (number("9223372036854775807"), INTEGER, 9223372036854775807),
        (number("9223372036854775808"), INTEGER, None),
        (number("-9223372036854775808"), INTEGER, -9223372036854775808),
        (number("3.0"), INTEGER, 3),
        (number("3.5"), INTEGER, None),
        (number("0.1"), NUMBER, 0.1),
        (number("9007199254740993"), NUMBER, None),  # 2**53 + 1 has no double
        (number("9007199254740992"), NUMBER, 9007199254740992.0),
        (number("1" + "0" * 400), NUMBER, None),
        (number("1.5"), MONEY, Decimal("1.50")),
        (number("1.500"), MONEY, Decimal("1.50")),
        (number("1.505"), MONEY, None),
        (number("1.505"), Type("money", 4), Decimal("1.5050")),
        (number("7"), Type("money", 0), Decimal(7)),
        (number("9999999999999999.99"), MONEY, Decimal("9999999999999999.99")),  # 18 digits
        (number("10000000000000000.00"), MONEY, None),
        (number("30"), PERCENT, None),
        (Percent(HERE, Decimal(30)), PERCENT, 0.3),
        (Percent(HERE, Decimal(30)), NUMBER, 0.3),
        (Percent(HERE, Decimal(30)), INTEGER, None),
        (Text(HERE, "app"), Type("text", choices=("app",)), "app"),
        (Text(HERE, "App"), Type("text", choices=("app",)), None),
        (Text(HERE, ""), TEXT, ""),
        (Date(HERE, dt.date(2026, 1, 31)), TIMESTAMP, dt.datetime(2026, 1, 31)),
        (Text(HERE, "2026-01-31"), DATE, None),
    ],
)
def test_a_literal_is_held_exactly_or_not_at_all(node: LiteralNode, type: Type, value: Value | None) -> None:
    problems = Problems()
    found = literal_value(node, type, problems)
    assert found == value
    assert str(found) == str(value)  # 1.50, not 1.5
    assert problems.has_errors() is (value is None)


@pytest.mark.parametrize(
    "points, share",
    [
        ("30", 0.3),
        ("33.3333333", 0.333333333),
        ("33.33333335", 0.333333334),  # half a billionth goes up
        ("33.33333334999", 0.333333333),
        ("-0.00000005", 0.0),  # up is towards zero here
        ("0", 0.0),
    ],
)
def test_percents_are_whole_billionths_halves_up(points: str, share: float) -> None:
    assert share_of(Decimal(points)) == share


@pytest.mark.parametrize(
    "text, type, fixes",
    [
        ("150.000", MONEY, ["150_000", "150"]),
        ("1.500", MONEY, ["1_500", "1.5"]),
        ("-12.000", INTEGER, ["-12_000", "-12"]),
        ("150.00", MONEY, []),
        ("0.500", MONEY, []),
        ("1500.000", MONEY, []),
        ("1.500", NUMBER, []),
        ("1.500", Type("money", scale=3), []),
    ],
)
def test_a_point_that_may_be_meant_for_thousands(text: str, type: Type, fixes: list[str]) -> None:
    problems = Problems()
    assert literal_value(number(text), type, problems) is not None
    assert [each.code for each in problems.found] == (["SEG219"] if fixes else [])
    assert [edit.text for each in problems.found for fix in each.fixes for edit in fix.edits] == fixes
