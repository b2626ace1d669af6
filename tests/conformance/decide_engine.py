"""Generated rules and rows through single decisions: each row with everything that belongs to it, one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from segwright.compiler.cut_points import CutPoints, Reach, cut_points_key, reaches
from segwright.compiler.plan_from_program import plan_from_program
from segwright.compiler.python import bits
from segwright.compiler.ruleset import compiled
from segwright.dsl.program import Const, Expr, ParameterRef, Program
from segwright.dsl.types import Value
from segwright.ruleset import RuleSet
from segwright.runtime.deciding.decision import Decision
from segwright.runtime.deciding.trace import Trace
from segwright.runtime.errors import DecisionError
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Answer, Before, World
from segwright.runtime.reference.rows import Data, Row, rows_of

from .engine import EngineAnswers, Stopped


@dataclass(frozen=True, slots=True)
class Reached:
    """The truths of the conditions that were reached, by table, key and condition."""

    truths: dict[str, dict[Any, dict[Expr, bool | None]]]


def answers(
    program: Program, data: Data, as_of: dt.date, *, evidence: bool, before: Before | None = None
) -> EngineAnswers:
    """The answers with what was reached; see `Engine`. Single decisions have no other evidence: with `evidence` they
    are taken clause by clause, without it by bits, as where clauses are many."""
    many = bits.MANY_CLAUSES
    try:
        bits.MANY_CLAUSES = many if evidence else 0
        found, reached = decided(program, data, as_of, before=before)
    finally:
        bits.MANY_CLAUSES = many
    return replace(found, reached=reached.truths)


def decided(
    program: Program,
    data: Data,
    as_of: dt.date,
    *,
    before: Before | None = None,
    parameters: Mapping[str, Value] | None = None,
    written: Mapping[str, str] | None = None,
) -> tuple[EngineAnswers, Reached]:
    """The decisions about the rows of every population, checked, trusted and traced, which are the same. `parameters`
    are values that replace the declared ones, `written` the same as rule files write them.

    Raises `Stopped` for ties and overflow. Keys and duplicates are looked at by nobody here."""
    if parameters and any(population.ranking for population in plan_from_program(program).populations):
        # Cut-points are those of a run, and it is the run that may have other values.
        values = {each.name: parameters.get(each.name, each.value) for each in program.parameters}
        declared = tuple(replace(each, value=values[each.name]) for each in program.parameters)
        program, written = replace(program, parameters=declared), {}
    try:
        rows = rows_of(program, data, as_of)
        rules = rule_set(program, _cut_points(program, rows, as_of, parameters or {}))
    except DataError as error:
        raise Stopped(error.kind, str(error)) from error
    found, reached = EngineAnswers({}, {}, {}, {}, {}), Reached({})
    for population in plan_from_program(program).populations:
        table = population.table
        found.answers[table], found.reasons[table], found.told[table], reached.truths[table] = {}, {}, {}, {}
        found.conditions[table] = found.features[table] = ()
        found.truths[table] = {row.key: () for row in rows[table]}
        found.values[table] = {row.key: () for row in rows[table]}
        words = {condition.number: condition.written for condition in population.conditions}
        for row in rows[table]:
            asked = as_given(program, row, before or {})
            one = _decided(rules, asked, as_of, table, written or {})
            found.answers[table][row.key] = answer_of(one, [each.segmentation for each in population.decisions])
            found.reasons[table][row.key] = {
                name: [reason.code for reason in reasons] for name, reasons in one.reasons.items()
            }
            found.told[table][row.key] = dict(_told(one, [let.name for let in program.lets if let.table == table]))
            reached.truths[table][row.key] = {words[number]: truth for number, truth in _noted(one)}
    return found, reached


def rule_set(program: Program, cut_points: CutPoints) -> RuleSet:
    """The rule set of a program, as it is loaded."""
    made = compiled(program, [], "generated")
    return RuleSet(made.name, made.program, made.logic_hash, made.text_hash, cut_points)


def _decided(
    rules: RuleSet, row: dict[str, Any], as_of: dt.date, table: str, parameters: Mapping[str, str]
) -> Decision:
    found: list[Decision | DecisionError] = []
    for trusted, trace in ((False, False), (True, False), (True, True)):
        try:
            found.append(
                rules.decide(row, as_of=as_of, table=table, parameters=parameters, trusted=trusted, trace=trace)
            )
        except DecisionError as error:
            found.append(error)
    checked, trusted, traced = found
    match checked, trusted, traced:
        case DecisionError(), DecisionError(), DecisionError():
            raise Stopped(checked.why, str(checked))
        case Decision(), Decision(), Decision():
            assert checked == trusted
            assert (traced.segments, traced.clauses, traced.reasons) == (
                checked.segments,
                checked.clauses,
                checked.reasons,
            )
            return traced
        case _:
            raise AssertionError(f"checked, trusted and traced differ: {found}")


def _noted(decision: Decision) -> Iterator[tuple[int, bool | None]]:
    assert isinstance(decision.trace, Trace)
    for number, *noted in decision.trace.noted:
        if noted:
            yield number, noted[0]


def _told(decision: Decision, lets: list[str]) -> Iterator[tuple[str, Value | None]]:
    """The lets among the values that conditions looked at."""
    assert decision.trace is not None
    for seen in decision.trace:
        for words, value in seen.values.items():
            if words.strip("`") in lets:
                yield words.strip("`"), value


def answer_of(decision: Decision, segmentations: list[str]) -> dict[str, Answer]:
    """A decision as the interpreter says it."""
    found: dict[str, Answer] = {}
    for name in segmentations:
        segments = decision.segments[name]
        found[name] = (segments, decision.clauses[name]) if isinstance(segments, str) else list(segments)
    return found


# -- rows as they are given ------------------------------------------------------------------------------------------


def as_given(program: Program, row: Row, before: Before) -> dict[str, Any]:
    """A row with everything that belongs to it."""
    found = _with_children(program, row)
    if row.parent is not None:
        found[row.parent.table.name] = _upwards(program, row.parent)
    own = {each.name for each in program.segmentations if each.table == row.table.name}
    found["previous"] = {name: of[row.key] for name, of in before.items() if name in own and row.key in of}
    return found


def _upwards(program: Program, row: Row) -> dict[str, Any]:
    found = {**row.values, **_attached(program, row)}
    if row.parent is not None:
        found[row.parent.table.name] = _upwards(program, row.parent)
    return found


def _attached(program: Program, row: Row) -> dict[str, Any]:
    return {
        table.name: row.attached[table.name].values if table.name in row.attached else None
        for table in program.tables
        if (table.parent, table.role) == (row.table.name, "attached")
    }


def _with_children(program: Program, row: Row) -> dict[str, Any]:
    found = {**row.values, **_attached(program, row)}
    for table in program.tables:
        if table.parent == row.table.name and table.role in ("child", "events"):
            found[table.name] = [_with_children(program, each) for each in row.children.get(table.name, [])]
    return found


# -- everybody -------------------------------------------------------------------------------------------------------


def _cut_points(
    program: Program, rows: dict[str, list[Row]], as_of: dt.date, parameters: Mapping[str, Value]
) -> CutPoints:
    """What a run would have recorded, by the definition of each cut-point."""
    values = {each.name: each.value for each in program.parameters} | dict(parameters)
    world = World(program, as_of, values, rows, {})
    found: dict[str, tuple[Value | None, ...]] = {}
    for population in plan_from_program(program).populations:
        for relative in population.ranking.written if population.ranking else ():
            everybody = [world.value(relative.of, row) for row in rows[population.table]]
            known: list[Any] = sorted(value for value in everybody if value is not None)
            match relative.share:
                case None:
                    share = None
                case Const(constant):
                    share = float(str(constant))
                case ParameterRef(name):
                    share = float(str(values[name]))
                case _:
                    raise AssertionError("a share is a literal or a parameter")
            found[cut_points_key(relative)] = tuple(_cut(known, reach) for reach in reaches(relative, share))
    return found


def _cut(known: list[Any], reach: Reach) -> Value | None:
    for x in known:
        side = sum(each < x for each in known) if reach.side == "below" else sum(each > x for each in known)
        left, right = reach.factor * side, reach.share * len(known)
        if {">=": left >= right, ">": left > right, "<": left < right}[reach.comparison]:
            return x
    return None
