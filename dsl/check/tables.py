"""Tables: what kind each is, and whether its key, its parent and its times hold together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, Problems
from ..types import Kind
from .fields import checked_fields
from .names import Names
from .suggest import did_you_mean, suggest

KEY_KINDS: tuple[Kind, ...] = ("integer", "text")
TIME_KINDS: tuple[Kind, ...] = ("date", "timestamp")
ORDER_KINDS: tuple[Kind, ...] = ("integer", "number", "percent", "money", "text", "date", "timestamp")

ROLE_IN_WORDS: dict[p.TableRole, str] = {
    "root": "has nothing above it",
    "attached": "has at most one row for each row of its parent",
    "child": "has many rows for each row of its parent",
    "events": "holds events",
}
assert set(ROLE_IN_WORDS) == set(get_args(p.TableRole))


def declare_tables(declarations: Sequence[s.TableDecl], names: Names) -> None:
    """Fill `names.tables`. A table with a wrong part stays, without that part, so that its fields are known."""
    written = {declaration.name.text: declaration for declaration in declarations}
    cut = _circles(written, names.problems)
    names.broken |= cut
    for declaration in declarations:
        parent = None if declaration.name.text in cut else _parent(declaration, written, names)
        names.tables[declaration.name.text] = _table(declaration, parent, names)
    for declaration in declarations:
        _check_join(declaration, names)


def table_named(name: s.Name, names: Names, candidates: Iterable[str] | None = None) -> p.Table | None:
    """The table that `name` names, reporting an unknown one; `candidates` are those worth suggesting."""
    table = names.tables.get(name.text)
    if table is None and name.text not in names.broken:
        names.problems.error(
            "SEG103",
            name.span,
            f"no table is called `{name.text}`",
            fixes=did_you_mean(name, names.tables if candidates is None else candidates),
            hints=[] if names.tables else ["no file that was read declares a table; `use` the one that does"],
        )
        if suggest(name.text, names.tables) is None:
            names.broken.add(name.text)  # once is enough: most likely a file was forgotten
    return table


def role_of(declaration: s.TableDecl) -> p.TableRole:
    """The role of a table, which follows from the words it is declared with."""
    if declaration.events:
        return "events"
    if declaration.parent is None:
        return "root"
    return "attached" if declaration.key is None else "child"


# -- what belongs to what ----------------------------------------------------------------------------------------


def _circles(written: dict[str, s.TableDecl], problems: Problems) -> set[str]:
    """The tables that belong to themselves by way of their parents; each circle is reported once."""
    found: set[str] = set()
    for start in written:
        path = [start]
        while (parent := written[path[-1]].parent) is not None and parent.text in written:
            if parent.text in path:
                circle = path[path.index(parent.text) :]
                if not found.intersection(circle):
                    _report_circle([written[name] for name in circle], problems)
                found.update(circle)
                break
            path.append(parent.text)
    return found


def _report_circle(circle: list[s.TableDecl], problems: Problems) -> None:
    parents = [declaration.parent for declaration in circle if declaration.parent is not None]
    chain = ", which belongs to ".join(f"`{parent.text}`" for parent in parents)
    problems.error(
        "SEG308",
        parents[0].span,
        f"`{circle[0].name.text}` belongs to {chain}: tables cannot belong to each other in a circle",
        labels=[Label(parent.span, "and here") for parent in parents[1:]],
    )


def _parent(declaration: s.TableDecl, written: dict[str, s.TableDecl], names: Names) -> s.TableDecl | None:
    name = declaration.parent
    if name is None:
        return None
    parent = written.get(name.text)
    if parent is None:
        return _probable_parent(name, declaration, written, names)
    role = role_of(parent)
    if role in ("events", "attached"):
        names.broken.add(declaration.name.text)
        if parent.damaged:
            return None
        names.problems.error(
            "SEG307",
            name.span,
            f"nothing can belong to `{name.text}`, since it {ROLE_IN_WORDS[role]}"
            + (f"; let `{declaration.name.text}` belong to the same table as it" if role == "attached" else ""),
            labels=[Label(parent.name.span, f"`{name.text}` is declared here")],
        )
        return None
    return parent


def _probable_parent(
    name: s.Name, declaration: s.TableDecl, written: dict[str, s.TableDecl], names: Names
) -> s.TableDecl | None:
    """The table that an unknown parent was probably meant to be, so that one slip of the pen is one problem."""
    possible = [other for other, its in written.items() if not its.events and its is not declaration]
    nearest = suggest(name.text, possible)
    if name.text not in names.broken:
        names.problems.error(
            "SEG103",
            name.span,
            f"no table is called `{name.text}`",
            fixes=did_you_mean(name, possible),
        )
    if nearest is not None and role_of(written[nearest]) == "root":  # and so makes no circle
        return written[nearest]
    names.broken |= {name.text, declaration.name.text}
    return None


def _check_join(declaration: s.TableDecl, names: Names) -> None:
    """The field after `by` must hold values of the parent's key."""
    table = names.tables[declaration.name.text]
    if table.parent is None or table.by is None or declaration.by is None:
        return
    parent = names.tables[table.parent]
    if parent.key is None:
        return
    ours, theirs = table.field_named(table.by), parent.field_named(parent.key)
    if ours.type.kind != theirs.type.kind and theirs.type.kind in KEY_KINDS:
        names.problems.error(
            "SEG306",
            declaration.by.span,
            f"`{table.by}` is {ours.type}, but the key of `{parent.name}`, `{parent.key}`, is {theirs.type}",
            labels=[Label(ours.span, f"{ours.type}"), Label(theirs.span, f"{theirs.type}")],
        )


# -- one table ---------------------------------------------------------------------------------------------------


def _table(declaration: s.TableDecl, parent: s.TableDecl | None, names: Names) -> p.Table:
    role = role_of(declaration)
    fields = checked_fields(declaration, names)
    problems = names.problems
    key, at, known_at, then = declaration.key, declaration.at, declaration.known_at, declaration.then
    if not declaration.damaged:
        _check_words(declaration, role, problems)
    if role == "events":
        key = None
    if role in ("attached", "child"):
        at = None
    if role != "events":
        known_at = then = None

    def named(name: s.Name | None, what: str, kinds: tuple[Kind, ...] | None) -> str | None:
        return None if name is None else _named_field(name, what, kinds, declaration, fields, names)

    return p.Table(
        name=declaration.name.text,
        title=declaration.title.value if declaration.title else None,
        role=role,
        parent=parent.name.text if parent else None,
        by=named(declaration.by, "joined by", None),
        key=named(key, "the key", KEY_KINDS),
        at=named(at, "the time", TIME_KINDS),
        known_at=named(known_at, "the time it is known", TIME_KINDS),
        then=named(then, "the order within a moment", ORDER_KINDS),
        fields=fields,
        span=declaration.name.span,
    )


def _check_words(declaration: s.TableDecl, role: p.TableRole, problems: Problems) -> None:
    """The declaration has no part that its role cannot have. (That it has all that it needs, parsing has seen to.)"""
    name = declaration.name.text
    if role == "events" and declaration.key is not None:
        _does_not_fit(declaration.key, f"events have no key: `{name}` may have many rows a moment", problems)
    if role in ("attached", "child") and declaration.at is not None:
        _does_not_fit(
            declaration.at, f"`{name}` has no time of its own; declare it with `events`, or leave `at` out", problems
        )
    if role != "events":
        for word, written in (("known at", declaration.known_at), ("then", declaration.then)):
            if written is not None:
                _does_not_fit(written, f"only events say `{word}`, and `{name}` {ROLE_IN_WORDS[role]}", problems)


def _does_not_fit(name: s.Name, message: str, problems: Problems) -> None:
    problems.error("SEG301", name.span, message)


def _named_field(
    name: s.Name,
    what: str,
    kinds: tuple[Kind, ...] | None,
    declaration: s.TableDecl,
    fields: tuple[p.Field, ...],
    names: Names,
) -> str | None:
    """The field that a table's key, parent key or time is; None where it was reported. Without `kinds` any type will
    do, and the field may be missing."""
    table = declaration.name.text
    problems = names.problems
    field = next((field for field in fields if field.name == name.text), None)
    if field is None:
        if not declaration.damaged and name.text not in names.broken:
            problems.error(
                "SEG302",
                name.span,
                f"`{table}` has no field `{name.text}`",
                fixes=did_you_mean(name, [field.name for field in fields]),
                hints=[f"every column that rules name is declared: add `{name.text}` to the fields of `{table}`"],
            )
        return None
    if kinds is None:
        return field.name
    if field.type.kind not in kinds:
        problems.error(
            "SEG304",
            name.span,
            f"`{name.text}` is {field.type} and cannot be {what} of `{table}`, which is {_either(kinds)}",
            labels=[Label(field.span, "declared here")],
        )
    elif field.optional:
        problems.error(
            "SEG305",
            name.span,
            f"`{name.text}` is {what} of `{table}` and can never be missing",
            labels=[Label(field.span, f"`{name.text}` may be missing by its declaration")],
        )
    return field.name


def _either(kinds: Sequence[Kind]) -> str:
    return ", ".join(kinds[:-1]) + " or " + kinds[-1]
