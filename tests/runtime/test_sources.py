"""The same data in every format, and what is said of data that cannot be had."""

import gzip
from pathlib import Path

import duckdb
import pytest
from runtime.projects import Project, sentences

from segwright.runtime.errors import SettingsError

pytestmark = pytest.mark.usefixtures("on_every_engine")

RULES = """
table customers key customer_id
  customer_id integer
  name        text
  age         integer optional
  income      money
  share       percent in points
  vip         boolean
  since       date
  seen        timestamp optional
  region      text optional as "RGN CD"
segmentation s of customers
  first match wins
  segment young  when age is known and age < 30 and vip
  segment rich   when income > 1000.5 and share > 10%
  segment early  when since < 2020-03-01 and name starts with "A"
  segment absent when seen is missing and region is known
  segment late   when seen is known and seen > 2026-01-31
  otherwise other
"""
ROWS = """
SELECT * FROM (VALUES
  (1, 'Ann', 29, 1000.50, 18.01, true,  DATE '2020-02-29', TIMESTAMP '2026-01-31 23:59:59.5', NULL),
  (2, 'Bob', 30, 1000.51, 10.01, true,  DATE '2020-02-29', NULL, 'N, "W"'),
  (3, 'Ana', NULL, 0.00, 0.00, false,  DATE '2020-02-29', NULL, ''),
  (4, 'Éva', NULL, 0.00, 0.00, false,  DATE '2020-03-01', NULL, E'two\\nlines'),
  (5, 'Ben', 30, 1e3, 100.0, true,  DATE '2020-03-01', TIMESTAMP '2026-02-01 00:00:00', 'S')
) AS t(customer_id, name, age, income, share, vip, since, seen, "RGN CD")
"""
ASSIGNED = [(1, "young", 1), (2, "rich", 2), (3, "early", 3), (4, "absent", 4), (5, "late", 5)]


@pytest.mark.parametrize(
    "ending", ["parquet", "pq", "csv", "tsv", "csv.gz", "csv.zst", "json", "ndjson", "jsonl.gz", "json.zst", "duckdb"]
)
def test_every_format_gives_the_same(project: Project, ending: str) -> None:
    project.rules(RULES)
    project.query("customers", ROWS, ending)
    run = project.run()
    assert project.assigned(run) == ASSIGNED
    (found,) = run.manifest.inputs
    assert (found.rows, found.files) == (5, 1)
    assert found.bytes > 0


def test_a_view_in_a_database(project: Project) -> None:
    project.rules(RULES)
    project.query("customers", ROWS, "duckdb")
    with duckdb.connect(project.folder / "data" / "warehouse.duckdb") as con:
        con.execute('CREATE VIEW "my customers" AS FROM core.customers')
    project.data["customers"] = '{ duckdb = "data/warehouse.duckdb", table = "my customers" }'
    assert project.assigned(project.run()) == ASSIGNED


@pytest.mark.parametrize("ending", ["parquet", "csv", "json"])
@pytest.mark.parametrize("place", ["data/parts", "data/parts/*/part*"])
def test_folders_and_patterns(project: Project, ending: str, place: str) -> None:
    project.rules(RULES)
    parts = project.folder / "data" / "parts" / "[a]"
    parts.mkdir(parents=True)
    for number in range(1, 6):
        project.query(f"parts/[a]/part{number}", f"FROM ({ROWS}) WHERE customer_id = {number}", ending)
    project.query("parts/_log", "SELECT 1 AS x")
    (parts / ".hidden").write_text("x")
    project.data = {"customers": f'"{place}"'}
    run = project.run()
    assert project.assigned(run) == ASSIGNED
    assert run.manifest.inputs[0].files == 5


def test_columns_of_parts_may_stand_in_any_order(project: Project) -> None:
    project.rules(SMALL)
    (project.folder / "data" / "parts").mkdir(parents=True)
    (project.folder / "data" / "parts" / "a.csv").write_text("id,x\n1,a\n")
    (project.folder / "data" / "parts" / "b.csv").write_text("x;more;id\nb;?;2\n")
    project.data = {"t": '"data/parts"'}
    assert project.assigned(project.run()) == [(1, "found", 1), (2, "other", 2)]


SMALL = """
table t key id
  id integer
  x  text optional
segmentation s of t
  first match wins
  segment found when x is "a"
  otherwise other
"""


@pytest.mark.parametrize(
    "content, assigned",
    [
        ("id,x\n1,a\n", [(1, "found", 1)]),
        ("\ufeffid;x\r\n1;a\r\n2;\r\n", [(1, "found", 1), (2, "other", 2)]),
        ('"id","x"\n1,"a"\n2,""\n', [(1, "found", 1), (2, "other", 2)]),
        ("x|id\na|1\n", [(1, "found", 1)]),
        ("a,b,id\tx\n1,2,3\ta\n", None),
        ("more,id,x\n,1,a", [(1, "found", 1)]),
        ("id,x\n", []),
    ],
)
def test_csv_dialects(project: Project, content: str, assigned: list[tuple[int, str, int]] | None) -> None:
    project.rules(SMALL)
    project.file("t", content)
    if assigned is None:
        assert "there is no column `id`" in project.violations()[0].sentence
    else:
        assert project.assigned(project.run()) == assigned


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "`t.csv` is empty: it has no header line"),
        (b"id,x\n1,a\n2,b,c\n", "line 3 of `t.csv` has 3 cells, the header has 2"),
        (b"id,x\n1,a\n2\n", "line 3 of `t.csv` has 1 cell, the header has 2"),
        (
            b'id,x\n1,"a\n2,b\n',
            "line 2 of `t.csv` has a quotation mark that is not closed, or text after the closing one",
        ),
        (b'id,x\n1,"a"b\n', "line 2 of `t.csv` has a quotation mark that is not closed, or text after the closing one"),
        (b"id,caf\xe9\n1,2\n", "`t.csv` is not UTF-8 text: save the file as UTF-8"),
        ("id,x\n1,2\n".encode("utf-16"), "`t.csv` is not UTF-8 text: save the file as UTF-8"),
        (b"id,x\n1,caf\xe9\n", "line 2 of `t.csv` is not UTF-8 text: save the file as UTF-8"),
        (b"id,x,x\n1,a,b\n", "two columns are called `x`: rename one"),
        (b"id,x,X\n1,a,b\n", "the columns `x` and `X` of `t` differ in upper and lower case only: rename one"),
    ],
)
def test_csv_that_cannot_be_read(project: Project, content: bytes, sentence: str) -> None:
    project.rules(SMALL)
    project.file("t", content)
    assert sentences(project.violations()) == [sentence]


@pytest.mark.parametrize(
    "content, sentence",
    [
        ('{"id": 1, "x": "a"}\n{"id": 2, "x": tru}\n', "line 2 of `t.ndjson` is not valid JSON"),
        ('{"id": 1, "x": "a"}\n[2]\n', "line 2 of `t.ndjson` is not an object with a value for each column"),
        ("[1, 2]", "`t.ndjson` is not an object with a value for each column"),
    ],
)
def test_json_that_cannot_be_read(project: Project, content: str, sentence: str) -> None:
    project.rules(SMALL)
    project.file("t", content, "ndjson")
    assert sentences(project.violations()) == [sentence]


def test_json_that_lacks_a_column_in_some_rows_or_all(project: Project) -> None:
    project.rules(SMALL)
    project.file("t", '{"id": 1}\n{"id": 2, "x": null}\n{"id": 3, "x": "a"}', "ndjson")
    assert project.assigned(project.run()) == [(1, "other", 2), (2, "other", 2), (3, "found", 1)]
    project.file("t", '{"id": 1}\n{"id": 2, "X": "a"}', "ndjson")
    with pytest.raises(Exception, match='there is no column `x`; if `X` is meant, declare `x … as "X"`'):
        project.run()


def test_json_values_of_another_sort(project: Project) -> None:
    project.rules(SMALL)
    project.file("t", '[{"id": "1", "x": "a"}, {"id": 2, "x": 3}]', "json")
    found = project.violations()
    assert sentences(found) == [
        '`id`: 1 row cannot be read as integer (found ""1""); row 1',
        '`x`: 1 row cannot be read as text (found "3"); id 2',
    ]


def test_csv_cells_that_do_not_fit_are_told_by_key_and_value(project: Project) -> None:
    project.rules(RULES)
    header = "customer_id,name,age,income,share,vip,since,seen,RGN CD"
    project.file(
        "customers", f"{header}\n1,A,x,1.005,1,yes,29-02-2020,2026-01-01T10:00Z,\n2,B,1.5,,1,true,2020-02-30,,\n"
    )
    assert sentences(project.violations()) == [
        '`age`: 1 row cannot be read as integer (found "x"); customer_id 1',
        '`age`: 1 row holds a number that is not whole (found "1.5"); customer_id 2',
        "`income`: 1 row has no value, and the field is not `optional`; customer_id 2",
        '`income`: 1 row holds money with more than 2 decimal places (found "1.005"); customer_id 1',
        '`vip`: 1 row cannot be read as boolean (found "yes"); customer_id 1',
        '`since`: 2 rows cannot be read as date (found "2020-02-30", "29-02-2020"); customer_id 1, 2',
    ]


# -- columns -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["parquet", "csv", "duckdb"])
def test_a_missing_column(project: Project, ending: str) -> None:
    project.rules(SMALL.replace("x  text optional", 'x  text optional as "REGION"'))
    project.table("t", "(1, 'a')", 'id, "RGION"', ending)
    assert sentences(project.violations()) == [
        'there is no column `REGION` for `x`; if `RGION` is meant, declare `x … as "RGION"`'
    ]


def test_columns_of_another_type_are_told_without_a_scan(project: Project) -> None:
    project.rules(RULES)
    project.query("customers", ROWS.replace("29,", "'29',").replace(" 30,", " '30',").replace("'Ann'", "'Ann'"))
    (found,) = project.violations()
    assert found.sentence == "`age` is declared integer, but the column holds text"
    assert found.count is None


def test_columns_that_differ_in_case_only(project: Project) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    project.rules(SMALL)
    (project.folder / "data").mkdir()
    pq.write_table(pa.table({"id": [1], "x": ["a"], "X": ["b"]}), project.folder / "data" / "t.parquet")
    project.data["t"] = '"data/t.parquet"'
    assert sentences(project.violations()) == [
        "the columns `x` and `X` of `t` differ in upper and lower case only: rename one"
    ]


def test_a_column_that_one_part_lacks(project: Project) -> None:
    project.rules(SMALL)
    project.query("a", "SELECT 1 AS id, 'a' AS x")
    project.query("b", "SELECT 2 AS id")
    project.data = {"t": '"data"'}
    assert sentences(project.violations()) == ["there is no column `x` in `b.parquet`, unlike other files"]


def test_a_nested_column_is_none(project: Project) -> None:
    project.rules(SMALL)
    project.query("t", "SELECT 1 AS id, {'x': 'a'} AS deep, [1, 2] AS many, MAP {1: 2} AS pairs")
    assert "there is no column `x`" in project.violations()[0].sentence
    project.query("t", "SELECT {'x': 'a'} AS deep, [{'id': 2}] AS many, 1 AS id, 'a' AS x")
    assert project.assigned(project.run()) == [(1, "found", 1)]


# -- places ------------------------------------------------------------------------------------------------------------


def refused(project: Project) -> str:
    with pytest.raises(SettingsError) as caught:
        project.run()
    assert not project.out.exists()
    return caught.value.message


WORKBOOK = "which is neither Parquet, CSV nor JSON: save the sheet as CSV (UTF-8)"


@pytest.mark.parametrize(
    "place, message",
    [
        (
            '"data/customers.parquet"',
            "the data of `t` is not there: data/customers.parquet; did you mean `customer.parquet`?",
        ),
        ('"nowhere/t.csv"', "the data of `t` is not there: nowhere/t.csv"),
        ('"empty"', "the folder for `t` holds no data: empty"),
        ('"data/*.csv"', "no file matches the pattern for `t`: data/*.csv"),
        ('"data/t.xlsx"', f"the data of `t` (data/t.xlsx) holds `t.xlsx`, {WORKBOOK}"),
        ('"data/mixed"', "the data of `t` (data/mixed) holds files of several formats"),
        (
            '{ duckdb = "data/no.duckdb", table = "t" }',
            "the database for `t` is not there: data/no.duckdb, t",
        ),
        (
            '{ duckdb = "data/w.duckdb", table = "core.loan" }',
            "there is no table `core.loan` in data/w.duckdb, core.loan; did you mean `core.loans`?",
        ),
    ],
)
def test_data_that_is_not_there(project: Project, place: str, message: str) -> None:
    project.rules(SMALL)
    data = project.folder / "data"
    (data / "mixed").mkdir(parents=True)
    (project.folder / "empty").mkdir()
    for name in ("customer.parquet", "t.xlsx", "mixed/a.csv", "mixed/b.json"):
        (data / name).touch()
    with duckdb.connect(data / "w.duckdb") as con:
        con.execute("CREATE SCHEMA core; CREATE TABLE core.loans AS SELECT 1 AS id")
    project.data["t"] = place
    assert refused(project) == message


def test_files_that_are_something_else(project: Project) -> None:
    project.rules(SMALL)
    project.file("t", "hello", "parquet")
    assert sentences(project.violations()) == ["`t.parquet` is not a Parquet file, or damaged"]
    (project.folder / "data" / "w.duckdb").write_bytes(b"hello" * 10_000)
    project.data["t"] = '{ duckdb = "data/w.duckdb", table = "t" }'
    assert refused(project).startswith("the database for `t` cannot be opened: ")


def test_a_table_that_the_settings_do_not_name(project: Project) -> None:
    project.rules(SMALL)
    project.data = {"tt": '"data/t.csv"'}
    assert refused(project).split("\n") == [
        "data is given for `tt`, which no rule file declares",
        "the rules read `t`, but `[data]` in segwright.toml does not say where it lies",
    ]


def test_the_database_is_only_read(project: Project, tmp_path: Path) -> None:
    project.rules(RULES)
    project.query("customers", ROWS, "duckdb")
    database = project.folder / "data" / "warehouse.duckdb"
    before = database.read_bytes()
    project.run()
    assert database.read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["warehouse.duckdb"]


def test_gzip_members_are_read_to_the_end(project: Project) -> None:
    project.rules(SMALL)
    project.file("t", gzip.compress(b"id,x\n1,a\n") + gzip.compress(b"2,b\n"), "csv.gz")
    assert project.assigned(project.run()) == [(1, "found", 1), (2, "other", 2)]
