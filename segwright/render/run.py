"""What a run came to, as text and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .judged import judged_lines
from .measures import FEW, HIDDEN, ROUNDED, columns_of, everybody_of, has_marks, values_of
from .text import padded, style, visible, width

if TYPE_CHECKING:
    from ..dsl.program import Program
    from ..runtime.manifest import AssignedRecord, Manifest, SegmentationRecord
    from ..runtime.outcomes.records import Outcomes, TableOutcomes

EVERYBODY = "all"
COUNT, SHARE = 12, 7
"""Columns that a count and a share have at least."""
BAR = 24
"""Characters of the bar of a segment that everybody is in."""


def as_json(folder: Path, manifest: Manifest, outcomes: Outcomes | None) -> dict[str, Any]:
    """`{"run": folder, "as_of": date, "engine": name, "segmentations": {…}, "notes": […]}`. Where there are measures,
    those of a segment stand beside its customers and share, and those of all rows under `everybody`; money and dates
    as text. Of a group that is hidden nothing is told but that (`HIDDEN`)."""
    measured = {table: record for table, record in _tables(outcomes).items() if record.measures}
    return {
        "run": str(folder),
        "as_of": manifest.as_of.isoformat(),
        "engine": manifest.engine.name,
        "segmentations": {
            name: {
                segment: HIDDEN
                if found.hidden
                else {
                    "customers": found.count,
                    "share": found.share,
                    **(values_of(measured[table], name, segment) if table in measured else {}),
                }
                for segment, found in record.segments.items()
            }
            for table, assigned in manifest.assignments.items()
            for name, record in assigned.segmentations.items()
        },
        **({"everybody": everybody_of(measured)} if measured else {}),
        "notes": [note.message for note in manifest.notes],
    }


def as_text(folder: Path, manifest: Manifest, outcomes: Outcomes | None, program: Program | None) -> str:
    """Each segmentation as a table of its segments, counts and shares, then the notes and where the run is; titles
    where there is a `program` to have them from."""
    tables = _tables(outcomes)
    lines = [style(f"{manifest.project}, as of {manifest.as_of}", bold=True)]
    for table, assigned in manifest.assignments.items():
        for name, record in assigned.segmentations.items():
            titles = _titles(program, name)
            head = f"{titles['']} ({name})" if titles.get("") else name
            lines += ["", style(head, bold=True) + f": {_number(assigned.rows)} {table}"]
            measures = columns_of(tables[table], name, program) if table in tables else []
            lines += _segments(record, titles, measures, table, assigned.rows)
    if any(each.measures for each in tables.values()):
        lines += ["", style(ROUNDED, dim=True)]
    if any(has_marks(each) for each in tables.values()):
        lines.append(style(FEW, dim=True))
    lines += [line for table, found in tables.items() for line in _hidden(table, found, manifest.assignments[table])]
    if outcomes is not None:
        lines += judged_lines(outcomes)
    if manifest.notes:
        lines += ["", *(f"{style('note', 'cyan')}: {visible(note.message)}" for note in manifest.notes)]
    lines += ["", f"run: {_from_here(folder)}"]
    return "\n".join(lines) + "\n"


def _hidden(table: str, outcomes: TableOutcomes, assigned: AssignedRecord) -> list[str]:
    """What stands under the tables where something in them is hidden."""
    figures = [
        figure
        for measure in outcomes.measures.values()
        for figure in (measure.everybody, *(each for of in measure.segmentations.values() for each in of.values()))
    ]
    some = any(each.hidden for each in assigned.segmentations.values()) or any(
        figure.status == "hidden" for figure in figures
    )
    if not some:
        return []
    return [
        "",
        style(f"hidden: groups of fewer than {outcomes.hidden_below:,} {table}, and what would tell them", dim=True),
    ]


def _tables(outcomes: Outcomes | None) -> dict[str, TableOutcomes]:
    return {} if outcomes is None else outcomes.tables


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


def _segments(
    record: SegmentationRecord, titles: dict[str, str], measures: list[list[str]], table: str, rows: int | None
) -> list[str]:
    """A line for each segment; with measures also their heads and a line for everybody."""
    counted = [(name, titles.get(name, ""), found.count, found.share) for name, found in record.segments.items()]
    shares = [share for *_, share in counted]
    lines = [
        [name, title, _number(count), "" if share is None else f"{share:.1%}"] for name, title, count, share in counted
    ]
    if measures:
        heads = len(measures[0]) - len(lines) - 1
        above = [["", "", "", ""]] * (heads - 1) + [["", "", table, "share"]]
        lines = [*above, *lines, [EVERYBODY, "", _number(rows), "100.0%" if rows else ""]]
        shares = [None] * heads + shares + [None]
    bars = ["" if share is None else style("█" * round(share * BAR), "blue") for share in shares]
    columns = [list(column) for column in zip(*lines, strict=True)]
    left, right = columns[:2], [*columns[2:], *measures]
    shown = [[padded(cell, max(map(width, column))) for cell in column] for column in left if any(column)]
    shown += [
        [_to_the_right(cell, _wide(column, at)) for cell in column] for at, column in enumerate(right) if any(column)
    ]
    return [("  " + "  ".join([*cells, bar])).rstrip() for *cells, bar in zip(*shown, bars, strict=True)]


def _number(count: int | None) -> str:
    return "hidden" if count is None else f"{count:,}"


def _wide(column: list[str], at: int) -> int:
    return max(*map(width, column), COUNT if at == 0 else SHARE if at == 1 else 0)


def _to_the_right(cell: str, to: int) -> str:
    return " " * max(0, to - width(cell)) + cell
