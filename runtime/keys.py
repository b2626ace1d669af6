"""The key of a row, from what somebody typed or a program gave."""

from __future__ import annotations

import re

from ..dsl.program import Field
from .errors import SettingsError

Key = int | str
"""What a key is asked for by; keys are integers or text."""

_INTEGER = re.compile(r"-?[0-9][0-9_,]*")


def key_value(key: Key, field: Field) -> Key:
    """The key in the type of its field; raises `SettingsError`, which repeats no personal key, where it is none."""
    value = _integer(key) if field.type.kind == "integer" else key if isinstance(key, str) else None
    if value is None:
        shown = "this" if field.personal else f"`{key}`"
        raise SettingsError(f"{shown} cannot be a `{field.name}`, which is of type {field.type}")
    return value


def _integer(key: Key) -> int | None:
    """A whole number of 64 bits, its thousands apart or not."""
    if isinstance(key, str) and _INTEGER.fullmatch(key.strip()):
        key = int(key.replace(",", ""))
    if not isinstance(key, int) or isinstance(key, bool):
        return None
    return key if -(2**63) <= key < 2**63 else None
