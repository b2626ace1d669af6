"""From the inputs of a run to lazy frames.

Parquet files are scanned where they lie if Polars sees in them what DuckDB sees. What is parsed from text, tables of a
database, and files that differ among themselves are written once, as values under contract, into Parquet files in the
run's own folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl
from sqlglot import exp

from ...compiler.duckdb.columns import column_value
from ...compiler.duckdb.relation import Relation
from ...compiler.names import Names
from ...compiler.plan import ColumnRead
from ...compiler.polars.table import Table, Tables, table_of
from ...dsl.program import Field, Program
from ..connection import quoted, text
from ..sources import Input

_SEEN_AS: Mapping[str, tuple[pl.DataType | type[pl.DataType], ...]] = {
    "TINYINT": (pl.Int8,),
    "SMALLINT": (pl.Int16,),
    "INTEGER": (pl.Int32,),
    "BIGINT": (pl.Int64,),
    "UTINYINT": (pl.UInt8,),
    "USMALLINT": (pl.UInt16,),
    "UINTEGER": (pl.UInt32,),
    "UBIGINT": (pl.UInt64,),
    "FLOAT": (pl.Float32,),
    "DOUBLE": (pl.Float64,),
    "VARCHAR": (pl.String, pl.Categorical, pl.Enum),
    "BOOLEAN": (pl.Boolean,),
    "DATE": (pl.Date,),
    "TIMESTAMP_MS": (pl.Datetime("ms"),),
    "TIMESTAMP": (pl.Datetime("us"), pl.Datetime("ms")),
    "TIMESTAMP_NS": (pl.Datetime("ns"),),
}
"""What Polars may call a column of a Parquet file to which DuckDB gives a type."""
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


def polars_tables(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    columns: Iterable[ColumnRead],
    inputs: Mapping[str, Input],
    before: Mapping[str, Relation],
    work: Path,
) -> Tables:
    """A table for each input, and for each relation of the run before by its name. `inputs` keep their contracts."""
    read: dict[str, list[Field]] = {}
    for column in columns:
        read.setdefault(column.table, []).append(program.table(column.table).field_named(column.field))
    tables: dict[str, Table] = {}
    for number, (name, input) in enumerate(inputs.items()):
        scanned = _scanned(read[name], input)
        tables[name] = scanned or _with_values(con, read[name], input.relation, work / f"values {number}.parquet")
    for number, (name, relation) in enumerate(before.items()):
        tables[name] = table_of(_written(con, f"FROM {relation.source}", work / f"before {number}.parquet"))
    return tables


def _written(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> pl.LazyFrame:
    con.execute(f"COPY ({query}) TO {text(file)} (FORMAT parquet)")
    return pl.scan_parquet(file, glob=False)


def _with_values(con: duckdb.DuckDBPyConnection, fields: list[Field], relation: Relation, file: Path) -> Table:
    """The values of the fields, of which several may be kept in one column."""
    names = Names()
    held = {field.name: names.fresh(field.name) for field in fields}
    terms = [
        f"{column_value(field, relation.columns[field.column], _raw(field)).sql(dialect='duckdb')} "
        f"AS {quoted(held[field.name])}"
        for field in fields
    ]
    return table_of(_written(con, f"SELECT {', '.join(terms)} FROM {relation.source}", file), held)


def _raw(field: Field) -> exp.Expr:
    return exp.column(field.column, quoted=True)


# -- Parquet files as they lie -------------------------------------------------------------------------------------


def _scanned(fields: list[Field], input: Input) -> Table | None:
    """The files as they lie; None where Polars and DuckDB could see different things in them."""
    if input.format not in ("parquet", "frame"):
        return None
    wanted = list(dict.fromkeys(field.column for field in fields))
    if any(_in_folders(file, wanted) for file in input.files):
        return None
    schemas = list(_schemas(input.files, wanted))
    if any(schema is None or schema != schemas[0] for schema in schemas):
        return None
    frame = pl.scan_parquet(list(input.files), glob=False, hive_partitioning=False, extra_columns="ignore")
    table = table_of(frame.select(wanted))
    return table if all(_alike(input.relation.columns[name], table.types[name]) for name in wanted) else None


def _in_folders(file: Path, wanted: Iterable[str]) -> bool:
    """Whether the name of a folder gives a wanted column its value: `country=NL`."""
    named = {part.split("=", 1)[0].casefold() for part in file.parent.parts if "=" in part}
    return any(name.casefold() in named for name in wanted)


def _schemas(files: Iterable[Path], wanted: list[str]) -> Iterator[list[pl.DataType] | None]:
    """The types of the wanted columns in each file; None where it lacks one."""
    for file in files:
        schema = pl.scan_parquet(file, glob=False, hive_partitioning=False).collect_schema()
        yield [schema[name] for name in wanted] if all(name in schema for name in wanted) else None


def _alike(in_duckdb: str, in_polars: pl.DataType) -> bool:
    decimal = _DECIMAL.fullmatch(in_duckdb)
    if decimal is not None:
        return in_polars == pl.Decimal(int(decimal[1]), int(decimal[2]))
    if in_duckdb in ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS"):
        return isinstance(in_polars, pl.Datetime) and in_polars.time_zone is not None
    return any(in_polars == type for type in _SEEN_AS.get(in_duckdb, ()))
