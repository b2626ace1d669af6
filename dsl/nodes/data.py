"""Data declarations: tables, events and their fields, parameters, `let`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .. import syntax as s
from ..diagnostics import Edit, Fix, Label
from ..source import Span
from ..tokens import Token
from .context import Action, Build


def use(b: Build, span: Span, path: Token) -> s.Use:
    return s.Use(span, b.text(path))


Titled = tuple[s.Name, s.Text | None]


def first_titled(b: Build, span: Span, name: Token, title: Token | None) -> list[Titled]:
    return [(b.name(name), b.text_or_none(title))]


def next_titled(b: Build, span: Span, names: list[Titled], name: Token, title: Token | None) -> list[Titled]:
    return [*names, (b.name(name), b.text_or_none(title))]


def purposes(b: Build, span: Span, names: list[Titled]) -> s.Purposes:
    return s.Purposes(span, tuple(name for name, _ in names), tuple(title for _, title in names))


# -- tables ------------------------------------------------------------------------------------------------------


def _table(
    b: Build,
    span: Span,
    name: Token,
    title: Token | None,
    fields: list[s.FieldDecl],
    *,
    events: bool = False,
    parent: Token | None = None,
    by: Token | None = None,
    key: Token | None = None,
    at: Token | None = None,
    known_at: Token | None = None,
    then: Token | None = None,
    damaged: bool = False,
) -> s.TableDecl:
    return s.TableDecl(
        span,
        name=b.name(name),
        title=b.text_or_none(title),
        events=events,
        parent=b.name_or_none(parent),
        by=b.name_or_none(by),
        key=b.name_or_none(key),
        at=b.name_or_none(at),
        known_at=b.name_or_none(known_at),
        then=b.name_or_none(then),
        fields=tuple(fields),
        damaged=damaged or b.is_damaged(span),
    )


def root_table(
    b: Build, span: Span, name: Token, title: Token | None, key: Token, at: Token | None, fields: list[s.FieldDecl]
) -> s.TableDecl:
    return _table(b, span, name, title, fields, key=key, at=at)


def child_table(
    b: Build,
    span: Span,
    name: Token,
    title: Token | None,
    parent: Token,
    by: Token,
    key: Token | None,
    at: Token | None,
    fields: list[s.FieldDecl],
) -> s.TableDecl:
    return _table(b, span, name, title, fields, parent=parent, by=by, key=key, at=at)


def bare_table(b: Build, span: Span, name: Token, title: Token | None, fields: list[s.FieldDecl]) -> s.TableDecl:
    """A table that says neither `key` nor `of`, which has been reported."""
    return _table(b, span, name, title, fields, damaged=True)


def events(
    b: Build,
    span: Span,
    name: Token,
    title: Token | None,
    parent: Token,
    by: Token,
    at: Token,
    known_at: Token | None,
    then: Token | None,
    fields: list[s.FieldDecl],
) -> s.TableDecl:
    return _table(b, span, name, title, fields, events=True, parent=parent, by=by, at=at, known_at=known_at, then=then)


def timeless_events(
    b: Build, span: Span, name: Token, title: Token | None, parent: Token, by: Token, fields: list[s.FieldDecl]
) -> s.TableDecl:
    """Events that do not say `at`, which has been reported."""
    return _table(b, span, name, title, fields, events=True, parent=parent, by=by, damaged=True)


# -- types and modifiers -----------------------------------------------------------------------------------------

_TYPE_WORDS: dict[str, s.TypeWord] = {
    "integer": "integer",
    "number": "number",
    "percent": "percent",
    "money": "money",
    "text": "text",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}


def type_(b: Build, span: Span, word: Token) -> s.TypeExpr:
    return s.TypeExpr(span, _TYPE_WORDS[word.text])


def scaled_money(b: Build, span: Span, _money: Token, _open: Token, scale: Token, _close: Token) -> s.TypeExpr:
    places = b.number(scale)
    if not places.whole or places.value > 18:
        b.problems.error(
            "SEG006",
            places.span,
            f"`money` is kept with 0 to 18 decimal places, not `{scale.text}`",
            fixes=[Fix("write `money(2)`", (Edit(places.span, "2"),))],
        )
        return s.TypeExpr(span, "money", scale=2)
    return s.TypeExpr(span, "money", scale=int(places.value))


def one_of_type(b: Build, span: Span, _one: Token, _of: Token, choice: Token) -> s.TypeExpr:
    return s.TypeExpr(span, "one of", choices=(b.text(choice),))


@dataclass(frozen=True, slots=True)
class _Bound:
    """`from low` or `to high`, which make one domain when they follow each other."""

    span: Span
    low: s.LiteralNode | None
    high: s.LiteralNode | None


def domain_from(b: Build, span: Span, low: s.LiteralNode) -> _Bound:
    return _Bound(span, low, None)


def domain_to(b: Build, span: Span, high: s.LiteralNode) -> _Bound:
    return _Bound(span, None, high)


def domain(b: Build, span: Span, range_: s.Range) -> s.Domain:
    return s.Domain(span, range_)


def optional(b: Build, span: Span) -> s.Optional:
    return s.Optional(span)


def as_column(b: Build, span: Span, column: Token) -> s.As:
    return s.As(span, b.text(column))


def in_points(b: Build, span: Span) -> s.InPoints:
    return s.InPoints(span)


def written(b: Build, span: Span, pattern: Token) -> s.Written:
    return s.Written(span, b.text(pattern))


def true_when(b: Build, span: Span, value: s.LiteralNode) -> s.TruthWhen:
    return s.TruthWhen(span, True, (value,))


def false_when(b: Build, span: Span, value: s.LiteralNode) -> s.TruthWhen:
    return s.TruthWhen(span, False, (value,))


def missing_when(b: Build, span: Span, value: s.LiteralNode) -> s.MissingWhen:
    return s.MissingWhen(span, (value,))


def others_missing(b: Build, span: Span) -> s.OthersMissing:
    return s.OthersMissing(span)


def protected(b: Build, span: Span) -> s.Protected:
    return s.Protected(span)


def personal(b: Build, span: Span) -> s.Personal:
    return s.Personal(span)


def consent_for(b: Build, span: Span, purpose: Token) -> s.ConsentFor:
    return s.ConsentFor(span, (b.name(purpose),))


def purpose_limit(b: Build, span: Span, purpose: Token) -> s.PurposeLimit:
    return s.PurposeLimit(span, (b.name(purpose),))


# -- fields ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Continued:
    """A comma and what follows it: one more of the list before."""

    span: Span
    value: s.Name | s.LiteralNode


def continued_name(b: Build, span: Span, name: Token) -> _Continued:
    return _Continued(span, b.name(name))


def continued_literal(b: Build, span: Span, value: s.LiteralNode) -> _Continued:
    return _Continued(span, value)


def field_title(b: Build, span: Span, title: Token) -> s.Text:
    return b.text(title)


TailItem = s.Modifier | s.Text | _Bound | _Continued


def field(b: Build, span: Span, name: Token, type_: s.TypeExpr, tail: list[TailItem]) -> s.FieldDecl:
    """A field from the flat list of what follows its type."""
    title: s.Text | None = None
    second_title = False
    modifiers: list[s.Modifier] = []
    last: s.TypeExpr | TailItem = type_
    list_before: s.TypeExpr | TailItem = type_
    for item in tail:
        match item:
            case s.Text():
                if title is None:
                    title = item
                elif not second_title:
                    _report_second_title(b, title, item)
                    second_title = True
                list_before = list_before if isinstance(last, s.Text) else last
            case _Continued(value=value):
                if isinstance(last, s.Text) and title is not None:
                    longer = _continue(list_before, title)
                    longer = longer and _continue(longer, value)
                    if longer is not None:
                        _report_missing_comma(b, list_before.span, title)
                        title = None
                else:
                    longer = _continue(last, value)
                if longer is None:
                    if not isinstance(last, _Continued):
                        _report_nothing_to_continue(b, item)
                        title = value if title is None and isinstance(value, s.Text) else title
                    last = item
                elif isinstance(longer, s.TypeExpr):
                    type_ = last = longer
                else:
                    modifiers[-1] = last = longer
                continue
            case _Bound(low=None, high=high) if isinstance(last, _Bound) and last.high is None:
                whole = last.span.to(item.span)
                modifiers[-1] = s.Domain(whole, s.Range(whole, last.low, high, True, True))
            case _Bound():
                modifiers.append(s.Domain(item.span, s.Range(item.span, item.low, item.high, True, True)))
            case _:
                modifiers.append(item)
        last = item
    return s.FieldDecl(span, b.name(name), type_, tuple(modifiers), title)


def _continue(last: s.TypeExpr | TailItem, value: s.Name | s.LiteralNode) -> s.TypeExpr | s.Modifier | None:
    """The list `last` with one more value, None where it is not a list of such values."""
    span = last.span.to(value.span)
    match last, value:
        case s.TypeExpr(word="one of"), s.Text():
            return replace(last, span=span, choices=(*last.choices, value))
        case s.ConsentFor() | s.PurposeLimit(), s.Name():
            return replace(last, span=span, purposes=(*last.purposes, value))
        case s.TruthWhen() | s.MissingWhen(), _ if not isinstance(value, s.Name):
            return replace(last, span=span, values=(*last.values, value))
        case _:
            return None


def _report_second_title(b: Build, title: s.Text, second: s.Text) -> None:
    b.problems.error(
        "SEG025",
        second.span,
        f'this has a title already, `"{title.value}"`',
        labels=[Label(title.span, "the title")],
        hints=["if both belong to a list, write a comma between them"],
    )


def _report_missing_comma(b: Build, before: Span, item: s.Text) -> None:
    at = Span(before.file, before.end, before.end)
    fix = Fix("write a comma before it", (Edit(at, ","),))
    b.problems.error("SEG037", item.span, f'a comma is missing before `"{item.value}"`', fixes=[fix])


def _report_nothing_to_continue(b: Build, item: _Continued) -> None:
    match item.value:
        case s.Text():
            message = "after a comma a text continues a list, and there is none here; a title follows without a comma"
        case s.Name(text=name):
            message = f"`{name}` continues no list: before the comma there is no list of purposes"
        case _:
            message = "after a comma a value continues a list, and there is none before this one"
    comma = replace(item.span, end=item.span.start + 1)
    fixes = [Fix("leave the comma out", (Edit(comma, ""),))] if isinstance(item.value, s.Text) else []
    b.problems.error("SEG024", item.value.span, message, fixes=fixes)


# -- other declarations about data -------------------------------------------------------------------------------


def freshness(b: Build, span: Span, table: Token, within: s.Duration) -> s.Freshness:
    return s.Freshness(span, b.name(table), within)


def parameter(
    b: Build,
    span: Span,
    name: Token,
    title: Token | None,
    value: s.LiteralNode,
    range_: s.Range | None,
    title_after: Token | None,
) -> s.Parameter:
    if title is not None and title_after is not None:
        _report_second_title(b, b.text(title), b.text(title_after))
    return s.Parameter(span, b.name(name), value, range_, b.text_or_none(title or title_after))


def let(b: Build, span: Span, name: Token, title: Token | None, table: Token | None, value: s.Expr) -> s.Let:
    return s.Let(span, b.name(name), b.text_or_none(title), b.name_or_none(table), value)


ACTIONS: dict[str, Action] = {
    "type": type_,
    **{
        action.__name__: action
        for action in (
            use,
            first_titled,
            next_titled,
            purposes,
            root_table,
            child_table,
            bare_table,
            events,
            timeless_events,
            scaled_money,
            one_of_type,
            domain_from,
            domain_to,
            domain,
            optional,
            as_column,
            in_points,
            written,
            true_when,
            false_when,
            missing_when,
            others_missing,
            protected,
            personal,
            consent_for,
            purpose_limit,
            continued_name,
            continued_literal,
            field_title,
            field,
            freshness,
            parameter,
            let,
        )
    },
}
