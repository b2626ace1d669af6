"""Decisions and scorecards: rows, cells, bins and points: what is told of small edits."""

from __future__ import annotations

import pytest

from segwright.compiler.changes import changes_between

from .rules import TEXT, Case, case, edited_text, program_of

ROW = '  | [640..720) | any   | "B"     |\n'
CASES = {
    "a cell's cut-off": case(
        ("[640..720) | any ", "[620..720) | any "),
        (
            "cut-off",
            "decision",
            "band",
            '`band`: the row `640 up to below 720, any => "B"` is now `620 up to below 720, any => "B"`',
        ),
    ),
    "a cell's percentage": case(
        ("| < 30% | ", "| < 35% | "),
        ("cut-off", "decision", "band", '`band`: the row `>= prime, < 30% => "A"` is now `>= prime, < 35% => "A"`'),
    ),
    "a result": case(
        ("| [30..60)  | 2        |", "| [30..60)  | 4        |"),
        ("definition", "decision", "grade", "`grade`: the row `30 up to below 60 => 2` now gives 4"),
    ),
    "what is left": case(
        ("| otherwise | 3        |", "| otherwise | 9        |"),
        ("definition", "decision", "grade", "`grade`: otherwise 9, not 3"),
    ),
    "a row more": case(
        (ROW, ROW + '  | [600..640) | any   | "C"     |\n'),
        ("definition", "decision", "band", '`band`: the row `600 up to below 640, any => "C"` is new'),
    ),
    "a row less": case(
        (ROW, ""),
        ('| otherwise          | "C"     |', '| otherwise          | "B"     |'),
        ("definition", "decision", "band", '`band`: otherwise "B", not "C"'),
        ("definition", "decision", "band", '`band`: the row `640 up to below 720, any => "B"` is gone'),
    ),
    "rows in another order": case(
        ('  | >= prime   | < 30% | "A"     |\n' + ROW, ROW + '  | >= prime   | < 30% | "A"     |\n'),
        (
            "order",
            "decision",
            "band",
            '`band`: the row `640 up to below 720, any => "B"` now stands above the row `>= prime, < 30% => "A"`',
        ),
    ),
    "rows in another order of which one can hold": case(
        (
            "  | < 30      | 1        |\n  | [30..60)  | 2        |\n",
            "  | [30..60)  | 2        |\n  | < 30      | 1        |\n",
        ),
        (
            "order",
            "decision",
            "grade",
            (
                "`grade`: the row `30 up to below 60 => 2` now stands above the row `< 30 => 1`, which changes nothing "
                "since at most one row can hold"
            ),
        ),
    ),
    "first for unique": case(
        ("decision grade unique", "decision grade first"),
        ("definition", "decision", "grade", "`grade` is now `first`, not `unique`"),
    ),
    "points": case(
        ("below 30%         +40", "below 30%         +45"),
        ("definition", "scorecard", "points", "`points`: `used` < 30%: +45 points, not +40"),
    ),
    "bins": case(
        ("below 30%         +40\n    from 30% to 70%", "below 25%         +40\n    from 25% to 70%"),
        ("cut-off", "scorecard", "points", "`points`: `used`: the bin `< 30%` is now `< 25%`"),
        ("cut-off", "scorecard", "points", "`points`: `used`: the bin `30% to 70%` is now `25% to 70%`"),
    ),
    "a bin more": case(
        (
            "    from 30% to 70%   +15\n",
            "    from 30% to 70%   +15\n    above 90%         -40\n",
        ),
        (
            '    above 70%         -20  reason R12 "Balances high"',
            '    (70%..90%]        -20  reason R12 "Balances high"',
        ),
        ("definition", "scorecard", "points", "`points`: `used`: the bin `> 90% -40` is new"),
        ("definition", "scorecard", "points", "`points`: `used`: the bin `> 70%` is now `above 70% up to 90%`"),
    ),
    "bins in another order": case(
        (
            "    below 30%         +40\n    from 30% to 70%   +15\n",
            "    from 30% to 70%   +15\n    below 30%         +40\n",
        ),
        (
            "order",
            "scorecard",
            "points",
            "`points`: `used`: the bin `30% to 70%` now stands above `< 30%`, and no points change",
        ),
    ),
    "where it starts": case(
        ("starts at 500", "starts at 600"),
        ("definition", "scorecard", "points", "`points` starts at 600 points, not at 500"),
    ),
    "points for a condition": case(
        ("then -60", "then -80"),
        ("definition", "scorecard", "points", "`points`: points when `late > 0`: -80 points, not -60"),
    ),
    "a condition for points": case(
        ("when late > 0 then", "when late > 1 then"),
        ("cut-off", "scorecard", "points", "`points`: cut-off of `late` moved from 0 to 1"),
    ),
    "a reason": case(
        ('R12 "Balances high"', 'R13 "Balances high"'),
        (
            "definition",
            "scorecard",
            "points",
            '`points`: `used` > 70%: the reason is now R13 "Balances high", not R12 "Balances high"',
        ),
    ),
    "a characteristic more": case(
        ("  when late > 0 then", "  when vip then +10\n  when late > 0 then"),
        ("definition", "scorecard", "points", "`points` also gives points when `vip`"),
    ),
    "a characteristic less": case(
        ('  when late > 0 then -60   reason R01 "Recent arrears"\n', ""),
        ("definition", "scorecard", "points", "`points` no longer gives points when `late > 0`"),
    ),
    "a scorecard for a let": case(
        ("let thin   = tenure < 12 and late = 0", "scorecard thin starts at 0\n  when late = 0 then +1"),
        ("definition", "scorecard", "thin", "`thin` is now a scorecard, not a let"),
    ),
}


@pytest.mark.parametrize("change", CASES.values(), ids=CASES)
def test_what_is_told(change: Case) -> None:
    found = changes_between(program_of(TEXT), program_of(edited_text(*change.edits)))
    told = [each for each in found.changes if each.kind not in ("newly read", "no longer read")]
    assert [(each.kind, each.what, each.name, each.message) for each in told] == list(change.told)
    assert not found.same_meaning
