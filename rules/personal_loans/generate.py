"""Make the data of the personal-loans demo: a portfolio of any size, always the same for the same arguments.

    python rules/personal_loans/generate.py --borrowers 200000 --as-of 2026-09-01 --seed 7

Nothing is drawn from a random number generator. Every value is a formula over (borrower, purpose of the draw, seed)
that mixes integers with Austin Appleby's MurmurHash3 finaliser, so neither the number of threads nor the version of
the engine changes a value. One hidden number per borrower, `risk`, moves score, income, utilisation, price, arrears
and default together; that is what makes the portfolio look like one.

Every table is one streaming query, so memory does not grow with the number of borrowers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

TABLES = ("customers", "crm", "accounts", "payments", "bureau_pulls", "logins", "surveys")

# Draws: h is the borrower's (loan's, payment's) 32-bit number, salt names what the draw is for. Products stay below
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
-- survey k of a borrower, the newest is 0: when answered, when the bank knew, the answer (s: standardised score)
CREATE MACRO survey_on(h, k) AS as_of() + 20 - whole(150 * u(h, 1)) - 180 * k;
CREATE MACRO survey_known(h, k) AS survey_on(h, k)
  + CASE WHEN u(h, 2) < 0.10 THEN 10 + whole(20 * u(h, 3)) ELSE whole(3 * u(h, 3)) END;
CREATE MACRO survey_nps(h, s) AS CASE
  WHEN u(h, 4) < 0.08 THEN NULL
  WHEN u(h, 5) < 0.715 + 0.05 * s THEN 9 + whole(2 * u(h, 6))
  WHEN u(h, 5) < 0.92 + 0.015 * s THEN 7 + whole(2 * u(h, 6))
  ELSE whole(7 * u(h, 6)) END;
"""

# What nobody sees: the borrower behind the columns. Months count from the as-of date's month, past ones negative.
# `default_month` is the due month of the first instalment paid more than 90 days late, `episode` the first month of
# arrears that were cured, `opened` the age of the first loan. Ids above the number of borrowers have rows in the other
# tables only: borrowers who left and whose record was deleted.
LATENT = """
SELECT *,
  CASE WHEN code IS NULL THEN score ELSE code END AS credit_score,
  CASE WHEN default_month IS NULL THEN plain_opened ELSE greatest(plain_opened, 8 - default_month) END AS opened,
  CASE WHEN default_month IS NULL THEN plain_term
       ELSE greatest(plain_term, 12 * ceil((default_month + 6 + opened) / 12))::INTEGER END AS term
FROM (
  SELECT *,
    (score - 672) / 69 AS s,
    CASE WHEN loans > 0 AND NOT dormant AND onset <= 12 THEN onset END AS default_month,
    CASE WHEN u(h, 11) < 0.16 * exp(0.45 * risk) THEN whole(46 * u(h, 12)) - 34 END AS episode,
    CASE WHEN u(h, 13) < 0.045 THEN 0 WHEN u(h, 13) < 0.055 THEN 999 END AS code,
    CASE WHEN dormant THEN 42 + whole(12 * u(h, 14)) ELSE 1 + whole(53 * u(h, 14)) END AS plain_opened,
    CASE WHEN dormant THEN 24
         ELSE list_extract([12, 24, 36, 36, 48, 48, 60, 60], 1 + whole(8 * u(h, 15))) END AS plain_term,
    within(0.40 + 0.04 * s - 0.004 * (age - 43), 0.05, 0.8) AS app_share,
    CASE WHEN u(h, 16) < app_share THEN 'app' WHEN u(h, 16) < app_share + 0.25 THEN 'web'
         WHEN u(h, 17) < 0.62 THEN 'branch' ELSE 'phone' END AS channel
  FROM (
    SELECT id, h, risk,
      within(round(672 - 66 * risk + 20 * z(h, 3)), 300, 850)::INTEGER AS score,
      within(round(44 + 14 * z(h, 4) - 3 * risk), 18, 95)::INTEGER AS age,
      CASE WHEN u(h, 5) < 0.14 THEN 0 WHEN u(h, 5) < 0.80 THEN 1 WHEN u(h, 5) < 0.95 THEN 2 ELSE 3 END AS loans,
      u(h, 6) < 0.07 AS dormant,
      -- time to default: exponential, with a hazard that grows with the risk
      whole(least(-ln(1 - u(h, 7)) / (0.0076 * exp(0.60 * risk)), 1000)) - 14 AS onset
    FROM (
      SELECT id, h, 0.9 * z(h, 1) + 0.436 * z(h, 2) AS risk
      FROM (SELECT id, mix(xor(mix(id::UBIGINT), mix({seed}::UBIGINT))) AS h FROM range(1, {last_id} + 1) AS ids(id))
    )
  )
)
"""

LOANS = """
SELECT *,
  cents(principal * monthly / (1 - power(1 + monthly, -term))) AS instalment,
  least(term - opened, 12, coalesce(default_month + 2, 12)) AS last_month
FROM (
  SELECT *,
    day_in(-opened, h, 1) AS opened_on,
    round(within(exp(8.95 + 0.45 * z(h, 3)), 500, 75000), -2) AS principal,
    within(round(6.9 + 1.9 * risk + 1.1 * z(h, 4) + CASE kind WHEN 'credit line' THEN 3.5 ELSE 0 END, 2), 2.9, 24.9)
      AS rate,
    rate / 1200 AS monthly
  FROM (
    SELECT id, risk, episode, j, child(h, 100 + j) AS h,
      CASE WHEN j = 0 THEN default_month END AS default_month,
      default_month AS trouble,
      CASE WHEN j = 0 THEN opened ELSE 1 + whole(opened * u(h, 20 + j)) END AS opened,
      CASE WHEN j = 0 THEN term ELSE 12 * (1 + whole(4 * u(h, 30 + j))) END AS term,
      CASE WHEN u(h, 40 + j) < 0.62 THEN 'personal loan' WHEN u(h, 40 + j) < 0.84 THEN 'car loan'
           ELSE 'credit line' END AS kind
    FROM (SELECT *, unnest(range(loans))::INTEGER AS j FROM latent)
  )
)
"""

# How late an instalment is paid. Ahead of a default the delay grows month by month; cured arrears rise and fall over
# three months; everybody forgets one now and then, more often in January, February and the summer.
PAYMENTS = """
SELECT id * 1000 + j * 100 + k AS payment_id, id * 10 + j AS account_id, id AS customer_id, due_on,
  due_on + days_late AS paid_on,
  CASE WHEN days_late > 0 AND u(h, 7) < 0.15 THEN cents(instalment * (0.3 + 0.6 * u(h, 8)))
       WHEN u(h, 7) > 0.985 THEN instalment * 2 ELSE instalment END AS amount,
  days_late,
  CASE WHEN u(h, 9) < 0.04 THEN NULL WHEN days_late = 0 AND u(h, 9) < 0.85 THEN 'direct debit'
       WHEN u(h, 10) < 0.6 THEN 'card' ELSE 'transfer' END AS method
FROM (
  SELECT *, CASE
      WHEN to_default <= 0 THEN 91 - 25 * to_default + whole(30 * u(h, 1))
      WHEN to_default <= 5 AND u(h, 2) < 0.95 - 0.11 * to_default
        THEN least(90, whole((6 - to_default) * 14 * (0.6 + 0.6 * u(h, 1))))
      WHEN other_trouble AND u(h, 2) < 0.5 THEN 5 + whole(60 * u(h, 1))
      WHEN m - episode BETWEEN 0 AND 2 AND u(h, 3) < 0.85
        THEN whole((CASE m - episode WHEN 1 THEN 62 ELSE 32 END) * (0.5 + 0.8 * u(h, 1)))
      WHEN u(h, 4) < 0.028 * season * exp(0.45 * risk)
        THEN CASE WHEN u(h, 5) < 0.05 THEN 31 + whole(30 * u(h, 6)) ELSE 1 + whole(25 * power(u(h, 6), 2)) END
      ELSE 0 END AS days_late
  FROM (
    SELECT * EXCLUDE (h), child(h, k) AS h,
      (opened_on + to_months(k))::DATE AS due_on,
      default_month - m AS to_default,
      j > 0 AND m - trouble BETWEEN -4 AND 2 AS other_trouble,
      CASE month(due_on) WHEN 1 THEN 1.9 WHEN 2 THEN 1.4 WHEN 7 THEN 1.2 WHEN 8 THEN 1.3 ELSE 0.8 END AS season
    FROM (
      SELECT *, (m + opened)::INTEGER AS k
      FROM (SELECT *, unnest(range(greatest(1 - opened, -36), last_month + 1))::INTEGER AS m FROM loans)
    )
  )
)
WHERE due_on + days_late <= data_end() AND u(h, 11) < {keep}
"""

ACCOUNTS = """
SELECT id * 10 + j AS account_id, id AS customer_id, kind, status, opened_on,
  CASE WHEN status = 'closed' THEN (opened_on + to_months(term))::DATE + whole(20 * u(h, 6)) END AS closed_on,
  term AS term_months,
  cents(principal) AS principal,
  CASE WHEN status = 'closed' THEN 0::DECIMAL(18, 2)
       ELSE cents(principal * greatest(0, 1 - least(opened - 1, opened + coalesce(default_month, 100)) / term)) END
    AS balance,
  rate AS interest_rate,
  CASE WHEN status = 'closed' THEN 0
       WHEN default_month + 3 < 0 THEN as_of() - (opened_on + to_months(opened + default_month + 3))::DATE
       ELSE coalesce(unpaid.days, 0) END::INTEGER AS days_past_due
FROM (
  SELECT *, CASE WHEN default_month <= -8 THEN 'written off' WHEN term - opened < -3 THEN 'closed'
                 ELSE 'open' END AS status
  FROM loans
) AS loan
LEFT JOIN (
  SELECT account_id, max(as_of() - due_on) AS days FROM payments
  WHERE due_on <= as_of() AND paid_on > as_of() GROUP BY account_id
) AS unpaid ON unpaid.account_id = loan.id * 10 + loan.j
"""

CUSTOMERS = """
SELECT id AS customer_id, age,
  CASE WHEN u(h, 50) < CASE work WHEN 'self-employed' THEN 0.20 ELSE 0.05 END THEN NULL
       ELSE cents(exp(10.45 - 0.16 * risk + 0.33 * z(h, 51))
         * CASE work WHEN 'student' THEN 0.35 WHEN 'unemployed' THEN 0.4 WHEN 'retired' THEN 0.7 ELSE 1 END) END
    AS income,
  CASE WHEN u(h, 52) < 0.02 THEN 'n/a' ELSE work END AS employment,
  credit_score,
  CASE WHEN code = 0 OR u(h, 53) < 0.02 THEN NULL
       ELSE round(within(0.42 + 0.19 * risk + 0.18 * z(h, 54), 0, 1.2), 4) END AS utilisation,
  CASE WHEN u(h, 55) < 0.08 THEN NULL
       ELSE round(within(21 + 6.5 * risk + 8 * z(h, 56), 0, 95), 2) END AS debt_to_income,
  channel,
  day_in(-(opened + 1 + whole(110 * power(u(h, 57), 2))), h, 58) AS opened_on,
  cents((CASE channel WHEN 'app' THEN 196 WHEN 'web' THEN 251 WHEN 'branch' THEN 421 ELSE 381 END - 48 * s)
        * (0.7 + 0.6 * u(h, 60))) AS acquisition_cost,
  cents(greatest(918 + 205.5 * s, 60) * (0.4 + 1.2 * u(h, 61))) AS clv_12m,
  CASE WHEN u(h, 62) < within(0.2055 + 0.0653 * s, 0.02, 0.9) THEN 2 + whole(3 * power(u(h, 63), 3))
       WHEN u(h, 63) < 0.7 THEN 1 ELSE 0 END AS products,
  round(CASE WHEN u(h, 64) < 0.006 THEN 0.8 + 0.2 * u(h, 65) ELSE 0.6 * power(u(h, 65), 4) END, 4)
    AS fraud_probability,
  CASE WHEN u(h, 66) < CASE WHEN default_month BETWEEN -4 AND 5 THEN 0.15 WHEN episode BETWEEN -6 AND 0 THEN 0.12
                            ELSE 0.008 END THEN 'Y' ELSE 'N' END AS hardship_plan,
  CASE WHEN delinquent IS NOT NULL THEN strftime(delinquent, '%b-%Y') END AS last_delinquency,
  CASE WHEN surveys > 0 AND survey_known(child(h, 900), 0) <= as_of() THEN survey_nps(child(h, 900), s)
       WHEN surveys > 1 THEN survey_nps(child(h, 901), s) END AS nps_answer,
  CASE WHEN u(h, 67) < 0.03 THEN NULL WHEN u(h, 67) < 0.51 THEN 'F' WHEN u(h, 67) < 0.99 THEN 'M'
       ELSE 'X' END AS gender,
  CASE WHEN u(h, 68) < 0.06 THEN NULL ELSE 'borrower' || id || '@example.com' END AS email,
  CASE WHEN u(h, 69) < 0.04 THEN NULL ELSE u(h, 69) < 0.66 END AS marketing_consent,
  list_extract(['NO', 'NE', 'EA', 'SE', 'SW', 'WE', 'NW', 'CE'], 1 + whole(8 * power(u(h, 70), 1.4))) AS RGN_CD_2
FROM (
  SELECT *,
    CASE WHEN age >= 66 THEN 'retired' WHEN age < 24 AND u(h, 71) < 0.4 THEN 'student'
         WHEN u(h, 72) < 0.04 * exp(0.5 * risk) THEN 'unemployed' WHEN u(h, 73) < 0.12 THEN 'self-employed'
         ELSE 'salaried' END AS work,
    CASE WHEN default_month < 0 THEN month_at(default_month) WHEN episode < 0 THEN month_at(episode)
         WHEN u(h, 74) < 0.08 THEN month_at(-37 - whole(40 * u(h, 75))) END AS delinquent,
    {surveys} AS surveys
  FROM latent
) WHERE id <= {borrowers}
"""

CRM = """
SELECT id AS customer_id, u(h, 81) < 0.09 AS do_not_call,
  CASE WHEN u(h, 82) < 0.3 THEN NULL ELSE as_of() - whole(500 * power(u(h, 83), 2)) END AS last_contact_on,
  CASE WHEN u(h, 84) < 0.93 THEN 0 ELSE 1 + whole(3 * power(u(h, 85), 2)) END AS complaints
FROM latent WHERE u(h, 80) < 0.85
"""

# Pulls are months apart; k = 0 is the newest and may lie after the as-of date. Some arrive weeks later.
BUREAU_PULLS = """
SELECT id * 10 + k AS pull_id, id AS customer_id, pulled_on,
  pulled_on + CASE WHEN u(h, 2) < 0.07 THEN 14 + whole(35 * u(h, 3)) ELSE 1 + whole(4 * u(h, 3)) END AS received_on,
  CASE WHEN u(h, 4) < 0.01 THEN 0
       ELSE within(round(score - drift * (as_of() - pulled_on) / 30.4375 + 6 * z(h, 5)), 300, 850)::INTEGER END
    AS score,
  whole(4 * power(u(h, 6), 2) * exp(0.3 * risk)) AS enquiries
FROM (
  SELECT id, score, risk, k, child(h, 300 + k) AS h,
    as_of() + 45 - 150 * k - whole(100 * u(child(h, 300 + k), 1)) AS pulled_on,
    CASE WHEN default_month >= -6 THEN -5 ELSE 0.4 END + 1.5 * z(h, 90) AS drift
  FROM (
    SELECT *, unnest(range(1 + whole(5 * u(h, 91))))::INTEGER AS k
    FROM latent WHERE code IS DISTINCT FROM 0 OR u(h, 92) < 0.2
  )
)
"""

LOGINS = """
SELECT id * 100 + k AS login_id, id AS customer_id,
  (as_of() + 45 - whole(590 * u(h, 1)))::TIMESTAMP
    + to_microseconds(floor(86400000000 * (0.3 * u(h, 2) + 0.7 * sqrt(u(h, 3))))::BIGINT) AS logged_in_at,
  CASE WHEN (channel = 'app') = (u(h, 4) < 0.8) THEN 'app' ELSE 'web' END AS channel,
  CASE WHEN u(h, 5) < 0.10 THEN NULL WHEN u(h, 4) < 0.55 THEN 'phone' WHEN u(h, 5) < 0.3 THEN 'tablet'
       ELSE 'computer' END AS device
FROM (SELECT id, channel, k, child(h, 500 + k) AS h FROM (
  SELECT *, unnest(range(least(40, whole(-ln(1 - u(h, 95))
    * CASE channel WHEN 'app' THEN 10 WHEN 'web' THEN 6 ELSE 1.4 END))))::INTEGER AS k
  FROM latent WHERE NOT dormant))
"""

SURVEYS = """
SELECT id * 10 + k AS survey_id, id AS customer_id, survey_on(h, k) AS answered_on,
  survey_known(h, k) AS received_on,
  survey_nps(h, s) AS nps,
  CASE WHEN u(h, 7) < 0.25 THEN NULL ELSE 1 + whole(5 * sqrt(u(h, 8))) END AS ease
FROM (SELECT id, s, k, child(h, 900 + k) AS h FROM (SELECT *, unnest(range({surveys}))::INTEGER AS k FROM latent))
"""

SURVEYS_EACH = "CASE WHEN u(h, 93) < 0.45 THEN 0 ELSE 1 + whole(3 * u(h, 94)) END"


def generate(
    out: Path,
    borrowers: int = 200_000,
    as_of: dt.date = dt.date(2026, 9, 1),
    seed: int = 7,
    *,
    payments: int | None = None,
    threads: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Write the seven Parquet files of the portfolio into the folder `out`, which appears whole or not at all.

    `payments` keeps about that many instalments, thinned evenly (default: all, about 28 a borrower).
    Values depend on `borrowers`, `as_of`, `seed` and `payments` only. Raises ValueError for arguments that make no
    portfolio, and when `out` holds anything but an earlier portfolio.
    """
    if borrowers < 1 or borrowers > 400_000_000 or not 0 <= seed < 2**32:
        raise ValueError("borrowers must lie between 1 and 400,000,000, the seed between 0 and 4,294,967,295")
    out = out.resolve()
    if out.exists() and not (
        out.is_dir() and {path.name for path in out.iterdir()} <= {f"{name}.parquet" for name in TABLES}
    ):
        raise ValueError(f"{out} holds something else than an earlier portfolio; name an empty or a new folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        (work / "new").mkdir()
        with duckdb.connect() as db:
            _write_portfolio(db, work, borrowers, as_of, seed, payments, threads, progress)
        if out.exists():
            out.rename(work / "old")
        (work / "new").rename(out)
    finally:
        shutil.rmtree(work)


def _write_portfolio(
    db: duckdb.DuckDBPyConnection,
    work: Path,
    borrowers: int,
    as_of: dt.date,
    seed: int,
    payments: int | None,
    threads: int | None,
    progress: Callable[[str], None] | None,
) -> None:
    """Write the hidden tables into `work` and the seven files into `work`/new."""
    quoted = str(work).replace("'", "''")
    db.execute(f"SET temp_directory = '{quoted}/spill'")
    db.execute("SET preserve_insertion_order = true")
    # Rows keep the order of the borrowers: the left side of the one join must stay the side that streams.
    db.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    if threads is not None:
        db.execute(f"SET threads = {threads}")
    db.execute(f"CREATE MACRO as_of() AS DATE '{as_of:%Y-%m-%d}'")
    # A month more than the outcome window of a year needs, so that it is observable at every size.
    db.execute("CREATE MACRO data_end() AS (as_of() + INTERVAL 13 MONTH)::DATE")
    db.execute(MACROS)

    def write(name: str, query: str, folder: str = "new") -> None:
        started = time.monotonic()
        path = f"{quoted}/{folder}/{name}.parquet"
        counted = db.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)").fetchall()
        db.execute(f"CREATE VIEW {name} AS FROM read_parquet('{path}')")
        if progress is not None and folder == "new":
            progress(f"{name:<14}{counted[0][0]:>13,} rows {time.monotonic() - started:>7.1f} s")

    (work / "hidden").mkdir()
    gone = 3 + borrowers // 2_000
    write("latent", LATENT.format(seed=seed, last_id=borrowers + gone), "hidden")
    write("loans", LOANS, "hidden")
    write("payments", PAYMENTS.format(keep=_share_kept(db, payments)))
    write("accounts", ACCOUNTS)
    write("customers", CUSTOMERS.format(borrowers=borrowers, surveys=SURVEYS_EACH))
    write("crm", CRM)
    write("bureau_pulls", BUREAU_PULLS)
    write("logins", LOGINS)
    write("surveys", SURVEYS.format(surveys=SURVEYS_EACH))


def _share_kept(db: duckdb.DuckDBPyConnection, payments: int | None) -> float:
    """The share of all instalments that leaves about `payments` of them."""
    if payments is None:
        return 1.0
    counted = "SELECT coalesce(sum(greatest(0, last_month - greatest(1 - opened, -36) + 1)), 0)::BIGINT FROM loans"
    total: int = db.execute(counted).fetchall()[0][0]
    if not 0 < payments <= total:
        raise ValueError(f"payments must lie between 1 and {total:,}, which is what these borrowers pay in all")
    return payments / total


def main() -> None:
    """The command line: settings in, progress to standard error."""
    parser = argparse.ArgumentParser(
        description="Make the personal-loans portfolio of the demo (Parquet), the same for the same arguments.",
        epilog="example: python rules/personal_loans/generate.py --borrowers 20000 --out /somewhere/small --seed 11",
    )
    parser.add_argument("--borrowers", type=int, default=200_000, metavar="N", help="how many (default 200000)")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(__file__).parent / "data",
        metavar="DIR",
        help="default: data/ beside this script",
    )
    parser.add_argument(
        "--as-of", type=dt.date.fromisoformat, default=dt.date(2026, 9, 1), metavar="DATE", help="default 2026-09-01"
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="another seed, another portfolio (default 7)")
    parser.add_argument(
        "--payments", type=int, metavar="N", help="keep about N instalments (default: all, about 28 a borrower)"
    )
    given = parser.parse_args()
    try:
        generate(
            given.out,
            given.borrowers,
            given.as_of,
            given.seed,
            payments=given.payments,
            progress=lambda line: print(line, file=sys.stderr, flush=True),
        )
    except (ValueError, OSError) as problem:
        parser.error(str(problem))


if __name__ == "__main__":
    main()
