"""Expressions, as they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..source import Span
from .words import Boolean, Date, Duration, DurationUnit, Name, Node, Number, Percent, Text


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """A bare name (`parts` of one) or a dotted name (`parts` of two): `income`, `crm.do_not_call`."""

    parts: tuple[Name, ...]

    @property
    def text(self) -> str:
        """The name as it reads."""
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Paren(Node):
    """`( inner )`."""

    inner: Expr


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`- operand` on something that is not a plain number."""

    operand: Expr


ArithmeticOperator = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left operator right`."""

    operator: ArithmeticOperator
    left: Expr
    right: Expr
    operator_span: Span = field(compare=False, repr=False)


ComparisonOperator = Literal["=", "!=", ">=", "<=", ">", "<"]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right`; `is`, `at least`, `above`, … have been mapped to their symbols."""

    operator: ComparisonOperator
    left: Expr
    right: Expr
    operator_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`operand between low and high`, both ends in."""

    operand: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """`operand is [not] one of (a, b)`. Options are literals or names (parameters, segments)."""

    operand: Expr
    options: tuple[Expr, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IsMissing(Node):
    """`operand is missing` (`known=False`) or `operand is known` (`known=True`)."""

    operand: Expr
    known: bool


@dataclass(frozen=True, slots=True)
class TextTest(Node):
    """`operand starts with pattern`, `operand contains pattern`."""

    test: Literal["starts with", "contains"]
    operand: Expr
    pattern: Expr


@dataclass(frozen=True, slots=True)
class Includes(Node):
    """`campaigns includes win_back`."""

    segmentation: Ref
    segment: Name


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not operand`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a and b and c` or `a or b`: one operator, two or more operands, no parentheses around.

    `operator_spans` are the places of the operator words. Where `and` and `or` were mixed without parentheses the
    parser has reported it and binds `and` tighter, so that checking can go on."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]
    operator_spans: tuple[Span, ...] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Default(Node):
    """`operand default value`; value is a literal or a parameter's name."""

    operand: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class Since(Node):
    """`days since d`, `months since d`, `years since d`."""

    unit: DurationUnit
    operand: Expr


WindowLength = Duration | Ref
"""How long a window is: a duration or the name of a parameter that is one."""


@dataclass(frozen=True, slots=True)
class Window(Node):
    """`in last length [except last except_last]`, `in next length`, or `ever` (`direction="ever"`, no length)."""

    direction: Literal["last", "next", "ever"]
    length: WindowLength | None
    except_last: WindowLength | None


AggregateFunction = Literal[
    "count",
    "sum",
    "average",
    "min",
    "max",
    "median",
    "first",
    "latest",
    "distinct count",
    "trend per month",
    "any",
    "no",
    "share",
    "net promoter score",
]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """`count of payments where … in last 90 days`, `max of days_late from payments …`, `any payments …`.

    `value` is the X of `F of X from E` (a `Ref` or a `Paren`), None for `count of E`, `any E`, `no E`.
    `source` is E; None for the group aggregates of measures (`average of clv_12m`, `share where …`).
    """

    function: AggregateFunction
    value: Expr | None
    source: Name | None
    where: Expr | None
    window: Window | None
    function_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """`gain clv_12m`: what a built-in measure calls a value, and the value: a literal, a `Ref` or a `Paren`."""

    name: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class BuiltinMeasure(Node):
    """`return on investment (gain clv_12m, cost acquisition_cost)`; `name` is one of `BUILTIN_MEASURES`."""

    name: str
    arguments: tuple[Argument, ...]
    name_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Relative(Node):
    """`decile of x`, `quintile of x`, `quartile of x`, `percentile of x`, or `top 10% by x` (with `share`)."""

    function: Literal["decile", "quintile", "quartile", "percentile", "top"]
    of: Expr
    share: Percent | None


@dataclass(frozen=True, slots=True)
class Previous(Node):
    """`previous value_risk`."""

    segmentation: Ref


Expr = (
    Text
    | Number
    | Percent
    | Boolean
    | Date
    | Duration
    | Ref
    | Paren
    | Negative
    | Arithmetic
    | Comparison
    | Between
    | OneOf
    | IsMissing
    | TextTest
    | Includes
    | Not
    | Logic
    | Default
    | Since
    | Aggregate
    | BuiltinMeasure
    | Relative
    | Previous
)
