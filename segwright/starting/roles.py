"""What tells a table's rows apart, and what belongs to what: keys, parents, events and when they happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..runtime.profiling.links import Inclusion, different, inclusion
from ..runtime.profiling.records import TableProfile
from .naming import singular
from .records import Guess, LeftOut, TableGuess
from .words import EVENTS, KEY, THINGS, parts, tells

if TYPE_CHECKING:
    from ..runtime.profiling.records import Connection

MOST_KEYS = 8
"""Columns of which it is counted exactly whether they tell rows apart."""
NEARLY = 0.9
"""The share of different values, by the engine's approximation, from which a column may be a key."""
NAMED_ALIKE = 0.5
"""The share of rows whose parent is there, for a column that is called like the parent's key."""
GENERIC = frozenset({"id", "key", "nr", "no", "number", "nummer", "code", "num", "uuid", "guid"})
LATE = frozenset(
    {
        "due",
        "created",
        "updated",
        "modified",
        "loaded",
        "received",
        "end",
        "ended",
        "expiry",
        "expires",
        "valid",
        "birth",
    }
    | {"closed", "until", "verval", "geboorte", "gewijzigd", "ontvangen", "einde", "inserted", "etl", "processed"}
)
"""Words of dates on which an event was not: it was due, written down or heard of."""
HEARD = frozenset({"received", "known", "booked", "reported", "ontvangen", "gemeld", "gebucht"})

Fields = Mapping[str, Guess]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table under way: all its unique columns (as fields), the likeliest key first."""

    profile: TableProfile
    fields: Fields
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Link:
    """A column whose values occur in another table's key."""

    child: str
    field: str
    parent: str
    found: Inclusion
    alone: bool


def roles(
    con: Connection, profiles: Sequence[tuple[TableProfile, Fields]]
) -> tuple[tuple[TableGuess, ...], tuple[LeftOut, ...]]:
    """The tables as they will be declared, parents first, and those that cannot be."""
    tables = {profile.name: _Table(profile, fields, _keys(con, profile, fields)) for profile, fields in profiles}
    links = _oriented(tables, _links(con, tables))
    parents = _parents(tables, links)
    declared: dict[str, TableGuess] = {}
    left_out: list[LeftOut] = []
    waiting = dict(tables)
    while waiting:
        ready = [name for name in waiting if name not in parents or parents[name].parent not in waiting]
        for name in ready:
            table, link = waiting.pop(name), parents.get(name)
            if link is not None and link.parent not in declared:
                link = None
            referred = any(other.parent == name for other in parents.values())
            guess = _root(con, table) if link is None else _below(con, table, link, links, referred)
            if isinstance(guess, LeftOut):
                left_out.append(guess)
            else:
                declared[name] = guess
    return tuple(declared.values()), tuple(left_out)


# -- keys --------------------------------------------------------------------------------------------------------------


def _keys(con: Connection, profile: TableProfile, fields: Fields) -> tuple[str, ...]:
    """The fields that have another value in every row, the likeliest key first."""
    rows = profile.rows
    likely = [name for name in _by_likelihood(profile, fields) if fields[name].column.distinct >= NEARLY * rows]
    if rows <= 1:
        return tuple(likely)
    keys: list[str] = []
    for name in likely[:MOST_KEYS]:
        # To count all values is dear: beside one key only what is called like one may be needed too.
        if (not keys or tells(name, KEY)) and different(con, profile, fields[name].column) == rows:
            keys.append(name)
    return tuple(keys)


def _by_likelihood(profile: TableProfile, fields: Fields) -> list[str]:
    def rank(name: str) -> tuple[int, int]:
        guess, at = fields[name], list(fields).index(name)
        own = singular(profile.name)
        joined = "".join(parts(name))
        if joined in {own.replace("_", "") + word for word in GENERIC} or joined in GENERIC:
            return 0, at
        if tells(name, KEY):
            return 1, at
        if at == 0 or joined == own.replace("_", ""):
            return 2, at
        return (3 if guess.field.type.kind == "text" and not guess.field.personal else 4), at

    able = [
        name
        for name, guess in fields.items()
        if guess.field.type.kind in ("integer", "text") and not guess.column.missing and not guess.field.protected
    ]
    return sorted(able, key=rank)


# -- links -------------------------------------------------------------------------------------------------------------


def _links(con: Connection, tables: Mapping[str, _Table]) -> list[_Link]:
    """For each field that is called like another table's key, how its values occur there."""
    links: list[_Link] = []
    for child in tables.values():
        for parent in tables.values():
            if child is parent or not parent.keys:
                continue
            key = parent.keys[0]
            for name, guess in child.fields.items():
                same_type = guess.field.type.kind == parent.fields[key].field.type.kind
                if not same_type or not called_alike(name, key, parent.profile.name):
                    continue
                found = inclusion(con, child.profile, guess.column, parent.profile, parent.fields[key].column)
                if found.share >= NAMED_ALIKE or (not found.rows and not child.profile.rows):
                    alone = found.distinct == found.rows
                    links.append(_Link(child.profile.name, name, parent.profile.name, found, alone))
    return links


def called_alike(name: str, key: str, table: str) -> bool:
    """Whether a field is called as if it named a row of a table with that key: `customer_id` of `customers` by
    `customer_id` or by `id`, `debtor_customer_id` too."""
    own, its, of = ("".join(parts(each)) for each in (name, key, singular(table)))
    if its in GENERIC:
        return own in {of, of + its, *(of + word for word in GENERIC)} or own.endswith(of + its)
    return own.endswith(its) or own in {of, *(of + word for word in GENERIC)}


def _oriented(tables: Mapping[str, _Table], links: Sequence[_Link]) -> list[_Link]:
    """The links without those back from one of two tables that share a key to the other, and without those to tables
    that are attached to another: nothing hangs on these."""
    order = list(tables)

    def rank(name: str) -> tuple[bool, int, int]:
        table = tables[name]
        is_named = bool(table.keys) and singular(name).replace("_", "") in "".join(parts(table.keys[0]))
        return not is_named, -table.profile.rows, order.index(name)

    def is_mutual(link: _Link) -> bool:
        return any(back.child == link.parent and back.parent == link.child for back in links)

    kept = [link for link in links if not is_mutual(link) or rank(link.parent) < rank(link.child)]
    attached = {link.child for link in kept if link.alone and link.field in tables[link.child].keys[:1]}
    return [link for link in kept if link.parent not in attached]


def _parents(tables: Mapping[str, _Table], links: Sequence[_Link]) -> dict[str, _Link]:
    """The parent of each table that has one, without circles."""
    chosen: dict[str, _Link] = {}
    for child in tables:
        own = [link for link in links if link.child == child]
        if own:
            best = min(own, key=lambda link: _preference(link, links))
            if not _leads_back(child, best.parent, chosen):
                chosen[child] = best
    return chosen


def _preference(link: _Link, links: Iterable[_Link]) -> tuple[int, float]:
    """A parent that belongs to nobody comes before one that belongs to another."""
    belongs = any(other.child == link.parent for other in links)
    return int(belongs), -link.found.share


def _leads_back(child: str, parent: str | None, chosen: Mapping[str, _Link]) -> bool:
    while parent is not None:
        if parent == child:
            return True
        parent = chosen[parent].parent if parent in chosen else None
    return False


# -- roles -------------------------------------------------------------------------------------------------------------


def _root(con: Connection, table: _Table) -> TableGuess | LeftOut:
    profile, fields, rows = table.profile, table.fields, table.profile.rows
    likely = [name for name in _by_likelihood(profile, fields) if tells(name, KEY)]
    if table.keys and (not likely or table.keys[0] in likely or rows <= 1):
        key = table.keys[0]
        why = f"`{key}` has another value in each of {rows:,} rows" if rows > 1 else f"`{key}` by its name"
        return TableGuess(profile, "root", None, None, key, None, None, (f"key: {why}",), fields)
    for key in likely[:2]:
        for at in _times(table, profile.name)[:2]:
            if different(con, profile, fields[key].column, fields[at].column) == rows:
                why = f"snapshots: a `{key}` has several rows, but one for each `{at}`; the latest one counts"
                return TableGuess(profile, "root", None, None, key, at, None, (why,), fields)
    return LeftOut(profile.name, profile.input.shown, _no_key(con, table, likely))


def _no_key(con: Connection, table: _Table, likely: Sequence[str]) -> str:
    profile = table.profile
    if not table.fields:
        return "it has no column that can be declared"
    if any(not name.strip() for name, _ in profile.left_out):
        return (
            "no column has another value in every row, and columns have no name: take away what stands above the "
            "line of column names, such as a title"
        )
    if not likely:
        return (
            "no column has another value in every row, so nothing tells its rows apart; add a column with a number or "
            "code for each row, such as `row_number() OVER ()` in DuckDB"
        )
    key = likely[0]
    again = profile.rows - different(con, profile, table.fields[key].column)
    rows = "row repeats" if again == 1 else "rows repeat"
    if again <= profile.rows // 20:
        return f"{again:,} of {profile.rows:,} {rows} a `{key}` that another row has: take out the ones too many"
    return (
        f"{again:,} of {profile.rows:,} {rows} a `{key}`, so its rows belong to something: give the table with one row "
        f"for each `{key}` too, or make it, such as `SELECT DISTINCT {key} FROM …` in DuckDB"
    )


def _below(con: Connection, table: _Table, link: _Link, links: Sequence[_Link], referred: bool) -> TableGuess | LeftOut:
    profile, fields = table.profile, table.fields
    said = [_belonging(link, profile.rows)]
    others = {other.parent: other.field for other in links if other.child == link.child and other.parent != link.parent}
    said += [f"it could belong to `{parent}` by `{field}` too" for parent, field in others.items()]
    own = [key for key in table.keys if key != link.field]
    if link.alone and not (own and tells(own[0], KEY) and tells(profile.name, EVENTS)):
        return TableGuess(
            profile, "attached", link.parent, link.field, None, None, None, (*said, "at most one row each"), fields
        )
    times = _times(table, profile.name)
    is_thing = referred or (tells(profile.name, THINGS) and not tells(profile.name, EVENTS))
    each = profile.rows / max(1, link.found.distinct)
    many = f"{each:.1f} rows each on average"
    if times and not (is_thing and own):
        at = times[0]
        then = _order(con, table, link.field, at, own)
        happened = f"events: many rows in time, {many}; `{at}` is known in every row"
        if len(times) > 1:
            happened += f" (so {'is' if len(times) == 2 else 'are'} {', '.join(f'`{each}`' for each in times[1:])})"
        heard = next((each for each in times[1:] if tells(each, HEARD)), None)
        if heard is not None:
            happened += f"; write `known at {heard}` if that is when it became known"
        return TableGuess(profile, "events", link.parent, link.field, None, at, then, (*said, happened), fields)
    if own:
        return TableGuess(profile, "child", link.parent, link.field, own[0], None, None, (*said, many), fields)
    reason = (
        f"it has several rows for a row of `{link.parent}`, but no date that is known in every row and no column with "
        "another value in every row: add one of them"
    )
    return LeftOut(profile.name, profile.input.shown, reason)


def _belonging(link: _Link, rows: int) -> str:
    orphans, nobody = link.found.rows - link.found.found, rows - link.found.rows
    said = f"belongs to `{link.parent}`: "
    if orphans:
        verbs = ("finds", "is") if orphans == 1 else ("find", "are")
        said += f"{orphans:,} of {rows:,} rows {verbs[0]} no `{link.field}` there and {verbs[1]} ignored"
    else:
        said += f"every `{link.field}` is there"
    return f"{said}; {nobody:,} without one" if nobody else said


def _times(table: _Table, name: str) -> list[str]:
    """The dates and timestamps that every row has, the one when it happened first."""
    own = singular(name).replace("_", "")[:4]

    def rank(field: str) -> tuple[int, int]:
        words = parts(field)
        late = 2 if any(word in LATE for word in words) else 0
        near = -1 if any(word.startswith(own) for word in words) else 0
        return late + near, list(table.fields).index(field)

    able = [
        field
        for field, guess in table.fields.items()
        if guess.field.type.kind in ("date", "timestamp")
        and not guess.field.optional
        and not guess.field.personal
        and not guess.field.protected
    ]
    return sorted(able, key=rank)


def _order(con: Connection, table: _Table, by: str, at: str, keys: Sequence[str]) -> str | None:
    """The field that orders rows of one time, where rows share one."""
    numbers = [key for key in keys if table.fields[key].field.type.kind == "integer"]
    if not numbers:
        return None
    columns = table.fields[by].column, table.fields[at].column
    tied = different(con, table.profile, *columns) < table.profile.rows
    return numbers[0] if tied else None
