"""Decision tables: rows that can hold together, what no row fits, and rows that never decide."""

from __future__ import annotations

from collections.abc import Sequence

from ... import program as p
from ...diagnostics import Label, Problems
from ...walk import walk
from ...wording import wording
from ..names import Names
from .columns import ANY, Column, column
from .said import examples, rows_listed, widest_cell
from .sweep import TooMany, Work, bits, gap, gap_beside_disjoint, hidden, meeting, overlaps
from .truth import Values

_SHOWN = 10
"""How many rows that overlap are shown one by one."""


def check_rows(let: p.Let, choice: p.Choice, names: Names, values: Values, problems: Problems) -> None:
    """Report what is wrong among the rows of a decision."""
    columns = [
        column(asked, [row.cells[at] for row in choice.rows], names, values) for at, asked in enumerate(choice.inputs)
    ]
    impossible = warn_of_impossible(columns, "row", let.table, problems)
    if choice.unique:
        _report_overlaps(let, choice, columns, problems)
    else:
        _warn_of_hidden_rows(let, choice, columns, impossible, problems)
    _report_gap(let, choice, columns, problems)


# -- rows that can hold together -------------------------------------------------------------------------------------


def _report_overlaps(let: p.Let, choice: p.Choice, columns: Sequence[Column], problems: Problems) -> None:
    masks = [each.masks for each in columns]
    found = list(overlaps(masks, len(choice.rows)))
    for number, (earlier, row) in enumerate(found[:_SHOWN]):
        pieces = meeting(masks, 1 << earlier | 1 << row) or ()
        asked = [any(each.cells[at] != ANY for at in (earlier, row)) for each in columns]
        witness = examples(columns, pieces, asked, let.table)
        hints = ["`first` in place of `unique` lets the first row that holds decide"] if number == 0 else []
        if number == _SHOWN - 1 and len(found) > _SHOWN:
            hints.append(f"{len(found) - _SHOWN} more rows can hold together with an earlier one")
        problems.error(
            "SEG820",
            choice.rows[row].span,
            f"{witness} fits {rows_listed([earlier, row])} of `{let.name}`, and by `unique` at most one row holds",
            labels=[Label(choice.rows[earlier].span, f"row {earlier + 1}")],
            hints=hints,
        )


# -- what no row fits ------------------------------------------------------------------------------------------------


def _report_gap(let: p.Let, choice: p.Choice, columns: Sequence[Column], problems: Problems) -> None:
    masks = [each.masks for each in columns]
    try:
        if next(overlaps(masks, len(choice.rows)), None) is None:
            found = gap_beside_disjoint(masks, len(choice.rows))
        else:
            found = gap(masks, (1 << len(choice.rows)) - 1, Work())
    except TooMany:
        if choice.otherwise is None:
            problems.error(
                "SEG821",
                let.span,
                f"`{let.name}` has too many combinations of values to decide whether every one of them fits a row",
                hints=["end it with `| otherwise | … |`"],
            )
        return
    if found is None:
        if choice.otherwise is not None and not _reads_parameters(choice):
            problems.warning(
                "SEG822", choice.otherwise.span, f"nothing is left for `otherwise`: the rows of `{let.name}` fit it all"
            )
        return
    if choice.otherwise is None:
        _report_missing_row(let, columns, found, problems)


def _report_missing_row(let: p.Let, columns: Sequence[Column], pieces: tuple[int, ...], problems: Problems) -> None:
    cells, shown = _row_for(columns, pieces)
    witness = examples(columns, pieces, shown, let.table)
    if cells is None:
        hints = ["what no row fits is decided by a last row `| otherwise | … |`"]
    else:
        hints = [
            f"this row, with its result, would fit it: `| {' | '.join(cells)} | … |`",
            "or what no row fits is decided by a last row `| otherwise | … |`",
        ]
    problems.error("SEG821", let.span, f"no row of `{let.name}` fits {witness}", hints=hints)


def _row_for(columns: Sequence[Column], pieces: tuple[int, ...]) -> tuple[list[str] | None, list[bool]]:
    """The cells of a row that holds where no other does, as widely as cells can say it, the given pieces included; and
    which columns matter to it. None where a cell cannot say it."""
    holds = [[at == piece for at in range(len(each.masks))] for each, piece in zip(columns, pieces, strict=True)]
    cells: list[str] = []
    sayable = True
    for number, (each, piece) in enumerate(zip(columns, pieces, strict=True)):
        elsewhere = -1
        for other, on in enumerate(holds):
            if other != number:
                elsewhere &= _hit(columns[other], on)
        fitting = [not mask & elsewhere for mask in each.masks]
        widest = widest_cell(each, fitting, piece, bin=False)
        if widest is None:
            sayable = False
            cells.append("…")
        else:
            words, holds[number] = widest
            cells.append(words)
    return cells if sayable else None, [words != "any" for words in cells]


def _hit(column: Column, on: Sequence[bool]) -> int:
    """The rows whose cell holds on any of these pieces."""
    hit = 0
    for mask, chosen in zip(column.masks, on, strict=True):
        hit |= mask if chosen else 0
    return hit


# -- rows that never decide ------------------------------------------------------------------------------------------


def warn_of_impossible(columns: Sequence[Column], what: str, table: str, problems: Problems) -> int:
    """Warn of the cells that hold for no value; the mask of their rows, each `what` ("row", "bin"). Where the words of
    such a cell have been reported, what is wrong with it has been said."""
    reported = {found.span for found in problems.found}
    impossible = 0
    for each in columns:
        holding = 0
        for mask in each.masks:
            holding |= mask
        for row in bits(((1 << len(each.cells)) - 1) & ~holding):
            impossible |= 1 << row
            if each.cells[row].span not in reported:
                problems.warning(
                    "SEG823",
                    each.cells[row].span,
                    f"no value that `{wording(each.asked, table)}` can have fits this cell, so {what} {row + 1} "
                    "never holds",
                )
    return impossible


def _warn_of_hidden_rows(
    let: p.Let, choice: p.Choice, columns: Sequence[Column], impossible: int, problems: Problems
) -> None:
    """Warn of rows that earlier rows leave nothing for."""
    masks = [each.masks for each in columns]
    work = Work()
    for _, row in overlaps(masks, len(choice.rows)):
        if impossible >> row & 1:
            continue
        try:
            if hidden(masks, row, work):
                _warn_of_hidden(let, choice, columns, row, problems)
        except TooMany:
            problems.note(
                "SEG824",
                let.span,
                f"`{let.name}` has too many combinations of values to tell whether row {row + 1} and those after it "
                "are ever reached",
            )
            break


def _warn_of_hidden(let: p.Let, choice: p.Choice, columns: Sequence[Column], row: int, problems: Problems) -> None:
    alone = _covering(columns, row)
    message = (
        f"row {row + 1} of `{let.name}` is never reached: the rows before it take everything that fits it"
        if alone is None
        else f"row {row + 1} of `{let.name}` is never reached: row {alone + 1} takes everything that fits it"
    )
    parameters = any(reads_parameters(cell) for each in choice.rows[: row + 1] for cell in each.cells)
    problems.warning(
        "SEG824",
        choice.rows[row].span,
        message,
        labels=[] if alone is None else [Label(choice.rows[alone].span, f"row {alone + 1}")],
        hints=["this is so with the declared values of the parameters"] if parameters else [],
    )


def _covering(columns: Sequence[Column], row: int) -> int | None:
    """The first earlier row that holds wherever `row` does."""
    covering = (1 << row) - 1
    for each in columns:
        for mask in each.masks:
            if mask >> row & 1:
                covering &= mask
    return next(bits(covering), None)


def _reads_parameters(choice: p.Choice) -> bool:
    return any(reads_parameters(cell) for row in choice.rows for cell in row.cells)


def reads_parameters(cell: p.Expr) -> bool:
    """Whether a cell has a parameter in it."""
    return any(isinstance(part, p.ParameterRef) for part in walk(cell))
