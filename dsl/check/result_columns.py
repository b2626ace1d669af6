"""The columns that assignments will have: no two of one name, whatever the case of letters."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from ..diagnostics import Label
from ..source import Span
from .names import Names


def check_result_columns(segmentations: Sequence[p.Segmentation], names: Names) -> None:
    """Report each segmentation whose column, or whose column of clause numbers, another one of its table already is.

    The assignments of a table hold its key, a column for each segmentation, and for each exclusive one
    `<name>_clause`."""
    taken: dict[tuple[str, str], tuple[str, Span]] = {}
    for table in names.tables.values():
        if table.key is not None:
            key = table.field_named(table.key)
            taken[table.name, key.name.casefold()] = (f"the key `{key.name}` of `{table.name}`", key.span)
    for segmentation in segmentations:
        columns = [segmentation.name, *([f"{segmentation.name}_clause"] if segmentation.exclusive else [])]
        for column in columns:
            place = (segmentation.table, column.casefold())
            if place in taken:
                what, span = taken[place]
                names.problems.error(
                    "SEG519",
                    segmentation.span,
                    f"assignments would have two columns `{column}`: that of `{segmentation.name}`, and {what}",
                    labels=[Label(span, "the other one comes from here")],
                    hints=["call one of them otherwise; upper and lower case do not tell columns apart"],
                )
            else:
                taken[place] = (f"that of `{segmentation.name}`", segmentation.span)
