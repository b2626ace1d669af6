"""What can go wrong outside the rules, as exceptions that carry an exit code and a message for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

ViolationKind = Literal[
    "column",
    "value",
    "missing value",
    "duplicate key",
    "duplicate row",
    "tie",
    "overflow",
    "file",
]


class RunError(Exception):
    """Something that stops a command; `message` is for an analyst, `details` for programs."""

    exit_code: ClassVar[int] = 4
    kind: ClassVar[str] = "error"

    def __init__(self, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, Any] = {} if details is None else details

    def as_json(self) -> dict[str, Any]:
        """`{"error": kind, "message": …}` and the details."""
        return {"error": self.kind, "message": self.message, **self.details}


class GateError(RunError):
    """A gate of the settings stops the run: freshness, segment sizes."""

    exit_code = 1
    kind = "gate"


class SettingsError(RunError):
    """The settings or the command line cannot be followed. `line` counts from 1."""

    exit_code = 2
    kind = "settings"

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None) -> None:
        place = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(f"{place}{message}", {"file": file, "line": line})


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which data breaks its contract.

    `sentence` says it in words, offending rows included; `count` is how many rows (None where nothing is counted).
    `keys` are the first offending keys in the order of the key, as text; `row_numbers` (from 1, in the order in which
    the data is kept) stand in for them where a key is personal or missing. `hint` says what may be meant."""

    kind: ViolationKind
    table: str
    field: str | None
    count: int | None
    sentence: str
    keys: tuple[str, ...] = ()
    row_numbers: tuple[int, ...] = ()
    hint: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The violation as plain data."""
        return {
            "kind": self.kind,
            "table": self.table,
            "field": self.field,
            "count": self.count,
            "message": self.sentence,
            "keys": list(self.keys),
            "rows": list(self.row_numbers),
            "hint": self.hint,
        }


class DataError(RunError):
    """Data breaks its contract, or cannot be read: every violation that was found, table by table. `by` are the rules
    whose contract it is, where there are several."""

    exit_code = 3
    kind = "data"

    def __init__(
        self, violations: Sequence[Violation], places: Mapping[str, str] | None = None, by: str | None = None
    ) -> None:
        self.violations = tuple(violations)
        self.places = places
        said = "" if by is None else f" by the rules of {by}"
        lines = [f"the data breaks its contract{said}; nothing was written"]
        for table in dict.fromkeys(violation.table for violation in self.violations):
            place = (places or {}).get(table)
            lines += ["", f"`{table}`" + (f" in {place}" if place else "")]
            for found in self.violations:
                if found.table == table:
                    lines += [f"  {found.sentence}", *([f"    = {found.hint}"] if found.hint else [])]
        details = {"violations": [violation.as_json() for violation in self.violations]}
        super().__init__("\n".join(lines), details)


class EngineError(RunError):
    """The engine or the machine failed: no memory, no space, a file that cannot be written."""

    exit_code = 4
    kind = "engine"


@dataclass(frozen=True, slots=True)
class InputProblem:
    """What is wrong with one value that a decision was asked about.

    `place` leads to it: names of fields and tables, and numbers of rows in lists, from 1. `sentence` says it in words.
    A personal value is never repeated."""

    place: tuple[str | int, ...]
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """The problem as plain data."""
        return {"place": list(self.place), "message": self.sentence}


class InputError(RunError):
    """The row that a decision was asked about does not fit the rules' tables: every problem that was found."""

    exit_code = 3
    kind = "input"

    def __init__(self, problems: Sequence[InputProblem]) -> None:
        self.problems = tuple(problems)
        sentences = [problem.sentence for problem in self.problems]
        said = sentences[0] if len(sentences) == 1 else "\n  ".join(["the row does not fit the rules", *sentences])
        super().__init__(said, {"problems": [problem.as_json() for problem in self.problems]})


class DecisionError(RunError):
    """The row has no answer: arithmetic overflows, or rows tie. `why` is `overflow` or `tie`."""

    exit_code = 3
    kind = "decision"

    def __init__(self, why: Literal["overflow", "tie"], message: str) -> None:
        self.why: Literal["overflow", "tie"] = why
        super().__init__(f"the row has no answer: {message}", {"why": why})
