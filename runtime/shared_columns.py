"""One column under two tables: a second declaration must not wash off its labels.

Checking sees to it within a table; which tables lie in one place only the settings tell. A copy of a file, or a view of
a table, cannot be told from data of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from ..dsl.labels import labels_of_field
from ..dsl.program import Program, Table
from .errors import SettingsError

Places = Mapping[str, frozenset[object]]
"""By table where its data lies: what two tables have in common is the same data."""


def check_shared_columns(program: Program, places: Places) -> None:
    """Raises `SettingsError` where two tables share data and declare a column of it with different labels."""
    tables = [table for table in program.tables if table.name in places]
    problems = [
        problem
        for one, other in combinations(tables, 2)
        if places[one.name] & places[other.name]
        for problem in _washed_off(one, other)
    ]
    if problems:
        raise SettingsError("\n".join(problems))


def _washed_off(one: Table, other: Table) -> Iterator[str]:
    # Engines find a column whatever the case of its letters, so that is what a label must hold for.
    columns = {field.column.casefold(): field for field in one.fields}
    for field in other.fields:
        same = columns.get(field.column.casefold())
        if same is not None and labels_of_field(same) != labels_of_field(field):
            yield (
                f"`{one.name}.{same.name}` and `{other.name}.{field.name}` are one column, `{field.column}` of one "
                "set of data, and must carry the same labels (`protected`, `personal`, `consent`, `for`)"
            )
