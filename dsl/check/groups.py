"""Aggregates over a group of rows, as measures have them: `average of clv_12m`, `share where products >= 2`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed

from .. import program as p
from .. import syntax as s
from ..builtins import BY_NAME, BY_OVERLOAD, GROUP_OVERLOADS
from ..diagnostics import Edit, Fix, Label
from ..source import Span
from ..types import Type
from ..wording import wording
from .declared import declaration_labels, field_of
from .literals import type_wording
from .names import Scope

Check = Callable[[s.Expr, Scope], p.Expr | None]
"""`check_value` or `check_condition`."""

_ANSWERS = p.Domain(0, 10)


def is_over_group(node: s.Aggregate, scope: Scope) -> bool:
    """Whether an aggregate of a measure goes over the group: it names no rows, or counts those of the measure's own
    table."""
    return node.source is None or (node.function == "count" and node.source.text == scope.table)


def group_aggregate(node: s.Aggregate, scope: Scope, check_value: Check, check_condition: Check) -> p.Expr | None:
    """An aggregate over the group, typed; everything wrong with it is reported."""
    problems = scope.names.problems
    if scope.place == "group":
        problems.error(
            "SEG853",
            node.span,
            f"`{node.function}` goes over the whole group here, and stands inside another aggregate that does",
            hints=[
                f"what is reckoned for each row of `{scope.table}` says over which rows: `{node.function} of … from …`"
            ]
            if node.function not in ("share", "count", "net promoter score")
            else [],
        )
        return None
    inner = changed(scope, place="group")
    value = check_value(node.value, inner) if node.value is not None else None
    where = check_condition(node.where, inner) if node.where is not None else None
    if node.window is not None:
        _report_window(node, node.window, scope)
        return None
    overload = _overload(node, value, scope)
    if overload is None or (node.where is not None and where is None):
        return None
    result = BY_OVERLOAD[overload][1].result
    assert result != "any", "every aggregate has a type"
    type = value.type if value is not None and value.type.kind == result else Type(result)
    return p.GroupAggregate(overload, value, where, type, node.span)


def _report_window(node: s.Aggregate, window: s.Window, scope: Scope) -> None:
    before = node.where.span if node.where is not None else node.source.span if node.source is not None else node.span
    scope.names.problems.error(
        "SEG401",
        window.span,
        f"the rows of `{scope.table}` are counted as they stand, so there is no window to look through",
        fixes=[Fix("leave the window out", (Edit(Span(before.file, before.end, window.span.end), ""),))],
    )


def _overload(node: s.Aggregate, value: p.Expr | None, scope: Scope) -> str | None:
    builtin = BY_NAME[node.function.replace(" ", "_")]
    if node.value is None:
        return builtin.overloads[0].id
    if value is None:
        return None
    found = f"{builtin.name}.{value.type.kind}"
    if found in GROUP_OVERLOADS:
        if builtin.name == "net_promoter_score":
            _warn_of_answers(value, scope)
        return found
    hints: list[str] = []
    if value.type.kind == "boolean":
        hints.append("for how many of the group something is true is `share where …`")
    elif builtin.name == "net_promoter_score":
        hints.append("answers from 0 to 10 are integers")
    else:
        hints.append(f"`{node.function}` works on integers, numbers, percents and money")
    scope.names.problems.error(
        "SEG412",
        value.span,
        f"`{wording(value, scope.table)}` is {type_wording(value.type)}, of which there is no `{node.function}`",
        labels=declaration_labels(value, scope),
        hints=hints,
    )
    return None


def _warn_of_answers(value: p.Expr, scope: Scope) -> None:
    """Answers that are not declared to lie from 0 to 10 may be another scale."""
    if not isinstance(value, p.FieldRef):
        return
    field = field_of(value, scope)
    if field.domain != _ANSWERS:
        scope.names.problems.warning(
            "SEG854",
            value.span,
            f"a net promoter score takes answers from 0 to 10, and `{field.name}` is not declared to be one",
            labels=[Label(field.span, "declare it `integer from 0 to 10`")],
        )
