"""One pass for assignments and measures: the engine writes one wide file, from which both are taken."""

from __future__ import annotations

from pathlib import Path

import duckdb

from ...compiler.assignment import Options, projected, wide_options
from ...compiler.duckdb.relation import Relation
from ...compiler.plan import Binding, Population
from ..connection import engine_error, file_text, quoted, text
from ..engines.engine import Engine


def write_assignments(
    engine: Engine,
    con: duckdb.DuckDBPyConnection,
    population: Population,
    binding: Binding,
    wanted: Options,
    file: Path,
    work: Path,
) -> tuple[Relation, Options]:
    """Writes the assignments of a population as Parquet; gives the relation with all that it is measured by, and the
    options that this was written with. `work` is for the file behind it. Raises as an `Engine` does."""
    wide = wide_options(population, wanted)
    if wide == wanted:
        engine.assign(population, binding, wanted, file)
        return _relation(con, file), wide
    measured = work / f"measured {population.table}.parquet"
    engine.assign(population, binding, wide, measured)
    relation = _relation(con, measured)
    columns = projected(population, engine.program, wide, wanted)
    terms = ", ".join(f"{quoted(there)} AS {quoted(here)}" for there, here in columns)
    try:
        con.execute(f"SET preserve_insertion_order = {str(wanted.sorted).lower()}")
        con.execute(f"COPY (SELECT {terms} FROM {relation.source}) TO {text(file)} (FORMAT parquet)")
    except duckdb.Error as problem:
        raise engine_error(problem, f"writing the assignments of `{population.table}`") from problem
    return relation, wide


def write_measured(
    engine: Engine,
    con: duckdb.DuckDBPyConnection,
    population: Population,
    binding: Binding,
    options: Options,
    file: Path,
) -> Relation:
    """Writes the assignments of a population with what the options ask for, and gives the relation that holds them.
    Raises as an `Engine` does."""
    engine.assign(population, binding, options, file)
    return _relation(con, file)


def _relation(con: duckdb.DuckDBPyConnection, file: Path) -> Relation:
    source = f"read_parquet({file_text(file)})"
    columns = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return Relation(source, {name: type for name, type, *_ in columns})
