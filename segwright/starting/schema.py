"""The rule file that declares the tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ..dsl.program import Field
from ..dsl.types import Type, Value
from ..dsl.wording import number_wording, text_wording, value_wording
from .naming import at_declaration, in_head
from .records import Guess, LeftOut, TableGuess

WIDE = 110
"""Columns up to which a field and its comment stand on one line."""

HEAD = """\
# schema.seg: what the data looks like, as `segwright init` found it.
#
# What stands after a field's name is a contract: it is checked in every row when the data is read, and data that breaks
# it stops the run. Today's data keeps all of it. `guess:` marks what was concluded from names and values: look at it,
# since next month's data may differ. A field that is not `optional` had a value in every row. Delete the fields that no
# rule needs.
"""


def schema_text(tables: Sequence[TableGuess], left_out: Sequence[LeftOut]) -> str:
    """The text of the file, not laid out yet."""
    pieces = [HEAD, *(_table(table) for table in tables)]
    pieces += [comment(f"left out: `{each.table}` ({each.shown}): {each.reason}") for each in left_out]
    return "\n".join(pieces)


def comment(text: str) -> str:
    """One line of comment, without what would end it or turn it around."""
    return "# " + "".join(sign if sign.isprintable() else " " for sign in text) + "\n"


def _table(table: TableGuess) -> str:
    said = "".join(comment(f"guess: {line}") for line in table.said)
    lines = "".join(_field(guess) for guess in table.fields.values())
    lost = "".join(
        "  " + comment(f"left out: the column `{column}`, as {reason}") for column, reason in table.profile.left_out
    )
    return f"{said}{_head(table)}\n{lines}{lost}"


def _head(table: TableGuess) -> str:
    words = ["events" if table.role == "events" else "table", table.name]
    if table.parent is not None and table.by is not None:
        words += ["of", table.parent, "by", in_head(table.by)]
    for word, name in (("key", table.key), ("at", table.at), ("then", table.then)):
        words += [] if name is None else [word, in_head(name)]
    return " ".join(words)


def _field(guess: Guess) -> str:
    declared = f"  {at_declaration(guess.field.name)} {' '.join(_words(guess.field))}"
    if not guess.said:
        return f"{declared}\n"
    behind = comment(("guess: " if guess.guessed else "") + "; ".join(guess.said))
    return f"{declared}  {behind}" if len(declared) + len(behind) <= WIDE else f"  {behind}{declared}\n"


def _words(field: Field) -> list[str]:
    mapping = field.mapping
    words = [type_text(field.type)]
    if mapping.in_points:
        words.append("in points")
    if mapping.written is not None:
        words.append(f"written {text_wording(mapping.written)}")
    for word, codes in (
        ("true", mapping.true_codes),
        ("false", mapping.false_codes),
        ("missing", mapping.missing_codes),
    ):
        if codes:
            words.append(f"{word} when " + ", ".join(map(_code, codes)))
    if field.domain is not None:
        ends = (("from", field.domain.low), ("to", field.domain.high))
        words += [f"{word} {value_wording(end, field.type)}" for word, end in ends if end is not None]
    if field.optional and not mapping.missing_codes:
        words.append("optional")
    words += [word for word, is_so in (("personal", field.personal), ("protected", field.protected)) if is_so]
    if field.column != field.name:
        words.append(f"as {text_wording(field.column)}")
    return words


def type_text(type: Type) -> str:
    """A type as rule files write it."""
    if type.choices is not None:
        return "one of " + ", ".join(map(text_wording, type.choices))
    return str(type)


def _code(code: Value) -> str:
    match code:
        case bool():
            return "true" if code else "false"
        case str():
            return text_wording(code)
        case dt.date():
            return code.isoformat()
        case float():
            return number_wording(code)
        case _:
            return str(code)
