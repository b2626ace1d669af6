"""The rules of `rules/application_scorecard` do what their page says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from rules.conftest import Made
from rules.copies import opened, segments, with_rows
from rules.samples import said

BY_HAND = Path(__file__).with_name("application_scorecard.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def db(made: Made) -> Iterator[duckdb.DuckDBPyConnection]:
    """The data, the assignments, and what the query written by hand makes of the data."""
    with opened(made("application_scorecard")) as connection:
        connection.execute(f"CREATE TABLE by_hand AS {BY_HAND}")
        yield connection


def test_every_application_is_what_the_query_written_by_hand_says(db: duckdb.DuckDBPyConnection) -> None:
    different = db.execute(
        """SELECT application_id, credit_decision_clause, clause, assigned.conditions, by_hand.conditions
           FROM assigned FULL JOIN by_hand USING (application_id)
           WHERE credit_decision_clause IS DISTINCT FROM clause
              OR assigned.conditions::VARCHAR[] IS DISTINCT FROM by_hand.conditions
           ORDER BY application_id LIMIT 10"""
    ).fetchall()
    assert different == []


@pytest.mark.parametrize(
    "segment, least, most",
    [
        ("forbidden", 0.05, 0.15),
        ("declined_by_override", 0.005, 0.04),
        ("accepted_by_override", 0.005, 0.03),
        ("accepted", 0.50, 0.70),
        ("referred", 0.12, 0.28),
        ("declined", 0.05, 0.15),
    ],
)
def test_answers_have_plausible_shares(db: duckdb.DuckDBPyConnection, segment: str, least: float, most: float) -> None:
    ((share,),) = db.execute("SELECT avg((credit_decision = ?)::INTEGER) FROM assigned", [segment]).fetchall()
    assert least < share < most


def test_the_score_foretells_who_does_not_pay(db: duckdb.DuckDBPyConnection) -> None:
    """More than 90 days late within a year: rarer in each better band, and in band A a quarter of band D at most."""
    rates = [
        rate
        for (rate,) in db.execute(
            """SELECT avg((application_id IN (
                 SELECT application_id FROM instalments
                 WHERE days_late > 90 AND paid_on > DATE '2026-09-01' AND paid_on <= DATE '2027-09-01'))::INTEGER)
               FROM by_hand
               GROUP BY CASE WHEN score >= 600 THEN 1 WHEN score >= 540 THEN 2 WHEN score >= 480 THEN 3 ELSE 4 END
               ORDER BY min(score) DESC"""
        ).fetchall()
    ]
    assert len(rates) == 4
    assert rates == sorted(rates)
    assert 0 < rates[0] * 4 < rates[3]


CHARACTERISTICS = {  # in the order of the file: what is lost, and the reason for it
    "lost_score": "S01",
    "lost_utilisation": "S03",
    "lost_delinquencies": "S05",
    "lost_enquiries": "S06",
    "lost_employment": "S07",
    "lost_job": "S08",
    "lost_home": "S09",
    "lost_amount": "S10",
}


def test_reasons_are_the_four_that_cost_most(made: Made, db: duckdb.DuckDBPyConnection) -> None:
    """Ties in the order of the file. One applicant has no file at the bureau and so reasons of their own."""
    chosen = db.execute(
        """(SELECT by_hand.*, bureau_score, utilisation FROM by_hand JOIN applications USING (application_id)
            WHERE clause = 7 AND bureau_score > 0 AND utilisation IS NOT NULL ORDER BY application_id LIMIT 3)
           UNION ALL
           (SELECT by_hand.*, bureau_score, utilisation FROM by_hand JOIN applications USING (application_id)
            WHERE clause = 6 AND bureau_score = 0 ORDER BY application_id LIMIT 1)"""
    ).fetchall()
    names = [column[0] for column in db.description or ()]
    assert len(chosen) == 4
    for row in chosen:
        values = dict(zip(names, row, strict=True))
        codes = CHARACTERISTICS | (
            {"lost_score": "S02", "lost_utilisation": "S04"} if values["bureau_score"] == 0 else {}
        )
        lost = sorted((-values[name], place, code) for place, (name, code) in enumerate(codes.items()) if values[name])
        explained = json.loads(
            said(
                "explain", str(made("application_scorecard").folder), str(values["application_id"]), "--format", "json"
            )
        )
        (answer,) = [each for each in explained["segmentations"] if each["name"] == "credit_decision"]
        (won,) = [each for each in answer["segments"] if each["name"] in answer["assigned"]]
        assert [code for code, _ in won["reasons"]] == [code for _, _, code in lost[:4]]


def test_nobody_goes_round_the_rules_of_policy(db: duckdb.DuckDBPyConnection) -> None:
    ((forbidden, accepted),) = db.execute(
        """SELECT count(*), count(*) FILTER (credit_decision IN ('accepted', 'accepted_by_override', 'referred'))
           FROM assigned JOIN applications USING (application_id)
           WHERE on_sanctions_list OR age < 18 OR bankrupt OR debt_to_income >= 50"""
    ).fetchall()
    assert forbidden > 100
    assert accepted == 0


# -- by hand -----------------------------------------------------------------------------------------------------

# All are 40 years old, permanent for five years, owner, without debts: 300 + 160 + 60 + 60 + 30 + 40 + 30 + 30 = 710
# with the best bureau score and balances. Numbers beside them are the score.
APPLICATIONS = """
SELECT *, DATE '2026-08-01' AS applied_on, 'web' AS channel, 36 AS term_months, true AS income_verified,
  'permanent' AS employment, 60 AS months_in_job, 'owner' AS home, 0 AS enquiries, false AS bankrupt,
  false AS on_sanctions_list, 'x' AS full_name
FROM (VALUES
  (1, 40, 740, 0.299, 0, 10.0, 9000, 50000),   -- 710
  (2, 40, 739, 0.30, 1, 10.0, 9000, 50000),    -- 300 + 120 + 40 + 20 + 130 = 610
  (3, 40, 619, 0.60, 1, 10.0, 9000, 50000),    -- 300 +  40 + 15 + 20 + 130 = 505: band C
  (4, 40, 559, 0.90, 2, 10.0, 9000, 50000),    -- 300 +   0 +  0 +  0 + 130 = 430: band D
  (5, 40, 740, 0.299, 0, 50.0, 9000, 50000),   -- debt exactly at its limit
  (6, 40, 740, 0.299, 0, 49.9, 9000, 50000),   -- just below
  (7, 17, 740, 0.299, 0, 10.0, 9000, 50000),   -- under age
  (8, 40, 740, 0.299, 0, 10.0, 30000, 50000),  -- the largest loan that is decided at once: 710, 60 % of the income
  (9, 40, 740, 0.299, 0, 10.0, 30000.01, 50000),
  (10, 40, 619, 0.60, 1, 10.0, 9000, 50000),   -- as 3, with overrides below
  (11, 40, 559, 0.90, 2, 10.0, 9000, 50000),   -- as 4
  (12, 40, 559, 0.90, 2, 10.0, 9000, 50000),
  (13, 40, 740, 0.299, 0, 10.0, 9000, 50000),  -- as 1
  (14, 17, 740, 0.299, 0, 10.0, 9000, 50000)   -- as 7
) AS t(application_id, age, bureau_score, utilisation, delinquencies, debt_to_income, amount, income)
"""
OVERRIDES = """
SELECT *, DATE '2026-08-20' AS decided_on FROM (VALUES
  (10, 'accept', 'guarantor', 2), (11, 'accept', 'guarantor', 2), (12, 'accept', 'guarantor', 3),
  (13, 'decline', NULL, 3), (14, 'accept', 'guarantor', 3)
) AS t(application_id, wanted, why, authority)
"""


def test_applications_at_the_edges_of_the_rules(made: Made, hand: Path) -> None:
    tables = {"applications": APPLICATIONS, "overrides": OVERRIDES}
    folder = with_rows("application_scorecard", hand, made("application_scorecard"), tables)
    assert segments(folder, "credit_decision") == {
        1: "accepted",
        2: "accepted",
        3: "referred",
        4: "declined",
        5: "forbidden",
        6: "accepted",
        7: "forbidden",
        8: "accepted",
        9: "referred",
        10: "accepted_by_override",
        11: "declined",
        12: "accepted_by_override",
        13: "accepted",
        14: "forbidden",
    }
