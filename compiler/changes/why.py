"""Why a clause may hold for other rows than before: what it says itself, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from ...dsl import program as p
from .clauses import of_clauses
from .data import of_fields, of_parameters, of_tables
from .decided import of_lets
from .nodes import Node
from .pairing import Paired
from .resting import Asked, Needs, Resting


def why(segmentation: str, pair: Paired, resting: Resting) -> tuple[str, ...]:
    """The sentences that say what makes the two differ; none where they hold for the same rows."""
    if pair.before is None or pair.after is None or resting.decides_the_same(segmentation, pair):
        return ()
    own = [each.text for each in of_clauses(pair.before, pair.after) if each.moves]
    if pair.before.segmentation.table != pair.after.segmentation.table:
        own.append(f"looks at the rows of `{pair.after.segmentation.table}` now")
    needs = resting.needs_of_clause(segmentation, pair.after.number)
    return tuple(dict.fromkeys([*own, *_rests_on(needs, resting, told=bool(own))]))


def _rests_on(needs: Needs, resting: Resting, *, told: bool) -> Iterator[str]:
    """What changed of all that is named, and of what that names; of new names nothing where what asks for them is
    told."""
    seen: set[Node] = set()
    waiting = [needs]
    while waiting:
        here = waiting.pop(0)
        for node in here.nodes:
            if node in seen:
                continue
            seen.add(node)
            if node in resting.own:
                yield from _of_node(node, resting, told=told)
            if node in resting.needs:
                waiting.append(resting.needs[node])
        for asked in here.asked:
            if not resting.answers_the_same(asked):
                yield _of_asked(asked)


def _of_asked(asked: Asked) -> str:
    name, segments = asked
    listed = " or ".join(f"`{each}`" for each in sorted(segments))
    return f"`{name}` decides otherwise who is {listed}"


def _of_node(node: Node, resting: Resting, *, told: bool) -> Iterator[str]:
    """The sentences about one declaration."""
    before, after = resting.before, resting.after
    match node.kind:
        case "parameter":
            old, new = _named(before.parameters, node.name), _named(after.parameters, node.name)
            if old is not None and new is not None:
                yield from (
                    each.text for each in of_parameters(old, new) if each.kind == "cut-off" or old.type != new.type
                )
                return
        case "let":
            old = _named([let for let in before.lets if let.table == node.scope], node.name)
            new = _named([let for let in after.lets if let.table == node.scope], node.name)
            if old is not None and new is not None:
                yield from _of_one(f"`{node.name}`", [each.text for each in of_lets(old, new) if each.moves])
                return
        case "table":
            old, new = _named(before.tables, node.name), _named(after.tables, node.name)
            if old is not None and new is not None:
                yield from _of_one(f"table `{node.name}`", [each.text for each in of_tables(old, new)])
                return
        case "field":
            tables = _named(before.tables, node.scope), _named(after.tables, node.scope)
            old, new = (None if table is None else _named(table.fields, node.name) for table in tables)
            if old is not None and new is not None:
                name = f"`{node.name}` of `{node.scope}`"
                yield from _of_one(name, [each.text for each in of_fields(old, new) if each.kind != "labels"])
                return
        case _:
            return
    if not told:
        yield f"`{node.name}` is something else than before"


def _of_one(name: str, changes: Sequence[str]) -> Iterator[str]:
    """All that changed about one declaration, which is named once."""
    if changes:
        yield f"{name} changed: {', '.join(changes)}"


_Declared = p.Parameter | p.Let | p.Table | p.Field
_Kind = TypeVar("_Kind", bound=_Declared)


def _named(declared: Sequence[_Kind], name: str) -> _Kind | None:
    return next((each for each in declared if each.name == name), None)
