"""The rules of `rules/personal_loans` do to a small portfolio what they say."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import segwright as sw

BORROWERS = 20_000
HIDDEN_BELOW = 10
"""Groups that the policy hides; of so few borrowers some are."""
FILES = ("customers", "crm", "accounts", "payments", "bureau_pulls", "logins", "surveys")
VALUE_RISK = (
    "fraud_watch",
    "recovery",
    "hardship",
    "early_help",
    "dormant",
    "prime_digital",
    "prime",
    "thin_file",
    "subprime",
    "standard",
)
CAMPAIGNS = ("cross_sell", "win_back", "top_up", "go_digital", "ask_why")
ARREARS = ("lost", "late_60", "late_30", "watch", "repaid", "regular")


def notes(run: Path) -> str:
    """The notes of a run, one a line."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    return "\n".join(note["message"] for note in manifest["notes"])


@pytest.fixture(scope="module")
def folder(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rule project with a small portfolio of its own."""
    source = repository / "rules" / "personal_loans"
    spec = importlib.util.spec_from_file_location("personal_loans_generate", source / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    copy = tmp_path_factory.mktemp("rules") / "personal_loans"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("data", "runs", "__pycache__"))
    generator.generate(copy / "data", BORROWERS, dt.date(2026, 9, 1), seed=7)
    return copy


def run_as_of(project: Path, as_of: str, out: Path) -> Path:
    """Run a project and give the run's folder."""
    return sw.open(project).run(as_of=as_of, out=out).folder


@pytest.fixture(scope="module")
def run(folder: Path) -> Path:
    """The run as of the date of the settings."""
    return run_as_of(folder, "2026-09-01", folder / "runs")


@pytest.fixture(scope="module")
def db(folder: Path, run: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The portfolio, the assignments, and what the query written by hand makes of it."""
    by_hand = Path(__file__).with_name("personal_loans_by_hand.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        for name in FILES:
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{folder}/data/{name}.parquet')")
        connection.execute(f"CREATE VIEW assigned AS FROM read_parquet('{run}/assignments.parquet')")
        connection.execute(f"CREATE VIEW assigned_accounts AS FROM read_parquet('{run}/assignments.accounts.parquet')")
        connection.execute(f"CREATE TABLE by_hand AS {by_hand}")
        yield connection


def rows(db: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    """All rows of a query."""
    return db.execute(query).fetchall()


def numbers(db: duckdb.DuckDBPyConnection, query: str) -> list[float]:
    """The one row of a query whose columns are numbers."""
    (row,) = db.execute(query).fetchall()
    return [float(value) for value in row]


# -- the rules ---------------------------------------------------------------------------------------------------


def test_the_rules_check_clean(folder: Path) -> None:
    assert [(problem.code, problem.message) for problem in sw.open(folder).check()] == []


def test_every_borrower_and_every_loan_is_assigned_once(db: duckdb.DuckDBPyConnection) -> None:
    assert rows(db, "SELECT count(*), count(DISTINCT customer_id) FROM assigned") == [(BORROWERS, BORROWERS)]
    assert rows(db, "SELECT account_id FROM accounts SEMI JOIN customers USING (customer_id) ORDER BY ALL") == rows(
        db, "SELECT account_id FROM assigned_accounts ORDER BY ALL"
    )


@pytest.mark.parametrize("segment", VALUE_RISK)
def test_no_segment_is_empty(db: duckdb.DuckDBPyConnection, segment: str) -> None:
    (members,) = numbers(db, f"SELECT count(*) FROM assigned WHERE value_risk = '{segment}'")
    assert 0 < members < BORROWERS / 2


@pytest.mark.parametrize("segment", ARREARS)
def test_no_stage_is_empty(db: duckdb.DuckDBPyConnection, segment: str) -> None:
    (members,) = numbers(db, f"SELECT count(*) FROM assigned_accounts WHERE arrears_stage = '{segment}'")
    assert members > 0


@pytest.mark.parametrize("segment", CAMPAIGNS)
def test_no_campaign_is_empty(db: duckdb.DuckDBPyConnection, segment: str) -> None:
    (members,) = numbers(db, f"SELECT count(*) FROM assigned WHERE list_contains(campaigns, '{segment}')")
    assert 0 < members < BORROWERS / 2


def test_every_clause_decides_for_somebody(db: duckdb.DuckDBPyConnection) -> None:
    assert rows(db, "SELECT DISTINCT value_risk_clause FROM assigned ORDER BY ALL") == [(n,) for n in range(1, 14)]
    assert rows(db, "SELECT DISTINCT arrears_stage_clause FROM assigned_accounts ORDER BY ALL") == [
        (n,) for n in range(1, 8)
    ]


def test_every_row_is_what_the_query_written_by_hand_says(db: duckdb.DuckDBPyConnection) -> None:
    different = rows(
        db,
        """SELECT customer_id, value_risk, segment, value_risk_clause, clause, assigned.campaigns, by_hand.campaigns
           FROM assigned FULL JOIN by_hand USING (customer_id)
           WHERE value_risk::VARCHAR IS DISTINCT FROM segment OR value_risk_clause IS DISTINCT FROM clause
              OR assigned.campaigns::VARCHAR[] IS DISTINCT FROM by_hand.campaigns
           ORDER BY customer_id LIMIT 10""",
    )
    assert different == []


def test_every_loan_is_what_the_query_written_by_hand_says(db: duckdb.DuckDBPyConnection) -> None:
    different = rows(
        db,
        """WITH late AS (
             SELECT account_id, count(*) AS times FROM payments
             WHERE days_late > 30 AND paid_on > DATE '2026-03-01' AND paid_on <= DATE '2026-09-01' GROUP BY account_id),
           expected AS (
             SELECT account_id, CASE
                 WHEN status = 'written off' THEN 1
                 WHEN days_past_due > 60 THEN 2
                 WHEN days_past_due BETWEEN 31 AND 60 THEN 3
                 WHEN times >= 2 THEN 4
                 WHEN times = 1 AND principal - balance < 0.5 * principal AND debt_to_income > 25 THEN 5
                 WHEN status = 'closed' THEN 6
                 ELSE 7 END AS clause
             FROM accounts JOIN customers USING (customer_id) LEFT JOIN late USING (account_id))
           SELECT account_id, arrears_stage, arrears_stage_clause, clause
           FROM assigned_accounts FULL JOIN expected USING (account_id)
           WHERE arrears_stage_clause IS DISTINCT FROM clause ORDER BY account_id LIMIT 10""",
    )
    assert different == []


# -- consent, time, data -----------------------------------------------------------------------------------------


def test_nobody_is_approached_without_consent_or_against_their_will(db: duckdb.DuckDBPyConnection) -> None:
    approached, unasked = numbers(
        db,
        """SELECT count(*), count(*) FILTER (marketing_consent IS NOT TRUE OR do_not_call IS TRUE)
           FROM assigned JOIN customers USING (customer_id) LEFT JOIN crm USING (customer_id)
           WHERE len(campaigns) > 0""",
    )
    assert approached > 1_000
    assert unasked == 0


def test_segments_are_in_force_between_their_dates_only(folder: Path, tmp_path: Path) -> None:
    run = run_as_of(folder, "2026-06-30", tmp_path / "runs")
    with duckdb.connect() as connection:
        early_help, top_up, all_rows = numbers(
            connection,
            f"""SELECT count(*) FILTER (value_risk = 'early_help'),
                       count(*) FILTER (list_contains(campaigns, 'top_up')),
                       count(*) FROM read_parquet('{run}/assignments.parquet')""",
        )
    assert (early_help, top_up, all_rows) == (0, 0, BORROWERS)


@pytest.mark.parametrize("table", [name for name in FILES if name != "customers"])
def test_rows_without_a_parent_are_noted(db: duckdb.DuckDBPyConnection, run: Path, table: str) -> None:
    (orphans,) = numbers(db, f"SELECT count(*) FROM {table} ANTI JOIN customers USING (customer_id)")
    assert orphans > 0
    said = "fewer than 10 rows" if orphans < HIDDEN_BELOW else f"{orphans:.0f} rows"
    assert f"{said} of `{table}` belong to no row of `customers`" in notes(run)


def test_values_outside_their_list_are_noted(db: duckdb.DuckDBPyConnection, run: Path) -> None:
    (untidy,) = numbers(db, "SELECT count(*) FROM customers WHERE employment = 'n/a'")
    assert any(f"{untidy:.0f}" in note and "`employment`" in note for note in notes(run).splitlines())


# -- outcomes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "segment, default_rate, cost, value, two_products, nps",
    [("prime_digital", 0.021, 150, 1200, 0.30, 0.72), ("subprime", 0.087, 350, 650, 0.12, 0.55)],
)
def test_the_two_segments_differ_as_intended(
    db: duckdb.DuckDBPyConnection,
    segment: str,
    default_rate: float,
    cost: float,
    value: float,
    two_products: float,
    nps: float,
) -> None:
    """Within three standard errors of the portfolio's targets, and a tenth for the amounts of money."""
    members, defaults, paid, brought, two, promoted, answers = numbers(
        db,
        f"""SELECT count(*), avg(coalesce(defaulted, false)::INTEGER), avg(acquisition_cost), avg(clv_12m),
              avg((products >= 2)::INTEGER),
              avg(CASE WHEN nps_answer >= 9 THEN 1 WHEN nps_answer >= 7 THEN 0 ELSE -1 END)
                FILTER (nps_answer IS NOT NULL),
              count(nps_answer)
            FROM assigned JOIN customers USING (customer_id) LEFT JOIN (
              SELECT customer_id, bool_or(days_late > 90) AS defaulted FROM payments
              WHERE paid_on > DATE '2026-09-01' AND paid_on <= DATE '2027-09-01' GROUP BY customer_id
            ) USING (customer_id)
            WHERE value_risk = '{segment}'""",
    )
    assert defaults == pytest.approx(default_rate, abs=3 * (default_rate * (1 - default_rate) / members) ** 0.5)
    assert two == pytest.approx(two_products, abs=3 * (two_products * (1 - two_products) / members) ** 0.5)
    assert promoted == pytest.approx(nps, abs=3 * 0.7 / answers**0.5)
    assert paid == pytest.approx(cost, rel=0.1)
    assert brought == pytest.approx(value, rel=0.1)


WORTH = {
    "prime_digital": {"default_rate": 0.021, "acquisition_cost": 150, "clv": 1200, "cross_sell_rate": 0.3, "nps": 72},
    "subprime": {"default_rate": 0.087, "acquisition_cost": 350, "clv": 650, "cross_sell_rate": 0.12, "nps": 55},
}
"""What the generator is made to give."""


@pytest.mark.scale
def test_the_two_segments_are_worth_what_they_are_made_to_be(repository: Path, tmp_path: Path) -> None:
    """Over the whole portfolio every figure lies within the interval that the run states for it."""
    folder = tmp_path / "personal_loans"
    shutil.copytree(repository / "rules" / "personal_loans", folder, ignore=shutil.ignore_patterns("data", "runs"))
    subprocess.run([sys.executable, folder / "generate.py"], check=True)
    found = measures(sw.open(folder).run().folder)
    for segment, worth in WORTH.items():
        for name, figure in worth.items():
            record = found[name]["segmentations"]["value_risk"][segment]
            assert record["low"] <= figure <= record["high"], (segment, name, record)


def measures(run: Path) -> dict[str, Any]:
    """The measures of the customers, by name."""
    return json.loads((run / "outcomes.json").read_text(encoding="utf-8"))["tables"]["customers"]["measures"]


def test_measures_are_those_of_a_query_by_hand(db: duckdb.DuckDBPyConnection, run: Path) -> None:
    """To the last bit: averages and sums of money are exact, and the divisions are those of the reference."""
    found = measures(run)
    assert set(found) == {"default_rate", "acquisition_cost", "clv", "cross_sell_rate", "nps", "roi"}
    for segment in (*VALUE_RISK, None):
        members, defaults, cost, value, two, promoters, detractors, answers = numbers(
            db,
            f"""SELECT count(*), count(late), sum(CAST(acquisition_cost * 100 AS BIGINT)),
                  sum(CAST(clv_12m * 100 AS BIGINT)),
                  count(*) FILTER (products >= 2), count(*) FILTER (nps_answer >= 9),
                  count(*) FILTER (nps_answer <= 6), count(nps_answer)
                FROM assigned JOIN customers USING (customer_id) LEFT JOIN (
                  SELECT DISTINCT customer_id, true AS late FROM payments
                  WHERE days_late > 90 AND paid_on > DATE '2026-09-01' AND paid_on <= DATE '2027-09-01'
                ) USING (customer_id)
                {"" if segment is None else f"WHERE value_risk = '{segment}'"}""",
        )
        shown = {
            name: record["everybody"] if segment is None else record["segmentations"]["value_risk"][segment]
            for name, record in found.items()
        }
        by_hand = {
            "default_rate": round(float(defaults) / float(members), 9),
            "acquisition_cost": float(cost) / 100.0 / float(members),
            "clv": float(value) / 100.0 / float(members),
            "cross_sell_rate": round(float(two) / float(members), 9),
            "nps": float(100 * (promoters - detractors)) / float(answers),
            "roi": (float(value - cost) / 100.0) / (float(cost) / 100.0),
        }
        hidden = {name for name, record in shown.items() if record["status"] == "hidden"}
        assert {name: shown[name]["value"] for name in by_hand if name not in hidden} == {
            name: figure for name, figure in by_hand.items() if name not in hidden
        }
        assert hidden == set() or segment not in (None, "prime_digital", "subprime", "standard")
        assert "nps" in hidden or shown["nps"]["unknown"] == members - answers


def test_what_is_not_evaluated_is_said_with_every_run(run: Path) -> None:
    said = [note for note in notes(run).splitlines() if "not yet evaluated" in note]
    assert said == [
        "1 experiment is checked, not yet evaluated by this version",
        "2 guarantees are checked, not yet evaluated by this version",
    ]


def test_every_target_is_told(run: Path) -> None:
    """Five measures of each of the two segments, and the size of the first; sizes are counted."""
    found = json.loads((run / "outcomes.json").read_text(encoding="utf-8"))["tables"]["customers"]["targets"]
    assert [(each["segment"], each.get("measure")) for each in found] == [
        *(("prime_digital", name) for name in WORTH["prime_digital"]),
        ("prime_digital", None),
        *(("subprime", name) for name in WORTH["subprime"]),
    ]
    (size,) = (each for each in found if each.get("measure") is None)
    assert size["verdict"] == "met"
