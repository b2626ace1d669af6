"""Merge conflicts that somebody left in a file."""

from __future__ import annotations

import re

from .diagnostics import Label, Problems
from .source import Source, Span

_MARK = re.compile(r"^(?:[<>]{7}(?=[ \t\r\n]|\Z)|={7}(?=[ \t]*\r?$))[^\r\n]*", re.MULTILINE)
"""A line that git writes around a conflict. Seven signs that differ, such as `<<<<>>>`, are none."""


def conflict_marks(text: str) -> tuple[tuple[int, str], ...]:
    """The lines that git wrote around conflicts: where each starts, and what it says."""
    return tuple((found.start(), found[0]) for found in _MARK.finditer(text) if len({*found[0][:7]}) == 1)


def report_conflict(source: Source, problems: Problems) -> bool:
    """Report a file that holds a merge conflict, once for all of them; whether it does."""
    marks = conflict_marks(source.text)
    if not marks:
        return False
    first, *others = (Span(source.name, start, start + len(line)) for start, line in marks)
    conflicts = max(1, sum(line.startswith("<") for _, line in marks))
    many = "a merge conflict is not resolved" if conflicts == 1 else f"{conflicts} merge conflicts are not resolved"
    words = {"<": "one version begins here", "=": "the other begins here", ">": "and ends here"}
    problems.error(
        "SEG114",
        first,
        f"{many} in `{source.name}`",
        labels=[Label(span, words[source.text[span.start]]) for span in others[:2]],
        hints=["keep the lines that are meant, and take out those that begin with `<<<<<<<`, `=======` and `>>>>>>>`"],
    )
    return True
