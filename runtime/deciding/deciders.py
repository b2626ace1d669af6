"""The functions that decide, each made once: by table, as-of date, parameters, and how much is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...compiler import plan as c
from ...compiler.plan_from_program import plan_from_program
from ...compiler.plan_walk import conditions_in
from ...compiler.python.accept import Refused
from ...compiler.python.module import Module, python_module
from ...compiler.python.support import Undecidable
from ...compiler.reasons import Numbers, reasons_of
from ...compiler.ruleset import RuleSet
from ...compiler.time import window_bounds
from ...dsl.expr import Reason, Score
from ..binding import bind
from ..errors import DecisionError, InputError, InputProblem, SettingsError
from .cut_points import check_cut_points
from .decision import Decision, Segments, decision
from .problems import problems_of
from .trace import Tell, Teller, with_trace

Row = Mapping[str, Any]
Decide = Callable[[Row], Decision]

MANY_ANSWERS = 1 << 16
"""So many different answers are kept, to be given again."""
MANY_DATES = 64
"""For so many as-of dates and parameters the function is kept."""

_ANY_DATE = dt.date(2000, 1, 1)
"""Stands for the as-of date of rules that do not look at time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a function is made for."""

    table: str | None
    as_of: dt.date | str | None
    parameters: tuple[tuple[str, str], ...]
    trusted: bool
    trace: bool


@dataclass(slots=True)
class Deciders:
    """The functions of one rule set."""

    rules: RuleSet
    _plan: c.Plan | None = None
    _modules: dict[tuple[str, bool, bool], Module] = field(default_factory=dict)
    _made: dict[Asked, Decide] = field(default_factory=dict)

    def decider(self, asked: Asked) -> Decide:
        """The function that decides about one row of a table. Raises `SettingsError`."""
        found = self._made.get(asked)
        if found is None:
            if len(self._made) >= MANY_DATES:
                self._made.clear()
            found = self._made[asked] = self._make(asked)
        return found

    def _make(self, asked: Asked) -> Decide:
        population = self._population(asked.table)
        module = self._module(population, checked=not asked.trusted, traced=asked.trace)
        as_of = asked.as_of
        if as_of is None:
            if module.of_time:
                raise SettingsError(
                    "the rules look at time: as of which date is the decision? Give `as_of` "
                    "(`--as-of` on the command line)"
                )
            as_of = _ANY_DATE
        of_run = bind(self.rules.program, as_of, self.rules.parameters)
        binding = bind(self.rules.program, as_of, {**self.rules.parameters, **dict(asked.parameters)})
        check_cut_points(self.rules, population, of_run, binding)
        windows = {
            name: window_bounds(window, binding.as_of, binding.parameters) for window, name in module.windows.items()
        }

        def failed(row: Row, problem: Exception) -> Exception:
            return _failure(self._module(population, checked=True, traced=False), row, problem, trusted=asked.trusted)

        decisions = {each.segmentation: each for each in population.decisions}

        def observed(tell: Tell) -> Callable[[Decision, Sequence[Any]], Decision]:
            return with_trace(Teller(tell, module.words, decisions))

        answers = _answers(self.rules, population, module)
        return module.decider(binding.as_of, binding.parameters, windows, answers, failed, observed)

    def _population(self, table: str | None) -> c.Population:
        if self._plan is None:
            self._plan = plan_from_program(self.rules.program)
        found = [each for each in self._plan.populations if table in (None, each.table)]
        roots = [each for each in found if self.rules.program.table(each.table).role == "root"]
        if len(found) == 1 or len(roots) == 1:
            return (roots or found)[0]
        names = ", ".join(f"`{each.table}`" for each in self._plan.populations)
        if table is not None:
            raise SettingsError(f"no segmentation is of `{table}`; there are segmentations of {names or 'nothing'}")
        raise SettingsError(f"the rules segment {names or 'nothing'}: name the table of the row, as `table`")

    def _module(self, population: c.Population, *, checked: bool, traced: bool) -> Module:
        kind = (population.table, checked, traced)
        if kind not in self._modules:
            rules = self.rules
            self._modules[kind] = python_module(
                rules.program, population, rules.cut_points, checked=checked, traced=traced
            )
        return self._modules[kind]


def _failure(module: Module, row: Row, problem: Exception, *, trusted: bool) -> Exception:
    """What a caller is told: everything that is wrong with the row, else why it has no answer."""
    found = problems_of(module.root, row)
    if found:
        return InputError(found)
    if isinstance(problem, Undecidable):
        return DecisionError(problem.kind, str(problem))
    if trusted:
        return InputError((InputProblem((), "a value fits, but is not canonical, as what is trusted has to be"),))
    assert not isinstance(problem, Refused), f"refused, and nothing is wrong: {problem.reason}"
    return problem


# -- answers -------------------------------------------------------------------------------------------------------


class _Answers(dict[Any, Decision]):
    """Decisions by key, each made when it is first asked for, and kept."""

    __slots__ = ("_answered",)

    def __init__(self, answered: Callable[[Any], Decision]) -> None:
        super().__init__()
        self._answered = answered

    def __missing__(self, key: Any) -> Decision:
        found = self._answered(key)
        if len(self) < MANY_ANSWERS:
            self[key] = found
        return found


def _answers(
    rules: RuleSet, population: c.Population, module: Module
) -> Mapping[Any, Decision] | Sequence[Decision | None]:
    """The decisions by the key that the source gives. Where that is the number of a clause, by their place."""
    program = rules.program
    declared = {
        each.segmentation: {segment.name: segment for segment in program.segmentation(each.segmentation).all_segments}
        for each in population.decisions
    }
    scores = {name: _score(rules, population.table, name) for name, _ in module.scores}
    alone = len(population.decisions) == 1 and not module.scores

    def answered(key: Any) -> Decision:
        parts: Sequence[Any] = (key,) if alone else key
        segments: dict[str, Segments] = {}
        clauses: dict[str, int] = {}
        reasons: dict[str, tuple[Reason, ...]] = {}
        kept_out: dict[str, tuple[str, ...]] = {}
        numbers = _numbers(module, parts[len(population.decisions) :])
        inspected = {name: (score, numbers[name]) for name, score in scores.items()}
        for each, answer in zip(population.decisions, parts, strict=False):
            of, included = declared[each.segmentation], segments_of(each, answer)
            segments[each.segmentation] = included[0] if each.exclusive else included
            if each.exclusive:
                clauses[each.segmentation] = answer
            elif beyond := _beyond_cap(population, each, answer):
                kept_out[each.segmentation] = beyond
            given = [reason for name in included for reason in reasons_of(of[name], inspected)]
            reasons[each.segmentation] = tuple(dict.fromkeys(given))
        return decision(segments, clauses, reasons, kept_out=kept_out)

    if module.numbered:
        (only,) = population.decisions
        numbers = {clause.number for clause in only.clauses} | {only.otherwise_clause or 0}
        return tuple(answered(number) if number in numbers else None for number in range(max(numbers) + 1))
    return _Answers(answered)


def _score(rules: RuleSet, table: str, name: str) -> Score:
    score = rules.program.let(table, name).value
    assert isinstance(score, Score)
    return score


def _numbers(module: Module, given: Sequence[Any]) -> dict[str, Numbers]:
    found: dict[str, Numbers] = {}
    at = 0
    for name, count in module.scores:
        found[name] = given[at : at + count]
        at += count
    return found


def segments_of(each: c.Decision, answer: int) -> tuple[str, ...]:
    """The segments of an answer as the source gives it."""
    if not each.exclusive:
        return tuple(name for place, name in enumerate(each.segments) if answer >> place & 1)
    found = next((clause.segment for clause in each.clauses if clause.number == answer), each.otherwise)
    assert found is not None
    return (found,)


def _beyond_cap(population: c.Population, each: c.Decision, answer: int) -> tuple[str, ...]:
    """The segments of an overlapping segmentation that the row qualifies for and that its cap keeps it out of. Not
    those that ask for personal data: that the row is in a segment may be told, but not what is true of it besides."""
    personal = {
        clause.segment
        for clause in each.clauses
        if any(population.conditions[number].personal for number in conditions_in(clause.formula))
    }
    return tuple(name for name in segments_of(each, answer >> len(each.segments)) if name not in personal)
