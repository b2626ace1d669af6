"""The lineage of a segmentation as a Mermaid flowchart: columns, named values, segments, the segmentation.

Columns that only join tables are left out. A graph that is too large to be read is drawn coarser, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..text import plural, visible
from . import facts as f
from .blocks import Graph
from .names import words_of

MANY_EDGES = 120
"""What has more arrows than this is drawn coarser."""

_SHAPES = {
    "column": '["{}"]',
    "table": '["{}"]',
    "let": '("{}")',
    "decision": '{{{{"{}"}}}}',
    "scorecard": '{{{{"{}"}}}}',
    "segment": '(["{}"])',
    "segmentation": '[["{}"]]',
    "previous": '[["{}"]]',
}
_SIGNS = re.compile(r"[^\w ,:%()/×.-]|(?<![^\W_])[_-]|[_-](?![^\W_])|(?<![^\W\d_])\.")
"""Signs of every kind but a few that mean nothing; `_` and `-` only within a word, a full stop only after a letter."""
_Edges = tuple[f.Edge, ...]


def graph_of(told: f.Segmentation) -> tuple[Graph, str]:
    """The graph, and what was left out of it in a sentence ("" where nothing was)."""
    edges = told.edges
    left_out: list[str] = []
    columns = {edge.source for edge in edges if edge.source.kind == "column"}
    if len(edges) > MANY_EDGES:
        edges = _each_once(f.Edge(_table_of(edge.source), edge.target) for edge in edges)
        left_out.append(f"the {plural(len(columns), 'column')} are drawn as their tables")
    for kind, said in (("let", "named values"), ("segment", "segments")):
        skipped = [node for node in _nodes(edges) if _rank(node) == kind]
        if skipped and len(edges) > MANY_EDGES:
            edges = _without(skipped, edges)
            left_out.append(f"{len(skipped):,} {said} are left out")
    if len(edges) > MANY_EDGES:
        left_out.append(f"of {len(edges):,} arrows the first {MANY_EDGES} are drawn")
        edges = edges[:MANY_EDGES]
    note = f"The graph would be too large to read: {'; '.join(left_out)}." if left_out else ""
    return Graph(_mermaid(edges)), note


def _rank(node: f.Node) -> str:
    return "let" if node.kind in ("decision", "scorecard") else node.kind


def _table_of(node: f.Node) -> f.Node:
    return f.Node("table", node.table, node.table, None) if node.kind == "column" else node


def _without(skipped: Sequence[f.Node], edges: _Edges) -> _Edges:
    """Arrows past what is left out, from what leads to it to what it leads to."""
    gone = set(skipped)
    into: dict[f.Node, list[f.Node]] = {}
    for edge in edges:
        into.setdefault(edge.target, []).append(edge.source)

    def sources(node: f.Node) -> dict[f.Node, None]:
        found: dict[f.Node, None] = {}
        waiting, seen = [node], {node}
        while waiting:
            for source in into.get(waiting.pop(), ()):
                if source not in gone:
                    found[source] = None
                elif source not in seen:
                    seen.add(source)
                    waiting.append(source)
        return found

    kept = (edge for edge in edges if edge.target not in gone)
    return _each_once(
        f.Edge(source, edge.target)
        for edge in kept
        for source in (sources(edge.source) if edge.source in gone else (edge.source,))
    )


def _each_once(edges: Iterable[f.Edge]) -> _Edges:
    return tuple(dict.fromkeys(edges))


def _nodes(edges: Iterable[f.Edge]) -> tuple[f.Node, ...]:
    return tuple(dict.fromkeys(node for edge in edges for node in (edge.source, edge.target)))


def _mermaid(edges: _Edges) -> str:
    nodes = _nodes(edges)
    ids = {node: f"n{number}" for number, node in enumerate(nodes)}
    lines = ["flowchart LR"]
    for number, table in enumerate(dict.fromkeys(node.table for node in nodes if node.kind == "column")):
        lines.append(f'  subgraph t{number}["{_quoted(table)}"]')
        lines += [f"    {_node(node, ids)}" for node in nodes if node.kind == "column" and node.table == table]
        lines.append("  end")
    lines += [f"  {_node(node, ids)}" for node in nodes if node.kind != "column"]
    for edge in edges:
        arrow = "-.->" if edge.source.kind == "previous" else "-->"
        lines.append(f"  {ids[edge.source]} {arrow} {ids[edge.target]}")
    return "\n".join(lines)


def _node(node: f.Node, ids: dict[f.Node, str]) -> str:
    match node.kind:
        case "column":
            label = node.name.removeprefix(f"{node.table}.")
        case "table":
            label = node.name
        case _:
            label = node.title or words_of(node.name)
    if node.kind == "previous":
        label = f"{label}, previous run"
    return ids[node] + _SHAPES[node.kind].format(_quoted(label))


def _quoted(label: str) -> str:
    """A label between quotation marks: what Mermaid, Markdown or HTML might read as something else is written as the
    number of its character. (`#35;` is Mermaid's form for `&#35;`.)"""
    plain = visible(label).replace("\t", " ").strip() or "?"
    return _SIGNS.sub(lambda found: f"#{ord(found[0])};", plain)
