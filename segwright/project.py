"""A rule project and its runs, as Python programs use them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .dsl.diagnostics import Diagnostic
from .dsl.project import CheckedFiles
from .dsl.source import Source
from .rulefiles import project_rules
from .runtime.errors import RunError, SettingsError
from .runtime.settings import Settings, find_project, read_settings

if TYPE_CHECKING:
    from .difference import Difference
    from .dsl.program import Program
    from .report.language import LanguageName
    from .ruleset import RuleSet
    from .runtime.due import Due
    from .runtime.engines.names import EngineName
    from .runtime.explanation import Explanation
    from .runtime.keys import Key
    from .runtime.manifest import Manifest
    from .runtime.outcomes.records import Outcomes
    from .runtime.progress import Progress
    from .runtime.relation import Relation
    from .runtime.testing.results import TestResults


Data = str | Path | Any
"""Where the data of a table lies, or the data itself: a frame, as `Project.run` tells."""


class RulesError(RunError):
    """The rules have errors, so nothing can run. `checked` has the diagnostics and the texts that they speak of."""

    exit_code = 1
    kind = "rules"

    def __init__(self, checked: CheckedFiles, undone: str = "run") -> None:
        self.checked = checked
        errors = sum(found.severity == "error" for found in checked.diagnostics)
        super().__init__(f"the rules have {errors} error{'' if errors == 1 else 's'}; nothing was {undone}")


@dataclass(slots=True)
class Project:
    """A folder with a `segwright.toml`, its rule files and its data. Made by `segwright.open`.

    The settings are read once, the rule files by every `check`, `run` and `explain`; they are shown under their path
    from the current folder."""

    settings: Settings
    _checked: CheckedFiles | None = field(default=None, repr=False)
    _shown_from: Path | None = field(default=None, repr=False)

    def check(self) -> tuple[Diagnostic, ...]:
        """Every problem of every rule file, in order of file and place; empty where there is none."""
        self._shown_from = Path.cwd()
        self._checked = project_rules(self.settings)
        return self._checked.diagnostics

    @property
    def rules(self) -> CheckedFiles:
        """The rule files as they were last read, with the program that they make (`program` is `None` where an error
        keeps them from running)."""
        if self._checked is None:
            self.check()
        assert self._checked is not None
        return self._checked

    def run(
        self,
        as_of: dt.date | str | None = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        data: Mapping[str, Data] | None = None,
        engine: EngineName | None = None,
        ruleset: str | Path | RuleSet | None = None,
        out: str | Path | None = None,
        evidence: bool = False,
        values: bool = False,
        sorted: bool = False,
        progress: Callable[[Progress], None] | None = None,
        **frames: Data,
    ) -> Run:
        """Put every row into its segments and write a run folder.

        as_of: the as-of date; by default the settings'. parameters: values by name, as rule files write them.
        data: by table a path or a frame in place of the settings'; `frames` is the same with tables as keywords
        (`customers=frame`), for those that are called like no option. A frame is one of Polars, lazy or not, or
        anything with the Arrow C stream interface: tables and readers of Arrow, frames of pandas, relations of DuckDB.
        It is read once. ruleset: a compiled rule set, or the file that holds one, in place of the project's rule files.
        out: the parent of run folders. evidence: with the truth and knowledge of every condition as bits. values: with
        what the conditions looked at. sorted: in order of the key. progress: called with how far the run is, from
        another thread.

        Raises `RulesError`, or a `SettingsError`, `DataError`, `GateError` or `EngineError` of
        `segwright.runtime.errors`; then nothing was written."""
        from .runtime.run import Loaded, RunOptions, execute, execute_ruleset

        rules = None if ruleset is None else load(ruleset) if isinstance(ruleset, str | Path) else ruleset
        program = self._program() if rules is None else rules.program
        settings = _with(self.settings, data, frames, program, self.run)
        options = RunOptions(
            as_of=as_of,
            engine=engine,
            parameters=as_written(parameters),
            out=None if out is None else Path(out).absolute(),
            evidence=evidence,
            values=values,
            sorted=sorted,
        )
        if rules is None:
            done = execute(program, self._sources(), settings, options, progress)
        else:
            file = Path(ruleset).name if isinstance(ruleset, str | Path) else ""
            done = execute_ruleset(Loaded(rules, file), settings, options, progress)
        return Run(done.folder, done.manifest, settings)

    def due(
        self,
        as_of: dt.date | str | None = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        ruleset: str | Path | RuleSet | None = None,
        out: str | Path | None = None,
    ) -> Due:
        """Whether a run is due, by `refresh every` of the rules, or because rules or parameters have changed since the
        last one; arguments as for `run`. Raises `RulesError` or `SettingsError`."""
        from .compiler.ruleset import logic_hash
        from .runtime.due import due

        rules = load(ruleset) if isinstance(ruleset, str | Path) else ruleset
        program = self._program() if rules is None else rules.program
        logic = logic_hash(program) if rules is None else rules.logic_hash
        folder = None if out is None else Path(out).absolute()
        return due(program, logic, self.settings, as_of, as_written(parameters), folder)

    def explain(
        self,
        key: Key,
        *,
        as_of: dt.date | str | None = None,
        parameters: Mapping[str, Any] | None = None,
        data: Mapping[str, Data] | None = None,
        segmentation: str | None = None,
        **frames: Data,
    ) -> Explanation:
        """Why the row with that key lands where it does, over the data as it is now; data as for `run`, and what it
        raises too."""
        from .runtime.live import explain_live

        program = self._program()
        return explain_live(
            program,
            _with(self.settings, data, frames, program, self.explain),
            key,
            as_of=as_of,
            parameters=as_written(parameters),
            segmentation=segmentation,
        )

    def test(self, words: str | None = None, *, engine: str | None = None) -> TestResults:
        """Run the tests that stand in the rule files, on every engine and on the reference interpreter; needs no data.

        words: only tests with all of these words in their title. engine: only this one. Raises `RulesError`,
        `SettingsError` or `EngineError`; a test that fails raises nothing."""
        from .testing import run_tests_of

        self.check()
        return run_tests_of(self.rules, words=words, engine=engine)

    def diff(
        self,
        before: str | RuleSet | Project,
        after: str | RuleSet | Project | None = None,
        *,
        as_of: dt.date | str | None = None,
        parameters: Mapping[str, Any] | None = None,
        data: Mapping[str, Data] | None = None,
        engine: EngineName | None = None,
        examples: int | None = None,
        rules_only: bool = False,
        progress: Callable[[Progress], None] | None = None,
        **frames: Data,
    ) -> Difference:
        """What changed in the rules from `before` to `after`, and what that does to the rows.

        before, after: a revision of the git repository (`"main"`, `"HEAD~2"`; a range such as `"main...HEAD"` stands
        alone), a compiled rule set, or another project; after is by default this project as it is on disk. as_of,
        parameters, data, engine and progress are as for `run`, and for both sides. examples: so many movers of each
        segmentation are told by key (default 3). rules_only: look at no data.

        The answer has `changes`, `comparison` (None where no data was looked at, for the reason `not_compared`),
        `text()`, `markdown()` and `as_json()`. Raises as `run`, an error of exit code 1 where the rules of a side have
        errors, and a `SettingsError` or `EngineError` where a revision cannot be had."""
        from .difference import EXAMPLES, Compared, difference, versions_of

        old, new = versions_of(self, before, after)
        options = Compared(
            as_of=as_of,
            engine=engine,
            parameters=as_written(parameters),
            data=_given(data, frames, new.rules.program, self.diff),
            examples=EXAMPLES if examples is None else examples,
        )
        return difference(old, new, data=not rules_only, settings=self.settings, options=options, progress=progress)

    def open_run(self, run: str | Path = "latest", out: str | Path | None = None) -> Run:
        """A complete run folder: a path, its name under the project's `out`, or `latest`."""
        from .runtime.runs import find_run, read_manifest

        folder = find_run(run, self.settings.out if out is None else Path(out))
        return Run(folder, read_manifest(folder), self.settings)

    def _program(self) -> Program:
        self.check()
        program = self.rules.program
        if program is None:
            raise RulesError(self.rules)
        return program

    def _sources(self) -> list[Source]:
        """The rule files under their path from the project's folder, wherever they were read from."""
        start = self._shown_from or Path.cwd()
        return [
            Source(Path(relpath(start / name, self.settings.folder)).as_posix(), source.text)
            for name, source in self.rules.sources.items()
        ]


@dataclass(frozen=True, slots=True)
class Run:
    """A complete run: its folder, its manifest, its assignments."""

    folder: Path
    manifest: Manifest
    _settings: Settings = field(repr=False)

    @property
    def assignments(self) -> Relation:
        """The assignments of the project's root table (`assignments.parquet`; of the first table with segmentations
        where that has none), as a DuckDB relation: `.pl()`, `.arrow()` and so on.

        One row for each row of the table: its key; for each exclusive segmentation its name and `<name>_clause`; for
        each overlapping one a list of segment names."""
        records = self.manifest.assignments
        roots = [table for table, record in records.items() if record.file == "assignments.parquet"]
        return self.assignments_of((roots or [*records])[0])

    def assignments_of(self, table: str) -> Relation:
        """The assignments of one table, as `assignments`; `KeyError` where it has no segmentations."""
        from .runtime.relation import parquet_relation

        return parquet_relation(self.folder / self.manifest.assignments[table].file)

    @property
    def outcomes(self) -> Outcomes | None:
        """What the segments of the run come to: measures, targets, guards, fairness; None for a run of a version that
        did not record it."""
        from .runtime.runs import read_outcomes

        return read_outcomes(self.folder)

    @property
    def ruleset(self) -> RuleSet:
        """The compiled rule set that the run was made with."""
        from .runtime.runs import RULESET

        return load(self.folder / RULESET)

    def export(self, target: str | Path, *, table: str | None = None) -> None:
        """Write what the run came to as `.csv`, `.xlsx`, `.parquet`, `.json`, `.jsonl` or `.duckdb`.

        table: `assignments`, `sizes`, `figures`, `targets`, `guards`, `fairness` or `contact`; by default all of them
        in a workbook or database, the assignments elsewhere. Raises `SettingsError` or `EngineError`."""
        from .runtime.exporting import export_run

        export_run(self.folder, self.manifest, self.outcomes, Path(target), table)

    def explain(
        self, key: Key, *, segmentation: str | None = None, data: Mapping[str, Data] | None = None, **frames: Data
    ) -> Explanation:
        """Why the row with that key landed where it did: by the rules, parameters and as-of date of this run, from the
        data that it read, unless other is given as for `Project.run`. Its notes say where the data has changed since,
        or gives another answer.

        Frames that the run was given are read once more. A stream gives its rows only once: then a `SettingsError`
        asks for a new one."""
        from .runtime.live import explain_run

        rules = self.ruleset
        settings = _with(self._settings, data, frames, rules.program, self.explain)
        return explain_run(rules, settings, self.folder, self.manifest, key, segmentation=segmentation)

    def report(
        self,
        file: str | Path,
        *,
        language: LanguageName = "en",
        data: Mapping[str, Data] | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        """Write the report of this run, one page of HTML that needs nothing else, in English (`en`) or Dutch (`nl`).

        The run is observed once more over the data that it read, unless other is given as for `Project.run`; where
        that changed, the page says so. progress: as for `Project.run`. Raises `SettingsError`, or an `EngineError`
        where `segwright[report]` is not installed or the file cannot be written."""
        from .report.writing import write_report

        rules = self.ruleset
        settings = _with(self._settings, data, {}, rules.program, self.report)
        write_report(rules, settings, self.folder, self.manifest, Path(file), language, progress)


def open(path: str | Path | None = None) -> Project:
    """The project in a folder (default: the current folder or the nearest parent that has a `segwright.toml`).

    Raises `SettingsError` where there is none, or where its settings cannot be followed."""
    return Project(read_settings(find_project(None if path is None else Path(path))))


def load(path: str | Path) -> RuleSet:
    """The compiled rule set in a file; needs neither its source nor the parser.

    Raises `SettingsError` where there is no such file, or where it is no rule set, of another format, or was changed
    since."""
    from .ruleset import RuleSet
    from .runtime.ruleset_files import read_ruleset

    found = read_ruleset(Path(path))
    return RuleSet(found.name, found.program, found.logic_hash, found.text_hash, found.cut_points, found.parameters)


def _with(
    settings: Settings,
    data: Mapping[str, Data] | None,
    frames: Mapping[str, Data],
    program: Program,
    asked: Callable[..., object],
) -> Settings:
    """The settings with the data that `asked` was given."""
    from .runtime.frames import with_given

    return with_given(settings, _given(data, frames, program, asked))


def _given(
    data: Mapping[str, Data] | None, frames: Mapping[str, Data], program: Program, asked: Callable[..., object]
) -> dict[str, Data]:
    """The data by table that `asked` was given; raises `SettingsError` for a keyword that is no table, and for a table
    that is given twice."""
    from inspect import signature

    from .dsl.check.suggest import suggest

    tables = [table.name for table in program.tables]
    for name in frames:
        if name not in tables:
            nearest = suggest(name, [*tables, *signature(asked).parameters])
            meant = f"; did you mean `{nearest}`?" if nearest else ""
            raise SettingsError(f"`{name}` is no table that a rule file declares, and no option{meant}")
        if name in (data or {}):
            raise SettingsError(f"data is given for `{name}` twice")
    return {**(data or {}), **frames}


def as_written(parameters: Mapping[str, Any] | None) -> dict[str, str]:
    """Parameter values as rule files write them: Python's `True` is `true`."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in (parameters or {}).items()
    }
