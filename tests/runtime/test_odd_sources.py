"""Files that tools of all sorts write: on every engine the values are those that stand here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow
import pytest
from pyarrow import parquet
from runtime.projects import Project, sentences

from segwright.runtime.errors import DataError, EngineError

pytestmark = pytest.mark.usefixtures("on_every_engine")

RULES = """
table t key k
  k integer
  v {declared} optional
segmentation s of t
  first match wins
  segment known when v is known
  otherwise other
"""
Write = Callable[[Path], None]


def by_duckdb(*values: str) -> Write:
    """A Parquet file of DuckDB with such values under each other."""

    def write(file: Path) -> None:
        rows = " UNION ALL BY NAME ".join(f"SELECT {k} AS k, {value} AS v" for k, value in enumerate(values, 1))
        duckdb.connect().execute(f"SET TimeZone = 'UTC'; COPY ({rows}) TO '{file}' (FORMAT parquet)")

    return write


def by_arrow(values: list[Any], type: pyarrow.DataType, **options: Any) -> Write:
    """A Parquet file of Arrow with such values."""

    def write(file: Path) -> None:
        keys = pyarrow.array(range(1, len(values) + 1), pyarrow.int32())
        parquet.write_table(pyarrow.table({"k": keys, "v": pyarrow.array(values, type)}), file, **options)

    return write


def by_polars(values: list[Any], type: Any) -> Write:
    """A Parquet file of Polars with such values."""

    def write(file: Path) -> None:
        keys = pl.Series("k", range(1, len(values) + 1), dtype=pl.UInt16)
        pl.DataFrame([keys, pl.Series("v", values, dtype=type)]).write_parquet(file)

    return write


DAY, NOON = dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12, 0, 0, 123456)
LAST = dt.datetime(1969, 12, 31, 23, 59, 59, 999999)
BIG = 2**63 - 1

CASES: dict[str, tuple[Write, str, list[Any]]] = {
    "tiny": (by_duckdb("-7::TINYINT", "NULL"), "integer", [-7, None]),
    "unsigned of 8 bits": (by_duckdb("255::UTINYINT"), "integer", [255]),
    "unsigned of 16 bits": (by_duckdb("65535::USMALLINT"), "money", [Decimal("65535.00")]),
    "unsigned of 32 bits": (by_duckdb("4294967295::UINTEGER"), "integer", [2**32 - 1]),
    "unsigned of 64 bits": (by_duckdb(f"{BIG}::UBIGINT"), "integer", [BIG]),
    "the least and the greatest": (by_duckdb(f"({-BIG} - 1)::BIGINT", f"{BIG}::BIGINT"), "integer", [-BIG - 1, BIG]),
    "128 bits": (by_duckdb("7::HUGEINT"), "integer", [7]),
    "whole doubles": (
        by_duckdb("7::DOUBLE", "-0.0::DOUBLE", "'nan'::DOUBLE", "'-inf'::DOUBLE"),
        "integer",
        [7, 0, None, None],
    ),
    "whole decimals": (by_duckdb("7::DECIMAL(38, 0)", "1.00::DECIMAL(38, 0)"), "integer", [7, 1]),
    "whole decimals with places": (by_duckdb("7.00::DECIMAL(9, 2)"), "integer", [7]),
    "floats": (by_duckdb("0.1::FLOAT", "'nan'::FLOAT"), "number", [0.10000000149011612, None]),
    "floats as money": (by_duckdb("0.1::FLOAT", "-1.5::FLOAT"), "money", [Decimal("0.10"), Decimal("-1.50")]),
    "dust": (by_duckdb("1.8e-15::DOUBLE", "2.675::DOUBLE + 1e-9"), "money(3)", [Decimal("0.000"), Decimal("2.675")]),
    "floats as percent": (by_duckdb("0.1::FLOAT"), "percent", [0.100000001]),
    "points": (by_duckdb("18.01::DECIMAL(5, 2)", "-0.05::DECIMAL(5, 2)"), "percent in points", [0.1801, -0.0005]),
    "decimals of 4 bytes": (
        by_arrow([Decimal("1.5")], pyarrow.decimal128(5, 1), store_decimal_as_integer=True),
        "money",
        [Decimal("1.50")],
    ),
    "decimals of 8 bytes": (
        by_arrow([Decimal("1.5")], pyarrow.decimal128(15, 1), store_decimal_as_integer=True),
        "money",
        [Decimal("1.50")],
    ),
    "decimals of 16 bytes": (by_arrow([Decimal("-1.50")], pyarrow.decimal128(38, 2)), "money", [Decimal("-1.50")]),
    "decimals as numbers": (by_duckdb("0.1::DECIMAL(20, 10)"), "number", [0.1]),
    "dictionaries": (
        by_arrow(["ø", "b", None, ""], pyarrow.dictionary(pyarrow.int8(), pyarrow.string())),
        "text",
        ["ø", "b", None, ""],
    ),
    "large text": (by_arrow(["ø"], pyarrow.large_string()), "text", ["ø"]),
    "enums": (by_duckdb("'b'::ENUM ('a', 'b')"), 'one of "a", "b"', ["b"]),
    "enums of Polars": (by_polars(["b", None], pl.Enum(["a", "b"])), 'one of "a", "b"', ["b", None]),
    "categories of Polars": (by_polars(["b", None], pl.Categorical()), "text", ["b", None]),
    "identifiers": (
        by_duckdb("'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID"),
        "text",
        ["6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
    ),
    "JSON": (by_duckdb("'\"a\"'::JSON"), "text", ["a"]),
    "nothing": (by_arrow([None, None], pyarrow.null()), "text", [None, None]),
    "truth": (by_arrow([True, None, False], pyarrow.bool_()), "boolean", [True, None, False]),
    "truth in codes": (
        by_duckdb("1::TINYINT", "0::TINYINT", "9::TINYINT"),
        "boolean true when 1 false when 0 missing when 9",
        [True, False, None],
    ),
    "days": (by_arrow([DAY], pyarrow.date32()), "date", [DAY]),
    "days of 64 bits": (by_arrow([DAY], pyarrow.date64()), "date", [DAY]),
    "days as midnights": (by_duckdb(f"TIMESTAMP '{DAY}'"), "date", [DAY]),
    "days as text": (by_duckdb("'29-02-2024'"), 'date written "%d-%m-%Y"', [DAY]),
    "days as numbers": (by_duckdb("20240229"), 'date written "%Y%m%d"', [DAY]),
    "days as times": (by_duckdb(f"DATE '{DAY}'"), "timestamp", [dt.datetime(2024, 2, 29)]),
    "days before 1970": (
        by_duckdb("DATE '0001-01-01'", "DATE '9999-12-31'"),
        "date",
        [dt.date(1, 1, 1), dt.date(9999, 12, 31)],
    ),
    "times of seconds": (by_duckdb("TIMESTAMP_S '2024-02-29 12:00:00'"), "timestamp", [NOON.replace(microsecond=0)]),
    "times of ms": (
        by_arrow([NOON.replace(microsecond=123000)], pyarrow.timestamp("ms")),
        "timestamp",
        [NOON.replace(microsecond=123000)],
    ),
    "times of us": (by_arrow([NOON], pyarrow.timestamp("us")), "timestamp", [NOON]),
    "times of ns": (by_duckdb("TIMESTAMP_NS '2024-02-29 12:00:00.123456789'"), "timestamp", [NOON]),
    "times of ns before 1970": (
        by_duckdb("TIMESTAMP_NS '1969-12-31 23:59:59.999999999'", "make_timestamp_ns(-1000)"),
        "timestamp",
        [LAST, LAST],
    ),
    "times of ns in zones": (by_polars([LAST], pl.Datetime("ns", "Asia/Tokyo")), "timestamp", [LAST]),
    "codes of ns": (
        by_duckdb("TIMESTAMP_NS '2024-02-29 23:59:59.999999999'"),
        "timestamp missing when 2024-03-01",
        [dt.datetime(2024, 2, 29, 23, 59, 59, 999999)],
    ),
    "times of 96 bits": (
        by_arrow([NOON], pyarrow.timestamp("us"), use_deprecated_int96_timestamps=True),
        "timestamp",
        [NOON],
    ),
    **{
        f"times of {unit} in Tokyo": (
            by_arrow([NOON.replace(microsecond=0)], pyarrow.timestamp(unit, "Asia/Tokyo")),
            "timestamp",
            [NOON.replace(microsecond=0)],
        )
        for unit in ("ms", "us", "ns")
    },
    "midnights in UTC": (by_duckdb(f"TIMESTAMPTZ '{DAY} 00:00:00+00'"), "date", [DAY]),
}


@pytest.mark.parametrize("case", CASES)
def test_values(project: Project, case: str) -> None:
    write, declared, values = CASES[case]
    project.rules(RULES.format(declared=declared))
    (project.folder / "data").mkdir()
    write(project.folder / "data" / "t.parquet")
    project.data = {"t": '"data/t.parquet"'}
    found = project.assigned(project.run(values=True), "k, v")
    assert found == list(enumerate(values, 1))
    assert [type(value) for _, value in found] == [type(value) for value in values]


# -- several files -------------------------------------------------------------------------------------------------


def test_files_whose_types_differ(project: Project) -> None:
    """Each has the narrowest type for its values, as exports do."""
    project.rules(RULES.format(declared="money"))
    parts = project.folder / "data" / "t"
    parts.mkdir(parents=True)
    for number, value in enumerate(("7::TINYINT", "1.25::DECIMAL(4, 2)", "100000::INTEGER"), 1):
        duckdb.connect().execute(f"COPY (SELECT {number} AS k, {value} AS v) TO '{parts}/{number}.parquet'")
    project.data = {"t": '"data/t"'}
    found = project.assigned(project.run(values=True), "k, v")
    assert found == [(1, Decimal("7.00")), (2, Decimal("1.25")), (3, Decimal("100000.00"))]


def test_folders_that_name_a_value(project: Project) -> None:
    """`v=NL/…`: a column that no file has; and one that the files have too, and that folders do not change."""
    project.rules(RULES.format(declared="text"))
    for k, place in ((1, "NL"), (2, "ø")):
        folder = project.folder / "data" / "t" / f"v={place}"
        folder.mkdir(parents=True)
        duckdb.connect().execute(f"COPY (SELECT {k} AS k) TO '{folder}/part.parquet' (FORMAT parquet)")
    project.data = {"t": '"data/t"'}
    assert project.assigned(project.run(values=True), "k, v") == [(1, "NL"), (2, "ø")]


def test_folders_that_name_something_else(project: Project) -> None:
    project.rules(RULES.format(declared="integer"))
    for k in (1, 2):
        folder = project.folder / "data" / "t" / f"year=202{k}"
        folder.mkdir(parents=True)
        duckdb.connect().execute(f"COPY (SELECT {k} AS k, {k} AS v) TO '{folder}/part.parquet' (FORMAT parquet)")
    project.data = {"t": '"data/t"'}
    assert project.assigned(project.run(values=True), "k, v") == [(1, 1), (2, 2)]


# -- files that are damaged ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [0, 3, 200])
def test_a_file_without_its_end(project: Project, kept: int) -> None:
    project.rules(RULES.format(declared="integer"))
    project.query("t", "SELECT i AS k, i AS v FROM range(10000) AS t(i)")
    file = project.folder / "data" / "t.parquet"
    file.write_bytes(file.read_bytes()[:kept])
    assert sentences(project.violations()) == ["`t.parquet` is not a Parquet file, or damaged"]


def test_a_file_with_a_damaged_middle(project: Project) -> None:
    """The end tells what should be there; the rows are not."""
    project.rules(RULES.format(declared="integer"))
    project.query("t", "SELECT i AS k, hash(i) % 1000 AS v FROM range(100000) AS t(i)")
    file = project.folder / "data" / "t.parquet"
    whole = bytearray(file.read_bytes())
    whole[1000:200_000] = bytes(199_000)
    file.write_bytes(whole)
    with pytest.raises((DataError, EngineError)) as caught:
        project.run()
    assert "hash" not in caught.value.message
    assert not project.out.exists()
