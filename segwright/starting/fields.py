"""From columns to fields: name, domain, labels, and what a comment says of each guess."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from ..dsl.program import Domain, Field
from ..dsl.types import Value
from ..dsl.wording import text_wording, value_wording
from ..runtime.profiling.records import Column
from . import texts
from .literals import literal
from .naming import identifier
from .records import Guess
from .words import AGE, CONSENT, ECOA, KEY, SCORE, is_called_name, personal_by_name, protected_by_name, tells

NUMERIC = ("integer", "number", "percent", "money")
ORDERED = (*NUMERIC, "date", "timestamp")


def guessed_fields(columns: Iterable[Column]) -> dict[str, Guess]:
    """A guess for each column, by the name of its field."""
    guesses: dict[str, Guess] = {}
    for column in columns:
        name = identifier(column.name, guesses, "column")
        guesses[name] = _guess(column, name)
    return guesses


def _guess(column: Column, name: str) -> Guess:
    values = texts.without(column.raw.sample, texts.missing_words(column.raw.sample))
    personal, why_personal = _personal(column, values)
    protected = protected_by_name(column.name)
    field = replace(
        column.field,
        name=name,
        optional=column.missing > 0 or bool(column.field.mapping.missing_codes),
        domain=None if personal or protected is not None else _domain(column),
        personal=personal,
        protected=protected is not None,
    )
    labelled = field.personal or field.protected
    told = [
        *_kept(column),
        *_codes(column),
        *_missing(column),
        *([] if labelled else _range(column, field)),
        *([why_personal] if personal else []),
        *([f"protected: {protected[0]} ({protected[1]})"] if protected is not None else []),
    ]
    hints = _hints(column, field, values, labelled)
    guessed = bool(told) and (
        labelled or field.domain is not None or bool(_kept(column)) or field.optional or field.type.choices is not None
    )
    return Guess(field, column, (*told, *hints), guessed)


# -- labels ------------------------------------------------------------------------------------------------------------


def _personal(column: Column, values: texts.Counted) -> tuple[bool, str]:
    by_values = personal_by_values(column, values)
    by_name = personal_by_name(column.name)
    if by_name is None and is_called_name(column.name):
        by_name = "a name of a person"
    if by_name is not None and not _contradicts(column, by_name):
        return True, f"personal: {by_name}, by the name"
    if by_values is not None:
        what, share = by_values
        return True, f"personal: {share:.0%} of the values look like {what}"
    return False, ""


def personal_by_values(column: Column, values: texts.Counted) -> tuple[str, float] | None:
    """What identifies a person among the values; whole numbers can only be national or card numbers."""
    kind = column.field.type.kind
    if kind not in ("text", "integer") or column.field.type.choices is not None:
        return None
    found = texts.personal_by_values(values)
    if found is not None and kind == "integer" and found[0] not in ("a national number", "a card number"):
        return None
    return found


def _contradicts(column: Column, what: str) -> bool:
    """Whether the values cannot be what the name says: a flag, a measure, a list of a few words."""
    kind = column.field.type.kind
    if what == "a birth date":
        return kind not in ("date", "timestamp", "text", "integer")
    if what == "a place on the map":
        return kind not in ("number", "text")
    return kind not in ("text", "integer") or column.field.type.choices is not None


# -- domains -----------------------------------------------------------------------------------------------------------


def _domain(column: Column) -> Domain | None:
    """A natural range that holds all values: next month's values lie in it too."""
    kind, low, high = column.field.type.kind, column.low, column.high
    if kind not in NUMERIC or low is None or high is None or tells(column.name, KEY):
        return None
    if isinstance(low, str | bool | dt.date) or isinstance(high, str | bool | dt.date):
        return None
    least, most = float(str(low)), float(str(high))
    zero: Value = Decimal(0) if kind == "money" else 0.0 if kind in ("number", "percent") else 0
    if least < 0:
        return None
    if kind == "percent":
        return Domain(0.0, 1.0) if most <= 1 else Domain(0.0, None)
    if kind == "integer" and tells(column.name, AGE) and most <= 120:
        return Domain(0, 120)
    if kind == "integer" and tells(column.name, ("nps",)) and most <= 10:
        return Domain(0, 10)
    if kind == "integer" and tells(column.name, SCORE) and least >= 300 and most <= 850:
        return Domain(300, 850)
    return Domain(zero, None)


# -- what the comment says ---------------------------------------------------------------------------------------------


def _kept(column: Column) -> list[str]:
    """How the column is kept, where that is a guess."""
    field, said = column.field, list[str]()
    mapping, raw = field.mapping, column.raw
    if mapping.in_points:
        said.append("points of a hundred, by the name")
    elif field.type.kind == "percent":
        said.append("a share, by the name")
    if field.type.kind == "money" and raw.family != "decimal":
        said.append("money, by the name")
    if mapping.written is not None:
        others = [
            pattern
            for pattern in (*texts.DATE_PATTERNS, *texts.MOMENT_PATTERNS)
            if pattern != mapping.written and _also_fits(column, pattern)
        ]
        said.append("written so in every row" + (f"; `{others[0]}` would fit as well" if others else ""))
    if mapping.true_codes:
        said.append("two values that say yes and no")
    if field.type.choices is not None:
        said.append(f"closed list: {len(field.type.choices)} {_plural('value', len(field.type.choices))} in all rows")
    if field.type.kind == "integer" and raw.family == "floating":
        said.append("whole in every row")
    if field.type.kind == "date" and raw.family in ("timestamp", "zoned"):
        said.append("midnight in every row")
    return said


def _also_fits(column: Column, pattern: str) -> bool:
    codes = column.field.mapping.missing_codes
    values = [(value, count) for value, count in column.raw.sample if value not in codes]
    return bool(values) and texts.share(values, lambda value: texts.moment(value, pattern)) == 1.0


def _codes(column: Column) -> list[str]:
    counts = dict(column.raw.sample)
    said: list[str] = []
    for code in column.field.mapping.missing_codes:
        written = text_wording(code) if isinstance(code, str) else str(code)
        count = counts.get(str(code), counts.get(f"{code}.0", 0))
        of = "" if column.raw.whole else " of the sampled"
        rows = f" in {count:,}{of} {_plural('row', count)}" if count else ""
        far = "" if isinstance(code, str) else ", far from the rest"
        said.append(f"{written}{rows} taken for missing{far}")
    return said


def _missing(column: Column) -> list[str]:
    rows = column.raw.rows
    if not rows:
        return ["no rows to judge by"]
    if column.missing == rows:
        return ["nothing in it"]
    if not column.missing:
        return []
    share = column.missing / rows
    said = f"{share:.1%}" if share >= 0.001 else f"{column.missing:,} {_plural('row', column.missing)}"
    return [f"{said} missing"]


def _range(column: Column, field: Field) -> list[str]:
    low, high = column.low, column.high
    if low is None or high is None or field.type.kind not in ORDERED:
        return []
    if low == high:
        return [f"only {_shown(low, field)}"]
    return [f"seen {_shown(low, field)} to {_shown(high, field)}"]


def _shown(value: Value, field: Field) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return literal(Decimal(str(value)), field.type)
    return value_wording(value, field.type)


def _hints(column: Column, field: Field, values: texts.Counted, labelled: bool) -> list[str]:
    """What else a reader should know of the column."""
    raw = column.raw
    said = [] if labelled else _numbers_as_text(column, field, values)
    if field.type.kind == raw.family == "text" and values and not labelled and texts.mostly(values, texts.MOMENT):
        said.append("times as text")
    if field.type.kind == "text" and any(value != value.strip() for value, _ in values):
        said.append("some values begin or end with a blank")
    if field.type.kind == "integer" and {value for value, _ in raw.sample} == {"0", "1"}:
        said.append("0 and 1 only: `boolean true when 1 false when 0` if it is a yes or no")
    if field.type.kind == "boolean" and tells(column.name, CONSENT):
        said.append("if it carries consent, write `consent for` and the purpose")
    if tells(column.name, AGE) and field.type.kind == "integer" and not labelled:
        said.append(f"write `protected` where age may not count ({ECOA})")
    return said if labelled else [*said, *_misfits(column, field, values)]


def kept_as_text(guess: Guess) -> str | None:
    """Why a column is text that looks as if it held numbers or times; None where it does not, or where it should be."""
    column, field = guess.column, guess.field
    if field.type.kind != "text" or field.personal or field.protected:
        return None
    values = texts.without(column.raw.sample, texts.missing_words(column.raw.sample))
    if values and texts.share(values, texts.LEADING_ZERO.fullmatch):
        return None
    return next(iter([*_misfits(column, field, values), *_numbers_as_text(column, field, values)]), None)


def _misfits(column: Column, field: Field, values: texts.Counted) -> list[str]:
    """The best reading that did not fit, in how many rows, and what stands in one of these."""
    kinds = [
        (unfit, count)
        for unfit, count in column.unfit
        if unfit.type.choices is None
        and unfit.type.kind not in (field.type.kind, "text")
        and field.type.kind != "timestamp"
    ]
    return [
        f"no {unfit.type.kind}: {count:,} {_plural('row', count)} would not fit{_odd(unfit, values)}"
        for unfit, count in kinds[:1]
    ]


def _odd(unfit: Field, values: texts.Counted) -> str:
    """A value that is in the way, where it can be shown in a line and looks like nothing of a person."""
    number = unfit.type.kind in NUMERIC
    odd = [
        value
        for value, _ in values
        if not (texts.NUMBER if number else texts.MOMENT).fullmatch(value) and not texts.DAY.fullmatch(value)
    ]
    shown = next((value for value in odd if not _read(value, unfit)), "")
    is_mark = any(looks(shown) for _, _, _, looks in texts.MARKS)
    return f", such as {text_wording(shown)}" if shown.isprintable() and 0 < len(shown) <= 40 and not is_mark else ""


def _read(value: str, field: Field) -> bool:
    """Whether a text is a time in the pattern of a field."""
    written = field.mapping.written
    return written is not None and texts.moment(value, written) is not None


def _numbers_as_text(column: Column, field: Field, values: texts.Counted) -> list[str]:
    """Why a column of numbers is text."""
    if field.type.kind != "text" or not values:
        return []
    if texts.mostly(values, texts.NUMBER):
        if texts.share(values, texts.LEADING_ZERO.fullmatch):
            return ["digits with leading zeros, so text"]
        if column.raw.family != "cell":
            return ["numbers kept as text: cast the column to reckon with it"]
        return ["numbers too long to reckon with"] if any(len(value) > 18 for value, _ in values) else []
    if texts.mostly(values, texts.DRESSED):
        sample = next((value for value, _ in values if not texts.NUMBER.fullmatch(value)), "")
        return [f"numbers such as {text_wording(sample)}: without commas and signs they could be reckoned with"]
    if texts.mostly(values, texts.COMMA):
        return ["numbers with a decimal comma: write a point, or cast the column, to reckon with it"]
    return []


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
