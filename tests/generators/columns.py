"""Fields, and raw columns in which they may be kept."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from segwright.dsl.program import Domain, Field, Mapping
from segwright.dsl.types import BOOLEAN, DATE, INTEGER, MONEY, NUMBER, PERCENT, TEXT, TIMESTAMP, Type

EDGES = [0, 1, -1, 17, 18, 120, 999, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**16, 10**17]
WHOLE = st.one_of(st.integers(-130, 130), st.sampled_from(EDGES))
# Beyond this, doubles lie further apart than a millionth: see `step` in `compiler/duckdb/readers.py`.
DOUBLES = st.one_of(
    st.sampled_from(
        [0.0, -0.0, math.nan, math.inf, -math.inf, 0.1 + 0.2, 1.005, 1.000001, 1.0000011, 1e-15, 0.5, 999.0]
    ),
    st.floats(-1e9, 1e9),
    st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    st.integers(-(10**9), 10**9).map(lambda billionths: billionths / 1e9),
    st.integers(-300, 300).map(lambda halves: halves / 2),
)
DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
TIMES = st.one_of(st.datetimes(), DAYS.map(lambda day: dt.datetime.combine(day, dt.time())))


def decimals(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    most = 10**precision - 1
    units = st.one_of(
        st.integers(-most, most), st.integers(-2000, 2000), st.integers(-20, 20).map(lambda n: n * 10**scale)
    )
    return units.map(lambda n: Decimal(n).scaleb(-scale))


COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "INTEGER": st.integers(-(2**31), 2**31 - 1) | st.integers(-130, 130),
    "BIGINT": WHOLE.filter(lambda value: -(2**63) <= value < 2**63),
    "HUGEINT": WHOLE,
    "DOUBLE": DOUBLES,
    "DECIMAL(18,4)": decimals(18, 4),
    "DECIMAL(28,10)": decimals(28, 10),
    "VARCHAR": st.sampled_from(["", "a", "A", "b", "Y", "N", "0", "é", "e\u0301", " a"]),
    "BOOLEAN": st.booleans(),
    "DATE": DAYS,
    "TIMESTAMP": TIMES,
}
NUMERIC = ("INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "DECIMAL(18,4)", "DECIMAL(28,10)")
KINDS: dict[Type, tuple[str, ...]] = {
    INTEGER: NUMERIC,
    NUMBER: NUMERIC,
    PERCENT: NUMERIC,
    MONEY: NUMERIC,
    Type("money", 4): NUMERIC,
    TEXT: ("VARCHAR",),
    Type("text", choices=("a", "b")): ("VARCHAR",),
    BOOLEAN: ("BOOLEAN", "VARCHAR", "INTEGER", "DOUBLE"),
    DATE: ("DATE", "TIMESTAMP"),
    TIMESTAMP: ("DATE", "TIMESTAMP"),
}
ENDS: dict[str, tuple[Any, Any]] = {
    "integer": (18, 120),
    "number": (-0.5, 100.0),
    "percent": (0.0, 0.3),
    "date": (dt.date(1970, 1, 1), dt.date(2026, 2, 28)),
    "timestamp": (dt.datetime(1970, 1, 1), dt.datetime(2026, 2, 28, 12)),
}
CODES: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(NUMERIC, (0, 999, Decimal("0.5"))),
    "VARCHAR": ("", "A"),
    "BOOLEAN": (),
    "DATE": (dt.date(2000, 1, 1),),
    "TIMESTAMP": (),
}


@st.composite
def columns(draw: st.DrawFn) -> tuple[Field, str, list[Any]]:
    """A field, the type of its raw column, and raw values."""
    type = draw(st.sampled_from(list(KINDS)))
    raw_type = draw(st.sampled_from(KINDS[type]))
    low, high = ENDS.get(type.kind, (Decimal("0.00"), Decimal("12.50")) if type.kind == "money" else (None, None))
    domain = None
    if low is not None and draw(st.booleans()):
        ends = draw(st.sampled_from([(low, high), (low, None), (None, high)]))
        both = None not in ends
        domain = Domain(*ends, draw(st.booleans()) or not both, draw(st.booleans()) or not both)
    coded = type.kind == "boolean" and raw_type != "BOOLEAN"
    missing_codes = CODES[raw_type] if draw(st.booleans()) and not coded else ()
    outside = domain is not None or type.choices is not None or coded
    mapping = Mapping(
        in_points=type.kind == "percent" and draw(st.booleans()),
        true_codes=(("Y", "a") if raw_type == "VARCHAR" else (1, 17)) if coded else (),
        false_codes=(("N",) if raw_type == "VARCHAR" else (0,)) if coded else (),
        missing_codes=missing_codes,
        others_missing=outside and draw(st.booleans()),
    )
    optional = draw(st.booleans()) or mapping.others_missing or bool(missing_codes)
    values = draw(st.lists(st.none() | COLUMNS[raw_type], min_size=1, max_size=12))
    return Field("x", None, type, "raw", optional, domain, mapping), raw_type, values
