"""Decisions about single rows in Python: what is taken, what is refused, what comes out."""

from __future__ import annotations

import datetime as dt
import pickle
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import segwright as sw
from segwright.compiler.ruleset import dumped, written
from segwright.compiling import compile_rules
from segwright.ruleset import RuleSet
from segwright.runtime.errors import DecisionError, InputError, SettingsError

RULES = """
table customers key customer_id
  customer_id  integer
  age          integer from 18 to 120
  income       money from 0 optional
  utilisation  percent from 0% to 150% optional
  clv          number
  channel      one of "app", "web", "branch"
  joined_on    date
  seen_at      timestamp optional
  hardship     boolean
  email        text optional personal
table crm of customers by customer_id
  customer_id  integer
  do_not_call  boolean
events payments of customers by customer_id at paid_on
  customer_id  integer
  paid_on      date
  amount       money
  days_late    integer from 0
parameter adult = 30 from 18 to 60
let late  = count of payments where days_late > 30 in last 90 days
let paid  = sum of amount from payments ever
let worst = (max of days_late from payments ever) default 0
let last_amount = latest of amount from payments ever
scorecard points starts at 100
  by age
    below 40      +10
    at least 40   -20 reason A01 "Older than 40"
  when hardship then -50 reason H01 "In hardship"
segmentation risk of customers
  first match wins
  segment late_payer when late > 0
  segment held when hardship
    reason X01 "Held back"
    reasons from points
  segment good
    when age >= adult and utilisation < 30% and channel is one of ("app", "web")
     and paid >= 100 and worst < 60 and clv > 0 and joined_on < 2026-01-01
  otherwise rest
segmentation mail of customers
  overlapping
  unless crm.do_not_call default false
  segment a when risk is good
  segment b when income >= 1_000
  segment c when email is known
  segment d when last_amount > 5 and seen_at is missing
"""
ROW: dict[str, Any] = {
    "age": 41,
    "income": Decimal("1000.00"),
    "utilisation": 0.1,
    "clv": 3.5,
    "channel": "app",
    "joined_on": dt.date(2020, 1, 31),
    "seen_at": None,
    "hardship": False,
    "email": None,
    "crm": None,
    "payments": [{"paid_on": dt.date(2026, 8, 1), "amount": Decimal("100.00"), "days_late": 0}],
}
AS_OF = "2026-09-01"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decide")
    (folder / "rules.seg").write_text(RULES, encoding="utf-8")
    rules = compile_rules([folder / "rules.seg"]).rules
    (folder / "risk.ruleset.json").write_text(written(dumped(rules)), encoding="utf-8")
    return folder / "risk.ruleset.json"


@pytest.fixture(scope="module")
def rules(file: Path) -> RuleSet:
    return sw.load(file)


def problems(rules: RuleSet, **changed: Any) -> list[str]:
    """What is said about a row with other values."""
    with pytest.raises(InputError) as refused:
        rules.decide({**ROW, **changed}, as_of=AS_OF)
    return [problem.sentence for problem in refused.value.problems]


def test_what_comes_out(rules: RuleSet) -> None:
    decision = rules.decide(ROW, as_of=AS_OF)
    assert decision.segments == {"risk": "good", "mail": ("a", "b", "d")}
    assert decision.clauses == {"risk": 3}
    assert decision.reasons == {"risk": (), "mail": ()}
    assert decision.trace is None
    assert pickle.loads(pickle.dumps(decision)) == decision
    with pytest.raises(TypeError):
        decision.segments["risk"] = "rest"  # type: ignore[index]


def test_reasons_are_those_of_the_segment_then_by_points_lost(rules: RuleSet) -> None:
    decision = rules.decide({**ROW, "hardship": True}, as_of=AS_OF)
    assert [reason.code for reason in decision.reasons["risk"]] == ["X01", "H01", "A01"]


def test_text_and_whole_numbers_are_taken_for_what_they_are(rules: RuleSet) -> None:
    payments = [{"paid_on": "2026-08-01", "amount": 100.0, "days_late": 0}]
    other = {**ROW, "income": 1000, "clv": 3, "joined_on": "2020-01-31", "payments": payments}
    assert rules.decide(other, as_of=dt.date(2026, 9, 1)) == rules.decide(ROW, as_of=AS_OF)


def test_aggregates_are_given_by_name(rules: RuleSet) -> None:
    given = {name: value for name, value in ROW.items() if name != "payments"}
    by_name = {**given, "late": 0, "paid": Decimal("100.00"), "worst": 0, "last_amount": Decimal("100.00")}
    assert rules.decide(by_name, as_of=AS_OF) == rules.decide(ROW, as_of=AS_OF)
    assert rules.decide({**by_name, "late": 1}, as_of=AS_OF, trusted=True).segments["risk"] == "late_payer"
    assert problems(rules, late=0) == [
        "`late` is given beside the rows of `payments`, which it is reckoned from: give one"
    ]
    with pytest.raises(InputError, match="`paid` is not given, nor are the rows of `payments`"):
        rules.decide({name: value for name, value in by_name.items() if name != "paid"}, as_of=AS_OF)
    with pytest.raises(InputError) as refused:
        rules.decide(given, as_of=AS_OF)
    assert refused.value.problems[0].place == ("payments",)


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"agee": 3}, "`customers` has no `agee`; did you mean `age`?"),
        ({"age": 41.0}, "`age` is no whole number, but 41.0: write it without decimals"),
        ({"age": True}, "`age` is no whole number, but true"),
        ({"age": 17}, "`age` is 17, outside the range from 18 to 120"),
        ({"age": None}, "`age` is missing, and is not declared `optional`"),
        ({"age": 2**63}, "`age` does not fit in 64 bits"),
        ({"income": Decimal("1.001")}, "`income` has more than 2 decimals"),
        ({"income": 1.001}, "`income` has more than 2 decimals"),
        ({"income": -1}, "`income` is -1.00, outside the range from 0.00"),
        ({"income": "1000"}, '`income` is no amount of money, but the text "1000"'),
        ({"clv": "x" * 41}, "`clv` is no number, but a text of 41 characters"),
        ({"utilisation": 2}, "`utilisation` is 200%, outside the range from 0% to 150%"),
        ({"clv": float("nan")}, "`clv` is not a finite number; leave it out, or give nothing, where it is missing"),
        ({"channel": "ap"}, '`channel` is "ap", which is not one of "app", "web", "branch"; did you mean "app"?'),
        ({"joined_on": "31-01-2020"}, '`joined_on` is no date such as 2026-09-01, but the text "31-01-2020"'),
        ({"joined_on": dt.datetime(2020, 1, 31)}, "`joined_on` is no date such as 2026-09-01"),
        ({"hardship": 0}, "`hardship` is neither true nor false, but 0"),
        ({"email": 3}, "`email` does not fit its declaration"),
        ({"crm": {}}, "crm: `do_not_call` is not given, and is not declared `optional`"),
        ({"crm": 3}, "crm: a row is a mapping of names to values"),
        ({"payments": {}}, "`payments` is a list of rows"),
        (
            {"payments": [*ROW["payments"], {"paid_on": "2026-08-02", "amount": 3, "days_late": -1}]},
            "row 2 of payments: `days_late` is -1, outside the range from 0",
        ),
        (
            {"payments": [{**ROW["payments"][0], "day_late": 3}]},
            "row 1 of payments: `payments` has no `day_late`; did you mean `days_late`?",
        ),
    ],
)
def test_what_does_not_fit_is_named(rules: RuleSet, changed: dict[str, Any], said: str) -> None:
    assert problems(rules, **changed) == [said]


def test_a_name_that_is_written_otherwise_is_told_once(rules: RuleSet) -> None:
    row = {**{name: value for name, value in ROW.items() if name != "utilisation"}, "chanel": "web"}
    row["utilization"] = row["channel"] = "app"
    with pytest.raises(InputError) as refused:
        rules.decide(row, as_of=AS_OF)
    assert [problem.sentence for problem in refused.value.problems] == [
        "`customers` has no `chanel`; did you mean `channel`?",
        "`customers` has no `utilization`; did you mean `utilisation`?",
    ]
    row = {name: value for name, value in ROW.items() if name not in ("age", "clv")} | {"agee": 41}
    with pytest.raises(InputError) as refused:
        rules.decide(row, as_of=AS_OF)
    assert [problem.sentence for problem in refused.value.problems] == [
        "`customers` has no `agee`; did you mean `age`?",
        "`clv` is not given, and is not declared `optional`",
    ]


@pytest.mark.parametrize("left_out", ["income", "utilisation", "seen_at", "email"])
def test_what_may_be_missing_is_left_out_and_something_else_given(rules: RuleSet, left_out: str) -> None:
    row = {name: value for name, value in ROW.items() if name != left_out} | {"customer_id": 7}
    assert len(row) == len(ROW), "as many names as are read"
    expected = rules.decide({**ROW, left_out: None}, as_of=AS_OF)
    assert rules.decide(row, as_of=AS_OF) == expected == rules.decide(row, as_of=AS_OF, trusted=True)


def test_all_problems_are_told_at_once(rules: RuleSet) -> None:
    assert len(problems(rules, age=3, channel="x", payments=[{"amount": 1}])) == 4


def test_what_is_declared_and_not_read_may_be_given(rules: RuleSet) -> None:
    assert rules.decide({**ROW, "customer_id": 7}, as_of=AS_OF) == rules.decide(ROW, as_of=AS_OF)


def test_a_row_that_is_trusted_and_lacks_something_is_told_as_any_other(rules: RuleSet) -> None:
    with pytest.raises(InputError, match="`age` is not given"):
        rules.decide({name: value for name, value in ROW.items() if name != "age"}, as_of=AS_OF, trusted=True)


def test_a_tie_has_no_answer(rules: RuleSet) -> None:
    twice = [*ROW["payments"], {**ROW["payments"][0], "amount": Decimal("7.00")}]
    with pytest.raises(DecisionError) as stopped:
        rules.decide({**ROW, "payments": twice}, as_of=AS_OF)
    assert stopped.value.why == "tie"


def test_rules_that_look_at_time_ask_for_the_date(rules: RuleSet) -> None:
    with pytest.raises(SettingsError, match="as of which date"):
        rules.decide(ROW)


def test_parameters_are_replaced(rules: RuleSet) -> None:
    assert rules.decide({**ROW, "age": 35}, as_of=AS_OF, parameters={"adult": 40}).segments["risk"] == "rest"
    with pytest.raises(SettingsError, match="did you mean `adult`"):
        rules.decide(ROW, as_of=AS_OF, parameters={"adlt": 40})


def test_the_trace_tells_what_was_reached_and_nothing_personal(rules: RuleSet) -> None:
    decision = rules.decide({**ROW, "email": "anna@example.org", "utilisation": None}, as_of=AS_OF, trace=True)
    assert decision.trace is not None
    assert [str(seen) for seen in decision.trace][:4] == [
        "late > 0: false",
        "hardship: false",
        "age >= adult: true",
        "utilisation < 30%: unknown",
    ]
    assert decision.trace[0].values == {"late": 0}
    assert "clv > 0" not in str(decision.trace), "what was not reached is not told"
    assert "email is missing: false" in str(decision.trace)
    assert "anna" not in str(decision.as_json())


def test_many_rows_in_order(rules: RuleSet) -> None:
    found = rules.decide_many([ROW, {**ROW, "hardship": True}], as_of=AS_OF)
    assert [decision.segments["risk"] for decision in found] == ["good", "held"]


def test_neither_parser_nor_engine_is_imported(file: Path) -> None:
    code = (
        (
            "import sys, segwright as sw\n"
            f"rules = sw.load({str(file)!r})\n"
            f"rules.decide({ROW!r}, as_of='2026-09-01', trace=True).as_json()\n"
            "print(sorted({'lark', 'duckdb', 'polars', 'pydantic', 'sqlglot', 'rich'} & set(sys.modules)))"
        )
        .replace("datetime.date", "__import__('datetime').date")
        .replace("Decimal(", "__import__('decimal').Decimal(")
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# -- child tables, the run before, everybody, limits -----------------------------------------------------------------

LOANS = """
table customers key customer_id
  customer_id integer
  income      money optional
  clv         number optional
table crm of customers by customer_id
  customer_id integer
  blocked     boolean
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  balance     money
  number      integer
events instalments of accounts by account_id at paid_on
  account_id  integer
  paid_on     date
  amount      money
let paid of accounts = sum of amount from instalments ever
let late of customers = (count of accounts where balance > customers.income)
let standing of customers = decile of clv
segmentation stage of accounts
  first match wins
  segment big    when balance > customers.income
  segment block  when crm.blocked default false
  segment twice  when number * 2 > 10
  segment paid_up when paid >= balance
  otherwise normal
segmentation worth of customers
  first match wins
  segment stays when previous worth is top_ten and standing >= 8
  segment top_ten when standing >= 9 and late = 0
  segment top_five when top 5% by clv
  otherwise others
"""


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder = tmp_path_factory.mktemp("loans")
    (folder / "rules.seg").write_text(LOANS, encoding="utf-8")
    rules = compile_rules([folder / "rules.seg"]).rules
    (folder / "loans.json").write_text(written(dumped(rules)), encoding="utf-8")
    return sw.load(folder / "loans.json")


ACCOUNT: dict[str, Any] = {
    "balance": 500,
    "number": 5,
    "customers": {"income": 1000, "crm": None},
    "instalments": [{"paid_on": "2026-08-01", "amount": 300}, {"paid_on": "2026-07-01", "amount": 300}],
}


@pytest.mark.parametrize(
    "changed, segment",
    [
        ({}, "paid_up"),
        ({"instalments": []}, "normal"),
        ({"number": 6}, "twice"),
        ({"customers": {"income": 400, "crm": None}}, "big"),
        ({"customers": {"crm": {"blocked": True}}}, "block"),
        ({"instalments": [{"paid_on": "2026-09-02", "amount": 900}]}, "normal"),
    ],
)
def test_a_row_of_a_child_table_has_its_parent(loans: RuleSet, changed: dict[str, Any], segment: str) -> None:
    decision = loans.decide({**ACCOUNT, **changed}, as_of="2026-09-01", table="accounts")
    assert decision.segments == {"stage": segment}


def test_a_row_of_a_child_table_without_its_parent_is_refused(loans: RuleSet) -> None:
    row = {name: value for name, value in ACCOUNT.items() if name != "customers"}
    with pytest.raises(InputError, match="`customers` is not given: give the row that this one belongs to"):
        loans.decide(row, as_of="2026-09-01", table="accounts")


def test_overflow_has_no_answer_whatever_decides(loans: RuleSet) -> None:
    parent = {"income": Decimal("1.00"), "crm": None}
    row = {"number": 2**62, "customers": parent, "balance": Decimal("500.00"), "instalments": []}
    for trusted in (False, True):
        with pytest.raises(DecisionError, match="64 bits") as stopped:
            loans.decide(row, as_of="2026-09-01", table="accounts", trusted=trusted)
        assert stopped.value.why == "overflow"


def test_what_is_trusted_is_canonical(loans: RuleSet) -> None:
    with pytest.raises(InputError, match="canonical"):
        loans.decide(ACCOUNT, as_of="2026-09-01", table="accounts", trusted=True)


CUSTOMER: dict[str, Any] = {
    "income": 1000,
    "accounts": [{"balance": 1001}, {"balance": 1000}],
    "decile of clv": 9,
    "top 5% by clv": True,
    "previous": {},
}


@pytest.mark.parametrize(
    "changed, segment",
    [
        ({}, "top_five"),
        ({"accounts": [{"balance": 1000}]}, "top_ten"),
        ({"decile of clv": None, "top 5% by clv": None}, "others"),
        ({"previous": {"worth": "top_ten"}, "decile of clv": 8}, "stays"),
        ({"previous": {"worth": "gone_by_now"}, "decile of clv": 8, "top 5% by clv": False}, "others"),
    ],
)
def test_standing_and_the_run_before_are_given(loans: RuleSet, changed: dict[str, Any], segment: str) -> None:
    assert loans.decide({**CUSTOMER, **changed}, table="customers").segments == {"worth": segment}


def test_standing_and_the_run_before_are_asked_for(loans: RuleSet) -> None:
    with pytest.raises(InputError) as refused:
        loans.decide({"income": None, "accounts": []}, table="customers")
    assert [problem.place for problem in refused.value.problems] == [
        ("decile of clv",),
        ("top 5% by clv",),
        ("previous",),
    ]


def test_the_table_is_asked_for_where_it_is_not_clear(loans: RuleSet) -> None:
    assert loans.decide(CUSTOMER).segments == {"worth": "top_five"}, "the root table, if there is one"
    with pytest.raises(SettingsError, match="no segmentation is of `payments`"):
        loans.decide(CUSTOMER, table="payments")
