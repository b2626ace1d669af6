"""What a table becomes: names, keys, and what belongs to what."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

import duckdb
import pytest
from starting.begun import begin, rows

from segwright.runtime.errors import DataError, SettingsError
from segwright.starting.records import Unstartable
from segwright.starting.starting import start


def put(folder: Path, name: str, text: str) -> Path:
    """A text file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# -- names ---------------------------------------------------------------------------------------------------------


def test_names_that_are_none_are_mapped_and_keywords_stay(tmp_path: Path) -> None:
    names = ["id", "First Order", "first-order", "straße", "2nd", "when", "number", "date", "%", "said ~o~"]
    header = ",".join(f'"{name}"' for name in names)
    lines = [f"{at},{at},{at},a{at},{at},{at},{at},2020-01-{at:02},{at},{at}" for at in range(1, 31)]
    begun = begin(tmp_path / "project", put(tmp_path, "policy.csv", "\n".join([header, *lines]) + "\n"))
    assert begun.program.tables[0].name == "policy_data"
    declared = {name: field.column for name, field in begun.fields("policy_data").items()}
    assert declared == {
        "id": "id",
        "first_order": "First Order",
        "first_order_2": "first-order",
        "straße": "straße",
        "column_2nd": "2nd",
        "when": "when",
        "number": "number",
        "date": "date",
        "column": "%",
        "said_o": "said ~o~",
    }


def test_columns_that_no_rule_file_can_name_are_left_out_and_told(tmp_path: Path) -> None:
    text = "id,,a,A,b,b\n1,2,3,4,5,6\n2,3,4,5,6,7\n"
    begun = begin(tmp_path / "project", put(tmp_path, "people.csv", text))
    assert list(begun.fields("people")) == ["id"]
    assert dict(begun.started.tables[0].profile.left_out) == {
        "": "it has no name",
        "a": "`A` differs from it in upper and lower case only",
        "A": "`a` differs from it in upper and lower case only",
        "b": "two columns are called so",
    }
    assert "# left out: the column `b`, as two columns are called so" in begun.started.files["schema.seg"]


def test_two_files_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = put(tmp_path / "a", "people.csv", rows("id age", "1,30", "2,40"))
    other = put(tmp_path / "b", "people.csv", rows("code age", "1,30", "2,40"))
    begun = begin(tmp_path / "project", one, other)
    assert [table.name for table in begun.program.tables] == ["people", "people_2"]


# -- files -----------------------------------------------------------------------------------------------------------


def test_json_with_lists_in_it(tmp_path: Path) -> None:
    lines = [
        json.dumps(
            {"id": at, "age": 20 + at, "seen_at": f"2026-01-{at:02}T10:00:00Z", "tags": ["a"], "ok": at % 2 == 0}
        )
        for at in range(1, 31)
    ]
    begun = begin(tmp_path / "project", put(tmp_path, "people.jsonl", "\n".join(lines) + "\n"))
    kinds = {name: str(field.type) for name, field in begun.fields("people").items()}
    assert kinds == {"id": "integer", "age": "integer", "seen_at": "timestamp", "ok": "boolean"}
    assert dict(begun.started.tables[0].profile.left_out) == {"tags": "it holds lists or objects"}


def test_packed_files_folders_and_patterns(tmp_path: Path) -> None:
    header, *lines = rows("person_id age", *(f"{at},{20 + at}" for at in range(1, 31))).splitlines()
    (tmp_path / "people").mkdir()
    for part, some in enumerate((lines[:10], lines[10:])):
        put(tmp_path / "people", f"part-{part}.csv", "\n".join([header, *some]) + "\n")
    with gzip.open(tmp_path / "staff.csv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join([header.replace("person", "staff"), *lines]) + "\n")
    begun = begin(tmp_path / "project", tmp_path / "people", tmp_path / "staff.csv.gz")
    assert [(table.name, table.profile.rows) for table in begun.started.tables] == [("people", 30), ("staff", 30)]
    begun = begin(tmp_path / "again", tmp_path / "people" / "part-*.csv")
    assert begun.started.tables[0].name == "part"


def test_a_column_that_only_some_files_have_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    put(tmp_path / "people", "a.csv", rows("person_id age", "1,30", "2,40"))
    put(tmp_path / "people", "b.csv", rows("person_id age city", "3,30,here"))
    begun = begin(tmp_path / "project", tmp_path / "people")
    assert list(begun.fields("people")) == ["person_id", "age"]
    assert dict(begun.started.tables[0].profile.left_out) == {"city": "not every file has it"}


def test_a_column_that_only_some_parquet_files_have_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    duckdb.sql(f"COPY (SELECT i AS person_id FROM range(9) AS r(i)) TO '{tmp_path}/people/a.parquet'")
    duckdb.sql(f"COPY (SELECT i + 9 AS person_id, i AS age FROM range(9) AS r(i)) TO '{tmp_path}/people/b.parquet'")
    begun = begin(tmp_path / "project", tmp_path / "people")
    assert list(begun.fields("people")) == ["person_id"]
    assert dict(begun.started.tables[0].profile.left_out) == {"age": "not every file has it"}


# -- small tables --------------------------------------------------------------------------------------------------


def test_a_header_and_no_row(tmp_path: Path) -> None:
    begun = begin(tmp_path / "project", put(tmp_path, "people.csv", "name,customer_id,age\n"))
    assert begun.program.table("people").key == "customer_id"
    assert begun.said("people", "age") == "no rows to judge by"


def test_one_row(tmp_path: Path) -> None:
    begun = begin(tmp_path / "project", put(tmp_path, "people.csv", rows("age customer_id", "30,1")))
    assert begun.program.table("people").key == "customer_id"
    assert begun.sizes == {"newcomers": 1}


def test_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is empty: it has no header line"):
        start([str(put(tmp_path, "people.csv", ""))], tmp_path / "project")


def test_three_hundred_columns(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(300)]
    lines = [",".join(str(at * number % 97) for number in range(1, 301)) for at in range(50)]
    text = "\n".join([",".join(["id", *names]), *(f"{at},{line}" for at, line in enumerate(lines))]) + "\n"
    begun = begin(tmp_path / "project", put(tmp_path, "people.csv", text))
    assert len(begun.fields("people")) == 301


# -- keys ----------------------------------------------------------------------------------------------------------


def test_the_key_is_called_like_one(tmp_path: Path) -> None:
    lines = [f"{at * 7},{at},A{at}" for at in range(1, 20)]
    begun = begin(tmp_path / "project", put(tmp_path, "people.csv", rows("income person_id badge", *lines)))
    assert begun.program.table("people").key == "person_id"


def test_a_key_that_repeats_is_no_key(tmp_path: Path) -> None:
    lines = [f"{at},{at % 5}" for at in [*range(1, 40), 7]]
    with pytest.raises(Unstartable, match="1 of 40 row repeats a `person_id` that another row has: take out"):
        start([str(put(tmp_path, "people.csv", rows("person_id age", *lines)))], tmp_path / "project")
    assert not (tmp_path / "project").exists()


def test_rows_that_belong_to_something_that_was_not_given(tmp_path: Path) -> None:
    lines = [f"{at % 4},{at}.50" for at in range(40)]
    with pytest.raises(Unstartable, match=r"36 of 40 rows repeat a `customer_id`.*SELECT DISTINCT customer_id"):
        start([str(put(tmp_path, "orders.csv", rows("customer_id amount", *lines)))], tmp_path / "project")


def test_no_key_at_all_says_what_to_do(tmp_path: Path) -> None:
    lines = [f"{at % 4},x" for at in range(40)]
    with pytest.raises(Unstartable, match="nothing tells its rows apart; add a column with a number"):
        start([str(put(tmp_path, "visits.csv", rows("age city", *lines)))], tmp_path / "project")


def test_snapshots_are_told_by_key_and_date(tmp_path: Path) -> None:
    lines = [f"{at % 20},2026-0{1 + at // 20}-01,{at}" for at in range(60)]
    begun = begin(tmp_path / "project", put(tmp_path, "people.csv", rows("person_id snapshot_on rating", *lines)))
    table = begun.program.table("people")
    assert (table.role, table.key, table.at) == ("root", "person_id", "snapshot_on")
    assert begun.started.as_of == dt.date(2026, 3, 2)
    assert sum(begun.sizes.values()) == 20


# -- what belongs to what ------------------------------------------------------------------------------------------


def shop(folder: Path) -> Path:
    """A database with customers, who have contacts (one each at most), loans (some) and payments (many)."""
    path = folder / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA core")
        con.execute(
            """CREATE TABLE core.customers AS
            SELECT i::INTEGER AS customer_id, (i * 37 % 1000)::DECIMAL(18, 2) AS balance,
            CASE i % 3 WHEN 0 THEN 'app' WHEN 1 THEN 'web' ELSE 'branch' END AS channel FROM range(1, 201) AS r(i)"""
        )
        con.execute(
            "CREATE TABLE core.preferences AS SELECT i AS customer_id, i % 2 = 0 AS by_mail FROM range(1, 101) AS r(i)"
        )
        con.execute(
            """CREATE TABLE core.loans AS SELECT i AS loan_id, (1 + i % 150)::BIGINT AS customer_id,
            'open' AS status, i * 10.5 AS principal FROM range(1, 301) AS r(i)"""
        )
        con.execute(
            """CREATE TABLE core.payments AS SELECT i AS payment_id, (1 + i % 150)::BIGINT AS customer_id,
            DATE '2026-01-01' + (i % 90)::INTEGER AS paid_on, DATE '2026-01-05' + (i % 90)::INTEGER AS due_on,
            (i % 70)::DECIMAL(9, 2) AS amount FROM range(1, 3001) AS r(i)"""
        )
    return path


def test_a_database_with_related_tables(tmp_path: Path) -> None:
    begun = begin(tmp_path / "project", shop(tmp_path))
    found = {t.name: (t.role, t.parent, t.by, t.key, t.at) for t in begun.program.tables}
    assert found == {
        "customers": ("root", None, None, "customer_id", None),
        "preferences": ("attached", "customers", "customer_id", None, None),
        "loans": ("child", "customers", "customer_id", "loan_id", None),
        "payments": ("events", "customers", "customer_id", None, "paid_on"),
    }
    assert begun.started.as_of == dt.date(2026, 4, 1)
    assert (
        'payments    = { duckdb = "../shop.duckdb", table = "core.payments" }' in begun.started.files["segwright.toml"]
    )
    assert sum(begun.sizes.values()) == 200


def test_one_table_of_a_database(tmp_path: Path) -> None:
    begun = begin(tmp_path / "project", f"{shop(tmp_path)}:core.customers")
    assert [table.name for table in begun.program.tables] == ["customers"]


def test_a_table_that_the_database_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no table `core.customer`.*did you mean `core.customers`"):
        start([f"{shop(tmp_path)}:core.customer"], tmp_path / "project")


def test_rows_that_belong_to_nobody_are_told_and_ignored(tmp_path: Path) -> None:
    people = put(tmp_path, "people.csv", rows("person_id age", *(f"{at},{20 + at}" for at in range(1, 31))))
    visits = [f"{1 + at % 32},2026-01-{1 + at % 28:02}" for at in range(96)]
    begun = begin(tmp_path / "project", people, put(tmp_path, "visits.csv", rows("person_id visited_on", *visits)))
    assert begun.program.table("visits").role == "events"
    assert "6 of 96 rows find no `person_id` there and are ignored" in begun.started.files["schema.seg"]


def test_a_parent_with_an_id(tmp_path: Path) -> None:
    people = put(tmp_path, "people.csv", rows("id age", *(f"{at},{20 + at}" for at in range(1, 31))))
    orders = [f"{at},{1 + at % 30},2026-01-{1 + at % 28:02}" for at in range(96)]
    begun = begin(tmp_path / "project", people, put(tmp_path, "orders.csv", rows("id people_id ordered_on", *orders)))
    orders_table = begun.program.table("orders")
    assert (orders_table.role, orders_table.parent, orders_table.by) == ("events", "people", "people_id")


def test_events_that_tie_are_put_in_order_by_their_number(tmp_path: Path) -> None:
    people = put(tmp_path, "people.csv", rows("person_id age", *(f"{at},{20 + at}" for at in range(1, 11))))
    visits = [f"{at},{1 + at % 10},2026-01-01" for at in range(60)]
    path = put(tmp_path, "visits.csv", rows("visit_id person_id visited_on", *visits))
    begun = begin(tmp_path / "project", people, path)
    assert begun.program.table("visits").then == "visit_id"


def test_many_rows_without_time_or_key_are_left_out_and_told(tmp_path: Path) -> None:
    people = put(tmp_path, "people.csv", rows("person_id age", *(f"{at},{20 + at}" for at in range(1, 11))))
    hobbies = [f"{1 + at % 10},hobby {at % 3}" for at in range(60)]
    begun = begin(tmp_path / "project", people, put(tmp_path, "hobbies.csv", rows("person_id hobby", *hobbies)))
    assert [each.table for each in begun.started.left_out] == ["hobbies"]
    assert "# left out: `hobbies`" in begun.started.files["schema.seg"]


def test_events_after_today_do_not_set_the_date(tmp_path: Path) -> None:
    people = put(tmp_path, "people.csv", rows("person_id age", *(f"{at},{20 + at}" for at in range(1, 11))))
    dues = [f"{1 + at % 10},20{20 + at % 30}-01-01" for at in range(60)]
    path = put(tmp_path, "dues.csv", rows("person_id due_on", *dues))
    started = start([str(people), str(path)], tmp_path / "project", today=dt.date(2026, 9, 1))
    assert started.as_of == dt.date(2026, 9, 1)
    assert "rows of `dues` lie in the future, up to 2049-01-01" in started.why_as_of


def test_names_that_tables_fields_and_keywords_share(tmp_path: Path) -> None:
    people = [f"{at},{at},{at * 3 % 50},{'ab'[at % 2]}" for at in range(100)]
    one = put(tmp_path, "people.csv", rows("person_id people visits segment", *people))
    visits = [f"{at % 60},2026-05-{1 + at % 28:02}T10:00:00Z,{at % 7}" for at in range(500)]
    other = put(tmp_path, "visits.csv", rows("person_id when count", *visits))
    scores = put(tmp_path, "score.csv", rows("person_id score", *(f"{at},{at}" for at in range(80))))
    begun = begin(tmp_path / "project", one, other, scores)
    assert [table.name for table in begun.program.tables] == ["people", "visits", "score_data"]
    assert begun.program.table("visits").at == "when"
    assert [segment.name for segment in begun.program.segmentations[0].segments] == [
        "no_recent_visits",
        "high_people",
        "low_people",
        "high_visits",
    ]


def test_a_personal_key_is_a_key_all_the_same(tmp_path: Path) -> None:
    lines = [f"{111222333 + at * 1000},{at}" for at in range(30)]
    begun = begin(tmp_path / "project", put(tmp_path, "people.csv", rows("bsn orders", *lines)))
    assert begun.program.table("people").key == "bsn"
    assert begun.fields("people")["bsn"].personal
