"""The facts of segmentations, of what names mean, and of parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...dsl import lineage as l
from ...dsl import program as p
from ...dsl.absence import needed_for
from ...dsl.labels import Lineage
from ...dsl.overlap import Pair, pairs_of
from ...dsl.walk import walk
from . import facts as f
from .edges import edges_of
from .english import about, over_nothing, statement, value_of
from .names import Speaker, listed, one_row_of, range_words, segmentation_called, titled, value_words, words_of


def segmentation_facts(segmentation: p.Segmentation, lineage: Lineage) -> f.Segmentation:
    """What there is to say of one segmentation."""
    table = lineage.tables[segmentation.table]
    return f.Segmentation(
        name=segmentation.name,
        title=segmentation.title,
        table=table.name,
        row=one_row_of(table),
        mode="first match wins" if segmentation.exclusive else "overlapping",
        purposes=segmentation.purposes,
        owner=segmentation.owner,
        refresh_every=_text(segmentation.refresh_every),
        review_every=_text(segmentation.review_every),
        last_reviewed=_text(segmentation.last_reviewed),
        minimum_size=segmentation.minimum_size,
        cap=segmentation.cap,
        segments=tuple(_segment(segment, segmentation, lineage) for segment in segmentation.all_segments),
        order=_order(segmentation, lineage),
        depends_on=depends_on(l.dependence_of_segmentation(segmentation, lineage), table.name, lineage),
        edges=edges_of(segmentation, lineage),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _segment(segment: p.Segment, segmentation: p.Segmentation, lineage: Lineage) -> f.Segment:
    dependence = l.dependence_of_segment(segment, segmentation.table, lineage)
    return f.Segment(
        name=segment.name,
        title=segment.title,
        otherwise=segment is segmentation.otherwise,
        in_force_from=_text(segment.valid_from),
        in_force_until=_text(segment.valid_until),
        clauses=tuple(_clause(clause, segmentation.table, lineage) for clause in segment.clauses),
        consent=tuple(
            f.Consent(each.purpose, tuple(f"{field.table}.{field.field}" for field in each.fields))
            for each in segment.consent
        ),
        reasons=tuple(f.Reason(each.code, each.text) for each in segment.reasons),
        reasons_from=segment.reasons_from,
        depends_on=depends_on(dependence, segmentation.table, lineage),
    )


def _clause(clause: p.Clause, table: str, lineage: Lineage) -> f.Clause:
    speaker = Speaker(lineage, table)
    return f.Clause(
        clause.number,
        statement(clause.when, speaker),
        tuple(statement(each, speaker) for each in clause.unless),
        tuple(_without(clause, speaker)),
    )


def _without(clause: p.Clause, speaker: Speaker) -> Iterable[str]:
    """Whom missing data keeps out, or keeps in. What the clause itself thinks of (`is known`, `default`) has been
    said."""
    asked = {
        part.operands[0]
        for condition in (clause.when, *clause.unless)
        for part in walk(condition)
        if isinstance(part, p.Call) and part.overload in ("known.any", "missing.any", "default.any")
    }
    for number, condition in enumerate((clause.when, *clause.unless)):
        needed = needed_for(condition, speaker.lineage)
        names = [value_of(each, speaker) for each in _in_order(condition, needed) if each not in asked]
        if names:
            out = f"{one_row_of(speaker.lineage.tables[speaker.table])} does not come in this way"
            stays = f"nobody is kept out because {statement(condition, speaker).text}"
            yield f"where {listed(names, 'or')} is missing, {stays if number else out}"


def _in_order(condition: p.Expr, found: frozenset[p.Expr]) -> Iterable[p.Expr]:
    """Each, in order of mention. Of rows that are asked for, and of the run before, it goes without saying."""
    inside = dict.fromkeys(part for part in walk(condition) if part in found)
    return (each for each in inside if not isinstance(each, p.RowKnown | p.Previous))


# -- order -------------------------------------------------------------------------------------------------------------


def _order(segmentation: p.Segmentation, lineage: Lineage) -> tuple[f.Pair, ...]:
    if not segmentation.exclusive:
        return ()
    return tuple(_pair(pair, Speaker(lineage, segmentation.table)) for pair in pairs_of(segmentation, lineage))


def _pair(pair: Pair, speaker: Speaker) -> f.Pair:
    if pair.never_in_force_together:
        return f.Pair(pair.first, pair.second, may_both_hold=False, because="they are never in force on one day")
    if not pair.apart_by:
        return f.Pair(pair.first, pair.second, may_both_hold=True, because=None)
    by = [
        f"the segment of {segmentation_called(each, speaker.lineage)}"
        if isinstance(each, str)
        else _named(each, speaker)
        for each in pair.apart_by
    ]
    return f.Pair(
        pair.first, pair.second, may_both_hold=False, because=f"they ask contrary things of {listed(by, 'and')}"
    )


def _named(value: p.Expr, speaker: Speaker) -> str:
    """A value by the name that a let gives it, if any does."""
    for let in speaker.lineage.program.lets:
        if let.value == value:
            return titled(let.name, let.title)
    if isinstance(value, p.Aggregate | p.RowKnown | p.SegmentIncludes) and value.type.kind == "boolean":
        return f"whether {statement(value, speaker).text}"
    return value_of(value, speaker)


# -- what names mean ---------------------------------------------------------------------------------------------------


def definition_facts(key: l.LetKey, read: bool, lineage: Lineage) -> f.Definition:
    """What a let, decision or scorecard means."""
    let = lineage.lets[key]
    speaker = Speaker(lineage, let.table)
    dependence = depends_on(l.dependence_of([let.value], let.table, lineage), let.table, lineage)
    match let.value:
        case p.Choice() as choice:
            inputs = [value_of(each, speaker) for each in choice.inputs]
            first = (
                "the only row of this table that can fit" if choice.unique else "the first row of this table that fits"
            )
            rest = ""
            if choice.otherwise is not None:
                rest = f"; {value_of(choice.otherwise, speaker)} where none does"
            text = f"decided by {listed(inputs, 'and')}: {first}{rest}"
            header, rows = _choice(choice, inputs, speaker)
            return f.Definition("decision", let.name, let.title, let.table, text, None, header, rows, read, dependence)
        case p.Score() as score:
            text = f"{value_words(score.start, score.type)} points to start with, and those of this table added up"
            header, rows = _score(score, speaker)
            return f.Definition("scorecard", let.name, let.title, let.table, text, None, header, rows, read, dependence)
        case value if value.type.kind == "boolean":
            told = statement(value, speaker)
            return f.Definition("let", let.name, let.title, let.table, told.text, told, (), (), read, dependence)
        case value:
            missing = over_nothing(value)
            text = value_of(value, speaker) + (f"; {missing}" if missing else "")
            return f.Definition("let", let.name, let.title, let.table, text, None, (), (), read, dependence)


_Grid = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def _choice(choice: p.Choice, inputs: Sequence[str], speaker: Speaker) -> _Grid:
    rows = [
        (
            *(about(cell, subject, speaker) for cell, subject in zip(row.cells, choice.inputs, strict=True)),
            value_of(row.result, speaker),
        )
        for row in choice.rows
    ]
    if choice.otherwise is not None:
        blanks = [""] * (len(inputs) - 1)
        rows.append(("otherwise", *blanks, value_of(choice.otherwise, speaker)))
    return (*inputs, "gives"), tuple(rows)


def _score(score: p.Score, speaker: Speaker) -> _Grid:
    rows: list[tuple[str, ...]] = []
    for each in score.characteristics:
        subject = "" if each.by is None else value_of(each.by, speaker)
        for bin in each.bins:
            condition = "otherwise" if each.by and bin.when == p.Const(True, bin.when.type) else None
            said = condition or about(bin.when, each.by, speaker)
            reason = "" if bin.reason is None else f"{bin.reason.code} “{bin.reason.text}”"
            rows.append((subject, said, f"{bin.points:+d}" if bin.points else "0", reason))
    return ("by", "when", "points", "reason"), tuple(rows)


def parameter_facts(name: str, lineage: Lineage) -> f.Parameter:
    """A parameter."""
    found = lineage.program.parameter(name)
    within = range_words(found.domain, found.type)
    return f.Parameter(found.name, found.title, value_words(found.value, found.type), within or None)


# -- lineage -----------------------------------------------------------------------------------------------------------


def depends_on(dependence: l.Dependence, table: str, lineage: Lineage) -> f.DependsOn:
    """A dependence by names."""
    uses = dependence.uses
    return f.DependsOn(
        lets=tuple(name if owner == table else f"{owner}.{name}" for owner, name in uses.lets),
        columns=tuple(
            f.Column(
                each.table,
                each.field,
                lineage.tables[each.table].field_named(each.field).column,
                each.value,
                each.through,
            )
            for each in dependence.columns
        ),
        parameters=uses.parameters,
        segmentations=uses.segmentations,
        previous=uses.previous,
        relatives=tuple(_relative(each, lineage) for each in uses.relatives),
    )


def _relative(relative: p.Relative, lineage: Lineage) -> str:
    of = value_of(relative.of, Speaker(lineage, relative.table))
    return f"{relative.function} of {of} among all {words_of(relative.table)}"
