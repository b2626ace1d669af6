"""The rules of `rules/collections` do what their page says, month-end after month-end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from rules.conftest import Made
from rules.copies import Copy, opened, segments, with_rows

BY_HAND = Path(__file__).with_name("collections.sql").read_text(encoding="utf-8")
MONTH_ENDS = {  # the month-ends that are run, each with the ones a month and three months before
    "2026-06-30": ("2026-05-31", "2026-03-31"),
    "2026-07-31": ("2026-06-30", "2026-04-30"),
    "2026-08-31": ("2026-07-31", "2026-05-31"),
}


@pytest.fixture(scope="module")
def db(made: Made) -> Iterator[duckdb.DuckDBPyConnection]:
    """The data, and for each month-end the assignments and what the query written by hand makes of it: `run_…` and
    `hand_…`, the latter built on the hand's own answer for the month-end before."""
    copy = made("collections")
    with opened(copy) as connection:
        connection.execute("CREATE TABLE before (loan_id BIGINT, bucket VARCHAR)")
        for place, (end, (month, quarter)) in enumerate(MONTH_ENDS.items()):
            connection.execute(
                f"CREATE OR REPLACE VIEW dates AS SELECT DATE '{end}' AS this_end, DATE '{month}' AS month_start, "
                f"DATE '{quarter}' AS quarter_start"
            )
            connection.execute(f"CREATE TABLE hand_{place} AS {BY_HAND}")
            connection.execute(f"CREATE OR REPLACE TABLE before AS SELECT loan_id, bucket FROM hand_{place}")
            (run,) = (copy.folder / "runs").glob(f"{end}-*-1")
            connection.execute(f"CREATE VIEW run_{place} AS FROM read_parquet('{run}/assignments.parquet')")
        yield connection


@pytest.mark.parametrize("place", range(3))
def test_every_loan_is_what_the_query_written_by_hand_says(db: duckdb.DuckDBPyConnection, place: int) -> None:
    different = db.execute(
        f"""SELECT loan_id, bucket_clause, clause, run.treatment, hand.treatment
            FROM run_{place} AS run FULL JOIN hand_{place} AS hand USING (loan_id)
            WHERE bucket_clause IS DISTINCT FROM clause OR run.treatment::VARCHAR IS DISTINCT FROM hand.treatment
            ORDER BY loan_id LIMIT 10"""
    ).fetchall()
    assert different == []


@pytest.mark.parametrize(
    "segment, least, most",
    [
        ("in_default", 0.02, 0.07),
        ("late", 0.01, 0.05),
        ("early", 0.03, 0.09),
        ("recovered", 0.002, 0.02),
        ("regular", 0.80, 0.93),
    ],
)
def test_buckets_have_plausible_sizes(db: duckdb.DuckDBPyConnection, segment: str, least: float, most: float) -> None:
    ((share,),) = db.execute("SELECT avg((bucket = ?)::INTEGER) FROM run_2", [segment]).fetchall()
    assert least < share < most


def test_the_run_before_decides_for_somebody_and_only_upwards(db: duckdb.DuckDBPyConnection) -> None:
    """Beside the days past due alone, what was said before may keep a loan in a worse bucket, never in a better one."""
    ((kept, better),) = db.execute(
        """SELECT count(*) FILTER (ranked < by_days), count(*) FILTER (ranked > by_days) FROM (
             SELECT list_position(['in_default', 'late', 'early', 'recovered', 'regular'], bucket::VARCHAR) AS ranked,
               CASE WHEN days_past_due >= 90 THEN 1 WHEN days_past_due >= 30 THEN 2 WHEN days_past_due >= 5 THEN 3
                    ELSE 5 END AS by_days
             FROM run_2 JOIN month_ends USING (loan_id) WHERE state_on = DATE '2026-08-31')"""
    ).fetchall()
    assert kept > 30
    assert better == 0


# -- by hand: ten loans at four month-ends -------------------------------------------------------------------------

# Days past due at the end of May, June, July and August, and the buckets that follow, worked out by hand. May is not
# run: it counts only among the three month-ends that a default looks back over.
LOANS: dict[int, tuple[tuple[int, int, int, int], tuple[str, str, str]]] = {
    1: ((0, 0, 0, 0), ("regular", "regular", "regular")),
    # In by 30, still late at 29, and at 10; the loan beside it is down at 9.
    2: ((0, 30, 29, 10), ("late", "late", "late")),
    3: ((0, 30, 29, 9), ("late", "late", "early")),
    # 29 days are no reason to be late for a loan that was not.
    4: ((0, 4, 29, 29), ("regular", "early", "early")),
    # Early from 5, still early at 1, out at 0.
    5: ((0, 5, 1, 0), ("early", "early", "regular")),
    # 1 day for a loan that was regular is nothing.
    6: ((0, 0, 1, 4), ("regular", "regular", "regular")),
    # Late, paid up: one month-end of rest, then regular.
    7: ((30, 31, 0, 0), ("late", "recovered", "regular")),
    # In default at 90; paid up in July, but June is among the three month-ends, in July and in August.
    8: ((60, 90, 0, 0), ("in_default", "in_default", "in_default")),
    # 89 days are late. In July 95: in default, and at 40 still.
    9: ((59, 89, 95, 40), ("late", "in_default", "in_default")),
    # Nothing past due in May, June and July, by which a default that June did not see cannot be told any more.
    10: ((0, 0, 0, 45), ("regular", "regular", "late")),
}


@pytest.fixture(scope="module")
def sequence(made: Made, hand: Path) -> Copy:
    """A project with the ten loans, run for the three month-ends in order."""
    states = ", ".join(
        f"({loan}, DATE '{end}', {days})"
        for loan, (past_due, _) in LOANS.items()
        for end, days in zip(("2026-05-31", *MONTH_ENDS), past_due, strict=True)
    )
    rows = f"""SELECT *, 'x' AS borrower, days_past_due * 10 AS arrears, 5000 AS balance, 200 AS instalment,
                 false AS disputed, false AS arrangement
               FROM (VALUES {states}) AS t(loan_id, state_on, days_past_due)"""
    folder = with_rows("collections", hand, made("collections"), {"month_ends": rows})
    for end in MONTH_ENDS:
        segments(folder, "bucket", as_of=end)
    return Copy(folder, folder / "runs")


@pytest.mark.parametrize("place", range(3))
def test_three_month_ends_in_order(sequence: Copy, place: int) -> None:
    (run,) = sequence.run.glob(f"{list(MONTH_ENDS)[place]}-*-1")
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT loan_id, bucket FROM read_parquet('{run}/assignments.parquet')").fetchall()
    assert dict(found) == {loan: buckets[place] for loan, (_, buckets) in LOANS.items()}


def test_a_default_ends_after_three_clean_month_ends(made: Made, hand: Path) -> None:
    """In default in June and paid up from July on: July, August and September are clean, so September lets it out."""
    past_due = {"2026-06-30": 90, "2026-07-31": 0, "2026-08-31": 0, "2026-09-30": 0, "2026-10-31": 0}
    states = ", ".join(f"(1, DATE '{end}', {days})" for end, days in past_due.items())
    rows = f"""SELECT *, 'x' AS borrower, 0 AS arrears, 5000 AS balance, 200 AS instalment, false AS disputed,
                 false AS arrangement
               FROM (VALUES {states}) AS t(loan_id, state_on, days_past_due)"""
    folder = with_rows("collections", hand / "cured", made("collections"), {"month_ends": rows})
    assert [segments(folder, "bucket", as_of=end)[1] for end in past_due] == [
        "in_default",
        "in_default",
        "in_default",
        "recovered",
        "regular",
    ]


def test_without_the_runs_before_the_days_decide_alone(made: Made, hand: Path) -> None:
    """The same loans in August with no run before: 29 days are early, and nobody has just recovered."""
    states = ", ".join(f"({loan}, DATE '2026-08-31', {days[3]})" for loan, (days, _) in LOANS.items())
    rows = f"""SELECT *, 'x' AS borrower, 0 AS arrears, 5000 AS balance, 200 AS instalment, false AS disputed,
                 false AS arrangement
               FROM (VALUES {states}) AS t(loan_id, state_on, days_past_due)"""
    folder = with_rows("collections", hand / "alone", made("collections"), {"month_ends": rows})
    alone = segments(folder, "bucket", as_of="2026-08-31")
    assert (alone[2], alone[3], alone[8], alone[9]) == ("early", "early", "regular", "late")
