"""What a test gives: which field, previous segment or relative value each name means, and its value in that type."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import assert_never

from .. import program as p
from .. import syntax as s
from ..diagnostics import Fix, Label, replace
from ..outcomes import GivenRow
from ..source import Span
from ..types import BOOLEAN, INTEGER, PERCENT, Type, Value
from ..wording import text_wording, value_wording, wording
from .expressions import check_value
from .literals import literal_of, literal_value, share_of
from .names import Scope, SegmentationHead
from .ranges import contains
from .references import reachable
from .segment_questions import known_segment
from .suggest import did_you_mean, suggest, written


@dataclass(frozen=True, slots=True)
class FieldTarget:
    """A field of the row at hand, of a row attached to it, or of a parent."""

    table: p.Table
    field: p.Field
    span: Span


@dataclass(frozen=True, slots=True)
class PreviousTarget:
    """`previous value_risk`."""

    previous: p.Previous
    segmentation: SegmentationHead
    span: Span


@dataclass(frozen=True, slots=True)
class RelativeTarget:
    """`decile of clv_12m`."""

    relative: p.Relative
    span: Span


Target = FieldTarget | PreviousTarget | RelativeTarget
Key = tuple[str, ...] | p.Relative
"""What a target is told from others by."""


@dataclass(slots=True)
class Givens:
    """All that is given for one row; `places` are the words that name it."""

    values: dict[tuple[str, str], Value] = dataclasses.field(default_factory=dict)
    rows: list[GivenRow] = dataclasses.field(default_factory=list)
    previous: dict[p.Previous, str] = dataclasses.field(default_factory=dict)
    relatives: dict[p.Relative, Value] = dataclasses.field(default_factory=dict)
    places: dict[Key, Span] = dataclasses.field(default_factory=dict)

    def copied(self) -> Givens:
        """The same, to which more can be added."""
        return Givens(dict(self.values), list(self.rows), dict(self.previous), dict(self.relatives), dict(self.places))


def key_of(target: Target) -> Key:
    """What a target is told from others by."""
    match target:
        case FieldTarget(table, field):
            return (table.name, field.name)
        case PreviousTarget(previous):
            return ("previous", previous.segmentation, "")
        case RelativeTarget(relative):
            return relative
        case _:
            assert_never(target)


def give(givens: Givens, target: Target, value: s.Expr, scope: Scope) -> None:
    """Adds one value, after reporting one that does not fit or is given twice."""
    key = key_of(target)
    if key in givens.places:
        report_twice(target.span, givens.places[key], scope)
        return
    givens.places[key] = target.span
    match target:
        case FieldTarget(table, field):
            found = field_value(field, value, scope)
            if found is not None:
                givens.values[table.name, field.name] = found
        case PreviousTarget(previous, segmentation):
            segment = _segment(value, segmentation, scope)
            if segment is not None:
                givens.previous[previous] = segment
        case RelativeTarget(relative):
            found = _relative_value(relative, value, scope)
            if found is not None:
                givens.relatives[relative] = found
        case _:
            assert_never(target)


def report_twice(span: Span, first: Span, scope: Scope) -> None:
    """Report what is given for the second time."""
    scope.names.problems.error(
        "SEG913",
        span,
        "this is given twice, and a test has one value for it",
        labels=[Label(first, "given here already")],
    )


# -- what is meant -----------------------------------------------------------------------------------------------


def target_of(node: s.Ref | s.Previous | s.Relative, scope: Scope) -> Target | None:
    """What a given value is for; None where it can be for nothing, which has been reported."""
    match node:
        case s.Ref(parts=(name,)):
            return _of_own(name, scope)
        case s.Ref(parts=(owner, name)):
            return _of_other(owner, name, node.span, scope)
        case s.Previous():
            return _previous(node, scope)
        case s.Relative():
            return _relative(node, scope)
        case _:
            raise ValueError("a name has one or two parts")


def _of_own(name: s.Name, scope: Scope) -> Target | None:
    names = scope.names
    table = names.tables[scope.table]
    for field in table.fields:
        if field.name == name.text:
            return FieldTarget(table, field, name.span)
    if name.text in names.broken or name.text in names.unreadable:
        return None
    if _reported_rule(name, table, scope) or _reported_table(name, scope):
        return None
    near = [each for each in reachable(scope) if any(field.name == name.text for field in each.fields)]
    if near:
        dotted = [f"{written(each.name)}.{written(name.text)}" for each in near]
        names.problems.error(
            "SEG151",
            name.span,
            f"`{name.text}` is a field of `{near[0].name}`: write `{dotted[0]}`",
            fixes=[replace(name.span, path) for path in dotted],
        )
        return None
    names.problems.error(
        "SEG150",
        name.span,
        f"`{name.text}` is not a field of `{table.name}`, whose row this test is about",
        labels=[Label(table.span, "declared here")],
        fixes=did_you_mean(name, [field.name for field in table.fields]),
        hints=_fields_elsewhere(name, scope),
    )
    return None


def _fields_elsewhere(name: s.Name, scope: Scope) -> list[str]:
    owners = [
        each.name
        for each in scope.names.tables.values()
        if each.parent is not None and any(field.name == name.text for field in each.fields)
    ]
    return [f"it is a field of `{owners[0]}`, whose rows are given as `{owners[0]} (…)`"] if owners else []


def _reported_rule(name: s.Name, table: p.Table, scope: Scope) -> bool:
    """Whether a name is one of the rules', which has then been reported."""
    names = scope.names
    declared: Span | None = names.let_names.get((table.name, name.text))
    hints: list[str] = []
    fixes: list[Fix] = []
    if declared is not None:
        let = names.let(table.name, name)
        if let is not None:
            hints.append(f"`{name.text}` is `{wording(let.value, table.name)}`")
            if isinstance(let.value, p.Relative) and let.value.function != "percentile":
                fixes.append(replace(name.span, wording(let.value, table.name)))
    elif name.text in names.parameters:
        declared = names.parameters[name.text].span
    elif name.text in names.segmentations:
        declared = names.segmentations[name.text].span
        if names.segmentations[name.text].exclusive:
            hints.append(f"`previous {written(name.text)}` gives the segment in the run before")
    if declared is None:
        return False
    names.problems.error(
        "SEG912",
        name.span,
        f"only data can be given, and `{name.text}` follows from the rules: give what it is found from",
        labels=[Label(declared, "declared here")],
        fixes=fixes,
        hints=hints,
    )
    return True


def _reported_table(name: s.Name, scope: Scope) -> bool:
    table = scope.names.tables.get(name.text)
    if table is None:
        return False
    scope.names.problems.error(
        "SEG915",
        name.span,
        f"`{table.name}` is a table: its rows are given as `{written(table.name)} (…)`, with their fields in "
        "parentheses",
        labels=[Label(table.span, "declared here")],
    )
    return True


def _of_other(owner: s.Name, name: s.Name, span: Span, scope: Scope) -> Target | None:
    names = scope.names
    table = names.tables.get(owner.text)
    if table is None:
        if owner.text not in names.broken:
            names.problems.error(
                "SEG150",
                owner.span,
                f"`{owner.text}` is not a table",
                fixes=did_you_mean(owner, [each.name for each in reachable(scope)]),
            )
        return None
    if table.name not in [each.name for each in reachable(scope)]:
        names.problems.error(
            "SEG915",
            span,
            f"`{table.name}` may have several rows, or none, for the row of `{scope.table}` that this test is about: "
            f"give them as `{written(table.name)} ({written(name.text)} …)`"
            if belongs(table, scope)
            else f"rows of `{table.name}` do not belong to the row of `{scope.table}` that this test is about",
            labels=[Label(table.span, "declared here")],
        )
        return None
    field = field_named(name, table, scope)
    return None if field is None else FieldTarget(table, field, span)


def field_named(name: s.Name, table: p.Table, scope: Scope) -> p.Field | None:
    """The field of a table; None where it has none of that name, which has been reported."""
    for field in table.fields:
        if field.name == name.text:
            return field
    if not _reported_rule(name, table, scope) and name.text not in scope.names.broken:
        scope.names.problems.error(
            "SEG150",
            name.span,
            f"`{name.text}` is not a field of `{table.name}`",
            labels=[Label(table.span, "declared here")],
            fixes=did_you_mean(name, [field.name for field in table.fields]),
        )
    return None


def belongs(table: p.Table, scope: Scope) -> bool:
    """Whether rows of a table belong to the row at hand: its events and child rows, theirs in turn, and what is
    attached to any of them or to a parent."""
    if table.role == "attached" and table.parent in [each.name for each in reachable(scope)]:
        return True
    above: p.Table | None = table
    seen: set[str] = set()
    while above is not None and above.parent is not None and above.name not in seen:
        if above.parent == scope.table:
            return True
        seen.add(above.name)
        above = scope.names.tables.get(above.parent)
    return False


def _previous(node: s.Previous, scope: Scope) -> Target | None:
    names, name = scope.names, node.segmentation.parts[0]
    head = names.segmentations.get(name.text) if len(node.segmentation.parts) == 1 else None
    if head is None:
        if name.text not in names.broken:
            names.problems.error(
                "SEG150",
                node.segmentation.span,
                f"`{node.segmentation.text}` is no segmentation",
                fixes=did_you_mean(name, names.segmentations),
            )
        return None
    if not head.exclusive or head.table != scope.table:
        names.problems.error(
            "SEG156",
            node.span,
            f"`{head.name}` is overlapping, and `previous` asks for one segment"
            if not head.exclusive
            else f"`{head.name}` puts the rows of `{head.table}` into segments, and this test is about a row of "
            f"`{scope.table}`",
            labels=[Label(head.span, "declared here")],
        )
        return None
    return PreviousTarget(p.Previous(head.name, Type("text", choices=head.segments), node.span), head, node.span)


_RESULTS = {"decile": INTEGER, "quintile": INTEGER, "quartile": INTEGER, "top": BOOLEAN, "percentile": PERCENT}
_PARTS = {"decile": 10, "quintile": 5, "quartile": 4}


def _relative(node: s.Relative, scope: Scope) -> Target | None:
    of = check_value(node.of, scope)
    if of is None:
        return None
    share = None if node.share is None else p.Const(share_of(node.share.points), PERCENT, node.share.span)
    relative = p.Relative(node.function, scope.table, of, None, share, _RESULTS[node.function], node.span)
    return RelativeTarget(relative, node.span)


# -- values ------------------------------------------------------------------------------------------------------


def field_value(field: p.Field, value: s.Expr, scope: Scope) -> Value | None:
    """The value given for a field; None where it does not fit, which has been reported."""
    problems, labels = scope.names.problems, [Label(field.span, "declared here")]
    literal = literal_of(value)
    if literal is None:
        problems.error(
            "SEG916",
            value.span,
            f"a test gives a fixed value for `{field.name}`, not a name",
            labels=labels,
            fixes=_quoted(field, value),
            hints=["what is missing is left out, or its cell left empty"] if _says_missing(value) else [],
        )
        return None
    found = literal_value(literal, field.type, problems, field.name, labels)
    if found is None:
        return None
    if field.domain is not None and not contains(field.domain, found):
        said = value_wording(found, field.type)
        code = " and is read as missing, so leave it out" if found in field.mapping.missing_codes else ""
        problems.error(
            "SEG914",
            value.span,
            f"`{said}` cannot be in the data: it is outside the range of `{field.name}`{code}",
            labels=labels,
        )
        return None
    return found


def _quoted(field: p.Field, value: s.Expr) -> list[Fix]:
    """The same word between quotes, where the field holds text."""
    if field.type.kind != "text" or not isinstance(value, s.Ref) or _says_missing(value):
        return []
    word = value.text if field.type.choices is None else suggest(value.text, field.type.choices)
    return [] if word is None else [replace(value.span, text_wording(word))]


def _says_missing(value: s.Expr) -> bool:
    return isinstance(value, s.Ref) and value.text.casefold() in ("missing", "null", "none", "nothing", "unknown")


def _segment(value: s.Expr, segmentation: SegmentationHead, scope: Scope) -> str | None:
    match value:
        case s.Ref(parts=(name,)):
            return known_segment(name, segmentation, scope)
        case s.Ref(parts=(owner, name)) if owner.text == segmentation.name:
            return known_segment(name, segmentation, scope)
        case s.Text(value=text):
            exact = [replace(value.span, written(text))] if text in segmentation.segments else []
            message = f"the segments of `{segmentation.name}` are names, which stand without quotes"
            scope.names.problems.error("SEG155", value.span, message, fixes=exact)
        case _:
            scope.names.problems.error("SEG155", value.span, f"this is not a segment of `{segmentation.name}`")
    return None


def _relative_value(relative: p.Relative, value: s.Expr, scope: Scope) -> Value | None:
    problems, words = scope.names.problems, wording(relative, scope.table)
    literal = literal_of(value)
    if literal is None:
        problems.error("SEG916", value.span, f"a test gives a fixed value for `{words}`, not a name")
        return None
    found = literal_value(literal, relative.type, problems, words)
    parts = _PARTS.get(relative.function)
    if isinstance(found, int) and parts is not None and not 1 <= found <= parts:
        problems.error("SEG914", value.span, f"a {relative.function} is from 1 to {parts}")
        return None
    if isinstance(found, float) and not 0 <= found < 1:
        message = "a percentile is the share of those who are strictly lower: from 0% to below 100%"
        problems.error("SEG914", value.span, message)
        return None
    return found
