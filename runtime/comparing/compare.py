"""Old rules and new rules over the same rows of a project, in one pass."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from ...compiler.assignment import Options, frame_with, wide_options
from ...compiler.changes.records import Changes
from ...compiler.duckdb.relation import Relation
from ...compiler.plan import Population
from ...compiler.plan_from_program import plan_from_program
from ...compiler.ruleset import RuleSet
from ..connection import engine_error
from ..engines.names import EngineName
from ..errors import DataError, EngineError, SettingsError
from ..notes import Note
from ..opened import Opened, Ready, Rules, checked, made_ready, opened
from ..outcomes.fairness import fairness_of
from ..outcomes.measures import Measured
from ..outcomes.measures import measure_records as all_measures
from ..outcomes.records import TableOutcomes
from ..outcomes.written import write_measured
from ..previous import run_before
from ..progress import Report
from ..settings import Settings
from ..stopping import stoppable
from ..stops import overflow_named
from .answers import Answers, Asked, answers_of, as_assigned, first_keys
from .causes import causes
from .columns import columns_read
from .eased import eased_notes
from .examples import examples
from .hiding import hide_compared
from .judged import Judged, compared_fairness, compared_guards, compared_targets, judged_side, set_apart
from .records import Comparison, MoverRecord, SegmentationRecord
from .segmentations import example_ways, measure_records, segmentation_record
from .sides import Sides, not_as_declared, settings_of, sides_of, without, without_data


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What a comparison is asked for beyond the settings. `parameters` are written as in rule files and hold for both
    sides; `examples`: so many rows of each segmentation are explained. `out`: where the run before lies."""

    as_of: dt.date | str | None = None
    engine: EngineName | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    examples: int = 5
    out: Path | None = None


def compare(
    before: RuleSet,
    after: RuleSet,
    changes: Changes,
    settings: Settings,
    options: CompareOptions | None = None,
    report: Report | None = None,
) -> Comparison:
    """What the change from one rule set to another does to the rows of a project, both over the data as it is now and
    as of the same date. Nothing is written into the project.

    What cannot be compared is told in notes. Raises a `RunError`: `SettingsError`, `DataError` or `EngineError`."""
    options = CompareOptions() if options is None else options
    as_of = settings.as_of if options.as_of is None else options.as_of
    sides = sides_of(before.program, after.program, changes.renames, as_of, options.parameters)
    left_out = without_data(sides, settings)
    if left_out:
        sides = without(sides, left_out.keys())
    try:
        while True:
            try:
                return _compared(sides, changes, settings, options, left_out, report)
            except DataError as problem:
                more = not_as_declared(sides, problem.violations)
                if not more.keys() - left_out.keys():
                    raise
                left_out |= more
                sides = without(sides, left_out.keys())
    except duckdb.Error as problem:
        raise engine_error(problem, "comparing the rules") from problem
    except OSError as problem:
        raise EngineError(f"a file could not be read or written: {problem}") from problem


def _compared(
    sides: Sides,
    changes: Changes,
    settings: Settings,
    options: CompareOptions,
    left_out: Mapping[str, str],
    report: Report | None,
) -> Comparison:
    joint = sides.joint
    if not joint.program.segmentations:
        raise SettingsError("the rules declare no segmentation, so there is nothing to compare")
    rules = Rules(joint.program, plan_from_program(joint.program), sides.binding)
    history = run_before(settings.out if options.out is None else options.out, sides.as_of)
    name = options.engine or settings.engine
    newly, no_longer = columns_read(sides.before, sides.after)
    with (
        stoppable(),
        tempfile.TemporaryDirectory(prefix="segwright-") as work,
        opened(rules, settings_of(sides, settings), name, history, Path(work), report, sides.asked) as data,
    ):
        contracts = checked(data)
        ready = made_ready(data)
        around = _Around(sides, changes, contracts.notes, history, options.examples)
        tables = [_table(data, ready, population, around) for population in rules.plan.populations]
        notes = [*eased_notes(data, joint), *_notes(data, contracts.notes)]
        seconds = data.clock.ended()["total"]
    order = {each.name: at for at, each in enumerate(sides.after.segmentations)}
    apart = _apart(sides, left_out)
    segmentations = [record for each in tables for record in each.segmentations]
    judged = [each.judged for each in tables]
    return Comparison(
        as_of=sides.as_of,
        rows={each.table: each.rows for each in tables},
        segmentations=sorted(segmentations, key=lambda each: order[each.segmentation]),
        added=list(joint.added),
        removed=list(joint.removed),
        apart=apart,
        targets=[each for old, new in judged for each in set_apart(compared_targets(old.targets, new.targets), apart)],
        guards=[each for old, new in judged for each in set_apart(compared_guards(old.guards, new.guards), apart)],
        fairness=[
            each
            for old, new in judged
            for each in set_apart(compared_fairness(old.fairness, new.fairness, sides.k), apart)
        ],
        newly_read=newly,
        no_longer_read=no_longer,
        notes=[
            *(f"`{name}` cannot be compared: {why}" for name, why in apart.items()),
            *notes,
            *(each.untold for each in tables if each.untold is not None),
        ],
        seconds=seconds,
    )


def _apart(sides: Sides, left_out: Mapping[str, str]) -> dict[str, str]:
    """The segmentations, and the measures that targets ask for, that cannot be compared, and why."""
    return {**sides.joint.apart, **{name: f"by the rules before, {said}" for name, said in left_out.items()}}


def _notes(data: Opened, found: tuple[Note, ...]) -> list[str]:
    """What the data and the engine gave to note; freshness is a guard."""
    told = (*data.notes, *found, *data.before.notes)
    return list(dict.fromkeys(note.message for note in told if note.kind != "freshness"))


# -- one table ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds the tables: the sides, what changed between them, what was noted of the data, the folder of the
    run before, and how many rows to explain."""

    sides: Sides
    changes: Changes
    notes: tuple[Note, ...]
    history: Path | None
    examples: int


@dataclass(frozen=True, slots=True)
class _Table:
    """What a comparison says of one table; `untold` says why none of its rows is explained."""

    table: str
    rows: int | None
    segmentations: list[SegmentationRecord]
    judged: tuple[Judged, Judged]
    untold: str | None


def _table(data: Opened, ready: Ready, population: Population, around: _Around) -> _Table:
    sides, program, table = around.sides, data.rules.program, population.table
    data.stage(f"assigning `{table}`")
    options = replace(wide_options(population, Options()), qualified=False)
    framed = replace(population, frame=frame_with(population, options))
    file = data.work / f"compared {table}.parquet"
    with overflow_named(ready.engine, framed, ready.binding):
        relation = write_measured(ready.engine, data.con, population, ready.binding, options, file)
    data.stage(f"comparing `{table}`")
    found = _answers(data, population, options, relation, sides)
    copies = {*sides.joint.unlimited.values()}
    decisions = tuple(each for each in population.decisions if each.segmentation not in copies)
    judged = replace(population, decisions=decisions)
    compared = {name: each for name, each in found.items() if name in sides.joint.compared}
    measured = Measured(data.con, relation, options, ready.ends)
    fair = fairness_of(measured, program, judged)
    record = as_assigned(judged, found)
    outcomes = TableOutcomes(
        rows=record.rows,
        measures=all_measures(measured, program, judged, ready.binding),
        fairness=fair.records,
    )
    shown, record, outcomes = hide_compared(judged, record, outcomes, fair.crossed, compared, sides.k)
    last_run = None if around.history is None else dt.date.fromisoformat(around.history.name[:10])
    old, new = (judged_side(side, table, record, outcomes, around.notes, last_run) for side in sides.judged())
    made = {
        name: causes(each, around.changes.clauses.get(name, ()), sides.behind(name)) for name, each in compared.items()
    }
    explained: dict[str, list[MoverRecord]] = {}
    untold: str | None = None
    key = program.table(table).field_named(population.frame.key or "")
    if around.examples and (table, key.column) not in sides.personal:
        data.stage("explaining rows that move")
        keys = {
            name: first_keys(data.con, relation, options, population, _asked(sides, name), around.examples)
            for name, each in compared.items()
            if not each.same
        }
        chosen = [
            (compared[name], example_ways(compared[name], shown, made[name], each, around.examples))
            for name, each in keys.items()
        ]
        explained, untold = examples(data, ready.binding, table, sides.explained(), chosen, around.history)
    declared = {each.name: each for each in sides.after.measures}
    records = [
        segmentation_record(
            each, table, shown, made[name], measure_records(each, outcomes, declared), explained.get(name, [])
        )
        for name, each in compared.items()
    ]
    return _Table(table, record.rows, records, (old, new), untold)


def _answers(
    data: Opened, population: Population, options: Options, relation: Relation, sides: Sides
) -> dict[str, Answers]:
    """The answers of every segmentation that is compared, and of those that only one side has, by their name."""
    decided = [each.segmentation for each in population.decisions]
    names = [name for name in decided if name in sides.joint.compared]
    asked = {name: _asked(sides, name) for name in names}
    taken = {each for found in asked.values() for each in found}
    asked |= {name: (name, name, name, name) for name in decided if name not in taken}
    return {name: answers_of(data.con, relation, options, population, each, name) for name, each in asked.items()}


def _asked(sides: Sides, name: str) -> Asked:
    """The decisions of a segmentation that is compared."""
    old, unlimited = sides.joint.compared[name], sides.joint.unlimited
    return old, name, unlimited.get(old, old), unlimited.get(name, name)
