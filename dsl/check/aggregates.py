"""Aggregates over events and child tables, and their windows."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace as changed

from .. import program as p
from .. import syntax as s
from ..builtins import BY_NAME, BY_OVERLOAD
from ..diagnostics import Edit, Fix, Label, Problems, replace
from ..source import Span
from ..types import Length, Type
from ..wording import wording, written
from .declared import declaration_labels
from .groups import Check, group_aggregate, is_over_group
from .literals import type_wording
from .names import Scope
from .references import is_declared_here
from .suggest import did_you_mean

LONGEST_YEARS = 1_000
_FOUR_YEARS = [monthrange(year, month)[1] for year in range(2001, 2005) for month in range(1, 13)]
"""Days of consecutive months."""

_NEED_TIME = ("first", "latest", "trend_per_month")


def aggregate(
    node: s.Aggregate, scope: Scope, check_value: Check, check_condition: Check, *, enclosed: bool
) -> p.Expr | None:
    """An aggregate, typed; everything wrong with it is reported, not only the first. `enclosed`: in parentheses."""
    problems = scope.names.problems
    if scope.place in ("measure", "group") and is_over_group(node, scope):
        return group_aggregate(node, scope, check_value, check_condition)
    if node.source is None or node.function == "net promoter score":
        _report_group_aggregate(node, scope)
        return None
    if scope.place in ("where", "value"):
        problems.error(
            "SEG414",
            node.span,
            "an aggregate does not stand inside another one",
            hints=[f"give it a name over `{scope.table}`: `let … of {scope.table} = …`"]
            if _has_rows_of_its_own(scope)
            else [],
        )
        return None
    source = _source(node.source, node, scope)
    if source is None:
        return None
    inner = changed(scope, table=source.name, place="value")
    value = check_value(node.value, inner) if node.value is not None else None
    where = check_condition(node.where, changed(inner, place="where")) if node.where is not None else None
    windows = _windows(node, source, scope, enclosed)
    overload = _overload(node, value, source, scope)
    if windows is None or overload is None or (node.where is not None and where is None):
        return None
    (window,) = windows
    return p.Aggregate(overload, source.name, value, where, window, _result(overload, value), node.span)


def _result(overload: str, value: p.Expr | None) -> Type:
    result = BY_OVERLOAD[overload][1].result
    assert result != "any", "every aggregate has a type"
    return value.type if value is not None and value.type.kind == result else Type(result)


def _has_rows_of_its_own(scope: Scope) -> bool:
    return any(table.parent == scope.table for table in scope.names.tables.values())


def _source(name: s.Name, node: s.Aggregate, scope: Scope) -> p.Table | None:
    """The table that is aggregated, when its rows belong to the rows here."""
    names = scope.names
    table = names.tables.get(name.text)
    if table is None:
        if name.text in names.broken:
            return None
        many = [each.name for each in names.tables.values() if each.parent == scope.table and _is_many(each)]
        declared = is_declared_here(name.text, scope)
        names.problems.error(
            "SEG410",
            name.span,
            f"`{name.text}` is not a table or events" if declared else f"there is no table `{name.text}`",
            fixes=did_you_mean(name, many),
        )
        return None
    if _is_many(table) and table.parent == scope.table:
        return table
    if name.text in names.broken or scope.table in names.broken:
        return None
    names.problems.error(
        "SEG410",
        name.span,
        f"`{table.name}` {_why_not_many(table, scope)}",
        labels=[Label(table.span, "declared here")],
        hints=_instead(table, node, scope),
    )
    return None


def _is_many(table: p.Table) -> bool:
    return table.role in ("child", "events")


def _why_not_many(table: p.Table, scope: Scope) -> str:
    if table.name == scope.table:
        return "is the table whose rows are looked at here, one by one"
    if not _is_many(table):
        return f"has at most one row for each row of `{scope.table}`, so there is nothing to aggregate"
    return f"belongs to `{table.parent}`, not to `{scope.table}`"


def _instead(table: p.Table, node: s.Aggregate, scope: Scope) -> list[str]:
    if table.role == "attached" and table.parent == scope.table:
        return [f"its fields are read as `{table.name}.field`, and `{table.name} is known` asks for the row"]
    if _is_many(table) and table.parent is not None:
        parent = scope.names.tables.get(table.parent)
        if parent is not None and parent.parent == scope.table and _is_many(parent):
            first = f"aggregate it for each row of `{parent.name}` first, in a `let … of {parent.name}`"
            return [f"{first}, and then over `{parent.name}`"]
    if table.name == scope.table and node.value is not None and scope.place in ("measure", "group"):
        return [f"over the group it is `{node.function} of …`, without `from`"]
    if table.name == scope.table and node.function == "count":
        return ["how many there are of them is for a measure"]
    return []


def _report_group_aggregate(node: s.Aggregate, scope: Scope) -> None:
    many = [each for each in scope.names.tables.values() if each.parent == scope.table and _is_many(each)]
    hints: list[str] = []
    if node.function not in ("share", "net promoter score") and many:
        window = " in last 12 months" if many[0].role == "events" else ""
        hints.append(f"say over which rows, as in `{node.function} of … from {many[0].name}{window}`")
    without = "" if node.source is not None else " without `from`"
    scope.names.problems.error(
        "SEG415",
        node.span,
        f"`{node.function}`{without} goes over a whole group of `{scope.table}`, which only a `measure` does",
        hints=hints,
    )


def _overload(node: s.Aggregate, value: p.Expr | None, source: p.Table, scope: Scope) -> str | None:
    problems = scope.names.problems
    builtin = BY_NAME[node.function.replace(" ", "_")]
    if builtin.name in _NEED_TIME and source.role != "events":
        problems.error(
            "SEG413",
            node.function_span,
            f"`{node.function}` goes by time, and the rows of `{source.name}` have none",
            labels=[Label(source.span, "declared here, without `at`")],
        )
        return None
    if not builtin.overloads[0].operands:
        return builtin.overloads[0].id
    if value is None:
        return None
    kinds = {overload.operands[0]: overload.id for overload in builtin.overloads}
    found = kinds.get(value.type.kind)
    if found is None:
        hints: list[str] = []
        if value.type.kind == "boolean":
            hints.append(f"rows for which something is true are counted: `count of {source.name} where …`")
        elif node.function in ("sum", "average", "median", "trend per month"):
            hints.append(f"`{node.function}` works on integers, numbers, percents and money")
        problems.error(
            "SEG412",
            value.span,
            f"`{wording(value, source.name)}` is {type_wording(value.type)}, of which there is no `{node.function}`",
            labels=declaration_labels(value, scope),
            hints=hints,
        )
    return found


# -- windows -----------------------------------------------------------------------------------------------------


def _windows(node: s.Aggregate, source: p.Table, scope: Scope, enclosed: bool) -> tuple[p.Window | None] | None:
    """The window (None for a child table) in a tuple of one; None where it was reported as wrong."""
    problems = scope.names.problems
    if source.role == "child":
        if node.window is None:
            return (None,)
        before = node.where.span if node.where is not None else _source_span(node)
        problems.error(
            "SEG401",
            node.window.span,
            f"the rows of `{source.name}` have no time, so there is no window to look through",
            labels=[Label(source.span, "declared here, without `at`")],
            fixes=[
                Fix(
                    "leave the window out",
                    (Edit(Span(before.file, before.end, node.window.span.end), ""),),
                )
            ],
        )
        return None
    if node.window is None and node.where is not None and not enclosed:
        return None  # nothing ends its `where`, which the parser has reported
    if node.window is None:
        end = Span(node.span.file, node.span.end, node.span.end)
        problems.error(
            "SEG400",
            node.function_span.to(_source_span(node)),
            f"over which time? `{source.name}` are events: say `in last …`, or `ever` for all of them",
            fixes=[Fix(f"add `{words}`", (Edit(end, f" {words}"),)) for words in ("in last 12 months", "ever")],
        )
        return None
    window = _window(node.window, scope)
    return None if window is None else (window,)


def _source_span(node: s.Aggregate) -> Span:
    """Where the source of an aggregate stands."""
    return node.source.span if node.source is not None else node.span


def _window(node: s.Window, scope: Scope) -> p.Window | None:
    problems = scope.names.problems
    if node.direction == "ever" or node.length is None:
        return p.Window("ever")
    if node.direction == "next" and scope.place not in ("measure", "group"):
        problems.error(
            "SEG402",
            node.span,
            "this rule would look into the future: `in next` stands in a `measure` only",
            fixes=[replace(node.span, f"in last {_length_words(node.length)}")],
        )
        return None
    length = _length(node.length, scope)
    if node.except_last is None:
        return None if length is None else p.Window(node.direction, length)
    except_last = _length(node.except_last, scope)
    if length is None or except_last is None:
        return None
    if _surely_not_shorter(_current(except_last, scope), _current(length, scope)):
        problems.error(
            "SEG405",
            node.except_last.span,
            f"nothing is left: `except last {_length_words(node.except_last)}` cuts off all of "
            f"`in last {_length_words(node.length)}`",
        )
        return None
    return p.Window(node.direction, length, except_last)


def _length_words(length: s.WindowLength) -> str:
    if isinstance(length, s.Duration):
        return str(Length(length.amount, length.unit))
    return ".".join(written(part.text) for part in length.parts)


def _length(node: s.WindowLength, scope: Scope) -> Length | p.ParameterRef | None:
    problems = scope.names.problems
    if isinstance(node, s.Duration):
        length: Length | p.ParameterRef = Length(node.amount, node.unit)
    else:
        parameter = scope.names.parameters.get(node.text)
        if parameter is None:
            _report_no_length(node, scope)
            return None
        if parameter.type.kind != "duration":
            problems.error(
                "SEG404",
                node.span,
                f"`{parameter.name}` is {type_wording(parameter.type)}, not a duration such as `90 days`",
                labels=[Label(parameter.span, "declared here")],
            )
            return None
        length = p.ParameterRef(parameter.name, parameter.type, node.span)
    current = _current(length, scope)
    if current.amount <= 0 and not isinstance(length, Length):
        return None  # said where the parameter is declared
    return length if is_window_length(current, node.span, problems) else None


def is_window_length(length: Length, span: Span, problems: Problems) -> bool:
    """Whether a window can be as long as is said at `span`; reported where it cannot."""
    if length.amount <= 0:
        problems.error("SEG403", span, f"a window of `{length}` holds no time at all")
        return False
    if _days(length)[0] > LONGEST_YEARS * 366:
        problems.error(
            "SEG403", span, f"a window of `{length}` is longer than {LONGEST_YEARS} years; all time is `ever`"
        )
        return False
    return True


def _report_no_length(node: s.Ref, scope: Scope) -> None:
    names = scope.names
    name = node.parts[0]
    if name.text in names.broken:
        return
    durations = [each.name for each in names.parameters.values() if each.type.kind == "duration"]
    if is_declared_here(name.text, scope) or len(node.parts) > 1:
        message = f"`{node.text}` differs from row to row: a window is as long as a duration or a parameter says"
        names.problems.error("SEG404", node.span, message)
        return
    names.problems.error(
        "SEG150", node.span, f"there is no parameter `{node.text}`", fixes=did_you_mean(name, durations)
    )


def _current(length: Length | p.ParameterRef, scope: Scope) -> Length:
    """The length, of a parameter the one it is declared with."""
    if isinstance(length, Length):
        return length
    value = scope.names.parameters[length.name].value
    assert isinstance(value, Length)
    return value


def _surely_not_shorter(one: Length, other: Length) -> bool:
    """Whether `one` is at least as long as `other` on every as-of date."""
    if "day" not in (one.unit, other.unit) or one.unit == other.unit:
        return _in_smallest_unit(one) >= _in_smallest_unit(other)
    return _days(one)[0] >= _days(other)[1]


def _in_smallest_unit(length: Length) -> int:
    return length.amount * (12 if length.unit == "year" else 1)


def _days(length: Length) -> tuple[int, int]:
    """The fewest and the most days that a length can be."""
    if length.unit == "day":
        return length.amount, length.amount
    cycles, months = divmod(_in_smallest_unit(length), len(_FOUR_YEARS))
    twice = _FOUR_YEARS * 2
    sums = [sum(twice[start : start + months]) for start in range(len(_FOUR_YEARS))]
    return cycles * sum(_FOUR_YEARS) + min(sums), cycles * sum(_FOUR_YEARS) + max(sums)
