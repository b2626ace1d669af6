"""Make the data of the collections project: loans at month-ends, always the same for the same arguments.

    python rules/collections/generate.py --customers 4000 --as-of 2026-08-31 --seed 7

Nothing is drawn from a random number generator. Every value is a formula over (loan, purpose of the draw, seed) that
mixes integers with Austin Appleby's MurmurHash3 finaliser, so neither the number of threads nor the version of the
engine changes a value. Some loans have one spell of arrears: it begins in some month, grows by a month each month until
the borrower catches up, and leaves a few days behind for a while; some never catch up.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

# Draws: h is the 32-bit number of a borrower (policy, claim, …), salt names what the draw is for. Products stay below
# 2^64, since the engine does not wrap. `z` is near enough to a standard normal: the sum of four bytes (variance
# 4 x (256^2 - 1) / 12 = 147.8^2), which needs no logarithm.
MACROS = """
CREATE MACRO shifted(x, places) AS xor(x, x >> places);
CREATE MACRO mix(x) AS shifted((shifted((shifted(x, 16) * 2246822507::UBIGINT) & 4294967295::UBIGINT, 13)
                                * 3266489909::UBIGINT) & 4294967295::UBIGINT, 16);
CREATE MACRO child(h, k) AS mix(xor(h, ((k + 1)::UBIGINT * 2246822519::UBIGINT) & 4294967295::UBIGINT));
CREATE MACRO bits(h, salt) AS mix((h + salt::UBIGINT * 2654435769::UBIGINT) & 4294967295::UBIGINT);
CREATE MACRO u(h, salt) AS bits(h, salt) / 4294967296.0::DOUBLE;
CREATE MACRO z_of(b) AS ((b & 255) + ((b >> 8) & 255) + ((b >> 16) & 255) + (b >> 24) - 510) / 147.8::DOUBLE;
CREATE MACRO z(h, salt) AS z_of(bits(h, salt)::BIGINT);
CREATE MACRO whole(x) AS floor(x)::INTEGER;
CREATE MACRO within(x, low, high) AS least(greatest(x, low), high);
CREATE MACRO cents(x) AS round(x, 2)::DECIMAL(18, 2);
-- the first of the month that lies `months` away from the as-of date's month
CREATE MACRO month_at(months) AS (date_trunc('month', as_of()) + to_months((months)::INTEGER))::DATE;
"""

# What nobody sees. Months count from the as-of date's month, past ones negative. Ids above the number of loans have
# rows in the event tables only: loans that were sold.
LATENT = """
SELECT *,
  CASE WHEN u(h, 10) < 0.22 * exp(0.45 * risk) THEN whole(15 * u(h, 11)) - 12 END AS begins,
  CASE WHEN u(h, 12) < 0.14 THEN 99 ELSE 1 + whole(5 * power(u(h, 12), 1.4)) END AS lasts
FROM (
  SELECT id, h, 0.9 * z(h, 1) + 0.436 * z(h, 2) AS risk,
    round(within(exp(5.3 + 0.4 * z(h, 3)), 40, 1500), 2) AS instalment,
    12 + whole(60 * u(h, 4)) AS left_to_pay
  FROM (
    SELECT id, mix(xor(mix(id::UBIGINT), mix({seed}::UBIGINT))) AS h
    FROM range(1, {customers} + 4 + {customers} // 500) AS ids(id)
  )
)
"""

# Each loan at each month-end: a year before the as-of date and three months after it.
STATES = """
SELECT *,
  CASE WHEN m >= begins AND m < begins + lasts THEN 30 * (m - begins) + 3 + whole(26 * u(h, 13))
       -- caught up, but for a few days: the reason for leaving a bucket late
       WHEN m >= begins + lasts AND m < begins + lasts + 3 AND u(hm, 1) < 0.45 THEN 1 + whole(18 * u(hm, 2))
       WHEN u(hm, 3) < 0.05 * exp(0.4 * risk) THEN 1 + whole(12 * u(hm, 2))
       ELSE 0 END AS late
FROM (SELECT *, child(h, m + 100) AS hm FROM (SELECT *, unnest(range(-12, 4))::INTEGER AS m FROM latent))
"""

MONTH_ENDS = """
SELECT id AS loan_id, last_day(month_at(m)) AS state_on, 'Borrower ' || id AS borrower,
  late AS days_past_due,
  cents(instalment * ceil(late / 30.0)) AS arrears,
  cents(instalment * greatest(left_to_pay - m, 1)) AS balance,
  cents(instalment) AS instalment,
  -- a promise to pay, mostly for a day of the next month; some are broken and still stand there
  CASE WHEN late >= 15 AND u(hm, 4) < 0.3 THEN last_day(month_at(m)) + whole(34 * u(hm, 5)) - 14 END AS promise_for,
  late > 0 AND u(hm, 6) < 0.03 AS disputed,
  coalesce(m >= begins + 2, false) AND u(h, 14) < 0.12 AS arrangement
FROM states WHERE id <= {customers}
"""

PAYMENTS = """
SELECT id * 100 + m + 12 AS payment_id, id AS loan_id, last_day(month_at(m)) - whole(25 * u(hm, 7)) AS paid_on,
  cents(instalment * CASE WHEN m = begins + lasts THEN lasts ELSE 1 END) AS amount
FROM states WHERE late = 0 OR m >= begins + lasts OR u(hm, 8) < 0.15
"""

CONTACTS = """
SELECT id * 1000 + (m + 12) * 10 + k AS contact_id, id AS loan_id,
  last_day(month_at(m)) - whole(27 * u(child(hm, k), 1)) AS contacted_on,
  CASE WHEN u(child(hm, k), 2) < 0.45 THEN 'letter' WHEN u(child(hm, k), 2) < 0.9 THEN 'phone' ELSE 'visit' END
    AS by_what,
  u(child(hm, k), 3) < 0.4 AS reached
FROM (SELECT *, unnest(range(CASE WHEN late >= 20 THEN whole(4 * u(hm, 9)) ELSE 0 END))::INTEGER AS k FROM states)
"""

HIDDEN = {"latent": LATENT, "states": STATES}
TABLES = {"month_ends": MONTH_ENDS, "payments": PAYMENTS, "contacts": CONTACTS}


def generate(out: Path, customers: int = 4_000, as_of: dt.date = dt.date(2026, 8, 31), seed: int = 7) -> dict[str, int]:
    """Write the tables as Parquet into the folder `out`, which appears whole or not at all; give their rows.

    Values depend on `customers`, `as_of` and `seed` only. Raises ValueError for arguments that make no portfolio, and
    when `out` holds anything but earlier tables.
    """
    if not 1 <= customers <= 10_000_000 or not 0 <= seed < 2**32:
        raise ValueError("customers must lie between 1 and 10,000,000, the seed between 0 and 4,294,967,295")
    out = out.resolve()
    if out.exists() and {path.name for path in out.iterdir()} - {f"{name}.parquet" for name in TABLES}:
        raise ValueError(f"{out} holds something else than earlier data; name an empty or a new folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        (work / "new").mkdir()
        with duckdb.connect() as db:
            db.execute(f"CREATE MACRO as_of() AS DATE '{as_of:%Y-%m-%d}'")
            db.execute(MACROS)
            for name, query in HIDDEN.items():
                db.execute(f"CREATE TABLE {name} AS {query.format(customers=customers, seed=seed)}")
            rows = {name: _written(db, name, query.format(customers=customers), work) for name, query in TABLES.items()}
        if out.exists():
            out.rename(work / "old")
        (work / "new").rename(out)
    finally:
        shutil.rmtree(work)
    return rows


def _written(db: duckdb.DuckDBPyConnection, name: str, query: str, work: Path) -> int:
    """Write one table in the order of its first column; give the number of its rows."""
    path = str(work / "new" / f"{name}.parquet").replace("'", "''")
    ((rows,),) = db.execute(f"COPY ({query} ORDER BY 1) TO '{path}' (FORMAT parquet)").fetchall()
    return int(rows)


def main() -> None:
    """The command line: settings in, the tables' sizes to standard error."""
    parser = argparse.ArgumentParser(description="Make the loans of the collections project (Parquet).")
    parser.add_argument("--customers", type=int, default=4_000, metavar="N", help="how many (default 4000)")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "data", metavar="DIR", help="default: data/"
    )
    parser.add_argument(
        "--as-of", type=dt.date.fromisoformat, default=dt.date(2026, 8, 31), metavar="DATE", help="default 2026-08-31"
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="another seed, another portfolio (default 7)")
    given = parser.parse_args()
    try:
        rows = generate(given.out, given.customers, given.as_of, given.seed)
    except (ValueError, OSError) as problem:
        parser.error(str(problem))
    for name, count in rows.items():
        print(f"{name:<14}{count:>11,} rows", file=sys.stderr)


if __name__ == "__main__":
    main()
