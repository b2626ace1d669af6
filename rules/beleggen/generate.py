"""Make the data of the project `beleggen`: an online broker's customers, always the same for the same arguments.

    python rules/beleggen/generate.py --customers 8000 --as-of 2026-09-01 --seed 7

Nothing is drawn from a random number generator. Every value is a formula over (customer, purpose of the draw, seed)
that mixes integers with Austin Appleby's MurmurHash3 finaliser, so neither the number of threads nor the version of
the engine changes a value. Beside the age two hidden numbers make a customer: `handy` moves channel, logins and orders
together, `means` moves income, deposits and wealth. Columns and values are Dutch, as the rules are.
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

# What nobody sees. Months count from the as-of date's month, past ones negative. Ids above the number of customers have
# rows in the other tables only: customers who left and whose record was deleted.
LATENT = """
SELECT *,
  CASE WHEN u(h, 10) < within(0.52 + 0.22 * handy, 0.03, 0.97) THEN 'app'
       WHEN u(h, 11) < 0.82 THEN 'website' ELSE 'telefoon' END AS channel,
  cents(exp(9.3 + 0.95 * means + 0.045 * (age - 40) + 0.8 * z(h, 12))) AS wealth,
  CASE WHEN asleep THEN 0 ELSE -ln(1 - u(h, 13)) * exp(0.5 * handy) * 7 END AS orders_a_year,
  age BETWEEN 30 AND 56 AND u(h, 14) < 0.62 AS children
FROM (
  SELECT *, 0.8 * z(h, 5) - 0.035 * (age - 42) AS handy, 0.9 * z(h, 6) AS means,
    1 + whole(130 * power(u(h, 7), 1.3) * within((age - 17) / 30.0, 0.05, 1)) AS months,
    u(h, 8) < 0.07 AS asleep
  FROM (
    SELECT id, h, within(round(44 + 15 * z(h, 3)), 18, 92)::INTEGER AS age
    FROM (
      SELECT id, mix(xor(mix(id::UBIGINT), mix({seed}::UBIGINT))) AS h
      FROM range(1, {customers} + 4 + {customers} // 500) AS ids(id)
    )
  )
)
"""

KLANTEN = """
SELECT id AS klantnummer, age AS leeftijd,
  CASE WHEN u(h, 20) < 0.10 THEN NULL
       ELSE cents(round(within(exp(10.62 + 0.33 * means + 0.14 * z(h, 21)) * CASE WHEN age < 26 THEN 0.6
         WHEN age > 66 THEN 0.7 ELSE 1 END, 9000, 400000), -2)) END AS inkomen,
  CASE WHEN u(h, 22) < 0.06 THEN NULL WHEN children THEN 'gezin met kinderen' WHEN u(h, 23) < 0.45 THEN 'alleenstaand'
       ELSE 'samenwonend' END AS huishouden,
  day_in(-months, h, 24) AS klant_sinds,
  channel AS kanaal,
  CASE WHEN u(h, 26) < 0.07 THEN NULL WHEN u(h, 27) < 0.22 + 0.006 * (age - 40) THEN 'voorzichtig'
       WHEN u(h, 27) < 0.50 THEN 'gematigd' WHEN u(h, 27) < 0.78 THEN 'neutraal' ELSE 'offensief' END AS risicoprofiel,
  CASE WHEN u(h, 28) < 0.12 THEN NULL ELSE within(round(5.5 + 1.6 * z(h, 29) + 0.02 * (age - 40)), 0, 10)::INTEGER END
    AS financiële_kennis,
  CASE WHEN u(h, 30) < 0.95 THEN 0 ELSE 1 + whole(2 * u(h, 31)) END AS klachten,
  CASE WHEN u(h, 32) < 0.03 THEN NULL WHEN u(h, 32) < 0.40 THEN 'V' WHEN u(h, 32) < 0.99 THEN 'M' ELSE 'X' END
    AS geslacht,
  CASE WHEN u(h, 33) < 0.03 THEN NULL ELSE 'klant' || id || '@voorbeeld.nl' END AS email,
  CASE WHEN u(h, 34) < 0.05 THEN NULL ELSE u(h, 34) < 0.62 END AS toestemming_marketing,
  list_extract(['NH', 'ZH', 'UT', 'NB', 'GE', 'OV', 'LI', 'GR', 'FR', 'DR', 'FL', 'ZE'], 1 + whole(12 * power(u(h, 35),
    1.5))) AS PROV_CD
FROM latent WHERE id <= {customers}
"""

VOORKEUREN = """
SELECT id AS klantnummer, u(h, 41) < 0.11 AS niet_bellen,
  CASE WHEN u(h, 42) < 0.35 THEN NULL ELSE as_of() - whole(400 * power(u(h, 43), 1.6)) END AS laatst_benaderd_op
FROM latent WHERE u(h, 40) < 0.88
"""

# One account to invest with for everybody; some have more.
REKENINGEN = """
SELECT id * 10 + j AS rekeningnummer, id AS klantnummer,
  list_extract(['beleggingsrekening', 'pensioenrekening', 'kinderrekening'], j + 1) AS soort,
  CASE WHEN u(h, 50 + j) < CASE WHEN asleep THEN 0.25 ELSE 0.03 END THEN 'gesloten' ELSE 'open' END AS status,
  CASE WHEN u(h, 50 + j) < CASE WHEN asleep THEN 0.25 ELSE 0.03 END THEN 0::DECIMAL(18, 2)
       ELSE cents(wealth * CASE j WHEN 0 THEN 1 WHEN 1 THEN 0.3 ELSE 0.05 END * CASE WHEN asleep THEN 0.04 ELSE 1 END)
       END AS waarde
FROM (SELECT *, unnest(range(3))::INTEGER AS j FROM latent)
WHERE j = 0 OR (j = 1 AND u(h, 53) < within(0.05 + 0.006 * (age - 30), 0.02, 0.3))
  OR (j = 2 AND children AND u(h, 54) < 0.3)
"""

# The handier, the more often and the more by app; complex products more often for who trades a lot.
ORDERS = """
SELECT id * 1000 + k AS ordernummer, id AS klantnummer,
  (as_of() + 60 - whole(860 * u(h, 1)))::TIMESTAMP + to_seconds(32400 + whole(30600 * u(h, 2))) AS uitgevoerd_op,
  CASE WHEN u(h, 3) < 0.82 THEN channel WHEN u(h, 3) < 0.93 THEN 'website' ELSE 'app' END AS kanaal,
  CASE WHEN u(h, 4) < 0.004 * orders_a_year THEN CASE WHEN u(h, 5) < 0.5 THEN 'optie' ELSE 'turbo' END
       WHEN u(h, 5) < 0.40 THEN 'ETF' WHEN u(h, 5) < 0.75 THEN 'aandeel' ELSE 'fonds' END AS product,
  cents(within(wealth * 0.06 * exp(0.8 * z(h, 6)), 25, 250000)) AS bedrag
FROM (SELECT * EXCLUDE (h), child(h, 100 + k) AS h FROM (
  SELECT *, unnest(range(least(200, whole(orders_a_year * 2.36))))::INTEGER AS k FROM latent))
"""

STORTINGEN = """
SELECT id * 100 + m + 24 AS stortingnummer, id AS klantnummer, (month_at(m) + (id % 27)::INTEGER) AS gestort_op,
  cents(CASE WHEN monthly THEN 25 * (1 + whole(12 * power(u(h, 62), 2)))
             ELSE wealth * 0.05 * u(child(h, m + 324), 2) + 10 END) AS bedrag,
  monthly AS periodiek
FROM (SELECT *, unnest(range(-least(24, months - 1), 3))::INTEGER AS m,
        u(h, 60) < CASE WHEN children THEN 0.42 ELSE 0.24 END AS monthly
      FROM latent WHERE NOT asleep)
WHERE monthly OR u(child(h, m + 324), 1) < 0.09
"""

# The value of everything together at the end of each month.
STANDEN = """
SELECT id * 100 + m + 18 AS standnummer, id AS klantnummer, last_day(month_at(m)) AS stand_op,
  cents(wealth * (1 + 0.008 * m * (1 + 1.5 * z(h, 65)) + 0.03 * z(child(h, m + 400), 1))) AS waarde
FROM (SELECT *, unnest(range(-least(18, months), 2))::INTEGER AS m FROM latent WHERE NOT asleep)
"""

LOGINS = """
SELECT id * 1000 + k AS loginnummer, id AS klantnummer,
  (as_of() + 40 - whole(440 * u(h, 1)))::TIMESTAMP + to_seconds(whole(86400 * (0.3 * u(h, 2) + 0.7 * sqrt(u(h, 3)))))
    AS ingelogd_op,
  CASE WHEN u(h, 4) < 0.85 THEN CASE channel WHEN 'app' THEN 'app' ELSE 'website' END
       WHEN u(h, 5) < 0.5 THEN 'app' ELSE 'website' END AS kanaal
FROM (SELECT id, channel, k, child(h, 500 + k) AS h FROM (
  SELECT *, unnest(range(least(90, whole(-ln(1 - u(h, 66)) * CASE channel WHEN 'app' THEN 46 WHEN 'website' THEN 16
    ELSE 3 END))))::INTEGER AS k
  FROM latent WHERE NOT asleep))
"""

HIDDEN = {"latent": LATENT}
TABLES = {
    "klanten": KLANTEN,
    "voorkeuren": VOORKEUREN,
    "rekeningen": REKENINGEN,
    "orders": ORDERS,
    "stortingen": STORTINGEN,
    "standen": STANDEN,
    "logins": LOGINS,
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
    parser = argparse.ArgumentParser(description="Make the customers of the project `beleggen` (Parquet).")
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
