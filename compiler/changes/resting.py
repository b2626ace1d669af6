"""What decides otherwise than before, for what it says itself or for what it rests on.

Both programs are in the words of the new one. Said of rows that both contracts let in; when in doubt, something decides
otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from ...dsl import program as p
from ...dsl.walk import walk, window_parameters
from .conditions import unordered
from .nodes import Node, encoded
from .pairing import Paired, paired, rows_of

Asked = tuple[str, frozenset[str]]
"""Segments that a segmentation is asked for."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What something names: declarations, each once in the order written, and segments that it asks for."""

    nodes: tuple[Node, ...]
    asked: tuple[Asked, ...]


def needs_of(exprs: Iterable[p.Expr], table: str) -> Needs:
    """What expressions over the rows of `table` name."""
    nodes: dict[Node, None] = {_table(table): None}
    asked: dict[Asked, None] = {}
    for part in (part for expr in exprs for part in walk(expr)):
        match part:
            case p.FieldRef():
                nodes |= {_table(part.table): None, Node("field", part.table, part.field): None}
            case p.LetRef():
                nodes |= {_table(part.table): None, Node("let", part.table, part.name): None}
            case p.ParameterRef():
                nodes[Node("parameter", "", part.name)] = None
            case p.RowKnown():
                nodes[_table(part.table)] = None
            case p.Aggregate():
                nodes[_table(part.source)] = None
                nodes |= {Node("parameter", "", length.name): None for length in window_parameters(part)}
            case p.Relative():
                nodes[_table(part.table)] = None
            case p.SegmentIs():
                asked[part.segmentation, frozenset(part.segments)] = None
            case p.SegmentIncludes():
                asked[part.segmentation, frozenset([part.segment])] = None
            case p.Const() | p.Call() | p.And() | p.Or() | p.Not():
                pass
            case p.Previous() | p.GroupAggregate() | p.Choice() | p.Score():  # a run before is data
                pass
            case _:
                assert_never(part)
    return Needs(tuple(nodes), tuple(asked))


def _table(name: str) -> Node:
    return Node("table", "", name)


@dataclass(slots=True)
class Resting:
    """What decides otherwise. `pairs` are those of the segmentations that both programs have; `own` are the
    declarations that say something else of rows themselves."""

    before: p.Program
    after: p.Program
    pairs: Mapping[str, tuple[Paired, ...]] = field(init=False)
    own: frozenset[Node] = field(init=False)
    needs: dict[Node, Needs] = field(init=False)
    _lets: set[Node] = field(default_factory=set)
    _same: dict[tuple[str, int], bool] = field(default_factory=dict)
    _of_clause: dict[tuple[str, int], Needs] = field(default_factory=dict)

    def __post_init__(self) -> None:
        old = {each.name: each for each in self.before.segmentations}
        self.pairs = {each.name: paired(old[each.name], each) for each in self.after.segmentations if each.name in old}
        one, other = _rows_by_node(self.before), _rows_by_node(self.after)
        self.own = frozenset(node for node, said in other.items() if one.get(node) != said) | (one.keys() - other)
        self.needs = {_let(let): needs_of([let.value], let.table) for let in self.after.lets}
        for segmentation in self.after.segmentations:
            for segment in segmentation.all_segments:
                consent = [ref for each in segment.consent for ref in each.fields]
                for clause in segment.clauses:
                    found = needs_of([clause.when, *clause.unless, *consent], segmentation.table)
                    self._of_clause[segmentation.name, clause.number] = found
        self._find()

    def _find(self) -> None:
        """What is found for a segmentation may change lets that ask it, and these what asks them, until all is
        found. Nothing that decides otherwise ever turns out to decide as before."""
        for name, pairs in self.pairs.items():
            for pair in pairs:
                if pair.before is not None and pair.after is not None:
                    self._same[name, pair.after.number] = rows_of(pair.before) == rows_of(pair.after)
        found = -1
        while found != (found := len(self._lets) + sum(not same for same in self._same.values())):
            for node, needs in self.needs.items():
                if node in self.own or self._moved(needs):
                    self._lets.add(node)
            for key, same in self._same.items():
                if same and key in self._of_clause and self._moved(self._of_clause[key]):
                    self._same[key] = False

    def _moved(self, needs: Needs) -> bool:
        nodes = any(node in (self._lets if node.kind == "let" else self.own) for node in needs.nodes)
        return nodes or not all(map(self.answers_the_same, needs.asked))

    def decides_the_same(self, segmentation: str, pair: Paired) -> bool:
        """Whether both clauses of a pair hold for the same rows."""
        return pair.after is not None and self._same.get((segmentation, pair.after.number), False)

    def answers_the_same(self, asked: Asked) -> bool:
        """Whether a segmentation puts the same rows into these segments: whether all up to the last of their clauses
        is the same, in the same order."""
        name, segments = asked
        if name not in self.pairs:
            return False
        old, new = self.before.segmentation(name), self.after.segmentation(name)
        if (old.exclusive, old.cap, old.table) != (new.exclusive, new.cap, new.table):
            return False
        if new.exclusive or new.cap is not None:
            last = max(_last_clause(old, segments), _last_clause(new, segments))
            deciding = [pair for pair in self.pairs[name] if _number(pair) <= last]
            return all(
                pair.before is not None
                and pair.after is not None
                and pair.before.number == pair.after.number
                and pair.before.segment.name == pair.after.segment.name
                and self.decides_the_same(name, pair)
                for pair in deciding
            )
        return all(
            pair.before is not None
            and pair.after is not None
            and pair.before.segment.name == pair.after.segment.name
            and self.decides_the_same(name, pair)
            for pair in self.pairs[name]
            if any(each is not None and each.segment.name in segments for each in (pair.before, pair.after))
        )

    def needs_of_clause(self, segmentation: str, number: int) -> Needs:
        """What a clause of the new program names."""
        return self._of_clause.get((segmentation, number), Needs((), ()))


def _number(pair: Paired) -> int:
    return min(each.number for each in (pair.before, pair.after) if each is not None)


def _last_clause(segmentation: p.Segmentation, segments: frozenset[str]) -> int:
    if segmentation.otherwise is not None and segmentation.otherwise.name in segments:
        return segmentation.otherwise_clause
    last = [each.clauses[-1].number for each in segmentation.segments if each.name in segments]
    return segmentation.otherwise_clause if segmentation.cap is not None else max(last, default=0)


def _let(let: p.Let) -> Node:
    return Node("let", let.table, let.name)


# -- what declarations say of rows -------------------------------------------------------------------------------------


def _rows_by_node(program: p.Program) -> dict[Node, object]:
    """What each table, field, parameter and let says itself that may decide about a row."""
    return {
        **{_table(table.name): tuple(_way(table, program)) for table in program.tables},
        **{
            Node("field", table.name, each.name): rows_of_field(each)
            for table in program.tables
            for each in table.fields
        },
        **{Node("parameter", "", each.name): (each.type, repr(each.value)) for each in program.parameters},
        **{_let(let): _rows_of_value(let) for let in program.lets},
    }


def rows_of_field(declared: p.Field) -> object:
    """What a field says that may decide about a row that its contract lets in: its list and range where what lies
    outside is missing."""
    others = declared.mapping.others_missing
    outside = (declared.domain, declared.type.choices) if others else None
    return encoded(replace(declared.type, choices=None)), declared.column, declared.optional, outside, declared.mapping


def _rows_of_value(let: p.Let) -> object:
    value, table = let.value, let.table
    match value:
        case p.Choice(rows=rows):
            said = [(tuple(unordered(cell, table) for cell in row.cells), unordered(row.result, table)) for row in rows]
            otherwise = None if value.otherwise is None else unordered(value.otherwise, table)
            inputs = [unordered(each, table) for each in value.inputs]
            return "decision", inputs, sorted(said) if value.unique else said, otherwise
        case p.Score(characteristics=characteristics):
            points = [[(unordered(bin.when, table), bin.points) for bin in each.bins] for each in characteristics]
            return "scorecard", value.start, sorted(points)
        case _:
            return unordered(value, table)


def _way(table: p.Table, program: p.Program) -> Iterator[object]:
    """How a table's rows are found: its head, the fields named there, and the same of its parents."""
    here: p.Table | None = table
    while here is not None:
        named = (here.by, here.key, here.at, here.known_at, here.then)
        yield here.role, here.parent, named
        yield tuple(None if name is None else rows_of_field(here.field_named(name)) for name in named)
        here = None if here.parent is None else program.table(here.parent)
