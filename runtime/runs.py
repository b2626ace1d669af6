"""Run folders: making one appear whole or not at all, finding and reading them."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from .errors import EngineError, SettingsError
from .manifest import Manifest
from .outcomes.records import OUTCOMES, Outcomes
from .stopping import heed, stoppable

MANIFEST = "manifest.json"
RULESET = "ruleset.json"
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-([0-9a-f]{8})-(\d+)")
_PARTIAL = ".segwright-"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A complete run folder, by what its name says."""

    path: Path
    as_of: dt.date
    logic: str
    sequence: int


# -- finding -------------------------------------------------------------------------------------------------------


def run_folders(out: Path) -> tuple[RunFolder, ...]:
    """The complete run folders under `out`, by as-of date and sequence."""
    found = [_run_folder(path) for path in out.iterdir()] if out.is_dir() else []
    return tuple(
        sorted((run for run in found if run is not None), key=lambda run: (run.as_of, run.sequence, run.logic))
    )


def _run_folder(path: Path) -> RunFolder | None:
    match = _NAME.fullmatch(path.name)
    if match is None or not (path / MANIFEST).is_file():
        return None
    try:
        return RunFolder(path, dt.date.fromisoformat(match[1]), match[2], int(match[3]))
    except ValueError:
        return None


def find_run(run: str | Path, out: Path) -> Path:
    """The folder that RUN names: a folder (also by its name under `out`), or `latest`, the run that was made last.

    Raises `SettingsError` where there is none."""
    if str(run) == "latest":
        found = run_folders(out)
        if not found:
            raise SettingsError(f"there is no run in `{out.name}` yet: `segwright run` makes one")
        return max(found, key=lambda each: (_started(each.path), each.sequence)).path
    for path in (Path(run), out / run):
        if (path / MANIFEST).is_file():
            return path
    raise SettingsError(f"`{run}` is no complete run folder")


def _started(folder: Path) -> str:
    try:
        return str(json.loads((folder / MANIFEST).read_bytes()).get("started", ""))
    except (OSError, ValueError):
        return ""


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a run; raises `SettingsError` where it cannot be read."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except OSError as problem:
        raise SettingsError(f"`{folder.name}` is no complete run folder") from problem
    except ValidationError as problem:
        raise SettingsError(f"the manifest of `{folder.name}` was written by another version of segwright") from problem


def read_outcomes(folder: Path) -> Outcomes | None:
    """What the segments of a run come to; None for a run of a version that did not record it. Raises `SettingsError`
    where it cannot be read."""
    try:
        return Outcomes.model_validate_json((folder / OUTCOMES).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise SettingsError(f"the outcomes of `{folder.name}` cannot be read: {problem.strerror}") from problem
    except ValidationError as problem:
        raise SettingsError(
            f"the outcomes of `{folder.name}` were written by another version of segwright"
        ) from problem


# -- writing -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def work_folder(out: Path) -> Iterator[Path]:
    """A hidden folder in `out` that is gone afterwards, whatever happens; `out` too where it was made for it.

    What an earlier run left behind when its machine went down is removed first. Raises `EngineError` where nothing can
    be written."""
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(out)
        work = Path(tempfile.mkdtemp(prefix=f"{_PARTIAL}{socket.gethostname()}-{os.getpid()}-", dir=out))
    except OSError as problem:
        raise EngineError(f"nothing can be written to `{out}`: {problem.strerror}") from problem
    try:
        with stoppable():
            yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        for folder in made:
            with contextlib.suppress(OSError):  # not empty: the run is there
                folder.rmdir()


def publish(finished: Path, out: Path, as_of: dt.date, logic: str) -> Path:
    """Moves a finished run to its place under `out`, under the next sequence of its date, and gives the place; raises
    `KeyboardInterrupt` where somebody asked to stop before."""
    heed()
    with _locked(out):
        while True:
            taken = [
                int(match[3])
                for path in out.iterdir()
                if (match := _NAME.fullmatch(path.name)) and match[1] == f"{as_of}"
            ]
            target = out / f"{as_of}-{logic[:8]}-{max(taken, default=0) + 1}"
            try:
                finished.rename(target)
            except FileExistsError:
                continue
            except OSError as problem:
                if target.exists():
                    continue
                raise EngineError(f"the run cannot be put into `{out}`: {problem.strerror}") from problem
            return target


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time, where the system knows locks on folders."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks: renaming still fails where the name is taken
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _remove_abandoned(out: Path) -> None:
    mine = re.compile(re.escape(f"{_PARTIAL}{socket.gethostname()}-") + r"(\d+)-\w+")
    for path in out.iterdir():
        match = mine.fullmatch(path.name)
        if match and not _is_running(int(match[1])):
            shutil.rmtree(path, ignore_errors=True)


def _is_running(process: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
