"""Old and new rules that see data otherwise: other mappings, other tables, other names, other contracts."""

from __future__ import annotations

import pytest
from comparing.changed import Changed, moves, only, ruleset, sizes
from small_programs import program_of

from segwright.compiler.changes.records import Changes, Renames
from segwright.dsl.source import Source
from segwright.runtime.comparing.compare import compare
from segwright.runtime.errors import DataError, SettingsError
from segwright.runtime.run import RunOptions, execute

CUSTOMERS = """
table customers key customer_id
  customer_id integer
  score       integer optional
  channel     one of "app", "web"
"""
PAYMENTS = """
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  received_on date
  days_late   integer
"""
VALUE = """
segmentation value of customers
  first match wins
  segment top when score >= 700
  segment none when score is missing
  otherwise rest
"""
LATE = """
segmentation arrears of customers
  first match wins
  segment late when any payments where days_late > 30 in last 90 days
  otherwise other
"""


@pytest.fixture
def portfolio(changed: Changed) -> Changed:
    """Four customers; 2 paid late, which was received after the as-of date."""
    changed.rows(
        "customers",
        "(1, 705, 'app', 1), (2, 999, 'web', 2), (3, 0, 'app', 3), (4, 650, 'web', 4)",
        "customer_id, score, channel, other_id",
    )
    changed.rows(
        "payments",
        "(2, DATE '2026-08-15', DATE '2026-09-15', 40), (1, DATE '2026-08-15', DATE '2026-08-16', 4)",
        "customer_id, paid_on, received_on, days_late",
    )
    return changed


def test_a_code_for_missing(portfolio: Changed) -> None:
    """999 and 0 were scores, and stand for missing now: 2 was top, 3 was among the rest."""
    coded = CUSTOMERS.replace("optional", "optional missing when 0, 999")
    record = only(portfolio.comparing(CUSTOMERS + PAYMENTS + VALUE, coded + PAYMENTS + VALUE))
    assert record.migration == {"top": {"top": 1, "none": 1}, "rest": {"none": 1, "rest": 1}}
    assert {each.key: each.explanation[0] for each in record.examples} == {
        2: "was in `top` by clause 1: `score >= 700` (score is 999)",
        3: "was in `rest`: no segment before it applies",
    }
    assert all("`before" not in sentence for each in record.examples for sentence in each.explanation)


def test_another_column(portfolio: Changed) -> None:
    """The score is kept under another name now, and is 1 to 4 there."""
    other = CUSTOMERS.replace("score       integer optional", 'score       integer optional as "other_id"')
    found = portfolio.comparing(CUSTOMERS + PAYMENTS + VALUE, other + PAYMENTS + VALUE)
    assert only(found).migration == {"top": {"rest": 2}, "rest": {"rest": 2}}
    assert [(each.field, each.column) for each in found.newly_read] == [("score", "other_id")]
    assert [(each.field, each.column) for each in found.no_longer_read] == [("score", "score")]


def test_events_that_are_known_otherwise(portfolio: Changed) -> None:
    """By the new rules the late payment of 2 is not known yet."""
    known = PAYMENTS.replace("at paid_on", "at paid_on known at received_on")
    record = only(portfolio.comparing(CUSTOMERS + PAYMENTS + LATE, CUSTOMERS + known + LATE))
    assert moves(record) == [("late", "other", 1)]
    assert [each.key for each in record.examples] == [2]
    same = portfolio.comparing(CUSTOMERS + PAYMENTS + LATE + VALUE, CUSTOMERS + known + LATE + VALUE)
    assert {each.segmentation: each.same for each in same.segmentations} == {"arrears": False, "value": True}


def test_names_that_changed(portfolio: Changed) -> None:
    """The same rules in other words: the same rows, the same data, nobody moves."""
    words = {"customers": "clients", "score": "points", "value": "worth", "top": "best", "arrears": "owing"}
    old = CUSTOMERS + PAYMENTS + VALUE + LATE
    new = old.replace("score       integer", 'points      integer as "score"')
    for was, now in words.items():
        new = new.replace(f" {was} ", f" {now} ").replace(f" {was}\n", f" {now}\n")
    new = new.replace('as "points"', 'as "score"').replace("table customers", "table clients")
    portfolio.project.data["clients"] = portfolio.project.data.pop("customers")
    found = portfolio.comparing(old, new)
    assert {each.segmentation: (each.table, each.movers) for each in found.segmentations} == {
        "worth": ("clients", 0),
        "owing": ("clients", 0),
    }
    assert sizes(found.segmentations[0])["best"] == (2, 2)
    assert (found.newly_read, found.no_longer_read, found.added, found.removed) == ([], [], [], [])


def test_a_narrower_contract_before_is_told(portfolio: Changed) -> None:
    """By the rules before 999 and 0 were no scores: they would not have run over this data."""
    narrow = CUSTOMERS.replace("score       integer", "score       integer from 300 to 850")
    found = portfolio.comparing(narrow + PAYMENTS + VALUE, CUSTOMERS + PAYMENTS + VALUE)
    assert only(found).same
    assert found.notes == ["by the rules before, 2 values of `score` in `customers` break its declaration"]


def test_a_contract_that_the_new_rules_break_stops(portfolio: Changed) -> None:
    narrow = CUSTOMERS.replace("score       integer", "score       integer from 300 to 850")
    with pytest.raises(DataError, match="score"):
        portfolio.comparing(CUSTOMERS + PAYMENTS + VALUE, narrow + PAYMENTS + VALUE)


def test_a_column_that_only_the_old_rules_want(portfolio: Changed) -> None:
    """What rests on it cannot be compared, and the rest is."""
    gone = (
        CUSTOMERS
        + "  region text\n"
        + PAYMENTS
        + VALUE
        + LATE.replace("any payments where days_late > 30 in last 90 days", 'region is "x"')
    )
    now = (
        CUSTOMERS
        + PAYMENTS
        + VALUE
        + LATE.replace("any payments where days_late > 30 in last 90 days", 'channel is "app"')
    )
    found = portfolio.comparing(gone, now)
    assert [each.segmentation for each in found.segmentations] == ["value"]
    why = "by the rules before, there is no column `region`"
    assert found.notes == [f"`arrears` cannot be compared: {why}"]
    assert found.apart == {"arrears": why}


def test_a_column_that_data_and_rules_rename(portfolio: Changed) -> None:
    """The advice to declare the column otherwise is not given, as the old rules are as they were. What was asked before
    is not said not to have been."""
    asked = CUSTOMERS + PAYMENTS + VALUE + "target none size at least 99%\n"
    was = asked.replace("  score", '  mark integer as "scores"\n  score').replace("score >= 700", "mark >= 700")
    found = portfolio.comparing(was, asked)
    assert found.apart == {"value": "by the rules before, there is no column `scores` for `mark`"}
    (target,) = found.targets
    assert (target.newly, target.apart, target.before) == (True, True, None)


def test_a_table_of_which_the_data_is_gone(portfolio: Changed) -> None:
    del portfolio.project.data["payments"]
    now = CUSTOMERS + VALUE + LATE.replace("any payments where days_late > 30 in last 90 days", 'channel is "app"')
    found = portfolio.comparing(CUSTOMERS + PAYMENTS + VALUE + LATE, now)
    assert [each.segmentation for each in found.segmentations] == ["value"]
    (note,) = found.notes
    assert note == (
        "`arrears` cannot be compared: by the rules before, the settings no longer say where the data of `payments` "
        "lies"
    )


def test_a_table_that_the_new_rules_do_not_have(portfolio: Changed) -> None:
    """The settings still say where `payments` lie, from which 2 was late."""
    now = CUSTOMERS + LATE.replace("any payments where days_late > 30 in last 90 days", 'channel is "app"')
    found = portfolio.comparing(CUSTOMERS + PAYMENTS + LATE, now)
    assert only(found).migration == {"late": {"other": 1}, "other": {"late": 2, "other": 1}}
    assert [each.key for each in only(found).examples] == [1, 2, 3]
    assert {(each.table, each.field) for each in found.no_longer_read} >= {("payments", "days_late")}


def test_another_key_is_another_row(portfolio: Changed) -> None:
    other = CUSTOMERS.replace("customer_id integer", 'customer_id integer as "other_id"')
    found = portfolio.comparing(CUSTOMERS + PAYMENTS + VALUE, other + PAYMENTS + VALUE)
    assert found.segmentations == []
    assert found.notes == ["`value` cannot be compared: what is a row of `customers` is declared otherwise now"]


def test_the_run_before_is_read_by_the_names_of_each_side(portfolio: Changed) -> None:
    """A run a month ago by the old rules put 1 and 2 into `top`. Who was top stays so from 600 on; by the new rules,
    which call it `best`, nobody was."""
    old = (
        CUSTOMERS
        + PAYMENTS
        + VALUE.replace("when score >= 700", "when score >= 700\n    when previous value is top and score >= 600")
    )
    portfolio.project.rules(old)
    program = program_of(old)
    execute(program, [Source("rules.seg", old)], portfolio.read(), RunOptions(as_of="2026-08-01"))
    portfolio.rows(
        "customers",
        "(1, 650, 'app', 1), (2, 999, 'web', 2), (4, 650, 'web', 4)",
        "customer_id, score, channel, other_id",
    )
    # Unchanged, 1 stays top: 650, and it was top.
    assert sizes(only(portfolio.comparing(old, old)))["top"] == (2, 2)
    new = old.replace("segment top", "segment best").replace("is top", "is best")
    found = compare(
        ruleset(old),
        ruleset(new),
        Changes((), Renames(segments={("value", "top"): "best"}), {}, False),
        portfolio.read(),
    )
    record = only(found)
    assert sizes(record) == {"best": (2, 1), "none": (0, 0), "rest": (1, 2)}
    assert moves(record) == [("best", "rest", 1)]


def test_nothing_to_compare(portfolio: Changed) -> None:
    with pytest.raises(SettingsError, match="no segmentation"):
        portfolio.comparing(CUSTOMERS + PAYMENTS, CUSTOMERS + PAYMENTS)


def test_nothing_is_written_into_the_project(portfolio: Changed) -> None:
    rules = CUSTOMERS + PAYMENTS + VALUE
    portfolio.read()
    before = sorted(path.name for path in portfolio.project.folder.rglob("*"))
    portfolio.comparing(rules, rules.replace("700", "600"))
    assert sorted(path.name for path in portfolio.project.folder.rglob("*")) == before


def test_keys_that_are_text_in_a_file_of_text(changed: Changed) -> None:
    """CSV, keys with quotes and spaces, events of their own; the least key by code point comes first."""
    changed.project.file("customers", "id,score\no'neil,705\nÅsa B,710\nBo,650\n")
    changed.project.file("payments", "id,paid_on\nÅsa B,2026-08-15\no'neil,2026-08-15\n")
    rules = """
table customers key id
  id    text
  score integer
events payments of customers by id at paid_on
  id      text
  paid_on date
segmentation value of customers
  first match wins
  segment top when score >= 720 and any payments in last 90 days
  otherwise rest
"""
    record = only(changed.comparing(rules, rules.replace("720", "700")))
    assert moves(record) == [("rest", "top", 2)]
    assert [each.key for each in record.examples] == ["o'neil", "Åsa B"]
    assert record.examples[1].explanation[1] == (
        "is in `top` by clause 1: `score >= 700` (score is 710), `any payments in last 90 days`"
    )


def test_a_database(changed: Changed) -> None:
    changed.project.table("customers", "(1, 705), (2, 750)", "customer_id, score", "duckdb")
    rules = """
table customers key customer_id
  customer_id integer
  score       integer
segmentation value of customers
  first match wins
  segment top when score >= 720
  otherwise rest
"""
    record = only(changed.comparing(rules, rules.replace("720", "700")))
    assert [(each.key, each.after) for each in record.examples] == [(1, ["top"])]
