"""Settings: what they mean when left out, and every mistake with its line."""

import datetime as dt
from pathlib import Path

import pytest

from segwright.runtime.errors import SettingsError
from segwright.runtime.frames import with_given
from segwright.runtime.settings import find_project, read_settings, rule_files


def settings_in(folder: Path, text: str) -> Path:
    (folder / "segwright.toml").write_text(text, encoding="utf-8")
    return folder


def test_everything_said(tmp_path: Path) -> None:
    found = read_settings(
        settings_in(
            tmp_path,
            """
            [project]
            name = "loans"
            rules = ["*.seg", "more/*.seg"]
            [data]
            customers = "data/customers.parquet"
            payments = { duckdb = "w.duckdb", table = "core.payments", complete_to = 2026-08-31 }
            logins = { path = "logins/*.csv", complete_to = 2026-07-31 }
            [run]
            as_of = 2026-09-01
            out = "../elsewhere"
            engine = "duckdb"
            memory = "2GB"
            threads = 3
            [gates]
            freshness = "stop"
            segment_size = "report"
            """,
        )
    )
    assert (found.name, found.rules) == ("loans", ("*.seg", "more/*.seg"))
    assert found.data["customers"].path == tmp_path / "data/customers.parquet"
    assert found.data["customers"].shown == "data/customers.parquet"
    assert found.data["payments"].duckdb == tmp_path / "w.duckdb"
    assert (found.data["payments"].table, found.data["payments"].complete_to) == ("core.payments", dt.date(2026, 8, 31))
    assert found.data["logins"].path == tmp_path / "logins/*.csv"
    assert found.as_of == dt.date(2026, 9, 1)
    assert found.out == tmp_path / "../elsewhere"
    assert (found.memory, found.threads, found.gates) == ("2GB", 3, frozenset({"freshness"}))


def test_nothing_said(tmp_path: Path) -> None:
    found = read_settings(settings_in(tmp_path, ""))
    assert (found.name, found.rules, found.out) == (tmp_path.name, ("*.seg",), tmp_path / "runs")
    assert (found.as_of, found.memory, found.threads) == (None, None, None)
    assert (found.engine, dict(found.data), found.gates) == ("duckdb", {}, frozenset())


@pytest.mark.parametrize(
    "text, message",
    [
        ("[run]\nasof = 2026-09-01", "segwright.toml:2: unknown setting `asof`; did you mean `as_of`?"),
        ("[runs]\nas_of = 2026-09-01", "segwright.toml:1: unknown section `runs`; did you mean `run`?"),
        ("# x\n\n[data.t]\npth = 'x'", "segwright.toml:3: unknown setting `pth` of `t`; did you mean `path`?"),
        ("[data]\nt = 3", "segwright.toml:2: `t` is a path or a table such as { path = … }"),
        ("[data]\nt = { duckdb = 'x' }", "segwright.toml:2: `t` needs either `path`, or `duckdb` and `table`"),
        (
            "[data]\nt = { path = 'x', table = 'y' }",
            "segwright.toml:2: `t` needs either `path`, or `duckdb` and `table`",
        ),
        (
            "[data]\nt = { path = 'x', complete_to = '2026-01-01' }",
            "segwright.toml:2: `complete_to` is a date without quotes, such as 2026-09-01",
        ),
        (
            "[run]\nas_of = '2026-09-01'",
            "segwright.toml:2: `as_of` is a date without quotes, such as 2026-09-01",
        ),
        (
            "[run]\nas_of = 2026-09-01T10:00:00",
            "segwright.toml:2: `as_of` is a date without quotes, such as 2026-09-01",
        ),
        ("[run]\nthreads = 0", "segwright.toml:2: `threads` is a whole number from 1"),
        ("[run]\nthreads = true", "segwright.toml:2: `threads` is a whole number from 1"),
        ("[run]\nmemory = '2'", 'segwright.toml:2: `memory` is a size such as "2GB"'),
        ("[run]\nengine = 'sparc'", 'segwright.toml:2: there is no engine "sparc"; there are `duckdb`, `polars`'),
        ("[run]\nout = 3", "segwright.toml:2: `out` is text in double quotes"),
        ("[gates]\nfreshness = true", 'segwright.toml:2: `freshness` is "stop" or "report"'),
        ("[gates]\nfreshnes = 'stop'", "segwright.toml:2: unknown setting `freshnes`; did you mean `freshness`?"),
        ("[project]\nrules = '*.seg'", 'segwright.toml:2: `rules` is a list of file patterns such as ["*.seg"]'),
        ("[project]\nrules = ['../*.seg']", 'segwright.toml:2: rules lie in the project\'s folder, not in "../*.seg"'),
        ("run = 3", "segwright.toml:1: `run` is a section: write `[run]` on a line of its own"),
        ("[run]\nas_of = ", "segwright.toml:2: this is not valid TOML: invalid value"),
        ("[run]\nout = 'a'\nout = 'b'", "segwright.toml:3: this is not valid TOML: cannot overwrite a value"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(settings_in(tmp_path, text))
    assert caught.value.message == message
    assert caught.value.exit_code == 2


def test_settings_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "segwright.toml").write_bytes(b"name = '\xe9'")
    with pytest.raises(SettingsError, match="not UTF-8"):
        read_settings(tmp_path)


def test_the_project_around_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings_in(tmp_path, "")
    inner = tmp_path / "rules" / "deep"
    inner.mkdir(parents=True)
    assert find_project(tmp_path) == tmp_path.resolve()
    assert find_project(tmp_path / "segwright.toml") == tmp_path.resolve()
    monkeypatch.chdir(inner)
    assert find_project() == tmp_path.resolve()
    with pytest.raises(SettingsError, match=r"there is no segwright.toml in `.*deep`"):
        find_project(inner)


def test_rule_files_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    for name in ("b.seg", "a.seg", "more/a.seg", "x.txt"):
        (tmp_path / name).touch()
    found = read_settings(settings_in(tmp_path, '[project]\nrules = ["**/*.seg", "a.seg"]'))
    assert [path.relative_to(tmp_path).as_posix() for path in rule_files(found)] == ["a.seg", "b.seg", "more/a.seg"]
    found = read_settings(settings_in(tmp_path, '[project]\nrules = ["*.rules"]'))
    with pytest.raises(SettingsError, match=r"segwright.toml: no rule file matches `\*.rules`"):
        rule_files(found)


def test_data_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_settings(
        settings_in(tmp_path, '[data]\na = { path = "a.csv", complete_to = 2026-01-01 }\nb = "b.csv"')
    )
    monkeypatch.chdir(tmp_path.parent)
    changed = with_given(found, {"a": "here/a=1.csv"})
    assert changed.data["a"].path == tmp_path.parent / "here/a=1.csv"
    assert changed.data["a"].complete_to is None
    assert changed.data["b"] == found.data["b"]
    for wrong in ("", " "):
        with pytest.raises(SettingsError, match="what is given for `a` is no data: give a path"):
            with_given(found, {"a": wrong})
