"""Copies of the rule projects with data, for the tests that look at what the rules do."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import duckdb

import segwright as sw

RULES = Path(__file__).resolve().parents[2] / "rules"
NAMES = sorted(path.parent.name for path in RULES.glob("*/generate.py") if path.parent.name != "personal_loans")
"""The projects that are tested here; the first and biggest one has tests of its own."""


EARLIER = {"collections": ("2026-06-30", "2026-07-31")}
"""Where rules ask what the run before said: the dates of the runs that come first."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a rule project with data, and the folder of a run of it."""

    folder: Path
    run: Path


def generator(name: str) -> ModuleType:
    """The `generate.py` of a project, imported from where it lies."""
    spec = importlib.util.spec_from_file_location(f"{name}_generate", RULES / name / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copied(name: str, to: Path) -> Path:
    """A copy of a project below `to`, without data and runs."""
    shutil.copytree(RULES / name, to / name, ignore=shutil.ignore_patterns("data", "runs", "__pycache__"))
    return to / name


def made_copy(name: str, to: Path, *size: int) -> Copy:
    """A copy of a project with its data, of the default size without a `size`, and its runs, the last of them as of the
    date of its settings."""
    folder = copied(name, to)
    generator(name).generate(folder / "data", *size)
    project = sw.open(folder)
    for as_of in EARLIER.get(name, ()):
        project.run(as_of=as_of)
    return Copy(folder, project.run().folder)


@contextmanager
def opened(copy: Copy) -> Iterator[duckdb.DuckDBPyConnection]:
    """The data of a copy under the files' names, and its assignments as `assigned`, `assigned_<table>`."""
    with duckdb.connect() as db:
        for path in (copy.folder / "data").glob("*.parquet"):
            db.execute(f"CREATE VIEW {path.stem} AS FROM read_parquet('{path}')")
        for path in copy.run.glob("assignments*.parquet"):
            name = path.stem.replace("assignments", "assigned").replace(".", "_")
            db.execute(f"CREATE VIEW {name} AS FROM read_parquet('{path}')")
        yield db


def with_rows(name: str, to: Path, like: Copy, rows: Mapping[str, str]) -> Path:
    """A copy of a project whose data is only what is given: for each table the SQL of its rows.

    Tables have the columns that they have in `like`; those that are not given are empty, columns that are not are
    missing.
    """
    folder = copied(name, to)
    (folder / "data").mkdir()
    files = sorted((like.folder / "data").glob("*.parquet"))
    assert set(rows) <= {path.stem for path in files}
    with duckdb.connect() as db:
        for path in files:
            db.execute(f"CREATE OR REPLACE TABLE made AS FROM read_parquet('{path}') LIMIT 0")
            if path.stem in rows:
                db.execute(f"INSERT INTO made BY NAME {rows[path.stem]}")
            db.execute(f"COPY made TO '{folder}/data/{path.name}' (FORMAT parquet)")
    return folder


def segments(folder: Path, column: str, table: str = "", as_of: str | None = None) -> dict[object, object]:
    """What a run of a project answers for each key: the value of one column of its assignments."""
    run = sw.open(folder).run(as_of=as_of).folder
    file = run / f"assignments{table and '.' + table}.parquet"
    with duckdb.connect() as db:
        described = db.execute(f"DESCRIBE FROM read_parquet('{file}')").fetchall()
        found = db.execute(f"SELECT {described[0][0]}, {column} FROM read_parquet('{file}') ORDER BY 1").fetchall()
    return dict(found)
