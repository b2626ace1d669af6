"""Calendar, arithmetic and aggregates of the reference interpreter, worked out by hand."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest

from segwright.dsl.builtins import AGGREGATE_OVERLOADS, BY_OVERLOAD, ROW_OVERLOADS
from segwright.dsl.types import BOOLEAN, DATE, INTEGER, MONEY, NUMBER, PERCENT, TEXT, TIMESTAMP, Length, Type
from segwright.runtime.reference.aggregates import OF_ROWS, OF_VALUES, Item, aggregate
from segwright.runtime.reference.calendar import back, since
from segwright.runtime.reference.errors import OverflowError_, TieError
from segwright.runtime.reference.functions import LENIENT, STRICT, all_of, any_of, apply, negation

AS_OF = dt.date(2026, 9, 1)
TYPES = {
    "integer": INTEGER,
    "number": NUMBER,
    "percent": PERCENT,
    "money": MONEY,
    "text": TEXT,
    "boolean": BOOLEAN,
    "date": DATE,
    "timestamp": TIMESTAMP,
    "any": INTEGER,
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def call(overload: str, *operands: Any, types: list[Type] | None = None) -> Any:
    """The result of a call, types as declared (money with two places) unless `types` are given."""
    declared = BY_OVERLOAD[overload][1]
    kinds = [*declared.operands, declared.result]
    return apply(overload, list(operands), types or [TYPES[kind] for kind in kinds], AS_OF)


def test_every_row_overload_is_defined() -> None:
    assert set(STRICT) | set(LENIENT) == set(ROW_OVERLOADS)
    assert not set(STRICT) & set(LENIENT)


def test_every_aggregate_overload_is_defined() -> None:
    assert set(OF_ROWS) | set(OF_VALUES) == set(AGGREGATE_OVERLOADS)


@pytest.mark.parametrize(
    "as_of,amount,unit,start",
    [
        ("2026-05-31", 3, "month", "2026-02-28"),  # clamped
        ("2024-05-31", 3, "month", "2024-02-29"),  # … in a leap year
        ("2026-04-30", 3, "month", "2026-01-31"),  # last day to last day
        ("2026-04-29", 3, "month", "2026-01-29"),
        ("2026-02-28", 1, "month", "2026-01-31"),
        ("2024-02-28", 1, "month", "2024-01-28"),  # not the last day of a leap February
        ("2024-02-29", 1, "month", "2024-01-31"),
        ("2026-02-28", 12, "month", "2025-02-28"),
        ("2025-02-28", 1, "year", "2024-02-29"),  # last day to last day, a year back
        ("2024-02-29", 1, "year", "2023-02-28"),
        ("2024-02-28", 1, "year", "2023-02-28"),
        ("2026-01-31", 2, "month", "2025-11-30"),
        ("2026-03-30", 1, "month", "2026-02-28"),  # 30 March is not its month's last day; clamped all the same
        ("2026-03-01", 1, "day", "2026-02-28"),
        ("2024-03-01", 1, "day", "2024-02-29"),
        ("2026-04-30", 30, "day", "2026-03-31"),  # days know no months
        ("2026-04-30", 0, "month", "2026-04-30"),
    ],
)
def test_where_windows_start(as_of: str, amount: int, unit: Any, start: str) -> None:
    assert back(day(as_of), Length(amount, unit)) == day(start)


@pytest.mark.parametrize(
    "unit,date,as_of,expected",
    [
        ("day", "2026-08-31", "2026-09-01", 1),
        ("day", "2026-09-02", "2026-09-01", -1),
        ("month", "2026-01-31", "2026-02-27", 0),
        ("month", "2026-01-31", "2026-02-28", 1),  # 31 January + 1 month = 28 February
        ("month", "2026-02-28", "2026-03-27", 0),
        ("month", "2026-02-28", "2026-03-28", 1),  # `since` only clamps: it knows no last days
        ("month", "2026-02-28", "2026-03-31", 1),
        ("month", "2026-03-31", "2026-02-28", -1),  # 31 March − 1 month = 28 February, not after the as-of date
        ("month", "2026-03-31", "2026-02-27", -2),
        ("month", "2026-09-02", "2026-09-01", -1),
        ("month", "2026-09-01", "2026-09-01", 0),
        ("year", "2024-02-29", "2025-02-28", 1),
        ("year", "2024-02-29", "2025-02-27", 0),
        ("year", "2024-02-29", "2028-02-28", 3),
        ("year", "2024-02-29", "2028-02-29", 4),
        ("year", "2024-02-29", "2023-02-28", -1),
        ("year", "2024-02-29", "2023-02-27", -2),
        ("year", "1926-09-02", "2026-09-01", 99),
        ("year", "9999-12-31", "2026-09-01", -7974),
        ("month", "0001-01-01", "2026-09-01", 24308),
        ("month", "9999-12-31", "2026-09-01", -95680),
    ],
)
def test_since(unit: Any, date: str, as_of: str, expected: int) -> None:
    assert since(day(date), day(as_of), unit) == expected


KLEENE = [
    (True, True, True, True),
    (True, False, False, True),
    (True, None, None, True),
    (False, True, False, True),
    (False, False, False, False),
    (False, None, False, None),
    (None, True, None, True),
    (None, False, False, None),
    (None, None, None, None),
]


@pytest.mark.parametrize("left,right,both,either", KLEENE)
def test_three_valued_logic(left: bool | None, right: bool | None, both: bool | None, either: bool | None) -> None:
    assert all_of([left, right]) is both
    assert any_of([left, right]) is either


def test_negation_keeps_unknown() -> None:
    assert [negation(value) for value in (True, False, None)] == [False, True, None]


@pytest.mark.parametrize("overload", sorted(STRICT))
def test_missing_operands_give_missing(overload: str) -> None:
    operands = BY_OVERLOAD[overload][1].operands
    assert call(overload, *[None for _ in operands]) is None


@pytest.mark.parametrize(
    "value,low,high,expected",
    [
        (5, 5, 7, True),
        (7, 5, 7, True),
        (8, 5, 7, False),
        (8, None, 7, False),  # above the high end, whatever the low one is
        (6, None, 7, None),
        (4, 5, None, False),
        (6, 5, None, None),
        (None, 5, 7, None),
    ],
)
def test_between(value: int | None, low: int | None, high: int | None, expected: bool | None) -> None:
    assert call("between.integer", value, low, high) is expected


def test_missing_known_and_default() -> None:
    assert call("missing.any", None) is True
    assert call("missing.any", 0) is False
    assert call("known.any", None) is False
    assert call("known.any", 0) is True
    assert call("default.any", None, 7) == 7
    assert call("default.any", 0, 7) == 0


def test_text_compares_by_code_point_and_case() -> None:
    assert call("less.text", "Z", "a") is True
    assert call("less.text", "z", "é") is True
    assert call("less.text", "\uffff", "\U00010000") is True  # UTF-16 order would say otherwise
    assert call("equal.text", "é", "e\u0301") is False  # data is not normalised
    assert call("starts_with.text", "école", "é") is True
    assert call("starts_with.text", "École", "é") is False
    assert call("contains.text", "100% zeker", "%") is True
    assert call("contains.text", "a_b", "_b") is True
    assert call("contains.text", "axb", "_b") is False
    assert call("contains.text", "abc", "") is True


def test_integers_overflow_at_64_bits() -> None:
    assert call("add.integer", 2**63 - 2, 1) == 2**63 - 1
    with pytest.raises(OverflowError_):
        call("add.integer", 2**63 - 1, 1)
    assert call("subtract.integer", -(2**63) + 1, 1) == -(2**63)
    with pytest.raises(OverflowError_):
        call("multiply.integer", 2**32, 2**31)
    with pytest.raises(OverflowError_):
        call("negate.integer", -(2**63))


def test_money_is_exact_and_has_18_digits() -> None:
    cent = Decimal("0.01")
    assert str(call("add.money", Decimal("0.10"), Decimal("0.20"))) == "0.30"
    assert str(call("multiply.money", Decimal("1.10"), 3)) == "3.30"
    assert str(call("negate.money", Decimal("1.10"))) == "-1.10"
    most = Decimal("9999999999999999.99")
    assert call("subtract.money", most, cent) == Decimal("9999999999999999.98")
    with pytest.raises(OverflowError_):
        call("add.money", most, cent)
    with pytest.raises(OverflowError_):
        call("multiply.money", most, 2)


def test_money_conversions() -> None:
    to_four = [MONEY, Type("money", 4)]
    assert str(call("money_from.money", Decimal("1.25"), types=to_four)) == "1.2500"
    with pytest.raises(OverflowError_):
        call("money_from.money", Decimal("100000000000000.00"), types=to_four)
    assert str(call("money_from.integer", 12)) == "12.00"
    with pytest.raises(OverflowError_):
        call("money_from.integer", 10**16)
    assert call("number_from.money", Decimal("0.10")) == 0.1
    # double(units) / double(100): the units round first
    assert call("number_from.money", Decimal("9999999999999999.99")) == 999999999999999999.0 / 100.0


def test_numbers_are_missing_when_not_finite() -> None:
    assert call("divide.number", 1.0, 0.0) is None
    assert call("divide.number", 0.0, 0.0) is None
    assert call("divide.number", 1.0, -0.0) is None
    assert call("divide.number", 1e308, 1e-10) is None
    assert call("multiply.number", 1e200, 1e200) is None
    assert call("add.number", 0.1, 0.2) == 0.30000000000000004
    assert call("negate.number", 2.5) == -2.5


def test_percent_results_round_to_a_billionth() -> None:
    assert call("add.percent", 0.1, 0.2) == 0.3
    assert call("subtract.percent", 0.3, 0.1) == 0.2
    assert call("negate.percent", 0.3) == -0.3
    assert call("add.percent", 1e300, 1e300) is None  # × 1e9 is not finite


def test_a_timestamp_counts_by_its_calendar_date() -> None:
    assert call("date_from.timestamp", moment("2026-09-01 23:59:59.999999")) == day("2026-09-01")
    assert call("less.timestamp", moment("2026-09-01 23:59:59"), moment("2026-09-01 23:59:59.000001")) is True


def over(overload: str, values: list[Any], type_: Type | None = None, order: list[Any] | None = None) -> Any:
    """The aggregate of rows with these values, one a day unless `order` says when."""
    kind = overload.rpartition(".")[2]
    times = order or [(day("2026-01-01") + dt.timedelta(days=n),) for n in range(len(values))]
    items = [Item(value, time) for value, time in zip(values, times, strict=True)]
    return aggregate(overload, items, type_ or TYPES.get(kind))


def test_over_nothing() -> None:
    assert over("count.rows", []) == 0
    assert over("any.rows", []) is False
    assert over("no.rows", []) is True
    for nothing in ([], [None, None]):
        assert over("sum.integer", nothing) == 0
        assert str(over("sum.money", nothing, Type("money", 4))) == "0.0000"
        assert over("sum.number", nothing) == 0.0
        assert over("distinct_count.text", nothing) == 0
        for name in ("average", "median", "min", "max", "first", "latest", "trend_per_month"):
            assert over(f"{name}.integer", nothing) is None


def test_rows_without_a_value_are_skipped_but_counted_as_rows() -> None:
    assert over("count.rows", [None, 1]) == 2
    assert over("average.integer", [None, 1, 4]) == 2.5
    assert over("latest.integer", [1, 4, None]) == 4
    assert over("first.integer", [None, 4, 5]) == 4
    assert over("distinct_count.text", ["a", None, "a", "b"]) == 2


def test_sums() -> None:
    assert over("sum.integer", [2**62, 2**62 - 1]) == 2**63 - 1
    assert over("sum.integer", [2**62, 2**62, -1]) == 2**63 - 1  # only the whole sum counts
    with pytest.raises(OverflowError_):
        over("sum.integer", [2**62, 2**62])
    assert over("sum.number", [0.1, 0.2]) == 0.3  # in billionths, exactly
    assert over("sum.number", [1e9, 1e-9, -1e9]) == 1e-9
    assert over("sum.number", [0.4e-9, 0.4e-9]) == 0.0  # each value rounds first
    assert over("sum.number", [0.5e-9, -0.5e-9]) == 1e-9  # halves up: 1 + 0 billionths
    assert over("sum.percent", [0.1, 0.1, 0.1]) == 0.3
    with pytest.raises(OverflowError_):
        over("sum.number", [2e29])
    with pytest.raises(OverflowError_):
        over("sum.number", [1.5e29, 1.5e29])
    with pytest.raises(OverflowError_):
        over("sum.money", [Decimal("9999999999999999.99"), Decimal("0.01")])


def test_averages() -> None:
    assert over("average.integer", [2**63 - 1, 2**63 - 1]) == 2.0**63  # the exact sum may pass 64 bits
    assert over("average.money", [Decimal("0.10"), Decimal("0.20")]) == 0.15
    assert over("average.number", [0.1, 0.2, 0.3]) == 0.6 / 3
    assert over("average.percent", [0.5, 0.25]) == 0.375


def test_medians() -> None:
    assert over("median.integer", [9, 1, 5]) == 5.0
    assert over("median.integer", [9, 1, 5, 6]) == 5.5
    assert over("median.money", [Decimal("0.10"), Decimal("0.20")]) == (0.1 + 0.2) / 2
    assert over("median.number", [0.1, 0.4]) == 0.25
    assert over("median.number", [1.7e308, 1.7e308]) is None  # the sum of the two is not finite


def test_extremes() -> None:
    assert over("min.text", ["b", "a", "Z"]) == "Z"
    assert over("max.date", [day("2026-01-31"), day("2024-02-29")]) == day("2026-01-31")
    assert over("max.integer", [-3, -1, -2]) == -1


def test_ties_in_time() -> None:
    when = [(day("2026-01-01"),), (day("2026-01-02"),), (day("2026-01-02"),)]
    assert over("latest.integer", [1, 7, 7], order=when) == 7  # a tie that makes no difference
    assert over("first.integer", [1, 7, 8], order=when) == 1  # a tie that nobody asks about
    assert over("latest.integer", [1, 7, None], order=when) == 7
    with pytest.raises(TieError):
        over("latest.integer", [1, 7, 8], order=when)
    order = [(day("2026-01-01"), 1), (day("2026-01-02"), 2), (day("2026-01-02"), 1)]
    assert over("latest.integer", [1, 7, 8], order=order) == 7  # `then` orders within a time
    still = [(day("2026-01-01"), 1), (day("2026-01-02"), 2), (day("2026-01-02"), 2)]
    with pytest.raises(TieError):
        over("latest.integer", [1, 7, 8], order=still)


def test_trends() -> None:
    # 10 a day, exactly: 304.375 a month
    assert over("trend_per_month.integer", [0, 10, 20]) == 304.375
    # 0.10 a day: N/s = (3·50 − 3·30)/100, D = 3·5 − 9 = 6
    assert over("trend_per_month.money", [Decimal("0.00"), Decimal("0.10"), Decimal("0.20")]) == (
        60.0 / 100.0 / 6.0 * 30.4375
    )
    twice = [(day("2026-01-01"),), (day("2026-01-01"),)]
    assert over("trend_per_month.integer", [1, 5], order=twice) is None  # one distinct time
    hours = [(moment("2026-01-01 00:00"),), (moment("2026-01-01 01:00"),)]
    slope = over("trend_per_month.integer", [1, 2], order=hours)
    assert math.isclose(slope, 730.5)  # 30.4375 × 24 a month
    assert over("trend_per_month.integer", [3, 3, 3]) == 0.0
