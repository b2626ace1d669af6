"""What two programs in the same words do not have alike, and what rests on it: seen from the old one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from ..dsl import program as p
from ..dsl.walk import conditions, walk, window_parameters
from .codec import encode

Kind: TypeAlias = Literal["table", "field", "parameter", "let", "segmentation", "measure", "previous"]
Key: TypeAlias = tuple[Kind, str, str]
"""What is declared: its kind, its table (of a field or let), its name. `previous`: what the run before says of a
segmentation."""


def key(kind: Kind, name: str, table: str = "") -> Key:
    """The key of what is declared under that name."""
    return kind, table, name


def differing(before: p.Program, after: p.Program, touched: AbstractSet[str] = frozenset()) -> frozenset[Key]:
    """What of the old program the new one does not have, or has with another meaning; and all that needs such.

    Titles, labels, reasons, what is demanded of values and who looks after a segmentation are no part of the meaning.
    `touched` are segmentations that the run before knows under other names."""
    now = dict(_meanings(after))
    found = {each for each, meaning in _meanings(before) if each not in now or now[each] != meaning}
    asked = {name for kind, _, name in _all_needs(before) if kind == "previous"}
    has = {each.name for each in after.segmentations}
    for name in asked:
        if name in touched or name not in has:
            # The segmentation stands for its own past, which is read in the old rules' words.
            found |= {key("previous", name), key("segmentation", name)}
    needed_by: dict[Key, list[Key]] = defaultdict(list)
    for each, needs in needs_of(before).items():
        for need in needs:
            needed_by[need].append(each)
    waiting = [*found]
    while waiting:
        for each in needed_by[waiting.pop()]:
            if each not in found:
                found.add(each)
                waiting.append(each)
    return frozenset(found)


def same_values(old: p.Field, new: p.Field) -> bool:
    """Whether two declarations read the same values from a column, whatever they demand of them."""
    kept = (old.mapping, old.column, old.type.kind, old.type.scale)
    if kept != (new.mapping, new.column, new.type.kind, new.type.scale):
        return False
    return not old.mapping.others_missing or (old.domain, old.type.choices) == (new.domain, new.type.choices)


# -- what things mean by themselves ------------------------------------------------------------------------------------


def _meanings(program: p.Program) -> Iterator[tuple[Key, Any]]:
    """What everything that is declared means, apart from what its names mean."""
    for table in program.tables:
        yield key("table", table.name), _of_table(table)
        for field in table.fields:
            yield key("field", field.name, table.name), _of_field(field)
    for parameter in program.parameters:
        yield key("parameter", parameter.name), _plain(encode((parameter.type, parameter.value)))
    for let in program.lets:
        yield key("let", let.name, let.table), _plain(encode(let.value))
    for segmentation in program.segmentations:
        yield key("segmentation", segmentation.name), _of_segmentation(segmentation)
    for measure in program.measures:
        yield key("measure", measure.name), _plain(encode((measure.table, measure.value)))


def _of_table(table: p.Table) -> Any:
    named = (table.by, table.key, table.at, table.known_at, table.then)
    fields = [None if name is None else _of_field(table.field_named(name)) for name in named]
    return table.role, table.parent, named, fields


def _of_field(field: p.Field) -> Any:
    kept = (field.mapping, field.column, field.type.kind, field.type.scale)
    return (*kept, field.domain, field.type.choices) if field.mapping.others_missing else kept


def _of_segmentation(segmentation: p.Segmentation) -> Any:
    segments = [
        (
            each.name,
            [[_plain(encode(part)) for part in (clause.when, *clause.unless)] for clause in each.clauses],
            sorted({(ref.table, ref.field) for consent in each.consent for ref in consent.fields}),
            each.valid_from,
            each.valid_until,
        )
        for each in segmentation.segments
    ]
    otherwise = None if segmentation.otherwise is None else segmentation.otherwise.name
    return segmentation.table, segmentation.exclusive, segmentation.cap, segments, otherwise


def _plain(data: Any) -> Any:
    """Encoded expressions without what changes no value: closed lists, which bound values, and reasons."""
    match data:
        case dict():
            return {name: _plain(each) for name, each in data.items() if name not in ("choices", "reason")}
        case list() | tuple():
            return [_plain(each) for each in data]
        case _:
            return data


# -- what things need ------------------------------------------------------------------------------------------------


def needs_of(program: p.Program) -> Mapping[Key, frozenset[Key]]:
    """What each declaration names."""
    needs: dict[Key, frozenset[Key]] = {}
    for table in program.tables:
        parent = frozenset() if table.parent is None else frozenset({key("table", table.parent)})
        needs[key("table", table.name)] = parent
        for field in table.fields:
            needs[key("field", field.name, table.name)] = frozenset({key("table", table.name)})
    for let in program.lets:
        needs[key("let", let.name, let.table)] = frozenset({key("table", let.table), *_named(let.value)})
    for segmentation in program.segmentations:
        named = {each for condition in conditions(segmentation) for each in _named(condition)}
        consent = {ref for segment in segmentation.segments for each in segment.consent for ref in each.fields}
        named |= {each for ref in consent for each in _named(ref)}
        needs[key("segmentation", segmentation.name)] = frozenset({key("table", segmentation.table), *named})
        needs[key("previous", segmentation.name)] = frozenset()
    for measure in program.measures:
        needs[key("measure", measure.name)] = frozenset({key("table", measure.table), *_named(measure.value)})
    return needs


def rests_on(program: p.Program, names: AbstractSet[str]) -> frozenset[Key]:
    """Everything that some segmentations need, these included; of those asked about in the run before, too."""
    needs, found = needs_of(program), set[Key]()
    waiting = [key("segmentation", name) for name in names]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += needs.get(each, ())
            waiting += [key("segmentation", each[2])] if each[0] == "previous" else []
    return frozenset(found)


def asked_by(program: p.Program, names: AbstractSet[str]) -> p.Program:
    """The program with some of its segmentations and those that these ask, of this run or of the one before."""
    wanted = {name for kind, _, name in rests_on(program, names) if kind == "segmentation"}
    return replace(program, segmentations=tuple(each for each in program.segmentations if each.name in wanted))


def _all_needs(program: p.Program) -> Iterator[Key]:
    for needs in needs_of(program).values():
        yield from needs


def _named(expr: p.Expr) -> Iterator[Key]:
    for part in walk(expr):
        match part:
            case p.FieldRef(table, name):
                yield key("field", name, table)
            case p.LetRef(table, name):
                yield key("let", name, table)
            case p.ParameterRef(name):
                yield key("parameter", name)
            case p.RowKnown(table):
                yield key("table", table)
            case p.SegmentIs(name) | p.SegmentIncludes(name):
                yield key("segmentation", name)
            case p.Previous(name):
                yield key("previous", name)
            case p.Aggregate(source=source):
                yield key("table", source)
                yield from (key("parameter", each.name) for each in window_parameters(part))
            case p.Relative(table=table):
                yield key("table", table)
            case _:
                pass
