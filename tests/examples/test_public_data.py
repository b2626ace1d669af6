"""The examples on public data: every row agrees with SQL that was written independently, by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from statsmodels.stats.proportion import proportion_confint

import segwright as sw
from segwright.runtime.outcomes.records import FigureRecord

HERE = Path(__file__).parent
CARAVAN = {"customers": "caravan_insurance.parquet"}


def assigned_and_expected(
    repository: Path,
    tmp_path: Path,
    example: str,
    sql: str,
    key: str,
    segmentation: str,
    column: str,
    data: dict[str, Path],
) -> list[tuple[object, str, str]]:
    """Key, assigned and expected `segment/clause` of every row; the two sides are joined on the key."""
    project = tmp_path / example
    shutil.copytree(repository / "examples" / example, project)
    run = sw.open(project).run(data={table: str(path) for table, path in data.items()})
    connection = duckdb.connect()
    for table, path in data.items():
        connection.execute(f"create view {table} as from '{path}'")
    connection.execute(f"create table expected as {(HERE / sql).read_text()}")
    assignments = run.folder / "assignments.parquet"
    return connection.execute(
        f"""
        select {key}, a.{segmentation}::varchar || '/' || a.{segmentation}_clause, e.{column}
        from '{assignments}' a full join expected e using ({key})
        """
    ).fetchall()


@pytest.mark.parametrize(
    "example, sql, key, segmentation, column, files, rows, segments",
    [
        (
            "cdnow",
            "cdnow.sql",
            "customer_id",
            "rfm",
            "expected",
            {"customers": "cdnow_customers.parquet", "purchases": "cdnow_purchases.parquet"},
            23_570,
            10,
        ),
        (
            "lending_club",
            "lending_club.sql",
            "loan_id",
            "standing",
            "expected",
            {"loans": "lending_club_loans.parquet"},
            10_000,
            9,
        ),
        (
            "lending_club",
            "underwriting.sql",
            "loan_id",
            "underwriting",
            "expected",
            {"loans": "lending_club_loans.parquet"},
            10_000,
            5,
        ),
        ("caravan", "caravan.sql", "customer_id", "caravan", "expected", CARAVAN, 5_822, 8),
        ("caravan", "caravan.sql", "customer_id", "car_cover", "cover", CARAVAN, 5_822, 4),
    ],
    ids=["cdnow", "lending_club", "underwriting", "caravan", "car_cover"],
)
def test_every_row_agrees_with_sql_written_by_hand(
    repository: Path,
    real_data: Path,
    tmp_path: Path,
    example: str,
    sql: str,
    key: str,
    segmentation: str,
    column: str,
    files: dict[str, str],
    rows: int,
    segments: int,
) -> None:
    data = {table: real_data / name for table, name in files.items()}
    found = assigned_and_expected(repository, tmp_path, example, sql, key, segmentation, column, data)
    assert len(found) == rows
    assert [row for row in found if row[1] != row[2]] == []
    assert len({row[1].split("/")[0] for row in found}) >= segments


@pytest.mark.parametrize(
    "example, sql, table, file, key, score, decision",
    [
        (
            "lending_club",
            "underwriting.sql",
            "loans",
            "lending_club_loans.parquet",
            "loan_id",
            "application",
            "outcome",
        ),
        ("caravan", "caravan.sql", "customers", "caravan_insurance.parquet", "customer_id", "interest", "life_stage"),
    ],
    ids=["underwriting", "caravan"],
)
def test_every_score_and_every_decision_agrees_too(
    repository: Path,
    real_data: Path,
    tmp_path: Path,
    example: str,
    sql: str,
    table: str,
    file: str,
    key: str,
    score: str,
    decision: str,
) -> None:
    project = tmp_path / example
    shutil.copytree(repository / "examples" / example, project)
    run = sw.open(project).run(data={table: str(real_data / file)}, values=True)
    connection = duckdb.connect()
    connection.execute(f"create view {table} as from '{real_data / file}'")
    differing = connection.execute(
        f"""
        select {key}, a.{score}, e.score, a.{decision}, e.decided
        from '{run.folder / "assignments.parquet"}' a full join ({(HERE / sql).read_text()}) e using ({key})
        where a.{score} is distinct from e.score or a.{decision} is distinct from e.decided
        """
    ).fetchall()
    assert differing == []


def test_a_known_figure_of_the_caravan_data_comes_out(repository: Path, real_data: Path, tmp_path: Path) -> None:
    """Of 2,319 customers in class 6 of car cover 262 bought: a count of the file, made without these rules; with the
    interval of Wilson by another implementation."""
    project = tmp_path / "caravan"
    shutil.copytree(repository / "examples" / "caravan", project)
    run = sw.open(project).run(data={"customers": str(real_data / "caravan_insurance.parquet")})
    assert run.manifest.assignments["customers"].segmentations["car_cover"].segments["full"].count == 2_319
    figure = measured(run, "customers", "bought_rate")["car_cover"]["full"]
    assert figure.value == round(262 / 2_319, 9)
    assert (figure.n, figure.unknown, figure.small) == (2_319, 0, None)
    assert (figure.low, figure.high) == pytest.approx(proportion_confint(262, 2_319, method="wilson"), rel=1e-5)


def measured(run: sw.Run, table: str, measure: str) -> dict[str, dict[str, FigureRecord]]:
    """The figures of a measure by segmentation and segment."""
    assert run.outcomes is not None
    return run.outcomes.tables[table].measures[measure].segmentations


def test_late_rates_of_the_loans_rise_with_the_grade_as_counted_by_hand(
    repository: Path, real_data: Path, tmp_path: Path
) -> None:
    """Rates and money paid back of each grade against SQL, intervals against another implementation of Wilson's."""
    project = tmp_path / "lending_club"
    shutil.copytree(repository / "examples" / "lending_club", project)
    file = real_data / "lending_club_loans.parquet"
    run = sw.open(project).run(data={"loans": str(file)})
    late, repaid = measured(run, "loans", "late_rate")["graded"], measured(run, "loans", "repaid")["graded"]
    by_hand = duckdb.execute(
        f"""
        select case when grade in ('F', 'G') then 'F_or_G' else grade end as graded, count(*),
          count(*) filter (loan_status = 'Charged Off' or starts_with(loan_status, 'Late')),
          sum(paid_principal) / sum(loan_amount)
        from '{file}' group by 1 order by 1
        """
    ).fetchall()
    assert [graded for graded, *_ in by_hand] == list(late) == ["A", "B", "C", "D", "E", "F_or_G"]
    for graded, n, bad, paid in by_hand:
        figure = late[graded]
        assert (figure.n, figure.value) == (n, round(bad / n, 9))
        assert (figure.low, figure.high) == pytest.approx(proportion_confint(bad, n, method="wilson"), rel=1e-5)
        assert repaid[graded].value == pytest.approx(paid, rel=1e-9)
    rates = [float(late[graded].value or 0) for graded, *_ in by_hand]
    assert rates == sorted(rates)
