"""`segwright fmt`: what it writes, lists and shows, and what it leaves alone."""

import io
import json
import os
import stat
import sys
from pathlib import Path

import pytest
from face.conftest import Folder, Segwright

TYPED = "let   a=1 # one\nlet bbb   = 2\n"
LAID_OUT = "let a   = 1  # one\nlet bbb = 2\n"
WRONG = "let c = 3 +\n"
DIFF = """\
--- rules.seg
+++ rules.seg
@@ -1,2 +1,2 @@
-let   a=1 # one
-let bbb   = 2
+let a   = 1  # one
+let bbb = 2
"""


@pytest.fixture
def project(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A project of two files, one of them not laid out, which is also the current folder."""
    folder.rules(TYPED)
    folder.rules("let d = 4\n", "good.seg")
    folder.settings()
    monkeypatch.chdir(folder.path)
    return folder


def typed_in(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))


def contents(folder: Folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.path.iterdir()}


def test_files_are_laid_out(segwright: Segwright, project: Folder) -> None:
    before = contents(project)
    answer = segwright("fmt")
    assert (answer.code, answer.out, answer.err) == (0, "rules.seg\n", "1 file laid out anew, 1 as before\n")
    assert contents(project) == before | {"rules.seg": LAID_OUT.encode()}
    again = segwright("fmt")
    assert (again.code, again.out, again.err) == (0, "", "0 files laid out anew, 2 as before\n")


def test_a_file_that_is_laid_out_is_not_written(segwright: Segwright, project: Folder) -> None:
    os.utime(project.path / "good.seg", (1, 1))
    assert segwright("fmt").code == 0
    assert (project.path / "good.seg").stat().st_mtime == 1


def test_the_mode_stays(segwright: Segwright, project: Folder) -> None:
    (project.path / "rules.seg").chmod(0o640)
    assert segwright("fmt", "rules.seg").code == 0
    assert stat.S_IMODE((project.path / "rules.seg").stat().st_mode) == 0o640


def test_a_link_stays_a_link(segwright: Segwright, project: Folder) -> None:
    (project.path / "link.seg").symlink_to("rules.seg")
    assert segwright("fmt", "link.seg").code == 0
    assert (project.path / "link.seg").is_symlink()
    assert (project.path / "rules.seg").read_text() == LAID_OUT


def test_line_ends_and_byte_order_mark_stay(segwright: Segwright, project: Folder) -> None:
    (project.path / "rules.seg").write_bytes(b"\xef\xbb\xbf" + TYPED.replace("\n", "\r\n").encode())
    assert segwright("fmt").code == 0
    assert (project.path / "rules.seg").read_bytes() == b"\xef\xbb\xbf" + LAID_OUT.replace("\n", "\r\n").encode()
    assert segwright("fmt", "--check").code == 0


def test_check_lists_and_writes_nothing(segwright: Segwright, project: Folder) -> None:
    before = contents(project)
    answer = segwright("fmt", "--check", project.path)
    assert (answer.code, answer.out) == (1, "rules.seg\n")
    assert answer.err == "1 file would be laid out anew, 1 as before\n"
    assert contents(project) == before
    assert segwright("fmt", "--check", "good.seg").code == 0


def test_diff_shows_and_writes_nothing(segwright: Segwright, project: Folder) -> None:
    before = contents(project)
    answer = segwright("fmt", "--diff")
    assert (answer.code, answer.out) == (0, DIFF)
    assert contents(project) == before
    assert segwright("fmt", "--diff", "--check").code == 1


def test_a_file_with_mistakes_is_left_alone(segwright: Segwright, project: Folder) -> None:
    project.rules(WRONG, "wrong.seg")
    answer = segwright("fmt", "wrong.seg", "rules.seg")
    assert (answer.code, answer.out) == (1, "rules.seg\n")
    assert "error[SEG002]" in answer.err
    assert "--> wrong.seg:1:11" in answer.err
    assert answer.err.endswith("1 file laid out anew, 0 as before, 1 with errors, not touched\n")
    assert (project.path / "wrong.seg").read_text() == WRONG
    assert (project.path / "rules.seg").read_text() == LAID_OUT


def test_a_file_that_is_not_utf8_is_left_alone(segwright: Segwright, project: Folder) -> None:
    (project.path / "latin.seg").write_bytes(b"# caf\xe9\nlet   a = 1\n")
    answer = segwright("fmt", "latin.seg")
    assert answer.code == 1
    assert "error[SEG107]" in answer.err
    assert (project.path / "latin.seg").read_bytes() == b"# caf\xe9\nlet   a = 1\n"


def test_a_read_only_file(segwright: Segwright, project: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(path: Path, mode: int) -> bool:
        """As the system answers most users; it lets its administrator write everything."""
        return (path.name, mode) != ("rules.seg", os.W_OK)

    before = contents(project)
    monkeypatch.setattr("segwright.formatting.os.access", read_only)
    answer = segwright("fmt")
    assert (answer.code, answer.err) == (4, "error: `rules.seg` cannot be written: it is read-only\n")
    assert contents(project) == before


def test_what_cannot_be_written_stays_whole(
    segwright: Segwright, project: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = contents(project)
    monkeypatch.setattr("segwright.formatting.os.replace", full)
    answer = segwright("fmt")
    assert (answer.code, answer.err) == (4, "error: `rules.seg` cannot be written: no space left on device\n")
    assert contents(project) == before


def test_standard_input(segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    typed_in('let   å="\x1b[1m☃"'.encode(), monkeypatch)
    answer = segwright("fmt", "-")
    assert (answer.code, answer.out, answer.err) == (0, 'let å = "\x1b[1m☃"\n', "")


def test_standard_input_with_mistakes(segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    typed_in(WRONG.encode(), monkeypatch)
    answer = segwright("fmt", "-")
    assert (answer.code, answer.out) == (1, "")
    assert "--> <stdin>:1:11" in answer.err


def test_standard_input_is_checked(segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    typed_in(TYPED.encode(), monkeypatch)
    answer = segwright("fmt", "-", "--check")
    assert (answer.code, answer.out) == (1, "<stdin>\n")


@pytest.mark.parametrize(
    "words, said",
    [
        (("-", "rules.seg"), "`-` stands alone: standard input is one rule file"),
        (("none.seg",), "there is no rule file `none.seg`"),
        (("--chek",), "did you mean `--check`?"),
    ],
)
def test_usage(segwright: Segwright, project: Folder, words: tuple[str, ...], said: str) -> None:
    before = contents(project)
    answer = segwright("fmt", *words)
    assert answer.code == 2
    assert said in answer.err
    assert contents(project) == before


def test_json(segwright: Segwright, project: Folder) -> None:
    project.rules(WRONG, "wrong.seg")
    answer = segwright("fmt", "--check", "--diff", "--format", "json")
    assert answer.code == 1
    found = json.loads(answer.out)
    assert found["changed"] == ["rules.seg"]
    assert sorted(found["files"]) == ["good.seg", "rules.seg", "wrong.seg"]
    assert found["diff"] == DIFF
    assert [(each["code"], each["file"]) for each in found["diagnostics"]] == [("SEG002", "wrong.seg")]


def test_it_starts_without_engines(project: Folder) -> None:
    import subprocess

    code = "import sys, segwright.cli as c\ntry: c.main(['fmt'])\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=project.path, capture_output=True, text=True, check=True)
    assert {"duckdb", "polars", "pydantic", "sqlglot"}.isdisjoint(done.stdout.split())


def test_the_rules_of_the_repository_are_laid_out(segwright: Segwright, repository: Path) -> None:
    files = [path for folder in ("rules", "examples") for path in sorted((repository / folder).glob("*/*.seg"))]
    assert files
    assert segwright("fmt", "--check", *files).out == ""
