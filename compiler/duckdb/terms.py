"""DuckDB terms, built so that an operand may be used again: what already stands somewhere is copied."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from sqlglot import exp

from ...dsl.types import Type, Value


def literal(value: Value, type: Type) -> exp.Expr:
    """A value of the language as a DuckDB term of the canonical type."""
    match type.kind:
        case "integer":
            return cast(exp.Literal.number(str(value)), "BIGINT")
        case "number" | "percent":
            return double(float(str(value)))
        case "money":
            return cast(quoted(str(value)), f"DECIMAL(18, {type.scale or 0})")
        case "text":
            return quoted(str(value))
        case "boolean":
            return exp.true() if value else exp.false()
        case "date":
            return cast(quoted(str(value)), "DATE")
        case "timestamp":
            return cast(quoted(str(value)), "TIMESTAMP")
        case "duration":
            raise ValueError("a duration is no value of a column")


def lowest(type: Type) -> exp.Expr:
    """A value that none of a numeric type is below."""
    match type.kind:
        case "integer":
            return literal(-(2**63), type)
        case "money":
            return literal(Decimal(1 - 10**18).scaleb(-(type.scale or 0)), type)
        case _:
            return cast(quoted("-inf"), "DOUBLE")


def double(value: float) -> exp.Expr:
    # An exponent makes it a DOUBLE: without one DuckDB reads a decimal.
    digits = repr(abs(value))
    number = exp.Literal(this=digits if "e" in digits else f"{digits}e0", is_string=False)
    # `Literal.number` would turn a negative number into a decimal.
    return exp.Neg(this=number) if value < 0 else number


def whole(value: int) -> exp.Expr:
    """A whole number as it is written, of the narrowest type that holds it."""
    return exp.Literal.number(value)


def quoted(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def free(term: exp.Expr) -> exp.Expr:
    """The term itself while it is part of no other, otherwise a copy."""
    return term if term.parent is None else term.copy()


def call(name: str, *operands: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[free(operand) for operand in operands])


@cache
def _type(name: str) -> exp.DataType:
    built = exp.DataType.build(name, dialect="duckdb")
    for part in built.walk():
        part.meta.clear()  # what the parser notes, which takes long to copy
    return built


def cast(operand: exp.Expr, type: str) -> exp.Expr:
    return exp.Cast(this=free(operand), to=_type(type).copy())


def try_cast(operand: exp.Expr, type: str) -> exp.Expr:
    return exp.TryCast(this=free(operand), to=_type(type).copy())


def utc(moment: exp.Expr) -> exp.Expr:
    return exp.AtTimeZone(this=free(moment), zone=quoted("UTC"))


def microseconds(moment: exp.Expr) -> exp.Expr:
    """A TIMESTAMP_NS as the microsecond that it lies in: rounded, as a cast has it, it might move to the next date."""
    nanoseconds, thousand = call("EPOCH_NS", moment), exp.Literal.number(1000)
    rest = exp.Mod(
        this=exp.Paren(this=exp.Mod(this=free(nanoseconds), expression=thousand) + thousand), expression=thousand
    )
    whole = call("MAKE_TIMESTAMP", exp.IntDiv(this=exp.Paren(this=nanoseconds - rest), expression=thousand))
    return when(call("ISFINITE", moment), whole, cast(moment, "TIMESTAMP"))


def when(condition: exp.Expr, value: exp.Expr, otherwise: exp.Expr | None = None) -> exp.Expr:
    case = exp.Case().when(free(condition), free(value), copy=False)
    return case if otherwise is None else case.else_(free(otherwise), copy=False)


def finite(value: exp.Expr) -> exp.Expr:
    return when(call("ISFINITE", value), value)


def is_null(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=free(value), expression=exp.null())


def is_known(value: exp.Expr) -> exp.Expr:
    return exp.not_(is_null(value))


def both(*operands: exp.Expr) -> exp.Expr:
    return exp.and_(*(free(operand) for operand in operands), copy=False)


def either(*operands: exp.Expr) -> exp.Expr:
    return exp.or_(*(free(operand) for operand in operands), copy=False)


def equal(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.EQ(this=free(left), expression=right)


def is_in(value: exp.Expr, options: list[exp.Expr]) -> exp.Expr:
    return equal(value, options[0]) if len(options) == 1 else exp.In(this=free(value), expressions=options)
