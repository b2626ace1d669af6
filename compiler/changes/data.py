"""What differs between two tables, fields and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...dsl import program as p
from ...dsl.types import Type, Value
from ...dsl.wording import text_wording, value_wording, written
from ..ruleset import untitled_field
from .differences import Difference
from .records import Kind


def of_titles(old: str | None, new: str | None) -> list[Difference]:
    """Another title, one more or one less."""
    one, other = (None if each is None else text_wording(each) for each in (old, new))
    if one == other:
        return []
    if other is None:
        return [Difference("title", f"the title {one} is gone", one, None)]
    text = f"now has the title {other}" if one is None else f"the title {one} is now {other}"
    return [Difference("title", text, one, other)]


# -- tables ------------------------------------------------------------------------------------------------------------


def of_tables(old: p.Table, new: p.Table) -> list[Difference]:
    """The differences of two tables, without those of their fields."""
    one, other = _head(old), _head(new)
    if one == other:
        return []
    return [Difference("definition", f"`{one}` is now `{other}`", one, other, old.span, new.span)]


def _head(table: p.Table) -> str:
    """`events payments of customers by customer_id at paid_on`."""
    words = "events" if table.role == "events" else "table"
    parts = (("of", table.parent), ("by", table.by), ("key", table.key), ("at", table.at))
    parts = (*parts, ("known at", table.known_at), ("then", table.then))
    said = [f"{word} {written(name)}" for word, name in parts if name is not None]
    return " ".join([words, written(table.name), *said])


# -- fields ------------------------------------------------------------------------------------------------------------


def of_fields(old: p.Field, new: p.Field) -> list[Difference]:
    """The differences of two fields."""
    texts: list[tuple[Kind, str, str | None, str | None]] = []
    texts += _of_types(old.type, new.type)
    if old.column != new.column:
        one, other = text_wording(old.column), text_wording(new.column)
        texts.append(("definition", f"is now read from the column {other}, not {one}", one, other))
    if old.optional != new.optional:
        texts.append(("definition", f"may {'now' if new.optional else 'no longer'} be missing", None, None))
    one, other = domain_wording(old.domain, old.type), domain_wording(new.domain, new.type)
    if one != other:
        texts.append(("definition", f"its range is now {_or_open(other)}, not {_or_open(one)}", one, other))
    texts += _of_mappings(untitled_field(old).mapping, untitled_field(new).mapping)
    texts += _of_labels(old, new)
    return [Difference(*text, old.span, new.span) for text in texts]


_Text = tuple[Kind, str, str | None, str | None]


def _of_types(old: Type, new: Type) -> Iterator[_Text]:
    one, other = old.choices, new.choices
    if replace(old, choices=None) != replace(new, choices=None) or (one is None) != (other is None):
        yield "definition", f"is now `{new}`, not `{old}`", str(old), str(new)
    elif one is not None and other is not None and one != other:
        came, went = [each for each in other if each not in one], [each for each in one if each not in other]
        if came:
            yield "definition", f"its list now also has {_named(came)}", None, _named(came)
        if went:
            yield "definition", f"its list no longer has {_named(went)}", _named(went), None
        if not (came or went):
            yield "definition", "its list stands in another order, which moves nobody", str(old), str(new)


def _named(values: Sequence[str]) -> str:
    said = [text_wording(value) for value in values]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def domain_wording(domain: p.Domain | None, type: Type) -> str | None:
    """`from 300 to 850`, `[0%..100%)`."""
    if domain is None:
        return None
    low, high = (None if each is None else value_wording(each, type) for each in (domain.low, domain.high))
    if (domain.low_included or low is None) and (domain.high_included or high is None):
        ends = [f"{word} {end}" for word, end in (("from", low), ("to", high)) if end is not None]
        return " ".join(ends) or None
    opens, closes = "[" if domain.low_included else "(", "]" if domain.high_included else ")"
    return f"{opens}{low or ''}..{high or ''}{closes}"


def _or_open(words: str | None) -> str:
    return "open" if words is None else f"`{words}`"


def _of_mappings(old: p.Mapping, new: p.Mapping) -> Iterator[_Text]:
    if old.in_points != new.in_points:
        yield "definition", f"its column is {'now' if new.in_points else 'no longer'} kept in points", None, None
    if old.written != new.written:
        one, other = (None if each is None else text_wording(each) for each in (old.written, new.written))
        yield "definition", f"its column is now written {other or 'as usual'}, not {one or 'as usual'}", one, other
    for codes, before, after in (
        ("true", old.true_codes, new.true_codes),
        ("false", old.false_codes, new.false_codes),
        ("missing", old.missing_codes, new.missing_codes),
    ):
        one, other = list(map(_code, before)), list(map(_code, after))
        came, went = [each for each in other if each not in one], [each for each in one if each not in other]
        if came:
            yield "definition", f"{_and(came)} now {_counts(came)} as {codes}", None, _and(came)
        if went:
            yield "definition", f"{_and(went)} no longer {_counts(went)} as {codes}", _and(went), None
    if old.others_missing != new.others_missing:
        yield (
            "definition",
            f"what lies outside {'now' if new.others_missing else 'no longer'} counts as missing",
            None,
            None,
        )


def _code(value: Value) -> str:
    return value_wording(value, Type("text"))


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _counts(words: Sequence[str]) -> str:
    return "counts" if len(words) == 1 else "count"


def _of_labels(old: p.Field, new: p.Field) -> Iterator[_Text]:
    for word, before, after in (
        ("protected", old.protected, new.protected),
        ("personal", old.personal, new.personal),
    ):
        if before != after:
            yield "labels", f"is {'now' if after else 'no longer'} `{word}`", None, None
    for purpose in new.consent:
        if purpose not in old.consent:
            yield "labels", f"now carries consent for `{purpose}`", None, purpose
    for purpose in old.consent:
        if purpose not in new.consent:
            yield "labels", f"no longer carries consent for `{purpose}`", purpose, None
    yield from _of_purposes(old.purposes, new.purposes)


def _of_purposes(old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> Iterator[_Text]:
    if new is None:
        if old is not None:
            yield "labels", "may now be read for every purpose", ", ".join(old), None
    elif old is None:
        yield "labels", f"may now be read for {_and([f'`{each}`' for each in new])} only", None, ", ".join(new)
    else:
        for purpose in new:
            if purpose not in old:
                yield "labels", f"may now also be read for `{purpose}`", None, purpose
        for purpose in old:
            if purpose not in new:
                yield "labels", f"may no longer be read for `{purpose}`", purpose, None


# -- parameters --------------------------------------------------------------------------------------------------------


def of_parameters(old: p.Parameter, new: p.Parameter) -> list[Difference]:
    """The differences of two parameters, as whole sentences."""
    name = f"parameter `{new.name}`"
    one, other = value_wording(old.value, old.type), value_wording(new.value, new.type)
    found: list[Difference] = []
    if old.type != new.type:
        text = f"{name} is now `{new.type}`, not `{old.type}`"
        found.append(Difference("definition", text, str(old.type), str(new.type), old.span, new.span))
    if one != other:
        text = f"{name} moved from {one} to {other}"
        found.append(Difference("cut-off", text, one, other, old.span, new.span))
    one, other = domain_wording(old.domain, old.type), domain_wording(new.domain, new.type)
    if one != other:
        text = f"range of {name} is now {_or_open(other)}, not {_or_open(one)}"
        found.append(Difference("definition", text, one, other, old.span, new.span))
    return found
