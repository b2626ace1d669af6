"""A case through the whole product: rows into files, a project folder, a run."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scratch import scratch

import segwright as sw
from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.program import Expr, Program, Table
from segwright.runtime.reference.interpreter import Answer

from .format import Case, RawTable
from .oracle import before, raw_rows, raw_type
from .run_before import write_run_before


@dataclass(frozen=True, slots=True)
class ProductAnswers:
    """What a run gives: table → key → segmentation → answer; with evidence also the truths of `conditions[table]`."""

    answers: dict[str, dict[Any, dict[str, Answer]]]
    conditions: dict[str, tuple[Expr, ...]]
    truths: dict[str, dict[Any, tuple[bool | None, ...]]]
    notes: tuple[str, ...]


def run_product(case: Case, program: Program, as_of: dt.date, folder: Path, *, evidence: bool) -> ProductAnswers:
    """Writes the case into `folder` and runs it there. Raises what `Project.run` raises."""
    write_case(case, program, folder)
    if case.previous:
        write_run_before(before(case, program), program, folder / "runs", as_of - dt.timedelta(days=1), project="case")
    run = sw.open(folder).run(as_of=as_of, parameters=case.parameters, evidence=evidence)
    found = ProductAnswers({}, {}, {}, tuple(note.message for note in run.manifest.notes))
    for population in plan_from_program(program).populations:
        relation = run.assignments_of(population.table)
        rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
        key = population.frame.key or ""
        found.answers[population.table] = {
            row[key]: {
                decision.segmentation: (row[decision.segmentation], row[f"{decision.segmentation}_clause"])
                if decision.exclusive
                else row[decision.segmentation]
                for decision in population.decisions
            }
            for row in rows
        }
        shown = [condition for condition in population.conditions if evidence and not condition.personal]
        found.conditions[population.table] = tuple(condition.written for condition in shown)
        found.truths[population.table] = {
            row[key]: tuple(truth(row, condition.number) for condition in shown) for row in rows
        }
    return found


def truth(row: dict[str, Any], number: int) -> bool | None:
    """What the evidence of an assignment says about a condition; None: unknown."""
    word, bit = divmod(number, 64)
    true, known = (bool(row[f"evidence_{kind}_{word}"] >> bit & 1) for kind in ("true", "known"))
    assert known or not true, f"condition {number} is true and unknown"
    return true if known else None


# -- files -----------------------------------------------------------------------------------------------------------


def write_case(case: Case, program: Program, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in case.rules.items():
        (folder / name).write_text(text, encoding="utf-8")
    raw = {table.name: table for table in case.tables}
    places = [_write_table(table, raw.get(table.name), folder) for table in program.tables]
    data = "\n".join(
        f"{_toml(table.name)} = {_toml(place)}" for table, place in zip(program.tables, places, strict=True)
    )
    settings = f'[project]\nname = "case"\nrules = ["*.seg"]\n\n[data]\n{data}\n'
    (folder / "segwright.toml").write_text(settings, encoding="utf-8")


def _toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write_table(table: Table, raw: RawTable | None, folder: Path) -> str:
    """Writes the rows of a table; gives the name of the file."""
    raw = raw or RawTable(table.name, False, tuple(field.column for field in table.fields), {}, ())
    if raw.csv:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(raw.columns)
            lines.writerows([cell.text if cell else "" for cell in line.values()] for line in raw.lines)
        return f"{table.name}.csv"
    columns = {column: raw_type(table, raw, column) for column in raw.columns}
    declared = ", ".join(f"{_quoted(column)} {type_}" for column, type_ in columns.items())
    with scratch() as con:
        con.execute(f"CREATE TEMP TABLE kept ({declared})")
        for row in raw_rows(table, raw):
            con.execute(f"INSERT INTO kept VALUES ({', '.join('?' * len(row))})", list(row.values()))
        con.execute(f"COPY kept TO '{folder / f'{table.name}.parquet'}' (FORMAT parquet)")
    return f"{table.name}.parquet"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
