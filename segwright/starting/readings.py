"""The ways in which a column may be read, the best first, from its name and a sample of its values.

Whether one fits all rows is asked of the data (`runtime/profiling`); here nothing is known of engines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ..dsl.program import Field, Mapping
from ..dsl.types import BOOLEAN, DATE, INTEGER, MONEY, NUMBER, PERCENT, TEXT, TIMESTAMP, Type, Value
from ..runtime.profiling.records import RawColumn
from . import texts
from .texts import Counted
from .words import DATE as DATE_WORDS
from .words import FLAG, KEY, NO_MONEY, SHARE, is_called_name, personal_by_name, tells
from .words import MONEY as MONEY_WORDS

LONGEST_LIST = 20
"""Values on a closed list at most."""
LONGEST_CHOICE = 60
ROWS_A_CHOICE = 5
"""Rows that each value of a closed list has on average at least: fewer, and the values may go on."""
NO_MAPPING = Mapping()
PAIRS = (("y", "n"), ("yes", "no"), ("j", "n"), ("ja", "nee"), ("ja", "nein"), ("o", "n"), ("oui", "non"), ("t", "f"))
FAR_DATES = (dt.date(9999, 12, 31), dt.date(1900, 1, 1), dt.date(1, 1, 1), dt.date(2999, 12, 31), dt.date(9999, 1, 1))


def propose(raw: RawColumn) -> Sequence[Field]:
    """The readings of a column, the best first; the last one fits any values of its kind."""
    return [_field(raw, type, mapping) for type, mapping in dict.fromkeys(_BY_FAMILY[raw.family](raw))]


Reading = tuple[Type, Mapping]


def _field(raw: RawColumn, type: Type, mapping: Mapping) -> Field:
    return Field(raw.name, None, type, raw.name, True, None, mapping)


def _nothing(_raw: RawColumn) -> Sequence[Reading]:
    return ()


def _empty(_raw: RawColumn) -> Sequence[Reading]:
    return ((TEXT, NO_MAPPING),)


# -- numbers -----------------------------------------------------------------------------------------------------------


def _whole(raw: RawColumn) -> Sequence[Reading]:
    return (*_truths(raw), *_packed_dates(raw), *_numeric(raw, raw.sample))


def _decimal(raw: RawColumn) -> Sequence[Reading]:
    return _numeric(raw, raw.sample)


def _truths(raw: RawColumn) -> Sequence[Reading]:
    """0 and 1, where the name tells that they are no numbers."""
    values = {value for value, _ in raw.sample}
    is_flag = values == {"0", "1"} and tells(raw.name, FLAG)
    return ((BOOLEAN, Mapping(true_codes=(1,), false_codes=(0,))),) if is_flag else ()


def _packed_dates(raw: RawColumn) -> Sequence[Reading]:
    """Dates such as 20260901, where the name tells so or many values would hardly be dates by chance."""
    plain = texts.without(raw.sample, ("0", "99999999"))
    told = tells(raw.name, DATE_WORDS) or len(plain) >= 20
    within = told and plain and texts.share(plain, _is_packed_date) == 1.0
    return ((DATE, Mapping(written="%Y%m%d")),) if within and len(plain) == len(raw.sample) else ()


def _is_packed_date(value: str) -> bool:
    return len(value) == 8 and "19000101" <= value <= "21001231" and texts.moment(value, "%Y%m%d") is not None


def _numeric(raw: RawColumn, values: Counted) -> Sequence[Reading]:
    """Whole numbers, shares, money, numbers: what the name and the decimals tell."""
    found = texts.numbers(values)
    codes: tuple[Value, ...] = () if _is_key(raw.name) else texts.far_codes(found)
    left = [(number, count) for number, count in found if number not in codes]
    mapping = Mapping(missing_codes=codes)
    decimals, low = texts.places(left), min((number for number, _ in left), default=Decimal(0))
    high = max((number for number, _ in left), default=Decimal(0))
    readings: list[Reading] = []
    if tells(raw.name, SHARE) and not _is_key(raw.name) and left:
        if _are_shares(left):
            readings.append((PERCENT, mapping))
        elif low >= -100 and high <= 1_000:
            readings.append((PERCENT, replace(mapping, in_points=True)))
    is_money = tells(raw.name, MONEY_WORDS) and not tells(raw.name, NO_MONEY) and not tells(raw.name, SHARE)
    if (is_money or _is_exact_money(raw)) and decimals <= 2:
        readings.append((MONEY, mapping))
    if decimals == 0:
        readings.append((INTEGER, mapping))
    return (*readings, (NUMBER, mapping), (NUMBER, NO_MAPPING))


def _are_shares(found: Sequence[tuple[Decimal, int]]) -> bool:
    """Whether numbers that are called a share have 1 for the whole, not 100: none beyond 1, or few and not far."""
    if all(abs(number) <= 1 for number, _ in found):
        return True
    total = sum(count for _, count in found)
    within = sum(count for number, count in found if abs(number) <= 1)
    return within >= 0.9 * total and max(number for number, _ in found) <= 10 and texts.places(found) > 0


def _is_exact_money(raw: RawColumn) -> bool:
    """A warehouse keeps little else with two exact decimals."""
    return raw.family == "decimal" and raw.raw_type.replace(" ", "").endswith(",2)") and not tells(raw.name, SHARE)


def _is_key(name: str) -> bool:
    return tells(name, KEY)


# -- times -------------------------------------------------------------------------------------------------------------


def _boolean(_raw: RawColumn) -> Sequence[Reading]:
    return ((BOOLEAN, NO_MAPPING),)


def _date(raw: RawColumn) -> Sequence[Reading]:
    return ((DATE, Mapping(missing_codes=_far_dates(raw.sample))), (DATE, NO_MAPPING), (TIMESTAMP, NO_MAPPING))


def _timestamp(raw: RawColumn) -> Sequence[Reading]:
    codes = Mapping(missing_codes=_far_dates(raw.sample))
    return ((DATE, codes), (TIMESTAMP, codes), (TIMESTAMP, NO_MAPPING))


def _far_dates(values: Counted) -> tuple[dt.date, ...]:
    """Dates such as 9999-12-31 that several rows share and that lie more than forty years from all others."""
    days = {_day(value): count for value, count in values}
    others = [day for day in days if day is not None and day not in FAR_DATES]
    if not others:
        return ()
    return tuple(
        day
        for day in FAR_DATES
        if days.get(day, 0) >= 2 and min(abs(day.year - min(others).year), abs(day.year - max(others).year)) > 40
    )


def _day(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError:
        return None


# -- text --------------------------------------------------------------------------------------------------------------


def _text(raw: RawColumn) -> Sequence[Reading]:
    """Text in a typed column: `""` is a value there, and numbers stay text."""
    codes, values = _known(raw)
    return (*_dates(values, codes, raw.name), *_coded(values, codes), *_listed(raw, values, codes), *_plain(codes))


def _cell(raw: RawColumn) -> Sequence[Reading]:
    """Text in which every type is written."""
    codes, values = _known(raw)
    readings: list[Reading] = []
    if not values:
        return ((TEXT, Mapping(missing_codes=codes)),)
    if texts.share(values, lambda value: value.lower() in ("true", "false")) >= texts.MOST:
        readings.append((BOOLEAN, Mapping(missing_codes=codes)))
    packed = texts.share(values, _is_packed_date) == 1.0 and (tells(raw.name, DATE_WORDS) or len(values) >= 20)
    if texts.mostly(values, texts.NUMBER) and not packed:
        if not texts.share(values, texts.LEADING_ZERO.fullmatch) and not _is_long_number(raw.name, values):
            truths = {value for value, _ in values} == {"0", "1"} and tells(raw.name, FLAG)
            if truths:
                readings.append((BOOLEAN, Mapping(true_codes=(1,), false_codes=(0,), missing_codes=codes)))
            for type, mapping in _numeric(raw, values):
                both = (*codes, *mapping.missing_codes)
                readings.append((type, replace(mapping, missing_codes=both)))
                readings.append((type, replace(mapping, missing_codes=codes)))
    else:
        readings += _iso(values, codes)
        readings += _dates(values, codes, raw.name)
    return (*readings, *_coded(values, codes), *_listed(raw, values, codes), *_plain(codes))


def _json(raw: RawColumn) -> Sequence[Reading]:
    if raw.json & {"ARRAY", "OBJECT"}:
        return ()
    if raw.json <= {"BOOLEAN"} and raw.json:
        return ((BOOLEAN, NO_MAPPING),)
    if raw.json <= {"UBIGINT", "BIGINT", "HUGEINT", "DOUBLE"} and raw.json:
        return (*_truths(raw), *_numeric(raw, raw.sample))
    codes, values = _known(raw)
    iso = [(type, mapping) for type, mapping in _iso(values, codes)] if values else []
    return (
        *iso,
        *_dates(values, codes, raw.name),
        *_coded(values, codes),
        *_listed(raw, values, codes),
        *_plain(codes),
    )


def _known(raw: RawColumn) -> tuple[tuple[str, ...], Counted]:
    codes = texts.missing_words(raw.sample)
    return codes, texts.without(raw.sample, codes)


def _plain(codes: tuple[str, ...]) -> Sequence[Reading]:
    return ((TEXT, Mapping(missing_codes=codes)), (TEXT, NO_MAPPING))


def _is_long_number(name: str, values: Counted) -> bool:
    """Numbers of so many digits that they count nothing: accounts, cards."""
    return any(len(value.strip("+-").partition(".")[0]) > 18 for value, _ in values) or (
        personal_by_name(name) in ("a phone number", "a card number", "a bank account number", "a postcode")
    )


def _iso(values: Counted, codes: tuple[str, ...]) -> list[Reading]:
    far = _far_dates(values)
    mappings = [Mapping(missing_codes=(*codes, *far)), Mapping(missing_codes=codes)]
    if texts.mostly(values, texts.DAY):
        return [(DATE, mapping) for mapping in mappings]
    if texts.share(values, lambda value: texts.MOMENT.fullmatch(value) or texts.DAY.fullmatch(value)) >= texts.MOST:
        return [(TIMESTAMP, mapping) for mapping in mappings]
    return []


def _dates(values: Counted, codes: tuple[str, ...], name: str) -> Sequence[Reading]:
    """Dates and times as text in some pattern. Numbers are dates only where the name tells so."""
    if not values or (texts.mostly(values, texts.NUMBER) and not (tells(name, DATE_WORDS) or len(values) >= 20)):
        return ()
    readings: list[Reading] = []
    for type, patterns in ((DATE, texts.DATE_PATTERNS), (TIMESTAMP, texts.MOMENT_PATTERNS)):
        for pattern in texts.patterns_of(values, patterns):
            found = {value: texts.moment(value, pattern) for value, _ in values}
            far = tuple(
                value
                for value, count in values
                if (day := found[value]) is not None and count > 1 and day.date() in FAR_DATES and len(values) > 1
            )
            readings.append((type, Mapping(written=pattern, missing_codes=(*codes, *far))))
    return readings


def _coded(values: Counted, codes: tuple[str, ...]) -> Sequence[Reading]:
    """Yes and no, as the column writes them."""
    words = [value for value, _ in values]
    for yes, no in PAIRS:
        true_codes = tuple(sorted(word for word in words if word.lower() == yes))
        false_codes = tuple(sorted(word for word in words if word.lower() == no))
        if true_codes and false_codes and len(true_codes) + len(false_codes) == len(words):
            return ((BOOLEAN, Mapping(true_codes=true_codes, false_codes=false_codes, missing_codes=codes)),)
    return ()


def _listed(raw: RawColumn, values: Counted, codes: tuple[str, ...]) -> Sequence[Reading]:
    """A closed list, where few values have many rows."""
    known = sum(count for _, count in values)
    few = 1 <= len(values) <= LONGEST_LIST and known >= ROWS_A_CHOICE * max(len(values), 2)
    short = all(value.isprintable() and value and len(value) <= LONGEST_CHOICE for value, _ in values)
    is_number = texts.mostly(values, texts.COMMA) or texts.mostly(values, texts.DRESSED)
    is_personal = personal_by_name(raw.name) is not None or texts.personal_by_values(values) is not None
    if not (few and short) or is_number or is_personal or is_called_name(raw.name):
        return ()
    choices = tuple(sorted(value for value, _ in values))
    return ((replace(TEXT, choices=choices), Mapping(missing_codes=codes)),)


_BY_FAMILY = {
    "whole": _whole,
    "wide": _whole,
    "decimal": _decimal,
    "floating": _decimal,
    "text": _text,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
    "zoned": _timestamp,
    "cell": _cell,
    "json": _json,
    "none": _empty,
    "other": _nothing,
}
