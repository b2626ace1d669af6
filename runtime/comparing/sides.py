"""The two sides of a comparison and the joint program that decides by both, ready to be run over the data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from ...compiler.changes.records import Renames
from ...compiler.changes.renaming import Words, in_new_words
from ...compiler.differing import asked_by, rests_on
from ...compiler.joint import Joint, joint_program
from ...compiler.plan import Binding
from ...dsl.check.suggest import suggest
from ...dsl.labels import Lineage, readings_of_segmentation
from ...dsl.program import Program, Segmentation
from ..binding import bind
from ..errors import SettingsError, Violation
from ..previous import Asked
from ..settings import DataEntry, Settings
from .examples import Explained
from .judged import Side


@dataclass(frozen=True, slots=True)
class Sides:
    """Both rule sets in the same words with the values that their parameters have, and what they make together."""

    before: Program
    after: Program
    renames: Renames
    joint: Joint
    bindings: tuple[Binding, Binding]

    @property
    def as_of(self) -> dt.date:
        """The as-of date of both."""
        return self.bindings[0].as_of

    @property
    def binding(self) -> Binding:
        """What the joint program is bound to."""
        return Binding(self.as_of, {each.name: each.value for each in self.joint.program.parameters})

    @property
    def k(self) -> int | None:
        """The larger k of `hide groups below k`."""
        return self.joint.program.policy.hide_below

    @property
    def asked(self) -> dict[str, Asked]:
        """How the run before calls what old rules ask of it, by its name in the joint program."""
        return {here: _asked(name, self.renames) for name, here in self.joint.words.segmentations.items()}

    def behind(self, segmentation: str) -> tuple[str, ...]:
        """The names of what a segmentation rests on that differs."""
        words = self.joint.words
        renamed = {*words.parameters, *words.tables, *(name for _, name in (*words.lets, *words.fields))}
        needs = rests_on(self.before, {segmentation})
        kinds = ("parameter", "let", "field", "table")
        return tuple(sorted({name for kind, _, name in needs if kind in kinds and name in renamed}))

    @property
    def personal(self) -> frozenset[tuple[str, str]]:
        """The columns, by table, that either side declares to be personal."""
        tables = (*self.before.tables, *self.after.tables)
        return frozenset((table.name, each.column) for table in tables for each in table.fields if each.personal)

    def judged(self) -> tuple[Side, Side]:
        """The sides as segments are held to what they say. The old ones are judged where both have them."""
        old, new = self.bindings
        names = {each.name: each.name for each in self.after.segmentations}
        return (
            Side(self.before, old, self.joint.words, self.joint.compared),
            Side(self.after, new, Words(), names),
        )

    def explained(self) -> tuple[Explained, Explained]:
        """The sides as rows are explained by them."""
        old, new = self.bindings
        names = {*self.joint.compared}
        touched, personal = _touched(self.renames), self.personal
        return (
            Explained(
                _deciding(self.before, names, personal),
                old,
                self.joint.words,
                {name: _asked(name, self.renames) for name in touched},
            ),
            Explained(_deciding(self.after, names, personal), new, Words(), {}),
        )


def sides_of(
    before: Program, after: Program, renames: Renames, as_of: dt.date | str | None, given: Mapping[str, str]
) -> Sides:
    """The sides of a comparison; parameters have the values that are `given` on both. Raises `SettingsError`."""
    old, new = in_new_words(before, renames), after
    _declared(given, old, new)
    found: list[tuple[Program, Binding]] = []
    for program, which in ((old, "before"), (new, "now")):
        own = {each.name for each in program.parameters}
        try:
            binding = bind(program, as_of, {name: value for name, value in given.items() if name in own})
        except SettingsError as problem:
            raise SettingsError(f"{problem.message} (by the rules {which})" if given else problem.message) from problem
        parameters = tuple(replace(each, value=binding.parameters[each.name]) for each in program.parameters)
        found.append((replace(program, parameters=parameters), binding))
    (old, of_old), (new, of_new) = found
    return Sides(old, new, renames, joint_program(old, new, _touched(renames)), (of_old, of_new))


def without(sides: Sides, names: AbstractSet[str]) -> Sides:
    """The sides with those segmentations, and old measures, left out on the old one."""
    return replace(sides, joint=joint_program(sides.before, sides.after, _touched(sides.renames), names))


def _declared(given: Mapping[str, str], old: Program, new: Program) -> None:
    declared = [each.name for program in (new, old) for each in program.parameters]
    for name in given:
        if name not in declared:
            near = suggest(name, declared)
            raise SettingsError(f"there is no parameter `{name}`" + (f"; did you mean `{near}`?" if near else ""))


def _touched(renames: Renames) -> set[str]:
    return {*renames.segmentations.values(), *(of for of, _ in renames.segments)}


def _asked(name: str, renames: Renames) -> Asked:
    """How a run by the old rules calls a segmentation and its segments."""
    there = next((old for old, new in renames.segmentations.items() if new == name), name)
    return Asked(there, {old: new for (of, old), new in renames.segments.items() if of == name})


# -- explaining --------------------------------------------------------------------------------------------------------


def _deciding(program: Program, names: AbstractSet[str], personal: AbstractSet[tuple[str, str]]) -> Program:
    """What of a program decides about rows, under the labels of both sides."""
    tables = tuple(
        replace(
            table,
            fields=tuple(
                replace(each, personal=each.personal or (table.name, each.column) in personal) for each in table.fields
            ),
        )
        for table in program.tables
    )
    segmentations = tuple(map(_without_reasons, program.segmentations))
    bare = Program(program.purposes, tables, program.freshness, program.parameters, program.lets, segmentations)
    return asked_by(bare, names)


def _without_reasons(segmentation: Segmentation) -> Segmentation:
    segments = tuple(replace(each, reasons=(), reasons_from=()) for each in segmentation.segments)
    otherwise = segmentation.otherwise
    bare = None if otherwise is None else replace(otherwise, reasons=(), reasons_from=())
    return replace(segmentation, segments=segments, otherwise=bare)


# -- data --------------------------------------------------------------------------------------------------------------


def settings_of(sides: Sides, settings: Settings) -> Settings:
    """The settings with the data of the tables that the joint program has."""
    declared = {each.name for each in sides.joint.program.tables}
    data: dict[str, DataEntry] = {name: entry for name, entry in settings.data.items() if name in declared}
    old = {each.name for each in sides.before.tables}
    # What neither side declares stays, so that it is told as a run would tell it.
    data |= {name: entry for name, entry in settings.data.items() if name not in declared | old}
    for here, table in sides.joint.borrowed.items():
        if table in settings.data:
            data[here] = settings.data[table]
    return replace(settings, data=data)


def without_data(sides: Sides, settings: Settings) -> dict[str, str]:
    """The segmentations that the old rules decide by a table of which the settings name no data, and why."""
    lacking = {here: table for here, table in sides.joint.borrowed.items() if table not in settings.data}
    why = {here: f"the settings no longer say where the data of `{table}` lies" for here, table in lacking.items()}
    return _resting_on(sides, {(here, None): said for here, said in why.items()})


def not_as_declared(sides: Sides, violations: Iterable[Violation]) -> dict[str, str]:
    """The segmentations whose old rules alone read what breaks its contract, and why; nothing where new rules do."""
    words, joint = sides.joint.words, sides.joint
    own = {(words.table(table), here) for (table, _), here in words.fields.items()}
    found: dict[tuple[str, str | None], str] = {}
    for each in violations:
        if each.table not in joint.borrowed and (each.table, each.field) not in own:
            return {}
        field = each.field if each.table not in joint.borrowed else None
        found[each.table or "", field] = _in_old_words(each.sentence, sides)
    return _resting_on(sides, found)


def _in_old_words(sentence: str, sides: Sides) -> str:
    named = {**sides.joint.borrowed, **{here: name for (_, name), here in sides.joint.words.fields.items()}}
    for here, name in named.items():
        sentence = sentence.replace(f"`{here}`", f"`{name}`")
    # What is to be declared otherwise is of no use: the old rules are as they were.
    return re.sub(r"(there is no column (`[^`]*`)) for \2", r"\1", sentence.partition("; if `")[0])


def _resting_on(sides: Sides, found: Mapping[tuple[str, str | None], str]) -> dict[str, str]:
    """The old versions of segmentations, and of measures, that read one of some tables or fields."""
    program, lineage = sides.joint.program, Lineage(sides.joint.program)
    resting: dict[str, str] = {}
    for name, here in sides.joint.compared.items():
        for reading in readings_of_segmentation(program.segmentation(here), lineage):
            for at in ((reading.table, None), (reading.table, reading.field)):
                if at in found:
                    resting.setdefault(name, found[at])
    return resting
