"""`segwright compile` and runs from what it writes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from face.conftest import Folder, Segwright

import segwright as sw
from segwright.compiler.ruleset import logic_hash, signed
from segwright.runtime.errors import SettingsError

RULES = """table customers "Borrowers" key customer_id
  customer_id integer
  score       integer from 300 to 850 optional
  city        text
  joined_on   date

events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      money

parameter least = 600 from 300 to 850 "Lowest good score"

let paid   = sum of amount from payments in last 90 days
let paid_a_lot "Pays a lot" = paid >= 100

segmentation risk "Risk" of customers
  first match wins
  segment good "Good ones"
    when score >= least and paid_a_lot
    when score >= 800
  segment unknown "No score" when score is missing
  otherwise rest "The others"

segmentation mail of customers
  overlapping
  segment north when city is one of ("Oslo", "Rome") and risk is not rest
  segment old   when years since joined_on >= 5
"""


@pytest.fixture
def shop(folder: Folder) -> Folder:
    """Five customers, of whom each lands elsewhere."""
    folder.rules(RULES)
    folder.table(
        "customers",
        """customer_id score city joined_on
        1 700 Oslo 2020-01-01
        2 700 Rome 2025-01-01
        3 810 Bonn 2021-09-01
        4 -   Oslo 2021-09-02
        5 610 Rome 2019-05-05""",
    )
    folder.table(
        "payments",
        """customer_id paid_on amount
        1 2026-08-01 60.50
        1 2026-07-01 39.50
        2 2026-08-01 99.99
        5 2026-05-01 500""",
    )
    folder.settings()
    return folder


def statements(sql: str) -> Iterator[str]:
    """The statements of a text, each without what stands between them."""
    con = duckdb.connect()
    for statement in con.extract_statements(sql):
        yield statement.query


def rows_of_sql(sql: str, folder: Path, con: duckdb.DuckDBPyConnection | None = None) -> list[list[tuple[Any, ...]]]:
    """The rows, in order, that each query of a text gives, run from a folder."""
    con = duckdb.connect() if con is None else con
    here = Path.cwd()
    os.chdir(folder)
    try:
        found = [con.execute(statement).fetchall() for statement in statements(sql)]
    finally:
        os.chdir(here)
    return [sorted(rows) for rows in found if rows]


def rows_of_run(run: sw.Run) -> list[list[tuple[Any, ...]]]:
    return [sorted(run.assignments_of(table).fetchall()) for table in run.manifest.assignments]


# -- the rule set ----------------------------------------------------------------------------------------------------


def test_the_rule_set_is_written(shop: Folder, segwright: Segwright) -> None:
    target = shop.path / "shop.ruleset.json"
    answer = segwright("compile", shop.path, "-o", target)
    loaded = sw.load(target)
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.splitlines()[:4] == [
        "project",
        f"  logic hash  {loaded.logic_hash}",
        f"  text hash   {loaded.text_hash}",
        f"  written to  {target}",
    ]
    program = sw.open(shop.path).rules.program
    assert program is not None
    assert loaded.program == program
    assert loaded.logic_hash == logic_hash(program)
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE((shop.path / "rules.seg").stat().st_mode)


def test_without_a_place_it_goes_to_standard_output(shop: Folder, segwright: Segwright) -> None:
    segwright("compile", shop.path, "-o", shop.path / "x.json")
    for words in ([], ["-o", "-"]):
        answer = segwright("compile", shop.path, *words)
        assert answer.code == 0
        assert answer.out == (shop.path / "x.json").read_text(encoding="utf-8")
        assert answer.err.startswith("project\n  logic hash  ")


def test_the_report_as_json(shop: Folder, segwright: Segwright) -> None:
    target = shop.path / "x.json"
    written = json.loads(segwright("compile", shop.path, "-o", target, "--format", "json").out)
    loaded = sw.load(target)
    assert written == {
        "name": "project",
        "logic_hash": loaded.logic_hash,
        "text_hash": loaded.text_hash,
        "file": str(target),
        "diagnostics": written["diagnostics"],
    }
    shown = json.loads(segwright("compile", shop.path, "--format", "json").out)
    assert shown["file"] is None
    assert shown["ruleset"] == json.loads(target.read_text(encoding="utf-8"))


def test_rule_files_need_neither_settings_nor_data(folder: Folder, segwright: Segwright) -> None:
    folder.rules(RULES)
    target = folder.path / "x.json"
    assert segwright("compile", folder.path / "rules.seg", "-o", target).code == 0
    assert sw.load(target).name == "project"  # the folder's name


def test_files_and_their_project_give_the_same_hashes(
    shop: Folder, segwright: Segwright, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = set()
    for here, words in [(tmp_path, [shop.path]), (shop.path, []), (tmp_path, [shop.path / "rules.seg"])]:
        monkeypatch.chdir(here)
        report = json.loads(segwright("compile", *words, "--format", "json").out)
        found.add((report["logic_hash"], report["text_hash"]))
    run = sw.open(shop.path).run()
    assert found == {(run.manifest.logic_hash, run.manifest.text_hash)}


def test_equal_rules_give_equal_bytes(shop: Folder, segwright: Segwright) -> None:
    for name in ("a.json", "b.json"):
        segwright("compile", shop.path, "-o", shop.path / name)
    assert (shop.path / "a.json").read_bytes() == (shop.path / "b.json").read_bytes()


def test_errors_of_the_rules_are_those_of_check(shop: Folder, segwright: Segwright) -> None:
    shop.rules(RULES.replace("paid >= 100", "payed >= 100"))
    target = shop.path / "x.json"
    answer = segwright("compile", shop.path, "-o", target)
    assert (answer.code, answer.out, target.exists()) == (1, "", False)
    assert "`payed` is not a field of `customers`" in answer.err
    assert "error: the rules have 1 error; nothing was compiled" in answer.err
    as_json = segwright("compile", shop.path, "-o", target, "--format", "json")
    checked = segwright("check", shop.path, "--format", "json")
    assert (as_json.code, as_json.out, target.exists()) == (1, checked.out, False)


def test_places_where_nothing_is_written(shop: Folder, segwright: Segwright) -> None:
    for place, message in [
        ("", "is a folder; name a file to write"),
        ("rules.seg", "is one of the rule files; name another file to write"),
        ("nowhere/x.json", "there is no folder"),
    ]:
        answer = segwright("compile", shop.path, "-o", shop.path / place)
        assert (answer.code, answer.out) == (2, "")
        assert message in answer.err
    assert (shop.path / "rules.seg").read_text(encoding="utf-8") == RULES
    assert not any(name.startswith(".segwright") for name in shop.everything())


def test_options_that_go_with_sql(shop: Folder, segwright: Segwright) -> None:
    for option, value in [("--as-of", "2026-09-01"), ("--set", "least=700"), ("--dialect", "duckdb")]:
        answer = segwright("compile", shop.path, option, value)
        assert answer.code == 2
        assert f"`{option}` goes with `--sql`" in answer.err
    answer = segwright("compile", shop.path, "--sql", "--dialect", "postgres")
    assert (answer.code, answer.out) == (2, "")
    assert "`--dialect` is one of duckdb, not `postgres`" in answer.err


# -- runs from it ----------------------------------------------------------------------------------------------------


def test_a_run_from_a_rule_set_is_the_run_from_source(shop: Folder, segwright: Segwright) -> None:
    project = sw.open(shop.path)
    source = project.run(evidence=True, sorted=True)
    segwright("compile", shop.path, "-o", shop.path / "approved.json")
    (shop.path / "rules.seg").write_text("these are no rules", encoding="utf-8")
    answer = segwright(
        "run", shop.path, "--ruleset", shop.path / "approved.json", "--evidence", "--sorted", "--format", "json"
    )
    assert (answer.code, answer.err) == (0, "")
    again = project.open_run(json.loads(answer.out)["run"])
    assert (again.folder / "assignments.parquet").read_bytes() == (source.folder / "assignments.parquet").read_bytes()
    assert again.manifest.assignments == source.manifest.assignments
    assert (again.folder / "ruleset.json").read_bytes() == (source.folder / "ruleset.json").read_bytes()
    assert (again.manifest.logic_hash, again.manifest.text_hash) == (
        source.manifest.logic_hash,
        source.manifest.text_hash,
    )
    in_python = project.run(ruleset=sw.load(shop.path / "approved.json"), evidence=True)
    assert in_python.manifest.assignments == source.manifest.assignments
    assert again.explain(key=1).segmentations == source.explain(key=1).segmentations


def test_a_run_from_a_rule_set_takes_parameters_and_dates(shop: Folder, segwright: Segwright) -> None:
    target = shop.path / "approved.json"
    segwright("compile", shop.path, "-o", target)
    project = sw.open(shop.path)
    as_asked: dict[str, Any] = {"as_of": "2026-12-01", "parameters": {"least": 300}}
    assert rows_of_run(project.run(ruleset=target, **as_asked)) == rows_of_run(project.run(**as_asked))
    with pytest.raises(SettingsError, match="outside the range of `least`"):
        project.run(ruleset=target, parameters={"least": 200})


def test_the_manifest_says_where_the_rules_come_from(shop: Folder, segwright: Segwright) -> None:
    target = shop.path / "approved.json"
    segwright("compile", shop.path, "-o", target)
    project = sw.open(shop.path)
    source, compiled = project.run().manifest.rules, project.run(ruleset=target).manifest
    integrity = json.loads(target.read_text(encoding="utf-8"))["integrity"]
    assert source is not None
    assert (source.kind, source.files, source.integrity) == ("rule files", ["rules.seg"], integrity)
    assert compiled.rules is not None
    assert (compiled.rules.kind, compiled.rules.files) == ("rule set", ["approved.json"])
    assert compiled.rules.integrity == integrity
    assert compiled.git is None


def test_every_changed_byte_is_noticed(shop: Folder, segwright: Segwright) -> None:
    target = shop.path / "x.json"
    segwright("compile", shop.path, "-o", target)
    content = target.read_bytes()
    whole = sw.load(target)
    refused = 0
    places = range(0, len(content) - 1, 7)
    for at in places:
        changed = bytearray(content)
        changed[at] ^= 1
        target.write_bytes(changed)
        with contextlib.suppress(SettingsError):
            refused += 1
            assert sw.load(target) == whole  # another sign that JSON reads alike
            refused -= 1
    assert refused == len(places)


def tampered(content: dict[str, Any], **changes: Any) -> str:
    """A rule set whose integrity is right, whatever else is wrong with it."""
    return json.dumps(signed({**content, **changes}))


def test_rule_sets_that_are_refused(shop: Folder, segwright: Segwright) -> None:
    target = shop.path / "x.json"
    segwright("compile", shop.path, "-o", target)
    text = target.read_text(encoding="utf-8")
    content = json.loads(text)
    program = content["program"]
    unknown = {**program, "segmentations": [{"node": "Cluster", "name": "risk"}]}
    lacking = {key: value for key, value in program.items() if key != "tests"}
    for changed, message in [
        (text.replace("600", "601", 1), "was changed after it was compiled: its integrity hash does not fit"),
        (json.dumps({**content, "format": 2}), "has format 2; this version of segwright reads format 1"),
        (tampered(content, format=2), "has format 2; this version of segwright reads format 1"),
        (tampered(content, program=unknown), "this version of segwright does not know `Cluster`"),
        (tampered(content, program=lacking), "`Program` in the rule set lacks `tests`"),
        (tampered(content, program={**program, "colour": 1}), "`Program` in the rule set has an unknown part `colour`"),
        (tampered(content, program=[]), "the rule set holds no program"),
        (tampered(content, logic_hash="0" * 64), "logic hash does not fit its program"),
        (tampered(content, colour=1), "has an unknown part `colour`"),
        (json.dumps({key: value for key, value in content.items() if key != "text_hash"}), "it lacks `text_hash`"),
        (json.dumps({**content, "name": float("nan")}), "was changed after it was compiled"),
        (json.dumps({**content, "name": "\ud800"}), "was changed after it was compiled"),
        (tampered(content, program={"money": "much"}), "a value of the rule set cannot be read: much"),
        (tampered(content, program={"date": "2026-13-01"}), "a value of the rule set cannot be read: 2026-13-01"),
        (RULES, "is no compiled rule set"),
    ]:
        target.write_text(changed, encoding="utf-8")
        answer = segwright("run", shop.path, "--ruleset", target)
        assert (answer.code, answer.out) == (2, ""), message
        assert message in answer.err
    assert not any(name.startswith("runs") for name in shop.everything())


def test_the_title_of_a_rule_set_without_its_source(shop: Folder, segwright: Segwright) -> None:
    target = shop.path / "x.json"
    segwright("compile", shop.path, "-o", target)
    shop.rules("nothing")
    assert "Good ones" in segwright("run", shop.path, "--ruleset", target).out


# -- SQL ---------------------------------------------------------------------------------------------------------------


def test_sql_gives_what_a_run_gives(shop: Folder, segwright: Segwright) -> None:
    sql = segwright("compile", shop.path, "--sql")
    assert sql.code == 0
    run = sw.open(shop.path).run()
    assert rows_of_sql(sql.out, shop.path) == rows_of_run(run)
    assert rows_of_run(run) == [
        [
            (1, "good", 1, ["north", "old"]),
            (2, "rest", 4, []),
            (3, "good", 2, ["old"]),
            (4, "unknown", 3, ["north"]),
            (5, "rest", 4, ["old"]),
        ]
    ]


def test_sql_takes_dates_and_parameters(shop: Folder, segwright: Segwright) -> None:
    sql = segwright("compile", shop.path, "--sql", "--as-of", "2026-12-01", "--set", "least=300").out
    run = sw.open(shop.path).run(as_of="2026-12-01", parameters={"least": 300})
    assert rows_of_sql(sql, shop.path) == rows_of_run(run)
    assert "-- as of        2026-12-01\n" in sql
    assert '-- parameters   least = 300 "Lowest good score"\n' in sql


def test_sql_of_rule_files_reads_tables_of_the_declared_names(shop: Folder, segwright: Segwright) -> None:
    sql = segwright("compile", shop.path / "rules.seg", "--sql", "--as-of", "2026-09-01").out
    con = duckdb.connect()
    for table in ("customers", "payments"):
        con.execute(f"CREATE TABLE {table} AS FROM read_csv('{shop.path / table}.csv')")
    expected = rows_of_run(sw.open(shop.path).run())
    assert rows_of_sql(sql, shop.path, con) == expected
    # Whatever the types of the columns are, they are read as they are declared.
    con.execute("ALTER TABLE customers ALTER score TYPE DOUBLE")
    con.execute("ALTER TABLE payments ALTER amount TYPE FLOAT")
    con.execute("ALTER TABLE customers ALTER joined_on TYPE TIMESTAMP")
    con.execute("ALTER TABLE customers ALTER city TYPE ENUM('Bonn', 'Oslo', 'Rome')")
    assert rows_of_sql(sql, shop.path, con) == expected


def test_what_stands_beside_the_arms(shop: Folder, segwright: Segwright) -> None:
    lines = segwright("compile", shop.path, "--sql").out.splitlines()
    remarks = [line.strip() for line in lines if line.startswith(" ") and line.strip().startswith("--")]
    assert remarks == [
        "-- sum of amount from payments in last 90 days (rules.seg:14)",
        '-- risk: good "Good ones", clause 1 (rules.seg:20)',
        '-- risk: good "Good ones", clause 2 (rules.seg:21)',
        '-- risk: unknown "No score", clause 3 (rules.seg:22)',
        '-- risk: rest "The others", clause 4 (rules.seg:23)',
        "-- mail: north, clause 1 (rules.seg:27)",
        "-- mail: old, clause 2 (rules.seg:28)",
    ]
    arms = [after.strip() for line, after in pairwise(lines) if "-- risk: " in line]
    assert [arm.split(" ")[0] for arm in arms] == ["WHEN", "WHEN", "WHEN", "ELSE"]


def test_the_account_of_what_a_query_goes_through(shop: Folder, segwright: Segwright) -> None:
    sql = segwright("compile", shop.path, "--sql").out
    report = json.loads(segwright("compile", shop.path, "--format", "json").out)
    assert sql.startswith(
        f"-- project: who is in which segment, as DuckDB SQL\n--\n-- logic hash   {report['logic_hash']}"
    )
    tables = [line.split(" AS (")[0].strip(",) WITH") for line in sql.splitlines() if line.endswith(" AS (")]
    assert tables
    for table in tables:
        assert f"\n--   {table}: " in sql, table


def test_rules_that_do_not_look_at_time_need_no_date(folder: Folder, segwright: Segwright) -> None:
    folder.rules(
        """table customers key customer_id
  customer_id integer
  score       integer

table crm of customers by customer_id
  customer_id integer
  since       date

segmentation risk of customers
  first match wins
  segment good when score >= 700 or crm.since < 2020-01-01
  otherwise rest
"""
    )
    answer = segwright("compile", folder.path / "rules.seg", "--sql")
    assert answer.code == 0, answer.err
    assert "-- as of        any date: the rules do not look at time\n" in answer.out
    folder.rules(RULES)
    answer = segwright("compile", folder.path / "rules.seg", "--sql")
    assert (answer.code, answer.out) == (2, "")
    assert "as of which date?" in answer.err


def test_segments_that_are_not_in_force_are_told(shop: Folder, segwright: Segwright) -> None:
    shop.rules(RULES.replace('segment unknown "No score"', 'segment unknown "No score" until 2026-08-31'))
    sql = segwright("compile", shop.path, "--sql").out
    assert "--     not in force on 2026-09-01: unknown\n" in sql
    assert rows_of_sql(sql, shop.path) == rows_of_run(sw.open(shop.path).run())


def test_comments_hold_whatever_rules_say(folder: Folder, segwright: Segwright) -> None:
    name = "*/ /* -- '; x"
    folder.rules(f"""table `the */ table` "*/ SELECT 1; --" key `id /* -- */`
  `id /* -- */`  integer
  `a -- */ b`    integer optional
  word           text optional

parameter `at --least */` = 3 "a */ b /* c -- d \u2028 e"

segmentation `seg */ --` "one */ ;" of `the */ table`
  first match wins
  segment `{name}` "*/ 'x' -- ;" when `a -- */ b` >= `at --least */`
  segment words "/* remark 0 {"." * 100} */" when word = "/* remark 0 {"." * 100} */" or word = "-- x */ 'y'"
  otherwise `-- none`

segmentation `over */` of `the */ table`
  overlapping
  segment `in /*` "-- */" when word is known
""")
    path = folder.path / "t.parquet"
    con = duckdb.connect()
    con.execute(
        f"""COPY (SELECT * FROM (VALUES (1, 4, NULL), (2, 2, '-- x */ ''y'''),
        (3, NULL, '/* remark 0 {"." * 100} */'), (4, 1, 'other')) AS t("id /* -- */", "a -- */ b", "word"))
        TO '{path}' (FORMAT parquet)"""
    )
    settings = '[data]\n"the */ table" = "t.parquet"\n[run]\nas_of = 2026-09-01\n'
    (folder.path / "segwright.toml").write_text(settings, encoding="utf-8")
    answer = segwright("compile", folder.path, "--sql")
    assert answer.code == 0, answer.err
    run = sw.open(folder.path).run()
    assert rows_of_sql(answer.out, folder.path) == rows_of_run(run)
    assert [row[1] for row in rows_of_run(run)[0]] == [name, "words", "words", "-- none"]


def test_sql_reads_every_kind_of_source(folder: Folder, segwright: Segwright) -> None:
    folder.rules(
        """table customers key customer_id
  customer_id integer
  score       integer optional missing when 0
  city        text optional

table crm of customers by customer_id
  customer_id integer
  calls       integer optional

table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  open        boolean

events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     timestamp
  amount      money

segmentation who of customers
  first match wins
  segment called when crm.calls > 1
  segment paying when (sum of amount from payments in last 90 days) > 10
  segment open   when (count of accounts where open) > 1
  segment scored when score >= 5 and city starts with "O"
  otherwise rest

segmentation loans of accounts
  first match wins
  segment open when open and customers.score is known
  otherwise other
"""
    )
    folder.table("customers", "customer_id score city\n1 0 Oslo\n2 5 Oslo\n3 6 Rome\n4 - -\n5 7 Bonn")
    data = folder.path / "d'ata [1]"
    data.mkdir()
    (data / "crm.json").write_text('[{"customer_id": 1, "calls": 2}, {"customer_id": 2, "calls": null}]', "utf-8")
    con = duckdb.connect()
    for number, key in enumerate((3, 4)):
        rows = (
            f"SELECT {key} AS customer_id, TIMESTAMPTZ '2026-08-31 23:59:00+00' AS paid_on, {number + 10.5} AS amount"
        )
        con.execute(f"COPY ({rows}) TO '{folder.path}/p{number}.parquet' (FORMAT parquet)")
    con.execute(f"ATTACH '{folder.path}/ware house.duckdb' AS w")
    con.execute("CREATE SCHEMA w.core")
    con.execute(
        "CREATE TABLE w.core.loans AS "
        "SELECT i AS account_id, 4 + i // 3 AS customer_id, i < 3 AS open FROM range(1, 4) t(i)"
    )
    con.close()
    (folder.path / "segwright.toml").write_text(
        """[data]
customers = "customers.csv"
crm = "d'ata [1]/crm.json"
accounts = { duckdb = "ware house.duckdb", table = "core.loans" }
payments = "p*.parquet"
[run]
as_of = 2026-09-01
""",
        encoding="utf-8",
    )
    answer = segwright("compile", folder.path, "--sql")
    assert answer.code == 0, answer.err
    run = sw.open(folder.path).run()
    assert rows_of_sql(answer.out, folder.path) == rows_of_run(run)
    assert [row[1] for row in rows_of_run(run)[0]] == ["called", "scored", "paying", "paying", "rest"]
    assert str(folder.path) not in answer.out  # every path is relative to the project's folder


def test_sql_finds_cut_points_itself(folder: Folder, segwright: Segwright) -> None:
    folder.rules(
        """table customers key customer_id
  customer_id integer
  worth       money optional
  score       integer

let tenth = decile of worth

segmentation who of customers
  first match wins
  segment best  when tenth >= 9
  segment upper when top 30% by score
  segment mid   when percentile of worth >= 40% and quartile of score > 1
  otherwise rest
"""
    )
    rows = "\n".join(f"{i} {'-' if i % 7 == 0 else i * 3 % 11} {i * 5 % 13}" for i in range(1, 41))
    folder.table("customers", f"customer_id worth score\n{rows}")
    folder.settings()
    answer = segwright("compile", folder.path, "--sql")
    assert answer.code == 0, answer.err
    run = sw.open(folder.path).run()
    assert rows_of_sql(answer.out, folder.path) == rows_of_run(run)
    assert {row[1] for row in rows_of_run(run)[0]} == {"best", "upper", "mid", "rest"}
    assert '--   "cut points 0": customers: decile of worth: its cut-points' in answer.out


def test_sql_reads_the_run_before(folder: Folder, segwright: Segwright) -> None:
    folder.rules(
        """table customers key customer_id
  customer_id integer
  score       integer

segmentation who of customers
  first match wins
  segment good when score >= 700
  segment kept when previous who is one of (good, kept) and score >= 600
  otherwise rest
"""
    )
    folder.table("customers", "customer_id score\n1 700\n2 710\n3 500")
    folder.settings(as_of=None)
    project = sw.open(folder.path)
    before = segwright("compile", folder.path, "--sql", "--as-of", "2026-08-01").out
    first = project.run("2026-08-01")
    assert rows_of_sql(before, folder.path) == rows_of_run(first)
    assert "-- There is no run before" in before
    folder.table("customers", "customer_id score\n1 650\n2 500\n3 650")
    sql = segwright("compile", folder.path, "--sql", "--as-of", "2026-09-01").out
    second = project.run("2026-09-01")
    assert rows_of_sql(sql, folder.path) == rows_of_run(second)
    assert [row[1] for row in rows_of_run(second)[0]] == ["kept", "rest", "rest"]
    assert f"is {first.folder.name}." in sql


def test_a_run_asks_without_remarks(shop: Folder) -> None:
    """What explains the SQL to people is no part of what a run executes."""
    from segwright.compiler.duckdb.assign import assignment_query
    from segwright.compiler.duckdb.assumed import assumed_relations
    from segwright.compiler.plan_from_program import plan_from_program
    from segwright.runtime.binding import bind

    program = sw.open(shop.path).rules.program
    assert program is not None
    plan = plan_from_program(program)
    relations = assumed_relations(program, plan.columns)
    query = assignment_query(plan.populations[0], bind(program, "2026-09-01", {}), program, relations)
    assert "--" not in query
    assert "/*" not in query


def test_the_sample_of_the_page_is_true(segwright: Segwright, tmp_path: Path, repository: Path) -> None:
    page = (repository / "docs" / "ruleset.md").read_text(encoding="utf-8")
    (rules,), (sql,) = (
        re.findall(rf"^```{kind}\n(.*?)^```", page, re.MULTILINE | re.DOTALL) for kind in ("seg", "sql")
    )
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "value.seg").write_text(rules, encoding="utf-8")
    assert segwright("compile", folder / "value.seg", "--sql").out == sql
    report = json.loads(segwright("compile", folder / "value.seg", "--format", "json").out)
    told = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert told == ["format", "name", "logic_hash", "text_hash", "program", "run", "integrity"]
    assert set(report["ruleset"]) == set(told) - {"run"}
