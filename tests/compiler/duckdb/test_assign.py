"""Assignment queries: who lands where, what stands beside it, and how DuckDB goes about it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scratch import scratch
from small_programs import assigned, binding_of, program_of, stored

from segwright.compiler.duckdb.assign import DEFAULT, Options, assignment_query, value_columns
from segwright.compiler.duckdb.relation import Relation
from segwright.compiler.duckdb.stops import is_overflow
from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.program import FieldRef
from segwright.dsl.types import MONEY

D, T = dt.date, dt.datetime
AS_OF = D(2026, 9, 1)

DATA = """
purposes marketing
table customers key id
  id         integer
  income     money optional
  score      integer optional
  share      percent optional
  opened_on  date
  vip        boolean
  email      text personal optional
  consent    boolean optional consent for marketing
table crm of customers by id
  id           integer
  do_not_call  boolean
events payments of customers by id at paid_on known at received_on then sequence
  id           integer
  paid_on      date
  received_on  date
  sequence     integer
  amount       money optional
  days_late    integer
table accounts of customers by id key account
  id       integer
  account  text
  balance  money
events logins of accounts by account at moment
  account  text
  moment   timestamp
"""


def customer(id: int, **values: Any) -> dict[str, Any]:
    return {"id": id, "opened_on": D(2020, 1, 1), "vip": False, **values}


def payment(
    id: int, on: dt.date, amount: str | None, late: int = 0, sequence: int = 1, known: dt.date | None = None
) -> dict[str, Any]:
    money = None if amount is None else Decimal(amount)
    return {"id": id, "paid_on": on, "received_on": known or on, "sequence": sequence, "amount": money,
            "days_late": late}  # fmt: skip


def exclusive(*segments: str, lets: str = "", name: str = "s", table: str = "customers") -> str:
    return (
        f"{DATA}{lets}\nsegmentation {name} of {table}\n  first match wins\n"
        + "".join(f"  {segment}\n" for segment in segments)
        + "  otherwise rest\n"
    )


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with scratch() as connection:
        yield connection


# -- decisions -------------------------------------------------------------------------------------------------------


def test_the_first_clause_that_holds_wins(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive("segment a when score > 700 when vip", "segment b when score > 600 unless income < 10")
    rows = [
        customer(1, score=701),
        customer(2, vip=True),
        customer(3, score=650, income=Decimal("9.99")),
        customer(4, score=650, income=Decimal("10.00")),
        customer(5, score=650),  # whether the income is below 10 is unknown, which does not exclude
        customer(6),
    ]
    found = assigned(con, rules, {"customers": rows}, AS_OF)
    assert [(row["id"], row["s"], row["s_clause"]) for row in found] == [
        (1, "a", 1),
        (2, "a", 2),
        (3, "rest", 4),
        (4, "b", 3),
        (5, "b", 3),
        (6, "rest", 4),
    ]
    assert list(found[0]) == ["id", "s", "s_clause"]


def test_labels_are_a_dictionary_and_clauses_are_small(con: duckdb.DuckDBPyConnection) -> None:
    program = program_of(exclusive("segment a when vip when score > 3"))
    population = plan_from_program(program).populations[0]
    relations = stored(con, program, {})
    query = assignment_query(population, binding_of(program, AS_OF), program, relations)
    types = {row[0]: row[1] for row in con.execute(f"DESCRIBE {query}").fetchall()}
    assert types == {"id": "BIGINT", "s": "ENUM('a', 'rest')", "s_clause": "UTINYINT"}


def test_more_than_255_clauses(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive(*(f"segment s{number} when score = {number}" for number in range(1, 301)))
    found = assigned(con, rules, {"customers": [customer(1, score=299), customer(2, score=0)]}, AS_OF)
    assert [(row["s"], row["s_clause"]) for row in found] == [("s299", 299), ("rest", 301)]


def test_segments_in_force() -> None:
    rules = exclusive("segment a from 2026-09-02 when vip", "segment b from 2026-09-01 until 2026-09-01 when vip")
    for as_of, expected in [(D(2026, 8, 31), "rest"), (AS_OF, "b"), (D(2026, 9, 2), "a")]:
        with scratch() as fresh:
            assert assigned(fresh, rules, {"customers": [customer(1, vip=True)]}, as_of)[0]["s"] == expected


def test_overlapping_segments_in_order_of_declaration(con: duckdb.DuckDBPyConnection) -> None:
    names = "cbadefg"
    segments = "".join(f"  segment {name} when score >= {number}\n" for number, name in enumerate(names))
    rules = f"{DATA}segmentation s of customers\n  overlapping\n{segments}"
    rows = [customer(1, score=6), customer(2, score=1), customer(3, score=-1), customer(4)]
    found = assigned(con, rules, {"customers": rows}, AS_OF)
    assert [row["s"] for row in found] == [list("cbadefg"), ["c", "b"], [], []]


LIMITED = "segmentation s of customers\n  overlapping\n  at most {} segments each\n{}"


@pytest.mark.parametrize("cap", [1, 2, 5, 6, 9])
@pytest.mark.parametrize("options", [DEFAULT, Options(qualified=True)])
def test_a_row_keeps_the_first_segments_that_it_qualifies_for(
    con: duckdb.DuckDBPyConnection, cap: int, options: Options
) -> None:
    """Segment k takes the scores whose k-th binary digit is 1, so every combination of six occurs."""
    scores = {digit: ", ".join(str(score) for score in range(64) if score >> digit & 1) for digit in range(6)}
    segments = "".join(f"  segment d{digit} when score is one of ({scores[digit]})\n" for digit in range(6))
    rows = [customer(score, score=score) for score in range(64)]
    found = assigned(con, DATA + LIMITED.format(cap, segments), {"customers": rows}, AS_OF, options)
    for score, row in enumerate(found):
        fitting = [f"d{digit}" for digit in range(6) if score >> digit & 1]
        assert row == {"id": score, "s": fitting[:cap]} | ({"s_qualified": len(fitting)} if options.qualified else {})


def test_a_limit_among_many_segments(con: duckdb.DuckDBPyConnection) -> None:
    segments = "".join(f"  segment s{number} when score >= {number}\n" for number in range(300))
    rows = [customer(1, score=299), customer(2, score=1), customer(3)]
    found = assigned(con, DATA + LIMITED.format(3, segments), {"customers": rows}, AS_OF, Options(qualified=True))
    assert [(row["s"], row["s_qualified"]) for row in found] == [(["s0", "s1", "s2"], 300), (["s0", "s1"], 2), ([], 0)]


def test_only_limits_tell_who_qualifies_and_no_name_is_given_twice(con: duckdb.DuckDBPyConnection) -> None:
    rules = (
        DATA
        + LIMITED.format(1, "  segment a when vip\n  segment b when true\n")
        + "segmentation S_Qualified of customers\n  overlapping\n  segment c when s includes b\n"
    )
    found = assigned(con, rules, {"customers": [customer(1, vip=True)]}, AS_OF, Options(qualified=True, values=True))
    assert found == [{"id": 1, "s": ["a"], "S_Qualified": [], "s_qualified 2": 2, "vip": True}]


def test_codes_instead_of_names(con: duckdb.DuckDBPyConnection) -> None:
    rules = (
        exclusive("segment a when vip")
        + "segmentation t of customers\n  overlapping\n"
        + "".join(f"  segment t{number} when score >= {number}\n" for number in range(1, 8))
    )
    rows = [customer(1, score=7, vip=True), customer(2)]
    found = assigned(con, rules, {"customers": rows}, AS_OF, Options(codes_only=True))
    assert found == [{"id": 1, "s_clause": 1, "t": [1, 2, 3, 4, 5, 6, 7]}, {"id": 2, "s_clause": 2, "t": []}]


def test_consent_is_needed_whatever_the_clause_says(con: duckdb.DuckDBPyConnection) -> None:
    rules = (
        f"{DATA}segmentation s of customers\n  overlapping\n  purpose marketing\n  needs consent for marketing\n"
        "  segment a when vip or not vip\n"
    )
    rows = [customer(1, consent=True), customer(2, consent=False), customer(3)]
    assert [row["s"] for row in assigned(con, rules, {"customers": rows}, AS_OF)] == [["a"], [], []]


def test_segmentations_ask_each_other(con: duckdb.DuckDBPyConnection) -> None:
    rules = (
        exclusive("segment a when vip", "segment b when score > 1")
        + "segmentation t of customers\n  overlapping\n  segment x when s is one of (a, rest)\n"
        "  segment y when s is not b\n"
        + "segmentation u of customers\n  first match wins\n  segment z when t includes x and score is known\n"
        "  otherwise others\n"
    )
    rows = [customer(1, vip=True, score=2), customer(2, score=2), customer(3)]
    found = assigned(con, rules, {"customers": rows}, AS_OF, Options(evidence=True))
    assert [(row["s"], row["t"], row["u"]) for row in found] == [
        ("a", ["x", "y"], "z"),
        ("b", [], "others"),
        ("rest", ["x", "y"], "others"),
    ]
    with scratch() as fresh:
        plain = assigned(fresh, rules, {"customers": rows}, AS_OF)
    assert plain == [{name: row[name] for name in plain[0]} for row in found]


def test_kleene_logic(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive(
        "segment a when score > 1 or vip",  # unknown or true
        "segment b when not (score > 1 and vip) and id = 2",  # not (unknown and false)
        "segment c when not (score > 1)",  # not unknown
    )
    found = assigned(con, rules, {"customers": [customer(1, vip=True), customer(2), customer(3)]}, AS_OF)
    assert [row["s"] for row in found] == ["a", "b", "rest"]


def test_names_that_differ_in_case_only(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive("segment a when Score > 2 and score < 3", lets="let Score = share * 10\n")
    rows = [customer(1, score=1, share=0.5), customer(2, score=5, share=0.5), customer(3, score=1, share=0.1)]
    found = assigned(con, rules, {"customers": rows}, AS_OF, Options(values=True))
    assert [row["s"] for row in found] == ["a", "rest", "rest"]


# -- what belongs to a row -------------------------------------------------------------------------------------------


def test_attached_rows_that_are_not_there_are_missing(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive(
        "segment none when crm is missing", "segment stop when crm.do_not_call", "segment go when not crm.do_not_call"
    )
    rows = {
        "customers": [customer(1), customer(2), customer(3)],
        "crm": [{"id": 2, "do_not_call": True}, {"id": 3, "do_not_call": False}, {"id": 9, "do_not_call": True}],
    }
    assert [row["s"] for row in assigned(con, rules, rows, AS_OF)] == ["none", "stop", "go"]


def test_windows_and_visibility(con: duckdb.DuckDBPyConnection) -> None:
    lets = (
        "let in_90 = count of payments in last 90 days\n"
        "let older = sum of amount from payments in last 12 months except last 6 months\n"
        "let all = count of payments ever\n"
    )
    rules = exclusive("segment a when in_90 >= 0 and older >= 0 and all >= 0", lets=lets)
    payments = [
        payment(1, D(2026, 6, 3), "1"),  # 90 days before: out
        payment(1, D(2026, 6, 4), "2"),
        payment(1, AS_OF, "4"),
        payment(1, D(2026, 9, 2), "8"),  # in the future
        payment(1, D(2026, 8, 1), "16", known=D(2026, 9, 2)),  # not known yet
        payment(1, D(2026, 3, 1), "32"),  # six months before: in the older part
        payment(1, D(2026, 3, 2), "64"),
        payment(1, D(2025, 9, 1), "128"),  # twelve months before: out
        payment(1, D(2025, 9, 2), "256"),
        payment(2, D(2026, 9, 2), "512"),
    ]
    rows = {"customers": [customer(1), customer(2)], "payments": payments}
    found = assigned(con, rules, rows, AS_OF, Options(values=True))
    assert [(row["in_90"], row["older"], row["all"]) for row in found] == [(2, Decimal("288.00"), 7), (0, 0, 0)]


def test_timestamps_count_by_their_date(con: duckdb.DuckDBPyConnection) -> None:
    lets = "let recent of accounts = count of logins in last 1 day\n"
    rules = exclusive("segment a when recent >= 0", lets=lets, table="accounts")
    moments = [T(2026, 8, 31, 23, 59, 59, 999999), T(2026, 9, 1), T(2026, 9, 1, 23, 59, 59, 999999), T(2026, 9, 2)]
    rows = {
        "customers": [customer(1)],
        "accounts": [{"id": 1, "account": "x", "balance": 1}],
        "logins": [{"account": "x", "moment": moment} for moment in moments],
    }
    assert assigned(con, rules, rows, AS_OF, Options(values=True))[0]["recent"] == 2


def test_missing_groups(con: duckdb.DuckDBPyConnection) -> None:
    lets = (
        "let n = count of payments ever\nlet total = sum of amount from payments ever\n"
        "let most = max of amount from payments ever\nlet kinds = distinct count of amount from payments ever\n"
        "let accs = (count of accounts)\n"
    )
    rules = exclusive(
        "segment a when n = 0 and total = 0 and kinds = 0 and accs = 0 and most is missing and no payments ever",
        lets=lets,
    )
    rows = {"customers": [customer(1), customer(2)], "payments": [payment(2, AS_OF, None)]}
    assert [row["s"] for row in assigned(con, rules, rows, AS_OF)] == ["a", "rest"]


def test_children_nest_and_read_their_parent() -> None:
    lets = (
        "let used of accounts = count of logins in last 30 days\n"
        "let used_balance = (sum of balance from accounts where used > 0 and balance < customers.income)\n"
    )
    rules = exclusive("segment a when used_balance >= 0", lets=lets)
    rows = {
        "customers": [customer(1, income=Decimal(100)), customer(2)],
        "accounts": [
            {"id": 1, "account": "p", "balance": Decimal(10)},
            {"id": 1, "account": "q", "balance": Decimal(20)},  # not used
            {"id": 1, "account": "r", "balance": Decimal(500)},  # more than the income
            {"id": 2, "account": "s", "balance": Decimal(1)},  # income unknown
        ],
        "logins": [{"account": account, "moment": T(2026, 8, 31, 12)} for account in "prs"],
    }
    for key in (None, 1):
        with scratch() as fresh:
            found = assigned(fresh, rules, rows, AS_OF, Options(values=True, key=key))
        assert {row["id"]: row["used_balance"] for row in found} == {1: Decimal("10.00")} | ({} if key else {2: 0})


def test_rows_of_a_child_without_a_parent_are_not_assigned(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive("segment a when balance > 1 and customers.vip", table="accounts")
    rows = {
        "customers": [customer(1, vip=True)],
        "accounts": [{"id": 1, "account": "p", "balance": 2}, {"id": 7, "account": "q", "balance": 2}],
    }
    assert [row["account"] for row in assigned(con, rules, rows, AS_OF)] == ["p"]


SNAPSHOTS = """
table customers key id at seen
  id    integer
  seen  timestamp
  score integer optional
segmentation s of customers
  first match wins
  segment a when score > 1
  otherwise rest
"""


def test_the_latest_snapshot_is_the_row() -> None:
    rows = [
        {"id": 1, "seen": T(2026, 8, 1), "score": 1},
        {"id": 1, "seen": T(2026, 9, 1, 23, 59), "score": 2},
        {"id": 1, "seen": T(2026, 9, 2), "score": 0},
        {"id": 2, "seen": T(2026, 8, 1), "score": 2},
        {"id": 2, "seen": T(2026, 8, 1, 0, 0, 1), "score": None},
        {"id": 3, "seen": T(2026, 9, 2), "score": 2},
    ]
    for key, expected in [(None, {1: "a", 2: "rest"}), (1, {1: "a"}), (3, {})]:
        with scratch() as fresh:
            found = assigned(fresh, SNAPSHOTS, {"customers": rows}, AS_OF, Options(key=key))
        assert {row["id"]: row["s"] for row in found} == expected


# -- beside the decisions --------------------------------------------------------------------------------------------


def test_evidence_tells_what_is_true_and_what_is_known(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive("segment a when score > 1 and vip", 'segment b when email contains "@" or income != 5')
    rows = [customer(1, score=2, email="x@y", income=5), customer(2, vip=True, income=6)]
    found = assigned(con, rules, {"customers": rows}, AS_OF, Options(evidence=True))
    # 0: score > 1, 1: vip, 2: email (personal: stays 0), 3: income = 5
    assert [(row["evidence_true_0"], row["evidence_known_0"]) for row in found] == [(0b1001, 0b1011), (0b0010, 0b1010)]


def test_evidence_of_more_than_64_conditions(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive(*(f"segment s{number} when score > {number}" for number in range(130)))
    found = assigned(con, rules, {"customers": [customer(1, score=1_000), customer(2)]}, AS_OF, Options(evidence=True))
    words = [[row[f"evidence_{kind}_{word}"] for kind in ("true", "known") for word in range(3)] for row in found]
    assert words == [[2**64 - 1, 2**64 - 1, 3] * 2, [0] * 6]
    assert "evidence_true_3" not in found[0]


def test_conditions_are_true_false_or_unknown(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive("segment a when score > 1", "segment b when vip")
    rows = [customer(1, score=2), customer(2, score=1, vip=True), customer(3)]
    found = assigned(con, rules, {"customers": rows}, AS_OF, Options(conditions=True))
    truths = [(row["condition_0"], row["condition_1"]) for row in found]
    assert truths == [(True, False), (False, True), (None, False)]


def test_values_are_what_conditions_look_at_and_nothing_personal(con: duckdb.DuckDBPyConnection) -> None:
    lets = "let domain = email\nlet paid = sum of amount from payments ever\nlet ratio = income / paid\n"
    rules = exclusive(
        'segment a when ratio > 1 and crm.do_not_call and domain starts with "x"',
        "segment b when email is known or years since opened_on > 2",
        lets=lets,
    )
    rows = {"customers": [customer(1, income=Decimal(30), email="x")], "payments": [payment(1, AS_OF, "10")]}
    (found,) = assigned(con, rules, rows, AS_OF, Options(values=True))
    assert found == {
        "id": 1, "s": "b", "s_clause": 2, "ratio": 3.0, "crm.do_not_call": None, "opened_on": D(2020, 1, 1),
    }  # fmt: skip


def test_values_without_a_name_are_called_by_their_words(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive(
        "segment a when count of payments in last 90 days > 3 or score + 1 > 9",
        "segment b when count of payments ever > 3 and score > 5",
        lets="let all_paid = count of payments ever\n",
    )
    rows = {"customers": [customer(1, score=4)], "payments": [payment(1, AS_OF, "10"), payment(1, D(2020, 1, 1), "1")]}
    (found,) = assigned(con, rules, rows, AS_OF, Options(values=True))
    assert found == {
        "id": 1, "s": "rest", "s_clause": 3, "count of payments in last 90 days": 1, "score + 1": 5,
        "all_paid": 2, "score": 4,
    }  # fmt: skip


def test_features_are_everything_but_what_is_personal(con: duckdb.DuckDBPyConnection) -> None:
    lets = "let paid = sum of amount from payments ever\nlet ratio = income / paid\nlet mail = email\n"
    rules = exclusive('segment a when ratio > 1 and mail != "x"', lets=lets)
    rows = {"customers": [customer(1, income=Decimal(30), email="x")], "payments": [payment(1, AS_OF, "10")]}
    (found,) = assigned(con, rules, rows, AS_OF, Options(features=True))
    assert found == {
        "id": 1, "s": "rest", "s_clause": 2,
        "id (value)": 1, "income": Decimal("30.00"), "paid": Decimal("10.00"), "ratio": 3.0,
    }  # fmt: skip


def test_the_names_of_values_are_told(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive("segment a when income > 1 and vip", name="income")
    program, options = program_of(rules), Options(values=True)
    (population,) = plan_from_program(program).populations
    columns = value_columns(population, program, options)
    assert list(columns) == ["income (value)", "vip"]
    assert columns["income (value)"] == FieldRef("customers", "income", MONEY)
    (found,) = assigned(con, rules, {"customers": [customer(1, income=Decimal(2))]}, AS_OF, options)
    assert found["income (value)"] == Decimal("2.00")


def test_sorted_by_key(con: duckdb.DuckDBPyConnection) -> None:
    program = program_of(exclusive("segment a when vip"))
    (population,) = plan_from_program(program).populations
    relations = stored(con, program, {"customers": [customer(id) for id in (3, 1, 2)]})
    query = assignment_query(population, binding_of(program, AS_OF), program, relations, Options(sorted=True))
    assert [row[0] for row in con.execute(query).fetchall()] == [1, 2, 3]


def test_a_parameter_has_the_value_of_the_binding(con: duckdb.DuckDBPyConnection) -> None:
    rules = exclusive(
        "segment a when score > cut and n > 0",
        lets="parameter cut = 5\nparameter back = 90 days\nlet n = count of payments in last back\n",
    )
    rows = {"customers": [customer(1, score=6), customer(2, score=5)], "payments": [payment(1, D(2026, 8, 1), "1")]}
    assert [row["s"] for row in assigned(con, rules, rows, AS_OF)] == ["a", "rest"]


# -- overflow --------------------------------------------------------------------------------------------------------

HIGHEST = 2**63 - 1


@pytest.mark.parametrize(
    "rules",
    [
        exclusive("segment early when vip", "segment a when score + 1 > 3"),
        exclusive("segment early when vip", "segment a until 2020-01-01 when score + 1 > 3"),
        exclusive("segment early when vip", "segment a when more > 3 and false", lets="let more = score + 1\n"),
        exclusive("segment a when (count of payments where amount > 5 and days_late + 1 > 3 ever) > 0"),
        exclusive("segment early when vip", "segment a when (sum of days_late from payments ever) > 3"),
        exclusive("segment early when vip",
                  "segment a until 2020-01-01 when (sum of days_late from payments ever) > 3"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("evidence", [False, True])
def test_overflow_stops_the_query_also_on_rows_decided_without_it(
    con: duckdb.DuckDBPyConnection, rules: str, evidence: bool
) -> None:
    payments = [payment(1, AS_OF, "1", late=HIGHEST), payment(1, AS_OF, "1", late=1)]
    rows = {"customers": [customer(1, vip=True, score=HIGHEST)], "payments": payments}
    with pytest.raises((duckdb.OutOfRangeException, duckdb.ConversionException)) as stopped:
        assigned(con, rules, rows, AS_OF, Options(evidence=evidence))
    assert is_overflow(str(stopped.value))


# -- how DuckDB goes about it ----------------------------------------------------------------------------------------

PLANNED = exclusive(
    "segment a when late_90d > 0 and worst > 30 unless crm.do_not_call default false",
    "segment b when paid > 100 and score > 600",
    "segment c when trend > 0",
    lets=(
        "let late_90d = count of payments where days_late > 30 in last 90 days\n"
        "let worst = max of days_late from payments in last 12 months\n"
        "let paid = sum of amount from payments in last 6 months\n"
        "let trend = trend per month of amount from payments in last 12 months\n"
        "let unused = income + 1\n"
    ),
)


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    for node in plan:
        yield node
        yield from nodes(node["children"])


def explained(con: duckdb.DuckDBPyConnection, folder: Path, options: Options) -> list[dict[str, Any]]:
    """The operators of the query over Parquet files."""
    program = program_of(PLANNED)
    (population,) = plan_from_program(program).populations
    relations: dict[str, Relation] = {}
    for name, relation in stored(con, program, {}).items():
        path = folder / f"{name}.parquet"
        con.execute(f"COPY (SELECT * FROM {relation.source}) TO '{path}'")
        relations[name] = Relation(f"read_parquet('{path}')", relation.columns)
    query = assignment_query(population, binding_of(program, AS_OF), program, relations, options)
    ((_, plan),) = con.execute(f"EXPLAIN (FORMAT JSON) {query}").fetchall()
    return list(nodes(json.loads(plan)))


def scans(found: list[dict[str, Any]]) -> list[list[str]]:
    """The columns that each scan reads."""
    return [node["extra_info"]["Projections"] for node in found if "PARQUET" in node["name"]]


def test_each_table_is_scanned_once_for_the_columns_that_are_needed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    # DuckDB does not plan a scan of a file without rows.
    con.execute("SET disabled_optimizers = 'statistics_propagation,empty_result_pullup'")
    found = explained(con, tmp_path, Options())
    assert sorted(map(sorted, scans(found))) == [
        ["amount", "days_late", "id", "paid_on"],  # `received_on` is asked of the file and goes no further
        ["do_not_call", "id"],
        ["id", "score"],
    ]
    assert len([node for node in found if "GROUP" in node["name"]]) == 1


def test_the_widest_window_is_asked_of_the_file(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("SET disabled_optimizers = 'statistics_propagation,empty_result_pullup'")
    filters = [str(node["extra_info"].get("Filters", "")) for node in explained(con, tmp_path, Options())]
    (payments,) = [each for each in filters if "paid_on" in each]
    assert "2025-09-01" in payments
    assert "2026-09-01" in payments
    assert "received_on" in payments


def test_a_key_is_asked_of_every_file(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("SET disabled_optimizers = 'statistics_propagation,empty_result_pullup'")
    found = explained(con, tmp_path, Options(key=7))
    reading = [str(node["extra_info"].get("Filters", "")) for node in found if "PARQUET" in node["name"]]
    assert len(reading) == 3
    assert all("id = 7" in filters for filters in reading)


def test_a_plain_assignment_makes_no_column_of_a_condition(con: duckdb.DuckDBPyConnection) -> None:
    program = program_of(PLANNED)
    (population,) = plan_from_program(program).populations
    relations, binding = stored(con, program, {}), binding_of(program, AS_OF)
    plain, with_evidence = (
        assignment_query(population, binding, program, relations, options)
        for options in (DEFAULT, Options(evidence=True))
    )
    assert "condition_" not in plain
    assert "condition_0" in with_evidence


def test_a_scorecard_of_very_many_characteristics(con: duckdb.DuckDBPyConnection) -> None:
    """An even score is above as many lines that take a point as lines that give one, an odd score above one more."""
    lines = "\n".join(f"  when score > {at} then {'+1' if at % 2 else '-1'}" for at in range(300))
    text = f"""
table customers key id
  id    integer
  score integer optional
scorecard many starts at 10
{lines}
segmentation found of customers
  overlapping
  segment ten  when many = 10
  segment nine when many = 9
"""
    rows = [{"id": 1, "score": 200}, {"id": 2, "score": 201}, {"id": 3}, {"id": 4, "score": 5_000}]
    found = assigned(con, text, {"customers": rows}, AS_OF)
    assert [(row["id"], row["found"]) for row in found] == [(1, ["ten"]), (2, ["nine"]), (3, ["ten"]), (4, ["ten"])]
