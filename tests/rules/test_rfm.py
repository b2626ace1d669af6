"""The rules of `rules/rfm` do what their page says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from rules.conftest import Made
from rules.copies import opened, segments, with_rows

BY_HAND = Path(__file__).with_name("rfm.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def db(made: Made) -> Iterator[duckdb.DuckDBPyConnection]:
    """The data, the assignments, and what the query written by hand makes of the data."""
    with opened(made("rfm")) as connection:
        connection.execute(f"CREATE TABLE by_hand AS {BY_HAND}")
        yield connection


def test_every_customer_is_what_the_query_written_by_hand_says(db: duckdb.DuckDBPyConnection) -> None:
    different = db.execute(
        """SELECT customer_id, assigned.rfm, by_hand.rfm, assigned.contact, by_hand.contact,
             assigned.audiences, by_hand.audiences
           FROM assigned FULL JOIN by_hand USING (customer_id)
           WHERE assigned.rfm::VARCHAR IS DISTINCT FROM by_hand.rfm
              OR assigned.contact::VARCHAR IS DISTINCT FROM by_hand.contact
              OR assigned.audiences::VARCHAR[] IS DISTINCT FROM by_hand.audiences
           ORDER BY customer_id LIMIT 10"""
    ).fetchall()
    assert different == []


@pytest.mark.parametrize(
    "segment, least, most",
    [
        ("never", 0.02, 0.06),
        ("lapsed", 0.15, 0.30),
        ("champions", 0.07, 0.15),
        ("big_spenders", 0.01, 0.06),
        ("loyal", 0.12, 0.25),
        ("new", 0.01, 0.04),
        ("promising", 0.03, 0.08),
        ("at_risk", 0.03, 0.09),
        ("asleep", 0.06, 0.14),
        ("regular", 0.12, 0.27),
    ],
)
def test_segments_have_plausible_sizes(db: duckdb.DuckDBPyConnection, segment: str, least: float, most: float) -> None:
    ((share,),) = db.execute("SELECT avg((rfm = ?)::INTEGER) FROM assigned", [segment]).fetchall()
    assert least < share < most


def test_the_segments_foretell_who_buys_again(db: duckdb.DuckDBPyConnection) -> None:
    again = dict(
        db.execute(
            """SELECT rfm, avg((customer_id IN (
                 SELECT customer_id FROM orders
                 WHERE amount > 0 AND ordered_on > DATE '2026-09-01' AND ordered_on <= DATE '2026-12-01'))::INTEGER)
               FROM assigned GROUP BY rfm"""
        ).fetchall()
    )
    assert again["champions"] > 0.5
    assert again["champions"] > again["loyal"] > again["asleep"]
    assert again["lapsed"] < 0.1


def test_nobody_is_approached_against_their_will(db: duckdb.DuckDBPyConnection) -> None:
    ((approached, wrongly),) = db.execute(
        """SELECT count(*), count(*) FILTER (
             marketing_consent IS NOT TRUE OR complaints > 0
             OR (do_not_call AND (list_contains(audiences, 'vip_call') OR list_contains(audiences, 'win_back_call')))
             OR customer_id IN (SELECT customer_id FROM contacts
                                WHERE contacted_on BETWEEN DATE '2026-08-19' AND DATE '2026-09-01'))
           FROM assigned JOIN customers USING (customer_id) LEFT JOIN preferences USING (customer_id)
           WHERE len(audiences) > 0"""
    ).fetchall()
    assert approached > 1_000
    assert wrongly == 0


def test_ten_customers_worked_out_by_hand(made: Made, hand: Path) -> None:
    """Ten customers, one order each but for 8 to 10, so that the fifths can be counted on the fingers.

    Recency in days: 1 ordered 0 days ago, 2 one, … 9 eight; 10 never ordered, so nine are ranked. Fifths of recency are
    1 + 5 × (lower) div 9: customers 1, 2 are in 1; 3, 4 in 2; 5, 6 in 3; 7, 8 in 4; 9 in 5. So r is 5, 5, 4, 4, 3, 3,
    2, 2, 1.
    Orders: 0 (customer 10), then 1 for customers 1 to 7, 2 for 8, 3 for 9. Lower: 0 for 10, 1 for 1 to 7, 8 for 8, 9
    for 9. Fifths 1 + 5 × lower div 10: 1, then 1 for all of 1 to 7 (nobody who is equal is parted), 5 and 5.
    Spent: customer k has spent k × 10 altogether, so lower is k for k up to 9 and 0 for 10: m is 1 + k div 2, so 1, 2,
    2, 3, 3, 4, 4, 5, 5. The tenth that spends most is customer 9 alone.
    """
    customers = "SELECT k AS customer_id, DATE '2020-01-01' AS registered_on, 'NL' AS country FROM range(1, 11) AS t(k)"
    orders = """SELECT k * 10 + n AS order_id, k AS customer_id, DATE '2026-09-01' - (k - 1)::INTEGER AS ordered_on,
                  k * 10.0 / times AS amount
                FROM (SELECT k, CASE k WHEN 8 THEN 2 WHEN 9 THEN 3 ELSE 1 END AS times FROM range(1, 10) AS t(k)),
                  range(3) AS repeated(n) WHERE n < times"""
    folder = with_rows("rfm", hand, made("rfm"), {"customers": customers, "orders": orders})
    assert segments(folder, "rfm") == {
        **dict.fromkeys((1, 2, 3, 4, 5, 6, 7), "new"),  # one order, within sixty days, and none of the earlier segments
        8: "at_risk",
        9: "at_risk",
        10: "never",
    }
