"""A few rows that move, each explained by the plans of both sides, as the engine sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...compiler.changes.renaming import Words, expression
from ...compiler.cut_points import cut_points_key
from ...compiler.plan import Binding, Plan
from ...compiler.plan_from_program import plan_from_program
from ...dsl.program import Program, Relative
from ..engines.engine import Engine
from ..engines.opening import open_engine
from ..explain import segmentations_seen
from ..explanation import SegmentationSeen
from ..observe import observe, subject_of
from ..opened import Opened
from ..previous import Asked, open_before
from ..sources import Input
from .answers import Answers, Way, segments_in
from .causes import Cause
from .few_rows import few_rows
from .records import MoverRecord
from .told import told

Chosen = tuple[int | str, Way, Cause]
"""A key, the way that its row goes, and what caused that."""


@dataclass(frozen=True, slots=True)
class Explained:
    """The rules of one side as an explanation needs them: `words` say what they are called in the joint program;
    `asked` how the run before calls what they ask of it."""

    program: Program
    binding: Binding
    words: Words
    asked: Mapping[str, Asked]


def examples(
    data: Opened,
    joint: Binding,
    table: str,
    sides: tuple[Explained, Explained],
    chosen: Sequence[tuple[Answers, Sequence[Chosen]]],
    before: Path | None,
) -> tuple[dict[str, list[MoverRecord]], str | None]:
    """The rows that were chosen, by segmentation, or why none can be explained. `joint` is the binding of the joint
    program, with its cut-points."""
    keys = list(dict.fromkeys(key for _, found in chosen for key, _, _ in found))
    if not keys:
        return {}, None
    if not all(_is_read(data, side) for side in sides):
        why = "a segmentation that cannot be compared is asked about in the run before"
        return {}, f"rows of `{table}` that move are not explained: {why}"
    inputs = few_rows(data.con, data.rules.program, data.inputs, table, keys)
    seen: list[dict[int | str, dict[str, SegmentationSeen]]] = []
    for number, side in enumerate(sides):
        work = data.work / f"examples {table} {number}"
        work.mkdir()
        seen.append(_seen(data, side, joint, table, inputs, keys, before, work))
    explained = {
        answers.name: [
            MoverRecord(
                key=key,
                before=list(segments_in(answers.old, way[0])),
                after=list(segments_in(answers.new, way[1])),
                explanation=told(seen[0][key][answers.name], seen[1][key][answers.name], cause),
            )
            for key, way, cause in found
        ]
        for answers, found in chosen
    }
    return explained, None


def _is_read(data: Opened, side: Explained) -> bool:
    """Whether all that the side reads was opened."""
    opened = {(name, column) for name, input in data.inputs.items() for column in input.relation.columns}
    return all(
        (side.words.table(each.table), each.column) in opened for each in plan_from_program(side.program).columns
    )


def _seen(
    data: Opened,
    side: Explained,
    joint: Binding,
    table: str,
    inputs: Mapping[str, Input],
    keys: Sequence[int | str],
    before: Path | None,
    work: Path,
) -> dict[int | str, dict[str, SegmentationSeen]]:
    """By key what each segmentation of the side says, and why."""
    plan = plan_from_program(side.program)
    subject = subject_of(side.program, plan, _binding(side, plan, joint), table)
    own = replace(plan, populations=(subject.population,))
    engine, history = _engine(data, side, own, inputs, before, work)
    subject = replace(subject, before=history)
    found: dict[int | str, dict[str, SegmentationSeen]] = {}
    for key in keys:
        observation = observe(engine, subject, key)
        assert observation is not None, "the row was counted"
        decisions = subject.population.decisions
        found[key] = {each.name: each for each in segmentations_seen(subject, observation, decisions)}
    return found


def _engine(
    data: Opened, side: Explained, plan: Plan, inputs: Mapping[str, Input], before: Path | None, work: Path
) -> tuple[Engine, str | None]:
    """The side's engine over the rows that were taken, and the name of the run before, if it is asked."""
    program, as_of = side.program, side.binding.as_of
    read = {each.table for each in plan.columns}
    own = {
        name: replace(inputs[side.words.table(name)], table=name) for name in read if side.words.table(name) in inputs
    }
    history = open_before(data.con, program, plan, as_of, before, data.settings.name, side.asked)
    columns = [each for each in plan.columns if each.table in own]
    engine = open_engine(data.name, data.con, program, columns, own, history.relations, work)
    return engine, next(iter(history.runs), None)


def _binding(side: Explained, plan: Plan, joint: Binding) -> Binding:
    """The side's binding with the cut-points that were found for it in the joint program."""
    found = dict(side.binding.cut_points)
    for population in plan.populations:
        for key, written in (
            () if population.ranking is None else zip(population.ranking.keys, population.ranking.written, strict=True)
        ):
            named = expression(written, population.table, side.words)
            assert isinstance(named, Relative), "a relative value in other words is one"
            found[key] = joint.cut_points[cut_points_key(named)]
    return replace(side.binding, cut_points=found)
