"""The rules of `rules/loan_insurance` do what their page says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from rules.conftest import Made
from rules.copies import opened, segments, with_rows

import segwright as sw

BY_HAND = Path(__file__).with_name("loan_insurance.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def db(made: Made) -> Iterator[duckdb.DuckDBPyConnection]:
    """The data, the assignments, and what the query written by hand makes of the data."""
    with opened(made("loan_insurance")) as connection:
        connection.execute(f"CREATE TABLE by_hand AS {BY_HAND}")
        yield connection


def rows(db: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    """All rows of a query."""
    return db.execute(query).fetchall()


def test_every_borrower_is_what_the_query_written_by_hand_says(db: duckdb.DuckDBPyConnection) -> None:
    different = rows(
        db,
        """SELECT customer_id, care_clause, clause, assigned.messages, by_hand.messages, assigned.offers, by_hand.offers
           FROM assigned FULL JOIN by_hand USING (customer_id)
           WHERE care_clause IS DISTINCT FROM clause
              OR assigned.messages::VARCHAR[] IS DISTINCT FROM by_hand.messages
              OR assigned.offers::VARCHAR[] IS DISTINCT FROM by_hand.offers
           ORDER BY customer_id LIMIT 10""",
    )
    assert different == []


def test_every_cover_is_what_the_query_written_by_hand_says(db: duckdb.DuckDBPyConnection) -> None:
    different = rows(
        db,
        """WITH paid_in AS (
             SELECT policy_id, sum(amount) AS premium FROM premiums
             WHERE booked_on > DATE '2024-09-01' AND booked_on <= DATE '2026-09-01' GROUP BY policy_id),
           paid_out AS (
             SELECT policy_id, sum(amount) AS benefit FROM benefits
             WHERE paid_on > DATE '2024-09-01' AND paid_on <= DATE '2026-09-01' GROUP BY policy_id),
           expected AS (
             SELECT policy_id, CASE
                 WHEN status <> 'in force' THEN 'over'
                 WHEN insured_sum > 2 * loan_balance AND monthly_premium > 0 THEN 'too_much'
                 WHEN monthly_premium = 0 THEN 'free'
                 WHEN coalesce(premium, 0) <= 0 AND started_on <= DATE '2026-03-01' THEN 'unpaid'
                 WHEN premium >= 100 AND benefit >= 2 * premium THEN 'losing'
                 ELSE 'sound' END AS review
             FROM policies JOIN customers USING (customer_id)
             LEFT JOIN paid_in USING (policy_id) LEFT JOIN paid_out USING (policy_id))
           SELECT policy_id, cover_review, review FROM assigned_policies FULL JOIN expected USING (policy_id)
           WHERE cover_review::VARCHAR IS DISTINCT FROM review ORDER BY policy_id LIMIT 10""",
    )
    assert different == []


@pytest.mark.parametrize(
    "segment, least, most",
    [
        ("fraud_check", 0.005, 0.02),
        ("benefit", 0.02, 0.06),
        ("early_help", 0.04, 0.10),
        ("frequent", 0.005, 0.03),
        ("no_premium", 0.02, 0.06),
        ("high_losses", 0.02, 0.07),
        ("ended", 0.05, 0.12),
        ("new", 0.12, 0.25),
        ("low_losses", 0.35, 0.60),
        ("standard", 0.03, 0.10),
    ],
)
def test_segments_have_plausible_sizes(db: duckdb.DuckDBPyConnection, segment: str, least: float, most: float) -> None:
    ((share,),) = db.execute("SELECT avg((care = ?)::INTEGER) FROM assigned", [segment]).fetchall()
    assert least < share < most


def test_whoever_gets_early_help_is_in_arrears_more_often_a_year_later(db: duckdb.DuckDBPyConnection) -> None:
    rate = dict(
        db.execute(
            """SELECT care, avg(coalesce(late, false)::INTEGER) FROM assigned LEFT JOIN (
                 SELECT customer_id, bool_or(days_late > 30) AS late FROM instalments
                 WHERE paid_on > DATE '2026-09-01' AND paid_on <= DATE '2027-09-01' GROUP BY customer_id
               ) USING (customer_id) GROUP BY care"""
        ).fetchall()
    )
    assert rate["early_help"] > 2.5 * rate["low_losses"] > 0


def test_nobody_in_difficulty_or_without_consent_is_offered_anything(db: duckdb.DuckDBPyConnection) -> None:
    ((offered, wrongly),) = db.execute(
        """SELECT count(*), count(*) FILTER (marketing_consent IS NOT TRUE OR complaints > 0 OR care = 'benefit'
                                             OR customer_id IN (SELECT customer_id FROM instalments WHERE days_late > 7
                                               AND paid_on > DATE '2026-06-01' AND paid_on <= DATE '2026-09-01'))
           FROM assigned JOIN customers USING (customer_id) WHERE len(offers) > 0"""
    ).fetchall()
    assert offered > 500
    assert wrongly == 0


def test_marketing_may_not_look_at_what_reads_the_fraud_model(made: Made, hand: Path) -> None:
    folder = with_rows("loan_insurance", hand / "peeking", made("loan_insurance"), {})
    (folder / "more.seg").write_text(
        "segmentation more of customers\n  overlapping\n  purpose marketing\n  segment clean when care is low_losses\n"
    )
    assert "SEG602" in [problem.code for problem in sw.open(folder).check()]


# -- by hand -----------------------------------------------------------------------------------------------------

CUSTOMERS = """
SELECT *, 40 AS age, 'permanent' AS employment, 700 AS credit_score, 0 AS complaints, true AS marketing_consent
FROM (VALUES
  -- 1: claims paid are exactly twice the premium of 100
  (1, DATE '2020-01-01', 4000, 0.10),
  -- 2: premium of 99.99, so no ratio to judge by, though nothing was paid out
  (2, DATE '2020-01-01', 4000, 0.10),
  -- 3: premium 60, refund 60: nothing is left to divide by
  (3, DATE '2020-01-01', 4000, 0.10),
  -- 4: as 2, but insured for five months and 30 days only, so new
  (4, DATE '2026-03-02', 4000, 0.10),
  -- 5: three claims within 360 days: a gap of 180
  (5, DATE '2020-01-01', 4000, NULL),
  -- 6: three claims within 362 days: a gap of 181
  (6, DATE '2020-01-01', 4000, NULL),
  -- 7: the model is exactly at its alert level, with a claim reported in time but registered too late to be seen
  (7, DATE '2020-01-01', 4000, 0.70),
  -- 8: as 7, registered on the as-of date
  (8, DATE '2020-01-01', 4000, 0.70),
  -- 9: the score falls by 61 points in 366 days, 5.07 a month
  (9, DATE '2020-01-01', 4000, 0.10),
  -- 10: as 9 with the loan repaid
  (10, DATE '2020-01-01', 0, 0.10),
  -- 11: a benefit 45 days before, which is outside the window; 12: 44 days before
  (11, DATE '2020-01-01', 4000, 0.10),
  (12, DATE '2020-01-01', 4000, 0.10)
) AS t(customer_id, insured_since, loan_balance, fraud_propensity)
"""
POLICIES = """
SELECT c * 10 AS policy_id, c AS customer_id, 'disability' AS kind, 'in force' AS status,
  DATE '2020-01-01' AS started_on, 8000 AS insured_sum, 20 AS monthly_premium
FROM range(1, 13) AS t(c)
"""
PREMIUMS = """
SELECT row_number() OVER () AS premium_id, customer_id * 10 AS policy_id, * FROM (VALUES
  (1, DATE '2026-01-01', 100.00), (1, DATE '2024-09-01', 500.00),
  (2, DATE '2026-01-01', 99.99),
  (3, DATE '2026-01-01', 60.00), (3, DATE '2026-02-01', -60.00),
  (4, DATE '2026-03-02', 50.00),
  (5, DATE '2026-01-01', 500.00), (6, DATE '2026-01-01', 500.00), (7, DATE '2026-01-01', 500.00),
  (8, DATE '2026-01-01', 500.00), (9, DATE '2026-01-01', 500.00), (10, DATE '2026-01-01', 500.00),
  (11, DATE '2026-01-01', 500.00), (12, DATE '2026-01-01', 500.00)
) AS t(customer_id, booked_on, amount)
"""
CLAIMS = """
SELECT row_number() OVER () AS claim_id, customer_id * 10 AS policy_id, 1000 AS claimed, 'illness' AS cause,
  500 AS days_insured, * FROM (VALUES
  (5, DATE '2024-01-01', DATE '2024-01-01'), (5, DATE '2024-01-02', DATE '2024-01-02'),
  (5, DATE '2024-12-26', DATE '2024-12-26'),
  (6, DATE '2024-01-01', DATE '2024-01-01'), (6, DATE '2024-01-02', DATE '2024-01-02'),
  (6, DATE '2024-12-28', DATE '2024-12-28'),
  (7, DATE '2026-08-30', DATE '2026-09-02'),
  (8, DATE '2026-08-30', DATE '2026-09-01')
) AS t(customer_id, reported_on, registered_on)
"""
BENEFITS = """
SELECT row_number() OVER () AS benefit_id, customer_id * 10 AS policy_id, * FROM (VALUES
  (1, DATE '2026-02-01', 200.00),
  (11, DATE '2026-07-18', 10.00),
  (12, DATE '2026-07-19', 10.00)
) AS t(customer_id, paid_on, amount)
"""
BUREAU_PULLS = """
SELECT c * 10 + k AS pull_id, c AS customer_id, DATE '2025-08-01' + (k * 366)::INTEGER AS pulled_on,
  pulled_on AS received_on, 700 - 61 * k AS score
FROM (VALUES (9), (10)) AS t(c), range(2) AS pulls(k)
"""


@pytest.fixture(scope="module")
def by_hand(made: Made, hand: Path) -> Path:
    """A project with the twelve borrowers above."""
    tables = {
        "customers": CUSTOMERS,
        "policies": POLICIES,
        "premiums": PREMIUMS,
        "claims": CLAIMS,
        "benefits": BENEFITS,
        "bureau_pulls": BUREAU_PULLS,
    }
    return with_rows("loan_insurance", hand, made("loan_insurance"), tables)


def test_borrowers_at_the_edges_of_the_rules(by_hand: Path) -> None:
    assert segments(by_hand, "care") == {
        1: "high_losses",
        2: "no_premium",
        3: "no_premium",
        4: "new",
        5: "frequent",
        6: "standard",
        7: "low_losses",
        8: "fraud_check",
        9: "early_help",
        10: "low_losses",
        11: "low_losses",
        12: "benefit",
    }


def test_covers_at_the_edges_of_the_rules(by_hand: Path) -> None:
    found = segments(by_hand, "cover_review", "policies")
    assert found[10] == "losing"
    assert found[20] == "sound"  # the insured sum of 8,000 is twice the balance of 4,000, and not more
    assert found[30] == "unpaid"  # what was paid was paid back
    assert found[100] == "too_much"
