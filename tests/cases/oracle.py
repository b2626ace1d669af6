"""A case on the reference interpreter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reference.reading import read

from segwright.dsl.check import check
from segwright.dsl.diagnostics import Diagnostic
from segwright.dsl.parse import parse
from segwright.dsl.program import Expr, Field, LetRef, Program, Table
from segwright.dsl.source import Source
from segwright.dsl.types import Length, Value
from segwright.dsl.walk import conditions, walk
from segwright.runtime.reference.interpreter import Assigned, Before, assign

from .format import Case, CaseError, Cell, RawTable


def checked(case: Case) -> tuple[Program | None, tuple[Diagnostic, ...], dict[str, Source]]:
    """The program of a case's rules (None where they have errors), all problems, and the texts."""
    sources = {name: Source(name, text) for name, text in case.rules.items()}
    parsed = [parse(source) for source in sources.values()]
    found = check([document for document, _ in parsed])
    problems = (*(problem for _, each in parsed for problem in each), *found.diagnostics)
    sound = not any(problem.severity == "error" for problem in problems)
    return found.program if sound else None, problems, sources


def reference_answers(case: Case, program: Program, as_of: dt.date) -> Assigned:
    """What the reference interpreter says; raises the errors of `segwright.runtime.reference.errors`."""
    raw = {table.name: raw_rows(program.table(table.name), table) for table in case.tables}
    return assign(program, read(program, raw), as_of, parameters(case, program), before(case, program))


def before(case: Case, program: Program) -> Before:
    """What the run before said, by segmentation and key."""
    return {
        each.segmentation: {_key(key, each.segmentation, program): segment for key, segment in each.segments}
        for each in case.previous
    }


def _key(written: str, segmentation: str, program: Program) -> int | str:
    table = program.table(program.segmentation(segmentation).table)
    return int(written) if table.field_named(table.key or "").type.kind == "integer" else written


# -- raw values ----------------------------------------------------------------------------------------------------


def raw_type(table: Table, raw: RawTable, column: str) -> str:
    """The DuckDB type of a column: what the head says, else what its field asks for."""
    if column in raw.types:
        return raw.types[column].upper()
    for field in table.fields:
        if field.column == column:
            return _type_of(field)
    return "VARCHAR"


def _type_of(field: Field) -> str:
    mapping = field.mapping
    if mapping.written is not None or mapping.true_codes or mapping.false_codes:
        return "VARCHAR"
    match field.type.kind:
        case "integer":
            return "BIGINT"
        case "number" | "percent":
            return "DOUBLE"
        case "money":
            return f"DECIMAL(18, {field.type.scale})"
        case "text":
            return "VARCHAR"
        case kind:
            return kind.upper()


def raw_rows(table: Table, raw: RawTable) -> list[dict[str, Any]]:
    """The rows of a table as raw Python values by column; CSV cells as what their fields ask for."""
    types = {column: raw_type(table, raw, column) for column in raw.columns}
    return [{column: _raw(cell, types[column], csv=raw.csv) for column, cell in line.items()} for line in raw.lines]


def _raw(cell: Cell | None, type_: str, *, csv: bool) -> Any:
    # "In CSV an empty cell is missing; elsewhere `""` is a value."
    if cell is None or (csv and cell.text == ""):
        return None
    text = cell.text
    match type_.split("(")[0]:
        case "VARCHAR":
            return text
        case "DOUBLE" | "FLOAT":
            return float(text)
        case "DECIMAL":
            return Decimal(text)
        case "BOOLEAN":
            return {"true": True, "false": False}[text]
        case "DATE":
            return dt.date.fromisoformat(text)
        case "TIMESTAMP":
            return dt.datetime.fromisoformat(text)
        case _:
            return int(text)


def parameters(case: Case, program: Program) -> dict[str, Value]:
    """The values that the case sets."""
    return {name: _parameter(text, program.parameter(name).type.kind) for name, text in case.parameters.items()}


def _parameter(text: str, kind: str) -> Value:
    match kind:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "percent":
            return float(Decimal(text.removesuffix("%")) / 100)
        case "boolean":
            return {"true": True, "false": False}[text]
        case "date":
            return dt.date.fromisoformat(text)
        case "duration":
            amount, unit = text.split()
            for known in ("day", "month", "year"):
                if unit.startswith(known):
                    return Length(int(amount), known)
            raise CaseError(f"`{text}` is no duration")
        case _:
            return text.strip('"')


# -- conditions by their words ----------------------------------------------------------------------------------------


def condition_named(program: Program, sources: dict[str, Source], table: str, words: str) -> Expr:
    """The condition over the rows of `table` that the rules write exactly so. Raises `CaseError`."""
    for expr in _conditions(program, table):
        if (
            expr.type.kind == "boolean"
            and expr.span.file
            and _said(sources[expr.span.file].words(expr.span)) == _said(words)
        ):
            return expr
    raise CaseError(f"the rules of `{table}` have no condition `{words}`")


def _said(words: str) -> str:
    return " ".join(words.split())


def _conditions(program: Program, table: str) -> Iterator[Expr]:
    for segmentation in program.segmentations:
        if segmentation.table == table:
            for condition in conditions(segmentation):
                yield from walk(condition)
            for segment in segmentation.segments:
                for consent in segment.consent:
                    yield from consent.fields
    for let in program.lets:
        if let.table == table:
            yield from (part for part in walk(let.value) if not isinstance(part, LetRef))
