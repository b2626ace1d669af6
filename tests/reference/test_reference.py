"""What the reference interpreter makes of whole programs, worked out by hand. The cases in tests/cases say more."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import Program
from segwright.dsl.source import Source
from segwright.runtime.reference.errors import (
    DuplicateKey,
    DuplicateRow,
    MissingValue,
    OverflowError_,
    TieError,
    WrongValue,
)
from segwright.runtime.reference.interpreter import Assigned, assign

from .reading import needed_fields, read

APRIL_30 = dt.date(2026, 4, 30)

TABLES = """
purposes marketing
table customers key customer_id
  customer_id  integer
  age          integer optional
  income       money optional
  consents     boolean optional consent for marketing
table crm of customers by customer_id
  customer_id  integer
  calls        integer
table accounts of customers by customer_id key account_id
  account_id   integer
  customer_id  integer
  balance      integer
events payments of customers by customer_id at paid_on known at received_on then number_
  customer_id  integer
  paid_on      date
  received_on  date
  number_      integer
  amount       money optional
events instalments of accounts by account_id at due_on
  account_id   integer
  due_on       date
  late         boolean
"""


def program(rules: str) -> Program:
    document, problems = parse(Source("rules.seg", TABLES + rules))
    found = check([document])
    assert [each.message for each in (*problems, *found.diagnostics) if each.severity == "error"] == []
    assert found.program is not None
    return found.program


def customers(*rows: tuple[int, int | None, str | None, bool | None]) -> list[dict[str, Any]]:
    return [
        {"customer_id": key, "age": age, "income": None if income is None else Decimal(income), "consents": consents}
        for key, age, income, consents in rows
    ]


def payment(customer: int, paid_on: str, amount: str | None, number: int = 1, received_on: str = "") -> dict[str, Any]:
    return {
        "customer_id": customer,
        "paid_on": dt.date.fromisoformat(paid_on),
        "received_on": dt.date.fromisoformat(received_on or paid_on),
        "number_": number,
        "amount": None if amount is None else Decimal(amount),
    }


def assigned(rules: str, data: dict[str, list[dict[str, Any]]], as_of: dt.date = APRIL_30) -> Assigned:
    return assign(program(rules), data, as_of)


def test_the_first_clause_that_holds_decides() -> None:
    found = assigned(
        """
        segmentation value first match wins
          segment old when age > 60 when age > 50 unless income < 100
          segment rich when income >= 100
          otherwise rest
        """,
        {
            "customers": customers(
                (1, 61, None, None),
                (2, 55, "99.99", None),
                (3, 55, None, None),
                (4, None, "100.00", None),
                (5, None, None, None),
            )
        },
    )
    assert {key: answers["value"] for key, answers in found.answers["customers"].items()} == {
        1: ("old", 1),
        2: ("rest", 4),  # taken out of clause 2, not rich
        3: ("old", 2),  # an unknown `unless` takes nobody out
        4: ("rich", 3),
        5: ("rest", 4),
    }


def test_truths_are_true_false_or_unknown() -> None:
    rules = program("segmentation s overlapping segment a when age > 60 and income >= 100")
    data = {"customers": customers((1, 61, None, None), (2, 60, None, None), (3, 61, "100.00", None))}
    found = assign(rules, data, APRIL_30)
    whole = rules.segmentations[0].segments[0].clauses[0].when
    assert [found.truth("customers", key, whole) for key in (1, 2, 3)] == [None, False, True]


def test_missing_consent_is_no_consent() -> None:
    found = assigned(
        "segmentation s overlapping purpose marketing needs consent for marketing segment a when age > 1",
        {"customers": customers((1, 2, None, True), (2, 2, None, False), (3, 2, None, None))},
    )
    assert [found.answers["customers"][key]["s"] for key in (1, 2, 3)] == [["a"], [], []]


def test_windows_visibility_and_nothing() -> None:
    found = assigned(
        """
        let paid = sum of amount from payments in last 3 months
        segmentation s overlapping
          segment none when paid = 0
          segment ten when paid = 10
          segment ever when count of payments ever = 3
        """,
        {
            "customers": customers((1, None, None, None), (2, None, None, None)),
            "payments": [
                payment(1, "2026-01-31", "1.00"),  # the window is (31 January, 30 April]
                payment(1, "2026-02-01", "2.00"),
                payment(1, "2026-04-30", "8.00"),
                payment(1, "2026-05-01", "100.00"),  # not yet
                payment(1, "2026-03-01", "100.00", received_on="2026-05-01"),  # not yet known
                payment(9, "2026-03-01", "100.00"),  # nobody's
            ],
        },
    )
    assert found.answers["customers"] == {1: {"s": ["ten", "ever"]}, 2: {"s": ["none"]}}


def test_lets_of_children_reach_their_events_and_their_parents() -> None:
    found = assigned(
        """
        let late of accounts = count of instalments where late in last 1 month
        let bad of accounts = late > 1 and customers.age > 18
        segmentation stages of accounts first match wins
          segment watch when bad
          otherwise fine
        segmentation people of customers overlapping
          segment warned when (any accounts where bad)
          segment two when sum of late from accounts = 2
        """,
        {
            "customers": customers((1, 19, None, None), (2, 18, None, None), (3, None, None, None)),
            "accounts": [
                {"account_id": 10, "customer_id": 1, "balance": 0},
                {"account_id": 20, "customer_id": 2, "balance": 0},
                {"account_id": 30, "customer_id": 3, "balance": 0},
                {"account_id": 40, "customer_id": 4, "balance": 0},  # nobody's, so it has no stage either
            ],
            "instalments": [
                {"account_id": account, "due_on": dt.date(2026, 4, day), "late": True}
                for account in (10, 20, 30, 40)
                for day in (1, 30)
            ],
        },
    )
    assert {key: answer["stages"][0] for key, answer in found.answers["accounts"].items()} == {
        10: "watch",
        20: "fine",
        30: "fine",  # unknown age
    }
    assert {key: answer["people"] for key, answer in found.answers["customers"].items()} == {
        1: ["warned", "two"],
        2: ["two"],
        3: ["two"],
    }


def test_an_attached_row_that_is_not_there() -> None:
    found = assigned(
        """
        segmentation s overlapping
          segment row when crm is known
          segment calls when crm.calls is missing
          segment few when crm.calls default 0 < 2
        """,
        {"customers": customers((1, None, None, None), (2, None, None, None)), "crm": [{"customer_id": 1, "calls": 5}]},
    )
    assert found.answers["customers"] == {1: {"s": ["row"]}, 2: {"s": ["calls", "few"]}}


def test_arithmetic_stops_the_run_on_rows_that_are_decided_before() -> None:
    rules = "segmentation s first match wins segment all when customer_id > 0 segment b when age * 2 > 1 otherwise c"
    with pytest.raises(OverflowError_):
        assigned(rules, {"customers": customers((1, 2**62, None, None))})


def test_arithmetic_on_events_outside_the_window_may_stop_the_run() -> None:
    rules = "segmentation s overlapping segment a when any payments where number_ * 2 > 1 in last 1 month"
    data = {"customers": customers((1, None, None, None)), "payments": [payment(1, "2020-01-01", None, number=2**62)]}
    found = assigned(rules, data)
    assert found.answers == {"customers": {1: {"s": []}}}
    assert found.may_stop is not None
    data["payments"] = [payment(1, "2026-04-30", None, number=2**62)]
    with pytest.raises(OverflowError_):
        assigned(rules, data)


def test_a_sum_may_stop_the_run_for_a_row_outside_the_window() -> None:
    large = "100000000000000000000000000000.0"
    rules = f"segmentation s overlapping segment a when sum of (number_ * {large}) from payments in last 1 month = 0"
    data = {"customers": customers((1, None, None, None)), "payments": [payment(1, "2020-01-01", None, number=9**9)]}
    found = assigned(rules, data)
    assert found.answers == {"customers": {1: {"s": ["a"]}}}
    assert found.may_stop is not None
    data["payments"] = [payment(1, "2026-04-30", None, number=9**9)]
    with pytest.raises(OverflowError_):
        assigned(rules, data)


def test_ties_are_told_apart_by_the_declared_order_only() -> None:
    rules = "segmentation s overlapping segment a when latest of amount from payments ever = 2"
    data = {"customers": customers((1, None, None, None))}
    ordered = [payment(1, "2026-04-30", "2.00", number=2), payment(1, "2026-04-30", "1.00", number=1)]
    assert assigned(rules, {**data, "payments": ordered}).answers == {"customers": {1: {"s": ["a"]}}}
    tied = [payment(1, "2026-04-30", "2.00"), payment(1, "2026-04-30", "1.00")]
    with pytest.raises(TieError):
        assigned(rules, {**data, "payments": tied})


def test_keys_and_attached_rows_come_once() -> None:
    rules = "segmentation s overlapping segment a when crm.calls > 1"
    with pytest.raises(DuplicateKey):
        assigned(rules, {"customers": customers((1, 1, None, None), (1, 2, None, None))})
    crm = [{"customer_id": 1, "calls": 1}, {"customer_id": 1, "calls": 1}]
    with pytest.raises(DuplicateRow):
        assigned(rules, {"customers": customers((1, 1, None, None)), "crm": crm})
    assert assigned(rules, {"customers": customers((2, 1, None, None)), "crm": crm}).answers  # two orphans


def test_only_what_is_read_is_checked() -> None:
    rules = program("segmentation s overlapping segment a when crm.calls > 1")
    assert needed_fields(rules) == {
        ("customers", "customer_id"),
        ("crm", "customer_id"),
        ("crm", "calls"),
    }
    strange = {"customers": [{"customer_id": 1, "age": "old", "income": None, "consents": None}]}
    assert read(rules, strange)["customers"] == [{"customer_id": 1, "age": None, "income": None, "consents": None}]
    with pytest.raises(MissingValue):
        read(rules, {"crm": [{"customer_id": 1, "calls": None}]})
    with pytest.raises(WrongValue):
        read(rules, {"crm": [{"customer_id": 1, "calls": 2.5}]})


def test_parameters_replace_what_is_declared() -> None:
    rules = program("parameter least = 18 segmentation s overlapping segment a when age >= least")
    data = {"customers": customers((1, 18, None, None))}
    assert assign(rules, data, APRIL_30).answers["customers"][1]["s"] == ["a"]
    assert assign(rules, data, APRIL_30, {"least": 19}).answers["customers"][1]["s"] == []
