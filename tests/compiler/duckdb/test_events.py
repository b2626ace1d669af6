"""The rows behind an aggregate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from scratch import scratch
from small_programs import binding_of, program_of, stored

from segwright.compiler.counted import counted_columns
from segwright.compiler.duckdb.events import counted_events_query
from segwright.compiler.plan_from_program import plan_from_program

D = dt.date
AS_OF = D(2026, 9, 1)

RULES = """
table customers key id
  id      integer
  income  money optional
  email   text personal
events payments of customers by id at paid_on
  id         integer
  paid_on    date
  amount     money optional
  days_late  integer
  note       text personal
  other      integer
table accounts of customers by id key account
  id       integer
  account  text
  balance  money
let late    = count of payments where days_late > 30 in last 90 days
let paid    = sum of amount from payments in last 6 months
let above   = count of payments where amount > customers.income ever
let doubled = max of (days_late * 2) from payments ever
let private = count of payments where note is "x" and customers.email is "y" and days_late > 1 ever
let secret  = latest of note from payments ever
let owed    = (sum of balance from accounts where balance > 5)
segmentation s of customers
  first match wins
  segment a when late > 0 and paid > 0 and above > 0 and doubled > 0 and private > 0 and secret is "z" and owed > 0
  otherwise rest
"""
ROWS = {
    "customers": [{"id": 1, "income": Decimal(15), "email": "y"}, {"id": 2, "income": None, "email": "y"}],
    "payments": [
        {"id": 1, "paid_on": D(2026, 8, 1), "amount": Decimal(10), "days_late": 40, "note": "x", "other": 1},
        {"id": 1, "paid_on": D(2026, 8, 3), "amount": None, "days_late": 50, "note": "x", "other": 1},
        {"id": 1, "paid_on": D(2026, 8, 2), "amount": Decimal(20), "days_late": 5, "note": "x", "other": 1},
        {"id": 1, "paid_on": D(2026, 1, 1), "amount": Decimal(30), "days_late": 60, "note": "x", "other": 1},
        {"id": 1, "paid_on": D(2026, 9, 2), "amount": Decimal(40), "days_late": 60, "note": "x", "other": 1},
        {"id": 2, "paid_on": D(2026, 8, 1), "amount": Decimal(50), "days_late": 60, "note": "x", "other": 1},
    ],
    "accounts": [
        {"id": 1, "account": "q", "balance": Decimal(7)},
        {"id": 1, "account": "p", "balance": Decimal(6)},
        {"id": 1, "account": "r", "balance": Decimal(5)},
    ],
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with scratch() as connection:
        yield connection


def counted(con: duckdb.DuckDBPyConnection, feature: str, key: int = 1) -> tuple[list[str], list[tuple[Any, ...]]]:
    program = program_of(RULES)
    (population,) = plan_from_program(program).populations
    relations, binding = stored(con, program, ROWS), binding_of(program, AS_OF)
    found = con.execute(counted_events_query(population, feature, key, binding, program, relations))
    names = [column[0] for column in found.description or ()]
    assert names == list(counted_columns(population, feature, program))
    return names, found.fetchall()


def test_only_rows_in_the_window_for_which_where_is_true_latest_first(con: duckdb.DuckDBPyConnection) -> None:
    names, rows = counted(con, "late")
    assert names == ["paid_on", "days_late"]
    assert rows == [(D(2026, 8, 3), 50), (D(2026, 8, 1), 40)]


def test_rows_without_a_value_are_not_counted(con: duckdb.DuckDBPyConnection) -> None:
    names, rows = counted(con, "paid")
    assert names == ["paid_on", "amount"]
    assert rows == [(D(2026, 8, 2), 20), (D(2026, 8, 1), 10)]


def test_what_where_reads_of_the_parent_is_shown(con: duckdb.DuckDBPyConnection) -> None:
    names, rows = counted(con, "above")
    assert names == ["paid_on", "amount", "customers.income"]
    assert rows == [(D(2026, 8, 2), 20, 15), (D(2026, 1, 1), 30, 15)]


def test_no_row_of_another_key(con: duckdb.DuckDBPyConnection) -> None:
    assert counted(con, "above", key=2)[1] == []


def test_a_reckoned_value_is_shown(con: duckdb.DuckDBPyConnection) -> None:
    names, rows = counted(con, "doubled", key=2)
    assert rows == [(D(2026, 8, 1), 120)]
    assert len(names) == 2


@pytest.mark.parametrize("feature, names", [("private", ["paid_on", "days_late"]), ("secret", ["paid_on"])])
def test_nothing_personal_is_shown(con: duckdb.DuckDBPyConnection, feature: str, names: list[str]) -> None:
    found, rows = counted(con, feature)
    assert (found, len(rows)) == (names, 4)


def test_rows_of_a_child_table_in_order_of_their_key(con: duckdb.DuckDBPyConnection) -> None:
    names, rows = counted(con, "owed")
    assert names == ["account", "balance"]
    assert rows == [("p", 6), ("q", 7)]


def test_what_is_no_aggregate_has_no_rows(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(KeyError):
        counted(con, "income")
