"""A plan's frame as a lazy frame: one row of a table with everything that is read about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from ...dsl.program import Field
from ..names import Names
from ..plan import AggregatePass, Attachment, Feature, Frame, Source
from ..steps import early_features, steps_of_features
from .columns import column_value
from .expressions import Segments, term
from .lower_aggregates import over_nothing
from .passes import group_rows, until, visible
from .rows import Reading, Rows, scope_of
from .stops import all_reckoned
from .table import Table, previous_relation

Restriction = Callable[[pl.Expr], pl.Expr]
"""Given a key: whether the row is wanted."""
Conditions = Callable[[Mapping[str, pl.Expr]], list[pl.Expr]]
"""Given each field of a source: what its rows have to fulfil."""


def frame_rows(reading: Reading, frame: Frame, wanted: Restriction | None = None) -> Rows:
    """The rows of a frame; with `wanted`, only those whose key is wanted."""
    own = _own_rows(reading, frame, lambda fields: _if_wanted(wanted, fields[frame.key or ""]))
    return _with_features(reading, frame, _joined(reading, frame, own, wanted))


def pass_rows(reading: Reading, each: AggregatePass, wanted: Restriction | None = None) -> Rows:
    """The rows of a pass; with `wanted`, only those that belong to a wanted key."""
    own = _own_rows(
        reading, each.frame, lambda fields: [*visible(reading, each, fields), *_if_wanted(wanted, fields[each.by])]
    )
    rows = _with_features(reading, each.frame, _joined(reading, each.frame, own, None))
    return all_reckoned(each.frame, rows, each.by)


def _if_wanted(wanted: Restriction | None, key: pl.Expr) -> list[pl.Expr]:
    return [] if wanted is None else [wanted(key)]


# -- sources -------------------------------------------------------------------------------------------------------


def _source_rows(reading: Reading, source: Source, conditions: Conditions) -> Rows:
    """The canonical values of the fields of a source."""
    table, held, names = reading.program.table(source.table), reading.tables[source.table], Names()
    fields = [table.field_named(name) for name in source.fields]
    columns = {field.name: names.fresh(field.name) for field in fields}
    frame = held.frame.select(_value(held, field).alias(columns[field.name]) for field in fields)
    asked = conditions({name: pl.col(held) for name, held in columns.items()})
    kept = frame.filter(*asked) if asked else frame
    return Rows(kept, {(table.name, name): held for name, held in columns.items()}, names=names)


def _value(table: Table, field: Field) -> pl.Expr:
    if table.values is not None:
        return pl.col(table.values[field.name])
    return column_value(field, table.types[field.column], pl.col(field.column))


def _own_rows(reading: Reading, frame: Frame, conditions: Conditions) -> Rows:
    source, at = frame.source, frame.snapshot_at
    if at is None:
        return _source_rows(reading, source, conditions)
    type, as_of = reading.program.table(source.table).field_named(at).type, reading.binding.as_of
    rows = _source_rows(reading, source, lambda fields: [*conditions(fields), until(fields[at], type, as_of)])
    key, dated = rows.fields[source.table, frame.key or ""], pl.col(rows.fields[source.table, at])
    others = [name for name in rows.fields.values() if name != key]
    latest = rows.frame.group_by(key).agg(pl.col(name).max_by(dated) for name in others)
    return replace(rows, frame=latest)


# -- what belongs to a row -----------------------------------------------------------------------------------------


def _joined(reading: Reading, frame: Frame, own: Rows, wanted: Restriction | None) -> Rows:
    """The rows of a frame with those of attached tables, of the parent and of passes, given those of its source."""
    table, names = frame.source.table, Names(set(own.names.taken))
    fields, known, features, previous = dict(own.fields), dict(own.known), dict(own.features), dict(own.previous)
    key = own.fields.get((table, frame.key or ""), "")
    rows = own.frame

    def join(other: pl.LazyFrame, taken: Mapping[str, str], left: str, right: str, *, inner: bool = False) -> None:
        """Joins columns of another frame under new names; `right` stands among them."""
        nonlocal rows
        renamed = other.select(pl.col(theirs).alias(ours) for ours, theirs in taken.items())
        on = next(ours for ours, theirs in taken.items() if theirs == right)
        rows = rows.join(renamed, left_on=left, right_on=on, how="inner" if inner else "left", coalesce=False)

    for attachment in frame.attachments:
        other = _attached_rows(reading, attachment, wanted)
        taken = {names.fresh(f"{attached}.{name}"): held for (attached, name), held in other.fields.items()}
        fields |= dict(zip(other.fields, taken, strict=True))
        known[attachment.source.table] = fields[attachment.source.table, attachment.by]
        join(other.frame, taken, key, other.fields[attachment.source.table, attachment.by])
    if frame.parent is not None:
        other = frame_rows(reading, frame.parent.frame)
        of_fields = {place: names.fresh(".".join(place)) for place in other.fields}
        of_features = {name: names.fresh(name) for name in other.features}
        taken = {of_fields[place]: held for place, held in other.fields.items()}
        taken |= {of_features[name]: held for name, held in other.features.items()}
        fields |= of_fields
        features |= of_features
        of_columns = {held: ours for ours, held in taken.items()}
        known |= {attached: of_columns[held] for attached, held in other.known.items()}
        parent = frame.parent.frame
        by = own.fields[table, frame.parent.by]
        join(other.frame, taken, by, other.fields[parent.source.table, parent.key or ""], inner=True)
    for each in frame.passes:
        grouped = group_rows(reading, each, pass_rows(reading, each, wanted))
        taken = {names.fresh(name): held for name, held in grouped.columns.items()}
        of_aggregates = dict(zip(grouped.columns, taken, strict=True))
        features |= of_aggregates
        join(grouped.frame, {**taken, names.fresh(f"by {grouped.by}"): grouped.by}, key, grouped.by)
        nothings = {each_.name: over_nothing(each_.overload, each_.type) for each_ in each.aggregates}
        rows = rows.with_columns(
            pl.col(of_aggregates[name]).fill_null(nothing) for name, nothing in nothings.items() if nothing is not None
        )
    if frame.previous:
        other = reading.tables[previous_relation(table)]
        said = {segmentation: names.fresh(f"previous {segmentation}") for segmentation in frame.previous}
        previous |= said
        before = other.frame.with_columns(pl.col(name).cast(pl.String) for name in frame.previous)
        taken = {ours: name for name, ours in said.items()}
        join(before, {**taken, names.fresh("key before"): frame.key or ""}, key, frame.key or "")
    return Rows(rows, fields, known, features, names, previous)


def _attached_rows(reading: Reading, attachment: Attachment, wanted: Restriction | None) -> Rows:
    return _source_rows(reading, attachment.source, lambda fields: _if_wanted(wanted, fields[attachment.by]))


# -- features ------------------------------------------------------------------------------------------------------


def _with_features(reading: Reading, frame: Frame, rows: Rows) -> Rows:
    """What asks for segments waits until these are decided."""
    return with_features(reading, rows, early_features(frame))


def with_features(
    reading: Reading, rows: Rows, features: tuple[Feature, ...], segments: Segments | None = None
) -> Rows:
    """Adds some features of a frame to its rows; `segments` as in `Scope`, where they ask for segments."""
    for step in steps_of_features(features):
        names, scope = Names(set(rows.names.taken)), replace(scope_of(reading, rows), segments=segments or {})
        columns = {feature.name: names.fresh(feature.name) for feature in step}
        terms = [term(scope, feature.value).alias(columns[feature.name]) for feature in step]
        rows = replace(rows, frame=rows.frame.with_columns(terms), features={**rows.features, **columns}, names=names)
    return rows
