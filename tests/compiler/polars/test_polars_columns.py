"""Generated fields over generated raw columns are read on Polars as the reference interpreter reads them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from generators.columns import columns
from hypothesis import given
from reference.reading import canonical

from segwright.compiler.polars.columns import column_value
from segwright.compiler.polars.written import moment_written
from segwright.dsl.program import Field, Mapping
from segwright.dsl.types import DATE, INTEGER, MONEY, TEXT, TIMESTAMP
from segwright.runtime.reference.errors import MissingValue, WrongValue

TYPES: dict[str, pl.DataType] = {
    "INTEGER": pl.Int32(),
    "BIGINT": pl.Int64(),
    "HUGEINT": pl.Int128(),
    "DOUBLE": pl.Float64(),
    "DECIMAL(18,4)": pl.Decimal(18, 4),
    "DECIMAL(28,10)": pl.Decimal(28, 10),
    "VARCHAR": pl.String(),
    "BOOLEAN": pl.Boolean(),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
}


def reads(field: Field, raw_type: pl.DataType, raws: list[Any]) -> list[Any]:
    frame = pl.LazyFrame({"raw": raws}, schema={"raw": raw_type})
    value = column_value(field, raw_type, pl.col("raw")).alias("value")
    return frame.select(value).collect(engine="streaming")["value"].to_list()


@given(column=columns())
def test_a_column_is_read_as_the_reference_reads_it(column: tuple[Field, str, list[Any]]) -> None:
    field, raw_type, raws = column
    for raw, value in zip(raws, reads(field, TYPES[raw_type], raws), strict=True):
        try:
            expected = canonical(field, raw)
        except (MissingValue, WrongValue):
            continue  # a contract that is broken: the run has stopped before
        assert value == expected, raw
        assert type(value) is type(expected), raw


def field_of(type: Any, **mapping: Any) -> Field:
    return Field("x", None, type, "raw", True, None, Mapping(**mapping))


def test_a_column_that_never_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="`x` is declared integer"):
        column_value(field_of(INTEGER), pl.String(), pl.col("raw"))


def test_other_types_of_columns() -> None:
    assert reads(field_of(INTEGER), pl.UInt64(), [2**63 - 1, None]) == [2**63 - 1, None]
    assert reads(field_of(TEXT), pl.Categorical(), ["é", None]) == ["é", None]
    assert reads(field_of(TEXT), pl.Enum(["a", "b"]), ["b", None]) == ["b", None]
    assert reads(field_of(TEXT), pl.Null(), [None]) == [None]
    assert reads(field_of(MONEY), pl.Float32(), [0.5, float("nan")]) == [Decimal("0.50"), None]
    moment = dt.datetime(2026, 1, 31, 23, 30)
    assert reads(field_of(TIMESTAMP), pl.Datetime("ms"), [moment]) == [moment]
    amsterdam = [moment.replace(tzinfo=dt.UTC)]
    assert reads(field_of(TIMESTAMP), pl.Datetime("us", "Europe/Amsterdam"), amsterdam) == [moment]
    assert reads(field_of(DATE), pl.Datetime("us", "Europe/Amsterdam"), amsterdam) == [moment.date()]


def test_codes_are_compared_with_the_column_as_it_is() -> None:
    assert reads(field_of(INTEGER, missing_codes=(0, 999)), pl.Int16(), [0, 1, 999]) == [None, 1, None]
    assert reads(field_of(MONEY, missing_codes=(Decimal("0.5"),)), pl.Int64(), [0, 1]) == [0, 1]
    assert reads(field_of(MONEY, missing_codes=(Decimal("0.5"),)), pl.Decimal(9, 3), [Decimal("0.500")]) == [None]
    assert reads(field_of(MONEY, missing_codes=(Decimal("0.1"),)), pl.Float32(), [0.1]) == [None]
    assert reads(field_of(DATE, missing_codes=(dt.date(1900, 1, 1),)), pl.Date(), [dt.date(1900, 1, 1)]) == [None]


# -- written dates ---------------------------------------------------------------------------------------------------

T = dt.datetime


@pytest.mark.parametrize(
    "pattern, text, expected",
    [
        ("%b-%Y", "Mar-2018", T(2018, 3, 1)),
        ("%b-%Y", "mar-2018", T(2018, 3, 1)),
        ("%b-%Y", "Mars-2018", None),
        ("%B %d, %Y", "March 5, 2018", T(2018, 3, 5)),
        ("%Y", "2018", T(2018, 1, 1)),
        ("%d.%m.%y", "01.02.68", T(2068, 2, 1)),
        ("%d.%m.%y", "01.02.69", T(1969, 2, 1)),
        ("%Y-%m-%d", "2018-02-29", None),
        ("%Y-%m-%d", "2020-02-29", T(2020, 2, 29)),
        ("%Y-%m-%d", "1900-02-29", None),
        ("%Y-%m-%d", "2018-13-01", None),
        ("%Y-%m-%d", "2018-00-01", None),
        ("%Y-%m-%d", "2018-01-01 ", None),
        ("%Y/%j", "2020/366", T(2020, 12, 31)),
        ("%Y/%j", "2019/366", None),
        ("%a %d %b %Y", "Thu 01 Mar 2018", T(2018, 3, 1)),
        ("%Y-%m-%d %I:%M %p", "2018-03-01 12:05 AM", T(2018, 3, 1, 0, 5)),
        ("%Y-%m-%d %I:%M %p", "2018-03-01 12:05 pm", T(2018, 3, 1, 12, 5)),
        ("%Y-%m-%d %I:%M %p", "2018-03-01 13:05 PM", None),
        ("%Y-%m-%d %H:%M:%S", "2018-03-01 24:00:00", None),
        ("%Y-%m-%d %H:%M:%S.%f", "2018-03-01 23:59:59.5", T(2018, 3, 1, 23, 59, 59, 500000)),
        ("%Y-%m-%dT%H:%M:%S%z", "2018-03-01T01:00:00+0530", T(2018, 2, 28, 19, 30)),
        ("%Y-%m-%dT%H:%M:%S%z", "2018-03-01T01:00:00-02:00", T(2018, 3, 1, 3)),
        ("%d%%%m%%%Y", "01%02%2018", T(2018, 2, 1)),
        ("(%Y)", "(2018)", T(2018, 1, 1)),
        ("%Y", None, None),
    ],
)
def test_written(pattern: str, text: str | None, expected: dt.datetime | None) -> None:
    frame = pl.LazyFrame({"raw": [text, text]}, schema={"raw": pl.String()})
    found = frame.select(moment_written(pattern, pl.col("raw")).alias("value")).collect(engine="streaming")
    assert found["value"].to_list() == [expected, expected]
