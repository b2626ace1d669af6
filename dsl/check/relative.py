"""Relative values: `decile of x`, `top 10% by x`, `percentile of x >= 90%`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from .. import program as p
from .. import syntax as s
from ..builtins import NUMERIC
from ..diagnostics import Label, Problems
from ..labels import lineage_of, readings_of
from ..source import Span
from ..types import BOOLEAN, INTEGER, PERCENT
from ..walk import all_expressions, walk
from ..wording import value_wording, wording, written
from .always import warn_of_constant_standing, warned_of_empty_range
from .beyond import ASKS_OF_EVERYBODY, first_beyond
from .declared import declaration_labels
from .literals import literal_of, literal_wording, type_wording
from .names import Scope
from .operands import constant
from .references import reference

CheckValue = Callable[[s.Expr, Scope], p.Expr | None]
Comparison = Literal["equal", "not_equal", "less", "at_most", "greater", "at_least"]

RANKED = (*NUMERIC, "date", "timestamp")
"""The kinds of values that are put in order."""

_COMPARISONS: dict[s.ComparisonOperator, Comparison] = {
    "=": "equal",
    "!=": "not_equal",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
}
_TURNED: dict[Comparison, Comparison] = {
    "less": "greater",
    "at_most": "at_least",
    "greater": "less",
    "at_least": "at_most",
}


def relative(node: s.Relative, scope: Scope, check_value: CheckValue) -> p.Expr | None:
    """`decile of x`, `top 10% by x`, typed; a percentile here is compared with nothing, which is reported."""
    of = _of(node, scope, check_value)
    if node.function == "percentile":
        if of is not None:
            _report_not_compared(node, of, scope)
        return None
    if node.share is None:
        return None if of is None else p.Relative(node.function, scope.table, of, None, None, INTEGER, node.span)
    share = _share(node.share, scope)
    if of is None or share is None:
        return None
    top = p.Relative("top", scope.table, of, None, share, BOOLEAN, node.span)
    warn_of_constant_standing(top, scope)
    return top


def percentile(expr: s.Expr) -> s.Relative | None:
    """The percentile that an operand is, in parentheses or not; None for anything else."""
    match expr:
        case s.Paren(inner=inner):
            return percentile(inner)
        case s.Relative(function="percentile"):
            return expr
        case _:
            return None


def percentile_comparison(node: s.Comparison, scope: Scope, check_value: CheckValue) -> p.Expr | None:
    """`percentile of x >= 90%`, either way round; one of the operands is a percentile."""
    name = _COMPARISONS[node.operator]
    asked, share = percentile(node.left), node.right
    if asked is None:
        asked, share, name = percentile(node.right), node.left, _TURNED.get(name, name)
    assert asked is not None, "one side is a percentile"
    return _percentile(asked, name, share, node.span, scope, check_value)


def percentile_between(node: s.Between, scope: Scope, check_value: CheckValue) -> p.Expr | None:
    """`percentile of x between 10% and 90%`; the first operand is a percentile."""
    asked = percentile(node.operand)
    assert asked is not None, "a percentile is asked about"
    low = _percentile(asked, "at_least", node.low, node.span, scope, check_value)
    if low is None:
        return None
    high = _compared(low.of, "at_most", node.high, node.span, scope)
    if high is None:
        return None
    if low.share is not None and high.share is not None:
        warned_of_empty_range(node, low.share, high.share, scope)
    return p.And((low, high), BOOLEAN, node.span)


def _percentile(
    node: s.Relative, operator: Comparison, share: s.Expr, span: Span, scope: Scope, check_value: CheckValue
) -> p.Relative | None:
    of = _of(node, scope, check_value)
    return None if of is None else _compared(of, operator, share, span, scope)


def _compared(of: p.Expr, operator: Comparison, share: s.Expr, span: Span, scope: Scope) -> p.Relative | None:
    found = _share(share, scope)
    if found is None:
        return None
    compared = p.Relative("percentile", scope.table, of, operator, found, BOOLEAN, span)
    warn_of_constant_standing(compared, scope)
    return compared


# -- x -------------------------------------------------------------------------------------------------------------


def _of(node: s.Relative, scope: Scope, check_value: CheckValue) -> p.Expr | None:
    """What everybody is put in order by; None where it is wrong, which has been reported."""
    problems = scope.names.problems
    function = node.function
    if scope.place in ("where", "value"):
        problems.error(
            "SEG421",
            node.span,
            f"`{function}` goes over all rows of a table, and an aggregate only through the rows that belong to one: "
            "it cannot be asked inside an aggregate",
            hints=["the rows of the table itself are put in order by what is aggregated, as in `decile of (sum of …)`"],
        )
        return None
    of = check_value(node.of, scope)
    if of is None:
        return None
    words = wording(of, scope.table)
    if of.type.kind not in RANKED:
        problems.error(
            "SEG420",
            of.span,
            f"`{words}` is {type_wording(of.type)}: `{function}` puts numbers, money, shares, dates or timestamps in "
            "order",
            labels=declaration_labels(of, scope),
        )
        return None
    if not any(isinstance(part, p.FieldRef | p.LetRef | p.Aggregate) for part in walk(of)):
        problems.error("SEG423", of.span, f"`{words}` is the same for every row, so nobody stands above anybody")
        return None
    found = first_beyond(of, ASKS_OF_EVERYBODY, scope.names)
    if found is not None:
        problems.error(
            "SEG422",
            node.span,
            f"everybody is put in order before anybody is decided about, so `{function}` cannot depend on "
            f"`{wording(found, scope.table)}`",
            labels=[] if _within(found.span, node.span) else [Label(found.span, "which it reads by way of this")],
            hints=[f"`{wording(found.of, found.table)}` can be put in order"] if isinstance(found, p.Relative) else [],
        )
        return None
    return of


def _within(inner: Span, outer: Span) -> bool:
    return inner.file == outer.file and outer.start <= inner.start and inner.end <= outer.end


def check_not_personal(program: p.Program, problems: Problems) -> None:
    """Report relative values of what is personal: every run records cut-points, which are values of x."""
    lineage = lineage_of(program)
    for expr in all_expressions(program):
        if not isinstance(expr, p.Relative):
            continue
        for reading in readings_of(expr.of, lineage, expr.table):
            field = lineage.tables[reading.table].field_named(reading.field)
            if field.personal and reading.shown:
                steps = [Label(span, f"which reads `{field.name}` here") for span in reading.path[1:]]
                problems.error(
                    "SEG424",
                    expr.span,
                    f"`{field.name}` is personal, and `{expr.function}` would show values of it: every run records "
                    "where the bands begin",
                    labels=[*steps, Label(field.span, f"`{field.name}` is personal by its declaration")],
                )
                break


# -- shares --------------------------------------------------------------------------------------------------------


def _share(node: s.Expr, scope: Scope) -> p.Const | p.ParameterRef | None:
    """The share that a percentile is compared with or that is on top: a percent, from 0% to 100%."""
    problems = scope.names.problems
    literal = literal_of(node)
    if literal is not None:
        found = constant(literal, PERCENT, scope)
        if found is None:
            return None
        if not 0 <= float(str(found.value)) <= 1:
            said = literal_wording(literal)
            problems.error("SEG426", node.span, f"`{said}` is no share of everybody: it lies from `0%` to `100%`")
            return None
        return found
    value = reference(node, scope) if isinstance(node, s.Ref) else None
    if isinstance(node, s.Ref) and value is None:
        return None
    if not isinstance(value, p.ParameterRef):
        problems.error(
            "SEG427",
            node.span,
            "a percentile is only compared with a share that is the same for every row: a percent such as `90%`, or a "
            "parameter",
        )
        return None
    return _parameter_share(value, scope)


def _parameter_share(ref: p.ParameterRef, scope: Scope) -> p.ParameterRef | None:
    parameter = scope.names.parameters[ref.name]
    label = Label(parameter.span, "declared here")
    if ref.type.kind != "percent":
        scope.names.problems.error(
            "SEG427",
            ref.span,
            f"`{ref.name}` is {type_wording(ref.type)}, and a percentile is compared with a percent such as `90%`",
            labels=[label],
        )
        return None
    if not 0 <= float(str(parameter.value)) <= 1:
        said = value_wording(parameter.value, parameter.type)
        message = f"`{ref.name}` is `{said}`, which is no share of everybody: it lies from `0%` to `100%`"
        scope.names.problems.error("SEG426", ref.span, message, labels=[label])
        return None
    return ref


# -- a percentile that is not compared -----------------------------------------------------------------------------


def report_percentile_missing(node: s.IsMissing, asked: s.Relative, scope: Scope, check_value: CheckValue) -> None:
    """Report `percentile of x is missing`, and what says the same."""
    of = _of(asked, scope, check_value)
    if of is None:
        return
    words = _operand(asked.of, of, scope)
    verb = "known" if node.known else "missing"
    scope.names.problems.error(
        "SEG425",
        node.span,
        f"a percentile is only compared with a share; whether there is one is `{words} is {verb}`",
    )


def _report_not_compared(node: s.Relative, of: p.Expr, scope: Scope) -> None:
    words = f"percentile of {_operand(node.of, of, scope)}"
    named = f"let {written(scope.reading)} = {words} >= 90%" if scope.place == "let" else f"{words} >= 90%"
    scope.names.problems.error(
        "SEG425",
        node.span,
        f"a percentile is only compared with a share, on the spot: `{named}`",
        hints=["a rank to go on with is `decile of`, `quintile of` or `quartile of`"],
    )


def _operand(node: s.Expr, of: p.Expr, scope: Scope) -> str:
    words = wording(of, scope.table)
    return words if isinstance(node, s.Ref) else f"({words})"
