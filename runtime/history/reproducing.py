"""A run made again from its manifest, in a place of its own, and held against what it came to.

The rules are those of the commit that the manifest names, where the rule files were as committed; otherwise those of
the rule set in the run's folder. As-of date, parameters, engine and the run before are the run's; the data is what the
project's settings name today.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ...compiler.ruleset import RuleSet, compiled
from ..errors import DataError, EngineError, SettingsError
from ..manifest import AssignedRecord, InputRecord, Manifest, SegmentationRecord
from ..outcomes.records import Outcomes
from ..progress import Report
from ..ruleset_files import read_ruleset
from ..run import Loaded, RunOptions, execute_ruleset
from ..runs import MANIFEST, RULESET, read_manifest, read_outcomes
from ..settings import Settings
from .broken import first_errors
from .projects import project_in
from .repository import SHORT, find_commit, is_shallow, objects_of, repository_of
from .tree import Tree, Trees

What = Literal["rules", "data", "run before", "version", "rows", "segment", "assignments", "cut-points", "measure"]


@dataclass(frozen=True, slots=True)
class Differs:
    """Something that is not as it was in the run. `name` is the table, segment, relative value or measure; `then` and
    `now` say in words how it was and is, where that can be said shortly; `message` is a sentence."""

    what: What
    name: str
    message: str
    then: str | None = None
    now: str | None = None


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A run and what making it again showed.

    `rules` says where the rules came from and whether their hashes are the run's. `causes` are what went in otherwise,
    `results` what came out otherwise; the run is reproduced where there are no `results`, and the rules are what the
    manifest says. `failure`: why nothing came
    out, where the data of today cannot be run."""

    run: str
    then: Manifest
    now: Manifest | None
    rules_from: Literal["commit", "rule set"]
    rules: str
    causes: tuple[Differs, ...]
    results: tuple[Differs, ...]
    failure: DataError | None = None

    @property
    def equal(self) -> bool:
        """Whether the same came out, by the rules that the manifest tells of."""
        return self.failure is None and not self.results and all(each.what != "rules" for each in self.causes)


def reproduce(folder: Path, settings: Settings, report: Report | None = None) -> Reproduction:
    """Makes the run in `folder` again from its manifest, with the data of `settings`, and compares. Nothing is written
    but to a temporary folder, which is gone afterwards.

    Raises `SettingsError` where the run's folder or the project's settings cannot be followed, and `EngineError`."""
    manifest = read_manifest(folder)
    found = _rules(folder, settings, manifest)
    with tempfile.TemporaryDirectory(prefix="segwright-") as place:
        out = Path(place) / "runs"
        out.mkdir()
        gone = [*_run_before_into(out, folder.parent, manifest.previous_runs)]
        options = RunOptions(manifest.as_of, manifest.engine.name, manifest.parameters, out)
        try:
            made = execute_ruleset(Loaded(found.rules, ""), _as_then(settings, manifest), options, report)
        except DataError as failure:
            return Reproduction(
                folder.name, manifest, None, found.origin, found.said, (*found.differs, *gone), (), failure
            )
        outcomes = read_outcomes(made.folder)
    causes = (*found.differs, *gone, *_data(manifest, made.manifest), *_versions(manifest, made.manifest))
    results = (*_results(manifest, made.manifest), *_measures(read_outcomes(folder), outcomes))
    return Reproduction(folder.name, manifest, made.manifest, found.origin, found.said, causes, results)


def _as_then(settings: Settings, manifest: Manifest) -> Settings:
    """The settings with what the run had from them: up to when data was complete. Gates stop nothing: the run passed
    them, or there would be none."""
    complete_to = {record.table: record.complete_to for record in manifest.inputs}
    data = {
        table: replace(entry, complete_to=complete_to[table]) if table in complete_to else entry
        for table, entry in settings.data.items()
    }
    return replace(settings, data=data, gates=frozenset())


def _run_before_into(out: Path, runs: Path, names: Sequence[str]) -> Iterator[Differs]:
    """Puts the runs that the run looked into where it will be looked for; what is gone."""
    for name in names:
        if not (runs / name / MANIFEST).is_file():
            yield Differs("run before", name, f"the run before, `{name}`, is gone: what was asked about it is missing")
            continue
        try:
            os.symlink((runs / name).resolve(), out / name, target_is_directory=True)
        except OSError:  # a system without links, or without the right to make one
            shutil.copytree(runs / name, out / name)


# -- rules ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: RuleSet
    origin: Literal["commit", "rule set"]
    said: str
    differs: tuple[Differs, ...] = ()


def _rules(folder: Path, settings: Settings, manifest: Manifest) -> _Rules:
    """The rules of a run, and where they come from. Both the commit and the rule set in the run's folder are held
    against the manifest, wherever they can be had."""
    own, differs = _own(folder, manifest)
    at, why = _at_commit(settings, manifest)
    shown = "" if manifest.git is None else f"commit {manifest.git.commit[:SHORT]}"
    if at is not None and at.logic_hash == manifest.logic_hash:
        texts = "logic hash and text hash are" if at.text_hash == manifest.text_hash else "logic hash is"
        other = "" if at.text_hash == manifest.text_hash else "; the texts differ in layout, comments or line ends"
        return _Rules(at, "commit", f"those of {shown}; their {texts} the run's{other}", differs)
    if own is None:
        raise SettingsError("; ".join(each.message for each in differs) + f", and {why or f'{shown} has other rules'}")
    if at is None:
        return _Rules(own, "rule set", f"those of the run's own rule set, since {why}; its logic hash is the run's")
    why = (
        "this version of segwright reads them otherwise"
        if at.text_hash == manifest.text_hash
        else "the rule files were not as committed"
    )
    meant = f"the rules of {shown} do not mean what the run's did: {why}"
    other = Differs("rules", shown, meant, manifest.logic_hash[:8], at.logic_hash[:8])
    return _Rules(own, "rule set", f"those of the run's own rule set, since those of {shown} mean else", (other,))


def _own(folder: Path, manifest: Manifest) -> tuple[RuleSet | None, tuple[Differs, ...]]:
    """The rule set in the run's folder, None where it is not the run's; and what is wrong with it."""
    try:
        own = read_ruleset(folder / RULESET)
    except SettingsError as problem:
        return None, (Differs("rules", RULESET, problem.message),)
    if own.logic_hash == manifest.logic_hash:
        return own, ()
    meant = f"`{RULESET}` and the manifest of `{folder.name}` are not of one run: their logic hashes differ"
    return None, (Differs("rules", RULESET, meant, manifest.logic_hash[:8], own.logic_hash[:8]),)


def _at_commit(settings: Settings, manifest: Manifest) -> tuple[RuleSet | None, str]:
    """The rules of the commit that the manifest names; None and why, where they cannot be had."""
    if manifest.rules is not None and manifest.rules.kind == "rule set":
        return None, "the run was made with a compiled rule set"
    if manifest.git is None:
        return None, "the rules lay in no git repository"
    shown = f"commit {manifest.git.commit[:SHORT]}"
    if manifest.git.dirty:
        return None, f"rule files differed from {shown}"
    try:
        repository = repository_of(settings.folder)
        commit = find_commit(repository, manifest.git.commit)
        if commit is None:
            way = " (a shallow clone: `git fetch --unshallow` gets it)" if is_shallow(repository) else ""
            return None, f"{shown} is not in this repository{way}"
        with objects_of(repository) as read:
            tree = Tree(Trees(read), f"{commit}^{{tree}}", repository.top)
            found = project_in(tree, settings.folder.resolve(), shown)
    except (SettingsError, EngineError) as problem:
        return None, problem.message
    if found.checked.program is None:
        return None, f"the rules of {shown} do not check with this version ({first_errors(found.checked)[0]})"
    return compiled(found.checked.program, found.checked.sources.values(), found.settings.name), ""


# -- what went in --------------------------------------------------------------------------------------------------


def _data(then: Manifest, now: Manifest) -> Iterator[Differs]:
    new = {record.table: record for record in now.inputs}
    for record in then.inputs:
        found = new.get(record.table)
        if found is None:
            yield Differs("data", record.table, f"`{record.table}` was read then, and is not read now")
        elif found.sha256 != record.sha256:
            yield _of_data(record, found)
    known = {record.table for record in then.inputs}
    for table in new:
        if table not in known:
            yield Differs("data", table, f"`{table}` is read now, and was not read then")


def _of_data(then: InputRecord, now: InputRecord) -> Differs:
    place = "" if then.place == now.place else f", from {now.place} and no longer from {then.place}"
    if then.rows is None or now.rows is None:
        rows, said = (None, None), "the rows are too few to be told"
    elif then.rows == now.rows:
        rows, said = (_rows(then.rows), _rows(now.rows)), f"{_rows(then.rows)} as then, other content"
    else:
        rows, said = (_rows(then.rows), _rows(now.rows)), f"{_rows(then.rows)} then, {now.rows:,} now"
    return Differs("data", then.table, f"the data of `{then.table}` is not what the run read: {said}{place}", *rows)


def _versions(then: Manifest, now: Manifest) -> Iterator[Differs]:
    pairs = [
        (then.engine.name, then.engine.version, now.engine.version),
        ("segwright", then.engine.segwright, now.engine.segwright),
        ("python", then.engine.python, now.engine.python),
    ]
    for name, old, new in pairs:
        if old != new:
            yield Differs("version", name, f"the run was made with {name} {old}, and again with {new}", old, new)


# -- what came out -------------------------------------------------------------------------------------------------


def _results(then: Manifest, now: Manifest) -> Iterator[Differs]:
    for table, record in then.assignments.items():
        again = now.assignments.get(table)
        if again is None:
            yield Differs("assignments", table, f"nothing was assigned to the rows of `{table}`")
            continue
        yield from _assigned(table, record, again)
    for key, values in then.cut_points.items():
        again = now.cut_points.get(key)
        if again != values:
            yield Differs(
                "cut-points", key, f"the cut-points of `{key}` lie elsewhere", _listed(values), _listed(again)
            )


def _assigned(table: str, then: AssignedRecord, now: AssignedRecord) -> Iterator[Differs]:
    if then.rows != now.rows:
        old, new = _rows(then.rows), _rows(now.rows)
        yield Differs("rows", table, f"`{table}` had {old} then, and has {new} now", old, new)
    for name, record in then.segmentations.items():
        again = now.segmentations.get(name)
        if again is None:
            yield Differs("assignments", name, f"nothing was assigned by `{name}`")
        elif again.content_hash != record.content_hash:
            yield from _segments(name, record, again)


def _segments(name: str, then: SegmentationRecord, now: SegmentationRecord) -> Iterator[Differs]:
    """What differs in the assignments of a segmentation: sizes, or who is in segments of the same size."""
    found = False
    for segment in dict.fromkeys([*then.segments, *now.segments]):
        old, new = _count(then, segment), _count(now, segment)
        if old != new:
            found = True
            yield Differs("segment", segment, f"`{segment}` of `{name}` had {old}, and has {new}", old, new)
    if not found:
        yield Differs(
            "assignments", name, f"the segments of `{name}` have the sizes that they had, and other rows in them"
        )


def _count(record: SegmentationRecord, segment: str) -> str:
    found = record.segments.get(segment)
    return "no such segment" if found is None else "a hidden number of rows" if found.hidden else _rows(found.count)


def _measures(then: Outcomes | None, now: Outcomes | None) -> Iterator[Differs]:
    if then is None or now is None:  # a version that did not record them has nothing to be held against
        return
    for table, outcomes in then.tables.items():
        again = now.tables.get(table)
        new: Mapping[str, object] = {} if again is None else again.measures
        for name, record in outcomes.measures.items():
            if new.get(name) != record:
                yield Differs("measure", name, f"measure `{name}` comes to something else")


def _rows(count: int | None) -> str:
    return "a hidden number of rows" if count is None else f"{count:,} row{'' if count == 1 else 's'}"


def _listed(values: Sequence[str | None] | None) -> str:
    return "none" if values is None else ", ".join("nobody" if value is None else value for value in values)
