"""Make the data of the application scorecard: loan applications and what became of them, always the same for the same
arguments.

    python rules/application_scorecard/generate.py --customers 6000 --as-of 2026-09-01 --seed 7

Nothing is drawn from a random number generator. Every value is a formula over (applicant, purpose of the draw, seed)
that mixes integers with Austin Appleby's MurmurHash3 finaliser, so neither the number of threads nor the version of
the engine changes a value. One hidden number per applicant, `risk`, moves every characteristic and the default.
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
"""

# What nobody sees. Ids above the number of applicants have rows in the other tables
# only: applications that were deleted.
LATENT = """
SELECT id, h, 0.9 * z(h, 1) + 0.436 * z(h, 2) AS risk,
  within(round(39 + 13 * z(h, 3)), 16, 84)::INTEGER AS age
FROM (
  SELECT id, mix(xor(mix(id::UBIGINT), mix({seed}::UBIGINT))) AS h
  FROM range(1, {customers} + 4 + {customers} // 500) AS ids(id)
)
"""

APPLICATIONS = """
SELECT id AS application_id, as_of() - whole(60 * u(h, 10)) AS applied_on, age,
  list_extract(['web', 'app', 'branch', 'broker'], 1 + whole(4 * power(u(h, 11), 1.6))) AS channel,
  amount, list_extract([12, 24, 36, 48, 60, 72], 1 + whole(6 * u(h, 12))) AS term_months,
  cents(round(income, -2)) AS income, u(h, 14) < 0.72 AS income_verified,
  CASE WHEN u(h, 15) < 0.05 * exp(0.5 * risk) THEN 'none' WHEN u(h, 16) < 0.16 THEN 'self-employed'
       WHEN u(h, 16) < 0.36 THEN 'fixed term' ELSE 'permanent' END AS employment,
  within(whole((age - 16) * 12 * power(u(h, 17), 2) * exp(-0.2 * risk)), 0, 480) AS months_in_job,
  CASE WHEN u(h, 18) < within(0.42 - 0.08 * risk + 0.006 * (age - 39), 0.05, 0.9) THEN 'owner'
       WHEN u(h, 19) < 0.75 THEN 'tenant' ELSE 'with parents' END AS home,
  CASE WHEN u(h, 20) < 0.06 THEN 0
       ELSE within(round(668 - 62 * risk + 25 * z(h, 21)), 300, 850)::INTEGER END AS bureau_score,
  CASE WHEN u(h, 20) < 0.06 OR u(h, 22) < 0.04 THEN NULL
       ELSE round(within(0.44 + 0.19 * risk + 0.18 * z(h, 23), 0, 1.3), 4) END AS utilisation,
  whole(within(1.2 + 0.9 * risk + 1.3 * z(h, 24), 0, 12)) AS enquiries,
  CASE WHEN u(h, 25) < 0.09 * exp(0.7 * risk) THEN 1 + whole(3 * power(u(h, 26), 2)) ELSE 0 END AS delinquencies,
  round(100 * within(0.24 + 0.08 * risk + 0.10 * z(h, 27), 0, 0.95), 1) AS debt_to_income,
  u(h, 28) < 0.02 * exp(0.6 * risk) AS bankrupt, u(h, 29) < 0.004 AS on_sanctions_list,
  CASE WHEN u(h, 30) < 0.04 THEN NULL WHEN u(h, 30) < 0.51 THEN 'F'
       WHEN u(h, 30) < 0.99 THEN 'M' ELSE 'X' END AS gender,
  'Applicant ' || id AS full_name
FROM (
  SELECT *, round(within(exp(9.0 + 0.6 * z(h, 13)), 500, 75000), -2)::DECIMAL(18, 2) AS amount,
    within(exp(10.4 + 0.35 * z(h, 31) - 0.13 * risk), 8000, 300000) AS income
  FROM latent
) WHERE id <= {customers}
"""

# An underwriter looked at some applications and decided otherwise, with a reason and within an authority, or without.
OVERRIDES = """
SELECT id AS application_id, CASE WHEN u(h, 41) < 0.7 THEN 'accept' ELSE 'decline' END AS wanted,
  CASE WHEN u(h, 42) < 0.08 THEN NULL WHEN u(h, 41) < 0.7
    THEN list_extract(['income proved', 'guarantor', 'long relationship'], 1 + whole(3 * u(h, 43)))
    ELSE list_extract(['documents doubtful', 'purpose unclear'], 1 + whole(2 * u(h, 43))) END AS why,
  1 + whole(3 * power(u(h, 44), 1.5)) AS authority,
  as_of() - whole(20 * u(h, 45)) + 2 AS decided_on
FROM latent WHERE u(h, 40) < 0.12
"""

# What became of the loans. Made-up data knows it of those that are declined, too.
INSTALMENTS = """
SELECT id * 100 + m AS instalment_id, id AS application_id, as_of() + 30 * m + days_late AS paid_on, days_late
FROM (
  SELECT id, m, CASE WHEN m = bad_month THEN 95 + whole(60 * u(child(h, m), 1))
    WHEN u(child(h, m), 2) < 0.05 * exp(0.5 * risk)
      THEN 1 + whole(40 * power(u(child(h, m), 3), 2)) ELSE 0 END AS days_late
  FROM (SELECT *, unnest(range(1, least(12, coalesce(bad_month, 12)) + 1))::INTEGER AS m
        FROM (SELECT *, CASE WHEN u(h, 50) < within(0.045 * exp(0.95 * risk), 0, 0.9) THEN 2 + whole(7 * u(h, 51)) END
                AS bad_month FROM latent))
)
"""

HIDDEN = {"latent": LATENT}
TABLES = {"applications": APPLICATIONS, "overrides": OVERRIDES, "instalments": INSTALMENTS}


def generate(out: Path, customers: int = 6_000, as_of: dt.date = dt.date(2026, 9, 1), seed: int = 7) -> dict[str, int]:
    """Write the tables as Parquet into the folder `out`, which appears whole or not at all; give their rows.

    Values depend on `customers`, `as_of` and `seed` only. Raises ValueError for arguments that make no portfolio, and
    when `out` holds anything but earlier tables.
    """
    if not 1 <= customers <= 6_000_000 or not 0 <= seed < 2**32:
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
    parser = argparse.ArgumentParser(description="Make the applications of the application scorecard (Parquet).")
    parser.add_argument("--customers", type=int, default=6_000, metavar="N", help="how many (default 6000)")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "data", metavar="DIR", help="default: data/"
    )
    parser.add_argument(
        "--as-of", type=dt.date.fromisoformat, default=dt.date(2026, 9, 1), metavar="DATE", help="default 2026-09-01"
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
