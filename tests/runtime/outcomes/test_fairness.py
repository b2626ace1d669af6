"""Fairness by hand: groups, rates, ratios, and what drives them."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from scratch import scratch
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from segwright.runtime.outcomes.fairness import Fair, fairness_of, with_hidden
from segwright.runtime.outcomes.records import FairnessRecord, GroupRecord

from .measured import measurable

RULES = """
table customers key customer_id
  customer_id integer
  score       integer
  income      money optional
  owes        boolean
  email       text optional personal
  gender      one of "M", "F", "X" optional protected
  origin      text optional protected
  age         integer from 18 to 120 optional protected
  disabled    boolean optional protected
  agreed      boolean optional consent for marketing
segmentation value of customers
  first match wins
  segment prime
    when score >= 700
     and income > 20
    unless owes
  segment watch when score < 500
  otherwise rest
"""
PURPOSES = "purposes marketing\n"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with scratch() as con:
        yield con


Row = dict[str, Any]


def people(n: int, **values: Any) -> list[Row]:
    prime: Row = {"score": 700, "income": 30, "owes": False}
    return [prime | values for _ in range(n)]


def numbered(*groups: list[Row]) -> dict[str, list[Row]]:
    rows = [row for group in groups for row in group]
    return {"customers": [{"customer_id": number} | row for number, row in enumerate(rows)]}


def fair(con: duckdb.DuckDBPyConnection, policy: str, *groups: list[Row], rules: str = RULES) -> Fair:
    found = measurable(con, PURPOSES + rules + f"policy\n  {policy}\n", numbered(*groups))
    return fairness_of(found.measured, found.program, found.population)


def by_value(record: FairnessRecord) -> dict[str, GroupRecord]:
    return {each.value: each for each in record.groups}


# M: 60 of 100 prime. F: 30 of 100: 40 are poorer, 20 owe something, 10 both. X: 3 of 10. Of 40 the gender is missing.
MEN = [*people(60, gender="M"), *people(40, gender="M", score=600)]
WOMEN = [
    *people(30, gender="F"),
    *people(40, gender="F", income=10),
    *people(20, gender="F", owes=True),
    *people(10, gender="F", income=10, owes=True),
]
OTHERS = [*people(3, gender="X"), *people(7, gender="X", score=400)]
UNKNOWN = [*people(10), *people(30, score=600)]
ALL = (MEN, WOMEN, OTHERS, UNKNOWN)


def test_rates_ratios_and_the_limit(con: duckdb.DuckDBPyConnection) -> None:
    (record,) = fair(con, "fairness across gender favourable prime ratio at least 75%", *ALL).records
    assert (record.field, record.direction, record.segmentation, record.segments) == (
        "gender",
        "favourable",
        "value",
        ["prime"],
    )
    counts = [(each.value, each.n, each.selected, each.rate, each.small) for each in record.groups]
    assert counts == [
        ("M", 100, 60, 0.6, False),
        ("F", 100, 30, 0.3, False),
        ("X", 10, 3, 0.3, True),
        ("missing", 40, 10, 0.25, False),
    ]
    assert (record.reference, record.ratio, record.limit, record.four_fifths) == ("M", 0.5, 0.75, False)
    assert record.message == (
        "`gender`, favourable `prime`: from 30% of `F` to 60% of `M`, a ratio of 50%, below the limit of 75%, and "
        "chance alone does not explain it; left out with fewer than 30 rows: `X`; where `gender` is missing the rate "
        "is shown, and is not part of the ratio"
    )


def test_against_statsmodels(con: duckdb.DuckDBPyConnection) -> None:
    (record,) = fair(con, "fairness across gender favourable prime", MEN, WOMEN).records
    women = by_value(record)["F"]
    assert (women.low, women.high) == pytest.approx(proportion_confint(30, 100, method="wilson"))
    table = Table2x2([[30, 70], [60, 40]])
    assert women.ratio == pytest.approx(table.riskratio)
    assert (women.ratio_low, women.ratio_high) == pytest.approx(table.riskratio_confint())
    assert women.p == pytest.approx(proportions_ztest([30, 60], [100, 100])[1])
    assert by_value(record)["M"].ratio is None


def test_the_default_limit_is_four_fifths_and_is_kept_at_exactly_that(con: duckdb.DuckDBPyConnection) -> None:
    men = [*people(50, gender="M"), *people(50, gender="M", score=600)]
    women = [*people(40, gender="F"), *people(60, gender="F", score=600)]
    (record,) = fair(con, "fairness across gender favourable prime", men, women).records
    assert (record.ratio, record.limit, record.four_fifths) == (0.8, 0.8, True)
    assert "which keeps the limit of 80%" in record.message


def test_a_difference_that_chance_could_explain_says_so(con: duckdb.DuckDBPyConnection) -> None:
    men = [*people(5, gender="M"), *people(35, gender="M", score=600)]
    women = [*people(3, gender="F"), *people(37, gender="F", score=600)]
    (record,) = fair(con, "fairness across gender favourable prime", men, women).records
    assert (record.ratio, record.four_fifths) == (pytest.approx(0.6), False)
    assert "though chance alone could explain it" in record.message
    assert record.drivers == []


def test_unfavourable_segments_are_looked_at_apart(con: duckdb.DuckDBPyConnection) -> None:
    policy = "fairness across gender favourable prime unfavourable watch, rest"
    records = fair(con, policy, *ALL).records
    assert [(each.direction, each.segments) for each in records] == [
        ("favourable", ["prime"]),
        ("unfavourable", ["watch", "rest"]),
    ]
    # 40 of 100 men and 70 of 100 women are not prime, and all of these are in one of the two
    assert (records[1].reference, records[1].ratio) == ("F", pytest.approx(40 / 70))
    assert [each.selected for each in records[1].groups] == [40, 70, 7, 30]


def test_against_a_reference(con: duckdb.DuckDBPyConnection) -> None:
    (record,) = fair(con, 'fairness across gender favourable prime reference "F"', *ALL).records
    assert record.reference == "F"
    assert by_value(record)["M"].ratio == 2.0
    assert by_value(record)["F"].ratio is None
    assert record.ratio == 0.5  # least over greatest all the same


def test_a_reference_that_nobody_is_in(con: duckdb.DuckDBPyConnection) -> None:
    (record,) = fair(con, 'fairness across gender favourable prime reference "X"', MEN, WOMEN).records
    assert record.reference is None
    assert [each.ratio for each in record.groups] == [None, None]
    assert "nobody is in the reference group `X`" in record.message


def test_no_ratio_without_two_groups_or_without_anybody_selected(con: duckdb.DuckDBPyConnection) -> None:
    (record,) = fair(con, "fairness across gender favourable prime", MEN, OTHERS).records
    assert (record.ratio, record.four_fifths) == (None, None)
    assert "1 group of 30 rows or more, so there is no ratio" in record.message
    con.execute("DROP TABLE written; DROP TABLE customers")
    (record,) = fair(con, "fairness across gender favourable watch", MEN, WOMEN).records
    assert (record.ratio, record.four_fifths) == (None, None)
    assert "nobody is selected of any group" in record.message


def test_counts_by_segment_and_group_for_who_hides_some(con: duckdb.DuckDBPyConnection) -> None:
    (crossed,) = fair(con, "fairness across gender favourable prime unfavourable watch", *ALL).crossed
    assert (crossed.field, crossed.segmentation) == ("gender", "value")
    assert crossed.groups == {"M": 100, "F": 100, "X": 10, "missing": 40}
    assert {pair: count for pair, count in crossed.pairs.items() if count} == {
        ("prime", "M"): 60,
        ("prime", "F"): 30,
        ("prime", "X"): 3,
        ("prime", "missing"): 10,
        ("rest", "M"): 40,
        ("rest", "F"): 70,
        ("watch", "X"): 7,
        ("rest", "missing"): 30,
    }
    assert len(crossed.pairs) == 12


# -- groups ----------------------------------------------------------------------------------------------------------


def groups_of(con: duckdb.DuckDBPyConnection, field: str, values: list[Any]) -> dict[str, int | None]:
    rows = [row for value in values for row in people(1, **{field: value})]
    (record,) = fair(con, f"fairness across {field} favourable prime", rows).records
    return {each.value: each.n for each in record.groups}


def test_truth_and_text(con: duckdb.DuckDBPyConnection) -> None:
    assert groups_of(con, "disabled", [True, False, False, None]) == {"true": 1, "false": 2, "missing": 1}
    con.execute("DROP TABLE written; DROP TABLE customers")
    odd = ["o'x", '"', "missing", None, "others", "é"]
    assert groups_of(con, "origin", odd) == {'"': 1, '"missing"': 1, "o'x": 1, '"others"': 1, "é": 1, "missing": 1}


def test_of_many_texts_the_rarest_are_one_group(con: duckdb.DuckDBPyConnection) -> None:
    values = [f"c{number:02}" for number in range(22) for _ in range(1 if number in (4, 9) else 2)]
    found = groups_of(con, "origin", [*values, None])
    assert "c04" not in found
    assert "c09" not in found
    assert (found["others"], found["missing"], len(found)) == (2, 1, 22)


def test_few_numbers_are_values_and_many_are_quarters(con: duckdb.DuckDBPyConnection) -> None:
    assert groups_of(con, "age", [30, 20, 20, None]) == {"20": 2, "30": 1, "missing": 1}
    con.execute("DROP TABLE written; DROP TABLE customers")
    # Of 20 … 39 the quarters end at the 5th, the 10th and the 15th.
    found = groups_of(con, "age", [*range(20, 40), None])
    assert found == {"up to 24": 5, "25 to 29": 5, "30 to 34": 5, "from 35": 5, "missing": 1}


def test_equal_values_never_part(con: duckdb.DuckDBPyConnection) -> None:
    found = groups_of(con, "age", [*[40] * 30, *range(41, 53)])
    assert found == {"up to 40": 30, "41 to 42": 2, "from 43": 10}


def test_a_reference_within_a_band(con: duckdb.DuckDBPyConnection) -> None:
    rows = [row for age in range(20, 40) for row in people(1, age=age)]
    (record,) = fair(con, "fairness across age favourable prime reference 31", rows).records
    assert record.reference == "30 to 34"


# -- what drives it --------------------------------------------------------------------------------------------------


def test_the_conditions_on_which_the_least_selected_fall_behind(con: duckdb.DuckDBPyConnection) -> None:
    (record,) = fair(con, "fairness across gender favourable prime", *ALL).records
    told = [(each.segment, each.clause, each.condition, each.ratio) for each in record.drivers]
    # 50 of 100 women have an income above 20 and all men do; 70 women owe nothing and all men do. All women have the
    # score and only 60 of 100 men do: no reason why fewer women are prime.
    assert told == [("prime", 1, "income > 20.00", 0.5), ("prime", 1, "unless owes", 0.7)]
    assert record.drivers[0].rates == {"M": 1.0, "F": 0.5, "X": 1.0, "missing": 1.0}


def test_contraries_consent_and_what_is_unknown(con: duckdb.DuckDBPyConnection) -> None:
    rules = (
        RULES
        + """
segmentation mail of customers
  overlapping
  purpose marketing
  segment ask
    needs consent for marketing
    when not owes and income is known
    unless score = 1 or (not owes and income > 90)
"""
    )
    men = [*people(50, gender="M", agreed=True)]
    women = [
        *people(10, gender="F", agreed=True),
        *people(10, gender="F", agreed=None),
        *people(10, gender="F", agreed=True, owes=True),
        *people(10, gender="F", agreed=True, income=None),
        *people(10, gender="F", agreed=True, income=100),
    ]
    (record,) = fair(con, "fairness across gender favourable mail.ask", men, women, rules=rules).records
    assert [each.selected for each in record.groups] == [50, 10]
    found = {each.condition: each.rates["F"] for each in record.drivers}
    # `income > 90` in the `unless` is passed where it is unknown, too
    assert found == {
        "consent for marketing": 0.8,
        "not owes": 0.8,
        "income is known": 0.8,
        "unless income > 90.00": 0.8,
    }


def test_personal_conditions_are_not_looked_at(con: duckdb.DuckDBPyConnection) -> None:
    rules = (
        RULES
        + """
segmentation mail of customers
  overlapping
  segment known when email contains "@" and score > 1
"""
    )
    men = people(50, gender="M", email="a@b")
    women = [*people(10, gender="F", email="a@b"), *people(40, gender="F", email="ab")]
    (record,) = fair(con, "fairness across gender favourable mail.known", men, women, rules=rules).records
    assert record.ratio == 0.2
    assert record.drivers == []
    assert record.message.endswith("1 condition is personal and is not looked at for what drives it")


def test_drivers_that_would_tell_of_few_are_left_out(con: duckdb.DuckDBPyConnection) -> None:
    men = [*people(95, gender="M"), *people(5, gender="M", owes=True)]
    women = [*people(40, gender="F"), *people(60, gender="F", owes=True)]
    few = [*people(4, gender="X"), *people(46, gender="X", owes=True)]
    policy = "hide groups below {}\n  fairness across gender favourable prime"
    (open_,) = fair(con, policy.format(2), men, women, few).records[0].drivers
    assert open_.rates == {"M": 0.95, "F": 0.4, "X": 0.08}
    con.execute("DROP TABLE written; DROP TABLE customers")
    # 4 of the group that is selected least owe nothing
    assert fair(con, policy.format(5), men, women, few).records[0].drivers == []
    con.execute("DROP TABLE written; DROP TABLE customers")
    # 3 of another group owe something
    some = [*people(47, gender="X"), *people(3, gender="X", owes=True)]
    (told,) = fair(con, policy.format(5), men, women, some).records[0].drivers
    assert told.rates == {"M": 0.95, "F": 0.4, "X": None}


def test_seventy_conditions_have_two_words_of_evidence(con: duckdb.DuckDBPyConnection) -> None:
    asked = "\n".join(f"  segment s{number} when income = {number + 1000}" for number in range(70))
    rules = RULES + f"segmentation many of customers\n  overlapping\n{asked}\n"
    men = people(50, gender="M", income=1069)
    women = [*people(20, gender="F", income=1069), *people(30, gender="F", income=1063)]
    (record,) = fair(con, "fairness across gender favourable many.s69", men, women, rules=rules).records
    assert [(each.condition, each.ratio) for each in record.drivers] == [("income = 1069.00", 0.4)]


# -- hiding ----------------------------------------------------------------------------------------------------------


def test_what_hiding_a_group_takes_away(con: duckdb.DuckDBPyConnection) -> None:
    (record,) = fair(con, "fairness across gender favourable prime", *ALL).records
    hidden = with_hidden(record, {"X", "missing"}, {"X"})
    groups = by_value(hidden)
    assert groups["X"] == GroupRecord(
        value="X", n=None, selected=None, rate=None, low=None, high=None, small=True, hidden=True
    )
    assert (groups["missing"].n, groups["missing"].selected, groups["missing"].rate) == (40, None, None)
    assert groups["F"] == by_value(record)["F"]
    assert (hidden.ratio, hidden.four_fifths, hidden.drivers) == (None, None, [])
    assert not any(character.isdigit() for character in hidden.message)


def test_without_the_reference_nothing_is_compared(con: duckdb.DuckDBPyConnection) -> None:
    (record,) = fair(con, "fairness across gender favourable prime", *ALL).records
    women = by_value(with_hidden(record, {"M"}))["F"]
    assert (women.selected, women.rate) == (30, 0.3)
    assert (women.ratio, women.ratio_low, women.ratio_high, women.p) == (None, None, None, None)
    assert with_hidden(record, ()) == record
