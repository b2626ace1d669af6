"""What tests of `segwright init` share: a project begun from data, held to what every new project must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import segwright as sw
from segwright.compiler.plan import ColumnRead
from segwright.dsl.program import Field, Program
from segwright.dsl.source import Source
from segwright.formatting import laid_out
from segwright.project import Project
from segwright.runtime.connection import connected
from segwright.runtime.contracts import check_contracts
from segwright.runtime.sources import open_inputs
from segwright.starting.placing import put
from segwright.starting.records import Started
from segwright.starting.starting import start


@dataclass(frozen=True, slots=True)
class Begun:
    """A project that checks without a word, is laid out, runs, and passes its own tests. `sizes`: rows by segment."""

    started: Started
    project: Project
    program: Program
    sizes: Mapping[str, int]

    def fields(self, table: str) -> dict[str, Field]:
        """The declared fields of a table by name."""
        return {field.name: field for field in self.program.table(table).fields}

    def said(self, table: str, field: str) -> str:
        """What the comment of a field says."""
        guesses = next(each for each in self.started.tables if each.name == table)
        return "; ".join(guesses.fields[field].said)


def begin(folder: Path, *data: Path | str) -> Begun:
    """Start a project, and hold it to what `segwright init` promises."""
    started = start([str(each) for each in data], folder)
    put(folder, started.files)
    project = sw.open(folder)
    assert project.check() == ()
    for name, text in started.files.items():
        if name.endswith(".seg"):
            assert not laid_out(Source(name, text)).changed
    assert project.test().passed
    program = project.rules.program
    assert program is not None
    every_field_fits(program, project)
    run = project.run()
    (segmentation,) = run.assignments.columns[1:2]
    counted = run.assignments.aggregate(f'"{segmentation}", count(*)').fetchall()
    return Begun(started, project, program, dict(counted))


def every_field_fits(program: Program, project: Project) -> None:
    """Holds every declared field against every row, read or not, as a run does with what it reads."""
    columns = [
        ColumnRead(table.name, field.name, field.column, ()) for table in program.tables for field in table.fields
    ]
    with TemporaryDirectory() as work, connected(Path(work)) as con:
        inputs = open_inputs(con, program, columns, project.settings.data, Path(work))
        assert project.settings.as_of is not None
        check_contracts(con, program, columns, inputs, project.settings.as_of)


def rows(columns: str, *lines: str, separator: str = ",") -> str:
    """The text of a CSV file; columns are separated by blanks."""
    return "\n".join([separator.join(columns.split()), *lines]) + "\n"
