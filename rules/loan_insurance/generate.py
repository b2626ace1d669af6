"""Make the data of the loan-insurance project: insured borrowers, always the same for the same arguments.

    python rules/loan_insurance/generate.py --customers 8000 --as-of 2026-09-01 --seed 7

Nothing is drawn from a random number generator. Every value is a formula over (borrower, purpose of the draw, seed)
that mixes integers with Austin Appleby's MurmurHash3 finaliser, so neither the number of threads nor the version of
the engine changes a value. Three hidden things make the portfolio: `risk` moves score, arrears and claims together;
`trouble` is the month in which the income of some borrowers falls; a few are `dishonest` and claim early and often.
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
-- a day of that month: often the first or the last, so that month-ends and leap days occur
CREATE MACRO day_in(months, h, salt) AS CASE
  WHEN u(h, salt) < 0.18 THEN month_at(months)
  WHEN u(h, salt) < 0.30 THEN last_day(month_at(months))
  ELSE least(last_day(month_at(months)), month_at(months) + whole(31 * u(h, salt + 1))) END;
"""

# What nobody sees. Months count from the as-of date's month, past ones negative. Ids above the number of borrowers
# have rows in the other tables only: borrowers who left and whose record was deleted.
LATENT = """
SELECT *, day_in(-insured, h, 20) AS insured_since,
  CASE WHEN u(h, 10) < 0.14 * exp(0.5 * risk) THEN whole(30 * u(h, 11)) - 17 END AS trouble
FROM (
  SELECT id, h, 0.9 * z(h, 1) + 0.436 * z(h, 2) AS risk,
    within(round(684 - 62 * risk + 22 * z(h, 3)), 300, 850)::INTEGER AS score,
    1 + whole(66 * power(u(h, 5), 1.2)) AS insured,
    u(h, 6) < 0.03 AS dishonest,
    round(within(exp(8.9 + 0.5 * z(h, 9)), 600, 60000), -2) AS borrowed,
    CASE WHEN u(h, 7) < 0.62 THEN 1 WHEN u(h, 7) < 0.92 THEN 2 ELSE 3 END AS covers
  FROM (
    SELECT id, mix(xor(mix(id::UBIGINT), mix({seed}::UBIGINT))) AS h
    FROM range(1, {customers} + 4 + {customers} // 500) AS ids(id)
  )
)
"""

COVERS = """
SELECT *, CASE WHEN u(h, 2) < 0.15 THEN -whole(opened * u(h, 3)) END AS ended
FROM (
  SELECT id, risk, trouble, dishonest, j, child(h, 100 + j) AS h,
    list_extract(['disability', 'unemployment', 'critical illness'], 1 + (whole(3 * u(h, 8)) + j) % 3) AS kind,
    CASE WHEN j = 0 THEN insured ELSE 1 + whole(insured * u(h, 30 + j)) END AS opened,
    CASE WHEN j = 0 THEN insured_since ELSE month_at(-opened) END AS started_on,
    CASE WHEN j = 0 THEN borrowed ELSE round(borrowed * (0.5 + 0.5 * u(h, 40 + j)), -2) END AS insured_sum,
    -- some covers are free of charge: for staff, or as long as an old promise runs
    CASE WHEN u(h, 50 + j) < 0.03 THEN 0
         ELSE round(insured_sum * (0.0022 + 0.0008 * u(h, 60 + j)), 2) END AS premium
  FROM (SELECT *, unnest(range(covers))::INTEGER AS j FROM latent)
)
"""

CUSTOMERS = """
SELECT id AS customer_id,
  within(round(42 + 12 * z(h, 70) - 2 * risk), 18, 75)::INTEGER AS age,
  CASE WHEN u(h, 71) < 0.05 * exp(0.4 * risk) THEN 'unemployed' WHEN u(h, 72) < 0.12 THEN 'self-employed'
       WHEN u(h, 72) < 0.30 THEN 'fixed term' ELSE 'permanent' END AS employment,
  CASE WHEN u(h, 73) < 0.04 THEN 0 ELSE score END AS credit_score,
  cents(CASE WHEN u(h, 74) < 0.08 THEN 0 ELSE borrowed * within(0.2 + 1.1 * u(h, 75), 0, 1) END) AS loan_balance,
  insured_since,
  CASE WHEN u(h, 76) < 0.94 THEN 0 ELSE 1 + whole(3 * u(h, 77)) END AS complaints,
  CASE WHEN u(h, 78) < 0.03 THEN NULL
       ELSE round(CASE WHEN dishonest AND u(h, 79) < 0.7 OR u(h, 79) > 0.985 THEN 0.7 + 0.3 * u(h, 80)
                       ELSE 0.65 * power(u(h, 80), 3) END, 4) END AS fraud_propensity,
  CASE WHEN u(h, 81) < 0.03 THEN NULL WHEN u(h, 81) < 0.51 THEN 'F' WHEN u(h, 81) < 0.99 THEN 'M'
       ELSE 'X' END AS gender,
  CASE WHEN u(h, 82) < 0.06 THEN NULL ELSE 'borrower' || id || '@example.com' END AS email,
  CASE WHEN u(h, 83) < 0.05 THEN NULL ELSE u(h, 83) < 0.60 END AS marketing_consent
FROM latent WHERE id <= {customers}
"""

POLICIES = """
SELECT id * 10 + j AS policy_id, id AS customer_id, kind,
  CASE WHEN ended IS NULL THEN 'in force' WHEN u(h, 4) < 0.4 THEN 'lapsed' ELSE 'cancelled' END AS status,
  started_on, cents(insured_sum) AS insured_sum, cents(premium) AS monthly_premium
FROM covers
"""

# A premium each month while the cover lasts. Now and then one is not collected, for some covers none ever was; who
# cancels gets some back.
PREMIUMS = """
SELECT id * 1000 + j * 100 + k AS premium_id, id * 10 + j AS policy_id, id AS customer_id,
  (started_on + to_months(k))::DATE AS booked_on, cents(premium) AS amount
FROM (SELECT *, unnest(range(greatest(0, opened - 36), opened + least(coalesce(ended, 13), 13) + 1))::INTEGER AS k
      FROM covers)
WHERE (started_on + to_months(k))::DATE <= data_end() AND u(child(h, 200 + k), 1) >= 0.012
  AND (premium = 0 OR u(h, 5) >= 0.015)
UNION ALL
SELECT id * 1000 + j * 100 + 99, id * 10 + j, id, month_at(ended) + 27, cents(-2 * premium)
FROM covers WHERE ended > -opened AND u(h, 4) >= 0.4 AND premium > 0
"""

# The dishonest claim soon after the start of the cover and again every ten weeks; whose income falls claims then; the
# others claim now and then.
CLAIMS = """
SELECT *, reported_on + CASE WHEN u(h, 4) < 0.06 THEN 10 + whole(30 * u(h, 5)) ELSE whole(4 * u(h, 5)) END
    AS registered_on
FROM (
  SELECT id, j, c, child(h, 400 + c) AS h, kind, insured_sum, dishonest, started_on,
    CASE WHEN dishonest THEN started_on + 8 + whole(50 * u(h, 400)) + 70 * c
         WHEN c = 0 AND trouble IS NOT NULL AND j = 0 AND u(h, 401) < 0.5
           THEN month_at(trouble) + whole(28 * u(h, 402))
         ELSE started_on + 31 + whole((30.4 * (opened + 12) - 31) * u(child(h, 400 + c), 6)) END AS reported_on,
    ended
  FROM (SELECT *, unnest(range(CASE
      WHEN dishonest THEN CASE WHEN j = 0 THEN 3 + whole(4 * u(h, 403)) ELSE 0 END
      WHEN trouble IS NOT NULL AND j = 0 THEN 1 + whole(2.4 * power(u(h, 403), 2))
      WHEN u(h, 404) < 0.16 * exp(0.35 * risk) THEN 1 + whole(3.3 * power(u(h, 403), 3)) ELSE 0 END))::INTEGER AS c
    FROM covers)
)
WHERE reported_on > started_on AND reported_on <= data_end()
  AND (ended IS NULL OR reported_on <= month_at(ended))
"""

CLAIMS_TABLE = """
SELECT id * 100 + j * 10 + c AS claim_id, id * 10 + j AS policy_id, id AS customer_id, reported_on, registered_on,
  cents(insured_sum * (0.04 + 0.22 * u(h, 1))) AS claimed,
  CASE kind WHEN 'unemployment' THEN 'job loss' WHEN 'critical illness' THEN 'illness'
    ELSE CASE WHEN u(h, 2) < 0.35 THEN 'accident' ELSE 'illness' END END AS cause,
  reported_on - started_on AS days_insured
FROM claims_made
"""

BENEFITS = """
SELECT id * 1000 + j * 100 + c * 10 + k AS benefit_id, id * 10 + j AS policy_id, id AS customer_id,
  reported_on + 30 * (k + 1) AS paid_on,
  cents(insured_sum * (0.04 + 0.22 * u(h, 1)) / months) AS amount
FROM (
  SELECT *, unnest(range(months))::INTEGER AS k
  FROM (SELECT *, 1 + whole(5 * u(h, 7)) AS months FROM claims_made
        WHERE u(h, 8) < CASE WHEN dishonest THEN 0.55 ELSE 0.82 END)
)
WHERE reported_on + 30 * (k + 1) <= data_end()
"""

# Whose income falls pays late for half a year; the others forget an instalment now and then.
INSTALMENTS = """
SELECT id * 100 + m + 24 AS instalment_id, id AS customer_id, due_on + days_late AS paid_on, days_late
FROM (
  SELECT id, m, month_at(m) + (id % 28)::INTEGER AS due_on, CASE
      WHEN m - trouble BETWEEN 0 AND 6 AND u(h, 1) < 0.62 THEN 10 + whole(55 * u(h, 2))
      WHEN u(h, 3) < 0.03 * exp(0.4 * risk) THEN 1 + whole(22 * u(h, 2))
      ELSE 0 END AS days_late
  FROM (SELECT id, risk, trouble, m, child(h, 624 + m) AS h
        FROM (SELECT *, unnest(range(-least(24, insured), 13))::INTEGER AS m FROM latent))
)
WHERE due_on + days_late <= data_end()
"""

# Pulls are months apart; k = 0 is the newest and may lie after the as-of date. Some arrive weeks later.
BUREAU_PULLS = """
SELECT id * 10 + k AS pull_id, id AS customer_id, pulled_on,
  pulled_on + CASE WHEN u(h, 2) < 0.07 THEN 14 + whole(35 * u(h, 3)) ELSE 1 + whole(4 * u(h, 3)) END AS received_on,
  within(round(score - drift * (as_of() - pulled_on) / 30.4375 + 6 * z(h, 5)), 300, 850)::INTEGER AS score
FROM (
  SELECT id, score, k, child(h, 700 + k) AS h,
    as_of() + 40 - 100 * k - whole(70 * u(child(h, 700 + k), 1)) AS pulled_on,
    CASE WHEN trouble BETWEEN -9 AND 3 THEN -7 ELSE 0.4 END + 1.6 * z(h, 90) AS drift
  FROM (SELECT *, unnest(range(1 + whole(5 * u(h, 91))))::INTEGER AS k FROM latent)
)
"""

HIDDEN = {"latent": LATENT, "covers": COVERS, "claims_made": CLAIMS}
TABLES = {
    "customers": CUSTOMERS,
    "policies": POLICIES,
    "premiums": PREMIUMS,
    "claims": CLAIMS_TABLE,
    "benefits": BENEFITS,
    "instalments": INSTALMENTS,
    "bureau_pulls": BUREAU_PULLS,
}


def generate(out: Path, customers: int = 8_000, as_of: dt.date = dt.date(2026, 9, 1), seed: int = 7) -> dict[str, int]:
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
            # A month more than the outcome window of a year needs, so that it is observable at every size.
            db.execute("CREATE MACRO data_end() AS (as_of() + INTERVAL 13 MONTH)::DATE")
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
    parser = argparse.ArgumentParser(description="Make the insured borrowers of the loan-insurance project (Parquet).")
    parser.add_argument("--customers", type=int, default=8_000, metavar="N", help="how many (default 8000)")
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
