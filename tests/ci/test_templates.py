"""What the repository holds for build servers and for hooks of git: it reads as the published schemas say, and every
step of it does in a shell what it is meant to do, as far as that can be seen without these services."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from history.story import BROKEN, CUT_OFF, MENDED, Story
from ruamel.yaml import YAML

from .conftest import Segwright

REPOSITORY = Path(__file__).parents[2]
ACTION, HOOKS = REPOSITORY / "action.yml", REPOSITORY / ".pre-commit-hooks.yaml"
GITLAB, REFRESH = REPOSITORY / "templates" / "gitlab-ci.yml", REPOSITORY / "templates" / "refresh.yml"
COMMANDS = Path(sys.executable).parent
"""Where the `segwright` of these tests is."""


def read(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


# -- their form --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file, schema",
    [(ACTION, "github-actions"), (REFRESH, "github-workflows"), (GITLAB, "gitlab-ci")],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_a_file_follows_its_published_schema(file: Path, schema: str) -> None:
    """As `check-jsonschema` carries it."""
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_hooks_are_what_pre_commit_takes() -> None:
    """The keys of a hook in the documentation of pre-commit (*Creating new hooks*), of which the first four must be."""
    known = {"id", "name", "entry", "language", "description", "files", "require_serial"}
    hooks = read(HOOKS)
    assert [hook["id"] for hook in hooks] == ["segwright-fmt", "segwright-check", "segwright-test"]
    for hook in hooks:
        assert {"id", "name", "entry", "language"} <= set(hook) <= known
        assert hook["language"] == "python"
        assert re.compile(hook["files"])


def scripts() -> Iterator[tuple[str, str]]:
    """Every shell script, with the name of its step."""
    for step in read(ACTION)["runs"]["steps"]:
        if "run" in step:
            yield step["name"], step["run"]
    for step in read(REFRESH)["jobs"]["refresh"]["steps"]:
        if "run" in step:
            yield step["name"], step["run"]
    for number, script in enumerate(read(GITLAB)["segwright"]["script"]):
        yield f"gitlab {number}", script


@pytest.mark.parametrize("name, script", [*scripts()])
def test_nothing_is_written_into_a_script(name: str, script: str) -> None:
    """What a pull request says, its branch or its title, would be run: it comes by the environment, in quotes."""
    assert name
    assert "${{" not in script
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", script.replace('\\"', ""))
    assert re.findall(r"\$[A-Za-z_{]\w*", re.sub(r"^\w+=\S*$", "", bare, flags=re.MULTILINE)) == []


def test_every_step_says_its_shell() -> None:
    """An action has no default."""
    assert all(step["shell"] == "bash" for step in read(ACTION)["runs"]["steps"] if "run" in step)


# -- the action --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Runner:
    """What GitHub gives a step, and stand-ins for commands that need the world: each writes down how it was called."""

    folder: Path
    project: Path
    environment: dict[str, str] = field(default_factory=dict)

    def stand_in(self, name: str, script: str) -> Path:
        """A command that writes its words, a line each, into a file that is given, and goes on with `script`."""
        calls = self.folder / f"{name}.calls"
        command = self.folder / "bin" / name
        command.parent.mkdir(exist_ok=True)
        told = f'for word in "$@"; do printf "%s\\n" "$word" >> {shlex.quote(str(calls))}; done'
        command.write_text(
            f"#!/usr/bin/env bash\n{told}\necho -- >> {shlex.quote(str(calls))}\n{script}\n", encoding="utf-8"
        )
        command.chmod(0o755)
        return calls

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The script of a step, as the runner starts bash."""
        file = self.folder / "step.sh"
        file.write_text(script, encoding="utf-8")
        path = os.pathsep.join([str(self.folder / "bin"), str(COMMANDS), os.environ["PATH"]])
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=self.project,
            env={**os.environ, **self.environment, "PATH": path, **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture
def runner(story: Story, tmp_path: Path) -> Runner:
    folder = tmp_path / "runner"
    folder.mkdir()
    given = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary.md"}
    environment = {name: str(folder / file) for name, file in given.items()}
    return Runner(
        folder,
        story.folder,
        {**environment, "RUNNER_TEMP": str(folder), "GITHUB_REPOSITORY": "acme/loans", "GH_TOKEN": "none"},
    )


def step(name: str) -> str:
    return next(each["run"] for each in read(ACTION)["runs"]["steps"] if each.get("name") == name)


def outputs(runner: Runner) -> Mapping[str, str]:
    lines = Path(runner.environment["GITHUB_OUTPUT"]).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


CI = {"PROJECT": "loans", "BASE": "", "AS_OF": "", "DATA": "true"}


def test_the_action_installs_its_own_version(runner: Runner) -> None:
    calls = runner.stand_in("python", "")
    assert runner.run(step("Install Segwright"), ACTION="/the action", PACKAGE="").returncode == 0
    installed = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    assert calls.read_text(encoding="utf-8").splitlines() == [
        *installed,
        "-c",
        "/the action/constraints.txt",
        "--",
        "/the action",
        "--",
    ]
    calls.unlink()
    runner.run(step("Install Segwright"), ACTION="/the action", PACKAGE="segwright==0.1.0")
    assert calls.read_text(encoding="utf-8").splitlines() == [*installed, "--", "segwright==0.1.0", "--"]


def test_the_action_checks_and_tells_what_came_out(story: Story, runner: Runner) -> None:
    done = runner.run(step("Check, test, compare"), **CI)
    assert done.returncode == 0, done.stderr
    told = outputs(runner)
    assert told["exit-code"] == "0"
    assert (Path(told["folder"]) / "comment.md").is_file()
    assert (Path(told["folder"]) / "segwright.sarif").is_file()
    assert "passed" in done.stdout
    assert Path(runner.environment["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8").startswith("<!-- segwright")
    story.git("checkout", "--quiet", BROKEN)
    failing = runner.run(step("Check, test, compare"), **CI)
    assert failing.returncode == 0, "the verdict is left to the last step, behind the comment"
    assert outputs(runner)["exit-code"] == "1"
    assert failing.stdout.startswith("::error file=loans/loans.seg,line=16,")


def test_the_action_hands_on_what_it_is_told(story: Story, runner: Runner) -> None:
    calls = runner.stand_in("segwright", "exit 3")
    assert story.project.is_dir()
    given = {"PROJECT": "a folder; rm -rf ~", "BASE": "$(touch x)", "AS_OF": "2026-01-01", "DATA": "false"}
    assert runner.run(step("Check, test, compare"), **given).returncode == 0
    ci, format, github, out, *rest = calls.read_text(encoding="utf-8").splitlines()
    assert (ci, format, github) == ("ci", "--format", "github")
    assert out.startswith(f"--out={runner.folder}/segwright.")
    assert rest == ["--base=$(touch x)", "--as-of=2026-01-01", "--no-data", "--", "a folder; rm -rf ~", "--"]
    assert outputs(runner)["exit-code"] == "3"
    assert not (story.folder / "x").exists()


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_verdict_is_that_of_ci(runner: Runner, code: int) -> None:
    assert runner.run(step("Verdict"), CODE=str(code)).returncode == code


MARKER = "<!-- segwright diff: loans -->"
COMMENT = {"AUTHOR": "github-actions[bot]", "NUMBER": "7"}
LISTED = "repos/acme/loans/issues/7/comments?per_page=100"


def comment(runner: Runner, listed: str, **more: str) -> list[list[str]]:
    """The calls of `gh`, which lists comments as `listed`, tab-separated: id, author, first line."""
    file = runner.folder / "comment.md"
    file.write_text(f"{MARKER}\n\n### loans\n", encoding="utf-8")
    (runner.folder / "listed").write_text(listed, encoding="utf-8")
    calls = runner.stand_in("gh", f'case "$*" in *--paginate*) cat {shlex.quote(str(runner.folder / "listed"))};; esac')
    done = runner.run(step("Comment"), **COMMENT, FOLDER=str(runner.folder), **more)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    text = calls.read_text(encoding="utf-8")
    return [call.splitlines() for call in text.split("--\n")[:-1]]


def test_the_first_comment_is_posted(runner: Runner) -> None:
    first, second = comment(runner, "")
    assert first[:3] == ["api", "--paginate", LISTED]
    assert second == [
        "api",
        "--silent",
        "--method",
        "POST",
        "repos/acme/loans/issues/7/comments",
        "--field",
        f"body=@{runner.folder}/comment.md",
    ]


def test_the_comment_that_is_there_is_changed(runner: Runner) -> None:
    """Not one of another project, and not one that somebody else wrote under the same mark."""
    listed = "\n".join(
        [
            "1\tsomebody\tHello",
            f"2\tsomebody\t{MARKER}",
            "3\tgithub-actions[bot]\t<!-- segwright diff: cards -->",
            f"4\tgithub-actions[bot]\t{MARKER}",
            f"5\tgithub-actions[bot]\t{MARKER}",
        ]
    )
    _, second = comment(runner, f"{listed}\n")
    assert second[:4] == ["api", "--silent", "--method", "PATCH"]
    assert second[4] == "repos/acme/loans/issues/comments/4"


def test_nothing_is_posted_where_there_is_no_comment(runner: Runner) -> None:
    calls = runner.stand_in("gh", "")
    assert runner.run(step("Comment"), **COMMENT, FOLDER=str(runner.folder / "none")).returncode == 0
    assert not calls.exists()


@pytest.mark.parametrize("fails", ["--paginate", "POST"])
def test_a_token_that_only_reads_is_no_failure(runner: Runner, fails: str) -> None:
    """A pull request from a fork has no other."""
    (runner.folder / "comment.md").write_text(f"{MARKER}\n", encoding="utf-8")
    runner.stand_in("gh", f'case "$*" in *{fails}*) exit 1;; esac')
    done = runner.run(step("Comment"), **COMMENT, FOLDER=str(runner.folder))
    assert done.returncode == 0
    assert done.stdout.startswith("::warning title=segwright::")


def test_inputs_and_outputs_that_steps_speak_of_are_there() -> None:
    action = read(ACTION)
    text = ACTION.read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(action["inputs"])
    assert set(re.findall(r"steps\.ci\.outputs\.([\w-]+)", text)) == set(action["outputs"])
    assert {
        re.sub(r"=.*", "", line).strip().removeprefix('echo "')
        for line in step("Check, test, compare").splitlines()
        if "echo" in line
    } == set(action["outputs"])


# -- GitLab and the refresh --------------------------------------------------------------------------------------------


def test_the_job_of_gitlab(story: Story, runner: Runner) -> None:
    job = read(GITLAB)["segwright"]
    install, script = job["script"]
    calls = runner.stand_in("python", "")
    assert runner.run(install, SEGWRIGHT_PACKAGE="segwright==0.1.0").returncode == 0
    assert calls.read_text(encoding="utf-8").splitlines()[-2:] == ["segwright==0.1.0", "--"]
    done = runner.run(script, SEGWRIGHT_PROJECT="loans", SEGWRIGHT_DATA="true")
    assert done.returncode == 0, done.stderr
    reports = job["artifacts"]["reports"]
    assert all((story.folder / file).is_file() for file in reports.values())
    assert job["variables"]["GIT_DEPTH"] == "0"
    story.git("checkout", "--quiet", BROKEN)
    assert runner.run(script, SEGWRIGHT_PROJECT="loans", SEGWRIGHT_DATA="false").returncode == 1


def test_the_scheduled_refresh(story: Story, runner: Runner) -> None:
    steps = read(REFRESH)["jobs"]["refresh"]["steps"]
    script = next(each["run"] for each in steps if each.get("name") == "Run, if it is due")
    first = runner.run(script, PROJECT="loans")
    assert first.returncode == 0, first.stderr
    assert first.stderr.startswith("due: there is no run as of ")
    assert len(list((story.project / "runs").iterdir())) == 1
    again = runner.run(script, PROJECT="loans")
    assert again.returncode == 0, again.stderr
    assert again.stderr.startswith("not due: ")
    assert len(list((story.project / "runs").iterdir())) == 1
    story.git("checkout", "--quiet", BROKEN)
    assert runner.run(script, PROJECT="loans").returncode == 1, "what fails behind the pipe fails"


# -- hooks of git ------------------------------------------------------------------------------------------------------


def hook(name: str, files: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """A hook as pre-commit runs it: in the top of the repository, with the staged files that it asks for, and with what
    git tells hooks in the environment."""
    found = next(each for each in read(HOOKS) if each["id"] == f"segwright-{name}")
    asked = [file for file in files if re.search(found["files"], file)]
    command = [str(COMMANDS / word) if at == 0 else word for at, word in enumerate(shlex.split(found["entry"]))]
    environment = {**os.environ, "GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "PRE_COMMIT": "1"}
    return subprocess.run(
        [*command, *asked], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture
def two_projects(story: Story) -> Story:
    """Beside `loans` a project `cards`, in which one file speaks of another without saying so."""
    story.commit(
        {
            "cards/segwright.toml": '[project]\nname = "cards"\n',
            "cards/data.seg": "table holders key holder_id\n  holder_id  integer\n  spent      money\n",
            "cards/cards.seg": (
                "segmentation spenders of holders\n  first match wins\n\n  segment much when spent > 100\n\n"
                '  otherwise little\n\ntest "little" given spent 5 expect spenders is little\n'
            ),
        },
        "Cards",
    )
    return story


BOTH = ["README.md", "cards/cards.seg", "loans/loans.seg", "loans/segwright.toml"]


def test_hooks_take_the_whole_project_of_each_file(two_projects: Story) -> None:
    done = hook("check", BOTH, two_projects.folder)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "5 files: 1 note")
    alone = hook("check", ["cards/cards.seg"], two_projects.folder)
    assert (alone.returncode, alone.stderr) == (0, "2 files: no problems\n")
    tested = hook("test", BOTH, two_projects.folder)
    assert tested.returncode == 0, tested.stdout
    assert tested.stdout.endswith("2 tests passed on duckdb, polars and the reference interpreter\n")


def test_hooks_fail_for_any_project(two_projects: Story) -> None:
    cards = two_projects.folder / "cards" / "cards.seg"
    cards.write_text(
        cards.read_text(encoding="utf-8").replace("expect spenders is little", "expect spenders is much"), "utf-8"
    )
    done = hook("test", BOTH, two_projects.folder)
    assert done.returncode == 1
    assert "1 of 2 tests failed" in done.stdout
    cards.write_text("segmentation of", "utf-8")
    checked = hook("check", BOTH, two_projects.folder)
    assert checked.returncode == 1
    assert "--> cards/cards.seg:1:" in checked.stdout
    assert hook("check", ["loans/loans.seg"], two_projects.folder).returncode == 0


def test_the_hook_for_layout_changes_files(story: Story) -> None:
    """Then pre-commit says that files were modified, and fails."""
    story.git("checkout", "--quiet", CUT_OFF)
    done = hook("fmt", ["loans/data.seg", "loans/segwright.toml"], story.folder)
    assert (done.returncode, done.stdout) == (0, "loans/data.seg\n")
    assert story.git("status", "--porcelain").split() == ["M", "loans/data.seg"]
    story.git("checkout", "--quiet", "--force", MENDED)
    assert hook("fmt", ["loans/data.seg", "loans/loans.seg"], story.folder).stdout == ""
    assert story.git("status", "--porcelain") == ""


def test_files_of_no_project_are_taken_together(story: Story) -> None:
    (story.folder / "draft.seg").write_text("table t key k\n  k integer\n", "utf-8")
    (story.folder / "more.seg").write_text("let twice of t = k * 2\n", "utf-8")
    assert hook("check", ["draft.seg", "more.seg", "loans/loans.seg"], story.folder).returncode == 0
    (story.folder / "more.seg").write_text("let twice of t = kk * 2\n", "utf-8")
    assert hook("check", ["draft.seg", "more.seg", "loans/loans.seg"], story.folder).returncode == 1


def test_a_file_that_its_project_does_not_read_is_still_checked(story: Story) -> None:
    (story.project / "drafts").mkdir()
    (story.project / "drafts" / "new.seg").write_text("table t key", "utf-8")
    done = hook("check", ["loans/drafts/new.seg"], story.folder)
    assert done.returncode == 1
    assert "loans/drafts/new.seg:1:" in done.stdout


def test_what_names_no_file(segwright: Segwright, story: Story) -> None:
    assert story.project.is_dir()
    for command in ("check", "test"):
        answer = segwright(command, "--projects")
        assert (answer.code, answer.out) == (2, "")
        assert "name those whose projects are meant" in answer.err
        assert segwright(command, "--projects", "gone.seg").err == "error: there is no file `gone.seg`\n"


def test_ci_in_a_hook(story: Story) -> None:
    """What git tells a hook of its repository leads nowhere else."""
    environment = {**os.environ, "GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "GIT_PREFIX": ""}
    done = subprocess.run(
        [str(COMMANDS / "segwright"), "ci", "loans", "--base", "main", "--no-data"],
        cwd=story.folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert f"since main ({story.shown(MENDED)})" in done.stdout
