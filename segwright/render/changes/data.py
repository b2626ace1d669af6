"""The difference as JSON data; docs/diff.md tells what the keys mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...compiler.changes.records import Change, Renames
    from ...difference import Difference
    from ...dsl.source import Span
    from ...runtime.history.version import Version

FORMAT = 1


def as_json(difference: Difference) -> dict[str, Any]:
    """`{"format", "before", "after", "same_meaning", "changes", "renames", "comparison", "not_compared"}`."""
    changes = difference.changes
    return {
        "format": FORMAT,
        "project": difference.after.rules.name,
        "before": _version(difference.before),
        "after": _version(difference.after),
        "same_meaning": changes.same_meaning,
        "changes": [_change(each, difference) for each in changes.changes],
        "renames": _renames(changes.renames),
        "comparison": None if difference.comparison is None else difference.comparison.model_dump(mode="json"),
        "not_compared": difference.not_compared,
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "shown": version.shown,
        "commit": version.commit,
        "notes": list(version.notes),
        "logic_hash": version.rules.logic_hash,
        "text_hash": version.rules.text_hash,
    }


def _change(change: Change, difference: Difference) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "meaning": change.meaning,
        "what": change.what,
        "name": change.name,
        "within": change.within,
        "message": change.message,
        "before": change.before,
        "after": change.after,
        "then": _place(change.then, difference.before),
        "now": _place(change.now, difference.after),
    }


def _place(span: Span | None, version: Version) -> dict[str, Any] | None:
    """`{"file", "line", "column", "end_line", "end_column"}` from 1, in code points; None where the text is not
    there."""
    source = None if span is None or version.checked is None else version.checked.sources.get(span.file)
    if span is None or source is None:
        return None
    start, end = source.position(span.start), source.position(span.end)
    return {
        "file": source.name,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def _renames(renames: Renames) -> list[dict[str, str | None]]:
    """A list of `{"what", "within", "before", "after"}`."""
    plain: Mapping[str, Mapping[str, str]] = {
        "table": renames.tables,
        "parameter": renames.parameters,
        "segmentation": renames.segmentations,
        "measure": renames.measures,
        "purpose": renames.purposes,
    }
    inner: Mapping[str, Mapping[tuple[str, str], str]] = {
        "field": renames.fields,
        "let": renames.lets,
        "segment": renames.segments,
    }
    return [
        *(_rename(what, None, old, new) for what, found in plain.items() for old, new in found.items()),
        *(_rename(what, within, old, new) for what, found in inner.items() for (within, old), new in found.items()),
    ]


def _rename(what: str, within: str | None, before: str, after: str) -> dict[str, str | None]:
    return {"what": what, "within": within, "before": before, "after": after}
