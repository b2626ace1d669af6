"""`import segwright`: what Python programs rely on."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pyarrow
import pytest
from face.conftest import Folder

import segwright as sw
from segwright.runtime.errors import DataError, EngineError, GateError, SettingsError
from segwright.runtime.progress import Progress

RULES = """
parameter least = 700 from 500 to 800
parameter part  = 30%
parameter sum   = 10.50
parameter wide  = true
parameter since = 2026-01-01
parameter place = "Rome"
parameter back  = 90 days
table customers key customer_id
  customer_id integer
  score       integer from 300 to 850
  city        text
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      money
let paid = sum of amount from payments in last back
let last_paid = latest of paid_on from payments ever
segmentation risk of customers
  first match wins
  segment good   when score >= least and wide
  segment roman  when city is place
  segment recent when last_paid >= since and paid > sum
  segment part   when score / 1000 < part
  otherwise rest
segmentation mail of customers
  overlapping
  segment payers when paid > 0
  segment all    when score > 300
"""


@pytest.fixture
def shop(folder: Folder) -> Folder:
    folder.rules(RULES)
    folder.table("customers", "customer_id score city\n1 720 Oslo\n2 600 Rome\n3 650 Oslo")
    folder.table("payments", "customer_id paid_on amount\n3 2026-08-01 12\n1 2026-08-01 1")
    folder.settings()
    return folder


def test_the_example_of_the_documentation(shop: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.path.parent)
    project = sw.open("project")
    assert project.check() == ()
    run = project.run(as_of="2026-09-01")
    assert run.assignments.pl().sort("customer_id").rows() == [
        (1, "good", 1, ["payers", "all"]),
        (2, "roman", 2, ["all"]),
        (3, "recent", 3, ["payers", "all"]),
    ]
    assert run.explain(key=2).segmentations[0].assigned == ("roman",)


def test_assignments_are_a_relation(shop: Folder) -> None:
    run = sw.open(shop.path).run()
    assert isinstance(run.assignments, duckdb.DuckDBPyRelation)
    frame = run.assignments.pl()
    assert isinstance(frame, pl.DataFrame)
    assert frame.columns == ["customer_id", "risk", "risk_clause", "mail"]
    arrow = run.assignments.arrow()
    table = arrow.read_all() if isinstance(arrow, pyarrow.RecordBatchReader) else arrow
    assert table.num_rows == 3
    assert run.assignments.filter("risk = 'good'").project("customer_id").fetchall() == [(1,)]
    assert run.assignments_of("customers").count("*").fetchall() == [(3,)]
    with pytest.raises(KeyError):
        run.assignments_of("payments")


def test_the_root_table_comes_first(folder: Folder) -> None:
    tables = "table {0} key {0}_id\n  {0}_id integer\n"
    tables += "segmentation of_{0} of {0} overlapping\n  segment x when {0}_id > 0\n"
    folder.rules(tables.format("b") + tables.format("a"))
    folder.table("a", "a_id\n1")
    folder.table("b", "b_id\n2")
    folder.settings()  # which names `a` first
    run = sw.open(folder.path).run()
    assert run.assignments.fetchall() == [(1, ["x"])]
    assert run.assignments_of("b").fetchall() == [(2, ["x"])]
    assert run.explain(1).table == "a"
    assert run.explain(2, segmentation="of_b").table == "b"


def test_a_project_opened_twice(shop: Folder) -> None:
    first, second = sw.open(shop.path), sw.open(str(shop.path))
    runs = [project.run() for project in (first, second, first)]
    assert [run.folder.name[-2:] for run in runs] == ["-1", "-2", "-3"]
    assert len({run.manifest.logic_hash for run in runs}) == 1
    assert second.open_run().folder == runs[2].folder
    assert second.open_run(runs[0].folder.name).manifest == runs[0].manifest
    assert first.open_run(runs[1].folder).explain(1).run == runs[1].folder.name


def test_rules_are_read_afresh(shop: Folder) -> None:
    project = sw.open(shop.path)
    assert project.explain(3).segmentations[0].assigned == ("recent",)
    shop.rules(RULES.replace('"Rome"', '"Oslo"'))
    assert project.explain(3).segmentations[0].assigned == ("roman",)
    assert project.run().manifest.parameters["place"] == '"Oslo"'
    shop.rules(RULES.replace("score >= least", "scoer >= least"))
    assert [each.code for each in project.check()] == ["SEG150"]
    with pytest.raises(sw.RulesError) as caught:
        project.run()
    assert caught.value.exit_code == 1
    assert str(caught.value) == caught.value.message == "the rules have 1 error; nothing was run"
    assert [each.code for each in caught.value.checked.diagnostics] == ["SEG150"]


def test_paths_stay_what_they_were(shop: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    project = sw.open("project")
    (tmp_path / "other.csv").write_text("customer_id,score,city\n1,300,Rome\n", encoding="utf-8")
    run = project.run(out="results", data={"customers": "other.csv"})
    monkeypatch.chdir("/")
    assert run.folder.is_absolute()
    assert run.folder.parent == tmp_path / "results"
    assert run.assignments.project("customer_id, risk").fetchall() == [(1, "roman")]
    assert run.explain(1, data={"customers": tmp_path / "other.csv"}).notes == ()
    assert project.open_run("latest", out=tmp_path / "results").folder == run.folder
    assert project.check() == ()
    assert shop.path / "runs" not in shop.path.iterdir()


def test_the_current_folder_is_the_project(shop: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.path)
    assert sw.open().settings.folder == shop.path.resolve()


@pytest.mark.parametrize(
    "parameters",
    [
        {
            "least": 720,
            "part": "60%",
            "sum": 11,
            "wide": True,
            "since": dt.date(2026, 8, 1),
            "place": "Oslo",
            "back": "1 day",
        },
        {
            "least": "720",
            "part": "60%",
            "sum": Decimal("11.00"),
            "wide": "true",
            "since": "2026-08-01",
            "place": '"Oslo"',
            "back": "1 day",
        },
    ],
)
def test_parameters(shop: Folder, parameters: dict[str, object]) -> None:
    run = sw.open(shop.path).run(parameters=parameters)
    assert run.manifest.parameters == {
        "least": "720",
        "part": "60%",
        "sum": "11",
        "wide": "true",
        "since": "2026-08-01",
        "place": '"Oslo"',
        "back": "1 day",
    }
    rows = run.assignments.project("customer_id, risk").order("customer_id").fetchall()
    assert rows == [(1, "good"), (2, "rest"), (3, "roman")]


def test_keys_in_any_form(shop: Folder) -> None:
    project = sw.open(shop.path)
    assert [project.explain(key).key for key in (2, "2", " 2 ")] == [2, 2, 2]
    with pytest.raises(SettingsError, match="no row of `customers` has `customer_id` 1,042"):
        project.explain("1,042")
    for key in ("two", "2.0", "", True, 2.5, 2**63, None):
        with pytest.raises(SettingsError, match="cannot be a `customer_id`, which is of type integer"):
            project.explain(key)  # pyright: ignore[reportArgumentType]


def test_a_key_that_is_text(folder: Folder) -> None:
    folder.rules(
        "table t key id\n  id text\n  n integer\nsegmentation s of t first match wins\n"
        "  segment x when n > 0\n  otherwise rest\n"
    )
    folder.table("t", "id n\n007 1\n7 0")
    folder.settings()
    project = sw.open(folder.path)
    assert [project.explain(key).segmentations[0].assigned for key in ("007", "7")] == [("x",), ("rest",)]
    with pytest.raises(SettingsError, match="`7` cannot be a `id`, which is of type text"):
        project.explain(7)


def test_progress(shop: Folder) -> None:
    seen: list[Progress] = []
    sw.open(shop.path).run(progress=seen.append)
    stages = [progress.stage for progress in seen if progress.done is None]
    assert stages == [
        "opening the data",
        "checking `customers`",
        "checking `payments`",
        "looking for ties in what `customers` ask for",
        "assigning `customers`",
        "counting `customers`",
        "measuring `customers`",
        "describing the run",
    ]
    assert all(0 <= progress.done <= 1 for progress in seen if progress.done is not None)


def test_a_rule_set_loads(shop: Folder, tmp_path: Path) -> None:
    run = sw.open(shop.path).run()
    loaded = sw.load(run.folder / "ruleset.json")
    assert loaded == run.ruleset
    assert (loaded.name, loaded.logic_hash) == ("project", run.manifest.logic_hash)
    assert [each.name for each in loaded.program.segmentations] == ["risk", "mail"]
    text = (run.folder / "ruleset.json").read_text(encoding="utf-8")
    for content, message in [
        ("{", "`x.json` is no compiled rule set"),
        ("[]", "`x.json` is no compiled rule set"),
        ("{}", "`x.json`: this is no compiled rule set: it does not say `format`, which is 1 for this version"),
        (text.replace("Rome", "Roma"), "`x.json`: the rule set was changed after it was compiled: its integrity"),
    ]:
        (tmp_path / "x.json").write_text(content, encoding="utf-8")
        with pytest.raises(SettingsError) as caught:
            sw.load(tmp_path / "x.json")
        assert caught.value.message.startswith(message)
    with pytest.raises(SettingsError, match=r"the rule set `y\.json` cannot be read"):
        sw.load(tmp_path / "y.json")


def test_errors_carry_an_exit_code_and_a_message(shop: Folder) -> None:
    project = sw.open(shop.path)
    with pytest.raises(SettingsError) as settings:
        project.run(parameters={"lest": 700})
    assert (settings.value.exit_code, settings.value.message) == (
        2,
        "there is no parameter `lest`; did you mean `least`?",
    )
    with pytest.raises(SettingsError, match="there is no folder"):
        sw.open(shop.path / "nowhere")
    shop.table("customers", "customer_id score city\n1 72 Oslo")
    with pytest.raises(DataError) as data:
        project.run()
    assert data.value.exit_code == 3
    assert [violation.field for violation in data.value.violations] == ["score"]
    assert "`score`: 1 row lies outside `from 300 to 850`" in data.value.message
    shop.table("customers", "customer_id score city\n1 720 Oslo")
    (shop.path / "runs").touch()
    with pytest.raises(EngineError) as engine:
        project.run()
    assert engine.value.exit_code == 4
    for known in (settings, data, engine):
        assert isinstance(known.value, sw.RunError)
    assert issubclass(GateError, sw.RunError)
    assert issubclass(sw.RulesError, sw.RunError)


def test_the_package_starts_without_its_engines(shop: Folder) -> None:
    code = (
        "import sys, segwright as sw\n"
        f"project = sw.open({str(shop.path)!r})\n"
        "assert project.check() == ()\n"
        "print(*[name for name in ('duckdb', 'polars', 'sqlglot', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_public_names() -> None:
    for name in sw.__all__:
        assert getattr(sw, name) is not None
    with pytest.raises(AttributeError, match="no attribute `frobnicate`"):
        sw.frobnicate  # noqa: B018
    for public in (sw.open, sw.load, sw.Project, sw.Run, sw.Project.run, sw.Project.explain, sw.Run.explain):
        assert public.__doc__
