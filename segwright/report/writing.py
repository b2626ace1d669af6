"""From a run to a file."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..runtime.errors import EngineError, SettingsError
from ..runtime.progress import Progress
from ..runtime.runs import RULESET, read_outcomes

if TYPE_CHECKING:
    from ..ruleset import RuleSet
    from ..runtime.manifest import Manifest
    from ..runtime.settings import Settings
    from .language import LanguageName

Report = Callable[[Progress], None]
NEEDED = "the report needs libraries that are not installed: `pip install 'segwright[report]'`"


def write_report(
    rules: RuleSet,
    settings: Settings,
    folder: Path,
    manifest: Manifest,
    file: Path,
    language: LanguageName,
    report: Report | None = None,
) -> None:
    """Writes the report of the run in `folder` to `file`: whole or not at all, in place of what was there.

    Raises `EngineError` where the libraries are not installed or the file cannot be written, `SettingsError` where
    what the run recorded cannot be read."""
    try:
        from .rendering import html
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] not in ("altair", "jinja2", "markupsafe", "vl_convert"):
            raise
        raise EngineError(NEEDED) from problem
    from .. import __version__
    from ..runtime.observed.again import observe_run
    from .language import language as spoken
    from .material import Material

    _check_place(file)
    observed = observe_run(rules, settings, folder, manifest, report)
    if report is not None:
        report(Progress("writing the report", None))
    material = Material(
        run=folder.name,
        program=rules.program,
        manifest=manifest,
        outcomes=read_outcomes(folder),
        observed=observed,
        integrity=str(json.loads((folder / RULESET).read_bytes()).get("integrity", "")),
        made=dt.datetime.now(dt.UTC).date(),
        version=__version__,
    )
    _write(file, html(material, spoken(language)))


def _check_place(file: Path) -> None:
    if file.is_dir():
        raise SettingsError(f"`{file}` is a folder: name a file, such as `{file / 'report.html'}`")
    if not file.absolute().parent.is_dir():
        raise SettingsError(f"there is no folder `{file.parent}` to put the report into")


def _write(file: Path, text: str) -> None:
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.absolute().parent, prefix=".segwright-", suffix=".html", delete=False
        ) as opened:
            temporary = Path(opened.name)
            try:
                opened.write(text)
                opened.close()
                temporary.chmod(0o666 & ~_umask())
                temporary.replace(file)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as problem:
        raise EngineError(f"the report cannot be written to `{file}`: {problem.strerror}") from problem


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
