"""What became of `segwright ci`: its steps, as data that `segwright/render/` puts into words and formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..difference import Difference
from ..dsl.diagnostics import Diagnostic
from ..dsl.source import Source
from ..runtime.comparing.gates import GateResult
from ..runtime.testing.results import TestResults
from .base import Base

StepName = Literal["settings", "format", "check", "tests", "diff", "gates"]
Status = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `summary` says in a line what it found, or why it was skipped; `lines` are the details, short.
    `problems` are what formats with places report of it: what `check` finds as it is, everything else under the code
    `segwright/ci/codes.py` gives it. `exit_code`: what this step alone would end the command with. `seconds` is what it
    took."""

    name: StepName
    status: Status
    summary: str
    lines: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    exit_code: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that became of it. `project` is its name, `folder` where it lies; `top` where its repository begins,
    the current folder where there is none. `sources` are the texts that problems speak of, by the path from the
    current folder that messages show. `files` are its rule files, by these names. `notes` are worth knowing and stop
    nothing."""

    project: str
    folder: Path
    top: Path
    steps: tuple[Step, ...]
    sources: Mapping[str, Source]
    files: tuple[str, ...] = ()
    base: Base | None = None
    tests: TestResults | None = None
    difference: Difference | None = None
    gates: tuple[GateResult, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """No step failed; some may have been skipped."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """The highest of its steps: 4 engine, 3 data, 2 settings, 1 something did not pass, 0."""
        return max((step.exit_code for step in self.steps), default=0)

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """Those of all steps, in their order."""
        return tuple(problem for step in self.steps for problem in step.problems)
