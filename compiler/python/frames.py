"""The features of a frame as statements: aggregates in one loop over the rows of each list, then what is reckoned."""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from ...dsl.program import Window
from ..plan import AggregateFeature, AggregatePass, Feature, Frame, PlanExpr
from ..plan_walk import all_features
from ..steps import late_features
from .expressions import Scope, field_variable, owner, truth, value
from .lower_aggregates import LOWER_AGGREGATES, Gathering
from .needs import ByName, by_name, needed
from .places import Given, Listing, Place, place_of
from .reads import read_place
from .terms import Term, all_of
from .writer import Lines, Writer, indented


def frame_scope(writer: Writer, frame: Frame, place: Place, roots: Collection[PlanExpr]) -> tuple[Scope, Lines]:
    """The scope of a frame, and the statements that reckon what `roots` need of it. What asks for segments waits until
    these are decided (`reckoned_features`)."""
    given = given_keys(writer)
    asked = needed(frame, roots, given)
    parent, lines = _parent_scope(writer, frame, place, asked)
    scope = Scope(frame, place, parent)
    lets = {let.name for let in writer.program.lets if let.table == place.table.name}
    for each in frame.passes:
        wanted = [aggregate for aggregate in each.aggregates if aggregate.name in asked]
        if wanted:
            # Only what is decided about may say what its aggregates are.
            names = by_name(frame, _only(each, wanted), roots, given, lets) if place.how == "decided" else None
            if names is not None:
                scope.instead[each.frame.source.table] = names
            lines += _pass(writer, scope, each, wanted, names)
    scope.waiting = tuple(feature for feature in frame.features if feature.name in asked)
    return scope, [*lines, *reckoned_features(writer, scope)]


def reckoned_features(writer: Writer, scope: Scope) -> Lines:
    """The statements that reckon the features that wait, but for those that ask for what is still to be decided."""
    ready = {each.name for each in late_features(scope.frame, scope.features, writer.answers)}
    now = [feature for feature in scope.waiting if feature.name in ready]
    scope.waiting = tuple(feature for feature in scope.waiting if feature.name not in ready)
    return [line for feature in now for line in _feature(writer, scope, feature)]


def _only(each: AggregatePass, wanted: list[AggregateFeature]) -> AggregatePass:
    return AggregatePass(each.frame, each.by, each.at, each.known_at, each.then, tuple(wanted))


def given_keys(writer: Writer) -> set[str]:
    """The keys of the relative values that have to be given."""
    ranking = writer.population.ranking
    return set() if ranking is None else {key for key in ranking.keys if key not in writer.cut_points}


def _parent_scope(writer: Writer, frame: Frame, place: Place, asked: set[str]) -> tuple[Scope | None, Lines]:
    if frame.parent is None or not asked & {each.name for each in all_features(frame.parent.frame)}:
        return None, []
    inner = frame.parent.frame
    above = owner(writer, place, inner.source.table)
    parent, lines = _parent_scope(writer, inner, above, asked)
    scope = Scope(inner, above, parent)
    for feature in inner.features:
        if feature.name in asked:
            lines += _feature(writer, scope, feature)
    return scope, lines


def _feature(writer: Writer, scope: Scope, feature: Feature) -> Lines:
    term = value(writer, scope, feature.value)
    listings = scope.place.lists
    given = [listings[table] for table, names in scope.instead.items() if feature.name in names.names]
    skipped = [listings[table] for table, names in scope.instead.items() if feature.name in names.skipped]
    if term.plain and not given and not skipped:
        scope.features[feature.name] = term
        return []
    variable = writer.fresh(feature.name)
    nullable = term.nullable
    for listing in given:
        listing.names[feature.name] = Given(variable, feature.type, nullable)
    scope.features[feature.name] = Term(variable, nullable, plain=True)
    if not given and not skipped:
        return [f"{variable} = {term.code}"]
    listed = " and ".join(f"{listing.variable} is not None" for listing in (*given, *skipped))
    otherwise = [] if given else ["else:", f"    {variable} = None"]
    return [f"if {listed}:", f"    {variable} = {term.code}", *otherwise]


# -- aggregates ----------------------------------------------------------------------------------------------------


def _pass(
    writer: Writer, scope: Scope, each: AggregatePass, wanted: list[AggregateFeature], names: ByName | None
) -> Lines:
    table = writer.program.table(each.frame.source.table)
    place = place_of(writer.program, table, "listed", writer.fresh(table.name), scope.place)
    listing = Listing(place, writer.fresh(f"{table.name}_rows"))
    scope.place.lists[table.name] = listing
    inner = _Rows(writer, each, place)
    roots = [expr for one in wanted for expr in (one.value, one.where) if expr is not None]
    inside, reckoned = frame_scope(writer, each.frame, place, roots)
    gathered = [(one, LOWER_AGGREGATES[one.overload](one.value.type if one.value else None)) for one in wanted]
    states = {one.name: writer.fresh(one.name) for one in wanted}
    steps: Lines = []
    for one, gathering in gathered:
        steps += _step(inner, inside, one, gathering, states[one.name])
    # What parents reckon is reckoned for each row, so not at all where there is none.
    seen = _until_known(inner)
    body = [*read_place(writer, place), *seen, *reckoned, *steps]
    loop = [
        *(f"{states[one.name]} = {gathering.start}" for one, gathering in gathered),
        f"for {place.row} in {listing.variable}:",
        *indented(body),
    ]
    for one, gathering in gathered:
        result = gathering.result.format(s=states[one.name])
        if result != states[one.name]:
            loop.append(f"{states[one.name]} = {result}")
        scope.features[one.name] = Term(states[one.name], gathering.nullable, plain=True)
        if names is not None and one.name in names.names:
            listing.names[one.name] = Given(states[one.name], one.type, gathering.nullable)
    if names is None:
        return loop
    unnamed = [f"{states[one.name]} = None" for one in wanted if one.name not in names.names]
    # What is given by name was read before.
    otherwise = ["else:", *indented(unnamed)] if unnamed else []
    return [f"if {listing.variable} is not None:", *indented(loop), *otherwise]


class _Rows:
    """The rows of a pass: their time, and the calendar date by which they are in a window."""

    __slots__ = ("at", "date", "each", "place", "writer")

    def __init__(self, writer: Writer, each: AggregatePass, place: Place) -> None:
        self.writer, self.each, self.place = writer, each, place
        self.at = None if each.at is None else field_variable(writer, place, each.at)
        timed = each.at is not None and place.field_named(each.at).type.kind == "timestamp"
        self.date = writer.fresh("date") if timed else self.at


def _until_known(rows: _Rows) -> Lines:
    """What lies after the as-of date, or became known later, is not seen."""
    if rows.at is None:
        return []
    rows.writer.of_time = True
    lines = [f"{rows.date} = {rows.at}.date()"] if rows.date != rows.at else []
    unseen = [f"{rows.date} > as_of"]
    if rows.each.known_at is not None:
        known_at = field_variable(rows.writer, rows.place, rows.each.known_at)
        timed = rows.place.field_named(rows.each.known_at).type.kind == "timestamp"
        unseen.append(f"{known_at}{'.date()' if timed else ''} > as_of")
    return [*lines, f"if {' or '.join(unseen)}:", "    continue"]


def _step(rows: _Rows, scope: Scope, one: AggregateFeature, gathering: Gathering, state: str) -> Lines:
    tests = [] if one.window is None else [_in_window(rows, one.window)]
    if one.where is not None:
        tests.append(truth(rows.writer, scope, one.where).holds)
    x = "None"
    if one.value is not None:
        term = value(rows.writer, scope, one.value)
        x = term.code if term.plain else rows.writer.fresh()
        if term.nullable:
            tests.append(f"{x} is not None" if term.plain else f"({x} := {term.code}) is not None")
        elif not term.plain:
            x = term.code
    said = gathering.step.format(s=state, x=x, o=_order(rows), t=rows.at)
    test = all_of(tests)
    return [said] if test == "True" else [f"if {test}:", f"    {said}"]


def _order(rows: _Rows) -> str:
    if rows.at is None or rows.each.then is None:
        return str(rows.at)
    return f"({rows.at}, {field_variable(rows.writer, rows.place, rows.each.then)})"


def _in_window(rows: _Rows, window: Window) -> str:
    match window.direction:
        case "ever":
            return "True"
        case "last":
            name = rows.writer.windows.setdefault(window, f"w{len(rows.writer.windows)}")
            after = f"({name}_from is None or {name}_from < {rows.date})"
            return after if window.except_last is None else f"({after} and {rows.date} <= {name}_to)"
        case "next":
            raise ValueError("outcome windows stand in measures only")
        case _:
            assert_never(window.direction)
