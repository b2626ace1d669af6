"""A run folder: what is in it, that it appears whole or not at all, and that it is the same however it is made."""

import datetime as dt
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import duckdb
import pytest
from runtime.projects import Project

import segwright
from segwright.compiler import ruleset
from segwright.runtime.errors import DataError, EngineError, GateError, SettingsError
from segwright.runtime.manifest import Manifest
from segwright.runtime.progress import Progress
from segwright.runtime.runs import find_run, publish, read_manifest, run_folders, work_folder

RULES = """
purposes marketing
parameter grown = 60 from 50 to 90
table customers "Borrowers" key customer_id
  customer_id integer
  age         integer from 18 to 120
  agreed      boolean optional consent for marketing
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  balance     money
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      money
let paid = sum of amount from payments in last 6 months
segmentation risk "Risk" of customers
  first match wins
  each segment at least 2 customers
  segment old   when age > grown
                when age = 18
  segment payer when paid >= 10
  otherwise other
segmentation mail of customers
  overlapping
  purpose marketing
  needs consent for marketing
  segment payers when paid > 0
  segment olds   when risk is old
segmentation size of accounts
  first match wins
  segment big when balance > 100
  otherwise small
"""


@pytest.fixture
def loans(project: Project) -> Project:
    project.rules(RULES)
    project.table("customers", "(1, 61, true), (2, 18, NULL), (3, 40, true), (4, 41, true)", "customer_id, age, agreed")
    project.table("accounts", "(10, 1, 100.01), (11, 1, 5), (12, 9, 5)", "account_id, customer_id, balance")
    project.table(
        "payments", "(3, DATE '2026-08-01', 4), (3, DATE '2026-07-01', 6), (4, DATE '2026-02-28', 99)",
        "customer_id, paid_on, amount",
    )  # fmt: skip
    return project


@pytest.mark.usefixtures("on_every_engine")
def test_what_is_in_a_run_folder(loans: Project) -> None:
    run = loans.run()
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "assignments.accounts.parquet",
        "assignments.parquet",
        "manifest.json",
        "outcomes.json",
        "ruleset.json",
    ]
    assert [path.name for path in loans.out.iterdir()] == [run.folder.name]
    assert run.folder.name == f"2026-09-01-{run.manifest.logic_hash[:8]}-1"
    with duckdb.connect() as con:
        described = con.execute(f"DESCRIBE FROM '{run.folder}/assignments.parquet'").fetchall()
        encodings = con.execute(
            "SELECT encodings FROM parquet_metadata($1) WHERE path_in_schema = 'risk'",
            [str(run.folder / "assignments.parquet")],
        ).fetchall()
    assert [row[0] for row in described] == ["customer_id", "risk", "risk_clause", "mail"]
    assert [row[1] for row in described][1] == "VARCHAR"
    assert "DICTIONARY" in encodings[0][0]
    assert loans.assigned(run) == [
        (1, "old", 1, ["olds"]),
        (2, "old", 2, []),
        (3, "payer", 3, ["payers"]),
        (4, "other", 4, []),
    ]
    assert loans.assigned(run, file="assignments.accounts.parquet") == [(10, "big", 1), (11, "small", 2)]


def test_the_manifest(loans: Project) -> None:
    loans.data["payments"] = '{ path = "data/payments.parquet", complete_to = 2026-08-31 }'
    run = loans.run(parameters={"grown": "55"})
    found = read_manifest(run.folder)
    assert found == run.manifest
    assert (found.project, found.as_of) == (loans.folder.name, dt.date(2026, 9, 1))
    assert found.parameters == {"grown": "55"}
    assert [(input.table, input.place, input.rows, input.time) for input in found.inputs] == [
        ("customers", "data/customers.parquet", 4, "declared to be the state at the as-of date"),
        ("accounts", "data/accounts.parquet", 3, "declared to be the state at the as-of date"),
        ("payments", "data/payments.parquet", 3, "events by `paid_on`"),
    ]
    assert found.inputs[2].complete_to == dt.date(2026, 8, 31)
    customers = loans.folder / "data" / "customers.parquet"
    assert (found.inputs[0].bytes, found.inputs[0].hashed) == (customers.stat().st_size, "whole")
    content = hashlib.sha256(customers.read_bytes()).digest()
    assert found.inputs[0].sha256 == hashlib.sha256(f"{customers.stat().st_size}:".encode() + content).hexdigest()
    readers = {(column.table, column.field): column.read_by for column in found.columns}
    assert readers["customers", "age"] == ["risk", "mail"]
    assert readers["customers", "agreed"] == ["mail"]
    assert readers["payments", "amount"] == ["risk", "mail"]
    assert readers["accounts", "balance"] == ["size"]
    risk = found.assignments["customers"].segmentations["risk"]
    assert {name: (segment.count, segment.share) for name, segment in risk.segments.items()} == {
        "old": (2, 0.5),
        "payer": (1, 0.25),
        "other": (1, 0.25),
    }
    assert risk.clauses == {1: 1, 2: 1, 3: 1, 4: 1}
    mail = found.assignments["customers"].segmentations["mail"]
    assert {name: segment.count for name, segment in mail.segments.items()} == {"payers": 1, "olds": 1}
    assert (mail.none, mail.clauses) == (2, None)
    assert [(note.kind, note.of, note.message) for note in found.notes] == [
        ("orphans", "accounts", "1 row of `accounts` belongs to no row of `customers` and is ignored"),
        ("segment size", "risk", "`payer` of `risk` has 1 row, fewer than the 2 that each segment needs"),
        ("segment size", "risk", "`other` of `risk` has 1 row, fewer than the 2 that each segment needs"),
        ("in none", "mail", "2 rows of `customers` are in no segment of `mail`"),
    ]
    assert (found.engine.name, found.engine.version) == ("duckdb", duckdb.__version__)
    assert found.previous_runs == []
    assert set(found.timings) >= {"checking", "assigning", "total"}


def test_the_rule_set_loads_without_its_source(loans: Project) -> None:
    run = loans.run()
    loaded = ruleset.load(json.loads((run.folder / "ruleset.json").read_text(encoding="utf-8")))
    assert (loaded.logic_hash, loaded.text_hash) == (run.manifest.logic_hash, run.manifest.text_hash)
    assert [segmentation.name for segmentation in loaded.program.segmentations] == ["risk", "mail", "size"]


def test_the_text_hash_does_not_depend_on_where_a_run_is_started(
    loans: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    loans.run()
    found: set[tuple[str, str]] = set()
    for folder in (loans.folder, loans.folder.parent, loans.folder / "data"):
        monkeypatch.chdir(folder)
        manifest = segwright.open(loans.folder).run().manifest
        found.add((manifest.text_hash, manifest.logic_hash))
    assert len(found) == 1


def test_the_content_hash_speaks_of_content(loans: Project) -> None:
    def hashes(manifest: Manifest) -> dict[str, str]:
        found = manifest.assignments["customers"].segmentations
        return {name: record.content_hash for name, record in found.items()}

    first = hashes(loans.run().manifest)
    loans.table("customers", "(4, 42, true), (3, 40, true), (2, 18, NULL), (1, 61, true)", "customer_id, age, agreed")
    assert hashes(loans.run().manifest) == first
    # 1 and 2 change places: as many in each segment, but others.
    loans.table("customers", "(2, 61, true), (1, 18, NULL), (3, 40, true), (4, 41, true)", "customer_id, age, agreed")
    other = hashes(loans.run().manifest)
    assert other["risk"] != first["risk"]
    assert other["mail"] != first["mail"]


@pytest.mark.usefixtures("on_every_engine")
def test_the_content_hash_is_what_it_is_said_to_be(loans: Project) -> None:
    found = loans.run().manifest.assignments["customers"].segmentations
    lines = ['["old", 1]|1|1|1', '["old", 2]|1|2|4', '["other", 4]|1|4|16', '["payer", 3]|1|3|9']
    assert found["risk"].content_hash == hashlib.sha256("\n".join(lines).encode()).hexdigest()
    lines = ['[["olds"], null]|1|1|1', '[["payers"], null]|1|3|9', "[[], null]|2|6|20"]
    assert found["mail"].content_hash == hashlib.sha256("\n".join(lines).encode()).hexdigest()


@pytest.mark.usefixtures("on_every_engine")
@pytest.mark.parametrize("key", ["k", "answer", "clause", "rest"])
def test_the_content_hash_does_not_depend_on_what_columns_are_called(project: Project, key: str) -> None:
    project.rules(f"""
        table customers key {key}
          {key} text
        segmentation risk of customers
          first match wins
          segment first when {key} = "a"
          otherwise other
    """)
    project.table("customers", "('a'), ('b')", key)
    record = project.run().manifest.assignments["customers"].segmentations["risk"]
    lines: list[str] = []
    for text, answer in (("a", '["first", 1]'), ("b", '["other", 2]')):
        # The second half of the 16 bytes, least significant byte first, without its highest bit.
        number = int.from_bytes(hashlib.md5(text.encode()).digest()[8:], "little") & (2**63 - 1)
        lines.append(f"{answer}|1|{number}|{(number % (2**31 - 1)) ** 2}")
    assert record.content_hash == hashlib.sha256("\n".join(lines).encode()).hexdigest()


MANY = """
SELECT i AS customer_id, 18 + i * 7919 % 80 AS age, i % 3 > 0 AS agreed FROM range(300000) AS t(i) ORDER BY hash(i)
"""


def test_equal_rows_whatever_the_threads_and_equal_bytes_when_sorted(loans: Project) -> None:
    loans.query("customers", MANY)
    hashes: set[str] = set()
    rows: set[int | None] = set()
    bytes_: set[str] = set()
    for threads in (1, 2, 4):
        loans.more = f"threads = {threads}"
        run = loans.run()
        assert run.manifest.engine.threads == threads
        record = run.manifest.assignments["customers"]
        hashes.add(record.segmentations["risk"].content_hash + record.segmentations["mail"].content_hash)
        rows.add(record.rows)
        ordered = loans.run(sorted=True).folder / "assignments.parquet"
        bytes_.add(hashlib.sha256(ordered.read_bytes()).hexdigest())
    assert rows == {300_000}
    assert len(hashes) == 1
    assert len(bytes_) == 1
    with duckdb.connect() as con:
        query = f"SELECT bool_and(customer_id = file_row_number) FROM read_parquet('{ordered}', file_row_number = true)"
        assert con.execute(query).fetchall() == [(True,)]


@pytest.mark.usefixtures("on_every_engine")
def test_evidence_and_values_when_asked_for(loans: Project) -> None:
    run = loans.run(evidence=True, values=True)
    with duckdb.connect() as con:
        names = [row[0] for row in con.execute(f"DESCRIBE FROM '{run.folder}/assignments.parquet'").fetchall()]
    assert {"evidence_true_0", "evidence_known_0", "age", "paid"} <= set(names)
    assert run.manifest.assignments["customers"].segmentations["risk"].segments["old"].count == 2


@pytest.mark.usefixtures("on_every_engine")
def test_the_first_root_table_of_the_settings_needs_no_name(project: Project) -> None:
    project.rules("""
    table a key id
      id integer
    table b key id
      id integer
    segmentation s of a
      first match wins
      segment one when id = 1
      otherwise more
    segmentation t of b
      first match wins
      segment one when id = 1
      otherwise more
    """)
    project.table("b", "(1)", "id")
    project.table("a", "(2)", "id")
    run = project.run()
    assert {table: record.file for table, record in run.manifest.assignments.items()} == {
        "a": "assignments.a.parquet",
        "b": "assignments.parquet",
    }
    assert project.assigned(run) == [(1, "one", 1)]


# -- stops -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("on_every_engine")
def test_gates_stop_a_run_where_the_settings_say_so(loans: Project) -> None:
    loans.more = '[gates]\nsegment_size = "stop"'
    with pytest.raises(GateError) as caught:
        loans.run()
    assert caught.value.exit_code == 1
    assert "`payer` of `risk` has 1 row, fewer than the 2 that each segment needs" in caught.value.message
    assert not loans.out.exists()
    loans.more = '[gates]\nsegment_size = "report"'
    assert loans.run().folder.exists()


def test_freshness_stops_a_run_where_the_settings_say_so(loans: Project) -> None:
    loans.rules(f"{RULES}\nfreshness payments within 30 days\n")
    assert [note.kind for note in loans.run().manifest.notes][1] == "freshness"
    loans.more = '[gates]\nfreshness = "stop"'
    with pytest.raises(GateError, match="`payments` is not fresh: the latest visible row is of 2026-08-01"):
        loans.run()
    assert len(list(loans.out.iterdir())) == 1


@pytest.mark.usefixtures("on_every_engine")
def test_ties(loans: Project) -> None:
    loans.rules(RULES.replace("sum of amount", "latest of amount"))
    loans.table("payments", "(3, DATE '2026-08-01', 4), (3, DATE '2026-08-01', 6)", "customer_id, paid_on, amount")
    (found,) = loans.violations()
    assert (found.kind, found.table, found.count, found.keys) == ("tie", "payments", 1, ("3",))
    assert found.sentence == (
        "`latest of amount from payments in last 6 months` has no answer for 1 row of `customers`: rows tie in time "
        "and differ; customer_id 3 (at 2026-08-01); say which comes first: `at paid_on then …`"
    )


@pytest.mark.usefixtures("on_every_engine")
@pytest.mark.parametrize(
    "rule, words",
    [
        ("let x = customer_id * 9223372036854775807", "let `x` is too large for some row"),
        ("let x = (sum of customer_id from accounts)", "`sum of customer_id from accounts` is too large for some row"),
    ],
)
def test_overflow_is_told_by_name(loans: Project, rule: str, words: str) -> None:
    loans.rules(f"{RULES.replace('age = 18', 'x > 5')}\n{rule}\n")
    big = 2**62
    loans.table("customers", f"({big}, 30, true)", "customer_id, age, agreed")
    loans.table("accounts", f"(1, {big}, 1), (2, {big}, 1), (3, {big}, 1)", "account_id, customer_id, balance")
    (found,) = loans.violations()
    assert found.kind == "overflow"
    assert words in found.sentence
    assert str(big) not in found.sentence


def test_an_as_of_date_is_needed(loans: Project) -> None:
    loans.run(as_of="2026-08-31")
    with pytest.raises(SettingsError, match="`yesterday` is no date"):
        loans.run(as_of="yesterday")
    assert [run.as_of for run in run_folders(loans.out)] == [dt.date(2026, 8, 31)]


def test_rules_without_a_segmentation_are_not_run(project: Project) -> None:
    project.rules("table customers key customer_id\n  customer_id integer\n")
    project.table("customers", "(1)", "customer_id")
    with pytest.raises(SettingsError, match="no segmentation, so there is nothing to run"):
        project.run()
    assert not project.out.exists()


def test_too_little_memory_is_told_in_words(loans: Project) -> None:
    loans.query("customers", MANY.replace("300000", "3000000"))
    loans.more = 'memory = "20MB"\nthreads = 1'
    with pytest.raises(EngineError, match=r"not enough memory while .*; set `memory` in segwright\.toml") as caught:
        loans.run(sorted=True)
    assert caught.value.exit_code == 4
    assert not loans.out.exists()


def test_a_place_that_cannot_be_written(loans: Project) -> None:
    (loans.folder / "file").touch()
    with pytest.raises(EngineError, match="nothing can be written"):
        loans.run(out=loans.folder / "file")


# -- whole or not at all ---------------------------------------------------------------------------------------------

SLOW = """
import sys
from pathlib import Path
from segwright.dsl.project import check_files
from segwright.runtime.run import execute
from segwright.runtime.settings import read_settings, rule_files

settings = read_settings(Path(sys.argv[1]))
checked = check_files(rule_files(settings), settings.folder)
execute(checked.program, checked.sources.values(), settings, report=lambda p: print(p.stage, flush=True))
"""


@pytest.mark.usefixtures("on_every_engine")
@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
@pytest.mark.parametrize("sign, ends", [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 128 + signal.SIGTERM)])
@pytest.mark.parametrize("stage", ["checking `customers`", "assigning `customers`"])
def test_an_interrupted_run_leaves_nothing(loans: Project, sign: signal.Signals, ends: int, stage: str) -> None:
    loans.run()
    loans.query("customers", MANY.replace("300000", "4000000"))
    before = sorted(loans.out.iterdir())
    running = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SLOW), str(loans.folder)], stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert running.stdout is not None
    for line in running.stdout:
        if line.strip() == stage:
            break
    assert any(path.name.startswith(".segwright-") for path in loans.out.iterdir())
    running.send_signal(sign)
    running.communicate(timeout=60)
    assert running.returncode == ends
    assert sorted(loans.out.iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_what_a_killed_run_leaves_is_no_run_and_goes_with_the_next(loans: Project) -> None:
    whole = loans.run().folder
    loans.query("customers", MANY.replace("300000", "4000000"))
    running = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SLOW), str(loans.folder)], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("assigning"):
            break
    running.kill()
    running.communicate()
    left = [path for path in loans.out.iterdir() if path != whole]
    assert [path.name.startswith(".segwright-") for path in left] == [True]
    assert [run.path for run in run_folders(loans.out)] == [whole]
    loans.table("customers", "(1, 30, true)", "customer_id, age, agreed")
    again = loans.run().folder
    assert sorted(loans.out.iterdir()) == sorted([whole, again])


@pytest.mark.usefixtures("on_every_engine")
def test_a_failed_run_leaves_other_runs_alone(loans: Project) -> None:
    first = loans.run().folder
    loans.table("customers", "(1, 17, true)", "customer_id, age, agreed")
    with pytest.raises(DataError):
        loans.run()
    assert list(loans.out.iterdir()) == [first]


def test_two_runs_at_once_get_two_folders(tmp_path: Path) -> None:
    date = dt.date(2026, 9, 1)
    with work_folder(tmp_path) as one, work_folder(tmp_path) as two:
        assert one != two
        for work in (one, two):
            (work / "run").mkdir()
            (work / "run" / "manifest.json").write_text("{}")
        first = publish(one / "run", tmp_path, date, "abcdef0123456789")
        second = publish(two / "run", tmp_path, date, "0123456789abcdef")
    assert (first.name, second.name) == ("2026-09-01-abcdef01-1", "2026-09-01-01234567-2")
    assert sorted(tmp_path.iterdir()) == sorted([first, second])


# -- finding runs ----------------------------------------------------------------------------------------------------


def test_runs_are_found_by_folder_by_name_and_as_the_latest(loans: Project) -> None:
    first = loans.run().folder
    (loans.out / "2026-09-01-01234567-9").mkdir()  # no manifest: not complete
    (loans.out / "notes").mkdir()
    time.sleep(1.1)  # runs are told apart by the second in which they begin
    earlier = loans.run(as_of="2026-08-01").folder
    assert [run.path for run in run_folders(loans.out)] == [earlier, first]
    assert find_run("latest", loans.out) == earlier
    assert find_run(first, loans.out) == first
    assert find_run(first.name, loans.out) == loans.out / first.name
    for wrong in ("2026-09-01-01234567-9", "nothing"):
        with pytest.raises(SettingsError, match=f"`{wrong}` is no complete run folder"):
            find_run(wrong, loans.out)


def test_sequences_count_on_by_date(loans: Project) -> None:
    for _ in range(2):
        loans.run()
    loans.rules(RULES.replace("paid >= 10", "paid >= 11"))
    third = loans.run()
    assert re.fullmatch(r"2026-09-01-[0-9a-f]{8}-3", third.folder.name)
    assert loans.run(as_of="2026-08-01").folder.name.endswith("-1")
    assert [run.sequence for run in run_folders(loans.out)] == [1, 1, 2, 3]
    assert len({run.logic for run in run_folders(loans.out)}) == 2


def test_where_there_is_no_run(tmp_path: Path) -> None:
    assert run_folders(tmp_path / "runs") == ()
    with pytest.raises(SettingsError, match="there is no run in `runs` yet"):
        find_run("latest", tmp_path / "runs")


# -- git -------------------------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    me = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *me, *arguments], check=True, capture_output=True)


def test_the_commit_and_whether_the_rules_differ_from_it(loans: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(loans.folder.parent))
    assert loans.run().manifest.git is None
    git(loans.folder, "init")
    assert loans.run().manifest.git is None
    (loans.folder / ".gitignore").write_text("runs\ndata\n")
    git(loans.folder, "add", "rules.seg", ".gitignore", "segwright.toml")
    git(loans.folder, "commit", "-m", "x")
    state = loans.run().manifest.git
    assert state is not None
    assert re.fullmatch(r"[0-9a-f]{40}", state.commit)
    assert not state.dirty
    loans.rules(RULES + "# more\n")
    changed = loans.run().manifest.git
    assert changed is not None
    assert (changed.commit, changed.dirty) == (state.commit, True)


def test_a_file_that_the_rules_use_is_one_of_them(loans: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(loans.folder.parent))
    loans.rules('use "shared.rules"\n' + RULES)
    shared = loans.folder / "shared.rules"
    shared.write_text("parameter spare = 1\n")
    git(loans.folder, "init")
    git(loans.folder, "add", "rules.seg", "shared.rules")
    git(loans.folder, "commit", "-m", "x")
    state = loans.run().manifest.git
    assert state is not None
    assert not state.dirty
    shared.write_text("parameter spare = 2\n")
    changed = loans.run().manifest.git
    assert changed is not None
    assert changed.dirty


def test_without_git(loans: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert loans.run().manifest.git is None


# -- progress --------------------------------------------------------------------------------------------------------


def test_stages_are_told_and_how_far_they_are(loans: Project) -> None:
    from segwright.dsl.project import check_files
    from segwright.runtime.run import execute
    from segwright.runtime.settings import read_settings, rule_files

    loans.run()
    settings = read_settings(loans.folder)
    checked = check_files(rule_files(settings), loans.folder)
    assert checked.program is not None
    told: list[Progress] = []
    execute(checked.program, checked.sources.values(), settings, report=told.append)
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages == [
        "opening the data",
        "checking `customers`",
        "checking `accounts`",
        "checking `payments`",
        "looking for ties in what `customers` ask for",
        "looking for ties in what `accounts` ask for",
        "assigning `customers`",
        "counting `customers`",
        "measuring `customers`",
        "assigning `accounts`",
        "counting `accounts`",
        "measuring `accounts`",
        "describing the run",
    ]
    assert all(progress.done is None or 0 <= progress.done <= 1 for progress in told)
