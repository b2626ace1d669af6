"""The key of a row, from what somebody typed or a program gave."""

from __future__ import annotations

import datetime as dt

from ..dsl.program import Field
from ..dsl.types import Value
from .binding import literal
from .errors import SettingsError

Key = int | str | dt.date
"""What a key is asked for by: a value of the key's type, or how it is written."""


def key_value(key: Key, field: Field) -> Value:
    """The key in the type of its field; raises `SettingsError`, which repeats no personal key, where it is none."""
    value = _value(key, field)
    if value is None:
        shown = "this" if field.personal else f"`{key}`"
        raise SettingsError(f"{shown} cannot be a `{field.name}`, which is of type {field.type}")
    return value


def _value(key: Key, field: Field) -> Value | None:
    if isinstance(key, bool):
        return None
    written = key.isoformat() if isinstance(key, dt.date) else str(key).strip()
    match field.type.kind:
        case "text":
            return key if isinstance(key, str) else None
        case "timestamp":
            return _moment(written)
        case "integer":
            return literal(written.replace(",", ""), field.type)
        case _:
            return literal(written, field.type)


def _moment(written: str) -> dt.datetime | None:
    """A timestamp in UTC, whatever zone it is written in."""
    try:
        moment = dt.datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo is None else moment.astimezone(dt.UTC).replace(tzinfo=None)
