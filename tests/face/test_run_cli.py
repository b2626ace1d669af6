"""`segwright run`: what it prints, how it ends, and that nothing is left behind where it fails."""

import json
import os
import shutil
import sys
from pathlib import Path

import duckdb
import pytest
import rich.progress
from face.conftest import SEGWRIGHT, Folder, Segwright, as_a_process, on_a_terminal

import segwright.cli.progress as shown
from segwright.runtime.progress import Progress

RULES = """
purposes marketing
parameter limit = 720 from 600 to 800
parameter region = "north"
table customers "Borrowers" key customer_id
  customer_id integer
  score       integer from 300 to 850 optional
  place       text
  agreed      boolean optional consent for marketing
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  balance     money from 0
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      money
let paid = sum of amount from payments in last 6 months
segmentation risk "Risk" of customers
  first match wins
  segment good "Good" when score is known and score >= limit
  segment near "Nearby" when place is region
  segment summer "Summer"
    from 2026-06-01
    until 2026-08-31
    when paid > 10
  otherwise other
segmentation mail of customers
  overlapping
  purpose marketing
  needs consent for marketing
  segment payers when paid > 0
segmentation size of accounts
  first match wins
  segment big when balance > 100
  otherwise small
"""


def fill(folder: Folder) -> None:
    folder.rules(RULES)
    folder.table(
        "customers",
        """
        customer_id score place agreed
        1           720   north true
        2           -     south -
        3           600   north false
        4           719   south true
        """,
    )
    folder.table("accounts", "account_id customer_id balance\n10 1 100.01\n11 2 5\n12 9 5")
    folder.table("payments", "customer_id paid_on amount\n1 2026-08-01 10.50\n2 2026-07-01 5\n4 2026-02-28 99")
    folder.settings()


@pytest.fixture
def loans(folder: Folder) -> Folder:
    fill(folder)
    return folder


# -- what is printed -------------------------------------------------------------------------------------------------


FEW = "have fewer than 30 rows, too few for a figure to tell much: consider fewer segments"


def test_text(loans: Folder, segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(loans.path)
    answer = segwright("run")
    (run,) = (loans.path / "runs").iterdir()
    assert answer.code == 0
    assert (
        answer.out
        == f"""\
project, as of 2026-09-01

Risk (risk): 4 customers
  good    Good               1    25.0%  ██████
  near    Nearby             1    25.0%  ██████
  summer  Summer             0     0.0%
  other                      2    50.0%  ████████████

mail: 4 customers
  payers             1    25.0%  ██████

size: 2 accounts
  big               1    50.0%  ████████████
  small             1    50.0%  ████████████

Guards that do not hold
  risk  more than half of the 3 segments {FEW}
  size  more than half of the 2 segments {FEW}

Contact pressure (mail): 3 in none, 1 in 1

note: 1 row of `accounts` belongs to no row of `customers` and is ignored
note: `summer` of `risk` is in force only from 2026-06-01 until 2026-08-31, so nobody is in it
note: 3 rows of `customers` are in no segment of `mail`

run: runs/{run.name}
"""
    )
    assert [line for line in answer.out.splitlines() if line != line.rstrip()] == []


def test_what_the_checker_noted_is_said_aside(loans: Folder, segwright: Segwright) -> None:
    assert segwright("run", loans.path).err == ""
    loans.rules(RULES.replace("score is known and ", ""))
    answer = segwright("run", loans.path)
    assert (answer.code, answer.err) == (0, "the rules: 1 note; `segwright check` shows them\n")


def test_json(loans: Folder, segwright: Segwright) -> None:
    answer = segwright("run", loans.path, "--format", "json")
    (run,) = (loans.path / "runs").iterdir()
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out) == {
        "run": str(run),
        "as_of": "2026-09-01",
        "engine": "duckdb",
        "segmentations": {
            "risk": {
                "good": {"customers": 1, "share": 0.25},
                "near": {"customers": 1, "share": 0.25},
                "summer": {"customers": 0, "share": 0.0},
                "other": {"customers": 2, "share": 0.5},
            },
            "mail": {"payers": {"customers": 1, "share": 0.25}},
            "size": {"big": {"customers": 1, "share": 0.5}, "small": {"customers": 1, "share": 0.5}},
        },
        "notes": [
            "1 row of `accounts` belongs to no row of `customers` and is ignored",
            "`summer` of `risk` is in force only from 2026-06-01 until 2026-08-31, so nobody is in it",
            "3 rows of `customers` are in no segment of `mail`",
        ],
    }


def test_a_segment_in_force_has_no_note(loans: Folder, segwright: Segwright) -> None:
    found = json.loads(segwright("run", loans.path, "--as-of", "2026-08-31", "--format", "json").out)
    assert found["as_of"] == "2026-08-31"
    # In the six months to 31 August: since 28 February (excluded, both being last days) 10.50 and 5.
    assert {name: each["customers"] for name, each in found["segmentations"]["risk"].items()} == {
        "good": 1, "near": 1, "summer": 0, "other": 2,
    }  # fmt: skip
    assert [note for note in found["notes"] if "in force" in note] == []
    loans.table("payments", "customer_id paid_on amount\n4 2026-03-01 10.01")
    loans.settings()
    found = json.loads(segwright("run", loans.path, "--as-of", "2026-08-31", "--format", "json").out)
    assert found["segmentations"]["risk"]["summer"]["customers"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals differ")
def test_on_a_terminal(loans: Folder) -> None:
    code, out = on_a_terminal(["run", str(loans.path)])
    assert code == 0
    assert "\x1b[34m██████\x1b[0m" in out


def test_a_short_run_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[float] = []
    clock = [0.0]
    monkeypatch.setattr(rich.progress.Progress, "start", lambda _: started.append(clock[0]))
    monkeypatch.setattr(shown.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(shown.sys.stderr, "isatty", lambda: True, raising=False)
    with shown.shown_progress() as show:
        for clock[0] in (0.2, 0.9, 1.1):
            show(Progress("checking", None))
    assert started == [1.1]


# -- options ---------------------------------------------------------------------------------------------------------


def test_set(loans: Folder, segwright: Segwright) -> None:
    words = ("--set", "limit=600", "--set", "region=south", "--format", "json")
    found = json.loads(segwright("run", loans.path, *words).out)
    counts = {name: each["customers"] for name, each in found["segmentations"]["risk"].items()}
    assert counts == {"good": 3, "near": 1, "summer": 0, "other": 0}
    manifest = json.loads((Path(found["run"]) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameters"] == {"limit": "600", "region": '"south"'}


@pytest.mark.usefixtures("loans")
def test_other_data_is_relative_to_the_current_folder(
    segwright: Segwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere" / "c.csv").write_text("customer_id,score,place,agreed\n1,800,x,\n", encoding="utf-8")
    found = json.loads(segwright("run", "project", "--data", "customers=elsewhere/c.csv", "--format", "json").out)
    assert found["segmentations"]["risk"]["good"] == {"customers": 1, "share": 1.0}
    manifest = json.loads((Path(found["run"]) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"][0]["place"] == "elsewhere/c.csv"


def test_out(loans: Folder, segwright: Segwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = segwright("run", "project", "--out", "deep/down")
    (run,) = (tmp_path / "deep" / "down").iterdir()
    assert answer.out.endswith(f"run: deep/down/{run.name}\n")
    assert not (loans.path / "runs").exists()


def test_evidence_values_and_order(loans: Folder, segwright: Segwright) -> None:
    loans.table("customers", "customer_id score place agreed\n4 - x -\n1 800 x -\n3 - x -\n2 - x -")
    words = ("run", loans.path, "--evidence", "--values", "--sorted", "--format", "json")
    runs = [json.loads(segwright(*words).out)["run"] for _ in range(2)]
    files = [Path(run) / "assignments.parquet" for run in runs]
    with duckdb.connect() as con:
        found = con.execute(f"SELECT * FROM '{files[0]}'")
        names = [column[0] for column in found.description or ()]
        assert names[:4] == ["customer_id", "risk", "risk_clause", "mail"]
        assert {"evidence_true_0", "evidence_known_0", "score", "paid"} <= set(names)
        assert [row[0] for row in found.fetchall()] == [1, 2, 3, 4]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_options_and_project_stand_in_any_order(loans: Folder, segwright: Segwright) -> None:
    for words in (
        ["--evidence", str(loans.path), "--as-of", "2026-09-01"],
        ["--as-of=2026-09-01", "--evidence", str(loans.path)],
        [str(loans.path), "--as-of", "2026-09-01", "--evidence"],
    ):
        assert segwright("run", *words).code == 0
    assert len(list((loans.path / "runs").iterdir())) == 3


NOT_DECLARED = "data is given for `customer`, which no rule file declares; did you mean `customers`?"

# -- how it ends -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words, message",
    [
        (["--set", "limt=700"], "there is no parameter `limt`; did you mean `limit`?"),
        (["--set", "limit=900"], "`900` is outside the range of `limit`; it is declared as 720 from 600 to 800"),
        (["--set", "limit"], "`--set limit` does not read `name=value`"),
        (["--set", "limit=700", "--set", "limit=710"], "`--set` names `limit` twice"),
        (["--set"], "`--set` needs a value"),
        (["--data", "customer=x.csv"], NOT_DECLARED),
        (["--data", "customers=x.csv"], "the data of `customers` is not there: x.csv"),
        (["--data", "=x.csv"], "`--data =x.csv` does not read `name=value`"),
        (["--as-of", "2026-02-29"], "`2026-02-29` is no date such as 2026-09-01"),
        (["--engine", "spark"], "`--engine` is one of duckdb, polars, not `spark`"),
        (["--format", "yaml"], "`--format` is one of text, json, not `yaml`"),
        (["--evidence=yes"], "`--evidence` takes no value"),
        (["--asof", "2026-09-01"], "there is no option `--asof`; did you mean `--as-of`?"),
        (["more"], "`more` is one word too many; `segwright run --help` tells what there is"),
    ],
)  # fmt: skip
def test_what_is_asked_for_cannot_be_done(loans: Folder, segwright: Segwright, words: list[str], message: str) -> None:
    before = loans.everything()
    answer = segwright("run", loans.path, *words)
    assert (answer.code, answer.out, answer.err) == (2, "", f"error: {message}\n")
    assert loans.everything() == before


def test_rules_with_errors_do_not_run(loans: Folder, segwright: Segwright) -> None:
    loans.rules(RULES.replace("balance > 100", "balnce > 100"))
    before = loans.everything()
    answer = segwright("run", loans.path)
    assert (answer.code, answer.out) == (1, "")
    assert "error[SEG150]: `balnce` is not a field of `accounts`" in answer.err
    assert answer.err.endswith("\nerror: the rules have 1 error; nothing was run\n")
    assert loans.everything() == before


BROKEN = """\
error: the data breaks its contract; nothing was written

`customers` in customers.csv
  `score`: 2 rows lie outside `from 300 to 850` (found "299", "851"); customer_id 5, 6
  `customer_id`: 1 key occurs in more than one row; customer_id 4

`accounts` in accounts.csv
  `balance`: 1 row cannot be read as money (found "lots"); account_id 13
"""


def test_data_that_breaks_its_contract(loans: Folder, segwright: Segwright) -> None:
    with (loans.path / "customers.csv").open("a", encoding="utf-8") as file:
        file.write("5,299,x,\n6,851,x,\n4,700,x,\n")
    with (loans.path / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write("13,1,lots\n")
    before = loans.everything()
    answer = segwright("run", loans.path)
    assert (answer.code, answer.out) == (3, "")
    assert answer.err == BROKEN
    assert loans.everything() == before


def test_data_in_a_terminals_own_language_does_nothing_to_it(loans: Folder, segwright: Segwright) -> None:
    loans.table("accounts", "account_id customer_id balance\n10 1 \x1b[31mred")
    answer = segwright("run", loans.path)
    assert answer.code == 3
    assert "\x1b" not in answer.err


def test_a_file_that_is_not_there(loans: Folder, segwright: Segwright) -> None:
    (loans.path / "payments.csv").unlink()
    (loans.path / "accounts.csv").unlink()
    answer = segwright("run", loans.path)
    assert answer.code == 2
    assert answer.err == (
        "error: the data of `accounts` is not there: accounts.csv\nthe data of `payments` is not there: payments.csv\n"
    )
    assert not (loans.path / "runs").exists()


def test_no_as_of_date(loans: Folder, segwright: Segwright) -> None:
    loans.settings(as_of=None)
    answer = segwright("run", loans.path)
    assert answer.err == "error: as of which date? Give `--as-of 2026-09-01`, or `as_of` in segwright.toml\n"
    assert answer.code == 2


def test_a_gate(loans: Folder, segwright: Segwright) -> None:
    loans.rules(RULES.replace("first match wins", "first match wins\n  each segment at least 2 customers", 1))
    assert segwright("run", loans.path, "--out", loans.path / "first").code == 0
    loans.settings(more='[gates]\nsegment_size = "stop"')
    answer = segwright("run", loans.path)
    assert (answer.code, answer.out) == (1, "")
    assert "`good` of `risk` has 1 row, fewer than the 2 that each segment needs" in answer.err
    assert not (loans.path / "runs").exists()


def test_a_place_that_cannot_be_written(loans: Folder, segwright: Segwright) -> None:
    (loans.path / "runs").touch()
    answer = segwright("run", loans.path)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("error: nothing can be written to ")


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_output_that_nobody_reads(loans: Folder) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    import subprocess

    process = subprocess.run(
        [*SEGWRIGHT, "check", str(loans.path), "--format", "json"],
        stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert process.stderr == ""
    assert process.returncode == 141


def test_a_console_that_knows_ascii_only(loans: Folder) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    text = as_a_process(["run", str(loans.path)], loans.path, environment)
    assert text.code == 0
    assert "25.0%  \\u2588\\u2588" in text.out
    loans.rules(RULES.replace('"Nearby"', '"Näher"').replace("segment near", "segment näher"))
    found = json.loads(as_a_process(["run", ".", "--format", "json"], loans.path, environment).out)
    assert found["segmentations"]["risk"]["näher"]["customers"] == 1


# -- unusual projects ------------------------------------------------------------------------------------------------


def test_empty_tables(loans: Folder, segwright: Segwright) -> None:
    for name in ("customers", "accounts", "payments"):
        path = loans.path / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    answer = segwright("run", loans.path)
    assert answer.code == 0, answer.err
    assert "\nRisk (risk): 0 customers\n  good    Good               0\n" in answer.out
    for name in ("customers", "accounts", "payments"):
        assert f"note: `{name}` holds no rows ({name}.csv)\n" in answer.out
    found = json.loads(segwright("run", loans.path, "--format", "json").out)
    assert found["segmentations"]["mail"] == {"payers": {"customers": 0, "share": None}}
    assert segwright("explain", loans.path, 1).err == "error: no row of `customers` has `customer_id` 1\n"


@pytest.mark.parametrize("name", ["two words", 'it\'s "quoted"', "größe 汉字", "semi;colon--", "100% $HOME *?[x]"])
def test_a_path_with_anything_in_it(tmp_path: Path, segwright: Segwright, name: str) -> None:
    folder = Folder(tmp_path / name)
    folder.path.mkdir()
    fill(folder)
    answer = segwright("run", folder.path, "--format", "json")
    assert answer.code == 0, answer.err
    assert segwright("explain", folder.path, 1, "--run", "latest").code == 0
    assert json.loads(answer.out)["run"].startswith(str(folder.path))


def test_the_same_run_from_anywhere(
    loans: Folder, segwright: Segwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: set[tuple[str, str]] = set()
    deep = loans.path / "a" / "b"
    deep.mkdir(parents=True)
    places = [(loans.path, "."), (loans.path, None), (tmp_path, "project"), (deep, None), (Path("/"), loans.path)]
    for here, project in places:
        monkeypatch.chdir(here)
        answer = segwright("run", *([] if project is None else [project]), "--format", "json")
        assert answer.code == 0, answer.err
        manifest = json.loads((Path(json.loads(answer.out)["run"]) / "manifest.json").read_text(encoding="utf-8"))
        hashes.add((manifest["logic_hash"], manifest["text_hash"]))
    assert len(hashes) == 1
    assert len(list((loans.path / "runs").iterdir())) == 5


def test_hidden_things_are_no_runs_and_no_data(loans: Folder, segwright: Segwright) -> None:
    runs = loans.path / "runs"
    (runs / ".git").mkdir(parents=True)
    (runs / "notes.txt").touch()
    (runs / "2026-09-01-0000abcd-7").mkdir()  # no manifest: not complete
    data = loans.path / "parts"
    data.mkdir()
    shutil.copy(loans.path / "payments.csv", data / "a.csv")
    (data / "_SUCCESS").touch()
    (data / ".a.csv.crc").write_bytes(b"\x00")
    answer = segwright("run", loans.path, "--data", f"payments={data}")
    assert answer.code == 0, answer.err
    assert segwright("explain", loans.path, 1, "--run", "latest").code == 0
    assert segwright("explain", loans.path, 1, "--run", "2026-09-01-0000abcd-7").err == (
        "error: `2026-09-01-0000abcd-7` is no complete run folder\n"
    )
    assert {".git", "notes.txt", "2026-09-01-0000abcd-7"} <= {path.name for path in runs.iterdir()}


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_the_file_that_is_named_and_no_other(loans: Folder, segwright: Segwright, ending: str) -> None:
    for name, score in (("c[1]", 800), ("c1", 300)):
        with duckdb.connect() as con:
            query = f"SELECT 1 AS customer_id, {score} AS score, 'x' AS place, true AS agreed"
            con.execute(f"COPY ({query}) TO '{loans.path / name}.{ending}' (FORMAT {ending})")
    answer = segwright("run", loans.path, "--data", f"customers={loans.path}/c[1].{ending}", "--format", "json")
    assert json.loads(answer.out)["segmentations"]["risk"]["good"]["customers"] == 1


# -- progress --------------------------------------------------------------------------------------------------------


def test_a_long_run_says_now_and_then_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [100.0]
    monkeypatch.setattr(shown.time, "monotonic", lambda: clock[0])
    with shown.shown_progress() as show:
        for seconds, stage, done in [
            (5, "checking `payments`", None),
            (9, "checking `payments`", 0.3),
            (11, "checking `payments`", 0.4),
            (15, "assigning `customers`", None),
            (22, "assigning `customers`", None),
        ]:
            clock[0] = 100.0 + seconds
            show(Progress(stage, done))
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "checking `payments` (40%)\nassigning `customers`\n")
