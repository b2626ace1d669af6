"""What a run adds to the rules: the as-of date and the values of parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ..compiler.plan import Binding
from ..dsl import syntax as s
from ..dsl.check.coverage import check_coverage
from ..dsl.check.literals import literal_value
from ..dsl.check.names import names_of
from ..dsl.check.ranges import contains
from ..dsl.check.suggest import suggest
from ..dsl.diagnostics import Problems
from ..dsl.parse import parse
from ..dsl.program import Call, Parameter, ParameterRef, Program, Relative
from ..dsl.source import Source
from ..dsl.types import Length, Value
from ..dsl.walk import all_expressions
from ..dsl.wording import text_wording, value_wording
from .errors import SettingsError


def bind(program: Program, as_of: dt.date | str | None, given: Mapping[str, str]) -> Binding:
    """The binding of a run: parameters have their declared values but for those given, written as in rule files.

    Raises `SettingsError` for a missing as-of date, a parameter that is not declared, and a value that does not fit."""
    declared = {parameter.name: parameter for parameter in program.parameters}
    for name in given:
        if name not in declared:
            near = suggest(name, declared)
            raise SettingsError(f"there is no parameter `{name}`" + (f"; did you mean `{near}`?" if near else ""))
    values = {
        name: _value(parameter, given[name]) if name in given else parameter.value
        for name, parameter in declared.items()
    }
    _check_lists(program, values)
    _check_shares(program, values)
    _check_tables(program, values)
    return Binding(as_of_date(as_of), values)


def _check_lists(program: Program, values: Mapping[str, Value]) -> None:
    """A text parameter that is compared with a closed list has a value that is on it."""
    for test in all_expressions(program):
        if not isinstance(test, Call) or not test.overload.endswith(".text"):
            continue
        lists = [operand.type.choices for operand in test.operands if operand.type.choices is not None]
        for operand in test.operands:
            if lists and isinstance(operand, ParameterRef) and values[operand.name] not in lists[0]:
                given = value_wording(values[operand.name], operand.type)
                near = suggest(str(values[operand.name]), lists[0])
                raise SettingsError(
                    f"`{operand.name}` cannot be {given}: it is compared with a list that holds only "
                    + ", ".join(text_wording(choice) for choice in lists[0])
                    + (f"; did you mean {text_wording(near)}?" if near else "")
                )


def _check_tables(program: Program, values: Mapping[str, Value]) -> None:
    """With other values than the declared ones decisions and scorecards still have one answer for every row."""
    other = {each.name: each for each in program.parameters if values[each.name] != each.value}
    if not other:
        return
    problems = Problems()
    check_coverage(program, names_of(program), values, problems)
    error = next((found for found in problems.found if found.severity == "error"), None)
    if error is not None:
        given = " and ".join(f"`{name}` {value_wording(values[name], each.type)}" for name, each in other.items())
        raise SettingsError(f"with {given} the rules have no single answer: {error.message}")


def _check_shares(program: Program, values: Mapping[str, Value]) -> None:
    """A parameter that a percentile is compared with is a share of everybody."""
    for relative in all_expressions(program):
        if not isinstance(relative, Relative) or not isinstance(relative.share, ParameterRef):
            continue
        name, type = relative.share.name, relative.share.type
        if not 0 <= float(str(values[name])) <= 1:
            given = value_wording(values[name], type)
            raise SettingsError(f"`{name}` cannot be {given}: it is a share of everybody, from 0% to 100%")


def as_of_date(as_of: dt.date | str | None) -> dt.date:
    """The as-of date; raises `SettingsError` where there is none, or where it is no date."""
    if as_of is None:
        raise SettingsError("as of which date? Give `--as-of 2026-09-01`, or `as_of` in segwright.toml")
    if isinstance(as_of, dt.datetime):
        raise SettingsError(f"the as-of date is a date without time, not {as_of}")
    if isinstance(as_of, dt.date):
        return as_of
    try:
        return dt.date.fromisoformat(as_of)
    except ValueError:
        raise SettingsError(f"`{as_of}` is no date such as 2026-09-01") from None


def worded(binding: Binding, program: Program) -> dict[str, str]:
    """The parameters' values as rule files write them."""
    return {name: value_wording(value, program.parameter(name).type) for name, value in binding.parameters.items()}


def replaced(binding: Binding, program: Program) -> dict[str, str]:
    """The values that parameters have in place of the declared ones, as rule files write them."""
    said = worded(binding, program)
    return {each.name: said[each.name] for each in program.parameters if binding.parameters[each.name] != each.value}


def _value(parameter: Parameter, text: str) -> Value:
    """The value that `text` writes; text needs no quotation marks here."""
    quote = parameter.type.kind == "text" and not text.startswith('"')
    node = _literal(text_wording(text) if quote else text)
    if node is None:
        raise SettingsError(f"`{text}` is no value for `{parameter.name}`; {_declared(parameter)}")
    problems = Problems()
    value = literal_value(node, parameter.type, problems, parameter.name)
    if value is None:
        raise SettingsError(f"`{parameter.name}` cannot be `{text}`: {problems.found[0].message}")
    if isinstance(value, Length) and value.unit != _unit(parameter):
        raise SettingsError(f"`{text}` is not in {_unit(parameter)}s, as `{parameter.name}` is; {_declared(parameter)}")
    if parameter.domain is not None and not contains(parameter.domain, value):
        raise SettingsError(f"`{text}` is outside the range of `{parameter.name}`; {_declared(parameter)}")
    if isinstance(value, Length) and value.amount <= 0:
        raise SettingsError(f"`{parameter.name}` is at least 1 {value.unit}")
    return value


def _literal(text: str) -> s.LiteralNode | None:
    document, problems = parse(Source("--set", f"parameter value = {text}"))
    match document.declarations:
        case (s.Parameter(value=value, range=None, title=None),) if not problems:
            return value
        case _:
            return None


def _unit(parameter: Parameter) -> str:
    return parameter.value.unit if isinstance(parameter.value, Length) else ""


def _declared(parameter: Parameter) -> str:
    sentence = f"it is declared as {value_wording(parameter.value, parameter.type)}"
    if parameter.domain is None:
        return sentence
    ends = (("from", parameter.domain.low), ("to", parameter.domain.high))
    range = " ".join(f"{word} {value_wording(end, parameter.type)}" for word, end in ends if end is not None)
    return f"{sentence} {range}"
