"""A table of a query that holds the rows of a frame, and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .expressions import Scope
from .query import Names, Query, column


@dataclass(frozen=True, slots=True)
class Rows:
    """Column names by table and field, by attached table (NULL where it has no row) and by feature; of the
    segment in the run before by segmentation. `names` are all the column names that are taken."""

    table: str
    fields: Mapping[tuple[str, str], str]
    known: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    previous: Mapping[str, str] = field(default_factory=dict)


def scope_of(query: Query, rows: Rows) -> Scope:
    """How expressions over the frame name the columns of its table."""
    return Scope(
        query.binding,
        {place: column(name) for place, name in rows.fields.items()},
        {feature: column(name) for feature, name in rows.features.items()},
        {table: column(name) for table, name in rows.known.items()},
        previous={segmentation: column(name) for segmentation, name in rows.previous.items()},
        cut_points=query.cut_points,
    )
