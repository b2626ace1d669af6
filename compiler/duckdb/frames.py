"""A frame as tables of a query: one row of a table with everything that is read about it.

Each source is read once, in a table of its own that holds canonical values; the rows of a pass are grouped once; what
belongs to a row is joined to it; row features follow, in as few steps as their dependencies allow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlglot import exp

from ..plan import AggregatePass, Attachment, Feature, Frame, ParentJoin, Source
from ..steps import early_features, steps_of_features
from .columns import column_value
from .expressions import Segments, term
from .keys import Restriction, keys_among
from .lower_aggregates import over_nothing
from .passes import group_rows, until, visible
from .query import Names, Query, column, from_source, from_table, named, quote
from .relation import previous_relation
from .rows import Rows, scope_of
from .stops import all_reckoned
from .terms import call, cast

Conditions = Callable[[Mapping[str, exp.Expr]], list[exp.Expr]]
"""Given the term of each field of a source: what its rows have to fulfil."""


def frame_rows(query: Query, frame: Frame, wanted: Restriction | None = None) -> Rows:
    """Adds the tables of a frame to the query; with `wanted`, only of rows whose key is wanted."""
    own = _own_rows(query, frame, lambda terms: _if_wanted(wanted, terms[frame.key or ""]))
    return _with_features(query, frame, _joined(query, frame, own, wanted, narrowed=wanted is not None))


def pass_rows(query: Query, each: AggregatePass, wanted: Restriction | None = None) -> Rows:
    """Adds the tables of the rows of a pass to the query; with `wanted`, only of rows that belong to a wanted key."""
    own = _own_rows(
        query, each.frame, lambda terms: [*visible(query, each, terms), *_if_wanted(wanted, terms[each.by])]
    )
    key = each.frame.key
    inner = None if wanted is None or key is None else keys_among(own, each.frame.source.table, key)
    rows = _with_features(query, each.frame, _joined(query, each.frame, own, inner, narrowed=wanted is not None))
    return all_reckoned(query, each.frame, rows, each.by)


def _if_wanted(wanted: Restriction | None, key: exp.Expr) -> list[exp.Expr]:
    return [] if wanted is None else [wanted(key)]


# -- sources -------------------------------------------------------------------------------------------------------


def _source_rows(query: Query, source: Source, conditions: Conditions) -> tuple[Rows, exp.Select]:
    """The canonical values of the fields of a source; the table is still to be added."""
    table, relation, names = query.program.table(source.table), query.relations[source.table], Names()
    fields = [table.field_named(name) for name in source.fields]
    terms = {field.name: column_value(field, relation.columns[field.column], column(field.column)) for field in fields}
    columns = {field.name: names.fresh(field.name) for field in fields}
    select = from_source(relation, [named(terms[name].copy(), columns[name]) for name in columns])
    select = select.where(*conditions(terms), copy=False)
    return Rows("", {(table.name, name): held for name, held in columns.items()}, names=names), select


def _own_rows(query: Query, frame: Frame, conditions: Conditions) -> Rows:
    source, at = frame.source, frame.snapshot_at
    if at is None:
        rows, select = _source_rows(query, source, conditions)
        return replace(rows, table=query.add(f"rows of {source.table}", select))
    type, as_of = query.program.table(source.table).field_named(at).type, query.binding.as_of
    rows, select = _source_rows(query, source, lambda terms: [*conditions(terms), until(terms[at], type, as_of)])
    latest = exp.Window(
        this=call("ROW_NUMBER"),
        partition_by=[column(rows.fields[source.table, frame.key or ""])],
        order=exp.Order(expressions=[exp.Ordered(this=column(rows.fields[source.table, at]), desc=True)]),
    )
    first = exp.EQ(this=latest, expression=exp.Literal.number(1))
    snapshots = from_table(query.add(f"snapshots of {source.table}", select), [exp.Star()])
    return replace(rows, table=query.add(f"rows of {source.table}", snapshots.qualify(first, copy=False)))


# -- what belongs to a row -----------------------------------------------------------------------------------------


def _joined(query: Query, frame: Frame, own: Rows, wanted: Restriction | None, *, narrowed: bool) -> Rows:
    """The rows of a frame with those of attached tables, of the parent and of passes, given those of its source: all of
    them, or where `narrowed` only some, whose keys are `wanted`."""
    if not (frame.attachments or frame.parent or frame.passes or frame.previous):
        return own
    table, names = frame.source.table, Names(set(own.names.taken))
    fields, known, features, previous = dict(own.fields), dict(own.known), dict(own.features), dict(own.previous)
    terms = [column(name, own.table) for name in own.fields.values()]
    select = from_table(own.table, [])

    def take(from_: str, held: str, *wishes: str) -> str:
        name = names.fresh(*wishes)
        terms.append(named(column(held, from_), name))
        return name

    def join(other: str, their_key: str, our_field: str, kind: str) -> None:
        on = exp.EQ(this=column(their_key, other), expression=column(own.fields[table, our_field], own.table))
        select.join(exp.Table(this=quote(other)), on=on, join_type=kind, copy=False)

    for attachment in frame.attachments:
        other = _attached_rows(query, attachment, wanted)
        for (attached, name), held in other.fields.items():
            fields[attached, name] = take(other.table, held, f"{attached}.{name}")
        known[attachment.source.table] = fields[attachment.source.table, attachment.by]
        join(other.table, other.fields[attachment.source.table, attachment.by], frame.key or "", "left")
    if frame.parent is not None:
        other = _parent_rows(query, frame.parent, own, table, narrowed=narrowed)
        for (above, name), held in other.fields.items():
            fields[above, name] = take(other.table, held, f"{above}.{name}")
        known |= {attached: take(other.table, held, f"{attached} is known") for attached, held in other.known.items()}
        features |= {feature: take(other.table, held, feature) for feature, held in other.features.items()}
        parent = frame.parent.frame
        join(other.table, other.fields[parent.source.table, parent.key or ""], frame.parent.by, "inner")
    for each in frame.passes:
        grouped = group_rows(query, each, pass_rows(query, each, wanted))
        for aggregate in each.aggregates:
            name = names.fresh(aggregate.name)
            value = column(grouped.columns[aggregate.name], grouped.table)
            nothing = over_nothing(aggregate.overload, aggregate.type)
            terms.append(named(value if nothing is None else call("COALESCE", value, nothing), name))
            features[aggregate.name] = name
        join(grouped.table, grouped.by, frame.key or "", "left")
    if frame.previous:
        other = _previous_rows(query, frame)
        previous = {name: take(other, name, f"previous {name}") for name in frame.previous}
        join(other, frame.key or "", frame.key or "", "left")
    name = query.add(f"{table} and what belongs to them", select.select(*terms, copy=False))
    return Rows(name, fields, known, features, names, previous)


def _previous_rows(query: Query, frame: Frame) -> str:
    """The table of the run before: the key, and the segment in each segmentation that is asked for (NULL: missing)."""
    table = frame.source.table
    columns = [named(cast(column(name), "VARCHAR"), name) for name in frame.previous]
    relation = query.relations[previous_relation(table)]
    return query.add(f"{table} in the run before", from_source(relation, [column(frame.key or ""), *columns]))


def _attached_rows(query: Query, attachment: Attachment, wanted: Restriction | None) -> Rows:
    rows, select = _source_rows(query, attachment.source, lambda terms: _if_wanted(wanted, terms[attachment.by]))
    return replace(rows, table=query.add(f"rows of {attachment.source.table}", select))


def _parent_rows(query: Query, parent: ParentJoin, own: Rows, table: str, *, narrowed: bool) -> Rows:
    return frame_rows(query, parent.frame, keys_among(own, table, parent.by) if narrowed else None)


# -- features ------------------------------------------------------------------------------------------------------


def _with_features(query: Query, frame: Frame, rows: Rows) -> Rows:
    """What asks for segments waits until these are decided."""
    return with_features(query, frame, rows, early_features(frame))


def with_features(
    query: Query, frame: Frame, rows: Rows, features: tuple[Feature, ...], segments: Segments | None = None
) -> Rows:
    """Adds some features of a frame to its rows; `segments` as in `Scope`, where they ask for segments."""
    for step in steps_of_features(features):
        names, scope = Names(set(rows.names.taken)), replace(scope_of(query, rows), segments=segments or {})
        columns = {feature.name: names.fresh(feature.name) for feature in step}
        terms = [
            query.remarked((frame.source.table, feature.name), named(term(scope, feature.value), columns[feature.name]))
            for feature in step
        ]
        name = query.add(f"{frame.source.table} with features", from_table(rows.table, [exp.Star(), *terms]))
        rows = replace(rows, table=name, features={**rows.features, **columns}, names=names)
    return rows
