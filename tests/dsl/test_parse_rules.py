"""What decisions, scorecards, segmentations, measures, tests and the rest say."""

import pytest
from written import (
    AT,
    EVER,
    aggregate,
    both,
    calc,
    compare,
    day,
    during,
    last,
    name,
    names,
    num,
    only,
    paren,
    pct,
    ref,
    span,
    text,
    truth,
)

from segwright.dsl import syntax as s

A, B = ref("a"), ref("b")


def check(found: object, expected: object) -> None:
    assert found == expected


# -- decisions ---------------------------------------------------------------------------------------------------


def cell(written: str) -> s.Cell:
    """The one condition cell of a decision table."""
    decision = only(f"decision d | a | => d | | {written} | 1 |")
    assert isinstance(decision, s.DecisionTable)
    ((found,),) = [row.cells for row in decision.rows]
    return found


@pytest.mark.parametrize(
    "written, expected",
    [
        ("any", s.Cell(AT, "any")),
        ("missing", s.Cell(AT, "missing")),
        ("is missing", s.Cell(AT, "missing")),
        ("known", s.Cell(AT, "known")),
        ("otherwise", s.Cell(AT, "otherwise")),
        ("720", s.Cell(AT, "values", (num(720),))),
        ("-5", s.Cell(AT, "values", (num(-5),))),
        ('"a", "b"', s.Cell(AT, "values", (text("a"), text("b")))),
        ("true", s.Cell(AT, "values", (truth(True),))),
        ("limit", s.Cell(AT, "values", (ref("limit"),))),
        (">= 720", s.Cell(AT, "compare", (num(720),), ">=")),
        ("at least prime_score", s.Cell(AT, "compare", (ref("prime_score"),), ">=")),
        ("below 30%", s.Cell(AT, "compare", (pct(30),), "<")),
        ("is not 5", s.Cell(AT, "compare", (num(5),), "!=")),
        ("[640..720)", s.Cell(AT, "range", range=span(num(640), num(720), "[)"))),
        ("(low..high]", s.Cell(AT, "range", range=span(ref("low"), ref("high"), "(]"))),
        ("from 30% to 70%", s.Cell(AT, "range", range=span(pct(30), pct(70)))),
        ("from 3", s.Cell(AT, "range", range=span(num(3), None))),
        ("to 3", s.Cell(AT, "range", range=span(None, num(3)))),
        ("between 1 and 2", s.Cell(AT, "range", range=span(num(1), num(2)))),
        ('is one of ("a", "b")', s.Cell(AT, "values", (text("a"), text("b")))),
    ],
)
def test_cells(written: str, expected: s.Cell) -> None:
    check(cell(written), expected)


def test_a_decision_table() -> None:
    found = only("""
        decision price_band "Price band" of accounts unique
          | credit_score | a + b > 3 | => price_band |
          | >= 720       | any       | "A"           |
          | otherwise                | "B"           |
    """)
    check(
        found,
        s.DecisionTable(
            AT,
            name=name("price_band"),
            title=text("Price band"),
            table=name("accounts"),
            policy="unique",
            inputs=(ref("credit_score"), compare(calc(A, "+", B), ">", num(3))),
            result=name("price_band"),
            rows=(
                s.DecisionRow(AT, (s.Cell(AT, "compare", (num(720),), ">="), s.Cell(AT, "any")), text("A")),
                s.DecisionRow(AT, (s.Cell(AT, "otherwise"),), text("B")),
            ),
        ),
    )


@pytest.mark.parametrize("policy", ["first", "unique"])
def test_the_policy_of_a_decision(policy: str) -> None:
    found = only(f"decision d {policy} | a | => d | | any | 1 |")
    assert isinstance(found, s.DecisionTable)
    assert found.policy == policy


def test_rows_are_told_apart_by_their_bars_not_by_lines() -> None:
    one_line = only('decision d | a | b | => d | | 1 | 2 | "x" | | 3 | any | "y" || otherwise | "z" |')
    lines = only('decision d\n|a|b|=>d|\n|1|2|"x"|\n|3|any|"y"|\n|otherwise|"z"|')
    check(one_line, lines)
    assert isinstance(one_line, s.DecisionTable)
    assert [len(row.cells) for row in one_line.rows] == [2, 2, 1]


# -- scorecards --------------------------------------------------------------------------------------------------


def test_a_scorecard() -> None:
    found = only("""
        scorecard behaviour "Behaviour score" of customers starts at 500
          by utilisation
            below 30%         +40
            from 30% to 70%   15
            above 70%         -20   reason R12 "Balances high"
            missing           0
          by channel
            "app", "web" 5 "phone" -5 otherwise 0
          by (a + b) [0..limit) 1 -1 2
          when a > 0 then -60 reason R01 "Recent arrears"
          when b then +5
    """)
    reason = s.Reason(AT, name("R12"), text("Balances high"))
    check(
        found,
        s.Scorecard(
            AT,
            name("behaviour"),
            text("Behaviour score"),
            name("customers"),
            num(500),
            (
                s.Characteristic(
                    AT,
                    ref("utilisation"),
                    (
                        s.Bin(AT, s.Cell(AT, "compare", (pct(30),), "<"), num(40), None),
                        s.Bin(AT, s.Cell(AT, "range", range=span(pct(30), pct(70))), num(15), None),
                        s.Bin(AT, s.Cell(AT, "compare", (pct(70),), ">"), num(-20), reason),
                        s.Bin(AT, s.Cell(AT, "missing"), num(0), None),
                    ),
                ),
                s.Characteristic(
                    AT,
                    ref("channel"),
                    (
                        s.Bin(AT, s.Cell(AT, "values", (text("app"), text("web"))), num(5), None),
                        s.Bin(AT, s.Cell(AT, "values", (text("phone"),)), num(-5), None),
                        s.Bin(AT, s.Cell(AT, "otherwise"), num(0), None),
                    ),
                ),
                s.Characteristic(
                    AT,
                    paren(calc(A, "+", B)),
                    (
                        s.Bin(AT, s.Cell(AT, "range", range=span(num(0), ref("limit"), "[)")), num(1), None),
                        s.Bin(AT, s.Cell(AT, "values", (num(-1),)), num(2), None),
                    ),
                ),
                s.ScoreWhen(AT, compare(A, ">", num(0)), num(-60), s.Reason(AT, name("R01"), text("Recent arrears"))),
                s.ScoreWhen(AT, B, num(5), None),
            ),
        ),
    )


# -- segmentations -----------------------------------------------------------------------------------------------


def segmentation(header: str, segments: str = "") -> s.Segmentation:
    found = only(f'segmentation s "S" of customers {header} {segments}')
    assert isinstance(found, s.Segmentation)
    return found


@pytest.mark.parametrize(
    "written, expected",
    [
        ("first match wins", s.Mode(AT, exclusive=True)),
        ("overlapping", s.Mode(AT, exclusive=False)),
        ("purpose a", s.Purpose(AT, names("a"))),
        ("purpose a, b", s.Purpose(AT, names("a", "b"))),
        ('owner "risk"', s.Owner(AT, text("risk"))),
        ("refresh every 1 month", s.Refresh(AT, during(1, "month"))),
        ("review every 12 months", s.Review(AT, during(12, "month"), None)),
        ("review every 12 months, last reviewed 2026-01-15", s.Review(AT, during(12, "month"), day("2026-01-15"))),
        ("review every 12 months last reviewed 2026-01-15", s.Review(AT, during(12, "month"), day("2026-01-15"))),
        ("each segment at least 500 customers", s.EachAtLeast(AT, num(500), name("customers"))),
        ("each segment at least 500", s.EachAtLeast(AT, num(500), None)),
        ("at most 2 segments each", s.AtMostEach(AT, num(2))),
        ("at most 1 segment each", s.AtMostEach(AT, num(1))),
        ("needs consent for a, b", s.NeedsConsent(AT, names("a", "b"))),
        ("unless a default false", s.Unless(AT, s.Default(AT, A, truth(False)))),
    ],
)
def test_the_head_of_a_segmentation(written: str, expected: s.HeaderItem) -> None:
    found = segmentation(written)
    assert (found.name, found.title, found.table) == (name("s"), text("S"), name("customers"))
    check(found.header, (expected,))
    check(segmentation(f"{written} unless b {written}").header, (expected, s.Unless(AT, B), expected))


@pytest.mark.parametrize(
    "written, expected",
    [
        ("when a", s.When(AT, A)),
        ("when a and b", s.When(AT, both(A, B))),
        ("unless a", s.Unless(AT, A)),
        ("needs consent for a", s.NeedsConsent(AT, names("a"))),
        ('reason F01 "Fraud"', s.Reason(AT, name("F01"), text("Fraud"))),
        ("reasons from behaviour", s.ReasonsFrom(AT, name("behaviour"))),
        ("from 2026-01-01", s.InForceFrom(AT, day("2026-01-01"))),
        ("until 2026-12-31", s.InForceUntil(AT, day("2026-12-31"))),
    ],
)
def test_the_items_of_a_segment(written: str, expected: s.SegmentItem) -> None:
    (segment,) = segmentation("", f'segment x "X" when b {written} unless b').segments
    check(
        segment,
        s.Segment(AT, name("x"), text("X"), False, (s.When(AT, B), expected, s.Unless(AT, B))),
    )
    (rest,) = segmentation("", f"otherwise x {written}").segments
    check(rest, s.Segment(AT, name("x"), None, True, (expected,)))


def test_a_date_of_force_follows_an_aggregate() -> None:
    (segment,) = segmentation("", "segment x when a > sum of b from 2026-01-01").segments
    total = aggregate("sum", None, value=B)
    check(segment.items, (s.When(AT, compare(A, ">", total)), s.InForceFrom(AT, day("2026-01-01"))))


def test_segments_stand_in_the_order_written() -> None:
    found = segmentation("first match wins", "segment a when a segment b when b otherwise c")
    assert [(segment.name.text, segment.otherwise) for segment in found.segments] == [
        ("a", False),
        ("b", False),
        ("c", True),
    ]


# -- outcomes ----------------------------------------------------------------------------------------------------


def measured(written: str) -> s.Expr:
    found = only(f"measure m = {written}")
    assert isinstance(found, s.Measure)
    return found.value


NEXT_YEAR = s.Window(AT, "next", during(12, "month"), None)


@pytest.mark.parametrize(
    "written, expected",
    [
        ("average of a", aggregate("average", None, value=A)),
        ("count of customers", aggregate("count", "customers")),
        ("net promoter score of a", aggregate("net promoter score", None, value=A)),
        ("share where a > 2", aggregate("share", None, where=compare(A, ">", num(2)))),
        (
            "share where any payments where a > 90 in next 12 months",
            aggregate("share", None, where=aggregate("any", "payments", NEXT_YEAR, where=compare(A, ">", num(90)))),
        ),
        (
            "(sum of a - sum of b) / sum of b",
            calc(
                paren(calc(aggregate("sum", None, value=A), "-", aggregate("sum", None, value=B))),
                "/",
                aggregate("sum", None, value=B),
            ),
        ),
        (
            "sum of (sum of a from claims in next 12 months)",
            aggregate("sum", None, value=paren(aggregate("sum", "claims", NEXT_YEAR, value=A))),
        ),
        ("1 - (share where a)", calc(num(1), "-", paren(aggregate("share", None, where=A)))),
        (
            "return on investment (gain a, cost (b))",
            s.BuiltinMeasure(
                AT,
                "return on investment",
                (s.Argument(AT, name("gain"), A), s.Argument(AT, name("cost"), paren(B))),
                AT,
            ),
        ),
        (
            "1 - risk - adjusted return (cost -3%)",
            calc(
                num(1),
                "-",
                s.BuiltinMeasure(AT, "risk-adjusted return", (s.Argument(AT, name("cost"), pct(-3)),), AT),
            ),
        ),
        (
            "default-adjusted # of a year\n clv (clv t.a)",
            s.BuiltinMeasure(AT, "default-adjusted clv", (s.Argument(AT, name("clv"), ref("t.a")),), AT),
        ),
        ("cost to serve ()", s.BuiltinMeasure(AT, "cost to serve", (), AT)),
        ("risk-adjusted", calc(ref("risk"), "-", ref("adjusted"))),
        ("sum of (risk-adjusted)", aggregate("sum", None, value=paren(calc(ref("risk"), "-", ref("adjusted"))))),
    ],
)
def test_what_is_measured(written: str, expected: s.Expr) -> None:
    check(measured(written), expected)


@pytest.mark.parametrize(
    "written, expected",
    [
        (
            'measure m "M" of accounts lower is better = average of a',
            s.Measure(AT, name("m"), text("M"), name("accounts"), "lower", aggregate("average", None, value=A)),
        ),
        (
            "measure m higher is better = average of a",
            s.Measure(AT, name("m"), None, None, "higher", aggregate("average", None, value=A)),
        ),
        ("measures by quarter of opened_on", s.MeasuresBy(AT, "quarter", ref("opened_on"))),
        ("measures by month of t.d", s.MeasuresBy(AT, "month", ref("t.d"))),
        ("measures at 6 months", s.MeasuresAt(AT, (during(6, "month"),))),
        (
            "measures at 30, 90 days, 6, 12 months, 2 years",
            s.MeasuresAt(
                AT,
                (
                    during(30, "day"),
                    during(90, "day"),
                    during(6, "month"),
                    during(12, "month"),
                    during(2, "year"),
                ),
            ),
        ),
        (
            "target prime default_rate at most 3%, size >= 5%",
            s.Target(
                AT,
                ref("prime"),
                (
                    s.TargetItem(AT, ref("default_rate"), "<=", pct(3)),
                    s.TargetItem(AT, ref("size"), ">=", pct(5)),
                ),
            ),
        ),
        (
            (
                "policy hide groups below 10 fairness across gender, age favourable prime, value_risk.a"
                ' unfavourable c ratio at least 80% reference "F"'
            ),
            s.Policy(
                AT,
                (
                    s.HideBelow(AT, num(10)),
                    s.Fairness(
                        AT,
                        (ref("gender"), ref("age")),
                        (ref("prime"), ref("value_risk.a")),
                        (ref("c"),),
                        pct(80),
                        text("F"),
                    ),
                ),
            ),
        ),
        (
            'experiment coaching "Coaching" on a, b arms treated "Calls" 90%, control 10% success m, n',
            s.Experiment(
                AT,
                name("coaching"),
                text("Coaching"),
                (A, B),
                (s.Arm(AT, name("treated"), pct(90), text("Calls")), s.Arm(AT, name("control"), pct(10))),
                (ref("m"), ref("n")),
            ),
        ),
        (
            'guarantee "never" no prime where a is missing',
            s.Guarantee(AT, text("never"), "no", ref("prime"), s.IsMissing(AT, A, known=False)),
        ),
        ('guarantee "x" every s.prime where a', s.Guarantee(AT, text("x"), "every", ref("s.prime"), A)),
        ('guarantee "x" no prime', s.Guarantee(AT, text("x"), "no", ref("prime"), None)),
    ],
)
def test_declarations_about_outcomes(written: str, expected: s.Declaration) -> None:
    check(only(written), expected)


# -- tests -------------------------------------------------------------------------------------------------------


def value(target: s.Ref | s.Previous | s.Relative, given: s.Expr) -> s.GivenValue:
    return s.GivenValue(AT, target, given)


def test_a_test_of_one_customer() -> None:
    found = only("""
        test "a late payer" as of 2026-09-01
          given credit_score 780, utilisation 10%, crm.do_not_call true, a -5,
                payments (paid_on 2026-08-01, amount 100), payments (),
                previous value_risk prime, decile of (a + b) 3, top 10% by a true
          expect value_risk is standard because late_90d = 0 fails
          expect campaigns includes a, b, others is none
    """)
    check(
        found,
        s.Test(
            AT,
            text("a late payer"),
            day("2026-09-01"),
            given=(
                value(ref("credit_score"), num(780)),
                value(ref("utilisation"), pct(10)),
                value(ref("crm.do_not_call"), truth(True)),
                value(A, num(-5)),
                s.GivenRow(
                    AT, name("payments"), (value(ref("paid_on"), day("2026-08-01")), value(ref("amount"), num(100)))
                ),
                s.GivenRow(AT, name("payments"), ()),
                value(s.Previous(AT, ref("value_risk")), ref("prime")),
                value(s.Relative(AT, "decile", paren(calc(A, "+", B)), None), num(3)),
                value(s.Relative(AT, "top", A, pct(10)), truth(True)),
            ),
            expect=(
                s.Expectation(
                    AT,
                    ref("value_risk"),
                    "is",
                    names("standard"),
                    compare(ref("late_90d"), "=", num(0)),
                    "fails",
                ),
                s.Expectation(AT, ref("campaigns"), "includes", names("a", "b"), None, None),
                s.Expectation(AT, ref("others"), "none", (), None, None),
            ),
            table=None,
        ),
    )


@pytest.mark.parametrize(
    "outcome, expected", [("holds", "holds"), ("fails", "fails"), ("unknown", "unknown"), ("is unknown", "unknown")]
)
def test_the_reason_that_a_test_expects(outcome: str, expected: str) -> None:
    found = only(f'test "t" expect s is x because a {outcome}')
    assert isinstance(found, s.Test)
    (expectation,) = found.expect
    assert (expectation.because, expectation.outcome) == (A, expected)


def test_a_test_with_a_table() -> None:
    found = only("""
        test "bands" as of 2026-09-01
          given age 40
          | credit_score | previous s | => value_risk | => campaigns |
          | 780          |            | prime         | none         |
          |              | prime      | standard      | win_back     |
    """)
    check(
        found,
        s.Test(
            AT,
            text("bands"),
            day("2026-09-01"),
            given=(value(ref("age"), num(40)),),
            expect=(),
            table=s.TestTable(
                AT,
                given=(ref("credit_score"), s.Previous(AT, ref("s"))),
                expected=(ref("value_risk"), ref("campaigns")),
                rows=(
                    s.TestTableRow(AT, (num(780), None, ref("prime"), ref("none"))),
                    s.TestTableRow(AT, (None, ref("prime"), ref("standard"), ref("win_back"))),
                ),
            ),
        ),
    )


def test_the_cells_of_a_test_are_counted_not_read_off_the_lines() -> None:
    lines = only('test "t"\n | a | b | => s |\n | 1 | | x |\n | | | y |\n')
    one_line = only('test "t" | a | b | => s | | 1 | | x | | | | y |')
    check(one_line, lines)


def test_a_window_may_be_as_long_as_a_parameter() -> None:
    found = only("let x = any e in last lookback except last 1 month")
    assert isinstance(found, s.Let)
    check(found.value, aggregate("any", "e", last(ref("lookback"), during(1, "month"))))


def test_everything_ever() -> None:
    found = only("let x = no e ever")
    assert isinstance(found, s.Let)
    check(found.value, aggregate("no", "e", EVER))
