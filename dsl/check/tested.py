"""What tests say of rules that they cannot mean: conditions that nobody asks, data that nothing reads, no date."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from ..diagnostics import Edit, Fix, Label, Problems
from ..reach import Reach, asked_conditions, reach_of, same_standing
from ..source import Span
from ..wording import wording
from .givens import Key
from .tests import Written

SHOWN = 12
"""So many conditions are listed."""


def check_what_tests_reach(written: Sequence[Written], program: p.Program, problems: Problems) -> None:
    """Check tests against the rules that they reach; the program is sound but for its tests."""
    reaches: dict[tuple[str, ...], Reach] = {}
    asked: dict[str, tuple[p.Expr, ...]] = {}
    for each in written:
        names = tuple(dict.fromkeys(expect.segmentation for case in each.test.cases for expect in case.expect))
        if names not in reaches:
            reaches[names] = reach_of(program, names)
        _check_as_of(each, reaches[names], problems)
        _check_because(each, program, asked, problems)
        _note_what_decides_nothing(each, names, reaches[names], program, problems)


def _check_as_of(each: Written, reach: Reach, problems: Problems) -> None:
    if each.test.as_of is not None or reach.looks_at_time is None:
        return
    match reach.looks_at_time:
        case p.Segment(name=name, span=span):
            what = f"`{name}` is in force only from or until a date"
        case expr:
            table = each.test.cases[0].table if each.test.cases else ""
            what, span = f"`{wording(expr, table)}` looks at time", expr.span
    end = each.test.span.end
    fix = Fix("write `as of YYYY-MM-DD`", (Edit(Span(each.test.span.file, end, end), " as of YYYY-MM-DD"),))
    message = f"{what}, so this test has to say as of which date: write `as of YYYY-MM-DD` after its title"
    labels = [Label(span, "asked here")] if span.file else []
    problems.error("SEG917", each.test.span, message, labels=labels, fixes=[fix])


def _check_because(each: Written, program: p.Program, asked: dict[str, tuple[p.Expr, ...]], problems: Problems) -> None:
    for expect in dict.fromkeys(expect for case in each.test.cases for expect in case.expect):
        if expect.because is None:
            continue
        name = expect.segmentation
        if name not in asked:
            asked[name] = asked_conditions(program, program.segmentation(name))
        if expect.because in asked[name]:
            continue
        table = program.segmentation(name).table
        words = list(dict.fromkeys(f"`{wording(condition, table)}`" for condition in asked[name]))
        more = [f"and {len(words) - SHOWN} more"] if len(words) > SHOWN else []
        problems.error(
            "SEG918",
            expect.because.span,
            f"`{name}` does not ask `{wording(expect.because, table)}`, so that is not why",
            labels=[Label(program.segmentation(name).span, "declared here")],
            hints=["it asks " + ", ".join([*words[:SHOWN], *more])] if words else [],
        )


def _note_what_decides_nothing(
    each: Written, names: Sequence[str], reach: Reach, program: p.Program, problems: Problems
) -> None:
    for key, span in each.places.items():
        words = _without_effect(key, reach, program)
        if words is not None:
            asked = " or ".join(f"`{name}`" for name in names)
            problems.note("SEG919", span, f"`{words}` decides nothing here: {asked} does not look at it")


def _without_effect(key: Key, reach: Reach, program: p.Program) -> str | None:
    """The words of what is given and looked at by nothing; None for what is looked at. Keys may always be given."""
    match key:
        case p.Relative():
            read = any(same_standing(key, other) for other in reach.relatives)
            return None if read else wording(key, key.table)
        case ("previous", name, _):
            return None if name in reach.previous else f"previous {name}"
        case ("rows", name, _):
            return None if name in reach.tables or _leads_to(name, reach, program) else name
        case (table, name):
            declared = program.table(table)
            keys = (declared.key, declared.by, declared.at)
            return None if (table, name) in reach.fields or name in keys else name
        case _:
            raise ValueError(key)


def _leads_to(name: str, reach: Reach, program: p.Program) -> bool:
    """Whether rows of a table are looked for by way of it."""
    return any(program.table(table).parent == name for table in reach.tables)
