"""Parameters and freshness."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, Problems
from ..types import INTEGER, NUMBER, Length, Type
from .literals import literal_type, literal_value, literal_wording
from .names import Names
from .ranges import contains, domain_of
from .tables import table_named


def declare_parameters(declarations: Sequence[s.Parameter], names: Names) -> None:
    """Fill `names.parameters`; a parameter may not have the name of any field."""
    fields = {field.name: (table, field) for table in names.tables.values() for field in table.fields}
    for declaration in declarations:
        name = declaration.name.text
        if name in fields:
            table, field = fields[name]
            names.problems.error(
                "SEG109",
                declaration.name.span,
                f"`{name}` is a field of `{table.name}`; a parameter needs a name that no field has",
                labels=[Label(field.span, "the field")],
            )
        parameter = _parameter(declaration, names.problems)
        if parameter is None:
            names.broken.add(name)
        else:
            names.parameters[name] = parameter


def _parameter(declaration: s.Parameter, problems: Problems) -> p.Parameter | None:
    name = declaration.name.text
    type = _type(declaration)
    value = literal_value(declaration.value, type, problems, name)
    if value is None:
        return None
    if isinstance(value, Length) and isinstance(declaration.value, s.Duration):
        check_length(declaration.value, problems)
    domain = None if declaration.range is None else _domain(declaration, declaration.range, type, problems)
    if domain is not None and not contains(domain, value):
        problems.error(
            "SEG330",
            declaration.value.span,
            f"`{literal_wording(declaration.value)}` lies outside the range of `{name}`",
            labels=[] if declaration.range is None else [Label(declaration.range.span, "its range")],
        )
    title = declaration.title.value if declaration.title else None
    return p.Parameter(name, title, type, value, domain, declaration.name.span)


def _type(declaration: s.Parameter) -> Type:
    """A whole number with an end that is not whole is a number."""
    type = literal_type(declaration.value)
    ends = () if declaration.range is None else (declaration.range.low, declaration.range.high)
    if type == INTEGER and any(isinstance(end, s.Number) and not end.whole for end in ends):
        return NUMBER
    return type


def _domain(declaration: s.Parameter, range: s.Range, type: Type, problems: Problems) -> p.Domain | None:
    name = declaration.name.text
    if type.kind in ("text", "boolean"):
        problems.error("SEG331", range.span, f"`{name}` is neither a number, a date nor a duration: it has no range")
        return None
    if isinstance(declaration.value, s.Duration):
        for end in (range.low, range.high):
            if isinstance(end, s.Duration) and end.unit != declaration.value.unit:
                problems.error(
                    "SEG332",
                    end.span,
                    f"`{name}` is in {declaration.value.unit}s, and `{literal_wording(end)}` is not: "
                    "a parameter and its range keep to one unit",
                    labels=[Label(declaration.value.span, "the value")],
                )
                return None
    return domain_of(range, type, problems, subject=name)


def check_length(duration: s.Duration, problems: Problems) -> None:
    """A duration that something is measured by is longer than nothing."""
    if duration.amount <= 0:
        problems.error("SEG325", duration.span, "a duration is at least 1 day, month or year")


def checked_freshness(declarations: Sequence[s.Freshness], names: Names) -> tuple[p.Freshness, ...]:
    """What is expected to be recent; only what has a time can be, and each table once."""
    first: dict[str, s.Freshness] = {}
    checked: list[p.Freshness] = []
    for declaration in declarations:
        name = declaration.table.text
        timed = [table.name for table in names.tables.values() if table.at is not None]
        table = table_named(declaration.table, names, timed)
        check_length(declaration.within, names.problems)
        if table is None:
            continue
        if name in first:
            names.problems.error(
                "SEG324",
                declaration.table.span,
                f"how fresh `{name}` must be is said twice",
                labels=[Label(first[name].table.span, "here already")],
            )
            continue
        first[name] = declaration
        if table.at is None and table.role != "events" and name not in names.broken:
            names.problems.error(
                "SEG323",
                declaration.table.span,
                f"`{name}` has no time, so it cannot be fresh or stale",
                labels=[Label(table.span, "declared without `at`")],
            )
        within = Length(declaration.within.amount, declaration.within.unit)
        checked.append(p.Freshness(name, within, declaration.span))
    return tuple(checked)
