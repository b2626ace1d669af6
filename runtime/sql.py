"""The rules as SQL to read and to run: for every table that has segmentations one query, with an account of it."""

from __future__ import annotations

import datetime as dt
import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..compiler.duckdb.assumed import assumed_relations
from ..compiler.duckdb.readable import Readable, comment, readable_query
from ..compiler.duckdb.relation import Relation
from ..compiler.plan import AggregateFeature, Binding, Feature, Frame, Plan, Population
from ..compiler.plan_from_program import plan_from_program
from ..compiler.plan_walk import looks_at_time
from ..compiler.ruleset import RuleSet
from ..compiler.steps import in_force
from ..dsl.program import Choice, Expr, LetRef, Program, Score, Segment, Segmentation
from ..dsl.source import Source, Span
from ..dsl.wording import text_wording, wording
from .binding import bind, worded
from .connection import connected, file_text, quoted, text
from .errors import SettingsError
from .previous import asks_before, open_before, run_before
from .settings import FILE, Settings
from .sources import open_inputs

WIDTH = 116


@dataclass(frozen=True, slots=True)
class _Data:
    """What the queries read: relations by table, the statements that have to come first, and what to say of it."""

    relations: Mapping[str, Relation]
    statements: tuple[str, ...]
    said: tuple[str, ...]


def sql_of_rules(
    rules: RuleSet,
    sources: Mapping[str, Source],
    folder: Path,
    settings: Settings | None,
    as_of: dt.date | str | None,
    parameters: Mapping[str, str],
) -> str:
    """DuckDB SQL that assigns as a run does; `sources` are the rule files by the names that spans have, which are paths
    from the current folder, and `folder` is the one from which comments name them.

    Reads the data that the settings name, relative to their folder; without settings tables of the declared names.
    Raises `SettingsError` as a run does, also for a missing as-of date where the rules look at time, and `DataError`
    where the data has not the columns that the rules read."""
    program = rules.program
    if not program.segmentations:
        raise SettingsError("the rules declare no segmentation, so there is nothing to put into SQL")
    plan = plan_from_program(program)
    asked = settings.as_of if as_of is None and settings is not None else as_of
    timeless = asked is None and not any(looks_at_time(population) for population in plan.populations)
    binding = bind(program, dt.date.min if timeless else asked, parameters)
    as_of = binding.as_of
    data = _declared_data(plan, program, as_of) if settings is None else _project_data(plan, program, settings, as_of)
    parts = [_head(rules, binding, data, settings, timeless)]
    parts += [f"{statement};\n" for statement in ("SET TimeZone = 'UTC'", *data.statements)]
    for population in plan.populations:
        remarks = _remarks(program, population, sources, folder)
        query = readable_query(population, binding, program, data.relations, remarks)
        parts += [_account(program, population, binding, query), f"{query.text};\n"]
    return "\n".join(parts)


# -- data ----------------------------------------------------------------------------------------------------------


def _declared_data(plan: Plan, program: Program, as_of: dt.date) -> _Data:
    relations = assumed_relations(program, plan.columns)
    said = ["It reads tables or views of the declared names, with the columns of the declarations:"]
    for table in relations:
        columns = ", ".join(quoted(read.column) for read in plan.columns if read.table == table)
        said.append(f"  {quoted(table)}: {columns}")
    with connected(Path.cwd()) as con:
        before = open_before(con, program, plan, as_of, None, "")
    return _Data({**relations, **before.relations}, (), (*said, *_said_of_before(plan, None)))


def _project_data(plan: Plan, program: Program, settings: Settings, as_of: dt.date) -> _Data:
    folder = run_before(settings.out, as_of) if asks_before(plan) else None
    with connected(settings.folder) as con:
        inputs = open_inputs(con, program, plan.columns, settings.data, None)
        before = open_before(con, program, plan, as_of, folder, settings.name)
        attached = con.execute("SELECT database_name, path FROM duckdb_databases() WHERE path IS NOT NULL").fetchall()
    statements = [
        f"ATTACH IF NOT EXISTS {text(_from(settings.folder, Path(path)))} AS {quoted(alias)} (READ_ONLY)"
        for alias, path in attached
    ]
    said = f"It reads the data that {FILE} names, from the folder of that file."
    relations = {name: _relative(input.relation, input.files, settings) for name, input in inputs.items()}
    files = () if folder is None else tuple(folder.glob("*.parquet"))
    relations |= {name: _relative(relation, files, settings) for name, relation in before.relations.items()}
    return _Data(relations, tuple(statements), (said, *_said_of_before(plan, folder)))


def _relative(relation: Relation, files: Iterable[Path], settings: Settings) -> Relation:
    """The relation with its files by their path from the project's folder."""
    source = relation.source
    for file in files:
        source = source.replace(file_text(file), file_text(Path(_from(settings.folder, file))))
    alone = re.fullmatch(r"(read_parquet\()\[('(?:[^']|'')*')\]\)", source)
    return Relation(f"{alone[1]}{alone[2]})" if alone else source, relation.columns)


def _said_of_before(plan: Plan, folder: Path | None) -> list[str]:
    if not asks_before(plan):
        return []
    if folder is not None:
        return [f"The run before, which the rules ask about with `previous`, is {folder.name}."]
    return [
        "There is no run before: what the rules ask about with `previous` is missing for everybody. To have one, let",
        "the tables `… in the run before` read its assignments.",
    ]


def _from(folder: Path, file: Path) -> str:
    """The path of a file from a folder."""
    return Path(os.path.relpath(file, folder.resolve())).as_posix()


# -- comments ------------------------------------------------------------------------------------------------------


def _head(rules: RuleSet, binding: Binding, data: _Data, settings: Settings | None, timeless: bool) -> str:
    lines = [
        f"{rules.name}: who is in which segment, as DuckDB SQL",
        "",
        f"logic hash   {rules.logic_hash}",
        f"as of        {'any date: the rules do not look at time' if timeless else binding.as_of}",
    ]
    titles = {parameter.name: parameter.title for parameter in rules.program.parameters}
    values = [
        f"{name} = {value}{_title(titles[name])}" for name, value in sorted(worded(binding, rules.program).items())
    ]
    lines += [f"{label:<13}{value}" for label, value in zip(["parameters", *[""] * len(values)], values, strict=False)]
    lines += [
        "",
        "The assignments are those of `segwright run` with this date and these parameters over the same data, one row",
        "for each row of a table. The data is not checked here, and of events that tie in time either may count as the",
        "first or latest one: a run checks the data, and stops at ties.",
        *data.said,
    ]
    if settings is not None:
        lines.append("Run it there: duckdb < THIS_FILE")
    return _commented(lines)


def _account(program: Program, population: Population, binding: Binding, query: Readable) -> str:
    lines = [f"{population.table}: what is decided"]
    for decision in population.decisions:
        segmentation = program.segmentation(decision.segmentation)
        kind = "the first clause that holds" if segmentation.exclusive else "every segment with a clause that holds"
        kind += "" if decision.cap is None else f", but only the first {decision.cap} of them"
        lines.append(f"  {segmentation.name}{_title(segmentation.title)}: {kind}")
        left_out = [each.segment for each in decision.clauses if not in_force(each, binding.as_of)]
        lines += [f"    not in force on {binding.as_of}: {name}" for name in dict.fromkeys(left_out)]
    lines.append("by way of")
    lines += [f"  {quoted(name)}: {about}" for name, about in query.tables.items()]
    return _commented(lines)


def _commented(lines: Iterable[str]) -> str:
    return "".join(f"-- {comment(part)}".rstrip() + "\n" for line in lines for part in _wrapped(line))


def _wrapped(line: str) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())] + "    "
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False) or [""]


def _remarks(
    program: Program, population: Population, sources: Mapping[str, Source], folder: Path
) -> dict[tuple[str, int | str], str]:
    """What stands beside each clause, or each segment of an overlapping segmentation."""
    found: dict[tuple[str, int | str], str] = {}
    for decision in population.decisions:
        segmentation = program.segmentation(decision.segmentation)
        for segment in segmentation.all_segments:
            named = f"{segmentation.name}: {segment.name}{_title(segment.title)}"
            clauses = list(_clauses(segmentation, segment))
            places = [f"clause {number} ({_place(span, sources, folder)})" for number, span in clauses]
            if segmentation.exclusive:
                for (number, _), place in zip(clauses, places, strict=True):
                    found[segmentation.name, number] = f"{named}, {place}"
            else:
                found[segmentation.name, segment.name] = f"{named}, {', '.join(places)}"
    for frame in _frames(population):
        for table, feature in _features(frame):
            said, span = _computed(program, table, feature.written)
            place = f" ({_place(span, sources, folder)})" if span.file in sources else ""
            found[table, feature.name] = f"{said}{place}"
    return found


def _computed(program: Program, table: str, written: Expr) -> tuple[str, Span]:
    """What a feature is, in the words of the rules, and where they say it."""
    if not isinstance(written, LetRef):
        return wording(written, table), written.span
    let = program.let(written.table, written.name)
    match let.value:
        case Choice():
            said = "a decision"
        case Score():
            said = "a scorecard"
        case value:
            said = wording(value, let.table)
    return f"{let.name}{_title(let.title)}: {said}", let.span


def _frames(population: Population) -> Iterator[Frame]:
    waiting = [population.frame] if population.ranking is None else [population.frame, population.ranking.frame]
    while waiting:
        frame = waiting.pop()
        yield frame
        waiting += [each.frame for each in frame.passes]
        waiting += [] if frame.parent is None else [frame.parent.frame]


def _features(frame: Frame) -> Iterator[tuple[str, Feature | AggregateFeature]]:
    """The features that a frame computes, each with the table over whose rows it is written, as remarks name it."""
    for feature in frame.features:
        yield frame.source.table, feature
    for each in frame.passes:
        for aggregate in each.aggregates:
            yield each.frame.source.table, aggregate


def _clauses(segmentation: Segmentation, segment: Segment) -> Iterator[tuple[int, Span]]:
    if segment is segmentation.otherwise:
        yield segmentation.otherwise_clause, segment.span
    for clause in segment.clauses:
        yield clause.number, clause.span


def _place(span: Span, sources: Mapping[str, Source], folder: Path) -> str:
    """The file and line, the file by its path from the folder."""
    line = sources[span.file].position(span.start).line
    return f"{_from(folder, Path.cwd() / span.file)}:{line}"


def _title(title: str | None) -> str:
    return "" if title is None else f" {text_wording(title)}"
