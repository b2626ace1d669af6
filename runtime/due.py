"""Whether a run is due: by `refresh every` of the rules, or because the rules mean something else than they did.

A run is due where there is none yet, where the last one was of other rules (by logic hash) or other parameters, and
where some segmentation is refreshed every so often and the as-of date has come to that many days, months or years after
the last run's. So a monthly refresh that last ran as of 1 August is due from 1 September on, which is the last day on
which the guard `refresh` still holds (`outcomes/guards.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..compiler.time import forward
from ..dsl.program import Program, Segmentation
from .binding import bind, worded
from .manifest import Manifest
from .previous import check_project
from .runs import read_manifest, run_folders
from .settings import Settings


@dataclass(frozen=True, slots=True)
class Due:
    """Whether a run is due, and why, in words. `latest` is the folder of the last run, None where there is none."""

    due: bool
    why: str
    latest: Path | None = None


def due(
    program: Program,
    logic: str,
    settings: Settings,
    as_of: dt.date | str | None = None,
    parameters: Mapping[str, str] | None = None,
    out: Path | None = None,
) -> Due:
    """Whether a run of rules with the logic hash `logic` is due as of a date (by default the settings'), with
    parameters as rule files write them, among the run folders in `out`. The last run is the one with the latest as-of
    date that is not after this one; of several, that with the highest sequence.

    Raises `SettingsError` for a date or parameters that do not fit, and where the last run is another project's or
    cannot be read."""
    binding = bind(program, settings.as_of if as_of is None else as_of, parameters or {})
    runs = [run for run in run_folders(settings.out if out is None else out) if run.as_of <= binding.as_of]
    if not runs:
        return Due(True, f"there is no run as of {binding.as_of} or before")
    latest = runs[-1].path
    manifest = read_manifest(latest)
    check_project(latest, manifest, settings.name)
    changed = _changed(manifest, logic, worded(binding, program))
    if changed is not None:
        return Due(True, changed, latest)
    refreshed = [each for each in program.segmentations if each.refresh_every is not None]
    if not refreshed:
        why = f"the rules are those of the last run, as of {manifest.as_of}, and no segmentation says `refresh every`"
        return Due(False, why, latest)
    nearest = min(refreshed, key=lambda each: _next(each, manifest.as_of))
    date = _next(nearest, manifest.as_of)
    asked = f"`{nearest.name}` is refreshed every {_every(nearest)}; the last run is as of {manifest.as_of}"
    if binding.as_of >= date:
        return Due(True, f"{asked}, so this one {'was' if binding.as_of > date else 'is'} due on {date}", latest)
    return Due(False, f"{asked}, so the next is due on {date}", latest)


def _changed(manifest: Manifest, logic: str, parameters: Mapping[str, str]) -> str | None:
    """How the rules differ from those of a run; None where they mean the same."""
    if manifest.logic_hash != logic:
        return f"the rules mean something else than in the last run, as of {manifest.as_of}"
    others = [name for name, value in parameters.items() if manifest.parameters.get(name) != value]
    if others:
        name = others[0]
        was = manifest.parameters.get(name, "not set")
        return f"`{name}` is {parameters[name]}, and was {was} in the last run, as of {manifest.as_of}"
    return None


def _next(segmentation: Segmentation, last: dt.date) -> dt.date:
    assert segmentation.refresh_every is not None
    return forward(last, segmentation.refresh_every) or dt.date.max


def _every(segmentation: Segmentation) -> str:
    length = segmentation.refresh_every
    assert length is not None
    return length.unit if length.amount == 1 else str(length)
