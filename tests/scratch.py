"""An engine at hand for what tests write and read by themselves: opening one takes longer than most of that."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb


@contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to it in UTC, whose temporary tables are its own."""
    with _engine().cursor() as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    atexit.register(_engine.cache_clear)  # else DuckDB says that it leaks
    # Tests write other content into files of the same name.
    return duckdb.connect(":memory:", config={"threads": 1, "enable_external_file_cache": "false"})
