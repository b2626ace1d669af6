"""What segments are held to, before and after: each side by its own rules, measures by the new ones for both."""

from __future__ import annotations

from comparing.changed import Changed, only

from segwright.runtime.comparing.records import Comparison, JudgedRecord
from segwright.runtime.outcomes.records import FairnessRecord, GuardRecord, TargetRecord

RULES = """
table customers key customer_id
  customer_id integer
  score       integer
  income      money
  gender      one of "F", "M" protected
segmentation value of customers
  first match wins
  each segment at least 30 customers
  segment top when score >= 720
  otherwise rest
measure income = average of income
measure rich   = share where income >= 900
"""


def data(changed: Changed) -> None:
    """A hundred customers: scores 700 to 799, incomes ten times what the score is above 700; women below 760."""
    query = (
        "SELECT n AS customer_id, 700 + n AS score, (n * 10)::DECIMAL(18, 2) AS income, "
        "CASE WHEN n < 60 THEN 'F' ELSE 'M' END AS gender FROM range(100) AS t(n)"
    )
    changed.project.query("customers", query)


def targets(found: Comparison) -> list[tuple[str, bool, str | None, str | None]]:
    """Of what, whether newly, and the verdict before and after."""
    return [(each.of, each.newly, verdict(each.before), verdict(each.after)) for each in found.targets]


def verdict(record: TargetRecord | GuardRecord | FairnessRecord | None) -> str | None:
    match record:
        case TargetRecord():
            return record.verdict
        case GuardRecord():
            return {True: "holds", False: "broken", None: "unknown"}[record.holds]
        case FairnessRecord():
            return {True: "fair", False: "unfair", None: "unknown"}[record.four_fifths]
        case None:
            return None


def of(records: list[JudgedRecord]) -> dict[str, tuple[bool, str | None, str | None]]:
    return {each.of: (each.newly, verdict(each.before), verdict(each.after)) for each in records}


def test_measures_are_those_of_the_new_rules(changed: Changed) -> None:
    """Top were 720 to 799 (incomes 200 to 990: 595.00 on average), and are 760 to 799 (600 to 990: 795.00). Rich were
    those with 900, and are those with 800: of the forty now on top the twenty from 780 on, of the eighty too."""
    data(changed)
    after = RULES.replace("720", "760").replace("income >= 900", "income >= 800")
    record = only(changed.comparing(RULES, after))
    told = {(each.measure, each.segment): each for each in record.measures}
    top = told["income", "top"]
    assert top.before is not None
    assert top.after is not None
    assert (top.before.value, top.before.n, top.after.value, top.after.n) == (595.0, 80, 795.0, 40)
    assert top.clear is True
    rich = told["rich", "top"]
    assert rich.before is not None
    assert rich.after is not None
    assert (rich.before.value, rich.after.value) == (20 / 80, 20 / 40)
    assert (rich.type, rich.clear) == ("percent", False)
    same = only(changed.comparing(RULES, RULES))
    assert same.measures == []


def test_targets_by_the_rules_of_each_side(changed: Changed) -> None:
    """Sizes: 80 of 100 before, 40 now. The old measure `rich` of top is 10 of 80."""
    data(changed)
    before = RULES + "target top size at least 50%, rich at most 30%\n"
    moved = before.replace("720", "760")
    assert targets(changed.comparing(before, moved)) == [
        ("value.top", True, "met", "missed"),
        ("value.top", False, "met", "unclear"),
    ]
    assert targets(changed.comparing(moved, before)) == [
        ("value.top", False, "missed", "met"),
        ("value.top", False, "unclear", "met"),
    ]
    # A limit that is moved with the cut-off is the same target, and met.
    assert targets(changed.comparing(before, moved.replace("50%", "30%").replace("30%\n", "60%\n"))) == []
    # One that nobody asked for before.
    assert targets(changed.comparing(RULES, moved)) == [("value.top", True, None, "missed")]
    # Missed by both.
    assert targets(changed.comparing(moved, moved)) == [("value.top", False, "missed", "missed")]
    # By the old rules rich is 900 and more: 10 of 80 top; by the new ones 400: 60 of 80.
    redefined = before.replace("income >= 900", "income >= 400")
    assert targets(changed.comparing(before, redefined)) == [("value.top", True, "met", "missed")]


def test_guards_by_the_rules_of_each_side(changed: Changed) -> None:
    """Twenty are not top before: fewer than 30. With 760 it is sixty, and with 780 top are twenty."""
    data(changed)
    sizes = of(changed.comparing(RULES, RULES.replace("720", "760")).guards)
    assert sizes["value.rest"] == (False, "broken", "holds")
    broken = of(changed.comparing(RULES, RULES.replace("720", "780")).guards)
    assert broken["value.top"] == (True, "holds", "broken")
    assert broken["value.rest"] == (False, "broken", "holds")
    asked = of(changed.comparing(RULES.replace("  each segment at least 30 customers\n", ""), RULES).guards)
    assert asked["value.rest"] == (True, None, "broken")


def test_fairness_by_the_rules_of_each_side(changed: Changed) -> None:
    """Of sixty women (700 to 759) forty are top before, and of forty men all: 67 %. From 705 on 55 of 60: 92 %."""
    data(changed)
    fair = "policy fairness across gender favourable top ratio at least 80%\n"
    before = RULES.replace("720", "705") + fair
    after = RULES + fair
    (found,) = changed.comparing(before, after).fairness
    assert (found.of, found.newly, verdict(found.before), verdict(found.after)) == ("gender", True, "fair", "unfair")
    assert isinstance(found.before, FairnessRecord)
    assert (found.before.segmentation, found.before.field) == ("value", "gender")
    assert found.before.ratio == 55 / 60
    (back,) = changed.comparing(after, before).fairness
    assert (back.newly, verdict(back.before), verdict(back.after)) == (False, "unfair", "fair")
    (eased,) = changed.comparing(after, after.replace("80%", "60%")).fairness
    assert (eased.newly, verdict(eased.before), verdict(eased.after)) == (False, "unfair", "fair")
    assert changed.comparing(before, before).fairness == []


def test_a_fairness_that_hardly_differs_is_told_without_numbers(changed: Changed) -> None:
    """With 708 in place of 705 three women fewer are on top: 52 of 60, and 87 % is too little of 95 %."""
    data(changed)
    fair = "policy\n  hide groups below 4\n  fairness across gender favourable top ratio at least 90%\n"
    before, after = RULES.replace("720", "705") + fair, RULES.replace("720", "708") + fair
    (found,) = changed.comparing(before, after).fairness
    assert (found.newly, verdict(found.before), verdict(found.after)) == (True, "fair", "unfair")
    assert isinstance(found.before, FairnessRecord)
    assert [each.selected for each in found.before.groups] == [None, None]
    (plain,) = changed.comparing(
        *(each.replace("hide groups below 4", "hide groups below 3") for each in (before, after))
    ).fairness
    assert isinstance(plain.before, FairnessRecord)
    assert {each.value: each.selected for each in plain.before.groups} == {"F": 55, "M": 40}


def test_freshness_as_each_side_asks_it(changed: Changed) -> None:
    """The last payment was on 1 August, a month ago."""
    data(changed)
    changed.rows("payments", "(1, DATE '2026-08-01')", "customer_id, paid_on")
    events = """
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
freshness payments within 35 days
"""
    before = RULES.replace("segmentation", events + "segmentation", 1)
    found = of(changed.comparing(before, before.replace("35 days", "10 days")).guards)
    assert found["payments"] == (True, "holds", "broken")
    assert "payments" not in of(changed.comparing(before, before.replace("35 days", "40 days")).guards)


def test_the_rows_of_a_child_table(changed: Changed) -> None:
    """Accounts of a customer whose score asks: 2 has two, of which one is small."""
    changed.rows("customers", "(1, 650), (2, 705)", "customer_id, score")
    changed.rows("accounts", "(10, 1, 5.00), (20, 2, 500.00), (21, 2, 5.00)", "account_id, customer_id, balance")
    changed.rows("entries", "(20, DATE '2026-08-01'), (21, DATE '2026-08-01')", "account_id, on_date")
    rules = """
table customers key customer_id
  customer_id integer
  score       integer
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  balance     money
events entries of accounts by account_id at on_date
  account_id integer
  on_date    date
segmentation kept of accounts
  first match wins
  segment good
    when customers.score >= 720 and any entries in last 90 days
  otherwise other
"""
    found = changed.comparing(rules, rules.replace("720", "700"))
    record = only(found)
    assert (record.table, found.rows, record.movers) == ("accounts", {"accounts": 3}, 2)
    assert [each.key for each in record.examples] == [20, 21]
    assert record.examples[0].explanation == [
        "was in `other`: no segment before it applies",
        "is in `good` by clause 1: `customers.score >= 700` (customers.score is 705), `any entries in last 90 days`",
        "clause 1 of `good` kept it out before: `customers.score >= 720`, and customers.score is 705",
        "what changed: cut-off of `customers.score` moved from 720 to 700",
    ]


def test_snapshots(changed: Changed) -> None:
    """The latest snapshot of 1 has 705, an earlier one had 800."""
    changed.rows(
        "customers",
        "(1, DATE '2026-07-01', 800), (1, DATE '2026-08-01', 705), (2, DATE '2026-08-01', 750)",
        "customer_id, taken_on, score",
    )
    rules = """
table customers key customer_id at taken_on
  customer_id integer
  taken_on    date
  score       integer
segmentation value of customers
  first match wins
  segment top when score >= 720
  otherwise rest
"""
    record = only(changed.comparing(rules, rules.replace("720", "700")))
    assert record.migration == {"top": {"top": 1}, "rest": {"top": 1}}
    assert [each.key for each in record.examples] == [1]
