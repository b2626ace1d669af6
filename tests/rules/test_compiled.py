"""A run of a project from its compiled rule set, and its SQL, give what a run from its rule files gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from rules.conftest import Made
from rules.copies import NAMES, copied, generator

import segwright as sw

SEGWRIGHT = [sys.executable, "-c", "from segwright.cli import main; main()"]


@pytest.fixture(scope="module")
def personal_loans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The biggest project, over a small portfolio."""
    folder = copied("personal_loans", tmp_path_factory.mktemp("compiled"))
    generator("personal_loans").generate(folder / "data", 5_000)
    return folder


@pytest.fixture(params=["personal_loans", *NAMES])
def project(request: pytest.FixtureRequest, made: Made, personal_loans: Path) -> sw.Project:
    name: str = request.param
    return sw.open(personal_loans if name == "personal_loans" else made(name).folder)


def compiled(project: sw.Project, *options: str) -> str:
    """What `segwright compile` prints for a project."""
    command = [*SEGWRIGHT, "compile", str(project.settings.folder), *options]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def test_a_run_from_the_rule_set_is_the_run_from_source(project: sw.Project, tmp_path: Path) -> None:
    file = tmp_path / "approved.ruleset.json"
    file.write_text(compiled(project), encoding="utf-8")
    source = project.run(evidence=True, out=tmp_path / "source")
    again = project.run(ruleset=file, evidence=True, out=tmp_path / "again")
    # Counts, clauses, and the hash of the content of every segmentation.
    assert again.manifest.assignments == source.manifest.assignments
    for table in source.manifest.assignments:
        one, other = (
            f"FROM read_parquet('{run.folder / source.manifest.assignments[table].file}')" for run in (source, again)
        )
        with duckdb.connect() as db:
            assert db.execute(f"({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one})").fetchall() == []
            assert any(name.startswith("evidence_true") for name, *_ in db.execute(f"DESCRIBE {one}").fetchall())
    assert (again.folder / "ruleset.json").read_bytes() == (source.folder / "ruleset.json").read_bytes()
    assert again.manifest.cut_points == source.manifest.cut_points


def test_the_sql_gives_the_assignments_of_a_run(project: sw.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = compiled(project, "--sql")
    # The same run before as the SQL, which takes it from the settings' folder of runs.
    run = project.run(out=project.settings.out)
    monkeypatch.chdir(project.settings.folder)
    with duckdb.connect() as db:
        found = [db.execute(statement.query).fetchall() for statement in db.extract_statements(sql)]
        written = [
            db.execute(f"FROM read_parquet('{run.folder / record.file}')").fetchall()
            for record in run.manifest.assignments.values()
        ]
    shutil.rmtree(run.folder)
    assert [sorted(rows) for rows in found if rows] == [sorted(rows) for rows in written]
    assert os.fspath(project.settings.folder) not in sql
