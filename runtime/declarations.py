"""What to declare, where data shows that a field is kept in another way than its declaration says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..compiler.duckdb.readers import CheckKind
from ..dsl.program import Domain, Field

NUMBERS = ("integer", "number", "percent", "money")
TIMES = ("date", "timestamp")
CODE = re.compile(r"(0|-1|-?9+)(\.0)?")
"""Numbers that stand for no value in many a system."""


def hint(field: Field, kind: CheckKind, found: Sequence[str]) -> str | None:
    """What may be meant, in words that go below the problem. `found` are the values that break the contract, as the
    column has them: the most frequent ones, none where they may not be told."""
    match kind:
        case "domain" if field.type.kind == "percent" and found and _in_points(field, found):
            value = found[0]
            return f"if {value} stands for {value}%, declare it `percent in points`"
        case "domain" if field.type.kind in NUMBERS and len(found) == 1 and CODE.fullmatch(found[0]):
            code = found[0].removesuffix(".0")
            return f"if {code} stands for no value, declare it `missing when {code}`"
        case "unreadable" if field.type.kind in TIMES and field.mapping.written is None:
            return f'`written` says how the column writes it, such as `{field.type.kind} written "%d/%m/%Y"`'
        case "unreadable" if field.type.kind == "boolean":
            return 'the codes of the column are declared, such as `boolean true when "Yes" false when "No"`'
        case "unreadable" if field.type.kind in NUMBERS and any("," in value for value in found):
            return "numbers have a decimal point, and nothing between thousands"
        case "list":
            return "what is allowed stands on the list; with `others missing` everything else is read as missing"
        case _:
            return None


def _in_points(field: Field, found: Sequence[str]) -> bool:
    """Whether the values would lie in the field's domain if they were points of a hundred."""
    if field.mapping.in_points or field.domain is None:
        return False
    try:
        return all(_lies_in(field.domain, float(value) / 100) for value in found)
    except ValueError:
        return False


def _lies_in(domain: Domain, value: float) -> bool:
    low, high = (float(str(end)) if end is not None else None for end in (domain.low, domain.high))
    above = low is None or value > low or (domain.low_included and value == low)
    below = high is None or value < high or (domain.high_included and value == high)
    return above and below
