"""Make the data of the RFM project: customers of a shop and their orders, always the same for the same arguments.

    python rules/rfm/generate.py --customers 10000 --as-of 2026-09-01 --seed 7

Nothing is drawn from a random number generator. Every value is a formula over (customer, purpose of the draw, seed)
that mixes integers with Austin Appleby's MurmurHash3 finaliser, so neither the number of threads nor the version of
the engine changes a value. Three hidden things make a customer: how often they buy while they are customers, when they
stop, and how much they spend; whoever buys often also spends a little more each time.
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

# What nobody sees. Days count from the as-of date, past ones negative; `gone` is the day after which a customer buys no
# more, if that day comes. Ids above the number of customers have rows in the other tables only: customers who left and
# whose record was deleted.
LATENT = """
SELECT *, joined + 1 + whole(least(-ln(1 - u(h, 5)) * 900, 5000)) AS gone
FROM (
  SELECT id, h, -whole(1500 * power(u(h, 1), 0.9)) - 5 AS joined,
    exp(-4.6 + 0.9 * z(h, 2)) AS a_day,
    0.25 * z(h, 2) + 0.6 * z(h, 3) AS taste,
    u(h, 4) < 0.04 AS never
  FROM (
    SELECT id, mix(xor(mix(id::UBIGINT), mix({seed}::UBIGINT))) AS h
    FROM range(1, {customers} + 4 + {customers} // 500) AS ids(id)
  )
)
"""

CUSTOMERS = """
SELECT id AS customer_id, as_of() + joined AS registered_on,
  list_extract(['NL', 'BE', 'DE', 'FR'], 1 + whole(4 * power(u(h, 20), 2))) AS country,
  CASE WHEN u(h, 21) < 0.10 THEN NULL WHEN u(h, 21) < 0.56 THEN 'F'
       WHEN u(h, 21) < 0.99 THEN 'M' ELSE 'X' END AS gender,
  CASE WHEN u(h, 22) < 0.03 THEN NULL ELSE 'customer' || id || '@example.com' END AS email,
  CASE WHEN u(h, 23) < 0.06 THEN NULL ELSE u(h, 23) < 0.70 END AS marketing_consent
FROM latent WHERE id <= {customers}
"""

PREFERENCES = """
SELECT id AS customer_id, u(h, 31) < 0.12 AS do_not_call, u(h, 32) < 0.05 AS do_not_mail,
  CASE WHEN u(h, 33) < 0.96 THEN 0 ELSE 1 + whole(2 * u(h, 34)) END AS complaints
FROM latent WHERE u(h, 30) < 0.80
"""

# The first order on the day of registration, then one every 1 / a_day days on average; some come back as a return.
ORDERS = """
SELECT id * 10000 + k * 10 AS order_id, id AS customer_id, as_of() + day AS ordered_on,
  cents(within(exp(3.6 + taste + 0.5 * z(h, 2)), 4, 900)) AS amount
FROM bought WHERE day <= 100
UNION ALL
SELECT id * 10000 + k * 10 + 1, id, as_of() + day + 5 + whole(20 * u(h, 4)),
  -cents(within(exp(3.6 + taste + 0.5 * z(h, 2)), 4, 900) * CASE WHEN u(h, 5) < 0.6 THEN 1 ELSE 0.5 END)
FROM bought WHERE day <= 70 AND u(h, 3) < 0.06
"""

BOUGHT = """
SELECT *, CASE k WHEN 0 THEN joined ELSE joined + 1 + whole(900 * u(h, 1)) END AS day
FROM (
  SELECT * EXCLUDE (h), child(h, 100 + k) AS h FROM (
    SELECT *, unnest(range(1 + least(120, whole(a_day * 900 * (0.6 + 0.8 * u(h, 6))))))::INTEGER AS k
    FROM latent WHERE NOT never
  )
)
WHERE day <= gone
"""

CONTACTS = """
SELECT id * 100 + k AS contact_id, id AS customer_id, as_of() + 20 - whole(420 * u(h, 1)) AS contacted_on,
  CASE WHEN u(h, 2) < 0.75 THEN 'mail' ELSE 'phone' END AS by_what,
  list_extract(['spring', 'summer', 'newsletter', 'newsletter', 'thanks'], 1 + whole(5 * u(h, 3))) AS campaign
FROM (SELECT id, k, child(h, 300 + k) AS h FROM (
  SELECT *, unnest(range(whole(26 * power(u(h, 40), 2.2))))::INTEGER AS k FROM latent))
"""

HIDDEN = {"latent": LATENT, "bought": BOUGHT}
TABLES = {"customers": CUSTOMERS, "preferences": PREFERENCES, "orders": ORDERS, "contacts": CONTACTS}


def generate(out: Path, customers: int = 10_000, as_of: dt.date = dt.date(2026, 9, 1), seed: int = 7) -> dict[str, int]:
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
    parser = argparse.ArgumentParser(description="Make the customers and orders of the RFM project (Parquet).")
    parser.add_argument("--customers", type=int, default=10_000, metavar="N", help="how many (default 10000)")
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
