"""What a run came to, as text and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .text import padded, style, visible, width

if TYPE_CHECKING:
    from ..dsl.program import Program
    from ..runtime.manifest import Manifest, SegmentationRecord

BAR = 24
"""Characters of the bar of a segment that everybody is in."""


def as_json(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """`{"run": folder, "as_of": date, "engine": name, "segmentations": {…}, "notes": […]}`."""
    return {
        "run": str(folder),
        "as_of": manifest.as_of.isoformat(),
        "engine": manifest.engine.name,
        "segmentations": {
            name: {
                segment: {"customers": found.count, "share": found.share} for segment, found in record.segments.items()
            }
            for table in manifest.assignments.values()
            for name, record in table.segmentations.items()
        },
        "notes": [note.message for note in manifest.notes],
    }


def as_text(folder: Path, manifest: Manifest, program: Program | None) -> str:
    """Each segmentation as a table of its segments, counts and shares, then the notes and where the run is; titles
    where there is a `program` to have them from."""
    lines = [style(f"{manifest.project}, as of {manifest.as_of}", bold=True)]
    for table, assigned in manifest.assignments.items():
        for name, record in assigned.segmentations.items():
            titles = _titles(program, name)
            head = f"{titles['']} ({name})" if titles.get("") else name
            lines += ["", style(head, bold=True) + f": {assigned.rows:,} {table}"]
            lines += _segments(record, titles)
    if manifest.notes:
        lines += ["", *(f"{style('note', 'cyan')}: {visible(note.message)}" for note in manifest.notes)]
    lines += ["", f"run: {_from_here(folder)}"]
    return "\n".join(lines) + "\n"


def _from_here(folder: Path) -> Path:
    """The folder's path from the current folder, where it lies below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _titles(program: Program | None, segmentation: str) -> dict[str, str]:
    """Titles by segment, that of the segmentation itself under the empty name."""
    if program is None:
        return {}
    found = program.segmentation(segmentation)
    titles = {segment.name: segment.title or "" for segment in found.all_segments}
    return {**titles, "": found.title or ""}


def _segments(record: SegmentationRecord, titles: dict[str, str]) -> list[str]:
    names = max(width(name) for name in record.segments)
    shown = max(width(titles.get(name, "")) for name in record.segments)
    lines: list[str] = []
    for name, found in record.segments.items():
        columns = [padded(name, names), f"{found.count:>12,}"]
        if shown:
            columns.insert(1, padded(titles.get(name, ""), shown))
        if found.share is not None:
            columns.append(f"{found.share:>7.1%}")
            columns += [style(bar, "blue") for bar in ["█" * round(found.share * BAR)] if bar]
        lines.append("  " + "  ".join(columns))
    return lines
