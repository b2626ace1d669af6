"""Built-in measures: their arguments typed, and what they are made of: arithmetic on aggregates over the group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from decimal import Decimal

from .. import program as p
from .. import syntax as s
from ..builtin_measures import MEASURE_BY_NAME, Argument, BuiltinMeasure
from ..diagnostics import Label, replace
from ..source import Span
from ..types import BOOLEAN, NUMBER, PERCENT, Type
from ..wording import value_wording, wording
from .arithmetic import reckoned
from .declared import declaration_labels, field_of
from .groups import Check
from .literals import literal_of, literal_type, literal_wording, type_wording
from .missing import can_be_missing
from .names import Scope
from .operands import Operand, constant
from .suggest import did_you_mean

_AMOUNTS = ("money", "integer", "number")
_SHARES = ("percent", "number")
_EVERYTHING = s.Percent(p.NOWHERE, Decimal(100))


def builtin_measure(node: s.BuiltinMeasure, scope: Scope, check_value: Check) -> p.Expr | None:
    """What a built-in measure comes to, typed; everything wrong with it is reported."""
    if not _stands_in_a_measure(node, scope):
        return None
    builtin = MEASURE_BY_NAME[node.name]
    given = _by_name(node, builtin, scope)
    inner = changed(scope, place="group")
    typed: dict[str, p.Expr] = {}
    literals: dict[str, s.LiteralNode] = {}
    for argument in builtin.arguments:
        if argument.name not in given:
            continue
        written = given[argument.name].value
        literal = literal_of(written)
        if literal is not None and argument.kind != "condition":
            if _literal_fits(literal, argument, builtin, inner):
                literals[argument.name] = literal
            continue
        value = check_value(written, inner)
        if value is not None and _fits(value, argument, builtin, inner):
            typed[argument.name] = value
    if len(typed) + len(literals) < len(builtin.arguments) or len(given) < len(node.arguments):
        return None
    for argument in builtin.arguments:
        if argument.name in literals:
            literal = literals[argument.name]
            type = PERCENT if argument.kind == "share" else _amount_type(literal, typed)
            value = constant(literal, type, inner)
            if value is None:
                return None
            typed[argument.name] = value
    in_order = {argument.name: typed[argument.name] for argument in builtin.arguments}
    return _MADE_OF[builtin.name](_Told(in_order, node.span, inner))


def _stands_in_a_measure(node: s.BuiltinMeasure, scope: Scope) -> bool:
    if scope.place == "measure":
        return True
    inside = scope.place == "group"
    message = (
        f"`{node.name}` goes over the whole group, and stands inside another aggregate that does"
        if inside
        else f"`{node.name}` goes over a whole group of `{scope.table}`, which only a `measure` does"
    )
    scope.names.problems.error("SEG853" if inside else "SEG415", node.span, message)
    return False


# -- arguments -----------------------------------------------------------------------------------------------------


def _by_name(node: s.BuiltinMeasure, builtin: BuiltinMeasure, scope: Scope) -> dict[str, s.Argument]:
    """The arguments by name, each known and once; what is wrong with their names is reported."""
    problems = scope.names.problems
    asked = [argument.name for argument in builtin.arguments]
    given: dict[str, s.Argument] = {}
    unknown: list[s.Argument] = []
    for argument in node.arguments:
        name = argument.name
        if name.text not in asked:
            unknown.append(argument)
        elif name.text in given:
            problems.error(
                "SEG868",
                name.span,
                f"`{name.text}` is said twice",
                labels=[Label(given[name.text].name.span, "here already")],
            )
        else:
            given[name.text] = argument
    missing = [name for name in asked if name not in given]
    for argument in unknown:
        problems.error(
            "SEG867",
            argument.name.span,
            f"`{builtin.name}` asks for nothing called `{argument.name.text}`: it is told {_listed(asked)}",
            fixes=did_you_mean(argument.name, missing)
            or [
                replace(argument.name.span, name, f"write `{name}` instead")
                for name in missing
                if len(missing) == len(unknown) == 1
            ],
        )
    if missing and not unknown:
        problems.error(
            "SEG866",
            node.name_span,
            f"`{builtin.name}` is not told {_listed(missing)}",
            hints=[f"`{each.name}` is {_meaning(each)}" for each in builtin.arguments if each.name in missing]
            + [f"for example: `{builtin.example}`"],
        )
    return given


def _listed(names: list[str]) -> str:
    words = [f"`{name}`" for name in names]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _meaning(argument: Argument) -> str:
    kind = {"amount": "an amount for each row", "share": "a percent", "condition": "true or false for each row"}
    return f"{kind[argument.kind]}: {argument.meaning}"


def _literal_fits(literal: s.LiteralNode, argument: Argument, builtin: BuiltinMeasure, scope: Scope) -> bool:
    match argument.kind, literal:
        case "amount", s.Number():
            return True
        case "share", s.Percent(points=points):
            said = f"`{literal_wording(literal)}` does not"
            return 0 <= points <= 100 or _report_no_share(literal.span, said, argument, scope)
        case "share", s.Number():
            return constant(literal, PERCENT, scope) is not None  # it is not, and says what to write
        case _:
            return _report_kind(literal.span, literal_wording(literal), literal_type(literal), argument, builtin, scope)


def _fits(value: p.Expr, argument: Argument, builtin: BuiltinMeasure, scope: Scope) -> bool:
    """Whether a value is of the kind that an argument takes; reported where it is not."""
    kinds = {"amount": _AMOUNTS, "share": _SHARES, "condition": ("boolean",)}
    if value.type.kind not in kinds[argument.kind]:
        labels = declaration_labels(value, scope)
        return _report_kind(value.span, wording(value, scope.table), value.type, argument, builtin, scope, labels)
    if argument.kind == "share":
        return _is_share(value, argument, scope)
    return True


def _is_share(value: p.Expr, argument: Argument, scope: Scope) -> bool:
    """A parameter's value is looked at; a field of numbers is declared to lie from 0 to 1, or may be in points."""
    if isinstance(value, p.ParameterRef):
        now = scope.names.parameters[value.name].value
        if isinstance(now, float) and not 0 <= now <= 1:
            return _report_no_share(value.span, f"`{value.name}` is {value_wording(now, value.type)}", argument, scope)
    if isinstance(value, p.FieldRef) and value.type.kind == "number":
        field = field_of(value, scope)
        ends = () if field.domain is None else (field.domain.low, field.domain.high)
        if not ends or not all(isinstance(end, float) and 0 <= end <= 1 for end in ends):
            scope.names.problems.warning(
                "SEG896",
                value.span,
                f"`{argument.name}` is a share, 1 for 100%, and `{field.name}` is not declared to be one",
                labels=[Label(field.span, "declare it `percent`, or `number from 0 to 1`")],
                hints=["a column that holds 3.5 for 3.5% is `percent in points`"],
            )
    return True


def _report_no_share(span: Span, said: str, argument: Argument, scope: Scope) -> bool:
    scope.names.problems.error("SEG894", span, f"`{argument.name}` lies from 0% to 100%, and {said}")
    return False


def _report_kind(
    span: Span,
    said: str,
    type: Type,
    argument: Argument,
    builtin: BuiltinMeasure,
    scope: Scope,
    labels: list[Label] | None = None,
) -> bool:
    asks = {
        "amount": "an amount: money, an integer or a number",
        "share": "a percent",
        "condition": "true or false for each row",
    }
    hints: list[str] = []
    if argument.kind == "condition":
        hints.append(f"ask something of it, in parentheses: `{argument.name} ({said} …)`")
    elif type.kind == "boolean":
        hints.append("for how many of the group something is true is `share where …`")
    scope.names.problems.error(
        "SEG869",
        span,
        f"`{argument.name}` of `{builtin.name}` is {asks[argument.kind]}, and `{said}` is {type_wording(type)}",
        labels=labels or [],
        hints=hints,
    )
    return False


def _amount_type(literal: s.LiteralNode, typed: Mapping[str, p.Expr]) -> Type:
    """A literal amount is in the currency of the amounts beside it."""
    money = [value.type for value in typed.values() if value.type.kind == "money"]
    return max(money, key=lambda type: type.scale or 0) if money else literal_type(literal)


# -- what they are made of -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """What a built-in measure is told, by argument in the order declared, and where it stands."""

    values: Mapping[str, p.Expr]
    span: Span
    scope: Scope

    def reckoned(self, operator: s.ArithmeticOperator, left: Operand | None, right: Operand | None) -> p.Expr | None:
        """`left operator right`, typed; None where a part is wrong, which has been reported."""
        return None if left is None or right is None else reckoned(operator, left, right, self.span, self.scope)

    def summed(self, name: str) -> p.Expr:
        """The sum of one argument over the rows for which the others are known, too."""
        others = [value for other, value in self.values.items() if other != name]
        perhaps_missing = [value for value in others if can_be_missing(value, self.scope.names)]
        known = tuple(p.Call("known.any", (value,), BOOLEAN, self.span) for value in perhaps_missing)
        where = None if not known else known[0] if len(known) == 1 else p.And(known, BOOLEAN, self.span)
        value = self.values[name]
        return p.GroupAggregate(f"sum.{value.type.kind}", value, where, value.type, self.span)

    def averaged(self, value: p.Expr | None) -> p.Expr | None:
        """The average, over the rows for which all is known that the value is reckoned from."""
        if value is None:
            return None
        return p.GroupAggregate(f"average.{value.type.kind}", value, None, NUMBER, self.span)

    def share_among(self, among: p.Expr, condition: p.Expr) -> p.Expr:
        """The share for which the condition is true, of the rows among which it is asked. Of a row that is surely not
        one of these it is false, not unknown: the row lacks nothing."""
        parts = [
            part for each in (among, condition) for part in (each.operands if isinstance(each, p.And) else (each,))
        ]
        value = p.And(tuple(parts), BOOLEAN, self.span)
        return p.GroupAggregate("share_among.rows", value, among, PERCENT, self.span)


def _return_on_investment(told: _Told) -> p.Expr | None:
    gain, cost = told.summed("gain"), told.summed("cost")
    return told.reckoned("/", told.reckoned("-", gain, cost), cost)


def _loss_ratio(told: _Told) -> p.Expr | None:
    return told.reckoned("/", told.summed("losses"), told.summed("premiums"))


def _risk_adjusted_return(told: _Told) -> p.Expr | None:
    values = told.values
    share = told.reckoned("*", values["default_probability"], values["loss_given_default"])
    expected_loss = told.reckoned("*", share, values["exposure"])
    return told.averaged(told.reckoned("-", values["margin"], expected_loss))


def _default_adjusted_clv(told: _Told) -> p.Expr | None:
    stays = told.reckoned("-", _EVERYTHING, told.values["default_probability"])
    return told.averaged(told.reckoned("*", told.values["clv"], stays))


def _cost_to_serve(told: _Told) -> p.Expr | None:
    return told.averaged(told.values["cost"])


def _conversion(told: _Told) -> p.Expr | None:
    return told.share_among(told.values["offered"], told.values["converted"])


def _renewal(told: _Told) -> p.Expr | None:
    return told.share_among(told.values["due"], told.values["renewed"])


_MADE_OF: dict[str, Callable[[_Told], p.Expr | None]] = {
    "return on investment": _return_on_investment,
    "risk-adjusted return": _risk_adjusted_return,
    "default-adjusted clv": _default_adjusted_clv,
    "loss ratio": _loss_ratio,
    "cost to serve": _cost_to_serve,
    "conversion": _conversion,
    "renewal": _renewal,
}
