"""Rules that do not check, in a version that somebody asks for."""

from __future__ import annotations

from ...dsl.project import CheckedFiles
from ..errors import RunError

FEW = 3
"""Errors that are told of; `segwright check` shows them all."""


class BrokenRules(RunError):
    """The rules of a version have errors, of which the message tells the first; `found` holds them all."""

    exit_code = 1
    kind = "rules"

    def __init__(self, shown: str, found: CheckedFiles, *, on_disk: bool) -> None:
        self.found = found
        errors = sum(each.severity == "error" for each in found.diagnostics)
        way = (
            "`segwright check` shows how to mend them"
            if on_disk
            else "name a commit in which they check: `segwright log --all` marks those in which they do not"
        )
        many = f"{errors} error{'' if errors == 1 else 's'}"
        lines = [f"the rules do not check at {shown}: {many}", *(f"  {line}" for line in first_errors(found)), way]
        super().__init__("\n".join(lines), {"version": shown, "errors": errors})


def first_errors(found: CheckedFiles) -> tuple[str, ...]:
    """The first errors, a line each with its place, and how many more there are."""
    errors = [each for each in found.diagnostics if each.severity == "error"]
    lines: list[str] = []
    for error in errors[:FEW]:
        at = found.sources[error.span.file].position(error.span.start)
        lines.append(f"{error.span.file}:{at.line}:{at.column}: {error.message} ({error.code})")
    return (*lines, *([f"and {len(errors) - FEW} more"] if len(errors) > FEW else []))
