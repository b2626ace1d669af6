"""How cells of decision tables and bins of scorecards read beside what they look at: `640 up to below 720`, `< 30%`,
`"app" or "web"`, `missing`, `any`."""

from __future__ import annotations

from .expr import And, Call, Const, Expr, Not, Previous, Relative
from .wording import value_wording, wording, written

_LOW = {"at_least": "{}", "greater": "above {}"}
_HIGH = {"at_most": "up to {}", "less": "up to below {}"}


def cell_wording(cell: Expr, of: Expr, table: str, always: str = "any") -> str:
    """The words of a cell that looks at `of`, both standing over the rows of `table`; `always` where it asks
    nothing."""
    match cell:
        case Const(value=True):
            return always
        case And((Call(low, (_, bottom)), Call(high, (_, top)))) if _name(low) in _LOW and _name(high) in _HIGH:
            return f"{_LOW[_name(low)].format(wording(bottom, table))} {_HIGH[_name(high)].format(wording(top, table))}"
        case Call(overload, (_, low, high)) if _name(overload) == "between":
            return f"{wording(low, table)} to {wording(high, table)}"
        case Call(overload, (asked, *options)) if _name(overload) in ("equal", "one_of"):
            said = [_option(option, asked, table) for option in options]
            return " or ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
        case Call("missing.any" | "known.any" as overload):
            return _name(overload)
        case Not(operand) if operand == of:
            return "false"
        case _ if cell == of:
            return "true"
        case Relative(operator=str()):
            return wording(cell, table).removeprefix(wording(of, table)).strip()
        case _:
            return wording(cell, table).removeprefix(wording(of, table) + " ")


def _name(overload: str) -> str:
    return overload.split(".")[0]


def _option(option: Expr, asked: Expr, table: str) -> str:
    """A value; a segment by its name."""
    match asked, option:
        case Previous(), Const(str() as segment):
            return written(segment)
        case _, Const(value, type):
            return value_wording(value, type)
        case _:
            return wording(option, table)
