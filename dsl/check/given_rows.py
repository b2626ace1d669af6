"""Rows that a test gives: events, child rows and attached rows, and which row each belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label
from ..outcomes import GivenRow
from ..source import Span
from ..types import Value
from ..wording import written
from .givens import Givens, belongs, field_named, field_value, report_twice
from .names import Scope
from .references import reachable
from .suggest import did_you_mean


def give_row(givens: Givens, node: s.GivenRow, scope: Scope) -> None:
    """Adds one row, after reporting what is wrong with it."""
    table = _table(node.table, scope)
    if table is None:
        return
    values: dict[str, Value] = {}
    places: dict[str, Span] = {}
    for each in node.values:
        match each.target:
            case s.Ref(parts=(name,)):
                field = field_named(name, table, scope)
            case s.Ref(parts=(owner, name)) if owner.text == table.name:
                field = field_named(name, table, scope)
            case _:
                field = None
                scope.names.problems.error(
                    "SEG915", each.target.span, f"a row of `{table.name}` has values of its own fields only"
                )
        if field is None:
            continue
        if field.name in places:
            report_twice(each.target.span, places[field.name], scope)
            continue
        places[field.name] = each.target.span
        found = field_value(field, each.value, scope)
        if found is not None:
            values[field.name] = found
    _check_times(table, places, node, scope)
    givens.rows.append(GivenRow(table.name, tuple(values.items()), node.span))


def _table(name: s.Name, scope: Scope) -> p.Table | None:
    names = scope.names
    table = names.tables.get(name.text)
    if table is None:
        if name.text not in names.broken:
            near = [each.name for each in names.tables.values() if belongs(each, scope)]
            message = f"`{name.text}` is not a table"
            names.problems.error("SEG150", name.span, message, fixes=did_you_mean(name, near))
        return None
    if not belongs(table, scope):
        if table.name in names.broken:
            return None
        above = table.name in [each.name for each in reachable(scope)]
        names.problems.error(
            "SEG915",
            name.span,
            f"this test is about one row of `{scope.table}`, whose values stand without parentheses"
            if table.name == scope.table
            else f"the row of `{scope.table}` has one row of `{table.name}`: give its values as "
            f"`{written(table.name)}.{written(table.fields[0].name)} …`"
            if above
            else f"rows of `{table.name}` do not belong to the row of `{scope.table}` that this test is about",
            labels=[Label(table.span, "declared here")],
        )
        return None
    return table


def _check_times(table: p.Table, given: dict[str, Span], node: s.GivenRow, scope: Scope) -> None:
    """An event happens at a time, and is known from one; without it there would be no telling whether it counts."""
    if table.role != "events":
        return
    for name, what in ((table.at, "when it happens"), (table.known_at, "from when on it is known")):
        if name is not None and name not in given:
            message = f"this row of `{table.name}` does not say {what}: give `{written(name)}`"
            labels = [Label(table.span, "declared here")]
            scope.names.problems.error("SEG920", node.span, message, labels=labels)


# -- all rows together -------------------------------------------------------------------------------------------


def settled_rows(givens: Givens, scope: Scope) -> tuple[GivenRow, ...]:
    """All rows, those of tables whose fields were given by dotted names among them, after reporting rows that belong
    nowhere, that belong twice or whose order is not told."""
    attached: dict[str, dict[str, Value]] = {}
    for (table, field), value in givens.values.items():
        if scope.names.tables[table].role == "attached":
            attached.setdefault(table, {})[field] = value
    dotted = [
        GivenRow(table, tuple(values.items()), givens.places[table, next(iter(values))])
        for table, values in attached.items()
    ]
    rows = (*givens.rows, *dotted)
    _check_links(rows, scope)
    _check_keys(rows, scope)
    _check_order(rows, scope)
    return rows


def is_nested(table: p.Table, scope: Scope) -> bool:
    """Whether rows of a table belong to other given rows, and not to the row at hand or one of its parents."""
    return table.parent not in [each.name for each in reachable(scope) if each.role in ("root", "child")]


def _check_links(rows: Sequence[GivenRow], scope: Scope) -> None:
    tables = scope.names.tables
    for row in rows:
        table = tables[row.table]
        if not is_nested(table, scope) or table.parent is None or table.by is None:
            continue
        key = tables[table.parent].key or ""
        keys = [dict(each.values).get(key) for each in rows if each.table == table.parent]
        link = dict(row.values).get(table.by)
        if link is None or link not in keys:
            scope.names.problems.error(
                "SEG921",
                row.span,
                f"this row of `{table.name}` belongs to no given row of `{table.parent}`: its `{table.by}` has to be "
                f"the `{key}` of one",
                labels=[Label(each.span, "a row that there is") for each in rows if each.table == table.parent][:3],
            )


def _check_keys(rows: Sequence[GivenRow], scope: Scope) -> None:
    first: dict[tuple[str, object], GivenRow] = {}
    for row in rows:
        table = scope.names.tables[row.table]
        values = dict(row.values)
        if table.role == "attached":
            key: object = values.get(table.by or "") if is_nested(table, scope) else ""
            said = f"`{table.name}` has at most one row for each row of `{table.parent}`"
        elif table.key is not None:
            key = values.get(table.key)
            said = f"`{table.name}` has one row for each `{table.key}`"
        else:
            continue
        if key is None:
            continue
        before = first.setdefault((table.name, key), row)
        if before is not row:
            labels = [Label(before.span, "given here already")]
            scope.names.problems.error("SEG913", row.span, f"{said}, and this is a second one", labels=labels)


def _check_order(rows: Sequence[GivenRow], scope: Scope) -> None:
    """Two events at one time, of which one does not say where it stands in the declared order."""
    for row in rows:
        table = scope.names.tables[row.table]
        values = dict(row.values)
        if table.then is None or table.at is None or table.then in values or table.at not in values:
            continue
        others = [
            each
            for each in rows
            if each is not row and each.table == row.table and dict(each.values).get(table.at) == values[table.at]
        ]
        if others:
            scope.names.problems.error(
                "SEG920",
                row.span,
                f"two rows of `{table.name}` have the same `{table.at}`, and `{table.then}` says which comes first: "
                "give it",
                labels=[Label(each.span, "the other one") for each in others[:3]],
            )
