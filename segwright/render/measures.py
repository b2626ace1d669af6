"""Measures beside segments: as columns of a table for people, and as values for programs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from .text import width

if TYPE_CHECKING:
    from ..dsl.program import Program
    from ..dsl.types import Kind
    from ..runtime.manifest import AssignedRecord, FigureRecord

ROUNDED = "measures are rounded here; the manifest and `--format json` have every digit"
HEAD = 18
"""Characters after which the title of a measure goes on on another line."""


def values_of(assigned: AssignedRecord, segmentation: str, segment: str) -> dict[str, Any]:
    """The value of each measure that is reported for a segmentation, None where it is missing."""
    return {
        name: measure.segmentations[segmentation][segment].value
        for name, measure in assigned.measures.items()
        if segmentation in measure.segmentations
    }


def columns_of(assigned: AssignedRecord, segmentation: str, program: Program | None) -> list[list[str]]:
    """A column for each measure that is reported for a segmentation: its figure for each segment, then for everybody,
    under the lines of its head; all of one width, and all heads of one height."""
    titles = {} if program is None else {each.name: each.title or each.name for each in program.measures}
    columns: list[tuple[list[str], list[str]]] = []
    for name, measure in assigned.measures.items():
        if segmentation in measure.segmentations:
            figures = (*measure.segmentations[segmentation].values(), measure.everybody)
            head = wrap(titles.get(name, name), HEAD, break_long_words=False) or [name]
            columns.append((head, [figure_text(figure, measure.type) for figure in figures]))
    height = max((len(head) for head, _ in columns), default=0)
    return [_aligned([*[""] * (height - len(head)), *head, *figures]) for head, figures in columns]


def _aligned(cells: list[str]) -> list[str]:
    wide = max(map(width, cells))
    return [" " * (wide - width(cell)) + cell for cell in cells]


def figure_text(figure: FigureRecord, kind: Kind) -> str:
    """A figure rounded for the eye: `3.25%`, `1,234.50`, `0.0012`; `missing` where there is none."""
    match kind, figure.value:
        case _, None:
            return "missing"
        case "percent", float() as share:
            return f"{share:.2%}"
        case "number", float() as value:
            return f"{value:,.2f}" if value == 0 or abs(value) >= SMALL else f"{Decimal(f'{value:.2g}'):f}"
        case "money", str() as amount:
            return f"{Decimal(amount):,}"
        case _, int() as count:
            return f"{count:,}"
        case _, value:
            return str(value)


SMALL = 0.1
"""Numbers nearer to 0 are shown with two digits that count, wherever these stand."""


def everybody_of(assigned: Mapping[str, AssignedRecord]) -> dict[str, Any]:
    """By table: how many rows there are, and each measure over all of them."""
    return {
        table: {
            "customers": record.rows,
            "measures": {name: measure.everybody.value for name, measure in record.measures.items()},
        }
        for table, record in assigned.items()
    }
