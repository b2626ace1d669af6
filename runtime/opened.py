"""The data of a project, opened, checked and ready to be decided about: what a run and a comparison do alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ..compiler.plan import Binding, Plan
from ..dsl.program import Program
from .connection import connected
from .contracts import ContractReport, check_contracts
from .cut_points import with_cut_points
from .engines.engine import Engine
from .engines.names import EngineName
from .engines.opening import open_engine, prepare_engine
from .errors import DataError, Violation
from .notes import Note
from .outcomes.ends import Ends, data_ends
from .previous import Asked, Before, open_before
from .progress import Clock, Report, reported
from .settings import Settings
from .sources import Input, open_inputs
from .stopping import heed
from .stops import check_measure_ties, check_ties, overflow_named


@dataclass(frozen=True, slots=True)
class Rules:
    """A program with its plan, and what it is bound to."""

    program: Program
    plan: Plan
    binding: Binding


@dataclass(frozen=True, slots=True)
class Opened:
    """Data that was opened and not yet looked at. `work` is for files that are needed on the way; `stage` names what is
    being done, and `clock` times it; `background` is for what may be done meanwhile; `notes` are about the engine."""

    rules: Rules
    settings: Settings
    name: EngineName
    work: Path
    con: duckdb.DuckDBPyConnection
    stage: Callable[[str], None]
    clock: Clock
    background: ThreadPoolExecutor
    inputs: Mapping[str, Input]
    before: Before
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """Data that keeps its contracts, on an engine, with nothing in it that would stop an assignment but overflow.
    `binding` has the cut-points of relative values; `ends` is where the data ends."""

    engine: Engine
    binding: Binding
    ends: Ends


@contextmanager
def opened(
    rules: Rules,
    settings: Settings,
    name: EngineName,
    before: Path | None,
    work: Path,
    report: Report | None,
    asked: Mapping[str, Asked] | None = None,
) -> Iterator[Opened]:
    """The data that the plan reads. `before` is the folder of the run before, and `asked` how that calls what is asked
    of it (`open_before`). Raises `SettingsError`, `DataError` or `EngineError`."""
    clock = Clock()
    prepared = prepare_engine(name, settings.threads, settings.memory)
    with (
        connected(work, memory=settings.memory, threads=settings.threads) as con,
        reported(con, report) as begin,
        ThreadPoolExecutor(max_workers=1) as background,
    ):

        def stage(name: str) -> None:
            heed()
            clock.begin(name.split(" ", 1)[0])
            begin(name)

        stage("opening the data")
        program, plan, as_of = rules.program, rules.plan, rules.binding.as_of
        inputs = open_inputs(con, program, plan.columns, settings.data, work)
        history = open_before(con, program, plan, as_of, before, settings.name, asked)
        yield Opened(rules, settings, name, work, con, stage, clock, background, inputs, history, prepared)


def checked(data: Opened) -> ContractReport:
    """What the data was found to be; raises `DataError` where it breaks a contract."""
    program, plan, binding = data.rules.program, data.rules.plan, data.rules.binding
    return check_contracts(data.con, program, plan.columns, data.inputs, binding.as_of, data.stage)


def made_ready(data: Opened) -> Ready:
    """The engine over data whose contracts were `checked`. Raises `DataError` for ties that leave something without an
    answer and for overflow, else `EngineError`."""
    program, plan = data.rules.program, data.rules.plan
    engine = open_engine(data.name, data.con, program, plan.columns, data.inputs, data.before.relations, data.work)
    binding = with_cut_points(engine, plan, data.rules.binding, data.stage)
    _check_ties(engine, plan, binding, data)
    return Ready(engine, binding, data_ends(data.con, program, plan, data.inputs, data.settings.data))


def _check_ties(engine: Engine, plan: Plan, binding: Binding, data: Opened) -> None:
    ties: list[Violation] = []
    for population in plan.populations:
        data.stage(f"looking for ties in what `{population.table}` ask for")
        with overflow_named(engine, population, binding):
            ties += check_ties(engine, population, binding)
            ties += check_measure_ties(engine, population, binding)
    if ties:
        raise DataError([*dict.fromkeys(ties)], {name: input.shown for name, input in data.inputs.items()})
