"""How large the segments of each version were, where it was run, and how that differs from the version before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...compiler.changes.records import Renames
from ..errors import SettingsError
from ..manifest import Manifest
from ..runs import read_manifest, run_folders
from .log import Entry


@dataclass(frozen=True, slots=True)
class Size:
    """Rows in a segment, in the run of a version and in that of the version before; None where it was not there, and
    where the count is `hidden` in either."""

    now: int | None
    before: int | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of every segment, by segmentation, in the last run of a version. `before` is the run that they are
    compared with, None where no version before was ever run; of several one for the same as-of date. It is that of the
    nearest version that was run, `steps` changes of meaning earlier."""

    run: str
    as_of: dt.date
    before: str | None
    before_as_of: dt.date | None
    steps: int
    segmentations: Mapping[str, Mapping[str, Size]]


@dataclass(frozen=True, slots=True)
class _Ran:
    name: str
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A change of meaning and what followed without another, newest first: they all mean the same."""

    entries: tuple[Entry, ...]

    @property
    def change(self) -> Entry:
        return self.entries[-1]


def sizes_of(entries: Sequence[Entry], out: Path) -> tuple[dict[str, Sizes], tuple[str, ...]]:
    """By commit the sizes that its change of meaning led to, for those whose rules were run: in the last run of them,
    or of later ones that mean the same; and which run folders could not be read, in words.

    `entries` stand newest first; `out` is where the project's run folders lie."""
    ran, unread = _ran(out)
    sound = [entry for entry in entries if entry.rules is not None]
    meanings = list(_meanings(sound))
    sizes: dict[str, Sizes] = {}
    for at, meaning in enumerate(meanings):
        found = _last(meaning, ran, None)
        if found is None or meaning.change.kind == "same meaning":  # whose change of meaning was not read
            continue
        run, entry = found
        before, older, steps = _run_before(meanings[at + 1 :], meaning, ran, run.manifest.as_of)
        end = len(sound) if older is None else sound.index(older)
        renames = [each.renames for each in reversed(sound[sound.index(entry) : end])]
        sizes[meaning.change.commit.hash] = _sizes(run, before, renames, steps)
    return sizes, unread


def _run_before(
    older: Sequence[_Meaning], meaning: _Meaning, ran: Mapping[str, list[_Ran]], as_of: dt.date
) -> tuple[_Ran | None, Entry | None, int]:
    """The last run of rules that mean what was meant before, of the nearest that were run at all; the entry whose rules
    it ran (None: it stands before everything that was read); and how many changes of meaning lie between."""
    for steps, each in enumerate(older, 1):
        found = _last(each, ran, as_of)
        if found is not None:
            return *found, steps
    base = (older[-1] if older else meaning).entries[-1].before
    run = None if base is None else _latest(ran.get(base.logic_hash, []), as_of)
    return run, None, 1 + len(older)


def _ran(out: Path) -> tuple[dict[str, list[_Ran]], tuple[str, ...]]:
    """The runs by the logic hash of their rules, and what could not be read."""
    found: dict[str, list[_Ran]] = {}
    unread: list[str] = []
    for folder in run_folders(out):
        try:
            manifest = read_manifest(folder.path)
        except SettingsError as problem:
            unread.append(problem.message)
            continue
        found.setdefault(manifest.logic_hash, []).append(_Ran(folder.path.name, manifest))
    return found, tuple(unread)


def _meanings(sound: Iterable[Entry]) -> Iterator[_Meaning]:
    waiting: list[Entry] = []
    for entry in sound:
        waiting.append(entry)
        if entry.kind in ("first", "meaning"):
            yield _Meaning(tuple(waiting))
            waiting = []
    if waiting:  # reading ended before the change of meaning that these follow
        yield _Meaning(tuple(waiting))


def _last(meaning: _Meaning, ran: Mapping[str, list[_Ran]], as_of: dt.date | None) -> tuple[_Ran, Entry] | None:
    """The last run of the rules that mean this and the entry whose rules it ran: for the as-of date where there is one
    for it, and of the change itself rather than of what followed."""
    for entry in reversed(meaning.entries):
        runs = [] if entry.rules is None else ran.get(entry.rules.logic_hash, [])
        run = _latest(runs, as_of)
        if run is not None and (as_of is None or run.manifest.as_of == as_of):
            return run, entry
    return None if as_of is None else _last(meaning, ran, None)


def _latest(runs: Sequence[_Ran], as_of: dt.date | None) -> _Ran | None:
    same = [run for run in runs if run.manifest.as_of == as_of]
    return max(same or runs, key=lambda run: (run.manifest.started, run.name), default=None)


def _sizes(run: _Ran, before: _Ran | None, renames: Sequence[Renames], steps: int) -> Sizes:
    then = {} if before is None else _counts(before.manifest)
    for each in renames:
        then = _in_new_words(then, each)
    now = _counts(run.manifest)
    shown = {name: _compared(now[name], then.get(name)) for name in now}
    return Sizes(
        run.name,
        run.manifest.as_of,
        None if before is None else before.name,
        None if before is None else before.manifest.as_of,
        steps,
        shown,
    )


_Counts = dict[str, dict[str, int | None]]


def _counts(manifest: Manifest) -> _Counts:
    """Rows by segmentation and segment; None for what is hidden."""
    return {
        name: {segment: record.count for segment, record in segmentation.segments.items()}
        for assigned in manifest.assignments.values()
        for name, segmentation in assigned.segmentations.items()
    }


def _in_new_words(counts: _Counts, renames: Renames) -> _Counts:
    called = {name: renames.segmentations.get(name, name) for name in counts}
    return {
        called[name]: {
            renames.segments.get((called[name], segment), segment): count for segment, count in found.items()
        }
        for name, found in counts.items()
    }


def _compared(now: Mapping[str, int | None], then: Mapping[str, int | None] | None) -> dict[str, Size]:
    """Each segment now and then; those that are gone stand last."""
    before = {} if then is None else then
    return {
        segment: Size(
            now.get(segment),
            before.get(segment),
            (segment in now and now[segment] is None) or (segment in before and before[segment] is None),
        )
        for segment in dict.fromkeys([*now, *before])
    }
