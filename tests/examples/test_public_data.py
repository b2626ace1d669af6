"""The examples on public data: every row agrees with SQL that was written independently, by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

import segwright as sw

HERE = Path(__file__).parent


def assigned_and_expected(
    repository: Path, tmp_path: Path, example: str, sql: str, key: str, segmentation: str, data: dict[str, Path]
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
        select {key}, a.{segmentation}::varchar || '/' || a.{segmentation}_clause, e.expected
        from '{assignments}' a full join expected e using ({key})
        """
    ).fetchall()


@pytest.mark.parametrize(
    "example, sql, key, segmentation, files, rows, segments",
    [
        (
            "cdnow",
            "cdnow.sql",
            "customer_id",
            "rfm",
            {"customers": "cdnow_customers.parquet", "purchases": "cdnow_purchases.parquet"},
            23_570,
            10,
        ),
        (
            "lending_club",
            "lending_club.sql",
            "loan_id",
            "standing",
            {"loans": "lending_club_loans.parquet"},
            10_000,
            9,
        ),
    ],
    ids=["cdnow", "lending_club"],
)
def test_every_row_agrees_with_sql_written_by_hand(
    repository: Path,
    real_data: Path,
    tmp_path: Path,
    example: str,
    sql: str,
    key: str,
    segmentation: str,
    files: dict[str, str],
    rows: int,
    segments: int,
) -> None:
    data = {table: real_data / name for table, name in files.items()}
    found = assigned_and_expected(repository, tmp_path, example, sql, key, segmentation, data)
    assert len(found) == rows
    assert [row for row in found if row[1] != row[2]] == []
    assert len({row[1].split("/")[0] for row in found}) >= segments
