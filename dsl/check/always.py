"""Tests with the same answer for every value that can occur: probably not what was meant."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from .. import program as p
from .. import syntax as s
from ..builtins import BY_OVERLOAD
from ..diagnostics import Label, replace
from ..source import Span
from ..types import Value
from ..wording import text_wording, value_wording, wording
from .coverage.columns import limits
from .declared import field_of
from .names import Scope

_BANDS = {"decile": 10, "quintile": 5, "quartile": 4}
_TURNED = {"less": "greater", "at_most": "at_least", "greater": "less", "at_least": "at_most"}


def warn_of_constant_test(test: p.Call, scope: Scope) -> None:
    """Warn where the declared values make a comparison true for all of them, or for none."""
    name = BY_OVERLOAD[test.overload][0].name
    subject, *others = test.operands
    if isinstance(subject, p.Const) and len(others) == 1:
        name, subject, others = _TURNED.get(name, name), others[0], [subject]
    constants = [other for other in others if isinstance(other, p.Const)]
    _report_parameters_off_the_list(test, scope)
    if name == "one_of":
        _warn_of_options(test, subject, constants, scope)
    elif len(constants) == len(others):
        answer = _answer(name, _domain(subject, scope), [constant.value for constant in constants])
        if answer is not None:
            _warn(answer, subject, test.span, scope)
    elif name in ("equal", "not_equal"):
        _warn_of_different_lists(name, subject, others[0], test.span, scope)


def warn_of_end_never_met(test: p.Call, scope: Scope) -> None:
    """Warn where the declared values make one end of a range false for all of them; that it is true for all is how a
    range that starts with them is written."""
    subject, end = test.operands
    _report_parameters_off_the_list(test, scope)
    if isinstance(end, p.Const):
        name = BY_OVERLOAD[test.overload][0].name
        if _answer(name, _domain(subject, scope), [end.value]) is False:
            _warn(False, subject, test.span, scope)


def warn_of_constant_text_test(test: p.Call, scope: Scope) -> None:
    """Warn where a text test holds for every text, or for none of a closed list."""
    subject, pattern = test.operands
    if not isinstance(pattern, p.Const) or not isinstance(pattern.value, str):
        return
    sought = pattern.value
    starts = BY_OVERLOAD[test.overload][0].name == "starts_with"
    answers = {
        choice.startswith(sought) if starts else sought in choice
        for choice in subject.type.choices or ((sought, "") if sought else ("",))
    }
    if len(answers) == 1:
        _warn(answers.pop(), subject, test.span, scope)


def warn_of_constant_standing(test: p.Relative, scope: Scope) -> None:
    """Warn where a share makes `top 0% by x` or `percentile of x >= 0%` the same for everybody."""
    if not isinstance(test.share, p.Const):
        return
    if test.operator is None:
        answer = {0.0: False, 1.0: True}.get(float(str(test.share.value)))
    else:
        answer = _answer(test.operator, p.Domain(0.0, 1.0, high_included=False), [test.share.value])
    if answer is not None:
        words = wording(test.of, scope.table)
        scope.names.problems.warning(
            "SEG750",
            test.span,
            f"this is {'true' if answer else 'false'} for everybody whose `{words}` is known",
        )


def warned_of_empty_range(node: s.Between, low: p.Expr, high: p.Expr, scope: Scope) -> bool:
    """Warn where the ends of `between … and …` stand the wrong way round."""
    if not isinstance(low, p.Const) or not isinstance(high, p.Const) or not _is_less(high.value, low.value):
        return False
    least, most = (wording(end, scope.table) for end in (high, low))
    ends = node.low.span.to(node.high.span)
    scope.names.problems.warning(
        "SEG755",
        ends,
        f"nothing lies between `{most}` and `{least}`: the lower end stands first",
        fixes=[replace(ends, f"{least} and {most}")],
    )
    return True


def _is_less(one: Value, other: Value) -> bool:
    """Whether one value of an ordered type comes before another of the same or a comparable type."""
    match one, other:
        case (int() | float() | Decimal(), int() | float() | Decimal()):
            return one < other
        case (str(), str()):
            return one < other
        case (dt.datetime(), dt.datetime()):
            return one < other
        case (dt.date(), dt.date()) if not isinstance(one, dt.datetime) and not isinstance(other, dt.datetime):
            return one < other
        case _:
            return False


def _warn(answer: bool, subject: p.Expr, span: Span, scope: Scope) -> None:
    words = wording(subject, scope.table)
    field = _field(subject, scope)
    scope.names.problems.warning(
        "SEG750",
        span,
        f"this is {'true' if answer else 'false'} for every value that `{words}` can have",
        labels=_declaration(subject, scope),
        hints=[f"whether there is a value at all is `{words} is known`"] if answer and field and field.optional else [],
    )


def _declaration(subject: p.Expr, scope: Scope) -> list[Label]:
    """The place that says which values `subject` has."""
    field = _field(subject, scope)
    if field is None:
        return []
    if field.domain is None:
        return [Label(field.span, "declared here")]
    ends = (("from", field.domain.low), ("to", field.domain.high))
    domain = " ".join(f"{word} {value_wording(value, field.type)}" for word, value in ends if value is not None)
    return [Label(field.span, f"declared {domain}")]


def _warn_of_options(test: p.Call, subject: p.Expr, options: list[p.Const], scope: Scope) -> None:
    domain = _domain(subject, scope)
    seen: list[Value] = []
    for option in options:
        if option.value in seen:
            said = value_wording(option.value, option.type)
            scope.names.problems.warning("SEG752", option.span, f"`{said}` stands on this list twice")
        elif _answer("equal", domain, [option.value]) is False:
            _warn_of_option(option, subject, scope)
        seen.append(option.value)
    if subject.type.choices is not None and set(subject.type.choices) <= set(seen):
        _warn(True, subject, test.span, scope)


def _warn_of_option(option: p.Const, subject: p.Expr, scope: Scope) -> None:
    said = value_wording(option.value, option.type)
    scope.names.problems.warning(
        "SEG750",
        option.span,
        f"`{wording(subject, scope.table)}` never has the value `{said}`",
        labels=_declaration(subject, scope),
    )


def _report_parameters_off_the_list(test: p.Call, scope: Scope) -> None:
    """A text parameter compared with a closed list is on it; with another value than its own, `bind` sees to that."""
    listing = next((operand for operand in test.operands if operand.type.choices is not None), None)
    for operand in test.operands:
        if listing is None or listing.type.choices is None or not isinstance(operand, p.ParameterRef):
            continue
        value = scope.names.parameters[operand.name].value
        if isinstance(value, str) and value not in listing.type.choices:
            said = ", ".join(text_wording(choice) for choice in listing.type.choices)
            scope.names.problems.error(
                "SEG756",
                operand.span,
                f"`{operand.name}` is `{text_wording(value)}`, which is not on the list of "
                f"`{wording(listing, scope.table)}`",
                labels=[Label(scope.names.parameters[operand.name].span, "declared here")],
                hints=[f"the list is {said}"],
            )


def _warn_of_different_lists(name: str, one: p.Expr, other: p.Expr, span: Span, scope: Scope) -> None:
    if one.type.choices is None or other.type.choices is None:
        return
    if not set(one.type.choices) & set(other.type.choices):
        _warn(name == "not_equal", one, span, scope)


def _answer(name: str, domain: p.Domain | None, constants: list[Value]) -> bool | None:
    """What a comparison with constants says of all values of a domain; None where it depends on the value."""
    if domain is None:
        return None
    first, last = constants[0], constants[-1]
    match name:
        case "less":
            always, never = _below(domain, first, False), _above(domain, first, True)
        case "at_most":
            always, never = _below(domain, first, True), _above(domain, first, False)
        case "greater":
            always, never = _above(domain, first, False), _below(domain, first, True)
        case "at_least":
            always, never = _above(domain, first, True), _below(domain, first, False)
        case "equal":
            always, never = False, _below(domain, first, False) or _above(domain, first, False)
        case "not_equal":
            always, never = _below(domain, first, False) or _above(domain, first, False), False
        case "between":
            always = _above(domain, first, True) and _below(domain, last, True)
            never = _below(domain, first, False) or _above(domain, last, False)
        case _:
            return None
    return True if always else False if never else None


def _below(domain: p.Domain, value: Value, or_equal: bool) -> bool:
    """Whether every value of the domain is less than `value`, or equal to it where that is enough."""
    high = domain.high
    if high is None:
        return False
    return _is_less(high, value) or (high == value and (or_equal or not domain.high_included))


def _above(domain: p.Domain, value: Value, or_equal: bool) -> bool:
    low = domain.low
    if low is None:
        return False
    return _is_less(value, low) or (low == value and (or_equal or not domain.low_included))


def _source(expr: p.Expr, scope: Scope) -> p.Expr:
    """The field or aggregate whose values `expr` has, through names and conversions."""
    while True:
        match expr:
            case p.LetRef(table=table, name=name, span=span):
                let = scope.names.let(table, s.Name(span, name))
                if let is None:
                    return expr
                expr = let.value
            case p.Call(overload=overload, operands=(inner,)) if overload.startswith(("number_from.", "money_from.")):
                expr = inner
            case _:
                return expr


def _field(expr: p.Expr, scope: Scope) -> p.Field | None:
    found = _source(expr, scope)
    return field_of(found, scope) if isinstance(found, p.FieldRef) else None


def _domain(expr: p.Expr, scope: Scope) -> p.Domain | None:
    found = _source(expr, scope)
    match found:
        case p.FieldRef():
            return field_of(found, scope).domain
        case p.Aggregate(overload=overload) if BY_OVERLOAD[overload][0].name in ("count", "distinct_count"):
            return p.Domain(0, None)
        case p.Relative(function=function) if function in _BANDS:
            return p.Domain(1, _BANDS[function])
        case p.Score():
            return p.Domain(*limits(found))
        case _:
            return None
