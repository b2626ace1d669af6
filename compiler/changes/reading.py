"""Which fields a run newly reads, and which it no longer reads."""

from __future__ import annotations

from collections.abc import Iterator

from ...dsl import program as p
from ...dsl.labels import Lineage
from ...dsl.lineage import Reader, readers_by_column
from ..plan_from_program import plan_from_program
from .records import Change, Kind

_Read = dict[tuple[str, str], list[str]]


def of_reading(before: p.Program, after: p.Program, lineages: tuple[Lineage, Lineage]) -> Iterator[Change]:
    """A change for each column that is read by a run of the one program and not by one of the other, with who reads
    it."""
    old, new = _read(before, lineages[0]), _read(after, lineages[1])
    for (table, field), readers in new.items():
        if (table, field) not in old:
            text = f"`{field}` of `{table}` is now read{_by(readers)}"
            yield _change("newly read", table, field, text, before, after)
    for (table, field), readers in old.items():
        if (table, field) not in new:
            text = f"`{field}` of `{table}` is no longer read; it was{_by(readers) or ' read'}"
            yield _change("no longer read", table, field, text, before, after)


def _read(program: p.Program, lineage: Lineage) -> _Read:
    readers = readers_by_column(lineage)
    return {
        (column.table, column.field): _named(readers.get((column.table, column.field), ()))
        for column in plan_from_program(program).columns
    }


def _named(readers: tuple[Reader, ...]) -> list[str]:
    """Who reads, in words of the language; through another segmentation only where nobody reads directly."""
    direct = [each for each in readers if each.through is None] or list(readers)
    return list(dict.fromkeys(_name(each) for each in direct))


def _name(reader: Reader) -> str:
    match reader.kind:
        case "segmentation":
            return f"`{reader.name}`"
        case "reasons":
            return f"the reasons of `{reader.name}`"
        case "measure":
            return f"measure `{reader.name}`"
        case "measures by":
            return "`measures by`"
        case "fairness":
            return "`fairness`"
        case "guarantee":
            return f'guarantee "{reader.name}"'
        case "freshness":
            return f"freshness of `{reader.name}`"


def _by(readers: list[str]) -> str:
    if not readers:
        return ""
    return " by " + " and ".join([", ".join(readers[:-1]), readers[-1]] if len(readers) > 1 else readers)


def _change(kind: Kind, table: str, field: str, text: str, before: p.Program, after: p.Program) -> Change:
    then, now = (
        next((each.span for of in program.tables if of.name == table for each in of.fields if each.name == field), None)
        for program in (before, after)
    )
    return Change(kind, "field", field, table, text, None, None, then, now)
