"""Measures: one figure for a group of rows; and the periods that they are followed by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .. import program as p
from .. import syntax as s
from ..builtin_measures import MEASURE_BY_NAME
from ..builtins import NUMERIC, ORDERED
from ..diagnostics import Edit, Fix, Label
from ..outcomes import Measure, MeasuresBy
from ..source import Span
from ..types import Kind
from ..walk import children, walk
from ..wording import wording
from .expressions import check_value
from .lets import row_table
from .literals import type_wording
from .mentions import parts
from .names import Names, Scope
from .references import reference
from .unknown_names import declares

SIZE = "size"
"""What a target calls the size of its segment, so that no measure may be called so."""

_CONSTANT = (p.Const, p.ParameterRef)


def checked_measures(declarations: Sequence[s.Measure], names: Names) -> tuple[Measure, ...]:
    """The measures that could be checked, in the order written; the names of the others go to `names.broken`."""
    found = [_measure(declaration, names) for declaration in declarations]
    for declaration, measure in zip(declarations, found, strict=True):
        if measure is None:
            names.broken.add(declaration.name.text)
    return tuple(measure for measure in found if measure is not None)


def _measure(declaration: s.Measure, names: Names) -> Measure | None:
    name = declaration.name
    if name.text == SIZE:
        names.problems.error(
            "SEG855", name.span, "`size` in a target is how large a segment is: call this measure otherwise"
        )
    table = row_table(name, declaration.table, "measure", names)
    if table is None:
        return None
    value = check_value(declaration.value, Scope(names, table.name, "measure", name.text))
    if value is None or not _is_figure(value, declaration.value.span, table.name, names):
        return None
    title = declaration.title.value if declaration.title else None
    definition = _definition(declaration.value)
    return Measure(name.text, title, table.name, declaration.better, value, definition, name.span)


def _definition(written: s.Expr) -> str | None:
    """What the built-in measures in it are, each said once, in the order written."""
    found: list[str] = []
    waiting = [written]
    while waiting:
        expr = waiting.pop()
        if isinstance(expr, s.BuiltinMeasure):
            found.append(MEASURE_BY_NAME[expr.name].definition)
        waiting.extend(reversed(parts(expr)))
    return "; ".join(dict.fromkeys(found)) or None


# -- one figure for the group ------------------------------------------------------------------------------------


def _is_figure(value: p.Expr, span: Span, table: str, names: Names) -> bool:
    groups = any(isinstance(part, p.GroupAggregate) for part in walk(value))
    by_row = list(_by_row(value))
    if not groups and by_row:
        _report_by_row(value, span, table, names)
    elif value.type.kind == "boolean":
        names.problems.error(
            "SEG850",
            span,
            f"a measure is a figure, and `{wording(value, table)}` is true or false",
            hints=["what a segment is held to is said by a target: `target … default_rate at most 3%`"],
        )
    elif not groups:
        names.problems.error("SEG852", span, f"nothing of `{table}` is measured here: it is the same for every group")
    else:
        for part in by_row:
            _report_by_row(part, part.span, table, names)
        return not by_row
    return False


def _by_row(expr: p.Expr) -> Iterator[p.Expr]:
    """The outermost parts that differ from row to row and stand in no aggregate over the group."""
    if isinstance(expr, (p.GroupAggregate, *_CONSTANT)):
        return
    if isinstance(expr, p.Call | p.And | p.Or | p.Not):
        for each in children(expr):
            yield from _by_row(each)
    else:
        yield expr


def _report_by_row(value: p.Expr, span: Span, table: str, names: Names) -> None:
    named = isinstance(value, p.FieldRef | p.LetRef)
    fixes = [_wrapped(span, words, enclosed=not named) for words in _aggregates_of(value.type.kind)]
    if value.type.kind == "boolean":
        fixes = [Fix("write `share where …`", (Edit(Span(span.file, span.start, span.start), "share where "),))]
    names.problems.error(
        "SEG851",
        span,
        f"`{wording(value, table)}` differs from row to row of `{table}`, and a measure is one figure for all rows",
        fixes=fixes,
    )


def _aggregates_of(kind: Kind) -> tuple[str, ...]:
    if kind in NUMERIC:
        return ("average of", "sum of")
    return ("min of", "max of") if kind in ORDERED else ()


def _wrapped(span: Span, words: str, *, enclosed: bool) -> Fix:
    before, after = Span(span.file, span.start, span.start), Span(span.file, span.end, span.end)
    if not enclosed:
        return Fix(f"write `{words} …`", (Edit(before, f"{words} "),))
    return Fix(f"write `{words} (…)`", (Edit(before, f"{words} ("), Edit(after, ")")))


# -- periods -------------------------------------------------------------------------------------------------------


def checked_periods(declarations: Sequence[s.MeasuresBy], names: Names) -> tuple[MeasuresBy, ...]:
    """`measures by quarter of opened_on`, once for each table, in the order written."""
    first: dict[str, s.MeasuresBy] = {}
    checked: list[MeasuresBy] = []
    for declaration in declarations:
        table = _table_of(declaration.of, names)
        if table is None:
            continue
        of = reference(declaration.of, Scope(names, table, "let", "measures by"))
        if of is None:
            continue
        if of.type.kind not in ("date", "timestamp"):
            names.problems.error(
                "SEG860",
                declaration.of.span,
                f"`{declaration.of.text}` is {type_wording(of.type)}, and a {declaration.period} is told from a date",
            )
            continue
        if table in first:
            names.problems.error(
                "SEG861",
                declaration.span,
                f"by what the measures of `{table}` are followed is said twice",
                labels=[Label(first[table].span, "said here already")],
            )
            continue
        first[table] = declaration
        checked.append(MeasuresBy(declaration.period, table, of, declaration.span))
    return tuple(checked)


def _table_of(of: s.Ref, names: Names) -> str | None:
    """The table whose rows are put into periods: the one before the dot or that it belongs to, else the only root table
    that has the name."""
    first = of.parts[0]
    owner = names.tables.get(first.text) if len(of.parts) > 1 else None
    if owner is not None:
        return owner.name if owner.role in ("root", "child") else owner.parent
    having = [table for table in names.tables.values() if table.role == "root" and declares(table, first.text, names)]
    if len(having) == 1:
        return having[0].name
    table = row_table(first, None, "measure", names)
    return None if table is None else table.name
