"""Short ways to write the nodes that a text should parse to. Places take no part in equality."""

import datetime as dt
from decimal import Decimal

from segwright.dsl import syntax as s
from segwright.dsl.parse import parse
from segwright.dsl.source import Source, Span

AT = Span("", 0, 0)


def read(text: str) -> tuple[s.Declaration, ...]:
    """The declarations of a text in which nothing is wrong."""
    document, problems = parse(Source("rules.seg", text))
    assert [(problem.code, problem.message) for problem in problems] == []
    assert document.broken_names == frozenset()
    return document.declarations


def only(text: str) -> s.Declaration:
    """The one declaration of a text."""
    (declaration,) = read(text)
    return declaration


def expr(text: str) -> s.Expr:
    """The expression that a text is."""
    let = only(f"let x = {text}")
    assert isinstance(let, s.Let)
    return let.value


def field(text: str) -> s.FieldDecl:
    """The one field that a text is."""
    table = only(f"table t key k\n{text}")
    assert isinstance(table, s.TableDecl)
    (declared,) = table.fields
    return declared


def name(text: str) -> s.Name:
    return s.Name(AT, text)


def names(*texts: str) -> tuple[s.Name, ...]:
    return tuple(name(text) for text in texts)


def ref(text: str) -> s.Ref:
    return s.Ref(AT, names(*text.split(".")))


def num(value: str | int) -> s.Number:
    return s.Number(AT, Decimal(value), "." not in str(value))


def pct(points: str | int) -> s.Percent:
    return s.Percent(AT, Decimal(points))


def text(value: str) -> s.Text:
    return s.Text(AT, value)


def truth(value: bool) -> s.Boolean:
    return s.Boolean(AT, value)


def day(iso: str) -> s.Date:
    return s.Date(AT, dt.date.fromisoformat(iso))


def during(amount: int, unit: s.DurationUnit) -> s.Duration:
    return s.Duration(AT, amount, unit)


def compare(left: s.Expr, operator: s.ComparisonOperator, right: s.Expr) -> s.Comparison:
    return s.Comparison(AT, operator, left, right, AT)


def both(*operands: s.Expr) -> s.Logic:
    return s.Logic(AT, "and", operands, ())


def either(*operands: s.Expr) -> s.Logic:
    return s.Logic(AT, "or", operands, ())


def paren(inner: s.Expr) -> s.Paren:
    return s.Paren(AT, inner)


def calc(left: s.Expr, operator: s.ArithmeticOperator, right: s.Expr) -> s.Arithmetic:
    return s.Arithmetic(AT, operator, left, right, AT)


def span(low: s.Expr | None, high: s.Expr | None, ends: str = "[]") -> s.Range:
    return s.Range(AT, low, high, ends[0] == "[", ends[1] == "]")


def last(length: s.WindowLength, except_last: s.WindowLength | None = None) -> s.Window:
    return s.Window(AT, "last", length, except_last)


EVER = s.Window(AT, "ever", None, None)


def aggregate(
    function: s.AggregateFunction,
    source: str | None,
    window: s.Window | None = None,
    *,
    value: s.Expr | None = None,
    where: s.Expr | None = None,
) -> s.Aggregate:
    return s.Aggregate(AT, function, value, None if source is None else name(source), where, window, AT)
