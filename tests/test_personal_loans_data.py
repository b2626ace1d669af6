"""The generated portfolio of `rules/personal_loans` looks like a portfolio, and is the same every time."""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

AS_OF = dt.date(2026, 9, 1)
BORROWERS = 20_000

# Columns whose field is `optional` in customer_data.seg (or has missing codes, or `others missing`, which imply it),
# with what counts as missing beside NULL. Every other column must be filled in every row.
OPTIONAL: dict[str, dict[str, tuple[object, ...]]] = {
    "customers": {
        "income": (),
        "employment": ("n/a",),
        "credit_score": (0, 999),
        "utilisation": (),
        "debt_to_income": (),
        "last_delinquency": (),
        "nps_answer": (),
        "gender": (),
        "email": (),
        "marketing_consent": (),
    },
    "crm": {"last_contact_on": ()},
    "accounts": {"closed_on": ()},
    "payments": {"method": ()},
    "bureau_pulls": {"score": (0,)},
    "logins": {"device": ()},
    "surveys": {"nps": (), "ease": ()},
}
KEYS = {
    "customers": "customer_id",
    "crm": "customer_id",
    "accounts": "account_id",
    "payments": "payment_id",
    "bureau_pulls": "pull_id",
    "logins": "login_id",
    "surveys": "survey_id",
}
# The domains of customer_data.seg: a row for which one of these is false would stop a run.
DOMAINS: dict[str, tuple[str, ...]] = {
    "customers": (
        "age BETWEEN 18 AND 120",
        "income >= 0",
        "employment IN ('salaried', 'self-employed', 'retired', 'student', 'unemployed', 'n/a')",
        "credit_score BETWEEN 300 AND 850 OR credit_score IN (0, 999)",
        "utilisation BETWEEN 0 AND 1.5",
        "debt_to_income BETWEEN 0 AND 100",
        "channel IN ('app', 'web', 'branch', 'phone')",
        f"opened_on <= DATE '{AS_OF}'",
        "acquisition_cost > 0",
        "clv_12m > 0",
        "products >= 0",
        "fraud_probability BETWEEN 0 AND 1",
        "hardship_plan IN ('Y', 'N')",
        f"strptime(last_delinquency, '%b-%Y') <= DATE '{AS_OF}'",
        "nps_answer BETWEEN 0 AND 10",
        "gender IN ('F', 'M', 'X')",
    ),
    "crm": ("complaints >= 0", f"last_contact_on <= DATE '{AS_OF}'"),
    "accounts": (
        "kind IN ('personal loan', 'car loan', 'credit line')",
        "status IN ('open', 'closed', 'written off')",
        f"opened_on <= DATE '{AS_OF}'",
        f"closed_on BETWEEN opened_on AND DATE '{AS_OF}'",
        "(closed_on IS NOT NULL) = (status = 'closed')",
        "term_months BETWEEN 1 AND 120",
        "principal > 0",
        "balance BETWEEN 0 AND principal",
        "interest_rate BETWEEN 2.9 AND 24.9",
        "days_past_due >= 0",
        "days_past_due > 90 OR status != 'written off'",
    ),
    "payments": (
        "amount > 0",
        "days_late >= 0",
        "paid_on - due_on = days_late",
        "method IN ('direct debit', 'card', 'transfer')",
        "customer_id = account_id // 10",
    ),
    "bureau_pulls": (
        "score BETWEEN 300 AND 850 OR score = 0",
        "received_on > pulled_on",
        "enquiries >= 0",
    ),
    "logins": ("channel IN ('app', 'web')", "device IN ('phone', 'tablet', 'computer')"),
    "surveys": ("nps BETWEEN 0 AND 10", "ease BETWEEN 1 AND 5", "received_on >= answered_on"),
}


@pytest.fixture(scope="session")
def generator(repository: Path) -> ModuleType:
    """`rules/personal_loans/generate.py`, imported from where it lies."""
    path = repository / "rules" / "personal_loans" / "generate.py"
    spec = importlib.util.spec_from_file_location("personal_loans_generate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def portfolio(generator: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small portfolio, made once."""
    folder = tmp_path_factory.mktemp("personal_loans") / "data"
    generator.generate(folder, BORROWERS, AS_OF, seed=7)
    return folder


@pytest.fixture(scope="session")
def db(portfolio: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with one view for each file of the portfolio."""
    with duckdb.connect() as connection:
        for name in KEYS:
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{portfolio / name}.parquet')")
        yield connection


def rows(db: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    """All rows of a query."""
    return db.execute(query).fetchall()


def numbers(db: duckdb.DuckDBPyConnection, query: str) -> list[float]:
    """The one row of a query whose columns are numbers."""
    (row,) = db.execute(query).fetchall()
    return [float(value) for value in row]


def fingerprints(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """For each file of a portfolio: its columns, the number of rows, and a checksum of the rows in their order."""
    found: dict[str, list[tuple[object, ...]]] = {}
    with duckdb.connect() as connection:
        for name in KEYS:
            source = f"read_parquet('{folder / name}.parquet', file_row_number = true)"
            columns = rows(connection, f"DESCRIBE FROM read_parquet('{folder / name}.parquet')")
            found[name] = [(str(columns),), *rows(connection, f"SELECT count(*), sum(hash(t)) FROM {source} AS t")]
    return found


# -- the shape of the files --------------------------------------------------------------------------------------


def test_all_borrowers_are_there_once(db: duckdb.DuckDBPyConnection) -> None:
    assert rows(db, "SELECT count(*), min(customer_id), max(customer_id) FROM customers") == [(BORROWERS, 1, BORROWERS)]


@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique(db: duckdb.DuckDBPyConnection, table: str) -> None:
    key = KEYS[table]
    assert rows(db, f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1 LIMIT 3") == []


@pytest.mark.parametrize("table", KEYS)
def test_optional_fields_have_missing_values_and_no_others_do(db: duckdb.DuckDBPyConnection, table: str) -> None:
    described = rows(db, f"DESCRIBE {table}")
    missing: dict[str, float] = {}
    for name, *_ in described:
        codes = OPTIONAL[table].get(str(name), ())
        is_code = f"OR {name} IN ({', '.join(map(repr, codes))})" if codes else ""
        (share,) = numbers(db, f"SELECT avg(({name} IS NULL {is_code})::INTEGER) FROM {table}")
        missing[str(name)] = share
    assert set(missing) >= set(OPTIONAL[table])
    assert {name for name, share in missing.items() if share > 0} == set(OPTIONAL[table])
    assert all(share < 0.9 for share in missing.values())


def test_both_missing_codes_of_the_score_occur(db: duckdb.DuckDBPyConnection) -> None:
    no_file, frozen = numbers(
        db, "SELECT count(*) FILTER (credit_score = 0), count(*) FILTER (credit_score = 999) FROM customers"
    )
    assert no_file > frozen > 0


def test_some_customers_have_no_row_in_crm(db: duckdb.DuckDBPyConnection) -> None:
    (share,) = numbers(
        db, "SELECT avg((crm.customer_id IS NULL)::INTEGER) FROM customers LEFT JOIN crm USING (customer_id)"
    )
    assert 0.10 < share < 0.20


@pytest.mark.parametrize("table", [name for name in KEYS if name != "customers"])
def test_a_few_rows_have_no_parent(db: duckdb.DuckDBPyConnection, table: str) -> None:
    orphans, all_rows = numbers(
        db,
        f"SELECT count(*) FILTER (customers.customer_id IS NULL), count(*) FROM {table} "
        "LEFT JOIN customers USING (customer_id)",
    )
    assert 0 < orphans < all_rows / 100


def test_payments_belong_to_loans(db: duckdb.DuckDBPyConnection) -> None:
    assert rows(db, "SELECT account_id FROM payments ANTI JOIN accounts USING (account_id) LIMIT 3") == []


@pytest.mark.parametrize(
    "table, condition", [(table, condition) for table, conditions in DOMAINS.items() for condition in conditions]
)
def test_domains_hold(db: duckdb.DuckDBPyConnection, table: str, condition: str) -> None:
    assert rows(db, f"SELECT * FROM {table} WHERE NOT ({condition}) LIMIT 3") == []


def test_types_are_those_of_the_contract(db: duckdb.DuckDBPyConnection) -> None:
    types = {f"{table}.{name}": kind for table in KEYS for name, kind, *_ in rows(db, f"DESCRIBE {table}")}
    assert {name for name, kind in types.items() if kind == "DECIMAL(18,2)"} == {
        "customers.income",
        "customers.acquisition_cost",
        "customers.clv_12m",
        "accounts.principal",
        "accounts.balance",
        "payments.amount",
    }
    assert types["logins.logged_in_at"] == "TIMESTAMP"
    assert types["payments.paid_on"] == types["customers.opened_on"] == "DATE"
    assert types["customers.last_delinquency"] == types["customers.hardship_plan"] == "VARCHAR"
    assert "customers.RGN_CD_2" in types


# -- time --------------------------------------------------------------------------------------------------------


def test_month_ends_and_leap_days_occur(db: duckdb.DuckDBPyConnection) -> None:
    leap_day = "DATE '2024-02-29'"
    counts = numbers(
        db,
        f"""SELECT
          (SELECT count(*) FROM payments WHERE paid_on = {leap_day}),
          (SELECT count(*) FROM customers WHERE opened_on = {leap_day}),
          (SELECT count(*) FROM accounts WHERE opened_on = {leap_day}),
          (SELECT count(DISTINCT month(paid_on)) FROM payments WHERE paid_on = last_day(paid_on)),
          (SELECT count(*) FROM payments WHERE paid_on = DATE '{AS_OF}')""",
    )
    leap_payments, leap_customers, leap_accounts, months_with_month_ends, on_the_as_of_date = counts
    assert leap_payments > 100
    assert leap_customers > 0
    assert leap_accounts > 0
    assert months_with_month_ends == 12
    assert on_the_as_of_date > 0


def test_history_reaches_back_three_years_and_a_year_ahead(db: duckdb.DuckDBPyConnection) -> None:
    ((first, last),) = rows(db, "SELECT min(paid_on), max(paid_on) FROM payments")
    assert isinstance(first, dt.date)
    assert isinstance(last, dt.date)
    assert dt.date(2023, 9, 1) <= first <= dt.date(2023, 9, 30)
    assert dt.date(2027, 9, 2) <= last <= dt.date(2027, 10, 1)  # beyond the window that ends on 2027-09-01
    (recent,) = numbers(db, f"SELECT DATE '{AS_OF}' - max(paid_on) FROM payments WHERE paid_on <= DATE '{AS_OF}'")
    assert recent <= 35


def test_events_of_every_kind_lie_on_both_sides_of_the_as_of_date(db: duckdb.DuckDBPyConnection) -> None:
    dated = {
        "payments": "paid_on",
        "bureau_pulls": "pulled_on",
        "logins": "logged_in_at::DATE",
        "surveys": "answered_on",
    }
    for table, column in dated.items():
        visible, later = numbers(
            db,
            f"SELECT count(*) FILTER ({column} <= DATE '{AS_OF}'), count(*) FILTER ({column} > DATE '{AS_OF}') "
            f"FROM {table}",
        )
        assert visible > later > 0, table


def test_bureau_reports_arrive_late_and_sometimes_by_weeks(db: duckdb.DuckDBPyConnection) -> None:
    weeks_late, unseen = numbers(
        db,
        f"""SELECT avg((received_on - pulled_on >= 14)::INTEGER),
                   count(*) FILTER (pulled_on <= DATE '{AS_OF}' AND received_on > DATE '{AS_OF}')
            FROM bureau_pulls""",
    )
    assert 0.04 < weeks_late < 0.10
    assert unseen > 0


def test_payments_are_late_more_often_in_january_than_in_autumn(db: duckdb.DuckDBPyConnection) -> None:
    january, autumn = numbers(
        db,
        """SELECT avg((days_late > 0)::INTEGER) FILTER (month(due_on) = 1),
                  avg((days_late > 0)::INTEGER) FILTER (month(due_on) BETWEEN 9 AND 11) FROM payments""",
    )
    assert january > 1.25 * autumn


# -- risk --------------------------------------------------------------------------------------------------------

DEFAULTED = f"""SELECT customer_id, bool_or(
    days_late > 90 AND paid_on > DATE '{AS_OF}' AND paid_on <= DATE '{AS_OF}' + INTERVAL 12 MONTH) AS defaulted
  FROM payments GROUP BY customer_id"""


def test_default_rate_falls_over_score_deciles(db: duckdb.DuckDBPyConnection) -> None:
    deciles = rows(
        db,
        f"""SELECT decile, avg(coalesce(defaulted, false)::INTEGER), count(*)
            FROM (SELECT customer_id, ntile(10) OVER (ORDER BY credit_score, customer_id) AS decile
                  FROM customers WHERE credit_score BETWEEN 300 AND 850)
            LEFT JOIN ({DEFAULTED}) USING (customer_id) GROUP BY decile ORDER BY decile""",
    )
    rates = [float(str(rate)) for _, rate, _ in deciles]
    sizes = [int(str(size)) for _, _, size in deciles]
    assert len(rates) == 10
    # Neighbours may change places by chance only: by no more than two standard errors of their difference.
    for low, high, size in zip(rates, rates[1:], sizes, strict=False):
        tolerance = 2 * ((low * (1 - low) + high * (1 - high)) / size) ** 0.5
        assert high < low + tolerance, rates
    # Three deciles apart no tolerance is needed: the true rates differ by three standard errors and more.
    assert all(later < earlier for earlier, later in zip(rates, rates[3:], strict=False)), rates
    assert rates[0] > 3 * rates[9] > 0


def test_late_payments_cluster_before_default(db: duckdb.DuckDBPyConnection) -> None:
    ahead = rows(
        db,
        """WITH first AS (
             SELECT account_id, min(due_on) AS default_due FROM payments WHERE days_late > 90 GROUP BY account_id)
           SELECT datediff('month', due_on, default_due) AS months, avg((days_late > 0)::INTEGER), avg(days_late)
           FROM payments JOIN first USING (account_id) WHERE months BETWEEN 1 AND 12 GROUP BY months ORDER BY months""",
    )
    late_share = {int(str(months)): float(str(share)) for months, share, _ in ahead}
    delay = {int(str(months)): float(str(days)) for months, _, days in ahead}
    assert late_share[1] > 0.7
    assert min(late_share[months] for months in (1, 2, 3)) > 5 * max(late_share[months] for months in range(7, 13))
    assert delay[1] > delay[2] > delay[3] > delay[4] > delay[5] > 3 * delay[12]


def test_nothing_is_paid_on_loans_that_were_written_off(db: duckdb.DuckDBPyConnection) -> None:
    after, without_default = numbers(
        db,
        f"""SELECT count(*) FILTER (last_due > DATE '{AS_OF}'), count(*) FILTER (worst <= 90)
            FROM accounts JOIN (SELECT account_id, max(due_on) AS last_due, max(days_late) AS worst
                                FROM payments GROUP BY account_id) USING (account_id)
            WHERE status = 'written off'""",
    )
    assert (after, without_default) == (0, 0)


def test_risk_moves_the_columns_together(db: duckdb.DuckDBPyConnection) -> None:
    utilisation, income, debt, value, cost = numbers(
        db,
        """SELECT corr(credit_score, utilisation), corr(credit_score, ln(income)), corr(credit_score, debt_to_income),
                  corr(credit_score, clv_12m), corr(credit_score, acquisition_cost)
           FROM customers WHERE credit_score BETWEEN 300 AND 850""",
    )
    assert utilisation < -0.5
    assert income > 0.15
    assert debt < -0.3
    assert value > 0.3
    assert cost < -0.2


def test_scores_fall_ahead_of_default(db: duckdb.DuckDBPyConnection) -> None:
    slopes = rows(
        db,
        f"""SELECT defaulted, avg(slope) FROM (
              SELECT customer_id, regr_slope(score, pulled_on - DATE '2020-01-01') * 30.4375 AS slope
              FROM bureau_pulls WHERE score > 0 AND pulled_on <= DATE '{AS_OF}'
              GROUP BY customer_id HAVING count(*) > 1)
            JOIN ({DEFAULTED}) USING (customer_id) GROUP BY defaulted ORDER BY defaulted""",
    )
    (_, steady), (_, defaulting) = slopes
    assert float(str(defaulting)) < -2 < 0 < float(str(steady)) < 2


# -- the same every time -----------------------------------------------------------------------------------------


@pytest.mark.scale
def test_the_same_arguments_give_the_same_rows_with_any_number_of_threads(
    generator: ModuleType, tmp_path: Path
) -> None:
    """Enough borrowers for several row groups, since a thread takes a whole one."""
    for name, threads in (("one", 1), ("three", 3)):
        generator.generate(tmp_path / name, 150_000, AS_OF, seed=7, payments=300_000, threads=threads)
    assert fingerprints(tmp_path / "one") == fingerprints(tmp_path / "three")


def test_the_same_arguments_give_the_same_rows_again(generator: ModuleType, portfolio: Path, tmp_path: Path) -> None:
    generator.generate(tmp_path / "again", BORROWERS, AS_OF, seed=7)
    assert fingerprints(tmp_path / "again") == fingerprints(portfolio)


def test_another_seed_gives_another_portfolio(generator: ModuleType, tmp_path: Path) -> None:
    generator.generate(tmp_path / "seven", 500, AS_OF, seed=7)
    generator.generate(tmp_path / "eight", 500, AS_OF, seed=8)
    seven, eight = fingerprints(tmp_path / "seven"), fingerprints(tmp_path / "eight")
    assert all(seven[name] != eight[name] for name in KEYS)


def mix(x: int) -> int:
    """MurmurHash3's finaliser for 32 bits (Appleby)."""
    x = ((x ^ x >> 16) * 0x85EBCA6B) & 0xFFFFFFFF
    x = ((x ^ x >> 13) * 0xC2B2AE35) & 0xFFFFFFFF
    return x ^ x >> 16


def z(h: int, salt: int) -> float:
    """The sum of the four bytes of a draw, centred, over its standard deviation."""
    drawn = mix((h + salt * 2_654_435_769) & 0xFFFFFFFF)
    return (sum(drawn >> shift & 255 for shift in (0, 8, 16, 24)) - 510) / 147.8


def test_values_are_the_formulas_and_not_the_engines(db: duckdb.DuckDBPyConnection) -> None:
    assert mix(1) == 0x514E28B7  # the published hash of nothing with seed 1
    for customer_id, age, score in rows(
        db, "SELECT customer_id, age, credit_score FROM customers WHERE customer_id <= 200 ORDER BY ALL"
    ):
        assert isinstance(customer_id, int)
        h = mix(mix(customer_id) ^ mix(7))
        risk = 0.9 * z(h, 1) + 0.436 * z(h, 2)
        assert age == min(max(round(44 + 14 * z(h, 4) - 3 * risk), 18), 95)
        assert score in (0, 999, min(max(round(672 - 66 * risk + 20 * z(h, 3)), 300), 850))


def test_payments_can_be_thinned(generator: ModuleType, tmp_path: Path) -> None:
    generator.generate(tmp_path / "thin", 3_000, AS_OF, seed=7, payments=12_000)
    with duckdb.connect() as connection:
        (kept,) = numbers(connection, f"SELECT count(*) FROM read_parquet('{tmp_path}/thin/payments.parquet')")
    assert 0.95 * 12_000 < kept < 1.03 * 12_000


@pytest.mark.parametrize("as_of", [dt.date(2024, 2, 29), dt.date(2025, 12, 31)])
def test_any_as_of_date_works(generator: ModuleType, tmp_path: Path, as_of: dt.date) -> None:
    generator.generate(tmp_path / "data", 300, as_of, seed=7)
    with duckdb.connect() as connection:
        ahead, behind = numbers(
            connection,
            f"SELECT count(*) FILTER (opened_on > DATE '{as_of}'), count(*) FROM '{tmp_path}/data/accounts.parquet'",
        )
    assert ahead == 0 < behind


# -- what is refused ---------------------------------------------------------------------------------------------


def test_an_earlier_portfolio_is_replaced_and_nothing_is_left_behind(generator: ModuleType, tmp_path: Path) -> None:
    generator.generate(tmp_path / "data", 50, AS_OF, seed=1)
    generator.generate(tmp_path / "data", 60, AS_OF, seed=1)
    assert {path.name for path in tmp_path.iterdir()} == {"data"}
    assert {path.name for path in (tmp_path / "data").iterdir()} == {f"{name}.parquet" for name in KEYS}


def test_a_folder_with_other_files_is_left_alone(generator: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear all")
    with pytest.raises(ValueError, match="something else than an earlier portfolio"):
        generator.generate(tmp_path, 50, AS_OF, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_arguments_that_make_no_portfolio_are_refused(generator: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="borrowers must lie between"):
        generator.generate(tmp_path / "data", 0, AS_OF, seed=1)
    with pytest.raises(ValueError, match="payments must lie between 1 and"):
        generator.generate(tmp_path / "data", 10, AS_OF, seed=1, payments=100_000)
    assert list(tmp_path.iterdir()) == []
