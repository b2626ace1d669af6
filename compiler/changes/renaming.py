"""A program in other words: the same rules under other names, everywhere they are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ...dsl import outcomes as o
from ...dsl import program as p
from ...dsl.types import Type
from ...dsl.walk import rebuilt
from .records import Renames

Scoped = tuple[str, str]
"""A name with its table or segmentation before it, both as the program calls them."""


@dataclass(frozen=True, slots=True)
class Words:
    """What names of a program become, each by what it is in that program; what is not listed stays."""

    tables: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[Scoped, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    lets: Mapping[Scoped, str] = field(default_factory=dict)
    segmentations: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[Scoped, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)
    experiments: Mapping[str, str] = field(default_factory=dict)

    def table(self, name: str) -> str:
        """What a table becomes."""
        return self.tables.get(name, name)

    def field(self, table: str, name: str) -> str:
        """What a field becomes."""
        return self.fields.get((table, name), name)

    def let(self, table: str, name: str) -> str:
        """What a let, decision or scorecard becomes."""
        return self.lets.get((table, name), name)

    def segmentation(self, name: str) -> str:
        """What a segmentation becomes."""
        return self.segmentations.get(name, name)

    def segment(self, segmentation: str, name: str) -> str:
        """What a segment becomes."""
        return self.segments.get((segmentation, name), name)

    def purpose(self, name: str) -> str:
        """What a purpose becomes."""
        return self.purposes.get(name, name)


def in_new_words(before: p.Program, renames: Renames) -> p.Program:
    """The old program with its old names replaced by the new ones wherever they are named: in references, conditions,
    consent, reasons, measures, targets, policy, experiments and guarantees. Places stay those of the old files.

    A field keeps its column, so the data is read as before. Tests stay in the old words. `previous value_risk is prime`
    asks for the new name of the segment; what a run before wrote has the old one, so whoever decides by the program in
    new words puts that run's segments into new words too (`Renames.segments`). The new program itself takes the names
    of a run before as they stand there: to it a segment under its old name is another one."""
    words = _words(renames)
    return before if words == Words() else renamed(before, words)


def tests_in_new_words(before: p.Program, renames: Renames) -> tuple[o.Test, ...]:
    """The tests of the old program in words of the new one."""
    words = _words(renames)
    tables = {segmentation.name: segmentation.table for segmentation in before.segmentations}
    return tuple(
        replace(test, cases=tuple(_test_case(case, tables, words) for case in test.cases)) for test in before.tests
    )


def _words(renames: Renames) -> Words:
    """The renames by what is renamed in the old program, tables and segmentations under their old names too."""
    tables = {new: old for old, new in renames.tables.items()}
    segmentations = {new: old for old, new in renames.segmentations.items()}
    return Words(
        renames.tables,
        {(tables.get(table, table), name): new for (table, name), new in renames.fields.items()},
        renames.parameters,
        {(tables.get(table, table), name): new for (table, name), new in renames.lets.items()},
        renames.segmentations,
        {(segmentations.get(of, of), name): new for (of, name), new in renames.segments.items()},
        renames.measures,
        renames.purposes,
        renames.experiments,
    )


def renamed(program: p.Program, w: Words) -> p.Program:
    """The program with every name that `w` lists replaced, in the same order. Its tests stay."""
    return replace(
        program,
        purposes=tuple(map(w.purpose, program.purposes)),
        tables=tuple(_table(table, w) for table in program.tables),
        freshness=tuple(replace(each, table=w.table(each.table)) for each in program.freshness),
        parameters=tuple(replace(each, name=w.parameters.get(each.name, each.name)) for each in program.parameters),
        lets=tuple(
            replace(
                let,
                name=w.let(let.table, let.name),
                table=w.table(let.table),
                value=expression(let.value, let.table, w),
            )
            for let in program.lets
        ),
        segmentations=tuple(_segmentation(each, w) for each in program.segmentations),
        measures=tuple(
            replace(
                each,
                name=w.measures.get(each.name, each.name),
                table=w.table(each.table),
                value=expression(each.value, each.table, w),
            )
            for each in program.measures
        ),
        measures_by=tuple(
            replace(each, table=w.table(each.table), of=expression(each.of, each.table, w))
            for each in program.measures_by
        ),
        targets=tuple(_target(each, program, w) for each in program.targets),
        policy=replace(program.policy, fairness=tuple(_fairness(each, w) for each in program.policy.fairness)),
        experiments=tuple(
            replace(
                each,
                name=w.experiments.get(each.name, each.name),
                on=tuple(_segment_name(of, w) for of in each.on),
                success=tuple(w.measures.get(name, name) for name in each.success),
            )
            for each in program.experiments
        ),
        guarantees=tuple(_guarantee(each, program, w) for each in program.guarantees),
    )


# -- data --------------------------------------------------------------------------------------------------------------


def _table(table: p.Table, w: Words) -> p.Table:
    def own(name: str | None) -> str | None:
        return None if name is None else w.field(table.name, name)

    return replace(
        table,
        name=w.table(table.name),
        parent=None if table.parent is None else w.table(table.parent),
        by=own(table.by),
        key=own(table.key),
        at=own(table.at),
        known_at=own(table.known_at),
        then=own(table.then),
        fields=tuple(
            replace(
                each,
                name=w.field(table.name, each.name),
                consent=tuple(map(w.purpose, each.consent)),
                purposes=None if each.purposes is None else tuple(map(w.purpose, each.purposes)),
            )
            for each in table.fields
        ),
    )


# -- segmentations -----------------------------------------------------------------------------------------------------


def _segmentation(segmentation: p.Segmentation, w: Words) -> p.Segmentation:
    done: dict[int, p.Expr] = {}  # what the header states for all stays one condition

    def condition(expr: p.Expr) -> p.Expr:
        if id(expr) not in done:
            done[id(expr)] = expression(expr, segmentation.table, w)
        return done[id(expr)]

    def segment(of: p.Segment) -> p.Segment:
        return replace(
            of,
            name=w.segment(segmentation.name, of.name),
            clauses=tuple(
                replace(clause, when=condition(clause.when), unless=tuple(map(condition, clause.unless)))
                for clause in of.clauses
            ),
            consent=tuple(
                replace(each, purpose=w.purpose(each.purpose), fields=tuple(_field_ref(ref, w) for ref in each.fields))
                for each in of.consent
            ),
            reasons_from=tuple(w.let(segmentation.table, name) for name in of.reasons_from),
        )

    return replace(
        segmentation,
        name=w.segmentation(segmentation.name),
        table=w.table(segmentation.table),
        purposes=tuple(map(w.purpose, segmentation.purposes)),
        segments=tuple(map(segment, segmentation.segments)),
        otherwise=None if segmentation.otherwise is None else segment(segmentation.otherwise),
    )


# -- what segments are judged by and held to ---------------------------------------------------------------------------


def _segment_name(of: o.SegmentName, w: Words) -> o.SegmentName:
    return o.SegmentName(w.segmentation(of.segmentation), w.segment(of.segmentation, of.segment))


def _target(target: o.Target, program: p.Program, w: Words) -> o.Target:
    return replace(
        target,
        of=_segment_name(target.of, w),
        measure=None if target.measure is None else w.measures.get(target.measure, target.measure),
        value=expression(target.value, program.segmentation(target.of.segmentation).table, w),
    )


def _fairness(fairness: o.Fairness, w: Words) -> o.Fairness:
    return replace(
        fairness,
        across=tuple(_field_ref(ref, w) for ref in fairness.across),
        favourable=tuple(_segment_name(of, w) for of in fairness.favourable),
        unfavourable=tuple(_segment_name(of, w) for of in fairness.unfavourable),
    )


def _guarantee(guarantee: o.Guarantee, program: p.Program, w: Words) -> o.Guarantee:
    table = program.segmentation(guarantee.of.segmentation).table
    condition = None if guarantee.condition is None else expression(guarantee.condition, table, w)
    return replace(guarantee, of=_segment_name(guarantee.of, w), condition=condition)


def _test_case(case: o.TestCase, tables: Mapping[str, str], w: Words) -> o.TestCase:
    def expected(of: o.Expectation) -> o.Expectation:
        because = None if of.because is None else expression(of.because, tables[of.segmentation], w)
        segments = tuple(w.segment(of.segmentation, name) for name in of.segments)
        return replace(of, segmentation=w.segmentation(of.segmentation), segments=segments, because=because)

    return replace(
        case,
        table=w.table(case.table),
        values=tuple((w.table(table), w.field(table, name), value) for table, name, value in case.values),
        rows=tuple(
            replace(
                row,
                table=w.table(row.table),
                values=tuple((w.field(row.table, name), value) for name, value in row.values),
            )
            for row in case.rows
        ),
        previous=tuple(
            (_previous(asked, w), w.segment(asked.segmentation, segment)) for asked, segment in case.previous
        ),
        relatives=tuple((_relative(relative, w), value) for relative, value in case.relatives),
        expect=tuple(map(expected, case.expect)),
    )


# -- expressions -------------------------------------------------------------------------------------------------------


def expression(expr: p.Expr, table: str, w: Words) -> p.Expr:
    """An expression over the rows of `table`, as the program calls it, in other words."""

    def inside(part: p.Expr | None, over: str) -> p.Expr | None:
        return None if part is None else rebuilt(part, over, named)

    def named(part: p.Expr, _over: str) -> p.Expr | None:
        match part:
            case p.FieldRef():
                return _field_ref(part, w)
            case p.LetRef():
                return replace(part, table=w.table(part.table), name=w.let(part.table, part.name))
            case p.ParameterRef():
                return _parameter_ref(part, w)
            case p.RowKnown():
                return replace(part, table=w.table(part.table))
            case p.SegmentIs(segmentation=of):
                segments = tuple(w.segment(of, name) for name in part.segments)
                return replace(part, segmentation=w.segmentation(of), segments=segments)
            case p.SegmentIncludes(segmentation=of):
                return replace(part, segmentation=w.segmentation(of), segment=w.segment(of, part.segment))
            case p.Previous():
                return _previous(part, w)
            case p.Call(operands=(p.Previous() as asked, *options)):
                segments = (_segment_const(each, asked, w) for each in options)
                return replace(part, operands=(_previous(asked, w), *segments))
            case p.Aggregate(source=source):
                return replace(
                    part,
                    source=w.table(source),
                    value=inside(part.value, source),
                    where=inside(part.where, source),
                    window=None if part.window is None else _window(part.window, w),
                )
            case p.Relative():
                return _relative(part, w)
            case _:
                return None

    return rebuilt(expr, table, named)


def _relative(relative: p.Relative, w: Words) -> p.Relative:
    share = relative.share
    return replace(
        relative,
        table=w.table(relative.table),
        of=expression(relative.of, relative.table, w),
        share=_parameter_ref(share, w) if isinstance(share, p.ParameterRef) else share,
    )


def _field_ref(ref: p.FieldRef, w: Words) -> p.FieldRef:
    return replace(ref, table=w.table(ref.table), field=w.field(ref.table, ref.field))


def _parameter_ref(ref: p.ParameterRef, w: Words) -> p.ParameterRef:
    return replace(ref, name=w.parameters.get(ref.name, ref.name))


_Length = TypeVar("_Length")


def _window(window: p.Window, w: Words) -> p.Window:
    def length(of: _Length) -> _Length | p.ParameterRef:
        return _parameter_ref(of, w) if isinstance(of, p.ParameterRef) else of

    return replace(window, length=length(window.length), except_last=length(window.except_last))


def _previous(asked: p.Previous, w: Words) -> p.Previous:
    return replace(asked, segmentation=w.segmentation(asked.segmentation), type=_choices(asked.type, asked, w))


def _segment_const(option: p.Expr, asked: p.Previous, w: Words) -> p.Expr:
    """A segment that `previous` is compared with."""
    match option:
        case p.Const(value=str() as segment):
            name = w.segment(asked.segmentation, segment)
            return replace(option, value=name, type=_choices(option.type, asked, w))
        case _:
            return option


def _choices(type: Type, asked: p.Previous, w: Words) -> Type:
    named = tuple(w.segment(asked.segmentation, name) for name in type.choices or ())
    return replace(type, choices=None if type.choices is None else named)
