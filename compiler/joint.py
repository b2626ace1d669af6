"""Old rules and new rules as one program, so that one plan decides about every row by both.

What means the same on both sides stands in it once, as the new rules have it. What differs of the old rules stands
beside it under a name that no rule file has (`before prime_score`), and refers to the old versions of what it asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from ..dsl import outcomes as o
from ..dsl import program as p
from .changes.renaming import Words, renamed
from .differing import Key, differing, key, needs_of, same_values


@dataclass(frozen=True, slots=True)
class Joint:
    """One program for both sides.

    `words`: what of the old rules differs, by what it is called here. `compared`: the segmentations that both have, by
    the name of their old version, which is their own where nothing that decides them differs. `apart`: those that both
    have and that cannot be compared, and why. `added` and `removed` are those that only one side has. `unlimited`: of
    segmentations that differ and limit in how many segments a row may be, on either side, copies without that, by the
    name here. `borrowed`: the tables that only the old rules have so, by the table whose data they read. `eased`:
    fields that both declare alike but for what the old rules demand of their values, as the old rules have them."""

    program: p.Program
    words: Words
    compared: Mapping[str, str]
    apart: Mapping[str, str] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unlimited: Mapping[str, str] = field(default_factory=dict)
    borrowed: Mapping[str, str] = field(default_factory=dict)
    eased: tuple[tuple[str, p.Field], ...] = ()


def joint_program(
    before: p.Program,
    after: p.Program,
    touched: AbstractSet[str] = frozenset(),
    without: AbstractSet[str] = frozenset(),
) -> Joint:
    """The joint program of two that use the same words (`in_new_words`).

    `touched` are segmentations of which the run before knows other names than the new rules do; `without` those of
    which the old version cannot be decided, for whatever reason the caller knows."""
    differs = differing(before, after, touched)
    compared, apart = _paired(before, after, differs)
    compared = tuple(name for name in compared if name not in without)
    wanted = [key("segmentation", name) for name in compared]
    targets = [each for each in before.targets if each.of.segmentation in compared]
    wanted += [key("measure", each.measure) for each in targets if each.measure is not None]
    fairness = tuple(each for each in before.policy.fairness if _named(each) <= {*compared})
    wanted += [key("field", each.field, each.table) for statement in fairness for each in statement.across]
    kept = _kept(before, wanted, differs)
    prefix = _prefix(before, after)
    words = _words(kept, prefix)
    old = renamed(
        replace(before, policy=replace(before.policy, fairness=fairness), targets=(), experiments=(), guarantees=()),
        words,
    )
    names = {name: words.segmentation(name) for name in compared}
    program = _together(old, after, words)
    unlimited = _unlimited(program, names, prefix)
    return Joint(
        program=replace(program, segmentations=(*program.segmentations, *unlimited.values())),
        words=words,
        compared=names,
        apart=apart,
        added=tuple(each.name for each in after.segmentations if not _has(before, each.name)),
        removed=tuple(each.name for each in before.segmentations if not _has(after, each.name)),
        unlimited={name: each.name for name, each in unlimited.items()},
        borrowed={here: name for name, here in words.tables.items()},
        eased=tuple(_eased(before, after, differs)),
    )


def _has(program: p.Program, segmentation: str) -> bool:
    return any(each.name == segmentation for each in program.segmentations)


def _named(fairness: o.Fairness) -> set[str]:
    return {each.segmentation for each in (*fairness.favourable, *fairness.unfavourable)}


def _paired(before: p.Program, after: p.Program, differs: AbstractSet[Key]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The segmentations that can be compared, and why the others that both have cannot be."""
    old = {each.name: each for each in before.segmentations}
    found: list[str] = []
    apart: dict[str, str] = {}
    for new in after.segmentations:
        was = old.get(new.name)
        if was is None:
            continue
        if was.table != new.table:
            apart[new.name] = f"it was of `{was.table}` and is of `{new.table}` now"
        elif key("table", new.table) in differs:
            apart[new.name] = f"what is a row of `{new.table}` is declared otherwise now"
        elif was.exclusive != new.exclusive:
            ways = ("first match wins", "overlapping")
            was_so, is_so = ways if was.exclusive else ways[::-1]
            apart[new.name] = f"it was `{was_so}` and is `{is_so}` now"
        else:
            found.append(new.name)
    return tuple(found), apart


# -- what is kept of the old rules -----------------------------------------------------------------------------------


def _kept(before: p.Program, wanted: Iterable[Key], differs: AbstractSet[Key]) -> set[Key]:
    """What of the old rules differs among what is wanted and all that this needs."""
    needs = needs_of(before)
    kept: set[Key] = set()
    waiting = [each for each in wanted if each in differs]
    while waiting:
        each = waiting.pop()
        if each not in kept:
            kept.add(each)
            waiting += (need for need in needs.get(each, ()) if need in differs)
            if each[0] == "previous":
                waiting.append(key("segmentation", each[2]))
    return kept


def _prefix(before: p.Program, after: p.Program) -> str:
    """What old names begin with here; a name in backquotes may hold anything, so that is looked after."""
    names = [name for program in (before, after) for name in _all_names(program)]
    prefix = "before "
    while any(name.startswith(prefix) for name in names):
        prefix += "before "
    return prefix


def _all_names(program: p.Program) -> Iterator[str]:
    for table in program.tables:
        yield table.name
        yield from (each.name for each in table.fields)
    yield from (each.name for each in program.parameters)
    yield from (each.name for each in program.lets)
    yield from (each.name for each in program.segmentations)
    yield from (each.name for each in program.measures)


def _words(kept: AbstractSet[Key], prefix: str) -> Words:
    tables = {name for kind, _, name in kept if kind == "table"}

    def named(kind: str) -> dict[str, str]:
        return {name: prefix + name for of, _, name in sorted(kept) if of == kind}

    def scoped(kind: str) -> dict[tuple[str, str], str]:
        return {(table, name): prefix + name for of, table, name in sorted(kept) if of == kind}

    return Words(
        tables=named("table"),
        # A table of its own keeps the names of its fields.
        fields={(table, name): here for (table, name), here in scoped("field").items() if table not in tables},
        parameters=named("parameter"),
        lets=scoped("let"),
        segmentations=named("segmentation"),
        measures=named("measure"),
    )


# -- one program -----------------------------------------------------------------------------------------------------


def _together(old: p.Program, after: p.Program, words: Words) -> p.Program:
    """The new program with what is kept of the old one, in its new words, after what it may need."""
    shared = {each.name: each for each in old.tables}
    fields = {(table, here) for (table, _), here in words.fields.items()}
    lets, parameters = {*words.lets.values()}, {*words.parameters.values()}
    segmentations, measures = {*words.segmentations.values()}, {*words.measures.values()}
    by_name = {words.segmentation(each.name): each for each in after.segmentations}
    hidden = [each.policy.hide_below for each in (old, after) if each.policy.hide_below is not None]
    return p.Program(
        purposes=tuple(dict.fromkeys((*after.purposes, *old.purposes))),
        tables=(
            *(
                replace(
                    table,
                    fields=(
                        *table.fields,
                        *(
                            _eased_field(each, table)
                            for each in (shared[table.name].fields if table.name in shared else ())
                            if (table.name, each.name) in fields
                        ),
                    ),
                )
                for table in after.tables
            ),
            *(
                replace(each, fields=tuple(_eased_field(of, _origin(each.name, words, after)) for of in each.fields))
                for each in old.tables
                if each.name in words.tables.values()
            ),
        ),
        freshness=tuple(
            dict.fromkeys(
                (
                    *after.freshness,
                    *(each for each in old.freshness if any(each.table == of.name for of in after.tables)),
                )
            )
        ),
        parameters=(*after.parameters, *(each for each in old.parameters if each.name in parameters)),
        lets=(*after.lets, *(each for each in old.lets if each.name in lets)),
        segmentations=(
            *(_without_reasons(each) for each in after.segmentations),
            *(
                # Measures are reported for both sides alike.
                replace(_without_reasons(each), purposes=by_name.get(each.name, each).purposes)
                for each in old.segmentations
                if each.name in segmentations
            ),
        ),
        measures=(*after.measures, *(each for each in old.measures if each.name in measures)),
        policy=o.Policy(
            max(hidden, default=None), tuple(dict.fromkeys((*after.policy.fairness, *old.policy.fairness)))
        ),
    )


def _unlimited(program: p.Program, compared: Mapping[str, str], prefix: str) -> dict[str, p.Segmentation]:
    """Copies of segmentations without their limit, which tell for what a row qualifies; by the name of each."""
    found: dict[str, p.Segmentation] = {}
    for pair in compared.items():
        sides = [program.segmentation(name) for name in pair]
        if len({*pair}) > 1 and any(each.cap is not None for each in sides):
            for each in sides:
                found[each.name] = replace(each, name=f"{prefix}the limit of {each.name}", cap=None)
    return found


def _without_reasons(segmentation: p.Segmentation) -> p.Segmentation:
    """The segmentation without what notices carry, which decides about nobody."""
    segments = tuple(replace(each, reasons=(), reasons_from=()) for each in segmentation.segments)
    otherwise = segmentation.otherwise
    otherwise = None if otherwise is None else replace(otherwise, reasons=(), reasons_from=())
    return replace(segmentation, segments=segments, otherwise=otherwise)


def _origin(name: str, words: Words, after: p.Program) -> p.Table | None:
    """The table of the new rules whose data an old table reads, if they have one of that name."""
    own = {here: there for there, here in words.tables.items()}
    return next((each for each in after.tables if each.name == own[name]), None)


def _eased_field(field: p.Field, of: p.Table | None) -> p.Field:
    """An old field that demands nothing of its values, under the labels that the new rules give its column."""
    kept = field.mapping.others_missing
    labels = next((each for each in (() if of is None else of.fields) if each.column == field.column), field)
    return replace(
        field,
        type=field.type if kept else replace(field.type, choices=None),
        domain=field.domain if kept else None,
        optional=True,
        protected=labels.protected,
        personal=labels.personal,
        consent=labels.consent,
        purposes=labels.purposes,
    )


def _eased(before: p.Program, after: p.Program, differs: AbstractSet[Key]) -> Iterator[tuple[str, p.Field]]:
    """Fields that are shared, of whose values the old rules demand something else."""
    new = {each.name: each for each in after.tables}
    for table in before.tables:
        if table.name not in new or key("table", table.name) in differs:
            continue
        fields = {each.name: each for each in new[table.name].fields}
        for old in table.fields:
            now = fields.get(old.name)
            if now is not None and same_values(old, now) and _demands(old) != _demands(now):
                yield table.name, old


def _demands(field: p.Field) -> tuple[object, ...]:
    return field.optional, field.domain, field.type.choices
