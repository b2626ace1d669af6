"""The row functions of the language in Python, by overload id.

Operands are canonical values (`dsl/types.py`), None where missing. A strict function looks at its operands only where
all of them are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...dsl.builtins import EVERY, ORDERED
from ...dsl.types import Type
from .support import DIGITS, LEAST, MOST
from .terms import Code, Term, Truth, all_of, any_of, known_truth

AS_OF = "as_of"
"""The name of the as-of date in the source."""


@dataclass(frozen=True, slots=True)
class RowCall:
    """One call: its operands, their types and the result's. `fresh` gives a name that nothing else has."""

    operands: tuple[Term, ...]
    types: tuple[Type, ...]
    result: Type
    fresh: Callable[[], str]


Lowering = Callable[[RowCall], Code]


# -- missing operands ----------------------------------------------------------------------------------------------


def _guarded(at: RowCall) -> tuple[list[str], list[str]]:
    """Tests that the operands are there, and the operands as they are written after these tests."""
    guards: list[str] = []
    codes: list[str] = []
    for each in at.operands:
        guard, code = _known(each, at.fresh)
        if guard is not None:
            guards.append(guard)
        codes.append(code)
    return guards, codes


def _known(operand: Term, fresh: Callable[[], str]) -> tuple[str | None, str]:
    if not operand.nullable:
        return None, operand.code
    if operand.plain:
        return f"{operand.code} is not None", operand.code
    name = fresh()
    return f"({name} := {operand.code}) is not None", name


def _test(holds: str, fails: str) -> Lowering:
    """A strict test, by two templates of its operands."""

    def lowered(at: RowCall) -> Code:
        guards, codes = _guarded(at)
        return Truth(all_of([*guards, holds.format(*codes)]), all_of([*guards, fails.format(*codes)]), total=not guards)

    return lowered


def _value(template: str) -> Lowering:
    """A strict function, by a template of its operands; `{old}` is the scale of the first."""
    return _reckoned(lambda at, codes: template.format(*codes, old=at.types[0].scale or 0))


def _reckoned(code: Callable[[RowCall, list[str]], str], *, nullable: bool = False) -> Lowering:
    def lowered(at: RowCall) -> Code:
        guards, codes = _guarded(at)
        said = code(at, codes)
        if not guards:
            return Term(said, nullable)
        return Term(f"({said} if {' and '.join(guards)} else None)", nullable=True)

    return lowered


def _integer(template: str) -> Lowering:
    """A strict function whose result is a 64-bit integer, or there is no answer."""

    def code(at: RowCall, codes: list[str]) -> str:
        name = at.fresh()
        return f"({name} if {LEAST} <= ({name} := {template.format(*codes)}) <= {MOST} else large_integer())"

    return _reckoned(code)


def _money(template: str) -> Lowering:
    """A strict function whose result is money of at most 18 digits, or there is no answer."""

    def code(at: RowCall, codes: list[str]) -> str:
        name, scale = at.fresh(), at.result.scale or 0
        said = template.format(*codes, scale=scale)
        return f"({name} if ({name} := {said}).adjusted() < {DIGITS - scale} else large_money())"

    return _reckoned(code)


def _finite(template: str) -> Lowering:
    """A strict function on doubles, missing where its result is not finite."""

    def code(at: RowCall, codes: list[str]) -> str:
        name = at.fresh()
        return f"({name} if -INFINITE < ({name} := {template.format(*codes)}) < INFINITE else None)"

    return _reckoned(code, nullable=True)


def _divide(at: RowCall) -> Code:
    guards, (above, below) = _guarded(at)
    if not below.isidentifier():
        name = at.fresh()
        guards.append(f"({name} := {below}) != 0.0")
        below = name
    else:
        guards.append(f"{below} != 0.0")
    result = at.fresh()
    finite = f"-INFINITE < ({result} := {above} / {below}) < INFINITE"
    return Term(f"({result} if {' and '.join([*guards, finite])} else None)", nullable=True)


# -- those that see missing operands -------------------------------------------------------------------------------


def _missing(at: RowCall) -> Code:
    (operand,) = at.operands
    return known_truth(f"({operand.code} is None)", f"({operand.code} is not None)") if operand.nullable else _never()


def _known_value(at: RowCall) -> Code:
    (operand,) = at.operands
    return known_truth(f"({operand.code} is not None)", f"({operand.code} is None)") if operand.nullable else _always()


def _never() -> Truth:
    return known_truth("False")


def _always() -> Truth:
    return known_truth("True")


def _default(at: RowCall) -> Code:
    value, instead = at.operands
    if not value.nullable:
        return value
    guard, code = _known(value, at.fresh)
    return Term(f"({code} if {guard} else {instead.code})", instead.nullable)


def _between(at: RowCall) -> Code:
    _, low, high = at.operands
    if not low.nullable and not high.nullable:
        return _test("{1} <= {0} <= {2}", "not ({1} <= {0} <= {2})")(at)
    reckoned: list[str] = []
    codes: list[str] = []
    for each in at.operands:
        # Each is reckoned once, whichever of them is missing.
        name = each.code if each.plain else at.fresh()
        reckoned += [] if each.plain else [f"(({name} := {each.code}) is None or True)"]
        codes.append(name)
    x, least, most = codes
    there = [f"{code} is not None" if each.nullable else "True" for each, code in zip(at.operands, codes, strict=True)]
    is_above, is_below = all_of([there[0], there[1]]), all_of([there[0], there[2]])
    holds = all_of([*reckoned, is_above, is_below, f"{least} <= {x} <= {most}"])
    fails = any_of([all_of([is_above, f"{x} < {least}"]), all_of([is_below, f"{x} > {most}"])])
    return Truth(holds, all_of([*reckoned, fails]), total=False)


def _one_of(at: RowCall) -> Code:
    options = ", ".join(option.code for option in at.operands[1:])
    first = RowCall(at.operands[:1], at.types[:1], at.result, at.fresh)
    options = options.replace("{", "{{").replace("}", "}}")
    return _test(f"{{0}} in ({options},)", f"{{0}} not in ({options},)")(first)


# -- the table -----------------------------------------------------------------------------------------------------

LOWER: dict[str, Lowering] = {
    **{f"equal.{kind}": _test("{0} == {1}", "{0} != {1}") for kind in EVERY},
    **{f"not_equal.{kind}": _test("{0} != {1}", "{0} == {1}") for kind in EVERY},
    **{f"less.{kind}": _test("{0} < {1}", "{0} >= {1}") for kind in ORDERED},
    **{f"at_most.{kind}": _test("{0} <= {1}", "{0} > {1}") for kind in ORDERED},
    **{f"greater.{kind}": _test("{0} > {1}", "{0} <= {1}") for kind in ORDERED},
    **{f"at_least.{kind}": _test("{0} >= {1}", "{0} < {1}") for kind in ORDERED},
    **{f"between.{kind}": _between for kind in ORDERED},
    **{f"one_of.{kind}": _one_of for kind in ORDERED},
    "missing.any": _missing,
    "known.any": _known_value,
    "starts_with.text": _test("{0}.startswith({1})", "not {0}.startswith({1})"),
    "contains.text": _test("{1} in {0}", "{1} not in {0}"),
    "default.any": _default,
    "add.integer": _integer("{0} + {1}"),
    "add.number": _finite("({0} + {1})"),
    "add.percent": _reckoned(lambda _, codes: f"percent({codes[0]} + {codes[1]})", nullable=True),
    "add.money": _money("add({0}, {1})"),
    "subtract.integer": _integer("{0} - {1}"),
    "subtract.number": _finite("({0} - {1})"),
    "subtract.percent": _reckoned(lambda _, codes: f"percent({codes[0]} - {codes[1]})", nullable=True),
    "subtract.money": _money("subtract({0}, {1})"),
    "multiply.integer": _integer("{0} * {1}"),
    "multiply.number": _finite("({0} * {1})"),
    "multiply.money": _money("multiply({0}, {1})"),
    "divide.number": _divide,
    "negate.integer": _integer("-{0}"),
    "negate.number": _value("(-{0})"),
    "negate.percent": _reckoned(lambda _, codes: f"percent(-{codes[0]})", nullable=True),
    "negate.money": _money("minus({0})"),
    "number_from.integer": _value("float({0})"),
    "number_from.percent": _value("{0}"),
    "number_from.money": _value("number_from_money({0}, {old})"),
    "money_from.integer": _money("quantize({0}, STEPS[{scale}])"),
    "money_from.money": _money("quantize({0}, STEPS[{scale}])"),
    "date_from.timestamp": _value("{0}.date()"),
    "days_since.date": _value(f"({AS_OF} - {{0}}).days"),
    "months_since.date": _value(f"months_since({{0}}, {AS_OF})"),
    "years_since.date": _value(f"years_since({{0}}, {AS_OF})"),
}
