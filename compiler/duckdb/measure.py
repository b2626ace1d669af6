"""The query that measures groups of rows: everybody, segments, vintages; from rows that were assigned and measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlglot import exp

from ...dsl.program import Program
from ...dsl.types import BOOLEAN
from ..assignment import Options, column_names, measured_columns
from ..plan import Binding, Decision, Figure, GroupTerm, Measuring, PlanExpr, Population
from ..sampling import sample_of
from .expressions import Scope, term
from .lower_aggregates import AggregateCall, over_nothing
from .lower_groups import LOWER_GROUPS
from .query import Query, column, from_source, from_table, named
from .relation import Relation
from .samples import sample_size, sample_terms
from .terms import call, cast, either, is_null, quoted, whole


@dataclass(frozen=True, slots=True)
class Cut:
    """A way to part the rows: by the segments of a segmentation (None: everybody together), and by a vintage of the
    measuring (its number; None: whenever)."""

    segmentation: str | None
    vintage: int | None


def cuts_of(population: Population, measuring: Measuring) -> tuple[Cut, ...]:
    """The cuts that `measure_query` numbers, in that order."""
    names = (None, *(each.segmentation for each in population.decisions))
    return tuple(Cut(name, vintage) for vintage in (None, *range(len(measuring.vintages))) for name in names)


def measure_query(
    population: Population,
    measuring: Measuring,
    binding: Binding,
    program: Program,
    measured: Relation,
    options: Options,
) -> str:
    """A query for a row for each group of each of `cuts_of` that has rows: `cut`, its number (−1: what figures come to
    over no rows); `segment`, the number of the segment from 0 (NULL: everybody); `period`, the first day of the vintage
    (NULL: a row without that date, or no vintage); `n`, the rows; then for each figure of `measuring` (that of the
    population, or some of it) `figure_<i>`, its value, NULL where missing, `unknown_<i>`, how many rows had no value
    for something that it asks, and `sample_<i>_<j>`, the `sample_terms`.

    `measured` has a row for each row of the population: what an assignment with `options` gives, `measured` among them.
    The query stops where arithmetic that the measures read overflows (`is_overflow`)."""
    query = Query(program, binding, {"measured": measured})
    asked = measured_columns(population, program, options)
    rows = rows_measured(query, population, measuring, measured, asked)
    aggregated = [*_aggregated(query, measuring, asked)]
    parts = [_exclusive(population, measuring, rows, aggregated)]
    overlapping = [number for number, each in enumerate(population.decisions) if not each.exclusive]
    parts += [_overlapping(query, population, measuring, rows, aggregated, number) for number in overlapping]
    parts.append(_nothing(aggregated))
    tables = [query.add("measured by group", part) for part in parts]
    return query.finish(_united([_figures(query, measuring, table) for table in tables]))


# -- rows ------------------------------------------------------------------------------------------------------------


def rows_measured(
    query: Query, population: Population, measuring: Measuring, measured: Relation, asked: Mapping[PlanExpr, str]
) -> str:
    """A table with the measured columns of each row, its segments (the number of one, the names of several), and the
    periods of its vintages."""
    names, _ = column_names(population, Options())
    held = iter(names[1:])
    terms: list[exp.Expr] = [column(name) for name in asked.values()]
    for number, decision in enumerate(population.decisions):
        name = next(held)
        if decision.exclusive:
            terms.append(named(_segment_number(decision, column(next(held))), f"segment {number}"))
        else:
            terms.append(named(column(name), f"segment {number}"))
    for number, vintage in enumerate(measuring.vintages):
        day = cast(column(asked[vintage.of]), "DATE")
        terms.append(named(call("DATE_TRUNC", quoted(vintage.period), day), f"vintage {number}"))
    return query.add("rows", from_source(measured, terms))


def _segment_number(decision: Decision, clause: exp.Expr) -> exp.Expr:
    """The number of the segment, from 0, of the clause that won."""
    segments = [*(each.segment for each in decision.clauses), decision.otherwise]
    numbers = [whole(decision.segments.index(name or "")) for name in segments]
    return call("LIST_EXTRACT", exp.Array(expressions=numbers), clause)


# -- groups ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Aggregated:
    """An aggregate over a group, under its name; `type` is that of a group term, which `nothing` stands for over no
    rows."""

    name: str
    value: exp.Expr
    nothing: exp.Expr | None = None


def _aggregated(query: Query, measuring: Measuring, asked: Mapping[PlanExpr, str]) -> Iterator[_Aggregated]:
    yield _Aggregated("n", exp.Count(this=exp.Star()), whole(0))
    for each in measuring.terms:
        value = LOWER_GROUPS[each.overload](_call(query, each, asked))
        yield _Aggregated(each.name, value, over_nothing(each.overload, each.type))
    for number, figure in enumerate(measuring.figures):
        yield _Aggregated(f"unknown_{number}", _unknown(figure, asked), whole(0))
        for place, value in enumerate(sample_terms(sample_of(measuring, figure), asked)):
            yield _Aggregated(f"sample_{number}_{place}", value)


def _exclusive(
    population: Population, measuring: Measuring, rows: str, aggregated: Sequence[_Aggregated]
) -> exp.Select:
    """Everybody and the segments of exclusive segmentations, in one pass over the rows."""
    cuts = cuts_of(population, measuring)
    numbers = {each.segmentation: number for number, each in enumerate(population.decisions) if each.exclusive}
    wanted = [(at, cut) for at, cut in enumerate(cuts) if cut.segmentation is None or cut.segmentation in numbers]
    sets = [[*_keys(None if cut.segmentation is None else numbers[cut.segmentation], cut)] for _, cut in wanted]
    keys = list(dict.fromkeys(chain.from_iterable(sets)))
    number_of = {_bits(keys, own): at for (at, _), own in zip(wanted, sets, strict=True)}
    grouped_by = call("GROUPING", *map(column, keys)) if keys else whole(0)
    cut = exp.Case(this=grouped_by)
    for bits, at in number_of.items():
        cut = cut.when(whole(bits), whole(at))
    segments = [name for name in keys if name.startswith("segment ")]
    periods = [name for name in keys if name.startswith("vintage ")]
    terms = [
        named(cut, "cut"),
        named(_either(segments, "INTEGER"), "segment"),
        named(_either(periods, "DATE"), "period"),
    ]
    select = from_table(rows, [*terms, *(named(each.value, each.name) for each in aggregated)])
    return _grouped(select, sets)


def _overlapping(
    query: Query,
    population: Population,
    measuring: Measuring,
    rows: str,
    aggregated: Sequence[_Aggregated],
    number: int,
) -> exp.Select:
    """The segments of an overlapping segmentation: a row for each segment that a row is in."""
    decision, segment = population.decisions[number], f"segment {number}"
    unnested = call("UNNEST", column(segment))
    members = query.add(
        f"members {number}",
        from_table(rows, [exp.Star(except_=[column(segment)]), named(unnested, segment)]),
    )
    wanted = [
        (at, cut) for at, cut in enumerate(cuts_of(population, measuring)) if cut.segmentation == decision.segmentation
    ]
    sets = [[*_keys(number, cut)] for _, cut in wanted]
    periods = [key for own in sets for key in own if key != segment]
    cut = exp.Case(this=call("GROUPING", *map(column, periods)) if periods else whole(0))
    for (at, _), own in zip(wanted, sets, strict=True):
        cut = cut.when(whole(_bits(periods, own)), whole(at))
    number_of_segment, period = number_of_name(decision, column(segment)), _either(periods, "DATE")
    terms = [named(cut, "cut"), named(number_of_segment, "segment"), named(period, "period")]
    select = from_table(members, [*terms, *(named(each.value, each.name) for each in aggregated)])
    return _grouped(select, sets)


def number_of_name(decision: Decision, name: exp.Expr) -> exp.Expr:
    """The number, from 0, of the segment of that name."""
    place = call("LIST_POSITION", exp.Array(expressions=[*map(quoted, decision.segments)]), name)
    return cast(exp.Sub(this=place, expression=whole(1)), "INTEGER")


def _keys(number: int | None, cut: Cut) -> Iterator[str]:
    if number is not None:
        yield f"segment {number}"
    if cut.vintage is not None:
        yield f"vintage {cut.vintage}"


def _bits(keys: Sequence[str], own: Sequence[str]) -> int:
    """What `GROUPING(keys)` is where rows are grouped by `own`: a bit for each key that they are not grouped by, the
    last key lowest."""
    return sum(1 << at for at, key in enumerate(reversed(keys)) if key not in own)


def _either(keys: Sequence[str], type: str) -> exp.Expr:
    """The one of some keys by which rows are grouped; the others are NULL."""
    known = [column(key) for key in keys]
    value = exp.null() if not known else known[0] if len(known) == 1 else call("COALESCE", *known)
    return cast(value, type)


def _grouped(select: exp.Select, sets: Sequence[Sequence[str]]) -> exp.Select:
    grouping = exp.GroupingSets(expressions=[exp.Tuple(expressions=[*map(column, own)]) for own in sets])
    select.set("group", exp.Group(grouping_sets=[grouping]))
    return select


def _nothing(aggregated: Sequence[_Aggregated]) -> exp.Select:
    terms = [named(whole(-1), "cut"), named(exp.null(), "segment"), named(cast(exp.null(), "DATE"), "period")]
    return exp.Select().select(*terms, *(named(each.nothing or exp.null(), each.name) for each in aggregated))


# -- figures ---------------------------------------------------------------------------------------------------------


def _figures(query: Query, measuring: Measuring, table: str) -> exp.Select:
    scope = Scope(query.binding, {}, {each.name: _filled(each, table) for each in measuring.terms}, {})
    terms = [column(name, table) for name in ("cut", "segment", "period", "n")]
    for number, figure in enumerate(measuring.figures):
        terms += [named(term(scope, figure.value), f"figure_{number}"), column(f"unknown_{number}", table)]
        places = range(sample_size(sample_of(measuring, figure)))
        terms += [column(f"sample_{number}_{place}", table) for place in places]
    return from_table(table, terms)


def _united(selects: Sequence[exp.Select]) -> exp.Query:
    united: exp.Query = selects[0]
    for each in selects[1:]:
        united = exp.Union(this=united, expression=each, distinct=False)
    return united


def _call(query: Query, each: GroupTerm, asked: Mapping[PlanExpr, str]) -> AggregateCall:
    is_share = each.overload == "share.rows"
    value, where = (each.where, None) if is_share else (each.value, each.where)
    return AggregateCall(
        value=None if value is None else column(asked[value]),
        type=BOOLEAN if is_share else None if value is None else value.type,
        at=None,
        at_type=None,
        then=None,
        where=None if where is None else column(asked[where]),
        result=each.type,
        as_of=query.binding.as_of,
    )


def _unknown(figure: Figure, asked: Mapping[PlanExpr, str]) -> exp.Expr:
    """How many rows lack something that a figure asks."""
    if not figure.asked:
        return whole(0)
    lacking = either(*(is_null(column(asked[expr])) for expr in figure.asked))
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=lacking))


def _filled(each: GroupTerm, table: str) -> exp.Expr:
    nothing = over_nothing(each.overload, each.type)
    value = column(each.name, table)
    return value if nothing is None else call("COALESCE", value, nothing)
