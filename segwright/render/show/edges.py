"""The lineage of a segmentation as a graph: what names what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...dsl import lineage as l
from ...dsl import program as p
from ...dsl.labels import Lineage
from . import facts as f


def edges_of(segmentation: p.Segmentation, lineage: Lineage) -> tuple[f.Edge, ...]:
    """From columns and what else is asked, by way of lets, decisions and scorecards, to the segments and the
    segmentation; each once, segments in order."""
    edges: dict[f.Edge, None] = {}
    whole = f.Node("segmentation", segmentation.name, segmentation.table, segmentation.title)
    for segment in segmentation.all_segments:
        node = f.Node("segment", segment.name, segmentation.table, segment.title)
        consent = [field for each in segment.consent for field in each.fields]
        edges |= dict.fromkeys(_into(node, [*l.conditions_of(segment), *consent], lineage))
        edges[f.Edge(node, whole)] = None
    for key in l.dependence_of_segmentation(segmentation, lineage).uses.lets:
        edges |= dict.fromkeys(_into(_let(key, lineage), [lineage.lets[key].value], lineage))
    return tuple(edges)


def _into(target: f.Node, exprs: Iterable[p.Expr], lineage: Lineage) -> Iterator[f.Edge]:
    uses = l.uses_of(exprs, lineage)
    for table, name in uses.fields:
        title = lineage.tables[table].field_named(name).title
        yield f.Edge(f.Node("column", f"{table}.{name}", table, title), target)
    for key in uses.lets:
        yield f.Edge(_let(key, lineage), target)
    for name in uses.segmentations:
        asked = lineage.segmentations[name]
        yield f.Edge(f.Node("segmentation", name, asked.table, asked.title), target)
    for name in uses.previous:
        asked = lineage.segmentations[name]
        yield f.Edge(f.Node("previous", name, asked.table, asked.title), target)


def _let(key: l.LetKey, lineage: Lineage) -> f.Node:
    let = lineage.lets[key]
    match let.value:
        case p.Choice():
            return f.Node("decision", let.name, let.table, let.title)
        case p.Score():
            return f.Node("scorecard", let.name, let.table, let.title)
        case _:
            return f.Node("let", let.name, let.table, let.title)
