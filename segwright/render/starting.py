"""What `segwright init` found and wrote."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..starting.fields import kept_as_text
from ..starting.records import Guess, Started, TableGuess
from .text import padded, plural, style, visible

FEW = 6
"""Columns that are kept as text, of which the terminal tells."""


def as_text(started: Started, written: Sequence[str]) -> str:
    """The tables, what to look at first, and what to do next."""
    place = _shown(started.folder)
    lines = [f"{style('a project', bold=True)} in {place}: {', '.join(written)}", ""]
    width = max(len(table.name) for table in started.tables)
    lines += [f"  {padded(table.name, width)}  {_table(table)}" for table in started.tables]
    lines += _labels(started.tables, "personal", "never shown") + _labels(
        started.tables, "protected", "decides nothing"
    )
    lines += _texts(started.tables)
    lines += [
        f"  left out: the column `{column}` of `{table.name}`, as {reason}"
        for table in started.tables
        for column, reason in table.profile.left_out
    ]
    lines += [f"  left out: `{each.table}` ({each.shown}): {each.reason}" for each in started.left_out]
    guesses = sum(guess.guessed for table in started.tables for guess in table.fields.values())
    lines += [
        "",
        f"{plural(guesses, 'field')} with a guess: `# guess:` in schema.seg says why, with the figures behind it",
    ]
    if ".gitignore" not in written:
        lines.append("there is a .gitignore already: add `runs/` to it")
    file, line = started.edit
    project = "" if place == "this folder" else f" {place}"
    edited = file if not project else f"{place}/{file}"
    lines += [
        "",
        f"next: segwright check{project}",
        f"      segwright run{project}",
        f"      edit {edited}, line {line}: the first segmentation is yours to change",
    ]
    return "\n".join(map(_safe, lines)) + "\n"


def _safe(line: str) -> str:
    return "\x1b".join(visible(part) for part in line.split("\x1b"))


def _table(table: TableGuess) -> str:
    said = {"root": "one row each", "attached": "attached to", "child": "many rows of", "events": "events of"}[
        table.role
    ]
    of = f" `{table.parent}`" if table.parent is not None else ""
    keyed = f" by `{table.by}`" if table.by is not None else ""
    key = f", key `{table.key}`" if table.key is not None else ""
    at = f", at `{table.at}`" if table.at is not None else ""
    return f"{plural(table.profile.rows, 'row')}, {plural(len(table.fields), 'column')}: {said}{of}{keyed}{key}{at}"


def _labels(tables: Sequence[TableGuess], label: str, means: str) -> list[str]:
    found = [
        f"`{table.name}.{name}`"
        for table in tables
        for name, guess in table.fields.items()
        if (guess.field.personal if label == "personal" else guess.field.protected)
    ]
    return [f"  {label} ({means}): {', '.join(found)}"] if found else []


def _texts(tables: Sequence[TableGuess]) -> list[str]:
    """Columns that look as if they held numbers or times, and are text: most are a matter of how a file was saved."""
    found = [
        f"  kept as text: `{table.name}.{name}`: {why}"
        for table in tables
        for name, guess in table.fields.items()
        if (why := kept_as_text(guess)) is not None
    ]
    more = len(found) - FEW
    return found if more <= 0 else [*found[:FEW], f"  kept as text: {more:,} more; schema.seg tells of each"]


def _shown(folder: Path) -> str:
    if folder == Path.cwd():
        return "this folder"
    try:
        shown = os.path.relpath(folder)
    except ValueError:  # another drive
        return str(folder)
    return shown if not shown.startswith(os.path.join("..", "..")) else str(folder)


def files_text(started: Started) -> str:
    """The files one below the other, as they would be written."""
    return "\n".join(f"{style(f'── {name}', bold=True)}\n{text}" for name, text in started.files.items())


def as_json(started: Started, written: Sequence[str]) -> dict[str, Any]:
    """`folder`, `name`, `as_of`, `written`, `files` by name, `tables` with their fields and guesses, `left_out`, and
    the place to `edit`."""
    return {
        "folder": str(started.folder),
        "name": started.name,
        "as_of": started.as_of.isoformat(),
        "written": list(written),
        "files": dict(started.files),
        "tables": {table.name: _table_json(table) for table in started.tables},
        "left_out": {each.table: each.reason for each in started.left_out},
        "edit": {"file": started.edit[0], "line": started.edit[1]},
    }


def _table_json(table: TableGuess) -> dict[str, Any]:
    return {
        "role": table.role,
        "rows": table.profile.rows,
        "parent": table.parent,
        "by": table.by,
        "key": table.key,
        "at": table.at,
        "then": table.then,
        "because": list(table.said),
        "fields": {name: _field_json(guess) for name, guess in table.fields.items()},
        "left_out": dict(table.profile.left_out),
    }


def _field_json(guess: Guess) -> dict[str, Any]:
    field, column = guess.field, guess.column
    return {
        "column": field.column,
        "type": str(field.type),
        "optional": field.optional,
        "personal": field.personal,
        "protected": field.protected,
        "missing": column.missing,
        "distinct": column.distinct,
        "guessed": guess.guessed,
        "because": list(guess.said),
    }
