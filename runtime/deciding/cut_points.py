"""Cut-points that a run recorded, and the parameters that they were found with: others would give other cut-points."""

from __future__ import annotations

from collections.abc import Iterator, Set

from ...compiler.plan import Binding, Population
from ...compiler.ruleset import RuleSet
from ...dsl.expr import Aggregate, Expr, LetRef, ParameterRef
from ...dsl.program import Program
from ...dsl.walk import walk
from ...dsl.wording import wording
from ..binding import replaced, worded
from ..errors import SettingsError


def check_cut_points(rules: RuleSet, population: Population, of_run: Binding, asked: Binding) -> None:
    """Raises `SettingsError` where `asked` has another value than the run (`of_run`) for a parameter that recorded
    cut-points rest on."""
    program = rules.program
    other = {name for name, value in asked.parameters.items() if value != of_run.parameters[name]}
    if population.ranking is None or not other:
        return
    for key, relative in zip(population.ranking.keys, population.ranking.written, strict=True):
        for name in _parameters(program, relative, set()) if key in rules.cut_points else ():
            if name in other:
                given, found = worded(asked, program)[name], worded(of_run, program)[name]
                said = wording(relative, population.table).replace("`", "")
                stands = "its value in that run" if name in replaced(of_run, program) else "its declared value"
                raise SettingsError(
                    f"`{name}` cannot be {given} here: the run that the rule set comes from found the cut-points of "
                    f"`{said}` with {found}, {stands}. Leave it out, or run with "
                    f"`--set {name}={given}` and take the rule set of that run"
                )


def _parameters(program: Program, expr: Expr, followed: Set[tuple[str, str]]) -> Iterator[str]:
    """The parameters that an expression rests on, by way of lets and windows too."""
    for part in walk(expr):
        match part:
            case ParameterRef(name):
                yield name
            case LetRef(table, name) if (table, name) not in followed:
                yield from _parameters(program, program.let(table, name).value, followed | {(table, name)})
            case Aggregate(window=window) if window is not None:
                ends = (window.length, window.except_last)
                yield from (end.name for end in ends if isinstance(end, ParameterRef))
            case _:
                pass
