"""What has a name in a program, and what each says once titles, places and its own name are taken away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from ...dsl import program as p
from ..codec import encode
from ..ruleset import sorted_fairness, untitled_experiment, untitled_field, untitled_segment, untitled_segmentation
from .renaming import Words

NodeKind = Literal["purpose", "table", "field", "parameter", "let", "segmentation", "segment", "measure", "experiment"]


class Node(NamedTuple):
    """Something that has a name: `scope` is the table of a field or let, the segmentation of a segment, else ""."""

    kind: NodeKind
    scope: str
    name: str


def nodes_of(program: p.Program) -> tuple[Node, ...]:
    """Everything that has a name, in order of declaration; those whose scope must be known first before the others."""
    return tuple(node for node, _ in _declared(program))


def _declared(program: p.Program) -> Iterator[tuple[Node, Any]]:
    for purpose in program.purposes:
        yield Node("purpose", "", purpose), None
    for table in program.tables:
        yield Node("table", "", table.name), table
    for table in program.tables:
        for field in table.fields:
            yield Node("field", table.name, field.name), field
    for parameter in program.parameters:
        yield Node("parameter", "", parameter.name), parameter
    for let in program.lets:
        yield Node("let", let.table, let.name), let
    for segmentation in program.segmentations:
        yield Node("segmentation", "", segmentation.name), segmentation
    for segmentation in program.segmentations:
        for segment in segmentation.all_segments:
            yield Node("segment", segmentation.name, segment.name), segment
    for measure in program.measures:
        yield Node("measure", "", measure.name), measure
    for experiment in program.experiments:
        yield Node("experiment", "", experiment.name), experiment


def contents(nodes: tuple[Node, ...], program: p.Program) -> dict[Node, str]:
    """What each node says in `program`, which has the same declarations in the same order under whatever names."""
    said = (_content(node.kind, declared) for node, (_, declared) in zip(nodes, _declared(program), strict=True))
    return dict(zip(nodes, said, strict=True))


def _content(kind: NodeKind, declared: Any) -> str:
    match declared:
        case None:
            return kind
        case p.Table(fields=fields):
            return digest([head_of(declared), sorted(encoded(untitled_field(field)) for field in fields)])
        case p.Field():
            return encoded(untitled_field(declared))
        case p.Segmentation():
            said = untitled_segmentation(declared)
            segments = [encoded(_unnumbered(segment)) for segment in said.all_segments]
            return digest([encoded(replace(said, segments=(), otherwise=None)), *segments])
        case p.Segment():
            return encoded(_unnumbered(untitled_segment(declared)))
        case p.Parameter() | p.Let():
            return encoded(replace(declared, title=None))
        case p.Experiment():
            return encoded(untitled_experiment(declared))
        case _:
            return encoded(replace(declared, title=None, definition=None))


def head_of(table: p.Table) -> str:
    """What a table says of itself, without its fields."""
    return encoded(replace(table, title=None, fields=()))


def _unnumbered(segment: p.Segment) -> p.Segment:
    return replace(segment, clauses=tuple(replace(clause, number=0) for clause in segment.clauses))


def encoded(value: Any) -> str:
    """A short text that is equal for equal nodes only: a digest of its data, without places."""
    return digest(encode(value))


def digest(data: Any) -> str:
    """A short text for JSON data."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def uses(program: p.Program) -> list[str]:
    """Every place in which something may be named, as a text that is equal for equal places only: heads of tables,
    fields, lets, clauses, and what segments are judged by."""
    found: list[Any] = [*(replace(table, title=None, fields=()) for table in program.tables), *program.freshness]
    found += [untitled_field(field) for table in program.tables for field in table.fields]
    found += [replace(let, title=None) for let in program.lets]
    for segmentation in program.segmentations:
        found.append(untitled_segmentation(replace(segmentation, segments=(), otherwise=None)))
        for segment in segmentation.all_segments:
            found.append(untitled_segment(replace(segment, clauses=())))
            found += [replace(clause, number=0) for clause in segment.clauses]
    found += [replace(measure, title=None, definition=None) for measure in program.measures]
    found += [*program.measures_by, *program.targets, *map(sorted_fairness, program.policy.fairness)]
    found += [untitled_experiment(experiment) for experiment in program.experiments]
    found += [replace(guarantee, title="") for guarantee in program.guarantees]
    return list(map(encoded, found))


def words_of(names: Mapping[Node, str]) -> Words:
    """The words that give each node that name."""

    def plain(kind: NodeKind) -> dict[str, str]:
        return {node.name: name for node, name in names.items() if node.kind == kind}

    def scoped(kind: NodeKind) -> dict[tuple[str, str], str]:
        return {(node.scope, node.name): name for node, name in names.items() if node.kind == kind}

    return Words(
        plain("table"),
        scoped("field"),
        plain("parameter"),
        scoped("let"),
        plain("segmentation"),
        scoped("segment"),
        plain("measure"),
        plain("purpose"),
        plain("experiment"),
    )


def declarations(program: p.Program) -> list[Any]:
    """What each node declares, in the order of `nodes_of`; None for a purpose, which says nothing."""
    return [declared for _, declared in _declared(program)]
