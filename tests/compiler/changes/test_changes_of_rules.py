"""Conditions, cut-offs, windows, clauses, segments: what is told of small edits, sentence by sentence."""

from __future__ import annotations

import pytest

from segwright.compiler.changes import changes_between

from .rules import TEXT, Case, case, edited_text, program_of

CASES = {
    # -- cut-offs --------------------------------------------------------------------------------------------------
    "a cut-off, a number": case(
        ("score >= 700", "score >= 710"),
        ("cut-off", "clause", "best", "`best` (way 2): cut-off of `score` moved from 700 to 710"),
    ),
    "a cut-off, a percentage": case(
        ("and used < 30%", "and used < 32.5%"),
        ("cut-off", "clause", "best", "`best` (way 1): cut-off of `used` moved from 30% to 32.5%"),
    ),
    "a cut-off, money": case(
        ("income > 50_000", "income > 60_000.50"),
        ("cut-off", "clause", "wealthy", "`wealthy`: cut-off of `income` moved from 50000.00 to 60000.50"),
    ),
    "a cut-off, a date": case(
        ("opened_on >= 2020-01-01", "opened_on >= 2021-06-30"),
        ("cut-off", "clause", "cross_sell", "`cross_sell`: cut-off of `opened_on` moved from 2020-01-01 to 2021-06-30"),
    ),
    "a parameter for a number": case(
        ("score >= 700", "score >= prime"),
        ("cut-off", "clause", "best", "`best` (way 2): cut-off of `score` moved from 700 to `prime`"),
    ),
    "the lower limit of a range": case(
        ("age between 30 and 60", "age between 35 and 60"),
        ("cut-off", "clause", "wealthy", "`wealthy`: lower limit of `age` moved from 30 to 35"),
    ),
    "both limits of a range": case(
        ("age between 30 and 60", "age between 35 and 65"),
        ("cut-off", "clause", "wealthy", "`wealthy`: lower limit of `age` moved from 30 to 35"),
        ("cut-off", "clause", "wealthy", "`wealthy`: upper limit of `age` moved from 60 to 65"),
    ),
    "a cut-off with its value first": case(
        ("when age < 25", "when 26 > age"),
        ("cut-off", "clause", "young", "`young`: cut-off of `age` moved from 25 to 26"),
    ),
    "a list, one less": case(
        ('channel is one of ("app", "web")', 'channel is "app"'),
        ("cut-off", "clause", "best", '`best` (way 1): `channel` may no longer be "web"'),
    ),
    "a list, one more and one less": case(
        ('channel is one of ("app", "web")', 'channel is one of ("app", "branch")'),
        (
            "cut-off",
            "clause",
            "best",
            '`best` (way 1): `channel` may now be "branch" and may no longer be "web"',
        ),
    ),
    "segments that are asked for": case(
        ("value is young", "value is one of (young, old)"),
        ("cut-off", "clause", "cross_sell", "`cross_sell`: `value` may now also be `old`"),
    ),
    "a segment of the run before": case(
        ("previous value is best\n     and", "previous value is watched\n     and"),
        ("cut-off", "clause", "best", "`best` (way 2): `previous value` is now compared with `watched`, not `best`"),
    ),
    "a share of everybody": case(
        ("top 10% by paid", "top 20% by paid"),
        ("cut-off", "clause", "richest", "`richest`: `top 10% by paid` is now `top 20% by paid`"),
    ),
    "a text that something is compared with": case(
        ('where status is "open"', 'where status is "closed"'),
        ("cut-off", "let", "owed", '`owed`: among `accounts`, `status` is now compared with "closed", not "open"'),
    ),
    "a comparison": case(
        ("when age < 25", "when age <= 25"),
        ("definition", "clause", "young", "`young`: `age < 25` is now `age <= 25`"),
    ),
    "what is compared": case(
        ("when age < 25", "when tenure < 25"),
        ("definition", "clause", "young", "`young`: `age < 25` is now `tenure < 25`"),
    ),
    # -- windows and aggregates ------------------------------------------------------------------------------------
    "a window in a condition": case(
        ("no payments in last 12 months", "no payments in last 6 months"),
        (
            "cut-off",
            "clause",
            "win_back",
            "`win_back`: window of `no payments` moved from `in last 12 months` to `in last 6 months`",
        ),
    ),
    "the newer end of a window": case(
        ("6 months except last 1 month", "6 months except last 2 months"),
        (
            "cut-off",
            "let",
            "paid",
            (
                "`paid`: window of `sum of amount from payments` moved from "
                "`in last 6 months except last 1 month` to `in last 6 months except last 2 months`"
            ),
        ),
    ),
    "no window any more": case(
        ("from payments in last recent", "from payments ever"),
        (
            "definition",
            "let",
            "worst",
            "`worst`: window of `max of days_late from payments` moved from `in last recent` to `ever`",
        ),
    ),
    "a condition inside an aggregate": case(
        ("days_late > 30 in", "days_late > 30 and amount > 10 in"),
        ("condition added", "let", "late", "`late`: among `payments`, also asks that `amount > 10.00`"),
    ),
    "a cut-off inside an aggregate": case(
        ("days_late > 30 in", "days_late > 60 in"),
        ("cut-off", "let", "late", "`late`: among `payments`, cut-off of `days_late` moved from 30 to 60"),
    ),
    "no condition inside an aggregate": case(
        (' where status is "open"', ""),
        ("condition removed", "let", "owed", '`owed`: among `accounts`, no longer asks that `status = "open"`'),
    ),
    "another aggregate": case(
        ("= max of days_late", "= min of days_late"),
        (
            "definition",
            "let",
            "worst",
            (
                "`worst`: `max of days_late from payments in last recent` is now "
                "`min of days_late from payments in last recent`"
            ),
        ),
    ),
    "another unit of time": case(
        ("= months since opened_on", "= days since opened_on"),
        ("definition", "let", "tenure", "`tenure`: `months since opened_on` is now `days since opened_on`"),
    ),
    "arithmetic": case(
        ("= owed / income", "= owed / income * 2"),
        ("definition", "let", "ratio", "`ratio`: `owed / income` is now `owed / income * 2`"),
    ),
    "a condition in a let": case(
        ("tenure < 12 and late = 0", "tenure < 24 and late = 0"),
        ("cut-off", "let", "thin", "`thin`: cut-off of `tenure` moved from 12 to 24"),
    ),
    # -- `and`, `or`, `not` ----------------------------------------------------------------------------------------
    "one more condition": case(
        ("and used < 30%\n", "and used < 30%\n     and late = 0\n"),
        ("condition added", "clause", "best", "`best` (way 1) also asks that `late = 0`"),
    ),
    "one condition less": case(
        ("score is known and score >= prime", "score >= prime"),
        ("condition removed", "clause", "best", "`best` (way 1) no longer asks that `score is known`"),
    ),
    "`and` in another order": case(
        ("tenure < 12 and late = 0", "late = 0 and tenure < 12"),
        (
            "definition",
            "let",
            "thin",
            "`thin` asks the same in another order, so nobody moves: only explanations tell it in that order",
        ),
    ),
    "the same asked twice": case(
        ("tenure < 12 and late = 0", "tenure < 12 and late = 0 and tenure < 12"),
        (
            "definition",
            "let",
            "thin",
            "`thin` asks the same, some of it more or less often than before, so nobody moves",
        ),
    ),
    "`or` in another order": case(
        ("(age between 30 and 60 or vip)", "(vip or age between 30 and 60)"),
        (
            "definition",
            "clause",
            "wealthy",
            "`wealthy` asks the same in another order, so nobody moves: only explanations tell it in that order",
        ),
    ),
    "one more way to satisfy `or`": case(
        ("between 30 and 60 or vip)", "between 30 and 60 or vip or late = 0)"),
        ("definition", "clause", "wealthy", "`wealthy`: it is now also enough that `late = 0`"),
    ),
    "one way less to satisfy `or`": case(
        ("(age between 30 and 60 or vip)", "age between 30 and 60"),
        ("definition", "clause", "wealthy", "`wealthy`: it is no longer enough that `vip`"),
        ("no longer read", "field", "vip", "`vip` of `customers` is no longer read; it was by `value`"),
    ),
    "`not`": case(
        ("when value is young", "when value is not young"),
        ("definition", "clause", "cross_sell", "`cross_sell`: `value is young` is now `value is not young`"),
    ),
    "attached rows": case(
        ("  unless crm.do_not_call default false\n", "  unless crm is known\n"),
        (
            "definition",
            "segmentation",
            "mails",
            "every segment of `mails`: in `unless`, `crm.do_not_call default false` is now `crm is known`",
        ),
        ("no longer read", "field", "do_not_call", "`do_not_call` of `crm` is no longer read; it was by `mails`"),
    ),
    # -- `unless`, consent, time -----------------------------------------------------------------------------------
    "the cut-off of an exclusion": case(
        ("unless late > 2", "unless late > 3"),
        ("cut-off", "clause", "best", "`best` (way 1): in `unless`, cut-off of `late` moved from 2 to 3"),
    ),
    "an exclusion less": case(
        ("    unless late > 2\n", ""),
        ("condition removed", "clause", "best", "`best` (way 1) no longer takes out those with `late > 2`"),
    ),
    "an exclusion more": case(
        ("    when age < 25\n", "    when age < 25\n    unless vip\n"),
        ("condition added", "clause", "young", "`young` now takes out those with `vip`"),
    ),
    "no consent any more": case(
        ("  needs consent for marketing\n", ""),
        ("labels", "segmentation", "mails", "every segment of `mails` no longer needs consent for `marketing`"),
        ("no longer read", "field", "by_mail", "`by_mail` of `customers` is no longer read; it was by `mails`"),
    ),
    "in force from another day": case(
        ("from 2026-07-01", "from 2026-08-01"),
        ("cut-off", "segment", "wealthy", "`wealthy` is now in force from 2026-08-01, not from 2026-07-01"),
    ),
    "in force from the start": case(
        ("    from 2026-07-01\n", ""),
        ("definition", "segment", "wealthy", "`wealthy` is no longer in force from 2026-07-01 only"),
    ),
    "in force until a day": case(
        ("    when age < 25\n", "    when age < 25\n    until 2027-12-31\n"),
        ("definition", "segment", "young", "`young` is now in force until 2027-12-31 only"),
    ),
    # -- clauses and segments --------------------------------------------------------------------------------------
    "one more clause": case(
        ("    when age < 25\n", "    when age < 25\n    when vip and late = 0\n"),
        ("added", "clause", "young", "`young` has one more way in: `when vip and late = 0`"),
    ),
    "one clause less": case(
        ("    when previous value is best\n     and score >= 700\n", ""),
        (
            "removed",
            "clause",
            "best",
            "`best` has one way in less: `when previous value is best and score >= 700`",
        ),
    ),
    "one more segment": case(
        ("  segment young\n", "  segment gold when vip\n  segment young\n"),
        ("added", "segment", "gold", "segment `gold` of `value` is new, before `young`: `when vip`"),
    ),
    "one segment less": case(
        ("  segment old\n    when age >= 70\n    reasons from points\n", ""),
        ("removed", "segment", "old", "segment `old` of `value` is gone"),
    ),
    "a segment's reason": case(
        ('reason F01 "Fraud"', 'reason F02 "Fraud"'),
        (
            "definition",
            "segment",
            "watched",
            '`watched` now gives the reason F02 "Fraud", no longer F01 "Fraud"',
        ),
    ),
    "reasons of a scorecard": case(
        ("    reasons from points\n", ""),
        ("definition", "segment", "old", "`old` no longer gives the reason those of `points`"),
    ),
    # -- headers ---------------------------------------------------------------------------------------------------
    "the smallest size": case(
        ("at least 500 customers", "at least 400 customers"),
        ("watch", "segmentation", "value", "`value`: each segment at least 400, not at least 500"),
    ),
    "no smallest size": case(
        ("  each segment at least 500 customers\n", ""),
        ("watch", "segmentation", "value", "`value`: segments may be of any size, not at least 500"),
    ),
    "a purpose": case(
        ("  purpose marketing\n", "  purpose marketing, risk\n"),
        ("labels", "segmentation", "mails", "`mails` now also has the purpose `risk`"),
    ),
    "at most so many": case(
        ("  overlapping\n", "  overlapping\n  at most 2 segments each\n"),
        ("definition", "segmentation", "mails", "`mails`: at most 2 segments each"),
    ),
    "who looks after it": case(
        ('"desk"', '"portfolio"'),
        ("upkeep", "segmentation", "value", '`value`: owner is now "portfolio", not "desk"'),
    ),
    "when it is run": case(
        ("every 1 month", "every 2 months"),
        ("upkeep", "segmentation", "value", "`value`: refresh is now every 2 months, not every 1 month"),
    ),
    "when it was reviewed": case(
        ("last reviewed 2026-01-15", "last reviewed 2026-06-15"),
        ("upkeep", "segmentation", "value", "`value`: last review is now 2026-06-15, not 2026-01-15"),
    ),
}


def test_the_cases_start_from_rules_without_errors() -> None:
    assert changes_between(program_of(TEXT), program_of(TEXT)).changes == ()


@pytest.mark.parametrize("change", CASES.values(), ids=CASES)
def test_what_is_told(change: Case) -> None:
    found = changes_between(program_of(TEXT), program_of(edited_text(*change.edits)))
    assert [(each.kind, each.what, each.name, each.message) for each in found.changes] == list(change.told)
    assert found.same_meaning == (not any(each.meaning for each in found.changes))
