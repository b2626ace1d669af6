"""Tables as the sheets of an Excel workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import duckdb

from ..errors import EngineError

MOST_ROWS = 1_048_575
"""Rows of a sheet, without its head."""
_NAME = 31
"""Characters of the name of a sheet."""
_AT_ONCE = 10_000


def write_workbook(file: Path, tables: Mapping[str, duckdb.DuckDBPyConnection]) -> None:
    """A sheet for each table, with a head that stays in sight and filters. Text stays text: what begins with `=` is no
    formula. Raises `EngineError` where the library is not installed."""
    try:
        import xlsxwriter
    except ImportError as problem:
        raise EngineError("Excel needs the extra `excel`: pip install 'segwright[excel]'") from problem
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        head = book.add_format({"bold": True})
        formats = {dt.date: book.add_format({"num_format": "yyyy-mm-dd"})}
        for name, result in tables.items():
            sheet = book.add_worksheet(name[:_NAME])
            columns = [column[0] for column in result.description or ()]
            sheet.write_row(0, 0, columns, head)
            sheet.freeze_panes(1, 0)
            rows = 0
            while part := result.fetchmany(_AT_ONCE):
                for row in part:
                    rows += 1
                    for at, value in enumerate(row):
                        sheet.write(rows, at, value, formats.get(type(value)))
            sheet.autofilter(0, 0, rows, max(0, len(columns) - 1))
