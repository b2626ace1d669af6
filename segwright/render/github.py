"""Problems as workflow commands, which GitHub shows beside the lines of a pull request.

The commands and what must be escaped in them are those of GitHub's reference, *Workflow commands for GitHub Actions*,
and of its own toolkit (`@actions/core`, `command.ts`). GitHub shows ten of each level for a step, so errors come first.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..dsl.diagnostics import Diagnostic, Severity
from ..dsl.source import Source
from .places import WEIGHT, from_top, source_of
from .text import visible

_COMMANDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}
_IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}


def as_github(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], top: Path) -> str:
    """A line for each problem: `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=…::message`. Files are named by
    their path from `top`, the top of the repository; columns, in code points, are told where the words underlined
    stand on one line, since GitHub takes none otherwise."""
    ordered = sorted(diagnostics, key=lambda each: WEIGHT[each.severity])
    return "".join(_command(each, sources, top) for each in ordered)


def _command(problem: Diagnostic, sources: Mapping[str, Source], top: Path) -> str:
    source = source_of(problem.span.file, sources)
    start, end = source.position(problem.span.start), source.position(problem.span.end)
    on_one_line = start.line == end.line
    properties = {
        "file": from_top(problem.span.file, top),
        "line": start.line,
        **({"col": start.column} if on_one_line else {}),
        "endLine": end.line,
        **({"endColumn": end.column} if on_one_line else {}),
        "title": f"segwright {problem.code}",
    }
    said = ",".join(f"{name}={_escaped(str(value), _IN_PROPERTIES)}" for name, value in properties.items())
    lines = [problem.message, *(f"fix: {fix.title}" for fix in problem.fixes), *problem.hints]
    message = "\n".join(visible(line) for text in lines for line in text.split("\n"))
    return f"::{_COMMANDS[problem.severity]} {said}::{_escaped(message, _IN_MESSAGES)}\n"


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(sign, sign) for sign in text)


def as_log(text: str) -> str:
    """Text for the log of a step, in which nothing is a command: rule files may hold words that would be one."""
    token = secrets.token_hex(16)
    return f"::stop-commands::{token}\n{text}::{token}::\n"
