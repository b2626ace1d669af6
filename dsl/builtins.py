"""Every function and operator of the language, declared once.

A `Builtin` has a name, a meaning, a wording for explanations and its overloads. An overload is known by its id,
`name.kind` (`greater.money`); each backend lowers it in its own table keyed by that id, and a test requires every
such table to have exactly the ids declared here.

Unless a builtin says otherwise it is *strict*: with a missing operand its result is missing (unknown, for a test).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .types import Kind

Group = Literal["comparison", "test", "arithmetic", "conversion", "time", "aggregate", "group"]
OperandKind = Kind | Literal["any"]

NUMERIC: tuple[Kind, ...] = ("integer", "number", "percent", "money")
ORDERED: tuple[Kind, ...] = (*NUMERIC, "text", "date", "timestamp")
EVERY: tuple[Kind, ...] = (*ORDERED, "boolean")


@dataclass(frozen=True, slots=True)
class Overload:
    """One typing of a builtin: the kinds of its operands (a last `...` kind may repeat, see `variadic`) and result.

    Money operands of one call all have the same scale, and a money result has it too."""

    id: str
    operands: tuple[OperandKind, ...]
    result: OperandKind
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function or operator: `wording` has one `{n}` for each operand, `missing` says what missing data does."""

    name: str
    group: Group
    meaning: str
    wording: str
    missing: str
    example: str
    overloads: tuple[Overload, ...]
    source: str = ""


STRICT = "missing where an operand is missing"
SKIPS = "rows whose value is missing are skipped"


def _comparison(name: str, symbol: str, meaning: str, kinds: tuple[Kind, ...]) -> Builtin:
    overloads = tuple(Overload(f"{name}.{kind}", (kind, kind), "boolean") for kind in kinds)
    return Builtin(name, "comparison", meaning, f"{{0}} {symbol} {{1}}", STRICT, f"income {symbol} 1_000", overloads)


def _arithmetic(name: str, symbol: str, meaning: str, *overloads: Overload) -> Builtin:
    return Builtin(
        name,
        "arithmetic",
        meaning,
        f"{{0}} {symbol} {{1}}",
        f"{STRICT}; a number that is not finite is missing",
        f"income {symbol} 2",
        overloads,
    )


def _same(name: str, kinds: tuple[Kind, ...], operands: int) -> tuple[Overload, ...]:
    return tuple(Overload(f"{name}.{kind}", (kind,) * operands, kind) for kind in kinds)


def _aggregate(
    name: str, meaning: str, missing: str, example: str, overloads: tuple[Overload, ...], source: str = ""
) -> Builtin:
    wording = name.replace("_", " ") + (" of {0}" if overloads[0].operands else "")
    return Builtin(name, "aggregate", meaning, wording, missing, example, overloads, source)


def _to(name: str, kinds: tuple[Kind, ...], result: OperandKind) -> tuple[Overload, ...]:
    return tuple(Overload(f"{name}.{kind}", (kind,), result) for kind in kinds)


BUILTINS: tuple[Builtin, ...] = (
    # -- comparisons ---------------------------------------------------------------------------------------------
    _comparison("equal", "=", "the same value", EVERY),
    _comparison("not_equal", "!=", "another value", EVERY),
    _comparison("less", "<", "strictly below", ORDERED),
    _comparison("at_most", "<=", "below or the same", ORDERED),
    _comparison("greater", ">", "strictly above", ORDERED),
    _comparison("at_least", ">=", "above or the same", ORDERED),
    Builtin(
        "between",
        "comparison",
        "from the second to the third operand, both ends in",
        "{0} between {1} and {2}",
        "as `x >= low and x <= high` in three-valued logic",
        "age between 25 and 35",
        tuple(Overload(f"between.{kind}", (kind, kind, kind), "boolean") for kind in ORDERED),
    ),
    Builtin(
        "one_of",
        "comparison",
        "the same as one of the options",
        "{0} is one of ({1})",
        "missing where the first operand is missing; options are never missing",
        'channel is one of ("app", "web")',
        tuple(Overload(f"one_of.{kind}", (kind, kind), "boolean", variadic=True) for kind in ORDERED),
    ),
    # -- tests ---------------------------------------------------------------------------------------------------
    Builtin(
        "missing",
        "test",
        "there is no value",
        "{0} is missing",
        "never unknown",
        "income is missing",
        (Overload("missing.any", ("any",), "boolean"),),
    ),
    Builtin(
        "known",
        "test",
        "there is a value",
        "{0} is known",
        "never unknown",
        "income is known",
        (Overload("known.any", ("any",), "boolean"),),
    ),
    Builtin(
        "starts_with",
        "test",
        "the text begins with the second operand, code point by code point",
        "{0} starts with {1}",
        STRICT,
        'region starts with "NL-"',
        (Overload("starts_with.text", ("text", "text"), "boolean"),),
    ),
    Builtin(
        "contains",
        "test",
        "the second operand stands somewhere in the text, code point by code point",
        "{0} contains {1}",
        STRICT,
        'region contains "north"',
        (Overload("contains.text", ("text", "text"), "boolean"),),
    ),
    # -- arithmetic ----------------------------------------------------------------------------------------------
    _arithmetic("add", "+", "the sum", *_same("add", NUMERIC, 2)),
    _arithmetic("subtract", "-", "the difference", *_same("subtract", NUMERIC, 2)),
    _arithmetic(
        "multiply",
        "*",
        "the product; money times a whole number is money",
        *_same("multiply", ("integer", "number"), 2),
        Overload("multiply.money", ("money", "integer"), "money"),
    ),
    _arithmetic(
        "divide",
        "/",
        "the quotient as a number; missing where the divisor is 0",
        Overload("divide.number", ("number", "number"), "number"),
    ),
    Builtin("negate", "arithmetic", "minus the value", "-{0}", STRICT, "-balance", _same("negate", NUMERIC, 1)),
    # -- conversions (never written; the checker puts them where kinds meet) ----------------------------------------
    Builtin(
        "number_from",
        "conversion",
        "the nearest double: an integer, a share, or money as double(units) / double(units in one)",
        "{0}",
        STRICT,
        "income / products",
        _to("number_from", ("integer", "percent", "money"), "number"),
    ),
    Builtin(
        "money_from",
        "conversion",
        "exactly, in the result's scale: a whole number, or money of a smaller scale",
        "{0}",
        STRICT,
        "income > products",
        _to("money_from", ("integer", "money"), "money"),
    ),
    Builtin(
        "date_from",
        "conversion",
        "the UTC calendar date of a timestamp",
        "{0}",
        STRICT,
        "logged_in_at < 2026-01-01",
        _to("date_from", ("timestamp",), "date"),
    ),
    # -- others ----------------------------------------------------------------------------------------------------
    Builtin(
        "default",
        "test",
        "the first operand, or the second (a literal or parameter) where it is missing",
        "{0} default {1}",
        "never missing",
        "income default 0",
        (Overload("default.any", ("any", "any"), "any"),),
    ),
    *(
        Builtin(
            f"{unit}_since",
            "time",
            f"the largest n, possibly negative, with the date + n {unit} (clamped) not after the as-of date",
            f"{unit} since {{0}}",
            STRICT,
            f"{unit} since opened_on",
            (Overload(f"{unit}_since.date", ("date",), "integer"),),
        )
        for unit in ("days", "months", "years")
    ),
    # -- aggregates ------------------------------------------------------------------------------------------------
    _aggregate(
        "count",
        "how many rows",
        "0 over nothing",
        "count of payments ever",
        (Overload("count.rows", (), "integer"),),
    ),
    _aggregate(
        "any",
        "there is a row",
        "false over nothing",
        "any payments ever",
        (Overload("any.rows", (), "boolean"),),
    ),
    _aggregate(
        "no",
        "there is no row",
        "true over nothing",
        "no payments ever",
        (Overload("no.rows", (), "boolean"),),
    ),
    _aggregate(
        "sum",
        "the exact sum; numbers and percents are rounded to a billionth first",
        f"{SKIPS}; 0 over nothing",
        "sum of amount from payments ever",
        _same("sum", NUMERIC, 1),
    ),
    _aggregate(
        "average",
        "the exact sum as a double, divided by the count",
        f"{SKIPS}; missing over nothing",
        "average of amount from payments ever",
        _to("average", NUMERIC, "number"),
    ),
    _aggregate(
        "min",
        "the least value",
        f"{SKIPS}; missing over nothing",
        "min of amount from payments ever",
        _same("min", ORDERED, 1),
    ),
    _aggregate(
        "max",
        "the greatest value",
        f"{SKIPS}; missing over nothing",
        "max of amount from payments ever",
        _same("max", ORDERED, 1),
    ),
    _aggregate(
        "median",
        "the middle value, or the mean of the two middle ones as doubles",
        f"{SKIPS}; missing over nothing",
        "median of amount from payments ever",
        _to("median", NUMERIC, "number"),
    ),
    _aggregate(
        "first",
        "the value of the earliest row in time, then by the declared order",
        f"{SKIPS}; missing over nothing",
        "first of amount from payments ever",
        _same("first", EVERY, 1),
    ),
    _aggregate(
        "latest",
        "the value of the latest row in time, then by the declared order",
        f"{SKIPS}; missing over nothing",
        "latest of amount from payments ever",
        _same("latest", EVERY, 1),
    ),
    _aggregate(
        "distinct_count",
        "how many different values",
        f"{SKIPS}; 0 over nothing",
        "distinct count of channel from logins ever",
        _to("distinct_count", EVERY, "integer"),
    ),
    _aggregate(
        "trend_per_month",
        "the least-squares slope over time, per month of 30.4375 days",
        f"{SKIPS}; missing with fewer than two distinct times",
        "trend per month of score from bureau_pulls ever",
        _to("trend_per_month", NUMERIC, "number"),
        "ordinary least squares, slope = (n Σtx − Σt Σx) / (n Σt² − (Σt)²)",
    ),
    # -- over groups of rows, in measures only (besides count, sum, average, min, max and median) -------------------
    Builtin(
        "share",
        "group",
        "the share of the rows for which the condition is true, of those for which it is known",
        "share where {0}",
        "rows for which the condition is unknown are left out and counted; missing over nothing",
        "share where products >= 2",
        (Overload("share.rows", ("boolean",), "percent"),),
    ),
    Builtin(
        "share_among",
        "group",
        "among the rows for which the second condition is true, the share for which the first is true, of those for "
        "which it is known (never written; built-in measures are made of it)",
        "share where {0} among those where {1}",
        "rows for which the first condition is unknown are left out and counted; missing over nothing",
        "conversion (offered offer_sent, converted bought)",
        (Overload("share_among.rows", ("boolean", "boolean"), "percent"),),
    ),
    Builtin(
        "net_promoter_score",
        "group",
        "100 times the share of answers of 9 and 10 minus the share of answers of 0 to 6, from -100 to 100",
        "net promoter score of {0}",
        "missing answers are left out and counted; missing over nothing",
        "net promoter score of nps_answer",
        (Overload("net_promoter_score.integer", ("integer",), "number"),),
        "Reichheld, The One Number You Need to Grow, Harvard Business Review, December 2003",
    ),
)

BY_NAME: dict[str, Builtin] = {builtin.name: builtin for builtin in BUILTINS}
BY_OVERLOAD: dict[str, tuple[Builtin, Overload]] = {
    overload.id: (builtin, overload) for builtin in BUILTINS for overload in builtin.overloads
}
ROW_OVERLOADS: tuple[str, ...] = tuple(
    id for id, (builtin, _) in BY_OVERLOAD.items() if builtin.group not in ("aggregate", "group")
)
AGGREGATE_OVERLOADS: tuple[str, ...] = tuple(
    id for id, (builtin, _) in BY_OVERLOAD.items() if builtin.group == "aggregate"
)
GROUP_OVERLOADS: tuple[str, ...] = tuple(
    id
    for id, (builtin, _) in BY_OVERLOAD.items()
    if builtin.group == "group" or builtin.name in ("count", "sum", "average", "min", "max", "median")
)
"""What runs over a group of rows, in a measure."""
PARTIAL_OVERLOADS: frozenset[str] = frozenset(
    f"{name}.{kind}" for name in ("add", "subtract", "multiply", "negate") for kind in ("integer", "money")
) | {"money_from.integer", "money_from.money"}
"""Row operations that can overflow: 64-bit integers, money of 18 digits. They run on every row, or stop the run."""
