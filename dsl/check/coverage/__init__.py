"""Whether decision tables and scorecards have an answer for every row of data, and only one: decided over the typed
program and the values of its parameters, so that it can be asked again with other values."""

from __future__ import annotations

from collections.abc import Collection

from ... import program as p
from ...diagnostics import Problems
from ..names import Names
from .bins import check_bins
from .rows import check_rows
from .truth import Values

__all__ = ["Values", "check_coverage", "declared_values"]


def check_coverage(
    program: p.Program, names: Names, values: Values, problems: Problems, leave_out: Collection[str] = ()
) -> None:
    """Report of every decision and scorecard what has no answer or two, and rows that never decide. `values` are those
    of the parameters; `leave_out` are names of tables that were not understood, which has been reported."""
    for let in program.lets:
        if let.name in leave_out:
            continue
        match let.value:
            case p.Choice():
                check_rows(let, let.value, names, values, problems)
            case p.Score():
                check_bins(let, let.value, names, values, problems)
            case _:
                pass


def declared_values(names: Names) -> Values:
    """The parameters with their declared values."""
    return {name: parameter.value for name, parameter in names.parameters.items()}
