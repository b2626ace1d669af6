"""Data that a Python program hands over: Polars frames, and whatever speaks the Arrow C stream.

A frame is read once: the columns that rules need go into a Parquet file in the run's own folder, and from there on it
is an input like any other. Nothing is held in memory on the way; the same rows give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard, runtime_checkable
from weakref import WeakValueDictionary

import duckdb

from .connection import engine_error, file_text, quoted, text
from .errors import DataError, EngineError, SettingsError, Violation
from .settings import DataEntry, Settings

if TYPE_CHECKING:
    import polars as pl

SHOWN = "a frame"
"""What a frame is called before its rows are counted."""
_ROW_GROUP = 122_880
"""So many rows are written at a time, however they come: what the engine would write itself."""
_NO_SINGLE_VALUE = "INTERVAL"
"""A type that no field can have, for columns that no file can hold."""
_read: WeakValueDictionary[int, Any] = WeakValueDictionary()
"""The frames that gave rows, as long as they live: a stream gives them once, and is silent from then on."""


@runtime_checkable
class ArrowStream(Protocol):
    """What speaks the Arrow C stream (https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


Frame = Any
"""What `is_frame` holds of. Not its type, because Polars need not be there to ask."""


def is_frame(data: object) -> TypeGuard[Frame]:
    """Whether data can be handed over as it is."""
    return _is_polars(data) or isinstance(data, ArrowStream)


def with_given(settings: Settings, given: Mapping[str, object]) -> Settings:
    """The settings with paths, relative to the current folder, and frames by table in place of theirs. Raises
    `SettingsError` for what is neither."""
    return replace(settings, data={**settings.data, **{table: _entry(table, data) for table, data in given.items()}})


def _entry(table: str, data: object) -> DataEntry:
    if isinstance(data, str | Path) and str(data).strip():
        path = str(data).strip()
        return DataEntry(path, path=Path.cwd() / path)
    if is_frame(data):
        return DataEntry(SHOWN, frame=data)
    raise SettingsError(
        f"what is given for `{table}` is no data: give a path, a Polars frame (lazy or not), an Arrow table, or "
        "anything else that speaks the Arrow C stream, as frames of pandas and relations of DuckDB do"
    )


@dataclass(frozen=True, slots=True)
class Written:
    """The file with the wanted columns of a frame that are there, its types, and how many rows it holds; `names` are
    all columns of the frame."""

    file: Path
    source: str
    names: tuple[str, ...]
    types: Mapping[str, str]
    rows: int


def written_frame(
    con: duckdb.DuckDBPyConnection, table: str, wanted: Sequence[str], frame: Frame, work: Path
) -> Written:
    """The wanted columns of a frame, written into a file in `work`; a column may be missing.

    Raises `SettingsError` for a stream that was read before and for types that nothing reads, `DataError` for columns
    that cannot be told apart or hold no single values, and `EngineError` where the frame itself fails."""
    file = work / f"frame {len(list(work.glob('frame *.parquet')))}.parquet"
    columns = list(dict.fromkeys(wanted))
    names, odd = (_write_polars if _is_polars(frame) else _write_stream)(con, table, columns, frame, file)
    source = f"read_parquet({file_text(file)}, hive_partitioning = false)"
    types, rows = dict.fromkeys(odd, _NO_SINGLE_VALUE), 0
    if file.exists():
        types |= {row[0]: row[1] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        rows = con.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
        _check_not_read_before(table, frame, rows)
    return Written(file, source, names, types, rows)


def _check_not_read_before(table: str, frame: Frame, rows: int) -> None:
    if rows:
        with suppress(TypeError):  # what nobody can watch
            _read[id(frame)] = frame
    elif _read.get(id(frame)) is frame:
        raise SettingsError(
            f"the stream given for `{table}` was read before and is at its end: give a new one, or a table or frame, "
            "which can be read again"
        )


# -- Polars ------------------------------------------------------------------------------------------------------------


def _is_polars(data: object) -> bool:
    polars = sys.modules.get("polars")
    return polars is not None and isinstance(data, polars.DataFrame | polars.LazyFrame)


def _write_polars(
    _con: duckdb.DuckDBPyConnection, table: str, wanted: list[str], frame: pl.DataFrame | pl.LazyFrame, file: Path
) -> tuple[tuple[str, ...], list[str]]:
    """Writes what is wanted; the names of all columns, and those among the wanted that no file can hold."""
    import polars as pl

    try:
        lazy = frame.lazy()
        schema = lazy.collect_schema()
        # A duration would be written as a whole number, an object not at all.
        odd = [name for name in wanted if isinstance(schema.get(name), pl.Duration | pl.Object)]
        columns = [_held(name, schema[name]) for name in wanted if name in schema and name not in odd]
        if columns:
            lazy.select(columns).sink_parquet(
                file, row_group_size=_ROW_GROUP, compression="snappy", maintain_order=True, engine="streaming"
            )
    except pl.exceptions.PolarsError as problem:
        raise _failed(table) from problem
    return tuple(schema), odd


def _held(name: str, type: pl.DataType) -> pl.Expr:
    """A column as both engines read it from a file."""
    import polars as pl

    column = pl.col(name)
    match type:
        case pl.Int128() | pl.UInt128():
            return column.cast(pl.Decimal(38, 0))
        case pl.Float16():
            return column.cast(pl.Float32)
        case _:
            return column


# -- streams -----------------------------------------------------------------------------------------------------------


def _write_stream(
    con: duckdb.DuckDBPyConnection, table: str, wanted: list[str], frame: ArrowStream, file: Path
) -> tuple[tuple[str, ...], list[str]]:
    """As `_write_polars`."""
    labels, odd, handed = _of_pandas(table, wanted, frame)
    if handed is None:
        return tuple(labels), odd
    name = f"stream {file.stem}"
    try:
        # The stream itself, asked for once: the second time it may be empty.
        con.register(name, handed.__arrow_c_stream__(None))
        names = [row[0] for row in con.execute(f"DESCRIBE {quoted(name)}").fetchall()]
        columns = ", ".join(quoted(each) for each in wanted if each in names)
        if columns:
            options = f"FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP}"
            con.execute(f"COPY (SELECT {columns} FROM {quoted(name)}) TO {text(file)} ({options})")
    except duckdb.NotImplementedException as problem:
        raise SettingsError(
            f"the frame given for `{table}` has a column of a type that cannot be read: leave it out where no rule "
            "reads it, else give it another type"
        ) from problem
    except (duckdb.IOException, duckdb.OutOfMemoryException) as problem:
        raise engine_error(problem, f"reading the frame given for `{table}`") from problem
    except ImportError as problem:
        raise EngineError(f"the frame given for `{table}` cannot be read: {problem}") from problem
    except Exception as problem:
        raise _failed(table) from problem
    finally:
        con.unregister(name)
    return tuple(dict.fromkeys((*labels, *names))), odd


def _of_pandas(table: str, wanted: list[str], frame: Any) -> tuple[list[str], list[str], ArrowStream | None]:
    """For a frame of pandas the names of its columns and index, those among the wanted that Arrow cannot hold, and the
    frame with the others of the wanted, if any; what nobody reads may hold anything. What else there is stays as it is.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(frame, pandas.DataFrame):
        return [], [], frame
    index = [name for name in frame.index.names if name in wanted and name not in frame.columns]
    frame = frame.reset_index(index) if index else frame
    labels = [str(label) for label in frame.columns]
    doubled = [name for name in wanted if labels.count(name) > 1]
    if doubled:
        sentence = f"two columns are called `{doubled[0]}`: rename one"
        raise DataError([Violation("column", table, None, None, sentence)])
    columns = [name for name in wanted if name in frame.columns]
    odd = [name for name in columns if frame[name].dtype == object and not _is_of_one_type(frame[[name]])]
    kept = [name for name in columns if name not in odd]
    return labels, odd, frame[kept] if kept else None


def _is_of_one_type(column: ArrowStream) -> bool:
    try:
        column.__arrow_c_stream__(None)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _failed(table: str) -> EngineError:
    return EngineError(f"the frame given for `{table}` failed while it was read")
