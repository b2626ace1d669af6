"""Ties that leave `first` and `latest` without an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from scratch import scratch
from small_programs import binding_of, framed, program_of, stored

from segwright.compiler.duckdb.ties import tie_query
from segwright.compiler.plan_from_program import plan_from_program
from segwright.compiler.polars.ties import tie_frame

D, T = dt.date, dt.datetime
AS_OF = D(2026, 9, 1)

DATA = """
table customers key id
  id  integer
events payments of customers by id at paid_on
  id       integer
  paid_on  date
  amount   number optional
  note     text optional
  late     boolean optional
events ordered of customers by id at moment then sequence
  id        integer
  moment    timestamp
  sequence  integer
  amount    integer optional
table accounts of customers by id key account
  id       integer
  account  text
events logins of accounts by account at moment
  account  text
  moment   timestamp
  place    text
let places of accounts = latest of place from logins ever
"""


def ties(condition: str, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[tuple[Any, ...]] | None:
    """The ties of a segmentation with that condition, which DuckDB and Polars both find."""
    segmentation = f"segmentation s of customers\n  first match wins\n  segment a when {condition}\n  otherwise rest\n"
    program = program_of(DATA + segmentation)
    (population,) = plan_from_program(program).populations
    with scratch() as con:
        kept = {"customers": [{"id": 1}, {"id": 2}], **rows}
        binding = binding_of(program, AS_OF)
        query = tie_query(population, binding, program, stored(con, program, kept))
        found = None if query is None else sorted(con.execute(query).fetchall())
    frame = tie_frame(population, binding, program, framed(program, kept))
    assert found == (None if frame is None else sorted(frame.collect(engine="streaming").rows()))
    return found


def paid(id: int, on: dt.date, amount: float | None = None, note: str | None = None, late: bool | None = None) -> Any:
    return {"id": id, "paid_on": on, "amount": amount, "note": note, "late": late}


LATEST = "(latest of amount from payments ever) > 1"
FIRST = "(first of amount from payments ever) > 1"


def test_nothing_to_look_for() -> None:
    assert ties("any payments ever", {}) is None
    assert ties("days since (latest of paid_on from payments ever) > 3", {}) is None


def test_rows_that_differ_at_the_end_that_is_asked_for() -> None:
    early, late = D(2026, 1, 1), D(2026, 2, 1)
    rows = [
        paid(1, early, 1),
        paid(1, early, 2),
        paid(1, late, 3),
        paid(2, early, 1),
        paid(2, late, 2),
        paid(2, late, 3),
    ]
    assert ties(LATEST, {"payments": rows}) == [("payments", "#1", "2", "2026-02-01")]
    assert ties(FIRST, {"payments": rows}) == [("payments", "#1", "1", "2026-01-01")]


@pytest.mark.parametrize(
    "rows",
    [
        [paid(1, AS_OF, 2.5), paid(1, AS_OF, 2.5)],  # the same
        [paid(1, AS_OF, 0.0), paid(1, AS_OF, -0.0)],  # equal
        [paid(1, AS_OF, 2.5), paid(1, AS_OF, None)],  # a missing value is skipped
        [paid(1, D(2026, 9, 2), 1), paid(1, D(2026, 9, 2), 2)],  # not visible
        [paid(9, AS_OF, 1), paid(9, AS_OF, 2)],  # of no customer
        [],
    ],
)
def test_ties_that_do_not_matter(rows: list[Any]) -> None:
    assert ties(LATEST, {"payments": rows}) == []


def test_only_rows_that_are_counted_tie() -> None:
    rows = [paid(1, AS_OF, 1, late=True), paid(1, AS_OF, 2, late=False), paid(1, AS_OF, 3)]
    assert ties("(latest of amount from payments where late ever) > 1", {"payments": rows}) == []
    assert ties("(latest of amount from payments where not late ever) > 1", {"payments": rows}) == []
    assert ties("(latest of amount from payments where amount > 1 ever) > 1", {"payments": rows}) != []
    long_ago = [paid(1, D(2026, 1, 1), 1), paid(1, D(2026, 1, 1), 2)]
    assert ties("(latest of amount from payments in last 90 days) > 1", {"payments": long_ago}) == []


@pytest.mark.parametrize("values", [("note", "a", "b"), ("late", True, False), ("amount", 1e300, -1e300)])
def test_values_of_every_kind(values: tuple[str, Any, Any]) -> None:
    field, one, other = values
    condition = f"(latest of {field} from payments ever) is known"
    rows = [paid(1, AS_OF, **{field: one}), paid(1, AS_OF, **{field: other}), paid(1, AS_OF, **{field: one})]
    assert ties(condition, {"payments": rows}) == [("payments", "#1", "1", "2026-09-01")]
    assert ties(condition, {"payments": rows[::2]}) == []


def test_the_declared_order_settles_what_it_can() -> None:
    moment = T(2026, 8, 1, 12, 0, 0, 5)

    def row(sequence: int, amount: int, at: dt.datetime = moment) -> Any:
        return {"id": 1, "moment": at, "sequence": sequence, "amount": amount}

    condition = "(latest of amount from ordered ever) > 1"
    later = moment + dt.timedelta(microseconds=1)
    assert ties(condition, {"ordered": [row(1, 5), row(2, 6)]}) == []
    assert ties(condition, {"ordered": [row(2, 5), row(2, 6), row(1, 7, later)]}) == []
    assert ties(condition, {"ordered": [row(2, 5), row(2, 6), row(1, 7)]}) == [
        ("ordered", "#1", "1", "2026-08-01 12:00:00.000005")
    ]


def test_ties_below_a_child() -> None:
    rows = {
        "accounts": [{"id": 1, "account": "p"}, {"id": 1, "account": "q"}],
        "logins": [
            {"account": account, "moment": T(2026, 8, 1), "place": place}
            for account, place in [("p", "a"), ("p", "a"), ("q", "a"), ("q", "b"), ("z", "a"), ("z", "b")]
        ],
    }
    condition = '(count of accounts where places is "a") > 0'
    assert ties(condition, rows) == [("logins", "places", "q", "2026-08-01 00:00:00")]


def test_several_aggregates_of_one_pass() -> None:
    rows = [paid(1, AS_OF, 1, note="x"), paid(1, AS_OF, 2, note="x"), paid(2, AS_OF, 1, note="x"),
            paid(2, AS_OF, 1, note="y")]  # fmt: skip
    condition = f'{LATEST} and (first of note from payments ever) is "x"'
    assert ties(condition, {"payments": rows}) == [
        ("payments", "#1", "1", "2026-09-01"),
        ("payments", "#2", "2", "2026-09-01"),
    ]
