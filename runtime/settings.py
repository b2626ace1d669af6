"""The settings of a project: `segwright.toml`.

Read without help of a validation library: `segwright check` starts with it and has no time to lose, and every problem
is told with the line that it stands on.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from ..dsl.check.suggest import suggest
from .change_gates import CHANGE_GATES, MAX_MOVERS, ChangeGateName, ChangeGates, Limit, UnreadableLimit, limit_from
from .engines.names import ENGINES, EngineName
from .errors import SettingsError

FILE = "segwright.toml"

GateName = Literal["freshness", "segment_size", "targets", "fairness", "refresh", "review"]
GATES: tuple[GateName, ...] = get_args(GateName)

_KEYS: Mapping[str, tuple[str, ...]] = {
    "project": ("name", "rules"),
    "run": ("as_of", "out", "engine", "memory", "threads"),
    "gates": (*GATES, MAX_MOVERS, *CHANGE_GATES),
}
_SECTIONS = (*_KEYS, "data")
_DATA_KEYS = ("path", "duckdb", "table", "complete_to")
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?![<=>])", re.MULTILINE)
_MEMORY = re.compile(r"[0-9]+(\.[0-9]+)? ?([KMGT]i?B)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DataEntry:
    """Where a table's data lies: files (`path`), a table or view in a DuckDB database, or a frame that a Python program
    gave.

    `path` and `duckdb` are absolute; `shown` is how messages and the manifest call the place. `complete_to`: up to
    which date the data is complete, where that is not the latest date in it."""

    shown: str
    path: Path | None = None
    duckdb: Path | None = None
    table: str | None = None
    complete_to: dt.date | None = None
    frame: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one project. `folder` is where its settings file lies; `out` is absolute."""

    folder: Path
    name: str
    rules: tuple[str, ...]
    data: Mapping[str, DataEntry]
    as_of: dt.date | None
    out: Path
    engine: EngineName
    memory: str | None
    threads: int | None
    gates: frozenset[GateName]
    change_gates: ChangeGates = field(default_factory=ChangeGates)


def find_project(start: Path | None = None) -> Path:
    """The folder with the settings: `start` itself, or the nearest parent of the current folder.

    Raises `SettingsError` where there is none."""
    if start is not None:
        folder = start.parent if start.name == FILE else start
        if (folder / FILE).is_file():
            return folder.resolve()
        raise SettingsError(f"there is no {FILE} in `{start}`" if folder.exists() else f"there is no folder `{start}`")
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    raise SettingsError(f"there is no {FILE} here or in a folder above; name the project's folder")


def read_settings(folder: Path) -> Settings:
    """The settings in `folder`; raises `SettingsError` that names the file and the line."""
    file = folder / FILE
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = "it is not UTF-8 text" if isinstance(problem, UnicodeDecodeError) else problem.strerror
        raise SettingsError(f"the settings cannot be read: {reason}", file=FILE) from problem
    return settings_from(text, folder.resolve())


def settings_from(text: str, folder: Path) -> Settings:
    """The settings that the text of a settings file says of a project in `folder`, an absolute path; raises as
    `read_settings`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        conflict = _CONFLICT.search(text)
        if conflict is not None:
            raise SettingsError(
                "a merge conflict is not resolved here: keep the lines that are meant, and take out those that begin "
                "with `<<<<<<<`, `=======` and `>>>>>>>`",
                file=FILE,
                line=text.count("\n", 0, conflict.start()) + 1,
            ) from problem
        found = re.search(r"\(at line (\d+), column \d+\)", str(problem))
        reason = re.sub(r" \(at .*\)", "", str(problem))
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
        raise SettingsError(
            f"this is not valid TOML: {reason[:1].lower()}{reason[1:]}", file=FILE, line=line
        ) from problem
    return _Reader(text).settings(folder, content)


Matching = Callable[[Path, str], Iterable[Path]]
"""The files below a folder that a pattern matches, as `Path.glob` reads patterns."""


def rule_files(settings: Settings) -> tuple[Path, ...]:
    """The project's rule files in order of their names; raises `SettingsError` where a pattern matches none."""
    return rule_files_in(settings.folder, settings.rules, _matching_on_disk)


def rule_files_in(folder: Path, patterns: Sequence[str], matching: Matching) -> tuple[Path, ...]:
    """The rule files that the patterns of a project's settings mean, where the project lies in `folder`, as
    `rule_files`."""
    found: set[Path] = set()
    for pattern in patterns:
        matched = set(matching(folder, pattern))
        if not matched:
            raise SettingsError(f"no rule file matches `{pattern}`", file=FILE)
        found |= matched
    return tuple(sorted(found, key=lambda path: path.relative_to(folder).as_posix()))


def _matching_on_disk(folder: Path, pattern: str) -> list[Path]:
    return [path for path in folder.glob(pattern) if path.is_file()]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads parsed TOML; the text only serves to find lines."""

    text: str

    def settings(self, folder: Path, content: Mapping[str, Any]) -> Settings:
        for section, value in content.items():
            if section not in _SECTIONS:
                raise self.problem(section, None, f"unknown section `{section}`{_meant(section, _SECTIONS)}")
            if not isinstance(value, dict):
                raise self.problem(None, section, f"`{section}` is a section: write `[{section}]` on a line of its own")
            for key in value:
                if section in _KEYS and key not in _KEYS[section]:
                    raise self.problem(section, key, f"unknown setting `{key}`{_meant(key, _KEYS[section])}")
        project, run = content.get("project", {}), content.get("run", {})
        threads = run.get("threads")
        if threads is not None and (not isinstance(threads, int) or isinstance(threads, bool) or threads < 1):
            raise self.problem("run", "threads", "`threads` is a whole number from 1")
        memory = self.word(run, "run", "memory")
        if memory is not None and not _MEMORY.fullmatch(memory):
            raise self.problem("run", "memory", '`memory` is a size such as "2GB"')
        engine = self.engine(self.word(run, "run", "engine"))
        return Settings(
            folder=folder,
            name=self.word(project, "project", "name") or folder.name,
            rules=self.rules(project),
            data={table: self.entry(folder, table, value) for table, value in content.get("data", {}).items()},
            as_of=self.date(run, "run", "as_of"),
            out=folder / (self.word(run, "run", "out") or "runs"),
            engine=engine,
            memory=memory,
            threads=threads,
            gates=self.gates(content.get("gates", {})),
            change_gates=self.change_gates(content.get("gates", {})),
        )

    def rules(self, project: Mapping[str, Any]) -> tuple[str, ...]:
        patterns = project.get("rules", ["*.seg"])
        if not isinstance(patterns, list) or not patterns or not all(isinstance(item, str) for item in patterns):
            raise self.problem("project", "rules", '`rules` is a list of file patterns such as ["*.seg"]')
        for pattern in patterns:
            if not pattern or Path(pattern).is_absolute() or ".." in Path(pattern).parts:
                raise self.problem("project", "rules", f'rules lie in the project\'s folder, not in "{pattern}"')
        return tuple(patterns)

    def entry(self, folder: Path, table: str, value: object) -> DataEntry:
        match value:
            case str() if value:
                return DataEntry(value, path=folder / value)
            case dict():
                pass
            case _:
                raise self.problem("data", table, f"`{table}` is a path or a table such as {{ path = … }}")
        for key in value:
            if key not in _DATA_KEYS:
                raise self.problem("data", table, f"unknown setting `{key}` of `{table}`{_meant(key, _DATA_KEYS)}")
        complete_to = self.date(value, "data", "complete_to", table)
        path, duckdb, name = (self.word(value, "data", key, table) for key in ("path", "duckdb", "table"))
        if path is not None and duckdb is None and name is None:
            return DataEntry(path, path=folder / path, complete_to=complete_to)
        if path is None and duckdb is not None and name is not None:
            return DataEntry(f"{duckdb}, {name}", duckdb=folder / duckdb, table=name, complete_to=complete_to)
        raise self.problem("data", table, f"`{table}` needs either `path`, or `duckdb` and `table`")

    def engine(self, name: str | None) -> EngineName:
        if name is None:
            return ENGINES[0]
        for engine in ENGINES:
            if engine == name:
                return engine
        raise self.problem("run", "engine", f'there is no engine "{name}"{_meant(name, ENGINES)}')

    def gates(self, gates: Mapping[str, Any]) -> frozenset[GateName]:
        for key, value in gates.items():
            if key != MAX_MOVERS and value not in ("stop", "report"):
                raise self.problem("gates", key, f'`{key}` is "stop" or "report"')
        return frozenset(gate for gate in GATES if gates.get(gate) == "stop")

    def change_gates(self, gates: Mapping[str, Any]) -> ChangeGates:
        stop: list[ChangeGateName] = [gate for gate in CHANGE_GATES if gates.get(gate) == "stop"]
        report: list[ChangeGateName] = [gate for gate in CHANGE_GATES if gates.get(gate) == "report"]
        return ChangeGates(self.max_movers(gates), frozenset(stop), frozenset(report))

    def max_movers(self, gates: Mapping[str, Any]) -> Limit | None:
        if MAX_MOVERS not in gates:
            return None
        try:
            return limit_from(gates[MAX_MOVERS])
        except UnreadableLimit as meant:
            wanted = f'`{MAX_MOVERS}` is a percent of the rows such as "2%", or a whole number of rows'
            raise self.problem("gates", MAX_MOVERS, f"{wanted}{meant}") from meant

    def word(self, values: Mapping[str, Any], section: str, key: str, of: str | None = None) -> str | None:
        value = values.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self.problem(section, of or key, f"`{key}` is text in double quotes")

    def date(self, values: Mapping[str, Any], section: str, key: str, of: str | None = None) -> dt.date | None:
        value = values.get(key)
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        raise self.problem(section, of or key, f"`{key}` is a date without quotes, such as 2026-09-01")

    def problem(self, section: str | None, key: str | None, message: str) -> SettingsError:
        return SettingsError(message, file=FILE, line=line_of(self.text, section, key))


def _meant(word: str, known: Iterable[str]) -> str:
    names = tuple(known)
    nearest = suggest(word, names)
    return f"; did you mean `{nearest}`?" if nearest else f"; there are {', '.join(f'`{name}`' for name in names)}"


def line_of(text: str, section: str | None, key: str | None) -> int | None:
    """The line on which a section, or a key in it, is written; of a dotted or odd form perhaps None."""
    within: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        head = re.match(r"\s*\[\s*([^\]#]+?)\s*\]", line)
        if head:
            within = head[1].strip("\"'")
            if key is None and within == section:
                return number
            if section is not None and key is not None and within in (f"{section}.{key}", f'{section}."{key}"'):
                return number
            continue
        word = re.match(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*[=.]""", line)
        if word and key is not None and within == section and key in word.groups():
            return number
    return None
