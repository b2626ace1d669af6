"""Explanations of decision tables and scorecards, worked out by hand."""

import datetime as dt
import json
from typing import Any

import by_hand
import pytest
from by_hand import ANY, compared, decision, field, half_open, let_ref, scorecard, when, with_lets, with_reasons_from
from scratch import scratch
from small_programs import binding_of, program_of, stored

from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.program import And, Call, Not, Or, ParameterRef, Program
from segwright.dsl.types import BOOLEAN, INTEGER
from segwright.render.explanation import as_json, as_text
from segwright.render.text import plain, width
from segwright.runtime.cut_points import with_cut_points
from segwright.runtime.engines.duckdb import DuckdbEngine
from segwright.runtime.explain import explain
from segwright.runtime.explanation import Explanation
from segwright.runtime.observe import subject_of

AS_OF = dt.date(2026, 9, 1)
RULES = """
table customers key id
  id           integer
  credit_score integer from 300 to 850 optional "Bureau score"
  utilisation  percent
  channel      one of "app", "web", "branch"
  hardship     boolean
  email        text optional personal
  wealth       integer optional personal
events payments of customers by id at paid_on
  id        integer
  paid_on   date
  days_late integer
parameter prime = 720 from 600 to 800 "Lowest score that counts as prime"
let late_90d "Late payments" = count of payments where days_late > 30 in last 90 days
let behaviour "Behaviour score" = 0
let price_band "Price band" = channel
let eligible = hardship
let doubled = behaviour * 2
segmentation risk of customers
  first match wins
  segment best when price_band = "app" and eligible
  segment low when doubled >= 900 and price_band is not one of ("web", "branch")
    reason S1 "Static"
  otherwise rest
"""


def with_decisions() -> Program:
    program = program_of(RULES)
    score, used, channel = (field(program, name) for name in ("credit_score", "utilisation", "channel"))
    prime = ParameterRef("prime", INTEGER)
    band = decision(
        (score, used),
        ((Call("at_least.integer", (score, prime), BOOLEAN), compared("less", used, 0.3)), "app"),
        ((And((compared("at_least", score, 640), Call("less.integer", (score, prime), BOOLEAN)), BOOLEAN), ANY), "web"),
        ((compared("missing", score), compared("between", used, 0.0, 0.5)), "app"),
        otherwise="branch",
    )
    eligible = decision(
        (let_ref(program, "price_band"), field(program, "hardship")),
        ((compared("one_of", let_ref(program, "price_band"), "app", "web"), field(program, "hardship")), True),
        ((ANY, Not(field(program, "hardship"), BOOLEAN)), True),
        otherwise=False,
    )
    behaviour = scorecard(
        500,
        by_hand.by(
            used,
            (compared("less", used, 0.3), 40, None),
            (compared("between", used, 0.3, 0.7), 15, "R12"),
            (compared("greater", used, 0.7), -20, "R12"),
        ),
        by_hand.by(channel, (compared("one_of", channel, "app", "web"), 10, None), (ANY, 0, "R30")),
        when(compared("greater", let_ref(program, "late_90d"), 0), -60, "R01"),
        when(Or((compared("less", score, 600), field(program, "hardship")), BOOLEAN), -5),
        when(compared("at_least", score, 800), 30, "R99"),
    )
    program = with_lets(program, {"price_band": band, "eligible": eligible, "behaviour": behaviour})
    return with_reasons_from(with_reasons_from(program, "low", "behaviour"), "rest", "behaviour")


ROWS: dict[str, list[dict[str, Any]]] = {
    "customers": [
        {"id": 1, "credit_score": 655, "utilisation": 0.85, "channel": "branch", "hardship": True},
        {"id": 2, "credit_score": 720, "utilisation": 0.1, "channel": "app", "hardship": False},
        {"id": 3, "credit_score": None, "utilisation": 0.5, "channel": "web", "hardship": False},
        {"id": 4, "credit_score": 500, "utilisation": 0.3, "channel": "web", "hardship": True},
    ],
    "payments": [{"id": 1, "paid_on": dt.date(2026, 8, 1), "days_late": 40}],
}


def explained(
    program: Program, rows: dict[str, list[dict[str, Any]]], key: int, table: str = "customers"
) -> Explanation:
    with scratch() as con:
        subject = subject_of(program, plan_from_program(program), binding_of(program, AS_OF), table)
        found = explain(DuckdbEngine(con, program, stored(con, program, rows)), subject, key)
    assert found is not None
    return found


def told(key: int, columns: int | None = None, program: Program | None = None) -> str:
    """The part of the explanation's text from the decisions on."""
    text = plain(as_text(explained(program or with_decisions(), ROWS, key), columns=columns))
    start = min((text.index(f"\n{name}") for name in STARTS if f"\n{name}" in text), default=len(text))
    return text[start + 1 : text.index("names used above")].rstrip()


STARTS = ("Price band", "eligible", "Behaviour")


# -- text --------------------------------------------------------------------------------------------------------


def test_a_row_in_the_middle_and_a_score() -> None:
    """Used 85 %: above 70 %, -20 where 40 can be had. The branch: 0 of 10. One late payment: -60 of 0. Hardship: -5
    of 0, without a reason. Below 800: 0 of 30, and the reason stands with the line that did not hold."""
    assert (
        told(1)
        == """\
Price band (price_band) is "web": row 2 of 3 held
    credit_score is 655   640 up to below prime, prime is 720
    utilisation           any

Behaviour score (behaviour) is 415
    to start with                                                 500
    utilisation is 85%                 > 70%                      -20   60 below the best, R12
    channel is "branch"                otherwise                    0   10 below the best, R30
    ✓ late_90d > 0                     is 1                       -60   60 below the best, R01
    ✓ credit_score < 600 or hardship   is 655, hardship is true    -5   5 below the best
    ✗ credit_score >= 800              is 655                       0   30 below the best"""
    )


def test_a_narrow_terminal() -> None:
    assert (
        told(1, columns=50)
        == """\
Price band (price_band) is "web": row 2 of 3 held
    credit_score is 655   640 up to below prime, prime is 720
    utilisation           any

Behaviour score (behaviour) is 415
    500   to start with
    -20   utilisation is 85%
          > 70%, 60 below the best, R12
      0   channel is "branch"
          otherwise, 10 below the best, R30
    -60   ✓ late_90d > 0
          is 1, 60 below the best, R01
     -5   ✓ credit_score < 600 or hardship
          is 655, hardship is true, 5 below the best
      0   ✗ credit_score >= 800
          is 655, 30 below the best"""
    )


def test_rows_on_one_line() -> None:
    """Customer 3 has no score: the third row. What a cell says of a value that is just that is not said twice."""
    assert told(3) == (
        "eligible is true: row 2 of 2 held – price_band any, hardship is false\n\n"
        'Price band (price_band) is "app": row 3 of 3 held – credit_score is missing, utilisation is 50% (0% to 50%)'
    )


def test_otherwise() -> None:
    assert told(4).split("\n\n")[1] == (
        'Price band (price_band) is "branch": otherwise held – credit_score is 500, utilisation is 30%'
    )


@pytest.mark.parametrize("columns", [62, 80, 100, 120])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    for key in (1, 2, 3, 4):
        assert max(width(line) for line in told(key, columns).splitlines()) <= columns


def test_reasons_stand_with_the_segment() -> None:
    """Lost for customer 1: R12 60, R01 60, later in the file, R30 10."""
    text = plain(as_text(explained(with_decisions(), ROWS, 1)))
    lines = [line.strip() for line in text.splitlines() if line.startswith("    reason")]
    assert lines == ["reason R12: text of R12", "reason R01: text of R01", "reason R30: text of R30"]


def test_a_scorecard_is_told_only_where_it_matters() -> None:
    """Customer 2 is in the first segment, which does not look at the score."""
    assert "Behaviour" not in told(2)
    found = explained(with_decisions(), ROWS, 2)
    assert [each.name for each in found.decisions] == ["price_band", "eligible"]
    assert found.scores == ()


# -- data --------------------------------------------------------------------------------------------------------


def test_the_explanation_as_data() -> None:
    found = explained(with_decisions(), ROWS, 1)
    (band,) = [each for each in found.decisions if each.name == "price_band"]
    assert (band.value, band.kind, band.row, band.rows, band.otherwise) == ("web", "text", 2, 3, False)
    assert [(cell.input, cell.text) for cell in band.cells] == [
        ("credit_score", "640 up to below prime"),
        ("utilisation", "any"),
    ]
    assert [[(value.name, value.value) for value in cell.values] for cell in band.cells] == [
        [("credit_score", 655), ("prime", 720)],
        [("utilisation", 0.85)],
    ]
    (score,) = found.scores
    assert (score.start, score.total) == (500, 415)
    assert score.total == score.start + sum(each.points or 0 for each in score.characteristics)
    assert [(each.by, each.bin, each.truth, each.points, each.lost) for each in score.characteristics] == [
        ("utilisation", "> 70%", None, -20, 60),
        ("channel", "otherwise", None, 0, 10),
        ("late_90d > 0", None, "true", -60, 60),
        ("credit_score < 600 or hardship", None, "true", -5, 5),
        ("credit_score >= 800", None, "false", 0, 30),
    ]
    assert [each.reason and each.reason[0] for each in score.characteristics] == ["R12", "R30", "R01", None, None]
    assert json.loads(json.dumps(as_json(found)))["scores"][0]["characteristics"][0]["points"] == -20


def test_an_unknown_when_gives_nothing_and_says_why() -> None:
    """Customer 3 without `eligible` comes to the second segment; its score is unknown, so neither `when` holds."""
    program = with_decisions()
    no = decision((field(program, "hardship"),), ((ANY,), False))
    found = explained(with_lets(program, {"eligible": no}), ROWS, 3)
    (score,) = found.scores
    last = score.characteristics[-1]
    assert (last.truth, last.points, last.lost, last.reason) == ("unknown", 0, 30, None)
    assert last.because == "unknown because credit_score is missing"
    assert score.total == 500 + 15 + 10


def test_static_reasons_come_first() -> None:
    """Customer 3: 50 % used gives 15 of 40, for R12; everything else is at its best but for the last line."""
    program = with_decisions()
    no = decision((field(program, "hardship"),), ((ANY,), False))
    found = explained(with_lets(program, {"eligible": no}), ROWS, 3)
    (risk,) = found.segmentations
    assert risk.assigned == ("low",)
    (low,) = [segment for segment in risk.segments if segment.name == "low"]
    assert low.reasons == (("S1", "Static"), ("R12", "text of R12"))
    # The score is 525, twice that is 1050.
    assert risk.clause == 2


def test_a_decision_without_a_row_that_holds() -> None:
    program = with_decisions()
    channel = field(program, "channel")
    band = decision((channel,), ((compared("equal", channel, "app"),), "app"))
    found = explained(with_lets(program, {"price_band": band}), ROWS, 1)
    (price_band,) = [each for each in found.decisions if each.name == "price_band"]
    assert (price_band.value, price_band.row, price_band.otherwise) == (None, None, False)
    assert [(cell.input, cell.text) for cell in price_band.cells] == [("channel", "")]
    line = 'Price band (price_band) is missing: no row held – channel is "branch"'
    assert line in told(1, program=with_lets(program, {"price_band": band})).splitlines()


CHILDREN = """
table customers key id
  id     integer
  income integer
table accounts of customers by id key account_id
  account_id integer
  id         integer
  balance    integer
let grade = "?"
segmentation cover of accounts
  first match wins
  segment thin when customers.grade is "low" and balance < 10
  otherwise solid
"""


def test_a_decision_about_the_parent() -> None:
    program = program_of(CHILDREN)
    income = field(program, "income")
    grade = decision((income,), ((half_open(income, 0, 1000),), "low"), otherwise="high")
    rows = {"customers": [{"id": 1, "income": 999}], "accounts": [{"account_id": 7, "id": 1, "balance": 3}]}
    found = explained(with_lets(program, {"grade": grade}), rows, 7, "accounts")
    assert found.segmentations[0].assigned == ("thin",)
    assert 'grade is "low": row 1 of 1 held – customers.income is 999 (0 up to below 1000)' in plain(as_text(found))


# -- personal data -----------------------------------------------------------------------------------------------


def personal_program() -> Program:
    """`behaviour` has two characteristics that look at personal fields, and one that asks only whether one is there."""
    program = program_of(RULES)
    wealth, email, used = (field(program, name) for name in ("wealth", "email", "utilisation"))
    behaviour = scorecard(
        500,
        by_hand.by(
            wealth,
            (compared("less", wealth, 918273), -50, "P1"),
            (compared("at_least", wealth, 918273), 9, "P1"),
            (compared("missing", wealth), -77, "P2"),
        ),
        by_hand.by(email, (compared("missing", email), -10, "N1"), (ANY, 0, None)),
        by_hand.by(used, (compared("less", used, 0.3), 40, None), (ANY, 0, "U1")),
        when(compared("starts_with", email, "z"), -33, "P3"),
    )
    band = decision((email, used), ((compared("starts_with", email, "z"), ANY), "branch"), otherwise="web")
    known = decision((email, used), ((compared("known", email), ANY), True), otherwise=False)
    changed = with_lets(program, {"behaviour": behaviour, "price_band": band, "eligible": known})
    return with_reasons_from(changed, "rest", "behaviour")


SECRET_ROWS = {
    "customers": [
        {"id": 1, "utilisation": 0.5, "channel": "app", "hardship": True, "email": "zaphod", "wealth": 918273},
        {"id": 2, "utilisation": 0.5, "channel": "app", "hardship": True, "email": None, "wealth": 11},
        {"id": 3, "utilisation": 0.5, "channel": "app", "hardship": True, "email": "ford", "wealth": None},
    ]
}


@pytest.mark.parametrize("key", [1, 2, 3])
@pytest.mark.parametrize("details", [False, True])
def test_nothing_personal_is_told(key: int, details: bool) -> None:
    found = explained(personal_program(), SECRET_ROWS, key)
    text = plain(as_text(found, details=details)) + json.dumps(as_json(found))
    for secret in ("zaphod", "ford", "918273", "P1", "P2", "P3", "-77", "-50", "-33", "+9"):
        assert secret not in text, secret


def test_rows_with_other_personal_data_read_the_same() -> None:
    """Wealth and what the e-mail address is change nothing in what is told, but for the segments themselves."""
    program = personal_program()
    texts: set[str] = set()
    for wealth in (11, 918273, None):
        for email in ("zaphod", "ford"):
            rows = {"customers": [{**SECRET_ROWS["customers"][0], "wealth": wealth, "email": email}]}
            found = explained(program, rows, 1)
            assert found.segmentations[0].assigned == ("rest",)
            texts.add(plain(as_text(found, details=True)) + json.dumps(as_json(found)))
    assert len(texts) == 1


def test_what_may_be_told_is_told() -> None:
    found = explained(personal_program(), SECRET_ROWS, 2)
    (score,) = found.scores
    assert (score.total, score.hidden) == (None, True)
    assert [each.hidden for each in score.characteristics] == [True, False, False, True]
    assert (score.characteristics[1].bin, score.characteristics[1].points) == ("missing", -10)
    (value,) = score.characteristics[1].values
    assert (value.name, value.value, value.hidden, value.missing) == ("email", None, True, True)
    rest = found.segmentations[0].segments[-1]
    assert [code for code, _ in rest.reasons] == ["U1", "N1"]  # lost 40 and 10
    assert rest.hidden_reasons
    text = plain(as_text(found))
    assert "    reasons that tell about personal data are not shown" in text
    assert "Behaviour score (behaviour) is personal, not shown" in text


def test_hidden_reasons_do_not_depend_on_the_row() -> None:
    """Customer 3 would get a reason for its personal data, and one whose wealth is at its best would not."""
    seen = {
        explained(personal_program(), SECRET_ROWS, key).segmentations[0].segments[-1].hidden_reasons
        for key in (1, 2, 3)
    }
    assert seen == {True}


def test_a_decision_with_a_personal_cell_is_hidden_as_a_whole() -> None:
    found = explained(personal_program(), SECRET_ROWS, 1)
    assert [each.name for each in found.decisions if each.name == "price_band"] == []
    # Whether there is an address may be told, the address may not.
    (known,) = [each for each in found.decisions if each.name == "eligible"]
    assert (known.value, known.row, known.hidden) == (True, 1, False)
    (email, used) = known.cells
    assert (email.text, [(value.name, value.value, value.hidden) for value in email.values]) == (
        "known",
        [("email", None, True)],
    )
    assert used.text == "any"


STANDINGS = """
table customers key id
  id     integer
  income integer
decision place first
  | percentile of income >= 50% | top 40% by income | decile of income | => place |
  | true                        | true              | any              | "high"   |
  | false                       | any               | [1..5)           | "low"    |
  | otherwise                                                          | "middle" |
segmentation risk of customers
  first match wins
  segment high when place is "high"
  otherwise rest
"""


def explained_in_run(program: Program, rows: list[dict[str, Any]], key: int) -> Explanation:
    """With the cut-points that the rows give."""
    with scratch() as con:
        relations, plan = stored(con, program, {"customers": rows}), plan_from_program(program)
        engine = DuckdbEngine(con, program, relations)
        binding = with_cut_points(engine, plan, binding_of(program, AS_OF))
        found = explain(engine, subject_of(program, plan, binding, "customers"), key)
    assert found is not None
    return found


def test_places_among_everybody_as_inputs() -> None:
    """Of five different incomes the third is above two: 40 %, so not at least 50 %; above it are two of five, which is
    not below 40 %; its decile is 1 + 4 = 5. The last one is above four: 80 %, and nobody is above it."""
    rows = [{"id": key, "income": key * 10} for key in range(1, 6)]
    program = program_of(STANDINGS)
    found = {key: explained_in_run(program, rows, key).decisions[0] for key in (1, 3, 5)}
    assert {key: each.value for key, each in found.items()} == {1: "low", 3: "middle", 5: "high"}
    values = {key: [value.value for cell in each.cells for value in cell.values] for key, each in found.items()}
    assert values == {1: [False, False, 1], 3: [False, False, 5], 5: [True, True, 9]}
