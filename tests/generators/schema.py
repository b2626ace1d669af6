"""Generated tables: a root (plain or of snapshots), attached tables, children with events of their own, events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segwright.dsl.types import BOOLEAN, DATE, INTEGER, NUMBER, PERCENT, TEXT, TIMESTAMP, Type

from .draws import Draw, chance, count, pick
from .literals import CHOICES, quoted

PURPOSES = ("credit_risk", "marketing")


@dataclass(frozen=True, slots=True)
class Column:
    """A field: its name as written, its type, and what else its declaration says."""

    name: str
    type: Type
    optional: bool = False
    modifiers: str = ""
    consent: bool = False

    def declaration(self) -> str:
        """Its line."""
        return f"  {self.name} {type_text(self.type)}{' optional' if self.optional else ''}{self.modifiers}"


@dataclass(frozen=True, slots=True)
class Shape:
    """A table. `known_at` and `then` are names of columns or None."""

    name: str
    role: Literal["root", "attached", "child", "events"]
    parent: str | None
    by: str | None
    key: str | None
    at: str | None
    known_at: str | None
    then: str | None
    columns: tuple[Column, ...]

    def declaration(self) -> str:
        """Its text."""
        word = "events" if self.role == "events" else "table"
        parts = [word, self.name]
        for keyword, value in (
            ("of", self.parent),
            ("by", self.by),
            ("key", self.key),
            ("at", self.at),
            ("known at", self.known_at),
            ("then", self.then),
        ):
            if value is not None:
                parts += [keyword, value]
        return "\n".join([" ".join(parts), *(column.declaration() for column in self.columns)])


def type_text(type_: Type) -> str:
    """A type as rule files write it."""
    if type_.choices is not None:
        return "one of " + ", ".join(quoted(choice) for choice in type_.choices)
    return str(type_)


VALUE_TYPES = (
    INTEGER,
    INTEGER,
    INTEGER,
    BOOLEAN,
    Type("money", 2),
    DATE,
    TEXT,
    NUMBER,
    PERCENT,
    TIMESTAMP,
    Type("money", 4),
    TEXT,
    NUMBER,
    PERCENT,
    TIMESTAMP,
    *(Type("text", choices=choices) for choices in CHOICES),
)
DOMAINS = {"integer": " from -3 to 1_000", "percent": " from -10% to 100%", "money": " from -1_000"}
PREFIXES = {
    "integer": "int",
    "boolean": "flag",
    "money": "amount",
    "date": "day",
    "text": "word",
    "number": "num",
    "percent": "share",
    "timestamp": "moment",
}


def _name(draw: Draw, prefix: str, number: int) -> str:
    odd = (f"ål_{prefix}{number}", f"`{prefix} {number}`", f"""`{prefix}'s "{number}".x`""")
    return pick(draw, (f"{prefix}{number}",) * 12 + odd)


def _columns(draw: Draw, table: str, least: int, most: int) -> tuple[Column, ...]:
    found: list[Column] = []
    for number in range(count(draw, least, most)):
        type_ = pick(draw, VALUE_TYPES)
        modifiers = ""
        if type_.kind in DOMAINS and chance(draw, 25):
            modifiers += DOMAINS[type_.kind]
        if chance(draw, 10):
            modifiers += pick(draw, (f" for {PURPOSES[0]}", f" for {', '.join(PURPOSES)}"))
        if chance(draw, 5):
            modifiers += pick(draw, (f' as "COLUMN {number}"', " personal"))
        name = _name(draw, f"{table[0]}_{PREFIXES[type_.kind]}", number)
        found.append(Column(name, type_, chance(draw, 50), modifiers))
    return tuple(found)


def _time(draw: Draw, name: str) -> Column:
    return Column(name, pick(draw, (DATE, TIMESTAMP)))


def _events(draw: Draw, name: str, parent: Shape) -> Shape:
    by = _by(draw, parent)
    at = _time(draw, "at_time")
    known_at = _time(draw, "known_time") if chance(draw, 30) else None
    then = Column("sequence", INTEGER) if chance(draw, 30) else None
    special = [column for column in (by, at, known_at, then) if column is not None]
    return Shape(
        name,
        "events",
        parent.name,
        by.name,
        None,
        at.name,
        known_at.name if known_at else None,
        then.name if then else None,
        (*special, *_columns(draw, name, 1, 3)),
    )


def _key_type(parent: Shape) -> Type:
    return next(column.type for column in parent.columns if column.name == parent.key)


def _by(draw: Draw, parent: Shape) -> Column:
    return Column(parent.key or "", _key_type(parent), optional=chance(draw, 10))


def _attached(draw: Draw, name: str, parent: Shape) -> Shape:
    by = _by(draw, parent)
    columns = (by, *_columns(draw, name, 1, 3))
    return Shape(name, "attached", parent.name, by.name, None, None, None, None, columns)


def _child(draw: Draw, name: str, parent: Shape) -> Shape:
    by, key = _by(draw, parent), Column(f"{name}_id", INTEGER)
    columns = (by, key, *_columns(draw, name, 1, 3))
    return Shape(name, "child", parent.name, by.name, key.name, None, None, None, columns)


def _root(draw: Draw) -> Shape:
    key = Column("customer_id", pick(draw, (INTEGER, INTEGER, TEXT)))
    at = (_time(draw, "snapshot_on"),) if chance(draw, 20) else ()
    consent = tuple(
        Column(f"{purpose}_consent", BOOLEAN, chance(draw, 60), f" consent for {purpose}", consent=True)
        for purpose in PURPOSES
        if chance(draw, 30)
    )
    columns = (key, *at, *_columns(draw, "customers", 1, 5), *consent)
    return Shape("customers", "root", None, None, key.name, at[0].name if at else None, None, None, columns)


def tables(draw: Draw) -> tuple[Shape, ...]:
    """A root table first, then what belongs to it; now and then a second root."""
    root = _root(draw)
    found = [root]
    found += [_events(draw, name, root) for name in ("payments", "logins")[: pick(draw, (1, 1, 2, 0))]]
    if chance(draw, 40):
        found.append(_attached(draw, "crm", root))
    if chance(draw, 45):
        child = _child(draw, "accounts", root)
        found.append(child)
        if chance(draw, 60):
            found.append(_events(draw, "instalments", child))
        if chance(draw, 30):
            found.append(_attached(draw, "details", child))
        if chance(draw, 20):
            found.append(_child(draw, "parts", child))
    if chance(draw, 8):
        key = Column("branch_id", INTEGER)
        columns = (key, *_columns(draw, "branches", 1, 2))
        found.append(Shape("branches", "root", None, None, key.name, None, None, None, columns))
    return tuple(found)
