"""Labels attacked as an adversary would: every road by which a protected field could decide, consent could be got
around, a purpose stretched or a personal value shown is refused, or leads nowhere.

What leads nowhere is proved by the plan: it reads nothing protected to decide. Consent is proved by the answers: nobody
without it is in a segment that needs it, whatever the rest of the rules says.
"""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from scratch import scratch
from small_programs import assigned, program_of

from segwright.compiler.plan_from_program import plan_from_program
from segwright.compiler.plan_walk import sources
from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.source import Source

AS_OF = dt.date(2026, 9, 1)
DATA = """
purposes credit_risk, marketing
table customers key customer_id
  customer_id integer
  score       integer optional
  gender      one of "F", "M" optional protected
  born        date optional protected
  agreed      boolean optional consent for marketing
  fraud       percent optional for credit_risk
  email       text optional personal
  debt        money optional personal
table crm of customers by customer_id
  customer_id integer
  faith       text optional protected
  ok          boolean optional consent for marketing
table badges of customers by believer
  believer    integer protected
  colour      text optional
table orders of customers by customer_id
  customer_id integer for credit_risk
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  holder      text optional protected
  balance     money
  fine        boolean consent for credit_risk
table pledges of customers by giver key pledge_id
  pledge_id   integer
  giver       integer protected
  amount      money
events visits of customers by customer_id at visited_on
  customer_id integer
  visited_on  date
  guest       text optional protected
  nights      integer for credit_risk
  friendly    boolean consent for marketing
events prayers of customers by customer_id at prayed_on
  customer_id integer
  prayed_on   date protected
  minutes     integer
events pulls of customers by customer_id at pulled_on known at told_on
  customer_id integer
  pulled_on   date
  told_on     date protected
events ranked of customers by customer_id at day then standing
  customer_id integer
  day         date
  standing    integer protected
  points      integer
events gifts of customers by giver at day
  giver       integer protected
  day         date
"""


def asking(condition: str, of: str = "customers") -> str:
    return f"segmentation asks of {of}\n  overlapping\n  segment a when {condition}\n"


def problems(rules: str, data: str = DATA) -> list[tuple[str, str]]:
    """Code and underlined words of every error."""
    text = data + rules
    document, found = parse(Source("rules.seg", text))
    checked = check([document])
    return [
        (each.code, text[each.span.start : each.span.end])
        for each in (*found, *checked.diagnostics)
        if each.severity == "error"
    ]


# -- protected fields ------------------------------------------------------------------------------------------------

BY_GENDER = 'segmentation groups of customers\n  first match wins\n  segment f when gender is "F"\n  otherwise m\n'
SCORE = """scorecard behaviour starts at 500
  by gender
    "F"     +40  reason R1 "one"
    "M"     -20  reason R1 "one"
    missing   0  reason R1 "one"
"""
DECISION = """decision band first
  | score | {} | => band |
  | >= 5  | {} | "A"     |
  | otherwise  | "B"     |
"""

PROTECTED = {
    "in a condition": (asking('gender is "F"'), "gender"),
    "whether it is known": (asking("gender is known"), "gender"),
    "with a default": (asking('gender default "F" is "F"'), "gender"),
    "how long ago it was": (asking("years since born > 60"), "born"),
    "in an or": (asking("score > 1 or born > 2000-01-01"), "born"),
    "in an unless": (asking('score > 1 unless gender is "F"'), "gender"),
    "in the header": (
        'segmentation asks of customers\n  overlapping\n  unless gender is "F"\n  segment a when score > 1\n',
        "gender",
    ),
    "in a second clause": (asking('score > 1 when gender is "F"'), "gender"),
    "by two lets": ('let one = gender is "F"\nlet two = one or score > 1\n' + asking("two"), "two"),
    "of an attached row": (asking('crm.faith is "x"'), "crm.faith"),
    "by what attaches a row": (asking("badges is known"), "badges is known"),
    "by what attaches the row of another field": (asking('badges.colour is "red"'), "badges.colour"),
    "of child rows": (asking('(count of accounts where holder is "x") > 1'), "holder"),
    "of the parent of children": (asking('(count of accounts where customers.gender is "F") > 1'), "customers.gender"),
    "by a let of children": (
        'let hers of accounts = customers.gender is "F"\n' + asking("(count of accounts where hers) > 1"),
        "hers",
    ),
    "of the parent, for segments": (asking('customers.gender is "F"', "accounts"), "customers.gender"),
    "of events, in where": (asking('any visits where guest is "x" ever'), "guest"),
    "of events, aggregated": (asking("distinct count of guest from visits ever > 1"), "guest"),
    "of events, the latest": (asking('latest of guest from visits ever is "x"'), "guest"),
    "by the time of events": (asking("count of prayers in last 90 days > 1"), "count of prayers in last 90 days"),
    "by whether events are seen": (asking("sum of minutes from prayers ever > 1"), "sum of minutes from prayers ever"),
    "by when events are known": (asking("any pulls ever"), "any pulls ever"),
    "by what breaks ties": (asking("latest of points from ranked ever > 1"), "latest of points from ranked ever"),
    "by what joins events": (asking("any gifts ever"), "any gifts ever"),
    "relative to everybody": (asking("decile of (years since born) > 5"), "born"),
    "among the top": (asking("top 10% by (years since born)"), "born"),
    "as a percentile": (asking('percentile of (count of visits where guest is "x" ever) > 50%'), "guest"),
    "in the head of a decision": (DECISION.format("gender", '"F"') + asking('band is "A"'), "band"),
    "in a decision, by a let": (
        'let hers = gender is "F"\n' + DECISION.format("hers", "true") + asking('band is "A"'),
        "band",
    ),
    "in a bin": (SCORE + asking("behaviour >= 500"), "behaviour"),
    "in a when of a scorecard": (
        'scorecard behaviour starts at 500\n  when gender is "F" then +40\n' + asking("behaviour >= 520"),
        "behaviour",
    ),
    "by another segmentation": (BY_GENDER + asking("groups is f"), "gender"),
    "by an overlapping one": (
        'segmentation groups of customers\n  overlapping\n  segment f when gender is "F"\n'
        + asking("not (groups includes f)"),
        "gender",
    ),
    "by the run before": (BY_GENDER + asking("previous groups is f"), "gender"),
}


@pytest.mark.parametrize("rules, words", PROTECTED.values(), ids=PROTECTED)
def test_no_road_leads_from_a_protected_field_to_a_segment(rules: str, words: str) -> None:
    found = [(code, said) for code, said in problems(rules) if code == "SEG600"]
    assert [said for _, said in found] == [words]


def test_reasons_tell_of_nothing_protected() -> None:
    reasons = "segmentation asks of customers\n  overlapping\n  segment a when score > 1\n    reasons from behaviour\n"
    assert "SEG600" in [code for code, _ in problems(SCORE + reasons)]


SNAPSHOTS = """
table people key person at seen_on
  person  integer
  seen_on date {label}
events walks of people by person at day
  person integer
  day    date
table rooms of people by person key room
  room   integer
  person integer
  size   integer
"""
PURPOSES = "purposes credit_risk, marketing\n"


@pytest.mark.parametrize("condition, of", [("any walks ever", "people"), ("size > 5", "rooms")])
def test_nor_by_the_time_of_snapshots_that_tells_which_rows_there_are(condition: str, of: str) -> None:
    data = PURPOSES + SNAPSHOTS
    assert problems(asking(condition, of), data.format(label="")) == []
    (found,) = problems(asking(condition, of), data.format(label="protected"))
    assert found[0] == "SEG600"
    (found,) = problems(asking(condition, of), data.format(label="for credit_risk"))
    assert found[0] == "SEG601"


def test_nor_by_what_finds_the_parent_without_which_a_row_is_ignored() -> None:
    assert [code for code, _ in problems(asking("amount > 5", "pledges"))] == ["SEG600"]


def test_a_parameter_or_a_default_reads_no_field() -> None:
    assert [code for code, _ in problems("parameter p = gender\n" + asking("score > 1"))] == ["SEG001"]
    assert [code for code, _ in problems(asking("score default gender > 1"))] == ["SEG211"]


@pytest.mark.parametrize("column", ["gender", "GENDER", "Gender"])
def test_a_second_name_washes_no_label_off(column: str) -> None:
    data = f"""table people key person
  person integer
  gender text protected
  sex    text as "{column}"
"""
    assert problems(asking('sex is "F"', "people"), data) == [("SEG321", "sex")]


# -- what leads nowhere ----------------------------------------------------------------------------------------------

HARMLESS = {
    "a test gives it": asking("score > 1") + 'test "t"\n  given score 2, gender "F"\n  expect asks includes a\n',
    "tests in a table give it": asking("score > 1")
    + 'test "t"\n  | score | gender | => asks |\n  | 2     | "F"    | a      |\n  | 2     | "M"    | a      |\n',
    "a guarantee asks for it": asking("score > 1") + 'guarantee "g"\n  no asks.a where gender is "F" and score < 1\n',
    "a let that nobody reads": 'let hers = gender is "F"\n' + asking("score > 1"),
    "a segmentation of that name": asking("score > 1").replace("asks", "gender"),
    "a segment of that name": asking("score > 1").replace("segment a", "segment gender"),
    "a parameter with its value": 'parameter who = "F"\n' + asking("email is missing and score > 1"),
    "fairness looks at it": asking("score > 1") + "policy\n  fairness across gender favourable asks.a\n",
    "a target beside it": asking("score > 1")
    + "measure mean of customers = average of score\ntarget asks.a mean at least 3\n"
    + "policy\n  fairness across gender favourable asks.a\n",
}


@pytest.mark.parametrize("rules", HARMLESS.values(), ids=HARMLESS)
def test_what_may_name_a_protected_field_decides_nothing(rules: str) -> None:
    program = program_of(DATA + rules)
    read = {
        (source.table, name)
        for population in plan_from_program(program).populations
        for frame in (population.frame, *(() if population.ranking is None else (population.ranking.frame,)))
        for source in sources(frame)
        for name in source.fields
    }
    protected = {(table.name, field.name) for table in program.tables for field in table.fields if field.protected}
    assert read
    assert not read & protected


@pytest.mark.parametrize(
    "measure",
    [
        'measure m of customers = share where gender is "F"',
        "measure m of customers = average of (years since born)",
        'measure m of customers = share where any visits where guest is "x" ever',
        "measure m of customers = count of customers\nmeasures by year of born",
    ],
)
def test_measures_which_targets_hold_segments_to_read_nothing_protected(measure: str) -> None:
    assert [code for code, _ in problems(asking("score > 1") + measure + "\n")] == ["SEG856"]


# -- consent ---------------------------------------------------------------------------------------------------------

CONSENT = {
    "as a condition": asking("agreed"),
    "whether it is known": asking("agreed is known"),
    "with a default": asking("agreed default true"),
    "in an or": asking("score > 1 or agreed"),
    "denied": asking("not agreed"),
    "in an unless": asking("score > 1 unless agreed"),
    "of an attached row": asking("crm.ok default true"),
    "of child rows": asking("(count of accounts where fine) > 1"),
    "of events, in where": asking("any visits where friendly ever"),
    "of events, the latest": asking("latest of friendly from visits ever"),
    "relative to everybody": asking("top 10% by (count of visits where friendly ever)"),
    "in a let of children": "let good of accounts = fine\n" + asking("(count of accounts where good) > 1"),
    "in a decision": DECISION.format("agreed", "true") + asking('band is "A"'),
    "in a scorecard": "scorecard behaviour starts at 5\n  when agreed then +4\n" + asking("behaviour > 6"),
}


@pytest.mark.parametrize("rules", CONSENT.values(), ids=CONSENT)
def test_consent_is_no_condition(rules: str) -> None:
    assert [code for code, _ in problems(rules)] == ["SEG603"]


@pytest.mark.parametrize(
    "segment",
    [
        "segment a when score > 1 needs consent for marketing default true",
        "segment a when score > 1 unless needs consent for marketing",
        "segment a when score > 1 or needs consent for marketing",
        "segment a when score > 1 needs consent for credit_risk",  # which no field of a customer carries
        "segment a when score > 1 needs consent for research",
    ],
)
def test_no_words_weaken_what_needs_consent(segment: str) -> None:
    assert problems(f"segmentation asks of customers\n  overlapping\n  {segment}\n")


def test_what_is_protected_carries_no_consent() -> None:
    data = (
        "purposes marketing\ntable people key person\n  person integer\n  yes boolean protected consent for marketing\n"
    )
    assert [code for code, _ in problems("", data)] == ["SEG322"]


# Each of these asks for consent once, and tries to get people in without it.
AROUND = {
    "a second clause": "segment a\n    when score > 5\n    needs consent for marketing\n    when score > 0\n",
    "an or that always holds": "segment a\n    needs consent for marketing\n    when score > 5 or score <= 5\n",
    "in the header": "needs consent for marketing\n  segment a when score > 5\n    when score > 0\n",
    "an unless that never holds": "segment a when score > 0\n    needs consent for marketing\n    unless score < -9\n",
    "asked again by who is in it": "needs consent for marketing\n  segment a when score > 0\n"
    "segmentation again of customers\n  overlapping\n  segment b needs consent for marketing\n"
    "    when not (asks includes a)\n    when asks includes a\n",
}


@pytest.mark.parametrize("segments", AROUND.values(), ids=AROUND)
def test_nobody_is_in_without_consent(segments: str) -> None:
    rules = f"segmentation asks of customers\n  overlapping\n  {segments}"
    answers = [True, False, None]
    people: list[dict[str, Any]] = []
    crm: list[dict[str, Any]] = []
    for agreed, ok, score in product(answers, [*answers, "no row"], [9, 1]):
        person = len(people)
        people.append({"customer_id": person, "agreed": agreed, "score": score, "gender": None})
        crm += [] if ok == "no row" else [{"customer_id": person, "ok": ok}]
    willing = {
        each["customer_id"]
        for each in people
        if each["agreed"] is True
        and any(row["customer_id"] == each["customer_id"] and row["ok"] is True for row in crm)
    }
    assert len(willing) == 2
    with scratch() as con:
        found = assigned(con, DATA + rules, {"customers": people, "crm": crm}, AS_OF)
    included = [{row["customer_id"] for row in found if row[name]} for name in found[0] if name in ("asks", "again")]
    assert all(each == willing for each in included)


def test_without_consent_an_exclusive_segmentation_goes_on() -> None:
    rules = """segmentation asks of customers
  first match wins
  needs consent for marketing
  segment a when score > 5
  segment b when score > 0
  otherwise c
"""
    people = [
        {"customer_id": 1, "agreed": True, "score": 9},
        {"customer_id": 2, "agreed": False, "score": 9},
        {"customer_id": 3, "agreed": None, "score": 9},
    ]
    with scratch() as con:
        crm = [{"customer_id": person, "ok": True} for person in (1, 2, 3)]
        found = assigned(con, DATA + rules, {"customers": people, "crm": crm}, AS_OF)
    assert [row["asks"] for row in found] == ["a", "c", "c"]


# -- purposes --------------------------------------------------------------------------------------------------------

RISK = """segmentation risk of customers
  {how}
  purpose credit_risk
  segment high when fraud > 5%
"""
EXCLUSIVE = RISK.format(how="first match wins") + "  otherwise low\n"


def for_marketing(condition: str, more: str = "") -> str:
    return f"segmentation asks of customers\n  overlapping\n  purpose marketing\n  segment a when {condition}\n{more}"


STRETCHED = {
    "a condition": for_marketing("fraud > 5%"),
    "a let": "let risky = fraud > 5%\n" + for_marketing("not risky"),
    "whether it is known": for_marketing("fraud is known"),
    "an aggregate": for_marketing("sum of nights from visits ever > 5"),
    "a where": for_marketing("any visits where nights > 5 ever"),
    "what attaches a row": for_marketing("orders is known"),
    "its place among everybody": for_marketing("decile of fraud > 5"),
    "a decision": DECISION.format("fraud", "> 5%") + for_marketing('band is "A"'),
    "a scorecard": "scorecard behaviour starts at 5\n  when fraud > 5% then -4\n" + for_marketing("behaviour < 3"),
    "reasons": 'scorecard behaviour starts at 5\n  when fraud > 5% then -4 reason R1 "x"\n'
    + for_marketing("score > 3", "    reasons from behaviour\n"),
    "another segmentation": EXCLUSIVE + for_marketing("risk is low"),
    "an overlapping one": RISK.format(how="overlapping") + for_marketing("not (risk includes high)"),
    "the run before": EXCLUSIVE + for_marketing("previous risk is low"),
    "two segmentations": EXCLUSIVE
    + "segmentation between of customers\n  first match wins\n  purpose credit_risk\n  segment x when risk is low\n"
    + "  otherwise y\n"
    + for_marketing("between is x"),
}


@pytest.mark.parametrize("rules", STRETCHED.values(), ids=STRETCHED)
def test_what_is_read_for_one_purpose_is_not_read_for_another(rules: str) -> None:
    assert [code for code, _ in problems(rules)] == ["SEG602"]
    unstated = rules.replace("  purpose marketing\n", "")
    assert [code for code, _ in problems(unstated)] == ["SEG601"]
    both = rules.replace("purpose marketing", "purpose credit_risk, marketing")
    assert [code for code, _ in problems(both)] == ["SEG602"]
    assert problems(rules.replace("purpose marketing", "purpose credit_risk")) == []


# -- personal --------------------------------------------------------------------------------------------------------

PERSONAL = {
    "the least of a group": ("measure m of customers = min of email\n", "SEG857"),
    "how many have it": ('measure m of customers = share where email is "a@b"\n', "SEG857"),
    "groups of it": ("policy\n  fairness across email favourable asks.a\n", "SEG885"),
    "cut-points": ("let place = decile of debt\n", "SEG424"),
}


@pytest.mark.parametrize("rules, code", PERSONAL.values(), ids=PERSONAL)
def test_no_outcome_shows_a_personal_value(rules: str, code: str) -> None:
    assert [found for found, _ in problems(asking("score > 1") + rules)] == [code]


def test_protected_and_personal_alike() -> None:
    data = DATA.replace("optional protected\n  born", "optional protected personal\n  born")
    rules = asking("score > 1") + "policy\n  fairness across gender favourable asks.a\n"
    assert problems(rules) == []
    assert problems(rules, data) == [("SEG885", "gender")]
