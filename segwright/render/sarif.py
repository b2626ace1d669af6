"""Problems as SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS, which code scanning reads.

Sections (§) are those of the standard. Columns are told in units of UTF-16 (`columnKind`, §3.14.17), lines and columns
count from 1, and an end column is the one behind the last (§3.30). Files are named by their path from the top of the
repository (`%SRCROOT%`, §3.4.3, §3.14.14).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from os.path import isabs
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .. import __version__
from ..dsl.diagnostics import Diagnostic, Fix, Label
from ..dsl.pages import page
from ..dsl.source import Source, Span
from .places import fingerprints, from_top, source_of
from .text import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"


def as_sarif(
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    top: Path,
    meanings: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The log. Each code that occurs is a rule with its help: the page of a diagnostic, or for other codes their
    meaning."""
    codes = list(dict.fromkeys(each.code for each in diagnostics))
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "segwright",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(code, (meanings or {}).get(code, code)) for code in codes],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
                "results": [
                    _result(each, found, codes.index(each.code), sources, top)
                    for each, found in fingerprints(diagnostics, sources, top)
                ],
            }
        ],
    }


def _rule(code: str, meaning: str) -> dict[str, Any]:
    text = page(code)
    if text is None:
        return {"id": code, "shortDescription": {"text": meaning}, "help": {"text": meaning}}
    title = re.match(r"# \w+: ([^\n]*)", text)
    short = title[1] if title else code
    return {
        "id": code,
        "shortDescription": {"text": short},
        "help": {"text": text, "markdown": text},
    }


def _result(
    problem: Diagnostic, fingerprint: str, rule: int, sources: Mapping[str, Source], top: Path
) -> dict[str, Any]:
    related = [_related(label, sources, top) for label in problem.labels]
    fixes = [found for fix in problem.fixes if (found := _fix(fix, sources, top)) is not None]
    text = "\n".join([problem.message, *problem.hints])
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": "\n".join(visible(line) for line in text.split("\n"))},
        "locations": [{"physicalLocation": _place(problem.span, sources, top)}],
        **({"relatedLocations": related} if related else {}),
        **({"fixes": fixes} if fixes else {}),
        "partialFingerprints": {"segwright/v1": fingerprint},
    }


def _related(label: Label, sources: Mapping[str, Source], top: Path) -> dict[str, Any]:
    return {"physicalLocation": _place(label.span, sources, top), "message": {"text": visible(label.message)}}


def _fix(fix: Fix, sources: Mapping[str, Source], top: Path) -> dict[str, Any] | None:
    """One way to mend it; None where there is nothing to replace (a `fix` has at least one change, §3.55.3)."""
    files = dict.fromkeys(edit.span.file for edit in fix.edits)
    changes = [
        {
            "artifactLocation": _file(file, top),
            "replacements": [
                {"deletedRegion": region(edit.span, sources), "insertedContent": {"text": edit.text}}
                for edit in fix.edits
                if edit.span.file == file
            ],
        }
        for file in files
    ]
    return {"description": {"text": visible(fix.title)}, "artifactChanges": changes} if changes else None


def _place(span: Span, sources: Mapping[str, Source], top: Path) -> dict[str, Any]:
    return {"artifactLocation": _file(span.file, top), "region": region(span, sources)}


def _file(name: str, top: Path) -> dict[str, str]:
    path = from_top(name, top)
    if path.startswith("../") or isabs(path):  # not in the repository
        return {"uri": quote(path)}
    return {"uri": quote(path), "uriBaseId": _ROOT}


def region(span: Span, sources: Mapping[str, Source]) -> dict[str, int]:
    """The region of a span: lines from 1, columns from 1 in units of UTF-16."""
    source = source_of(span.file, sources)
    start, end = source.position(span.start), source.position(span.end)
    return {
        "startLine": start.line,
        "startColumn": _utf16(source, span.start, start.column),
        "endLine": end.line,
        "endColumn": _utf16(source, span.end, end.column),
    }


def _utf16(source: Source, offset: int, column: int) -> int:
    before: Iterable[str] = source.text[offset - column + 1 : offset]
    return 1 + sum(1 if ord(sign) < 0x10000 else 2 for sign in before)
