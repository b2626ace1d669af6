"""Large segmentations by sets of clauses, kept as the bits of one integer.

For each column that conditions look at, its values fall into regions in which every condition on it has one truth; a
table gives for each region the clauses that are still possible. What is left of these sets over all columns is what
holds, and its lowest bit the first. So the work grows with the columns, not with the clauses.

Bit *n* stands for clause *n*. A condition that looks at several columns counts as a column of its own.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ...dsl.program import Call, Const, FieldRef, ParameterRef
from ...dsl.types import BOOLEAN, Type
from ..plan import AllOf, AnyOf, Decision, FeatureRef, Formula, Is, Negated, NotTrue, PlanExpr, operands_of
from .expressions import Scope, value
from .support import EXACT, STEPS
from .writer import Writer

MANY_CLAUSES = 60
"""From so many clauses on a segmentation is decided by bits. Measured with `tests/benchmarks/narrow.py`, trusted rows
one by one, best of nine rounds on a busy machine, microseconds a row clause by clause and by bits: 0.2 and 0.5 at 12
clauses, 0.5 and 0.7 at 40, equal at 60, 3.7 and 1.6 at 120, 19 and 1.7 at 500."""
MANY_ODD = 24
"""With more conditions than this that look at several columns, bits do not pay."""

_ORDERED = frozenset({"equal", "less", "at_most", "greater", "at_least", "between", "one_of", "missing"})
_EQUAL = frozenset({"equal", "one_of", "missing"})


@dataclass(slots=True)
class Column:
    """A column: its variable (None for a condition that stands alone), its type, the values at which regions may begin,
    and the tests on it with the clauses that they are of."""

    variable: str | None
    type: Type
    nullable: bool = False
    cuts: dict[str, None] = field(default_factory=dict)
    tests: dict[str, int] = field(default_factory=dict)


def columns_of(
    writer: Writer, scope: Scope, decision: Decision, source: Callable[[Formula], str]
) -> list[Column] | None:
    """The columns of a segmentation, None where it is better decided clause by clause. `source` gives the test whether
    a formula holds."""
    if len(decision.clauses) < MANY_CLAUSES:
        return None
    found: dict[Any, Column] = {}
    odd = 0
    for clause in decision.clauses:
        for part in _conjuncts(clause.formula):
            tests = [writer.population.conditions[number].test for number in _numbers(part)]
            column = _column(tests)
            holds = source(part)
            key: Any = column if column is not None else holds
            if key not in found:
                odd += column is None
                found[key] = _new(writer, scope, column)
            for test in tests if column is not None else ():
                for cut in operands_of(test):
                    if isinstance(cut, Const | ParameterRef):
                        found[key].cuts[value(writer, scope, cut).code] = None
            found[key].tests[holds] = found[key].tests.get(holds, 0) | 1 << clause.number
    return list(found.values()) if odd <= MANY_ODD else None


def _new(writer: Writer, scope: Scope, column: PlanExpr | None) -> Column:
    if column is None:
        return Column(None, BOOLEAN)
    term = value(writer, scope, column)
    return Column(term.code, column.type, term.nullable)


def _conjuncts(formula: Formula) -> Iterable[Formula]:
    match formula:
        case AllOf(operands):
            for each in operands:
                yield from _conjuncts(each)
        case _:
            yield formula


def _numbers(formula: Formula) -> list[int]:
    match formula:
        case Is(number):
            return [number]
        case AllOf(operands) | AnyOf(operands):
            return [number for each in operands for number in _numbers(each)]
        case Negated(operand) | NotTrue(operand):
            return _numbers(operand)


def _column(tests: Sequence[PlanExpr]) -> PlanExpr | None:
    """The one column that all of the tests look at, if they only compare it with constants."""
    found = {_column_of_test(test) for test in tests}
    return found.pop() if len(found) == 1 else None


def _column_of_test(test: PlanExpr) -> PlanExpr | None:
    match test:
        case FieldRef() | FeatureRef():
            return test if test.type.kind == "boolean" else None
        case Call(overload):
            operands = operands_of(test)
            columns = [each for each in operands if isinstance(each, FieldRef | FeatureRef)]
            others = [each for each in operands if not isinstance(each, FieldRef | FeatureRef | Const | ParameterRef)]
            if len(columns) != 1 or others:
                return None
            simple = _EQUAL if columns[0].type.kind in ("text", "boolean") else _ORDERED
            return columns[0] if overload.partition(".")[0] in simple else None
        case _:
            return None


# -- the source ----------------------------------------------------------------------------------------------------


def bound_tables(writer: Writer, columns: Sequence[Column], name: str) -> list[str]:
    """The statements that make the tables, once parameters are known."""
    lines: list[str] = []
    for number, each in enumerate(columns):
        if each.variable is None:
            continue
        tests = ", ".join(f"(lambda {each.variable}: {holds}, {bits})" for holds, bits in each.tests.items())
        cuts = f"[{', '.join(each.cuts)}]"
        table = f"{name}_{number}"
        lines.append(f"{table} = region_table({writer.constant(each.type)}, {cuts}, [{tests}], {each.nullable})")
        if each.type.kind in ("text", "boolean"):
            lines.append(f"{table}_of, {table}_none, {table}_others = {table}")
            lines.append(f"{table}_of = {table}_of.get")
        else:
            lines.append(f"{table}_ends, {table}_of, {table}_none = {table}")
    return lines


def narrowed(columns: Sequence[Column], name: str, left: str) -> list[str]:
    """The statements that leave in `left` the clauses that hold."""
    lines: list[str] = []
    for number, each in enumerate(columns):
        table, x = f"{name}_{number}", each.variable
        start = f"{table}_none if {x} is None else " if each.nullable else ""
        if x is None:
            lines += [
                line for holds, bits in each.tests.items() for line in (f"if not {holds}:", f"    {left} &= ~{bits}")
            ]
        elif each.type.kind in ("text", "boolean"):
            lines.append(f"{left} &= {start}{table}_of({x}, {table}_others)")
        else:
            lines.append(f"{left} &= {start}{table}_of[bisect_right({table}_ends, {x})]")
    return lines


# -- tables --------------------------------------------------------------------------------------------------------

_Test = tuple[Callable[[Any], bool], int]


def region_table(type: Type, cuts: Sequence[Any], tests: Sequence[_Test], nullable: bool) -> tuple[Any, ...]:
    """Which clauses each region of a column leaves, as sets with all other bits set.

    Of an ordered type: where regions begin, the set of each region, that of missing. Of text and booleans: the sets by
    value, that of missing, that of all other values."""
    none = _left(None, tests) if nullable else -1
    if type.kind in ("text", "boolean"):
        values = [True, False] if type.kind == "boolean" else list(dict.fromkeys(cuts))
        return {value: _left(value, tests) for value in values}, none, _left(_other(values), tests)
    known = sorted(set(cuts))
    ends = sorted({*known, *(after for cut in known if (after := _after(cut, type)) is not None)})
    first = _before(ends[0], type) if ends else 0  # where nothing is compared any value is as good
    return ends, [_left(each, tests) for each in (first, *ends)], none


def _left(value: Any, tests: Sequence[_Test]) -> int:
    """-1 is the set of everything."""
    left = -1
    for holds, bits in tests:
        if not holds(value):
            left &= ~bits
    return left


def _other(values: Sequence[Any]) -> str:
    """A text that is none of the values."""
    return "".join(map(str, values)) + "\0"


def _after(cut: Any, type: Type) -> Any:
    """The next value of the type; None where there is none."""
    return _step(cut, type, +1)


def _before(cut: Any, type: Type) -> Any:
    """The value before, or the value itself where there is none: nothing lies there."""
    found = _step(cut, type, -1)
    return cut if found is None else found


def _step(cut: Any, type: Type, sign: int) -> Any:
    try:
        match cut:
            case dt.datetime():
                return cut + dt.timedelta(microseconds=sign)
            case dt.date():
                return cut + dt.timedelta(days=sign)
            case Decimal():
                return EXACT.add(cut, sign * STEPS[type.scale or 0])
            case float():
                return math.nextafter(cut, sign * math.inf)
            case _:
                return cut + sign
    except OverflowError:
        return None


# -- caps ----------------------------------------------------------------------------------------------------------


def within_cap(found: int, cap: int, segments: int) -> int:
    """The lowest `cap` of the bits of so many segments, and the other bits that are set moved above all of them."""
    others = found
    for _ in range(cap):
        others &= others - 1
    return found ^ others | others << segments


BITS: dict[str, Any] = {"region_table": region_table, "bisect_right": bisect_right, "within_cap": within_cap}
"""By the names that the source has for them."""
