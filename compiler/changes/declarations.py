"""Declarations that came, went or say something else: purposes, tables and their fields, parameters, lets, measures.
Segmentations only where they came or went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from ...dsl import outcomes as o
from ...dsl import program as p
from ...dsl.wording import value_wording, wording
from .data import of_fields, of_parameters, of_tables, of_titles
from .decided import of_lets, what_of
from .differences import Difference, sentence
from .outcomes import of_measures
from .records import Change

_Declared = p.Table | p.Field | p.Parameter | p.Let | p.Segmentation | o.Measure
_Kind = TypeVar("_Kind", bound=_Declared)


def of_declarations(before: p.Program, after: p.Program) -> Iterator[Change]:
    """All changes of them, each kind in order of declaration; of what is gone, last."""
    for purpose in after.purposes:
        if purpose not in before.purposes:
            yield Change("added", "purpose", purpose, None, f"purpose `{purpose}` is new", None, purpose)
    for purpose in before.purposes:
        if purpose not in after.purposes:
            yield Change("removed", "purpose", purpose, None, f"purpose `{purpose}` is gone", purpose, None)
    yield from _by_name(before.tables, after.tables, None, _with_title(of_tables))
    tables = {table.name: table for table in before.tables}
    for table in after.tables:
        if table.name in tables:
            yield from _by_name(tables[table.name].fields, table.fields, table.name, _with_title(of_fields))
    yield from _by_name(before.parameters, after.parameters, None, _with_title(of_parameters))
    for table in dict.fromkeys(let.table for let in (*after.lets, *before.lets)):
        old, new = ([let for let in program.lets if let.table == table] for program in (before, after))
        yield from _by_name(old, new, table, _with_title(of_lets))
    yield from _by_name(before.segmentations, after.segmentations, None, lambda _old, _new: [])
    yield from _by_name(before.measures, after.measures, None, of_measures)


def _by_name(
    old: Sequence[_Kind],
    new: Sequence[_Kind],
    within: str | None,
    differ: Callable[[_Kind, _Kind], list[Difference]],
) -> Iterator[Change]:
    olds, news = {each.name: each for each in old}, {each.name: each for each in new}
    for name, each in news.items():
        if name not in olds:
            words = _says(each)
            text = f"{_called(each, within)} is new" + (f": `{words}`" if words else "")
            yield Change("added", what(each), name, within, text, None, words, None, each.span)
            continue
        for found in differ(olds[name], each):
            then, now = found.then or olds[name].span, found.now or each.span
            text = found.text if isinstance(each, p.Parameter) else sentence(_subject(each, within), found.text)
            yield Change(found.kind, what(each), name, within, text, found.before, found.after, then, now)
    for name, each in olds.items():
        if name not in news:
            words = _says(each)
            text = f"{_called(each, within)} is gone" + (
                f": it was `{words}`" if words and isinstance(each, p.Parameter) else ""
            )
            yield Change("removed", what(each), name, within, text, words, None, each.span)


def _with_title(differ: Callable[[_Kind, _Kind], list[Difference]]) -> Callable[[_Kind, _Kind], list[Difference]]:
    def both(old: _Kind, new: _Kind) -> list[Difference]:
        titles = of_titles(old.title, new.title)
        if isinstance(new, p.Parameter):  # its differences are whole sentences
            titles = [replace(each, text=f"parameter `{new.name}`: {each.text}") for each in titles]
        return [*differ(old, new), *titles]

    return both


def what(declared: _Declared) -> str:
    """The language's word for a declaration."""
    match declared:
        case p.Let():
            return what_of(declared)
        case p.Table():
            return "table"
        case p.Field():
            return "field"
        case p.Parameter():
            return "parameter"
        case p.Segmentation():
            return "segmentation"
        case o.Measure():
            return "measure"


def _called(declared: _Declared, within: str | None) -> str:
    of = f" of `{within}`" if within is not None and isinstance(declared, p.Field) else ""
    return f"{what(declared)} `{declared.name}`{of}"


def _subject(declared: _Declared, within: str | None) -> str:
    match declared:
        case p.Field():
            return f"`{declared.name}` of `{within or ''}`"
        case p.Table() | o.Measure():
            return f"{what(declared)} `{declared.name}`"
        case _:
            return f"`{declared.name}`"


def _says(declared: _Declared) -> str | None:
    """What a declaration says, where that is short."""
    match declared:
        case p.Let(value=p.Choice() | p.Score()):
            return None
        case p.Let(value=value, table=table) | o.Measure(value=value, table=table):
            return wording(value, table)
        case p.Field(type=type):
            return str(type)
        case p.Parameter(value=value, type=type):
            return value_wording(value, type)
        case _:
            return None
