"""Diagnostics as people and machines read them: `full`, `concise` and `json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..dsl.diagnostics import Diagnostic, Fix, Severity
from ..dsl.source import Source, Span
from .text import TAB, Colour, plural, style, visible, width

COLOURS: dict[Severity, Colour] = {"error": "red", "warning": "yellow", "note": "cyan"}


def as_json(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> dict[str, Any]:
    """`{"diagnostics": […]}`; lines and columns count from 1 in code points, `text` is what is underlined."""
    return {"diagnostics": [_one_as_json(diagnostic, sources) for diagnostic in diagnostics]}


def _one_as_json(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **_place(diagnostic.span, sources),
        "labels": [{**_place(label.span, sources), "message": label.message} for label in diagnostic.labels],
        "fixes": [
            {
                "title": fix.title,
                "edits": [{**_place(edit.span, sources), "replacement": edit.text} for edit in fix.edits],
            }
            for fix in diagnostic.fixes
        ],
        "hints": list(diagnostic.hints),
    }


def _place(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources.get(span.file)
    if source is None:
        return {"file": span.file, "line": 1, "column": 1, "end_line": 1, "end_column": 1, "text": ""}
    start, end = source.position(span.start), source.position(span.end)
    return {
        "file": span.file,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "text": source.words(span),
    }


def concise(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """One line a problem: `file:line:column: severity[code]: message`."""
    return "".join(
        f"{_address(diagnostic.span, sources)}: {diagnostic.severity}[{diagnostic.code}]: {diagnostic.message}\n"
        for diagnostic in diagnostics
    )


def _address(span: Span, sources: Mapping[str, Source]) -> str:
    source = sources.get(span.file)
    if source is None:
        return span.file
    position = source.position(span.start)
    return f"{span.file}:{position.line}:{position.column}"


def full(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """Each problem with its source lines, the words underlined, labels, fixes and hints; with colours
    (`text.style`). Source lines are never wrapped."""
    return "".join(_one_in_full(diagnostic, sources) + "\n" for diagnostic in diagnostics)


def _one_in_full(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> str:
    colour = COLOURS[diagnostic.severity]
    head = style(f"{diagnostic.severity}[{diagnostic.code}]", colour, bold=True)
    lines = [f"{head}: {style(diagnostic.message, bold=True)}"]
    marks: list[Mark] = [
        (diagnostic.span, "", "^", colour),
        *((label.span, label.message, "-", "blue") for label in diagnostic.labels),
    ]
    shown = [mark for mark in marks if mark[0].file in sources]
    margin = max((len(str(sources[span.file].position(span.end).line)) for span, *_ in shown), default=1)
    if diagnostic.span.file not in sources:
        lines.append(f" {style('-->', 'blue')} {diagnostic.span.file}")
    for file in dict.fromkeys(span.file for span, *_ in shown):
        lines += _excerpt(sources[file], [mark for mark in shown if mark[0].file == file], margin, sources)
    bar = style(" " * margin + " =", "blue")
    lines += [f"{bar} {style('fix', 'green')}: {_fix(fix, sources)}" for fix in diagnostic.fixes]
    lines += [f"{bar} {hint}" for hint in diagnostic.hints]
    return "\n".join(lines) + "\n"


def _fix(fix: Fix, sources: Mapping[str, Source]) -> str:
    edited = _edited_line(fix, sources)
    return fix.title if edited is None or edited in fix.title else f"{fix.title}, so that it reads `{edited}`"


def _edited_line(fix: Fix, sources: Mapping[str, Source]) -> str | None:
    """The line as it would read, when the fix touches a single line and leaves it a single line."""
    if len(fix.edits) < 2:
        return None
    (file, *others) = {edit.span.file for edit in fix.edits}
    if others or file not in sources:
        return None
    source = sources[file]
    lines = {source.position(place).line for edit in fix.edits for place in (edit.span.start, edit.span.end)}
    if len(lines) > 1 or any("\n" in edit.text for edit in fix.edits):
        return None
    (line,) = lines
    start = source.text.rfind("\n", 0, fix.edits[0].span.start) + 1
    text = source.line(line)
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start - start] + edit.text + text[edit.span.end - start :]
    return text.strip()


Mark = tuple[Span, str, str, Colour]


def _excerpt(source: Source, marks: Sequence[Mark], margin: int, sources: Mapping[str, Source]) -> list[str]:
    gutter = style(" " * margin + " |", "blue")
    lines = [f"{' ' * margin}{style('-->', 'blue')} {_address(marks[0][0], sources)}", gutter]
    before: int | None = None
    by_line: dict[int, list[Mark]] = {}
    for mark in marks:
        by_line.setdefault(source.position(mark[0].start).line, []).append(mark)
    for number in sorted(by_line):
        if before is not None and number > before + 1:
            lines.append(style(" " * margin + " …", "blue"))
        before = number
        text = visible(source.line(number))
        lines.append(f"{style(f'{number:>{margin}} |', 'blue')} {text.replace(chr(9), TAB)}".rstrip())
        lines += [f"{gutter} {_underline(source, text, mark)}" for mark in by_line[number]]
    return lines


def _underline(source: Source, line: str, mark: Mark) -> str:
    span, message, sign, colour = mark
    start = source.position(span.start)
    end = source.position(span.end)
    column = start.column - 1
    stop = end.column - 1 if end.line == start.line else len(line)
    covered = max(1, width(line[column:stop]))
    more = " …" if end.line > start.line else ""
    return " " * width(line[:column]) + style(sign * covered + more + (f" {message}" if message else ""), colour)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 note`, or `no problems`."""
    counts = [(sum(found.severity == severity for found in diagnostics), severity) for severity in COLOURS]
    return ", ".join(plural(count, severity) for count, severity in counts if count) or "no problems"


Renderer = Callable[[Sequence[Diagnostic], Mapping[str, Source]], str]
TEXT_FORMATS: dict[str, Renderer] = {"full": full, "concise": concise}
