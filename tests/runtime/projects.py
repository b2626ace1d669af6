"""Small projects on disk: rules, data in any format, settings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scratch import scratch

from segwright.dsl.project import check_files
from segwright.runtime.engines.names import ENGINES, EngineName
from segwright.runtime.errors import DataError, Violation
from segwright.runtime.run import Run, RunOptions, execute
from segwright.runtime.settings import read_settings, rule_files

AS_OF = "2026-09-01"


@dataclass(slots=True)
class Project:
    """A project in a folder of its own. Data is given as the SQL of its rows."""

    folder: Path
    data: dict[str, str] = field(default_factory=dict)
    more: str = ""
    engine: EngineName = ENGINES[0]

    @property
    def out(self) -> Path:
        return self.folder / "runs"

    def rules(self, text: str) -> None:
        (self.folder / "rules.seg").write_text(text, encoding="utf-8")

    def table(self, name: str, rows: str, columns: str, ending: str = "parquet") -> None:
        """Keep the rows (what stands in VALUES) under column names (with types, where it matters)."""
        query = f"SELECT * FROM (VALUES {rows}) AS t({columns})"
        self.query(name, query, ending)

    def query(self, name: str, query: str, ending: str = "parquet") -> None:
        (self.folder / "data").mkdir(exist_ok=True)
        if ending == "duckdb":
            with duckdb.connect(self.folder / "data" / "warehouse.duckdb") as con:
                con.execute(f"CREATE SCHEMA IF NOT EXISTS core; CREATE TABLE core.{name} AS {query}")
            self.data[name] = f'{{ duckdb = "data/warehouse.duckdb", table = "core.{name}" }}'
            return
        with scratch() as con:
            options = ", ARRAY true" if ending == "json" else ""
            format = {"parquet": "parquet", "pq": "parquet", "csv": "csv", "tsv": "csv, DELIMITER '\t'"}.get(
                ending.split(".")[0], "json"
            )
            con.execute(f"COPY ({query}) TO '{self.folder}/data/{name}.{ending}' (FORMAT {format}{options})")
        self.data[name] = f'"data/{name}.{ending}"'

    def file(self, name: str, content: str | bytes, ending: str = "csv") -> None:
        """Keep a file as it stands."""
        (self.folder / "data").mkdir(exist_ok=True)
        bytes_ = content.encode() if isinstance(content, str) else content
        (self.folder / "data" / f"{name}.{ending}").write_bytes(bytes_)
        self.data[name] = f'"data/{name}.{ending}"'

    def run(self, **options: Any) -> Run:
        lines = [f"{name} = {place}" for name, place in self.data.items()]
        settings = "\n".join(
            ["[data]", *lines, "[run]", f"as_of = {AS_OF}", f'engine = "{self.engine}"', self.more, ""]
        )
        (self.folder / "segwright.toml").write_text(settings, encoding="utf-8")
        found = read_settings(self.folder)
        checked = check_files(rule_files(found), self.folder)
        assert checked.program is not None, [problem.message for problem in checked.diagnostics]
        return execute(checked.program, checked.sources.values(), found, RunOptions(**options))

    def violations(self, **options: Any) -> tuple[Violation, ...]:
        """What the data error tells; nothing is left behind."""
        with pytest.raises(DataError) as caught:
            self.run(**options)
        assert not self.out.exists()
        assert caught.value.exit_code == 3
        for violation in caught.value.violations:
            assert violation.sentence in caught.value.message
        return caught.value.violations

    def assigned(self, run: Run, columns: str = "*", file: str = "assignments.parquet") -> list[tuple[Any, ...]]:
        with scratch() as con:
            return con.execute(f"SELECT {columns} FROM '{run.folder / file}' ORDER BY 1").fetchall()


def sentences(violations: Iterable[Violation]) -> list[str]:
    """What is said of each."""
    return [violation.sentence for violation in violations]
