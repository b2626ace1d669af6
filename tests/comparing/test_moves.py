"""Who moves, where to, and because of which changed clause: worked out by hand."""

from __future__ import annotations

import pytest
from comparing.changed import Changed, causes, moves, only, sizes

from segwright.runtime.comparing.records import SizeRecord

DATA = """
table customers key customer_id
  customer_id integer
  score       integer optional
  income      money
  kind        one of "a", "b", "c"
  hardship    boolean
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      money
  days_late   integer
"""
LETS = """
parameter prime = 720
let late = count of payments where days_late > 30 in last 90 days
"""
VALUE = """
segmentation value of customers
  first match wins
  segment top
    when score >= prime and late = 0
  segment low
    when score < 600
  otherwise rest
"""
RULES = DATA + LETS + VALUE


@pytest.fixture
def portfolio(changed: Changed) -> Changed:
    """Six customers; 6 paid forty days late in August."""
    changed.rows(
        "customers",
        "(1, 705, 100.00, 'a', false), (2, 750, 200.00, 'b', false), (3, 590, 300.00, 'c', true), "
        "(4, 605, 400.00, 'a', false), (5, NULL, 500.00, 'b', false), (6, 710, 600.00, 'c', false)",
        "customer_id, score, income, kind, hardship",
    )
    changed.rows(
        "payments",
        "(6, DATE '2026-08-15', 10.00, 40), (1, DATE '2026-08-15', 20.00, 4), (2, DATE '2026-02-01', 30.00, 90)",
        "customer_id, paid_on, amount, days_late",
    )
    return changed


def test_a_cut_off_moves(portfolio: Changed) -> None:
    """With 700 in place of 720, customer 1 (705) is top; 6 (710) was late in August and stays. Of the lowest nobody
    moves."""
    found = portfolio.comparing(RULES, RULES.replace("prime = 720", "prime = 700"))
    record = only(found)
    assert found.rows == {"customers": 6}
    assert (record.table, record.segmentation, record.exclusive, record.same) == ("customers", "value", True, False)
    assert (record.rows, record.movers, record.movers_share, record.hidden) == (6, 1, 1 / 6, False)
    assert record.sizes == {
        "top": SizeRecord(before=1, after=2),
        "low": SizeRecord(before=1, after=1),
        "rest": SizeRecord(before=4, after=3),
    }
    assert record.migration == {"top": {"top": 1}, "low": {"low": 1}, "rest": {"top": 1, "rest": 3}}
    assert causes(record) == {("rest", "top"): [("after", "top", 1, "parameter `prime` moved from 720 to 700")]}
    (cause,) = record.moves[0].causes
    assert (cause.count, cause.hidden) == (1, False)
    (example,) = record.examples
    assert (example.key, example.before, example.after) == (1, ["rest"], ["top"])
    assert example.explanation == [
        "was in `rest`: no segment before it applies",
        "is in `top` by clause 1: `score >= prime` (score is 705, prime is 700), `late = 0` (late is 0)",
        "clause 1 of `top` kept it out before: `score >= prime`, and score is 705, prime is 720",
        "what changed: parameter `prime` moved from 720 to 700",
    ]
    assert (found.added, found.removed, found.targets, found.fairness) == ([], [], [], [])
    assert (found.newly_read, found.no_longer_read, found.notes) == ([], [], [])
    assert found.as_of.isoformat() == "2026-09-01"


def test_nothing_that_decides_differs(portfolio: Changed) -> None:
    retitled = RULES.replace("segment top", 'segment top "The best"').replace(
        "first match wins", 'first match wins\n  owner "x"'
    )
    record = only(portfolio.comparing(RULES, retitled))
    assert (record.same, record.movers, record.moves, record.examples) == (True, 0, [], [])
    assert sizes(record) == {"top": (1, 1), "low": (1, 1), "rest": (4, 4)}
    assert record.migration == {"top": {"top": 1}, "low": {"low": 1}, "rest": {"rest": 4}}


def test_a_clause_lets_go(portfolio: Changed) -> None:
    """Of those below 600 (customer 3) the one in hardship is no longer low."""
    record = only(portfolio.comparing(RULES, RULES.replace("score < 600", "score < 600\n    unless hardship")))
    assert moves(record) == [("low", "rest", 1)]
    ((side, segment, clause, message),) = causes(record)["low", "rest"]
    assert (side, segment, clause) == ("before", "low", 2)
    assert "hardship" in message
    assert record.examples[0].explanation[:3] == [
        "was in `low` by clause 2: `score < 600` (score is 590)",
        "is in `rest`: no segment before it applies",
        "clause 2 of `low` keeps it out now: unless `hardship`",
    ]


def test_a_segment_comes_and_a_clause_goes(portfolio: Changed) -> None:
    """Those with at least 500 (5 and 6) are wealthy, before anything else."""
    new = RULES.replace("  segment top\n", "  segment wealthy when income >= 500\n  segment top\n")
    record = only(portfolio.comparing(RULES, new))
    assert sizes(record) == {"wealthy": (None, 2), "top": (1, 1), "low": (1, 1), "rest": (4, 2)}
    assert causes(record) == {("rest", "wealthy"): [("after", "wealthy", 1, "clause 1 of `wealthy` is new")]}
    back = only(portfolio.comparing(new, RULES))
    assert sizes(back) == {"top": (1, 1), "low": (1, 1), "rest": (2, 4), "wealthy": (2, None)}
    assert causes(back) == {("wealthy", "rest"): [("before", "wealthy", 1, "clause 1 of `wealthy` is no more")]}
    assert back.migration == {"top": {"top": 1}, "low": {"low": 1}, "rest": {"rest": 2}, "wealthy": {"rest": 2}}


def test_an_order_that_matters(portfolio: Changed) -> None:
    """`first` and `second` overlap in customer 2: 750 and kind b."""
    rules = (
        DATA
        + """
segmentation value of customers
  first match wins
  segment first when score >= 700
  segment second when kind is "b"
  otherwise rest
"""
    )
    first, second = "  segment first when score >= 700\n", '  segment second when kind is "b"\n'
    record = only(portfolio.comparing(rules, rules.replace(first + second, second + first)))
    assert causes(record) == {
        ("first", "second"): [
            ("after", "second", 1, "it stands before clause 2 of `first` now, and stood after it"),
        ]
    }


def test_a_clause_that_asks_less_and_stands_elsewhere(portfolio: Changed) -> None:
    """Of those in `first`, 2 (kind b) goes for the order alone, and 6 (600.00) as both changed: both are told.
    3 and 4 were in neither, and go for what `second` asks alone."""
    rules = (
        DATA
        + """
segmentation value of customers
  first match wins
  segment first when score >= 700
  segment second when kind is "b"
  otherwise rest
"""
    )
    first, second = "  segment first when score >= 700\n", '  segment second when kind is "b"\n'
    asks_less = '  segment second when kind is "b" or income >= 300\n'
    record = only(portfolio.comparing(rules, rules.replace(first + second, asks_less + first)))
    assert moves(record) == [("first", "second", 2), ("rest", "second", 2)]
    place = "it stands before clause 2 of `first` now, and stood after it; "
    ((_, _, _, content),) = causes(record)["rest", "second"]
    assert "income >= 300" in content
    assert "stands before" not in content
    assert causes(record)["first", "second"] == [("after", "second", 1, place + content)]


def test_what_is_said_of_a_mover_names_its_segment(portfolio: Changed) -> None:
    """The sentence stands alone, where what changed is said of the segment."""
    new = RULES.replace("  segment low\n", "  segment low\n    from 2026-10-01\n")
    (example,) = only(portfolio.comparing(RULES, new)).examples
    assert example.explanation[-1] == "what changed: `low` is now in force from 2026-10-01 only"


def test_all_that_changed_about_a_field_is_told_in_one(portfolio: Changed) -> None:
    mapped = RULES.replace("score       integer optional", "score       integer optional missing when 590, 605")
    again = mapped.replace("missing when 590, 605", "missing when 590, 750")
    record = only(portfolio.comparing(mapped, again))
    ((_, _, _, said),) = causes(record)["top", "rest"]
    assert said == "`score` of `customers` changed: 750 now counts as missing, 605 no longer counts as missing"


def test_an_event_feature_is_added(portfolio: Changed) -> None:
    """Only the new rules read `amount`: customer 1 paid 20.00 in the last six months, and 6 but 10.00."""
    new = RULES.replace(
        "segmentation", "let paid = sum of amount from payments in last 6 months\nsegmentation"
    ).replace("  segment low\n", "  segment payer when paid >= 20\n  segment low\n")
    found = portfolio.comparing(RULES, new)
    assert moves(only(found)) == [("rest", "payer", 1)]
    assert [(each.table, each.field, each.column, each.readers) for each in found.newly_read] == [
        ("payments", "amount", "amount", ["value"])
    ]
    back = portfolio.comparing(new, RULES)
    assert [(each.table, each.field) for each in back.no_longer_read] == [("payments", "amount")]
    assert back.newly_read == []


def test_two_causes_of_one_move(portfolio: Changed) -> None:
    """1 comes by its score; 5 by its kind, of which the score is missing."""
    old = (
        DATA
        + """
segmentation value of customers
  first match wins
  segment top
    when score >= 720
    when kind is "b" and income > 600
  otherwise rest
"""
    )
    new = old.replace("720", "705").replace("> 600", "> 400")
    record = only(portfolio.comparing(old, new))
    assert moves(record) == [("rest", "top", 3)]
    assert [(each.clause, each.count) for each in record.moves[0].causes] == [(1, 2), (2, 1)]
    assert [each.key for each in record.examples] == [1, 5, 6]
    assert len(only(portfolio.comparing(old, new, examples=2)).examples) == 2
    assert only(portfolio.comparing(old, new, examples=0)).examples == []


def test_relative_values_are_reckoned_for_each_side(portfolio: Changed) -> None:
    """Of six incomes only 600 has 4 × below / n of 3 and more (4 × 5 / 6); of five scores only 750, of customer 2."""
    old = (
        DATA
        + """
let rank = quartile of income
segmentation value of customers
  first match wins
  segment best when rank >= 4
  otherwise rest
"""
    )
    record = only(portfolio.comparing(old, old.replace("quartile of income", "quartile of score")))
    assert record.migration == {"best": {"rest": 1}, "rest": {"best": 1, "rest": 4}}
    told = {each.key: each.explanation for each in record.examples}
    assert "was in `best` by clause 1: `rank >= 4` (rank is 4)" in told[6]
    assert "is in `best` by clause 1: `rank >= 4` (rank is 4)" in told[2]


def test_a_decision_a_scorecard_and_a_segmentation_that_is_asked(portfolio: Changed) -> None:
    """`A` from 700 on: 1, 2 and 6, of whom 2 was. Card: kind a gives nine points less. `asked` follows `value`."""
    old = (
        DATA
        + """
decision band first
  | score     | => band |
  | >= 720    | "A"     |
  | otherwise | "B"     |
scorecard card starts at 100
  by kind
    "a"      +10
    "b", "c"  -5
segmentation value of customers
  first match wins
  segment good when band is "A"
  segment carded when card >= 110
  otherwise rest
segmentation asked of customers
  first match wins
  segment yes when value is good
  otherwise no
"""
    )
    new = old.replace(">= 720", ">= 700").replace('"a"      +10', '"a"      +1')
    value, asked = portfolio.comparing(old, new).segmentations
    assert moves(value) == [("carded", "good", 1), ("carded", "rest", 1), ("rest", "good", 1)]
    sides = {move: (found[0][0], found[0][1]) for move, found in causes(value).items()}
    assert sides == {
        ("carded", "good"): ("after", "good"),
        ("carded", "rest"): ("before", "carded"),
        ("rest", "good"): ("after", "good"),
    }
    assert all("`card`" in found[0][3] for move, found in causes(value).items() if move == ("carded", "rest"))
    assert moves(asked) == [("no", "yes", 2)]
    assert "`value`" in causes(asked)["no", "yes"][0][3]


def test_segments_that_overlap_under_a_limit(portfolio: Changed) -> None:
    """Before, at most two of x (score >= 600: 1, 2, 4, 6), y (kind b: 2, 5) and z (income >= 200: 2 to 6). 2 fits
    all three and is in x and y; now x asks 710 (2 and 6), and at most one counts."""
    old = (
        DATA
        + """
segmentation calls of customers
  overlapping
  at most 2 segments each
  segment x when score >= 600
  segment y when kind is "b"
  segment z when income >= 200
"""
    )
    limited = old.replace("at most 2 segments", "at most 1 segment")
    record = only(portfolio.comparing(old, limited))
    # 2 was in x, y; 4 and 6 in x, z; 5 in y, z.
    assert sizes(record) == {"x": (4, 4), "y": (2, 1), "z": (4, 1)}
    assert (record.exclusive, record.migration, record.movers) == (False, None, 4)
    assert moves(record) == [("z", None, 3), ("y", None, 1)]
    limit = "how many segments a row may be in changed: at most 2 before, at most 1 now"
    assert causes(record) == {
        ("z", None): [("before", "z", None, limit)],
        ("y", None): [("before", "y", None, limit)],
    }
    found = {each.key: each for each in record.examples}
    assert (found[2].before, found[2].after) == (["x", "y"], ["x"])
    assert found[2].explanation == [
        'was in `y` by clause 2: `kind = "b"` (kind is "b")',
        "`y` fits now too, but the row is in `x` already, and at most 1 count",
        f"what changed: {limit}",
    ]
    # Where x asks for more, 4 leaves x only, and 1 all; of 2 and 6 nothing changes. No limit has a say.
    asked = only(portfolio.comparing(old, old.replace("600", "710")))
    assert moves(asked) == [("x", None, 2)]
    ((side, segment, clause, message),) = causes(asked)["x", None]
    assert (side, segment, clause) == ("before", "x", 1)
    assert "600" in message
    assert "710" in message
    assert [(each.key, each.before, each.after) for each in asked.examples] == [(1, ["x"], []), (4, ["x", "z"], ["z"])]
    # 2 leaves x and may be in z now, which it fitted before: the limit had kept it out.
    freed = only(portfolio.comparing(old, old.replace("score >= 600", 'score >= 600 and kind is not "b"')))
    assert moves(freed) == [("x", None, 1), (None, "z", 1)]
    ((side, segment, clause, message),) = causes(freed)[None, "z"]
    assert (side, segment, clause) == ("after", "z", None)
    assert message.startswith("a row may be in at most 2 segments, and others changed: ")


def test_a_new_way_in_lets_nobody_go(portfolio: Changed) -> None:
    """1 and 4 (kind a) leave `x` for what it takes out now; 3 joins by the new way in, or not at all."""
    old = DATA + "segmentation calls of customers\n  overlapping\n  segment x\n    when score >= 600\n"
    new = old + '    unless kind is "a"\n    when hardship\n'
    record = only(portfolio.comparing(old, new))
    assert moves(record) == [("x", None, 2), (None, "x", 1)]
    left, joined = (causes(record)[move] for move in (("x", None), (None, "x")))
    assert left == [("before", "x", 1, 'now takes out those with `kind = "a"`')]
    assert "clause 2 of `x` is new" in joined[0][3]
    back = only(portfolio.comparing(new, old))
    ((side, segment, clause, _),) = causes(back)[None, "x"]
    assert (side, segment, clause) == ("after", "x", 1)


def test_what_one_side_alone_has(portfolio: Changed) -> None:
    other = """
segmentation other of customers
  first match wins
  segment a when kind is "a"
  otherwise b
"""
    found = portfolio.comparing(RULES, DATA + other)
    assert (found.added, found.removed, found.segmentations) == (["other"], ["value"], [])
    both = portfolio.comparing(RULES, RULES + other)
    assert (both.added, both.removed, [each.segmentation for each in both.segmentations]) == (["other"], [], ["value"])


def test_parameters_of_both_sides(portfolio: Changed) -> None:
    """With the same value on both sides nothing differs."""
    new = RULES.replace("prime = 720", "prime = 700")
    assert only(portfolio.comparing(RULES, new, parameters={"prime": "740"})).same
    other = RULES.replace("parameter prime = 720\n", "").replace("prime", "700")
    record = only(portfolio.comparing(RULES, other, parameters={"prime": "800"}))
    assert record.migration is not None
    assert record.migration["rest"] == {"top": 2, "rest": 3}
