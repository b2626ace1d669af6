"""Problems as GitLab's code quality report, which a merge request shows.

The fields are those that GitLab's documentation asks for (*Code Quality*, "Code quality report format"): `description`,
`check_name`, `fingerprint`, `severity`, `location`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..dsl.diagnostics import Diagnostic, Severity
from ..dsl.source import Source
from .places import fingerprints, from_top, source_of
from .text import visible

_SEVERITIES: Mapping[Severity, str] = {"error": "critical", "warning": "minor", "note": "info"}


def as_gitlab(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], top: Path) -> list[dict[str, Any]]:
    """An entry for each problem, by the path of its file from `top`, the top of the repository. Fingerprints stay the
    same when lines move."""
    return [_entry(each, found, sources, top) for each, found in fingerprints(diagnostics, sources, top)]


def _entry(problem: Diagnostic, fingerprint: str, sources: Mapping[str, Source], top: Path) -> dict[str, Any]:
    source = source_of(problem.span.file, sources)
    start, end = (source.position(place).line for place in (problem.span.start, problem.span.end))
    return {
        "description": visible(" ".join(problem.message.split("\n"))),
        "check_name": problem.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[problem.severity],
        "location": {"path": from_top(problem.span.file, top), "lines": {"begin": start, "end": end}},
    }
