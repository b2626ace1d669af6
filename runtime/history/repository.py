"""A git repository, as the `git` command tells of it: where it begins, what a revision means, what an object holds.

Git is asked in its own language and without what the environment of a hook says of another repository; what the user
configured stays, since it says which repositories may be read.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...dsl.check.suggest import suggest
from ..errors import EngineError, SettingsError

PATIENCE = 120
"""Seconds that git may take for one answer: it may have to fetch what a partial clone left out."""
SHORT = 7
"""Digits of a commit that people are shown."""

_OF_ANOTHER = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)
"""What git tells hooks of the repository that they are run for, which need not be the project's."""

FULL_CLONE = "in GitHub Actions: `fetch-depth: 0` with `actions/checkout`"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with files: `top` is the folder that it begins in, absolute, links followed."""

    top: Path


@dataclass(frozen=True, slots=True)
class GitObject:
    """An object: its hash in full, what it is (`blob`, `tree`, …), and what it holds."""

    hash: str
    kind: str
    content: bytes


ReadObject = Callable[[str], GitObject]
"""Gives the object that a name means: a hash, or words such as `<commit>^{tree}`."""


def git_environment() -> dict[str, str]:
    """The environment that git is run in."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
    return {**kept, "LC_ALL": "C", "LANGUAGE": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """What git answers in a folder, whether it fails or not; raises `EngineError` where there is no git, or no
    answer."""
    try:
        return subprocess.run(
            ["git", "-C", str(folder), "--no-pager", *words],
            capture_output=True,
            check=False,
            env=git_environment(),
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
    except FileNotFoundError as problem:
        raise _no_git() from problem
    except subprocess.TimeoutExpired as problem:
        raise _no_answer(words[0]) from problem
    except (OSError, ValueError) as problem:  # ValueError: a word that no system can take
        raise EngineError(f"git could not be run: {problem}") from problem


def repository_of(folder: Path) -> Repository:
    """The repository that a folder lies in; raises `SettingsError` where it lies in none."""
    answer = git(folder, "rev-parse", "--show-toplevel")
    if answer.returncode == 0:
        return Repository(Path(os.fsdecode(answer.stdout.removesuffix(b"\n"))).resolve())
    said = _said(answer)
    shown = folder.name or str(folder)
    if "not a git repository" in said:
        raise SettingsError(
            f"`{shown}` lies in no git repository, so it has no revisions: name two folders to compare them, or begin "
            "a history with `git init`, `git add` and `git commit`"
        )
    if "dubious ownership" in said:
        raise SettingsError(
            f"git does not read the repository of `{shown}`, since it belongs to another user: "
            f"`git config --global --add safe.directory {_top_above(folder).as_posix()}` allows it"
        )
    raise SettingsError(f"git cannot read the repository of `{shown}`: {said.removeprefix('fatal: ')}")


def commit_of(repository: Repository, revision: str) -> str:
    """The commit that a revision means, in full; raises `SettingsError` where it means none."""
    found = find_commit(repository, revision)
    if found is None:
        raise SettingsError(_unknown(repository, revision))
    return found


def find_commit(repository: Repository, revision: str) -> str | None:
    """The commit that a revision means, in full, None where it means none."""
    if not revision or revision.startswith("-") or "\0" in revision or "\n" in revision:
        return None
    answer = git(repository.top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    return answer.stdout.decode().strip() if answer.returncode == 0 else None


def merge_base(repository: Repository, one: str, other: str) -> str:
    """The commit at which the histories of two revisions part; raises `SettingsError` where there is none here."""
    answer = git(repository.top, "merge-base", commit_of(repository, one), commit_of(repository, other))
    if answer.returncode == 0:
        return answer.stdout.decode().split()[0]
    between = f"`{one}` and `{other}`"
    if is_shallow(repository):
        raise SettingsError(
            f"this is a shallow clone, without the commit at which {between} part: `git fetch --unshallow` gets it "
            f"({FULL_CLONE})"
        )
    raise SettingsError(f"{between} have no commit in common: compare them with `{one}..{other}`")


def is_shallow(repository: Repository) -> bool:
    """Whether the repository has only the last commits of its history."""
    return git(repository.top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


@contextmanager
def objects_of(repository: Repository) -> Iterator[ReadObject]:
    """Gives a function that reads objects. It raises `EngineError` where one is not there, or git does not answer."""
    try:
        process = subprocess.Popen(
            ["git", "-C", str(repository.top), "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=git_environment(),
        )
    except FileNotFoundError as problem:
        raise _no_git() from problem
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answers = process.stdin, process.stdout

        def read(name: str) -> GitObject:
            watch = threading.Timer(PATIENCE, process.kill)
            watch.start()
            try:
                asked.write(name.encode() + b"\n")
                asked.flush()
                head = answers.readline().split()
                content = answers.read(int(head[2]) + 1)[:-1] if len(head) == 3 else b""
            except BrokenPipeError as problem:
                raise _no_answer("cat-file") from problem
            finally:
                watch.cancel()
            match head:
                case [hash, kind, size] if len(content) == int(size):
                    return GitObject(hash.decode(), kind.decode(), content)
                case [_, b"missing"]:
                    raise EngineError(
                        f"the repository lacks the object `{name}`: `git fsck` tells what is wrong with it, and "
                        "`git fetch --refetch` gets what a partial clone left out"
                    )
                case _:
                    raise _no_answer("cat-file")

        try:
            yield read
        finally:
            asked.close()


# -- what is wrong -------------------------------------------------------------------------------------------------


def _unknown(repository: Repository, revision: str) -> str:
    """Why there is no such revision, and the way out."""
    if find_commit(repository, "HEAD") is None and not _names(repository):
        return (
            "this repository has no commit yet, so there is nothing to compare with: commit the rules first "
            "(`git add`, `git commit`), or name two folders"
        )
    known = _names(repository)
    start = re.split(r"[~^@]", revision, maxsplit=1)[0]
    if is_shallow(repository):
        gets = "" if start in known or find_commit(repository, start) else _fetched(start)
        return (
            f"there is no revision `{revision}` in this shallow clone, which has only the last commits: "
            f"`git fetch --unshallow{gets}` gets it ({FULL_CLONE})"
        )
    folder = " and no segwright.toml in the folder of this name" if Path(revision).is_dir() else ""
    steps = revision.removeprefix(start)
    if steps and find_commit(repository, start) is not None:
        return f"there is no revision `{revision}`{folder}: `{start}` is there, and `git log {start}` lists its commits"
    near = next((name for name in known if name.endswith(f"/{start}")), None) or suggest(start, known)
    if near is not None and near != start:
        return f"there is no revision `{revision}`{folder}; did you mean `{near}{steps}`?"
    return f"there is no revision `{revision}`{folder}: `git branch --all` and `git tag` list names, `git log` commits"


def _fetched(name: str) -> str:
    """The branch that a shallow clone was made without, as `git fetch` takes it."""
    if re.fullmatch(r"[0-9a-f]{7,64}", name) or name == "HEAD":
        return ""
    branch = name.removeprefix("origin/")
    return f" origin {branch}:{branch if branch == name else f'refs/remotes/{name}'}"


def _names(repository: Repository) -> list[str]:
    """Branches, tags and branches of remotes, as people write them."""
    answer = git(repository.top, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
    return answer.stdout.decode("utf-8", errors="replace").split("\n")[:-1]


def _top_above(folder: Path) -> Path:
    """The folder above that looks like the top of a repository."""
    here = folder.resolve()
    return next((each for each in (here, *here.parents) if (each / ".git").exists()), here)


def _said(answer: subprocess.CompletedProcess[bytes]) -> str:
    return answer.stderr.decode("utf-8", errors="replace").partition("\n")[0]


def _no_git() -> EngineError:
    return EngineError("git is not installed, and revisions are read with it: install it, or name two folders")


def _no_answer(command: str) -> EngineError:
    return EngineError(f"git does not answer (`git {command}`): `git fsck` tells whether the repository is sound")
