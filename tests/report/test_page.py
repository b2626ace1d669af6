"""What the page holds, and how it gets there."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from report.made_up import made_up
from report.projects import RULES, customers, write_project

import segwright as sw
from segwright.cli import main
from segwright.runtime.errors import EngineError, SettingsError
from segwright.runtime.outcomes.records import OUTCOMES

MOST_BYTES = 3_000_000
EVIL = "</script><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(2)>"


def reported(folder: Path, language: str = "en", *, outcomes: bool = True) -> str:
    """The report of a new run of a project."""
    run = sw.open(folder).run()
    place = run.folder / OUTCOMES
    if outcomes:
        place.write_text(made_up().model_dump_json(), encoding="utf-8")
    else:
        place.unlink(missing_ok=True)
    run.report(folder / "report.html", language="nl" if language == "nl" else "en")
    return (folder / "report.html").read_text(encoding="utf-8")


def without_script(page: str) -> str:
    return re.sub(r"(?s)<script>.*?</script>", "", page)


def text_of(page: str) -> str:
    """What a reader sees, more or less."""
    body = re.sub(r"(?s)<(script|style)[^>]*>.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return reported(write_project(tmp_path_factory.mktemp("page")))


def test_the_outcome_table_comes_first(page: str) -> None:
    headings = re.findall(r"<h2>(.*?)</h2>", without_script(page))
    assert headings[:2] == ["Outcomes", "What needs attention"]
    assert headings[-2:] == ["The rules in plain English", "Provenance"]
    assert page.index("<table") > page.index("<h2>Outcomes")


def test_figures_have_intervals_targets_and_marks(page: str) -> None:
    text = text_of(page)
    assert "2.1% 3 unknown ≤ 3%: met" in text
    assert "8.7% 3 unknown little to go by ≤ 3%: missed" in text
    assert 'aria-label="2.1%, 95% interval 1.7% to 2.6%"' in page
    assert "not yet observable" in text
    assert "1,235" in text or "1,234" in text
    assert "Default rate: Prime and Young." in text


def test_hidden_figures_stay_hidden(page: str) -> None:
    row = re.search(r'(?s)<tr><th scope="row">Young.*?</tr>', page)
    assert row is not None
    assert "hidden" in text_of(row[0])
    assert re.search(r"missing hidden hidden hidden", text_of(page))


def test_who_falls_out_where_is_told(page: str) -> None:
    text = text_of(page)
    assert "score >= prime_score (prime_score = 700)" in text
    assert "1 because something is missing" in text
    assert "conditions on personal data, not told apart" in text


def test_the_manifest_is_told_in_full(tmp_path: Path) -> None:
    text = text_of(reported(write_project(tmp_path)))
    (folder,) = (tmp_path / "runs").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    said = [manifest["logic_hash"], manifest["text_hash"], *(each["sha256"] for each in manifest["inputs"])]
    said += [each["content_hash"] for one in manifest["assignments"].values() for each in one["segmentations"].values()]
    said += [note["message"] for note in manifest["notes"]]
    assert [each for each in said if re.sub(r"\s+", " ", each) not in text] == []
    assert folder.name in text


def test_no_key_and_no_personal_value_is_told(tmp_path: Path) -> None:
    frame = customers().with_columns((customers()["customer_id"] + 987_654_000).alias("customer_id"))
    frame = frame.with_columns(("secret-" + frame["customer_id"].cast(str)).alias("email"))
    page = reported(write_project(tmp_path, frame=frame))
    assert "987654" not in page.replace(",", "")
    assert "secret-" not in page


def test_dutch_says_it_in_dutch(tmp_path: Path) -> None:
    page = reported(write_project(tmp_path), "nl")
    text = text_of(page)
    assert '<html lang="nl">' in page
    assert "Peildatum 1 september 2026" in text
    assert "2,1% 3 onbekend ≤ 3%: gehaald" in text
    assert "Wie waar afvalt" in text


def test_a_run_without_outcomes_says_so(tmp_path: Path) -> None:
    text = text_of(reported(write_project(tmp_path), outcomes=False))
    assert "made before runs recorded outcomes" in text
    assert "Prime 2 20.0%" in text


def test_where_the_data_changed_the_rest_of_the_page_stands(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    run = sw.open(folder).run()
    customers().head(5).write_parquet(folder / "customers.parquet")
    run.report(folder / "report.html")
    text = text_of((folder / "report.html").read_text("utf-8"))
    assert "The data of `customers` changed since the run" in text
    assert "Prime 2 20.0%" in text
    assert "Would join without it" not in text


def test_groups_below_k_are_hidden_in_sizes_too(tmp_path: Path) -> None:
    text = text_of(reported(write_project(tmp_path, RULES + "\npolicy\n  hide groups below 3\n"), outcomes=False))
    assert "Stopped hidden" in text
    assert "Young hidden" in text
    assert "Groups of fewer than 3 are hidden" in text


def test_nothing_is_loaded_from_outside(page: str) -> None:
    own = without_script(page)
    assert re.findall(r"""(?:src|href|action|srcset)\s*=\s*["']?\s*(?!#)[^"'\s>]+""", own) == []
    assert re.findall(r"url\(|@import|https?://(?!vega\.github\.io/schema/)", own) == []
    assert "default-src 'none'" in page
    assert len(page.encode()) < MOST_BYTES


def test_what_rules_and_data_say_is_no_markup(tmp_path: Path) -> None:
    rules = RULES.replace('"Prime"', json.dumps(EVIL)).replace('"Bureau score"', json.dumps(EVIL))
    folder = write_project(tmp_path, rules, name=EVIL.replace('"', ""))
    run = sw.open(folder).run()
    (run.folder / OUTCOMES).write_text(made_up(EVIL, EVIL).model_dump_json(), encoding="utf-8")
    run.report(folder / "report.html")
    page = (folder / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "<img" not in without_script(page)
    assert page.count("<script>") == page.count("</script>") - page.count('<script type="application/json"') == 1
    assert "{{7*7}}" in text_of(page)


# -- the command ------------------------------------------------------------------------------------------------------


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from segwright.cli import main; main()", "report", *words]
    return subprocess.run(program, cwd=folder, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("words", [[], ["latest"], ["RUN"], [".", "RUN"], [".", "--run", "latest"], ["."]])
def test_a_run_is_named_as_elsewhere(
    tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_project(tmp_path)
    run = sw.open(folder).run()
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as ended:
        main(["report", *(run.folder.name if word == "RUN" else word for word in words), "-o", "my.html"])
    assert (ended.value.code, capsys.readouterr().out) == (0, "report: my.html\n")
    assert run.folder.name in (folder / "my.html").read_text("utf-8")


def test_help_has_examples(tmp_path: Path) -> None:
    done = command(tmp_path, "--help")
    assert done.returncode == 0
    assert "segwright report rules/beleggen --language nl -o rapport.html" in done.stdout


@pytest.mark.parametrize(
    "words, said",
    [
        (["--language", "de"], "`--language` is one of en, nl, not `de`"),
        (["-o", "nowhere/report.html"], "there is no folder `nowhere` to put the report into"),
        (["-o", "."], "`.` is a folder"),
        (["2020-01-01-abcdef12-1"], "`2020-01-01-abcdef12-1` is no complete run folder"),
    ],
)
def test_what_cannot_be_followed_is_said(tmp_path: Path, words: list[str], said: str) -> None:
    folder = write_project(tmp_path)
    sw.open(folder).run()
    done = command(folder, *words)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_report_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    run = sw.open(folder).run()
    (folder / "report.html").write_text("the old one", encoding="utf-8")
    (run.folder / OUTCOMES).write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError, match="another version"):
        run.report(folder / "report.html")
    assert (folder / "report.html").read_text("utf-8") == "the old one"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".segwright-")] == []


def test_without_the_libraries_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_project(tmp_path)
    run = sw.open(folder).run()
    monkeypatch.setitem(sys.modules, "altair", None)
    for name in [each for each in sys.modules if each.startswith("segwright.report.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(EngineError, match=r"pip install 'segwright\[report\]'"):
        run.report(folder / "report.html")
    assert not (folder / "report.html").exists()
