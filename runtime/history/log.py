"""The history of meaning of a project: which commits changed what its rules mean, and what each change was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from ...compiler.changes import changes_between
from ...compiler.changes.records import Change, Renames
from ...compiler.changes.texts import text_changes
from ...compiler.ruleset import RuleSet
from ..settings import read_settings
from .broken import first_errors
from .commits import Commit, commits_of
from .readings import Reading, State, states
from .repository import is_shallow, objects_of, repository_of
from .tree import Trees

Kind = Literal["first", "meaning", "same meaning", "broken"]
"""What a commit did: brought the project in, changed what its rules mean, changed something else about them, or left
them so that they do not check."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit that changed something about the rules or the settings of a project.

    `changes` are those from the newest older commit whose rules check, whose rule set is `before`; of a rename the
    `renames` say how names of `before` are called after. `moved_from`: the folder of the project before, where it
    moved. `settings_changed`: other settings than before, by what they say. `mends`: the rules did not check at the
    commit before. `problems` say why a broken one does not check, the first errors with their places."""

    commit: Commit
    kind: Kind
    place: PurePosixPath
    rules: RuleSet | None
    before: RuleSet | None = None
    changes: tuple[Change, ...] = ()
    renames: Renames = field(default_factory=Renames)
    settings_changed: bool = False
    moved_from: PurePosixPath | None = None
    mends: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The commits of a history that changed something about the project, newest first. `looked_at` are all commits
    that were read; `cut`: whether the repository is a shallow clone, which has no older ones. `out` is where the
    project of today puts its runs."""

    project: str
    out: Path
    entries: tuple[Entry, ...]
    looked_at: int
    cut: bool


def history_of(
    folder: Path,
    revisions: str | None = None,
    most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> History:
    """The history of the project in `folder`, along first parents, up to a revision or through a range (None: HEAD).

    Reading ends once there are `most` commits that changed the meaning, and one more. `progress` is told how many
    commits were read, and of how many. Raises `SettingsError` where there is no such history, and `EngineError`."""
    repository, here = repository_of(folder), folder.resolve()
    found = commits_of(repository, revisions)
    today = read_settings(here)
    entries: list[Entry] = []
    read = 0

    def counted(all_states: Iterator[State]) -> Iterator[State]:
        nonlocal read
        for state in all_states:
            read += 1
            if progress is not None:
                progress(read, len(found.commits))
            yield state

    asked = {commit.hash for commit in found.commits[: found.asked]}
    with objects_of(repository) as read_object:
        passed = counted(states(Trees(read_object), repository.top, here, today.name, found.commits))
        for entry in _entries(passed):
            if entry.commit.hash not in asked:
                break
            entries.append(entry)
            if most is not None and sum(each.kind in ("first", "meaning") for each in entries) > most:
                break
    return History(today.name, today.out, tuple(entries), min(read, found.asked), is_shallow(repository))


def last_changes(history: History, most: int | None) -> History:
    """The history down to the last `most` commits that changed the meaning; all of it without a number."""
    if most is None:
        return history
    changes = [at for at, each in enumerate(history.entries) if each.kind in ("first", "meaning")]
    return replace(history, entries=history.entries[: changes[most - 1] + 1]) if len(changes) >= most else history


# -- from states to entries ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """A commit that changed something about the project: what it was after, and before."""

    commit: Commit
    after: Reading | None
    before: Reading | None


def _steps(passed: Iterator[State]) -> Iterator[_Step]:
    newer: State | None = None
    for state in passed:
        if newer is not None and newer.reading is not state.reading:
            yield _Step(newer.commit, newer.reading, state.reading)
        newer = state
    if newer is not None and newer.reading is not None:
        yield _Step(newer.commit, newer.reading, None)


def _entries(passed: Iterator[State]) -> Iterator[Entry]:
    """What each step did, newest first: a sound one is compared with the next older sound one, whatever broken ones
    stand between."""
    waiting: list[_Step] = []
    for step in _steps(passed):
        if not _is_sound(step.after) and not waiting:
            yield _broken(step)
            continue
        if _is_sound(step.after) and waiting:
            yield from _told(waiting, step.after)
            waiting = []
        waiting.append(step)
    yield from _told(waiting, None)


def _told(waiting: list[_Step], before: Reading | None) -> Iterator[Entry]:
    """The sound step that waits, now that it is known what was before it, and the broken ones behind it."""
    if waiting:
        sound, *broken = waiting
        assert sound.after is not None
        yield replace(_compared(sound, sound.after, before), mends=bool(broken))
        yield from map(_broken, broken)


def _is_sound(reading: Reading | None) -> bool:
    return reading is not None and reading.rules is not None


def _compared(step: _Step, after: Reading, before: Reading | None) -> Entry:
    if before is None or before.checked is None or before.checked.program is None:
        return Entry(step.commit, "first", after.place, after.rules)
    assert after.checked is not None
    assert after.checked.program is not None
    found = changes_between(before.checked.program, after.checked.program)
    changes = (*found.changes, *text_changes(before.checked, after.checked))
    # A difference that no sentence tells is told by its hash, rather than not at all.
    means = any(change.meaning for change in changes) or not (found.same_meaning or found.changes)
    return Entry(
        step.commit,
        "meaning" if means else "same meaning",
        after.place,
        after.rules,
        before.rules,
        changes,
        found.renames,
        after.settings != before.settings,
        before.place if before.place != after.place else None,
    )


def _broken(step: _Step) -> Entry:
    if step.after is None:
        place = PurePosixPath() if step.before is None else step.before.place
        return Entry(step.commit, "broken", place, None, problems=(f"`{place}` holds no project any more",))
    checked = step.after.checked
    problems = (step.after.problem or "",) if checked is None else first_errors(checked)
    return Entry(step.commit, "broken", step.after.place, None, problems=problems)
