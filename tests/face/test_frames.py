"""Data that Python programs hand over: frames and streams of all sorts, on every engine."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars as pl
import pyarrow
import pytest
from face.conftest import Folder

import segwright as sw
from segwright.runtime.engines.names import ENGINES, EngineName
from segwright.runtime.errors import DataError, EngineError, SettingsError
from segwright.runtime.frames import is_frame

RULES = """
table customers key customer_id
  customer_id integer
  age         integer optional
  name        text optional
  seen        timestamp optional
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      money
let paid = sum of amount from payments in last 6 months
segmentation kind of customers
  first match wins
  segment rich  when paid > 100
  segment old   when age > 60 and seen > 2020-01-01
  segment named when name is known
  otherwise other
"""
SEEN = dt.datetime(2020, 1, 1, 23, 59, 59)
CUSTOMERS = pl.DataFrame(
    {"customer_id": [1, 2, 3, 4], "age": [70, 20, None, 70], "name": ["a", None, "ø", None], "seen": [SEEN] * 4}
)
LATER = CUSTOMERS.with_columns(seen=pl.lit(SEEN + dt.timedelta(seconds=1)))
PAYMENTS = pl.DataFrame(
    {
        "customer_id": [2, 1, 9],
        "paid_on": [dt.date(2026, 8, 1)] * 3,
        "amount": pl.Series([Decimal("100.01"), Decimal("100.00"), Decimal("1.00")], dtype=pl.Decimal(9, 2)),
    }
)
ASSIGNED = [(1, "old", 2), (2, "rich", 1), (3, "named", 3), (4, "old", 2)]


@pytest.fixture
def project(folder: Folder) -> sw.Project:
    """A project that names no data."""
    folder.rules(RULES)
    folder.settings()
    return sw.open(folder.path)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> EngineName:
    return request.param


def relation(frame: pl.DataFrame) -> duckdb.DuckDBPyRelation:
    """A relation of a connection of its own."""
    return duckdb.connect().from_arrow(frame.to_arrow())


class Stream:
    """What nobody knows, and speaks the Arrow C stream."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.asked = 0

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        self.asked += 1
        return self.frame.__arrow_c_stream__(requested_schema)


WAYS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "lazy": lambda frame: frame.lazy(),
    "arrow": lambda frame: frame.to_arrow(),
    "batch": lambda frame: frame.to_arrow().combine_chunks().to_batches()[0],
    "reader": lambda frame: frame.to_arrow().to_reader(),
    "pandas": lambda frame: frame.to_pandas(),
    "pandas of arrow": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    "relation": relation,
    "stream": Stream,
}


def assigned(run: sw.Run) -> list[tuple[Any, ...]]:
    return run.assignments.order("customer_id").fetchall()


@pytest.mark.parametrize("way", WAYS)
def test_every_sort_of_frame_gives_the_same(project: sw.Project, way: str, engine: EngineName) -> None:
    run = project.run(customers=WAYS[way](LATER), payments=WAYS[way](PAYMENTS), engine=engine)
    assert assigned(run) == ASSIGNED
    customers, payments = run.manifest.inputs
    assert (customers.format, customers.place, customers.rows) == ("frame", "a frame of 4 rows", 4)
    assert (payments.format, payments.place, payments.rows) == ("frame", "a frame of 3 rows", 3)
    assert [note.message for note in run.manifest.notes] == [
        "1 row of `payments` belongs to no row of `customers` and is ignored"
    ]
    assert not list(project.settings.out.rglob("frame*")), "what was written on the way is gone"


def test_a_stream_is_asked_once(project: sw.Project, engine: EngineName) -> None:
    stream = Stream(LATER)
    project.run(customers=stream, payments=PAYMENTS, engine=engine)
    assert stream.asked == 1


def test_frames_and_paths_mix(project: sw.Project, engine: EngineName) -> None:
    PAYMENTS.write_parquet(project.settings.folder / "payments.parquet")
    path = project.settings.folder / "payments.parquet"
    for run in (
        project.run(data={"customers": LATER, "payments": path}, engine=engine),
        project.run(data={"customers": LATER}, payments=str(path), engine=engine),
        project.run(customers=LATER.lazy(), payments=PAYMENTS.to_arrow(), engine=engine),
    ):
        assert assigned(run) == ASSIGNED


def test_a_table_that_is_called_like_an_option(folder: Folder, engine: EngineName) -> None:
    folder.rules(
        "table values key k\n  k integer\nsegmentation s of values\n  first match wins\n"
        "  segment big when k > 1\n  otherwise small\n"
    )
    folder.settings()
    run = sw.open(folder.path).run(data={"values": pl.DataFrame({"k": [1, 2]})}, values=True, engine=engine)
    assert run.assignments.order("k").fetchall() == [(1, "small", 2, 1), (2, "big", 1, 2)]


def test_an_explanation_of_frames(project: sw.Project) -> None:
    explained = project.explain(1, customers=CUSTOMERS, payments=PAYMENTS.lazy())
    assert explained.segmentations[0].assigned == ("named",), "the last second of the date is not after it"
    explained = project.explain(1, data={"customers": LATER}, payments=PAYMENTS)
    assert explained.segmentations[0].assigned == ("old",)


def test_a_run_is_explained_from_the_frames_that_it_was_given(project: sw.Project, engine: EngineName) -> None:
    run = project.run(customers=LATER.lazy(), payments=PAYMENTS.to_pandas(), engine=engine)
    explained = run.explain(1)
    assert (explained.segmentations[0].assigned, explained.notes) == (("old",), ())
    other = run.explain(1, customers=CUSTOMERS)
    assert other.notes == (
        "the data of `customers` is no longer what the run read; this explains it as it is now",
        "the run assigned `old` in `kind`, not `named`",
    )
    opened = project.open_run()
    assert opened.explain(1, customers=LATER, payments=PAYMENTS.to_pandas()).notes == ()
    with pytest.raises(SettingsError, match="the rules read `customers`, but"):
        opened.explain(1)


def test_a_stream_that_was_read_is_not_taken_for_no_rows(project: sw.Project, engine: EngineName) -> None:
    reader = LATER.to_arrow().to_reader()
    run = project.run(customers=reader, payments=PAYMENTS, engine=engine)
    message = "the stream given for `customers` was read before and is at its end: give a new one"
    for again in (
        lambda: run.explain(1),
        lambda: project.run(customers=reader, payments=PAYMENTS, engine=engine),
        lambda: project.explain(1, customers=reader, payments=PAYMENTS),
    ):
        with pytest.raises(SettingsError, match=message):
            again()
    assert run.explain(1, customers=LATER.to_arrow().to_reader()).segmentations[0].assigned == ("old",)


@pytest.mark.parametrize("way", ["polars", "lazy", "reader", "pandas"])
def test_frames_without_rows(project: sw.Project, way: str, engine: EngineName) -> None:
    for _ in range(2):
        run = project.run(customers=WAYS[way](LATER.clear()), payments=WAYS[way](PAYMENTS.clear()), engine=engine)
        assert assigned(run) == []
        assert "`customers` holds no rows (a frame of 0 rows)" in [note.message for note in run.manifest.notes]


def test_the_same_rows_have_the_same_fingerprint(project: sw.Project) -> None:
    parts = pl.concat([LATER[:1], LATER[1:]], rechunk=False)

    def prints(customers: Any) -> list[str]:
        return [each.sha256 for each in project.run(customers=customers, payments=PAYMENTS).manifest.inputs]

    first = prints(LATER)
    assert first == prints(parts) == prints(parts.lazy().filter(pl.col("customer_id") > 0))
    assert first[0] != prints(CUSTOMERS)[0]
    assert first[0] != prints(LATER.reverse())[0]


# -- types ---------------------------------------------------------------------------------------------------------

TYPED = """
table things key k
  k      integer
  value  {type} optional
segmentation s of things
  first match wins
  segment yes when value {asked}
  otherwise no
"""
NOON = dt.datetime(2026, 3, 1, 12)
TYPES: dict[str, tuple[pl.Series, str, str]] = {
    "UInt64": (pl.Series([7, 8], dtype=pl.UInt64), "integer", "= 7"),
    "Int128": (pl.Series([-7, 8], dtype=pl.Int128), "integer", "= -7"),
    "UInt128": (pl.Series([7, 8], dtype=pl.UInt128), "number", "= 7"),
    "Int8": (pl.Series([-7, 8], dtype=pl.Int8), "money", "= -7"),
    "Float16": (pl.Series([0.5, float("nan")], dtype=pl.Float16), "percent", "= 50%"),
    "Float32": (pl.Series([0.5, float("inf")], dtype=pl.Float32), "number", "= 0.5"),
    "Decimal of 38": (pl.Series([Decimal("0.10"), None], dtype=pl.Decimal(38, 2)), "money", "= 0.10"),
    "Categorical": (pl.Series(["ø", "b"], dtype=pl.Categorical), "text", 'is "ø"'),
    "Enum": (pl.Series(["ø", "b"], dtype=pl.Enum(["b", "ø"])), 'one of "b", "ø"', 'is "ø"'),
    "Null": (pl.Series([None, None]), "integer", "is known"),
    "Boolean": (pl.Series([True, None]), "boolean", "= true"),
    "Datetime of ms": (pl.Series([NOON, None], dtype=pl.Datetime("ms")), "timestamp", "= 2026-03-01"),
    "Datetime of ns": (pl.Series([NOON, None], dtype=pl.Datetime("ns")), "timestamp", "= 2026-03-01"),
    **{
        f"Datetime of {unit} in Tokyo": (
            # Midnight in Tokyo is a date earlier in UTC.
            pl.Series([dt.datetime(2026, 3, 2), None], dtype=pl.Datetime(unit)).dt.replace_time_zone("Asia/Tokyo"),
            "timestamp",
            "= 2026-03-01",
        )
        for unit in ("ms", "us", "ns")
    },
}


@pytest.mark.parametrize("way", ["polars", "arrow"])
@pytest.mark.parametrize("type", TYPES)
def test_types_of_polars(folder: Folder, type: str, way: str, engine: EngineName) -> None:
    if way == "arrow" and type in ("Int128", "UInt128", "Float16"):
        pytest.skip("a type of which Arrow, or DuckDB's Arrow, knows nothing")
    values, declared, asked = TYPES[type]
    folder.rules(TYPED.format(type=declared, asked=asked))
    folder.settings()
    frame = pl.DataFrame({"k": [1, 2], "value": values})
    run = sw.open(folder.path).run(things=WAYS[way](frame), engine=engine)
    first = "no" if type == "Null" else "yes"
    assert [segment for _, segment, _ in run.assignments.order("k").fetchall()] == [first, "no"]


def test_sums_of_duckdb_are_whole_numbers(project: sw.Project, engine: EngineName) -> None:
    """A sum in DuckDB has 128 bits."""
    customers = duckdb.sql("SELECT sum(i) AS customer_id, NULL AS age, 'a' AS name, NULL AS seen FROM range(3) t(i)")
    assert assigned(project.run(customers=customers, payments=PAYMENTS, engine=engine)) == [(3, "named", 3)]


ODD: dict[str, Any] = {
    "object": LATER.with_columns(age=pl.Series([object()] * 4, dtype=pl.Object)),
    "duration": LATER.with_columns(age=pl.lit(dt.timedelta(days=1))),
    "time": LATER.with_columns(age=pl.lit(dt.time(1))),
    "list": LATER.with_columns(age=pl.lit([1])),
    "struct": LATER.with_columns(age=pl.struct("customer_id")),
    "struct in Arrow": LATER.with_columns(age=pl.struct("customer_id")).to_arrow(),
    "mixed": LATER.to_pandas().assign(age=[1, "x", None, 2]),
}


@pytest.mark.parametrize("odd", ODD)
def test_columns_that_no_field_can_have(project: sw.Project, odd: str, engine: EngineName) -> None:
    with pytest.raises(DataError) as caught:
        project.run(customers=ODD[odd], payments=PAYMENTS, engine=engine)
    (violation,) = caught.value.violations
    assert violation.sentence == "`age` is declared integer, but the column holds something that is no single value"
    assert not project.settings.out.exists()


@pytest.mark.parametrize("odd", ODD)
def test_columns_that_nobody_reads_may_hold_anything(project: sw.Project, odd: str, engine: EngineName) -> None:
    frame = ODD[odd]
    if isinstance(frame, pl.DataFrame):
        frame = frame.rename({"age": "odd"}).with_columns(LATER["age"])
    elif isinstance(frame, pyarrow.Table):
        frame = frame.rename_columns(["customer_id", "odd", "name", "seen"]).append_column(
            "age", LATER["age"].to_arrow()
        )
    else:
        frame = frame.rename(columns={"age": "odd"}).assign(age=LATER["age"].to_pandas())
    assert assigned(project.run(customers=frame, payments=PAYMENTS, engine=engine)) == ASSIGNED


def test_numbers_beyond_64_bits(project: sw.Project, engine: EngineName) -> None:
    customers = LATER.with_columns(age=pl.lit(2**100, dtype=pl.Int128))
    with pytest.raises(DataError) as caught:
        project.run(customers=customers, payments=PAYMENTS, engine=engine)
    assert [violation.sentence for violation in caught.value.violations] == [
        f'`age`: 4 rows hold a number too large for integer (found "{2**100}"); customer_id 1, 2, 3, 4'
    ]
    assert "`customers` in a frame of 4 rows" in caught.value.message


# -- pandas --------------------------------------------------------------------------------------------------------


def test_pandas_with_its_key_as_index_and_numbers_as_names(project: sw.Project, engine: EngineName) -> None:
    customers = LATER.to_pandas().set_index("customer_id").assign(mess=[1, "x", None, [2]])
    customers[7] = 1
    assert assigned(project.run(customers=customers, payments=PAYMENTS, engine=engine)) == ASSIGNED


def test_pandas_with_a_column_twice(project: sw.Project, engine: EngineName) -> None:
    customers = LATER.to_pandas()
    customers.columns = ["customer_id", "age", "age", "seen"]
    with pytest.raises(DataError, match="two columns are called `age`: rename one"):
        project.run(customers=customers, payments=PAYMENTS, engine=engine)


def test_pandas_without_columns(project: sw.Project, engine: EngineName) -> None:
    with pytest.raises(DataError) as caught:
        project.run(customers=pandas.DataFrame(), payments=PAYMENTS, engine=engine)
    assert [violation.sentence for violation in caught.value.violations] == [
        f"there is no column `{name}`" for name in ("customer_id", "age", "name", "seen")
    ]


# -- what cannot be followed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [[1, 2], 7, None, "", {"a": [1]}, len])
def test_what_is_no_data(project: sw.Project, given: object) -> None:
    with pytest.raises(SettingsError, match="what is given for `customers` is no data: give a path, a Polars frame"):
        project.run(customers=given, payments=PAYMENTS)


@pytest.mark.parametrize(
    "given, message",
    [
        ({"custmers": LATER}, "`custmers` is no table that a rule file declares, and no option; did you mean"),
        ({"asof": LATER}, "`asof` is no table that a rule file declares, and no option; did you mean `as_of`?"),
        ({"x": LATER}, "`x` is no table that a rule file declares, and no option"),
        ({"data": {"custmers": LATER}}, "data is given for `custmers`, which no rule file declares; did you mean"),
        ({"data": {"customers": LATER}, "customers": LATER}, "data is given for `customers` twice"),
        ({"customers": LATER}, "the rules read `payments`, but `[data]` in segwright.toml does not say where it lies"),
    ],
)  # fmt: skip
def test_names_that_cannot_be_followed(project: sw.Project, given: dict[str, Any], message: str) -> None:
    for asked in (project.run, lambda **given: project.explain(1, **given)):
        with pytest.raises(SettingsError) as caught:
            asked(**given)
        assert message in caught.value.message
    assert not project.settings.out.exists()


@pytest.mark.parametrize("way", ["polars", "lazy", "arrow", "pandas"])
def test_a_missing_column(project: sw.Project, way: str, engine: EngineName) -> None:
    customers = WAYS[way](LATER.rename({"name": "naam"}))
    with pytest.raises(DataError, match='there is no column `name`; if `naam` is meant, declare `name … as "naam"`'):
        project.run(customers=customers, payments=PAYMENTS, engine=engine)


def broken(batches: int) -> pyarrow.RecordBatchReader:
    """A reader that breaks after so many batches."""

    def all_batches() -> Iterator[pyarrow.RecordBatch]:
        yield from LATER.to_arrow().to_batches(max_chunksize=1)[:batches]
        raise RuntimeError("Mrs Jansen")

    return pyarrow.RecordBatchReader.from_batches(LATER.to_arrow().schema, all_batches())


def test_frames_that_fail_while_they_are_read(project: sw.Project, engine: EngineName) -> None:
    for frame in (
        broken(0),
        broken(2),
        LATER.lazy().with_columns(age=pl.col("nope")),
        LATER.lazy().filter(pl.col("name").cast(pl.Int64) > 0),
    ):
        with pytest.raises(EngineError) as caught:
            project.run(customers=frame, payments=PAYMENTS, engine=engine)
        assert caught.value.message == "the frame given for `customers` failed while it was read"
        assert caught.value.__cause__ is not None, "what it was stands above it"
        assert not project.settings.out.exists()


def test_a_type_that_cannot_be_read(project: sw.Project, engine: EngineName) -> None:
    customers = LATER.to_arrow().append_column("half", pyarrow.array([1.0] * 4, pyarrow.float16()))
    with pytest.raises(
        SettingsError, match="the frame given for `customers` has a column of a type that cannot be read"
    ):
        project.run(customers=customers, payments=PAYMENTS, engine=engine)


def test_what_a_frame_is() -> None:
    assert all(is_frame(way(LATER)) for way in WAYS.values())
    assert not any(is_frame(other) for other in ([1], "x", Path(), 1, None, {"a": 1}))


def test_frames_ask_for_no_pandas_and_arrow(folder: Folder) -> None:
    """A run over frames of Polars and of a stranger imports neither."""
    script = """
import sys
sys.modules |= dict.fromkeys(("pandas", "pyarrow", "numpy"))  # as if they were not there
import polars as pl, segwright as sw
class Stream:
    def __init__(self, frame):
        self.frame = frame
    def __arrow_c_stream__(self, requested_schema=None):
        return self.frame.__arrow_c_stream__(requested_schema)
frame = pl.DataFrame({"k": [1, 2]})
for engine in ("duckdb", "polars"):
    for given in (frame, frame.lazy(), Stream(frame)):
        print(sw.open(sys.argv[1]).run(things=given, engine=engine).manifest.assignments["things"].rows)
"""
    folder.rules(
        "table things key k\n  k integer\nsegmentation s of things\n  first match wins\n"
        "  segment a when k > 1\n  otherwise b\n"
    )
    folder.settings()
    command = [sys.executable, "-c", script, folder.path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["2"] * 6), done.stderr


def test_the_sample_of_the_page(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (repository / "docs" / "engines.md").read_text(encoding="utf-8")
    (sample,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "project").mkdir()
    folder = Folder(tmp_path / "project")
    folder.rules(re.sub(r"(?m)^  (name|seen) .*\n|^  segment (old|named) .*\n", "", RULES).replace("> 100", "= 12"))
    folder.settings()
    monkeypatch.chdir(tmp_path)
    exec(compile(sample, "engines.md", "exec"), {})
    said = capsys.readouterr().out
    assert "rich" in said
    assert "other" in said
