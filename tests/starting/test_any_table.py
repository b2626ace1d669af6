"""Whatever small table is given: the project checks, is laid out and runs, or it is said why there is none."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from starting.begun import begin

from segwright.runtime.errors import DataError
from segwright.starting.records import Unstartable

NAMES = st.sampled_from(
    [
        *("id", "customer_id", "name", "when", "date", "number", "count", "balance", "rate", "age", "gender", "email"),
        *(
            "paid_on",
            "is_active",
            "Ålder",
            "total amount",
            "2nd",
            "segment",
            "otherwise",
            "score",
            "closed_at",
            "%",
            "x",
        ),
    ]
)

POOLS: list[st.SearchStrategy[str]] = [
    st.integers(-5, 120).map(str),
    st.sampled_from(["0", "1", ""]),
    st.sampled_from(["999", "-1", "3", "4", "5"]),
    st.decimals(0, 1, places=3).map(str),
    st.decimals(-50, 5_000, places=2).map(str),
    st.dates().map(str),
    st.dates().map(lambda day: day.strftime("%d-%m-") + f"{day.year:04}"),
    st.datetimes().map(lambda time: time.isoformat(" ")),
    st.sampled_from(["Y", "N", "N/A"]),
    st.sampled_from(["app", "web", 'a "b"', "c\\d", "été", "", " "]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8),
    st.sampled_from(["1,50", "2.000,00", "1e400", "nan", "12", "00012", "99999999999999999999"]),
]

TYPES = ["VARCHAR", "BIGINT", "DOUBLE", "DECIMAL(18, 2)", "DATE", "TIMESTAMP", "BOOLEAN", "HUGEINT", "TIMESTAMPTZ"]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]], list[str]]:
    """Names, rows of cells, and a type that Parquet may keep each column in."""
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    pools = [draw(st.sampled_from(POOLS)) for _ in names]
    count = draw(st.integers(0, 30))
    cells = [draw(st.lists(pool, min_size=count, max_size=count)) for pool in pools]
    if draw(st.booleans()):
        names, cells = ["row_id", *names], [[str(number) for number in range(count)], *cells]
    return names, [list(row) for row in zip(*cells, strict=True)], [draw(st.sampled_from(TYPES)) for _ in names]


def holds(folder: Path, file: Path) -> None:
    """What `begin` asserts, or a refusal that gives the reason and leaves nothing behind."""
    try:
        begin(folder / "project", file)
        return
    except (Unstartable, DataError) as failure:
        refusal = failure.message
    # Text that no CSV file can hold as it stands is a refusal too.
    assert "no project can be made of this data" in refusal or "`some data.csv`" in refusal
    assert not (folder / "project").exists()


@given(tables())
@settings(max_examples=15)
def test_any_csv(table: tuple[list[str], list[list[str]], list[str]]) -> None:
    names, cells, _ = table
    with TemporaryDirectory() as place:
        file = Path(place) / "some data.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, quoting=csv.QUOTE_ALL).writerows([names, *cells])
        holds(Path(place), file)


@given(tables())
@settings(max_examples=15)
def test_any_parquet(table: tuple[list[str], list[list[str]], list[str]]) -> None:
    names, cells, types = table
    with TemporaryDirectory() as place, duckdb.connect() as con:
        file = Path(place) / "some data.parquet"
        columns = ", ".join(f"c{at} VARCHAR" for at in range(len(names)))
        con.execute(f"CREATE TABLE t ({columns})")
        if cells:
            con.executemany(f"INSERT INTO t VALUES ({', '.join('?' for _ in names)})", cells)
        chosen = ", ".join(
            f'TRY_CAST(c{at} AS {type}) AS "{name}"' for at, (name, type) in enumerate(zip(names, types, strict=True))
        )
        con.execute(f"COPY (SELECT {chosen} FROM t) TO '{file}'")
        holds(Path(place), file)
